"""UNCTADstat Merchandise Trade Matrix: bilateral exports by SITC section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.errors import DataError
from tertius.world.loaders.table import Source, Table, expect, header, select

if TYPE_CHECKING:
    from pathlib import Path

UNCTAD = Source(
    "unctad_mtm",
    {
        "section": "SITC section, one digit",
        "exporter": "ISO 3166-1 alpha-3",
        "importer": "ISO 3166-1 alpha-3",
        "value": "thousand USD, FOB, as the exporter reports or UNCTAD estimates",
    },
)

EXTRACT = ("year", "sector", "exporter", "importer", "value_kusd")


def load_unctad(path: Path, *, year: int) -> Table:
    """Read one year by SITC section (0 ... 9; the file's own total is left out).

    Returns
    -------
    Table with section, exporter, importer and value (thousand USD).
    """
    expect(path, header(path), EXTRACT, "UNCTAD's merchandise trade matrix")
    columns = select(
        path,
        {
            "section": "sector[1:1]",
            "exporter": "exporter",
            "importer": "importer",
            "value": "value_kusd::DOUBLE",
        },
        where=f"year::INT = {int(year)} AND sector <> 'All'",
    )
    if not len(columns["section"]):
        raise DataError(f"{path}: no row for {year}; UNCTAD's extract has 1995, 2005 and 2015")
    return UNCTAD.table(columns, origin=path.name)
