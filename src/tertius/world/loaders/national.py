"""National totals: UNSD main aggregates, World Bank GDP and population, CIA Factbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tertius.world.loaders.table import Source, Table, expect, header, select

if TYPE_CHECKING:
    from pathlib import Path

UNSD = Source(
    "unsd_ama",
    {
        "iso3": "ISO 3166-1 alpha-3",
        "indicator": "UNSD indicator name",
        "year": "calendar year",
        "value": "USD at current prices and UNSD's exchange rate",
    },
)
WORLD_BANK = Source(
    "world_bank",
    {"iso3": "ISO 3166-1 alpha-3", "year": "calendar year", "value": "current USD, or persons"},
)
FACTBOOK = Source(
    "cia_factbook",
    {
        "iso3": "ISO 3166-1 alpha-3",
        "exports": "USD, goods and services",
        "exports_year": "calendar year",
        "imports": "USD, goods and services",
        "imports_year": "calendar year",
        "gdp": "USD at the official exchange rate",
        "gdp_year": "calendar year",
        "petroleum_output": "barrels a day, all liquids",
        "petroleum_use": "barrels a day, refined products",
        "gas_output": "cubic metres a year",
        "gas_use": "cubic metres a year",
        "direction": "X exports, M imports",
        "partner": "ISO 3166-1 alpha-3",
        "share": "per cent of goods trade",
        "year": "calendar year",
    },
)

# UNSD's file spells two codes as names.
_RECODE = "CASE iso3 WHEN 'D.R. of the Congo' THEN 'COD' ELSE iso3 END"


def load_unsd(path: Path) -> Table:
    """Read GDP by expenditure and by activity: iso3, indicator, year, value (USD).

    Rows without a value are left out: UNSD keeps empty rows for former states under their successors' codes.
    """
    expect(path, header(path), ("IndicatorName", "year", "usd", "iso3"), "UNSD main aggregates")
    columns = select(
        path,
        {"iso3": _RECODE, "indicator": "IndicatorName", "year": "year::INT", "value": "usd::DOUBLE"},
        where="usd IS NOT NULL AND NOT isnan(usd::DOUBLE)",
    )
    return UNSD.table(columns, origin=path.name)


def load_world_bank(path: Path) -> Table:
    """Read one World Bank series in long form: iso3, year, value."""
    expect(path, header(path), ("Country Code", "Year", "Value"), "a World Bank series in long form")
    columns = select(
        path,
        {"iso3": '"Country Code"', "year": '"Year"::INT', "value": '"Value"::DOUBLE'},
        where='"Value" IS NOT NULL',
    )
    return WORLD_BANK.table(columns, origin=path.name)


def load_factbook(path: Path) -> Table:
    """Read the Factbook's totals: trade, GDP, petroleum, gas; one row an economy."""
    needed = ("iso3", "exports_gs", "imports_gs", "gdp_oer", "total petroleum production", "gas_production")
    expect(path, header(path), needed, "Factbook totals")
    number = {
        "exports": "exports_gs",
        "exports_year": "exports_gs_year",
        "imports": "imports_gs",
        "imports_year": "imports_gs_year",
        "gdp": "gdp_oer",
        "gdp_year": "gdp_oer_year",
        "petroleum_output": '"total petroleum production"',
        "petroleum_use": '"refined petroleum consumption"',
        "gas_output": "gas_production",
        "gas_use": "gas_consumption",
    }
    wanted = {"iso3": "iso3"} | {name: f"TRY_CAST({column} AS DOUBLE)" for name, column in number.items()}
    columns = select(path, wanted, where="iso3 IS NOT NULL AND iso3 <> ''")
    _, first = np.unique(
        columns["iso3"], return_index=True
    )  # Gaza and West Bank share one code and one set of totals
    return FACTBOOK.table({k: v[np.sort(first)] for k, v in columns.items()}, origin=path.name)


def load_factbook_partners(path: Path) -> Table:
    """Read the Factbook's leading trade partners: iso3, direction, partner, share (per cent), year."""
    expect(
        path, header(path), ("iso3", "dir", "partner_iso3", "share_pct", "year"), "Factbook trade partners"
    )
    columns = select(
        path,
        {
            "iso3": "iso3",
            "direction": "dir",
            "partner": "partner_iso3",
            "share": "share_pct::DOUBLE",
            "year": "TRY_CAST(year AS DOUBLE)",
        },
        where="partner_iso3 IS NOT NULL AND partner_iso3 <> ''",
    )
    return FACTBOOK.table(columns, origin=path.name)
