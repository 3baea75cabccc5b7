"""What is told while steps run: events, and how long it will still take."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from onrecord.make.step import Task
from onrecord.make.work import PROGRESS, RUNNING


@dataclass(frozen=True, slots=True)
class Event:
    """Something to show: `kind` is `begun`, `progress`, or the result of the task.

    `what` says what it is doing, or why it ended so; `done` of `total` in the step's own measure;
    `seconds_left` is estimated from the pace so far, None where nothing can be said.
    """

    unit: str
    step: str
    kind: str
    what: str = ""
    done: float = 0.0
    total: float = 0.0
    seconds_left: float | None = None


@dataclass(slots=True)
class _Pace:
    """Where a step was when it began what it is doing now."""

    what: str
    total: float
    since_s: float
    from_done: float
    last: str = ""


class Progress:
    """Reads the small notes that running steps leave in their scratch folders, and tells of them."""

    def __init__(self, tell: Callable[[Event], None]) -> None:
        """`tell` is called for each thing that is new."""
        self._tell = tell
        self._paces: dict[tuple[str, str], _Pace] = {}

    def look(self, tasks: Iterable[Task]) -> None:
        """Tell what is new of the tasks that run."""
        for task in tasks:
            name = (task.root, task.step)
            if name not in self._paces:
                if not (task.scratch / RUNNING).exists():
                    continue
                self._paces[name] = _Pace("", 0.0, time.monotonic(), 0.0)
                self._tell(Event(task.unit, task.step, "begun"))
            with contextlib.suppress(OSError, ValueError):
                self._read(task, self._paces[name], (task.scratch / PROGRESS).read_text())

    def forget(self, task: Task) -> None:
        """The task has ended."""
        self._paces.pop((task.root, task.step), None)

    def _read(self, task: Task, pace: _Pace, note: str) -> None:
        if note == pace.last:
            return
        pace.last = note
        done, total, what = json.loads(note)
        now = time.monotonic()
        if (what, total) != (pace.what, pace.total):
            pace.what, pace.total, pace.since_s, pace.from_done = what, total, now, done
        left = estimate(done - pace.from_done, total - done, now - pace.since_s)
        self._tell(Event(task.unit, task.step, "progress", what, done, total, left))


def estimate(done: float, to_do: float, seconds: float) -> float | None:
    """How many seconds are left at the pace so far; None while there is no pace.

    >>> estimate(10, 30, 5.0), estimate(0, 30, 5.0)
    (15.0, None)
    """
    if done <= 0 or seconds <= 0:
        return None
    return max(0.0, to_do) * seconds / done
