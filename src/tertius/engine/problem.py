"""What holds in a batch of scenarios: the rules, the kernels, what starts solved, and the result read off a state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.engine.compiled import compile_shocks
from tertius.engine.elasticities import MOBILE
from tertius.engine.equilibrium import Batch, final_price, input_demand
from tertius.engine.graph import CARRIED
from tertius.engine.isolation import isolated
from tertius.engine.kernel import home_kernel
from tertius.engine.result import Result
from tertius.engine.stepper import State, singletons
from tertius.errors import InputError, unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.engine.economy import Economy
    from tertius.engine.elasticities import Elasticities
    from tertius.engine.iterate import Solved
    from tertius.engine.shock import Shock

Array = NDArray[np.float64]

TOLERANCE = 1e-10
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


def make_batch(
    economy: Economy,
    shocks: Sequence[Shock],
    sets: Sequence[Elasticities],
    rules: Rules,
    carried: float = CARRIED,
) -> tuple[Batch, tuple[tuple[str, ...], ...]]:
    """Everything that stays fixed while a batch is solved, and the countries cut off in each scenario."""
    compiled = compile_shocks(economy, shocks, sets, carried)
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


def isolated_start(economy: Economy, batch: Batch) -> tuple[Array | None, NDArray[np.bool_] | None]:
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


def read_off(
    economy: Economy, elasticities: Elasticities, shock: Shock, solved: Solved, cut: tuple[str, ...]
) -> Result:
    """The result of one converged scenario."""
    from tertius.engine.iterate import take

    batch = solved.batch

    found = take(solved.found, np.array([solved.row]))
    state = State(len(economy.sectors), mobile=batch.mobility == MOBILE)
    cost, wage, _ = state.split(solved.x[None])
    inputs = input_demand(batch, found.log_price, found.log_input_price, found.log_cost, found.at_sales)[0]
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
