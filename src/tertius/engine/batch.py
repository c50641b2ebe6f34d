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
    factor_supply,
    final_price,
    implied,
    input_demand,
)
from tertius.engine.isolation import isolated
from tertius.engine.kernel import home_kernel
from tertius.engine.precondition import Preconditioner
from tertius.engine.rebase import rebase
from tertius.engine.result import Result
from tertius.engine.shock import STRIP_LIMIT, Shock, compile_shocks, cover
from tertius.engine.stepper import State, Stepper, singletons
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
    state = State(len(economy.sectors), mobile=batch.mobility == MOBILE)
    start = np.zeros((len(alone), state.rows, alone.shape[1]))
    cost, wage, sales = state.split(start)
    for b, n in np.argwhere(alone):
        cost[b, :, n], wage[b, :, n], sales[b, :, n] = isolated(batch, b, n, home_kernel(batch.kernel, b, n))
    return start, alone


def _base_trade(economy: Economy) -> Array:
    return np.asarray(economy.trade.sum(axis=0) + economy.trade.sum(axis=1))


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
    state = State(len(economy.sectors), mobile=batch.mobility == MOBILE)
    B, N = batch.deficit.shape
    x = np.zeros((B, state.rows, N)) if start is None else start.copy()
    alive = np.arange(B)
    anderson = Anderson(B, state.rows * N)
    stepper = Stepper(pre, state, batch)
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


def _result(
    economy: Economy, elasticities: Elasticities, shock: Shock, solved: _Solved, cut: tuple[str, ...]
) -> Result:
    batch, k = solved.batch, slice(solved.row, solved.row + 1)
    found = _take(solved.found, np.array([solved.row]))
    state = State(len(economy.sectors), mobile=batch.mobility == MOBILE)
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
