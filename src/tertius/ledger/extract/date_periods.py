"""What an expression of a period means: ranges, quarters, seasons, weekends, the last three months."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tertius.ledger.extract.date_values import (
    OPEN,
    Anchor,
    Value,
    count_of,
    full,
    in_year,
    month_day,
    on_day,
    part_of_month,
    period,
    quarter_of,
    span,
)

if TYPE_CHECKING:
    import re

_SHIFT = {"last": -1, "next": 1}
_SEASON = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 2)}
_QUARTER = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "last": 4,
    "final": 4,
    "1": 1,
    "2": 2,
    "3": 3,
    "4": 4,
}


def decade(hit: re.Match[str], _: Anchor) -> Value:
    """Resolve `the 1990s`."""
    return span(hit["year"], str(int(hit["year"]) + 9), "period", "explicit")


def quarter(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the second quarter`, `Q2 2025`, `the last quarter of 2025`."""
    number = _QUARTER[hit["q"].lower()]
    if hit["year"]:
        return quarter_of(int(hit["year"]), number, "explicit")
    if anchor.doc is None:
        return OPEN
    return quarter_of(_year_of_part(hit, anchor, 3 * number), number, "doc_date")


def half(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the first half of 2025`, `the second half`."""
    first, last = (1, 6) if hit["q"].lower() == "first" else (7, 12)
    if not hit["year"] and anchor.doc is None:
        return OPEN
    year = int(hit["year"]) if hit["year"] else _year_of_part(hit, anchor, last)
    return span(
        f"{year:04d}-{first:02d}",
        f"{year:04d}-{last:02d}",
        "period",
        "explicit" if hit["year"] else "doc_date",
    )


def _year_of_part(hit: re.Match[str], anchor: Anchor, last: int) -> int:
    """Year of a part of the year named without it: the last such that is about over, or the next not yet begun."""
    assert anchor.doc is not None
    of = (hit["of"] or "").lower()
    if (
        of.startswith("the") and anchor.ahead is False
    ):  # told in the past: "the year" is the one in which it is over
        return anchor.doc.year - (last > anchor.doc.month)
    if of:
        return anchor.doc.year + _SHIFT.get(of.split()[0], 0)
    if anchor.ahead:
        return anchor.doc.year + (last < anchor.doc.month)
    return anchor.doc.year - (last > anchor.doc.month)


def season(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `last winter`, `spring 2025`."""
    first, last = _SEASON[hit["season"].lower()]
    if hit["year"]:
        year, basis = int(hit["year"]), "explicit"
    elif anchor.doc is None:
        return OPEN
    elif hit["of"]:
        year, basis = anchor.doc.year + _SHIFT.get(hit["of"], 0), "doc_date"
    else:
        year, basis = _year_of_season(hit, anchor, first, last), "doc_date"
    return span(f"{year:04d}-{first:02d}", f"{year + (last < first):04d}-{last:02d}", "period", basis)  # type: ignore[arg-type]


def _year_of_season(hit: re.Match[str], anchor: Anchor, first: int, last: int) -> int:
    """Year in which a season begins: "last" the latest that is over, "next" the first not yet begun."""
    assert anchor.doc is not None
    which, year = (hit["which"] or "").lower(), anchor.doc.year
    begin, end = year * 12 + first, year * 12 + last + 12 * (last < first)
    now = year * 12 + anchor.doc.month
    if which == "last":
        return year - (end >= now) - (end - 12 >= now)
    if which == "next" or (not which and anchor.ahead):
        return year + (begin <= now)
    over_before = end - 12 >= now  # January lies in the winter that began the year before
    return year - 1 if over_before or (not which and begin > now) else year


def first_months(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the first nine months`: of the year named, else of the last in which they are over."""
    last = count_of(hit["n"])
    if not hit["year"] and anchor.doc is None:
        return OPEN
    year = int(hit["year"]) if hit["year"] else _year_of_part(hit, anchor, min(last, 12))
    return span(
        f"{year:04d}-01",
        f"{year:04d}-{min(last, 12):02d}",
        "period",
        "explicit" if hit["year"] else "doc_date",
    )


def week_to(hit: re.Match[str], anchor: Anchor) -> Value | None:
    """Resolve `the week to 7 December`: the seven days that end then."""
    end = full(hit, anchor) if hit["year"] else month_day(hit, anchor)
    if end is None or not end.first:
        return end
    first = date.fromisoformat(end.first) - timedelta(days=6)
    return span(first.isoformat(), end.last, "week", end.basis)


def week_of(hit: re.Match[str], anchor: Anchor) -> Value | None:
    """Resolve `the week of 3 November`: Monday to Sunday."""
    day = month_day(hit, anchor)
    return period(date.fromisoformat(day.first), "week", 0, day.basis) if day and day.first else day


def weekend(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the weekend`: the last one, or the next if the clause looks ahead."""
    if anchor.doc is None:
        return OPEN
    which = (hit["which"] or "").lower()
    saturday = anchor.doc - timedelta(days=(anchor.doc.weekday() - 5) % 7)
    if which == "next" or (anchor.ahead and which != "last"):
        saturday += timedelta(weeks=1)
    return span(saturday.isoformat(), (saturday + timedelta(days=1)).isoformat(), "period", "doc_date")


def this_year(_: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `by end-year`, `the start of the year`."""
    return in_year(anchor.doc.year, "doc_date") if anchor.doc else OPEN


def night(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `last night`, `this morning`."""
    if anchor.doc is None:
        return OPEN
    return on_day(anchor.doc - timedelta(days=bool(hit["last"])), "doc_date")


def part_of(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the middle of the year`: the year."""
    return period(anchor.doc, hit["unit"].lower(), 0, "doc_date") if anchor.doc else OPEN


def end_of(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the end of the year`: its last day."""
    return _last_day(part_of(hit, anchor))


def end_of_month(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the end of May`: its last day."""
    return _last_day(part_of_month(hit, anchor))


def _last_day(whole: Value) -> Value:
    if not whole.last:
        return whole
    year, *rest = (int(x) for x in whole.last.split("-"))
    month = rest[0] if rest else 12
    return on_day(date(year, month, rest[1] if len(rest) > 1 else monthrange(year, month)[1]), whole.basis)


def relative(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `this month`, `last year`, `next week`."""
    if anchor.doc is None:
        return OPEN
    which = {
        "last": -1,
        "past": -1,
        "previous": -1,
        "this": 0,
        "current": 0,
        "next": 1,
        "coming": 1,
        "the": 0,
    }
    return period(anchor.doc, hit["unit"].lower(), which[hit["which"].lower()], "doc_date")
