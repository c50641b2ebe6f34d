"""The date expressions themselves: one pattern and one small function each."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

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
_QUARTER = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1": 1, "2": 2, "3": 3, "4": 4}

_M = (
    r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|"
    r"Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_M2 = _M.replace("?P<month>", "?P<month2>")
_D = r"(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)?"
_Y = r"(?P<year>(?:19|20)\d\d)"
_N = r"(?P<n>\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_U = r"(?P<unit>day|week|month|year|decade)s?"
_WD = r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"


_U1 = r"(?P<unit>day|week|month|year)"


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


# --- rules ------------------------------------------------------------


def _full(hit: re.Match[str], _: Anchor) -> Value | None:
    day = _valid(int(hit["year"]), _month_number(hit["month"]), int(hit["day"]))
    return _day(day, "explicit") if day else None


def _iso(hit: re.Match[str], _: Anchor) -> Value | None:
    month = int(hit["m"])
    day = _valid(int(hit["year"]), month, int(hit["day"])) if 1 <= month <= 12 else None
    return _day(day, "explicit") if day else None


def _month_year(hit: re.Match[str], _: Anchor) -> Value:
    return _month(int(hit["year"]), _month_number(hit["month"]), "explicit")


def _month_range(hit: re.Match[str], anchor: Anchor) -> Value:
    one, two = _month_number(hit["month"]), _month_number(hit["month2"])
    if hit["year"]:
        year, basis = int(hit["year"]), "explicit"
    elif anchor.doc:
        year, basis = _near(anchor, two), "doc_date"
    else:
        return OPEN
    return _span(f"{year - (one > two):04d}-{one:02d}", f"{year:04d}-{two:02d}", "period", basis)  # type: ignore[arg-type]


def _year_range(hit: re.Match[str], _: Anchor) -> Value:
    last = hit["last"]
    return _span(hit["year"], hit["year"][:2] + last if len(last) == 2 else last, "period", "explicit")


def _decade(hit: re.Match[str], _: Anchor) -> Value:
    return _span(hit["year"], str(int(hit["year"]) + 9), "period", "explicit")


def _month_day(hit: re.Match[str], anchor: Anchor) -> Value | None:
    if anchor.doc is None:
        return OPEN
    month, day = _month_number(hit["month"]), int(hit["day"])
    found = _valid(_near(anchor, month, day), month, day)
    return _day(found, "doc_date") if found else None


def _month_relative(hit: re.Match[str], anchor: Anchor) -> Value:
    if anchor.doc is None:
        return OPEN
    shift = {"last": -1, "this": 0, "next": 1, "previous": -1}[hit["which"].lower()]
    month = _month_number(hit["month"])
    if hit.re is _LAST_MONTH_NAMED:  # "last December": the most recent one
        year = anchor.doc.year + (
            -(month >= anchor.doc.month) if shift < 0 else (month <= anchor.doc.month) * (shift > 0)
        )
        return _month(year, month, "doc_date")
    return _month(anchor.doc.year + shift, month, "doc_date")


def _month_alone(hit: re.Match[str], anchor: Anchor) -> Value:
    if anchor.doc is None:
        return OPEN
    month = _month_number(hit["month"])
    return _month(_near(anchor, month), month, "doc_date")


def _ordinal(hit: re.Match[str], anchor: Anchor) -> Value | None:
    if anchor.doc is None:
        return OPEN
    day = int(hit["day"])
    year, month = anchor.doc.year, anchor.doc.month
    if (day > anchor.doc.day) != anchor.ahead and day != anchor.doc.day:
        year, month = _shift_month(anchor.doc, 1 if anchor.ahead else -1)
    found = _valid(year, month, day)
    return _day(found, "doc_date_ordinal") if found else None


def _weekday(hit: re.Match[str], anchor: Anchor) -> Value:
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


def _today(hit: re.Match[str], anchor: Anchor) -> Value:
    if anchor.doc is None:
        return OPEN
    shift = {"yesterday": -1, "tomorrow": 1}.get(hit.group().lower(), 0)
    return _day(anchor.doc + timedelta(days=shift), "doc_date")


def _relative(hit: re.Match[str], anchor: Anchor) -> Value:
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


def _quarter(hit: re.Match[str], anchor: Anchor) -> Value:
    number = _QUARTER[hit["q"].lower()]
    if hit["year"]:
        return _quarter_of(int(hit["year"]), number, "explicit")
    if anchor.doc is None:
        return OPEN
    shift = -1 if "last year" in hit.group() else 0
    return _quarter_of(anchor.doc.year + shift, number, "doc_date")


def _half(hit: re.Match[str], anchor: Anchor) -> Value:
    year = int(hit["year"]) if hit["year"] else anchor.doc.year if anchor.doc else 0
    if not year:
        return OPEN
    first, last = ("01", "06") if hit["q"].lower() == "first" else ("07", "12")
    return _span(
        f"{year:04d}-{first}", f"{year:04d}-{last}", "period", "explicit" if hit["year"] else "doc_date"
    )


def _season(hit: re.Match[str], anchor: Anchor) -> Value:
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


def _ago(hit: re.Match[str], anchor: Anchor) -> Value:
    if anchor.doc is None:
        return OPEN
    count, unit = _count(hit["n"]), hit["unit"].lower()
    return _stepped(anchor.doc, -count, unit, "doc_date")


def _stepped(day: date, count: int, unit: str, basis: Basis) -> Value:
    if unit == "day":
        return _day(day + timedelta(days=count), basis)
    if unit == "decade":
        return _year(day.year + 10 * count, basis)
    return _period(day, unit, count, basis)


def _later(hit: re.Match[str], anchor: Anchor) -> Value:
    at = _anchor_day(anchor)
    if at is None:
        return OPEN
    sign = 1 if hit["dir"].lower() in ("later", "after") else -1
    return _stepped(at, sign * _count(hit["n"]), hit["unit"].lower(), "anaphoric")


def _same(hit: re.Match[str], anchor: Anchor) -> Value:
    unit = hit["unit"].lower()
    last = anchor.of(unit)
    if last is None or not last.first:
        return OPEN
    if unit in ("day", last.precision):
        return Value(last.first, last.last, last.precision, "anaphoric")
    at = _anchor_day(anchor)
    assert at is not None
    return _period(at, unit, 0, "anaphoric")


def _next_day(hit: re.Match[str], anchor: Anchor) -> Value:
    at = _anchor_day(anchor)
    if at is None:
        return OPEN
    shift = -1 if hit["which"].lower() in ("previous", "preceding") or "before" in hit.group().lower() else 1
    return _stepped(at, shift, hit["unit"].lower(), "anaphoric")


def _end_of_month(hit: re.Match[str], anchor: Anchor) -> Value:
    return _month_year(hit, anchor) if hit["year"] else _month_alone(hit, anchor)


def _end_of(hit: re.Match[str], anchor: Anchor) -> Value:
    if anchor.doc is None:
        return OPEN
    return _period(anchor.doc, hit["unit"].lower(), 0, "doc_date")


def _year_alone(hit: re.Match[str], _: Anchor) -> Value:
    return _year(int(hit["year"]), "explicit")


_LAST_MONTH_NAMED = re.compile(rf"\b(?P<which>last|next)\s+{_M}\b(?!\s+\d)")
# What may follow "the 13th" where that is a day: no noun ("the 13th round").
_NO_NOUN = (
    r"(?!\s+(?!(?:that|and|in|at|with|but|after|when|as|to|for|by|local|of\s+this|of\s+last|of\s+the)\b)[a-z])"
    r"(?!\s+[A-Z])"
)
_BEFORE_MONTH = (
    r"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Aa]fter|[Dd]uring|[Bb]y|[Bb]efore|[Ff]rom|of|to|"
    r"[Ee]arly|[Ll]ate|[Mm]id)[\s-]+"
)
_QUARTERLY = rf"quarter(?:\s+of)?(?:\s+(?:{_Y}|this year|last year))?"
_WHICH = r"(?P<which>last|past|previous|this|current|next|coming)"
_YEAR_ENDS = r"(?![\w%]|[.,]\d|-|\s+(?:barrels|tonnes|tons|people|soldiers|troops|km|MW|dollars))"

#: Patterns with what they mean; where two overlap, the earlier one counts.
RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], Anchor], Value | None]], ...] = (
    (re.compile(rf"\b{_Y}-(?P<m>\d\d)-(?P<day>\d\d)\b"), _iso),
    (re.compile(rf"\b{_D}\s+(?:of\s+)?{_M},?\s+{_Y}\b"), _full),
    (re.compile(rf"\b{_M}\s+{_D},?\s+{_Y}\b"), _full),
    (re.compile(rf"\b(?:between|from)\s+{_M}\s+(?:and|to|until)\s+{_M2}(?:\s+{_Y})?\b"), _month_range),
    (re.compile(rf"\b{_M}\s?[-–]\s?{_M2}(?:\s+{_Y})?\b"), _month_range),
    (re.compile(rf"(?<![\w-]){_Y}\s?[-–/]\s?(?P<last>(?:19|20)?\d\d)(?![\w-])"), _year_range),
    (re.compile(rf"\b(?:between|from)\s+{_Y}\s+(?:and|to)\s+(?P<last>(?:19|20)\d\d)\b"), _year_range),
    (re.compile(rf"\b{_Y}s\b"), _decade),
    (re.compile(rf"\bQ(?P<q>[1-4])\s*(?:of\s+)?(?:{_Y})?\b"), _quarter),
    (re.compile(rf"\b(?:the\s+)?(?P<q>first|second|third|fourth)\s+{_QUARTERLY}"), _quarter),
    (re.compile(rf"\b(?:the\s+)?(?P<q>first|second)\s+half\s+of\s+(?:{_Y}|this year|the year)"), _half),
    (re.compile(rf"\b(?:the\s+)?end(?:\s+of\s+|-){_M}(?:\s+{_Y})?\b"), _end_of_month),
    (re.compile(r"\b(?:the\s+)?end\s+of\s+(?:the|this)\s+(?P<unit>month|year|week)\b"), _end_of),
    (re.compile(rf"\b{_M},?\s+(?:of\s+)?{_Y}\b"), _month_year),
    (re.compile(rf"\b{_D}\s+{_M}\b(?!\s+\d{{4}})"), _month_day),
    (re.compile(rf"\b{_M}\s+{_D}\b(?![,.]?\d|\s+(?:percent|per cent|million|billion))"), _month_day),
    (re.compile(rf"\b{_M},?\s+(?:of\s+)?(?P<which>last|this|next)\s+year\b"), _month_relative),
    (_LAST_MONTH_NAMED, _month_relative),
    (re.compile(rf"\b(?:(?P<which>this|last|next)\s+)?{_WD}\b"), _weekday),
    (re.compile(r"\b(?:[Tt]oday|[Yy]esterday|[Tt]omorrow|[Tt]onight)\b"), _today),
    (re.compile(rf"\b{_N}\s+{_U}\s+ago\b", re.IGNORECASE), _ago),
    (re.compile(rf"\b{_N}\s+{_U}\s+(?P<dir>later|earlier|after|before)\b", re.IGNORECASE), _later),
    (re.compile(r"\b(?:that|the)\s+same\s+(?P<unit>day|week|month|year)\b", re.IGNORECASE), _same),
    (re.compile(r"\bthat\s+(?P<unit>day|week|month|year)\b"), _same),
    (
        re.compile(rf"\bthe\s+(?P<which>following|next|previous|preceding)\s+{_U1}\b", re.IGNORECASE),
        _next_day,
    ),
    (re.compile(r"\bthe\s+(?P<which>)(?P<unit>day)\s+(?:before|after)\b", re.IGNORECASE), _next_day),
    (
        re.compile(
            rf"\b(?:earlier\s+|later\s+|within\s+)?(?:the\s+)?{_WHICH}\s+(?P<unit>week|month|quarter|year|decade)\b",
            re.IGNORECASE,
        ),
        _relative,
    ),
    (
        re.compile(
            r"\b(?:(?P<which>last|this|next)\s+)?(?:early\s+|late\s+|mid-)?"
            rf"(?P<season>spring|summer|autumn|winter)(?:\s+(?:of\s+)?{_Y})?\b"
        ),
        _season,
    ),
    (re.compile(r"\b(?P<which>last|this|next)\s+(?P<season>fall)(?P<year>)\b"), _season),
    (re.compile(rf"\b[Tt]he\s+(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)\b{_NO_NOUN}"), _ordinal),
    (re.compile(r"\bin\s+(?P<same>the)\s+(?P<unit>month|year)\b(?!\s+(?:of|to))"), _same),
    (re.compile(rf"{_BEFORE_MONTH}{_M}\b(?!\s+\d)"), _month_alone),
    (re.compile(rf"(?<![\w$€£¥.,-])(?<!No\. ){_Y}{_YEAR_ENDS}"), _year_alone),
)
