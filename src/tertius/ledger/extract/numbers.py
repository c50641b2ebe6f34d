"""Numbers as written, in digits or words: `1,25,000`, `1.000.000`, `5½`, `seventy-five`, `half a billion`.

Patterns as sources of regular expressions, and the values of what they match.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from tertius.ledger.extract.lexicon import read

if TYPE_CHECKING:
    from collections.abc import Iterable

_HALVES = {"½": 0.5, "¼": 0.25, "¾": 0.75}
_DIGITS = (
    r"\d{1,3}(?:\.\d{3}){2,}(?![\d.]*\d)"  # 1.000.000
    r"|\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)"  # 1 000 000
    r"|\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?|\d+(?:\.\d+)?[½¼¾]?"  # 1,25,000
)
_BIG = r"(?=[\s-](?:dozen|hundred|thousand|million|billion|trillion|lakh|crore)\b)"
_PART = {"half": 0.5, "a quarter of": 0.25, "one quarter of": 0.25, "three quarters of": 0.75}


def either(options: Iterable[str]) -> str:
    """Alternatives, longest first; a space may be a hyphen."""
    parts = sorted((str(o) for o in options), key=len, reverse=True)
    return "(?:" + "|".join(re.escape(p).replace(r"\ ", r"[\s-]") for p in parts) + ")"


@cache
def digits() -> str:
    """Pattern of a number in digits."""
    return _DIGITS


@cache
def number() -> str:
    """Pattern of a number in digits or words; "a" and "half a" only before a scale."""
    table: dict[str, int] = read("units")["words"]
    small = either(w for w in table)
    tens = either(w for w, v in table.items() if v >= 20)
    ones = either(w for w, v in table.items() if 0 < v < 10)
    under = rf"(?:{tens}[\s-]{ones}|{small})"
    spelled = rf"(?:(?:{ones}|an?)[\s-]hundred\sand\s{under}|{under}(?:\sand\sa\s(?:half|quarter))?)"
    part = "|".join(_PART)
    return rf"{_DIGITS}|\b(?i:{spelled}|(?:(?:{part})\s)?an?{_BIG})\b"


@cache
def number_start() -> re.Pattern[str]:
    """Where what `number` matches may begin: at any digit, at a word for a number, at "a" and "half"."""
    words = {re.split(r"[\s-]", w)[0] for w in (*read("units")["words"], *_PART)}
    return re.compile(rf"\d|\b(?i:{either({*words, 'a', 'an'})})\b")


def scales(group: str) -> str:
    """Pattern of up to two scales after a number: "bn", "hundred million", "lakh crore"; may be empty."""
    one = either(read("units")["scales"])
    return rf"(?P<{group}>(?:[\s-]?{one}\b){{0,2}})"


def value(text: str) -> float:
    """Value of what `number` matches."""
    low = re.sub(r"[\s\u00a0\u202f]+", " ", text.lower())
    if low[0].isdigit():
        return _of_digits(low)
    for part, share in _PART.items():
        if low in (f"{part} a", f"{part} an"):
            return share
    whole, _, rest = low.partition(" and a ")
    total = sum(_word(w) for w in re.split(r"[\s-]", whole.partition(" and ")[0]) if w != "hundred")
    total *= 100 if "hundred" in whole else 1
    total += sum(_word(w) for w in re.split(r"[\s-]", whole.partition(" and ")[2]) if w)
    return float(total) + {"": 0.0, "half": 0.5, "quarter": 0.25}[rest]


def scale(text: str) -> float:
    """Product of the scales in what `scales` matches; 1 for none."""
    table: dict[str, int] = read("units")["scales"]
    found = 1.0
    for word in re.findall(r"[A-Za-z]+", text):
        found *= table.get(word, table.get(word.lower(), 1))
    return found


def _word(word: str) -> int:
    table: dict[str, int] = read("units")["words"]
    return 1 if word in ("a", "an") else table[word]


def _of_digits(text: str) -> float:
    half = _HALVES.get(text[-1], 0.0)
    plain = text.rstrip("½¼¾").replace(",", "").replace(" ", "")
    return float(plain.replace(".", "") if plain.count(".") > 1 else plain) + half
