"""The world as one frozen object whose adding-up is checked once.

Axes: s sector, i exporter, n importer, r using sector. Money is million USD of `year`; tariffs are t in 1 +
t.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.errors import DataError, UnknownNameError, unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

Array = NDArray[np.float64]

#: Sector code -> what it holds. The order is the order of every sector axis in the package.
SECTORS: dict[str, str] = {
    "agri_food": "agriculture, forestry, fishing, food, beverages and tobacco",
    "crude_oil_gas": "crude oil and natural gas",
    "refined_fuels": "coke and refined petroleum products",
    "ores_metals": "coal, ores and other minerals, basic metals",
    "chemicals": "chemicals and pharmaceuticals",
    "machinery": "machinery, electrical equipment and electronics",
    "transport_equipment": "motor vehicles, ships, aircraft",
    "other_manufactures": "all other manufactured goods",
    "tourism_transport": "transport, storage, hotels and restaurants",
    "other_services": "all other services, power, water and construction",
}

#: What a cell of `World.sales` rests on, worst last.
QUALITY = ("observed", "mirror", "estimated", "shadow")

_TOLERANCE = 1e-9  # relative; adding-up is imposed by construction, this only catches broken files


@dataclass(frozen=True, eq=False)
class World:
    """Who sells what to whom in one year, in one reading of the shadow trade.

    Attributes
    ----------
    year : price year of all money.
    shadow_reading : "recorded", "low", "central" or "high".
    countries, sectors : axis labels (ISO 3166-1 alpha-3, "ROW" last; keys of SECTORS).
    sales : (s, i, n), million USD the exporter receives, before the importer's tariff; the diagonal is sales
        at home.
    shadow : (s, i, n), million USD, the part of `sales` that customs data miss or relabel (0 in "recorded").
    tariff : (s, i, n), ad valorem rate; 0 on the diagonal.
    inputs : (n, s, r), million USD that sector r of country n spends on inputs s, tariffs included.
    quality : (s, i, n), index into QUALITY.
    medicine : (n,), share of medicine in n's spending on chemicals.
    snapshot : content hash of the files it was read from.
    """

    year: int
    shadow_reading: str
    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    sales: Array
    shadow: Array
    tariff: Array
    inputs: Array
    quality: NDArray[np.uint8]
    medicine: Array
    snapshot: str
    notes: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._check_shapes()
        self._check_values()
        for array in (self.sales, self.shadow, self.tariff, self.inputs, self.quality, self.medicine):
            array.setflags(write=False)

    # -- derived, each computed once -------------------------------------------------------------

    @cached_property
    def output(self) -> Array:
        """(s, i), million USD, gross output: everything i sells of s, at home and abroad."""
        return np.asarray(self.sales.sum(axis=2))

    @cached_property
    def spending(self) -> Array:
        """(s, n), million USD, what n's users pay for s, tariffs included."""
        return np.asarray((self.sales * (1.0 + self.tariff)).sum(axis=1))

    @cached_property
    def revenue(self) -> Array:
        """(n,), million USD, tariff revenue."""
        return np.asarray((self.sales * self.tariff).sum(axis=(0, 1)))

    @cached_property
    def value_added(self) -> Array:
        """(n, r), million USD, output less inputs; includes taxes less subsidies."""
        return np.asarray(self.output.T - self.inputs.sum(axis=1))

    @cached_property
    def final(self) -> Array:
        """(s, n), million USD, final demand: spending less what industry buys."""
        return np.asarray(self.spending - self.inputs.sum(axis=2).T)

    @cached_property
    def gdp(self) -> Array:
        """(n,), million USD: value added plus tariff revenue, the income that losses are shares of."""
        return np.asarray(self.value_added.sum(axis=1) + self.revenue)

    @cached_property
    def deficit(self) -> Array:
        """(n,), million USD: final demand less income; sums to zero over countries."""
        return np.asarray(self.final.sum(axis=0) - self.gdp)

    # -- look-ups ----------------------------------------------------------------------------------

    def country(self, code: str) -> int:
        """Position of a country on the country axes; raises UnknownNameError with suggestions."""
        try:
            return self.countries.index(code)
        except ValueError:
            raise UnknownNameError(
                unknown("country", code, self.countries, more="tertius world countries")
            ) from None

    def sector(self, code: str) -> int:
        """Position of a sector on the sector axes; raises UnknownNameError with suggestions."""
        try:
            return self.sectors.index(code)
        except ValueError:
            raise UnknownNameError(
                unknown("sector", code, self.sectors, more="tertius world sectors")
            ) from None

    # -- checks --------------------------------------------------------------------------------------

    def _check_shapes(self) -> None:
        S, N = len(self.sectors), len(self.countries)
        wanted = {
            "sales": (S, N, N), "shadow": (S, N, N), "tariff": (S, N, N),
            "inputs": (N, S, S), "quality": (S, N, N), "medicine": (N,),
        }  # fmt: skip
        wrong = [
            f"World.{name}: shape {getattr(self, name).shape}, expected {shape}"
            for name, shape in wanted.items()
            if getattr(self, name).shape != shape
        ]
        if wrong:
            raise DataError(wrong)

    def _check_values(self) -> None:
        wrong: list[str] = []
        for name in ("sales", "shadow", "tariff", "inputs"):
            array = getattr(self, name)
            bad = ~np.isfinite(array) | (array < 0)
            if bad.any():
                at = tuple(int(k) for k in np.argwhere(bad)[0])
                wrong.append(
                    f"World.{name}{list(at)}: {array[at]} is negative or not finite "
                    f"({int(bad.sum())} such cells)"
                )
        if wrong:
            raise DataError(wrong)
        scale = self.output.sum(axis=0) + 1.0
        for name, short in (("value_added", self.value_added.T), ("final", self.final)):
            low = short / scale
            if (low < -_TOLERANCE).any():
                s, n = (int(k) for k in np.unravel_index(np.argmin(low), low.shape))
                wrong.append(
                    f"World.{name}: {self.countries[n]} {self.sectors[s]} is "
                    f"{short[s, n]:.6g} million USD, below zero"
                )
        if wrong:
            raise DataError(wrong)
