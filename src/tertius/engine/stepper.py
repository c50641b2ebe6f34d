"""The step of the iteration: what the linearised base says the unknowns should move by.

Costs and sales move by the domestic input-output block of each country, wages by the balance of trade through the
reduced Jacobian, or sector by sector where factors stay. Axes: b scenario, s sector, n country.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tertius.engine.equilibrium import Batch, Implied, by_component, factor_supply, wage_level
from tertius.engine.precondition import LEAST_ETA
from tertius.engine.products import over_users

if TYPE_CHECKING:
    from tertius.engine.precondition import Preconditioner, SectorBlock

Array = NDArray[Any]  # float64, and float32 for steps
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
        self.theta = batch.theta.astype(np.float32)
        if state.W == 1:
            self.inverse = pre.wage_step(theta)
        else:
            self.eta = max(batch.eta, LEAST_ETA)
            self.inverse = pre.level_step(theta, self.eta)
            self.blocks = [pre.sector_block(one, batch.eta, batch.mobility) for one in theta]
        self.paid = batch.value_added / np.maximum(batch.factor_income, 1e-300)
        self.alone = singletons(batch.component)

    def take(self, keep: Index, batch: Batch) -> None:
        """Follow the batch."""
        self.batch, self.which, self.theta = batch, self.which[keep], self.theta[keep]
        self.alone = singletons(batch.component)

    def step(self, found: Implied, left: Array, cost: Array, wage: Array, sales: Array) -> Array:
        """Return the step (b, rows, n)."""
        move = self.answer(self.misses(found, left, cost, wage, sales), trust=TRUST)
        # The level of prices is free in each component; the numeraire fixes it.
        move -= self.drift(wage + self.state.split(move)[1])[:, None, :]
        return np.asarray(np.clip(move, -TRUST, TRUST, out=move))

    def misses(self, found: Implied, left: Array, cost: Array, wage: Array, sales: Array) -> Array:
        """By how much a state misses each condition, in logs or relative to income, in the layout of the state."""
        batch = self.batch
        live = batch.sells & (batch.output > 0)
        missed = np.empty((len(cost), self.state.rows, cost.shape[2]))
        of_cost, of_wage, of_sales = self.state.split(missed)
        of_cost[:] = (found.log_cost - cost) * batch.sells
        ratio = np.divide(found.sales, batch.output, out=np.ones_like(found.sales), where=live)
        of_sales[:] = (np.log(np.maximum(ratio, 1e-300)) - sales) * live
        if self.state.W == 1:
            of_wage[:, 0] = self._excess(found, left)
        else:
            of_wage[:] = self._short(found, wage, of_sales)
        return missed

    def _excess(self, found: Implied, left: Array) -> Array:
        """(b, n), the balance of trade relative to income and to the trade left.

        Not the balance of the factor market: what is unsettled at home would swamp a small border.
        """
        excess = found.balance / np.maximum(found.wage_income, 1e-300) / left
        out = self.batch.factor_income <= 0
        return np.asarray(np.where(out if self.alone is None else out | self.alone, 0.0, excess))

    def _short(self, found: Implied, wage: Array, gap: Array) -> Array:
        """(b, r, n), log factor demand less supply by sector, at the state's own sales."""
        batch, mu = self.batch, self.batch.mobility
        live = batch.sells & (batch.value_added > 0)
        made = np.divide(found.value_added, batch.value_added, out=np.ones_like(wage), where=live)
        supply = (1.0 + mu) * wage - mu * wage_level(wage, batch)
        return np.where(live, np.log(np.maximum(made, 1e-300)) - gap - supply, 0.0)

    def answer(self, missed: Array, *, trust: float = np.inf) -> Array:
        """What the linearised base says to do about the misses, (b, rows, n); linear but for `trust` in wages."""
        move = np.empty_like(missed)
        if self.state.W == 1:
            self._national(missed, move, trust)
        else:
            for k, block in enumerate(self.blocks):
                mine = np.flatnonzero(self.which == k)
                if len(mine):
                    move[mine] = self._by_sector(block, missed[mine], mine)
            self._levels(missed, move, trust)
        return move

    def _national(self, missed: Array, move: Array, trust: float) -> None:
        """Costs and sales as they would settle at given wages, then wages, then what these do to costs and sales."""
        links, theta = self.pre.links, self.theta
        miss, excess, gap = self.state.split(missed)
        d_cost, d_wage, d_sales = self.state.split(move)
        gap = gap.astype(np.float32)
        cost = links.costs(miss.astype(np.float32))
        sales = links.substitution(cost, theta)
        sales += gap
        flat = np.ascontiguousarray(sales).reshape(len(sales), -1)
        to_come = flat @ links.content - (links.made * gap).sum(axis=1)
        change = np.clip(self._wages(excess[:, 0] + to_come), -trust, trust)
        small = change.astype(np.float32)
        response = (small @ links.response).reshape(cost.shape)
        d_wage[:] = change[:, None, :]
        np.add(cost, response, out=d_cost)
        sales += links.substitution(response, theta, small)
        d_sales[:] = links.sales(sales)

    def _levels(self, missed: Array, move: Array, trust: float) -> None:
        """Add what the level of all wages of a country has to do: the slow direction of nearly closed economies.

        What each country has solved for itself is taken to the others; the sum of its goods markets is its balance.
        """
        links, eta = self.pre.links, self.eta
        cost, wage, sales = self.state.split(move)
        small = cost.astype(np.float32), sales.astype(np.float32)
        paid = (self.paid * wage).sum(axis=1).astype(np.float32)
        gap = self.state.split(missed)[2] + links.substitution(small[0], self.theta, paid, small[1]) - sales
        level = np.clip(self._wages((links.made * gap).sum(axis=1)), -trust, trust)
        response = (level.astype(np.float32) @ links.response).reshape(cost.shape)
        cost += response
        wage += level[:, None, :]
        sales += eta * level[:, None, :] + (1.0 - eta) * response

    def _wages(self, excess: Array) -> Array:
        """(b, n), what settles the balances of trade; a country that is alone has none."""
        off = self.alone
        if off is not None:
            excess = np.where(off, 0.0, excess)
        if len(self.inverse) == 1:
            move = excess @ self.inverse[0].T
        else:
            move = (self.inverse[self.which] @ excess[..., None])[..., 0]
        return np.asarray(move if off is None else np.where(off, 0.0, move))

    def drift(self, wage: Array) -> Array:
        """(b, n), log change of each component's factor income: the numeraire holds it at its base-year sum."""
        batch = self.batch
        size = factor_supply(wage, batch).sum(axis=1)
        base = np.broadcast_to(batch.factor_income, size.shape)
        now, was = by_component(size, batch.component), by_component(base, batch.component)
        return np.asarray(np.log(np.where(was > 0, now / np.where(was > 0, was, 1.0), 1.0)))

    def level(self, move: Array) -> Array:
        """Take out of a move what only shifts the level of prices of a component, to first order."""
        batch = self.batch
        size = batch.value_added if self.state.W > 1 else batch.factor_income[None]
        shift = (size * self.state.split(move)[1]).sum(axis=1)
        whole = by_component(np.broadcast_to(batch.factor_income, shift.shape), batch.component)
        shift = by_component(shift, batch.component) / np.where(whole > 0, whole, 1.0)
        live = np.broadcast_to(batch.sells & (batch.output > 0), batch.sells.shape)
        paid = live if self.state.W > 1 else (batch.factor_income > 0)[None, None]
        used = np.concatenate([live, np.broadcast_to(paid, move[:, : self.state.W].shape), live], axis=1)
        return np.where(used, move - shift[:, None, :], 0.0)

    def openness(self, found: Implied, cost: Array) -> Array:
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
        share = home * np.exp(theta * (found.log_price[b, :, who] - cost[b, :, who]))
        bought = found.spending[b, :, who]
        left = np.abs((1.0 - share) * bought).sum(axis=2) + np.abs(
            found.sales[b, :, who] - share * bought
        ).sum(axis=2)
        ratio[b, who] = left / 2.0 / np.maximum(self.pre.trade[who], 1e-300)
        return np.clip(ratio, 1e-6, 1.0)

    def _by_sector(self, block: SectorBlock, missed: Array, mine: Index) -> Array:
        """Costs, sector wages and sales of one elasticity group; see `Preconditioner.sector_block`."""
        miss, short, gap = self.state.split(missed)
        live = self.batch.sells[mine] & (self.batch.value_added > 0)
        move = np.empty_like(missed)
        d_cost, d_wage, d_sales = self.state.split(move)
        pool = block.pool
        rest = over_users(miss + self.pre.economy.value_added_share.T * over_users(short, pool), block.cost)
        found = over_users(gap - block.lean.T * rest, block.sales)
        d_cost[:] = over_users(found, block.cost_of_sales) + rest
        d_wage[:] = np.where(live, over_users(found - (1.0 - block.eta) * d_cost + short, pool), 0.0)
        d_sales[:] = np.where(live, found, gap)
        return move
