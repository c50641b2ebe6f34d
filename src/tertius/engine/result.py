"""What a solve returns: the new equilibrium, the losses, and how well the conditions hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.engine.shock import Shock, changed_kernel

if TYPE_CHECKING:
    from tertius.engine.economy import Economy
    from tertius.engine.elasticities import Elasticities

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Result:
    """One scenario's equilibrium, in changes relative to the base year.

    Attributes
    ----------
    economy, elasticities : what was solved.
    shock : what changed.
    cost : (s, i), c^.
    price : (s, n), P^.
    input_price : (r, n), PM^.
    wage : (i,) or (r, i), w^; one row when factors are mobile.
    final_price : (n,), PF^.
    sales : (s, i), Y' in base-year money.
    spending : (s, n), X'.
    factor_income : (n,), VA'.
    revenue : (n,), R'.
    demand : (n,), E' = VA' + R' + deficit + transfers.
    base_deficit : (n,), base-year deficit that the rule starts from: zero where balanced, less where trade is cut off.
    component : (n,), number of the connected component.
    residual : worst miss of the equilibrium conditions, relative to the income of the country where it is.
    residual_at : that country, sector and condition.
    iterations : steps taken; 0 for a shock that changes nothing.
    cut : countries whose remaining links were below 1e-6 of income and were cut.
    """

    economy: Economy
    elasticities: Elasticities
    shock: Shock
    cost: Array
    price: Array
    input_price: Array
    wage: Array
    final_price: Array
    sales: Array
    spending: Array
    factor_income: Array
    revenue: Array
    demand: Array
    base_deficit: Array
    component: NDArray[np.intp]
    residual: float
    residual_at: str
    iterations: int
    cut: tuple[str, ...] = ()

    @property
    def raised(self) -> tuple[str, ...]:
        """Sectors whose trade elasticity was too near zero and was raised to `elasticities.LEAST_TRADE`."""
        return tuple(self.economy.sectors[s] for s in self.elasticities.raised)

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

    @property
    def label(self) -> str:
        """Name of the scenario."""
        return self.shock.label

    @cached_property
    def tariff(self) -> Array:
        """(s, i, n), tariffs and rents after the shock."""
        w = self.shock.wedges
        rate = self.economy.tariff.copy()
        rate[w.sector, w.exporter, w.importer] += w.tariff
        return rate

    @cached_property
    def trade_share(self) -> Array:
        """(s, i, n), pi' = pi (c^ tau^ / P^)^-theta."""
        kernel = changed_kernel(self.economy, self.shock, self.elasticities.trade)
        for code in self.cut:
            n = self.economy.country(code)
            home = kernel[:, n, n].copy()
            kernel[:, n, :] = kernel[:, :, n] = 0.0
            kernel[:, n, n] = home
        theta = self.elasticities.trade[:, None]
        kernel *= (self.cost**-theta)[:, :, None]
        total = kernel.sum(axis=1, keepdims=True)
        return np.asarray(np.divide(kernel, total, out=np.zeros_like(kernel), where=total > 0))

    def _flows(self) -> tuple[Array, Array]:
        """Foreign flows before and after at border prices, (s, i, n)."""
        e = self.economy
        before = e.trade_share / (1.0 + e.tariff) * e.spending[:, None, :]
        after = self.trade_share / (1.0 + self.tariff) * self.spending[:, None, :]
        at = np.arange(len(e.countries))
        before[:, at, at] = after[:, at, at] = 0.0
        return before, after

    @cached_property
    def terms_of_trade(self) -> Array:
        """(n,), fraction of income: export over import prices, linearised (Caliendo and Parro 2015, eq. 15)."""
        e = self.economy
        flow, _ = self._flows()
        change = self.cost - 1.0
        gain = np.einsum("sin,si->i", flow, change) - np.einsum("sin,si->n", flow, change)
        return np.asarray(gain / np.where(e.income > 0, e.income, 1.0))

    @cached_property
    def volume_of_trade(self) -> Array:
        """(n,), fraction of income: tariff revenue on larger import volumes, linearised (same equation)."""
        e = self.economy
        before, after = self._flows()
        grown = after - before * self.cost[:, :, None]
        return np.asarray((e.tariff * grown).sum(axis=(0, 1)) / np.where(e.income > 0, e.income, 1.0))

    @property
    def linear_welfare(self) -> Array:
        """(n,), fraction: terms of trade plus volume of trade, the "welfare" column of Caliendo and Parro (2015)."""
        return self.terms_of_trade + self.volume_of_trade

    def of(self, country: str) -> float:
        """Loss of one country, fraction."""
        return float(self.loss[self.economy.country(country)])


def _ratio(after: Array, before: Array) -> Array:
    return np.divide(after, before, out=np.ones_like(after), where=before > 0)
