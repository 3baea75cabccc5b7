"""An edition to the sentences that the archive keeps, each with its voice and its place on both clocks.

The sentences are those of the page (craft/speech.py): the same ends, the same moments. What the cut does
not keep is in no caption, and so in no sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from onrecord.craft.card import card
from onrecord.model.archive import Kept, Sentence
from onrecord.model.edition import Edition, Speech
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
    for said in edition.speeches:
        person = said.person.id if said.person else ""
        language = said.language or edition.language
        for at, until, text in said_in(said):
            span = Span(at, until)
            recorded = _recorded(span, edition.timeline)
            yield Sentence(said.turn, span, recorded, said.voice, person, text, language)


def said_in(speech: Speech) -> Iterator[tuple[PubMs, PubMs, str]]:
    """Its sentences: from, until, words; only those that hold a word."""
    text, starts, ats = speech.text, speech.sentences, speech.ats
    afters, untils = chain(starts[1:], (len(text),)), chain(ats[1:], (speech.span.end,))
    for start, after, at, until in zip(starts, afters, ats, untils, strict=True):
        if told := text[start:after].strip(" "):
            yield at, max(at, until), told


def _recorded(span: Span[PubMs], line: Timeline) -> Span[Ms]:
    """Where a published stretch lies in the recording; its moments are kept, so both ends are there."""
    start = line.record(span.start)
    last = line.record(PubMs(max(span.end - 1, span.start)))
    begin = Ms(0) if start is None else start
    return Span(begin, Ms(max(begin, begin if last is None else last + 1)))
