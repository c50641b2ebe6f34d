"""Equilibria that can be had without the engine: isolation, sufficient statistics, two countries by bisection."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tertius.engine import Elasticities, Rules, Shock, solve

seeds = st.integers(0, 10**6)
few = settings(max_examples=10, deadline=None, derandomize=True)


def links(economy, n):
    """(k, s), share of input k in the cost of s in country n."""
    return economy.input_share[n] * (1.0 - economy.value_added_share[n])


def isolated_real_income(economy, n, theta):
    """log P = (I - A')^-1 (-log(home share) / theta) at an unchanged wage; no trade, no revenue."""
    home = economy.trade_share[:, n, n]
    prices = np.linalg.solve(np.eye(len(home)) - links(economy, n).T, -np.log(home) / theta)
    return economy.factor_income[n] / economy.income[n] / np.exp(economy.final_share[n] @ prices)


@few
@given(seed=seeds, size=st.tuples(st.integers(3, 8), st.integers(1, 5)))
def test_isolation_equals_its_closed_form_with_input_output_links(made_up, isolation, seed, size):
    economy = made_up(seed, *size)
    theta = np.random.default_rng(seed).uniform(0.8, 8.0, size[1])
    result = solve(economy, isolation(economy, "BBB"), theta)
    assert result.real_income[1] == pytest.approx(isolated_real_income(economy, 1, theta), abs=1e-11)
    assert 0.0 < result.loss[1] < 1.0


def test_isolating_everyone_gives_everyone_their_closed_form(made_up):
    economy, theta = made_up(3, 6, 4), np.array([1.0, 2.0, 4.0, 8.0])
    cost = np.where(np.eye(6, dtype=bool), 1.0, np.inf) * np.ones((4, 6, 6))
    result = solve(economy, Shock.from_arrays(economy, cost=cost), theta)
    expected = [isolated_real_income(economy, n, theta) for n in range(6)]
    np.testing.assert_allclose(result.real_income, expected, atol=1e-11)
    assert sorted(result.component) == list(range(6))


@few
@given(seed=seeds, eta=st.floats(0.2, 2.0), rho=st.floats(0.2, 2.0), sigma=st.floats(0.2, 2.0))
def test_isolation_in_the_nested_form_equals_a_fixed_point_of_prices_alone(
    made_up, isolation, seed, eta, rho, sigma
):
    economy, theta = made_up(seed, 4, 3), np.array([1.5, 3.0, 6.0])
    one = Elasticities(theta, value_added=eta, inputs=rho, final=sigma)
    result = solve(economy, isolation(economy, "CCC"), one)

    def ces(shares, prices, elasticity):
        if elasticity == 1.0:
            return np.prod(prices**shares)
        return (shares @ prices ** (1.0 - elasticity)) ** (1.0 / (1.0 - elasticity))

    v, a, b = economy.value_added_share[2], economy.input_share[2], economy.final_share[2]
    price = np.ones(3)
    for _ in range(500):
        bundle = [ces(a[:, s], price, rho) for s in range(3)]
        cost = np.array([ces(np.array([v[s], 1 - v[s]]), np.array([1.0, bundle[s]]), eta) for s in range(3)])
        price = cost * economy.trade_share[:, 2, 2] ** (-1.0 / theta)
    expected = economy.factor_income[2] / economy.income[2] / ces(b, price, sigma)
    assert result.real_income[2] == pytest.approx(expected, abs=1e-9)


@few
@given(seed=seeds, theta=st.floats(0.6, 10.0))
def test_home_shares_are_a_sufficient_statistic_without_links(made_up, mixed_shock, seed, theta):
    economy = made_up(seed, 5, 1, tariffs=False, deficits=False, links=False)
    cost = np.where(np.eye(5, dtype=bool), 1.0, np.random.default_rng(seed).uniform(0.6, 2.0, (1, 5, 5)))
    result = solve(economy, Shock.from_arrays(economy, cost=cost), np.array([theta]))
    home = np.diag(result.trade_share[0]) / np.diag(economy.trade_share[0])
    np.testing.assert_allclose(
        result.real_income, home ** (-1.0 / theta), rtol=1e-9
    )  # Arkolakis et al. (2012)


@few
@given(seed=seeds)
def test_home_shares_are_a_sufficient_statistic_for_the_real_wage_with_links(made_up, mixed_shock, seed):
    economy, theta = made_up(seed, 5, 3), np.array([2.0, 4.0, 7.0])
    result = solve(economy, mixed_shock(economy, seed), theta)
    for n in range(5):
        home = np.log(result.trade_share[:, n, n] / economy.trade_share[:, n, n]) / theta
        over_wage = np.linalg.solve(
            np.eye(3) - links(economy, n).T, home
        )  # Caliendo and Parro (2015), eq. 17
        assert np.log(result.real_wage[n]) == pytest.approx(-economy.final_share[n] @ over_wage, abs=1e-9)


class TwoCountries:
    """The model of the paper for two countries, written as loops over the textbook's equations."""

    def __init__(self, economy, theta, eta, rho, sigma, cost, tariff):
        self.e, self.theta, self.eta, self.rho, self.sigma = economy, theta, eta, rho, sigma
        self.tau, self.t = cost * (1 + tariff) / (1 + economy.tariff), tariff
        self.S = len(theta)

    def prices(self, w):
        e, S, eta, rho = self.e, self.S, self.eta, self.rho
        c, P = np.ones((S, 2)), np.ones((S, 2))
        for _ in range(2000):
            PM = np.array(
                [
                    [
                        sum(e.input_share[n, k, s] * P[k, n] ** (1 - rho) for k in range(S))
                        ** (1 / (1 - rho))
                        for n in (0, 1)
                    ]
                    for s in range(S)
                ]
            )
            v = e.value_added_share.T
            c = (v * w ** (1 - eta) + (1 - v) * PM ** (1 - eta)) ** (1 / (1 - eta))
            new = np.array(
                [
                    [
                        sum(
                            e.trade_share[s, i, n] * (c[s, i] * self.tau[s, i, n]) ** -self.theta[s]
                            for i in (0, 1)
                        )
                        ** (-1 / self.theta[s])
                        for n in (0, 1)
                    ]
                    for s in range(S)
                ]
            )
            if np.abs(new - P).max() < 1e-15:
                break
            P = new
        return c, PM, P

    def excess(self, w):
        """Factor income that the world's spending pays, less that the wages ask for; and real income."""
        e, S = self.e, self.S
        c, PM, P = self.prices(w)
        PF = np.array(
            [
                sum(e.final_share[n, s] * P[s, n] ** (1 - self.sigma) for s in range(S))
                ** (1 / (1 - self.sigma))
                for n in (0, 1)
            ]
        )
        v = e.value_added_share.T * (w / c) ** (1 - self.eta)
        a = np.array(
            [
                [
                    [e.input_share[n, k, s] * (P[k, n] / PM[s, n]) ** (1 - self.rho) for s in range(S)]
                    for k in range(S)
                ]
                for n in (0, 1)
            ]
        )
        b = e.final_share.T * (P / PF) ** (1 - self.sigma)
        pi = np.array(
            [
                [
                    [
                        e.trade_share[s, i, n] * (c[s, i] * self.tau[s, i, n] / P[s, n]) ** -self.theta[s]
                        for n in (0, 1)
                    ]
                    for i in (0, 1)
                ]
                for s in range(S)
            ]
        )
        wages = w * e.factor_income
        # Sales Y, spending X and revenue R are linear in each other: one system, unknowns Y (s, i) and R (n).
        size = 2 * S + 2
        left, right = np.eye(size), np.zeros(size)
        for s in range(S):
            for i in (0, 1):
                for n in (0, 1):
                    sold = pi[s, i, n] / (1 + self.t[s, i, n])
                    row = 2 * s + i
                    for r in range(S):
                        left[row, 2 * r + n] -= sold * a[n, s, r] * (1 - v[r, n])
                    left[row, 2 * S + n] -= sold * b[s, n]
                    right[row] += sold * b[s, n] * (wages[n] + e.deficit[n])
                    tax = sold * self.t[s, i, n]
                    for r in range(S):
                        left[2 * S + n, 2 * r + n] -= tax * a[n, s, r] * (1 - v[r, n])
                    left[2 * S + n, 2 * S + n] -= tax * b[s, n]
                    right[2 * S + n] += tax * b[s, n] * (wages[n] + e.deficit[n])
        x = np.linalg.solve(left, right)
        Y, R = x[: 2 * S].reshape(S, 2), x[2 * S :]
        return (v * Y).sum(axis=0) - wages, (wages + R) / e.income / PF


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("eta", "rho", "sigma"), [(0.5, 0.2, 0.9), (1.0001, 0.9999, 1.0001), (1.8, 1.4, 2.5)]
)
def test_two_countries_agree_with_bisection_on_the_textbook_equations(made_up, seed, eta, rho, sigma):
    from scipy.optimize import brentq

    economy, theta = made_up(seed, 2, 2), np.array([2.5, 5.0])
    rng = np.random.default_rng(seed)
    cost, tariff = np.ones((2, 2, 2)), economy.tariff.copy()
    cost[:, 0, 1], cost[1, 1, 0] = rng.uniform(1.0, 2.5, 2), 0.8
    tariff[0, 1, 0] += 0.3
    model = TwoCountries(economy, theta, eta, rho, sigma, cost, tariff)
    world = economy.factor_income.sum()

    def wages(share):
        return np.array([share, 1.0 - share]) * world / economy.factor_income

    share = brentq(lambda x: model.excess(wages(x))[0][0], 0.02, 0.98, xtol=1e-14)
    one = Elasticities(theta, value_added=eta, inputs=rho, final=sigma)
    result = solve(economy, Shock.from_arrays(economy, cost=cost, tariff=tariff), one, rules=Rules("fixed"))
    np.testing.assert_allclose(result.wage, wages(share), atol=1e-9)
    np.testing.assert_allclose(result.real_income, model.excess(wages(share))[1], atol=1e-9)
    assert np.abs(result.real_income - 1.0).max() > 1e-3


def test_one_sector_specific_and_mobile_factors_are_the_same_thing(made_up, mixed_shock):
    economy = made_up(2, 5, 1)
    shock = mixed_shock(economy, 5)
    mobile, specific = (
        solve(economy, shock, Elasticities(np.array([3.0]), mobility=m)) for m in (np.inf, 0.0)
    )
    np.testing.assert_allclose(mobile.real_income, specific.real_income, atol=1e-9)
