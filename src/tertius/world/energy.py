"""Oil in physical units: who produces, burns and ships how much, and which hub more than it has.

Crude flows are BACI tonnes (HS 2709) at 7.33 barrels a tonne; production and use are the Factbook's, of its
own vintage.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.errors import DataError, UnknownNameError, unknown
from tertius.world.concord import BARRELS_PER_TONNE
from tertius.world.loaders.table import select
from tertius.world.sources import LAYOUT, annual_means

if TYPE_CHECKING:
    from collections.abc import Mapping

Array = NDArray[np.float64]

#: Years of crude flows kept: before and after each round of measures on Iran.
FLOW_YEARS = (2011, 2012, 2013, 2014, 2015, 2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024)
_LEAST_KBD = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Energy:
    """Physical oil accounts.

    Attributes
    ----------
    production, consumption : ISO3 -> thousand barrels a day; crude and other liquids, refined products
        (Factbook).
    year, exporter, importer, kbd, value : one row a crude flow; thousand barrels a day and million USD
        (BACI).
    brent : year -> USD a barrel, mean of daily prices; the current year to date.
    brent_last : ISO date of the last price.
    """

    production: Mapping[str, float]
    consumption: Mapping[str, float]
    year: NDArray[np.int64]
    exporter: NDArray[np.str_]
    importer: NDArray[np.str_]
    kbd: Array
    value: Array
    brent: Mapping[int, float]
    brent_last: str

    def crude_imports(self, importer: str, year: int) -> dict[str, float]:
        """Crude bought by origin, thousand barrels a day, largest first."""
        return self._sides(self.importer, self.exporter, importer, year)

    def crude_exports(self, exporter: str, year: int) -> dict[str, float]:
        """Crude sold by buyer, thousand barrels a day, largest first."""
        return self._sides(self.exporter, self.importer, exporter, year)

    def _sides(
        self, own: NDArray[np.str_], other: NDArray[np.str_], code: str, year: int
    ) -> dict[str, float]:
        self._known(year)
        rows = (own == code) & (self.year == year)
        pairs = zip(other[rows].tolist(), self.kbd[rows].tolist(), strict=True)
        return dict(sorted(pairs, key=lambda p: -p[1]))

    def _known(self, year: int) -> None:
        if year not in self.year:
            years = [str(y) for y in np.unique(self.year)]
            raise UnknownNameError(unknown("year", str(year), years, where="crude flows"))


@dataclass(frozen=True, slots=True)
class OilBalance:
    """Oil of one economy, thousand barrels a day. NaN where the Factbook has no figure.

    gap : consumption - production - net recorded crude imports; what must have come unrecorded or as
        products.
    """

    country: str
    year: int
    production: float
    consumption: float
    crude_imports: float
    crude_exports: float

    @property
    def gap(self) -> float:
        """Need that recorded crude does not cover, thousand barrels a day."""
        return self.consumption - self.production - self.crude_imports + self.crude_exports


@lru_cache(maxsize=1)
def load_energy() -> Energy:
    """Read the shipped physical accounts."""
    file = Path(str(resources.files("tertius.world") / "data" / "energy.npz"))
    with np.load(file) as stored:
        meta = json.loads(str(stored["meta"]))
        codes = stored["codes"]
        return Energy(
            meta["production"],
            meta["consumption"],
            stored["year"].astype(np.int64),
            codes[stored["exporter"]],
            codes[stored["importer"]],
            stored["kbd"].astype(np.float64),
            stored["value"].astype(np.float64),
            {int(y): p for y, p in meta["brent"].items()},
            meta["brent_last"],
        )


def oil_balance(country: str, year: int) -> OilBalance:
    """Return production, use and recorded crude trade of one economy."""
    energy = load_energy()
    return OilBalance(
        country,
        year,
        energy.production.get(country, float("nan")),
        energy.consumption.get(country, float("nan")),
        sum(energy.crude_imports(country, year).values()),
        sum(energy.crude_exports(country, year).values()),
    )


def hub_excess(country: str, year: int) -> float:
    """Crude a country ships beyond what it can have, thousand barrels a day.

    exports + domestic use - production - imports

    Without domestic use the excess nearly vanishes (Malaysia 2024: about 1 Mt instead of 35), because a hub's
    own refineries use what it is seen to produce and import.

    Raises
    ------
    DataError : if the Factbook has no production or use for the country.
    """
    found = oil_balance(country, year)
    if not np.isfinite(found.production + found.consumption):
        raise DataError(
            f"{country}: no petroleum production or use in the Factbook, so its hub excess is not known"
        )
    return found.crude_exports + found.consumption - found.production - found.crude_imports


def brent(year: int) -> float:
    """Return the year's mean Brent price, USD a barrel."""
    prices = load_energy().brent
    if year not in prices:
        raise UnknownNameError(unknown("year", str(year), [str(y) for y in prices], where="Brent prices"))
    return prices[year]


def build_energy(folder: Path, file: Path) -> None:
    """Rebuild the shipped accounts from raw files, atomically."""
    from tertius.world.loaders.energy import load_brent
    from tertius.world.loaders.national import load_factbook
    from tertius.world.snapshot import write_arrays

    flows = select(
        folder / LAYOUT["baci_raw"],
        {"year": "year::INT", "exporter": "exporter", "importer": "importer",
         "tonnes": "tonnes::DOUBLE", "value": "value_kusd::DOUBLE"},
        where="hs6_1992::INT = 270900 AND tonnes IS NOT NULL",
    )  # fmt: skip
    kbd = flows["tonnes"] * BARRELS_PER_TONNE / 365e3
    keep = np.isin(flows["year"], FLOW_YEARS) & (kbd >= _LEAST_KBD)
    codes = np.unique(np.concatenate([flows["exporter"][keep], flows["importer"][keep]]).astype(str))
    book, prices = load_factbook(folder / LAYOUT["factbook"]), load_brent(folder / LAYOUT["brent"])
    meta = {
        "production": _known(book["iso3"], book["petroleum_output"]),
        "consumption": _known(book["iso3"], book["petroleum_use"]),
        "brent": {y: round(p, 3) for y, p in annual_means(prices).items() if y >= 2011},
        "brent_last": str(prices["date"][-1])[:10],
    }
    write_arrays(
        file,
        {
            "year": flows["year"][keep].astype(np.int16),
            "exporter": np.searchsorted(codes, flows["exporter"][keep].astype(str)).astype(np.int16),
            "importer": np.searchsorted(codes, flows["importer"][keep].astype(str)).astype(np.int16),
            "kbd": kbd[keep].astype(np.float32),
            "value": (flows["value"][keep] / 1e3).astype(np.float32),
            "codes": codes,
            "meta": np.array(json.dumps(meta)),
        },
    )


def _known(codes: NDArray[np.object_], barrels: Array) -> dict[str, float]:
    return {str(c): float(b) / 1e3 for c, b in zip(codes, barrels, strict=True) if np.isfinite(b)}
