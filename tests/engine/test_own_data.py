"""Arrays from outside: what is wrong is named by array, label and value, all at once."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from tertius.engine import Economy, Elasticities, Shock, solve, solve_many
from tertius.engine.horizons import horizon, ranges
from tertius.errors import DataError, InfeasibleError, NotConvergedError, UnknownNameError


def _arrays(**how):
    path = Path(__file__).parents[1] / "laws" / "conftest.py"
    spec = importlib.util.spec_from_file_location("made_up_economies", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.made_up_arrays(5, 4, 3, **how)


@pytest.fixture
def given_():
    return {k: v.copy() if isinstance(v, np.ndarray) else v for k, v in _arrays().items()}


@pytest.fixture(scope="module")
def economy():
    return Economy.from_arrays(**_arrays())


def refused(given_):
    with pytest.raises(DataError) as caught:
        Economy.from_arrays(**given_)
    return caught.value.problems


def test_good_arrays_are_taken_as_they_are(given_):
    economy = Economy.from_arrays(**given_)
    assert economy.shift < 1e-12
    np.testing.assert_allclose(economy.trade_share, given_["trade_share"], atol=1e-15)
    np.testing.assert_allclose(economy.factor_income, given_["value_added"], rtol=1e-10)
    np.testing.assert_allclose(economy.deficit, given_["deficit"], atol=1e-8)


def test_input_shares_may_be_given_of_output_or_of_inputs(given_):
    bundle = given_["input_share"] / given_["input_share"].sum(axis=1, keepdims=True)
    one = Economy.from_arrays(**given_)
    other = Economy.from_arrays(**(given_ | {"input_share": bundle, "input_basis": "inputs"}))
    np.testing.assert_allclose(one.input_share, other.input_share, atol=1e-12)
    assert refused(given_ | {"input_basis": "value"}) == (
        'input_basis: "value" is neither "output" nor "inputs"',
    )


def test_every_wrong_shape_is_named_at_once(given_):
    wrong = given_ | {"final_share": given_["final_share"].T, "deficit": np.zeros(3)}
    assert refused(wrong) == (
        "final_share: shape (4, 3), expected (3, 4)",
        "deficit: shape (3,), expected (4,)",
    )
    assert refused(given_ | {"trade_share": np.zeros((3, 4))}) == (
        "trade_share: 2 axes, expected 3 (sector, exporter, importer)",
    )


def test_labels_must_fit_and_differ(given_):
    (problem,) = refused(given_ | {"countries": ("AAA", "AAA", "BBB", "CCC")})
    assert problem == "countries: 4 labels (3 different), expected 4"
    assert "sectors: 2 labels" in refused(given_ | {"sectors": ("grain", "oil")})[0]


@pytest.mark.parametrize(
    ("name", "at", "label"),
    [
        ("trade_share", (1, 2, 0), "trade_share[oil, CCC, AAA]"),
        ("tariff", (0, 1, 3), "tariff[grain, BBB, DDD]"),
        ("value_added_share", (2, 3), "value_added_share[tools, DDD]"),
        ("input_share", (1, 0, 2), "input_share[BBB, grain, tools]"),
        ("final_share", (0, 2), "final_share[grain, CCC]"),
        ("value_added", (3,), "value_added[DDD]"),
    ],
)
@pytest.mark.parametrize("value", [np.nan, np.inf, -2.0])
def test_a_bad_number_is_named_by_array_label_and_value(given_, name, at, label, value):
    given_[name][at] = value
    (problem,) = refused(given_)
    assert problem.startswith(f"{label}: {value}")
    assert "1 such cells" in problem


def test_a_surplus_is_fine_and_a_deficit_that_is_no_number_is_not(given_):
    given_["deficit"][1] = np.nan
    assert refused(given_)[0].startswith("deficit[BBB]: nan is not allowed")


def test_shares_that_do_not_add_up_are_refused_with_their_sum(given_):
    given_["trade_share"][1, 0, 2] += 0.25
    given_["final_share"][:, 1] *= 0.5
    problems = refused(given_)
    assert problems[0] == "trade_share of oil, CCC: sums to 1.25, expected 1"
    assert problems[1] == "final_share of BBB: sums to 0.5, expected 1"
    given_["trade_share"][1, 0, 2] -= 0.25
    given_["final_share"][:, 1] *= 2.0
    given_["input_share"][3, 0, 1] += 0.1
    (problem,) = refused(given_)
    assert problem.startswith("input_share of oil, DDD: sums to")


def test_slightly_inconsistent_data_are_moved_and_the_shift_is_reported(given_):
    given_["value_added"] = given_["value_added"] * np.array([1.0001, 1.0, 1.0, 1.0])
    economy = Economy.from_arrays(**given_)
    assert 1e-6 < economy.shift < 1e-3
    assert solve(economy, Shock(), np.full(3, 4.0)).iterations == 0


def test_names_look_up_positions_and_suggest_what_was_meant(economy):
    assert economy.country("CCC") == 2
    assert economy.sector("tools") == 2
    with pytest.raises(UnknownNameError, match='unknown sector "tool"'):
        economy.sector("tool")


@pytest.mark.parametrize("trade", [[2.0, 0.0, 4.0], [2.0, -1.0, 4.0], [2.0, np.nan, 4.0], [2.0, np.inf, 4.0]])
def test_trade_elasticities_must_be_above_zero(economy, trade):
    with pytest.raises(DataError, match=r"trade elasticity of oil: .* must be a number above zero"):
        solve(economy, Shock(), np.array(trade))


def test_other_elasticities_must_not_be_negative_and_all_are_named(economy):
    with pytest.raises(DataError) as caught:
        solve(economy, Shock(), Elasticities(np.full(3, 2.0), inputs=-0.5, final=np.inf, mobility=np.nan))
    assert [p.split(":")[0] for p in caught.value.problems] == [
        "elasticity inputs",
        "elasticity final",
        "elasticity mobility",
    ]
    with pytest.raises(DataError, match=r"shape \(2,\), expected \(3,\)"):
        solve(economy, Shock(), np.full(2, 2.0))
    with pytest.raises(DataError, match="2 sets for 3 shocks"):
        solve_many(economy, [Shock()] * 3, [Elasticities(np.full(3, 2.0))] * 2)


def test_a_shock_must_fit_and_hold_numbers(economy):
    with pytest.raises(DataError, match=r"shock cost: shape \(4, 4\)"):
        Shock.from_arrays(economy, cost=np.ones((4, 4)))
    cost, tariff = np.ones((3, 4, 4)), economy.tariff.copy()
    cost[1, 0, 2], tariff[2, 3, 1] = 0.0, -1.0
    with pytest.raises(DataError) as caught:
        Shock.from_arrays(economy, cost=cost, tariff=tariff)
    assert caught.value.problems == (
        "shock cost[oil, AAA, CCC]: 0.0 must be a number above 0",
        "shock tariff[tools, DDD, BBB]: -1.0 must be a number above -1",
    )


def test_a_used_input_that_loses_every_supplier_is_infeasible_and_named(given_):
    share, tariff = given_["trade_share"], given_["tariff"]
    share[1, :, 3] = [0.0, 1.0, 0.0, 0.0]  # DDD's oil all comes from BBB
    tariff[1, 1, 3] = 0.0
    given_ |= {"value_added": _earned(given_), "deficit": np.zeros(4)}
    economy = Economy.from_arrays(**given_)
    cost = np.ones((3, 4, 4))
    cost[:, 1, 3] = np.inf
    with pytest.raises(InfeasibleError) as caught:
        solve(economy, Shock.from_arrays(economy, cost=cost, label="no oil"), np.full(3, 4.0))
    assert str(caught.value) == "no oil: DDD uses oil and has no supplier left"


def _earned(given_):
    """Value added that these shares pay when trade balances: income earned is income spent."""
    economy_share, v = given_["trade_share"] / (1.0 + given_["tariff"]), given_["value_added_share"]
    value_added = given_["value_added"]
    for _ in range(4000):
        X = given_["final_share"] * value_added
        for _ in range(60):
            Y = np.einsum("sin,sn->si", economy_share, X)
            revenue = (X * (1.0 - economy_share.sum(axis=1))).sum(axis=0)
            X = given_["final_share"] * (value_added + revenue) + np.einsum(
                "nks,sn->kn", given_["input_share"], Y
            )
        new = (v * Y).sum(axis=0)
        if np.abs(new / value_added - 1.0).max() < 1e-12:
            break
        value_added = new
    return value_added


def test_what_cannot_be_solved_within_the_tolerance_says_so(economy):
    from tertius.engine import Rules

    cost = np.where(np.eye(4, dtype=bool), 1.0, 1.5) * np.ones((3, 4, 4))
    with pytest.raises(NotConvergedError, match="hopeless: no equilibrium found beyond"):
        solve(
            economy,
            Shock.from_arrays(economy, cost=cost, label="hopeless"),
            np.full(3, 4.0),
            rules=Rules(tolerance=1e-300),
        )


def test_results_are_read_by_country(economy):
    cost = np.where(np.eye(4, dtype=bool), 1.0, 1.5) * np.ones((3, 4, 4))
    result = solve(economy, Shock.from_arrays(economy, cost=cost, label="dearer trade"), np.full(3, 4.0))
    assert result.label == "dearer trade"
    assert result.of("BBB") == result.loss[1] > 0.0
    assert result.residual < 1e-10
    assert any(code in result.residual_at for code in economy.countries)


def test_horizons_are_ordered_and_their_draws_stay_inside_their_range():
    from tertius.world.model import SECTORS

    year, medium, long = (ranges(name, tuple(SECTORS)) for name in ("year", "medium", "long"))
    assert (year.central.trade < medium.central.trade).all()
    assert (medium.central.trade < long.central.trade).all()
    assert year.central.mobility == 0.0
    assert np.isinf(medium.central.mobility)
    for one in (year, medium, long):
        low, middle, high = (x.trade for x in one.draw(np.array([[0.0], [0.5], [1.0]])))
        np.testing.assert_allclose(low, one.low)
        np.testing.assert_allclose(middle, one.central.trade)
        np.testing.assert_allclose(high, one.high)
        assert one.central.source
    with pytest.raises(UnknownNameError, match="unknown horizon"):
        horizon("decade", tuple(SECTORS))
    with pytest.raises(UnknownNameError, match='unknown sector "oil"'):
        horizon("long", ("oil",))
