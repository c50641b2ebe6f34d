"""What a date expression means: one small function per kind of expression."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

Precision = Literal["day", "week", "month", "quarter", "year", "period", "none"]
Basis = Literal["explicit", "doc_date", "doc_date_ordinal", "anaphoric", "none"]

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBER = {word: n for n, word in enumerate(_WORDS, 1)} | {"a": 1, "an": 1}
_SHIFT = {"last": -1, "this": 0, "next": 1}


@dataclass(frozen=True, slots=True)
class Value:
    """First and last day of an expression, as ISO partial dates."""

    first: str
    last: str
    precision: Precision
    basis: Basis


_COARSER = {
    "day": ("month", "quarter", "year", "period"),
    "week": ("quarter", "year", "period"),
    "month": ("year", "period"),
}


@dataclass(frozen=True, slots=True)
class Anchor:
    """What an expression leans on: the document's date, the last date, whether the clause looks ahead."""

    doc: date | None
    last: Value | None
    ahead: bool | None  # None: no verb tells
    earlier: tuple[Value, ...] = ()  # dates named so far, most recent last
    cue: str = ""  # the word before: since, until, for ...

    def of(self, unit: str) -> Value | None:
        """Last date of this precision, else the last date of any."""
        same = [v for v in self.earlier if v.precision == unit]
        return same[-1] if same else self.last

    def finer_than(self, unit: str) -> Value | None:
        """Last date that is no coarser than a step of this unit: "a month earlier" does not lean on "2023"."""
        known = [v for v in (self.last, *self.earlier) if v and v.first]
        coarse = _COARSER.get(unit, ())
        return next((v for v in reversed(known) if v.precision not in coarse), None)


# --- values ------------------------------------------------------------


def on_day(value: date, basis: Basis) -> Value:
    """Return one day."""
    return Value(value.isoformat(), value.isoformat(), "day", basis)


def in_month(year: int, month: int, basis: Basis) -> Value:
    """Return one month."""
    text = f"{year:04d}-{month:02d}"
    return Value(text, text, "month", basis)


def in_year(year: int, basis: Basis) -> Value:
    """Return one year."""
    return Value(f"{year:04d}", f"{year:04d}", "year", basis)


def span(first: str, last: str, precision: Precision, basis: Basis) -> Value:
    """Return a period."""
    return Value(first, last, precision, basis)


_NUMBERED = re.compile(
    r"\b(?:resolutions?|flight|articles?|regulation|decree|order|sections?|paragraph|numbers?|nos?\.|directive|room|"
    r"model|unit|division|brigade|squadron|law)\s(?:[\d/]+,?\s(?:and\s)?)*$",
    re.IGNORECASE,
)
_FAR = 8  # months: nobody says "will in March" in April
_SOON = 4  # months: a month nearer than that is more likely ahead than eight or more months ago
OPEN = Value("", "", "none", "none")


def month_number(text: str) -> int:
    """Return the number of a month by its first three letters."""
    return next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(text.lower().rstrip(".")[:3]))


def count_of(text: str) -> int:
    """Return a number, in digits or spelled."""
    return int(text) if text.isdigit() else _NUMBER[text.lower()]


def shift_month(day: date, months: int) -> tuple[int, int]:
    """Return year and month so many months away."""
    at = day.year * 12 + day.month - 1 + months
    return at // 12, at % 12 + 1


def valid_day(year: int, month: int, day: int) -> date | None:
    """Return the day, None where the month has no such."""
    return date(year, month, day) if 1 <= day <= monthrange(year, month)[1] else None


def near_year(anchor: Anchor, month: int, day: int = 0) -> int:
    """Year of a month (or day) named without one: the last such, or the next if the clause looks ahead.

    After "for" and "until", and where no verb tells, it is the nearer of the two.
    """
    assert anchor.doc is not None
    now = (anchor.doc.month, anchor.doc.day if day else 0)
    then = (month, day)
    before, after = anchor.doc.year - (then > now), anchor.doc.year + (then < now)
    wait = 12 * (after - anchor.doc.year) + month - anchor.doc.month
    if anchor.ahead:
        return after if wait < _FAR else before
    if anchor.cue in ("for", "until", "till", "to") or anchor.ahead is None:
        return after if wait < _SOON else before
    return before


def first_day(text: str) -> date:
    """First day of an ISO partial date."""
    year, *rest = (int(x) for x in text.split("-"))
    return date(year, *[*rest, 1, 1][:2])


def anchor_day(anchor: Anchor) -> date | None:
    """First day of the last date named, else the document's date."""
    return first_day(anchor.last.first) if anchor.last and anchor.last.first else anchor.doc


# --- kinds of expressions ------------------------------------------------------------


def full(hit: re.Match[str], _: Anchor) -> Value | None:
    """Resolve `12 May 2025`."""
    day = valid_day(int(hit["year"]), month_number(hit["month"]), int(hit["day"]))
    return on_day(day, "explicit") if day else None


def iso(hit: re.Match[str], _: Anchor) -> Value | None:
    """Resolve `2025-05-12`."""
    month = int(hit["m"])
    day = valid_day(int(hit["year"]), month, int(hit["day"])) if 1 <= month <= 12 else None
    return on_day(day, "explicit") if day else None


def month_year(hit: re.Match[str], _: Anchor) -> Value:
    """Resolve `May 2025`."""
    return in_month(int(hit["year"]), month_number(hit["month"]), "explicit")


def month_day(hit: re.Match[str], anchor: Anchor) -> Value | None:
    """Resolve `12 May`: the last such day, or the next if the clause looks ahead."""
    if anchor.doc is None:
        return OPEN
    month, day = month_number(hit["month"]), int(hit["day"])
    found = valid_day(near_year(anchor, month, day), month, day)
    return on_day(found, "doc_date") if found else None


def month_relative(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `May last year`."""
    if anchor.doc is None:
        return OPEN
    return in_month(anchor.doc.year + _SHIFT[hit["which"].lower()], month_number(hit["month"]), "doc_date")


def month_named(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `last December`: the most recent one."""
    if anchor.doc is None:
        return OPEN
    month = month_number(hit["month"])
    passed = month < anchor.doc.month
    which = hit["which"].lower()
    shift = {"last": -(not passed), "next": month <= anchor.doc.month, "this": 0}[which]
    return in_month(anchor.doc.year + shift, month, "doc_date")


def month_of_context(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `that June`: of the year spoken of."""
    at = anchor_day(anchor)
    return in_month(at.year, month_number(hit["month"]), "anaphoric") if at else OPEN


def month_owned(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the March ceasefire`, `its January offer`: past unless the clause looks ahead and it is near."""
    return month_alone(hit, replace(anchor, ahead=None if anchor.ahead else False))


def month_modifier(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `October exports`, `September volumes`: the nearer one, rather past."""
    return month_alone(hit, replace(anchor, ahead=None))


def month_alone(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `in May`."""
    if anchor.doc is None:
        return OPEN
    month = month_number(hit["month"])
    return in_month(near_year(anchor, month), month, "doc_date")


def ordinal(hit: re.Match[str], anchor: Anchor) -> Value | None:
    """Resolve `the 13th`: of this month, else of the one before or after."""
    if anchor.doc is None:
        return OPEN
    day = int(hit["day"])
    year, month = anchor.doc.year, anchor.doc.month
    if (day > anchor.doc.day) != anchor.ahead and day != anchor.doc.day:
        year, month = shift_month(anchor.doc, 1 if anchor.ahead else -1)
    found = valid_day(year, month, day)
    return on_day(found, "doc_date_ordinal") if found else None


def weekday(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `Monday`, `next Monday`."""
    if anchor.doc is None:
        return OPEN
    wanted = _DAYS.index(hit["weekday"].lower())
    back = (anchor.doc.weekday() - wanted) % 7
    which = (hit["which"] or "").lower().split()
    if which == ["this"]:
        monday = anchor.doc - timedelta(days=anchor.doc.weekday())
        return on_day(monday + timedelta(days=wanted), "doc_date")
    if {"next", "coming"} & {*which} or (
        (anchor.ahead or anchor.cue in ("until", "till")) and not {"last", "past"} & {*which}
    ):
        return on_day(anchor.doc + timedelta(days=(7 - back) % 7 or 7), "doc_date")
    if "last" in which and back == 0:
        back = 7
    return on_day(anchor.doc - timedelta(days=back), "doc_date")


def today(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `today`, `yesterday`, `tomorrow`."""
    if anchor.doc is None:
        return OPEN
    shift = {"yesterday": -1, "tomorrow": 1}.get(hit.group().lower(), 0)
    return on_day(anchor.doc + timedelta(days=shift), "doc_date")


def period(day: date, unit: str, shift: int, basis: Basis) -> Value:
    """Return the day, week, month, quarter, year or decade so many away from a day."""
    if unit == "week":
        monday = day - timedelta(days=day.weekday()) + timedelta(weeks=shift)
        return span(monday.isoformat(), (monday + timedelta(days=6)).isoformat(), "week", basis)
    if unit == "month":
        return in_month(*shift_month(day, shift), basis)
    if unit == "quarter":
        year, month = shift_month(day, 3 * shift)
        return quarter_of(year, (month - 1) // 3 + 1, basis)
    if unit == "decade":
        return span(str(day.year + 10 * min(shift, 0)), str(day.year + 10 * max(shift, 0)), "period", basis)
    if unit == "day":
        return on_day(day + timedelta(days=shift), basis)
    return in_year(day.year + shift, basis)


def quarter_of(year: int, quarter: int, basis: Basis) -> Value:
    """Return a quarter of a year."""
    return span(f"{year:04d}-{3 * quarter - 2:02d}", f"{year:04d}-{3 * quarter:02d}", "quarter", basis)


def ago(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `two weeks ago` (the day), `a month ago`."""
    if anchor.doc is None:
        return OPEN
    count, unit = count_of(hit["n"]), hit["unit"].lower()
    days = {"week": 7, "fortnight": 14}.get(unit)
    if days:
        return on_day(anchor.doc - timedelta(days=days * count), "doc_date")
    return stepped(anchor.doc, -count, unit, "doc_date")


def stepped(day: date, count: int, unit: str, basis: Basis) -> Value:
    """Return the unit so many steps away from a day."""
    if unit == "fortnight":
        return period(day, "week", 2 * count, basis)
    if unit == "day":
        return on_day(day + timedelta(days=count), basis)
    if unit == "decade":
        return in_year(day.year + 10 * count, basis)
    return period(day, unit, count, basis)


def later(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `three days later`, `a year earlier`: counted from the last date as fine as the step."""
    unit = hit["unit"].lower()
    base = anchor.finer_than(unit)
    if base is None:
        return stepped(anchor.doc, _sign(hit) * count_of(hit["n"]), unit, "anaphoric") if anchor.doc else OPEN
    if unit == "year" and base.precision in (
        "month",
        "quarter",
    ):  # a figure of a month against the same month
        months = 12 * _sign(hit) * count_of(hit["n"])
        ends = (shift_month(first_day(end), months) for end in (base.first, base.last))
        first, last = (f"{year:04d}-{month:02d}" for year, month in ends)
        return span(first, last, base.precision, "anaphoric")
    return stepped(first_day(base.first), _sign(hit) * count_of(hit["n"]), unit, "anaphoric")


def _sign(hit: re.Match[str]) -> int:
    return 1 if (hit["dir"] or hit["side"]).lower() in ("later", "after") else -1


def same_day(_: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `that same afternoon`."""
    last = anchor.of("day")
    return on_day(date.fromisoformat(last.first), "anaphoric") if last and last.precision == "day" else OPEN


def in_the_month(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `in the month`: the one spoken of, else the last that is over (market reports)."""
    last = anchor.of("month")
    if anchor.doc and (last is None or last.precision not in ("month", "day", "week")):
        return period(anchor.doc, "month", -1, "doc_date")
    return same(hit, anchor)


def same(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `that same day`, `in the year`."""
    unit = hit["unit"].lower()
    last = anchor.of(unit)
    if last is None or not last.first:
        return OPEN
    if unit in ("day", last.precision):
        return Value(last.first, last.last, last.precision, "anaphoric")
    at = anchor_day(anchor)
    assert at is not None
    return period(at, unit, 0, "anaphoric")


def next_day(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the following day`, `the day before`."""
    at = anchor_day(anchor)
    if at is None:
        return OPEN
    shift = -1 if hit["which"].lower() in ("previous", "preceding") or "before" in hit.group().lower() else 1
    return stepped(at, shift, hit["unit"].lower(), "anaphoric")


def part_of_month(hit: re.Match[str], anchor: Anchor) -> Value:
    """Resolve `the end of May`, `mid-October last year`."""
    if hit["year"]:
        return month_year(hit, anchor)
    if hit["of"] and anchor.doc:
        shift = _SHIFT.get(hit["of"].split()[0].lower(), 0)
        return in_month(anchor.doc.year + shift, month_number(hit["month"]), "doc_date")
    return month_alone(hit, anchor)


def numeric(hit: re.Match[str], _: Anchor) -> Value | None:
    """Resolve `12/31/2025`, `31/12/2025`, `31.12.2025`; where both fit, a slash puts the month first."""
    one, two, year = int(hit["m"]), int(hit["day"]), int(hit["year"])
    if one > 12 or hit["sep"] == ".":
        one, two = two, one
    day = valid_day(year, one, two) if 1 <= one <= 12 else None
    return on_day(day, "explicit") if day else None


def year_alone(hit: re.Match[str], _: Anchor) -> Value | None:
    """Resolve `2019`; a number after "Resolution" or "flight" is none."""
    if _NUMBERED.search(hit.string, max(0, hit.start() - 40), hit.start()):
        return None
    return in_year(int(hit["year"]), "explicit")
