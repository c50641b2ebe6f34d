"""A cheap stand-in for the inverse Jacobian, built once per economy.

Three pieces, each exact for a part of the problem: the domestic input-output block of every country (prices and
sales), the response of all costs to all wages, and the reduced Jacobian of factor-market balance in wages. Given
shares, the last is linear in the trade elasticities, so a draw of elasticities costs one sum and one inverse.

Axes: s, r sector, i, n, j country.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tertius.engine.economy import Economy

Array = NDArray[np.float64]

_ROUNDS = 12  # terms of the Neumann series; input shares near one half make the rest about 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class SectorBlock:
    """Pieces of the domestic solve with sector wages; matrices are (n, s, s), acting on columns."""

    pool: Array  # dw = pool (dy - (1 - eta) dc + r_w)
    cost: Array  # dc = cost_of_sales dy + cost (v dw-free residuals)
    cost_of_sales: Array
    sales: Array
    lean: Array  # (n, s), theta (1 - own)
    eta: float


@dataclass(frozen=True, eq=False)
class Preconditioner:
    """Linearised base economy."""

    economy: Economy

    @cached_property
    def home(self) -> Array:
        """(s, n), base home share."""
        return np.asarray(np.einsum("snn->sn", self.economy.trade_share))

    @cached_property
    def imports(self) -> Array:
        """(n,), base imports."""
        return np.asarray(((1.0 - self.home) * self.economy.spending).sum(axis=0))

    @cached_property
    def trade(self) -> Array:
        """(n,), mean of base exports and imports."""
        e = self.economy
        home = self.home / (1.0 + np.einsum("snn->sn", e.tariff)) * e.spending
        return np.asarray((self.imports + (e.output.T - home).sum(axis=0)) / 2.0)

    @cached_property
    def cost_block(self) -> Array:
        """(n, s, r), inverse of I - domestic input links, for costs."""
        e = self.economy
        link = (1.0 - e.value_added_share)[:, None, :] * e.input_share * self.home.T[:, :, None]
        return np.asarray(np.linalg.inv(np.eye(len(e.sectors)) - link))

    @cached_property
    def sales_links(self) -> Array:
        """(n, s, r), I - domestic sales links in logs: how sales of s follow sales of its domestic users."""
        e = self.economy
        use = e.input_share * ((1.0 - e.value_added_share) * e.output)[:, None, :] * self.home.T[:, :, None]
        link = np.divide(use, e.output[:, :, None], out=np.zeros_like(use), where=e.output[:, :, None] > 0)
        return np.asarray(np.eye(len(e.sectors)) - link)

    @cached_property
    def sales_block(self) -> Array:
        """(n, r, s), inverse of `sales_links`, laid out for row vectors."""
        return np.ascontiguousarray(np.linalg.inv(self.sales_links).transpose(0, 2, 1))

    @cached_property
    def own_sales(self) -> Array:
        """(s, n), sales-weighted own market share: how much of a cost change the seller's own prices absorb."""
        e = self.economy
        value = e.trade_share**2 / (1.0 + e.tariff) * e.spending[:, None, :]
        total = e.output.T
        return np.asarray(np.divide(value.sum(axis=2), total, out=np.zeros_like(total), where=total > 0))

    def sector_block(self, theta: Array, eta: float, mobility: float) -> SectorBlock:
        """Exact domestic block of costs, sector wages and sales of every country, the rest of the world fixed.

        (eta + mu) dw - mu 1 omega' dw = dy - (1 - eta) dc + r_w,   dc = C (v dw + r_c),
        (I - H) dy + theta (1 - own) dc = r_y

        Parameters
        ----------
        theta : (s,), trade elasticity.
        """
        e = self.economy
        S = len(e.sectors)
        eye = np.eye(S)
        eta = max(eta, 0.05)
        weight = e.value_added / np.maximum(e.factor_income, 1e-300)[:, None]
        pool = eye + (mobility / eta) * np.repeat(weight[:, None, :], S, axis=1)  # K
        costs = self.cost_block.swapaxes(1, 2)  # C, acting on column vectors
        by_wage = costs * e.value_added_share[:, None, :]
        paid = by_wage @ pool / (eta + mobility)
        damp = np.linalg.inv(eye + (1.0 - eta) * paid)
        lean = (theta[:, None] * (1.0 - self.own_sales)).T  # (n, s)
        cost_of_sales = damp @ paid
        sales = np.asarray(
            np.linalg.inv(self.sales_links + lean[:, :, None] * cost_of_sales), dtype=np.float64
        )
        return SectorBlock(pool / (eta + mobility), damp @ costs, cost_of_sales, sales, lean, eta)

    @cached_property
    def cost_response(self) -> Array:
        """(j, s, i), d log c_is / d log w_j at base shares."""
        e = self.economy
        S, N = e.spending.shape
        own = np.zeros((S, N, N))
        at = np.arange(N)
        own[:, at, at] = e.value_added_share.T
        links = (1.0 - e.value_added_share)[:, None, :] * e.input_share  # (n, s, r)
        response = own
        for _ in range(_ROUNDS):
            prices = e.trade_share.swapaxes(1, 2) @ response  # (s, n, j)
            response = own + np.einsum("nsr,snj->rnj", links, prices, optimize=True)
        return np.ascontiguousarray(response.transpose(2, 0, 1))

    @cached_property
    def _wage_parts(self) -> tuple[Array, Array]:
        """Return the part of the wage Jacobian without theta (n, j) and the part per unit of theta_s (s, n, j)."""
        e = self.economy
        S, N = e.spending.shape
        sold = e.trade_share / (1.0 + e.tariff)  # (s, i, n)
        links = (1.0 - e.value_added_share)[:, None, :] * e.input_share
        own = np.zeros((S, N, N))  # value added in o per unit of sales of (s, i): (s, o, i)
        at = np.arange(N)
        own[:, at, at] = e.value_added_share.T
        content = own
        for _ in range(_ROUNDS):
            spent = content @ sold  # (s, o, n): value added in o per unit of n's spending on s
            content = own + np.einsum("nsr,son->ron", links, spent, optimize=True)
        spent = content @ sold
        fixed = np.einsum("son,ns->on", spent, e.final_share) * e.factor_income
        fixed[at, at] -= e.factor_income
        response = self.cost_response.transpose(1, 2, 0)  # (s, i, j)
        prices = e.trade_share.swapaxes(1, 2) @ response
        sales = sold * e.spending[:, None, :]
        substitution = (content * e.output.T[:, None, :]) @ response - (content @ sales) @ prices
        return fixed, -substitution

    def wage_step(self, theta: Array) -> Array:
        """Return (b, n, n), minus the inverse wage Jacobian for trade elasticities theta (b, s)."""
        fixed, slope = self._wage_parts
        income = self.economy.factor_income
        safe = np.where(income > 0, income, 1.0)
        S, N, _ = slope.shape
        jacobian = (theta @ slope.reshape(S, N * N)).reshape(len(theta), N, N) + fixed
        jacobian /= safe[:, None]
        # The numeraire: adding world income to every row removes the one direction in which nothing changes.
        jacobian -= income / income.sum()
        alone = (income <= 0) | (self.imports <= 1e-12 * np.maximum(income, 1e-300))
        at = np.flatnonzero(alone)
        jacobian[:, at, :] = 0.0
        jacobian[:, at, at] = -1.0
        return np.asarray(-np.linalg.inv(jacobian))
