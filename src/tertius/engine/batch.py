"""Solve many scenarios on one base economy.

The state (costs, wages, sales, in logs) is a fixed point of `equilibrium.implied`. Each step is preconditioned by the
linearised base (`precondition`) and accelerated (`anderson`); a scenario leaves the batch when every condition holds
relative to the income of the country it belongs to. There is nothing to tune.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.engine.anderson import Anderson
from tertius.engine.elasticities import MOBILE, Elasticities
from tertius.engine.equilibrium import (
    Batch,
    Implied,
    by_component,
    factor_supply,
    final_price,
    implied,
    input_demand,
    over_inputs,
    wage_level,
)
from tertius.engine.isolation import isolated
from tertius.engine.kernel import home_kernel
from tertius.engine.precondition import Preconditioner, SectorBlock
from tertius.engine.rebase import rebase
from tertius.engine.result import Result
from tertius.engine.shock import STRIP_LIMIT, Shock, compile_shocks, cover
from tertius.errors import DataError, InputError, NotConvergedError, unknown

if TYPE_CHECKING:
    from tertius.engine.economy import Economy

Array = NDArray[np.float64]
Index = NDArray[np.intp]
Progress = Callable[[int, int, str], None]

TOLERANCE = 1e-10
_LIMIT = 200
_WALK_LIMIT = 80
_ROUGH = 1e-7  # good enough on the way
_SHORTEST = 2e-3
_TRUST = 1.0
_ASTRAY = 1e3
_THIN_TRADE = 1e-2
_WIDTH = 32  # scenarios per matrix product: wide enough for BLAS, small enough for the cache
_OWN_BYTES = 256e6  # memory for scenarios that need a kernel each


DEFICITS = ("own_income", "fixed", "zero", "spending_share")


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds besides the trade costs.

    Attributes
    ----------
    deficit : "own_income" (a share of each country's income, adjusted to sum to zero), "fixed" (constant in world
        factor income, so also a constant share of world income), "zero", or "spending_share" (what each spends per unit
        of income, all scaled by one factor so that deficits sum to zero; Felbermayr, Groeschl and Heiland 2022).
    tolerance : largest residual, relative to the income of the country where it occurs.

    Raises
    ------
    InputError
        No such rule, or a tolerance that is not above zero.
    """

    deficit: str = "own_income"
    tolerance: float = TOLERANCE

    def __post_init__(self) -> None:
        wrong = [] if self.deficit in DEFICITS else [unknown("deficit rule", self.deficit, DEFICITS)]
        if not self.tolerance > 0.0:
            wrong.append(f"tolerance: {self.tolerance} must be a number above zero")
        if wrong:
            raise InputError(wrong)


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
    economy: Economy,
    shocks: Sequence[Shock],
    elasticities: Elasticities | Array | Sequence[Elasticities] | None,
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
    kinds = [
        (one.form, len(cover(shock.wedges)) > min(STRIP_LIMIT, N - 1))
        for shock, one in zip(shocks, sets, strict=True)
    ]
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
    deficit = base * compiled.kept
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


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """One converged scenario: row `row` of a batch and of what its state implies."""

    batch: Batch
    found: Implied
    x: Array  # (rows, n)
    row: int
    residual: float
    where: str
    iterations: int


def _solve_batch(
    economy: Economy, shocks: Sequence[Shock], sets: Sequence[Elasticities], rules: Rules
) -> list[Result]:
    batch, cut = _make_batch(economy, shocks, sets, rules)
    pre = _preconditioner(economy)
    start, frozen = _isolated_start(economy, batch)
    solved = dict(_iterate(economy, batch, pre, rules.tolerance, _LIMIT, start, frozen))
    results = []
    for k, (shock, one) in enumerate(zip(shocks, sets, strict=True)):
        if k not in solved:
            solved[k] = _by_steps(economy, shock, one, rules)
        results.append(_result(economy, one, shock, solved[k], cut[k]))
    return results


def _isolated_start(economy: Economy, batch: Batch) -> tuple[Array | None, NDArray[np.bool_] | None]:
    """Solve countries that form a component by themselves first; the rest of the world does not see them.

    Returns
    -------
    start : (b, rows, n) or None, states that are zero but for those countries.
    frozen : (b, n) or None, which they are.
    """
    alone = singletons(batch.component)
    if alone is None:
        return None, None
    alone &= _base_trade(economy) > 0
    state = _State(len(economy.sectors), mobile=batch.mobility == MOBILE)
    start = np.zeros((len(alone), state.rows, alone.shape[1]))
    cost, wage, sales = state.split(start)
    for b, n in np.argwhere(alone):
        cost[b, :, n], wage[b, :, n], sales[b, :, n] = isolated(batch, b, n, home_kernel(batch.kernel, b, n))
    return start, alone


def _base_trade(economy: Economy) -> Array:
    return np.asarray(economy.trade.sum(axis=0) + economy.trade.sum(axis=1))


def singletons(component: Index) -> NDArray[np.bool_] | None:
    """(b, n), countries that form a component by themselves; None where every scenario is in one piece."""
    if not component.any():
        return None
    wide = int(component.max()) + 1
    key = component + wide * np.arange(len(component))[:, None]
    return np.asarray(
        np.bincount(key.ravel(), minlength=wide * len(component))[key.ravel()].reshape(key.shape) == 1
    )


def _iterate(
    economy: Economy,
    batch: Batch,
    pre: Preconditioner,
    tolerance: float,
    limit: int,
    start: Array | None = None,
    frozen: NDArray[np.bool_] | None = None,
) -> Iterator[tuple[int, _Solved]]:
    """Accelerated iteration; yields scenarios as they converge and gives up on the rest after `limit` steps."""
    state = _State(len(economy.sectors), mobile=batch.mobility == MOBILE)
    B, N = batch.deficit.shape
    x = np.zeros((B, state.rows, N)) if start is None else start.copy()
    alive = np.arange(B)
    anderson = Anderson(B, state.rows * N)
    stepper = _Stepper(pre, state, batch)
    best, best_x = np.full(B, np.inf), x.copy()
    for iteration in range(limit):
        cost, wage, sales = state.split(x)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # a runaway is pulled back below
            found = implied(batch, cost, wage, sales)
            left = stepper.openness(found)
            misses, where = _residuals(batch, economy, found, left, cost, wage, sales)
        worst = misses.max(axis=1)
        done = worst < tolerance
        for k in np.flatnonzero(done):
            yield (
                int(alive[k]),
                _Solved(batch, found, x[k], int(k), float(worst[k]), where(int(k)), iteration),
            )
        if done.any():
            keep = np.flatnonzero(~done)
            if not len(keep):
                return
            alive, x, best, best_x, worst = alive[keep], x[keep], best[keep], best_x[keep], worst[keep]
            frozen = None if frozen is None else frozen[keep]
            batch, found, left = batch.take(keep), _take(found, keep), left[keep]
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


def _by_steps(economy: Economy, shock: Shock, elasticities: Elasticities, rules: Rules) -> _Solved:
    """Walk from no shock to the whole one, linearising anew at every equilibrium on the way.

    Used where one linearisation at the base year does not carry: it costs a few seconds and has no limit but the
    length of a step.

    Raises
    ------
    NotConvergedError
        The walk stopped before the whole shock.
    """
    done, step, x = 0.0, 0.25, None
    pre = _preconditioner(economy)
    while True:
        goal = min(1.0, done + step)
        batch, cut = _make_batch(economy, [shock.part(goal)], [elasticities], rules)
        last = goal == 1.0
        begin, frozen = _isolated_start(economy, batch)
        if begin is not None and frozen is not None and x is not None:
            begin = np.where(frozen[:, None, :], begin, x)
        begin = x if begin is None else begin
        found = dict(
            _iterate(economy, batch, pre, rules.tolerance if last else _ROUGH, _WALK_LIMIT, begin, frozen)
        )
        if 0 in found and last:
            return found[0]
        if 0 in found:
            done, step, x = goal, 1.6 * step, found[0].x[None]
            pre = Preconditioner(rebase(_result(economy, elasticities, shock.part(goal), found[0], cut[0])))
            continue
        step /= 3.0
        if step < _SHORTEST:
            raise NotConvergedError(
                f"{shock.label or 'shock'}: no equilibrium found beyond {done:.0%} of the shock "
                f"(residual above {rules.tolerance:g} after steps of {_SHORTEST:.1%})"
            )


def _take(found: Implied, keep: Index) -> Implied:
    return Implied(*(getattr(found, name)[keep] for name in found.__slots__))


def _residuals(
    batch: Batch, economy: Economy, found: Implied, left: Array, cost: Array, wage: Array, sales: Array
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
    goods = np.abs(found.sales - batch.output * np.exp(sales) * batch.sells) / size[:, None, :]
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


class _Stepper:
    """The preconditioned step of every scenario in the batch."""

    def __init__(self, pre: Preconditioner, state: _State, batch: Batch) -> None:
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
        return np.asarray(np.clip(move, -_TRUST, _TRUST, out=move))

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
        move = np.clip(move / left, -_TRUST, _TRUST)
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


def _result(
    economy: Economy, elasticities: Elasticities, shock: Shock, solved: _Solved, cut: tuple[str, ...]
) -> Result:
    batch, k = solved.batch, slice(solved.row, solved.row + 1)
    found = _take(solved.found, np.array([solved.row]))
    state = _State(len(economy.sectors), mobile=batch.mobility == MOBILE)
    cost, wage, sales = state.split(solved.x[None])
    at_sales = batch.output * np.exp(sales) * batch.sells[k]
    inputs = input_demand(batch, found.log_price, found.log_input_price, found.log_cost, at_sales)[0]
    return Result(
        economy=economy,
        elasticities=elasticities,
        shock=shock,
        cost=np.exp(cost[0]),
        price=np.exp(found.log_price[0]),
        input_price=np.exp(found.log_input_price[0]),
        wage=np.exp(wage[0, 0] if state.W == 1 else wage[0]),
        final_price=np.exp(final_price(found.log_price, batch.final_share, batch.sigma)[0, 0]),
        sales=found.sales[0],
        spending=found.spending[0],
        factor_income=found.wage_income[0],
        revenue=found.income[0] - found.wage_income[0],
        demand=(found.spending[0] - inputs).sum(axis=0),
        base_deficit=batch.deficit[solved.row],
        component=batch.component[solved.row],
        residual=solved.residual,
        residual_at=solved.where,
        iterations=solved.iterations,
        cut=cut,
    )
