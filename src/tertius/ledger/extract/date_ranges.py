"""What an expression from one day, month or year to another means: `26-27 August`, `the year to March`."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING

from tertius.ledger.extract.date_values import (
    OPEN,
    Anchor,
    Basis,
    Value,
    count_of,
    month_number,
    near_year,
    on_day,
    part_of_month,
    shift_month,
    span,
    valid_day,
)

if TYPE_CHECKING:
    import re


def _year(hit: re.Match[str], anchor: Anchor, month: int, day: int = 0) -> tuple[int, Basis] | None:
    """Year named, else the one that fits the month; None without a document date."""
    if hit["year"]:
        return int(hit["year"]), "explicit"
    return (near_year(anchor, month, day), "doc_date") if anchor.doc else None


def _days(first: date | None, last: date | None, basis: Basis) -> Value | None:
    if first is None or last is None or not first < last:
        return None
    return span(first.isoformat(), last.isoformat(), "period", basis)


def day_range(hit: re.Match[str], anchor: Anchor) -> Value | None:
    """Resolve `26-27 August 2025`, `between 3 and 5 May`, `May 3-5`."""
    month, one, two = month_number(hit["month"]), int(hit["day"]), int(hit["day2"])
    when = _year(hit, anchor, month, two)
    if when is None:
        return OPEN
    year, basis = when
    return _days(valid_day(year, month, one), valid_day(year, month, two), basis)


def days_over_months(hit: re.Match[str], anchor: Anchor) -> Value | None:
    """Resolve `from 28 August to 2 September 2024`."""
    one, two = month_number(hit["month"]), month_number(hit["month2"])
    when = _year(hit, anchor, two, int(hit["day2"]))
    if when is None:
        return OPEN
    year, basis = when
    first = valid_day(year - (one > two), one, int(hit["day"]))
    return _days(first, valid_day(year, two, int(hit["day2"])), basis)


def dated_range(hit: re.Match[str], _: Anchor) -> Value | None:
    """Resolve `between January 2023 and June 2025`, `from 1 April 2024 to 31 March 2026`."""
    one, two = month_number(hit["month"]), month_number(hit["month2"])
    years = int(hit["year"]), int(hit["year2"])
    if "day" in hit.groupdict():
        first = valid_day(years[0], one, int(hit["day"]))
        return _days(first, valid_day(years[1], two, int(hit["day2"])), "explicit")
    return span(f"{years[0]:04d}-{one:02d}", f"{years[1]:04d}-{two:02d}", "period", "explicit")


def stretch_of_month(hit: re.Match[str], anchor: Anchor) -> Value | None:
    """Resolve `the first week of February`, `the first ten days of July`, `the second half of May`."""
    whole = part_of_month(hit, anchor)
    if not whole.first:
        return whole
    year, month = map(int, whole.first.split("-"))
    length = monthrange(year, month)[1]
    size = {"day": 1, "week": 7, "half": 15}[hit["unit"]] * (count_of(hit["n"]) if hit["n"] else 1)
    if hit["side"] in ("last", "final"):
        first, last = length - size + 1, length
    else:
        first = 1 + size * ("first", "second", "third").index(hit["side"])
        last = length if hit["unit"] == "half" and first > 1 else first + size - 1
    if first == last:
        return on_day(date(year, month, first), whole.basis)
    return _days(valid_day(year, month, first), valid_day(year, month, last), whole.basis)


def month_range(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `between March and May`, `from November to January 2025`."""
    one, two = month_number(hit["month"]), month_number(hit["month2"])
    when = _year(hit, anchor, two)
    if when is None:
        return OPEN
    year, basis = when
    return span(f"{year - (one > two):04d}-{one:02d}", f"{year:04d}-{two:02d}", "period", basis)


def year_range(hit: re.Match[str], _: Anchor) -> Value:
    """Resolve `2019-21`."""
    last = hit["last"]
    return span(hit["year"], hit["year"][:2] + last if len(last) == 2 else last, "period", "explicit")


def financial_year(hit: re.Match[str], _: Anchor) -> Value:
    """Resolve `the 2023/24 financial year`: April to March, as in Britain, India and Japan."""
    year = int(hit["year"])
    return span(f"{year:04d}-04", f"{year + 1:04d}-03", "period", "explicit")


def months_to(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the year to March`, `the 12 months to September 2024`: so many months that end with it."""
    month = month_number(hit["month"])
    when = _year(hit, anchor, month)
    if when is None:
        return OPEN
    count = count_of(hit["n"]) if hit["n"] else 12
    year, basis = when
    first = shift_month(date(year, month, 1), 1 - count)
    return span(f"{first[0]:04d}-{first[1]:02d}", f"{year:04d}-{month:02d}", "period", basis)
