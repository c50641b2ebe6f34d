"""What the checks share: recorded worlds, their economies, embargoes and flows.

Only recorded trade is used, so that no claim reaches a found value through the shadow overlay.
Axes: s sector, i exporter, n importer.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from tertius.countries import members
from tertius.engine import Economy, Shock, solve_many
from tertius.engine.horizons import horizon
from tertius.engine.rebase import balanced
from tertius.scenario.wedge import Wedges
from tertius.world import load_world
from tertius.world.energy import load_energy

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from tertius.engine import Result
    from tertius.world import World
    from tertius.world.energy import Energy

Array = NDArray[np.float64]
T = TypeVar("T")

GOODS = (
    "agri_food", "crude_oil_gas", "refined_fuels", "ores_metals",
    "chemicals", "machinery", "transport_equipment", "other_manufactures",
)  # fmt: skip

HORIZONS = ("year", "medium", "long")

#: Senders of 2012 (Iran) and 2014 (Russia): the EU of the day with the states that took part.
WITH_EU = {
    "IRN": ("USA", "CAN", "JPN", "KOR", "AUS", "NOR", "CHE"),
    "RUS": ("USA", "CAN", "JPN", "AUS", "NOR", "CHE", "UKR"),
}


class Bench:
    """Worlds and solves that several checks read; each is made once."""

    def __init__(self) -> None:
        self._made: dict[Hashable, Any] = {}

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` gives, made on the first call with this key."""
        if key not in self._made:
            self._made[key] = make()
        return cast("T", self._made[key])

    @cached_property
    def now(self) -> World:
        """Return the recorded world of 2023."""
        return load_world(2023, shadow="recorded")

    @cached_property
    def before(self) -> World:
        """Return the recorded world of 2015."""
        return load_world(2015, shadow="recorded")

    @cached_property
    def energy(self) -> Energy:
        """Return crude in physical units."""
        return load_energy()

    def europe(self, year: int) -> tuple[str, ...]:
        """Return the members of the European Union at the middle of a year."""
        return tuple(members("EU27", date(year, 6, 30)))

    def coalition(self, target: str) -> tuple[str, ...]:
        """Return the actual senders against a target, in the 2015 world."""
        return (*self.europe(2015), *WITH_EU[target])

    def economy(self, year: int, target: str | None = None) -> Economy:
        """Return the economy of 2023 or 2015, a target's own deficit taken out as in every assessment."""
        if target is None:
            return self.once(
                year, lambda: Economy.from_world(self.now if year == self.now.year else self.before)
            )
        return self.once((year, target), lambda: balanced(self.economy(year), target))


def all_but(economy: Economy, target: str) -> tuple[str, ...]:
    """Every other economy."""
    return tuple(c for c in economy.countries if c != target)


def cells(
    economy: Economy,
    target: str,
    others: Iterable[str],
    *,
    sectors: Sequence[str] = GOODS,
    flow: str = "both",
) -> NDArray[np.bool_]:
    """(s, i, n), the cells of the target's exports to others, imports from them, or both."""
    rows = [economy.sector(s) for s in sectors]
    t, who = economy.country(target), [economy.country(c) for c in others if c != target]
    chosen = np.zeros(economy.trade_share.shape, dtype=bool)
    if flow in ("exports", "both"):
        chosen[np.ix_(rows, [t], who)] = True
    if flow in ("imports", "both"):
        chosen[np.ix_(rows, who, [t])] = True
    return np.asarray(chosen & (economy.trade_share > 0))


def embargo(
    economy: Economy,
    target: str,
    others: Iterable[str],
    *,
    coverage: float = 1.0,
    sectors: Sequence[str] = GOODS,
    flow: str = "both",
) -> Shock:
    """Cut a share of the kernel weight of the target's goods trade with others."""
    where = cells(economy, target, others, sectors=sectors, flow=flow)
    return Shock(Wedges.cells(where, weight=1.0 - coverage), label=f"{target}: {coverage:.0%} of {flow} cut")


def solve(economy: Economy, shocks: Sequence[Shock], name: str) -> list[Result]:
    """Solve at the central elasticities of a horizon."""
    return solve_many(economy, shocks, horizon(name, economy.sectors))


def flows_before(economy: Economy) -> Array:
    """(s, i, n), sales at border prices in the base year, home sales zero."""
    return _abroad(economy.trade_share / (1.0 + economy.tariff) * economy.spending[:, None, :])


def flows_after(result: Result) -> Array:
    """(s, i, n), sales at border prices after the shock, in base-year money, home sales zero."""
    return _abroad(result.trade_share / (1.0 + result.tariff) * result.spending[:, None, :])


def _abroad(flows: Array) -> Array:
    at = np.arange(flows.shape[1])
    flows[:, at, at] = 0.0
    return flows


def money_lost(result: Result, who: Iterable[str]) -> float:
    """Real income lost by a group, in the money of the base year."""
    e = result.economy
    at = [e.country(c) for c in who]
    return float((result.loss[at] * e.income[at]).sum())
