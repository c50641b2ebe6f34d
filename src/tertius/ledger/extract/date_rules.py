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
_ALONE_NAME = r"(?!\s+[A-Z])"
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
_PART = r"(?:early|late|mid|middle|start|beginning|end|close|turn)"

#: Patterns with what they mean; where two overlap, the earlier one counts.
RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], to.Anchor], to.Value | None]], ...] = (
    (re.compile(rf"\b{_Y}-(?P<m>\d\d)-(?P<day>\d\d)\b"), to.iso),
    (re.compile(rf"(?<![\d/.])(?P<m>\d\d?)(?P<sep>[/.])(?P<day>\d\d?)(?P=sep){_Y}\b"), to.numeric),
    (
        re.compile(rf"(?:{_JOIN}|\b)(?:the\s)?{_D}\s+{_M}{_UNTIL}{_D2}\s+{_M2}(?:,?\s+{_Y})?\b"),
        across.days_over_months,
    ),
    (re.compile(rf"{_JOIN}{_D}\s+{_M}\s+and\s+{_D2}\s+{_M2}(?:,?\s+{_Y})?\b"), across.days_over_months),
    (re.compile(rf"(?:{_JOIN}|\b){_M}\s+{_D}{_UNTIL}{_M2}\s+{_D2}(?:,?\s+{_Y})?\b"), across.days_over_months),
    (re.compile(rf"{_JOIN}{_M}\s+{_D}\s+and\s+{_M2}\s+{_D2}(?:,?\s+{_Y})?\b"), across.days_over_months),
    (re.compile(rf"(?:{_JOIN}|\b){_D}{_TO}{_D2}\s+(?:of\s+)?{_M}(?:,?\s+{_Y})?\b"), across.day_range),
    (re.compile(rf"(?:{_JOIN}|\b){_M}\s+{_D}{_TO}{_D2}(?:,?\s+{_Y})?\b(?![.,]?\d|%)"), across.day_range),
    (re.compile(rf"{_WD_BEFORE}\b{_D}\s+(?:of\s+)?{_M},?\s+{_Y}\b"), to.full),
    (re.compile(rf"{_WD_BEFORE}\b{_M}\s+{_D},?\s+{_Y}\b"), to.full),
    (
        re.compile(
            rf"\bthe\s+(?:year|(?:first\s+)?{_N}\s+months)\s+(?:to|through|ending|ended)\s+(?:in\s+)?{_M}(?:\s+{_Y})?\b"
        ),
        across.months_to,
    ),
    (re.compile(rf"{_JOIN}{_M}\s+(?:and|to|until|till|through)\s+{_M2}{_OF_YEAR}\b"), across.month_range),
    (re.compile(rf"\b{_M}(?:\s?[-–]\s?|\s+(?:to|through)\s+){_M2}{_OF_YEAR}\b"), across.month_range),
    (
        re.compile(
            rf"\b(?:the\s+)?{_Y}\s?[-–/]\s?(?:20)?\d\d\s+(?:financial|fiscal|budget|tax|marketing)\s+year\b"
        ),
        across.financial_year,
    ),
    (
        re.compile(rf"\b(?:the\s+)?(?:financial|fiscal|tax)\s+year\s+(?:of\s+)?{_Y}\s?[-–/]\s?(?:20)?\d\d\b"),
        across.financial_year,
    ),
    (
        re.compile(rf"\b(?:FY|fiscal|(?:the\s+)?(?:financial|fiscal)\s+year)\s*{_Y}\b", re.IGNORECASE),
        to.year_alone,
    ),
    (re.compile(rf"(?<![\w-]){_Y}\s?[-–/]\s?(?P<last>(?:19|20)?\d\d)(?![\w-])"), across.year_range),
    (
        re.compile(rf"{_JOIN}{_Y}\s+(?:and|to|until|till|through)\s+(?P<last>(?:19|20)\d\d)\b"),
        across.year_range,
    ),
    (re.compile(rf"\b{_Y}s\b"), over.decade),
    (re.compile(rf"\bQ(?P<q>[1-4]){_OF_YEAR}\b"), over.quarter),
    (
        re.compile(
            rf"\b(?:the\s+)?(?P<q>[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth|[Ff]inal)[\s-]quarter{_OF_YEAR}\b"
        ),
        over.quarter,
    ),
    (
        re.compile(
            rf"\b(?:the\s+)?(?P<q>last)\s+quarter\s+of\s+(?:{_Y}|(?P<of>(?:this|last|next|the)\s+year))\b"
        ),
        over.quarter,
    ),
    (re.compile(rf"\b(?:the\s+)?(?P<q>[Ff]irst|[Ss]econd)[\s-]half{_OF_YEAR}\b(?!\s+of\b)"), over.half),
    (re.compile(rf"\b(?:the\s+)?{_PART}(?:\s+of\s+|-){_M}{_OF_YEAR}\b"), to.part_of_month),
    (
        re.compile(rf"\b(?:the\s+)?{_PART}\s+of\s+(?:the|this)\s+(?P<unit>month|year|week|quarter)\b"),
        over.end_of,
    ),
    (re.compile(rf"\b{_M},?\s+(?:of\s+)?{_Y}\b"), to.month_year),
    (re.compile(rf"\bthe\s+week\s+(?:to|ending|ended)\s+{_D}\s+{_M}(?:\s+{_Y})?\b"), over.week_to),
    (re.compile(rf"\bthe\s+week\s+(?:to|ending|ended)\s+{_M}\s+{_D}(?:,?\s+{_Y})?\b"), over.week_to),
    (re.compile(rf"\b(?:the\s+)?first\s+{_N}\s+months{_OF_YEAR}\b"), over.first_months),
    (re.compile(rf"\b(?:the\s+)?(?P<which>next|coming)\s+{_N}\s+{_U}\b", re.IGNORECASE), over.several),
    (
        re.compile(
            r"\b(?:by\s+|at\s+|the\s+)?(?:(?:end|mid|start)-year|year-end|the\s+year['’]s\s+end)\b",
            re.IGNORECASE,
        ),
        over.this_year,
    ),
    (re.compile(r"\b(?:the|(?P<which>this|last|next|past))\s+weekend\b", re.IGNORECASE), over.weekend),
    (
        re.compile(r"\b(?:that|the)\s+same\s+(?:morning|afternoon|evening|night)\b", re.IGNORECASE),
        to.same_day,
    ),
    (
        re.compile(
            r"\b(?P<which>this)\s+(?:morning|afternoon|evening)\b|\b(?P<last>last)\s+night\b", re.IGNORECASE
        ),
        over.night,
    ),
    (re.compile(rf"{_WD_BEFORE}\b{_D}\s+(?:of\s+)?{_M}\b(?!\s+\d{{4}})"), to.month_day),
    (
        re.compile(
            rf"{_WD_BEFORE}\b{_M}\s+{_D}\b(?![,.]?\d|%|\s?-\s?\d|\s+(?:percent|per cent|million|billion))"
        ),
        to.month_day,
    ),
    (re.compile(rf"\b{_M},?\s+(?:of\s+)?(?P<which>last|this|next)\s+year\b"), to.month_relative),
    (re.compile(rf"\b(?P<which>last|next|this)\s+{_M}\b(?!\s+\d)"), to.month_named),
    (re.compile(rf"\bthat\s+{_ANY_MONTH}\b"), to.month_of_context),
    (re.compile(rf"\b(?:(?P<which>this|last|next|this\s+coming|this\s+past)\s+)?{_WD}\b"), to.weekday),
    (re.compile(r"\b(?:[Tt]oday|[Yy]esterday|[Tt]omorrow|[Tt]onight)\b"), to.today),
    (re.compile(rf"\b{_N}\s+{_U}\s+ago\b", re.IGNORECASE), to.ago),
    (re.compile(rf"\b{_N}\s+{_U}\s+(?P<dir>later|earlier|after|before)\b", re.IGNORECASE), to.later),
    (
        re.compile(
            r"\b(?:that|the)\s+same\s+(?P<unit>day|week|month|year)\b(?!\s+(?:of|last))", re.IGNORECASE
        ),
        to.same,
    ),
    (re.compile(r"\bthat\s+(?P<unit>day|week|month|year)\b"), to.same),
    (
        re.compile(rf"\bthe\s+(?P<which>following|next|previous|preceding)\s+{_U1}\b", re.IGNORECASE),
        to.next_day,
    ),
    (
        re.compile(rf"\bthe\s+(?P<which>){_U1}\s+(?:before|after)\b(?!\s+(?:next|last)\b)", re.IGNORECASE),
        to.next_day,
    ),
    (
        re.compile(
            rf"\b(?:earlier\s+|later\s+|within\s+)?(?:the\s+)?{_WHICH}\s+(?P<unit>week|month|quarter|year)\b",
            re.IGNORECASE,
        ),
        over.relative,
    ),
    (re.compile(r"\b(?P<which>this|next)\s+(?P<unit>decade)\b", re.IGNORECASE), over.relative),
    (
        re.compile(
            r"\b(?:(?P<which>last|this|next)\s+)?(?:early\s+|late\s+|mid-)?"
            rf"(?P<season>spring|summer|autumn|winter)(?:\s+(?:of\s+)?{_Y})?\b"
        ),
        over.season,
    ),
    (re.compile(r"\b(?P<which>last|this|next)\s+(?P<season>fall)(?P<year>)\b"), over.season),
    (re.compile(rf"\b[Oo]n\s+the\s+(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)\b{_NO_NOUN}"), to.ordinal),
    (re.compile(rf"\b[Tt]he\s+(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)\b{_NO_NOUN}{_ALONE_NAME}"), to.ordinal),
    (re.compile(r"\bin\s+(?P<same>the)\s+(?P<unit>year)\b(?!\s+(?:of|to))"), to.same),
    (re.compile(r"\bin\s+the\s+(?P<unit>month)\b(?!\s+(?:of|to))"), to.in_the_month),
    (re.compile(rf"{_BEFORE_MONTH}{_M}\b(?!\s+\d|\s+[A-Z])"), to.month_alone),
    (re.compile(rf"\b{_OWNED}\s+{_ANY_MONTH}(?=\s+[a-z]|[.,;:)'’])"), to.month_modifier),
    (re.compile(rf"(?<!Black )\b{_PLAIN_MONTH}\b(?!\s+[A-Z]|\s+\d)"), to.month_modifier),
    (re.compile(rf"(?<![\w$€£¥.,/-])(?<!No\. )(?:(?:early|late|mid)-)?{_Y}{_YEAR_ENDS}"), to.year_alone),
    (re.compile(rf"\b(?:early|late|mid)-{_Y}{_YEAR_ENDS}"), to.year_alone),
)

#: Cheap test before them: a text without any of this holds no date.
POSSIBLE = re.compile(
    rf"\d|\b{_M}|day\b|end-year|year-end|weekend|\b(?:same|fortnight|tomorrow|tonight|night|morning|afternoon|evening|spring|summer|autumn|fall|winter|half)\b|"
    r"\b(?:day|week|month|quarter|year|decade)s?\b",
    re.IGNORECASE,
)
