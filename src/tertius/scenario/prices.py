"""Benchmark oil price of a year, for measures written in US dollars a barrel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.errors import InputError

if TYPE_CHECKING:
    import datetime as dt

#: Brent spot, FOB, mean of the daily prices of the year, USD a barrel. US Energy Information Administration,
#: series RBRTE, as published by datahub.io/core/oil-prices (ODC-PDDL-1.0).
BRENT = {
    2011: 111.26, 2012: 111.57, 2013: 108.56, 2014: 98.97, 2015: 52.32, 2016: 43.64, 2017: 54.12, 2018: 71.34,
    2019: 64.30, 2020: 41.96, 2021: 70.86, 2022: 100.93, 2023: 82.49, 2024: 80.52, 2025: 69.14,
}  # fmt: skip

#: Year whose price serves where a measure's own year has no full-year mean yet.
LAST = max(BRENT)


def brent(year: int) -> float:
    """Brent of a year, USD a barrel; raises InputError before the first year of the table."""
    if year < min(BRENT):
        raise InputError(f"no Brent price for {year}; give price (usd/bbl). Known: {min(BRENT)}-{LAST}")
    return BRENT[min(year, LAST)]


def price_year(said: dt.date | None, world_year: int) -> int:
    """Year whose price a dollar amount is compared with: the year it was said, else the world's."""
    return said.year if said else world_year
