"""The figures of an assessment, each for a width in inches.

Drawn from the numbers of the assessment alone. What is unknown is written as unknown, never drawn as zero.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from tertius.report import numbers, svg
from tertius.report.names import HORIZONS, Names, short
from tertius.report.rows import NARROW, Row, bars, dots, frame, height

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from tertius.leverage.assessment import Assessment, Cost, CurvePoint, Lifeline, Quantity

WIDE_INCHES, NARROW_INCHES = 7.4, 3.9
SHOWN_STEPS, SHOWN_BARS, SHOWN_PAYERS = 14, 18, 8
GUIDES = (0.01, 0.05, 0.20)
HORIZON_LINES = {
    "year": (svg.ORANGE, (0, (1, 1.2))),
    "medium": (svg.BLUE, "-"),
    "long": (svg.GREEN, (0, (5, 2))),
}


def leverage_curve(assessment: Assessment, width: float = WIDE_INCHES) -> Figure:
    """L(q) with its band and the other horizons, and under it the lifelines at the step where each breaks."""
    lines = largest(assessment.lifelines, SHOWN_STEPS)
    steps = height(len(lines), NARROW) - 0.2
    drawn = svg.figure(width, 2.5 + steps)
    upper, lower = drawn.subplots(2, 1, sharex=True, height_ratios=[2.5, steps])
    _q_axis(lower, assessment)
    _curves(upper, assessment)
    _merit_order(lower, lines, Names(assessment), width)
    lower.set_xlabel("q, credibility: probability that the sender enforces")
    return drawn


def merit_order(assessment: Assessment, width: float = WIDE_INCHES) -> Figure:
    """Break-even credibility of every lifeline with its band, channel by channel."""
    names = Names(assessment)
    order = [*svg.CHANNEL_STYLE]
    lines = sorted(
        assessment.lifelines, key=lambda x: (order.index(x.channel) if x.channel in order else 9, _rank(x))
    )
    rows = [_q_row(line, names.lifeline(line.supporter, line.channel)) for line in lines]
    drawn = svg.figure(width, height(len(rows), width))
    axes = drawn.subplots()
    _q_axis(axes, assessment)
    dots(axes, rows)
    frame(axes, rows, width)
    axes.set_xlabel("q*, break-even credibility")
    return drawn


def losses(assessment: Assessment, width: float = WIDE_INCHES) -> Figure:
    """Loss if all comply, now and lifted, horizon by horizon."""
    kinds = (("all_comply", "if all comply", "open"), ("now", "now", "shielded"), ("lifted", "lifted", "aid"))
    rows = [
        _row(f"{HORIZONS.get(loss.horizon, loss.horizon)}: {words}", getattr(loss, name), channel)
        for loss in assessment.loss
        for name, words, channel in kinds
    ]
    return _dot_chart(rows, width, "loss, % of the target's real income")


def attribution(assessment: Assessment, width: float = WIDE_INCHES) -> Figure:
    """Shapley shares of the gap, with two standard errors as caps and the band as a thin line."""
    names = Names(assessment)
    shares = sorted(assessment.attribution, key=lambda x: -abs(x.points.central or 0.0))
    rows = [_row(names.lifeline(x.supporter, x.channel), x.points, x.channel) for x in shares[:SHOWN_BARS]]
    errors: list[float | None] = [2 * share.standard_error for share in shares[:SHOWN_BARS]]
    rest = [share.points.central for share in shares[SHOWN_BARS:] if share.points.central is not None]
    if rest:
        rows.append(Row(f"{len(rest)} others together", sum(rest)))
    drawn = svg.figure(width, height(len(rows), width))
    axes = drawn.subplots()
    bars(axes, rows, width, errors)
    frame(axes, rows, width)
    axes.set_xlabel("percentage points of the target's real income")
    return drawn


def costs(assessment: Assessment, width: float = WIDE_INCHES) -> Figure:
    """Costs of the senders and of the third parties hit hardest, per cent; left of zero is a gain."""
    others = [cost for cost in assessment.costs if cost.case.startswith("third party")]
    worst: dict[str, float] = {}
    for cost in others:
        worst[cost.who] = max(worst.get(cost.who, 0.0), abs(cost.real_income.central or 0.0))
    hardest = sorted(worst, key=lambda who: -worst[who])[:SHOWN_PAYERS]
    senders = [
        cost for cost in assessment.costs if not cost.case.startswith(("third party", "civilian need"))
    ]
    shown = senders + [cost for who in hardest for cost in others if cost.who == who]
    return _dot_chart(
        _cost_rows(shown, Names(assessment)), width, "loss of real income, % (below zero: gain)"
    )


def needs(assessment: Assessment, width: float = WIDE_INCHES) -> Figure:
    """Shortfall of the target's civilian needs, per cent of what is consumed."""
    shown = [cost for cost in assessment.costs if cost.case.startswith("civilian need")]
    return _dot_chart(_cost_rows(shown, Names(assessment)), width, "shortfall, %")


def _cost_rows(found: Sequence[Cost], names: Names) -> list[Row]:
    look = dict(zip(dict.fromkeys(cost.case for cost in found), svg.CHANNEL_STYLE, strict=False))
    rows = []
    for cost in found:
        case = cost.case.removeprefix("third party, ").removeprefix("civilian need, ")
        rows.append(_row(f"{names.payer(cost.who)}: {case}", cost.real_income, look.get(cost.case, "")))
    return rows


def swing(assessment: Assessment, width: float = WIDE_INCHES) -> Figure:
    """How far L(5 %) and the loss move from the low to the high reading of each disputed claim."""
    entries = assessment.swing[:SHOWN_BARS]
    panels = (
        ([_row(x.what, as_points(x.leverage_at_5), "open") for x in entries], "change of L(5 %), pp"),
        (
            [_row(x.what, as_points(x.loss_all), "shielded") for x in entries],
            "change of loss if all comply, pp",
        ),
    )
    tall = width < NARROW
    drawn = svg.figure(width, height(len(entries), width, panels=2 if tall else 1))
    both: Any = drawn.subplots(2 if tall else 1, 1 if tall else 2)
    for at, (axes, (rows, label)) in enumerate(zip(both, panels, strict=True)):
        bars(axes, rows, width)
        frame(axes, rows, width, labels=tall or at == 0)
        axes.set_xlabel(label)
    return drawn


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
    return sorted(kept, key=_rank)


def uses_log(assessment: Assessment) -> bool:
    """Whether the q axis is logarithmic: some lifeline breaks below 5 %."""
    return any(0 < (line.q_star.central or 0) < 0.05 for line in assessment.lifelines)


def leverage_at(curve: Sequence[CurvePoint], q: float) -> Quantity | None:
    """Return L(q): the step of the last point at or below q."""
    found = [point.leverage for point in curve if point.q <= q]
    return found[-1] if found else None


def _dot_chart(rows: list[Row], width: float, label: str) -> Figure:
    drawn = svg.figure(width, height(len(rows), width))
    axes = drawn.subplots()
    dots(axes, rows)
    axes.axvline(0, color=svg.SOFT, linewidth=0.8)
    frame(axes, rows, width)
    axes.set_xlabel(label)
    return drawn


def _row(label: str, quantity: Quantity, channel: str = "") -> Row:
    factor = numbers.unit(quantity).factor
    low, central, high = (
        None if x is None else x * factor for x in (quantity.low, quantity.central, quantity.high)
    )
    return Row(label, central, low, high, channel)


def _q_row(line: Lifeline, label: str) -> Row:
    q = line.q_star
    note = "not exposed to this measure" if "not exposed" in f"{line.status} {q.note}" else ""
    return Row(label, q.central, q.low, q.high, line.channel, note)


def _rank(line: Lifeline) -> float:
    return 2.0 if line.q_star.central is None else line.q_star.central


def percent(q: float) -> str:
    """Write a credibility: 0.05 is "5 %"."""
    return f"{100 * q:g} %"


def _q_axis(axes: Axes, assessment: Assessment) -> None:
    if not uses_log(assessment):
        axes.set_xlim(0, 1.02)
        axes.set_xticks([0, *GUIDES[1:], 0.5, 1], [percent(q) for q in (0, *GUIDES[1:], 0.5, 1)])
        return
    least = min(q for line in assessment.lifelines if (q := line.q_star.central or 0) > 0)
    start = next((edge for edge in (1e-2, 1e-3, 1e-4) if edge <= 0.8 * least), 1e-5)
    axes.set_xscale("log")
    axes.set_xlim(start, 1.15)
    ticks = [q for q in (1e-5, 1e-4, 1e-3, 1e-2, 0.05, 0.2, 1.0) if q >= start]
    axes.set_xticks(ticks, [percent(q) for q in ticks])
    axes.set_xticks([], minor=True)


def _curves(axes: Axes, assessment: Assessment) -> None:
    svg.plain(axes, grid="both")
    for name, curve in assessment.curve_by_horizon.items():
        if curve == assessment.curve or name == "medium":
            continue
        colour, dash = HORIZON_LINES.get(name, (svg.SOFT, "--"))
        _steps(axes, curve, color=colour, linestyle=dash, linewidth=1.3, label=HORIZONS.get(name, name))
    known = [p for p in assessment.curve if p.leverage.low is not None and p.leverage.high is not None]
    low, high = ([100 * float(getattr(p.leverage, end)) for p in known] for end in ("low", "high"))
    axes.fill_between(
        [p.q for p in known], low, high, step="post", color=svg.SKY, alpha=0.35, linewidth=0, label="band"
    )
    _steps(axes, assessment.curve, color=svg.BLUE, linewidth=2.0, label="medium run (headline)")
    axes.set_ylim(bottom=0)
    axes.set_ylabel("L(q), % of the full loss")
    axes.legend(loc="upper left", frameon=False, handlelength=2.4)


def _steps(axes: Axes, curve: Sequence[CurvePoint], **look: Any) -> None:
    known = [(p.q, 100 * p.leverage.central) for p in curve if p.leverage.central is not None]
    axes.step([q for q, _ in known], [level for _, level in known], where="post", **look)


def _merit_order(axes: Axes, lines: Sequence[Lifeline], names: Names, width: float) -> None:
    rows = [_q_row(line, names.lifeline(line.supporter, line.channel)) for line in lines]
    dots(axes, [dataclasses.replace(row, note=" ") for row in rows])
    frame(axes, rows, NARROW, labels=False)
    axes.set_yticks([])
    room = 90 if width >= NARROW else 46
    for at, row in enumerate(rows):
        if row.central is None:
            said = short(f"{row.label}: {row.note or 'unknown'}", room)
            beside: Any = {"transform": axes.get_yaxis_transform(), "va": "center", "style": "italic"}
            axes.text(0.01, at, said, color=svg.SOFT, **beside)
        else:
            axes.plot([row.central, row.central], [-1, at], color=svg.GRID, linewidth=0.8, zorder=0)
            _name_step(axes, at, row, room // 2)


def _name_step(axes: Axes, at: int, row: Row, room: int) -> None:
    """Write the name of a lifeline on the side of its band where there is room."""
    start, end = axes.get_xlim()
    assert row.central is not None
    low, high = max(row.low or row.central, start), min(row.high or row.central, end)
    left_room, right_room = _place(axes, low), 1 - _place(axes, high)
    said = short(row.label, room)
    look: Any = {"textcoords": "offset points", "fontsize": 8}
    if max(left_room, right_room) < 0.3:
        axes.annotate(said, (low, at), xytext=(3, 3), ha="left", va="bottom", **look)
    elif right_room > left_room:
        axes.annotate(said, (high, at), xytext=(8, 0), ha="left", va="center", **look)
    else:
        axes.annotate(said, (low, at), xytext=(-8, 0), ha="right", va="center", **look)


def _place(axes: Axes, q: float) -> float:
    """Where q stands on the axis, 0 at its left end and 1 at its right."""
    import math

    start, end = axes.get_xlim()
    if axes.get_xscale() == "log":
        start, end, q = (math.log10(x) for x in (start, end, max(q, start)))
    return (q - start) / (end - start)
