"""Build: read what changed, make what is missing, edit, render, and publish it in one step."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from onrecord import outputs
from onrecord.craft.card import card as make_card
from onrecord.craft.edition import edit
from onrecord.craft.register import Register, bill_series
from onrecord.flow import memory
from onrecord.flow.media import find_media
from onrecord.flow.memory import Memory, Remembered
from onrecord.flow.plan import plan
from onrecord.folder import release
from onrecord.folder.digests import Digests
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.folder.load import SeriesRead, read_episode, read_series, source
from onrecord.folder.release import Entry, Kept, Published
from onrecord.make.progress import Event
from onrecord.make.run import Outcome, make
from onrecord.model.edition import Card, Edition, Site
from onrecord.model.episode import Series
from onrecord.model.problem import Place, Problem
from onrecord.text import card_json, series_yaml

_UNMADE = {"failed", "blocked", "waiting"}
PICTURES = {".png", ".jpg", ".jpeg", ".webp"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a build is asked for: the moment it is for (the only clock it reads), drafts too or not.

    A `quick` one runs no step: what people wrote is shown with the media that are there.
    """

    as_of: datetime
    drafts: bool = False
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What a build came to. `published` is None where a problem kept the old site in place."""

    published: Published | None
    problems: tuple[Problem, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    rendered: tuple[str, ...] = ()
    kept: int = 0

    @property
    def well(self) -> bool:
        """Whether everything that is to be public is public."""
        return self.published is not None and not any(p.grave for p in self.problems)


@dataclass(frozen=True, slots=True)
class _Rendered:
    """One episode, rendered anew."""

    remembered: Remembered
    entries: Mapping[str, Entry]
    problems: tuple[Problem, ...]
    stops: bool


Executors = Callable[[], Mapping[str, Executor]]


def build(
    home: SeriesFolder,
    wish: Wish,
    executors: Executors,
    tell: Callable[[Event], None],
    stop: threading.Event,
) -> Report:
    """Bring public/ (or, with drafts, the preview) up to date. The caller holds the writer lock.

    A grave problem of the series, or of an episode that is approved, keeps the old site in place;
    one of a draft is reported and the draft left out.
    """
    target = home.preview if wish.drafts else home.root
    read = read_series(home)
    if read.series is None or any(p.grave for p in read.problems):
        return Report(None, read.problems)
    release.recover(target)
    current = release.current(target)
    old = memory.read(current.receipt) if current else Memory()
    spoilt = {path.partition("/")[0] for path in release.damaged(target)}
    with Digests(home.root) as digests:
        pictures, read, missing = _pictures(home, read, digests)
        series = read.series
        assert series is not None  # noqa: S101 - looked at above, and kept
        series_key = memory.series_key(home, _people_file(home), pictures.values(), digests)
        keys = {own.slug: memory.episode_key(own, series_key, digests) for own in home.episodes}
        held = {
            slug: known
            for slug, key in keys.items()
            if (known := old.episodes.get(slug))
            and known.still_holds(key, wish.as_of, quick=wish.quick)
            and slug not in spoilt
        }
        if (
            current
            and held.keys() == keys.keys() == old.episodes.keys()
            and not spoilt
            and old.series_key == series_key
        ):
            problems = tuple(p for e in held.values() for p in memory.unpack(e.problems))
            done = Published(current.release, changed=False)
            return Report(done, (*read.problems, *missing, *problems), kept=len(held))
        changed = [own for own in home.episodes if own.slug not in held]
        outcomes = [] if wish.quick else _make(home, series, read, changed, executors, tell, stop)
        failed = {o.task.unit for o in outcomes if o.result in _UNMADE}
        rendered = {
            own.slug: _render(home, own, series, read, wish, series_key, digests, failed) for own in changed
        }
    found = [*read.problems, *missing, *(p for e in held.values() for p in memory.unpack(e.problems))]
    found += [_named(p, home, home.episode(o.task.unit)) for o in outcomes for p in o.problems]
    found += [p for r in rendered.values() for p in r.problems]
    report = Report(None, tuple(found), tuple(outcomes), tuple(rendered), len(held))
    if stop.is_set() or (any(r.stops for r in rendered.values()) and not wish.drafts):
        return report
    episodes = {slug: held.get(slug) or rendered[slug].remembered for slug in keys}
    site = Site(series, _cards(episodes.values()), draft=wish.drafts)
    entries: dict[str, Entry] = dict(pictures)
    for output in outputs.series_outputs():
        entries |= output.render(site)
    for slug in keys:
        kept: Mapping[str, Entry] = (
            {path: Kept() for path in held[slug].files} if slug in held else rendered[slug].entries
        )
        entries |= kept
    published = release.publish(target, entries, Memory(series_key, episodes).as_receipt())
    return replace(report, published=published, problems=(*report.problems, *published.problems))


def _make(
    home: SeriesFolder,
    series: Series,
    read: SeriesRead,
    changed: Iterable[EpisodeFolder],
    executors: Executors,
    tell: Callable[[Event], None],
    stop: threading.Event,
) -> list[Outcome]:
    reads = [read_episode(home, own, series, read.register) for own in changed]
    tasks = plan(home, series, reads)
    return make(tasks, executors(), tell, stop) if tasks else []


def _render(
    home: SeriesFolder,
    own: EpisodeFolder,
    series: Series,
    read: SeriesRead,
    wish: Wish,
    series_key: str,
    digests: Digests,
    failed: set[str],
) -> _Rendered:
    """Read, edit and render one episode."""
    episode = read_episode(home, own, series, read.register)
    problems = list(episode.problems)
    key = (memory.QUICK if wish.quick else "") + memory.episode_key(own, series_key, digests)
    known = source(episode, series, read.register)
    approved = known is None or known.episode.approved is not None
    entries: dict[str, Entry] = {}
    remembered = Remembered(key)
    if known is not None:
        audio, media = find_media(own)
        known = replace(
            known,
            audio=tuple(e for e in audio if e.mime.startswith("audio/")),
            video=next((e for e in audio if e.mime.startswith("video/")), None),
        )
        edition, more = edit(known, wish.as_of, draft=wish.drafts)
        problems += [_named(p, home, own) for p in more]
        due = known.episode.published if approved else None
        remembered = Remembered(key, due.isoformat() if due else "", bool(due and due <= wish.as_of))
        if (approved or wish.drafts) and not any(p.grave for p in problems):
            entries = _entries(edition, media)
            written = card_json.write([make_card(edition)])[0]
            remembered = replace(remembered, files=tuple(entries), card=written)
    grave = any(p.grave for p in problems) or own.slug in failed
    if grave:
        remembered = replace(remembered, key="")  # looked at again next time
    return _Rendered(
        replace(remembered, problems=memory.pack(problems)), entries, tuple(problems), grave and approved
    )


def _entries(edition: Edition, media: Mapping[str, Path]) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for output in outputs.episode_outputs():
        entries |= output.render(edition)
    named = {e.path for e in (*edition.audio, *((edition.video,) if edition.video else ()))}
    return entries | {
        path: file if file.exists() else Kept() for path, file in media.items() if path in named
    }


def _named(problem: Problem, home: SeriesFolder, own: EpisodeFolder) -> Problem:
    """The problem with its path from the series folder."""
    if "/" in problem.place.path:
        return problem
    return replace(problem, place=replace(problem.place, path=home.name(own.root / problem.place.path)))


def _people_file(home: SeriesFolder) -> Path:
    return home.root / series_yaml.people_path(home.series_yaml.read_text("utf-8"))


def _cards(episodes: Iterable[Remembered]) -> tuple[Card, ...]:
    """All cards, newest first."""
    cards = card_json.read([e.card for e in episodes if e.card is not None]) or ()
    return tuple(sorted(cards, key=lambda c: (datetime.fromisoformat(c.published), c.slug), reverse=True))


def _pictures(
    home: SeriesFolder, read: SeriesRead, digests: Digests
) -> tuple[dict[str, Path], SeriesRead, tuple[Problem, ...]]:
    """Artwork and portraits: their public paths, and the series and people with those paths in place."""
    assert read.series is not None  # noqa: S101 - the caller has looked
    pictures: dict[str, Path] = {}
    missing: list[Problem] = []

    def publish(name: str, file: str) -> str:
        if not name:
            return ""
        path = home.root / name
        sha256 = digests.of(path) if path.suffix.lower() in PICTURES else None
        if sha256 is None:
            says = (
                f"{name} is not a kind of picture we know" if path.exists() else f"there is no picture {name}"
            )
            missing.append(Problem(Place(file), says, "PNG, JPEG and WebP are known", grave=False))
            return ""
        public = f"assets/{path.stem}-{sha256[:8]}{path.suffix.lower()}"
        pictures[public] = path
        return public

    people = (replace(p, picture=publish(p.picture, "people.yaml")) for p in read.register.people)
    register = Register(tuple(people))
    series = replace(read.series, artwork=publish(read.series.artwork, "series.yaml"))
    return pictures, replace(read, series=bill_series(series, register), register=register), tuple(missing)
