"""Special cases are limits of the general one, and more cutting hurts more where it must."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tertius.engine import Elasticities, Shock, solve, solve_many
from tertius.scenario.wedge import Wedges

THETA = np.array([2.0, 4.0, 6.0])
few = settings(max_examples=8, deadline=None, derandomize=True)
seeds = st.integers(0, 10**6)


@few
@given(
    seed=seeds, name=st.sampled_from(["value_added", "inputs", "final"]), side=st.sampled_from([-1e-7, 1e-7])
)
def test_cobb_douglas_is_the_limit_of_every_nest(made_up, mixed_shock, seed, name, side):
    e = made_up(seed, 4, 3)
    near, exact = (Elasticities(THETA, **{name: 1.0 + x}) for x in (side, 0.0))
    a, b = (solve(e, mixed_shock(e, seed), one) for one in (near, exact))
    np.testing.assert_allclose(a.real_income, b.real_income, atol=1e-6)
    far = solve(e, mixed_shock(e, seed), Elasticities(THETA, **{name: 0.3}))
    assert np.abs(far.real_income - b.real_income).max() > 1e-6


@few
@given(seed=seeds)
def test_mobile_factors_are_the_limit_of_very_mobile_ones(made_up, mixed_shock, seed):
    e = made_up(seed, 4, 3)
    a, b = (solve(e, mixed_shock(e, seed), Elasticities(THETA, mobility=m)) for m in (1e4, np.inf))
    np.testing.assert_allclose(a.real_income, b.real_income, atol=2e-4)


@few
@given(seed=seeds)
def test_the_less_factors_move_the_more_isolation_costs(made_up, isolation, seed):
    # Without distortions a country alone is efficient, and less mobility is a smaller set of things it can produce.
    e = made_up(seed, 4, 3, tariffs=False, deficits=False)
    cut = isolation(e, "AAA")
    losses = [
        solve(e, cut, Elasticities(THETA, value_added=0.7, inputs=0.5, final=0.9, mobility=m)).of("AAA")
        for m in (0.0, 0.5, 2.0, 20.0, np.inf)
    ]
    assert (np.diff(losses) < 1e-10).all()
    assert losses[0] > losses[-1]


@few
@given(seed=seeds)
def test_the_less_trade_can_be_replaced_the_more_isolation_costs(made_up, isolation, seed):
    e = made_up(seed, 4, 3)
    losses = [solve(e, isolation(e, "AAA"), np.full(3, theta)).of("AAA") for theta in (0.8, 2.0, 4.0, 8.0)]
    assert (np.diff(losses) < 0).all()


@few
@given(seed=seeds, theta=st.floats(1.0, 8.0))
def test_more_cutting_hurts_its_target_more(made_up, isolation, seed, theta):
    e = made_up(seed, 5, 3, tariffs=False, deficits=False)
    cells = isolation(e, "CCC").wedges
    shocks = [
        Shock(
            Wedges(
                cells.sector, cells.exporter, cells.importer, 0 * cells.weight + w, cells.cost, cells.tariff
            )
        )
        for w in (1.0, 0.8, 0.5, 0.2, 0.05, 0.0)
    ]
    losses = [x.of("CCC") for x in solve_many(e, shocks, np.full(3, theta))]
    assert losses[0] == pytest.approx(0.0, abs=1e-12)
    assert (np.diff(losses) > 0).all()


def test_nested_embargoes_hurt_more_one_after_the_other(made_up, isolation):
    e = made_up(4, 6, 3, tariffs=False, deficits=False)
    others = ["AAA", "BBB", "DDD", "EEE", "FFF"]
    losses = [
        solve(e, isolation(e, "CCC", keep=others[k:]), np.full(3, 3.0)).of("CCC")
        for k in range(len(others) + 1)
    ]
    assert (np.diff(losses) > 1e-4).all()


def test_a_trade_elasticity_near_zero_is_raised_to_a_floor_and_the_result_says_where(made_up):
    e = made_up(5, 4, 3)
    cost = np.ones(e.tariff.shape)
    cost[:, 0, 1] = 1.2
    shock = Shock.from_arrays(e, cost=cost)
    near = solve(e, shock, Elasticities(np.array([1e-9, 4.0, 6.0])))
    floor = solve(e, shock, Elasticities(np.array([1e-3, 4.0, 6.0])))
    assert near.raised == (e.sectors[0],)
    assert floor.raised == ()
    np.testing.assert_array_equal(near.real_income, floor.real_income)
    assert np.isfinite(near.loss).all()
    assert near.loss[1] > 0.0
