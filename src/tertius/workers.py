"""Worker processes for independent jobs: they leave Ctrl-C to their parent and do not outlive it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Inline(Executor):
    """Runs each job at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run, and return a future that is done."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class _Pool(ProcessPoolExecutor):
    """Processes whose jobs end with them.

    In Python 3.11 a cancelled job makes the manager of terminated processes fail, so none is ever cancelled.
    """

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = super().submit(fn, *args, **kwargs)
        future.cancel = lambda: False  # type: ignore[method-assign]
        return future


@contextmanager
def worker_processes(count: int) -> Iterator[Executor]:
    """Start a pool of fresh processes that leave Ctrl-C to their parent and do not outlive it.

    Leaving stops them at once, whatever they are doing.
    """
    if count == 1:
        yield Inline()
        return
    others = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")
    executor = _Pool(count, mp_context=context, initializer=_serve)
    with _interrupt_held_back():
        for _ in range(count):
            executor.submit(os.getpid)  # a process is started by a job that finds none idle
    try:
        yield executor
    finally:
        for child in set(multiprocessing.active_children()) - others:
            child.terminate()
        executor.shutdown()


@contextmanager
def _interrupt_held_back() -> Iterator[None]:
    """Block the interrupt: it reaches this process afterwards, and processes started meanwhile never."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve() -> None:
    """End with the parent, even where it was killed outright."""
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def duration(seconds: float) -> str:
    """Write a time in words: 40 s, 12 min, 3.5 h, 2.1 days."""
    for limit, unit, scale in ((100.0, "s", 1.0), (6000.0, "min", 60.0), (48 * 3600.0, "h", 3600.0)):
        if seconds < limit:
            return f"{seconds / scale:.2g} {unit}"
    return f"{seconds / 86400.0:.2g} days"
