"""The figures of an assessment besides the curve, each for a width in pixels.

Drawn from the numbers of the assessment alone. What is unknown is written as unknown, never drawn as zero.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from tertius.report import numbers
from tertius.report.names import Names
from tertius.report.rows import Row, chart
from tertius.report.svg import CHANNEL_STYLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.leverage.assessment import Assessment, Cost, Lifeline, Quantity
    from tertius.report.vector import Canvas

SHOWN_BARS, SHOWN_PAYERS, SHOWN_LINES = 12, 8, 60


def merit_order(assessment: Assessment, width: float) -> Canvas:
    """Break-even credibility of every lifeline with its band, the weakest first."""
    names = Names(assessment)
    rows = [_row(names.lifeline(x.supporter, x.channel), x.q_star, x.channel) for x in assessment.lifelines]
    return chart(rows[:SHOWN_LINES], width, "q*, break-even credibility, %")


def attribution(assessment: Assessment, width: float) -> Canvas:
    """Shapley shares of the gap, with two standard errors as caps and the band as a thin line."""
    names = Names(assessment)
    shares = sorted(assessment.attribution, key=lambda x: -abs(x.points.central or 0.0))
    rows = [
        dataclasses.replace(
            _row(names.lifeline(x.supporter, x.channel), x.points, x.channel), error=2 * x.standard_error
        )
        for x in shares[:SHOWN_BARS]
    ]
    rest = [share.points.central for share in shares[SHOWN_BARS:] if share.points.central is not None]
    if rest:
        rows.append(Row(f"{len(rest)} others together", sum(rest)))
    return chart(rows, width, "percentage points of the target's real income", bars=True)


def costs(assessment: Assessment, width: float) -> Canvas:
    """Costs of the senders and of the third parties hit hardest, per cent; left of zero is a gain."""
    others = [cost for cost in assessment.costs if cost.case.startswith("third party")]
    senders = [
        cost for cost in assessment.costs if not cost.case.startswith(("third party", "civilian need"))
    ]
    shown = senders + [cost for who in hardest(others)[:SHOWN_PAYERS] for cost in others if cost.who == who]
    return chart(_cost_rows(shown, Names(assessment)), width, "loss of real income, % (below zero: gain)")


def swing(assessment: Assessment, width: float) -> Canvas:
    """How far L(5 %) moves from the low to the high reading of each disputed claim."""
    rows = [_row(x.what, as_points(x.leverage_at_5), "open") for x in assessment.swing[:SHOWN_BARS]]
    return chart(rows, width, "change of L(5 %), percentage points", bars=True)


def hardest(found: Sequence[Cost]) -> list[str]:
    """Return who pays, the largest loss or gain of any case first."""
    worst: dict[str, float] = {}
    for cost in found:
        worst[cost.who] = max(worst.get(cost.who, 0.0), abs(cost.real_income.central or 0.0))
    return sorted(worst, key=lambda who: -worst[who])


def as_points(change: Quantity) -> Quantity:
    """Read a change of a fraction as percentage points."""
    factor = numbers.unit(change).factor
    low, central, high = (
        None if x is None else x * factor for x in (change.low, change.central, change.high)
    )
    return dataclasses.replace(change, unit="pp", low=low, central=central, high=high)


def largest(lines: Sequence[Lifeline], count: int) -> list[Lifeline]:
    """Return the `count` lifelines whose cut hurts most, in merit order."""
    kept = sorted(lines, key=lambda x: -(x.loss_if_cut.central or 0.0))[:count]
    return sorted(kept, key=lambda x: 2.0 if x.q_star.central is None else x.q_star.central)


def _cost_rows(found: Sequence[Cost], names: Names) -> list[Row]:
    look = dict(zip(dict.fromkeys(cost.case for cost in found), CHANNEL_STYLE, strict=False))
    rows = []
    for cost in found:
        case = cost.case.removeprefix("third party, ")
        rows.append(_row(f"{names.payer(cost.who)}: {case}", cost.real_income, look.get(cost.case, "")))
    return rows


def _row(label: str, quantity: Quantity, channel: str = "") -> Row:
    factor = numbers.unit(quantity).factor
    low, central, high = (
        None if x is None else x * factor for x in (quantity.low, quantity.central, quantity.high)
    )
    return Row(label, central, low, high, channel)
