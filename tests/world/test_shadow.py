from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tertius.errors import DataError
from tertius.world import load_world
from tertius.world.model import SECTORS
from tertius.world.shadow import Entry, change_overlay, overlay, read_entries

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("IRN", "MYS", "ARE", "CHN", "ROW")
CRUDE = list(SECTORS).index("crude_oil_gas")
T, HUB, HUB2, BUYER = 0, 1, 2, 3


def sales() -> np.ndarray:
    x = np.random.default_rng(0).uniform(5.0, 20.0, (10, 5, 5))
    x[CRUDE, HUB, BUYER], x[CRUDE, HUB2, BUYER], x[CRUDE, T, BUYER] = 100.0, 80.0, 0.0
    return x


def relabel(value: float, **hubs: float) -> Entry:
    interval = {"low": 0.8 * value, "central": value, "high": 1.2 * value}
    return Entry("oil", "relabel", "IRN", "CHN", "crude_oil_gas", interval, hubs, ("a-claim",), "test")


def test_relabelling_leaves_the_buyers_customs_total_unchanged() -> None:
    x = sales()
    made = overlay(x, NAMES, [relabel(60.0, MYS=0.9)], "central")
    after = x + made.added - made.taken
    np.testing.assert_allclose(after[:, :, BUYER].sum(axis=1), x[:, :, BUYER].sum(axis=1))
    assert after[CRUDE, T, BUYER] == pytest.approx(60.0)
    assert after[CRUDE, HUB, BUYER] == pytest.approx(40.0)


def test_adding_an_intermediary_never_changes_the_origins_lifeline() -> None:
    x = sales()
    one = overlay(x, NAMES, [relabel(90.0, MYS=0.9)], "central")
    two = overlay(x, NAMES, [relabel(90.0, MYS=0.5, ARE=0.9)], "central")
    none = overlay(x, NAMES, [relabel(90.0)], "central")
    for made in (two, none):
        np.testing.assert_allclose(made.added, one.added)


def test_no_barrel_is_counted_twice() -> None:
    x = sales()
    made = overlay(x, NAMES, [relabel(80.0, MYS=0.9), replace(relabel(80.0, MYS=0.9), id="again")], "central")
    assert made.taken[CRUDE, HUB, BUYER] <= x[CRUDE, HUB, BUYER]
    assert made.taken[CRUDE, HUB, BUYER] == pytest.approx(98.0)
    # What the hub's cell cannot carry was not recorded: it adds to the buyer's total, once.
    assert (made.added - made.taken).sum() == pytest.approx(160.0 - 98.0)


def test_an_unrecorded_export_adds_to_both_partners() -> None:
    x = sales()
    entry = replace(relabel(25.0), operation="unrecorded_export", shares={})
    change = overlay(x, NAMES, [entry], "high")
    assert change.added[:, T].sum() == pytest.approx(30.0)
    assert change.added[:, :, BUYER].sum() == pytest.approx(30.0)
    assert not change.taken.any()


def test_unrecorded_imports_bring_the_balance_to_the_stated_one() -> None:
    x = sales()
    home = np.einsum("sii->si", x)[:, T].sum()
    balance = x[:, T].sum() - x[:, :, T].sum() - 500.0
    entry = Entry("imports", "unrecorded_import", "", "IRN", "",
                  dict.fromkeys(("low", "central", "high"), balance),
                  {"ARE": 0.7, "CHN": 0.3}, (), "test")  # fmt: skip
    made = overlay(x, NAMES, [entry, relabel(60.0, MYS=0.9)], "central")
    after = x + made.added - made.taken
    assert (after[:, T].sum() - home) - (after[:, :, T].sum() - home) == pytest.approx(balance)
    assert made.added[:, HUB2, T].sum() == pytest.approx(0.7 * made.by_entry["imports"])
    assert made.added[:, HUB, T].sum() == 0.0


def test_mistakes_in_a_file_are_reported_together(tmp_path: Path) -> None:
    file = tmp_path / "shadow.yaml"
    file.write_text(
        "entries:\n"
        "- {id: a, operation: relable, origin: IRN, buyer: CHN, sector: crude_oil,\n"
        "   musd: {low: 3, central: 2, high: 1}}\n"
        "- {id: b, operation: unrecorded_export, origin: IRN, buyer: CHN, sector: crude_oil_gas}\n"
    )
    with pytest.raises(DataError) as caught:
        read_entries(file)
    assert len(caught.value.problems) == 4
    assert 'Did you mean "relabel"' in caught.value.problems[0]
    assert 'Did you mean "crude_oil_gas"' in caught.value.problems[1]


def test_shipped_entries_have_rising_intervals_and_reasons() -> None:
    entries = read_entries()
    assert len({e.id for e in entries}) == len(entries)
    assert all(e.value["low"] != e.value["high"] and e.reason for e in entries)


@pytest.mark.parametrize("reading", ["low", "central", "high"])
def test_the_shipped_reading_is_recorded_trade_plus_the_overlay(reading: str) -> None:
    recorded, world = load_world(2023, shadow="recorded"), load_world(2023, shadow=reading)
    made = overlay(recorded.sales, recorded.countries, read_entries(), reading)
    abroad = ~np.eye(len(world.countries), dtype=bool)
    wanted = (recorded.sales + made.added - made.taken)[:, abroad]
    np.testing.assert_allclose(world.sales[:, abroad], wanted, rtol=1e-5, atol=1e-2)
    np.testing.assert_allclose(world.shadow.sum(), made.added.sum(), rtol=1e-5)


def test_readings_are_ordered_and_only_targets_and_partners_move() -> None:
    worlds = {r: load_world(2023, shadow=r) for r in ("recorded", "low", "central", "high")}
    crude = [w.sales[CRUDE, w.country("IRN"), w.country("CHN")] for w in worlds.values()]
    assert crude == sorted(crude)
    assert crude[0] < 100.0
    assert 20_000 < crude[1] < crude[3] < 40_000
    swe = worlds["recorded"].country("SWE")
    np.testing.assert_array_equal(worlds["recorded"].sales[:, swe, swe], worlds["high"].sales[:, swe, swe])


def test_irans_balance_matches_its_national_accounts_within_the_interval() -> None:
    for reading, (low, high) in {
        "low": (-22e3, -18e3),
        "central": (-17e3, -14e3),
        "high": (-12e3, -8e3),
    }.items():
        world = load_world(2023, shadow=reading)
        n = world.country("IRN")
        balance = world.sales[:, n].sum() - world.sales[:, :, n].sum()
        assert low < balance < high, reading


def test_gdp_of_every_economy_is_kept_by_the_overlay() -> None:
    recorded, central = load_world(2023, shadow="recorded"), load_world(2023)
    np.testing.assert_allclose(central.gdp, recorded.gdp, rtol=5e-3)


def test_half_an_entry_gives_the_barrels_back_to_the_hubs_and_keeps_the_accounts() -> None:
    world, recorded, entries = load_world(), load_world(shadow="recorded"), read_entries()
    half = [e.scaled(0.5, 0.5, 0.5) if e.id == "irn-crude-chn" else e for e in entries]
    after = change_overlay(world, recorded, entries, half)
    s, iran, china = world.sector("crude_oil_gas"), world.country("IRN"), world.country("CHN")
    assert after.shadow[s, iran, china] == pytest.approx(0.5 * world.shadow[s, iran, china], rel=1e-6)
    assert after.sales[s, world.country("MYS"), china] > world.sales[s, world.country("MYS"), china]
    assert after.gdp == pytest.approx(world.gdp, rel=1e-4)
    assert (after.final >= -1e-6).all()
    output, costs = after.sales.sum(axis=2), after.inputs.sum(axis=1).T + after.value_added.T
    assert output == pytest.approx(costs, rel=1e-6, abs=1e-3)


def test_what_an_entry_follows_is_a_topic_with_a_supporter(tmp_path: Path) -> None:
    file = tmp_path / "entries.yaml"
    file.write_text(
        "entries:\n- {id: a, operation: unrecorded_export, origin: IRN, buyer: CHN, sector: chemicals,\n"
        "   musd: {low: 1, central: 2, high: 3}, claims: [], reason: none, follows: [IRN.oil_exports_kbd]}\n"
    )
    with pytest.raises(DataError, match=r"entries\[0\].follows\[0\]: each is a topic"):
        read_entries(file)
