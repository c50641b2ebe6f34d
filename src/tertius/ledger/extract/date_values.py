"""What a date expression means: one small function per kind of expression."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import re

Precision = Literal["day", "week", "month", "quarter", "year", "period", "none"]
Basis = Literal["explicit", "doc_date", "doc_date_ordinal", "anaphoric", "none"]

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBER = {word: n for n, word in enumerate(_WORDS, 1)} | {"a": 1, "an": 1}
_SEASON = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 2)}
_SHIFT = {"last": -1, "this": 0, "next": 1}
_QUARTER = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1": 1, "2": 2, "3": 3, "4": 4}


@dataclass(frozen=True, slots=True)
class Value:
    """First and last day of an expression, as ISO partial dates."""

    first: str
    last: str
    precision: Precision
    basis: Basis


@dataclass(frozen=True, slots=True)
class Anchor:
    """What an expression leans on: the document's date, the last date, whether the clause looks ahead."""

    doc: date | None
    last: Value | None
    ahead: bool
    earlier: tuple[Value, ...] = ()  # dates named so far, most recent last

    def of(self, unit: str) -> Value | None:
        """Last date of this precision, else the last date of any."""
        same = [v for v in self.earlier if v.precision == unit]
        return same[-1] if same else self.last


# --- values ------------------------------------------------------------


def _day(value: date, basis: Basis) -> Value:
    return Value(value.isoformat(), value.isoformat(), "day", basis)


def _month(year: int, month: int, basis: Basis) -> Value:
    text = f"{year:04d}-{month:02d}"
    return Value(text, text, "month", basis)


def _year(year: int, basis: Basis) -> Value:
    return Value(f"{year:04d}", f"{year:04d}", "year", basis)


def _span(first: str, last: str, precision: Precision, basis: Basis) -> Value:
    return Value(first, last, precision, basis)


OPEN = Value("", "", "none", "none")


def _month_number(text: str) -> int:
    return next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(text.lower().rstrip(".")[:3]))


def _count(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBER[text.lower()]


def _shift_month(day: date, months: int) -> tuple[int, int]:
    at = day.year * 12 + day.month - 1 + months
    return at // 12, at % 12 + 1


def _valid(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if 1 <= day <= monthrange(year, month)[1] else None


def _near(anchor: Anchor, month: int, day: int = 0) -> int:
    """Year of a month (or day) named without one: the last such, or the next if the clause looks ahead."""
    assert anchor.doc is not None
    now = (anchor.doc.month, anchor.doc.day if day else 0)
    then = (month, day)
    if anchor.ahead:
        return anchor.doc.year + (then < now)
    return anchor.doc.year - (then > now)


def _anchor_day(anchor: Anchor) -> date | None:
    """First day of the last date named, else the document's date."""
    if anchor.last and anchor.last.first:
        parts = [int(x) for x in anchor.last.first.split("-")]
        return date(parts[0], *[*parts[1:], 1, 1][:2])
    return anchor.doc


# --- kinds of expressions ------------------------------------------------------------


def full(hit: re.Match[str], _: Anchor) -> Value | None:
    """Resolve `12 May 2025`."""
    day = _valid(int(hit["year"]), _month_number(hit["month"]), int(hit["day"]))
    return _day(day, "explicit") if day else None


def iso(hit: re.Match[str], _: Anchor) -> Value | None:
    """Resolve `2025-05-12`."""
    month = int(hit["m"])
    day = _valid(int(hit["year"]), month, int(hit["day"])) if 1 <= month <= 12 else None
    return _day(day, "explicit") if day else None


def month_year(hit: re.Match[str], _: Anchor) -> Value:
    """Resolve `May 2025`."""
    return _month(int(hit["year"]), _month_number(hit["month"]), "explicit")


def month_range(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `between March and May`, `from November to January 2025`."""
    one, two = _month_number(hit["month"]), _month_number(hit["month2"])
    if hit["year"]:
        year, basis = int(hit["year"]), "explicit"
    elif anchor.doc:
        year, basis = _near(anchor, two), "doc_date"
    else:
        return OPEN
    return _span(f"{year - (one > two):04d}-{one:02d}", f"{year:04d}-{two:02d}", "period", basis)  # type: ignore[arg-type]


def year_range(hit: re.Match[str], _: Anchor) -> Value:
    """Resolve `2019-21`."""
    last = hit["last"]
    return _span(hit["year"], hit["year"][:2] + last if len(last) == 2 else last, "period", "explicit")


def decade(hit: re.Match[str], _: Anchor) -> Value:
    """Resolve `the 1990s`."""
    return _span(hit["year"], str(int(hit["year"]) + 9), "period", "explicit")


def month_day(hit: re.Match[str], anchor: Anchor) -> Value | None:
    """Resolve `12 May`: the last such day, or the next if the clause looks ahead."""
    if anchor.doc is None:
        return OPEN
    month, day = _month_number(hit["month"]), int(hit["day"])
    found = _valid(_near(anchor, month, day), month, day)
    return _day(found, "doc_date") if found else None


def month_relative(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `May last year`."""
    if anchor.doc is None:
        return OPEN
    return _month(anchor.doc.year + _SHIFT[hit["which"].lower()], _month_number(hit["month"]), "doc_date")


def month_named(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `last December`: the most recent one."""
    if anchor.doc is None:
        return OPEN
    month = _month_number(hit["month"])
    passed = month < anchor.doc.month
    shift = -(not passed) if hit["which"].lower() == "last" else month <= anchor.doc.month
    return _month(anchor.doc.year + shift, month, "doc_date")


def month_alone(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `in May`."""
    if anchor.doc is None:
        return OPEN
    month = _month_number(hit["month"])
    return _month(_near(anchor, month), month, "doc_date")


def ordinal(hit: re.Match[str], anchor: Anchor) -> Value | None:
    """Resolve `the 13th`: of this month, else of the one before or after."""
    if anchor.doc is None:
        return OPEN
    day = int(hit["day"])
    year, month = anchor.doc.year, anchor.doc.month
    if (day > anchor.doc.day) != anchor.ahead and day != anchor.doc.day:
        year, month = _shift_month(anchor.doc, 1 if anchor.ahead else -1)
    found = _valid(year, month, day)
    return _day(found, "doc_date_ordinal") if found else None


def weekday(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `Monday`, `next Monday`."""
    if anchor.doc is None:
        return OPEN
    wanted = _DAYS.index(hit["weekday"].lower())
    back = (anchor.doc.weekday() - wanted) % 7
    which = (hit["which"] or "").lower()
    if which == "next" or (anchor.ahead and which != "last"):
        return _day(anchor.doc + timedelta(days=(7 - back) % 7 or 7), "doc_date")
    if which == "last" and back == 0:
        back = 7
    return _day(anchor.doc - timedelta(days=back), "doc_date")


def today(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `today`, `yesterday`, `tomorrow`."""
    if anchor.doc is None:
        return OPEN
    shift = {"yesterday": -1, "tomorrow": 1}.get(hit.group().lower(), 0)
    return _day(anchor.doc + timedelta(days=shift), "doc_date")


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
    return _period(anchor.doc, hit["unit"].lower(), which[hit["which"].lower()], "doc_date")


def _period(day: date, unit: str, shift: int, basis: Basis) -> Value:
    if unit == "week":
        monday = day - timedelta(days=day.weekday()) + timedelta(weeks=shift)
        return _span(monday.isoformat(), (monday + timedelta(days=6)).isoformat(), "week", basis)
    if unit == "month":
        return _month(*_shift_month(day, shift), basis)
    if unit == "quarter":
        year, month = _shift_month(day, 3 * shift)
        return _quarter_of(year, (month - 1) // 3 + 1, basis)
    if unit == "decade":
        return _span(str(day.year + 10 * min(shift, 0)), str(day.year + 10 * max(shift, 0)), "period", basis)
    if unit == "day":
        return _day(day + timedelta(days=shift), basis)
    return _year(day.year + shift, basis)


def _quarter_of(year: int, quarter: int, basis: Basis) -> Value:
    return _span(f"{year:04d}-{3 * quarter - 2:02d}", f"{year:04d}-{3 * quarter:02d}", "quarter", basis)


def quarter(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the second quarter`, `Q2 2025`."""
    number = _QUARTER[hit["q"].lower()]
    if hit["year"]:
        return _quarter_of(int(hit["year"]), number, "explicit")
    if anchor.doc is None:
        return OPEN
    shift = -1 if "last year" in hit.group() else 0
    return _quarter_of(anchor.doc.year + shift, number, "doc_date")


def half(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the first half of 2025`."""
    year = int(hit["year"]) if hit["year"] else anchor.doc.year if anchor.doc else 0
    if not year:
        return OPEN
    first, last = ("01", "06") if hit["q"].lower() == "first" else ("07", "12")
    return _span(
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
    return _span(f"{year:04d}-{first:02d}", f"{year + (last < first):04d}-{last:02d}", "period", basis)  # type: ignore[arg-type]


def ago(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `two weeks ago`."""
    if anchor.doc is None:
        return OPEN
    count, unit = _count(hit["n"]), hit["unit"].lower()
    return _stepped(anchor.doc, -count, unit, "doc_date")


def _stepped(day: date, count: int, unit: str, basis: Basis) -> Value:
    if unit == "fortnight":
        return _period(day, "week", 2 * count, basis)
    if unit == "day":
        return _day(day + timedelta(days=count), basis)
    if unit == "decade":
        return _year(day.year + 10 * count, basis)
    return _period(day, unit, count, basis)


def later(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `three days later`, counted from the last date named."""
    at = _anchor_day(anchor)
    if at is None:
        return OPEN
    sign = 1 if hit["dir"].lower() in ("later", "after") else -1
    return _stepped(at, sign * _count(hit["n"]), hit["unit"].lower(), "anaphoric")


def several(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the last three months`, `the next two years`: whole units, the present one left out."""
    if anchor.doc is None:
        return OPEN
    count, unit = _count(hit["n"]), hit["unit"].lower()
    ahead = hit["which"].lower() in ("next", "coming")
    near, far = (1, count) if ahead else (-1, -count)
    ends = sorted(
        (_stepped(anchor.doc, step, unit, "doc_date") for step in (near, far)), key=lambda v: v.first
    )
    return _span(ends[0].first, ends[-1].last, "period", "doc_date")


def first_months(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the first nine months`: of the year named, else of the last in which they are over."""
    last = _count(hit["n"])
    if hit["year"]:
        year = int(hit["year"])
    elif anchor.doc is None:
        return OPEN
    else:
        year = anchor.doc.year - (anchor.doc.month <= last)
    return _span(
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
    return _span(first.isoformat(), end.last, "week", end.basis)


def weekend(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the weekend`: the last one, or the next if the clause looks ahead."""
    if anchor.doc is None:
        return OPEN
    which = (hit["which"] or "").lower()
    saturday = anchor.doc - timedelta(days=(anchor.doc.weekday() - 5) % 7)
    if which == "next" or (anchor.ahead and which != "last"):
        saturday += timedelta(weeks=1)
    return _span(saturday.isoformat(), (saturday + timedelta(days=1)).isoformat(), "period", "doc_date")


def this_year(_: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `by end-year`."""
    return _year(anchor.doc.year, "doc_date") if anchor.doc else OPEN


def same_day(_: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `that same afternoon`."""
    last = anchor.of("day")
    return _day(date.fromisoformat(last.first), "anaphoric") if last and last.precision == "day" else OPEN


def same(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `that same day`, `in the month`."""
    unit = hit["unit"].lower()
    last = anchor.of(unit)
    if last is None or not last.first:
        return OPEN
    if unit in ("day", last.precision):
        return Value(last.first, last.last, last.precision, "anaphoric")
    at = _anchor_day(anchor)
    assert at is not None
    return _period(at, unit, 0, "anaphoric")


def next_day(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the following day`, `the day before`."""
    at = _anchor_day(anchor)
    if at is None:
        return OPEN
    shift = -1 if hit["which"].lower() in ("previous", "preceding") or "before" in hit.group().lower() else 1
    return _stepped(at, shift, hit["unit"].lower(), "anaphoric")


def end_of_month(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the end of May`."""
    return month_year(hit, anchor) if hit["year"] else month_alone(hit, anchor)


def end_of(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the end of the year`."""
    if anchor.doc is None:
        return OPEN
    return _period(anchor.doc, hit["unit"].lower(), 0, "doc_date")


def year_alone(hit: re.Match[str], _: Anchor) -> Value:
    """Resolve `2019`."""
    return _year(int(hit["year"]), "explicit")
