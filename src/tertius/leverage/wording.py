"""Sentences: what a number is made of, the headline, and what the system does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tertius import countries
from tertius.leverage.curve import GRID
from tertius.leverage.draws import band
from tertius.leverage.game import CHANNELS
from tertius.leverage.lines import Point

if TYPE_CHECKING:
    from tertius.leverage.assess import Run


def headline(run: Run) -> str:
    """One sentence that can be quoted: the loss if all comply, and what is left of it at a few credibilities."""
    curve, everything, nothing = run.curves["medium"]
    low, high = band(run.draws.all_comply)
    at = {q: float(curve[GRID.index(q)]) for q in (0.05, 0.2)}
    ends = band(run.draws.leverage)
    name, year = countries.name(run.scenario.target), run.centre.game.world.year
    if not run.scenario.primary and not run.scenario.threats:
        return f"No measure against {name} is alive on {run.scenario.as_of}: q = 0, and every lifeline holds."
    kept = " and ".join(
        f"{100 * level:.0f} [{100 * ends[0][GRID.index(q)]:.0f}–{100 * ends[1][GRID.index(q)]:.0f}] % at a {100 * q:.0f} % chance of enforcement"
        for q, level in at.items()
    )
    already = "" if not run.scenario.primary else f" It loses {100 * nothing:.2g} % while all lifelines hold."
    if not run.scenario.threats:
        kept_words = f" Third parties who carry on leave {100 * float(curve[0]):.0f} [{100 * ends[0][0]:.0f}–{100 * ends[1][0]:.0f}] % of that leverage; no threat against them is alive."
    else:
        kept_words = f" Of that leverage, third parties leave {kept}."
    return (
        f"If every third country stopped, {name} would lose {100 * everything:.2g} [{100 * low:.2g}–{100 * high:.2g}] % of its real "
        f"income (medium horizon, {year} prices).{already}{kept_words}"
    )


def made_of(run: Run, kc: tuple[int, int]) -> tuple[str, ...]:
    """What q* of one lifeline is made of, step by step."""
    lines, (k, c), point = run.centre, kc, Point()
    year, name = lines.game.world.year, countries.name(lines.code(k))
    crude, other = lines._resource_values
    benefit, rent, gain = lines.benefit(point)[kc], lines.rent(point)[kc], lines.gain(point)[kc]
    flows = lines.game.in_scope[lines.game.supporters[k], c] / 1e3
    said = [
        f"{name} buys {flows[0].sum():.3g} and sells {flows[1].sum():.3g} bn USD {year} a year through the {CHANNELS[c]} channel."
    ]
    if crude[kc] > 0 and lines.discounts[k] is not None:
        d = lines.discounts[k]
        assert d is not None
        extra = lines.judged.extra_cost if CHANNELS[c] == "shielded" else None
        less = (
            f", less {extra.central:.2g} [{extra.low:.2g}–{extra.high:.2g}] for freight, insurance and financing"
            if extra
            else ""
        )
        said.append(
            f"Rent on {crude[kc]:.3g} bn of crude: a discount of {d.usd_bbl.central:.3g} [{d.usd_bbl.low:.3g}–{d.usd_bbl.high:.3g}] USD/bbl "
            f"against {d.benchmark:.3g} USD/bbl ({d.year}){less}."
        )
    if other[kc] > 0 or (crude[kc] > 0 and lines.discounts[k] is None):
        r = lines.judged.replacement
        what = other[kc] + (crude[kc] if lines.discounts[k] is None else 0.0)
        said.append(
            f"Other oil, gas, coal and ores worth {what:.3g} bn: replacing them would cost {100 * r.central:.2g} % [{100 * r.low:.2g}–{100 * r.high:.2g}] of value (judgement)."
        )
    said.append(
        f"Benefit {benefit:.3g} bn = rent {rent:.3g} + gain from other trade {gain:.3g} (engine, medium horizon) + influence {lines.judged.influence.central:.2g}."
    )
    damage = float(lines.damage(point)[k])
    if damage > 0:
        delta = lines.judged.caught(CHANNELS[c], "secondary_tariff")
        said.append(
            f"If the sender enforced, {name} would lose {damage:.3g} bn; this channel is caught with probability {delta.central:.2g} [{delta.low:.2g}–{delta.high:.2g}] (judgement)."
        )
        q = float(lines.q_star(point)[kc])
        said.append(f"So it pays to hold up to q* = {q:.3g}{' (capped at one)' if q >= 1 else ''}.")
    else:
        said.append(
            f"{name} would lose less than 0.01 % of its income if the sender enforced: not exposed to this measure, no ratio is formed."
        )
    stake = lines.stakes_listed[k][c]
    if stake is not None:
        said.append(
            "Its carriers are listed; no claim says what business they would lose, so that part of q* is unknown."
            if np.isnan(stake.central)
            else f"Its listed carriers would lose {stake.central:.3g} [{stake.low:.3g}–{stake.high:.3g}] {stake.unit}."
        )
    return tuple(said)


def unknowns(run: Run) -> tuple[str, ...]:
    """What no number in the assessment covers."""
    lines = run.centre
    world, t = lines.game.world, lines.game.t
    trade = np.concatenate([world.sales[:, t].ravel(), world.sales[:, :, t].ravel()])
    quality = np.concatenate([world.quality[:, t].ravel(), world.quality[:, :, t].ravel()])
    weak = float(trade[quality >= 2].sum() / max(trade.sum(), 1e-300))
    said = [
        f"{100 * weak:.0f} % of the value of {run.scenario.target}'s sales and purchases (home sales included) rests on estimates or on shadow trade.",
        f"Judgement sets {_judged_share(run)} % of the width of L(5 %): delta, extra cost and replacement cost come from a dated prior file, not from measurement.",
        "Influence beyond commerce is zero unless a claim supports it, so every q* is a lower bound.",
        "Supporters decide one by one; whether they move together is the strategy module's question.",
    ]
    silent = sorted(
        {
            f"{c.supporter} {c.channel}"
            for c in run.claims
            if c.target == run.scenario.target and c.supporter and c.channel in ("security", "verbal")
        }
    )
    if silent:
        said.append(
            "Lifelines without a trade value, kept in the ledger and not in the curve: "
            + ", ".join(silent)
            + "."
        )
    none = [
        f"{lines.code(k)} {CHANNELS[c]}"
        for k, row in enumerate(lines.stakes_listed)
        for c, x in enumerate(row)
        if x is not None and np.isnan(x.central)
    ]
    if none:
        said.append("No claim gives the business of listed carriers: " + ", ".join(none) + ".")
    if run.judged.priors.note:
        said.append(run.judged.priors.note[:1].upper() + run.judged.priors.note[1:] + ".")
    if run.scenario.target == "CUB":
        said.append(
            "Cuba's GDP in dollars is itself disputed: losses in per cent scale with the reading, see the swing list; the physical answer is days of cover."
        )
    return tuple(said)


def _judged_share(run: Run) -> int:
    """Share of the spread of L(5 %) over draws that goes with the judged quantiles, by rank regression."""
    y = run.draws.leverage[:, GRID.index(0.05)]
    if not np.isfinite(y).all() or np.std(y) < 1e-12:
        return 0
    names = ("extra_cost", "replacement", "caught_open", "caught_shielded")
    x = np.array([[getattr(p, f) for f in (*names, "theta", "discount")] for p in run.draws.points])
    coefficients, *_ = np.linalg.lstsq(np.column_stack([np.ones(len(x)), x]), y, rcond=None)
    parts = (coefficients[1:] * x.std(axis=0)) ** 2
    return round(100 * float(parts[: len(names)].sum() / max(parts.sum(), 1e-300)))
