"""An honest progress bar: what is being done, how far it is, and how long it will take."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from onrecord.make.progress import Event


class Progress:
    """Shows events of running steps on a terminal; says nothing where standard error is piped."""

    def __init__(self, *, quiet: bool = False) -> None:
        """With `quiet` nothing is shown at all."""
        self._bar = None
        if not quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as Bars

            self._bar = Bars(
                TextColumn("{task.fields[unit]}", style="bold"),
                TextColumn("{task.description}"),
                BarColumn(24),
                TextColumn("{task.fields[share]:>4}"),
                TimeElapsedColumn(),
                TextColumn("{task.fields[left]}"),
                console=Console(stderr=True),
                transient=True,
            )
        self._tasks: dict[tuple[str, str], int] = {}

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, event: Event) -> None:
        """Take one event."""
        if self._bar is None:
            return
        from rich.progress import TaskID

        key = (event.unit, event.step)
        if event.kind not in ("begun", "progress"):
            if key in self._tasks:
                self._bar.remove_task(TaskID(self._tasks.pop(key)))
            return
        if key not in self._tasks:
            self._tasks[key] = self._bar.add_task(event.step, total=None, unit=event.unit, share="", left="")
        left = f"about {_length(event.seconds_left)} left" if event.seconds_left is not None else ""
        self._bar.update(
            TaskID(self._tasks[key]),
            description=event.what or event.step,
            completed=event.done,
            total=event.total or None,
            share=f"{event.done / event.total:.0%}" if event.total else "",
            left=left,
        )


def _length(seconds: float) -> str:
    """A length of time as people say it.

    >>> _length(45), _length(150), _length(4000)
    ('45 s', '3 min', '1 h 7 min')
    """
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
