"""Sentences to windows: the pieces of an archive that a question is compared with.

A window is some sentences of one turn, about `WORDS` words: small enough to be about one thing, large enough
to say it. A long turn is dealt out evenly, so that no window is a mere rest.

What is meant is often not in the words themselves. "They see him as a guarantor" answers "How do Russians in
Serbia view Vučić?", and holds none of its words. So a window is found by its *own* words and, with less
weight, by its *lead*: what the same voice said just before, the end of what the other voice said before that
turn (mostly the question), and the name of who speaks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from onrecord.craft.terms import terms
from onrecord.model.archive import Sentence

WORDS: Final = 80
"""About so many words make a window."""
_LEAD_WORDS: Final = 50
_SHORTEST_TURN_WORDS: Final = 5
"""A shorter turn (Yes. Right.) is no window, only the lead of the next."""


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences `first` to `last` (inclusive) of an episode: their own terms and those of their lead."""

    first: int
    last: int
    own: tuple[str, ...]
    lead: tuple[str, ...]


def windows(sentences: Sequence[Sentence]) -> Iterator[Window]:
    """Cut the sentences of an episode into windows, in order; every turn of some words is covered."""
    found = [tuple(terms(s.text, s.language)) for s in sentences]
    counts = [len(own) for own in found]
    at = 0
    for _, group in groupby(sentences, key=lambda s: s.turn):
        size = len(list(group))
        turn = range(at, at + size)
        at += size
        if sum(counts[i] for i in turn) < _SHORTEST_TURN_WORDS:
            continue
        names = terms(sentences[turn.start].voice, sentences[turn.start].language)
        asked = _tail(found, turn.start)
        for first, last in _deal(turn, counts):
            before = _tail(found, first) if first > turn.start else []
            own = [term for i in range(first, last + 1) for term in found[i]]
            yield Window(first, last, tuple(own), (*names, *asked, *before))


def _tail(found: Sequence[Sequence[str]], until: int) -> list[str]:
    """The last words before a sentence, whole sentences as far as they go."""
    lead: list[str] = []
    for i in range(until - 1, -1, -1):
        lead = [*found[i], *lead]
        if len(lead) >= _LEAD_WORDS:
            break
    return lead[-_LEAD_WORDS:]


def _deal(turn: range, counts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Cut a turn into pieces of about equally many words."""
    whole = sum(counts[i] for i in turn)
    pieces = max(1, round(whole / WORDS))
    first, said, cut = turn.start, 0, 1
    for i in turn:
        said += counts[i]
        if said * pieces >= whole * cut or i == turn[-1]:
            yield first, i
            first = i + 1
            while said * pieces >= whole * cut:
                cut += 1
