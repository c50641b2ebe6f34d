"""CEPII BACI: bilateral goods trade, reconciled between the two partners' reports.

Three shapes are recognised by content: the official yearly file (t, i, j, k, v, q, numeric country codes), a
long extract with ISO3 codes, and a square matrix of totals (exporters in rows).
"""

from __future__ import annotations

import csv
import gzip
from typing import TYPE_CHECKING

import numpy as np

from tertius.errors import DataError
from tertius.world.loaders.table import Source, Table, expect, header, select

if TYPE_CHECKING:
    from pathlib import Path

BACI = Source(
    "cepii_baci",
    {
        "year": "calendar year",
        "product": "HS 6-digit code",
        "exporter": "ISO 3166-1 alpha-3",
        "importer": "ISO 3166-1 alpha-3",
        "value": "thousand USD, FOB",
        "quantity": "metric tonnes (NaN where BACI has none)",
    },
)

OFFICIAL = ("t", "i", "j", "k", "v", "q")
EXTRACT = ("year", "hs6_1992", "exporter", "importer", "value_kusd", "tonnes")
_CODES = ("country_code", "country_iso3")


def load_baci(path: Path, *, year: int, codes: Path | None = None) -> Table:
    """Read product-level flows of one year.

    Parameters
    ----------
    path : the official ``BACI_HSxx_Yyyyy_Vrrrr.csv`` or a Parquet/CSV extract with ISO3 codes.
    year : calendar year kept.
    codes : ``country_codes_V*.csv`` of the same release; needed for the official file only.

    Returns
    -------
    Table with year, product, exporter, importer, value (thousand USD) and quantity (tonnes).
    """
    found = header(path)
    if set(OFFICIAL) <= set(found):
        columns = _official(path, year, codes)
    else:
        expect(path, found, EXTRACT, "a BACI release (t, i, j, k, v, q) or an extract")
        columns = select(
            path,
            {
                "year": "year::INT",
                "product": "lpad(hs6_1992::VARCHAR, 6, '0')",
                "exporter": "exporter",
                "importer": "importer",
                "value": "value_kusd::DOUBLE",
                "quantity": "tonnes::DOUBLE",
            },
            where=f"year::INT = {int(year)}",
        )
    if not len(columns["year"]):
        raise DataError(f"{path}: BACI file without a row for {year}")
    return BACI.table(columns, origin=path.name)


def load_baci_totals(path: Path) -> tuple[tuple[str, ...], np.ndarray[tuple[int, int], np.dtype[np.float64]]]:
    """Read a square matrix of total goods trade, thousand USD, exporters in rows, ISO3 on both axes."""
    if not path.is_file():
        raise DataError(f"{path}: no such file")
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as text:
        rows = list(csv.reader(text))
    importers = rows[0][1:]
    exporters = [r[0] for r in rows[1:]]
    if exporters != importers:
        raise DataError(
            f"{path}: expected a square matrix with the same ISO3 codes on both axes; "
            f"found {len(exporters)} rows and {len(importers)} columns"
        )
    return tuple(exporters), np.array([r[1:] for r in rows[1:]], dtype=np.float64)


def _official(
    path: Path, year: int, codes: Path | None
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.object_]]]:
    if codes is None:
        raise DataError(f"{path}: an official BACI file needs its country_codes file beside it")
    expect(codes, header(codes), _CODES, "BACI's country_codes file")
    names = select(codes, {"code": "country_code::INT", "iso3": "country_iso3"})
    lookup = dict(zip(names["code"].tolist(), names["iso3"].tolist(), strict=True))
    raw = select(
        path,
        {
            "year": "t::INT",
            "product": "lpad(trim(k), 6, '0')",
            "exporter": "i::INT",
            "importer": "j::INT",
            "value": "v::DOUBLE",
            "quantity": "TRY_CAST(trim(q) AS DOUBLE)",
        },
        where=f"t::INT = {int(year)}",
    )
    unknown = sorted((set(raw["exporter"].tolist()) | set(raw["importer"].tolist())) - set(lookup))
    if unknown:
        raise DataError(
            f"{path}: country codes {unknown[:10]} are not in {codes.name}; is it of the same release?"
        )
    for side in ("exporter", "importer"):
        # BACI writes Taiwan as "Other Asia, not elsewhere specified" (S19).
        iso3 = [lookup[c] for c in raw[side].tolist()]
        raw[side] = np.array(["TWN" if c == "S19" else c for c in iso3], dtype=object)
    return raw
