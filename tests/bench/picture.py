"""The picture on the benchmarks page: ways of solving one problem, and time against size, on logarithmic axes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from tertius.report.svg import BLUE, GREEN, GRID, ORANGE, PURPLE, SOFT, VERMILION
from tertius.report.vector import Canvas, logarithmic, x_axis

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.report.vector import Point, Scale

    Row = dict[str, Any]

WIDE, TALL = 760, 860
_BARS = 8  # height of a bar, pixels
_LABELS = 330  # where the bars begin
_POWERS = tuple(10.0**k for k in range(-3, 6))
_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500)


def picture(rows: dict[str, Any]) -> str:
    """SVG text from the rows of `engine`, `peers` and `scaling`, whichever there are."""
    canvas = Canvas(WIDE, TALL)
    canvas.area([(0, 0), (WIDE, 0), (WIDE, TALL), (0, TALL)], "#ffffff", 1)
    bottom = _ways(canvas, _bars(rows), 44)
    sizes = rows.get("scaling", [])
    top = bottom + 74
    _panel(
        canvas,
        "milliseconds by size of the economy",
        (60, 300, top),
        [
            ("countries, one", _line(sizes, "countries", "one_ms"), BLUE, "o"),
            ("countries, of 32", _line(sizes, "countries", "batch_ms"), BLUE, "s"),
            ("sectors, one", _line(sizes, "sectors", "one_ms"), GREEN, "o"),
            ("sectors, of 32", _line(sizes, "sectors", "batch_ms"), GREEN, "s"),
            ("ICIO sectors, one", _line(sizes, "sectors, ICIO", "one_ms"), PURPLE, "o"),
            ("ICIO sectors, of 32", _line(sizes, "sectors, ICIO", "batch_ms"), PURPLE, "s"),
        ],
        "countries or sectors",
    )
    _panel(
        canvas,
        "milliseconds per equilibrium, and MB",
        (450, 690, top),
        [
            ("ms each", _line(sizes, "scenarios", "batch_ms"), BLUE, "s"),
            ("MB, streamed", _line(sizes, "scenarios", "streamed_mb"), ORANGE, "D"),
            ("MB, all kept", _line(sizes, "scenarios", "kept_mb"), VERMILION, "^"),
        ],
        "scenarios in one call",
    )
    canvas.height = top + 330
    canvas.pieces[0] = canvas.pieces[0].replace(f",{TALL}", f",{canvas.height:g}")
    return (
        canvas.render("bench", "Benchmarks of the engine", "The figures are in the tables of the page.")
        + "\n"
    )


def _bars(rows: dict[str, Any]) -> list[tuple[str, str, float, bool]]:
    """Case, way, milliseconds per scenario, whether it is this package."""
    found = [(r["case"], r["way"], r["ms"], r["way"].startswith("tertius")) for r in rows.get("engine", [])]
    beside = rows.get("peers", [])
    return found + [(r["case"], f"{r['side']}, {r['work']}", r["ms"], r["side"] == "tertius") for r in beside]


def _ways(canvas: Canvas, bars: Sequence[tuple[str, str, float, bool]], top: float) -> float:
    """Draw a bar for every way, by case; return where it ends."""
    if not bars:
        return top
    low = 10.0 ** math.floor(math.log10(min(b[2] for b in bars)))
    high = 10.0 ** math.ceil(math.log10(max(b[2] for b in bars)))
    across = logarithmic(low, high, _LABELS, WIDE - 70, _POWERS)
    cases = list(dict.fromkeys(b[0] for b in bars))
    bottom = top + 16 * (len(bars) + len(cases))
    canvas.text("milliseconds per equilibrium, warm: the same economy within a case", 20, 18)
    x_axis(canvas, across, top - 6, bottom, lambda x: f"{x:g}", "milliseconds")
    y = top
    for case in cases:
        canvas.text(case, 20, y + 2, colour=SOFT, italic=True)
        y += 16
        for _, way, ms, own in (b for b in bars if b[0] == case):
            canvas.text(way, _LABELS - 8, y, "end")
            canvas.bar(_LABELS, across(ms), y, _BARS, BLUE if own else VERMILION)
            canvas.text(_short(ms), across(ms) + 6, y, colour=SOFT)
            y += 16
    return bottom


def _line(rows: Sequence[Row], axis: str, key: str) -> list[Point]:
    return [(float(r["size"]), float(r[key])) for r in rows if r["axis"] == axis]


def _panel(
    canvas: Canvas,
    title: str,
    place: tuple[float, float, float],
    lines: Sequence[tuple[str, list[Point], str, str]],
    label: str,
) -> None:
    lines = [line for line in lines if line[1]]
    if not lines:
        return
    left, right, top = place
    bottom = top + 170
    xs = [x for _, points, _, _ in lines for x, _ in points]
    ys = [y for _, points, _, _ in lines for _, y in points]
    across = logarithmic(min(xs), max(xs), left, right, _SIZES)
    start, end = (10.0 ** f(math.log10(v)) for f, v in ((math.floor, min(ys)), (math.ceil, max(ys))))
    up = logarithmic(start, end, bottom, top, _POWERS)
    canvas.text(title, left - 30, top - 18)
    x_axis(canvas, across, top, bottom, lambda x: f"{x:g}", label)
    _y_axis(canvas, up, left, right)
    for n, (name, points, colour, kind) in enumerate(lines):
        at = [(across(x), up(y)) for x, y in points]
        canvas.line(at, colour, 1.4, "" if kind == "o" else "4 2")
        for x, y in at:
            canvas.mark(kind, x, y, colour, 3.6)
        x, y = left + n % 2 * 150 - 20, bottom + 52 + n // 2 * 17
        canvas.mark(kind, x, y, colour, 3.6)
        canvas.text(name, x + 10, y)


def _y_axis(canvas: Canvas, up: Scale, left: float, right: float) -> None:
    for tick in up.ticks:
        canvas.line([(left, up(tick)), (right, up(tick))], GRID, 0.8)
        words = f"{tick:g}"
        canvas.text(words, left - 6, up(tick), "end", SOFT)


def _short(ms: float) -> str:
    return f"{ms:,.0f}" if ms >= 100 else f"{ms:.3g}"
