from __future__ import annotations

import json

import pytest

from tertius.engine.shortage import Amount, days_of_cover, lasting, minus
from tertius.errors import InputError
from tertius.ledger import load_curated


def kbd(low: float, central: float, high: float) -> Amount:
    return Amount(low, central, high, "kb/d", (f"claim of {central}",))


def test_a_gap_is_widest_when_need_is_high_and_supply_low() -> None:
    gap = minus(kbd(110, 110, 118), kbd(34, 40, 41), kbd(37, 37, 37))
    assert (gap.low, gap.central, gap.high) == (32, 33, 47)
    assert gap.claims == ("claim of 110", "claim of 40", "claim of 37")


def test_stock_over_gap_is_days_with_the_ends_crossed() -> None:
    days = lasting(Amount(460, 460, 460, "kb"), kbd(32, 33, 46))
    assert (days.low, days.central, days.high) == (10, pytest.approx(13.939, abs=1e-3), 14.375)


def test_where_nothing_is_missing_there_is_no_end() -> None:
    days = lasting(Amount(460, 460, 460, "kb"), kbd(-5, 10, 20))
    assert (days.low, days.central, days.high) == (23, 46, None)
    assert "may cover" in days.note


def test_without_a_stock_the_days_are_unknown_and_not_zero() -> None:
    days = lasting(Amount(None, None, None, "kb"), kbd(1, 2, 3))
    assert (days.low, days.central, days.high) == (None, None, None)
    assert "unknown" in days.note


def test_two_trackers_are_two_readings_of_cuba() -> None:
    cover = days_of_cover(load_curated(), "2026-02-01")
    year = {r.tracker: r for r in cover.readings if r.period == "2025"}
    assert set(year) == {"Kpler", "S&P Global"}
    first = {name: next(iter(r.suppliers)) for name, r in year.items()}
    assert first == {"Kpler": "MEX", "S&P Global": "VEN"}
    assert year["Kpler"].suppliers["MEX"].central == pytest.approx(0.44 * 37)
    assert year["S&P Global"].suppliers["VEN"].central == pytest.approx(0.61 * 37.5)


def test_cuba_needs_about_110_and_makes_about_40_thousand_barrels_a_day() -> None:
    cover = days_of_cover(load_curated(), "2026-02-01")
    assert (cover.need.low, cover.need.central, cover.need.high) == (110, 110, 118)
    assert (cover.own_output.low, cover.own_output.central, cover.own_output.high) == (34, 40, 41)


def test_the_days_left_come_near_what_the_tracker_says_at_the_arrivals_of_2025() -> None:
    cover = days_of_cover(load_curated(), "2026-02-01")
    (said,) = cover.said_days_left
    ours = next(r for r in cover.readings if (r.tracker, r.period) == ("Kpler", "2025")).days
    assert said.amount.central == 17.5
    assert ours.central == pytest.approx(said.amount.central, rel=0.25)


def test_by_mid_january_no_claim_gave_stocks_so_days_are_unknown() -> None:
    cover = days_of_cover(load_curated(), "2026-01-13")
    assert not cover.stock.known
    assert all(r.days.central is None and "unknown" in r.days.note for r in cover.readings)
    assert any("store" in line for line in cover.unknown)
    assert not any(r.period.startswith("2026") for r in cover.readings)


def test_every_number_carries_its_claims_and_none_was_said_later() -> None:
    known = {c.id: c for c in load_curated()}
    cover = days_of_cover(known.values(), "2026-01-28")
    amounts = [cover.need, cover.own_output, *(s.amount for s in cover.by_supplier)]
    for r in cover.readings:
        amounts += [r.arrivals, r.gap, *r.suppliers.values()]
    assert all(a.claims for a in amounts)
    assert all(known[i].known_at("2026-01-28") for a in amounts for i in a.claims)


def test_a_further_relay_changes_nothing() -> None:
    base = load_curated()
    origin = next(c for c in base if c.key == "cub-imports-2025-sp")
    relay = origin.changed(
        key="relay", relay_of=origin.id, origin="an outlet", value={"central": 90, "unit": "kb/d"}
    )
    assert days_of_cover([*base, relay], "2026-02-01") == days_of_cover(base, "2026-02-01")


def test_the_result_is_plain_json() -> None:
    found = json.loads(json.dumps(days_of_cover(load_curated(), "2026-02-01").to_dict()))
    assert found["target"] == "CUB"
    assert found["readings"][0]["gap"]["unit"] == "kb/d"


def test_a_day_before_all_claims_and_a_state_without_them_are_refused() -> None:
    with pytest.raises(InputError, match="need, own output, arrivals"):
        days_of_cover(load_curated(), "2020-01-01")
    with pytest.raises(InputError, match="no fuel balance for IRN"):
        days_of_cover(load_curated(), "2026-02-01", target="IRN")
