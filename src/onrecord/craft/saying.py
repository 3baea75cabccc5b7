"""An edition's captions to sentences, each with its voice and its place on both clocks.

The sentences are those of the page (craft/paragraph.py): the same ends, the same moments. What the cut does
not keep is in no caption, and so in no sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from onrecord.craft.card import card
from onrecord.craft.paragraph import lay_out, moment_of
from onrecord.model.archive import Kept, Sentence
from onrecord.model.edition import Caption, Edition
from onrecord.model.time import Ms, PubMs, Span
from onrecord.model.timeline import Timeline


def kept(edition: Edition) -> Kept:
    """The edition as the archive keeps it; who may see it is told by when it becomes public."""
    episode = edition.episode
    public = int(episode.published.timestamp() * 1000) if episode.approved else None
    taken_out = repr((episode.off_record, episode.cut("programme")))
    return Kept(card(edition), public, taken_out, tuple(sentences(edition)))


@dataclass(frozen=True, slots=True)
class Run:
    """What is said in one turn without a change of language; `said` are its sentences: from, until, words."""

    turn: int
    voice: str
    person: str
    language: str
    said: tuple[tuple[PubMs, PubMs, str], ...]


def sentences(edition: Edition) -> Iterator[Sentence]:
    """All sentences in order; a change of language within a turn ends a sentence too."""
    if edition.timeline is None:
        return
    for run in runs(edition):
        for at, until, text in run.said:
            span = Span(at, until)
            recorded = _recorded(span, edition.timeline)
            yield Sentence(run.turn, span, recorded, run.voice, run.person, text, run.language)


def runs(edition: Edition) -> Iterator[Run]:
    """What is said, in order, by turn and language; only what holds a word."""
    for turn, (voice, group) in enumerate(groupby(edition.captions, key=lambda c: c.voice)):
        for language, captions in groupby(group, key=lambda c: c.language):
            run = tuple(captions)
            person = run[0].person.id if run[0].person else ""
            if said := tuple(_said(run)):
                yield Run(turn, voice, person, language or edition.language, said)


def _said(group: tuple[Caption, ...]) -> Iterator[tuple[PubMs, PubMs, str]]:
    laid = lay_out(group)
    whole, starts = laid.text, laid.sentences
    ats = [moment_of(group, laid.captions, start) for start in starts]
    end = max(group[0].span.start, *(c.span.end for c in group))
    for start, after, at, until in zip(starts, [*starts[1:], len(whole)], ats, [*ats[1:], end], strict=True):
        if text := whole[start:after].strip(" "):
            yield at, max(at, until), text


def _recorded(span: Span[PubMs], line: Timeline) -> Span[Ms]:
    """Where a published stretch lies in the recording; its moments are kept, so both ends are there."""
    start = line.record(span.start)
    last = line.record(PubMs(max(span.end - 1, span.start)))
    begin = Ms(0) if start is None else start
    return Span(begin, Ms(max(begin, begin if last is None else last + 1)))
