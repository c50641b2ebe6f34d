"""How much: money in ISO 4217 codes, shares, volumes, rates, counts and words that stand for numbers.

`4 billion dollars`, `$11/bl`, `310,000 b/d`, `25pc`, `up to 20 hours a day`, `hundreds`, `most`: the
text as written, a value with a unit, a comparator, and low and high where the words leave a range.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from tertius.ledger.extract.lexicon import read
from tertius.ledger.extract.numbers import either, number, scale, scales, value
from tertius.ledger.record import Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Comparator = Literal["=", "~", ">", ">=", "<", "<="]


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity in a paragraph; `start` and `end` are its characters."""

    start: int
    end: int
    text: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    comparator: Comparator = "="
    per: str = ""

    def as_record(self, measure: str = "") -> Quantity:
        """Return the record's form; `measure` is what the number counts."""
        return Quantity(
            text=self.text,
            value=self.value,
            low=self.low,
            high=self.high,
            unit=self.unit,
            measure=measure,
            comparator=self.comparator,
            per=self.per,
        )


def amounts(text: str, skip: Iterable[tuple[int, int]] = ()) -> list[Amount]:
    """Quantities of a paragraph, left to right; `skip` holds spans of dates, which are no quantities."""
    taken = list(skip)
    found = []
    for pattern, rule in _rules():
        for hit in pattern.finditer(text):
            a, b = hit.span("all")
            if any(a < y and x < b for x, y in taken):
                continue
            amount = rule(text, hit)
            if amount is not None:
                taken.append((a, b))
                found.append(amount)
    return sorted(found, key=lambda q: q.start)


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
    r"(?=\s(?:[A-Za-z][\w-]*\s){0,2}(?:[a-z]+s|crew|people|men|women|staff|troops)\b)(?!\s(?:of|and|or)\b)"
)


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Callable[[str, re.Match[str]], Amount | None]], ...]:
    sources = (*_money_rules(), _ratio_rule(), *_unit_rules(), *_word_rules())
    return tuple((re.compile(source), rule) for source, rule in sources)


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
        (rf"(?P<all>(?P<cur>{sign})\s?{first}{_JOIN}(?:{sign})?\s?{second}{_PER})", _range),
        (rf"(?P<all>(?P<cur>{sign})\s?{first}{_PER})", _single),
        (rf"(?<![A-Za-z])(?P<all>{first}(?:[\s-]{full}s?)?{_JOIN}{second}[\s-]{name}{_PER})", _range),
        (rf"(?<![A-Za-z])(?P<all>{first}{_PLUS}[\s-]{name}{_PER})", _single),
        (rf"\b(?P<all>(?P<few>several|a few|multi-?)\s?{scales('scale')}[\s-]{name})", _few),
    ]


def _unit_rules() -> list[tuple[str, Callable[[str, re.Match[str]], Amount | None]]]:
    table = read("units")
    units = either(s for spellings in table["units"].values() for s in spellings)
    counted = either(s for spellings in table["counted"].values() for s in spellings)
    first, second = _counts()
    between = r"(?![\s-](?:and|of|in|on|to|at|or|with|from|by|for|that)\b)[\s-][A-Za-z][\w-]*"
    return [
        (
            rf"(?<![A-Za-z])(?P<all>{first}(?:\s?(?:{units}))?{_JOIN}{second}[\s-]?(?P<unit>{units})(?!\w){_PER})",
            _range,
        ),
        (rf"(?<![A-Za-z])(?P<all>{first}{_PLUS}[\s-]?(?P<unit>{units})(?!\w){_PER})", _single),
        (rf"(?<![A-Za-z])(?P<all>{first}(?:{between}){{0,2}}?\s(?P<unit>{counted})\b)", _single),
    ]


def _ratio_rule() -> tuple[str, Callable[[str, re.Match[str]], Amount | None]]:
    word = either(read("units")["words"])
    whole = rf"\s(?:in|out\sof)\s(?:every\s)?(?P<of>{word}|\d\d?)\b{_PLURAL}"
    return rf"\b(?P<all>(?P<n>(?i:{word})|\d){whole})", _ratio


def _word_rules() -> list[tuple[str, Callable[[str, re.Match[str]], Amount | None]]]:
    table = read("units")
    vague, shares = either(table["vague"]), either(table["shares"])
    parts = _fractions()
    return [
        (rf"\b(?P<all>(?P<vague>(?i:{vague})))\b", _vague),
        (rf"\b(?P<all>(?P<share>(?i:{parts})))(?:{_OF}|{_THAN})", _share),
        (rf"(?<=\bby\s)(?P<all>{_ABOUT}(?P<share>{parts}|half)){_BY}", _share),
        (rf"(?<!first )(?<!second )\b(?P<all>(?P<share>(?i:{shares}))){_OF_WHAT}", _share),
        (rf"(?<![\w.,:-])(?P<all>{_counts()[0]}){_PLURAL}", _bare),
    ]  # fmt: skip


@cache
def _fractions() -> str:
    table = read("units")
    ones = either(w for w, v in table["words"].items() if 0 < v < 10)
    return rf"(?:an?|{ones})[\s-]{either(table['parts'])}s?"


@cache
def _unit_of() -> dict[str, str]:
    table = read("units")
    pairs = [
        (s, unit) for key in ("units", "counted") for unit, spellings in table[key].items() for s in spellings
    ]
    return {spelling.lower().replace("-", " "): unit for spelling, unit in pairs} | {"MW": "MW"}


# --- rules ------------------------------------------------------------


def _group(hit: re.Match[str], name: str) -> str:
    return (hit.groupdict().get(name) or "").strip()


def _single(text: str, hit: re.Match[str]) -> Amount | None:
    if _refers(text, hit):
        return None
    per = _unit_per(_group(hit, "per"))
    return _amount(text, hit, value(hit["n"]) * scale(hit["scale"]), None, _unit(hit), per)


def _range(text: str, hit: re.Match[str]) -> Amount | None:
    """Two ends of a range; "from 8% to 11%" and "8% and 11%" are two amounts, each found by itself."""
    before = text[: hit.start()].rstrip().lower()
    join, own = (
        hit["join"].strip(),
        hit.group()[hit.end("scale") - hit.start() : hit.start("join") - hit.start()],
    )
    apart = bool(own or hit["scale"] or (hit.groupdict().get("cur") and hit.start("cur") < hit.start("n")))
    if (join == "and" and not re.search(r"\bbetween(?:\s\w+)?$", before)) or (
        join == "to" and apart and re.search(r"\bfrom(?:\s\w+)?$", before)
    ):
        return None
    second = scale(hit["scale2"])
    first = scale(hit["scale"]) if hit["scale"] or own else second
    low, high = value(hit["n"]) * first, value(hit["n2"]) * (second if hit["scale2"] else first)
    if low > high:
        return None
    return _amount(text, hit, low, float(f"{high:.12g}"), _unit(hit), _unit_per(_group(hit, "per")))


def _few(_: str, hit: re.Match[str]) -> Amount | None:
    """As in "several billion dollars", "a multi-million-euro loan": at least two of them."""
    if not hit["scale"]:
        return None
    return Amount(hit.start(), hit.end(), hit.group(), None, 2 * scale(hit["scale"]), None, _unit(hit), "~")


def _ratio(text: str, hit: re.Match[str]) -> Amount | None:
    """As in "one in five"."""
    part, whole = value(hit["n"]), value(hit["of"])
    if not 0 < part < whole:
        return None
    return _amount(text, hit, 100 * part / whole, None, "%", "")


def _unit(hit: re.Match[str]) -> str:
    if _group(hit, "cur"):
        return _currency(re.sub(r"[\s-]+", " ", _group(hit, "cur")))
    written = hit["unit"]
    return _unit_of().get(written.lower().replace("-", " "), written)


def _bare(text: str, hit: re.Match[str]) -> Amount | None:
    """Return a number before a plural noun that is no known unit: "9 prisoners of war"."""
    if _refers(text, hit) or hit["n"].lower() == "zero":
        return None
    return _amount(text, hit, value(hit["n"]) * scale(hit["scale"]), None, "count", "")


def _refers(text: str, hit: re.Match[str]) -> bool:
    """As in "the two states", "both": it refers, it does not count."""
    definite = re.search(
        r"\b(?:the|these|those|both|their|all)\s+(?:\w+\s+)?$", text[: hit.start()], re.IGNORECASE
    )
    few = hit["n"].lower() in ("two", "three", "four")
    return few and (bool(definite) or _unit_of().get(hit.groupdict().get("unit") or "") == "country")


def _vague(text: str, hit: re.Match[str]) -> Amount | None:
    spellings: dict[str, Any] = read("units")["vague"]
    low, high, central = spellings[hit["vague"].lower()]
    unit = _counted_after(text, hit.end())
    return Amount(hit.start(), hit.end(), hit.group(), central, low, high, unit or "count", "~")


def _share(text: str, hit: re.Match[str]) -> Amount | None:
    written = re.sub(r"[\s-]+", " ", hit["share"].lower())
    low, high = read("units")["shares"].get(written) or _fraction(written)
    comparator, start = _comparator(text, hit.start("share"))
    central = float(low) if low == high else None
    return Amount(
        start, hit.end(), text[start : hit.end()], central, float(low), float(high), "%", comparator
    )


def _fraction(text: str) -> tuple[float, float]:
    """Per cent of "two fifths"."""
    count, _, part = text.partition(" ")
    parts: dict[str, int] = read("units")["parts"]
    share = round(100 * value("one" if count in ("a", "an") else count) / parts[part.rstrip("s")], 3)
    return share, share


def _currency(text: str) -> str:
    table: dict[str, str] = read("units")["currencies"]
    return next(
        (table[t] for t in (text, text.lower(), text.rstrip("s"), text.lower().rstrip("s")) if t in table),
        text,
    )


def _unit_per(text: str) -> str:
    word = re.sub(r"^(?:/\s?|per\s|-?an?[\s-]|every\s|each\s)", "", text)
    short = {"bl": "bbl", "barrel": "bbl", "tonne": "t", "ton": "t", "annum": "year", "annually": "year"}
    return {**short, "yearly": "year", "monthly": "month"}.get(word, word)


def _counted_after(text: str, end: int) -> str:
    hit = re.match(r"\s(?:of\s)?([a-z]+)", text[end:])
    if not hit:
        return ""
    word = hit.group(1)
    currency = _currency(word)
    return currency if currency != word else _unit_of().get(word, "")


def _amount(
    text: str, hit: re.Match[str], number: float, second: float | None, unit: str, per: str
) -> Amount | None:
    comparator, start = _comparator(text, hit.start("all"))
    number = float(f"{number:.12g}")
    low = high = None
    if second is not None:
        low, high, number = number, second, float(f"{(number + second) / 2:.12g}")
    elif comparator in (">", ">="):
        low = number
    elif comparator in ("<", "<="):
        high = number
    end = hit.end("all")
    return Amount(start, end, text[start:end], number, low, high, unit, comparator, per)


def _comparator(text: str, start: int) -> tuple[Comparator, int]:
    """Return comparator before a number, and where the expression with it starts."""
    before = text[max(0, start - 30) : start]
    for sign, pattern in _comparators():
        hit = pattern.search(before)
        if hit:
            return sign, start - (len(before) - hit.start())
    return "=", start


@cache
def _comparators() -> tuple[tuple[Comparator, re.Pattern[str]], ...]:
    table: dict[Comparator, list[str]] = read("units")["comparators"]
    pairs: Iterator[tuple[Comparator, str]] = (
        (sign, words) for sign, many in table.items() for words in many
    )
    longest = sorted(pairs, key=lambda pair: -len(pair[1]))
    return tuple(
        (sign, re.compile(rf"(?<!\w){re.escape(words)}\s*(?:the\s)?$", re.IGNORECASE))
        for sign, words in longest
    )
