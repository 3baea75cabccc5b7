"""Speeches for reading: turns, and in a turn paragraphs of three to five sentences.

The sentences of a speech (craft/speech.py) are dealt out evenly:

    7 sentences      ceil(7 / 5) = 2 paragraphs      4 + 3
    11               3                               4 + 4 + 3

A paragraph also begins where a voice changes to another language, and where the page says that something
begins (a question, a chapter): at the sentence that starts nearest to that moment. Between two such places
the dealing never makes a paragraph of more than five, nor one of fewer than three unless the turn itself is
shorter.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter

from onrecord.model.edition import Edition, Speech
from onrecord.model.language import begins
from onrecord.model.people import Person
from onrecord.model.time import PubMs, Span

_MOST = 5
_NEAR_MS = 3000


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences of a turn, where the first of them begins, and when each of their words does."""

    at: PubMs
    text: str
    language: str = ""
    """BCP 47, where it is another one than the edition's."""
    words: tuple[PubMs, ...] = ()
    """As `model.language.parts` has them."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A turn of the published cut as paragraphs; `person` is None while nobody has named the voice."""

    span: Span[PubMs]
    voice: str
    person: Person | None
    paragraphs: tuple[Paragraph, ...]


def to_read(edition: Edition) -> tuple[Spoken, ...]:
    """What is said in an edition, as its page has it: chapters, questions and answers begin paragraphs."""
    return spoken(edition.speeches, _begins(edition))


def _begins(edition: Edition) -> Iterator[PubMs]:
    """Where something begins that the page points at: its words then begin a paragraph."""
    yield from (mark.at for mark in edition.chapters)
    for question in edition.asked:
        yield from (question.asked,) if question.asked is not None else ()
        yield from (answer.at.start for answer in question.answers)


def spoken(speeches: Iterable[Speech], marked: Iterable[PubMs] = ()) -> tuple[Spoken, ...]:
    """Gather speeches into turns, and deal each turn into paragraphs; no word is lost or moved.

    Args:
        speeches: In order of time.
        marked: Moments at which something begins that a page points at, in any order.
    """
    moments = sorted(set(marked))
    found = []
    for _, run in groupby(speeches, attrgetter("turn")):
        turn = list(run)
        first = turn[0]
        span = first.span if len(turn) == 1 else Span(first.span.start, max(u.span.end for u in turn))
        dealt = [paragraph for speech in turn for paragraph in _paragraphs(speech, moments)]
        found.append(Spoken(span, first.voice, first.person, tuple(dealt)))
    return tuple(found)


def _paragraphs(said: Speech, marked: Sequence[PubMs]) -> Iterator[Paragraph]:
    text, starts, ats = said.text, said.sentences, said.ats
    firsts: list[int] = []
    for first, after in pairwise((*_forced(ats, said.span, marked), len(starts))):
        count = -(-(after - first) // _MOST)
        firsts += [first + (after - first) * i // count for i in range(count)]
    ends, lasts = (*starts, len(text)), (*said.firsts, len(said.words))
    for first, after in pairwise((*firsts, len(starts))):
        told = text[starts[first] : ends[after]].rstrip(" ")
        row = _words_at(said, starts[first], told) if said.places else said.words[lasts[first] : lasts[after]]
        yield Paragraph(ats[first], told, said.language, row)


def _words_at(said: Speech, start: int, told: str) -> tuple[PubMs, ...]:
    """When the words of a part of a speech begin, as the parts of that text are."""
    return tuple(said.words[bisect_right(said.places, start + at) - 1] for at in begins(told))


def _forced(ats: Sequence[PubMs], span: Span[PubMs], marked: Sequence[PubMs]) -> list[int]:
    """Which sentences must begin a paragraph: the first, and the nearest to each marked moment."""
    within = marked[bisect_left(marked, span.start) : bisect_left(marked, span.end)]
    if not within:
        return [0]
    forced = {0}
    for moment in within:
        i = bisect_right(ats, moment)
        nearest = min(range(max(0, i - 1), min(i + 1, len(ats))), key=lambda n: abs(ats[n] - moment))
        if abs(ats[nearest] - moment) <= _NEAR_MS:
            forced.add(nearest)
    return sorted(forced)
