"""A build where something may have changed: read, make what is missing, edit, render, publish in one step."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.flow import memory, off_record
from onrecord.flow.memory import Memory, Remembered
from onrecord.flow.program import program
from onrecord.flow.wish import Cleared, Executors, Report, Wish
from onrecord.folder import release, still
from onrecord.folder.digests import Digests
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.folder.manifest import Manifest
from onrecord.folder.release import Kept, Published, Scan
from onrecord.folder.still import Look, Still
from onrecord.model.problem import Place, Problem

if TYPE_CHECKING:
    from onrecord.folder.load import SeriesRead
    from onrecord.make.progress import Event
    from onrecord.make.run import Outcome
    from onrecord.make.step import Task

_UNMADE = {"failed", "blocked", "waiting"}


def anew(
    home: SeriesFolder,
    wish: Wish,
    seen: Look,
    executors: Executors,
    tell: Callable[[Event], None],
    stop: threading.Event,
) -> Report:
    """Bring public/ or the preview up to date, as `build` says; `seen` is what it has looked at."""
    target = home.preview if wish.drafts else home.root
    found, current, old = _standing(target)
    with Digests(home.root) as digests:
        same = _held(home, old, old.series_key, wish, digests, seen)
        if (
            current
            and found
            and not found.damaged
            and (report := _unchanged(home, found, current, old, same, digests))
        ):
            _keep(home, target, seen, wish, report, old)
            return report
        changed = [own for own in home.episodes if own.slug not in same]
        cleared = off_record.clear(home, wish, current, changed, digests)
        if cleared.withheld:
            found, current, old = _standing(target)
        report, new = _build(home, wish, current, old, same, found, seen, digests, executors, tell, stop)
        report = replace(report, cleared=cleared, problems=(*_left(cleared), *report.problems))
        _keep(home, target, seen, wish, report, new)
        return report


def _standing(target: Path) -> tuple[Scan | None, Manifest | None, Memory]:
    """What is in public/, the manifest of its release, and what that remembers."""
    found = release.look(target)
    current = found.manifest if found else None
    return found, current, memory.read(current.receipt) if current else Memory()


def _keep(home: SeriesFolder, target: Path, seen: Look, wish: Wish, report: Report, new: Memory) -> None:
    """Note what stands after a build in which all is well, for the next one."""
    if report.published is None or report.problems or not all(e.key for e in new.episodes.values()):
        return
    series = new.series_files
    # What was published, rather than what lies there by now: whatever somebody did to it since is then seen.
    site = still.site_digest((p, f.size_bytes, f.mtime_ns) for p, f in report.published.files.items())
    stamp = still.stamp(seen, program(), home.root, series, site)
    begins, ends = new.holds_between()
    if stamp and begins <= wish.as_of.timestamp() < ends:
        kept = len(new.episodes)
        still.write(
            target,
            Still(stamp, seen.digest, report.published.release, wish.quick, series, kept, begins, ends),
        )


def _left(cleared: Cleared) -> tuple[Problem, ...]:
    """What is off the record and still public, because nothing could be rendered."""
    says = "public/ still holds what is off the record, because the series cannot be read"
    hint = "mend the other problems and build again; until then, take it down where it is hosted"
    return tuple(Problem(Place(f"public/{slug}"), says, hint) for slug in cleared.left)


def _unchanged(
    home: SeriesFolder,
    found: Scan,
    current: Manifest,
    old: Memory,
    same: Mapping[str, Remembered],
    digests: Digests,
) -> Report | None:
    """The report of a build with nothing to do; None where there is something. Reads no file twice."""
    if same.keys() != old.episodes.keys() or len(same) != len(home.episodes):
        return None
    if not old.series_stands(home, digests):
        return None
    problems = memory.unpack([*old.problems, *(p for e in same.values() for p in e.problems)])
    return Report(Published(current.release, changed=False, files=found.good), problems, kept=len(same))


def _held(
    home: SeriesFolder, old: Memory, series_key: str, wish: Wish, digests: Digests, seen: Look
) -> dict[str, Remembered]:
    """The episodes that would come out as they are."""
    return {
        own.slug: known
        for own in home.episodes
        if (known := old.episodes.get(own.slug))
        and known.still_holds(
            _key(own, series_key, wish, digests, seen.episodes.get(str(own.root))), wish.as_of
        )
    }


def _key(
    own: EpisodeFolder,
    series_key: str,
    wish: Wish,
    digests: Digests,
    seen: Sequence[still.Row] | None = None,
) -> str:
    """The key of an episode; a build that runs no steps marks it, as it may come out otherwise with them."""
    key = memory.episode_key(own, series_key, digests, seen)
    return memory.QUICK + key if wish.quick else key


def _build(
    home: SeriesFolder,
    wish: Wish,
    current: Manifest | None,
    old: Memory,
    same: dict[str, Remembered],
    found: Scan | None,
    seen: Look,
    digests: Digests,
    executors: Executors,
    tell: Callable[[Event], None],
    stop: threading.Event,
) -> tuple[Report, Memory]:
    """The report, and what is known of each episode by now."""
    # Reading and rendering bring heavy libraries with them, which a build with nothing to do can spare.
    from onrecord.flow import consent, many  # noqa: PLC0415
    from onrecord.flow.pictures import find_pictures  # noqa: PLC0415
    from onrecord.flow.rendered import named  # noqa: PLC0415
    from onrecord.flow.theme import dress  # noqa: PLC0415
    from onrecord.folder.load import read_series  # noqa: PLC0415

    read = read_series(home)
    if read.series is None or any(p.grave for p in read.problems):
        return Report(None, read.problems), old
    if not wish.quick:
        consent.prune(home, read.register)
    as_written = read
    read, worn = dress(home, read)
    if any(p.grave for p in worn):
        return Report(None, (*read.problems, *worn)), old
    pictures, read, missing = find_pictures(home, read, digests)
    series_inputs = memory.series_inputs(home, pictures.values(), digests)
    series_key = memory.series_key(series_inputs)
    held = same if series_key == old.series_key else _held(home, old, series_key, wish, digests, seen)
    # The episodes with published files that are missing or were changed by hand.
    spoilt = {path.partition("/")[0] for path in found.damaged} if found else set[str]()
    held = {slug: known for slug, known in held.items() if slug not in spoilt}
    changed = [own for own in home.episodes if own.slug not in held]
    dressed = same if memory.is_new_theme(home, old.series_inputs, series_inputs) else {}
    unmade = [] if wish.quick else [own for own in changed if own.slug not in dressed]
    outcomes = _make(home, as_written, unmade, executors, tell, stop)
    failed = {o.task.unit for o in outcomes if o.result in _UNMADE}
    target = home.preview if wish.drafts else home.root
    # The folders are looked at again: steps may have written there, and what is off the record is deleted.
    ones = [
        many.One(
            own,
            _key(own, series_key, wish, digests),
            before,
            before.files if before and own.slug not in spoilt else (),
            own.slug in failed,
            own.slug in dressed,
        )
        for own in changed
        for before in (old.episodes.get(own.slug),)
    ]
    pool = executors().get("cpu") if len(ones) >= many.ENOUGH else None
    rendered = many.render_many(many.Common(home, read, wish, target), ones, pool, tell, stop)
    said = (*read.problems, *worn, *missing)
    problems: list[Problem] = [*said, *memory.unpack(p for e in held.values() for p in e.problems)]
    problems += [named(p, home, home.episode(o.task.unit)) for o in outcomes for p in o.problems]
    problems += [p for r in rendered.values() for p in r.problems]
    report = Report(None, tuple(problems), tuple(outcomes), tuple(rendered), len(held))
    if stop.is_set() or (any(r.stops for r in rendered.values()) and not wish.drafts):
        return report, old
    from onrecord.flow import render  # noqa: PLC0415 - heavy, and workers may have rendered up to here
    from onrecord.flow.of_series import of_series  # noqa: PLC0415 - the same

    made = {slug: r.remembered for slug, r in rendered.items()}
    episodes = dict(sorted((held | made).items()))
    assert read.series is not None  # noqa: S101 - looked at above; the pictures changed its artwork only
    public = target / "public"
    there = {p for p in (current.files if current else ()) if p.partition("/")[0] not in spoilt}
    before = old if old.series_key == series_key else None
    above = of_series(read.series, episodes, wish, before, public, there, lay=partial(release.lay, target))
    entries: dict[str, release.Entry] = {**pictures, **above.entries}
    for slug in episodes:
        entries |= rendered[slug].entries if slug in rendered else dict.fromkeys(held[slug].files, Kept())
    new = Memory(series_key, episodes, series_inputs, memory.pack(said), above.made)
    kept = current.files if current and old.program == new.program and "search" not in spoilt else {}
    entries |= render.search_entries(public, entries, kept)
    # While steps ran, for hours perhaps, somebody may have changed what is published.
    published = release.publish(target, entries, new.as_receipt(), found=None if outcomes else found)
    return replace(report, published=published, problems=(*report.problems, *published.problems)), new


def _make(
    home: SeriesFolder,
    read: SeriesRead,
    changed: Iterable[EpisodeFolder],
    executors: Executors,
    tell: Callable[[Event], None],
    stop: threading.Event,
) -> list[Outcome]:
    assert read.series is not None  # noqa: S101 - the caller has looked
    series, register = read.series, read.register
    owns = [own for own in changed if own.recordings]
    if not owns:
        return []
    from onrecord.flow.plan import plan, without_late  # noqa: PLC0415 - see above
    from onrecord.folder.load import read_episode  # noqa: PLC0415 - see above
    from onrecord.make.run import make  # noqa: PLC0415 - see above

    def tasks() -> list[Task]:
        return plan(home, series, [read_episode(home, own, series, register) for own in owns])

    first = without_late(tasks(), home)
    outcomes = make(first, pool := executors(), tell, stop) if first else []
    # What a recording holds (a picture) and which chapters are proposed is known now: it may call for more.
    more = [task for task in tasks() if task not in first]
    return outcomes + (make(more, pool, tell, stop) if more and not stop.is_set() else [])
