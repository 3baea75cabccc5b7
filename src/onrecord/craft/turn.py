"""Words and voices to turns: who says which words.

Voices come as spans of time (from one track per person, or from telling voices apart). Their edges
are some hundred milliseconds off: a voice detector starts late, a reverberating room ends late, and
the times of words have errors of their own. Giving each word the voice under it would put the last
word of a question into the answer. But people take turns at the ends of sentences, so a change of
voice belongs at such an end if there is one near by.

We ask for the cheapest labelling of the whole recording, by dynamic programming over the words
(Viterbi). A word costs the time for which its voice was *not* heard; a change of voice costs
little at a sentence's end, more at a comma or a pause, most inside a phrase:

    words     ... been   trying  to    agree.   It     feels   fine ...
    heard     AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA|BBBBBBBBBBBBB
    labelled     A       A       A     A      |  B     B       B          the change snaps back

A change moves across a sentence's end only if the words between are short (about a second of sound);
so an interjection of one word in the middle of another's phrase stays there, and "Yes." alone does not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from onrecord.craft.sentence import PAUSE_MS, edge
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Word

Voices = Sequence[tuple[Span[Ms], str]]

_CHANGE_COST = {"sentence": 120.0, "clause": 450.0, "none": 1200.0}
_PAUSED_COST = 400.0  # inside a phrase, but after a pause
_FAR_MS = 2000  # a word further than this from a voice costs no more


@dataclass(frozen=True, slots=True)
class Said:
    """What one voice says until another speaks: `voice` is a person's id, empty where none is known."""

    voice: str
    words: tuple[Word, ...]
    language: str = ""
    """BCP 47, where it is another one than the transcript's."""

    @property
    def span(self) -> Span[Ms]:
        """From the first word to the last."""
        return Span(self.words[0].span.start, self.words[-1].span.end)

    @property
    def text(self) -> str:
        """The words in one line."""
        return " ".join(word.text for word in self.words)


def turns(words: Sequence[Word], voices: Voices) -> tuple[Said, ...]:
    """Gather words into turns; a change of voice snaps to a sentence's end or a comma near by.

    Args:
        words: In order of time.
        voices: Spans in which a person was heard, in any order; they may overlap.

    Returns:
        Turns whose words, one after another, are `words`; neighbours have different voices.
    """
    said: list[Said] = []
    labels = _label(words, voices)
    start = 0
    for i in range(1, len(words) + 1):
        if i == len(words) or labels[i] != labels[start]:
            said.append(Said(labels[start], tuple(words[start:i])))
            start = i
    return tuple(said)


def _label(words: Sequence[Word], voices: Voices) -> list[str]:
    names = sorted({name for span, name in voices if span})
    if len(names) < 2 or not words:
        return (names or [""]) * len(words)
    heard = [_joined([span for span, name in voices if name == one]) for one in names]
    count = len(names)
    cost = [_missing_ms(words[0].span, spans) for spans in heard]
    came_from: list[list[int]] = []
    for before, word in pairwise(words):
        change = _change_cost(before, word)
        cheapest = min(range(count), key=cost.__getitem__)
        came, following = [], []
        for voice in range(count):
            stays = cost[voice] <= cost[cheapest] + change
            came.append(voice if stays else cheapest)
            following.append(
                (cost[voice] if stays else cost[cheapest] + change) + _missing_ms(word.span, heard[voice])
            )
        came_from.append(came)
        cost = following
    at = min(range(count), key=cost.__getitem__)
    path = [at]
    for came in reversed(came_from):
        at = came[at]
        path.append(at)
    return [names[i] for i in reversed(path)]


def _change_cost(before: Word, word: Word) -> float:
    cost = _CHANGE_COST[edge(before, word)]
    paused = word.span.start - before.span.end >= PAUSE_MS
    return min(cost, _PAUSED_COST) if paused else cost


def _joined(spans: list[Span[Ms]]) -> list[Span[Ms]]:
    """The same time, in order and without overlaps."""
    joined: list[Span[Ms]] = []
    for span in sorted(span for span in spans if span):
        if joined and span.start <= joined[-1].end:
            joined[-1] |= span
        else:
            joined.append(span)
    return joined


def _missing_ms(span: Span[Ms], heard: list[Span[Ms]]) -> float:
    """How much of a word lies outside a voice's spans; a little more the further away the voice is."""
    i = bisect_left(heard, span.start, key=lambda s: s.end)
    missing = float(span.length_ms)
    away = float(_FAR_MS)
    for near in heard[max(0, i - 1) : i + 1]:
        away = min(away, max(0, near.start - span.end, span.start - near.end))
    while i < len(heard) and heard[i].start < span.end:
        missing -= min(span.end, heard[i].end) - max(span.start, heard[i].start)
        i += 1
    return missing + away / 10
