"""The patterns of date expressions, each with the function that says what it means."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tertius.ledger.extract import date_periods as over
from tertius.ledger.extract import date_ranges as across
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
_Y2 = r"(?P<year2>(?:19|20)\d\d)"
_D2 = r"(?P<day2>[12]?\d|3[01])(?:st|nd|rd|th)?"
_TO = r"(?:\s?[-–—]\s?|\s(?:to|until|till|through|and)\s(?:the\s)?)"
_UNTIL = r"(?:\s?[-–—]\s?|\s(?:to|until|till|through)\s)"
_JOIN = r"(?:\b(?:[Bb]etween|[Ff]rom)\s+(?:the\s+)?)"
_DAYNAME = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_WD_BEFORE = rf"(?:\b{_DAYNAME},?\s+(?:the\s+)?)?"
# What may follow "the 13th" where that is a day: no noun ("the 13th round"), no name ("the 20th Congress").
_NO_NOUN = (
    r"(?!\s+(?!(?:that|and|in|at|with|but|after|when|as|to|for|by|local|it|he|she|they|we|the|its|his|her|their|a|an|"
    r"was|were|is|are|had|has|will|would|said|of\s+(?:this|last|the|next))\b|\w+ed\b)[a-z])"
    r"(?!\s+(?:Congress|Party|Session|Plenum|Summit|Century|Anniversary|Division|Brigade|Army|Fleet|Amendment|Round|"
    r"Meeting|Session|Assembly|Conference|Package|Street|Avenue)\b)"
)
_BEFORE_MONTH = (
    r"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Tt]ill|[Aa]fter|[Dd]uring|[Bb]y|[Bb]efore|[Ff]rom|[Oo]f|to|through|and|or|"
    r"[Ee]arly|[Ll]ate|[Mm]id|[Ff]or|[Tt]hroughout|[Oo]ver|[Ee]very|as\s+early\s+as|as\s+late\s+as)[\s-]+"
    r"(?:(?:early|late|mid)[\s-]+)?"
)
# Months that are no other word or given name; they need no preposition ("October exports").
_PLAIN_MONTH = r"(?P<month>January|February|July|August|September|October|November|December)"
_ANY_MONTH = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December)"
)
_OWNED = r"(?:[Tt]he|[Aa]n?|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|[Oo]ur|[Tt]his|\w+['’]s?)"
_OF_YEAR = rf"(?:(?:\s+of|,|\s+in)?\s+(?:{_Y}|(?P<of>(?:this|last|next|the)\s+year)))?"
_WHICH = r"(?P<which>last|previous|this|current|next|coming)"
_YEAR_ENDS = (
    r"(?![\w%]|[.,]\d|-(?!\d)|\s+(?:barrels?|bpd|b/d|tonnes?|tons?|t|kg|people|soldiers|troops|men|women|workers|prisoners|"
    r"refugees|migrants|civilians|families|homes|jobs|containers|doses|vehicles|trucks|tanks|shells|rounds|metres|meters|"
    r"miles|km|kilometres|kilometers|MW|megawatts|hours|dollars|euros|roubles|rubles|yuan)\b)"
)
_PART = r"(?:early|late|mid|middle|start|beginning|turn)"
_ENDS = r"(?:end|close)"
_SEASON = r"(?P<season>spring|summer|autumn|winter)"
_NTH = r"(?P<side>first|second|third|last|final)"
_BOOKS = r"(?:financial|fiscal|budget|tax|marketing)"
_AT_END = r"(?=[.,;:)]|\s+(?:that|this)\b|$)"

_Rule = tuple[str, re.Pattern[str], "Callable[[re.Match[str], to.Anchor], to.Value | None]"]


def _rules(
    gate: str, *pairs: tuple[str, Callable[[re.Match[str], to.Anchor], to.Value | None]]
) -> tuple[_Rule, ...]:
    """Rules that need a kind of word (see `GATES`); `(?i)` in front of a pattern makes it blind to case."""
    return tuple((gate, re.compile(pattern), meaning) for pattern, meaning in pairs)


_RANGES_OF_DAYS = _rules(
    "day of month",
    (
        rf"{_JOIN}{_D}\s+{_M},?\s+{_Y}\s+(?:and|to|until|till|through)\s+{_D2}\s+{_M2},?\s+{_Y2}\b",
        across.dated_range,
    ),
    (
        rf"{_JOIN}{_M}\s+{_D},?\s+{_Y},?\s+(?:and|to|until|till|through)\s+{_M2}\s+{_D2},?\s+{_Y2}\b",
        across.dated_range,
    ),
    (rf"{_JOIN}{_M}\s+{_Y}\s+(?:and|to|until|till|through)\s+{_M2}\s+{_Y2}\b", across.dated_range),
    (rf"(?:{_JOIN}|\b)(?:the\s)?{_D}\s+{_M}{_UNTIL}{_D2}\s+{_M2}(?:,?\s+{_Y})?\b", across.days_over_months),
    (rf"{_JOIN}{_D}\s+{_M}\s+and\s+{_D2}\s+{_M2}(?:,?\s+{_Y})?\b", across.days_over_months),
    (rf"(?:{_JOIN}|\b){_M}\s+{_D}{_UNTIL}{_M2}\s+{_D2}(?:,?\s+{_Y})?\b", across.days_over_months),
    (rf"{_JOIN}{_M}\s+{_D}\s+and\s+{_M2}\s+{_D2}(?:,?\s+{_Y})?\b", across.days_over_months),
    (rf"(?:{_JOIN}|\b){_D}{_TO}{_D2}\s+(?:of\s+)?{_M}(?:,?\s+{_Y})?\b", across.day_range),
    (rf"(?:{_JOIN}|\b){_M}\s+{_D}{_TO}{_D2}(?:,?\s+{_Y})?\b(?![.,]?\d|%)", across.day_range),
    (rf"{_WD_BEFORE}\b{_D}\s+(?:of\s+)?{_M},?\s+{_Y}\b", to.full),
    (rf"{_WD_BEFORE}\b{_M}\s+{_D},?\s+{_Y}\b", to.full),
    (rf"\bthe\s+week\s+(?:to|ending|ended)\s+{_D}\s+{_M}(?:\s+{_Y})?\b", over.week_to),
    (rf"\bthe\s+week\s+of\s+{_D}\s+{_M}\b", over.week_of),
    (rf"\bthe\s+week\s+(?:to|ending|ended)\s+{_M}\s+{_D}(?:,?\s+{_Y})?\b", over.week_to),
)
_RANGES_OF_MONTHS = _rules(
    "month",
    (
        rf"\bthe\s+(?:year|{_N}\s+months)\s+(?:to|through|ending|ended)\s+(?:in\s+)?{_M}(?:\s+{_Y})?\b",
        across.months_to,
    ),
    (rf"{_JOIN}{_M}\s+(?:and|to|until|till|through)\s+{_M2}{_OF_YEAR}\b", across.month_range),
    (rf"\b{_M}(?:\s?[-–]\s?|\s+(?:to|through)\s+){_M2}{_OF_YEAR}\b", across.month_range),
)
_YEARS = _rules(
    "digit",
    (rf"\b{_Y}-(?P<m>\d\d)-(?P<day>\d\d)\b", to.iso),
    (rf"(?<![\d/.])(?P<m>\d\d?)(?P<sep>[/.])(?P<day>\d\d?)(?P=sep){_Y}\b", to.numeric),
    (rf"\b(?:the\s+)?{_Y}\s?[-–/]\s?(?:20)?\d\d\s+{_BOOKS}\s+year\b", across.financial_year),
    (rf"\b(?:the\s+)?{_BOOKS}\s+year\s+(?:of\s+)?{_Y}\s?[-–/]\s?(?:20)?\d\d\b", across.financial_year),
    (rf"(?i)\b(?:FY|fiscal|(?:the\s+)?{_BOOKS}\s+year)\s*{_Y}\b", to.year_alone),
    (rf"(?<![\w-]){_Y}\s?[-–/]\s?(?P<last>(?:19|20)?\d\d)(?![\w-])", across.year_range),
    (rf"{_JOIN}{_Y}\s+(?:and|to|until|till|through)\s+(?P<last>(?:19|20)\d\d)\b", across.year_range),
    (rf"\b(?P<which>)(?P<of>){_SEASON}\s+(?:of\s+)?{_Y}\s?[-–/]\s?(?:20)?\d\d\b", over.season),
    (rf"\b{_Y}s\b", over.decade),
    (rf"\bQ(?P<q>[1-4]){_OF_YEAR}\b", over.quarter),
)
_PARTS = _rules(
    "word",
    (
        rf"\b(?:the\s+)?(?P<q>[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ff]inal)[\s-]quarter{_OF_YEAR}\b",
        over.quarter,
    ),
    (
        rf"\b(?:the\s+)?(?P<q>last)\s+quarter\s+of\s+(?:{_Y}|(?P<of>(?:this|last|next|the)\s+year))\b",
        over.quarter,
    ),
    (rf"\b(?:the\s+)?(?P<q>[Ff]irst|[Ss]econd)[\s-]half{_OF_YEAR}\b(?!\s+of\b)", over.half),
    (rf"\b(?:the\s+)?{_ENDS}\s+of\s+(?:the|this)\s+(?P<unit>month|year|week|quarter)\b", over.end_of),
    (rf"\b(?:the\s+)?{_PART}\s+of\s+(?:the|this)\s+(?P<unit>month|year|week|quarter)\b", over.part_of),
    (rf"\b(?:the\s+)?first\s+{_N}\s+months{_OF_YEAR}\b", over.first_months),
    (
        r"(?i)\b(?:by\s+|at\s+|the\s+)?(?:(?:end|mid|start)-year|year-end|the\s+year['’]s\s+end)\b",
        over.this_year,
    ),
    (r"(?i)\b(?:the|(?P<which>this|last|next|past))\s+weekend\b", over.weekend),
    (r"(?i)\b(?:that|the)\s+same\s+(?:morning|afternoon|evening|night)\b", to.same_day),
    (r"(?i)\bthis\s+(?:morning|afternoon|evening)\b|\b(?P<last>last)\s+night\b", over.night),
)
_MONTHS = _rules(
    "month",
    (
        rf"\b(?:the\s+)?{_NTH}\s+(?:{_N}\s+)?(?P<unit>day|week|half)s?\s+of\s+{_M}{_OF_YEAR}\b",
        across.stretch_of_month,
    ),
    (rf"\b(?:the\s+)?{_ENDS}(?:\s+of\s+|-){_M}{_OF_YEAR}\b", over.end_of_month),
    (rf"\b(?:the\s+)?{_PART}(?:\s+of\s+|-){_M}{_OF_YEAR}\b", to.part_of_month),
    (rf"\b{_M},?\s+(?:of\s+)?{_Y}\b", to.month_year),
    (rf"{_WD_BEFORE}\b{_D}\s+(?:of\s+)?{_M}\b(?!\s+\d{{4}})", to.month_day),
    (
        rf"{_WD_BEFORE}\b{_M}\s+{_D}\b(?![,.]?\d|%|\s?-\s?\d|\s+(?:percent|per cent|million|billion))",
        to.month_day,
    ),
    (rf"\b{_M},?\s+(?:of\s+)?(?P<which>last|this|next)\s+year\b", to.month_relative),
    (rf"\b(?P<which>[Ll]ast|[Nn]ext|[Tt]his)\s+{_M}\b(?!\s+\d)", to.month_named),
    (rf"\bthat\s+{_ANY_MONTH}\b", to.month_of_context),
)
_RELATIVE = _rules(
    "word",
    (
        rf"\b(?:(?P<which>(?i:last|this|next))\s+)?(?:early\s+|late\s+|mid-)?{_SEASON}(?:\s+(?:of\s+)?(?:{_Y}|(?P<of>last|this|next)\s+year))?\b",
        over.season,
    ),
    (
        rf"\b(?:(?P<which>(?i:this|last|next|this\s+coming|this\s+past))\s+)?(?<!Black )(?<!Bloody )(?<!Good ){_WD}\b(?! Times| Telegraph| Mail)",
        to.weekday,
    ),
    (r"\b(?:[Tt]oday|[Yy]esterday|[Tt]omorrow|[Tt]onight)\b", to.today),
    (rf"(?i)\b{_N}\s+{_U}\s+ago\b", to.ago),
    (rf"(?i)\b{_N}\s+{_U}\s+(?:(?P<dir>later|earlier)\b|(?P<side>after|before){_AT_END})", to.later),
    (r"(?i)\b(?:that|the)\s+same\s+(?P<unit>day|week|month|year)\b(?!\s+(?:of|last))", to.same),
    (r"\bthat\s+(?P<unit>day|week|month|year)\b", to.same),
    (rf"(?i)\bthe\s+(?P<which>following|next|previous|preceding)\s+{_U1}\b", to.next_day),
    (rf"(?i)\bthe\s+(?P<which>){_U1}\s+(?:before|after)\b(?!\s+(?:next|last)\b)", to.next_day),
    (
        rf"(?i)\b(?:earlier\s+|later\s+|within\s+)?(?:the\s+)?{_WHICH}\s+(?P<unit>week|month|quarter|year)\b",
        over.relative,
    ),
    (r"(?i)\b(?P<which>this|next)\s+(?P<unit>decade)\b", over.relative),
    (r"\b(?P<which>last|this|next)\s+(?P<season>fall)(?P<year>)(?P<of>)\b", over.season),
    (r"\bin\s+(?P<same>the)\s+(?P<unit>year)\b(?!\s+(?:of|to))", to.same),
    (r"\bin\s+the\s+(?P<unit>month)\b(?!\s+(?:of|to))", to.in_the_month),
)
_ORDINALS = _rules(
    "digit",
    (rf"\b[Oo]n\s+the\s+(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)\b{_NO_NOUN}", to.ordinal),
    (rf"\b[Tt]he\s+(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)\b{_NO_NOUN}(?!\s+[A-Z])", to.ordinal),
)
_MONTHS_ALONE = _rules(
    "month",
    (rf"{_BEFORE_MONTH}{_M}\b(?!\s+\d)", to.month_alone),
    (rf"\b{_OWNED}\s+{_ANY_MONTH}(?=\s+[a-z]|[.,;:)'’])", to.month_owned),
    (rf"(?<!Black )(?<![A-Z]{{3}}\s)\b{_PLAIN_MONTH}\b(?!\s+[A-Z]|\s+\d)", to.month_modifier),
)
_YEAR_ALONE = _rules(
    "digit",
    (rf"(?<![\w$€£¥.,/-])(?<!No\. ){_Y}{_YEAR_ENDS}", to.year_alone),
    (rf"\b(?:early|late|mid)-{_Y}{_YEAR_ENDS}", to.year_alone),
)

#: Patterns with what they mean; where two overlap, the earlier one counts.
RULES: tuple[_Rule, ...] = (
    *_RANGES_OF_DAYS, *_RANGES_OF_MONTHS, *_YEARS, *_PARTS, *_MONTHS, *_RELATIVE, *_ORDINALS, *_MONTHS_ALONE, *_YEAR_ALONE
)  # fmt: skip

#: Cheap tests: rules of a kind need not be tried on a text without such a word.
GATES: dict[str, re.Pattern[str]] = {
    "digit": re.compile(r"\d"),
    "month": re.compile(rf"\b{_M}"),
    "word": re.compile(
        r"day\b|year-end|weekend|\b(?:same|today|tomorrow|tonight|night|morning|afternoon|evening|spring|summer|autumn|"
        r"fall|winter)\b|half\b|(?:day|week|fortnight|month|quarter|year|decade)s?\b",
        re.IGNORECASE,
    ),
}
GATES["day of month"] = re.compile(rf"\d.{{0,12}}{_M}|{_M2}\D{{0,3}}\d")
