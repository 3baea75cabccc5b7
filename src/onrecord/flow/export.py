"""Export: the turns of the archive for researchers, an episode for oral-history systems."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import groupby

from onrecord.craft.card import appearances
from onrecord.craft.edition import edit
from onrecord.craft.excerpt import text_of
from onrecord.craft.prose import first_paragraph
from onrecord.craft.terms import words
from onrecord.craft.url import absolute, episode_path
from onrecord.flow.ask import Open, link
from onrecord.flow.media import find_media
from onrecord.folder.layout import SeriesFolder
from onrecord.folder.load import read_episode, read_series, source
from onrecord.model.archive import Filter, Sentence
from onrecord.model.edition import Appearance, Card, Edition
from onrecord.model.language import NAMES, primary
from onrecord.model.problem import Place, Problem, UserError
from onrecord.model.time import Ms, PubMs, Span
from onrecord.model.transcript import Cue, Transcript
from onrecord.text import ohms, vtt
from onrecord.text.turn_rows import TurnRow

_ALWAYS = datetime(9999, 1, 1, tzinfo=UTC)


def turn_rows(opened: Open, wish: Filter) -> Iterator[TurnRow]:
    """All turns that a filter lets through, episodes in the order of their days; `persons` and `part` too."""
    for number in reversed(opened.archive.episodes(wish)):
        card, draft = opened.archive.card(number, wish.at_ms)
        people = {a.person.id: a for a in card.people if a.person.id}
        sentences = [sentence for _, sentence in opened.archive.sentences(number)]
        for turn, run in groupby(sentences, key=lambda s: s.turn):
            said = tuple(run)
            row = _row(opened, card, turn, said, people.get(said[0].person), draft=draft)
            if (wish.persons is None or row.person in wish.persons) and wish.part in ("", row.part):
                yield row


def _row(
    opened: Open, card: Card, turn: int, said: tuple[Sentence, ...], who: Appearance | None, *, draft: bool
) -> TurnRow:
    languages = [s.language for s in said for _ in s.text]
    return TurnRow(
        episode=card.slug,
        episode_id=card.id,
        title=card.title,
        date=card.published[:10],
        turn=turn + 1,
        voice=said[0].voice,
        person=said[0].person,
        part=who.part if who else "",
        role=who.role if who else "",
        organisation=who.organisation if who else "",
        language=max(dict.fromkeys(languages), key=languages.count),
        start_ms=said[0].at.start,
        end_ms=max(s.at.end for s in said),
        recording_start_ms=said[0].recorded.start,
        recording_end_ms=max(s.recorded.end for s in said),
        words=sum(1 for s in said for _ in words(s.text)),
        sentences=len(said),
        checked=card.checked,
        draft=draft,
        link="" if draft else link(opened.series, card, said[0].at.start),
        text=text_of(said),
    )


def ohms_record(home: SeriesFolder, slug: str, *, now: datetime, drafts: bool = False) -> bytes:
    """An episode as OHMS XML.

    Raises:
        UserError: there is no such episode that can be read, it has no transcript, or it is not public.
    """
    read = read_series(home)
    if read.series is None:
        raise UserError(read.problems)
    own = home.episode(slug)
    if not own.root.is_dir():
        raise UserError((Problem(Place(slug), f"there is no episode `{slug}`"),))
    episode = read_episode(home, own, read.series, read.register)
    known = source(episode, read.series, read.register)
    if known is None:
        raise UserError(episode.problems)
    public = known.episode.approved is not None and known.episode.published <= now
    if not public and not drafts:
        hint = "--drafts exports it all the same"
        raise UserError((Problem(Place(slug), "this episode is not public", hint),))
    edition, problems = edit(find_media(own).of(known), _ALWAYS, draft=True)
    if any(p.grave for p in problems):
        raise UserError(problems)
    if not edition.captions:
        raise UserError((Problem(Place(slug), "there is no transcript of this episode"),))
    return ohms.write(_record(edition, public=public))


def _record(edition: Edition, *, public: bool) -> ohms.Record:
    episode, series = edition.episode, edition.series
    page = absolute(series.url, episode_path(episode.slug)) if public else ""
    media = edition.video or (edition.audio[0] if edition.audio else None)
    people = list(appearances(edition))
    cues = tuple(
        Cue(Span(Ms(c.span.start), Ms(c.span.end)), c.voice, c.text, language=c.language)
        for c in edition.captions
    )
    return ohms.Record(
        id=episode.id,
        day=date(*episode.published.timetuple()[:3]),
        title=episode.title,
        length_ms=edition.timeline.length if edition.timeline else 0,
        series=series.title,
        repository=series.presenter.name or series.title,
        repository_url=series.presenter.url or series.url,
        interviewees=tuple(_billed(a) for a in people if a.part == "guest"),
        interviewers=tuple(_billed(a) for a in people if a.part == "host"),
        keywords=episode.tags,
        language=NAMES.get(primary(edition.language), edition.language),
        media_url=absolute(series.url, media.path) if media and public else "",
        is_video=edition.video is not None,
        description=first_paragraph(episode.introduction),
        link=page,
        series_link=series.url,
        points=tuple(_points(edition, page)),
        transcript=vtt.write(Transcript(edition.language, cues)),
    )


def _billed(a: Appearance) -> str:
    title = ", ".join(part for part in (a.role, a.organisation) if part)
    return f"{a.person.name} ({title})" if title else a.person.name


def _points(edition: Edition, page: str) -> Iterator[ohms.Point]:
    """The chapters, and the questions that were asked, in order of time; one at a chapter's start is both."""
    found: dict[PubMs, tuple[str, str]] = {mark.at: (mark.title, "") for mark in edition.chapters}
    for question in edition.asked:
        at = question.asked
        if at is None and question.answers:
            at = question.answers[0].at.start
        if at is None:
            continue
        by = ", ".join(dict.fromkeys(a.by.name for a in question.answers))
        found[at] = (question.text, f"Answered by {by}." if by else "")
    for at, (title, synopsis) in sorted(found.items()):
        words = next((c.text for c in edition.captions if c.span.end > at), "")
        link = f"{page}#t={at // 1000}" if page else ""
        yield ohms.Point(at, title, " ".join(words.split()), synopsis, link)
