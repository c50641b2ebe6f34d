from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tertius.errors import DataError
from tertius.world.loaders.baci import BACI, load_baci, load_baci_totals
from tertius.world.loaders.energy import load_brent, load_pink_sheet
from tertius.world.loaders.icio import load_icio_flows, load_icio_inputs
from tertius.world.loaders.national import (
    load_factbook,
    load_factbook_partners,
    load_unsd,
    load_world_bank,
)
from tertius.world.loaders.political import load_distances, load_ideal_points, load_places
from tertius.world.loaders.unctad import load_unctad
from tertius.world.sources import LAYOUT, read_sources

RAW = Path(__file__).parents[3] / "shared" / "data"
needs_raw = pytest.mark.skipif(not RAW.is_dir(), reason="the folder of raw files is not beside this checkout")

OFFICIAL = (
    "t,i,j,k,v,q\n2023,156,842,010121,1.5,  0.25\n2023,490,842,270900,2.0,NA\n2022,156,842,010121,9.0,1\n"
)
CODES = (
    "country_code,country_name,country_iso2,country_iso3\n"
    "156,China,CN,CHN\n842,USA,US,USA\n490,Other Asia nes,N/A,S19\n"
)


def official(folder: Path, text: str = OFFICIAL) -> tuple[Path, Path]:
    data, codes = folder / "BACI_HS22_Y2023_V202501.csv", folder / "country_codes_V202501.csv"
    data.write_text(text)
    codes.write_text(CODES)
    return data, codes


def test_an_official_baci_file_is_recognised_by_its_columns(tmp_path: Path) -> None:
    data, codes = official(tmp_path)
    table = load_baci(data, year=2023, codes=codes)
    assert table["exporter"].tolist() == ["CHN", "TWN"]
    assert table["importer"].tolist() == ["USA", "USA"]
    assert table["product"].tolist() == ["010121", "270900"]
    assert table["value"].tolist() == [1.5, 2.0]
    assert table["quantity"][0] == 0.25
    assert np.isnan(table["quantity"][1])
    assert table.units["value"] == "thousand USD, FOB"


def test_an_official_baci_file_needs_its_country_codes(tmp_path: Path) -> None:
    data, _ = official(tmp_path)
    with pytest.raises(DataError, match="country_codes"):
        load_baci(data, year=2023)


def test_a_country_code_of_another_release_is_refused(tmp_path: Path) -> None:
    data, codes = official(tmp_path, OFFICIAL + "2023,999,842,010121,1,1\n")
    with pytest.raises(DataError, match="999"):
        load_baci(data, year=2023, codes=codes)


def test_a_year_that_is_not_there_is_said(tmp_path: Path) -> None:
    data, codes = official(tmp_path)
    with pytest.raises(DataError, match="2019"):
        load_baci(data, year=2019, codes=codes)


def test_a_foreign_file_is_refused_with_what_was_expected_and_found(tmp_path: Path) -> None:
    wrong = tmp_path / "x.csv"
    wrong.write_text("a,b\n1,2\n")
    for loader in (load_unsd, load_factbook, load_brent, load_distances, load_world_bank, load_ideal_points):
        with pytest.raises(DataError, match=r"expected .*missing .*found a, b"):
            loader(wrong)
    with pytest.raises(DataError, match="found a, b"):
        load_unctad(wrong, year=2015)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gone\.csv: no such file"):
        load_brent(tmp_path / "gone.csv")
    with pytest.raises(DataError, match="no such file"):
        load_icio_flows(tmp_path / "gone.npz", year=2022)


def test_all_missing_sources_are_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_sources(tmp_path)
    assert len(caught.value.problems) == len(LAYOUT)


def test_a_column_outside_the_table_of_units_is_refused() -> None:
    with pytest.raises(DataError, match="weight"):
        BACI.table({"value": np.ones(2), "weight": np.ones(2)}, origin="test")


def test_a_matrix_with_other_labels_on_its_axes_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    file.write_text("exporter,CHN,USA\nUSA,0,1\nCHN,2,0\n")
    with pytest.raises(DataError, match="same ISO3 codes"):
        load_baci_totals(file)


def test_an_icio_archive_of_another_shape_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", X=np.zeros(2))
    with pytest.raises(DataError, match=r"missing .*tariff"):
        load_icio_flows(tmp_path / "x.npz", year=2022)


def test_the_importer_is_turned_to_the_last_axis(tmp_path: Path) -> None:
    flows = np.zeros((1, 1, 2, 2), dtype=np.float32)
    flows[0, 0, 1, 0] = 7.0  # importer second, exporter first
    np.savez(
        tmp_path / "x.npz", X=flows, tariff=flows * 0, years=[2022], countries=["CHN", "USA"], sectors=["A01"]
    )
    found = load_icio_flows(tmp_path / "x.npz", year=2022)
    assert found.sales[0, 0, 1] == 7.0
    with pytest.raises(DataError, match="no ICIO year 2010"):
        load_icio_flows(tmp_path / "x.npz", year=2010)


@needs_raw
def test_raw_files_give_figures_known_from_elsewhere() -> None:
    crude = load_baci(RAW / LAYOUT["baci_raw"], year=2012)
    rows = (crude["exporter"] == "IRN") & (crude["importer"] == "CHN") & (crude["product"] == "270900")
    assert crude["quantity"][rows].sum() / 1e6 == pytest.approx(
        21.9, abs=0.1
    )  # million tonnes, China's customs
    icio = load_icio_flows(RAW / LAYOUT["icio_flows"], year=2022)
    i, n = icio.countries.index("CHN"), icio.countries.index("USA")
    assert icio.sales[:, i, n].sum() / 1e3 == pytest.approx(532, rel=0.05)  # billion USD
    totals = load_unsd(RAW / LAYOUT["unsd"])
    rows = (totals["year"] == 2023) & (totals["indicator"] == "Gross Domestic Product (GDP)")
    assert totals["value"][rows].sum() / 1e12 == pytest.approx(106, rel=0.02)
    assert (totals["iso3"][rows] == "COD").sum() == 1


@needs_raw
def test_every_raw_file_loads_with_a_unit_for_every_column() -> None:
    tables = [
        load_unctad(RAW / LAYOUT["unctad"], year=2015),
        load_world_bank(RAW / LAYOUT["population"]),
        load_factbook(RAW / LAYOUT["factbook"]),
        load_factbook_partners(RAW / LAYOUT["partners"]),
        load_brent(RAW / LAYOUT["brent"]),
        load_distances(RAW / LAYOUT["distances"]),
        load_places(RAW / "political" / "geo_cepii.parquet"),
        load_pink_sheet(RAW / "energy" / "worldbank_pinksheet_monthly.csv.gz"),
        load_ideal_points(RAW / "un_votes" / "IdealpointestimatesAll_Jun2024.csv"),
    ]
    for table in tables:
        assert len(table) > 100
        assert set(table.units) == set(table.columns)
    inputs = load_icio_inputs(RAW / LAYOUT["icio_inputs"])
    np.testing.assert_allclose(inputs.use.sum(axis=1).T, inputs.share * inputs.output, rtol=1e-3, atol=1.0)
