"""What must not matter does not: money, names, how finely sectors are cut, company in the batch, far-away blocs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tertius.engine import Economy, Elasticities, Rules, Shock, batch, compiled, solve, solve_many

few = settings(max_examples=8, deadline=None, derandomize=True)
seeds = st.integers(0, 10**6)
NESTED = Elasticities(np.array([2.0, 4.0, 6.0]), value_added=0.5, inputs=0.2, final=0.9)
SPECIFIC = Elasticities(np.array([0.8, 1.0, 2.0]), value_added=0.5, inputs=0.2, final=0.9, mobility=0.0)
forms = st.sampled_from([Elasticities(np.array([2.0, 4.0, 6.0])), NESTED, SPECIFIC])


@few
@given(seed=seeds, form=forms)
def test_the_unit_of_money_does_not_matter(arrays, mixed_shock, seed, form):
    one, other = (Economy.from_arrays(**arrays(seed, 5, 3, money=m)) for m in (1.0, 1e6))
    assert other.income.sum() == pytest.approx(1e6 * one.income.sum())
    a, b = (solve(e, mixed_shock(one, seed), form) for e in (one, other))
    np.testing.assert_allclose(a.real_income, b.real_income, atol=1e-9)
    np.testing.assert_allclose(1e6 * a.sales, b.sales, rtol=1e-7)


@few
@given(seed=seeds, form=forms, order=st.permutations(range(5)))
def test_renaming_countries_renames_the_results(arrays, seed, form, order):
    given_ = arrays(seed, 5, 3)
    by_country = {
        "trade_share": (1, 2), "tariff": (1, 2), "value_added_share": (1,), "input_share": (0,), "final_share": (1,),
        "value_added": (0,), "deficit": (0,),
    }  # fmt: skip
    moved = dict(given_) | {"countries": tuple(given_["countries"][k] for k in order)}
    for name, axes in by_country.items():
        for axis in axes:
            moved[name] = np.take(moved[name], order, axis=axis)
    cost = np.where(np.eye(5, dtype=bool), 1.0, np.random.default_rng(seed).uniform(0.7, 2.0, (3, 5, 5)))
    a, b = Economy.from_arrays(**given_), Economy.from_arrays(**moved)
    x = solve(a, Shock.from_arrays(a, cost=cost), form)
    y = solve(b, Shock.from_arrays(b, cost=cost[:, order][:, :, order]), form)
    np.testing.assert_allclose(x.real_income[list(order)], y.real_income, atol=1e-9)
    assert y.of("CCC") == pytest.approx(x.of("CCC"), abs=1e-9)


@few
@given(seed=seeds, mobility=st.sampled_from([np.inf, 0.0]))
def test_cutting_a_sector_into_two_alike_halves_changes_nothing(arrays, seed, mobility):
    given_, twice = arrays(seed, 4, 2), [0, 0, 1]
    part = np.array([0.3, 0.7, 1.0])
    split = dict(given_) | {
        "trade_share": given_["trade_share"][twice],
        "tariff": given_["tariff"][twice],
        "value_added_share": given_["value_added_share"][twice],
        "input_share": given_["input_share"][:, twice][:, :, twice] * part[None, :, None],
        "final_share": given_["final_share"][twice] * part[:, None],
        "sectors": ("grain", "more grain", "oil"),
    }
    cost = np.where(np.eye(4, dtype=bool), 1.0, np.random.default_rng(seed).uniform(0.7, 2.0, (2, 4, 4)))
    a, b = Economy.from_arrays(**given_), Economy.from_arrays(**split)
    how = {"value_added": 0.5, "inputs": 0.2, "final": 0.9, "mobility": mobility}
    x = solve(a, Shock.from_arrays(a, cost=cost), Elasticities(np.array([2.0, 5.0]), **how))
    y = solve(b, Shock.from_arrays(b, cost=cost[twice]), Elasticities(np.array([2.0, 2.0, 5.0]), **how))
    np.testing.assert_allclose(x.real_income, y.real_income, atol=1e-9)


@pytest.mark.parametrize("form", [NESTED, SPECIFIC], ids=["mobile", "specific"])
def test_a_scenario_gets_the_same_answer_alone_and_in_company(made_up, mixed_shock, isolation, form):
    e = made_up(7, 6, 3)
    shocks = [
        Shock(),
        mixed_shock(e, 1),
        isolation(e, "BBB"),
        mixed_shock(e, 2),
        isolation(e, "EEE", flow="exports"),
    ]
    together = solve_many(e, shocks, form)
    for x, one in zip(together, shocks, strict=True):
        assert x.label == one.label
        np.testing.assert_allclose(x.real_income, solve(e, one, form).real_income, atol=1e-9)


def test_each_scenario_may_have_elasticities_of_its_own(made_up, mixed_shock):
    e = made_up(7, 5, 3)
    sets = [
        NESTED,
        NESTED.with_trade(np.array([1.0, 9.0, 3.0])),
        SPECIFIC,
        Elasticities(np.array([2.0, 4.0, 6.0])),
    ]
    found = solve_many(e, [mixed_shock(e, 1)] * 4, sets)
    for x, one in zip(found, sets, strict=True):
        np.testing.assert_allclose(x.real_income, solve(e, mixed_shock(e, 1), one).real_income, atol=1e-9)
    assert len({round(x.of("AAA"), 8) for x in found}) == 4


def test_progress_counts_every_scenario(made_up, mixed_shock):
    e, seen = made_up(7, 5, 3), []
    solve_many(e, [mixed_shock(e, k) for k in range(40)], NESTED, progress=lambda *x: seen.append(x))
    assert seen[-1][:2] == (40, 40)
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)


def test_strips_of_a_shared_base_and_kernels_of_their_own_agree(made_up, isolation, monkeypatch):
    e = made_up(7, 8, 3)
    shocks = [isolation(e, "BBB", keep=("AAA", "DDD")), isolation(e, "EEE", flow="imports")]
    strips = solve_many(e, shocks, NESTED)
    monkeypatch.setattr(compiled, "STRIP_LIMIT", 0)
    monkeypatch.setattr(batch, "STRIP_LIMIT", 0)
    for x, y in zip(strips, solve_many(e, shocks, NESTED), strict=True):
        np.testing.assert_allclose(x.real_income, y.real_income, atol=1e-9)


@few
@given(seed=seeds, form=forms)
def test_a_bloc_cut_off_from_another_does_not_see_what_happens_inside_it(made_up, seed, form):
    e = made_up(seed, 7, 3)
    east, west = [0, 1, 2], [3, 4, 5, 6]
    cost = np.ones((3, 7, 7))
    cost[np.ix_(range(3), east, west)] = cost[np.ix_(range(3), west, east)] = np.inf
    apart = solve(e, Shock.from_arrays(e, cost=cost), form)
    cost[:, 3, 4] = 1.8
    again = solve(e, Shock.from_arrays(e, cost=cost), form)
    assert len(set(apart.component[east])) == len(set(apart.component[west])) == 1
    assert apart.component[0] != apart.component[3]
    for bloc in (east, west):
        assert apart.factor_income[bloc].sum() == pytest.approx(e.factor_income[bloc].sum(), rel=1e-11)
        owed = (apart.demand - apart.factor_income - apart.revenue)[bloc]
        assert abs(owed.sum()) < 1e-8
    np.testing.assert_allclose(again.real_income[east], apart.real_income[east], atol=1e-9)
    assert np.abs(again.real_income - apart.real_income)[west].max() > 1e-4


def test_rules_other_than_zero_coincide_where_trade_is_balanced(made_up, mixed_shock):
    e = made_up(7, 5, 3, deficits=False)
    found = [
        solve(e, mixed_shock(e, 3), NESTED, rules=Rules(r)).real_income
        for r in ("own_income", "fixed", "zero")
    ]
    np.testing.assert_allclose(found[0], found[2], atol=1e-8)
    np.testing.assert_allclose(found[1], found[2], atol=1e-8)
