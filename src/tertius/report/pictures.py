"""The figures of a page: titles, captions, and each as SVG in a wide and a narrow cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tertius.report import curve_figure, figures
from tertius.report.vector import NARROW, WIDE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tertius.leverage.assessment import Assessment
    from tertius.report.vector import Canvas


@dataclass(frozen=True, slots=True)
class Sketch:
    """How one figure is made: the drawing, the field it needs, and the words around it."""

    make: Callable[[Assessment, float], Canvas]
    needs: str
    title: str
    caption: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One figure of the page."""

    name: str
    title: str
    caption: str
    wide: str
    narrow: str


FIGURES = {
    "curve": Sketch(
        curve_figure.leverage_curve,
        "curve",
        "Leverage curve and merit order",
        "Above: share of the full loss that is left as the threat becomes more credible. It is solved at a "
        "grid of q, where its band is; between two solved points each lifeline steps at its central q*, and "
        "the rise is shared out by the loss each causes alone. Marks under the curve: where every single "
        "lifeline breaks. Below: the largest of them, with the band of q*.",
    ),
    "merit-order": Sketch(
        figures.merit_order,
        "lifelines",
        "Break-even credibility of every lifeline",
        "Marker: central value. Line: band. A weak threat moves those on the left; those at 100 % hold even "
        "if enforcement is certain.",
    ),
    "attribution": Sketch(
        figures.attribution,
        "attribution",
        "Who accounts for the gap",
        "Shapley share of each lifeline in the gap between all comply and now. Caps: two standard errors of "
        "the sampling. Thin line: band.",
    ),
    "costs": Sketch(
        figures.costs,
        "costs",
        "What senders and third parties pay",
        "Senders, and the third parties hit hardest, in each case. Marker: central value. Line: band. Below "
        "zero the actor gains.",
    ),
    "swing": Sketch(
        figures.swing,
        "swing",
        "Disputed claims that move the answer",
        "Change of L(5 %) from the low to the high reading of one disputed claim, all others central. The "
        "first is the first to verify.",
    ),
}


def pictures(assessment: Assessment) -> tuple[Picture, ...]:
    """Draw every figure the assessment has numbers for."""
    return tuple(
        _picture(assessment, name, sketch)
        for name, sketch in FIGURES.items()
        if getattr(assessment, sketch.needs)
    )


def _picture(assessment: Assessment, name: str, sketch: Sketch) -> Picture:
    wide, narrow = (
        sketch.make(assessment, width).render(f"{name}-{cut}", sketch.title, sketch.caption)
        for cut, width in (("wide", WIDE), ("narrow", NARROW))
    )
    return Picture(name, sketch.title, sketch.caption, wide, narrow)
