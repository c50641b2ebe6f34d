"""Caliendo and Parro (2015): effects of NAFTA's tariffs, 31 countries and 40 sectors."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from tertius.engine import Economy, Rules, Shock, solve
from tertius.engine.rebase import rebase

NAFTA = ("Canada", "Mexico", "USA")
FIXED = Rules("fixed")


def exporter_first(array):
    """Published arrays are (sector, importer, exporter)."""
    return array.transpose(0, 2, 1)


@pytest.fixture(scope="module")
def folder(shared):
    return shared("cases/cp2015_nafta")


@pytest.fixture(scope="module")
def data(folder):
    with np.load(folder / "inputs_noS.npz") as z:
        return {name: z[name] for name in z.files}


@pytest.fixture(scope="module")
def economy(data):
    return Economy.from_arrays(
        trade_share=exporter_first(data["pi"]),
        tariff=exporter_first(data["tau1993"]) - 1.0,
        value_added_share=data["va_share"],
        input_share=data["io"],
        final_share=data["alpha"],
        value_added=data["VA"],
        deficit=-data["surplus"],
        countries=tuple(data["regions"].tolist()),
    )


@pytest.fixture(scope="module")
def result(economy, data):
    tariff = economy.tariff.copy()
    new = exporter_first(data["tau2005"]) - 1.0
    at = [economy.country(c) for c in NAFTA]
    tariff[:, np.array(at)[:, None], at] = new[:, np.array(at)[:, None], at]
    return solve(economy, Shock.from_arrays(economy, tariff=tariff), data["theta"], rules=FIXED)


@pytest.fixture(scope="module")
def vectors(folder):
    with (folder / "expected_octave_onlyNAFTA.csv").open() as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0] if name != "country"}


def test_the_base_year_is_consistent_to_its_own_rounding(economy):
    assert economy.shift < 1e-6


@pytest.mark.parametrize(
    ("column", "name"),
    [
        ("welfare", "linear_welfare"),
        ("tot", "terms_of_trade"),
        ("vot", "volume_of_trade"),
        ("real_wage", "real_wage"),
    ],
)
def test_the_printed_digits_of_table_2(folder, result, column, name):
    printed = json.loads((folder / "expected_published.json").read_text())
    for country, row in printed["onlyNAFTA"].items():
        value = getattr(result, name)[result.economy.country(country)] - (name == "real_wage")
        assert 100.0 * value == pytest.approx(row[column], abs=printed["tolerance"] + 1e-9), country


def test_the_full_vectors_of_the_authors_code(result, vectors):
    assert result.residual < 1e-10
    ratio = result.wage / vectors["wage_hat"]
    np.testing.assert_allclose(ratio / ratio.mean(), 1.0, atol=1e-6)
    np.testing.assert_allclose(result.real_wage, vectors["real_wage_hat"], atol=1e-6)
    np.testing.assert_allclose(result.linear_welfare, vectors["welfare"], atol=2e-6)
    np.testing.assert_allclose(result.terms_of_trade, vectors["tot"], atol=2e-6)
    np.testing.assert_allclose(result.volume_of_trade, vectors["vot"], atol=2e-6)


def test_the_treaty_taken_into_the_base_and_cancelled_leads_back(economy, result, data):
    moved = rebase(result)
    # The new base is an equilibrium to the solver's tolerance, not to rounding.
    np.testing.assert_allclose(solve(moved, Shock(), data["theta"], rules=FIXED).real_wage, 1.0, atol=1e-9)
    back = solve(moved, Shock.from_arrays(moved, tariff=economy.tariff), data["theta"], rules=FIXED)
    np.testing.assert_allclose(back.real_wage * result.real_wage, 1.0, atol=1e-8)


def test_the_economy_with_its_deficits_is_accepted_and_moves_mexico_most(folder):
    with np.load(folder / "inputs_withS.npz") as z:
        economy = Economy.from_arrays(
            trade_share=exporter_first(z["pi"]),
            tariff=exporter_first(z["tau1993"]) - 1.0,
            value_added_share=z["va_share"],
            input_share=z["io"],
            final_share=z["alpha"],
            value_added=z["VA"],
            deficit=-z["surplus"],
            countries=tuple(z["regions"].tolist()),
        )
        at = [economy.country(c) for c in NAFTA]
        tariff = economy.tariff.copy()
        tariff[:, np.array(at)[:, None], at] = (exporter_first(z["tau2005"]) - 1.0)[
            :, np.array(at)[:, None], at
        ]
        result = solve(economy, Shock.from_arrays(economy, tariff=tariff), z["theta"], rules=FIXED)
    assert result.residual < 1e-10
    assert economy.countries[int(result.real_wage.argmax())] == "Mexico"
