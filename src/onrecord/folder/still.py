"""Whether anything at all changed since the last build, told from sizes and times without reading a file.

After a build in which all is well `.onrecord/still.json` keeps one digest over every file that could change
the site (its path, size, time and inode) and every file of the site (as its manifest knows it). While that
digest is the same and no episode's day has come, there is nothing to build. In doubt nothing is kept, and
the next build looks at everything, as it does where the file is lost.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Final

from onrecord.folder import files
from onrecord.folder.digests import SETTLED_NS

NAME: Final = "still.json"
_ABSENT: Final = -1
_CACHES: Final = {"cache", "__pycache__"}

Row = tuple[str, int, int, int]
"""A file's path, size, time in ns and inode."""
FOLDER: Final = (0, 0, 0)
"""What stands in their place for a folder."""


@dataclass(frozen=True, slots=True)
class Still:
    """What stood after a build: `stamp` is the digest of all, `seen` that of the episodes and the theme.

    `release` is what is in public/.

    `series` are the files, from the series folder, that every page depends on, `kept` counts the episodes;
    all of it holds from `begins` until before `ends` (Unix time in seconds).
    """

    stamp: str
    seen: str
    release: str
    quick: bool
    series: tuple[str, ...]
    kept: int
    begins: float
    ends: float


@dataclass(frozen=True, slots=True)
class Look:
    """The episodes and the theme as they stood when they were looked at, and when that was."""

    digest: str
    newest_ns: int
    began_ns: int
    episodes: Mapping[str, Sequence[Row]]
    """The rows of each episode's folder, by its path."""


def look(root: Path) -> Look:
    """Look at the files of the episodes and of the theme; not at caches, proposals and hidden files."""
    began = time.time_ns()
    found: list[Row] = []
    own: dict[str, list[Row]] = {}
    episodes = str(root / "episodes")
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        folders = [f"{episodes}/{name}" for name in sorted(os.listdir(episodes)) if name[0] != "."]  # noqa: PTH208 - see _row
        found += [(folder, *FOLDER) for folder in folders]
        own = {folder: rows(folder, own=True) for folder in folders}
        found += chain.from_iterable(own.values())
    found += rows(str(root / "theme"))
    return Look(_digest(found), _newest(found), began, own)


def site_digest(files: Iterable[tuple[str, int, int]]) -> str:
    """The digest of a site's files, each with its path, size in bytes and time in ns."""
    return _digest(sorted(files), "qq")


def stamp(seen: Look, program: str, root: Path, series: Iterable[str], site: str) -> str:
    """The digest of all; empty where a file is so young that it may change again without a trace."""
    found = [_row(str(root / name)) for name in series]
    if max(seen.newest_ns, _newest(found)) + SETTLED_NS > seen.began_ns:
        return ""
    all_of_it = f"{program} {seen.digest} {_digest(found)} {site}"
    return sha256(all_of_it.encode()).hexdigest()


def read(target: Path) -> Still | None:
    """What stood after the last build of a target; None where nobody knows."""
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        told = json.loads((target / files.OWN / NAME).read_bytes())
        return Still(**told | {"series": tuple(told["series"])})
    return None


def write(target: Path, still: Still) -> None:
    """Keep what stands; a disk that does not take it costs time only."""
    with contextlib.suppress(OSError):
        files.save(target / files.OWN / NAME, json.dumps(asdict(still)).encode())


def _digest(found: Sequence[tuple[str, *tuple[int, ...]]], kinds: str = "qqQ") -> str:
    # Column by column, because there may be tens of thousands of rows. No path holds a NUL.
    paths: tuple[str, ...]
    paths, *columns = zip(*found, strict=True) if found else ((), *((),) * len(kinds))
    told = sha256("\0".join((str(len(paths)), *paths)).encode("utf-8", "surrogatepass"))
    for kind, column in zip(kinds, columns, strict=True):
        try:
            told.update(array(kind, column))
        except OverflowError:  # a file from the year 2300
            told.update(repr(column).encode())
    return told.hexdigest()


def _newest(found: Iterable[Row]) -> int:
    return max((row[2] for row in found), default=0)


def _row(path: str) -> Row:
    try:
        found = os.stat(path)  # noqa: PTH116 - thousands of files: plain text is much faster than a Path
    except OSError:
        return (path, _ABSENT, 0, 0)
    return (path, found.st_size, found.st_mtime_ns, found.st_ino)


def rows(folder: str, *, own: bool = False) -> list[Row]:
    """Every file below a folder; of `own` ones, without what an episode does not depend on.

    They come in the disk's order, which stands while nothing is made or deleted there.
    """
    found: list[Row] = []
    left = [folder]
    while left:
        try:
            with os.scandir(at := left.pop()) as entries:
                for entry in entries:
                    name, path = entry.name, entry.path
                    if own and (name[0] == "." or name in _CACHES or ".new." in name):
                        continue
                    try:
                        if entry.is_dir():
                            found.append((path, *FOLDER))
                            left.append(path)
                            continue
                        about = entry.stat()
                    except OSError:  # a link to nowhere, or to itself
                        found.append((path, _ABSENT, 0, 0))
                    else:
                        found.append((path, about.st_size, about.st_mtime_ns, about.st_ino))
        except OSError:  # no folder, or a file where one should be
            found.append(_row(at))
    return found
