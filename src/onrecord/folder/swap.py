"""How a finished release and `public/` change places, and how an interrupted exchange is finished or undone.

**Order.** When the stage is complete and synced, the note `publishing.json` says which folder is about
to change places with `public/`, by its name and inode. Then they are exchanged in one step. What
follows (the old release becomes `previous`, the one before it goes) can fail or be cut off without harm:
whether the exchange happened is seen from `public/` itself, so the next start finishes the work or
throws the stage away. Where a system cannot exchange two folders it takes two renames, and the same
note says how to go on between them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onrecord.folder import disk, files, spare
from onrecord.folder.manifest import read_manifest, read_name, strays
from onrecord.model.problem import Place, Problem


@dataclass(frozen=True, slots=True)
class Home:
    """Where the parts of publishing live in the series folder `root`."""

    root: Path

    @property
    def public(self) -> Path:
        """The newest release."""
        return self.root / "public"

    @property
    def releases(self) -> Path:
        """The machine's folder for the rest."""
        return self.root / files.OWN / "releases"

    @property
    def stage(self) -> Path:
        """The next release while it is made."""
        return self.releases / "stage"

    @property
    def ready(self) -> Path:
        """Files that were made for the next release and wait for it."""
        return self.releases / "ready"

    @property
    def previous(self) -> Path:
        """The release one step back."""
        return self.releases / "previous"

    @property
    def spare(self) -> Path:
        """What the next release can be put together in (spare.py)."""
        return self.releases / "spare"

    @property
    def out(self) -> Path:
        """Where public/ waits between two renames."""
        return self.releases / "out"

    @property
    def trash(self) -> Path:
        """What is being deleted."""
        return self.releases / "trash"

    @property
    def note(self) -> Path:
        """Which folder is about to change places with public/."""
        return self.releases / "publishing.json"

    def manifest(self, release: str) -> Path:
        """The manifest of a release."""
        return self.releases / f"{release}.json"


def swap(home: Home, side: Path, *, keep_old: bool = True) -> None:
    """Let `side` (the stage, or the previous release) become public/, and public/ take its place.

    With `keep_old=False` the note says that the old release is to be deleted, also by whoever recovers.
    """
    note = {"with": side.name, "release": read_name(side), "inode": side.stat().st_ino, "keep": keep_old}
    files.save(home.note, json.dumps(note).encode())
    if not read_name(home.public):
        disk.move(side, home.public)  # the first release: at most an empty folder is in its way
    elif disk.exchange(side, home.public):
        disk.sync_folder(home.root)
        disk.sync_folder(home.releases)
    else:
        disk.move(home.public, home.out)
        disk.move(side, home.public)
        disk.move(home.out, side)


def settle(home: Home) -> tuple[Problem, ...]:
    """After the stage became public/: the old release is one step back, of what is older the spare is left.

    Returns:
        Warnings about files that somebody else had put into public/.
    """
    found: tuple[Problem, ...] = ()
    if home.stage.exists():
        found = _save_strays(home, home.stage)
        files.remove(home.trash)
        keeps = _keeps(home)
        same = read_name(home.stage) == read_name(home.public)  # a repaired release is no step
        if home.previous.exists() and not (same and keeps):
            files.remove(home.spare)
            disk.move(home.previous, home.spare if keeps else home.trash)
        if same or not keeps:
            files.remove(home.trash)
            disk.move(home.stage, home.trash)
        else:
            disk.move(home.stage, home.previous)
    if home.note.exists() and not _keeps(home):
        files.remove(home.spare)
    spare.strip(home.spare, home.public)
    clean(home)
    files.remove(home.note)  # last: whatever was cut off before is done again by `recover`
    return found


def _keeps(home: Home) -> bool:
    """Whether the old release is to be kept one step back, as the note says."""
    return bool(json.loads(home.note.read_bytes()).get("keep", True))


def recover(root: Path, *, keep_ready: bool = False) -> None:
    """Finish or undo what an interrupted publication or rollback left; mostly there is nothing to do.

    The caller holds the writer lock. With `keep_ready` what waits for the next release is left where it is.
    """
    home = Home(root)
    if not keep_ready:
        files.remove(home.ready)
    files.sweep(home.releases)
    if home.note.exists():
        note: dict[str, Any] = json.loads(home.note.read_bytes())
        side = home.previous if note["with"] == home.previous.name else home.stage
        if home.out.exists():
            if not home.public.exists():
                disk.move(side if side.exists() else home.out, home.public)
            if home.out.exists():
                disk.move(home.out, side)
        if side == home.stage and _is_exchanged(home, note):
            settle(home)
            return
        if side == home.previous:
            _save_strays(home, side)
            spare.strip(home.spare, home.public)
        files.remove(home.note)
    if home.stage.exists() or home.trash.exists():
        files.remove(home.stage)
        clean(home)


def _is_exchanged(home: Home, note: Mapping[str, Any]) -> bool:
    """Is the stage of the note in public/ by now? By its inode or, in a copied series folder, by its name."""
    if home.public.exists() and home.public.stat().st_ino == note["inode"]:
        return True
    release: str | None = note["release"]
    return read_name(home.public) == release and read_name(home.stage) != release


def forget_previous(root: Path) -> None:
    """Delete the release kept for one step back, for a take-down: nothing leads to it any more.

    The caller holds the writer lock.
    """
    home = Home(root)
    recover(root)
    files.remove(home.spare)
    if home.previous.exists():
        _save_strays(home, home.previous)
        disk.move(home.previous, home.trash)
    clean(home)


def clean(home: Home) -> None:
    """Delete what belongs to no release that is kept."""
    files.remove(home.trash)
    keep = {f"{read_name(folder)}.json" for folder in (home.public, home.previous)} | {home.note.name}
    for path in home.releases.glob("*.json"):
        if path.name not in keep:
            files.remove(path)


def _save_strays(home: Home, folder: Path) -> tuple[Problem, ...]:
    """Files that somebody put into public/ are not ours to delete: they are moved where they can be found."""
    release = read_name(folder)
    if release is None or not home.manifest(release).exists():
        return ()
    manifest = read_manifest(home.manifest(release))
    problems = []
    for path in strays(folder, manifest):
        target = home.root / files.OWN / "strays" / path
        files.make_folder(target.parent)
        disk.move(folder / path, target)
        says = f"this file is no part of the site; it was moved to {files.OWN}/strays/{path}"
        hint = "public/ is made anew each time: keep files of your own elsewhere"
        problems.append(Problem(Place(f"public/{path}"), says, hint, grave=False))
    return tuple(problems)
