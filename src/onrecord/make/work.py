"""What happens on a worker: one job in, one receipt or failure out, and nothing ever raised across."""

from __future__ import annotations

import errno
import importlib
import json
import os
import secrets
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

from onrecord.folder import disk, files
from onrecord.make.step import Failure, Job, Receipt, Task, Work, read_problem
from onrecord.model.problem import Place, Problem, UserError

PROGRESS: Final = ".progress"
RUNNING: Final = ".running"
STOP: Final = ".stop"
_KEY: Final = ".key"
_TELL_EVERY_S: Final = 0.25
_THE_MACHINES_FAULT: Final = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EROFS,
        errno.EACCES,
        errno.EPERM,
        errno.EIO,
        errno.EMFILE,
        errno.ENFILE,
        errno.ESTALE,
        errno.ETIMEDOUT,
    }
)


class Stopped(BaseException):
    """Raised by `tell` where a step is to stop, past whatever it catches on its way."""


def carry_out(job: Job) -> Receipt | Failure:
    """Do one job on this thread, process or machine. Writes nothing but the task's scratch folder."""
    task = job.task
    failure = Failure(task.step, task.unit)
    try:
        return _carry_out(job)
    except (Stopped, KeyboardInterrupt):
        return replace(failure, stopped=True)
    except UserError as error:
        return replace(failure, problems=error.problems)
    except BaseException as error:  # noqa: BLE001 - an exception that crossed could kill the pool
        cause = _blame_the_machine(error, task.unit)
        return replace(failure, problems=cause) if cause else replace(failure, trace=traceback.format_exc())


def _blame_the_machine(error: BaseException, unit: str) -> tuple[Problem, ...]:
    """The cause that somebody can mend, if it is neither the user's mistake nor ours."""
    if isinstance(error, MemoryError):
        return (
            Problem(Place(unit), "this needs more memory than the computer has free", "close other programs"),
        )
    if isinstance(error, OSError) and error.errno in _THE_MACHINES_FAULT:
        return (files.problem_of(error, "" if error.filename else unit),)
    return ()


def _carry_out(job: Job) -> Receipt:
    began = time.monotonic()
    task = job.task
    mine = _enter(task.scratch, job.key)
    params = json.loads(task.params)
    needs = tuple(task.folder / path for path in task.needs)
    work = Work(task.folder, needs, task.scratch, params, _teller(task.scratch, mine))
    told = _find(task.do)(work) or {}
    facts = json.loads(json.dumps(dict(told), allow_nan=False))  # what is not plain data is found out here
    problems = tuple(read_problem(plain) for plain in facts.pop("problems", ()))
    made = {path: _product(task, path) for path in task.makes}
    digests = dict(zip(task.needs, job.needs, strict=True))
    seconds = time.monotonic() - began
    return Receipt(task.step, task.version, job.key, digests, params, made, facts, seconds, problems)


def _enter(scratch: Path, key: str) -> str:
    """Take over the scratch folder: as it was left, if it was left by the same job.

    Returns the note that says whose it is now.
    """
    if (scratch / STOP).exists():
        raise Stopped
    if not (scratch / _KEY).exists() or (scratch / _KEY).read_text() != key:
        files.remove(scratch)
        scratch.mkdir(parents=True)
        files.jot(scratch / _KEY, key.encode())
    mine = f"{os.getpid()} {secrets.token_hex(8)}"
    files.jot(scratch / RUNNING, mine.encode())
    return mine


def _find(do: str) -> Callable[[Work], Mapping[str, Any] | None]:
    module, _, name = do.partition(":")
    return cast("Callable[[Work], Mapping[str, Any] | None]", getattr(importlib.import_module(module), name))


def _product(task: Task, path: str) -> str:
    """The sha256 of a finished product, which is then on the disk."""
    draft = task.draft(path)
    made = files.digest_file(draft)
    if made is None:
        raise RuntimeError(f"{task.do} did not write {draft.name} into its scratch folder")
    disk.sync_file(draft)
    return made


def _teller(scratch: Path, mine: str) -> Callable[[float, float, str], None]:
    """A `tell` that leaves a note for the runner at most four times a second, and looks for its stop sign.

    It also stops where the scratch folder has passed to another: on a cluster, a worker that fell silent may
    come back when its runner has ended or its job has been given anew.
    """
    last = float("-inf")

    def tell(done: float, total: float, what: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < _TELL_EVERY_S:
            return
        last = now
        if (scratch / STOP).exists() or not _is(scratch / RUNNING, mine):
            raise Stopped
        files.jot(scratch / PROGRESS, json.dumps([done, total, what]).encode())

    return tell


def _is(note: Path, says: str) -> bool:
    try:
        return note.read_text() == says
    except FileNotFoundError:
        return False
