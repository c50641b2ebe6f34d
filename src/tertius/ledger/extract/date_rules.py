"""The patterns of date expressions, each with the function that says what it means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tertius.ledger.extract import date_periods as over
from tertius.ledger.extract import date_values as to

if TYPE_CHECKING:
    from collections.abc import Callable

_M = (
    r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|"
    r"Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_M2 = _M.replace("?P<month>", "?P<month2>")
_D = r"(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)?"
_Y = r"(?P<year>(?:19|20)\d\d)"
_N = r"(?P<n>\d+|a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_U = r"(?P<unit>day|week|fortnight|month|year|decade)s?"
_WD = r"(?P<weekday>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"


_U1 = r"(?P<unit>day|week|month|year)"
# What may follow "the 13th" where that is a day: no noun ("the 13th round").
_NO_NOUN = (
    r"(?!\s+(?!(?:that|and|in|at|with|but|after|when|as|to|for|by|local|of\s+this|of\s+last|of\s+the)\b)[a-z])"
    r"(?!\s+[A-Z])"
)
_BEFORE_MONTH = (
    r"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Aa]fter|[Dd]uring|[Bb]y|[Bb]efore|[Ff]rom|of|to|"
    r"[Ee]arly|[Ll]ate|[Mm]id|[Ff]or)[\s-]+"
)
_QUARTERLY = rf"quarter(?:\s+of)?(?:\s+(?:{_Y}|this year|last year))?"
_WHICH = r"(?P<which>last|past|previous|this|current|next|coming)"
_YEAR_ENDS = r"(?![\w%]|[.,]\d|-|\s+(?:barrels|tonnes|tons|people|soldiers|troops|km|MW|dollars))"

#: Patterns with what they mean; where two overlap, the earlier one counts.
RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], to.Anchor], to.Value | None]], ...] = (
    (re.compile(rf"\b{_Y}-(?P<m>\d\d)-(?P<day>\d\d)\b"), to.iso),
    (re.compile(rf"\b{_D}\s+(?:of\s+)?{_M},?\s+{_Y}\b"), to.full),
    (re.compile(rf"\b{_M}\s+{_D},?\s+{_Y}\b"), to.full),
    (re.compile(rf"\b(?:between|from)\s+{_M}\s+(?:and|to|until)\s+{_M2}(?:\s+{_Y})?\b"), over.month_range),
    (re.compile(rf"\b{_M}\s?[-–]\s?{_M2}(?:\s+{_Y})?\b"), over.month_range),
    (re.compile(rf"(?<![\w-]){_Y}\s?[-–/]\s?(?P<last>(?:19|20)?\d\d)(?![\w-])"), over.year_range),
    (re.compile(rf"\b(?:between|from)\s+{_Y}\s+(?:and|to)\s+(?P<last>(?:19|20)\d\d)\b"), over.year_range),
    (re.compile(rf"\b{_Y}s\b"), over.decade),
    (re.compile(rf"\bQ(?P<q>[1-4])\s*(?:of\s+)?(?:{_Y})?\b"), over.quarter),
    (re.compile(rf"\b(?:the\s+)?(?P<q>first|second|third|fourth)\s+{_QUARTERLY}"), over.quarter),
    (re.compile(rf"\b(?:the\s+)?(?P<q>first|second)\s+half\s+of\s+(?:{_Y}|this year|the year)"), over.half),
    (re.compile(rf"\b(?:the\s+)?end(?:\s+of\s+|-){_M}(?:\s+{_Y})?\b"), to.end_of_month),
    (re.compile(r"\b(?:the\s+)?end\s+of\s+(?:the|this)\s+(?P<unit>month|year|week)\b"), over.end_of),
    (re.compile(rf"\b{_M},?\s+(?:of\s+)?{_Y}\b"), to.month_year),
    (re.compile(rf"\bthe\s+week\s+(?:to|ending|ended)\s+{_D}\s+{_M}(?:\s+{_Y})?\b"), over.week_to),
    (
        re.compile(rf"\b(?:the\s+)?first\s+{_N}\s+months(?:\s+of\s+(?:{_Y}|this year|the year))?\b"),
        over.first_months,
    ),
    (
        re.compile(rf"\b(?:the\s+)?(?P<which>last|past|next|coming)\s+{_N}\s+{_U}\b", re.IGNORECASE),
        over.several,
    ),
    (re.compile(r"\b(?:by\s+|at\s+|the\s+)?(?:end-year|year-end|the\s+year's\s+end)\b"), over.this_year),
    (re.compile(r"\b(?:the|(?P<which>this|last|next))\s+weekend\b", re.IGNORECASE), over.weekend),
    (
        re.compile(r"\b(?:that|the)\s+same\s+(?:morning|afternoon|evening|night)\b", re.IGNORECASE),
        to.same_day,
    ),
    (re.compile(rf"\b{_D}\s+{_M}\b(?!\s+\d{{4}})"), to.month_day),
    (re.compile(rf"\b{_M}\s+{_D}\b(?![,.]?\d|\s+(?:percent|per cent|million|billion))"), to.month_day),
    (re.compile(rf"\b{_M},?\s+(?:of\s+)?(?P<which>last|this|next)\s+year\b"), to.month_relative),
    (re.compile(rf"\b(?P<which>last|next)\s+{_M}\b(?!\s+\d)"), to.month_named),
    (re.compile(rf"\b(?:(?P<which>this|last|next)\s+)?{_WD}\b"), to.weekday),
    (re.compile(r"\b(?:[Tt]oday|[Yy]esterday|[Tt]omorrow|[Tt]onight)\b"), to.today),
    (re.compile(rf"\b{_N}\s+{_U}\s+ago\b", re.IGNORECASE), to.ago),
    (re.compile(rf"\b{_N}\s+{_U}\s+(?P<dir>later|earlier|after|before)\b", re.IGNORECASE), to.later),
    (re.compile(r"\b(?:that|the)\s+same\s+(?P<unit>day|week|month|year)\b", re.IGNORECASE), to.same),
    (re.compile(r"\bthat\s+(?P<unit>day|week|month|year)\b"), to.same),
    (
        re.compile(rf"\bthe\s+(?P<which>following|next|previous|preceding)\s+{_U1}\b", re.IGNORECASE),
        to.next_day,
    ),
    (re.compile(r"\bthe\s+(?P<which>)(?P<unit>day)\s+(?:before|after)\b", re.IGNORECASE), to.next_day),
    (
        re.compile(
            rf"\b(?:earlier\s+|later\s+|within\s+)?(?:the\s+)?{_WHICH}\s+(?P<unit>week|month|quarter|year|decade)\b",
            re.IGNORECASE,
        ),
        over.relative,
    ),
    (
        re.compile(
            r"\b(?:(?P<which>last|this|next)\s+)?(?:early\s+|late\s+|mid-)?"
            rf"(?P<season>spring|summer|autumn|winter)(?:\s+(?:of\s+)?{_Y})?\b"
        ),
        over.season,
    ),
    (re.compile(r"\b(?P<which>last|this|next)\s+(?P<season>fall)(?P<year>)\b"), over.season),
    (re.compile(rf"\b[Tt]he\s+(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)\b{_NO_NOUN}"), to.ordinal),
    (re.compile(r"\bin\s+(?P<same>the)\s+(?P<unit>month|year)\b(?!\s+(?:of|to))"), to.same),
    (re.compile(rf"{_BEFORE_MONTH}{_M}\b(?!\s+\d)"), to.month_alone),
    (re.compile(rf"\bthe\s+{_M}(?=\s+[a-z])"), to.month_alone),
    (re.compile(rf"(?<![\w$€£¥.,-])(?<!No\. ){_Y}{_YEAR_ENDS}"), to.year_alone),
)

#: Cheap test before them: a text without any of this holds no date.
POSSIBLE = re.compile(
    rf"\d|\b{_M}|day\b|end-year|year-end|weekend|\b(?:same|fortnight|tomorrow|tonight|spring|summer|autumn|fall|winter|half)\b|"
    r"\b(?:day|week|month|quarter|year|decade)s?\b",
    re.IGNORECASE,
)
