"""Every equilibrium adds up: prices, markets, budgets, the numeraire, and deficits by their rule."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tertius.engine import Elasticities, Rules, Shock, solve
from tertius.errors import InputError

seeds = st.integers(0, 10**6)
some = settings(max_examples=15, deadline=None, derandomize=True)
forms = st.sampled_from([
    Elasticities(np.array([2.0, 4.0, 6.0])),
    Elasticities(np.array([2.0, 4.0, 6.0]), value_added=0.5, inputs=0.2, final=0.9),
    Elasticities(np.array([0.8, 0.8, 0.8]), value_added=0.5, inputs=0.2, final=0.9, mobility=0.0),
    Elasticities(np.array([3.0, 1.5, 9.0]), value_added=1.5, inputs=1.0, final=2.0, mobility=2.0),
])  # fmt: skip
rules = st.sampled_from(["own_income", "fixed", "spending_share"])


@some
@given(seed=seeds, form=forms, rule=rules)
def test_every_condition_of_the_model_holds(made_up, mixed_shock, seed, form, rule):
    e = made_up(seed, 5, 3)
    x = solve(e, mixed_shock(e, seed), form, rules=Rules(rule, tolerance=1e-11))
    theta, tau = form.trade[:, None, None], (1.0 + x.tariff) / (1.0 + e.tariff)
    w = x.shock.wedges
    tau[w.sector, w.exporter, w.importer] *= w.cost
    open_ = np.ones_like(tau)
    open_[w.sector, w.exporter, w.importer] = w.weight
    wage = np.broadcast_to(x.wage, x.cost.shape)
    v, a, b = e.value_added_share.T, e.input_share, e.final_share.T
    eta, rho, sigma = form.value_added, form.inputs, form.final

    def near(left, right):
        np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-9)

    def mean(shares, parts, power, axis):
        if power == 1.0:
            return np.exp((shares * np.log(parts)).sum(axis=axis))
        return (shares * parts ** (1.0 - power)).sum(axis=axis) ** (1.0 / (1.0 - power))

    kernel = open_ * e.trade_share * (x.cost[:, :, None] * tau) ** -theta
    near(x.price, kernel.sum(axis=1) ** (-1.0 / form.trade[:, None]))
    near(x.trade_share, kernel / kernel.sum(axis=1, keepdims=True))
    near(x.input_price.T, mean(a, x.price.T[:, :, None], rho, axis=1))
    near(x.cost, mean(np.stack([v, 1 - v]), np.stack([wage, x.input_price]), eta, axis=0))
    near(x.final_price, mean(b, x.price, sigma, axis=0))

    v_new = v * (wage / x.cost) ** (1.0 - eta)
    a_new = a * (x.price.T[:, :, None] / x.input_price.T[:, None, :]) ** (1.0 - rho)
    b_new = b * (x.price / x.final_price) ** (1.0 - sigma)
    world = e.factor_income.sum()
    border = x.trade_share / (1.0 + x.tariff) * x.spending[:, None, :]
    near(border.sum(axis=2) / world, x.sales / world)
    used = np.einsum("nsr,rn->sn", a_new, (1.0 - v_new) * x.sales)
    near((b_new * x.demand + used) / world, x.spending / world)
    near((x.tariff * border).sum(axis=(0, 1)) / world, x.revenue / world)
    near((v_new * x.sales).sum(axis=0) / world, x.factor_income / world)


@some
@given(seed=seeds, form=forms, rule=rules)
def test_adding_up_walras_and_the_numeraire(made_up, mixed_shock, seed, form, rule):
    e = made_up(seed, 6, 3)
    x = solve(e, mixed_shock(e, seed), form, rules=Rules(rule))
    assert x.residual < 1e-10
    world = e.factor_income.sum()
    np.testing.assert_allclose(x.trade_share.sum(axis=1), 1.0, atol=1e-12)
    assert x.factor_income.sum() == pytest.approx(world, rel=1e-12)
    border = x.trade_share / (1.0 + x.tariff) * x.spending[:, None, :]
    imports, exports = border.sum(axis=(0, 1)), border.sum(axis=(0, 2))
    owed = x.demand - x.factor_income - x.revenue
    np.testing.assert_allclose((imports - exports) / e.income, owed / e.income, atol=1e-9)
    assert abs(owed.sum()) < 1e-9 * world


@some
@given(seed=seeds)
def test_deficits_follow_their_rule(made_up, mixed_shock, seed):
    e = made_up(seed, 5, 3)
    shock, theta = mixed_shock(e, seed), np.array([2.0, 4.0, 6.0])
    results = {
        r: solve(e, shock, theta, rules=Rules(r)) for r in ("own_income", "fixed", "zero", "spending_share")
    }
    left = {r: x.demand - x.factor_income - x.revenue for r, x in results.items()}
    np.testing.assert_allclose(left["fixed"], e.deficit, atol=1e-8)
    np.testing.assert_allclose(left["zero"], 0.0, atol=1e-8)
    x = results["own_income"]
    shift = left["own_income"] / (x.factor_income + x.revenue) - e.deficit / e.income
    np.testing.assert_allclose(shift, shift[0], atol=1e-10)
    x = results["spending_share"]
    factor = x.demand / (x.factor_income + x.revenue) / (1.0 + e.deficit / e.income)
    np.testing.assert_allclose(factor, factor[0], rtol=1e-10)


def test_an_unknown_deficit_rule_is_refused_with_what_is_possible():
    with pytest.raises(InputError, match=r'unknown deficit rule "own_incom"\. Did you mean "own_income"'):
        Rules("own_incom")
    with pytest.raises(InputError, match=r"tolerance: 0\.0 must be"):
        Rules(tolerance=0.0)


def test_a_balanced_country_stays_balanced_and_the_others_share_its_deficit(made_up):
    e = made_up(3, 5, 3)
    x = solve(e, Shock(balanced=(2,)), np.full(3, 4.0))
    owed = x.demand - x.factor_income - x.revenue
    assert abs(owed[2]) < 1e-8
    assert abs(owed.sum()) < 1e-8
    assert np.abs(x.real_income - 1.0).max() > 1e-5


def test_a_gift_arrives_at_the_receiver_and_is_missed_by_the_giver(made_up):
    e = made_up(3, 5, 3, tariffs=False)
    gift = 0.02 * e.income[1]
    x = solve(e, Shock(transfer=((0, -gift), (1, gift))), np.full(3, 4.0), rules=Rules("fixed"))
    moved = x.demand - x.factor_income - x.revenue - e.deficit
    np.testing.assert_allclose(moved, [-gift, gift, 0.0, 0.0, 0.0], atol=1e-8)
    assert x.absorption[0] < 1.0 < x.absorption[1]


def test_a_gift_to_an_isolated_country_does_not_arrive(made_up, isolation):
    e = made_up(3, 5, 3)
    cut = isolation(e, "BBB")
    gift = 0.02 * e.income[1]
    alone = solve(e, cut, np.full(3, 4.0))
    given_ = solve(e, Shock(cut.wedges, transfer=((0, -gift), (1, gift))), np.full(3, 4.0))
    assert given_.real_income[1] == pytest.approx(alone.real_income[1], abs=1e-12)
    np.testing.assert_allclose(given_.demand, alone.demand, rtol=1e-8)


def test_a_tariff_that_is_collected_hurts_its_setter_less_than_a_cost_that_is_not(made_up):
    e = made_up(6, 5, 3, tariffs=False)
    raised = np.zeros_like(e.tariff)
    raised[:, :, 0] = 0.25
    raised[:, 0, 0] = 0.0
    tariff = solve(e, Shock.from_arrays(e, tariff=raised), np.full(3, 4.0))
    iceberg = solve(e, Shock.from_arrays(e, cost=1.0 + raised), np.full(3, 4.0))
    assert tariff.revenue[0] > 0.01 * e.income[0]
    assert iceberg.revenue == pytest.approx(0.0, abs=1e-8)
    assert iceberg.loss[0] > 0.01
    assert tariff.loss[0] < iceberg.loss[0] - 0.01


def test_a_small_tariff_of_a_large_country_gains_and_a_prohibitive_one_loses(made_up):
    e = made_up(6, 3, 2, tariffs=False, deficits=False, home=1.0)
    losses = []
    for rate in (0.05, 50.0):
        raised = np.zeros_like(e.tariff)
        raised[:, 1:, 0] = rate
        losses.append(solve(e, Shock.from_arrays(e, tariff=raised), np.full(2, 3.0)).loss[0])
    assert losses[0] < -1e-4
    assert losses[1] > 1e-2


@pytest.mark.parametrize("uncollected", [np.inf, 1e4])
def test_an_embargo_is_the_limit_of_a_large_cost(made_up, uncollected):
    e = made_up(8, 4, 3)
    cost = np.ones_like(e.tariff)
    cost[:, 1, [0, 2]] = cost[:, [0, 2], 1] = np.inf
    exact = solve(e, Shock.from_arrays(e, cost=cost), np.full(3, 4.0))
    close = solve(e, Shock.from_arrays(e, cost=np.minimum(cost, uncollected)), np.full(3, 4.0))
    np.testing.assert_allclose(close.real_income, exact.real_income, atol=1e-9)
    assert (exact.trade_share[:, 1, 0] == 0.0).all()
