"""Lifelines of a made-up world: value, rent, benefit, exposure, break-even credibility, the curve and the swing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tertius.leverage.curve import GRID, leverage
from tertius.leverage.draws import band, draw, sample
from tertius.leverage.game import CHANNELS
from tertius.leverage.judged import Interval
from tertius.leverage.lines import Point
from tertius.leverage.swing import moves

CENTRE = Point()


def row(lines, code):
    return [lines.code(k) for k in range(len(lines.game.supporters))].index(code)


def test_value_is_trade_and_gifts_by_channel(lines, world):
    china, russia = row(lines, "CHN"), row(lines, "RUS")
    iran, at = world.country("IRN"), world.country("CHN")
    total = world.sales[:, iran, at].sum() + world.sales[:, at, iran].sum()
    np.testing.assert_allclose(lines.value[china], [(total - 7e3) / 1e3, 7.0, 0.0])
    assert lines.value[russia, CHANNELS.index("aid")] == 0.3


def test_the_rent_on_crude_is_its_discount_less_what_going_dark_costs(lines):
    china = row(lines, "CHN")
    d = lines.discounts[china]
    assert d is not None
    received = d.benchmark - d.usd_bbl.central
    crude = lines._resource_values[0][china]
    shielded = crude[1] * (d.usd_bbl.central - lines.judged.extra_cost.central) / received
    other = lines._resource_values[1][china, 1] * lines.judged.replacement.central
    assert lines.rent(CENTRE)[china, 1] == pytest.approx(max(shielded, 0.0) + other)


def test_a_barrel_counts_as_rent_or_as_gain_and_never_as_both(lines):
    china = row(lines, "CHN")
    assert lines.gain(CENTRE)[china, 1] == 0.0  # all that is shielded is crude
    assert lines.gain(CENTRE, convention="engine")[china, 1] > 0.0
    whole = lines.rent(CENTRE) + lines.gain(CENTRE) + lines.judged.influence.central * (lines.value > 0)
    np.testing.assert_allclose(lines.benefit(CENTRE), whole)


def test_exposure_is_what_the_engine_says_the_tariff_costs(lines, scenario, horizon):
    from tertius.engine import Shock, solve

    k = row(lines, "TUR")
    result = solve(lines.game.economy, Shock(scenario.exposure(lines.game.world, "TUR")), horizon.central)
    loss = result.of("TUR") * lines.game.economy.income[lines.game.supporters[k]] / 1e3
    assert lines.damage(CENTRE)[k] == pytest.approx(loss, rel=1e-7)
    assert loss > 0


def test_who_sells_the_sender_nothing_is_not_exposed_and_gets_no_ratio(lines):
    k = row(lines, "ARM")
    assert lines.damage(CENTRE)[k] == 0.0
    assert np.isnan(lines.q_star(CENTRE)[k]).all()
    assert not any(
        pair[0] == lines.game.supporters[k] for pair in lines.broken(lines.q_star(CENTRE), 1.1).pairs
    )


def test_credibility_of_one_channel_is_benefit_over_expected_damage(lines):
    k = row(lines, "IND")
    assert (lines.value[k] > 0).tolist() == [True, False, False]
    expected = lines.benefit(CENTRE)[k, 0] / (lines.caught(CENTRE)[0] * lines.damage(CENTRE)[k])
    assert lines.q_star(CENTRE)[k, 0] == pytest.approx(min(expected, 1.0))


def test_more_at_stake_holds_shorter_and_a_larger_discount_longer(lines):
    china = row(lines, "CHN")
    low, high = (lines.q_star(replace(CENTRE, caught_shielded=u))[china, 1] for u in (0.0, 1.0))
    assert high < low
    low, high = (lines.q_star(replace(CENTRE, discount=u))[china, 1] for u in (0.0, 1.0))
    assert low < high


def test_a_threat_that_is_twice_as_high_breaks_lifelines_earlier(lines, make_lines, make_game):
    from tertius.scenario import Scenario

    harder = Scenario.of(
        "IRN", senders="USA", measures="secondary_tariff 50% on partners of IRN", as_of="2026-01-13"
    )
    twice = make_lines(make_game(), scenario=harder).q_star(CENTRE)
    once = lines.q_star(CENTRE)
    both = np.isfinite(once) & (once < 1.0)
    assert both.any()
    assert (twice[both] < once[both]).all()


def test_the_listed_are_sorted_by_value_and_worth_a_row(lines):
    values = [lines.value[kc] for kc in lines.listed]
    assert values == sorted(values, reverse=True)
    assert (row(lines, "CHN"), 1) in lines.listed


def test_the_curve_climbs_from_nothing_to_what_can_be_deterred(lines):
    q_star = lines.q_star(CENTRE)
    curve, everything, nothing = leverage(lines, CENTRE, q_star, GRID)
    assert nothing == pytest.approx(0.0, abs=1e-11)
    assert curve[0] == pytest.approx(0.0, abs=1e-9)
    assert everything > 0.0
    assert (np.diff(curve) > -1e-9).all()
    assert 0.0 < curve[-1] <= 1.0 + 1e-9
    deterred = lines.game.losses([lines.broken(q_star, 1.0)], lines.horizon.central)[0]
    assert curve[-1] == pytest.approx(deterred / everything, abs=1e-12)


def test_interpolated_exposure_meets_the_exact_one_between_the_nodes(lines):
    for node in (0.2, 0.8):
        exact = lines.refresh_damage(node)
        guess = lines.at(Point(theta=node), "damage_share")
        both = np.isfinite(exact) & (exact > 1e-6)
        np.testing.assert_allclose(guess[both], exact[both], rtol=0.02)


def test_exposure_is_borrowed_unchanged_by_another_reading(by_reading, make_lines, lines):
    other = replace(by_reading["low"], stakes={})
    other.borrow(lines)
    np.testing.assert_allclose(other.damage(CENTRE), by_reading["low"].damage(CENTRE), rtol=2e-3)


def test_draws_are_exact_repeatable_and_hold_the_central_case(by_reading):
    one, again = (draw(by_reading, 8, 3, qs=(0.0, 0.05, 1.0)) for _ in range(2))
    np.testing.assert_array_equal(one.leverage, again.leverage)
    assert set(one.reading) <= set(by_reading)
    np.testing.assert_allclose(one.now, 0.0, atol=1e-12)
    low, high = band(one.all_comply[:, None])
    assert low[0] < high[0]
    lines, d = by_reading[one.reading[0]], 0
    point = one.points[d]
    exact = leverage(lines, point, lines.q_star(point), (0.0, 0.05, 1.0))
    np.testing.assert_allclose(one.leverage[d], exact[0], atol=1e-12)
    assert one.all_comply[d] == exact[1]


def test_sobol_points_fill_the_unit_cube_and_readings_come_one_two_one():
    points, reading = sample(64, 1)
    assert all(0.0 <= getattr(p, f) <= 1.0 for p in points for f in Point.__dataclass_fields__)
    assert reading.count("central") == 32
    assert reading.count("low") == reading.count("high") == 16


def test_a_band_leaves_out_what_does_not_exist():
    values = np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan]])
    low, high = band(values)
    assert low[0] == pytest.approx(1.1)
    assert high[0] == pytest.approx(2.9)
    assert np.isnan([low[1], high[1]]).all()


def test_swings_go_the_way_each_claim_pulls(by_reading):
    found = {m.key: m for m in moves(by_reading, q=0.05)}

    def change(key, name="leverage"):
        low, high = getattr(found[key], name)
        return high - low

    assert change("discount") <= 1e-9  # a larger discount keeps buyers in
    assert change("replacement") <= 1e-9
    assert change("extra_cost") >= -1e-9  # a dearer dark barrel lets them go
    assert change("caught_open") >= -1e-9
    assert change("caught_shielded") >= -1e-9
    assert change("theta", "loss_all") < 0.0  # easier substitution, smaller loss
    for key in ("discount", "caught_open"):
        assert change(key, "loss_all") == 0.0  # no engine quantity behind it
    sizes = [abs(high - low) for low, high in (m.leverage for m in found.values())]
    assert max(sizes) > 0.0
    both = [
        size + abs(m.loss_all[1] - m.loss_all[0]) / (sum(m.loss_all) / 2.0)
        for size, m in zip(sizes, found.values(), strict=True)
    ]
    assert np.argmax(both) == 0  # verify the first one first


def test_an_interval_runs_through_its_three_readings():
    interval = Interval(1.0, 4.0, 5.0, "USD/bbl")
    assert [interval.at(u) for u in (0.0, 0.25, 0.5, 0.75, 1.0)] == [1.0, 2.5, 4.0, 4.5, 5.0]
    assert Interval.exactly(2.0, "bn USD").at(0.9) == 2.0


def test_judgement_is_marked_claims_are_named_and_later_ones_are_unknown(judged):
    from tertius.leverage.judged import Judged

    assert (
        judged.caught("shielded", "secondary_tariff").central
        < judged.caught("open", "secondary_tariff").central
    )
    assert judged.extra_cost.judgement
    assert judged.prior("replacement_cost_share").sources == ("prior:replacement_cost_share",)
    d = judged.discount("CHN")
    assert d is not None
    assert d.usd_bbl.low <= d.usd_bbl.central <= d.usd_bbl.high < d.benchmark
    assert all(source.startswith("claim:") for source in d.usd_bbl.sources)
    assert Judged.load("IRN", "2001-01-01", judged.claims).discount("CHN") is None
    assert judged.stake(()) is None
