"""Off the record: before anything is made or published anew, what holds a marked passage is deleted.

Every release remembers what of each recording its cut kept. So what a release holds follows from that and
from the marks in episode.md as they stand, and nothing needs to be noted that a crash could lose: whoever
builds next comes to the same conclusion and goes on. In this order:

    1. kept copies    the release one step back, the preview, saved versions in .onrecord/history,
                      the index of sentences
    2. cut media      the episode's mastered files in cache/, and the receipts that would bring them back
    3. public/        the site without the episode's sound and picture, its words edited by the new marks

The third is published in one step and the release before it deleted, also if this run is killed in between.
Only then the build goes on to make new sound, which takes its time, and publishes that. A problem that
would stop a build (an approved quote that lies in the passage) does not stop this.

What people own is left alone: the recording, transcript.vtt, questions.yaml, and record/, from which all of
it was made. A mark can be taken back; the passage is then made and published again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.flow import memory
from onrecord.flow.memory import Memory
from onrecord.flow.wish import Cleared, Wish
from onrecord.folder import disk, files, release
from onrecord.folder.digests import Digests
from onrecord.folder.layout import EpisodeFolder, SeriesFolder
from onrecord.folder.manifest import Manifest
from onrecord.model.passage import Marked, marked
from onrecord.model.time import Ms, Span

if TYPE_CHECKING:
    from onrecord.folder.load import SeriesRead

_WORDS = (b"off_record", b"withdrawn")


def read_marked(own: EpisodeFolder) -> Marked | None:
    """What is off the record of one episode; None where nothing is, or episode.md cannot be read."""
    try:
        data = own.episode_md.read_bytes()
    except OSError:
        return None
    if not any(word in data for word in _WORDS):
        return None
    from onrecord.text import episode_md  # noqa: PLC0415 - a build with nothing to do can spare pydantic

    episode, _ = episode_md.read(data.decode("utf-8", "replace"), slug=own.slug)
    return marked(episode) if episode else None


def find(folders: Iterable[EpisodeFolder]) -> tuple[Marked, ...]:
    """What is off the record of these episodes."""
    return tuple(found for own in folders if (found := read_marked(own)))


def holding(manifest: Manifest | None, all_marked: Iterable[Marked]) -> tuple[tuple[str, Marked], ...]:
    """The episodes, by the slug they had, of which a release holds something that is off the record.

    An episode is known by its id: a folder that was renamed is still the same conversation.
    """
    if manifest is None:
        return ()
    known = memory.read(manifest.receipt).episodes
    by_id = {e.id: slug for slug, e in known.items() if e.id}
    found = []
    for one in all_marked:
        slug = by_id.get(one.id, one.slug)
        if not known:  # the receipt is lost, or from another program: nobody knows what it holds
            found.append((one.slug, one))
        elif slug in known and known[slug].holds(one):
            found.append((slug, one))
    return tuple(found)


def clear(
    home: SeriesFolder,
    wish: Wish,
    current: Manifest | None,
    changed: Iterable[EpisodeFolder],
    digests: Digests,
) -> Cleared:
    """Delete what holds a passage of the changed episodes; see the module. The caller holds the writer lock.

    A preview deletes its own copies only, and leaves public/ as it is.
    """
    all_marked = find(changed)
    files.remove(_gone(home))
    if not all_marked:
        return Cleared()
    target = home.preview if wish.drafts else home.root
    if home.preview.exists():
        release.recover(home.preview)  # a preview that was cut off may have left pages that wait for it
    releases = 0
    if holding(release.previous(target), all_marked):
        release.forget_previous(target)
        releases += 1
    saved = 0
    if not wish.drafts:
        releases += _drop_preview(home, all_marked)
        saved = sum(_forget_versions(home, one) for one in all_marked)
    media = sum(_forget_cuts(home.episode(one.slug), one) for one in all_marked)
    held = holding(current, all_marked)
    if releases or saved or media or held:
        _drop_index(home)
    if current is not None and held:
        withheld = _withhold(home, wish, current, dict(held), digests)
        left = () if withheld else tuple(sorted(slug for slug, _ in held))
        return Cleared(releases + bool(withheld), saved, media, withheld, left)
    return Cleared(releases, saved, media)


def _gone(home: SeriesFolder) -> Path:
    """Where the preview goes in one step before it is deleted."""
    return home.machine / "gone"


def preview_holds(home: SeriesFolder, all_marked: Iterable[Marked]) -> bool:
    """Whether the preview, or the one before it, holds something that is off the record."""
    kept = (release.current(home.preview), release.previous(home.preview))
    return any(holding(manifest, all_marked) for manifest in kept)


def _drop_preview(home: SeriesFolder, all_marked: Iterable[Marked]) -> int:
    """Delete the whole preview if it holds a passage: the next `serve` makes it anew."""
    if not preview_holds(home, all_marked):
        return 0
    disk.move(home.preview, _gone(home))
    files.remove(_gone(home))
    return 1


def _drop_index(home: SeriesFolder) -> None:
    """Delete the index of sentences: the next `ask` makes it anew from what is on the record."""
    for ending in ("", "-wal", "-shm", "-journal"):
        files.remove(home.archive.with_name(home.archive.name + ending))


def versions(home: SeriesFolder, one: Marked) -> tuple[Path, ...]:
    """The saved versions of an episode's files in which the passage is said."""
    from onrecord.flow.versions import said_in  # noqa: PLC0415 - it reads with pydantic

    own = home.episode(one.slug)
    above = home.machine / "history" / own.root.relative_to(home.root)
    if not above.is_dir():
        return ()
    return tuple(path for path in sorted(above.rglob("*")) if path.is_file() and said_in(path, own, one))


def _forget_versions(home: SeriesFolder, one: Marked) -> int:
    gone = versions(home, one)
    for path in gone:
        files.remove(path)
    for folder in {path.parent for path in gone}:
        disk.sync_folder(folder)
    return len(gone)


def cuts(own: EpisodeFolder, one: Marked) -> Mapping[Path, Mapping[str, Any]]:
    """The receipts of steps that cut the recording and kept the passage, and of those that built on them."""
    receipts = {path: found for path in sorted(own.record.glob("*.json")) if (found := _receipt(path))}
    gone: dict[Path, Mapping[str, Any]] = {
        path: found for path, found in receipts.items() if _cuts(found, one)
    }
    while more := {
        path: found
        for path, found in receipts.items()
        if path not in gone and found["needs"].keys() & {made for g in gone.values() for made in g["made"]}
    }:
        gone |= more
    return gone


def _forget_cuts(own: EpisodeFolder, one: Marked) -> int:
    """Delete the media in cache/ that hold the passage, and their receipts."""
    count = 0
    for path, found in cuts(own, one).items():
        files.remove(path)  # first: without it nothing leads to the files
        for made in found["made"]:
            if made.startswith("cache/"):
                count += (own.root / made).exists()
                files.remove(own.root / made)
    return count


def _receipt(path: Path) -> Mapping[str, Any] | None:
    try:
        found = json.loads(path.read_bytes())
        return found if {"needs", "made", "params"} <= found.keys() else None
    except (OSError, ValueError, AttributeError):
        return None


def _cuts(receipt: Mapping[str, Any], one: Marked) -> bool:
    """Whether a step cut the recording and kept something that is off the record."""
    kept = receipt["params"].get("kept")
    return kept is not None and (
        one.withdrawn or any(one.takes(Span(Ms(int(start)), Ms(int(end)))) for start, end in kept)
    )


def _withhold(
    home: SeriesFolder, wish: Wish, current: Manifest, held: Mapping[str, Marked], digests: Digests
) -> tuple[str, ...]:
    """Publish the site at once without what is off the record; every other episode stays as it is."""
    from onrecord.flow import render  # noqa: PLC0415 - heavy, and rarely needed
    from onrecord.flow.of_series import of_series  # noqa: PLC0415 - the same
    from onrecord.flow.pictures import find_pictures  # noqa: PLC0415 - the same
    from onrecord.folder.load import read_series  # noqa: PLC0415 - the same

    read = read_series(home)
    if read.series is None or any(p.grave for p in read.problems):
        return ()  # the build stops at this and says so; nothing can be rendered
    target = home.preview if wish.drafts else home.root
    old = memory.read(current.receipt)
    damaged = set(release.damaged(target))
    pictures, read, _ = find_pictures(home, read, digests)
    there = {own.slug for own in home.episodes}
    slugs = {one.slug for one in held.values()}
    stay = {slug: e for slug, e in old.episodes.items() if slug in there - slugs and slug not in held}
    entries: dict[str, release.Entry] = {
        path: release.Kept() for e in stay.values() for path in e.files if path not in damaged
    }
    was = {one.slug: old.episodes.get(slug) for slug, one in held.items()}
    anew = _render(home, read, replace(wish, quick=True), was)
    for rendered in anew.values():
        entries |= rendered.entries
    remembered = dict(sorted((stay | {slug: r.remembered for slug, r in anew.items()}).items()))
    series = read.series
    assert series is not None  # noqa: S101 - looked at above; the pictures changed its artwork only
    entries |= pictures
    entries |= of_series(series, remembered, wish).entries
    entries |= render.search_entries(target / "public", entries)
    receipt = Memory(old.series_key, remembered, old.series_inputs, old.problems).as_receipt()
    release.publish(target, entries, receipt, keep_old=False)
    return tuple(sorted(slugs))


def _render(
    home: SeriesFolder,
    read: SeriesRead,
    wish: Wish,
    was: Mapping[str, memory.Remembered | None],
) -> dict[str, Any]:
    from onrecord.flow import render  # noqa: PLC0415 - heavy, and rarely needed

    # Without a key: whatever this looks like, it is no more than a start, and the build makes it anew.
    return {
        slug: render.render_episode(home, home.episode(slug), read, wish, "", before=before, at_once=True)
        for slug, before in sorted(was.items())
    }
