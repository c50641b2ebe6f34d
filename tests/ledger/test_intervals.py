from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertius.errors import InputError
from tertius.ledger import latest, load_curated, reading, readings
from tertius.ledger.intervals import Key
from tertius.ledger.record import Claim

SHARE = "IRN.china_share_of_oil_exports"
DISCOUNT = "IRN.oil_discount_usd_bbl"


def number(origin: str, value: object, **fields: object) -> Claim:
    low, central, high = value if isinstance(value, tuple) else (value, value, value)
    start = {
        "doc": {"id": f"doc of {origin}", "publisher": "Reuters", "published": "2025-06-01"},
        "type": "statistic",
        "key": f"{origin}{value}{fields}",
        "topic": SHARE,
        "origin": origin,
        "about": {"start": "2024", "end": "2024"},
        "basis": "measured",
        "stage": "delivered",
        "value": {"low": low, "central": central, "high": high, "unit": "fraction"},
    }
    return Claim.model_validate(start | fields)


def ends(r) -> tuple[float | None, float | None, float | None]:
    return r.low, r.central, r.high


@pytest.mark.parametrize("rule", ["strict", "broad"])
def test_a_relay_of_an_existing_source_does_not_move_the_estimate(rule: str) -> None:
    base = load_curated()
    for year in (2023, 2024, 2025):
        before = reading(base, SHARE, rule, year=year)
        origins = [c for c in base if c.topic == SHARE and not c.relay_of]
        relays = [
            c.changed(
                key=f"relay {n} of {c.key}",
                relay_of=c.id,
                said="2026-03-01",
                value={"central": 0.99, "unit": "fraction"},
            )
            for c in origins
            for n in range(3)
        ]
        after = reading(base + relays, SHARE, rule, year=year)
        assert after == before


def test_repeating_a_number_without_saying_so_does_not_move_it_either() -> None:
    base = [number("Kpler", 0.77), number("Vortexa", 0.85), number("EIA", 0.9)]
    again = number("Kpler", 0.78, doc={"id": "later", "publisher": "Bloomberg"}, said="2025-09-01")
    for rule in ("strict", "broad"):
        assert ends(reading([*base, again], SHARE, rule)) == ends(reading(base, SHARE, rule))


def test_an_independent_voice_does_move_it() -> None:
    base = [number("Kpler", 0.77), number("Vortexa", 0.85), number("EIA", 0.9)]
    wider = reading([*base, number("OPEC", 0.5)], SHARE)
    assert wider.low == 0.5
    assert wider.voices == 4


def test_the_central_value_is_somebodys_number() -> None:
    base = [
        number("Kpler", 0.77),
        number("Vortexa", 0.85),
        number("EIA", 0.9),
        number("OPEC", 0.6, confidence=0.9),
    ]
    assert reading(base, SHARE).central in (0.77, 0.85)


def test_strict_takes_measured_numbers_and_broad_all() -> None:
    base = [number("Kpler", 0.77), number("officials", (0.87, 0.9, 0.93), basis="reported")]
    assert ends(reading(base, SHARE, "strict")) == (0.77, 0.77, 0.77)
    assert ends(reading(base, SHARE, "broad"))[::2] == (0.77, 0.93)


def test_without_a_measured_number_strict_falls_back_and_says_so() -> None:
    one = reading([number("officials", 0.9, basis="reported")], SHARE, "strict")
    assert one.central == 0.9
    assert "falls back" in one.note


def test_a_revision_takes_the_place_of_the_first_count() -> None:
    first = number("Kpler", 0.9, said="2025-03-01")
    later = number("Kpler", 0.5, said="2025-06-01")
    assert reading([first, later], SHARE).central == 0.5
    assert reading([first, later], SHARE, as_of="2025-04-01").central == 0.9


def test_a_month_does_not_stand_for_the_year() -> None:
    month = number("Kpler", 0.5, about={"start": "2024-02", "end": "2024-02"})
    year = number("Kpler", 0.8)
    assert ends(reading([month, year], SHARE, "strict")) == (0.8, 0.8, 0.8)
    assert ends(reading([month, year], SHARE, "broad")) == (0.5, 0.8, 0.8)


def test_more_than_reaches_up_to_a_share_of_one_and_up_to_reaches_down_to_nothing() -> None:
    assert ends(reading([number("Kpler", (0.8, None, None))], SHARE)) == (0.8, 0.8, 1)
    assert ends(reading([number("Kpler", (None, None, 0.3))], SHARE)) == (0, 0.3, 0.3)


@pytest.mark.parametrize("stage", ["denied", "discussed", "announced", "agreed", "cancelled", "lapsed"])
def test_a_promise_is_in_neither_reading(stage: str) -> None:
    assert not reading([number("embassy", 0.9, stage=stage)], SHARE, "broad").known


def test_what_nobody_says_is_unknown_and_not_zero() -> None:
    bank = reading(load_curated(), "CHN.listed_bank_business_bn", "broad")
    assert ends(bank) == (None, None, None)
    assert bank.unit == "bn USD"
    assert bank.note


def test_the_latest_price_is_that_of_the_newest_months() -> None:
    base = load_curated()
    assert ends(latest(base, DISCOUNT, as_of="2026-01-13")) == (8, 9, 10)
    assert ends(latest(base, DISCOUNT, as_of="2025-08-01")) == (3.3, 3.4, 3.5)
    year = reading(base, DISCOUNT, year=2025, as_of="2026-01-13")
    assert year.low <= 3.5
    assert year.high >= 8
    assert 3 < year.central < 9


def test_a_topic_with_several_supporters_or_channels_needs_a_choice() -> None:
    with pytest.raises(InputError, match="MEX, RUS, VEN"):
        reading(load_curated(), "CUB.crude_supplier_share")
    with pytest.raises(InputError, match="open, shielded"):
        reading(load_curated(), "VEN.china_oil_imports_kbd")
    assert reading(load_curated(), "CUB.crude_supplier_share", supporter="MEX").known


def test_readings_are_kept_by_supporter_target_channel_topic_and_year() -> None:
    table = readings(load_curated(), "broad")
    key = Key("CHN", "IRN", "shielded", SHARE, 2024)
    assert table[key] == reading(load_curated(), SHARE, "broad", year=2024)
    assert Key("VEN", "CUB", "open", "CUB.crude_supplier_share", 2025) in table


def test_nothing_said_later_enters() -> None:
    base = load_curated()
    assert not reading(base, "CUB.fuel_stock_kb", "broad", as_of="2026-01-13").known
    assert reading(base, "CUB.fuel_stock_kb", "broad", as_of="2026-01-29").central == 460


@given(st.lists(st.tuples(st.sampled_from("ABCDE"), st.floats(0.01, 1)), min_size=1, max_size=8))
def test_strict_lies_within_broad_and_the_central_within_both(said: list[tuple[str, float]]) -> None:
    base = [number(origin, value, key=str(n)) for n, (origin, value) in enumerate(said)]
    strict, broad = reading(base, SHARE, "strict"), reading(base, SHARE, "broad")
    assert broad.low <= strict.low <= strict.central <= strict.high <= broad.high
    assert strict.voices == len({origin for origin, _ in said})
    assert ends(reading(base[::-1], SHARE, "broad")) == ends(broad)
