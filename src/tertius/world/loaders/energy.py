"""Commodity prices: daily Brent and the World Bank's monthly pink sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.world.loaders.table import Source, Table, expect, header, select

if TYPE_CHECKING:
    from pathlib import Path

BRENT = Source("brent_daily", {"date": "ISO date", "price": "USD a barrel, Europe Brent spot FOB"})
PINK_SHEET = Source(
    "pink_sheet",
    {
        "month": "ISO date of the first day",
        "crude_brent": "USD a barrel",
        "crude_dubai": "USD a barrel",
        "crude_average": "USD a barrel",
        "gas_europe": "USD a million Btu",
        "lng_japan": "USD a million Btu",
        "coal_australia": "USD a tonne",
    },
)


def load_brent(path: Path) -> Table:
    """Read daily Brent: date, price (USD a barrel)."""
    expect(path, header(path), ("Date", "Price"), "daily Brent prices")
    return BRENT.table(select(path, {"date": "Date::VARCHAR", "price": "Price::DOUBLE"}), origin=path.name)


def load_pink_sheet(path: Path) -> Table:
    """Read the monthly energy prices of the pink sheet."""
    series = {
        "crude_brent": "crude_oil_brent",
        "crude_dubai": "crude_oil_dubai",
        "crude_average": "crude_oil_average",
        "gas_europe": "natural_gas_europe",
        "lng_japan": "liquefied_natural_gas_japan",
        "coal_australia": "coal_australian",
    }
    expect(path, header(path), ("period_dt", *series.values()), "the World Bank pink sheet, monthly")
    wanted = {"month": "period_dt::VARCHAR"} | {k: f"TRY_CAST({v} AS DOUBLE)" for k, v in series.items()}
    return PINK_SHEET.table(select(path, wanted), origin=path.name)
