"""The leverage curve as a staircase: solved at a grid of credibilities, with steps where lifelines break."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.leverage.assessment import CurvePoint, Lifeline, Quantity

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Break:
    """What one supporter drops at one credibility: its lifelines with the same q*, taken together."""

    supporter: str
    channels: tuple[str, ...]
    q: float
    low: float | None
    high: float | None
    weight: float  # loss of the target if these alone are cut, summed, per cent


def breaks(lifelines: Sequence[Lifeline]) -> list[Break]:
    """Return what breaks where, by q*: lifelines with a central q*, without pools."""
    found: dict[tuple[str, float], list[Lifeline]] = {}
    for line in lifelines:
        if line.q_star.central is not None and not line.status.startswith("pool"):
            found.setdefault((line.supporter, line.q_star.central), []).append(line)
    return sorted(
        (_together(q, lines) for (_, q), lines in found.items()), key=lambda each: (each.q, -each.weight)
    )


def staircase(curve: Sequence[CurvePoint], lifelines: Sequence[Lifeline]) -> list[Point]:
    """Return the corners (q, level) of the curve, in fractions.

    The levels at the curve's own points are exact. Between two of them each lifeline steps at its q*; how
    much of the rise each step takes goes by the loss that lifeline causes alone. A rise at which no listed
    lifeline breaks (pools) is drawn as a straight slope, for nobody knows where in between it lies.
    """
    known = [(p.q, p.leverage.central) for p in curve if p.leverage.central is not None]
    steps = [each for each in breaks(lifelines) if each.q < 1]
    corners: list[Point] = known[:1]
    for (start, level), (end, goal) in itertools.pairwise(known):
        inside = [step for step in steps if start <= step.q < end]
        whole = sum(step.weight for step in inside)
        passed = 0.0
        for step in inside if whole > 0 else ():
            before, passed = passed, passed + step.weight
            corners += [(step.q, level + (goal - level) * part / whole) for part in (before, passed)]
        corners.append((end, goal))
    return corners


def leverage_at(curve: Sequence[CurvePoint], q: float) -> Quantity | None:
    """Return L(q): the step of the last point at or below q."""
    found = [point.leverage for point in curve if point.q <= q]
    return found[-1] if found else None


def _together(q: float, lines: Sequence[Lifeline]) -> Break:
    lows, highs = ([getattr(line.q_star, end) for line in lines] for end in ("low", "high"))
    return Break(
        supporter=lines[0].supporter,
        channels=tuple(line.channel for line in lines),
        q=q,
        low=None if None in lows else min(lows),
        high=None if None in highs else max(highs),
        weight=sum(line.loss_if_cut.central or 0.0 for line in lines),
    )
