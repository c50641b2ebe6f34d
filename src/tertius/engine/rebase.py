"""Make an equilibrium the new base year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tertius.engine.economy import Economy, _divide

if TYPE_CHECKING:
    from tertius.engine.result import Result

#: Deficits below this share of income are what subtraction leaves of a balanced country's: none.
_ROUNDING = 1e-12


def rebase(result: Result) -> Economy:
    """Return the economy in which the result's equilibrium is the base year.

    Solving a later shock on it gives the change relative to that equilibrium: used for balanced deficits, for a tariff
    schedule that was already in force, and for a baseline without inventories.
    """
    e, x = result.economy, result.elasticities
    cost, price = result.cost.T, result.price.T  # (n, r), (n, s)
    wage = result.wage[None, :] if result.wage.ndim == 1 else result.wage
    inputs = result.input_price.T
    v = e.value_added_share
    if x.value_added != 1.0:
        v = v * (np.broadcast_to(wage.T, v.shape) / cost) ** (1.0 - x.value_added)
    a = e.input_share
    if x.inputs != 1.0:
        a = a * (price[:, :, None] / inputs[:, None, :]) ** (1.0 - x.inputs)
    b = e.final_share
    if x.final != 1.0:
        b = b * (price / result.final_price[:, None]) ** (1.0 - x.final)
    output = result.sales.T
    income = result.factor_income + result.revenue
    owed = result.demand - income
    a = _divide(a, a.sum(axis=1, keepdims=True))
    return Economy(
        countries=e.countries,
        sectors=e.sectors,
        trade_share=result.trade_share,
        tariff=result.tariff,
        value_added_share=v,
        input_share=a,
        final_share=_divide(b, b.sum(axis=1, keepdims=True)),
        value_added=v * output,
        output=output,
        spending=result.spending,
        deficit=np.where(np.abs(owed) > _ROUNDING * income, owed, 0.0),
        shift=e.shift,
    )


def balanced(economy: Economy, *countries: str, elasticities: object = None) -> Economy:
    """Return the economy after the deficits of some countries went to zero, others adjusting.

    A surplus is infeasible in isolation and a deficit becomes free imports, so the target's own goes before any cut.
    """
    from tertius.engine.batch import solve
    from tertius.engine.shock import Shock

    who = tuple(economy.country(code) for code in countries)
    return rebase(solve(economy, Shock(balanced=who, label="balanced " + ", ".join(countries)), elasticities))  # type: ignore[arg-type]
