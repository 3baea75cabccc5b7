"""Run what is missing or stale, in the order of what needs what, on any executors.

A task begins when every task that makes one of its needs is fresh. Jobs go out through the standard
library's `Executor.submit` with one positional argument; receipts and failures come back. Only this
module moves products from scratch to their place: products first, then, last of all, the receipt. So
a crash anywhere leaves either no receipt (the step runs again) or a whole result.

**Dead workers.** A job whose worker died may have killed it, or stood beside the one that did. All
that had begun run again, each *alone*; one that dies a second time is the culprit and is reported.
The others go on. Where the executor says that its workers stand `apart` (on a cluster), the dead one had one
job only, and that runs again beside the others.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Final, Literal

from onrecord.folder import files
from onrecord.folder.digests import Digests
from onrecord.make.place import place, sweep
from onrecord.make.progress import Event, Progress
from onrecord.make.status import read_needs, status
from onrecord.make.step import Failure, Job, Receipt, Task
from onrecord.make.work import RUNNING, STOP, carry_out
from onrecord.model.problem import Place, Problem

__all__ = ["Event", "Outcome", "Result", "make"]

_POLL_S: Final = 0.2
_GRACE_S: Final = 5.0
"""So long a step may take to notice that it is to stop, before its process is ended."""
_DEATHS: Final = 2

Result = Literal["made", "beside", "failed", "stopped", "blocked", "waiting"]
Name = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task that was not fresh.

    `made`; `beside` (made, and a proposal waits beside a person's file); `failed`; `stopped` (can be
    resumed); `blocked` (a task it builds on did not succeed); `waiting` (an input is not there).
    `says` is one sentence; `failure` has the rest.
    """

    task: Task
    result: Result
    says: str = ""
    receipt: Receipt | None = None
    failure: Failure | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether the step itself went wrong: not whether it was stopped or waits for another."""
        return self.result == "failed"


def make(
    tasks: Iterable[Task],
    executors: Mapping[str, Executor],
    tell: Callable[[Event], None],
    stop: threading.Event,
) -> list[Outcome]:
    """Bring tasks up to date; what is fresh is not touched and not mentioned.

    Args:
        tasks: of any number of units of one series, in any order.
        executors: by what tasks want; `cpu` serves for those that are not named.
        tell: is called on this thread when something begins, goes on or ends.
        stop: set it (from a signal handler) to begin nothing new and interrupt what runs.

    Returns:
        What happened, in the order in which it did.

    Raises:
        graphlib.CycleError: tasks need each other in a circle.
    """
    todo = list(tasks)
    if not todo:
        return []
    with Digests(files.series_folder(todo[0].folder)) as digests:
        return _Run(todo, executors, tell, stop, digests).run()


class _Run:
    """One call of `make`."""

    def __init__(
        self,
        tasks: list[Task],
        executors: Mapping[str, Executor],
        tell: Callable[[Event], None],
        stop: threading.Event,
        digests: Digests,
    ) -> None:
        self._tasks: dict[Name, Task] = {(t.root, t.step): t for t in tasks}
        makers = {t.folder / path: name for name, t in self._tasks.items() for path in t.makes}
        self._ups = {
            name: {makers[t.folder / path] for path in t.needs if t.folder / path in makers}
            for name, t in self._tasks.items()
        }
        self._order = TopologicalSorter(self._ups)
        self._order.prepare()
        self._executors, self._stop, self._digests, self._tell = executors, stop, digests, tell
        self._progress = Progress(tell)
        self._ready: deque[Name] = deque()
        self._pending: deque[Name] = deque()
        self._alone: deque[Name] = deque()
        self._running: dict[Future[Receipt | Failure], Name] = {}
        self._deaths: dict[Name, int] = {}
        self._not_made: set[Name] = set()
        self._outcomes: list[Outcome] = []

    def run(self) -> list[Outcome]:
        stopped_at: float | None = None
        try:
            while self._go_on():
                patience_s = 0 if self._ready else _POLL_S
                done, _ = wait(self._running, timeout=patience_s, return_when=FIRST_COMPLETED)
                self._progress.look(self._tasks[name] for name in self._running.values())
                if self._stop.is_set():
                    stopped_at = self._interrupt(stopped_at)
                for future in done:
                    self._take(future)
        finally:  # a bug above must not leave workers behind that nobody listens to
            for name in self._running.values():
                _show_stop_sign(self._tasks[name])
        return self._outcomes

    def _go_on(self) -> bool:
        """Begin what can begin; False when nothing runs and nothing is left.

        To look at a task means to read its inputs if nobody did. Of a large archive that takes hours, in
        which workers must not stand idle and a stop be heard: so for a moment only, and then on.
        """
        until = time.monotonic() + _POLL_S
        while not self._stop.is_set() and time.monotonic() < until:
            self._ready.extend(self._order.get_ready())
            if not self._ready:
                break
            self._consider(self._ready.popleft())
        self._submit_what_waits()
        return bool(self._running or self._ready or self._pending)

    def _consider(self, name: Name) -> None:
        """Queue a task whose turn it is, unless it is fresh or cannot be made."""
        task = self._tasks[name]
        failed = [self._tasks[up].step for up in sorted(self._ups[name] & self._not_made)]
        found = status(task, self._digests)
        if failed:
            self._end(Outcome(task, "blocked", f"waits for {' and '.join(failed)}"))
        elif found.state == "waiting":
            self._end(Outcome(task, "waiting", found.why))
        elif found.state == "fresh":
            files.remove(task.scratch)  # there is one only if the last run ended between receipt and broom
            self._order.done(name)
        else:
            sweep(task)
            self._pending.append(name)

    def _submit_what_waits(self) -> None:
        if self._stop.is_set():
            self._ready.clear()
            self._pending.clear()
            self._alone.clear()
        elif self._alone:
            if not self._running:
                self._submit(self._alone.popleft())
        else:
            full: set[int] = set()
            for _ in range(len(self._pending)):
                name = self._pending.popleft()
                executor = self._executor(self._tasks[name])
                if id(executor) not in full and not getattr(executor, "has_room", lambda: True)():
                    full.add(id(executor))
                if id(executor) in full:
                    self._pending.append(name)
                else:
                    self._submit(name)

    def _submit(self, name: Name) -> None:
        task = self._tasks[name]
        for sign in (STOP, RUNNING):
            (task.scratch / sign).unlink(missing_ok=True)
        needs = read_needs(task, self._digests)
        job = Job(task, tuple(needs[path] or "" for path in task.needs), task.key(needs))
        try:
            self._running[self._executor(task).submit(carry_out, job)] = name
        except BrokenExecutor as error:
            says = f"{task.step} could not begin: {error}"
            self._end(Outcome(task, "failed", says, failure=Failure(task.step, task.unit)))

    def _executor(self, task: Task) -> Executor:
        return self._executors.get(task.wants) or self._executors["cpu"]

    def _take(self, future: Future[Receipt | Failure]) -> None:
        """Look at what came back."""
        name = self._running.pop(future)
        task = self._tasks[name]
        began = (task.scratch / RUNNING).exists()
        self._progress.forget(task)
        try:
            came = future.result()
        except CancelledError:
            self._end(Outcome(task, "stopped", "not begun"))
        except Exception as error:  # noqa: BLE001 - nothing is raised across: the worker itself is gone
            self._mourn(name, error, began=began)
        else:
            self._end(self._settle(task, came))

    def _settle(self, task: Task, came: Receipt | Failure) -> Outcome:
        if isinstance(came, Receipt):
            try:
                beside = place(task, came)
            except OSError as error:
                problem = files.problem_of(error, task.unit)
                came = Failure(task.step, task.unit, (problem,))
            else:
                says = "a new proposal lies beside your file" if beside else ""
                return Outcome(
                    task, "beside" if beside else "made", says, came, problems=came.problems + beside
                )
        if came.stopped:
            return Outcome(task, "stopped", "interrupted; the next run goes on from here", failure=came)
        if came.problems:
            return Outcome(task, "failed", came.problems[0].says, failure=came, problems=came.problems)
        last_line = came.trace.strip().rpartition("\n")[2]
        return Outcome(task, "failed", f"a mistake in Onrecord: {last_line}", failure=came)

    def _mourn(self, name: Name, error: Exception, *, began: bool) -> None:
        """The worker died: was it this job?"""
        task = self._tasks[name]
        if self._stop.is_set():
            self._end(Outcome(task, "stopped", "interrupted; the next run goes on from here"))
            return
        if not began:
            self._pending.append(name)
            return
        self._deaths[name] = self._deaths.get(name, 0) + 1
        if self._deaths[name] < _DEATHS:
            apart = getattr(self._executor(task), "apart", False)
            (self._pending if apart else self._alone).append(name)
            return
        says = f"{task.step} made its worker process die twice, so it was left out"
        hint = "the file it reads may be damaged, or the computer may be short of memory"
        problem = Problem(Place(task.unit), says, hint)
        failure = Failure(task.step, task.unit, (problem,), repr(error))
        self._end(Outcome(task, "failed", says, failure=failure, problems=(problem,)))

    def _end(self, outcome: Outcome) -> None:
        name = (outcome.task.root, outcome.task.step)
        self._outcomes.append(outcome)
        if outcome.result not in {"made", "beside"}:
            self._not_made.add(name)
        self._order.done(name)
        self._tell(Event(outcome.task.unit, outcome.task.step, outcome.result, outcome.says))

    def _interrupt(self, since: float | None) -> float:
        """Ask what runs to stop; end the processes of those that do not listen."""
        now = time.monotonic()
        if since is None:
            for future, name in self._running.items():
                if not future.cancel():
                    _show_stop_sign(self._tasks[name])
            return now
        if now - since > _GRACE_S:
            for executor in set(self._executors.values()):
                terminate = getattr(executor, "terminate", None)
                if terminate is not None:
                    terminate()
        return since


def _show_stop_sign(task: Task) -> None:
    with contextlib.suppress(OSError):
        task.scratch.mkdir(parents=True, exist_ok=True)
        files.jot(task.scratch / STOP, b"")
