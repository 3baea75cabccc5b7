"""The spare: a folder that holds most of public/ a second time, so that the next release is not linked anew.

A thousand episodes are some sixteen thousand files, of which a correction changes twenty. So the release
before the last is not deleted: it is stripped of all that is not the very file (the same inode) that has the
same path in public/, and the next release is put together in what remains. A crash on the way costs only the
spare, as it is neither public/ nor the release one step back. It never holds what public/ does not hold, so
nothing that left public/ lives on in it. Where files cannot be linked nothing remains, and there is no spare.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection
from pathlib import Path

from onrecord.folder import disk, files


def begin(stage: Path, spare: Path, public: Path, kept: Collection[str]) -> set[str]:
    """Make the folder of the next release, with what the spare has of what is kept: the paths."""
    there = strip(spare, public, kept)
    if there:
        spare.rename(stage)
    else:
        stage.mkdir()
    return there


def strip(spare: Path, public: Path, stays: Collection[str] | None = None) -> set[str]:
    """Delete from a spare what is not public's own file of the same path, and folders that are then empty.

    Args:
        spare: The folder; it may be stripped to nothing.
        public: The release in public/.
        stays: The paths that may stay; None for all.

    Returns:
        The paths of what is left, with `/`. The folders that changed are synced.
    """
    left: set[str] = set()
    if spare.exists() and public.exists() and spare.stat().st_dev == public.stat().st_dev:
        _strip(str(spare), str(public), "", stays, left)
    if not left:
        files.remove(spare)
    return left


def _strip(spare: str, public: str, above: str, stays: Collection[str] | None, left: set[str]) -> bool:
    try:
        with os.scandir(public) as entries:
            there = {e.name: e.inode() for e in entries if not e.is_dir(follow_symlinks=False)}
    except (FileNotFoundError, NotADirectoryError):
        there = {}
    with os.scandir(spare) as entries:
        mine = list(entries)
    gone = 0
    for entry in mine:
        path = above + entry.name
        if entry.is_dir(follow_symlinks=False):
            if not _strip(entry.path, f"{public}/{entry.name}", f"{path}/", stays, left):
                os.rmdir(entry.path)  # noqa: PTH106 - thousands of files: plain text is much faster than a Path
                gone += 1
        elif there.get(entry.name) == entry.inode() and (stays is None or path in stays):
            left.add(path)
        else:
            os.unlink(entry.path)  # noqa: PTH108 - the same
            gone += 1
    if gone:
        disk.sync_folder(Path(spare))
    return gone < len(mine)


def fill(spare: Path, public: Path) -> None:
    """Link into a spare whatever it lacks, and sync its folders; where that cannot be, there is none."""
    folders: list[Path] = []
    try:
        _fill(str(spare), str(public), folders)
        disk.sync_all((), reversed(folders))
    except OSError:
        with contextlib.suppress(OSError):
            files.remove(spare)


def _fill(spare: str, public: str, folders: list[Path]) -> None:
    with contextlib.suppress(FileExistsError):
        os.mkdir(spare)  # noqa: PTH102 - see above
    folders.append(Path(spare))
    with os.scandir(public) as entries:
        for entry in entries:
            to = f"{spare}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                _fill(to, entry.path, folders)
            else:
                with contextlib.suppress(FileExistsError):
                    os.link(entry.path, to, follow_symlinks=False)
