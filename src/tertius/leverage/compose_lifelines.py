"""Lifelines of a run, as rows: what each carries, earns and risks, and its place in the merit order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tertius import countries
from tertius.leverage.amounts import BN, PERCENT, interval
from tertius.leverage.assessment import Lifeline, Quantity
from tertius.leverage.compose_pools import pools
from tertius.leverage.draws import band
from tertius.leverage.game import CHANNELS
from tertius.leverage.lines import Point
from tertius.leverage.wording import made_of
from tertius.world.shadow import read_entries

if TYPE_CHECKING:
    from tertius.leverage.assess import Run


def order(run: Run) -> dict[tuple[int, int], str]:
    """Which lifelines keep their place in the merit order across conventions and horizons."""
    centre = run.centre
    versions = {
        "rents counted as rents, medium": centre.q_star(Point()),
        "engine benefits only, medium": centre.q_star(Point(), convention="engine"),
        **{f"{h} horizon": run.lines[h]["central"].q_star(Point()) for h in ("year", "long")},
    }
    listed = [kc for kc in centre.listed if np.isfinite(versions["rents counted as rents, medium"][kc])]
    base = versions["rents counted as rents, medium"]
    ranked = sorted(listed, key=lambda kc: float(base[kc]))
    out = {}
    for place, kc in enumerate(ranked):
        flips = []
        for other in ranked[max(0, place - 1) : place + 2]:
            if other == kc or base[other] == base[kc]:
                continue
            for name, q in versions.items():
                if (q[kc] - q[other]) * (base[kc] - base[other]) < 0:
                    flips.append(f"{centre.code(other[0])} {CHANNELS[other[1]]} ({name})")
                    break
        out[kc] = "not determined: flips with " + ", ".join(flips) if flips else "determined"
    return out


def lifelines(run: Run, order: dict[tuple[int, int], str]) -> tuple[Lifeline, ...]:
    """Every listed lifeline, lowest q* first, then the pools."""
    centre, d = run.centre, run.draws
    q, benefit, rent = centre.q_star(Point()), centre.benefit(Point()), centre.rent(Point())
    damage = centre.damage(Point())
    q_low, q_high = band(d.q_star)
    b_low, b_high = band(d.benefit)
    r_low, r_high = band(d.rent)
    d_low, d_high = band(d.damage)
    caught = centre.caught(Point())
    low, high = run.lines["medium"]["low"], run.lines["medium"]["high"]
    rows = []
    for kc in sorted(
        centre.listed,
        key=lambda x: (np.isnan(q[x]), float(q[x]) if np.isfinite(q[x]) else 0.0, -centre.value[x]),
    ):
        k, c = kc
        code = centre.code(k)
        claims = centre.judged.about(code, CHANNELS[c])
        sources = _value_sources(run, code, c)
        own = float(centre.game.economy.income[centre.game.supporters[k]]) / 1e3
        exposed = damage[k] > 0
        need = np.maximum(0.05 * caught[c] * d.damage[:, k] - d.benefit[:, k, c], 0.0)
        need_low, need_high = band(need)
        year = centre.game.world.year
        ends = [_value_of(x, code, c) for x in (low, high)]
        note = "" if exposed else "not exposed to this measure"
        rows.append(
            Lifeline(
                supporter=code,
                supporter_name=countries.name(code),
                channel=CHANNELS[c],
                status="listed",
                value=interval(min(ends), centre.value[kc], max(ends), BN, year, sources),
                rent=interval(r_low[kc], rent[kc], r_high[kc], BN, year, rent_sources(run, k)),
                benefit=interval(
                    b_low[kc], benefit[kc], b_high[kc], BN, year, ("engine:medium", *rent_sources(run, k))
                ),
                exposure=interval(d_low[k], damage[k], d_high[k], BN, year, ("engine:medium",), note),
                exposure_share=interval(
                    100 * d_low[k] / own,
                    100 * damage[k] / own,
                    100 * d_high[k] / own,
                    "per cent of the supporter's real income",
                    year,
                    ("engine:medium",),
                    note,
                ),
                q_star=interval(
                    q_low[kc],
                    q[kc],
                    q_high[kc],
                    "probability",
                    None,
                    ("engine:medium", *rent_sources(run, k), *_delta_source(c)),
                    note or "commercial: a lower bound",
                ),
                influence_needed=interval(
                    need_low,
                    max(0.05 * caught[c] * damage[k] - benefit[kc], 0.0),
                    need_high,
                    BN,
                    year,
                    ("engine:medium", *_delta_source(c)),
                    note,
                ),
                loss_if_cut=_alone(run, kc),
                order=order.get(kc, "determined") if exposed else "not in the order: " + note,
                made_of=made_of(run, kc),
                claims=tuple(x.id for x in claims),
            )
        )
    return (*rows, *pools(run))


def _value_sources(run: Run, code: str, c: int) -> tuple[str, ...]:
    """Where a lifeline's value comes from: the snapshot, and for shadow trade the entries and claims behind it."""
    if CHANNELS[c] != "shielded":
        return ("source:world", "source:cepii_baci", "source:oecd_icio")
    target = run.scenario.target
    pairs = {(target, code), (code, target)}
    entries = [
        x
        for x in (run.brought and run.brought.entries) or read_entries()
        if (x.origin, x.buyer) in pairs or (x.buyer == target and code in x.shares)
    ]
    keys = {key for x in entries for key in x.claims}
    return (
        "source:world",
        *(f"shadow:{x.id}" for x in entries),
        *(f"claim:{x.id}" for x in run.claims if x.key in keys or x.id in keys),
    )


def _value_of(lines: Any, code: str, c: int) -> float:
    row = {lines.code(k): k for k in range(len(lines.game.supporters))}.get(code)
    return 0.0 if row is None else float(lines.value[row, c])


def _delta_source(c: int) -> tuple[str, ...]:
    return (f"prior:delta.{CHANNELS[c]}.secondary_tariff",)


def rent_sources(run: Run, k: int) -> tuple[str, ...]:
    """Where one supporter's rent comes from."""
    found = run.centre.discounts[k]
    if found is None:
        return ("prior:replacement_cost_share",)
    return (
        *found.usd_bbl.sources,
        "prior:extra_cost.freight",
        "prior:extra_cost.insurance",
        "prior:extra_cost.financing",
    )


def _alone(run: Run, kc: tuple[int, int]) -> Quantity:
    """Loss from cutting one lifeline alone; the band is the elasticity range around the central solve."""
    central = run.alone[kc]
    low, high = (x / run.curves["medium"][1] for x in band(run.draws.all_comply))
    return interval(
        100 * central * float(low),
        100 * central,
        100 * central * float(high),
        PERCENT,
        run.centre.game.world.year,
        ("engine:medium",),
        "band scaled from that of the loss if all comply",
    )
