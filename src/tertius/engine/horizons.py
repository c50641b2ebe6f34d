"""The three horizons, each a frozen parameter set with its citations and the range its draws come from.

Short-run trade hardly responds and factors stay where they are; in the long run everything moves. Losses differ about
five-fold across horizons, so a result names its horizon: `medium` is the headline, the other two the outer band.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.engine.elasticities import MOBILE, SPECIFIC, Elasticities
from tertius.errors import UnknownNameError, unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

Array = NDArray[np.float64]

# Boehm, Levchenko and Pandalai-Nayar (2023), "The long and short (run) of trade elasticities", American Economic
# Review 113(4): 0.76 one year after a tariff change, 1.75 to 2.25 after seven to ten years.
_YEAR = (0.5, 0.76, 1.2)
_MEDIUM = (1.5, 2.0, 2.5)

# Fontagne, Guimbard and Orefice (2022), "Tariff-based product-level trade elasticities", Journal of International
# Economics 137, averaged over the ICIO activities of each sector; low and high are the lowest and highest of the seven
# goods sources compiled on ICIO sectors (Broda and Weinstein 2006 to Shapiro 2016, refined fuels and transport equipment
# without the 64.9 and 1.1 of one source). Services: 4, Simonovska and Waugh (2014), with 2.5 to 6 around it.
_LONG: dict[str, tuple[float, float, float]] = {
    "agri_food": (2.9, 3.2, 7.0),
    "crude_oil_gas": (3.4, 3.4, 13.5),
    "refined_fuels": (3.6, 3.7, 9.0),
    "ores_metals": (3.0, 5.4, 8.9),
    "chemicals": (3.1, 10.6, 10.6),
    "machinery": (3.0, 4.8, 10.8),
    "transport_equipment": (2.8, 9.0, 9.0),
    "other_manufactures": (3.3, 5.9, 9.8),
    "tourism_transport": (2.5, 4.0, 6.0),
    "other_services": (2.5, 4.0, 6.0),
}


@dataclass(frozen=True, slots=True, eq=False)
class Horizon:
    """A named parameter set.

    Attributes
    ----------
    name : "year", "medium" or "long".
    central : the elasticities of the headline.
    low, high : (s,), range of the trade elasticities that draws come from.
    """

    name: str
    central: Elasticities
    low: Array
    high: Array

    def draw(self, points: Array) -> list[Elasticities]:
        """Turn points (b, s) or (b, 1) of the unit cube into elasticities: one half below, one half above the centre."""
        u = np.broadcast_to(points, (len(points), len(self.low)))
        middle = self.central.trade
        below = self.low + 2.0 * u * (middle - self.low)
        above = middle + (2.0 * u - 1.0) * (self.high - middle)
        return [self.central.with_trade(row) for row in np.where(u < 0.5, below, above)]


HORIZONS = ("year", "medium", "long")


def ranges(name: str, sectors: Sequence[str]) -> Horizon:
    """Return the horizon with the range of its trade elasticities.

    Raises
    ------
    UnknownNameError
        No such horizon, or (for `long`) a sector that has no published elasticity here.
    """
    if name not in HORIZONS:
        raise UnknownNameError(unknown("horizon", name, HORIZONS))
    if name == "long":
        strange = [unknown("sector", s, list(_LONG)) for s in sectors if s not in _LONG]
        if strange:
            raise UnknownNameError(strange)
        low, middle, high = np.array([_LONG[s] for s in sectors]).T
        source = "Fontagne, Guimbard and Orefice (2022); Simonovska and Waugh (2014) for services"
        return Horizon(name, Elasticities(middle, mobility=MOBILE, source=source), low, high)
    low, middle, high = (np.full(len(sectors), x) for x in (_YEAR if name == "year" else _MEDIUM))
    source = "Boehm, Levchenko and Pandalai-Nayar (2023)"
    # The upper nests stay Cobb-Douglas at every horizon: complements there and a trade elasticity below one would
    # count the same lack of substitutes twice.
    mobility = SPECIFIC if name == "year" else MOBILE
    return Horizon(name, Elasticities(middle, mobility=mobility, source=source), low, high)


def horizon(name: str, sectors: Sequence[str]) -> Elasticities:
    """Return the central elasticities of a horizon on the given sectors."""
    return ranges(name, sectors).central
