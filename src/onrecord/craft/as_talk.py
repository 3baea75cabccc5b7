"""From a transcript as it stands to a talk: every word in its time, in turns by voice, without what is cut.

The transcript is what a person corrected, its words get their times from the recognised ones (align.py).
What the programme does not keep is not in the talk at all, so nothing is laid out, quoted or titled from a
passage that is off the record. Where a passage was taken out a new turn begins, even in the same voice:
no run of words ever leads across it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from onrecord.craft.align import align
from onrecord.craft.asked import is_asking
from onrecord.craft.register import fold_name
from onrecord.craft.talk import Talk
from onrecord.craft.turn import Said
from onrecord.model.time import Ms, Span
from onrecord.model.transcript import Cue, Word

_PLAIN_TIMES = 2


def as_talk(
    cues: Sequence[Cue],
    heard: Sequence[Word],
    kept: Sequence[Span[Ms]],
    names: Mapping[str, str] | None = None,
) -> Talk:
    """Make a talk of captions.

    Args:
        cues: on the recording's clock, in order.
        heard: the recognised words; without any, words share the time of their captions.
        kept: what the programme keeps, in order.
        names: the name of a person by the folded names that a transcript may call them.

    >>> cue = Cue(Span(Ms(0), Ms(900)), "Ada", "Good day to you.")
    >>> [(said.voice, said.text) for said in as_talk([cue], (), [Span(Ms(0), Ms(600))])]
    [('Ada', 'Good day')]
    """
    turns: list[tuple[str, int, list[Word]]] = []
    at = 0
    for cue, words in zip(cues, align(heard, cues), strict=True):
        voice = (names or {}).get(fold_name(cue.voice), cue.voice)
        for word in words:
            while at < len(kept) and kept[at].end <= word.span.start:
                at += 1
            if at == len(kept) or not _within(word.span, kept[at]):
                continue
            if turns and turns[-1][:2] == (voice, at):
                turns[-1][2].append(word)
            else:
                turns.append((voice, at, [word]))
    return tuple(Said(voice, tuple(words)) for voice, _, words in turns)


def who_asks(talk: Talk, billed: Collection[str]) -> frozenset[str]:
    """The voices that ask: the host's, if it is named; else the one that asks most, if that is plain.

    Args:
        talk: the whole conversation.
        billed: the names of whoever is billed as host.
    """
    named = {said.voice for said in talk} & set(billed)
    if named:
        return frozenset(named)
    asks = Counter(said.voice for said in talk if is_asking(said))
    (voice, times), *others = asks.most_common(2) or [("", 0)]
    plain = times >= _PLAIN_TIMES and times > 2 * sum(n for _, n in others)
    return frozenset((voice,)) if plain and len({said.voice for said in talk}) > 1 else frozenset()


def _within(span: Span[Ms], kept: Span[Ms]) -> bool:
    return kept.start <= span.start and span.end <= kept.end
