"""An edition's captions to sentences, each with its voice and its place on both clocks.

The sentences are those of the page (craft/paragraph.py): the same ends, the same moments. What the cut does
not keep is in no caption, and so in no sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise

from onrecord.craft.card import card
from onrecord.craft.paragraph import lay_out, moment_of, sentence_starts
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


def sentences(edition: Edition) -> Iterator[Sentence]:
    """All sentences in order; a change of language within a turn ends a sentence too."""
    if edition.timeline is None:
        return
    for number, (_, turn) in enumerate(groupby(edition.captions, key=lambda c: c.voice)):
        for language, run in groupby(turn, key=lambda c: c.language):
            yield from _of_run(number, tuple(run), language or edition.language, edition.timeline)


def _of_run(turn: int, group: tuple[Caption, ...], language: str, line: Timeline) -> Iterator[Sentence]:
    whole, offsets = lay_out(group)
    starts = sentence_starts(whole, group, offsets)
    ats = [moment_of(group, offsets, start) for start in starts]
    end = max(group[0].span.start, *(c.span.end for c in group))
    for (start, after), (at, until) in zip(
        pairwise([*starts, len(whole)]), pairwise([*ats, end]), strict=True
    ):
        text = whole[start:after].strip(" ")
        if text:
            span = Span(at, PubMs(max(at, until)))
            person = group[0].person
            yield Sentence(
                turn, span, _recorded(span, line), group[0].voice, person.id if person else "", text, language
            )


def _recorded(span: Span[PubMs], line: Timeline) -> Span[Ms]:
    """Where a published stretch lies in the recording; its moments are kept, so both ends are there."""
    start = line.record(span.start)
    last = line.record(PubMs(max(span.end - 1, span.start)))
    begin = Ms(0) if start is None else start
    return Span(begin, Ms(max(begin, begin if last is None else last + 1)))
