"""Pools of a run, as rows: the supporters too small for a row of their own, one pool a class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.leverage.amounts import BN, PERCENT, interval
from tertius.leverage.assessment import Lifeline
from tertius.leverage.draws import band
from tertius.leverage.lines import Point

if TYPE_CHECKING:
    from tertius.leverage.assess import Run

Array = NDArray[np.float64]


def pools(run: Run) -> list[Lifeline]:
    """One row for each class of supporters without a row of their own."""
    centre, d = run.centre, run.draws
    q, benefit, rent, damage = (
        centre.q_star(Point()),
        centre.benefit(Point()),
        centre.rent(Point()),
        centre.damage(Point()),
    )
    year = centre.game.world.year
    rows = []
    for label, pairs in run.players:
        if not label.startswith("pool"):
            continue
        members = sorted({k for k, _ in pairs})
        take = tuple(np.array(pairs).T)
        spread = band(np.nansum(d.benefit[:, take[0], take[1]], axis=1))
        rents = band(np.nansum(d.rent[:, take[0], take[1]], axis=1))
        harm = band(np.nansum(d.damage[:, members], axis=1))
        known = q[take][np.isfinite(q[take])]
        middle = _weighted_median(q[take], centre.value[take]) if len(known) else None
        alone = float(centre.game.losses([centre.pairs(pairs)], centre.horizon.central)[0])
        part = 100 * (alone - run.curves["medium"][2])
        names = ", ".join(centre.code(k) for k in sorted(members, key=lambda k: -centre.value[k].sum())[:5])
        rows.append(
            Lifeline(
                supporter=label,
                supporter_name=f"{len(members)} other economies",
                channel="all",
                status=label,
                value=interval(
                    _total(centre.value, take),
                    _total(centre.value, take),
                    _total(centre.value, take),
                    BN,
                    year,
                    ("source:world",),
                ),
                rent=interval(
                    float(rents[0]),
                    _total(rent, take),
                    float(rents[1]),
                    BN,
                    year,
                    ("prior:replacement_cost_share",),
                ),
                benefit=interval(
                    float(spread[0]), _total(benefit, take), float(spread[1]), BN, year, ("engine:medium",)
                ),
                exposure=interval(
                    float(harm[0]),
                    float(np.nansum(damage[members])),
                    float(harm[1]),
                    BN,
                    year,
                    ("engine:medium",),
                ),
                exposure_share=interval(
                    None, None, None, "per cent of the supporter's real income", year, (), "differs by member"
                ),
                q_star=interval(
                    float(known.min()) if len(known) else None,
                    middle,
                    float(known.max()) if len(known) else None,
                    "probability",
                    None,
                    ("engine:medium",),
                    "median of members by value, band from the lowest to the highest member"
                    if len(known)
                    else "not exposed to this measure",
                ),
                influence_needed=interval(None, None, None, BN, year, (), "differs by member"),
                loss_if_cut=interval(
                    part, part, part, PERCENT, year, ("engine:medium",), "central case only"
                ),
                order="each member has its own place",
                made_of=(
                    f"The largest of {len(members)}: {names}.",
                    "Members trade less than 0.1 % of the target's income each; their exposures are solved one by one.",
                    "Their gains are the listed supporters' median gain per dollar of trade (estimated).",
                ),
            )
        )
    return rows


def _total(x: Array, at: tuple[Array, ...]) -> float:
    return float(np.nansum(x[at]))


def _weighted_median(q: Array, weight: Array) -> float:
    known = np.isfinite(q)
    order = np.argsort(q[known])
    total = np.cumsum(weight[known][order])
    return float(q[known][order][np.searchsorted(total, total[-1] / 2)])
