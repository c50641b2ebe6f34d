"""Worked numbers: loss of a cut-off in a nested form, break-even credibility, merit order and leverage curve."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest

from tertius.engine.equilibrium import final_price, price_index
from tertius.leverage.breakeven import country_wide, listing
from tertius.leverage.curve import leverage
from tertius.leverage.lines import Point


@pytest.fixture(scope="module")
def oracles(shared):
    return json.loads(shared("oracles/strategy.json").read_text())


def log_loss(shares, sigma, omega, rho):
    """Suppliers with share omega of the first good's market stop; the trade elasticity is sigma - 1."""
    left, theta = np.array([[[1.0 - omega], [1.0]]]), np.array([[s - 1.0] for s in sigma])
    return final_price(price_index(left, theta), np.array(shares)[:, None], rho).item()


def test_loss_of_a_cut_off_in_two_nests(oracles):
    given = oracles["O0_nested_ces_log_loss"]
    for case in given["cases"]:
        for rho in (0.5, 1.0):
            found = log_loss(given["Omega"], given["sigma"], case["omega"], rho)
            assert found == pytest.approx(case[f"rho{rho:g}"], abs=given["tol"])


def test_two_cuts_together_cost_more_than_their_sum(oracles):
    given = oracles["O0_nested_ces_log_loss"]
    one, both = (log_loss(given["Omega"], given["sigma"], omega, 1.0) for omega in (0.4, 0.8))
    assert both / (2.0 * one) == pytest.approx(given["joint_over_sum_0.4_0.4"], abs=5e-4)


def test_break_even_credibility_by_instrument_and_channel(oracles):
    given = oracles["OG_channels"]
    rent = np.array([given["R"]["open"], given["R"]["shielded"]])
    hit, wanted = given["damage"], given["qstar"]
    listed = listing(rent, np.ones(2), np.array([hit["list"]["open"], hit["list"]["shielded"]]))
    np.testing.assert_allclose(listed, [wanted["list.open"], wanted["list.shielded"]], atol=5e-5)
    country = hit["tariff25"]["open"]
    caught = np.array([1.0, hit["tariff25"]["shielded"] / country])
    for c, name in enumerate(("open", "shielded")):
        alone = country_wide(rent[[c]], caught[[c]], np.array(country))
        assert alone[0] == pytest.approx(wanted[f"tariff25.{name}"], abs=5e-5)


def test_a_country_with_two_channels_drops_the_one_that_puts_the_other_at_risk(oracles):
    given = oracles["OG_channels"]
    rent = np.array([given["R"]["open"], given["R"]["shielded"]])
    country = given["damage"]["tariff25"]
    both = country_wide(
        rent, np.array([1.0, country["shielded"] / country["open"]]), np.array(country["open"])
    )
    # Best sets by hand: giving up `open` lowers the chance of being caught from 1 to .6, which is worth .4 q D.
    np.testing.assert_allclose(both, [1.5 / (0.4 * 37.2), 3.5 / (0.6 * 37.2)], atol=1e-12)
    np.testing.assert_allclose(both, [0.1008, 0.1568], atol=5e-5)


@pytest.fixture(scope="module")
def merit_order(oracles):
    """Loss of the target = L0 less the flows of suppliers that are still in."""
    given = oracles["OI_merit_order"]
    benefit, damage, flow = np.array([row[1:] for row in given["suppliers"]], dtype=float).T
    q_star = country_wide(benefit[:, None], np.ones(1), damage)[:, 0]
    everyone = frozenset(range(len(flow)))

    def losses(cuts, elasticities, *, progress=None):
        return np.array([given["L0"] - sum(flow[k] for k in everyone - cut) for cut in cuts])

    lines = SimpleNamespace(
        horizon=SimpleNamespace(draw=lambda points: [None]),
        game=SimpleNamespace(losses=losses),
        everything=everyone,
        pairs=frozenset,
        broken=lambda q_star, q: frozenset(np.flatnonzero(q_star < q).tolist()),
    )
    return given, q_star, lambda qs: leverage(lines, Point(), q_star, qs)


def test_leverage_at_each_step_of_the_merit_order(merit_order):
    given, q_star, curve = merit_order
    assert (np.diff(q_star) > 0).all()
    steps = given["leverage_at_q"]
    found, everything, nothing = curve([float(q) for q in steps])
    np.testing.assert_allclose(found, list(steps.values()), atol=5e-5)
    assert everything == given["L0"]
    assert nothing == pytest.approx(given["leverage_at_q"]["0"] * given["L0"])


def test_mean_leverage_when_credibility_is_uniform(merit_order):
    given, q_star, curve = merit_order
    edges = np.array([0.0, *np.sort(q_star)])
    edges = np.append(edges[edges < 0.3], 0.3)
    found, _, _ = curve(list((edges[:-1] + edges[1:]) / 2.0))
    mean = (found * np.diff(edges)).sum() / 0.3
    assert mean == pytest.approx(given["mean_leverage_q_U(0,0.3)"], abs=1e-4)  # printed cut off
