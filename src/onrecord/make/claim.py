"""On a worker of a cluster: a job that was sent out is done once, and from the files that were meant.

**Once.** A scheduler sends a job out again when its worker died, when a finished answer was lost together
with a worker, or when a worker fell silent and was taken for dead. It does so on its own, as often as it was
set up to. But how often a job may take its worker with it is the runner's to say (`make/run.py`). So every
sending has a *claim*: a file in a folder that all machines see, made by the first worker that takes the job
up, in the one way that only one can succeed. Whoever comes second does not do the job again: it hands over
the first one's answer, if that came so far as to leave one, or says that the first one is gone. The runner
takes back what has not begun in the same way: it makes the claim itself.

**From the files that were meant.** Machines that share a file system keep what they have lately seen of it,
and may for some seconds miss a file, or see the one before. So the runner says how large and how old each
input is, and the worker waits until it sees just that.

Nothing here needs the cluster's library, and nothing is imported that a worker must not have.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import socket
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from onrecord.folder import files
from onrecord.make.step import Failure, Job, Receipt
from onrecord.model.problem import Place, Problem

_PATIENCE_S: Final = 60.0
"""As long as a network file system keeps what it has seen, unless it was told otherwise."""
_LOOK_EVERY_S: Final = 0.5

Marks = tuple[tuple[str, int, int], ...]
"""Of each input its path, its size in bytes, and when it was last written, in whole seconds."""


class Gone(BrokenExecutor):
    """Whoever had claimed a job is no more (it pickles)."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do what was sent out once; `path` is a file that nobody has made yet."""

    path: str

    def take(self, who: str) -> bool:
        """Make the claim in somebody's name; False where it was made before.

        Raises:
            OSError: the folder is not there.
        """
        try:
            fd = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
        except FileExistsError:
            return False
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            file.write(who)
        return True

    def holder(self) -> str:
        """Who made it; empty where nobody has."""
        with contextlib.suppress(OSError):
            return Path(self.path).read_text("utf-8")
        return ""

    def leave(self, answer: object) -> None:
        """Leave the answer, for the case that it is lost on its way; not where the runner has gone."""
        with contextlib.suppress(OSError):
            files.jot(Path(self.path + ".answer"), pickle.dumps(answer))

    def left(self) -> Any:
        """The answer that was left, or None."""
        with contextlib.suppress(OSError):
            return pickle.loads(Path(self.path + ".answer").read_bytes())  # noqa: S301 - our own, as all that comes from the scheduler
        return None


def marks(job: Job) -> Marks:
    """How the inputs of a job look from here."""
    found = []
    for path in job.task.needs:
        file = job.task.folder / path
        with contextlib.suppress(OSError):  # it is just now gone: the step will say so
            stat = file.stat()
            found.append((str(file), stat.st_size, int(stat.st_mtime)))
    return tuple(found)


def do_once(claim: Claim, seen: Marks, fn: Callable[[Job], Receipt | Failure], job: Job) -> Receipt | Failure:
    """On a worker: do a job unless that was tried before under the same claim.

    Raises:
        Gone: it was tried, and there is no answer.
    """
    me = worker_name()
    try:
        mine = _patiently(lambda: claim.take(me))
    except OSError:
        return _sees_not(job, me, str(Path(claim.path).parents[3]))
    if not mine:
        answer = claim.left()
        if answer is None:
            raise Gone(f"{claim.holder() or 'the runner'} had begun {job.task.step} of {job.task.unit}")
        return answer  # type: ignore[no-any-return]  # what `leave` left
    for path, size_bytes, written_s in seen:
        if not _comes_to_be(path, size_bytes, written_s):
            return _sees_not(job, me, path)
    came = fn(job)
    claim.leave(came)
    return came


def worker_name() -> str:
    """The address of this worker, by which the scheduler and the person who started it know it."""
    with contextlib.suppress(ImportError, ValueError):
        from distributed import get_worker  # noqa: PLC0415 - only a cluster's worker has it

        return str(get_worker().address)
    return f"{socket.gethostname()}, process {os.getpid()}"


def _patiently(act: Callable[[], bool]) -> bool:
    """Act, and again for a while as long as the file system says that it cannot be done."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            return act()
        except OSError:
            if time.monotonic() > until:
                raise
        time.sleep(_LOOK_EVERY_S)


def _comes_to_be(path: str, size_bytes: int, written_s: int) -> bool:
    """Whether a file is, or within a while becomes, the one that was meant, or a younger one."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        with contextlib.suppress(OSError), Path(path).open("rb") as file:  # opening makes it look anew
            stat = os.fstat(file.fileno())
            written = int(stat.st_mtime)
            # A younger one is none that lingers: somebody has changed it, and the next build will see that.
            if written > written_s or (written, stat.st_size) == (written_s, size_bytes):
                return True
        if time.monotonic() > until:
            return False
        time.sleep(_LOOK_EVERY_S)


def _sees_not(job: Job, who: str, path: str) -> Failure:
    says = f"the worker {who} does not see {path} as the runner does"
    hint = "the series folder must lie on a file system that every machine has at the same path"
    return Failure(job.task.step, job.task.unit, (Problem(Place(job.task.unit), says, hint),))
