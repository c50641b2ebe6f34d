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


def _either(options: Iterable[str]) -> str:
    """Alternatives, longest first, bounded where they start or end with a letter."""
    parts = sorted((str(o) for o in options), key=len, reverse=True)
    return "(?:" + "|".join(re.escape(p).replace(r"\ ", r"[\s-]") for p in parts) + ")"


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Callable[[str, re.Match[str]], Amount | None]], ...]:
    table = read("units")
    signs = [c for c in table["currencies"] if not c[-1].isalpha() or c.isupper()]
    names = [c for c in table["currencies"] if c[-1].isalpha()]
    number = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    spelled = _either([*table["words"], *(str(w).capitalize() for w in table["words"])])
    scales = _either(table["scales"])
    scale, scale2 = rf"(?P<scale>[\s-]?{scales}\b)?", rf"(?P<scale2>[\s-]?{scales}\b)?"
    units = _either(s for spellings in table["units"].values() for s in spellings)
    counted = _either(s for spellings in table["counted"].values() for s in spellings)
    sign = _either(signs)
    n1, n2 = rf"(?P<n>{number}|\b{spelled}\b)", rf"(?:\s?(?:-|–|to|and)\s?(?P<n2>{number}))?"
    money2 = rf"(?:\s?(?:-|–|to|and)\s?(?:{sign})?\s?(?P<n2>{number}){scale2})?"
    per = r"(?P<per>\s?(?:/\s?|per\s|an?\s)(?:bl|bbl|barrel|tonne|ton|day|week|month|year|mmBtu|MWh)\b"
    per += r"(?!\s(?:earlier|later|ago|before)))?"
    between = r"(?![\s-](?:and|of|in|on|to|at|or|with|from|by|for|that)\b)[\s-][A-Za-z][\w-]*"
    of_what = r"(?=\s+(?:of|the|what|its|their|[A-Z]\w+)\b)"
    before_plural = r"(?=\s(?:[A-Za-z][\w-]*\s){0,2}(?:[a-z]+s|crew|people|men|women|staff|troops)\b)(?!\s(?:of|and|or)\b)"
    sources: list[tuple[str, Callable[[str, re.Match[str]], Amount | None], int]] = [
        (rf"(?P<all>(?P<cur>{sign})\s?{n1}{scale}{money2}{per})", _money, 0),
        (rf"(?P<all>{n1}{scale}\s(?:US\s|U\.S\.\s|Chinese\s)?(?P<cur>{_either(names)})s?\b{per})", _money, 0),
        (rf"(?P<all>{n1}{n2}{scale}[\s-]?(?P<unit>{units})(?!\w){per})", _measured, 0),
        (rf"(?P<all>{n1}{scale}(?:{between}){{0,2}}?\s(?P<unit>{counted})\b)", _measured, 0),
        (rf"\b(?P<all>(?P<vague>{_either(table['vague'])}))\b", _vague, re.IGNORECASE),
        (rf"\b(?P<all>(?P<share>{_either(table['shares'])})){of_what}", _share, re.IGNORECASE),
        (rf"(?<![\w.,:-])(?P<all>{n1}{scale}){before_plural}", _bare, 0),
    ]  # fmt: skip
    return tuple((re.compile(source, flags), rule) for source, rule, flags in sources)


@cache
def _unit_of() -> dict[str, str]:
    table = read("units")
    pairs = [
        (s, unit) for key in ("units", "counted") for unit, spellings in table[key].items() for s in spellings
    ]
    return {spelling.lower().replace("-", " "): unit for spelling, unit in pairs} | {"MW": "MW"}


# --- rules ------------------------------------------------------------


def _number(text: str) -> float:
    words: dict[str, int] = read("units")["words"]
    low = text.lower()
    return float(words[low]) if low in words else float(text.replace(",", ""))


def _scale(text: str | None) -> float:
    if not text or not text.strip():
        return 1.0
    scales: dict[str, int] = read("units")["scales"]
    key = text.strip().lower()
    return float(scales.get(key, scales.get(key.rstrip("s"), 1)))


def _group(hit: re.Match[str], name: str) -> str:
    return (hit.groupdict().get(name) or "").strip()


def _money(text: str, hit: re.Match[str]) -> Amount | None:
    currency = _currency(_group(hit, "cur"))
    scale = _scale(_group(hit, "scale") or _group(hit, "scale2"))
    per = _unit_per(_group(hit, "per"))
    return _amount(text, hit, _number(hit["n"]) * scale, _second(hit, scale), currency, per)


def _measured(text: str, hit: re.Match[str]) -> Amount | None:
    unit = _unit_of().get(hit["unit"].lower().replace("-", " "), hit["unit"])
    if _refers(text, hit):
        return None
    scale = _scale(_group(hit, "scale"))
    return _amount(
        text, hit, _number(hit["n"]) * scale, _second(hit, scale), unit, _unit_per(_group(hit, "per"))
    )


def _bare(text: str, hit: re.Match[str]) -> Amount | None:
    """Return a number before a plural noun that is no known unit: "9 prisoners of war"."""
    if _refers(text, hit):
        return None
    return _amount(text, hit, _number(hit["n"]) * _scale(_group(hit, "scale")), None, "count", "")


def _refers(text: str, hit: re.Match[str]) -> bool:
    """As in "the two states", "both": it refers, it does not count."""
    definite = re.search(
        r"\b(?:the|these|those|both|their|all)\s+(?:\w+\s+)?$", text[: hit.start()], re.IGNORECASE
    )
    few = hit["n"].lower() in ("two", "three", "four")
    return few and (bool(definite) or _unit_of().get(hit.groupdict().get("unit") or "") == "country")


def _vague(text: str, hit: re.Match[str]) -> Amount | None:
    spellings: dict[str, Any] = read("units")["vague"]
    low, high, value = spellings[hit["vague"].lower()]
    unit = _counted_after(text, hit.end())
    return Amount(hit.start(), hit.end(), hit.group(), value, low, high, unit or "count", "~")


def _share(text: str, hit: re.Match[str]) -> Amount | None:
    low, high = read("units")["shares"][re.sub(r"\s+", " ", hit["share"].lower())]
    value = float(low) if low == high else None
    comparator, start = _comparator(text, hit.start())
    return Amount(start, hit.end(), text[start : hit.end()], value, float(low), float(high), "%", comparator)


def _second(hit: re.Match[str], scale: float) -> float | None:
    other = _group(hit, "n2")
    return _number(other) * scale if other else None


def _currency(text: str) -> str:
    table: dict[str, str] = read("units")["currencies"]
    return table.get(text) or table.get(text.lower()) or table.get(text.rstrip("s"), text)


def _unit_per(text: str) -> str:
    word = re.sub(r"^(?:/\s?|per\s|an?\s)", "", text)
    return {"bl": "bbl", "barrel": "bbl", "tonne": "t", "ton": "t"}.get(word, word)


def _counted_after(text: str, end: int) -> str:
    hit = re.match(r"\s(?:of\s)?([a-z]+)", text[end:])
    return _unit_of().get(hit.group(1), "") if hit else ""


def _amount(
    text: str, hit: re.Match[str], value: float, second: float | None, unit: str, per: str
) -> Amount | None:
    comparator, start = _comparator(text, hit.start("all"))
    value = float(f"{value:.12g}")
    low = high = None
    if second is not None:
        low, high, value = value, second, float(f"{(value + second) / 2:.12g}")
    elif comparator in (">", ">="):
        low = value
    elif comparator in ("<", "<="):
        high = value
    return Amount(
        start, hit.end("all"), text[start : hit.end("all")], value, low, high, unit, comparator, per
    )


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
