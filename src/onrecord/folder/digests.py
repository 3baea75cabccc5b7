"""Remembered digests: a file whose size, time and inode are unchanged need not be read again.

The trap is a file that is written twice within one tick of the file system's clock: its second
content has the same size and time as the first. Git's answer is to distrust an entry as young as the
index itself. Ours is the same, measured at the moment of reading: a digest is remembered only if the
file had then been left alone for `SETTLED_NS`, longer than a tick of any file system in use.
Within one process the young ones serve too: the next process reads again.
A remembered digest may save reading; it never decides whether a file may be overwritten.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from onrecord.folder import files

SETTLED_NS: Final = 2_000_000_000
"""FAT counts in steps of two seconds; every other file system in finer ones."""


class Digests:
    """The digests of a series folder's files, remembered in `.onrecord/digests.json`.

    Use it as a context manager: what was learnt is written at the end. Losing the memory costs time only.
    """

    def __init__(self, root: Path) -> None:
        """`root` is the series folder."""
        self._root = root.resolve()
        self._above = f"{self._root}/"
        self._path = root / files.OWN / "digests.json"
        self._known = self._read()
        self._young: dict[str, tuple[int, int, int, str]] = {}  # good enough until this process ends
        self._there: set[str] = set()  # names of files that were seen to be there
        self._learnt = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):  # a memory that cannot be kept is no reason to fail
            self.save()

    def of(self, path: Path) -> str | None:
        """The sha256 of a file; read only if it is not surely the same as last time. None: no file."""
        name = self._name(path)
        try:
            before = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            self._learnt = self._known.pop(name, None) is not None or self._learnt
            return None
        self._there.add(name)
        known = self._known.get(name) or self._young.get(name)
        if known is not None and known[:3] == _marks(before):
            return known[3]
        read_ns = time.time_ns()
        found = files.digest_file(path)
        if found is None:
            return None
        entry = (*_marks(before), found)
        settled = before.st_mtime_ns + SETTLED_NS <= read_ns
        if settled and path.exists() and _marks(path.stat()) == _marks(before):
            self._known[name] = entry
            self._learnt = True
        else:
            self._learnt = self._known.pop(name, None) is not None or self._learnt
            self._young[name] = entry
        return found

    def of_row(self, row: tuple[str, int, int, int]) -> str | None:
        """The same of a file that was looked at just now: its whole path, size, time in ns and inode."""
        path, *marks = row
        name = path.removeprefix(self._above)
        known = self._known.get(name)
        if known is None or [*known[:3]] != marks:
            return self.of(Path(path))
        self._there.add(name)
        return known[3]

    def save(self) -> None:
        """Write down what was learnt, without files that are gone; one that was just seen is not."""
        if not self._learnt:
            return
        known = self._read() | self._known  # what another one learnt meanwhile is kept
        # Thousands of files: plain text is much faster than a Path. A file elsewhere has its whole path.
        whole = {n: n if n[0] == "/" else self._above + n for n in known.keys() - self._there}
        gone = {name for name, path in whole.items() if not os.path.exists(path)}  # noqa: PTH110
        self._known = {name: entry for name, entry in known.items() if name not in gone}
        files.save(self._path, json.dumps(self._known, separators=(",", ":"), sort_keys=True).encode())
        self._learnt = False

    def _read(self) -> dict[str, tuple[int, int, int, str]]:
        with contextlib.suppress(OSError, ValueError, TypeError, IndexError, AttributeError):
            read = json.loads(self._path.read_bytes())
            return {str(k): (int(v[0]), int(v[1]), int(v[2]), str(v[3])) for k, v in read.items()}
        return {}  # lost or damaged: files are read again

    def _name(self, path: Path) -> str:
        absolute = path if path.is_absolute() else path.absolute()
        with contextlib.suppress(ValueError):
            return absolute.relative_to(self._root).as_posix()
        return absolute.as_posix()


def _marks(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ino
