"""Many machines: the same jobs through the executor of dask.distributed, one executor a kind of machine.

A task says what it wants (`gpu`), a worker what it has (`dask worker … --resources GPU=1`). Where some worker
names a resource, the jobs that want it go to such workers alone; where none does, they go to any. `CPU` works
in the same way, and keeps the dear machines free for what only they can do.

What a scheduler does on its own account, run again what was lost, is kept in check by claims
(`make/claim.py`): how often a job runs is the runner's to decide, as it is on one machine.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, InvalidStateError
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar, cast

from onrecord.folder import files
from onrecord.make.claim import Claim, Gone, do_once, marks
from onrecord.make.fit import check, first_line
from onrecord.make.step import Failure, Job
from onrecord.model.problem import Place, Problem, UserError

P = ParamSpec("P")
T = TypeVar("T")

KINDS: Final = ("cpu", "gpu")
_ANSWERS_WITHIN_S: Final = 5.0
_WORKERS_WITHIN_S: Final = 10.0
_COUNT_EVERY_S: Final = 5.0
_AHEAD: Final = 3
"""So many jobs are sent out for each that can be done at once: nobody stands idle, few are lost together."""
_FOLDER: Final = "cluster"
_TALKERS: Final = ("distributed", "distributed.client", "distributed.gc", "tornado.application")


@contextlib.contextmanager
def connect(address: str, root: Path) -> Iterator[Mapping[str, Executor]]:
    """Executors on the cluster of a scheduler, while the block runs.

    Args:
        address: Of the scheduler, `tcp://host:8786`.
        root: The series folder, which every worker must see at the same path. The caller holds its lock.

    Yields:
        By what tasks want: `cpu`, and `gpu` where a worker names that resource.

    Raises:
        UserError: nobody answers, no worker is there, or one does not fit: it does not see the folder, or
            has other versions.
    """
    if find_spec("distributed") is None:
        raise _unfit(address, "dask.distributed is not installed", "pip install 'onrecord[cluster]'")
    from distributed import Client  # noqa: PLC0415 - a second's work, and an extra

    for name in _TALKERS:  # what they would print is told here, with a cause and a hint
        logging.getLogger(name).setLevel(logging.CRITICAL)
    run = root / files.OWN / _FOLDER / secrets.token_hex(8)
    _forget(run.parent)  # of a runner that was killed: whoever still works for it finds no claim to make
    try:
        client: Any = Client(  # type: ignore[no-untyped-call] # dask has no types
            address, timeout=_ANSWERS_WITHIN_S, set_as_default=False, name="onrecord"
        )
    except (OSError, ValueError) as error:
        says = f"no scheduler answers ({first_line(error)})"
        raise _unfit(address, says, "start one there with `dask scheduler`") from error
    with client:
        try:
            files.make_folder(run)
            workers = _workers(client, address)
            check(client, address, root, run, sorted(workers))
            pools = _pools(client, run, workers)
            try:
                yield pools
            finally:
                for pool in pools.values():
                    pool.shutdown(wait=False)
        finally:
            _forget(run.parent)


def _forget(claims: Path) -> None:
    with contextlib.suppress(OSError):  # somebody who came late may be writing there
        files.remove(claims)


def _workers(client: Any, address: str) -> Mapping[str, Mapping[str, Any]]:
    """What the scheduler knows of its workers, as soon as it has one."""
    until = time.monotonic() + _WORKERS_WITHIN_S
    while not (found := client.scheduler_info(n_workers=-1)["workers"]):
        if time.monotonic() > until:
            hint = f"start one on each machine: `dask worker {address} --nthreads 1`"
            raise _unfit(address, "the scheduler has no workers", hint)
        time.sleep(0.1)
    return cast("Mapping[str, Mapping[str, Any]]", found)


def _pools(client: Any, run: Path, workers: Mapping[str, Mapping[str, Any]]) -> dict[str, Cluster]:
    apart = all(worker["nthreads"] == 1 for worker in workers.values())
    named = {name for worker in workers.values() for name in worker.get("resources", ())}
    wanted = {kind: {kind.upper(): 1} if kind.upper() in named else {} for kind in KINDS}
    return {
        kind: Cluster(client, run, needs, apart=apart)
        for kind, needs in wanted.items()
        if needs or kind == "cpu"
    }


def _at_once(worker: Mapping[str, Any], needs: Mapping[str, float]) -> float:
    """How many jobs with such needs a worker does at once."""
    has = worker.get("resources", {})
    return float(min([worker["nthreads"], *(has.get(name, 0) // each for name, each in needs.items())]))


class Cluster(Executor):
    """The workers of one kind, as an executor for jobs.

    `apart` says that each worker does one job at a time: if one dies, it is known which job was with it.
    """

    def __init__(self, client: Any, run: Path, needs: Mapping[str, float], *, apart: bool) -> None:
        """`run` is a folder for claims, `needs` the resources that a job takes."""
        self.apart = apart
        self._client, self._run, self._needs = client, run, needs
        self._at_once, self._counted_s = 1.0, float("-inf")
        # Not pure: the same job a second time is to be done a second time, not answered from memory.
        self._pool = client.get_executor(pure=False, retries=0, resources=dict(needs) or None)
        self._sent: weakref.WeakSet[_Sent] = weakref.WeakSet()
        self._lock = threading.Lock()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """As `Executor.submit`, for a function of one job.

        Raises:
            TypeError: for keywords (dask would take `key` or `priority` for its own, and drop them) and for
                what is no job.
            BrokenExecutor: the scheduler is gone.
        """
        if kwargs or len(args) != 1 or not isinstance(job := args[0], Job):
            raise TypeError("a job is sent out as the one positional argument")
        if self._client.status != "running":
            raise BrokenExecutor("the scheduler of the cluster is gone")
        claim = Claim(str(self._run / secrets.token_hex(8)))
        sent = _Sent(claim, job, self._pool.submit(do_once, claim, marks(job), fn, job))
        with self._lock:
            self._sent.add(sent)
        return cast("Future[T]", sent)

    def has_room(self) -> bool:
        """Whether one more job should be sent out now; workers may come and go meanwhile."""
        with self._lock:
            left = sum(not sent.done() for sent in self._sent)
        now = time.monotonic()
        if now - self._counted_s > _COUNT_EVERY_S:
            self._counted_s = now
            with contextlib.suppress(Exception):  # whatever is wrong with the scheduler, `submit` tells it
                workers = self._client.scheduler_info(n_workers=-1)["workers"].values()
                self._at_once = max(1.0, sum(_at_once(worker, self._needs) for worker in workers))
        return left < _AHEAD * self._at_once

    def terminate(self) -> None:
        """End the worker processes that are at our jobs; their nannies start new ones."""
        with self._lock:
            left = [sent for sent in self._sent if not sent.done()]
        holders = sorted({sent.claim.holder() for sent in left} - {""})
        if holders:
            with contextlib.suppress(Exception):  # whatever it is: the jobs are given up below
                self._client.restart_workers(holders, timeout=_ANSWERS_WITHIN_S, raise_for_error=False)
        for sent in left:
            sent.give_up()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As `Executor.shutdown`; dask's own knows no `cancel_futures`."""
        if cancel_futures:
            with self._lock:
                left = list(self._sent)
            for sent in left:
                sent.cancel()
        self._pool.shutdown(wait=wait)


class _Sent(Future[Any]):
    """A job that was sent out: it can be taken back as long as no worker has claimed it, and no longer."""

    def __init__(self, claim: Claim, job: Job, inner: Future[Any]) -> None:
        super().__init__()
        self.claim, self._job, self._inner = claim, job, inner
        inner.add_done_callback(self._hand_on)

    def cancel(self) -> bool:
        """Take it back; False where a worker is at it or was (dask would say True, and it would go on)."""
        if self.done() or not self._take_back():
            return self.cancelled()
        super().cancel()
        self.set_running_or_notify_cancel()
        self._inner.cancel()
        return True

    def _take_back(self) -> bool:
        try:
            return self.claim.take("")
        except OSError:  # the folder of claims is gone: nobody can begin any more
            return True

    def give_up(self) -> None:
        """Whoever is at it has been ended."""
        self._settle(lambda: self.set_exception(Gone("the worker was ended")))
        self._inner.cancel()

    def _hand_on(self, inner: Future[Any]) -> None:
        from distributed import KilledWorker  # noqa: PLC0415 - see `connect`

        try:
            came = inner.result()
        except CancelledError:
            self._settle(lambda: self.set_exception(Gone("the scheduler of the cluster is gone")))
        except (KilledWorker, BrokenExecutor) as error:
            gone = error
            self._settle(lambda: self.set_exception(gone))
        except Exception as error:  # noqa: BLE001 - a worker that joined later and cannot even read the job
            says = f"a worker of the cluster could not take up {self._job.task.step}: {first_line(error)}"
            problem = Problem(Place(self._job.task.unit), says, "is Onrecord installed on all of them?")
            failure = Failure(self._job.task.step, self._job.task.unit, (problem,), repr(error))
            self._settle(lambda: self.set_result(failure))
        else:
            self._settle(lambda: self.set_result(came))

    def _settle(self, act: Callable[[], None]) -> None:
        with contextlib.suppress(InvalidStateError):  # it was taken back or given up meanwhile
            act()


def _unfit(address: str, says: str, hint: str) -> UserError:
    return UserError((Problem(Place(address), says, hint),))
