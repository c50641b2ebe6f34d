"""How much: money in ISO 4217 codes, shares, volumes, rates, counts and words that stand for numbers.

`4 billion dollars`, `$11/bl`, `310,000 b/d`, `25pc`, `up to 20 hours a day`, `hundreds`, `most`: the
text as written, a value with a unit, a comparator, and low and high where the words leave a range.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from tertius.ledger.extract import quantity_values as meaning
from tertius.ledger.extract.amount import Amount
from tertius.ledger.extract.currencies import local
from tertius.ledger.extract.lexicon import read
from tertius.ledger.extract.numbers import either, number, number_start, scales

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

__all__ = ["Amount", "amounts"]


def amounts(text: str, skip: Iterable[tuple[int, int]] = (), states: Sequence[str] = ()) -> list[Amount]:
    """Quantities of a paragraph, left to right.

    Parameters
    ----------
    skip : spans of dates, which are no quantities.
    states : codes of the states named in the paragraphs before, most recent last: whose pesos are meant.
    """
    taken = list(skip)
    found = []
    starts = [hit.start() for hit in number_start().finditer(text)]
    for pattern, rule, led in _rules():
        for hit in _hits(pattern, text, starts) if led else pattern.finditer(text):
            a, b = hit.span("all")
            if any(a < y and x < b for x, y in taken):
                continue
            amount = rule(text, hit)
            if amount is not None:
                taken.append((a, b))
                found.append(_local(text, hit, amount, states))
    return sorted(found, key=lambda q: q.start)


def _hits(pattern: re.Pattern[str], text: str, starts: list[int]) -> Iterator[re.Match[str]]:
    """What `finditer` gives of a pattern that begins with a number, looked for only where one may begin."""
    reach = 0
    for start in starts:
        if start >= reach and (hit := pattern.match(text, start)):
            reach = max(hit.end(), start + 1)
            yield hit


def _local(text: str, hit: re.Match[str], amount: Amount, states: Sequence[str]) -> Amount:
    written = meaning.group(hit, "cur")
    return replace(amount, unit=local(text, written, hit.start("cur"), states)) if written else amount


# --- patterns ------------------------------------------------------------

_PER = (
    r"(?P<per>(?:\s?/\s?|\sper\s|[\s-]an?[\s-]|\severy\s|\seach\s)"
    r"(?:bl|bbl|barrel|tonne|ton|litre|hour|day|week|month|year|annum|mmBtu|MWh)\b"
    r"(?!\s(?:earlier|later|ago|before))|\s(?:annually|yearly|monthly)\b)?"
)
_ABOUT = r"(?:(?:about|around|roughly|some|nearly|almost|perhaps|over|maybe|even|as much as)\s)?"
_PLUS = r"(?:-odd|-plus|\+)?"
_JOIN = rf"(?P<join>\s?(?:-|–|—)\s?|\s(?:to|and|or)\s){_ABOUT}"
_OF = r"(?=\s+of\b)"
_OF_WHAT = r"(?=\s+(?:of|the|what|its|their|[A-Z]\w+)\b)"
_THAN = r"(?=\s+(?:less|more|lower|higher|smaller|larger|cheaper|below|above|fewer|down|up)\b)"
_BY = r"(?=[.,;:)]|\s+(?:since|in|last|this|from|on|over|during|between|after|to|and|compared|within|by|as)\b|$)"
_PLURAL = (
    r"(?=\s(?:[A-Za-z][\w-]*\s){0,2}"
    r"(?:(?!(?:its|his|this|was|has|is|as|us|plus|perhaps|always|across|versus|less)\b)[a-z]+(?:s|men|women|people|folk)|people|men|women|children|crew|staff|troops|personnel|police|[A-Z][\w-]+s)\b)"
    r"(?!\s(?:of|and|or|was|is|has|does|as|this|its|his)\b)"
)
_OF_THEM = r"(?=\sof\s(?:them|those|these|the|that|its|their|his|her|our|whom|which|\w+['’]s)\b)"
_NUMBER_ENDS = r"(?=[.,;:)](?!\d)|\s(?:by|in|on|at|to|were|are|have|had|was|is|from|and|a|per|last|this|during|since)\b|$)"
_HURT = r"(?:kill|wound|injur|hurt|detain|arrest|captur|rescu|evacuat)(?:ed|ing|es|s|e)?\s(?:at\sleast\s|about\s|some\s|another\s)?"
_TEAM = r"(?:member|country|nation|strong|man|person|vessel|ship|tanker|vehicle|truck|lorry|seat|point|storey|bed|page|aircraft)"


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Callable[[str, re.Match[str]], Amount | None], bool], ...]:
    """Patterns with what they mean, and whether they begin with a number."""
    sources = (*_money_rules(), _ratio_rule(), *_unit_rules(), *_word_rules())
    led = re.compile(r"(?:\\b|\(\?<!(?:[^()]|\\.)*\))*" + re.escape(f"(?P<all>(?P<n>{number()}"))
    return tuple((re.compile(source), rule, bool(led.match(source))) for source, rule in sources)


def _counts() -> tuple[str, str]:
    """Patterns of a number with its scale, and of the second one of a range."""
    return f"(?P<n>{number()}){scales('scale')}", f"(?P<n2>{number()}){scales('scale2')}"


def _money_rules() -> list[tuple[str, Callable[[str, re.Match[str]], Amount | None]]]:
    table = read("units")
    sign = "(?<![A-Za-z])" + either(
        c for c in table["currencies"] if not c[-1].isalpha() or c.isupper() or c in table["before"]
    )
    words = [c for c in table["currencies"] if c[-1].isalpha()]
    full = either({*words, *(c[0].upper() + c[1:] for c in words)})  # official readouts write Dollars
    name = rf"(?:(?:US|U\.S\.|United States|Chinese)\s)?(?P<cur>{full})s?\b(?![\s-](?:bomb|warhead|munition|shell)s?\b)"
    first, second = _counts()
    return [
        (rf"(?P<all>(?P<cur>{sign})\s?{first}{_JOIN}(?:{sign})?\s?{second}{_PER})", meaning.interval),
        (rf"(?P<all>(?P<cur>{sign})\s?{first}{_PER})", meaning.single),
        (
            rf"(?<![A-Za-z])(?P<all>{first}(?:[\s-]{full}s?)?{_JOIN}{second}[\s-]{name}{_PER})",
            meaning.interval,
        ),
        (rf"(?<![A-Za-z])(?P<all>{first}{_PLUS}[\s-]{name}{_PER})", meaning.single),
        (rf"\b(?P<all>(?P<few>several|a few|multi-?)\s?{scales('scale')}[\s-]{name})", meaning.few),
    ]


def _unit_rules() -> list[tuple[str, Callable[[str, re.Match[str]], Amount | None]]]:
    table = read("units")
    units = either([*table["multiples"], *(s for spellings in table["units"].values() for s in spellings)])
    counted = either(s for spellings in table["counted"].values() for s in spellings)
    first, second = _counts()
    between = r"(?![\s-](?:and|of|in|on|to|at|or|with|from|by|for|that)\b)[\s-][A-Za-z][\w-]*"
    return [
        (
            rf"(?<![A-Za-z\d])(?<![A-Za-z]-)(?P<all>{first}(?:\s?(?:{units}))?{_JOIN}{second}[\s-]?(?P<unit>{units})(?!\w){_PER})",
            meaning.interval,
        ),
        (
            rf"(?<![A-Za-z\d])(?<![A-Za-z]-)(?P<all>{first}{_PLUS}[\s-]?(?P<unit>{units})(?!\w){_PER})",
            meaning.single,
        ),
        (
            rf"(?<![A-Za-z\d])(?<![A-Za-z]-)(?P<all>{first}{_JOIN}{second}(?:{between}){{0,2}}?\s(?P<unit>{counted})\b)",
            meaning.interval,
        ),
        (
            rf"(?<![A-Za-z\d])(?<![A-Za-z]-)(?P<all>{first}(?:{between}){{0,2}}?\s(?P<unit>{counted})\b)",
            meaning.single,
        ),
        (
            rf"(?<![\w.,:-])(?P<all>{first}(?:{between})?\s(?P<unit>{either(meaning.peoples())})(?!\w|\s[a-z]+s\b))",
            meaning.single,
        ),
        (
            r"\b(?:for|within|in\sunder|after)\s(?P<all>(?P<n>an?)(?P<scale>)\s(?P<unit>hour|day|week|fortnight|month|year|decade))\b(?!\s(?:ago|earlier|later))",
            meaning.single,
        ),
        (
            r"(?<![\w.,:-])(?P<all>(?P<n>an?)(?P<scale>)\s(?P<unit>week|month|year))(?=\s(?:after|before)\b)",
            meaning.single,
        ),
    ]


def _ratio_rule() -> tuple[str, Callable[[str, re.Match[str]], Amount | None]]:
    word = either(read("units")["words"])
    whole = rf"\s(?:in|out\sof)\s(?:every\s)?(?P<of>{word}|\d\d?)\b{_PLURAL}"
    return rf"\b(?P<all>(?P<n>(?i:{word})|\d){whole})", meaning.ratio


def _word_rules() -> list[tuple[str, Callable[[str, re.Match[str]], Amount | None]]]:
    table = read("units")
    vague, shares = either(table["vague"]), either(table["shares"])
    parts = _fractions()
    first = _counts()[0]
    return [
        (rf"\b(?P<all>(?P<vague>(?i:{vague})))\b", meaning.vague),
        (r"\b(?P<all>(?P<some>several|a few|many)\s(?P<scale>hundred|thousand|dozen|million))\b", meaning.some),
        (rf"\b(?P<all>(?P<share>(?i:{parts})))(?:{_OF}|{_THAN})", meaning.share),
        (rf"\b(?P<all>(?P<share>(?i:{parts}|half)))(?=[.,;:)]|\s(?:has|have|had|is|was|were|will|in|on|as|by|since|this|last)\b|$)", meaning.bounded_share),
        (rf"(?<=\bby\s)(?P<all>{_ABOUT}(?P<share>{parts}|half)){_BY}", meaning.share),
        (rf"(?<!first )(?<!second )\b(?P<all>(?P<share>(?i:{shares}))){_OF_WHAT}", meaning.share),
        (rf"(?<![\w.,:-])(?P<all>{first}){_PLURAL}", meaning.bare),
        (rf"(?<![\w.,:/-])(?P<all>{first}){_OF_THEM}", meaning.bare),
        (rf"(?<![\w.,:-])(?P<all>(?P<n>{number()})(?P<scale>)-{_TEAM})\b", meaning.team),
        (rf"\b{_HURT}(?P<all>(?P<n>{number()})(?P<scale>)){_NUMBER_ENDS}", meaning.bare),
        (rf"(?<![\w.,:/-])(?<!No\. )(?P<all>(?P<n>\d{{1,3}}(?:,\d{{3}})+)(?P<scale>)){_NUMBER_ENDS}", meaning.bare),
    ]  # fmt: skip


@cache
def _fractions() -> str:
    table = read("units")
    ones = either(w for w, v in table["words"].items() if 0 < v < 10)
    return rf"(?:an?|{ones})[\s-]{either(table['parts'])}s?"
