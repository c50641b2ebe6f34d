"""Sweep a grid: plan, state the memory, solve what is missing, write one table."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tertius
from tertius.engine.sweep import Progress, Tally, dask_cluster, run_jobs
from tertius.errors import InputError
from tertius.leverage.sweep.estimate import Memory, memory
from tertius.leverage.sweep.plan import CHUNK, Plan, as_of, make_plan
from tertius.leverage.sweep.read import read_grid
from tertius.leverage.sweep.solve import solve_chunk
from tertius.leverage.sweep.store import COLUMNS, ChunkStore
from tertius.workers import worker_processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from concurrent.futures import Executor

    from tertius.leverage.sweep.document import Grid

#: Chunks handed out per worker: one it solves, and where the way is long one that waits.
_NEAR, _FAR = 1, 2


@dataclass(frozen=True, slots=True)
class Sweep:
    """A sweep that ended.

    Attributes
    ----------
    folder : where everything lies.
    table : Parquet file of all results; None while chunks are missing (cancelled).
    plan : what the grid asked for.
    memory : what was stated before the start.
    tally : scenarios in all, found finished, solved now, and the time it took.
    """

    folder: Path
    table: Path | None
    plan: Plan
    memory: Memory
    tally: Tally


def sweep(
    grid: str | Path | Mapping[str, Any] | Grid,
    output: str | Path = "sweep",
    *,
    processes: int | None = None,
    cluster: str | None = None,
    executor: Executor | None = None,
    chunk: int = CHUNK,
    memory_limit: int | None = None,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
    before: Callable[[Plan, Memory, int], None] | None = None,
) -> Sweep:
    """Solve every scenario of a grid and write one row for each.

    Parameters
    ----------
    grid : a file, YAML text, plain containers, or a `Grid`.
    output : folder for chunk files, manifest and `sweep.parquet`; finished chunks in it are not solved again.
    processes : worker processes, by default one per core; 1 solves in this process.
    cluster : address of a Dask scheduler ("tcp://host:port") instead.
    executor : any `concurrent.futures.Executor` instead; it stays open.
    chunk : scenarios per result file; another number does not reuse finished chunks.
    memory_limit : bytes; fewer processes are used where the stated memory would exceed it.
    progress : called with (scenarios done, scenarios in all, note with pace and time left).
    cancel : asked a few times a second; once true, finished chunks are kept and nothing more is solved.
    before : called with the plan, the stated memory and the number of workers before anything is written.

    Raises
    ------
    InputError
        Every mistake of the grid at once, a folder that cannot be written, a memory limit that is too low.
    TertiusError
        Workers died, or the cluster cannot be reached; finished chunks are kept.
    """
    if chunk < 1:
        raise InputError(f"chunk {chunk}: must be at least 1")
    if sum(x is not None for x in (processes, cluster, executor)) > 1:
        raise InputError("processes, cluster and executor: give one of them")
    plan = make_plan(read_grid(grid), chunk=chunk)
    store = ChunkStore(Path(output))
    if store.folder.exists() and not store.folder.is_dir():
        raise InputError(f"{output}: is a file; the output is a folder")
    wanted = wanted_processes(plan, processes, memory_limit)
    with _workers(wanted, cluster, executor) as (pool, workers):
        in_flight = workers * (_NEAR if executor is None and cluster is None else _FAR)
        stated = memory(plan, in_flight=in_flight)
        if before is not None:
            before(plan, stated, workers)
        store.open(manifest(plan, stated))
        tally = run_jobs(
            plan.chunks,
            solve_chunk,
            store,
            pool,
            in_flight=in_flight,
            progress=progress,
            cancel=cancel,
        )
    table = None if tally.missing else store.merge([one.name for one in plan.chunks])
    return Sweep(store.folder, table, plan, stated, tally)


def wanted_processes(plan: Plan, processes: int | None, limit: int | None = None) -> int:
    """How many processes are of use, and fit; raises InputError where not even one fits."""
    if processes is not None and processes < 1:
        raise InputError(f"processes {processes}: must be at least 1")
    count = min(processes or os.cpu_count() or 1, len(plan.chunks))
    if limit is None:
        return count
    while count > 1 and memory(plan, in_flight=_NEAR * count).total(count) > limit:
        count -= 1
    least = memory(plan, in_flight=_NEAR).total(1)
    if least > limit:
        raise InputError(f"memory limit {limit / 1e6:.0f} MB: one process needs up to {least / 1e6:.0f} MB")
    return count


@contextmanager
def _workers(
    processes: int, address: str | None, executor: Executor | None
) -> Iterator[tuple[Executor, int]]:
    if executor is not None:
        yield executor, getattr(executor, "_max_workers", None) or os.cpu_count() or 1
    elif address is not None:
        with dask_cluster(address) as (pool, threads):
            yield pool, threads
    else:
        with worker_processes(processes) as pool:
            yield pool, processes


def manifest(plan: Plan, stated: Memory) -> dict[str, Any]:
    """Say what the folder holds: the grid, the world, the columns with units, and the chunks in order."""
    grid = plan.grid
    return {
        "package": f"tertius {tertius.__version__}",
        "grid": grid.to_dict(),
        "snapshots": {r: as_of(grid.year, r, grid.as_of).snapshot for r in dict.fromkeys(grid.shadow)},
        "scenarios": plan.scenarios,
        "left_out": plan.left_out,
        "memory_bytes": {"batch": stated.batch, "worker": stated.worker, "planner": stated.planner},
        "columns": {
            name: {"type": kind, "unit": unit, "what": what} for name, (kind, unit, what) in COLUMNS.items()
        },
        "chunks": [one.name for one in plan.chunks],
    }
