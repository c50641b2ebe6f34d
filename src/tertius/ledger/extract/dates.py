"""When: explicit dates, dates relative to the document's date, ordinals ("On the 13th") and anaphora ("the same day").

The document's date is metadata. Without it a relative expression is found but stays unresolved (precision none).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from tertius.ledger.record import EventDate

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

_M = r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
_M2 = _M.replace("?P<month>", "?P<month2>")
_D = r"(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)?"
_Y = r"(?P<year>(?:19|20)\d\d)"
_N = r"(?P<n>\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_U = r"(?P<unit>day|week|month|year|decade)s?"
_WD = r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"


_AHEAD = frozenset(
    (
        "will",
        "shall",
        "would",
        "plan",
        "plans",
        "expected",
        "scheduled",
        "due",
        "set to",
        "to be held",
        "upcoming",
    )
    + ("hopes to", "hope to", "aims to", "wants to", "intends to", "seeks to", "could", "may", "might")
)
_VERBS = re.compile(
    r"\b(will|shall|would|could|may|might|plans?|expected|scheduled|due|set to|to be held|upcoming|was|were|had|has|have|"
    r"(?:hopes?|aims|wants|intends|seeks) to|\w{3,}ed|met|held|said|told|sent|fell|slid)\b"
)
_CUE = re.compile(r"\b(since|before|after|until|by|from|till|through)(?:\s+the)?\s*$", re.IGNORECASE)
_CUE_INSIDE = re.compile(r"(since|before|after|until|by|from|till|through)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date expression; `start` and `end` are characters of the paragraph."""

    start: int
    end: int
    text: str
    first: str
    last: str
    precision: Precision
    basis: Basis
    cue: str = ""  # since, before, by, until ...

    def as_record(self) -> EventDate:
        """The record's form."""
        return EventDate(
            text=self.text, start=self.first, end=self.last, precision=self.precision, basis=self.basis
        )


@dataclass(frozen=True, slots=True)
class _Value:
    first: str
    last: str
    precision: Precision
    basis: Basis


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What an expression may lean on: the document's date, the last date named, and whether the clause looks ahead."""

    doc: date | None
    last: _Value | None
    ahead: bool


def dates(text: str, published: date | None, last: DateMention | None = None) -> list[DateMention]:
    """Date expressions of a paragraph, left to right.

    Parameters
    ----------
    text : the paragraph.
    published : the document's date; None leaves relative dates unresolved.
    last : the last date of the paragraphs before, for "the same day".
    """
    found: list[DateMention] = []
    for start, end, hit, rule in _matches(text):
        before = found[-1] if found else last
        memory = _Value(before.first, before.last, before.precision, before.basis) if before else None
        value = rule(hit, _Anchor(published, memory, _looks_ahead(text, start)))
        if value is not None:
            cue = _cue(text, start)
            found.append(
                DateMention(
                    start, end, text[start:end], value.first, value.last, value.precision, value.basis, cue
                )
            )
    return found


def _matches(
    text: str,
) -> list[tuple[int, int, re.Match[str], Callable[[re.Match[str], _Anchor], _Value | None]]]:
    """Non-overlapping hits; earlier rules win over later ones."""
    taken: list[tuple[int, int]] = []
    hits = []
    for pattern, rule in _RULES:
        for hit in pattern.finditer(text):
            a, b = hit.span()
            if all(b <= x or y <= a for x, y in taken):
                taken.append((a, b))
                hits.append((a, b, hit, rule))
    return sorted(hits, key=lambda h: h[0])


def _cue(text: str, start: int) -> str:
    hit = _CUE.search(text[:start]) or _CUE_INSIDE.match(text[start:])
    return hit.group(1).lower() if hit else ""


def _looks_ahead(text: str, start: int) -> bool:
    """Whether the clause speaks of the future: "will begin on May 12"."""
    clause = re.split(r"[.;!?]\s", text[:start])[-1]
    verbs = _VERBS.findall(clause)
    if not verbs:
        return _cue(text, start) in ("before", "by", "until")
    return verbs[-1] in _AHEAD


# --- values ---------------------------------------------------------------------------------------------------------


def _day(value: date, basis: Basis) -> _Value:
    return _Value(value.isoformat(), value.isoformat(), "day", basis)


def _month(year: int, month: int, basis: Basis) -> _Value:
    text = f"{year:04d}-{month:02d}"
    return _Value(text, text, "month", basis)


def _year(year: int, basis: Basis) -> _Value:
    return _Value(f"{year:04d}", f"{year:04d}", "year", basis)


def _span(first: str, last: str, precision: Precision, basis: Basis) -> _Value:
    return _Value(first, last, precision, basis)


_OPEN = _Value("", "", "none", "none")


def _month_number(text: str) -> int:
    return next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(text.lower().rstrip(".")[:3]))


def _count(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBER[text.lower()]


def _shift_month(day: date, months: int) -> tuple[int, int]:
    at = day.year * 12 + day.month - 1 + months
    return at // 12, at % 12 + 1


def _valid(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if 1 <= day <= monthrange(year, month)[1] else None


def _near(anchor: _Anchor, month: int, day: int = 0) -> int:
    """Year of a month (or day) named without one: the last such, or the next if the clause looks ahead."""
    assert anchor.doc is not None
    now = (anchor.doc.month, anchor.doc.day if day else 0)
    then = (month, day)
    if anchor.ahead:
        return anchor.doc.year + (then < now)
    return anchor.doc.year - (then > now)


def _anchor_day(anchor: _Anchor) -> date | None:
    """First day of the last date named, else the document's date."""
    if anchor.last and anchor.last.first:
        parts = [int(x) for x in anchor.last.first.split("-")]
        return date(parts[0], *[*parts[1:], 1, 1][:2])
    return anchor.doc


# --- rules ----------------------------------------------------------------------------------------------------------


def _full(hit: re.Match[str], anchor: _Anchor) -> _Value | None:
    day = _valid(int(hit["year"]), _month_number(hit["month"]), int(hit["day"]))
    return _day(day, "explicit") if day else None


def _iso(hit: re.Match[str], anchor: _Anchor) -> _Value | None:
    month = int(hit["m"])
    day = _valid(int(hit["year"]), month, int(hit["day"])) if 1 <= month <= 12 else None
    return _day(day, "explicit") if day else None


def _month_year(hit: re.Match[str], anchor: _Anchor) -> _Value:
    return _month(int(hit["year"]), _month_number(hit["month"]), "explicit")


def _month_range(hit: re.Match[str], anchor: _Anchor) -> _Value:
    one, two = _month_number(hit["month"]), _month_number(hit["month2"])
    if hit["year"]:
        year, basis = int(hit["year"]), "explicit"
    elif anchor.doc:
        year, basis = _near(anchor, two), "doc_date"
    else:
        return _OPEN
    return _span(f"{year - (one > two):04d}-{one:02d}", f"{year:04d}-{two:02d}", "period", basis)  # type: ignore[arg-type]


def _year_range(hit: re.Match[str], anchor: _Anchor) -> _Value:
    last = hit["last"]
    return _span(hit["year"], hit["year"][:2] + last if len(last) == 2 else last, "period", "explicit")


def _decade(hit: re.Match[str], anchor: _Anchor) -> _Value:
    return _span(hit["year"], str(int(hit["year"]) + 9), "period", "explicit")


def _month_day(hit: re.Match[str], anchor: _Anchor) -> _Value | None:
    if anchor.doc is None:
        return _OPEN
    month, day = _month_number(hit["month"]), int(hit["day"])
    found = _valid(_near(anchor, month, day), month, day)
    return _day(found, "doc_date") if found else None


def _month_relative(hit: re.Match[str], anchor: _Anchor) -> _Value:
    if anchor.doc is None:
        return _OPEN
    shift = {"last": -1, "this": 0, "next": 1, "previous": -1}[hit["which"].lower()]
    month = _month_number(hit["month"])
    if hit.re is _LAST_MONTH_NAMED:  # "last December": the most recent one
        year = anchor.doc.year + (
            -(month >= anchor.doc.month) if shift < 0 else (month <= anchor.doc.month) * (shift > 0)
        )
        return _month(year, month, "doc_date")
    return _month(anchor.doc.year + shift, month, "doc_date")


def _month_alone(hit: re.Match[str], anchor: _Anchor) -> _Value:
    if anchor.doc is None:
        return _OPEN
    month = _month_number(hit["month"])
    return _month(_near(anchor, month), month, "doc_date")


def _ordinal(hit: re.Match[str], anchor: _Anchor) -> _Value | None:
    if anchor.doc is None:
        return _OPEN
    day = int(hit["day"])
    year, month = anchor.doc.year, anchor.doc.month
    if (day > anchor.doc.day) != anchor.ahead and day != anchor.doc.day:
        year, month = _shift_month(anchor.doc, 1 if anchor.ahead else -1)
    found = _valid(year, month, day)
    return _day(found, "doc_date_ordinal") if found else None


def _weekday(hit: re.Match[str], anchor: _Anchor) -> _Value:
    if anchor.doc is None:
        return _OPEN
    wanted = _DAYS.index(hit["weekday"].lower())
    back = (anchor.doc.weekday() - wanted) % 7
    which = (hit["which"] or "").lower()
    if which == "next" or (anchor.ahead and which != "last"):
        return _day(anchor.doc + timedelta(days=(7 - back) % 7 or 7), "doc_date")
    if which == "last" and back == 0:
        back = 7
    return _day(anchor.doc - timedelta(days=back), "doc_date")


def _today(hit: re.Match[str], anchor: _Anchor) -> _Value:
    if anchor.doc is None:
        return _OPEN
    shift = {"yesterday": -1, "tomorrow": 1}.get(hit.group().lower(), 0)
    return _day(anchor.doc + timedelta(days=shift), "doc_date")


def _relative(hit: re.Match[str], anchor: _Anchor) -> _Value:
    """`this month`, `last year`, `next week`."""
    if anchor.doc is None:
        return _OPEN
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


def _period(day: date, unit: str, shift: int, basis: Basis) -> _Value:
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


def _quarter_of(year: int, quarter: int, basis: Basis) -> _Value:
    return _span(f"{year:04d}-{3 * quarter - 2:02d}", f"{year:04d}-{3 * quarter:02d}", "quarter", basis)


def _quarter(hit: re.Match[str], anchor: _Anchor) -> _Value:
    number = _QUARTER[hit["q"].lower()]
    if hit["year"]:
        return _quarter_of(int(hit["year"]), number, "explicit")
    if anchor.doc is None:
        return _OPEN
    shift = -1 if "last year" in hit.group() else 0
    return _quarter_of(anchor.doc.year + shift, number, "doc_date")


def _half(hit: re.Match[str], anchor: _Anchor) -> _Value:
    year = int(hit["year"]) if hit["year"] else anchor.doc.year if anchor.doc else 0
    if not year:
        return _OPEN
    first, last = ("01", "06") if hit["q"].lower() == "first" else ("07", "12")
    return _span(
        f"{year:04d}-{first}", f"{year:04d}-{last}", "period", "explicit" if hit["year"] else "doc_date"
    )


def _season(hit: re.Match[str], anchor: _Anchor) -> _Value:
    first, last = _SEASON[hit["season"].lower()]
    if hit["year"]:
        year, basis = int(hit["year"]), "explicit"
    elif anchor.doc is None:
        return _OPEN
    else:
        shift = {"last": -1, "next": 1}.get((hit["which"] or "").lower(), 0)
        started = first <= anchor.doc.month
        year = anchor.doc.year + (shift if started or shift >= 0 else -1)
        # "last autumn" said in November is last year's; said in March it is the one that just ended
        basis = "doc_date"
    return _span(f"{year:04d}-{first:02d}", f"{year + (last < first):04d}-{last:02d}", "period", basis)  # type: ignore[arg-type]


def _ago(hit: re.Match[str], anchor: _Anchor) -> _Value:
    if anchor.doc is None:
        return _OPEN
    count, unit = _count(hit["n"]), hit["unit"].lower()
    return _stepped(anchor.doc, -count, unit, "doc_date")


def _stepped(day: date, count: int, unit: str, basis: Basis) -> _Value:
    if unit == "day":
        return _day(day + timedelta(days=count), basis)
    if unit == "decade":
        return _year(day.year + 10 * count, basis)
    return _period(day, unit, count, basis)


def _later(hit: re.Match[str], anchor: _Anchor) -> _Value:
    at = _anchor_day(anchor)
    if at is None:
        return _OPEN
    sign = 1 if hit["dir"].lower() in ("later", "after") else -1
    return _stepped(at, sign * _count(hit["n"]), hit["unit"].lower(), "anaphoric")


def _same(hit: re.Match[str], anchor: _Anchor) -> _Value:
    last = anchor.last
    if last is None or not last.first:
        return _OPEN
    unit = hit["unit"].lower()
    if unit == "day" or last.precision == unit:
        return _Value(last.first, last.last, last.precision, "anaphoric")
    at = _anchor_day(anchor)
    assert at is not None
    return _period(at, unit, 0, "anaphoric")


def _next_day(hit: re.Match[str], anchor: _Anchor) -> _Value:
    at = _anchor_day(anchor)
    if at is None:
        return _OPEN
    shift = -1 if hit["which"].lower() in ("previous", "preceding") or "before" in hit.group().lower() else 1
    return _stepped(at, shift, hit["unit"].lower(), "anaphoric")


def _end_of(hit: re.Match[str], anchor: _Anchor) -> _Value:
    """`the end of March`, `end-March`: the month itself; `the end of the year`: the year."""
    if hit["month"]:
        return _month_alone(hit, anchor) if not hit["year"] else _month_year(hit, anchor)
    if anchor.doc is None:
        return _OPEN
    return _period(anchor.doc, hit["unit"].lower(), 0, "doc_date")


def _year_alone(hit: re.Match[str], anchor: _Anchor) -> _Value:
    return _year(int(hit["year"]), "explicit")


_LAST_MONTH_NAMED = re.compile(rf"\b(?P<which>last|next)\s+{_M}\b(?!\s+\d)")

_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], _Anchor], _Value | None]], ...] = (
    (re.compile(rf"\b{_Y}-(?P<m>\d\d)-(?P<day>\d\d)\b"), _iso),
    (re.compile(rf"\b{_D}\s+(?:of\s+)?{_M},?\s+{_Y}\b"), _full),
    (re.compile(rf"\b{_M}\s+{_D},?\s+{_Y}\b"), _full),
    (re.compile(rf"\b(?:between|from)\s+{_M}\s+(?:and|to|until)\s+{_M2}(?:\s+{_Y})?\b"), _month_range),
    (re.compile(rf"\b{_M}\s?[-–]\s?{_M2}(?:\s+{_Y})?\b"), _month_range),
    (re.compile(rf"(?<![\w-]){_Y}\s?[-–/]\s?(?P<last>(?:19|20)?\d\d)(?![\w-])"), _year_range),
    (re.compile(rf"\b(?:between|from)\s+{_Y}\s+(?:and|to)\s+(?P<last>(?:19|20)\d\d)\b"), _year_range),
    (re.compile(rf"\b{_Y}s\b"), _decade),
    (re.compile(rf"\bQ(?P<q>[1-4])\s*(?:of\s+)?(?:{_Y})?\b"), _quarter),
    (re.compile(rf"\b(?:the\s+)?(?P<q>first|second|third|fourth)\s+quarter(?:\s+of)?(?:\s+(?:{_Y}|this year|last year))?"), _quarter),
    (re.compile(rf"\b(?:the\s+)?(?P<q>first|second)\s+half\s+of\s+(?:{_Y}|this year|the year)"), _half),
    (re.compile(rf"\b(?:the\s+)?end(?:\s+of\s+|-)(?:{_M}(?:\s+{_Y})?|(?:the|this)\s+(?P<unit>month|year|week))\b"), _end_of),
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
    (re.compile(r"\b(?:the\s+)(?P<which>following|next|previous|preceding)\s+(?P<unit>day|week|month|year)\b", re.IGNORECASE), _next_day),
    (re.compile(r"\bthe\s+(?P<which>)(?P<unit>day)\s+(?:before|after)\b", re.IGNORECASE), _next_day),
    (re.compile(r"\b(?:earlier\s+|later\s+|within\s+)?(?:the\s+)?(?P<which>last|past|previous|this|current|next|coming)\s+(?P<unit>week|month|quarter|year|decade)\b", re.IGNORECASE), _relative),
    (re.compile(rf"\b(?:(?P<which>last|this|next)\s+)?(?:early\s+|late\s+|mid-)?(?P<season>spring|summer|autumn|winter)(?:\s+(?:of\s+)?{_Y})?\b"), _season),
    (re.compile(r"\b(?P<which>last|this|next)\s+(?P<season>fall)(?P<year>)\b"), _season),
    (re.compile(r"\b[Tt]he\s+(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)\b(?!\s+(?!that\b|and\b|in\b|at\b|with\b|but\b|after\b|when\b|as\b|to\b|of\s+this\b|of\s+last\b|of\s+the\b|for\b|by\b|local\b)[a-z])(?!\s+[A-Z])"), _ordinal),
    (re.compile(r"\bin\s+(?P<same>the)\s+(?P<unit>month|year)\b(?!\s+(?:of|to))"), _same),
    (re.compile(rf"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Aa]fter|[Dd]uring|[Bb]y|[Bb]efore|[Ff]rom|of|to|[Ee]arly|[Ll]ate|[Mm]id)[\s-]+{_M}\b(?!\s+\d)"), _month_alone),
    (re.compile(rf"(?<![\w$€£¥.,-])(?<!No\. ){_Y}(?![\w%]|[.,]\d|-|\s+(?:barrels|tonnes|tons|people|soldiers|troops|km|MW|dollars))"), _year_alone),
)  # fmt: skip
