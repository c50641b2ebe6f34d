"""What happened to trade with Russia: diversion, rerouting, export bans, the first round of 2014."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tertius.engine import Shock
from tertius.report.validation.bench import (
    GOODS,
    HORIZONS,
    Array,
    cells,
    embargo,
    flows_after,
    flows_before,
    money_lost,
    solve,
)
from tertius.report.validation.record import Found
from tertius.scenario.wedge import Wedges

if TYPE_CHECKING:
    from collections.abc import Callable

    from tertius.engine import Result
    from tertius.report.validation.bench import Bench

CONTROLLED = ("machinery", "transport_equipment")
NEIGHBOURS = ("ARM", "AZE", "BLR", "GEO", "KAZ", "KGZ", "MNG", "TJK", "UZB")
SANCTIONERS_BESIDE_EU = ("GBR", "USA", "CAN", "JPN", "KOR", "AUS", "NOR", "CHE", "TWN")

#: Fall of sanctioners' sales that the controls are set to reproduce; Li and others, 2022.
FALL = 0.80
#: Coverages between which the fall is interpolated.
COVERAGES = (0.8, 0.88, 0.94, 0.98)

#: Fall of Russia's exports that the trade cost of 2014-15 is set to reproduce; Crozet and Hinz.
RUSSIA_LOST = 0.074
#: Iceberg rates between which it is interpolated.
RATES = (0.02, 0.06, 0.12, 0.24)


def _sanctioners(bench: Bench) -> tuple[str, ...]:
    return (*bench.europe(2022), *SANCTIONERS_BESIDE_EU)


# -- export controls -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Diversion:
    """Russia's imports of controlled goods when the sanctioners' sales have fallen by FALL.

    Attributes
    ----------
    rise : of everyone else's sales, fraction.
    eurasia : rise of the neighbours' sales over the fall of the sanctioners', in money.
    loss, own_loss : Russia's and the sanctioners' joint loss, fractions of real income.
    """

    rise: float
    eurasia: float
    loss: float
    own_loss: float


def _diversion(bench: Bench, name: str) -> Diversion:
    return bench.once(("diversion", name), lambda: _solve_diversion(bench, name))


def _solve_diversion(bench: Bench, name: str) -> Diversion:
    economy, who = bench.economy(2015, "RUS"), _sanctioners(bench)
    shocks = [embargo(economy, "RUS", who, coverage=c, sectors=CONTROLLED, flow="imports") for c in COVERAGES]
    fall, *rest = np.array([_measured(r, who) for r in solve(economy, shocks, name)]).T
    return Diversion(*(float(np.interp(FALL, fall, column)) for column in rest))


def _measured(result: Result, sanctioners: tuple[str, ...]) -> tuple[float, ...]:
    """Return the fall of the sanctioners' sales, and the fields of Diversion."""
    e, t = result.economy, result.economy.country("RUS")
    rows = [e.sector(s) for s in CONTROLLED]
    before, after = (f[rows, :, t].sum(axis=0) for f in (flows_before(e), flows_after(result)))
    who, near = ([e.country(c) for c in codes] for codes in (sanctioners, NEIGHBOURS))
    others = np.setdiff1d(np.arange(len(e.countries)), [*who, t])
    lost = (before - after)[who].sum()
    return (
        lost / before[who].sum(),
        after[others].sum() / before[others].sum() - 1.0,
        (after - before)[near].sum() / lost,
        result.of("RUS"),
        money_lost(result, sanctioners) / e.income[who].sum(),
    )


def neutrals(bench: Bench) -> Found:
    """Rise of the others' sales, %."""
    rise = {h: 100 * _diversion(bench, h).rise for h in HORIZONS}
    return Found.at(rise["medium"], rise.values(), year=rise["year"])


def eurasian_share(bench: Bench) -> Found:
    """Part of the fall that the neighbours make up, %."""
    part = {h: 100 * _diversion(bench, h).eurasia for h in HORIZONS}
    return Found.at(part["medium"], part.values())


def export_bans(bench: Bench) -> Found:
    """Russia's loss over the sanctioners', both as fractions of income."""
    ratio = {h: _diversion(bench, h).loss / _diversion(bench, h).own_loss for h in HORIZONS}
    return Found.at(ratio["medium"], ratio.values())


def targeting(bench: Bench) -> Found:
    """Return what choosing the best sector adds to the ratio of losses, %."""
    economy, who = bench.economy(2015, "RUS"), _sanctioners(bench)
    choices = [GOODS, *((s,) for s in GOODS)]
    shocks = [embargo(economy, "RUS", who, coverage=FALL, sectors=c, flow="imports") for c in choices]
    # A sender that gains from a ban has no ratio of losses.
    ratio = [
        r.of("RUS") / own if (own := money_lost(r, who)) > 0 else 0.0
        for r in solve(economy, shocks, "medium")
    ]
    best = int(np.argmax(ratio[1:]))
    return Found.at(100 * (ratio[1 + best] / ratio[0] - 1.0), best=GOODS[best].replace("_", " "))


# -- 2014 ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FirstRound:
    """Goods exports lost when trade between Russia and its senders gets dearer.

    ratio : senders' lost sales to Russia over Russia's lost exports; senders : the former as a fraction of
    all the senders export.
    """

    ratio: float
    senders: float


def _first_round(bench: Bench, name: str) -> FirstRound:
    return bench.once(("first round", name), lambda: _solve_first_round(bench, name))


def _solve_first_round(bench: Bench, name: str) -> FirstRound:
    economy, who = bench.economy(2015, "RUS"), bench.coalition("RUS")
    where, before = cells(economy, "RUS", who), _goods_trade(flows_before(economy), economy.sectors)
    shocks = [Shock(Wedges.cells(where, cost=1.0 + r), label=f"trade dearer by {r:.0%}") for r in RATES]
    t, at = economy.country("RUS"), [economy.country(c) for c in who]
    table = []
    for result in solve(economy, shocks, name):
        fall = before - _goods_trade(flows_after(result), economy.sectors)
        russia, senders = fall[t].sum(), fall[at, t].sum()
        table.append((russia / before[t].sum(), senders / russia, senders / before[at].sum()))
    lost, *rest = np.array(table).T
    return FirstRound(*(float(np.interp(RUSSIA_LOST, lost, column)) for column in rest))


def _goods_trade(flows: Array, sectors: tuple[str, ...]) -> Array:
    """(i, n), goods alone."""
    return np.asarray(flows[[sectors.index(s) for s in GOODS]].sum(axis=0))


def first_round_ratio(bench: Bench) -> Found:
    """Dollars of exports lost by the senders per dollar lost by Russia."""
    return Found.at(_first_round(bench, "medium").ratio, [_first_round(bench, "long").ratio])


def first_round_share(bench: Bench) -> Found:
    """Return the senders' loss as a share of their exports, %."""
    medium, long = (100 * _first_round(bench, h).senders for h in ("medium", "long"))
    return Found.at(medium, [long])


CHECKS: dict[str, Callable[[Bench], Found]] = {
    "21": neutrals,
    "22a": eurasian_share,
    "19a": export_bans,
    "19b": targeting,
    "25a": first_round_ratio,
    "25b": first_round_share,
}
