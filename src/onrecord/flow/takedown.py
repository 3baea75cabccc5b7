"""Take-down: a passage or a whole episode leaves everything that Onrecord reaches, and the rest is listed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from onrecord.flow import off_record
from onrecord.flow.build import Executors, build
from onrecord.flow.wish import Report, Wish
from onrecord.folder import files, release
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.folder.load import read_series, read_text
from onrecord.make.progress import Event
from onrecord.model.episode import Episode, Series
from onrecord.model.passage import Marked
from onrecord.model.problem import Place, Problem, UserError
from onrecord.model.time import Ms, Span
from onrecord.text import episode_md, yaml_tree
from onrecord.text.field import write_passage
from onrecord.text.yaml_patch import NotWritable

_VIDEO = ("youtube", "vimeo", "video")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A copy that Onrecord cannot reach: what it is, where, and what a person can do."""

    what: str
    where: str
    do: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a take-down would do; nothing is written yet.

    `text` is episode.md with the mark, `seen` the sha256 of what it was made from; `deletes` are sentences.
    """

    own: EpisodeFolder
    title: str
    marked: Marked
    passage: Span[Ms] | None
    text: str
    seen: str
    is_new: bool
    deletes: tuple[str, ...]
    elsewhere: tuple[Elsewhere, ...]


def propose(home: SeriesFolder, own: EpisodeFolder, passage: Span[Ms] | None, reason: str, on: date) -> Plan:
    """Say what taking down a passage, or with None the whole episode, comes to.

    Args:
        home: the series.
        own: the episode.
        passage: on the recording's clock.
        reason: of a whole episode, shown in the notice; of a passage, in the page's public log.
        on: the day of the take-down.

    Raises:
        UserError: series.yaml or episode.md cannot be read.
    """
    series = read_series(home)
    if series.series is None:
        raise UserError(series.problems)
    name = home.name(own.episode_md)
    text, problems = read_text(own.episode_md, name)
    if text is None:
        raise UserError(problems or (Problem(Place(name), "there is no episode.md"),))
    episode, problems = episode_md.read(text, name, slug=own.slug, zone=series.series.timezone)
    if episode is None:
        raise UserError(problems)
    try:
        patched = _patch(text, episode, passage, reason, on)
    except NotWritable as error:
        raise UserError((Problem(Place(name), str(error)),)) from None
    mark = Marked(episode.id, own.slug, (passage,) if passage else (), withdrawn=passage is None)
    return Plan(
        own,
        episode.title,
        mark,
        passage,
        patched,
        files.digest(text.encode()),
        patched != text,
        tuple(_deletes(home, own, mark)),
        tuple(_elsewhere(series.series, episode)),
    )


def carry_out(
    home: SeriesFolder,
    plan: Plan,
    wish: Wish,
    executors: Executors,
    tell: Callable[[Event], None],
    stop: threading.Event,
) -> Report:
    """Write the mark, then build: that deletes first and publishes after. The caller holds the writer lock.

    Raises:
        UserError: somebody saved episode.md in the meantime; nothing was done.
    """
    try:
        files.save(
            plan.own.episode_md,
            plan.text.encode(),
            if_match=plan.seen,
            root=home.root,
            keep_history=home.root,
        )
    except files.Changed:
        says = "somebody saved this file in the meantime, so nothing was taken down"
        raise UserError((Problem(Place(home.name(plan.own.episode_md)), says, "run it again"),)) from None
    return build(home, wish, executors, tell, stop)


def _patch(text: str, episode: Episode, passage: Span[Ms] | None, reason: str, on: date) -> str:
    """episode.md with the mark; as it stands where all of it is off the record already."""
    if passage is None:
        if episode.withdrawn and not reason:
            return text
        notice: dict[str, yaml_tree.Plain] = {"on": on.isoformat(), **({"reason": reason} if reason else {})}
        return episode_md.patch(text, ("withdrawn",), notice)
    if any(mark.start <= passage.start and passage.end <= mark.end for mark in episode.off_record):
        return text
    text = _append(text, "off_record", len(episode.off_record), write_passage(passage))
    if reason:
        text = _append(text, "corrections", len(episode.corrections), {"on": on.isoformat(), "what": reason})
    return text


def _append(text: str, field: str, length: int, item: yaml_tree.Plain) -> str:
    """One more item in a list of episode.md, which may not be there yet."""
    if length:
        return episode_md.patch(text, (field, length), item)
    return episode_md.patch(text, (field,), [item])


def _deletes(home: SeriesFolder, own: EpisodeFolder, mark: Marked) -> Iterator[str]:
    """What is deleted, as sentences; what is published is replaced."""
    marks = (mark,)
    if off_record.holding(release.current(home.root), marks):
        whole = "its page, transcripts and media leave public/; a notice takes their place"
        part = "it leaves the sound, the picture, the words and the pages in public/"
        yield whole if mark.withdrawn else part
    if off_record.holding(release.previous(home.root), marks):
        yield "the release one step back is deleted, so there is no rollback to it"
    if off_record.preview_holds(home, marks):
        yield "the preview is deleted; `onrecord serve` makes it anew"
    if versions := len(off_record.versions(home, mark)):
        yield f"{versions} saved version{'s' if versions > 1 else ''} in .onrecord/history deleted"
    if cuts := off_record.cuts(own, mark):
        again = "" if mark.withdrawn else " and made anew without it"
        media = sum(made.startswith("cache/") for found in cuts.values() for made in found["made"])
        yield f"{media} cut media file{'s' if media > 1 else ''} in cache/ deleted{again}"


def _elsewhere(series: Series, episode: Episode) -> Iterator[Elsewhere]:
    """Copies that live where Onrecord cannot reach them, those with an address first."""
    for name, url in (episode.links or series.links).items():
        if name.lower() in _VIDEO or "youtu" in url:
            do = "cut or delete the video, and its captions: they are a file of their own"
            yield Elsewhere(f"{name}: the video and its captions", url, do)
        else:
            do = "see that the feed was read again, or ask for the episode to be removed"
            yield Elsewhere(f"{name}: the episode and its transcript", url, do)
    if series.url:
        do = "upload public/ again so that what is gone is deleted there too (rsync --delete)"
        yield Elsewhere("your web host, and what stands before it (a CDN)", series.url, do)
    yield Elsewhere(
        "podcast apps", "", "they drop it when they read the feed; what people downloaded stays with them"
    )
    yield Elsewhere("search engines and web archives", "", "ask for removal of the page's address")
    yield Elsewhere(
        "clips, mails, documents given out for review, backups, the folder's git history",
        "",
        "delete what you have, and ask those who have the rest",
    )
