"""The accelerated iteration of a batch: every scenario leaves as soon as it has converged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.engine.anderson import Anderson
from tertius.engine.elasticities import MOBILE
from tertius.engine.equilibrium import Batch, Implied, factor_supply, implied
from tertius.engine.stepper import State, Stepper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tertius.engine.economy import Economy
    from tertius.engine.precondition import Preconditioner

Array = NDArray[np.float64]
Index = NDArray[np.intp]

_ASTRAY = 1e3
_THIN_TRADE = 1e-2
#: Depth of the acceleration with mobile factors, whose steps are nearly exact, and with specific ones.
_DEPTH = (5, 8)


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """One converged scenario: row `row` of a batch and of what its state implies."""

    batch: Batch
    found: Implied
    x: Array  # (rows, n)
    row: int
    residual: float
    where: str
    iterations: int


def iterate(
    economy: Economy,
    batch: Batch,
    pre: Preconditioner,
    tolerance: float,
    limit: int,
    start: Array | None = None,
    frozen: NDArray[np.bool_] | None = None,
) -> Iterator[tuple[int, Solved]]:
    """Accelerated iteration; yields scenarios as they converge and gives up on the rest after `limit` steps."""
    state = State(len(economy.sectors), mobile=batch.mobility == MOBILE)
    B, N = batch.deficit.shape
    x = np.zeros((B, state.rows, N)) if start is None else start.copy()
    alive = np.arange(B)
    anderson = Anderson(B, state.rows * N, _DEPTH[state.W > 1])
    stepper = Stepper(pre, state, batch)
    best, best_x = np.full(B, np.inf), x.copy()
    for iteration in range(limit):
        cost, wage, sales = state.split(x)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # a runaway is pulled back below
            found = implied(batch, cost, wage, sales)
            left = stepper.openness(found, cost)
            misses, where = residuals(batch, economy, found, left, cost, wage)
        worst = misses.max(axis=1)
        done = worst < tolerance
        for k in np.flatnonzero(done):
            yield (
                int(alive[k]),
                Solved(batch, found, x[k], int(k), float(worst[k]), where(int(k)), iteration),
            )
        if done.any():
            keep = np.flatnonzero(~done)
            if not len(keep):
                return
            alive, x, best, best_x, worst = alive[keep], x[keep], best[keep], best_x[keep], worst[keep]
            frozen = None if frozen is None else frozen[keep]
            batch, found, left = batch.take(keep), take(found, keep), left[keep]
            anderson.take(keep)
            stepper.take(keep, batch)
            cost, wage, sales = state.split(x)
        # NaN compares false, so a scenario that ran off is pulled back too.
        astray = ~(worst < _ASTRAY * best)
        better = worst < best
        best_x[better], best[better] = x[better], worst[better]
        with np.errstate(over="ignore", invalid="ignore"):
            move = stepper.step(found, left, cost, wage, sales)
        if frozen is not None:
            move = np.where(frozen[:, None, :], 0.0, move)
        move = move.reshape(len(x), -1)
        flat = x.reshape(len(x), -1)
        if astray.any():
            anderson.forget(astray)
            flat = flat.copy()
            flat[astray], move[astray] = best_x[astray].reshape(int(astray.sum()), -1), 0.0
        x = anderson.next(flat, move).reshape(x.shape)


def take(found: Implied, keep: Index) -> Implied:
    """Keep some scenarios."""
    return Implied(*(getattr(found, name)[keep] for name in found.__slots__))


def residuals(
    batch: Batch, economy: Economy, found: Implied, left: Array, cost: Array, wage: Array
) -> tuple[Array, Callable[[int], str]]:
    """Misses of the conditions, (b, 3), and a function that names the worst place of a scenario.

    All are relative to the income of the country where they occur. Where little trade is left, what is left must
    balance too: its miss counts relative to what is left of trade, a hundredth of it.
    """
    size = (
        np.maximum(batch.factor_income, 1e-300) * np.exp(wage.mean(axis=1))
        if wage.shape[1] == 1
        else (np.maximum(found.wage_income, 1e-300))
    )
    live = batch.sells & (batch.output > 0)
    price = np.where(live, np.abs(found.log_cost - cost), 0.0)
    goods = np.abs(found.sales - found.at_sales) / size[:, None, :]
    made = found.value_added.sum(axis=1)
    factor = np.abs(made - found.wage_income) / size
    if wage.shape[1] > 1:
        factor = np.maximum(factor, np.abs(found.value_added - factor_supply(wage, batch)).max(axis=1) / size)
    factor = np.maximum(factor, _THIN_TRADE * np.abs(found.balance) / size / left)
    factor = np.where(batch.factor_income > 0, factor, 0.0)
    goods = np.where(batch.factor_income[None, None] > 0, goods, 0.0)
    misses = np.stack([price.max(axis=(1, 2)), goods.max(axis=(1, 2)), factor.max(axis=1)], axis=1)

    def where(k: int) -> str:
        kind = int(misses[k].argmax())
        if kind == 2:
            return f"{economy.countries[int(factor[k].argmax())]}, factor market"
        table = (price, goods)[kind][k]
        s, n = (int(j) for j in np.unravel_index(table.argmax(), table.shape))
        return f"{economy.countries[n]} {economy.sectors[s]}, {('unit cost', 'goods market')[kind]}"

    return misses, where
