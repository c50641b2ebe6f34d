"""What a run rests on: quality of the data, days of cover, and what it takes to get the numbers again."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

import tertius
from tertius.leverage.assessment import Provenance

if TYPE_CHECKING:
    from tertius.leverage.assess import Run


def quality(run: Run) -> dict[str, dict[str, float]]:
    """Shares of value by quality class: the target's trade, and the trade of the listed supporters with the senders."""
    from tertius.world import QUALITY

    world, t = run.centre.game.world, run.centre.game.t
    foreign = np.ones(len(world.countries), dtype=bool)
    foreign[t] = False
    parts = {
        "target exports": (world.sales[:, t, foreign], world.quality[:, t, foreign]),
        "target imports": (world.sales[:, foreign, t], world.quality[:, foreign, t]),
        "target at home": (world.sales[:, t, t], world.quality[:, t, t]),
    }
    senders = [world.country(c) for c in run.centre.game.senders]
    supporters = sorted({run.centre.game.supporters[k] for k, _ in run.centre.listed})
    if supporters:
        at = np.ix_(range(len(world.sectors)), supporters, senders)
        parts["supporters' exports to senders"] = (world.sales[at], world.quality[at])
    return {
        name: {QUALITY[j]: float(v[q == j].sum() / max(v.sum(), 1e-300)) for j in range(len(QUALITY))}
        for name, (v, q) in parts.items()
    }


def cover(run: Run) -> dict[str, Any] | None:
    """Days of fuel cover; None where no claim gives a fuel balance."""
    from tertius.engine.shortage import days_of_cover
    from tertius.errors import InputError

    try:
        return days_of_cover(run.claims, run.scenario.as_of, run.scenario.target).to_dict()
    except InputError:
        return None  # no claim gives a fuel balance for this target; `unknown` says so


def provenance(run: Run) -> Provenance:
    """What it takes to get the same numbers again."""
    residual, where = run.worst
    text = "\n".join(sorted(c.digest() for c in run.claims))
    world = run.centre.game.world
    economy = run.centre.game.economy
    base = float(world.deficit[run.centre.game.t])
    return Provenance(
        package=f"tertius {tertius.__version__}",
        snapshot=world.snapshot,
        scenario=run.scenario.digest(),
        ledger=hashlib.sha256(text.encode()).hexdigest()[:16],
        seed=run.seed,
        as_of=run.scenario.as_of.isoformat(),
        exact_solves=run.solves,
        exact_draws=sum(d.exact for d in run.draws_by.values()),
        interpolated_draws=sum(len(d.points) - d.exact for d in run.draws_by.values()),
        worst_residual=residual,
        worst_residual_at=where,
        shift=(
            f"deficit of {run.scenario.target} moved from {base / 1e3:.3g} bn USD {world.year} to {float(economy.deficit[run.centre.game.t]) / 1e3:.1g}; "
            "the others keep theirs as a share of own income, adjusted to sum to zero"
        ),
        seconds=run.seconds,
        sources=(
            "source:world",
            "source:cepii_baci",
            "source:oecd_icio",
            "source:unctad_mtm",
            "source:unsd_ama",
            "source:cia_factbook",
            "source:teti_gtd",
        ),
    )
