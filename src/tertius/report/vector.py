"""SVG written by hand: shapes, text as text, the same bytes every time, safe to inline in a page.

A report draws ten small pictures; composed directly they take milliseconds, by a plotting library seconds.
"""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape as escaped
from typing import TYPE_CHECKING

from tertius.report.safe import visible
from tertius.report.svg import GRID, INK, SOFT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

WIDE, NARROW = 700, 370  # pixels
SIZE = 12.0  # of the letters, pixels
LETTER = 0.55  # mean width of a letter, of its size

Point = tuple[float, float]


@dataclass(slots=True)
class Canvas:
    """One picture in the making; x to the right and y down, in pixels."""

    width: float
    height: float
    pieces: list[str] = field(default_factory=list)

    def line(self, points: Sequence[Point], colour: str, width: float = 1.0, dash: str = "") -> None:
        """Draw a line through `points`."""
        path = " ".join(f"{_px(x)},{_px(y)}" for x, y in points)
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.pieces.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{_px(width)}"{dashed}/>'
        )

    def area(self, points: Sequence[Point], colour: str, opacity: float) -> None:
        """Fill the shape `points` go round."""
        path = " ".join(f"{_px(x)},{_px(y)}" for x, y in points)
        self.pieces.append(f'<polygon points="{path}" fill="{colour}" fill-opacity="{opacity:g}"/>')

    def bar(self, start: float, end: float, y: float, thick: float, colour: str) -> None:
        """Draw a bar from `start` to `end`, its middle at `y`."""
        left, wide = min(start, end), abs(end - start)
        self.pieces.append(
            f'<rect x="{_px(left)}" y="{_px(y - thick / 2)}" width="{_px(wide)}" height="{_px(thick)}"'
            f' fill="{colour}"/>'
        )

    def mark(self, kind: str, x: float, y: float, colour: str, size: float = 4.2, edge: str = "#fff") -> None:
        """Draw one marker: o, s, ^, v, D or h."""
        corners = _CORNERS.get(kind)
        if corners is None:
            shape = f'<circle cx="{_px(x)}" cy="{_px(y)}" r="{_px(size)}"'
        else:
            path = " ".join(f"{_px(x + size * dx)},{_px(y + size * dy)}" for dx, dy in corners)
            shape = f'<polygon points="{path}"'
        thick = 0.8 if edge == "#fff" else 1.6
        self.pieces.append(f'{shape} class="mark" fill="{colour}" stroke="{edge}" stroke-width="{thick}"/>')

    @contextmanager
    def link(self, goes: str, words: str, number: str = "") -> Iterator[None]:
        """Make what is drawn inside lead to `goes`; `words` show when the pointer is held over it."""
        marked = f' data-c="{number}"' if number else ""
        self.pieces.append(f'<a href="{escape(goes)}"{marked}><title>{escape(words)}</title>')
        yield
        self.pieces.append("</a>")

    def count(self, number: int, x: float, y: float, colour: str) -> None:
        """Write a number into a marker."""
        self.pieces.append(
            f'<text x="{_px(x)}" y="{_px(y + 3.4)}" text-anchor="middle" font-size="9.5" font-weight="600"'
            f' fill="{colour}">{number}</text>'
        )

    def text(
        self,
        words: str,
        x: float,
        y: float,
        anchor: str = "start",
        colour: str = INK,
        *,
        italic: bool = False,
        up: bool = False,
    ) -> None:
        """Write `words` with their middle height at `y`; `anchor` is start, middle or end."""
        turned = f' transform="rotate(-90 {_px(x)} {_px(y)})"' if up else ""
        slanted = ' font-style="italic"' if italic else ""
        self.pieces.append(
            f'<text x="{_px(x)}" y="{_px(y + 0.35 * SIZE)}" text-anchor="{anchor}" fill="{colour}"'
            f'{slanted}{turned} stroke="#fff" stroke-width="3" stroke-linejoin="round" paint-order="stroke">'
            f"{escape(words)}</text>"
        )

    def render(self, name: str, title: str, description: str, role: str = "img") -> str:
        """Return the picture as titled SVG that fits its container; `name` prefixes its ids.

        `role` is "img", or "group" for a picture with links in it, which a screen reader must get at.
        """
        box = f"0 0 {_px(self.width)} {_px(self.height)}"
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="{role}"'
            f' aria-labelledby="{name}-title {name}-desc" font-size="{SIZE:g}"'
            " font-family=\"system-ui,-apple-system,'Segoe UI','DejaVu Sans',sans-serif\">"
            f'<title id="{name}-title">{escape(title)}</title>'
            f'<desc id="{name}-desc">{escape(description)}</desc>'
        )
        return "\n".join([head, *self.pieces, "</svg>"])


@dataclass(frozen=True, slots=True)
class Scale:
    """From numbers to pixels along one axis, with the ticks to write at it."""

    place: Callable[[float], float]
    ticks: tuple[float, ...]
    start: float
    end: float

    def __call__(self, x: float) -> float:
        """Return the place of `x`, drawn at the edge where it lies outside."""
        return self.place(min(max(x, self.start), self.end))


def linear(low: float, high: float, left: float, right: float, ticks: int = 5) -> Scale:
    """Return a scale over [low, high] widened to round ticks."""
    step = round_step((high - low or abs(high) or 1.0) / ticks)
    start, end = step * math.floor(low / step + 1e-9), step * math.ceil(high / step - 1e-9)
    count = round((end - start) / step)
    return Scale(
        lambda x: left + (x - start) / (end - start) * (right - left),
        tuple(round((start + at * step), 10) for at in range(count + 1)),
        start,
        end,
    )


def logarithmic(start: float, end: float, left: float, right: float, ticks: Sequence[float]) -> Scale:
    """Return a logarithmic scale over [start, end]; `ticks` outside are left out."""
    span = math.log(end / start)
    return Scale(
        lambda x: left + math.log(max(x, start) / start) / span * (right - left),
        tuple(tick for tick in ticks if start <= tick <= end),
        start,
        end,
    )


def round_step(raw: float) -> float:
    """Return the next of 1, 2, 5 times a power of ten: 0.13 becomes 0.2."""
    power = 10.0 ** math.floor(math.log10(raw))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * (1 - 1e-9))


def width_of(words: str, size: float = SIZE) -> float:
    """Estimate the width of `words` in pixels, rather too wide than too narrow."""
    return LETTER * size * len(words)


def x_axis(
    canvas: Canvas, scale: Scale, top: float, bottom: float, write: Callable[[float], str], label: str = ""
) -> None:
    """Draw the grid lines of an x axis, its numbers under `bottom`, and its label under them."""
    free = -math.inf
    for tick in scale.ticks:
        x, words = scale(tick), write(tick)
        canvas.line([(x, top), (x, bottom)], GRID, 0.8)
        if x - width_of(words) / 2 > free:
            reach = width_of(words) / 2 + 4
            edge = max(min(x, canvas.width - reach), reach)
            canvas.text(words, edge, bottom + 11, "middle", SOFT)
            free = edge + width_of(words) / 2 + 4
    if label:
        middle = (scale(scale.start) + scale(scale.end)) / 2
        reach = width_of(label) / 2
        canvas.text(label, min(max(middle, reach), canvas.width - reach), bottom + 27, "middle")


def escape(text: str) -> str:
    """Return text that is safe inside an element or an attribute."""
    return escaped(visible(text))


_CORNERS: dict[str, tuple[Point, ...]] = {
    "s": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "^": ((0, -1.1), (1.1, 0.9), (-1.1, 0.9)),
    "v": ((0, 1.1), (1.1, -0.9), (-1.1, -0.9)),
    "D": ((0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)),
    "h": ((-1.1, 0), (-0.55, -1), (0.55, -1), (1.1, 0), (0.55, 1), (-0.55, 1)),
}


def _px(x: float) -> str:
    return f"{x:.2f}".rstrip("0").rstrip(".")
