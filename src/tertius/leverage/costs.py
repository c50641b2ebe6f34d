"""What it costs everyone: the sender without and with matched retaliation, third parties, civilians in the target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tertius.engine.shock import Shock
from tertius.scenario.retaliation import retaliate
from tertius.scenario.wedge import combine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.engine import Elasticities, Result
    from tertius.leverage.game import Cut
    from tertius.leverage.lines import Lines
    from tertius.scenario import Scenario

#: Sectors that civilians need, and what in them they need.
CIVILIAN = {
    "agri_food": "food",
    "chemicals": "medicine (all chemicals)",
    "refined_fuels": "fuel",
    "other_services": "power (all other services)",
}


@dataclass(frozen=True, slots=True)
class Bill:
    """One row of the cost table, central case.

    `share` is the fall of real income (or, for a civilian need, of the quantity consumed) as a fraction; `money` bn USD.
    """

    who: str
    case: str
    share: float
    money: float | None
    terms_of_trade: float | None


def sender_bills(lines: Lines, scenario: Scenario, elasticities: Elasticities) -> list[Bill]:
    """Cost to each sender of carrying the measures out in full: against everyone exposed, and the primary part."""
    game = lines.game
    threat = combine([game.exposure(scenario, k) for k in range(len(game.supporters))])
    whole = combine([game.primary, threat])
    if not len(whole):
        return []
    cases = {
        "carried out in full, no retaliation": whole,
        "carried out in full, matched retaliation": combine([whole, retaliate(whole)]),
    }
    shocks = [Shock(w, label=f"sender's cost: {case}") for case, w in cases.items()]
    bills = []
    for case, result in zip(cases, game.results(shocks, elasticities), strict=True):
        bills += [_bill(result, code, case) for code in game.senders]
    return bills


def _bill(result: Result, code: str, case: str) -> Bill:
    n = result.economy.country(code)
    share = float(result.loss[n])
    return Bill(
        code, case, share, share * float(result.economy.income[n]) / 1e3, -float(result.terms_of_trade[n])
    )


def third_party_bills(lines: Lines, rows: Sequence[int]) -> list[Bill]:
    """What listed supporters pay if they comply, and if they do not and the sender enforces."""
    stakes, income = lines.stakes[0.5], lines.game.economy.income
    bills = []
    for k in rows:
        own = float(income[lines.game.supporters[k]]) / 1e3
        gone = float(stakes.gain_all[k])
        if np.isfinite(gone):
            bills.append(Bill(lines.code(k), "third party, complies", gone / own, gone, None))
        hit = float(stakes.damage[k])
        if np.isfinite(hit) and hit > 0:
            bills.append(Bill(lines.code(k), "third party, keeps trading and is hit", hit / own, hit, None))
    return bills


def civilian_bills(lines: Lines, cuts: dict[str, Cut], elasticities: Elasticities) -> list[Bill]:
    """Fall of the target's consumption of what civilians need, by quantity."""
    game = lines.game
    shocks = [game.shock(cut) for cut in cuts.values()]
    bills = []
    for case, result in zip(cuts, game.results(shocks, elasticities), strict=True):
        e = result.economy
        spent = result.demand[game.t] / (e.income[game.t] + e.deficit[game.t])
        for sector, need in CIVILIAN.items():
            s = game.world.sector(sector)
            price = float(result.price[s, game.t])
            relative = (price / float(result.final_price[game.t])) ** (1.0 - elasticities.final)
            quantity = float(spent) * relative / price
            bills.append(Bill(f"{game.target}: {need}", f"civilian need, {case}", 1.0 - quantity, None, None))
    return bills
