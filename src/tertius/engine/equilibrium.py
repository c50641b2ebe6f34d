"""The equilibrium conditions, in the order of the paper.

Exact hat algebra, x^ = x'/x. State of one scenario, all in logs: cost c^_is, wage w^_ir, sales Y^_is. The functions
below turn a state into the prices, spending and sales it implies; an equilibrium is a state that implies itself.

Axes: b scenario, i exporter, n importer, s (k, r) sector. Arrays are (b, s, n) unless said otherwise.

References
----------
Caliendo and Parro (2015), equations 9 to 13, are the Cobb-Douglas, one-factor case. Galle, Rodriguez-Clare and Yi
(2023) is the factor supply.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.engine.products import over_inputs, over_users

if TYPE_CHECKING:
    from tertius.engine.kernel import Kernel

Array = NDArray[np.float64]

_ROUNDS = 6
_NEWTON = 3


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What stays fixed while a batch of scenarios is solved.

    Attributes
    ----------
    kernel : trade kernels, tau^^-theta times base shares, with rows and columns of changed countries.
    theta : (b, s, 1), trade elasticity.
    value_added_share, input_share, final_share : (s, n), (n, s, r), (s, n), base shares v, a, b.
    value_added, output : (s, n), base values.
    factor_income : (n,), base factor income.
    income : (n,), base factor income plus revenue.
    deficit : (b, n), base deficit of the scenario; deficit_rule says how it moves.
    transfer : (b, n), gifts received less given, in the numeraire, sum to zero in each component.
    component : (b, n), number of the connected component of a country, from 0.
    sells : (b, s, n), whether the exporter still has any buyer.
    uses : (s, n), whether the importer buys the good at all.
    eta, rho, sigma, mobility : elasticities of substitution and of factor supply.
    """

    kernel: Kernel
    theta: Array
    value_added_share: Array
    input_share: Array
    final_share: Array
    value_added: Array
    output: Array
    factor_income: Array
    income: Array
    deficit: Array
    deficit_rule: str
    transfer: Array
    component: NDArray[np.intp]
    sells: NDArray[np.bool_]
    uses: NDArray[np.bool_]
    eta: float
    rho: float
    sigma: float
    mobility: float

    def take(self, keep: NDArray[np.intp]) -> Batch:
        """Keep some scenarios."""
        from dataclasses import replace

        return replace(
            self,
            kernel=self.kernel.take(keep),
            theta=self.theta[keep],
            deficit=self.deficit[keep],
            transfer=self.transfer[keep],
            component=self.component[keep],
            sells=self.sells[keep],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Implied:
    """What a state implies: prices, spending, sales and the conditions it misses."""

    log_price: Array  # (b, s, n), P^
    log_input_price: Array  # (b, r, n), PM^
    log_cost: Array  # (b, r, n), c^ implied by prices and wages
    at_sales: Array  # (b, s, i), Y' of the state
    sales: Array  # (b, s, i), Y' implied by spending
    value_added: Array  # (b, s, i), v' Y'
    spending: Array  # (b, s, n), X'
    income: Array  # (b, n), E' less deficit and transfers
    revenue: Array  # (b, n), R'
    wage_income: Array  # (b, n), factor income at the state's wages
    balance: Array  # (b, n), exports less imports at the border, plus the deficit: zero in equilibrium


# -- prices ------------------------------------------------------------------------------------------


def price_index(sums: Array, theta: Array) -> Array:
    """Log P^_ns = -(1/theta_s) log sum_i pi_ins (c^_is tau^_ins)^-theta_s (Caliendo and Parro 2015, eq. 10)."""
    return np.asarray(-np.log(sums) / theta)


def ces_price(log_parts: Array, shares: Array, elasticity: float) -> Array:
    """Log of [ sum_s a_s P_s^(1-rho) ]^(1/(1-rho)) over inputs; (n, s, r) shares turn (b, s, n) into (b, r, n)."""
    if elasticity == 1.0:
        return over_inputs(log_parts, shares)
    top = log_parts.max(axis=1, keepdims=True) if elasticity < 1.0 else log_parts.min(axis=1, keepdims=True)
    power = np.exp((1.0 - elasticity) * (log_parts - top))
    mean = over_inputs(power, shares)
    used = mean > 0.0
    return np.where(used, np.log(np.where(used, mean, 1.0)) / (1.0 - elasticity) + top, 0.0)


def unit_cost(log_wage: Array, log_inputs: Array, share: Array, eta: float) -> Array:
    """Log c^_nr = log [ v w^^(1-eta) + (1-v) PM^^(1-eta) ]^(1/(1-eta)) (eq. 9 in its nested form)."""
    if eta == 1.0:
        return np.asarray(share * log_wage + (1.0 - share) * log_inputs)
    top = np.where(share > 0.0, log_wage, log_inputs)
    gap = np.where((share > 0.0) & (share < 1.0), log_inputs - log_wage, 0.0)
    return np.asarray(top + np.log(share + (1.0 - share) * np.exp((1.0 - eta) * gap)) / (1.0 - eta))


# -- factors -----------------------------------------------------------------------------------------


def wage_level(log_wage: Array, batch: Batch) -> Array:
    """Log W^_n, (b, 1, n): the factor return of the country; equals the wage when factors are mobile."""
    if log_wage.shape[1] == 1:
        return log_wage
    weight = batch.value_added / np.maximum(batch.factor_income, 1e-300)
    m = 1.0 + batch.mobility
    top = log_wage.max(axis=1, keepdims=True)
    return np.asarray(np.log((weight * np.exp(m * (log_wage - top))).sum(axis=1, keepdims=True)) / m + top)


def factor_supply(log_wage: Array, batch: Batch) -> Array:
    """(b, r, n), factor income by sector at the state's wages; one sector stands for all when mobile."""
    if log_wage.shape[1] == 1:
        return np.asarray(np.exp(log_wage) * batch.factor_income)
    mu = batch.mobility
    level = wage_level(log_wage, batch)
    return np.asarray(batch.value_added * np.exp((1.0 + mu) * log_wage - mu * level))


# -- spending and income -------------------------------------------------------------------------------


def input_demand(batch: Batch, log_price: Array, log_inputs: Array, log_cost: Array, sales: Array) -> Array:
    """(b, s, n), sum_r a'_nsr (1 - v'_nr) Y'_nr: spending of industry."""
    use = (1.0 - batch.value_added_share) * sales
    if batch.eta != 1.0:
        use = use * np.exp((1.0 - batch.eta) * (log_inputs - log_cost))
    if batch.rho == 1.0:
        return over_users(use, batch.input_share)
    spread = over_users(use * np.exp((batch.rho - 1.0) * log_inputs), batch.input_share)
    return np.asarray(spread * np.exp((1.0 - batch.rho) * log_price))


def final_price(log_price: Array, share: Array, sigma: float) -> Array:
    """Log PF^_n, (b, 1, n) = log [ sum_s b_ns P^_ns^(1-sigma) ]^(1/(1-sigma))."""
    if sigma == 1.0:
        return np.asarray((share * log_price).sum(axis=1, keepdims=True))
    top = np.where(share > 0, log_price, -np.inf if sigma < 1.0 else np.inf)
    top = top.max(axis=1, keepdims=True) if sigma < 1.0 else top.min(axis=1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    total = (share * np.exp((1.0 - sigma) * np.where(share > 0, log_price - top, 0.0))).sum(
        axis=1, keepdims=True
    )
    return np.asarray(np.where(total > 0, np.log(np.maximum(total, 1e-300)) / (1.0 - sigma) + top, 0.0))


def final_shares(log_price: Array, share: Array, sigma: float) -> Array:
    """b'_ns = b_ns (P^_ns / PF^_n)^(1-sigma), (b, s, n)."""
    if sigma == 1.0:
        return np.asarray(share)
    return np.asarray(share * np.exp((1.0 - sigma) * (log_price - final_price(log_price, share, sigma))))


def by_component(x: Array, component: NDArray[np.intp]) -> Array:
    """Sum (b, n) over the countries of each component, spread back to (b, n)."""
    if not component.any():
        return np.broadcast_to(x.sum(axis=1, keepdims=True), x.shape)
    wide = int(component.max()) + 1
    key = component + wide * np.arange(len(x))[:, None]
    return np.asarray(np.bincount(key.ravel(), weights=x.ravel(), minlength=wide * len(x))[key])


def delivered(transfer: Array, component: NDArray[np.intp]) -> Array:
    """(b, n), gifts that happen: one across a border that nothing crosses does not arrive, and is not given either."""
    if not transfer.any():
        return transfer
    got, given = np.maximum(transfer, 0.0), np.maximum(-transfer, 0.0)
    in_all, out_all = by_component(got, component), by_component(given, component)
    both = np.minimum(in_all, out_all)
    return np.asarray(
        got * both / np.where(in_all > 0, in_all, 1.0) - given * both / np.where(out_all > 0, out_all, 1.0)
    )


def income_and_deficit(batch: Batch, wages: Array, taxed: Array, marginal: Array) -> tuple[Array, Array]:
    """Own income and final demand of each country when revenue and deficits depend on demand.

    E = I + D, I = W + R, R = taxed + marginal * E, with D fixed by the deficit rule and summing to zero in each
    component.

    Parameters
    ----------
    wages : (b, n), factor income W.
    taxed : (b, n), revenue on what industry buys.
    marginal : (b, n), revenue per unit of final demand.

    Returns
    -------
    (b, n) income I, (b, n) final demand E.
    """
    size = np.broadcast_to(batch.factor_income, batch.deficit.shape)
    whole = np.maximum(by_component(size, batch.component), 1e-300)
    gift = delivered(batch.transfer, batch.component)
    if batch.deficit_rule == "spending_share":
        return _spending_share(batch, wages, taxed, marginal, gift)
    if batch.deficit_rule != "own_income":
        # "fixed" in the numeraire, which holds world factor income constant, is also a fixed share of world income.
        deficit = batch.deficit - by_component(batch.deficit, batch.component) / whole * size + gift
        demand = (wages + taxed + deficit) / (1.0 - marginal)
        return demand - deficit, demand
    rate = batch.deficit / np.maximum(batch.income, 1e-300)
    moves = rate != 0.0  # a balanced country stays balanced; the others share the adjustment
    base = wages + taxed + marginal * gift
    mean = np.zeros_like(rate)
    # Newton on the common shift, mean: sum of (rate - mean) income is zero. Revenue on final demand is a few per cent of
    # income, so three steps are exact.
    for _ in range(_NEWTON):
        own = (rate - mean) * moves
        net = 1.0 - marginal * (1.0 + own)
        income = base / net * moves
        slope = by_component(income * (1.0 + own * marginal / net), batch.component)
        mean = mean + by_component(own * income, batch.component) / np.where(slope > 0, slope, 1.0)
    keep = 1.0 + (rate - mean) * moves
    income = base / (1.0 - marginal * keep)
    return income, keep * income + gift


def _spending_share(
    batch: Batch, wages: Array, taxed: Array, marginal: Array, gift: Array
) -> tuple[Array, Array]:
    """E = k (1 + rate) I with one factor k in each component; a balanced country stays balanced."""
    share = 1.0 + batch.deficit / np.maximum(batch.income, 1e-300)
    moves = batch.deficit != 0.0
    scale = np.ones_like(share)
    for _ in range(_ROUNDS):
        income = (wages + taxed + marginal * gift) / (1.0 - marginal * scale * share)
        spent = by_component(share * income * moves, batch.component)
        earned = by_component(income * moves, batch.component)
        scale = np.where(moves & (spent > 0), earned / np.where(spent > 0, spent, 1.0), 1.0)
    return income, scale * share * income + gift


# -- the map -------------------------------------------------------------------------------------------


def implied(batch: Batch, log_cost: Array, log_wage: Array, log_sales: Array) -> Implied:
    """Prices, spending and sales that a state implies.

    Parameters
    ----------
    log_cost : (b, s, i), log c^.
    log_wage : (b, 1, i) when factors are mobile, else (b, r, i), log w^.
    log_sales : (b, s, i), log Y^.
    """
    u = np.exp(-batch.theta * log_cost)
    u *= batch.sells
    gross, net = batch.kernel.price_sums(u)
    gross = np.where(batch.uses, gross, 1.0)
    log_price = price_index(gross, batch.theta)
    log_inputs = ces_price(log_price, batch.input_share, batch.rho)
    new_cost = unit_cost(log_wage, log_inputs, batch.value_added_share, batch.eta)

    sales = batch.output * np.exp(log_sales) * batch.sells
    industry = input_demand(batch, log_price, log_inputs, new_cost, sales)
    share = final_shares(log_price, batch.final_share, batch.sigma)
    supply = factor_supply(log_wage, batch)
    wages = supply.sum(axis=1)
    if batch.kernel.sold is None:
        rate, taxed, marginal = np.zeros(()), np.zeros_like(wages), np.zeros_like(wages)
    else:
        rate = np.where(batch.uses, 1.0 - net / gross, 0.0)
        taxed, marginal = (rate * industry).sum(axis=1), (rate * share).sum(axis=1)
    income, demand = income_and_deficit(batch, wages, taxed, marginal)
    spending = share * demand[:, None, :] + industry
    new_sales = u * batch.kernel.sales_sums(spending / gross)
    value_added = batch.value_added_share * new_sales
    if batch.eta != 1.0:
        value_added = value_added * np.exp((1.0 - batch.eta) * (log_wage - new_cost))
    # Sales at home are in both sums and cancel exactly, so what is left is as precise as trade itself.
    balance = (new_sales - spending * (1.0 - rate)).sum(axis=1) + demand - income
    return Implied(
        log_price,
        log_inputs,
        new_cost,
        sales,
        new_sales,
        value_added,
        spending,
        income,
        income - wages,
        wages,
        balance,
    )
