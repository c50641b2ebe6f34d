"""The base year linearised: a cheap stand-in for the inverse Jacobian, built once per economy.

With small letters for d log, residuals r_c, r_w, r_y of costs, wages and sales, and factors that are mobile,

    costs       c = M (r_c + v w)                             M = (I - input links)^-1
    sales       y = K (r_y + G c + income w)                  K = (I - sales links)^-1
                G c = substitution towards the cheaper, and the revenue it brings
    wages       J w + r_w + content (r_y + G M r_c) - sum_s r_y Y / W = 0

where J is the reduced Jacobian of the balance of trade in wages, all links through costs and sales taken along. content, the value
added that sales anywhere hold, is v K Y / W. J is exact and linear in the trade elasticities, so a draw of elasticities costs one sum and one inverse. M and K are exact
at home and go `ROUNDS` times abroad: acceleration does the rest. Where factors stay in their sector, each country's own
block is solved exactly and the others are left to acceleration.

Steps need no precision, so their matrices are float32. Axes: b scenario, s, r sector, i exporter, n importer, j country.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tertius.engine.links import Links

if TYPE_CHECKING:
    from tertius.engine.economy import Economy

Array = NDArray[Any]  # float64, and float32 for steps

#: Substitution between value added and inputs that a step reckons with at least; nearer to Leontief it would leap.
LEAST_ETA = 0.05
_TERMS = 9  # of the Neumann series of the wage Jacobian; input shares near one half make the rest about 1e-3


@dataclass(frozen=True, slots=True)
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
    def sold(self) -> Array:
        """(s, i, n), what of a buyer's spending reaches the seller."""
        return np.asarray(self.economy.trade_share / (1.0 + self.economy.tariff))

    @cached_property
    def rate(self) -> Array:
        """(s, n), revenue per unit of spending."""
        return np.asarray((self.economy.trade_share - self.sold).sum(axis=1))

    @cached_property
    def market(self) -> Array:
        """(s, i, n), share of each buyer in a seller's sales."""
        e = self.economy
        return _per(
            self.sold * e.spending[:, None, :], np.repeat(e.output.T[:, :, None], len(e.countries), axis=2)
        )

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
    def made(self) -> Array:
        """(s, n), output of a sector per unit of factor income."""
        e = self.economy
        return _per(e.output.T, np.broadcast_to(e.factor_income, e.spending.shape))

    # -- domestic blocks -----------------------------------------------------------------------------

    @cached_property
    def cost_block(self) -> Array:
        """(n, s, r), inverse of I - domestic input links, for costs."""
        e = self.economy
        link = (1.0 - e.value_added_share)[:, None, :] * e.input_share * self.home.T[:, :, None]
        return np.asarray(np.linalg.inv(np.eye(len(e.sectors)) - link))

    @cached_property
    def spread(self) -> Array:
        """(s, n), spending on a good per unit of income before the revenue on final demand; deficits follow income."""
        e = self.economy
        share = e.final_share.T
        keep = 1.0 + _per(e.deficit, e.income)
        return np.asarray(share * (keep / (1.0 - keep * (self.rate * share).sum(axis=0))))

    @cached_property
    def lift(self) -> Array:
        """(s, n), log spending on a good per unit of income before the revenue on final demand."""
        return _per(self.spread, self.economy.spending)

    @cached_property
    def use(self) -> Array:
        """(n, r, s), how log spending on s follows log sales of its domestic users r, revenue on it spent again."""
        e = self.economy
        bought = e.input_share * ((1.0 - e.value_added_share) * e.output)[:, None, :]
        revenue = np.einsum("sn,nsr->nr", self.rate, bought)
        total = bought + self.spread.T[:, :, None] * revenue[:, None, :]
        return np.ascontiguousarray(
            _per(total, np.broadcast_to(e.spending.T[:, :, None], total.shape)).swapaxes(1, 2)
        )

    @cached_property
    def sales_links(self) -> Array:
        """(n, s, r), I - domestic sales links in logs: how sales of s follow sales of its domestic users."""
        home = np.einsum("snn->ns", self.market)
        return np.asarray(np.eye(home.shape[1]) - home[:, :, None] * self.use.swapaxes(1, 2))

    @cached_property
    def sales_block(self) -> Array:
        """(n, r, s), inverse of `sales_links`, laid out for row vectors."""
        return np.ascontiguousarray(np.linalg.inv(self.sales_links).transpose(0, 2, 1))

    @cached_property
    def own_sales(self) -> Array:
        """(s, n), sales-weighted own market share: how much of a cost change the seller's own prices absorb."""
        return np.asarray((self.market * self.economy.trade_share).sum(axis=2))

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
        eta = max(eta, LEAST_ETA)
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

    # -- the world ---------------------------------------------------------------------------------------

    @cached_property
    def links(self) -> Links:
        """What a step needs."""
        return Links(self, np.float32)

    @cached_property
    def exact_links(self) -> Links:
        """The same for a linear solve to full precision."""
        return Links(self, np.float64)

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
        for _ in range(_TERMS):
            prices = e.trade_share.swapaxes(1, 2) @ response  # (s, n, j)
            response = own + np.einsum("nsr,snj->rnj", links, prices, optimize=True)
        return np.ascontiguousarray(response.transpose(2, 0, 1))

    @cached_property
    def _value_added_in(self) -> Array:
        """(s, o, i), value added in o by a unit of sales of (s, i), wherever its inputs come from."""
        e = self.economy
        S, N = e.spending.shape
        links = (1.0 - e.value_added_share)[:, None, :] * e.input_share
        own = np.zeros((S, N, N))  # (s, o, i)
        at = np.arange(N)
        own[:, at, at] = e.value_added_share.T
        content = own
        for _ in range(_TERMS):
            need, _income = self._spent(content)
            content = own + np.einsum("nsr,son->ron", links, need, optimize=True)
        return np.asarray(content)

    @cached_property
    def content(self) -> Array:
        """(o, s, i), the same as a share of o's factor income, by log sales."""
        e = self.economy
        value = self._value_added_in * e.output.T[:, None, :]
        paid = np.broadcast_to(e.factor_income[None, :, None], value.shape)
        return np.ascontiguousarray(_per(value, paid).transpose(1, 0, 2))

    @cached_property
    def _wage_parts(self) -> tuple[Array, Array]:
        """Return the part of the wage Jacobian without theta (n, j) and the part per unit of theta_s (s, n, j)."""
        e = self.economy
        content = self._value_added_in
        at = np.arange(len(e.countries))
        _, income = self._spent(content)
        fixed = income * e.factor_income
        fixed[at, at] -= e.factor_income
        response = self.cost_response.transpose(1, 2, 0)  # (s, i, j)
        price = e.trade_share.swapaxes(1, 2) @ response
        spent = content @ self.sold
        slope = (spent * e.spending[:, None, :]) @ price - (content * e.output.T[:, None, :]) @ response
        if e.has_tariffs:
            revenue = self.sold.swapaxes(1, 2) @ response - (1.0 - self.rate)[:, :, None] * price
            slope += (income * e.spending[:, None, :]) @ revenue
        return fixed, slope

    def _spent(self, content: Array) -> tuple[Array, Array]:
        """Value added in o by a unit of industrial spending in (s, n), (s, o, n), and by a unit of income, (o, n)."""
        spent = content @ self.sold
        income = np.einsum("son,sn->on", spent, self.spread)
        return spent + self.rate[:, None, :] * income, income

    def _level_parts(self, eta: float) -> tuple[Array, Array]:
        """The same where factors stay in their sector and all wages of a country move together.

        Costs follow wages everywhere, sales so that factor markets stay settled; what is left is in the goods markets.
        """
        e = self.economy
        response = self.cost_response.transpose(1, 2, 0)  # (s, i, j)
        sales = (1.0 - eta) * response + eta * np.eye(len(e.countries))
        wanted = np.einsum("nrs,rnj->snj", self.use, sales, optimize=True)
        at = np.arange(len(e.countries))
        wanted[:, at, at] += self.lift * e.factor_income
        price = e.trade_share.swapaxes(1, 2) @ response
        income = e.output.T[:, :, None]
        fixed = (income * (self.market @ wanted - sales)).sum(axis=0)
        return fixed, income * (self.market @ price - response)

    def level_step(self, theta: Array, eta: float) -> Array:
        """Return (b, n, n), as `wage_step`, for the level of all sector wages of a country."""
        return self._inverse(theta, *self._level_parts(eta))

    def wage_step(self, theta: Array) -> Array:
        """Return (b, n, n), minus the inverse wage Jacobian for trade elasticities theta (b, s)."""
        return self._inverse(theta, *self._wage_parts)

    def _inverse(self, theta: Array, fixed: Array, slope: Array) -> Array:
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


def preconditioner(economy: Economy) -> Preconditioner:
    """The preconditioner of an economy, built once."""
    known = economy.__dict__.get("_preconditioner")
    if known is None:
        known = economy.__dict__["_preconditioner"] = Preconditioner(economy)
    assert isinstance(known, Preconditioner)
    return known


def _per(x: Array, y: Array) -> Array:
    """Ratio, 0 where the second is 0."""
    return np.divide(x, y, out=np.zeros(np.shape(x)), where=y > 0)
