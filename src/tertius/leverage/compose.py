"""Put a run into words and quantities: every number with low, central, high, unit, year and where it came from."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import tertius
from tertius import countries
from tertius.leverage.assessment import (
    Assessment,
    Check,
    Cost,
    CurvePoint,
    Lifeline,
    Losses,
    Provenance,
    Quantity,
    Share,
    Swing,
)
from tertius.leverage.checks import checks
from tertius.leverage.costs import Bill, civilian_bills, sender_bills, third_party_bills
from tertius.leverage.curve import GRID, band
from tertius.leverage.game import CHANNELS
from tertius.leverage.lines import Point
from tertius.leverage.swing import moves
from tertius.leverage.wording import headline, made_of, unknowns
from tertius.world.shadow import read_entries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.leverage.assess import Run

Array = NDArray[np.float64]

BN = "bn USD a year"
PERCENT = "per cent of the target's real income"
MARKS = (0.01, 0.05, 0.2)


def assessment(run: Run) -> Assessment:
    """Turn a run into the published object."""
    centre = run.centre
    order = _order(run)
    lifelines = _lifelines(run, order)
    costs = _costs(run)
    swings = moves(run.lines["medium"])
    used = _used(run, lifelines, swings)
    world = centre.game.world
    result = Assessment(
        target=run.scenario.target,
        sender=run.scenario.sender_codes,
        measures=tuple(_measure(run, m) for m in run.scenario.measures),
        as_of=run.scenario.as_of.isoformat(),
        price_year=world.year,
        headline=headline(run),
        loss=_losses(run),
        curve=_curve(run),
        curve_by_horizon={h: _central_curve(run, h) for h in run.curves if h != "medium"},
        breaks_at={f"{100 * q:.0f} %": _breaks(run, 0.0, q) for q in MARKS},
        lifelines=lifelines,
        attribution=_attribution(run),
        costs=costs,
        swing=tuple(_swing(m) for m in swings),
        conflicts=_conflicts(run),
        quality=_quality(run),
        checks=(),
        unknown=unknowns(run),
        provenance=_provenance(run),
        days_of_cover=_cover(run),
        enforced=run.enforced,
        claims={c.id: _record(c) for c in run.claims if c.id in used},
    )
    found = tuple(Check(law, holds, detail) for law, holds, detail in checks(run))
    return _with(result, checks=found, provenance=_provenance(run))


def _with(assessment: Assessment, **changes: Any) -> Assessment:
    from dataclasses import replace

    return replace(assessment, **changes)


def number(x: float | np.floating[Any] | None) -> float | None:
    """A plain float, None where it does not exist."""
    return None if x is None or not math.isfinite(float(x)) else float(x)


def interval(
    low: Any,
    central: Any,
    high: Any,
    unit: str,
    year: int | None,
    sources: Sequence[str] = (),
    note: str = "",
) -> Quantity:
    """A quantity whose ends never exclude its centre."""
    values = [number(x) for x in (low, central, high)]
    if values[1] is None:
        return Quantity(None, None, None, unit, year, tuple(sources), note or "no number exists for this")
    known = [x for x in values if x is not None]
    return Quantity(min(known), values[1], max(known), unit, year, tuple(sources), note)


def _percent(parts: Sequence[float] | None) -> tuple[float | None, float | None, float | None]:
    """Three fractions in per cent; nothing where there are none."""
    if parts is None:
        return (None, None, None)
    low, central, high = parts
    return (100.0 * low, 100.0 * central, 100.0 * high)


# -- losses and curve ------------------------------------------------------------------------------------


def _losses(run: Run) -> tuple[Losses, ...]:
    year = run.centre.game.world.year
    rows = []
    for h, (_, everything, nothing) in run.curves.items():
        if h == "medium":
            low, high = (float(x) for x in band(run.draws.all_comply))
            now = tuple(float(x) for x in band(run.draws.now))
        else:
            low, high = run.bands[h]
            now = (nothing, nothing)
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
                    *_percent(lifted.loss if lifted else None),
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


def _curve(run: Run) -> tuple[CurvePoint, ...]:
    central, _, _ = run.curves["medium"]
    low, high = band(run.draws.leverage)
    return tuple(
        CurvePoint(
            q,
            interval(low[j], central[j], high[j], "fraction", None, ("engine:medium",)),
            _breaks(run, GRID[j - 1] if j else 0.0, q),
        )
        for j, q in enumerate(GRID)
    )


def _central_curve(run: Run, h: str) -> tuple[CurvePoint, ...]:
    central, _, _ = run.curves[h]
    return tuple(
        CurvePoint(
            q,
            interval(
                central[j], central[j], central[j], "fraction", None, (f"engine:{h}",), "central case only"
            ),
            (),
        )
        for j, q in enumerate(GRID)
    )


def _breaks(run: Run, after: float, upto: float) -> tuple[str, ...]:
    """Listed lifelines with central q* in [after, upto), by q*."""
    q = run.centre.q_star(Point())
    found = [(float(q[kc]), kc) for kc in run.centre.listed if after <= q[kc] < upto]
    return tuple(f"{run.centre.code(k)} {CHANNELS[c]}" for _, (k, c) in sorted(found))


# -- lifelines ---------------------------------------------------------------------------------------------


def _order(run: Run) -> dict[tuple[int, int], str]:
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


def _lifelines(run: Run, order: dict[tuple[int, int], str]) -> tuple[Lifeline, ...]:
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
                rent=interval(r_low[kc], rent[kc], r_high[kc], BN, year, _rent_sources(run, k)),
                benefit=interval(
                    b_low[kc], benefit[kc], b_high[kc], BN, year, ("engine:medium", *_rent_sources(run, k))
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
                    ("engine:medium", *_rent_sources(run, k), *_delta_source(c)),
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
    return (*rows, *_pools(run))


def _value_sources(run: Run, code: str, c: int) -> tuple[str, ...]:
    """Where a lifeline's value comes from: the snapshot, and for shadow trade the entries and claims behind it."""
    if CHANNELS[c] != "shielded":
        return ("source:world", "source:cepii_baci", "source:oecd_icio")
    target = run.scenario.target
    pairs = {(target, code), (code, target)}
    entries = [
        x for x in read_entries() if (x.origin, x.buyer) in pairs or (x.buyer == target and code in x.shares)
    ]
    keys = {key for x in entries for key in x.claims}
    return (
        "source:world",
        *(f"shadow:{x.id}" for x in entries),
        *(f"claim:{x.id}" for x in run.claims if x.key in keys),
    )


def _value_of(lines: Any, code: str, c: int) -> float:
    row = {lines.code(k): k for k in range(len(lines.game.supporters))}.get(code)
    return 0.0 if row is None else float(lines.value[row, c])


def _delta_source(c: int) -> tuple[str, ...]:
    return (f"prior:delta.{CHANNELS[c]}.secondary_tariff",)


def _rent_sources(run: Run, k: int) -> tuple[str, ...]:
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


def _pools(run: Run) -> list[Lifeline]:
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


# -- attribution, costs, swing -------------------------------------------------------------------------------


def _attribution(run: Run) -> tuple[Share, ...]:
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


def _costs(run: Run) -> tuple[Cost, ...]:
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
            *_percent(
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


def _swing(move: Any) -> Swing:
    return Swing(
        move.key,
        move.what,
        move.low_words,
        move.high_words,
        _change(move.leverage, "fraction", None, 1.0),
        _change(move.loss_all, "percentage points of the target's real income", None, 100.0),
        tuple(s.removeprefix("claim:") for s in move.sources if s.startswith("claim:")),
    )


def _change(ends: tuple[float, float], unit: str, year: int | None, scale: float) -> Quantity:
    """A change between two exact solves: the number itself, and as its ends zero and itself."""
    change = scale * (ends[1] - ends[0])
    return Quantity(
        change,
        change,
        change,
        unit,
        year,
        ("engine:medium",),
        f"from {scale * ends[0]:.3g} to {scale * ends[1]:.3g}; others central",
    )


# -- records ----------------------------------------------------------------------------------------------------


def _measure(run: Run, measure: Any) -> str:
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


def _conflicts(run: Run) -> tuple[dict[str, Any], ...]:
    from tertius.ledger.link import conflicts

    mine = [c for c in run.claims if c.target == run.scenario.target]
    return tuple(_conflict(x) for x in conflicts(mine))


def _conflict(found: Any) -> dict[str, Any]:
    return {
        "topic": found.topic,
        "claims": [
            {
                "id": c.id,
                "text": c.text,
                "value": _value_words(c),
                "source": c.origin or c.doc.publisher,
                "said": c.said or c.doc.published,
            }
            for c in found.claims
        ],
    }


def _value_words(claim: Any) -> str:
    if claim.value is None:
        return ""
    v = claim.value
    ends = [x for x in (v.low, v.central, v.high) if x is not None]
    low, high = min(ends), max(ends)
    return f"{low:g} {v.unit}" if low == high else f"{low:g} to {high:g} {v.unit}"


def _used(run: Run, lifelines: Sequence[Lifeline], swings: Sequence[Any]) -> set[str]:
    """Every claim that a number or a row refers to, and every claim in conflict with one."""
    ids = {i for row in lifelines for i in row.claims}
    ids |= {
        s.removeprefix("claim:")
        for row in lifelines
        for x in (row.value, row.rent, row.benefit, row.q_star)
        for s in x.sources
        if s.startswith("claim:")
    }
    ids |= {s.removeprefix("claim:") for m in swings for s in m.sources if s.startswith("claim:")}
    ids |= {c.id for c in run.claims if c.target == run.scenario.target}
    return ids


def _record(claim: Any) -> dict[str, Any]:
    found: dict[str, Any] = claim.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return found


def _quality(run: Run) -> dict[str, dict[str, float]]:
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


def _cover(run: Run) -> dict[str, Any] | None:
    from tertius.engine.shortage import days_of_cover
    from tertius.errors import InputError

    try:
        return days_of_cover(run.claims, run.scenario.as_of, run.scenario.target).to_dict()
    except InputError:
        return None  # no claim gives a fuel balance for this target; `unknown` says so


def _provenance(run: Run) -> Provenance:
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
        interpolated_draws=run.effort.draws,
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
