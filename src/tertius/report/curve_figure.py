"""The picture of the first screen: the leverage curve, and under it the lifelines where each breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.report.names import HORIZONS, Names, short
from tertius.report.staircase import Break, breaks, staircase
from tertius.report.svg import BLUE, GREEN, GRID, INK, ORANGE, SKY, SOFT, style
from tertius.report.vector import Canvas, Scale, linear, logarithmic, width_of, x_axis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.leverage.assessment import Assessment, CurvePoint

GUIDES = (0.01, 0.05, 0.20)
SHOWN = 10
LEFT, RIGHT, TOP, LEVELS, EACH = 40.0, 14.0, 10.0, 190.0, 18.0
LEAST = 70.0  # room a name needs, pixels
TICKS = (1e-5, 1e-4, 1e-3, 0.01, 0.05, 0.2, 1.0)
LOOKS = {"year": (ORANGE, "2 3"), "medium": (BLUE, ""), "long": (GREEN, "7 3")}


def leverage_curve(assessment: Assessment, width: float) -> Canvas:
    """Draw L(q) with its band and the other horizons, and the largest lifelines at their steps."""
    found = breaks(assessment.lifelines)
    rows = largest(found, SHOWN)
    lower = TOP + LEVELS + 12
    bottom = lower + EACH * max(len(rows), 1)
    canvas = Canvas(width, bottom + 38)
    across = _credibility(found, width)
    up = linear(0.0, _highest(assessment), TOP + LEVELS, TOP, 4)
    for tick in up.ticks:
        canvas.line([(LEFT, up(tick)), (width - RIGHT, up(tick))], GRID, 0.8)
        canvas.text(f"{100 * tick:g}", LEFT - 6, up(tick), "end", SOFT)
    canvas.text("L(q), % of the full loss", 9, TOP + LEVELS / 2, "middle", up=True)
    x_axis(canvas, across, TOP, bottom, percent, "q, credibility: probability that the sender enforces")
    _curves(canvas, assessment, across, up)
    for each in found:
        if each.q < 1:
            canvas.line([(across(each.q), TOP + LEVELS), (across(each.q), TOP + LEVELS + 7)], INK, 1.0)
    names = Names(assessment)
    for at, each in enumerate(rows):
        _row(canvas, each, lower + EACH * (at + 0.5), across, names, lower - 12)
    _legend(canvas, assessment)
    return canvas


def percent(q: float) -> str:
    """Write a credibility: 0.05 is "5 %"."""
    return f"{100 * q:g} %"


def largest(found: Sequence[Break], count: int) -> list[Break]:
    """Return the `count` breaks below certainty whose loss is largest, in merit order."""
    moved = [each for each in found if each.q < 1]
    return sorted(sorted(moved, key=lambda each: -each.weight)[:count], key=lambda each: each.q)


def _credibility(found: Sequence[Break], width: float) -> Scale:
    """Return the axis of q: logarithmic from below the first break when that is under 5 %."""
    least = min((each.q for each in found if each.q > 0), default=1.0)
    if least >= 0.05:
        return linear(0.0, 1.0, LEFT, width - RIGHT)
    start = max(edge for edge in (1e-5, 1e-4, 1e-3, 2e-3, 5e-3, 1e-2) if edge <= max(0.8 * least, 1e-5))
    return logarithmic(start, 1.0, LEFT, width - RIGHT, TICKS)


def _highest(assessment: Assessment) -> float:
    curves = [assessment.curve, *assessment.curve_by_horizon.values()]
    ends = [
        x for curve in curves for p in curve for x in (p.leverage.central, p.leverage.high) if x is not None
    ]
    return max([0.05, *ends])


def _curves(canvas: Canvas, assessment: Assessment, across: Scale, up: Scale) -> None:
    band = [
        p
        for p in assessment.curve
        if p.leverage.low is not None and p.leverage.high is not None and p.q >= across.start
    ]
    if len(band) > 1:
        there = [(across(p.q), up(p.leverage.high or 0.0)) for p in band]
        back = [(across(p.q), up(p.leverage.low or 0.0)) for p in reversed(band)]
        canvas.area([*there, *back], SKY, 0.35)
    for name, curve in assessment.curve_by_horizon.items():
        if name != "medium":
            colour, dash = LOOKS.get(name, (SOFT, "4 2"))
            canvas.line(_plain(curve, across, up), colour, 1.2, dash)
    corners = [
        (q, level) for q, level in staircase(assessment.curve, assessment.lifelines) if q >= across.start
    ]
    canvas.line([(across(q), up(level)) for q, level in corners], BLUE, 2.2)
    for point in assessment.curve:
        if (
            point.leverage.central is not None
            and any(abs(point.q - guide) < 1e-12 for guide in GUIDES)
            and point.q >= across.start
        ):
            canvas.mark("o", across(point.q), up(point.leverage.central), BLUE)


def _plain(curve: Sequence[CurvePoint], across: Scale, up: Scale) -> list[tuple[float, float]]:
    return [
        (across(p.q), up(p.leverage.central))
        for p in curve
        if p.leverage.central is not None and p.q >= across.start
    ]


def _legend(canvas: Canvas, assessment: Assessment) -> None:
    entries = [("medium run (headline)", *LOOKS["medium"], 2.2)]
    entries += [
        (HORIZONS.get(name, name), *LOOKS.get(name, (SOFT, "4 2")), 1.2)
        for name in assessment.curve_by_horizon
        if name != "medium"
    ]
    y = TOP + 8
    for words, colour, dash, thick in entries:
        canvas.line([(LEFT + 8, y), (LEFT + 36, y)], colour, thick, dash)
        canvas.text(words, LEFT + 42, y)
        y += 16
    canvas.area([(LEFT + 8, y - 5), (LEFT + 36, y - 5), (LEFT + 36, y + 5), (LEFT + 8, y + 5)], SKY, 0.35)
    canvas.text("band, 90 % of draws", LEFT + 42, y)


def _row(canvas: Canvas, each: Break, y: float, across: Scale, names: Names, top: float) -> None:
    """Draw one break: a guide down from the curve, the band, the marker, and the name where there is room."""
    colour, marker = style(each.channels[0])
    x = across(each.q)
    low, high = (
        across(each.low if each.low is not None else each.q),
        across(each.high if each.high is not None else each.q),
    )
    canvas.line([(x, top), (x, y)], GRID, 0.9)
    canvas.line([(low, y), (high, y)], colour, 2.0)
    canvas.mark(marker, x, y, colour)
    words = names.lifeline(each.supporter, " + ".join(each.channels))
    room = {"end": low - 8 - LEFT, "start": canvas.width - high - 10}
    side = max(room, key=lambda anchor: (min(room[anchor], width_of(words)), anchor == "end"))
    if room[side] < LEAST:  # a band over the whole axis: the name stands on it, away from the marker
        at, side = (low + 2, "start") if x - low > high - x else (high - 2, "end")
        canvas.text(short(words, int(abs(x - at) / width_of("n"))), at, y, side)
        return
    if width_of(words) > room[side]:  # colour and marker still tell the channel
        words = short(names.country(each.supporter), int(room[side] / width_of("n")))
    canvas.text(words, low - 7 if side == "end" else high + 8, y, side)
