"""Worker processes as a plain executor: they die with their runner, and a dead one does not end the run."""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

from onrecord.make.garbage import seldom

P = ParamSpec("P")
T = TypeVar("T")


class Workers(Executor):
    """A pool of processes that is renewed when one of them dies (the standard one stays broken).

    Processes are never forked from the runner: codecs and models bring threads of their own. On Linux they
    are forked from a process that has loaded nothing but the modules named in `share`, so these lie in memory
    once; elsewhere each loads its own. They leave Ctrl-C to the runner, and end when it ends, in any way.
    """

    def __init__(self, count: int, share: Sequence[str] = ()) -> None:
        """`count` processes, started when there is work; `share` are modules that start no threads."""
        self._count = count
        self._share = list(share)
        self._lock = threading.Lock()
        self._pool = self._open()

    def _open(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
        context.set_forkserver_preload(self._share)
        return ProcessPoolExecutor(self._count, mp_context=context, initializer=_begin)

    def rest(self) -> None:
        """Let the processes end when their work is done; others are started when there is more."""
        with self._lock:
            self._pool.shutdown(wait=True)
            self._pool = self._open()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As `Executor.submit`; never fails because a worker died before."""
        with self._lock:
            try:
                return self._pool.submit(fn, *args, **kwargs)
            except BrokenProcessPool:
                self._pool.shutdown(wait=False)
                self._pool = self._open()
                return self._pool.submit(fn, *args, **kwargs)

    def terminate(self) -> None:
        """End the processes now (SIGTERM); what they were at fails with BrokenProcessPool."""
        with self._lock:
            processes = self._pool._processes or {}  # noqa: SLF001 - no public way before 3.14
            for process in list(processes.values()):
                process.terminate()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As `Executor.shutdown`."""
        self._pool.shutdown(wait=wait, cancel_futures=cancel_futures)


def _begin() -> None:
    """In a new worker: leave Ctrl-C to the runner, look for garbage seldom, and watch for its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    seldom()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
