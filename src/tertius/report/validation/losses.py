"""Losses of Iran and Germany as orders of magnitude, and where Iran's other exports went."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tertius.engine.horizons import horizon
from tertius.leverage.lifted import realised_loss
from tertius.report.validation.bench import (
    GOODS,
    HORIZONS,
    all_but,
    embargo,
    flows_after,
    flows_before,
    solve,
)
from tertius.report.validation.record import Found
from tertius.world.energy import brent

if TYPE_CHECKING:
    from collections.abc import Callable

    from tertius.leverage.lifted import Lifted
    from tertius.report.validation.bench import Bench

NON_OIL = tuple(s for s in GOODS if s not in {"crude_oil_gas", "refined_fuels"})

#: Fall of Iran's crude exports from May 2018 (2.8 mb/d) to March 2019 (under 0.4), Kpler and RFE/RL.
OIL_FALL = 1 - 0.4 / 2.8
#: Coverages between which that fall is interpolated.
COVERAGES = (0.8, 0.88, 0.94, 0.98)


def deflection(bench: Bench) -> Found:
    """Rise of others' purchases over the fall of the sanctioners', Iran's exports beside oil."""
    found = {h: _deflected(bench, h) for h in HORIZONS}
    return Found.at(found["medium"], found.values())


def _deflected(bench: Bench, name: str) -> float:
    economy, who = bench.economy(2015, "IRN"), bench.coalition("IRN")
    (result,) = solve(economy, [embargo(economy, "IRN", who, sectors=NON_OIL, flow="exports")], name)
    t, at = economy.country("IRN"), [economy.country(c) for c in who]
    rows = [economy.sector(s) for s in NON_OIL]
    change = (flows_after(result) - flows_before(economy))[rows, t].sum(axis=0)
    lost = -change[at].sum()
    return float((change.sum() + lost) / lost)


def oil_cut(bench: Bench) -> Found:
    """Loss when Iran's crude exports fall as published, % of income; and how small the base is."""
    loss = {h: 100 * _loss_of_oil(bench, h) for h in HORIZONS}
    worth = {y: sum(bench.energy.crude_exports("IRN", y).values()) * brent(y) for y in (2015, 2018)}
    size = worth[2015] / worth[2018]
    return Found.at(loss["year"], loss.values(), size=size, scaled=loss["year"] / size)


def _loss_of_oil(bench: Bench, name: str) -> float:
    economy, crude = bench.economy(2015, "IRN"), ("crude_oil_gas",)
    t, s = economy.country("IRN"), economy.sector("crude_oil_gas")
    buyers = all_but(economy, "IRN")
    shocks = [embargo(economy, "IRN", buyers, coverage=c, sectors=crude, flow="exports") for c in COVERAGES]
    before = flows_before(economy)[s, t].sum()
    volume, loss = np.array(
        [(flows_after(r)[s, t].sum() / r.cost[s, t], r.of("IRN")) for r in solve(economy, shocks, name)]
    ).T
    return float(np.interp(OIL_FALL, 1.0 - volume / before, loss))


def german_gas(bench: Bench) -> Found:
    """Germany's loss without Russian oil and gas, % of income."""
    economy = bench.economy(2015, "DEU")
    shock = embargo(economy, "DEU", ["RUS"], sectors=("crude_oil_gas",), flow="imports")
    loss = {h: 100 * solve(economy, [shock], h)[0].of("DEU") for h in HORIZONS}
    return Found.at(loss["year"], loss.values())


def _lifted(bench: Bench, senders: tuple[str, ...], name: str) -> Lifted:
    economy = bench.economy(2023)
    return bench.once(
        ("lifted", senders, name),
        lambda: realised_loss(economy, bench.before, "IRN", senders, horizon(name, economy.sectors)),
    )


def by_coalition(bench: Bench) -> Found:
    """Iran's realised loss from the senders of 2012, % of income."""
    loss = {h: 100 * _lifted(bench, bench.coalition("IRN"), h).loss[1] for h in HORIZONS}
    return Found.at(loss["medium"], loss.values())


def by_united_states(bench: Bench) -> Found:
    """Iran's realised loss from the United States, % of income; and what the reference puts back."""
    medium, year = (_lifted(bench, ("USA",), h) for h in ("medium", "year"))
    return Found.at(
        100 * medium.loss[1], [100 * year.loss[1]], trade=medium.trade_bn["USA"], basis=medium.basis["USA"]
    )


CHECKS: dict[str, Callable[[Bench], Found]] = {
    "11": oil_cut,
    "12": by_coalition,
    "13": by_coalition,
    "14a": by_united_states,
    "15": deflection,
    "43": german_gas,
}
