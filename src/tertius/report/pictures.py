"""The figures of a page: titles, captions, and each as SVG in a wide and a narrow cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tertius.report import figures, numbers, svg

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

    from tertius.leverage.assessment import Assessment

FIGURES: dict[str, Callable[[Assessment, float], Figure]] = {
    "curve": figures.leverage_curve,
    "losses": figures.losses,
    "merit-order": figures.merit_order,
    "attribution": figures.attribution,
    "costs": figures.costs,
    "needs": figures.needs,
    "swing": figures.swing,
}
NEEDS = {
    "curve": "curve",
    "losses": "loss",
    "merit-order": "lifelines",
    "attribution": "attribution",
    "costs": "costs",
    "needs": "costs",
    "swing": "swing",
}
TITLES = {
    "curve": "Leverage curve and merit order",
    "losses": "Loss of the target by horizon",
    "merit-order": "Break-even credibility of every lifeline",
    "attribution": "Who accounts for the gap",
    "costs": "What senders and third parties pay",
    "needs": "What the target's civilians go short of",
    "swing": "Disputed claims that move the answer",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """One figure of the page."""

    name: str
    title: str
    caption: str
    wide: str
    narrow: str


def pictures(assessment: Assessment) -> tuple[Picture, ...]:
    """Draw every figure the assessment has numbers for."""
    return tuple(
        _picture(assessment, name, make) for name, make in FIGURES.items() if getattr(assessment, NEEDS[name])
    )


def _picture(assessment: Assessment, name: str, make: Callable[[Assessment, float], Figure]) -> Picture:
    caption = _captions(assessment)[name]
    cuts = [
        svg.draw(make, assessment, width, name=f"{name}-{cut}", title=TITLES[name], description=caption)
        for cut, width in (("wide", figures.WIDE_INCHES), ("narrow", figures.NARROW_INCHES))
    ]
    return Picture(name, TITLES[name], caption, cuts[0], cuts[1])


def _captions(assessment: Assessment) -> dict[str, str]:
    at = {guide: figures.leverage_at(assessment.curve, guide) for guide in figures.GUIDES}
    read = ", ".join(
        f"{figures.percent(guide)}: {numbers.text(found)}" for guide, found in at.items() if found is not None
    )
    left_out = max(0, len(assessment.lifelines) - figures.SHOWN_STEPS)
    rest = f" The {left_out} smallest are left to the table." if left_out else ""
    return {
        "curve": "Above: share of the full loss that is left as the threat becomes more credible, with its "
        f"band, and the other horizons. L(q) at q = {read}. "
        f"Below: where each lifeline breaks, with its band.{rest}",
        "losses": "Marker: central value. Line: band. Circle: if every third party complied. Square: now. "
        "Triangle: against a world without the sanctions.",
        "merit-order": "Marker: central value. Line: band. To the left, those a weak threat already moves.",
        "attribution": "Shapley share of each lifeline in the gap between all comply and now. Caps: two "
        "standard errors of the sampling. Thin line: band.",
        "costs": "Senders, and the third parties hit hardest, in each case. Marker: central value. "
        "Line: band. Below zero the actor gains.",
        "needs": "Marker: central value. Line: band.",
        "swing": "Change of the answer from the low to the high reading of one disputed claim, all others "
        "central. The first is the first to verify.",
    }
