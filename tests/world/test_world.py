from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tertius.errors import DataError, InputError, UnknownNameError
from tertius.world import SECTORS, World, load_world
from tertius.world.checks import BENCHMARKS, magnitudes, quality_shares
from tertius.world.snapshot import READINGS, YEARS, load_report, write_snapshot

if TYPE_CHECKING:
    from pathlib import Path

NAMED = ("IRN", "CUB", "VEN", "PRK", "RUS", "SYR", "LBY", "CHN", "USA", "TWN", "ARE", "TUR", "HKG")
EVERY = [(y, r) for y in YEARS for r in READINGS]


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(2023)


@pytest.mark.parametrize(("year", "reading"), EVERY)
def test_every_shipped_world_adds_up(year: int, reading: str) -> None:
    w = load_world(year, shadow=reading)
    assert w.year == year
    assert w.shadow_reading == reading
    assert abs(w.deficit.sum()) < 1e-9 * w.gdp.sum()
    assert (w.value_added >= 0).all()
    assert (w.final >= 0).all()
    assert (w.gdp > 0).all()
    assert (w.shadow <= w.sales).all()
    income = w.value_added.sum(axis=1) + w.revenue + w.deficit
    np.testing.assert_allclose(w.final.sum(axis=0), income, rtol=1e-9)


def test_the_world_has_the_economies_and_sectors_it_promises(world: World) -> None:
    assert set(NAMED) <= set(world.countries)
    assert len(world.countries) > 195
    assert world.countries[-1] == "ROW"
    assert world.sectors == tuple(SECTORS)


@pytest.mark.parametrize(("year", "reading"), EVERY)
def test_every_used_market_buys_at_least_one_per_cent_at_home(year: int, reading: str) -> None:
    w = load_world(year, shadow=reading)
    bought = w.sales.sum(axis=1)
    share = np.einsum("sii->si", w.sales)[bought > 0] / bought[bought > 0]
    assert share.min() > 0.0099


def test_a_world_loads_in_a_third_of_a_second() -> None:
    load_world(2023)
    best = min(_timed() for _ in range(3))
    assert best < 0.3


def _timed() -> float:
    start = time.perf_counter()
    load_world(2023)
    return time.perf_counter() - start


@pytest.mark.parametrize("year", YEARS)
def test_magnitudes_are_what_outside_sources_say(year: int) -> None:
    rows = magnitudes(load_world(year, shadow="recorded"))
    assert len(rows) == len(BENCHMARKS[year]) >= 6
    assert [r["name"] for r in rows if not r["ok"]] == []


def test_a_world_in_thousands_fails_the_magnitude_checks(world: World) -> None:
    wrong = World(world.year, "recorded", world.countries, world.sectors, world.sales * 1e3,
                  world.shadow * 1e3,
                  world.tariff.copy(), world.inputs * 1e3, world.quality.copy(), world.medicine.copy(),
                  "x")  # fmt: skip
    assert not any(r["ok"] for r in magnitudes(wrong))


# GDP is a margin of the balance (UNSD; stated values for CUB, VEN, TWN): this catches a wrong unit, year or
# label and a margin that is not met. It validates nothing. billion USD.
@pytest.mark.parametrize(
    ("code", "low", "high"),
    [("IRN", 380, 430), ("VEN", 90, 140), ("CUB", 25, 105), ("PRK", 14, 21), ("RUS", 1950, 2150),
     ("CHN", 17500, 18500),
     ("USA", 27000, 28500), ("ARE", 490, 530), ("TUR", 1050, 1150), ("MYS", 390, 410), ("TWN", 740, 770)],
)  # fmt: skip
def test_gdp_is_near_what_others_publish(world: World, code: str, low: float, high: float) -> None:
    assert low < world.gdp[world.country(code)] / 1e3 < high


def test_irans_oil_in_the_world_is_what_the_entries_put_there(world: World) -> None:
    irn, crude = world.country("IRN"), world.sector("crude_oil_gas")
    abroad = world.sales[crude, irn].copy()
    abroad[irn] = 0.0
    assert 30e3 < abroad.sum() < 45e3  # 1.29 mb/d at 70 USD is 33 bn; gas adds 4 to 5
    assert abroad[world.country("CHN")] / abroad.sum() > 0.7


def test_cubas_fuel_entries_are_priced_per_barrel_of_the_gap(world: World) -> None:
    from tertius.world.energy import oil_balance

    cub = world.country("CUB")
    fuel = [world.sector("crude_oil_gas"), world.sector("refined_fuels")]
    value = world.sales[fuel][:, :, cub].sum() - world.sales[fuel, cub, cub].sum()
    barrels = oil_balance("CUB", 2023).gap * 365e3
    assert 50 < value * 1e6 / barrels < 120  # USD a barrel


def test_north_koreas_trade_is_chinas(world: World) -> None:
    prk, chn = world.country("PRK"), world.country("CHN")
    goods = world.sales[:8, :, prk].sum(axis=0)
    goods[prk] = 0
    assert goods[chn] / goods.sum() > 0.9


def test_quality_shares_sum_to_one(world: World) -> None:
    shares = quality_shares(world)
    assert sum(shares.values()) == pytest.approx(1.0)
    assert 0.0 < shares["shadow"] < 0.02
    assert quality_shares(load_world(2023, shadow="recorded"))["shadow"] == 0.0


def test_the_report_holds_residuals_of_every_margin() -> None:
    report = load_report(2023)
    margins = report["balance"]["margins"]
    assert margins["GDP (UNSD)"]["weighted_mean_abs"] < 0.005
    assert len(margins) >= 6
    assert report["balance"]["gap"] < 1e-6


def test_a_written_world_reads_back_equal(world: World, tmp_path: Path) -> None:
    recorded = load_world(2023, shadow="recorded")
    file = tmp_path / "world.npz"
    digest = write_snapshot(file, {"recorded": recorded, "central": world}, {})
    again = load_world(2023, path=file)
    np.testing.assert_array_equal(again.sales, world.sales)
    np.testing.assert_array_equal(again.inputs, world.inputs)
    assert again.snapshot == digest
    assert list(tmp_path.iterdir()) == [file]


def test_what_does_not_exist_is_said_with_what_does() -> None:
    with pytest.raises(UnknownNameError, match="2023"):
        load_world(2024)
    with pytest.raises(UnknownNameError, match="central"):
        load_world(2023, shadow="centrl")


def test_a_file_that_is_not_a_snapshot_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_bytes(b"not an archive")
    with pytest.raises(DataError, match="not a world snapshot"):
        load_world(2023, path=tmp_path / "x.npz")
    with pytest.raises(InputError, match="no snapshot there"):
        load_world(2023, path=tmp_path / "missing.npz")
