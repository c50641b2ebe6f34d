"""The picture of a design: the frontier above, and what each of its packages is made of below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tertius import countries
from tertius.report import svg
from tertius.report.names import HORIZONS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from tertius.strategy.design_result import Design

KINDS = ("tariff", "embargo")
WIDE_INCHES = 7.4
HORIZON_LINES: dict[str, tuple[str, Any]] = {
    "year": (svg.ORANGE, (0, (1, 1.2))),
    "medium": (svg.BLUE, "-"),
    "long": (svg.GREEN, (0, (5, 2))),
}


def picture(found: Design) -> str:
    """Draw the design as a titled SVG."""
    target = countries.name(found.target)
    return svg.draw(
        design_figure,
        found,
        name="design",
        title=f"Measures against {target}: what they cost whom",
        description=(
            f"Above: loss of {target} against the senders' own cost for {len(found.points)} packages, each "
            "answered in kind; the line is the frontier, the others the same packages at other horizons. "
            "Below: tariff rates and embargo coverage by sector, one column per package."
        ),
    )


def design_figure(found: Design, width: float = WIDE_INCHES) -> Figure:
    """Frontier with the other horizons; under it one column per package, one row per instrument in use."""
    rows = _rows(found)
    drawn = svg.figure(width, 3.0 + 0.4 + 0.2 * max(len(rows), 1))
    upper, lower = drawn.subplots(2, 1, height_ratios=[3.0, 0.4 + 0.2 * max(len(rows), 1)])
    _frontier(upper, found)
    _packages(lower, found, rows)
    return drawn


def _frontier(axes: Axes, found: Design) -> None:
    svg.plain(axes, grid="both")
    for name in HORIZONS:
        line = [
            (p.sender_bn, p.target_pct) if name == found.horizon else _band(p.bands, name)
            for p in found.points
        ]
        known = [each for each in line if each is not None]
        colour, dash = HORIZON_LINES[name]
        headline = name == found.horizon
        axes.plot(
            [x for x, _ in known],
            [y for _, y in known],
            color=colour,
            linestyle=dash,
            linewidth=2.0 if headline else 1.2,
            marker="o" if headline else None,
            markersize=4.5,
            label=HORIZONS[name] + (" (designed for)" if headline else ""),
        )
    for k, point in enumerate(found.points, start=1):
        axes.annotate(
            str(k),
            (point.sender_bn, point.target_pct),
            xytext=(-4, 3),
            textcoords="offset points",
            ha="right",
            fontsize=7.5,
        )
    axes.axvline(0, color=svg.SOFT, linewidth=0.8)
    axes.set_xlabel(
        f"senders' own cost with matched retaliation, bn USD {found.base_year} a year (below zero: gain)"
    )
    axes.set_ylabel("target's loss, % of real income")
    axes.legend(loc="upper left", frameon=False)


def _band(bands: dict[str, tuple[float, float] | None], name: str) -> tuple[float, float] | None:
    found = bands.get(name)
    return None if found is None else (found[1], found[0])


def _rows(found: Design) -> list[tuple[str, str]]:
    """Instruments that some package uses, tariffs first."""
    return [
        (kind, sector)
        for kind in KINDS
        for sector in dict.fromkeys(s for p in found.points for s in getattr(p, kind))
    ]


def _packages(axes: Axes, found: Design, rows: list[tuple[str, str]]) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    # One hue per kind; the number is written too, so colour only repeats it.
    looks = {"tariff": svg.ORANGE, "embargo": svg.BLUE}
    maps = {
        kind: LinearSegmentedColormap.from_list(kind, ["#ffffff", colour]) for kind, colour in looks.items()
    }
    tops = {"tariff": found.limits.tariff, "embargo": 1.0}
    for at, (kind, sector) in enumerate(rows):
        for k, point in enumerate(found.points):
            value = getattr(point, kind).get(sector, 0.0)
            if value:
                _cell(axes, k, at, value, maps[kind](value / tops[kind]), strong=value / tops[kind] > 0.6)
    axes.set_xlim(-0.5, len(found.points) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [f"{kind}: {sector.replace('_', ' ')}" for kind, sector in rows])
    axes.set_xticks(range(len(found.points)), [str(k + 1) for k in range(len(found.points))])
    axes.set_xticks(np.arange(-0.5, len(found.points)), minor=True)
    axes.spines[["top", "right", "left", "bottom"]].set_visible(False)
    axes.tick_params(length=0, which="both")
    axes.set_xlabel("package; tariff rate and embargo coverage in %")


def _cell(axes: Axes, k: int, at: int, value: float, colour: Any, *, strong: bool) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((k - 0.47, at - 0.45), 0.94, 0.9, facecolor=colour, edgecolor="none"))
    said = f"{100 * value:.0f}" if value >= 0.005 else "<1"
    axes.text(k, at, said, ha="center", va="center", fontsize=7.5, color="white" if strong else svg.INK)
