"""What an expression of a period means: ranges, quarters, seasons, weekends, the last three months."""

from __future__ import annotations

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
    month_number,
    near_year,
    period,
    quarter_of,
    span,
    stepped,
)

if TYPE_CHECKING:
    import re

_SEASON = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 2)}
_QUARTER = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def month_range(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `between March and May`, `from November to January 2025`."""
    one, two = month_number(hit["month"]), month_number(hit["month2"])
    if hit["year"]:
        year, basis = int(hit["year"]), "explicit"
    elif anchor.doc:
        year, basis = near_year(anchor, two), "doc_date"
    else:
        return OPEN
    return span(f"{year - (one > two):04d}-{one:02d}", f"{year:04d}-{two:02d}", "period", basis)  # type: ignore[arg-type]


def year_range(hit: re.Match[str], _: Anchor) -> Value:
    """Resolve `2019-21`."""
    last = hit["last"]
    return span(hit["year"], hit["year"][:2] + last if len(last) == 2 else last, "period", "explicit")


def decade(hit: re.Match[str], _: Anchor) -> Value:
    """Resolve `the 1990s`."""
    return span(hit["year"], str(int(hit["year"]) + 9), "period", "explicit")


def quarter(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the second quarter`, `Q2 2025`."""
    number = _QUARTER[hit["q"].lower()]
    if hit["year"]:
        return quarter_of(int(hit["year"]), number, "explicit")
    if anchor.doc is None:
        return OPEN
    shift = -1 if "last year" in hit.group() else 0
    return quarter_of(anchor.doc.year + shift, number, "doc_date")


def half(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the first half of 2025`."""
    year = int(hit["year"]) if hit["year"] else anchor.doc.year if anchor.doc else 0
    if not year:
        return OPEN
    first, last = ("01", "06") if hit["q"].lower() == "first" else ("07", "12")
    return span(
        f"{year:04d}-{first}", f"{year:04d}-{last}", "period", "explicit" if hit["year"] else "doc_date"
    )


def season(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `last winter`, `spring 2025`."""
    first, last = _SEASON[hit["season"].lower()]
    if hit["year"]:
        year, basis = int(hit["year"]), "explicit"
    elif anchor.doc is None:
        return OPEN
    else:
        shift = {"last": -1, "next": 1}.get((hit["which"] or "").lower(), 0)
        started = first <= anchor.doc.month
        year = anchor.doc.year + (shift if started or shift >= 0 else -1)
        # "last autumn" said in November is last year's; said in March it is the one that just ended
        basis = "doc_date"
    return span(f"{year:04d}-{first:02d}", f"{year + (last < first):04d}-{last:02d}", "period", basis)  # type: ignore[arg-type]


def several(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the last three months`, `the next two years`: whole units, the present one left out."""
    if anchor.doc is None:
        return OPEN
    count, unit = count_of(hit["n"]), hit["unit"].lower()
    ahead = hit["which"].lower() in ("next", "coming")
    near, far = (1, count) if ahead else (-1, -count)
    ends = sorted(
        (stepped(anchor.doc, step, unit, "doc_date") for step in (near, far)), key=lambda v: v.first
    )
    return span(ends[0].first, ends[-1].last, "period", "doc_date")


def first_months(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the first nine months`: of the year named, else of the last in which they are over."""
    last = count_of(hit["n"])
    if hit["year"]:
        year = int(hit["year"])
    elif anchor.doc is None:
        return OPEN
    else:
        year = anchor.doc.year - (anchor.doc.month <= last)
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
    """Resolve `by end-year`."""
    return in_year(anchor.doc.year, "doc_date") if anchor.doc else OPEN


def end_of(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the end of the year`."""
    if anchor.doc is None:
        return OPEN
    return period(anchor.doc, hit["unit"].lower(), 0, "doc_date")


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
