"""Numbers as a reader sees them: significant digits, one style of interval, units with their year.

Fractions and probabilities are shown in per cent. Unknown is the word "unknown", never a zero.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tertius.leverage.assessment import Quantity

MINUS, EN_DASH, THIN = "\N{MINUS SIGN}", "\N{EN DASH}", "\N{NARROW NO-BREAK SPACE}"
UNKNOWN = "unknown"

_PERCENT = re.compile(r"(?:%|per ?cent\b)\s*(?P<rest>.*)\Z")
_POINTS = re.compile(r"(?:pp|percentage points?)\b\s*(?P<rest>.*)\Z")
_MONEY = re.compile(r"(?:(?P<a>bn|million|m) USD|USD (?P<b>bn|million|m))(?P<rest>.*)\Z")


@dataclass(frozen=True, slots=True)
class Unit:
    """How a unit is written, and the factor from the stored number to the shown one."""

    text: str
    factor: float = 1.0


def unit(quantity: Quantity) -> Unit:
    """Return the shown unit: "%" for fractions, "bn USD 2023 a year" for money, else as it stands."""
    name, year = quantity.unit.strip(), quantity.year
    if re.match(r"(fraction|probability|share)\b", name):
        of = re.sub(r"^(fraction|probability|share)\s*", "", name)
        return Unit(f"% {of}".strip(), 100.0)
    if match := _POINTS.match(name):
        return Unit(f"pp {match['rest']}".strip())
    if match := _PERCENT.match(name):
        return Unit(f"% {match['rest']}".strip())
    if match := _MONEY.match(name):
        stamp = "" if year is None or str(year) in name else f" {year}"
        return Unit(f"{match['a'] or match['b']} USD{stamp}{match['rest']}")
    return Unit(name)


def number(x: float | None, digits: int = 2, *, space: str = THIN) -> str:
    """Write a number with `digits` significant digits, and whole above a hundred.

    >>> [number(x) for x in (0.0, 1.94, 43.2, 420.05, 12345.0, -0.314, None)]
    ['0', '1.9', '43', '420', '12\u202f300', '\u22120.31', 'unknown']
    """
    if x is None:
        return UNKNOWN
    if abs(x) < 1e-9:  # rounding of a zero, in every unit the page uses
        return "0"
    size = abs(x)
    sign = MINUS if x < 0 else ""
    if size < 0.001:
        return f">{MINUS}0.001" if x < 0 else "<0.001"
    digits = max(digits, 3) if size >= 99.5 else digits
    places = digits - 1 - math.floor(math.log10(size))
    rounded = round(size, places)
    if rounded >= 10 ** (digits - places):  # 9.96 became 10.0: one digit fewer after the point
        places -= 1
    return sign + f"{rounded:,.{max(places, 0)}f}".replace(",", space)


def count(n: int) -> str:
    """Write a whole number in full: "20 000"."""
    return f"{n:,}".replace(",", THIN)


def band(low: float | None, high: float | None, *, space: str = THIN) -> str:
    """Write "[1.2–4.6]", with "to" beside signs; "?" for a missing end, "" if both are missing."""
    ends = ["?" if x is None else number(x, space=space) for x in (low, high)]
    if ends == ["?", "?"]:
        return ""
    signed = any(end[0] in f"{MINUS}<>" for end in ends)
    return f"[{(' to ' if signed else EN_DASH).join(ends)}]"


def parts(quantity: Quantity, *, space: str = THIN) -> tuple[str, str, str]:
    """Return central, band and unit as shown; the band is "" where it is no wider than the central number."""
    shown = unit(quantity)
    low, central, high = (
        None if x is None else x * shown.factor for x in (quantity.low, quantity.central, quantity.high)
    )
    if central is None and low is None and high is None:
        return UNKNOWN, "", ""
    interval = band(low, high, space=space)
    if central is None and (low is None or high is None):
        words = ("at least", low) if high is None else ("at most", high)
        return f"{words[0]} {number(words[1], space=space)}", "", shown.text
    middle = number(central, space=space)
    if (
        low is not None
        and high is not None
        and {number(low, space=space), number(high, space=space)} == {middle}
    ):
        interval = ""
    return middle, interval, shown.text


def text(quantity: Quantity, *, space: str = THIN, with_unit: bool = True) -> str:
    """Write a quantity as "1.9 [1.2–4.6] %"; "unknown" if nothing is known."""
    middle, interval, name = parts(quantity, space=space)
    if middle == UNKNOWN and interval:
        middle = ""
    return " ".join(part for part in (middle, interval, name if with_unit else "") if part)


def change(before: Quantity, after: Quantity) -> str:
    """Write "19 [13–25] % → 21 [14–27] %"; once where nothing changed, or less than the digits show."""
    first, then = text(before), text(after)
    if (before.low, before.central, before.high) == (after.low, after.central, after.high):
        return f"stays at {first}"
    if first == then:
        return f"stays at {first} in the digits shown"
    short = text(before, with_unit=unit(after).text != unit(before).text)
    return f"{short} → {then}"


def plain(value: object) -> str:
    """Write a value that carries no unit of its own; None is unknown."""
    if value is None:
        return UNKNOWN
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def remark(quantity: Quantity) -> str:
    """Return the note of a quantity, unless it only repeats that the number is unknown."""
    return "" if quantity.note == UNKNOWN else quantity.note


def dated(quantity: Quantity) -> str:
    """Write unit and year: "bn USD 2023 a year", "%, 2023", "kb/d, 2025"."""
    name = unit(quantity).text
    if quantity.year is None or str(quantity.year) in name:
        return name
    return f"{name}, {quantity.year}"
