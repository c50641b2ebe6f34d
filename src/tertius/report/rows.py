"""The row chart shared by most figures: per thing one labelled row with a dot or a bar and its band."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tertius.report import svg
from tertius.report.names import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

NARROW = 5.0  # inches; below it the label stands above its row instead of beside it


@dataclass(frozen=True, slots=True)
class Row:
    """One row; numbers in the unit of the axis, `None` is unknown."""

    label: str
    central: float | None
    low: float | None = None
    high: float | None = None
    channel: str = ""
    note: str = ""  # said instead of a missing number


def height(count: int, width: float, *, panels: int = 1) -> float:
    """Return the height in inches that `count` rows need."""
    each = 0.40 if width < NARROW else 0.235
    return 0.62 * panels + each * max(count, 1) * panels


def dots(axes: Axes, rows: Sequence[Row]) -> None:
    """Draw a marker and its band per row."""
    for at, row in enumerate(rows):
        colour, marker = svg.style(row.channel)
        if row.low is not None and row.high is not None:
            axes.plot([row.low, row.high], [at, at], color=colour, linewidth=1.6, solid_capstyle="butt")
        if row.central is not None:
            axes.plot([row.central], [at], marker=marker, color=colour, markersize=5.5, linestyle="none")
    _say_unknown(axes, rows)


def bars(axes: Axes, rows: Sequence[Row], width: float, errors: Sequence[float | None] = ()) -> None:
    """Draw a bar per row from zero to the central value, the band as a line, and errors as caps."""
    for at, row in enumerate(rows):
        if row.central is None:
            continue
        colour, _ = svg.style(row.channel)
        axes.barh(
            at, row.central, height=0.34 if width < NARROW else 0.52, color=colour, alpha=0.75, linewidth=0
        )
        if row.low is not None and row.high is not None:
            axes.plot([row.low, row.high], [at, at], color=svg.INK, linewidth=0.9, solid_capstyle="butt")
    for at, (row, error) in enumerate(zip(rows, errors, strict=False)):
        if row.central is not None and error is not None:
            axes.errorbar(row.central, at, xerr=error, color=svg.INK, capsize=3, linewidth=0, elinewidth=1.6)
    axes.axvline(0, color=svg.SOFT, linewidth=0.8)
    _say_unknown(axes, rows)


def frame(axes: Axes, rows: Sequence[Row], width: float, *, labels: bool = True) -> None:
    """Give the rows their labels: beside them on a wide figure, above them on a narrow one."""
    svg.plain(axes)
    axes.set_ylim(len(rows) - 0.4, -0.75 if width < NARROW else -0.6)
    axes.spines["left"].set_visible(False)
    if width >= NARROW:
        axes.set_yticks(range(len(rows)), [short(row.label, 46) if labels else "" for row in rows])
        return
    axes.set_yticks([])
    for at, row in enumerate(rows if labels else ()):
        axes.text(
            0.0,
            at - 0.24,
            short(row.label, 52),
            transform=axes.get_yaxis_transform(),
            va="bottom",
            fontsize=8,
        )


def _say_unknown(axes: Axes, rows: Sequence[Row]) -> None:
    paper = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    look: Any = {"va": "center", "fontsize": 8, "style": "italic", "color": svg.SOFT, "bbox": paper}
    for at, row in enumerate(rows):
        if row.central is None and (row.low is None or row.high is None):
            axes.text(0.01, at, row.note or "unknown", transform=axes.get_yaxis_transform(), **look)
