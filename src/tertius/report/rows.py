"""The row chart shared by most figures: per thing one labelled row with a dot or a bar and its band."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tertius.report import numbers
from tertius.report.names import short
from tertius.report.svg import GRID, INK, SOFT, style
from tertius.report.vector import LETTER, NARROW, SIZE, Canvas, Scale, linear, width_of, x_axis

if TYPE_CHECKING:
    from collections.abc import Sequence

LABELS = 310.0  # the widest column of labels, pixels
EDGE = 8.0
FOOT = 38.0  # the axis' numbers and label


@dataclass(frozen=True, slots=True)
class Row:
    """One row; numbers in the unit of the axis, `None` is unknown."""

    label: str
    central: float | None
    low: float | None = None
    high: float | None = None
    channel: str = ""
    error: float | None = None  # half length of the caps


def chart(rows: Sequence[Row], width: float, axis: str, *, bars: bool = False) -> Canvas:
    """Draw one row per thing: label, marker or bar, band; labels stand above the rows of a narrow chart.

    Parameters
    ----------
    rows : top row first.
    width : pixels; `NARROW` or less puts the labels above.
    axis : label of the x axis.
    bars : bars from zero instead of markers.
    """
    above = width <= NARROW
    each, top = (32.0, 4.0) if above else (19.0, 6.0)
    left = EDGE if above else EDGE + min(LABELS, max((width_of(row.label) for row in rows), default=0.0)) + 8
    canvas = Canvas(width, top + each * max(len(rows), 1) + FOOT)
    scale = _scale(rows, left, width - EDGE - 12)
    bottom = top + each * max(len(rows), 1)
    x_axis(canvas, scale, top, bottom, lambda tick: f"{tick:g}".replace("-", numbers.MINUS), axis)
    canvas.line([(scale(0), top), (scale(0), bottom)], SOFT, 1.0)
    for at, row in enumerate(rows):
        y = top + each * at + (23 if above else each / 2)
        _label(canvas, row, left, y, above=above)
        (_bar if bars else _dot)(canvas, row, y, scale)
        if row.central is None and (row.low is None or row.high is None):
            canvas.text("unknown", scale(0) + 6, y, colour=SOFT, italic=True)
    return canvas


def _scale(rows: Sequence[Row], left: float, right: float) -> Scale:
    found = [x for row in rows for x in (row.low, row.central, row.high) if x is not None]
    found += [
        row.central + sign * row.error
        for row in rows
        if row.error and row.central is not None
        for sign in (-1, 1)
    ]
    return linear(min([0.0, *found]), max([0.0, *found]), left, right)


def _label(canvas: Canvas, row: Row, left: float, y: float, *, above: bool) -> None:
    letters = int((canvas.width - 2 * EDGE if above else LABELS) / (LETTER * SIZE))
    if above:
        canvas.text(short(row.label, letters), EDGE, y - 15)
    else:
        canvas.text(short(row.label, letters), left - 8, y, "end")


def _dot(canvas: Canvas, row: Row, y: float, scale: Scale) -> None:
    colour, marker = style(row.channel)
    if row.low is not None and row.high is not None:
        canvas.line([(scale(row.low), y), (scale(row.high), y)], colour, 2.0)
    if row.central is not None:
        canvas.mark(marker, scale(row.central), y, colour)


def _bar(canvas: Canvas, row: Row, y: float, scale: Scale) -> None:
    if row.central is None:
        return
    canvas.bar(scale(0), scale(row.central), y, 11, style(row.channel)[0] if row.channel else GRID)
    if row.low is not None and row.high is not None:
        canvas.line([(scale(row.low), y), (scale(row.high), y)], INK, 1.2)
    for sign in (-1, 1) if row.error else ():
        x = scale(row.central + sign * (row.error or 0.0))
        canvas.line([(x, y - 4), (x, y + 4)], INK, 1.2)
