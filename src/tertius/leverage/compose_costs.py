"""Who pays: the gap split over lifelines, and what senders, third parties and civilians lose, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tertius.leverage.amounts import BN, interval, percent
from tertius.leverage.assessment import Cost, Share
from tertius.leverage.costs import Bill, civilian_bills, sender_bills, third_party_bills
from tertius.leverage.draws import band
from tertius.leverage.lines import Point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.leverage.assess import Run


def attribution(run: Run) -> tuple[Share, ...]:
    """Shapley shares of the gap, the largest first."""
    value, error = run.shapley
    gap = value.sum()
    rows = []
    for (label, _), points, se in zip(run.players, value, error, strict=True):
        who, _, channel = label.rpartition(" ") if not label.startswith("pool") else (label, "", "all")
        rows.append(
            Share(
                who,
                channel,
                interval(
                    100 * (points - 1.645 * se),
                    100 * points,
                    100 * (points + 1.645 * se),
                    "percentage points of the target's real income",
                    run.centre.game.world.year,
                    ("engine:medium",),
                    "band from the sampling of orders alone",
                ),
                interval(
                    (points - 1.645 * se) / gap,
                    points / gap,
                    (points + 1.645 * se) / gap,
                    "fraction",
                    None,
                    ("engine:medium",),
                ),
                100 * float(se),
            )
        )
    return tuple(sorted(rows, key=lambda s: -(s.points.central or 0.0)))


def costs(run: Run) -> tuple[Cost, ...]:
    """Bills of senders, third parties and civilians, with their bands."""
    centre = run.centre
    versions: dict[str, list[Bill]] = {}
    rows = list(dict.fromkeys(k for k, _ in centre.listed))
    q = centre.q_star(Point())
    cuts = {"if all comply": centre.everything, "at q = 5 %": centre.broken(q, 0.05)}
    for node in (0.5, 0.0, 1.0):
        elasticities = centre.horizon.draw(np.array([[node]]))[0]
        bills = sender_bills(centre, run.scenario, elasticities)
        bills += civilian_bills(centre, cuts, elasticities)
        versions[str(node)] = bills
    own = third_party_bills(centre, rows)
    year = centre.game.world.year
    out = []
    for at, bill in enumerate(versions["0.5"]):
        ends = [versions[n][at] for n in ("0.0", "1.0")]
        out.append(_cost(bill, ends, year))
    spread = [float(x) / run.curves["medium"][1] for x in band(run.draws.all_comply)]
    out += [_cost(b, [_scaled(b, s) for s in spread], year) for b in own]
    return tuple(out)


def _scaled(bill: Bill, factor: float) -> Bill:
    return Bill(
        bill.who,
        bill.case,
        bill.share * factor,
        None if bill.money is None else bill.money * factor,
        bill.terms_of_trade,
    )


def _cost(bill: Bill, ends: Sequence[Bill], year: int) -> Cost:
    unit = (
        "per cent of the quantity consumed"
        if bill.case.startswith("civilian")
        else "per cent of own real income"
    )
    low, high = ends
    return Cost(
        bill.who,
        bill.case,
        interval(100 * low.share, 100 * bill.share, 100 * high.share, unit, year, ("engine:medium",)),
        interval(
            low.money,
            bill.money,
            high.money,
            BN,
            year,
            ("engine:medium",),
            "no money value" if bill.money is None else "",
        ),
        interval(
            *percent(
                None
                if bill.terms_of_trade is None
                else tuple(x.terms_of_trade or 0.0 for x in (low, bill, high))
            ),
            "per cent of own real income",
            year,
            ("engine:medium",),
            "not computed for this row"
            if bill.terms_of_trade is None
            else "part of the loss that is terms of trade, linearised",
        ),
    )
