"""Put a run into words and quantities: every number with low, central, high, unit, year and where it came from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tertius.leverage.assessment import Assessment, Check, Moved
from tertius.leverage.checks import checks
from tertius.leverage.compose_claims import conflict_rows, record, swing_row, used
from tertius.leverage.compose_costs import attribution, costs
from tertius.leverage.compose_curve import breaks, curve, losses
from tertius.leverage.compose_data import cover, provenance, quality
from tertius.leverage.compose_lifelines import lifelines, order
from tertius.leverage.curve import GRID
from tertius.leverage.dispute import disputes
from tertius.leverage.moved import Answer, Q, moved
from tertius.leverage.swing import Move, moves, reach
from tertius.leverage.wording import headline, unknowns

if TYPE_CHECKING:
    from tertius.leverage.assess import Run

MARKS = (0.01, 0.05, 0.2)


def assessment(run: Run) -> Assessment:
    """Turn a run into the published object."""
    centre = run.centre
    order_ = order(run)
    rows = lifelines(run, order_)
    bills = costs(run)
    swings = [*moves(run.lines["medium"]), *_disputes(run)]
    known = used(run, rows, swings)
    world = centre.game.world
    result = Assessment(
        target=run.scenario.target,
        sender=run.scenario.sender_codes,
        measures=tuple(measure_line(run, m) for m in run.scenario.measures),
        as_of=run.scenario.as_of.isoformat(),
        price_year=world.year,
        headline=headline(run),
        loss=losses(run),
        curve=curve(run),
        curve_by_horizon={h: curve(run, h) for h in run.curves if h != "medium"},
        breaks_at={f"{100 * q:.0f} %": breaks(run, 0.0, q) for q in MARKS},
        lifelines=rows,
        attribution=attribution(run),
        costs=bills,
        swing=tuple(swing_row(m) for m in sorted(swings, key=reach, reverse=True)),
        conflicts=conflict_rows(run),
        quality=quality(run),
        checks=(),
        unknown=unknowns(run),
        provenance=provenance(run),
        days_of_cover=cover(run),
        enforced=run.enforced,
        moved=_moved(run),
        claims={c.id: record(c) for c in run.claims if c.id in known},
    )
    found = tuple(Check(law, holds, detail) for law, holds, detail in checks(run))
    return replace(result, checks=found, provenance=provenance(run))


def _disputes(run: Run) -> list[Move]:
    """Flows that a read claim disputes, with both sides' numbers."""
    if run.brought is None or not run.brought.standing:
        return []
    return disputes(run.brought, run.scenario, run.centre, recorded=run.recorded)


def _moved(run: Run) -> Moved | None:
    """What a ledger beside the embedded one changes; None where none was given."""
    if run.brought is None:
        return None
    ratio, everything, _ = run.curves["medium"]
    after = Answer(float(ratio[GRID.index(Q)]), everything)
    return moved(run.brought, run.scenario, recorded=run.recorded, after=after)


def measure_line(run: Run, measure: Any) -> str:
    """One measure in the grammar, with its role and legal state on the as-of date."""
    dated = measure.states or measure.dates.said or measure.dates.in_force
    state = str(measure.state_on(run.scenario.as_of) or "not yet said").replace("_", " ")
    if not dated:
        # Without dates of its own it is what the user supposes; the ledger may know what was said by then.
        known = sorted(
            (c.known_on, c.legal)
            for c in run.claims
            if c.legal and c.known_on and measure.type in c.measure and c.target in ("", run.scenario.target)
        )
        state = "supposed in force"
        if known:
            state += f"; the ledger has it {known[-1][1].replace('_', ' ')} on {known[-1][0]}"
    return f"{measure.line()} ({measure.role}; {state})"
