"""The raw tables of one build, on the country and sector axes of the world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.errors import DataError
from tertius.world.concord import ACTIVITIES, TOTALS
from tertius.world.loaders.baci import load_baci, load_baci_totals
from tertius.world.loaders.energy import load_brent
from tertius.world.loaders.icio import IcioFlows, IcioInputs, load_icio_flows, load_icio_inputs
from tertius.world.loaders.national import load_factbook, load_factbook_partners, load_unsd, load_world_bank
from tertius.world.loaders.political import load_distances
from tertius.world.loaders.unctad import load_unctad

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tertius.world.loaders.table import Table

Array = NDArray[np.float64]

#: Where each source lies under the data folder.
LAYOUT = {
    "baci_totals": "trade_baci2023_total/baci_hs22_2023_bilateral_194_kusd.csv.gz",
    "baci_raw": "baci_rawmaterials/baci_hs92_74products_1995_2024.parquet",
    "unctad": "trade_unctad/unctad_mtm_sitc1_1995_2005_2015.parquet",
    "icio_flows": "icio_81x28/icio_81x28_2011_2022.npz",
    "icio_inputs": "icio_io_2022/icio_io_2022_80x50.npz",
    "unsd": "gdp_unsd/unsd_gdp_by_activity_current_usd.parquet",
    "gdp": "gdp_unsd/worldbank_gdp_current_usd.csv",
    "population": "gdp_unsd/worldbank_population.csv",
    "factbook": "factbook/macro.csv",
    "partners": "factbook/trade_partners_top5.csv",
    "brent": "energy/brent-daily.csv",
    "distances": "political/dist_cepii.parquet",
}


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """Everything one build reads, loaded once."""

    baci_countries: tuple[str, ...]
    baci_totals: Array
    raw: dict[int, Table]
    unctad: Table
    icio: dict[int, IcioFlows]
    inputs: IcioInputs
    unsd: Table
    population: Table
    factbook: Table
    partners: Table
    brent: dict[int, float]
    distances: Table


def read_sources(folder: Path, *, icio_years: Sequence[int] = (2015, 2022)) -> Sources:
    """Load every source; all missing files are reported at once."""
    paths = {name: folder / where for name, where in LAYOUT.items()}
    missing = [str(p) for p in paths.values() if not p.is_file()]
    if missing:
        raise DataError([f"{p}: no such file" for p in missing])
    countries, totals = load_baci_totals(paths["baci_totals"])
    return Sources(
        baci_countries=countries,
        baci_totals=totals,
        raw={year: load_baci(paths["baci_raw"], year=year) for year in (2015, 2023)},
        unctad=load_unctad(paths["unctad"], year=2015),
        icio={year: load_icio_flows(paths["icio_flows"], year=year) for year in icio_years},
        inputs=load_icio_inputs(paths["icio_inputs"]),
        unsd=load_unsd(paths["unsd"]),
        population=load_world_bank(paths["population"]),
        factbook=load_factbook(paths["factbook"]),
        partners=load_factbook_partners(paths["partners"]),
        brent=annual_means(load_brent(paths["brent"])),
        distances=load_distances(paths["distances"]),
    )


def annual_means(prices: Table) -> dict[int, float]:
    """Average daily prices by calendar year, USD a barrel."""
    years = np.array([str(d)[:4] for d in prices["date"]], dtype=np.int64)
    return {int(y): float(prices["price"][years == y].mean()) for y in np.unique(years)}


def matrix(table: Table, countries: Sequence[str], rows: NDArray[np.bool_] | None = None) -> Array:
    """Sum a bilateral table into (i, n), in its own unit; partners outside the axes go to the last row."""
    at = {c: k for k, c in enumerate(countries)}
    last = len(countries) - 1
    keep = np.ones(len(table), dtype=bool) if rows is None else rows
    i = np.array([at.get(c, last) for c in table["exporter"][keep]], dtype=np.intp)
    n = np.array([at.get(c, last) for c in table["importer"][keep]], dtype=np.intp)
    out = np.zeros((len(countries), len(countries)))
    np.add.at(out, (i, n), table["value"][keep])
    np.fill_diagonal(out, 0.0)
    return out


def national(unsd: Table, countries: Sequence[str], year: int) -> dict[str, Array]:
    """Return UNSD's totals and activities of one year, million USD, (n,) each; NaN where UNSD has none."""
    at = {c: k for k, c in enumerate(countries)}
    names = {label: key for key, label in (TOTALS | ACTIVITIES).items()}
    out = {key: np.full(len(countries), np.nan) for key in TOTALS | ACTIVITIES}
    for row in np.flatnonzero(unsd["year"] == year):
        key, k = names.get(unsd["indicator"][row]), at.get(unsd["iso3"][row])
        if key is not None and k is not None:
            out[key][k] = unsd["value"][row] / 1e6
    return out
