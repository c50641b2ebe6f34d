"""Solve one chunk: what a worker process runs.

Loss of a scenario = fall of the target's real income when the senders' live primary measures apply and the
lifelines of the coalition, within the measures' scope, are cut.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from tertius.engine import Economy, Elasticities, Result, Shock, solve_iter
from tertius.engine.rebase import balanced
from tertius.errors import SolveError, TertiusError
from tertius.leverage.game import CHANNELS, Cut, Game
from tertius.leverage.parts import complied_with
from tertius.leverage.sweep.checks import member_codes
from tertius.leverage.sweep.plan import Base, Item, Work, as_of, world_content
from tertius.scenario import Scenario
from tertius.scenario.base_year import rebase as take_rents_in
from tertius.scenario.wedge import combine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tertius.leverage.sweep.document import Coalition
    from tertius.world import World

#: Scenarios solved at a time: one batch of the engine.
BLOCK = 32

#: Column -> values, one per scenario.
Rows = dict[str, list[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """A base, built: the world with its discounts, and its economy without the target's own deficit."""

    world: World
    economy: Economy


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One scenario, ready to solve: the columns it starts with, shock, elasticities, senders."""

    row: dict[str, Any]
    shock: Shock
    elasticities: Elasticities
    senders: tuple[int, ...]


def solve_chunk(work: Work) -> Rows:
    """Solve every scenario of a chunk on one BLAS thread.

    A scenario without an equilibrium keeps its row: no loss, and the reason in `error`.

    Raises
    ------
    TertiusError
        This process has another world or another version of the package than the one that made the plan.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, user_api="blas"):
        ready = prepare(work.base)
        todo = tasks(work, ready)
        rows: list[dict[str, Any]] = []
        while block := list(islice(todo, BLOCK)):
            rows += _solve_block(ready.economy, block)
    return {name: [row.get(name) for row in rows] for name in rows[0]}


@lru_cache(maxsize=1)
def prepare(base: Base) -> Ready:
    """Build a base; the last one stays in memory, since neighbouring chunks share it."""
    world = as_of(base.year, base.shadow, base.as_of)
    if world_content(world) != base.content:
        raise TertiusError(
            "this worker has another world or another version of tertius than the process that planned"
        )
    rents = combine([m.base(world, base.target) for m in base.rents])  # type: ignore[attr-defined]
    world = take_rents_in(world, rents)
    return Ready(world, balanced(Economy.from_world(world), base.target))


def tasks(work: Work, ready: Ready) -> Iterator[Task]:
    """Scenarios of a chunk in order; games and shocks are built once for all neighbours that share them."""
    before: Item | None = None
    for item in work.items:
        if before is None or (item.senders, item.package) != (before.senders, before.package):
            game, before = game_of(work.base, ready, item), None
        if before is None or item.coalition != before.coalition:
            cut = cut_of(game, item.coalition, work.base)
            shock = game.shock(cut)
        before = item
        row = row_of(work.base, item) | {"lifelines_cut": len(cut.pairs)}
        senders = tuple(ready.world.country(code) for code in game.senders)
        label = ", ".join(
            f"{row[name]}" for name in ("target", "senders", "measure", "coalition", "horizon", "draw")
        )
        yield Task(row, replace(shock, label=label), item.elasticities, senders)


def row_of(base: Base, item: Item) -> dict[str, Any]:
    """Return the columns that say which scenario it is."""
    return {
        "scenario": item.scenario,
        "target": base.target,
        "senders": "+".join(item.senders),
        "coalition": "+".join(item.coalition) or "none",
        "measure": "; ".join(m.line() for m in item.package),
        "horizon": item.horizon,
        "draw": item.draw,
        "shadow": base.shadow,
    }


def game_of(base: Base, ready: Ready, item: Item) -> Game:
    """Make the target's game under one package: its primary part, and what compliance with it stops."""
    scenario = Scenario.of(
        base.target,
        senders=list(item.senders),
        measures=list(item.package),
        as_of=base.as_of,
        world={"year": base.year, "shadow": base.shadow},
    )
    scopes = tuple(m.scope for m in complied_with(scenario) if m.scope is not None)
    aid = {m.supporter: m.value(base.year) for m in scenario.measures if m.type == "aid"}
    return Game(ready.world, base.target, scenario.sender_codes, scopes, scenario.wedges(ready.world), aid)


def cut_of(game: Game, coalition: Coalition, base: Base) -> Cut:
    """Lifelines of the coalition's members; a member that is a sender, the target or no partner has none."""
    if coalition == ("all",):
        return game.everything()
    pairs = set()
    for member in coalition:
        codes, channel = member_codes(member, base.as_of)
        for k in map(game.world.country, codes):
            open_to = [c for c, name in enumerate(CHANNELS) if channel in ("", name) and game.trade[k, c] > 0]
            pairs |= {(k, c) for c in open_to} if k in game.supporters else set()
    return Cut.of(pairs)


# -- solving ----------------------------------------------------------------------------------------------


def _solve_block(economy: Economy, block: Sequence[Task]) -> list[dict[str, Any]]:
    """All at once; one by one where the batch holds a scenario without an equilibrium."""
    start = time.perf_counter()
    try:
        found = solve_iter(economy, [t.shock for t in block], [t.elasticities for t in block])
        outcomes = [_outcome(task, result) for task, result in zip(block, found, strict=True)]
    except SolveError:
        return [_solve_alone(economy, task) for task in block]
    seconds = (time.perf_counter() - start) / len(block)
    return [task.row | outcome | {"seconds": seconds} for task, outcome in zip(block, outcomes, strict=True)]


def _solve_alone(economy: Economy, task: Task) -> dict[str, Any]:
    start = time.perf_counter()
    try:
        outcome = _outcome(task, next(iter(solve_iter(economy, [task.shock], [task.elasticities]))))
    except SolveError as error:
        outcome = dict.fromkeys(_OUTCOME) | {"error": str(error)}
    return task.row | outcome | {"seconds": time.perf_counter() - start}


_OUTCOME = ("loss", "sender_loss", "residual", "residual_at", "iterations", "error")


def _outcome(task: Task, result: Result) -> dict[str, Any]:
    who = list(task.senders)
    income = result.economy.income[who]
    return {
        "loss": result.of(task.row["target"]),
        "sender_loss": float(np.average(result.loss[who], weights=income)),
        "residual": result.residual,
        "residual_at": result.residual_at,
        "iterations": result.iterations,
        "error": None,
    }
