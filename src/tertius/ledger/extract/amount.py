"""One amount in a text, and how the words before a number bound it: "about", "at least", "up to"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from tertius.ledger.extract.lexicon import read
from tertius.ledger.record import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def build(text: str, hit: re.Match[str], number: float, second: float | None, unit: str, per: str) -> Amount:
    """Return the amount that a match of `all` stands for; `second` is the upper end of a range."""
    comparator, start = comparator_before(text, hit.start("all"))
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


def comparator_before(text: str, start: int) -> tuple[Comparator, int]:
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
