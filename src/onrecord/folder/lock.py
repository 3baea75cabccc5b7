"""One writer at a time in a series folder: a lock that says who holds it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from onrecord.folder import files

_open: set[int] = set()


@dataclass(frozen=True, slots=True)
class Holder:
    """Who writes: process, machine, the verb it carries out, and since when (ISO 8601, UTC)."""

    pid: int
    host: str
    verb: str
    since: str


class Busy(Exception):  # noqa: N818 - it reads as what is the case
    """Another process writes in this series folder (it pickles); `who` is None if it left no name."""

    def __init__(self, who: Holder | None) -> None:
        super().__init__(who)
        self.who = who

    def __str__(self) -> str:
        if self.who is None:
            return "somebody else is writing in this series folder"
        return (
            f"`onrecord {self.who.verb}` is writing in this series folder"
            f" (process {self.who.pid} on {self.who.host}, since {self.who.since})"
        )


@contextlib.contextmanager
def writer(root: Path, verb: str) -> Iterator[None]:
    """Hold the writer lock of a series folder while the block runs. Readers never lock.

    The kernel's `flock` decides, so a lock file left by a crash locks nobody out; what stands in the
    file only says who holds it. Processes forked while it is held do not hold it on.

    Raises:
        Busy: somebody else holds it.
    """
    path = root / files.OWN / "lock"
    files.make_folder(path.parent)
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    _open.add(fd)
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(_read(fd)) from None
        me = Holder(os.getpid(), os.uname().nodename, verb, datetime.now(UTC).isoformat(timespec="seconds"))
        with contextlib.suppress(OSError):  # on a full disk the lock holds without a name
            os.ftruncate(fd, 0)
            os.pwrite(fd, json.dumps(asdict(me)).encode(), 0)
        files.sweep(path.parent)
        yield
    finally:
        if fd in _open:
            _open.discard(fd)
            fcntl.flock(fd, fcntl.LOCK_UN)  # at once, also for a child that was forked this very moment
            os.close(fd)


def _read(fd: int) -> Holder | None:
    try:
        return Holder(**json.loads(os.pread(fd, 4096, 0)))
    except (ValueError, TypeError):  # the holder is just writing its name
        return None


def _let_go() -> None:
    """In a forked child: close the lock, so that a worker that outlives its runner locks nobody out."""
    for fd in _open:
        os.close(fd)
    _open.clear()


os.register_at_fork(after_in_child=_let_go)
