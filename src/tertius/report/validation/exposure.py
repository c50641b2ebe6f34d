"""What enforcement would cost a supporter: the damage D behind every break-even credibility."""

from __future__ import annotations

from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from tertius.engine import Shock
from tertius.report.validation.bench import HORIZONS, money_lost, solve
from tertius.report.validation.record import Found
from tertius.scenario import Scenario
from tertius.scenario.wedge import Wedges, combine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tertius.report.validation.bench import Bench
    from tertius.world import World

#: Supporters whose damage was published.
HIT = ("CHN", "MEX")

#: Buyers by the published fall of their purchases in 2012, largest first.
ORDER_2012 = ("Europe", "Japan", "Korea", "China", "India")
_CODES = {"Japan": ("JPN",), "Korea": ("KOR",), "China": ("CHN",), "India": ("IND",)}

#: Cost of paying around the US financial system, as an iceberg rate: the library's own assumption for Iran.
PAYMENTS = 0.15


def _tariff(world: World, who: Sequence[str]) -> Wedges:
    """25 % of the United States on what these countries sell it."""
    measure = "secondary_tariff 25% on partners of IRN"
    scenario = Scenario.of("IRN", senders=["USA"], measures=[measure], as_of="2026-01-13")
    return combine([scenario.exposure(world, c) for c in who])


def _finance(world: World, who: Sequence[str]) -> Wedges:
    """Dearer payments on all trade between these countries and the United States."""
    us, at = world.country("USA"), [world.country(c) for c in who]
    where = np.zeros(world.sales.shape, dtype=bool)
    where[:, at, us] = where[:, us, at] = True
    return Wedges.cells(where & (world.sales > 0), cost=1.0 + PAYMENTS)


def _damage(bench: Bench, name: str) -> dict[str, float]:
    return bench.once(("damage", name), lambda: _solve_damage(bench, name))


def _solve_damage(bench: Bench, name: str) -> dict[str, float]:
    """Real income lost by China and Mexico, each under the tariff alone, bn USD of 2023."""
    shocks = [Shock(_tariff(bench.now, [c]), label=f"tariff on {c}") for c in HIT]
    results = solve(bench.economy(2023), shocks, name)
    return {c: money_lost(r, [c]) / 1e3 for c, r in zip(HIT, results, strict=True)}


def damage(bench: Bench, code: str, name: str) -> Found:
    """Return the damage at one horizon; all three are named in the reasons."""
    by = {h: _damage(bench, h)[code] for h in HORIZONS}
    return Found(by[name], by[name], by[name], by)


def _break_even(bench: Bench, threat: Callable[[World, Sequence[str]], Wedges]) -> dict[str, float]:
    """Barrels bought in 2011 over the loss if the US enforces: q* up to a rent a barrel common to all."""
    groups = {"Europe": bench.europe(2012)} | _CODES
    shocks = [Shock(threat(bench.before, group), label=who) for who, group in groups.items()]
    results = solve(bench.economy(2015), shocks, "medium")
    sold = bench.energy.crude_exports("IRN", 2011)
    return {
        who: sum(sold.get(c, 0.0) for c in group) / money_lost(result, group)
        for (who, group), result in zip(groups.items(), results, strict=True)
    }


def order_of_2012(bench: Bench) -> Found:
    """Pairs of buyers, of ten, whose break-even order is the order in which they cut."""
    by = {name: _break_even(bench, threat) for name, threat in (("finance", _finance), ("tariff", _tariff))}
    wrong = {
        name: [pair for pair in combinations(ORDER_2012, 2) if q[pair[0]] >= q[pair[1]]]
        for name, q in by.items()
    }
    missed = [pair for pairs in wrong.values() for pair in pairs]
    return Found.at(
        10 - len(wrong["finance"]),
        [10 - len(wrong["tariff"])],
        china=sum("China" in pair for pair in missed),
        wrong=len(missed),
        **{name: ", ".join(sorted(q, key=lambda who: q[who])) for name, q in by.items()},
    )


CHECKS: dict[str, Callable[[Bench], Found]] = {
    **{
        f"OA {label}, {name}": partial(damage, code=code, name=name)
        for label, code in (("China", "CHN"), ("Mexico", "MEX"))
        for name in HORIZONS
    },
    "8 order": order_of_2012,
}
