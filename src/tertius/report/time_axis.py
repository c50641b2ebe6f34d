"""A time axis that shows most of the dates well: its busy part has a finer scale than what lies far from it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tertius.ledger.record import first_day, last_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.ledger.record import Claim

INSIDE = 0.75  # share of the dates in the busy part of the axis
SIDE = 0.2  # of the width, for what lies before it, and for what lies after
SPARED = 0.35  # of the busy time; what is nearer needs no part of its own
LEAST = 120  # days the busy part spans at least
GUTTER = 44.0  # pixels, for what has no date
_STEPS = (1, 3, 6, 12, 24, 60, 120, 240, 600)  # months between two ticks
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the axis with one scale, from days to pixels."""

    start: date
    end: date
    left: float
    right: float
    open_left: bool = False  # what is still earlier stands at the edge, too
    open_right: bool = False

    def place(self, day: date) -> float:
        """Return where a day of this stretch stands; one outside stands at its edge."""
        share = (day - self.start).days / max((self.end - self.start).days, 1)
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)

    def ticks(self, letters: float) -> list[tuple[float, str]]:
        """Return the first days of months or years to write, at least `letters` pixels apart."""
        months = max((self.end.year - self.start.year) * 12 + self.end.month - self.start.month, 1)
        room = max((self.right - self.left) / letters, 0.5)
        step = next((step for step in _STEPS if months / step <= room), _STEPS[-1])
        first = self.start.year * 12 + self.start.month - 1
        days = [date(m // 12, m % 12 + 1, 1) for m in range(first, first + months + 1) if m % step == 0]
        inside = [(self.place(day), _written(day, step)) for day in days if self.start <= day <= self.end]
        before = [(self.left, f"to {self.start.year}")] if self.open_left else []
        after = [(self.right, f"{self.end.year} on")] if self.open_right else []
        return before + inside + after


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """From days to pixels: one to three stretches, and a gutter at the right for what has no date."""

    parts: tuple[Part, ...]
    undated: float | None  # middle of the gutter

    def place(self, day: date | None) -> float:
        """Return where a day stands."""
        if day is None:
            return self.undated or self.parts[-1].right
        return next((part for part in self.parts if day <= part.end), self.parts[-1]).place(day)

    def breaks(self) -> list[float]:
        """Return where the scale changes."""
        return [part.left for part in self.parts[1:]] + ([self.parts[-1].right] if self.undated else [])


def axis(days: Sequence[date | None], left: float, right: float) -> TimeAxis:
    """Return the axis for these days between two edges in pixels.

    The busy part is the shortest time that holds three in four; what lies before or after it has a part of its
    own with a coarser scale, unless that spares little. The few still further off stand at the edge.
    """
    known = sorted(day for day in days if day is not None) or [date(2000, 1, 1)]
    edge = right - (GUTTER if None in days else 0.0)
    first, last = _core(known)
    near = (last - first) * SPARED
    start = _month(known[0] if first - known[0] <= near else first)
    end = _month(known[-1] if known[-1] - last <= near else last, 1)
    if (end - start).days < LEAST:
        start = _month(end, -4)
    older, newer = [day for day in known if day < start], [day for day in known if day > end]
    side = SIDE * (edge - left)
    low, high = left + side * bool(older), edge - side * bool(newer)
    parts = [Part(start, end, low, high)]
    if older:
        first = _month(_core(older)[0])
        parts.insert(0, Part(first, start, left, low, open_left=older[0] < first))
    if newer:
        last = _month(_core(newer)[1], 1)
        parts.append(Part(end, last, high, edge, open_right=newer[-1] > last))
    return TimeAxis(tuple(parts), edge + GUTTER / 2 if None in days else None)


def _core(known: Sequence[date]) -> tuple[date, date]:
    """Return first and last day of the shortest time that holds `INSIDE` of the days."""
    inside = max(math.ceil(INSIDE * len(known)), 1)
    at = min(range(len(known) - inside + 1), key=lambda start: known[start + inside - 1] - known[start])
    return known[at], known[at + inside - 1]


def said_on(claim: Claim) -> date | None:
    """Return the first day a claim may have been said on."""
    return first_day(claim.said or claim.doc.published)


def spoken_of(claim: Claim) -> date | None:
    """Return the middle of the time a claim is about."""
    found = claim.about or claim.date
    if found is None or not (found.start or found.end):
        return None
    start, end = first_day(found.start or found.end), last_day(found.end or found.start)
    assert start is not None
    assert end is not None
    return start + (end - start) / 2


def _month(day: date, further: int = 0) -> date:
    """Return the first day of the month `further` months on."""
    at = day.year * 12 + day.month - 1 + further
    return date(min(max(at // 12, 1), 9999), at % 12 + 1, 1)


def _written(day: date, step: int) -> str:
    return str(day.year) if step >= 12 else f"{_MONTHS[day.month - 1]} {day.year % 100:02d}"
