"""Solve many scenarios on one base economy.

The state (costs, wages, sales, in logs) is a fixed point of `equilibrium.implied`. Each step is preconditioned by the
linearised base (`precondition`) and accelerated (`anderson`); a scenario leaves the batch when every condition holds
relative to the income of the country it belongs to. There is nothing to tune.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tertius.engine.anderson import Anderson
from tertius.engine.economy import Economy
from tertius.engine.elasticities import MOBILE, Elasticities
from tertius.engine.equilibrium import Batch, Implied, final_price, implied
from tertius.engine.precondition import Preconditioner
from tertius.engine.result import Result
from tertius.engine.shock import STRIP_LIMIT, Shock, compile_shocks, cover
from tertius.errors import DataError, NotConvergedError

Array = NDArray[np.float64]
Index = NDArray[np.intp]
Progress = Callable[[int, int, str], None]

TOLERANCE = 1e-10
_LIMIT = 400
_WIDTH = 32  # scenarios per matrix product: wide enough for BLAS, small enough for the cache
_OWN_BYTES = 256e6  # memory for scenarios that need a kernel each


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds besides the trade costs.

    Attributes
    ----------
    deficit : "own_income" (a share of each country's income, adjusted to sum to zero), "fixed" (constant in world
        factor income, so also a constant share of world income), or "zero".
    tolerance : largest residual, relative to the income of the country where it occurs.
    """

    deficit: str = "own_income"
    tolerance: float = TOLERANCE


def solve(
    economy: Economy,
    shock: Shock | None = None,
    elasticities: Elasticities | Array | None = None,
    *,
    rules: Rules = Rules(),
) -> Result:
    """Solve one scenario; see `solve_many`."""
    return solve_many(economy, [shock or Shock()], elasticities, rules=rules)[0]


def solve_many(
    economy: Economy,
    shocks: Sequence[Shock],
    elasticities: Elasticities | Array | Sequence[Elasticities] | None = None,
    *,
    rules: Rules = Rules(),
    progress: Progress | None = None,
) -> list[Result]:
    """Solve scenarios on one base economy.

    Parameters
    ----------
    shocks : what changes in each.
    elasticities : one set for all (or just an array (s,) of trade elasticities), or one set per shock; the default is
        the `medium` horizon, which needs the package's own sectors.
    rules : deficits and tolerance.
    progress : called with (done, total, note).

    Returns
    -------
    list of Result, in the order of the shocks.

    Raises
    ------
    InfeasibleError
        A used good lost every supplier.
    NotConvergedError
        The residual stayed above the tolerance; the message names the scenario, country and sector.
    """
    return list(solve_iter(economy, shocks, elasticities, rules=rules, progress=progress))


def solve_iter(
    economy: Economy,
    shocks: Sequence[Shock],
    elasticities: Elasticities | Array | Sequence[Elasticities] | None = None,
    *,
    rules: Rules = Rules(),
    progress: Progress | None = None,
) -> Iterator[Result]:
    """`solve_many`, one result after the other in the order of the shocks; memory stays at one batch."""
    from threadpoolctl import threadpool_limits

    sets = _sets(economy, shocks, elasticities)
    done = 0
    for part in _parts(economy, shocks, sets):
        # Two BLAS threads are slower than one on matrices of this size; processes use the other cores.
        with threadpool_limits(1, user_api="blas"):
            results = _solve_batch(economy, [shocks[k] for k in part], [sets[k] for k in part], rules)
        done += len(part)
        if progress is not None:
            progress(done, len(shocks), "equilibria")
        yield from results


def _sets(
    economy: Economy, shocks: Sequence[Shock], elasticities: Elasticities | Array | Sequence[Elasticities] | None
) -> list[Elasticities]:
    if elasticities is None:
        from tertius.engine.horizons import horizon

        elasticities = horizon("medium", economy.sectors)
    if isinstance(elasticities, np.ndarray):
        elasticities = Elasticities(elasticities.astype(np.float64))
    sets = [elasticities] * len(shocks) if isinstance(elasticities, Elasticities) else list(elasticities)
    if len(sets) != len(shocks):
        raise DataError(f"elasticities: {len(sets)} sets for {len(shocks)} shocks")
    for one in {id(e): e for e in sets}.values():
        one.check(economy.sectors)
    return sets


def _parts(economy: Economy, shocks: Sequence[Shock], sets: Sequence[Elasticities]) -> Iterable[list[int]]:
    """Cut the list into consecutive runs of one form that fit into a batch."""
    N, S = len(economy.countries), len(economy.sectors)
    own_width = max(1, min(_WIDTH, int(_OWN_BYTES / (16.0 * S * N * N))))
    kinds = [(one.form, len(cover(shock.wedges)) > min(STRIP_LIMIT, N - 1)) for shock, one in zip(shocks, sets, strict=True)]
    start = 0
    while start < len(shocks):
        width = own_width if kinds[start][1] else _WIDTH
        stop = start + 1
        while stop < len(shocks) and stop - start < width and kinds[stop] == kinds[start]:
            stop += 1
        yield list(range(start, stop))
        start = stop


# -- one batch -----------------------------------------------------------------------------------------


def _make_batch(
    economy: Economy, shocks: Sequence[Shock], sets: Sequence[Elasticities], rules: Rules
) -> tuple[Batch, tuple[tuple[str, ...], ...]]:
    compiled = compile_shocks(economy, shocks, sets)
    B, N = len(shocks), len(economy.countries)
    base = np.zeros(N) if rules.deficit == "zero" else economy.deficit
    deficit = np.repeat(base[None], B, axis=0)
    transfer = np.zeros((B, N))
    for b, shock in enumerate(shocks):
        deficit[b, list(shock.balanced)] = 0.0
        for country, gift in shock.transfer:
            transfer[b, country] += gift
    eta, rho, sigma, mobility = sets[0].form
    batch = Batch(
        kernel=compiled.kernel,
        theta=np.stack([one.trade for one in sets])[:, :, None],
        value_added_share=np.ascontiguousarray(economy.value_added_share.T),
        input_share=economy.input_share,
        final_share=np.ascontiguousarray(economy.final_share.T),
        value_added=np.ascontiguousarray(economy.value_added.T),
        output=np.ascontiguousarray(economy.output.T),
        factor_income=economy.factor_income,
        income=economy.income,
        deficit=deficit,
        deficit_rule=rules.deficit,
        transfer=transfer,
        component=compiled.component,
        sells=compiled.sells,
        uses=economy.spending > 0,
        eta=eta,
        rho=rho,
        sigma=sigma,
        mobility=mobility,
    )
    return batch, compiled.cut


def _preconditioner(economy: Economy) -> Preconditioner:
    known = economy.__dict__.get("_preconditioner")
    if known is None:
        known = Preconditioner(economy)
        economy.__dict__["_preconditioner"] = known
    assert isinstance(known, Preconditioner)
    return known


class _State:
    """Views of the packed state (b, rows, n): costs, wages, sales."""

    def __init__(self, sectors: int, *, mobile: bool) -> None:
        self.S = sectors
        self.W = 1 if mobile else sectors
        self.rows = 2 * sectors + self.W

    def split(self, x: Array) -> tuple[Array, Array, Array]:
        return x[:, : self.S], x[:, self.S : self.S + self.W], x[:, self.S + self.W :]


def _solve_batch(
    economy: Economy, shocks: Sequence[Shock], sets: Sequence[Elasticities], rules: Rules
) -> list[Result]:
    batch, cut = _make_batch(economy, shocks, sets, rules)
    pre = _preconditioner(economy)
    state = _State(len(economy.sectors), mobile=batch.mobility == MOBILE)
    B, N = batch.deficit.shape
    x = np.zeros((B, state.rows, N))
    results: list[Result | None] = [None] * B
    alive = np.arange(B)
    anderson = Anderson(B, state.rows * N)
    stepper = _Stepper(pre, state, batch)
    best = np.full(B, np.inf)
    best_x = x.copy()
    for iteration in range(_LIMIT):
        cost, wage, sales = state.split(x)
        found = implied(batch, cost, wage, sales)
        residual, where = _residuals(batch, economy, found, cost, wage, sales)
        worst = residual.max(axis=1)
        done = worst < rules.tolerance
        if done.any():
            for k in np.flatnonzero(done):
                results[alive[k]] = _result(
                    economy, sets[alive[k]], shocks[alive[k]], batch, found, x, state, k, iteration,
                    float(worst[k]), where(k), cut[alive[k]],
                )  # fmt: skip
            keep = np.flatnonzero(~done)
            if not len(keep):
                break
            alive, x, best, best_x, worst = alive[keep], x[keep], best[keep], best_x[keep], worst[keep]
            batch, found = batch.take(keep), _take(found, keep)
            anderson.take(keep)
            stepper.take(keep, batch)
            cost, wage, sales = state.split(x)
        step = stepper.step(found, cost, wage, sales)
        # NaN compares false, so a scenario that ran off is pulled back too.
        astray = ~(worst < 1e3 * best)
        better = worst < best
        best_x[better], best[better] = x[better], worst[better]
        flat, move = x.reshape(len(x), -1), step.reshape(len(x), -1)
        if astray.any():
            anderson.forget(astray)
            flat = flat.copy()
            flat[astray], move[astray] = best_x[astray].reshape(int(astray.sum()), -1), 0.0
        x = anderson.next(flat, move).reshape(x.shape)
    else:
        raise NotConvergedError(_not_converged(shocks, alive, worst, where))
    return [r for r in results if r is not None]


def _take(found: Implied, keep: Index) -> Implied:
    return Implied(*(getattr(found, name)[keep] for name in found.__slots__))


def _not_converged(shocks: Sequence[Shock], alive: Index, worst: Array, where: Callable[[int], str]) -> str:
    return "\n".join(
        f"{shocks[a].label or f'shock {a}'}: residual {worst[k]:.2g} at {where(k)} after {_LIMIT} steps"
        for k, a in enumerate(alive)
    )


def _residuals(
    batch: Batch, economy: Economy, found: Implied, cost: Array, wage: Array, sales: Array
) -> tuple[Array, Callable[[int], str]]:
    """Misses of the three conditions, (b, 3), and a function that names the worst place of a scenario."""
    size = np.maximum(batch.factor_income, 1e-300) * np.exp(wage.mean(axis=1)) if wage.shape[1] == 1 else (
        np.maximum(found.wage_income, 1e-300)
    )
    live = batch.sells & (batch.output > 0)
    price = np.where(live, np.abs(found.log_cost - cost), 0.0)
    goods = np.abs(found.sales - batch.output * np.exp(sales) * batch.sells) / size[:, None, :]
    made = found.value_added.sum(axis=1)
    factor = np.abs(made - found.wage_income) / size
    if wage.shape[1] > 1:
        from tertius.engine.equilibrium import factor_supply

        factor = np.maximum(factor, np.abs(found.value_added - factor_supply(wage, batch)).max(axis=1) / size)
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


class _Stepper:
    """The preconditioned step of every scenario in the batch."""

    def __init__(self, pre: Preconditioner, state: _State, batch: Batch) -> None:
        self.pre, self.state, self.batch = pre, state, batch
        self.response = pre.cost_response.reshape(pre.cost_response.shape[0], -1)
        self.inverse: Array | None = None
        self.which = np.zeros(len(batch.theta), dtype=np.intp)
        if state.W == 1:
            theta, which = np.unique(batch.theta[:, :, 0], axis=0, return_inverse=True)
            self.inverse, self.which = pre.wage_step(theta), which.ravel()
        self._alone()

    def take(self, keep: Index, batch: Batch) -> None:
        self.batch, self.which = batch, self.which[keep]
        self._alone()

    def _alone(self) -> None:
        """Countries that form a component by themselves keep their wage: it is their numeraire."""
        component = self.batch.component
        if not component.any():
            self.alone: NDArray[np.bool_] | None = None
            return
        wide = int(component.max()) + 1
        key = component + wide * np.arange(len(component))[:, None]
        self.alone = np.bincount(key.ravel(), minlength=wide * len(component))[key] == 1

    def step(self, found: Implied, cost: Array, wage: Array, sales: Array) -> Array:
        from tertius.engine.equilibrium import over_inputs

        batch, S = self.batch, self.state.S
        move = np.empty((len(cost), self.state.rows, cost.shape[2]))
        d_cost, d_wage, d_sales = self.state.split(move)
        d_wage[:] = self._wages(found, wage)
        miss = found.log_cost - cost
        miss *= batch.sells
        d_cost[:] = over_inputs(miss, self.pre.cost_block)
        if self.state.W == 1:
            d_cost += (d_wage[:, 0] @ self.response).reshape(len(cost), S, -1)
        else:
            d_cost += batch.value_added_share * d_wage
        ratio = np.divide(found.sales, batch.output, out=np.ones_like(found.sales), where=batch.sells & (batch.output > 0))
        gap = np.log(np.maximum(ratio, 1e-300))
        gap -= sales
        gap *= batch.sells & (batch.output > 0)
        d_sales[:] = over_inputs(gap, self.pre.sales_block)
        return move

    def _wages(self, found: Implied, wage: Array) -> Array:
        batch = self.batch
        income = np.maximum(batch.factor_income, 1e-300)
        if self.inverse is None:
            return self._sector_wages(found, wage)
        made = found.value_added.sum(axis=1)
        excess = np.where(batch.factor_income > 0, made / np.maximum(found.wage_income, 1e-300) - 1.0, 0.0)
        excess = np.log1p(np.maximum(excess, -0.9))
        if self.alone is not None:
            excess = np.where(self.alone, 0.0, excess)
        if len(self.inverse) == 1:
            move = excess @ self.inverse[0].T
        else:
            move = (self.inverse[self.which] @ excess[..., None])[..., 0]
        move /= self._openness(found)
        if self.alone is not None:
            move = np.where(self.alone, 0.0, move)
        # The numeraire: factor income of each component stays at its base-year sum.
        from tertius.engine.equilibrium import by_component

        size = income * np.exp(wage[:, 0] + move)
        drift = by_component(size, batch.component) / by_component(np.broadcast_to(income, size.shape), batch.component)
        return np.asarray((move - np.log(drift))[:, None, :])

    def _openness(self, found: Implied) -> Array:
        """(b, n), imports left over base imports, at most one: the slope of a wage's own excess demand shrinks with it."""
        batch = self.batch
        ratio = np.ones(batch.deficit.shape)
        kernel = batch.kernel
        base = np.maximum(self.pre.imports, 1e-300)
        if kernel.own:
            home = np.einsum("bsnn->bsn", kernel.base)
            left = self._imports(found, home, slice(None))
            ratio = left / base
        elif kernel.who is not None and kernel.column is not None:
            b = np.arange(len(ratio))[:, None]
            p = np.arange(kernel.who.shape[1])
            home = kernel.column[:, p, :, :][b, p, :, kernel.who]  # (b, p, s)
            u = np.exp(-batch.theta[:, :, 0][:, None, :] * found.log_cost[b, :, kernel.who])
            log_price = found.log_price[b, :, kernel.who]
            share = home * u * np.exp(batch.theta[:, :, 0][:, None, :] * log_price)
            left = ((1.0 - share) * found.spending[b, :, kernel.who]).sum(axis=2)
            ratio[b, kernel.who] = left / base[kernel.who]
        return np.clip(ratio, 1e-7, 1.0)

    def _imports(self, found: Implied, home: Array, at: slice) -> Array:
        u = np.exp(-self.batch.theta * (found.log_cost - found.log_price))
        return np.asarray(((1.0 - home * u)[:, :, at] * found.spending).sum(axis=1))

    def _sector_wages(self, found: Implied, wage: Array) -> Array:
        """Wages that clear each sector's factor market, damped by how much demand responds."""
        from tertius.engine.equilibrium import by_component, factor_supply, wage_level

        batch, mu = self.batch, self.batch.mobility
        live = batch.sells & (batch.value_added > 0)
        made = np.where(live, found.value_added / np.where(live, batch.value_added, 1.0), 1.0)
        goal = (np.log(np.maximum(made, 1e-300)) + mu * wage_level(wage, batch)) / (1.0 + mu)
        slope = batch.theta * batch.value_added_share * (1.0 - self.pre.own_sales) / (1.0 + mu)
        move = np.where(live, (goal - wage) / (1.0 + slope), 0.0)
        size = factor_supply(wage + move, batch).sum(axis=1)
        base = np.broadcast_to(batch.factor_income, size.shape)
        drift = by_component(size, batch.component) / np.maximum(by_component(base, batch.component), 1e-300)
        return np.asarray(move - np.log(np.maximum(drift, 1e-300))[:, None, :])


def _result(
    economy: Economy, elasticities: Elasticities, shock: Shock, batch: Batch, found: Implied, x: Array,
    state: _State, k: int, iteration: int, residual: float, where: str, cut: tuple[str, ...],
) -> Result:  # fmt: skip
    cost, wage, sales = state.split(x)
    price = final_price(found.log_price[k : k + 1], batch.final_share, batch.sigma)[0, 0]
    income = found.income[k]
    from tertius.engine.equilibrium import input_demand

    inputs = input_demand(
        batch, found.log_price[k : k + 1], found.log_input_price[k : k + 1], found.log_cost[k : k + 1],
        batch.output * np.exp(sales[k : k + 1]) * batch.sells[k : k + 1],
    )[0]  # fmt: skip
    return Result(
        economy=economy,
        elasticities=elasticities,
        shock=shock,
        cost=np.exp(cost[k]),
        price=np.exp(found.log_price[k]),
        input_price=np.exp(found.log_input_price[k]),
        wage=np.exp(wage[k, 0] if state.W == 1 else wage[k]),
        final_price=np.exp(price),
        sales=found.sales[k],
        spending=found.spending[k],
        factor_income=found.wage_income[k],
        revenue=income - found.wage_income[k],
        demand=(found.spending[k] - inputs).sum(axis=0),
        component=batch.component[k],
        residual=residual,
        residual_at=where,
        iterations=iteration,
        cut=cut,
    )
