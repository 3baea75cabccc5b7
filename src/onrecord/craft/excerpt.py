"""The words to quote: of the sentences around a place, the run that best carries a question.

A quote is whole sentences of one turn that follow each other, `SHORTEST` to `LONGEST` words. Every such run
is weighed by plain features, worth most first:

    carries     how much of the question's weight (the rarity of its words) the run holds
    led         how much of it is held by the lead instead: the answer to a question is about its words
    clean       it opens as a statement does, not with "And", "But", "It" (which only matters as far as the
                lead does not say what "It" is); it does not itself ask
    length      a thought in full that is read at a glance; a longer run, or a bare one, must earn it

Where no run has the length (a turn of few words, one sentence without an end), the
nearest one stands: a sentence is never cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from onrecord.craft.fold import fold
from onrecord.craft.terms import placed
from onrecord.model.archive import Sentence
from onrecord.model.language import family, joined, spaced

SHORTEST: Final = 12
LONGEST: Final = 60
"""In words."""
_EASY_WORDS: Final = 34
_FULL_WORDS: Final = 24

_WEIGHTS: Final = {
    "carries": 1.0,
    "led": 0.25,
    "leaning": -0.12,
    "asks": -0.35,
    "length": -0.15,
    "unfit": -0.5,
}

# Openings that lean on what was said before; of other languages than these none is known.
_LEANING: Final[Mapping[str, frozenset[str]]] = {
    language: frozenset(text.split())
    for language, text in {
        "en": "and but or so it that this these those they he she yeah yes no well because which then also",
        "de": "und aber oder also es das dies sie er ja nein weil denn dann auch",
        "fr": "et mais ou donc il elle ils ce ca oui non parce car alors aussi",
        "es": "y pero o entonces eso esto el ella ellos si no porque tambien",
        "it": "e ma o quindi lui lei loro questo quello si no perche poi anche",
        "sr": "i a ali ili pa to ovo ono on ona oni da ne jer zato onda takode",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Run:
    """Sentences `first` to `last` (inclusive), how well they carry the question, and its words in them.

    `asks`: it ends with a question itself. `marks` are places in the run's text (`text_of`).
    """

    first: int
    last: int
    worth: float
    asks: bool
    marks: tuple[tuple[int, int], ...] = ()


def best_run(
    sentences: Sequence[Sentence], near: range, weights: Mapping[str, float], whole: float, led: float = 0.0
) -> Run | None:
    """The run of sentences that best carries a question.

    Args:
        sentences: of one turn, in order.
        near: which of them a run must share at least one with.
        weights: the weight of each term of the question; a term that is not there weighs nothing.
        whole: the weight of the whole question, more than 0.
        led: the share of it (0 to 1) that the lead of this place holds.

    Returns:
        None where there is no sentence.
    """
    looked = [_look(s, weights) for s in sentences]
    best: Run | None = None
    for first, last in _runs([look.count for look in looked], near):
        held = set().union(*(look.held for look in looked[first : last + 1]))
        carries = min(1.0, sum(weights[term] for term in held) / whole)
        count = sum(look.count for look in looked[first : last + 1])
        worth = (
            _WEIGHTS["carries"] * carries
            + _WEIGHTS["led"] * led * (1 - carries)
            + _WEIGHTS["leaning"] * looked[first].leans * (1 - led)
            + _WEIGHTS["asks"] * looked[last].asks
            + _WEIGHTS["length"] * max(count / _EASY_WORDS - 1, 1 - count / _FULL_WORDS, 0.0)
            + _WEIGHTS["unfit"] * (not SHORTEST <= count <= LONGEST)
        )
        if best is None or worth > best.worth:
            best = Run(first, last, worth, looked[last].asks)
    if best is None:
        return None
    return replace(best, marks=tuple(_marks(sentences, looked, best)))


def text_of(sentences: Sequence[Sentence]) -> str:
    """Sentences of one turn as they are quoted: their words as they stand, one line."""
    return joined(s.text for s in sentences)


@dataclass(frozen=True, slots=True)
class _Look:
    count: int
    held: frozenset[str]
    places: tuple[tuple[int, int], ...]
    leans: bool
    asks: bool


def _look(sentence: Sentence, weights: Mapping[str, float]) -> _Look:
    found = list(placed(sentence.text, sentence.language))
    places = tuple((start, end) for start, end, term in found if term in weights)
    held = frozenset(term for _, _, term in found if term in weights)
    leans = bool(found) and fold(sentence.text[found[0][0] : found[0][1]]) in _LEANING.get(
        family(sentence.language), frozenset()
    )
    asks = sentence.text.rstrip("\"'”’»)").endswith(("?", ";", "؟", "？"))
    return _Look(len(found), held, places, leans, asks)


def _runs(counts: Sequence[int], near: range) -> Iterator[tuple[int, int]]:
    """All runs that touch `near` and have the length; where there are none, the nearest ones to it."""
    fit, least = [], []
    for first in range(len(counts)):
        count = 0
        for last in range(first, len(counts)):
            count += counts[last]
            if last < near.start or first >= near.stop:
                continue
            if SHORTEST <= count <= LONGEST:
                fit.append((first, last))
            if count >= SHORTEST or (first == 0 and last == len(counts) - 1):
                least.append((first, last, count))
            if count > LONGEST:
                break
    if fit:
        return iter(fit)
    shortest = min((count for _, _, count in least), key=lambda n: abs(n - LONGEST), default=0)
    return ((first, last) for first, last, count in least if count == shortest)


def _marks(sentences: Sequence[Sentence], looked: Sequence[_Look], run: Run) -> Iterator[tuple[int, int]]:
    at = 0
    for i in range(run.first, run.last + 1):
        yield from ((at + start, at + end) for start, end in looked[i].places)
        gap = i < run.last and spaced(sentences[i].text, sentences[i + 1].text)
        at += len(sentences[i].text) + int(gap)
