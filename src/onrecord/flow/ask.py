"""Ask the archive: bring its index up to date, find the places, quote the words with their address."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TypeVar

from rapidfuzz import process

from onrecord.craft.answering import Answer, answers
from onrecord.craft.edition import edit
from onrecord.craft.excerpt import text_of
from onrecord.craft.fold import fold
from onrecord.craft.question import read_question, weigh
from onrecord.craft.saying import kept
from onrecord.craft.url import absolute, episode_path
from onrecord.folder.archive import Archive
from onrecord.folder.archive_file import discard
from onrecord.folder.digests import Digests
from onrecord.folder.files import digest
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.folder.load import SeriesRead, read_episode, read_series, source
from onrecord.model.archive import Filter, Kept, Part, Said
from onrecord.model.edition import Card
from onrecord.model.episode import Series
from onrecord.model.problem import Place, Problem, UserError
from onrecord.model.time import PubMs, Span

_FILES = ("episode.md", "transcript.vtt", "questions.yaml")
_RECORDS = ("take_in.json", "master.json", "words.json", "spelled.json")
_WINDOWS = 24
_LATER = datetime(9999, 1, 1, tzinfo=UTC)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Open:
    """The archive of a series, up to date, and the series as its files say."""

    archive: Archive
    series: Series


def asking(home: SeriesFolder, work: Callable[[Open], T]) -> T:
    """Do some work with the archive of a series, brought up to date.

    A damaged index is found out where it is read; then it is made anew and the work is done again.

    Raises:
        UserError: series.yaml cannot be read.
    """
    read = read_series(home)
    if read.series is None:
        raise UserError(read.problems)
    path = home.archive
    for last in (False, True):
        try:
            with Archive(path) as archive:
                refresh(home, read, archive)
                return work(Open(archive, read.series))
        except sqlite3.DatabaseError:
            if last:
                raise
            discard(path)
    raise AssertionError


def refresh(home: SeriesFolder, read: SeriesRead, archive: Archive) -> int:
    """Read the episodes that changed into the index; how many there were."""
    with Digests(home.root) as digests:
        shared = json.dumps([digests.of(home.series_yaml), repr(read.register)])
        keys = {own.slug: _key(own, shared, digests) for own in home.episodes}
    return archive.update(keys, lambda slug: _read(home, read, slug))


def _key(own: EpisodeFolder, shared: str, digests: Digests) -> str:
    """The digest of all that an episode's sentences and billing follow from."""
    paths = [own.root / name for name in _FILES] + [own.record / name for name in _RECORDS]
    return digest(json.dumps([shared, bool(own.recordings), *(digests.of(p) for p in paths)]).encode())


def _read(home: SeriesFolder, read: SeriesRead, slug: str) -> Kept | None:
    """An episode as the archive keeps it; None where its files cannot be read or nothing may be shown."""
    assert read.series is not None  # noqa: S101 - the caller has looked
    episode = read_episode(home, home.episode(slug), read.series, read.register)
    known = source(episode, read.series, read.register)
    if known is None:
        return None
    edition, _ = edit(known, _LATER, draft=True)
    return kept(replace(edition, draft=False))


def ask(opened: Open, text: str, wish: Filter, limit: int) -> tuple[Said, ...]:
    """Quotes that answer a question, best first; none where the archive holds none of its words."""
    archive = opened.archive
    question = read_question(text, archive.languages())
    asked = weigh(question, archive.held_by, len(archive))
    places = archive.search(asked, wish, max(_WINDOWS, 2 * limit))
    return tuple(quoted(opened, answer, wish.at_ms) for answer in answers(asked, places, limit))


def quoted(opened: Open, answer: Answer, at_ms: int) -> Said:
    """Sentences of an episode as a quote: with who said them, what they were that day, and the address."""
    card, draft = opened.archive.card(answer.episode, at_ms)
    first, last = answer.sentences[0], answer.sentences[-1]
    at = Span(first.at.start, max(first.at.end, last.at.end))
    billed = next((a for a in card.people if first.person and a.person.id == first.person), None)
    part: Part = "" if billed is None else "host" if billed.part == "host" else "guest"
    return Said(
        text=text_of(answer.sentences),
        voice=first.voice,
        person=first.person,
        part=part,
        role=billed.role if billed else "",
        organisation=billed.organisation if billed else "",
        episode=card.slug,
        title=card.title,
        day=date.fromisoformat(card.published[:10]),
        at=at,
        recorded=first.recorded | last.recorded,
        language=first.language,
        checked=card.checked,
        draft=draft,
        score=round(answer.score, 4),
        marks=answer.marks,
        link="" if draft else link(opened.series, card, at.start),
    )


def link(series: Series, card: Card, at: PubMs) -> str:
    """Where a moment of an episode is heard on the published site; empty for a series without an address."""
    page = absolute(series.url, episode_path(card.slug))
    seconds = f"{at / 1000:.3f}".rstrip("0").rstrip(".")
    return f"{page}#t={seconds}" if page else ""


def persons(opened: Open, name: str, wish: Filter) -> tuple[str, ...]:
    """The ids of those whom a name means: whole, in any spelling, or the part of it that only they have.

    Raises:
        UserError: nobody has that name, or several different people do.
    """
    known = opened.archive.names(wish)
    wanted = fold(" ".join(name.split()))
    found = {person for person, own in known if wanted in (fold(person), fold(own))}
    if not found:
        parts = set(wanted.replace("-", " ").split())
        found = {p for p, own in known if parts and parts <= set(fold(own).replace("-", " ").split())}
    names = dict(reversed(known))
    if len(found) == 1:
        return tuple(found)
    if found:
        says = f"`{name}` may be " + " or ".join(sorted(names[p] for p in found))
        raise UserError((Problem(Place("--by"), says, "write the whole name"),))
    near = process.extract(wanted, {(p, own): fold(own) for p, own in known}, limit=3, score_cutoff=60)
    meant = dict.fromkeys(names[person] for _, _, (person, _) in near)
    hint = "did you mean " + " or ".join(meant) + "?" if meant else ""
    raise UserError((Problem(Place("--by"), f"nobody called `{name}` is billed in the archive", hint),))
