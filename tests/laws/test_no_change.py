"""Where nothing changes, nothing changes; and a state pushed away finds its way back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tertius.engine import Elasticities, Rules, Shock, solve
from tertius.engine.elasticities import SPECIFIC
from tertius.engine.iterate import iterate
from tertius.engine.precondition import preconditioner
from tertius.engine.problem import make_batch
from tertius.engine.rebase import rebase

FORMS = {
    "Cobb-Douglas": {},
    "nested": {"value_added": 0.5, "inputs": 0.2, "final": 0.9},
    "specific factors": {"value_added": 0.5, "inputs": 0.2, "final": 0.9, "mobility": SPECIFIC},
    "partly mobile": {"value_added": 0.7, "inputs": 1.0, "final": 1.3, "mobility": 1.5},
}
seeds, sizes = st.integers(0, 10**6), st.tuples(st.integers(3, 8), st.integers(2, 5))


@settings(max_examples=15, deadline=None, derandomize=True)
@given(
    seed=seeds, size=sizes, form=st.sampled_from(sorted(FORMS)), rule=st.sampled_from(["own_income", "fixed"])
)
def test_no_shock_gives_exactly_no_change(made_up, seed, size, form, rule):
    economy = made_up(seed, *size)
    result = solve(economy, Shock(), Elasticities(np.full(size[1], 3.0), **FORMS[form]), rules=Rules(rule))
    assert result.iterations == 0
    assert (result.wage == 1.0).all()
    assert (result.cost == 1.0).all()
    # Prices are sums of shares, which add up to one but for the last digit.
    np.testing.assert_allclose(result.price, 1.0, rtol=0, atol=1e-14)
    np.testing.assert_allclose(result.real_income, 1.0, rtol=0, atol=1e-14)
    np.testing.assert_allclose(result.demand, economy.income + economy.deficit, rtol=1e-14)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(seed=seeds, size=sizes, form=st.sampled_from(sorted(FORMS)))
def test_a_perturbed_state_returns_to_no_change(made_up, seed, size, form):
    economy = made_up(seed, *size)
    one = Elasticities(np.random.default_rng(seed).uniform(1.0, 8.0, size[1]), **FORMS[form])
    batch, _ = make_batch(economy, [Shock()], [one], Rules())
    wages = 1 if np.isinf(one.mobility) else size[1]
    start = np.random.default_rng(seed).normal(0.0, 0.15, (1, 2 * size[1] + wages, size[0]))
    ((_, found),) = iterate(economy, batch, preconditioner(economy), 1e-13, 120, start)
    assert found.iterations > 3
    np.testing.assert_allclose(found.x, 0.0, atol=1e-12)


def test_telling_the_engine_todays_tariffs_is_no_shock(made_up):
    economy = made_up(4)
    shock = Shock.from_arrays(economy, cost=np.ones_like(economy.tariff), tariff=economy.tariff)
    assert len(shock.wedges) == 0
    assert solve(economy, shock, np.full(3, 4.0)).iterations == 0


@settings(max_examples=8, deadline=None, derandomize=True)
@given(seed=seeds, form=st.sampled_from(sorted(FORMS)))
def test_an_equilibrium_made_the_base_year_is_one_and_undoing_the_shock_leads_back(
    made_up, mixed_shock, seed, form
):
    economy = made_up(seed, 5, 3)
    one = Elasticities(np.array([2.0, 4.0, 6.0]), **FORMS[form])
    rng = np.random.default_rng(seed)
    cost = np.where(np.eye(5, dtype=bool), 1.0, rng.uniform(0.7, 1.5, (3, 5, 5)))
    tariff = economy.tariff * rng.uniform(0.0, 2.0, (3, 5, 5))
    there = solve(economy, Shock.from_arrays(economy, cost=cost, tariff=tariff), one)
    moved = rebase(there)
    assert np.abs(there.real_income - 1.0).max() > 1e-3
    assert solve(moved, Shock(), one).iterations == 0
    back = solve(moved, Shock.from_arrays(moved, cost=1.0 / cost, tariff=economy.tariff), one)
    np.testing.assert_allclose(back.real_income * there.real_income, 1.0, rtol=0, atol=1e-9)
    np.testing.assert_allclose(back.sales, economy.output.T, rtol=1e-8)


@pytest.mark.parametrize("form", FORMS)
def test_two_shocks_one_after_the_other_equal_both_at_once(made_up, form):
    economy = made_up(11, 5, 3)
    one = Elasticities(np.array([2.0, 4.0, 6.0]), **FORMS[form])
    first, second = np.ones((2, 3, 5, 5))
    first[:, 0, 1:], second[1, :4, 4] = 1.4, 0.6
    half = rebase(solve(economy, Shock.from_arrays(economy, cost=first), one))
    two = solve(half, Shock.from_arrays(half, cost=second), one)
    both = solve(economy, Shock.from_arrays(economy, cost=first * second), one)
    np.testing.assert_allclose(two.sales, both.sales, rtol=1e-8)
