"""Indicators against closed forms; unknown, never 0, where the data are too few."""

from __future__ import annotations

import json

import numpy as np
import pytest

from tertius.errors import InputError
from tertius.ledger.bulk.series import DyadSeries
from tertius.ledger.indicators import (
    Indicator,
    burstiness,
    continuity,
    material_share,
    of_series,
    pledge_to_delivery,
    trigger_lift,
    trigger_months,
)

# The oracle gives numbers for two toy ties (steady: 1.0 and 0.982; gift: 0.0 and 2.0) but not their series.
# These are ours: one flows every month, 54 on average near a trigger and 55 overall; one gives twice, each
# time after a trigger, and the windows of the triggers take half of the months.
MONTHS = 24
TRIGGERS = (0, 6, 12, 18)
INSIDE = np.isin(np.arange(MONTHS) % 6, (0, 1, 2))
STEADY = np.where(INSIDE, 54.0, 56.0)
GIFT = np.where(np.isin(np.arange(MONTHS), (7, 19)), 100.0, 0.0)


def test_the_steady_tie_is_continuous_and_does_not_wait_for_a_trigger():
    assert continuity(STEADY).value == 1.0
    assert trigger_lift(STEADY, TRIGGERS).value == pytest.approx(0.982, abs=5e-4)


def test_the_gift_tie_is_not_continuous_and_doubles_after_a_trigger():
    assert continuity(GIFT).value == 0.0
    assert trigger_lift(GIFT, TRIGGERS).value == pytest.approx(2.0)


def test_lift_is_one_for_a_flow_that_never_changes_and_has_no_unit():
    assert trigger_lift(np.full(MONTHS, 3.0), TRIGGERS).value == pytest.approx(1.0)
    assert trigger_lift(1000 * STEADY, TRIGGERS).value == pytest.approx(trigger_lift(STEADY, TRIGGERS).value)


def test_continuity_is_zero_or_at_least_a_quarter():
    random = np.random.default_rng(7)
    for share in np.linspace(0.05, 1, 40):
        flow = random.exponential(size=48) * (random.random(48) < share)
        value = continuity(flow).value
        assert value is None or value == 0 or value >= 0.25


def test_continuity_counts_months_above_half_the_upper_quartile():
    flow = [10.0] * 6 + [5.1] * 3 + [5.0] * 3  # the upper quartile is 10
    assert continuity(flow).value == pytest.approx(9 / 12)


def test_months_that_were_not_observed_are_left_out_and_lower_the_coverage():
    flow = np.where(np.arange(MONTHS) < 6, np.nan, STEADY)
    found = continuity(flow)
    assert (found.value, found.rests_on, found.coverage) == (1.0, (18, "months"), 0.75)


def test_the_material_share_is_acts_over_all_events():
    found = material_share([9, 9, 12], [4, 3, 3])
    assert found.value == pytest.approx(0.25)
    assert found.rests_on == (40, "events")


def test_the_pledge_ratio_is_above_one_where_promises_run_ahead():
    assert pledge_to_delivery([20, 10], [5, 10]).value == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (material_share([5], [5]), "10 events"),
        (pledge_to_delivery([3], [2]), "5 pledges and deliveries"),
        (pledge_to_delivery([30], [0]), "no delivery"),
        (continuity([1.0] * 11), "11 observed months"),
        (continuity([0.0] * 24), "no flow"),
        (continuity([]), "0 observed months"),
        (trigger_lift(STEADY, (0, 6)), "2 triggers"),
        (trigger_lift(STEADY, ()), "0 triggers"),
        (trigger_lift(np.zeros(24), TRIGGERS), "no flow"),
        (trigger_lift(STEADY, range(24)), "nothing to compare"),
        (burstiness(np.arange(10)), "9 gaps"),
    ],
)
def test_too_little_data_is_unknown_and_says_what_was_lacking(found, why):
    assert found.value is None
    assert why in found.why_unknown


def test_burstiness_is_minus_one_for_a_clock_and_near_zero_at_random():
    assert burstiness(np.arange(0, 300, 7)).value == pytest.approx(-1)
    random = np.cumsum(np.random.default_rng(1).exponential(1000, 20000))
    assert burstiness(random).value == pytest.approx(0, abs=0.02)


def test_burstiness_rises_with_long_silences_and_takes_dates():
    bursts = np.concatenate([start + np.arange(5) for start in range(0, 5000, 500)])
    dates = np.datetime64("2020-01-01") + bursts.astype("timedelta64[D]")
    gaps = np.diff(bursts)
    assert burstiness(dates).value == pytest.approx((gaps.std() - gaps.mean()) / (gaps.std() + gaps.mean()))
    assert burstiness(dates).value > 0.3
    assert burstiness(np.repeat(dates, 3)) == burstiness(dates)


@pytest.mark.parametrize("flow", [[[1.0]], [1.0, -1.0], [np.inf]])
def test_what_is_no_flow_is_refused(flow):
    with pytest.raises(InputError, match="monthly flow"):
        continuity(flow)


def test_a_trigger_outside_the_flow_is_refused():
    with pytest.raises(InputError, match="0 to 23"):
        trigger_lift(STEADY, (24,))


def test_trigger_months_are_those_above_the_usual_pressure():
    pressure = np.array([0, 1, 0, 1, 9, 1, 0, 1, 0, 1, 8, np.nan] * 2)
    assert trigger_months(pressure) == (4, 16)
    assert trigger_months(np.zeros(12)) == ()
    assert trigger_months(np.full(12, np.nan)) == ()


def test_a_series_gives_all_five_with_period_and_coverage():
    counts = np.tile([2.0, 1.0, 0.0, 1.0], (MONTHS, 1))
    counts[3] = np.nan
    flow = np.where(np.isnan(counts[:, 0]), np.nan, 1.0)
    months = np.arange("2024-01", "2026-01", dtype="datetime64[M]")
    days = np.arange("2024-01-01", "2024-02-01", dtype="datetime64[D]")
    series = DyadSeries("CHN", "IRN", months, counts, 0 * flow, flow, flow, days)
    found = {each.name: each for each in of_series(series, TRIGGERS)}
    assert list(found) == ["material_share", "pledge_to_delivery", "continuity", "trigger_lift", "burstiness"]
    assert found["material_share"].value == pytest.approx(0.5)
    assert {each.period for each in found.values()} == {"2024-01 to 2025-12"}
    assert all(each.coverage == pytest.approx(23 / 24) for each in found.values())
    assert all(each.source and each.value is not None for each in found.values())


def test_an_indicator_is_valid_json_even_without_a_period():
    document = Indicator("burstiness", None, "index", (0, "gaps"), float("nan")).to_dict()
    assert json.loads(json.dumps(document, allow_nan=False))["coverage"] is None
