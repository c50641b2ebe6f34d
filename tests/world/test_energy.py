from __future__ import annotations

import numpy as np
import pytest

from tertius.errors import UnknownNameError
from tertius.world.energy import brent, hub_excess, load_energy, oil_balance


def test_malaysia_ships_far_more_crude_than_it_can_have() -> None:
    tonnes = hub_excess("MYS", 2024) * 365 / 7.33 / 1e3
    assert 30 < tonnes < 40  # million tonnes
    found = oil_balance("MYS", 2024)
    without_use = (found.crude_exports - found.production - found.crude_imports) * 365 / 7.33 / 1e3
    assert abs(without_use) < 5


def test_a_producer_has_no_excess() -> None:
    # Crude exports, own use and output of Saudi Arabia close within a tenth of its output.
    assert abs(hub_excess("SAU", 2023)) < 0.15 * oil_balance("SAU", 2023).production


def test_cuba_has_a_gap_and_no_recorded_crude() -> None:
    found = oil_balance("CUB", 2023)
    assert found.crude_imports < 1.0
    assert found.gap == pytest.approx(84.0, abs=1.0)


def test_chinas_crude_by_origin_matches_its_customs() -> None:
    bought = load_energy().crude_imports("CHN", 2024)
    assert bought["RUS"] == pytest.approx(2170, rel=0.03)  # 108.5 Mt
    assert bought.get("IRN", 0.0) == 0.0
    assert list(bought) == sorted(bought, key=lambda c: -bought[c])


def test_irans_crude_to_china_was_recorded_before_the_measures() -> None:
    assert load_energy().crude_imports("CHN", 2012)["IRN"] == pytest.approx(440, rel=0.05)  # 21.9 Mt


@pytest.mark.parametrize(
    ("year", "price"), [(2011, 111.3), (2015, 52.3), (2020, 42.0), (2023, 82.5), (2024, 80.5)]
)
def test_brent_means_are_the_published_ones(year: int, price: float) -> None:
    assert brent(year) == pytest.approx(price, abs=0.3)


def test_a_year_without_flows_or_prices_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="1998"):
        load_energy().crude_imports("CHN", 1998)
    with pytest.raises(UnknownNameError, match="1998"):
        brent(1998)


def test_flows_are_positive_and_labelled() -> None:
    energy = load_energy()
    assert (energy.kbd > 0).all()
    assert np.isin(
        np.unique(energy.exporter), np.array([c for c in np.unique(energy.exporter) if len(c) == 3])
    ).all()
