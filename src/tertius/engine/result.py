"""What a solve returns: the new equilibrium, the losses, and how well the conditions hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tertius.engine.economy import Economy
from tertius.engine.elasticities import Elasticities

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Result:
    """One scenario's equilibrium, in changes relative to the base year.

    Attributes
    ----------
    economy, elasticities : what was solved.
    label : the shock's label.
    cost : (s, i), c^.
    price : (s, n), P^.
    wage : (i,) or (r, i), w^; one row when factors are mobile.
    final_price : (n,), PF^.
    sales : (s, i), Y' in base-year money.
    spending : (s, n), X'.
    factor_income : (n,), VA'.
    revenue : (n,), R'.
    demand : (n,), E' = VA' + R' + deficit + transfers.
    component : (n,), number of the connected component.
    residual : worst miss of the equilibrium conditions, relative to the income of the country where it is.
    residual_at : that country, sector and condition.
    iterations : steps taken; 0 for a shock that changes nothing.
    cut : countries whose remaining links were below 1e-6 of income and were cut.
    """

    economy: Economy
    elasticities: Elasticities
    label: str
    cost: Array
    price: Array
    wage: Array
    final_price: Array
    sales: Array
    spending: Array
    factor_income: Array
    revenue: Array
    demand: Array
    component: NDArray[np.intp]
    residual: float
    residual_at: str
    iterations: int
    cut: tuple[str, ...] = ()

    @cached_property
    def real_income(self) -> Array:
        """(n,), real income ratio: (VA' + R') / (VA + R) / PF^. The loss is one minus this."""
        income = self.factor_income + self.revenue
        return _ratio(income, self.economy.income) / self.final_price

    @property
    def loss(self) -> Array:
        """(n,), fraction: fall of real income, the headline."""
        return 1.0 - self.real_income

    @cached_property
    def absorption(self) -> Array:
        """(n,), ratio: real final demand E'/E / PF^."""
        before = self.economy.income + self.economy.deficit
        return _ratio(self.demand, before) / self.final_price

    @cached_property
    def real_wage(self) -> Array:
        """(n,), ratio: factor income over the final price."""
        return _ratio(self.factor_income, self.economy.factor_income) / self.final_price

    @cached_property
    def terms_of_trade(self) -> Array:
        """(n,), fraction: linearised gain from export over import prices (Caliendo and Parro 2015, eq. 17)."""
        e = self.economy
        flow = e.trade_share / (1.0 + e.tariff) * e.spending[:, None, :]
        at = np.arange(len(e.countries))
        flow[:, at, at] = 0.0
        change = np.log(self.cost)
        exports = np.einsum("sin,si->i", flow, change)
        imports = np.einsum("sin,si->n", flow, change)
        return np.asarray((exports - imports) / np.where(e.income > 0, e.income, 1.0))

    def of(self, country: str) -> float:
        """Loss of one country, fraction."""
        return float(self.loss[self.economy.country(country)])


def _ratio(after: Array, before: Array) -> Array:
    return np.divide(after, before, out=np.ones_like(after), where=before > 0)
