"""Losses and the leverage curve of a run, as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tertius.leverage.amounts import PERCENT, interval, percent
from tertius.leverage.assessment import CurvePoint, Losses
from tertius.leverage.curve import GRID
from tertius.leverage.draws import band
from tertius.leverage.game import CHANNELS
from tertius.leverage.lines import Point

if TYPE_CHECKING:
    from tertius.leverage.assess import Run


def losses(run: Run) -> tuple[Losses, ...]:
    """The three losses of each horizon."""
    year = run.centre.game.world.year
    rows = []
    for h, (_, everything, nothing) in run.curves.items():
        low, high = (float(x) for x in band(run.draws_by[h].all_comply))
        now = tuple(float(x) for x in band(run.draws_by[h].now))
        pure = not run.scenario.primary
        lifted = run.lifted[h]
        rows.append(
            Losses(
                h,
                interval(100 * low, 100 * everything, 100 * high, PERCENT, year, (f"engine:{h}",)),
                interval(
                    100 * now[0],
                    100 * nothing,
                    100 * now[1],
                    PERCENT,
                    year,
                    (f"engine:{h}",),
                    "0 by definition: a threat does nothing until someone complies" if pure else "",
                ),
                interval(
                    *percent(lifted.loss if lifted else None),
                    PERCENT,
                    year,
                    (f"engine:{h}", "source:cepii_dist", "source:unctad_mtm"),
                    _lifted_note(lifted) if lifted else "not asked for",
                ),
            )
        )
    return tuple(rows)


def _lifted_note(lifted: Any) -> str:
    parts = [
        f"{code}: {basis}, {lifted.trade_bn[code]:.3g} bn USD a year restored"
        for code, basis in lifted.basis.items()
    ]
    return (
        "already lost against restored trade with the senders ("
        + "; ".join(parts[:6])
        + (f"; and {len(parts) - 6} more)" if len(parts) > 6 else ")")
    )


def curve(run: Run, h: str = "medium") -> tuple[CurvePoint, ...]:
    """The leverage curve of a horizon with its band; what breaks is told of the medium one."""
    central, _, _ = run.curves[h]
    low, high = band(run.draws_by[h].leverage)
    return tuple(
        CurvePoint(
            q,
            interval(low[j], central[j], high[j], "fraction", None, (f"engine:{h}",)),
            breaks(run, GRID[j - 1] if j else 0.0, q) if h == "medium" else (),
        )
        for j, q in enumerate(GRID)
    )


def breaks(run: Run, after: float, upto: float) -> tuple[str, ...]:
    """Listed lifelines with central q* in [after, upto), by q*."""
    q = run.centre.q_star(Point())
    found = [(float(q[kc]), kc) for kc in run.centre.listed if after <= q[kc] < upto]
    return tuple(f"{run.centre.code(k)} {CHANNELS[c]}" for _, (k, c) in sorted(found))
