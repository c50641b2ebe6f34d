"""Run many small jobs on any `concurrent.futures.Executor`, and never run a finished one again.

A job has a name that says what goes into it (a content hash); a store says whether that name is finished.
Results come back to this process, which alone writes, so workers need no common file system. Killed at any
moment, a run leaves whole results only, and the next one starts with the jobs that are missing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol, TypeVar

from tertius.errors import TertiusError
from tertius.workers import duration

Progress = Callable[[int, int, str], None]

#: How often a cancel is looked for while workers are busy, seconds.
_TICK = 0.25


class Job(Protocol):
    """One piece of work: a name made of its content, its size in units, and what a worker needs."""

    @property
    def name(self) -> str:
        """Hash of its content."""

    @property
    def size(self) -> int:
        """Units it stands for."""

    def payload(self) -> Any:
        """Return what travels to the worker."""


J = TypeVar("J", bound=Job)
R = TypeVar("R")
R_contra = TypeVar("R_contra", contravariant=True)


class Store(Protocol[R_contra]):
    """Where results go; `put` must be atomic."""

    def has(self, name: str) -> bool:
        """Say whether a job is finished."""

    def put(self, name: str, result: R_contra) -> None:
        """Keep a result: wholly or not at all."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What one run did: units in all, units found finished, units added, and whether it was cancelled."""

    total: int
    resumed: int
    added: int
    seconds: float
    cancelled: bool = False

    @property
    def missing(self) -> int:
        """Units still to be done."""
        return self.total - self.resumed - self.added


@dataclass(slots=True)
class _Pace:
    """How fast units come in, in words."""

    total: int
    resumed: int
    progress: Progress | None
    added: int = 0
    started: float = field(default_factory=time.perf_counter)

    def add(self, units: int) -> None:
        self.added += units
        self.say()

    def say(self) -> None:
        if self.progress is not None:
            self.progress(self.resumed + self.added, self.total, self.note())

    def note(self) -> str:
        if not self.added:
            return f"{self.resumed} found finished" if self.resumed else "starting"
        rate = self.added / max(self.seconds, 1e-9)
        left = (self.total - self.resumed - self.added) / rate
        return f"{rate:.3g}/s, {duration(left)} left"

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.started

    def tally(self, *, cancelled: bool = False) -> Tally:
        return Tally(self.total, self.resumed, self.added, self.seconds, cancelled)


def run_jobs(
    jobs: Sequence[J],
    work: Callable[[Any], R],
    store: Store[R],
    executor: Executor,
    *,
    in_flight: int,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Tally:
    """Run the jobs a store does not have yet.

    Parameters
    ----------
    jobs : in the order in which they start.
    work : takes a job's payload; a module-level function, so that it can travel to a worker.
    in_flight : jobs handed out at a time; bounds the memory of waiting results.
    progress : called with (units done, units in all, note with pace and time left).
    cancel : asked a few times a second; once true, nothing more is started or kept.

    Raises
    ------
    TertiusError
        The workers died; what is finished is kept.
    """
    todo = [job for job in jobs if not store.has(job.name)]
    total = sum(job.size for job in jobs)
    pace = _Pace(total, total - sum(job.size for job in todo), progress)
    pace.say()
    waiting: dict[Future[R], J] = {}
    left = iter(todo)
    try:
        while True:
            for job in islice(left, max(in_flight - len(waiting), 0)):
                waiting[executor.submit(work, job.payload())] = job
            if not waiting:
                return pace.tally()
            finished, _ = wait(waiting, timeout=_TICK, return_when=FIRST_COMPLETED)
            for job, result in _results(finished, waiting):
                store.put(job.name, result)
                pace.add(job.size)
            if pace.added + pace.resumed < total and cancel is not None and cancel():
                return pace.tally(cancelled=True)
    except (BrokenExecutor, CancelledError) as error:
        raise TertiusError(
            f"the workers are gone ({error or type(error).__name__}), killed perhaps for memory; "
            f"{pace.resumed + pace.added} of {total} are finished and kept, run the same again to go on"
        ) from error
    finally:
        for future in waiting:
            future.cancel()


def _results(finished: Iterable[Future[R]], waiting: dict[Future[R], J]) -> Iterator[tuple[J, R]]:
    """Good results first, so that a failure loses none of them."""
    for future in sorted(finished, key=lambda f: f.cancelled() or f.exception() is not None):
        job = waiting.pop(future)
        yield job, future.result()


@contextmanager
def dask_cluster(address: str, *, timeout: float = 10.0, retries: int = 5) -> Iterator[tuple[Executor, int]]:
    """Open an executor on a Dask cluster; yields it and its threads. A dead worker's jobs run elsewhere.

    Raises
    ------
    TertiusError
        `distributed` is not installed, nobody answers at the address, or the scheduler has no worker.
    """
    try:
        import distributed
    except ModuleNotFoundError:
        raise TertiusError(
            'a cluster needs the package distributed; install it with: pip install "tertius[dask]"'
        ) from None
    try:
        connect: Any = distributed.Client  # has no annotations
        client = connect(address, timeout=timeout, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise TertiusError(
            f"no Dask scheduler answers at {address} ({error}); start one with: dask scheduler"
        ) from None
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise TertiusError(
                f"the scheduler at {address} has no worker; start one with: dask worker {address}"
            )
        try:
            yield client.get_executor(pure=False, retries=retries), threads
        except distributed.KilledWorker as error:
            raise TertiusError(f"{error}; finished chunks are kept, run the same again to go on") from error
