"""What a sweep will take, said before it starts: memory from array sizes, time from a measured probe."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tertius.engine.shock import STRIP_LIMIT
from tertius.leverage.sweep.plan import Plan, Work, as_of
from tertius.leverage.sweep.solve import BLOCK, prepare, solve_chunk
from tertius.leverage.sweep.store import WRITER_BYTES
from tertius.scenario.measures import Measure, expand

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Interpreter and libraries of one process, bytes; the one that plans and writes also holds SciPy and DuckDB.
WORKER_BYTES = 80_000_000
PLANNER_BYTES = 190_000_000
#: Arrays of the size of the trade matrix that a worker holds while it builds a base: two as-of worlds and the
#: readings they came from, economy, linearised base, and the temporaries of making them.
_BASE_ARRAYS = 30
#: Numbers of one scenario in a batch, in units of (sector, country): history, state, prices, spending and
#: sales with their temporaries; then what each covering country adds (row and column, gross and net).
_STATE, _STRIP = 110, 6
#: The same for a scenario with its own kernel, in units of the trade matrix, and the engine's limit on them.
_OWN, _OWN_BYTES = 4, 256_000_000
#: Bytes of one finished row in a batch that waits to be written, and of one scenario in the plan.
ROW_BYTES, PLANNED_BYTES = 1_500, 120
#: Scenarios the time estimate solves per horizon.
PROBE = 8


@dataclass(frozen=True, slots=True)
class Memory:
    """Upper bounds, bytes: one batch in a worker, one worker, the process that plans and writes."""

    batch: int
    worker: int
    planner: int

    def total(self, processes: int) -> int:
        """All processes of a sweep; with one, planner and worker are the same process."""
        return self.planner + processes * self.worker


def memory(plan: Plan, *, in_flight: int = 1) -> Memory:
    """Bound the memory of a sweep from the sizes of its arrays."""
    world = as_of(plan.grid.year, plan.grid.shadow[0], plan.grid.as_of)
    S, N = len(world.sectors), len(world.countries)
    matrix = 8 * S * N * N
    batch = BLOCK * 8 * S * N * (_STATE + STRIP_LIMIT * _STRIP)
    if any(_own_kernel(plan, package) for package in plan.grid.measures):
        batch += max(_OWN * matrix, 2 * _OWN_BYTES)
    largest = max(chunk.size for chunk in plan.chunks)
    rows = largest * ROW_BYTES
    planner = PLANNER_BYTES + WRITER_BYTES + 12 * matrix + plan.scenarios * PLANNED_BYTES + in_flight * rows
    return Memory(batch, WORKER_BYTES + _BASE_ARRAYS * matrix + batch + rows, planner)


def _own_kernel(plan: Plan, package: Sequence[Measure]) -> bool:
    """Whether a package may change cells that no few countries cover: a tariff on partners by many."""
    if not any(m.type == "secondary_tariff" and m.role == "primary" for m in package):
        return False
    most = [len(expand(m.senders or who, plan.grid.as_of)) for m in package for who in plan.grid.senders]
    return max(most) > STRIP_LIMIT


@dataclass(frozen=True, slots=True)
class Pace:
    """Measured here and now on one process: seconds for a base, and for a scenario of each horizon."""

    base: float
    scenario: dict[str, float]
    solved: int

    def seconds(self, plan: Plan, processes: int) -> float:
        """Time of the whole plan on some processes; each builds the bases it meets."""
        solving = sum(chunk.size * self.scenario[chunk.horizon] for chunk in plan.chunks)
        per_base: dict[int, int] = {}
        for chunk in plan.chunks:
            per_base[id(chunk.group)] = per_base.get(id(chunk.group), 0) + 1
        bases = sum(min(processes, chunks) for chunks in per_base.values())
        return (solving + self.base * bases) / processes


def pace(plan: Plan) -> Pace:
    """Build one base and solve a few scenarios of every horizon, spread over the first group."""
    group = plan.chunks[0].group
    start = time.perf_counter()
    prepare(group.base)
    base = time.perf_counter() - start
    block = len(group) // len(group.horizons)
    count = min(PROBE, block)
    found = {}
    for h, name in enumerate(group.horizons):
        items = tuple(group.item(h * block + k * block // count) for k in range(count))
        solve_chunk(Work(group.base, items[:1]))  # the first solve on a base pays for more than itself
        start = time.perf_counter()
        solve_chunk(Work(group.base, items))
        found[name] = (time.perf_counter() - start) / count
    return Pace(base, found, count * len(found))
