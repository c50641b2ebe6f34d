"""How costs and sales answer at base-year shares, and the transposes: what a step of `precondition` is made of.

Axes: b scenario, s, r sector, i exporter, n importer, j country.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tertius.engine.products import over_exporters, over_importers, over_inputs, over_users

if TYPE_CHECKING:
    from tertius.engine.precondition import Preconditioner

Array = NDArray[Any]  # float64, and float32 for steps

#: How often a step follows costs and sales abroad.
ROUNDS = 1


class Links:
    """How costs and sales answer, at base shares, in one precision; `back_*` are the transposes.

    Arrays are (b, s, n); theta is (b, s, 1).
    """

    def __init__(self, pre: Preconditioner, dtype: Any) -> None:
        e = pre.economy

        def cast(x: Array) -> Array:
            return np.ascontiguousarray(x, dtype=dtype)

        self.share, self.sold = cast(e.trade_share), cast(pre.sold) if e.has_tariffs else None
        self.market = cast(pre.market)
        self.home, self.home_market = cast(pre.home), cast(np.einsum("snn->sn", pre.market))
        self.input, self.input_rest = cast(e.input_share), cast(1.0 - e.value_added_share.T)
        self.cost_block, self.sales_block, self.use = (
            cast(pre.cost_block),
            cast(pre.sales_block),
            cast(pre.use),
        )
        self.spending, self.net = cast(e.spending), cast(1.0 - pre.rate)
        self.lift, self.wages = cast(pre.lift), cast(e.factor_income)
        self.content, self.made = cast(pre.content.reshape(len(e.countries), -1).T), cast(pre.made)
        self.response = cast(pre.cost_response.reshape(len(e.countries), -1))

    def costs(self, r: Array) -> Array:
        """M r."""
        x = term = over_inputs(r, self.cost_block)
        for _ in range(ROUNDS):
            abroad = _abroad(term, self.share, self.home)
            term = over_inputs(self.input_rest * over_inputs(abroad, self.input), self.cost_block)
            x = x + term
        return x

    def sales(self, r: Array) -> Array:
        """K r."""
        x = term = over_inputs(r, self.sales_block)
        for _ in range(ROUNDS):
            bought = over_inputs(term, self.use)
            term = over_inputs(_abroad_back(bought, self.market, self.home_market), self.sales_block)
            x = x + term
        return x

    def substitution(
        self, cost: Array, theta: Array, wage: Array | None = None, sales: Array | None = None
    ) -> Array:
        """G c, (b, s, i): what costs do to sales at given demand, and wages (b, n) and industry at its `sales` through demand."""
        moved = theta * over_exporters(cost, self.share)
        if sales is not None:
            moved += over_inputs(sales, self.use)
        if wage is not None:
            moved += self.lift * (self.wages * wage)[:, None, :]
        return np.asarray(over_importers(moved, self.market) - theta * cost)

    def back_costs(self, x: Array) -> Array:
        """M' x."""
        y = term = over_users(x, self.cost_block)
        for _ in range(ROUNDS):
            inputs = over_users(self.input_rest * term, self.input)
            term = over_users(_abroad_back(inputs, self.share, self.home), self.cost_block)
            y = y + term
        return y

    def back_sales(self, x: Array) -> Array:
        """K' x."""
        y = term = over_users(x, self.sales_block)
        for _ in range(ROUNDS):
            sold = _abroad(term, self.market, self.home_market)
            term = over_users(over_users(sold, self.use), self.sales_block)
            y = y + term
        return y

    def back_substitution(self, x: Array, theta: Array) -> tuple[Array, Array]:
        """Weights on sales -> weights on costs (b, s, i) and on wages (b, n)."""
        moved = over_exporters(x, self.market)
        revenue = (self.lift * moved).sum(axis=1)
        price = theta * moved
        cost = -theta * x
        if self.sold is not None:
            weight = theta * self.spending * revenue[:, None, :]
            price -= weight * self.net
            cost += over_importers(weight, self.sold)
        return np.asarray(cost + over_importers(price, self.share)), self.wages * revenue


def _abroad(x: Array, matrices: Array, home: Array) -> Array:
    return np.asarray(over_exporters(x, matrices) - home * x)


def _abroad_back(x: Array, matrices: Array, home: Array) -> Array:
    return np.asarray(over_importers(x, matrices) - home * x)
