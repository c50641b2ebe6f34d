"""The equilibrium conditions linearised at a solved result, read backwards.

With lower case for d log, k = d log kappa, m = d log(1 + t) and tau = k + m, a change moves

    prices      p_sn = sum_i pi_ins (c_is + tau_ins),   pm_rn = sum_s a_nsr p_sn,   pf_n = sum_s b_ns p_sn
    demand      dX_sn = b_ns dE_n + G_sn
                G_sn = (1-sigma) F_sn (p_sn - pf_n)
                       + sum_r U_nsr [(1-rho)(p_sn - pm_rn) + (1-eta)(pm_rn - c_rn) + y_rn]
    income      dI_n = q_n + sum_s rate_sn b_ns dE_n,   q_n = sum_r W_nr w_nr + sum_s rate_sn G_sn + H_n
                H_n = sum_s theta_s X_sn [rate_sn p_sn - sum_i (pi - sold)_ins (c_is + tau_ins)]
                      + sum_si sold_ins X_sn m_ins;   dE_n follows dI_n by the deficit rule
    sales       dY_is = sum_n sold_ins [dX_sn + theta_s X_sn (p_sn - c_is - tau_ins) - X_sn m_ins]

and the state (c, w, y) has to keep c = v w + (1-v) pm, factor supply = factor demand, y = dY / Y and the
numeraire. `Adjoint.pull` is the transpose of this map: weights on conditions and outcomes become weights on
the state and on trade costs. Shares of the new equilibrium are all it needs.

Axes: k functional, s, r sector, i exporter, n importer. F = b E final demand, U_nsr = a (1-v) Y industrial
use, sold = pi / (1+t), rate_sn = sum_i (pi - sold)_ins, W_nr factor income.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.engine.elasticities import MOBILE
from tertius.engine.equilibrium import delivered
from tertius.engine.products import over_exporters, over_importers, over_inputs, over_users
from tertius.engine.rebase import rebase
from tertius.errors import InputError

if TYPE_CHECKING:
    from tertius.engine.precondition import Preconditioner
    from tertius.engine.problem import Rules
    from tertius.engine.result import Result

Array = NDArray[np.float64]

_SAME = 1e-6  # how closely a result's deficits must follow the rule it is said to have been solved with


@dataclass(frozen=True, slots=True, eq=False)
class Seeds:
    """K numbers by their derivatives with respect to logs of outcomes.

    Attributes
    ----------
    income : (k, n), per d log (VA' + R').
    demand : (k, n), per d log E'.
    price : (k, s, n), per d log P'.
    """

    income: Array
    demand: Array
    price: Array


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """Weights on costs (k, s, i), wages (k, 1 or r, i) and sales (k, s, i), or on their conditions."""

    cost: Array
    wage: Array
    sales: Array

    def flat(self) -> Array:
        """(k, m), all in one row."""
        return np.concatenate([x.reshape(len(x), -1) for x in (self.cost, self.wage, self.sales)], axis=1)

    def like(self, flat: Array) -> State:
        """Keep the shapes, take other numbers."""
        cut = np.cumsum([self.cost[0].size, self.wage[0].size])
        parts = np.split(flat, cut, axis=1)
        shapes = (self.cost.shape, self.wage.shape, self.sales.shape)
        return State(*(part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)))


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """What multiplies d log kappa_ins = pi_ins bought_sn - sold_ins theta_s X_sn (reward_is - earned_n)."""

    bought: Array  # (k, s, n), weight on the price index, less what revenue loses by it
    earned: Array  # (k, n), weight on the importer's income
    reward: Array  # (k, s, i), weight on the exporter's sales


@dataclass(frozen=True, slots=True, eq=False)
class Income:
    """How final demand follows income: dE = keep dI - shifts dmean, with dmean common to a component.

    Attributes
    ----------
    keep : (n,), final demand per unit of own income.
    direct : (n,), dI per unit of income before the revenue on final demand.
    common : (n,), fall of dI per unit of dmean.
    lift : (n,), dmean per unit of income before the revenue on final demand.
    shifts : (n,), income of the countries whose deficit rate takes up the common shift, not a balanced one.
    income : (n,), I'.
    component : (n,), number of the connected component.
    """

    keep: Array
    direct: Array
    common: Array
    lift: Array
    shifts: Array
    income: Array
    component: NDArray[np.intp]

    def back(self, demand: Array, income: Array) -> Array:
        """Weights (k, n) on dE and on dI -> weights on q, income before the revenue on final demand."""
        both = self.keep * demand + income
        shifted = within(self.common * both + self.shifts * demand, self.component)
        return np.asarray(self.direct * both - self.lift * shifted)


def within(x: Array, component: NDArray[np.intp]) -> Array:
    """Sum (k, n) inside each component, spread back."""
    if not component.any():
        return np.asarray(np.broadcast_to(x.sum(axis=-1, keepdims=True), x.shape))
    there = np.zeros((len(component), int(component.max()) + 1))
    there[np.arange(len(component)), component] = 1.0
    return np.asarray((x @ there)[..., component])


def gifts(result: Result) -> Array:
    """(n,), transfers received less given; one across a border that nothing crosses does not arrive."""
    gift = np.zeros(len(result.economy.countries))
    for country, value in result.shock.transfer:
        gift[country] += value
    return np.asarray(delivered(gift[None], result.component[None])[0])


def _share_out(x: Array, result: Result) -> Array:
    """Each component's sum of x, spread over its countries by base factor income."""
    size = result.economy.factor_income
    whole = np.maximum(within(size[None], result.component)[0], 1e-300)
    return np.asarray(within(x[None], result.component)[0] / whole * size)


def income_rule(result: Result, marginal: Array, rules: Rules) -> Income:
    """Linearise the deficit rule.

    Parameters
    ----------
    marginal : (n,), revenue per unit of final demand.

    Raises
    ------
    InputError
        The result was solved under another rule.
    """
    e = result.economy
    income = result.factor_income + result.revenue
    gift = gifts(result)
    base = np.zeros_like(income) if rules.deficit == "zero" else result.base_deficit
    shifts = np.zeros_like(income)
    rate = np.zeros_like(income)
    expected = income + base - _share_out(base, result) + gift
    if rules.deficit == "own_income":
        rate = base / np.maximum(e.income, 1e-300)
        shifts = income * (rate != 0.0)
        whole = within(shifts[None], result.component)[0]
        mean = within((rate * income)[None], result.component)[0] / np.where(whole > 0, whole, 1.0)
        rate = rate - mean * (rate != 0.0)
        expected = (1.0 + rate) * income + gift
    _check_rule(result, expected, rules)
    keep = 1.0 + rate
    direct = 1.0 / (1.0 - marginal * keep)
    common = marginal * shifts * direct
    below = within((shifts + rate * common)[None], result.component)[0]
    lift = np.divide(rate * direct, below, out=np.zeros_like(below), where=below > 0)
    return Income(keep, direct, common, lift, shifts, income, result.component)


def _check_rule(result: Result, expected: Array, rules: Rules) -> None:
    miss = np.abs(expected - result.demand) / np.maximum(result.factor_income, 1e-300)
    n = int(miss.argmax())
    if miss[n] > _SAME:
        raise InputError(
            f'gradient: the result does not follow the deficit rule "{rules.deficit}" '
            f"({result.economy.countries[n]} is {miss[n]:.2g} of income off); give the rules it was solved "
            "with (own_income, fixed or zero)"
        )


class Adjoint:
    """The linearised conditions at one result, transposed.

    Parameters
    ----------
    result : a solved equilibrium.
    rules : the deficit rule it was solved with.
    """

    def __init__(self, result: Result, rules: Rules) -> None:
        e, x = rebase(result), result.elasticities
        self.result, self.elasticities = result, x
        self.share = e.trade_share
        self.taxed = e.has_tariffs
        self.sold = e.trade_share / (1.0 + e.tariff) if self.taxed else e.trade_share
        self.theta = x.trade[:, None]
        self.spending = e.spending
        self.sales = e.output.T
        self.live = self.sales > 0
        self.v = np.ascontiguousarray(np.where(self.live, e.value_added_share.T, 1.0))
        self.value_added = np.where(self.live, e.value_added.T, 0.0)
        self.wages = self.value_added.sum(axis=0)
        self.a = e.input_share
        self.use = e.input_share * ((1.0 - e.value_added_share) * e.output)[:, None, :]
        self.b = np.ascontiguousarray(e.final_share.T)
        self.final = self.b * result.demand
        self.rate = 1.0 - self.sold.sum(axis=1) if self.taxed else np.zeros_like(self.spending)
        self.rate *= self.spending > 0
        self.income = income_rule(result, (self.rate * self.b).sum(axis=0), rules)
        self.mobile = x.mobility == MOBILE

    @property
    def shape(self) -> State:
        """An empty state of one functional."""
        S, N = self.spending.shape
        return State(np.zeros((1, S, N)), np.zeros((1, 1 if self.mobile else S, N)), np.zeros((1, S, N)))

    def pull(self, held: State, seeds: Seeds | None = None) -> tuple[State, Weights]:
        """Carry weights on conditions, and optionally on outcomes, back to the state.

        Parameters
        ----------
        held : weights on the three conditions.
        seeds : weights on outcomes.
        """
        x, theta = self.elasticities, self.theta
        # y - dY / Y = 0: the condition takes sales away from dY.
        reward = -np.divide(held.sales, self.sales, out=np.zeros_like(held.sales), where=self.live)
        spent = over_exporters(reward, self.sold)  # weight on dX
        demand = (self.b * spent).sum(axis=1)
        own = np.zeros_like(demand)
        if seeds is not None:
            demand = demand + seeds.demand / np.maximum(self.result.demand, 1e-300)
            own = seeds.income / self.income.income
        earned = self.income.back(demand, own)
        need = spent + self.rate * earned[:, None, :]  # weight on G

        used = over_inputs(need, self.use)  # sum_s U_nsr need_s
        inputs = (x.inputs - x.value_added) * used - (1.0 - self.v) * held.cost  # weight on pm
        price = theta * self.spending * need
        price += (1.0 - x.inputs) * self.use.sum(axis=2).T * need + over_users(inputs, self.a)
        price += (1.0 - x.final) * (
            self.final * need - self.b * (self.final * need).sum(axis=1, keepdims=True)
        )
        if seeds is not None:
            price = price + seeds.price

        revenue = theta * self.spending * earned[:, None, :]
        bought = price - revenue
        if self.taxed:
            cost = over_importers(bought, self.share) + over_importers(revenue, self.sold)
        else:
            cost = over_importers(price, self.share)
        cost += held.cost - theta * self.sales * reward - (1.0 - x.value_added) * used
        wage, by_cost, by_sales = self._factors(held, earned)
        paid = self.v * held.cost
        wage -= paid.sum(axis=1, keepdims=True) if self.mobile else paid
        return State(cost + by_cost, wage, held.sales + used + by_sales), Weights(bought, earned, reward)

    def _factors(self, held: State, earned: Array) -> tuple[Array, Array, Array]:
        """Transpose of factor supply less demand and of the numeraire: weights on wages, costs, sales."""
        eta, mu = self.elasticities.value_added, self.elasticities.mobility
        size = np.maximum(self.wages, 1e-300)
        share = self.value_added / size
        total = within(held.wage.sum(axis=1), self.result.component)
        numeraire = total / np.maximum(within(self.wages[None], self.result.component), 1e-300)
        if self.mobile:
            demand = share * held.wage  # (k, r, n)
            wage = np.where(self.wages > 0, eta, 1.0) * held.wage
            return wage + (self.wages * (numeraire + earned))[:, None, :], (1.0 - eta) * demand, -demand
        live = self.value_added > 0
        demand = np.where(live, held.wage, 0.0)
        pooled = demand.sum(axis=1, keepdims=True)
        wage = np.where(live, (eta + mu) * held.wage - mu * share * pooled, held.wage)
        wage = wage + self.value_added * (numeraire + earned)[:, None, :]
        return wage, (1.0 - eta) * demand, -demand


class BackwardStep:
    """The engine's preconditioner at the base year, transposed: a rough inverse of `Adjoint.pull`."""

    def __init__(self, pre: Preconditioner, adjoint: Adjoint) -> None:
        self.pre, self.adjoint = pre, adjoint
        x = adjoint.elasticities
        if adjoint.mobile:
            self.inverse = pre.wage_step(x.trade[None])[0]
            self.theta = x.trade[None, :, None]
        else:
            self.block = pre.sector_block(x.trade, x.value_added, x.mobility)

    def __call__(self, state: State) -> State:
        """Weights on the state -> weights on the conditions that would cause them at the base year."""
        return self._mobile(state) if self.adjoint.mobile else self._specific(state)

    def _mobile(self, state: State) -> State:
        """Walk the equations of `precondition` from the last to the first."""
        links = self.pre.exact_links
        sales = links.back_sales(state.sales)
        cost, paid = links.back_substitution(sales, self.theta)
        held = (state.cost + cost).reshape(len(cost), -1) @ links.response.T + state.wage[:, 0] + paid
        wage = held @ self.inverse
        sales = sales + (wage @ links.content.T).reshape(sales.shape)
        cost = state.cost + links.back_substitution(sales, self.theta)[0]
        return State(links.back_costs(cost), wage[:, None, :], sales)

    def _specific(self, state: State) -> State:
        block = self.block
        paid = over_inputs(state.wage, block.pool)
        sales = state.sales + paid
        cost = state.cost - (1.0 - block.eta) * paid
        sales = over_inputs(sales + over_inputs(cost, block.cost_of_sales), block.sales)
        cost = over_inputs(cost - block.lean.T * sales, block.cost)
        wage = paid + over_inputs(self.pre.economy.value_added_share.T * cost, block.pool)
        return State(cost, np.where(self.adjoint.value_added > 0, wage, state.wage), sales)
