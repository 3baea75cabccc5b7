"""Publishing: the next release is made complete beside `public/` and changes places with it in one step.

    .onrecord/releases/ready/            files of the next release that were made and wait for it
    .onrecord/releases/stage/            the next release while it is put together
    .onrecord/releases/previous/         one step back
    .onrecord/releases/spare/            what an older one shares with public/; the next is put together in it
    .onrecord/releases/<id>.json         manifest: every file with its sha256, and the receipt
    .onrecord/releases/publishing.json   which folder is about to change places with public/
    public/                              the newest release; its release.json names it

A release is named by what is in it: the sha256 over the lines `<sha256>  <path>` of its files, sorted.
The same site is the same release, whenever and wherever it is built.

Files are written or hard-linked into `stage` (which begins as the spare) and synced, then their folders, then
the manifest; swap.py tells how stage and `public/` then change places and how each crash point is mended.

Whoever calls `publish`, `rollback`, `recover` or `forget_previous` holds the writer lock (folder/lock.py).
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from onrecord.folder import disk, files, spare
from onrecord.folder.digests import Digests
from onrecord.folder.manifest import (
    NAME,
    Filed,
    Manifest,
    Published,
    Scan,
    check_paths,
    name_release,
    read_name,
    scan,
)
from onrecord.folder.standing import current, damaged, look, previous
from onrecord.folder.swap import Home, forget_previous, recover, settle, swap
from onrecord.model.problem import Place, Problem, UserError

__all__ = [
    "Entry",
    "Kept",
    "Laid",
    "Manifest",
    "Published",
    "Scan",
    "current",
    "damaged",
    "forget_previous",
    "lay",
    "look",
    "previous",
    "publish",
    "recover",
    "rollback",
]

_FOREIGN: Final = "the folder public/ is not a release that Onrecord made, so it is left alone"


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry that is the current release's file of the same path, unchanged."""


@dataclass(frozen=True, slots=True)
class Laid:
    """An entry that `lay` has written already: the file that is moved into the release, and what is in it.

    There are many, so the file is no more than its name.
    """

    file: str
    sha256: str
    size_bytes: int


Entry = bytes | Path | Kept | Laid
"""Bytes to write, a file to link (media in a cache), what is there already, or what was laid ready."""


def lay(root: Path, entries: Mapping[str, Entry]) -> dict[str, Entry]:
    """Write what is bytes to disk, where it waits for `publish`; so nobody holds a whole site in memory.

    The caller holds the writer lock, or works for who does. What `publish` does not take is deleted by it.
    """
    home = Home(root)
    laid: dict[str, Entry] = {}
    for path, entry in entries.items():
        laid[path] = entry
        if isinstance(entry, bytes):
            file = home.ready / path
            with disk.named(file):
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(entry)
            laid[path] = Laid(str(file), files.digest(entry), len(entry))
    return laid


def publish(
    root: Path,
    entries: Mapping[str, Entry],
    receipt: Mapping[str, Any],
    *,
    keep_old: bool = True,
    found: Scan | None = None,
) -> Published:
    """Make `public/` consist of exactly these files, all at once.

    Args:
        root: the series folder, whose writer lock the caller holds.
        entries: path under public/ (with `/`) to content.
        receipt: plain JSON kept with the manifest, not published and no part of the release's name.
        keep_old: keep the release that stood there, one step back; False where something is taken down.
        found: what `look` found in public/ just now; it is looked at again where that is not known.

    Returns:
        The release; `changed` is False where it is the one that stood there already.

    Raises:
        UserError: public/ is not ours, paths collide, or a kept file is no longer there.
        OSError: the disk did not take it; the old release stands.
    """
    try:
        published = _publish(root, entries, receipt, keep_old=keep_old, found=found)
    except BaseException:
        with contextlib.suppress(OSError):
            files.remove(Home(root).ready)
        raise
    try:
        files.remove(Home(root).ready)
    except OSError as error:  # the new site stands; what could not be cleared is, the next time
        published = replace(published, problems=(*published.problems, _late(error)))
    return published


def _publish(
    root: Path,
    entries: Mapping[str, Entry],
    receipt: Mapping[str, Any],
    *,
    keep_old: bool,
    found: Scan | None,
) -> Published:
    home = Home(root)
    recover(root, keep_ready=True)
    _ours(home.public)
    staged, filed, written = -1, dict[str, Filed](), 0
    old = current(root)
    if not (old and entries.keys() <= old.files.keys()):  # those were looked at when they were published
        check_paths(entries)
    if found is None or found.manifest is not old:
        found = scan(home.public, old) if old else None
    good = found.good if found else {}
    with disk.named(home.public), Digests(root) as digests:
        wanted = {path: _measure(path, entry, good, digests) for path, entry in sorted(entries.items())}
    release = name_release(wanted)
    if old and old.release == release and found and not found.damaged:
        if old.receipt != receipt:
            files.save(home.manifest(release), Manifest(release, old.files, receipt).write())
        return Published(release, changed=False, files=good)
    try:
        filed, written = _build(home, release, entries, wanted, good)
        files.save(home.manifest(release), Manifest(release, filed, receipt).write())
        staged = home.stage.stat().st_ino
        swap(home, home.stage, keep_old=keep_old)
        problems = settle(home)
        if keep_old and 2 * written > len(filed):
            # To make most of a site takes its time: that the next correction is quick is worth a little more.
            spare.fill(home.spare, home.public)
    except OSError as error:
        with contextlib.suppress(OSError):
            recover(root)
        if not (home.public.exists() and home.public.stat().st_ino == staged):
            raise
        problems = (_late(error),)
    return Published(release, True, written, len(filed) - written, problems, filed)


def rollback(root: Path) -> Published:
    """Put the previous release back; doing it twice changes nothing.

    Raises:
        UserError: there is no release to go back to.
    """
    home = Home(root)
    recover(root)
    if not _ours(home.public) or not read_name(home.previous):
        says = "there is no earlier release to go back to"
        raise UserError(
            (Problem(Place("public"), says, "one step back is kept, and none across a take-down"),)
        )
    swap(home, home.previous)
    recover(root)
    return Published(read_name(home.public) or "", changed=True)


def _ours(public: Path) -> bool:
    """Is there a release in public/? Refused if there is something else, which is somebody's."""
    if read_name(public):
        return True
    if public.is_symlink() or (public.exists() and not (public.is_dir() and not any(public.iterdir()))):
        raise UserError(
            (Problem(Place("public"), _FOREIGN, "move it elsewhere, or publish from another folder"),)
        )
    return False


def _measure(path: str, entry: Entry, good: Mapping[str, Filed], digests: Digests) -> tuple[str, int]:
    """The sha256 and the size in bytes of an entry."""
    if isinstance(entry, bytes):
        return files.digest(entry), len(entry)
    if isinstance(entry, Laid):
        return entry.sha256, entry.size_bytes
    if isinstance(entry, Path):
        found = digests.of(entry)
        if found is None:
            raise FileNotFoundError(2, os.strerror(2), str(entry))
        return found, entry.stat().st_size
    if path not in good:
        says = "this file of the current release is missing or was changed by hand"
        raise UserError((Problem(Place(f"public/{path}"), says, "build the whole site anew"),))
    return good[path].sha256, good[path].size_bytes


def _build(
    home: Home,
    release: str,
    entries: Mapping[str, Entry],
    wanted: Mapping[str, tuple[str, int]],
    good: Mapping[str, Filed],
) -> tuple[dict[str, Filed], int]:
    """Make the whole release in the stage and sync it: its files, and how many were written anew."""
    files.make_folder(home.releases)
    filed = {
        path: good[path]
        for path, (sha256, _) in wanted.items()
        if path in good and good[path].sha256 == sha256
    }
    there = spare.begin(home.stage, home.spare, home.public, filed)
    written = 0
    folders = {home.stage: None}
    fresh: list[Path] = []
    for path, (sha256, size_bytes) in wanted.items():
        if path in there:
            continue
        target = home.stage / path
        _make_folders(target.parent, folders)
        entry = entries[path]
        if path in filed:
            if disk.link_or_copy(home.public / path, target):
                continue
            written += 1
        elif isinstance(entry, Path):
            written += not disk.link_or_copy(entry.resolve(), target)
        elif isinstance(entry, Laid):
            with disk.named(target):
                Path(entry.file).rename(target)
            written += 1
        else:
            assert isinstance(entry, bytes)  # noqa: S101 - a kept file is good, or _measure refused it
            with disk.named(target), target.open("xb") as file:  # never into a file that public/ shares
                file.write(entry)
            written += 1
        fresh.append(target)
        filed[path] = Filed(sha256, size_bytes, target.stat().st_mtime_ns)
    with disk.named(home.stage / NAME), (home.stage / NAME).open("xb") as file:
        file.write(json.dumps({"release": release}).encode() + b"\n")
    fresh.append(home.stage / NAME)
    disk.sync_all(fresh, reversed(folders))
    disk.sync_folder(home.releases)
    return filed, written


def _make_folders(folder: Path, changed: dict[Path, None]) -> None:
    """Make a folder and those above it; add those that change, above before below."""
    if folder in changed:
        return
    if not folder.is_dir():
        _make_folders(folder.parent, changed)
        folder.mkdir()
    changed[folder] = None


def _late(error: OSError) -> Problem:
    says = (
        f"published, but the clean-up failed: {error.strerror} ({error.filename}); the next run finishes it"
    )
    return Problem(Place("public"), says, grave=False)
