"""The step of the iteration: what the linearised base says the unknowns should move by.

Costs and sales move by the domestic input-output block of each country, wages by the balance of trade through the
reduced Jacobian, or sector by sector where factors stay. Axes: b scenario, s sector, n country.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.engine.equilibrium import Batch, Implied, by_component, factor_supply, over_inputs, wage_level

if TYPE_CHECKING:
    from tertius.engine.precondition import Preconditioner, SectorBlock

Array = NDArray[np.float64]
Index = NDArray[np.intp]

#: A linearised step is not to be trusted further than this, in logs.
TRUST = 1.0


class State:
    """Views of the packed state (b, rows, n): costs, wages, sales."""

    def __init__(self, sectors: int, *, mobile: bool) -> None:
        self.S = sectors
        self.W = 1 if mobile else sectors
        self.rows = 2 * sectors + self.W

    def split(self, x: Array) -> tuple[Array, Array, Array]:
        """Costs, wages and sales, each (b, rows, n)."""
        return x[:, : self.S], x[:, self.S : self.S + self.W], x[:, self.S + self.W :]


def singletons(component: Index) -> NDArray[np.bool_] | None:
    """(b, n), countries that form a component by themselves; None where every scenario is in one piece."""
    if not component.any():
        return None
    wide = int(component.max()) + 1
    key = component + wide * np.arange(len(component))[:, None]
    return np.asarray(
        np.bincount(key.ravel(), minlength=wide * len(component))[key.ravel()].reshape(key.shape) == 1
    )


class Stepper:
    """The preconditioned step of every scenario in the batch."""

    def __init__(self, pre: Preconditioner, state: State, batch: Batch) -> None:
        self.pre, self.state, self.batch = pre, state, batch
        theta, which = np.unique(batch.theta[:, :, 0], axis=0, return_inverse=True)
        self.which = which.ravel()
        if state.W == 1:
            self.response = pre.cost_response.reshape(pre.cost_response.shape[0], -1)
            self.inverse = pre.wage_step(theta)
        else:
            self.blocks = [pre.sector_block(one, batch.eta, batch.mobility) for one in theta]
        self.alone = singletons(batch.component)

    def take(self, keep: Index, batch: Batch) -> None:
        """Follow the batch."""
        self.batch, self.which = batch, self.which[keep]
        self.alone = singletons(batch.component)

    def step(self, found: Implied, left: Array, cost: Array, wage: Array, sales: Array) -> Array:
        """Return the step (b, rows, n)."""
        batch = self.batch
        live = batch.sells & (batch.output > 0)
        miss = (found.log_cost - cost) * batch.sells
        ratio = np.divide(found.sales, batch.output, out=np.ones_like(found.sales), where=live)
        gap = (np.log(np.maximum(ratio, 1e-300)) - sales) * live
        move = np.empty((len(cost), self.state.rows, cost.shape[2]))
        d_cost, d_wage, d_sales = self.state.split(move)
        if self.state.W == 1:
            d_wage[:] = self._wages(found, left, wage)
            d_cost[:] = over_inputs(miss, self.pre.cost_block)
            d_cost += (d_wage[:, 0] @ self.response).reshape(d_cost.shape)
            d_sales[:] = over_inputs(gap, self.pre.sales_block)
        else:
            for k, block in enumerate(self.blocks):
                mine = np.flatnonzero(self.which == k)
                if len(mine):
                    d_cost[mine], d_wage[mine], d_sales[mine] = self._sector_step(
                        block, found, miss, gap, wage, mine
                    )
            d_wage -= self._drift(wage, d_wage)[:, None, :]
        # A linearised step is not to be trusted further than this, in logs.
        return np.asarray(np.clip(move, -TRUST, TRUST, out=move))

    def _wages(self, found: Implied, left: Array, wage: Array) -> Array:
        batch = self.batch
        # The balance of trade, not of the factor market: what is unsettled at home would swamp a small border.
        excess = np.where(batch.factor_income > 0, found.balance / np.maximum(found.wage_income, 1e-300), 0.0)
        if self.alone is not None:
            excess = np.where(self.alone, 0.0, excess)
        if len(self.inverse) == 1:
            move = excess @ self.inverse[0].T
        else:
            move = (self.inverse[self.which] @ excess[..., None])[..., 0]
        move = np.clip(move / left, -TRUST, TRUST)
        if self.alone is not None:
            move = np.where(self.alone, 0.0, move)
        move = move[:, None, :]
        return np.asarray(move - self._drift(wage, move)[:, None, :])

    def _drift(self, wage: Array, move: Array) -> Array:
        """(b, n), log change of each component's factor income: the numeraire holds it at its base-year sum."""
        batch = self.batch
        size = factor_supply(wage + move, batch).sum(axis=1)
        base = np.broadcast_to(batch.factor_income, size.shape)
        now, was = by_component(size, batch.component), by_component(base, batch.component)
        return np.asarray(np.log(np.where(was > 0, now / np.where(was > 0, was, 1.0), 1.0)))

    def openness(self, found: Implied) -> Array:
        """(b, n), trade left over base trade, at most one: the slope of a wage's own excess demand shrinks with it."""
        batch, kernel = self.batch, self.batch.kernel
        ratio = np.ones(batch.deficit.shape)
        if not kernel.own and (kernel.who is None or kernel.column is None):
            return ratio
        b = np.arange(len(ratio))[:, None]
        if kernel.own:
            who = np.repeat(np.arange(batch.deficit.shape[1])[None], len(ratio), axis=0)
            home = np.einsum("bsnn->bns", kernel.base)
        else:
            assert kernel.who is not None
            assert kernel.column is not None
            who = kernel.who
            home = kernel.column[b, np.arange(who.shape[1]), :, who]  # (b, p, s)
        theta = batch.theta[:, :, 0][:, None, :]
        share = home * np.exp(theta * (found.log_price[b, :, who] - found.log_cost[b, :, who]))
        bought = found.spending[b, :, who]
        left = np.abs((1.0 - share) * bought).sum(axis=2) + np.abs(
            found.sales[b, :, who] - share * bought
        ).sum(axis=2)
        ratio[b, who] = left / 2.0 / np.maximum(self.pre.trade[who], 1e-300)
        return np.clip(ratio, 1e-6, 1.0)

    def _sector_step(
        self, block: SectorBlock, found: Implied, miss: Array, gap: Array, wage: Array, mine: Index
    ) -> tuple[Array, Array, Array]:
        """Costs, sector wages and sales of one elasticity group; see `Preconditioner.sector_block`."""
        batch, mu = self.batch, self.batch.mobility
        live = batch.sells[mine] & (batch.value_added > 0)
        made = np.where(
            live, found.value_added[mine] / np.where(batch.value_added > 0, batch.value_added, 1.0), 1.0
        )
        now, state_gap = wage[mine], gap[mine]
        level = wage_level(now, batch)
        # What sector wages miss at the state's own sales; the implied sales enter through the gap.
        short = np.where(
            live, np.log(np.maximum(made, 1e-300)) - state_gap + mu * level - (1.0 + mu) * now, 0.0
        )
        pool, lean, eta = block.pool, block.lean.T, block.eta
        rest = _apply(block.cost, miss[mine] + self.pre.economy.value_added_share.T * _apply(pool, short))
        d_sales = _apply(block.sales, state_gap - lean * rest)
        d_cost = _apply(block.cost_of_sales, d_sales) + rest
        d_wage = _apply(pool, d_sales - (1.0 - eta) * d_cost + short)
        return d_cost, np.where(live, d_wage, 0.0), np.where(live, d_sales, state_gap)


def _apply(matrices: Array, x: Array) -> Array:
    """(n, s, r) matrices on columns: (b, r, n) -> (b, s, n)."""
    return over_inputs(x, matrices.swapaxes(1, 2))
