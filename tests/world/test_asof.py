from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tertius.world import World, load_world
from tertius.world.asof import as_of_world, tariff_change


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(2023)


def rate(world: World, exporter: str, importer: str) -> float:
    i, n = world.country(exporter), world.country(importer)
    paid = (world.sales[:8, i, n] * world.tariff[:8, i, n]).sum()
    return float(paid / world.sales[:8, i, n].sum())


def test_a_date_before_every_change_returns_the_base(world: World) -> None:
    assert as_of_world(world, date(2019, 1, 1)) is world


def test_the_schedule_in_force_is_taken_into_the_base(world: World) -> None:
    before, after = as_of_world(world, date(2023, 6, 1)), as_of_world(world, date(2026, 1, 13))
    assert rate(before, "CHN", "USA") > rate(world, "CHN", "USA") + 0.05
    assert rate(after, "CHN", "USA") > rate(before, "CHN", "USA") + 0.05
    assert rate(after, "DEU", "USA") > rate(before, "DEU", "USA") + 0.05
    assert rate(after, "RUS", "USA") == pytest.approx(rate(world, "RUS", "USA"))
    assert rate(after, "DEU", "FRA") == pytest.approx(rate(world, "DEU", "FRA"))
    assert "2026-01-13" in after.notes["as_of"]


def test_a_voided_tariff_is_out_from_the_day_it_is_void(world: World) -> None:
    inside, _ = tariff_change(world, date(2026, 2, 19))
    outside, _ = tariff_change(world, date(2026, 2, 20))
    deu, usa = world.country("DEU"), world.country("USA")
    assert inside[:, deu, usa].max() > 0.1
    assert outside[:, deu, usa].max() == 0.0


def test_home_sales_never_pay_a_tariff(world: World) -> None:
    after = as_of_world(world, date(2026, 3, 15))
    assert np.einsum("sii->si", after.tariff).max() == 0.0


def test_an_observed_level_is_used_from_the_day_it_was_published(world: World) -> None:
    def china_to_us(w: World) -> float:
        return float(w.sales[:8, w.country("CHN"), w.country("USA")].sum())

    base = china_to_us(world)
    assert china_to_us(as_of_world(world, date(2026, 1, 13))) == pytest.approx(base)
    assert china_to_us(as_of_world(world, date(2026, 1, 14))) == pytest.approx(
        base * 420.05 / 500.3, rel=1e-6
    )


def test_observed_levels_keep_the_totals_of_both_partners(world: World) -> None:
    after = as_of_world(world, date(2026, 2, 1))
    chn, usa = world.country("CHN"), world.country("USA")
    np.testing.assert_allclose(after.sales[:, chn].sum(), world.sales[:, chn].sum(), rtol=1e-9)
    np.testing.assert_allclose(after.sales[:, :, usa].sum(), world.sales[:, :, usa].sum(), rtol=1e-9)


@pytest.mark.parametrize("day", ["2023-06-01", "2025-04-20", "2026-01-13", "2026-02-01", "2026-03-15"])
def test_every_as_of_world_adds_up(world: World, day: str) -> None:
    after = as_of_world(world, date.fromisoformat(day))
    assert (after.final >= 0).all()
    assert (after.value_added >= 0).all()
    assert abs(after.deficit.sum()) < 1e-9 * after.gdp.sum()
    np.testing.assert_allclose(after.gdp.sum(), world.gdp.sum(), rtol=0.02)
