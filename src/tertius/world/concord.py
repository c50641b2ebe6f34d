"""From each source's own classification to the ten sectors of the package."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.errors import DataError
from tertius.world.model import SECTORS

if TYPE_CHECKING:
    from collections.abc import Sequence

Array = NDArray[np.float64]

SECTOR_NAMES = tuple(SECTORS)
GOODS = slice(0, 8)
SERVICES = slice(8, 10)

#: ICIO activity -> sector. "Services (aggregate)" is split by `split_services` in seed.py.
ICIO_SECTOR: dict[str, str] = (
    dict.fromkeys(("A01", "A02", "A03", "C10T12"), "agri_food")
    | {"B06": "crude_oil_gas", "C19": "refined_fuels"}
    | dict.fromkeys(("B05", "B07", "B08", "B09", "C24A", "C24B"), "ores_metals")
    | dict.fromkeys(("C20", "C21"), "chemicals")
    | dict.fromkeys(("C26", "C27", "C28"), "machinery")
    | dict.fromkeys(("C29", "C301", "C302T309"), "transport_equipment")
    | dict.fromkeys(("C13T15", "C16", "C17_18", "C22", "C23", "C25", "C31T33"), "other_manufactures")
    | dict.fromkeys(("H49", "H50", "H51", "H52", "H53", "I"), "tourism_transport")
    | dict.fromkeys(
        ("D", "E", "F", "G", "J58T60", "J61", "J62_63", "K", "L", "M", "N", "O", "P", "Q", "R", "S", "T"),
        "other_services",
    )
    | {"Services (aggregate)": "other_services"}
)

#: Which activities of UNSD's seven hold a sector's value added (tangible link used when scaling 2022 to
#: 2023).
ACTIVITIES = {
    "agriculture": "Agriculture, hunting, forestry, fishing (ISIC A-B)",
    "industry": "Mining, Manufacturing, Utilities (ISIC C-E)",
    "manufacturing": "Manufacturing (ISIC D)",
    "construction": "Construction (ISIC F)",
    "trade_hotels": "Wholesale, retail trade, restaurants and hotels (ISIC G-H)",
    "transport": "Transport, storage and communication (ISIC I)",
    "other": "Other Activities (ISIC J-P)",
}
TOTALS = {
    "gdp": "Gross Domestic Product (GDP)",
    "exports": "Exports of goods and services",
    "imports": "Imports of goods and services",
}

#: HS 1992 headings of BACI's raw-material extract that make up crude oil and natural gas.
CRUDE_AND_GAS = ("270900", "271111", "271121")
COAL = ("2701", "2702", "2703")

#: Barrels in a tonne of crude, world average (BP Statistical Review, approximate conversion factors).
BARRELS_PER_TONNE = 7.33


def is_pit(product: str) -> bool:
    """Say whether an HS code is of SITC section 2 among the ores: minerals, ores, scrap."""
    return product[:2] in {"25", "26", "72"}


def is_ore(product: str) -> bool:
    """Say whether an HS code of BACI's raw materials is an ore, a mineral, coal or a metal."""
    return product[:2] in {"25", "26", "71", "72", "76", "81"} or product[:4] in COAL


def icio_matrix(activities: Sequence[str]) -> Array:
    """Return (s, k), 1 where ICIO activity k belongs to sector s; an unknown activity is refused."""
    strange = [a for a in activities if a not in ICIO_SECTOR]
    if strange:
        raise DataError(
            f"ICIO activities {', '.join(strange)} have no sector; known: {', '.join(ICIO_SECTOR)}"
        )
    matrix = np.zeros((len(SECTOR_NAMES), len(activities)))
    for k, activity in enumerate(activities):
        matrix[SECTOR_NAMES.index(ICIO_SECTOR[activity]), k] = 1.0
    return matrix
