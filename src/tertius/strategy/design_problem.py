"""Packages of measures by sector, answered in kind: what they do, and how it changes with each of them.

For every sector the sender coalition chooses a tariff on what it buys from the target and the coverage of an
embargo. Matched retaliation mirrors both: the target puts the same tariff on what it buys from the senders,
and an embargo in one direction is answered by one in the other, so it is one instrument for both.

Axes: a kind of instrument (tariff, embargo), s sector, n country, m cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.engine import Economy, Elasticities, Result, Shock, solve
from tertius.engine.gradient import consumption_fall, consumption_loss, gradients, loss_of
from tertius.engine.rebase import balanced
from tertius.leverage.costs import CIVILIAN
from tertius.scenario.wedge import Wedges, combine

if TYPE_CHECKING:
    from tertius.world import World

Array = NDArray[np.float64]

#: Residual of the gradients: the search needs directions, its points are solved exactly.
_STEEP = 1e-7

KINDS = ("tariff", "embargo")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a package may not do; None is no limit.

    Attributes
    ----------
    tariff : highest rate, fraction.
    third_parties : largest loss of all third parties together, fraction of their real income.
    civilian : largest fall of the target's consumption of any good that civilians need, fraction.
    """

    tariff: float = 1.0
    third_parties: float | None = None
    civilian: float | None = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What one package does. Money is bn USD a year; falls are fractions.

    Attributes
    ----------
    package : (a, s), tariff rates and embargo coverage.
    target, sender, third : loss of real income in money; senders and third parties all together.
    falls : civilian sector -> fall of the target's consumption.
    result : the equilibrium.
    """

    package: Array
    target: float
    sender: float
    third: float
    falls: dict[str, float]
    result: Result


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """Derivatives of an answer with respect to the package, (a, s); `falls` is (civilian sector, a, s)."""

    target: Array
    sender: Array
    third: Array
    falls: Array


@dataclass(frozen=True, eq=False)
class Problem:
    """Senders, target and world of one design, at one horizon.

    Attributes
    ----------
    world : the as-of world.
    target, senders : ISO3.
    elasticities : of the horizon.
    exempt : food and medicine stay out of it, on both sides and in both directions.
    comply : third parties that stop their trade with the target, ISO3; their lifelines go.
    """

    world: World
    target: str
    senders: tuple[str, ...]
    elasticities: Elasticities
    exempt: bool = True
    comply: tuple[str, ...] = ()

    @cached_property
    def economy(self) -> Economy:
        """The base economy, the target's own deficit taken out."""
        return balanced(Economy.from_world(self.world), self.target, elasticities=self.elasticities)

    @cached_property
    def reach(self) -> Array:
        """(s,), share of each sector's trade that measures may touch."""
        share = np.ones(len(self.world.sectors))
        if self.exempt:
            share[self.world.sector("agri_food")] = 0.0
            share[self.world.sector("chemicals")] = 1.0 - self.world.medicine[self._t]
        return share

    @cached_property
    def open(self) -> NDArray[np.bool_]:
        """(a, s), instruments with trade to act on."""
        t, k = self._t, self._senders
        bought = self.world.sales[:, t, k].sum(axis=1)
        sold = self.world.sales[:, k, t].sum(axis=1)
        return np.stack([bought > 0, bought + sold > 0]) & (self.reach > 0)

    @cached_property
    def trade(self) -> Array:
        """(a, s), bn USD a year each instrument acts on: the senders' imports, and imports plus exports."""
        t, k = self._t, self._senders
        bought = self.world.sales[:, t, k].sum(axis=1) * self.reach / 1e3
        return np.asarray(
            np.stack([bought, bought + self.world.sales[:, k, t].sum(axis=1) * self.reach / 1e3])
        )

    @cached_property
    def civilian(self) -> tuple[str, ...]:
        """Sectors that civilians need."""
        return tuple(s for s in CIVILIAN if s in self.world.sectors)

    @cached_property
    def third_parties(self) -> tuple[str, ...]:
        """Everyone else."""
        return tuple(c for c in self.world.countries if c != self.target and c not in self.senders)

    @cached_property
    def _t(self) -> int:
        return self.world.country(self.target)

    @cached_property
    def _senders(self) -> list[int]:
        return [self.world.country(c) for c in self.senders]

    @cached_property
    def _cells(self) -> Wedges:
        """Every link between target and senders that measures may touch."""
        mask = np.zeros(self.world.sales.shape, dtype=bool)
        mask[:, self._t, self._senders] = mask[:, self._senders, self._t] = True
        return Wedges.cells(mask & (self.economy.trade_share > 0) & (self.reach > 0)[:, None, None])

    @cached_property
    def _gone(self) -> Wedges:
        """Links of the third parties that comply."""
        mask = np.zeros(self.world.sales.shape, dtype=bool)
        k = [self.world.country(c) for c in self.comply]
        mask[:, self._t, k] = mask[:, k, self._t] = True
        kept = (1.0 - self.reach)[:, None, None]
        weight = np.broadcast_to(kept, mask.shape)
        return Wedges.cells(mask & (self.economy.trade_share > 0) & (kept < 1.0), weight=weight)

    def wedges(self, package: Array) -> Wedges:
        """Return what the package and its answer do to each link."""
        cell = self._cells
        tariff, cut = package * self.reach
        weight = np.maximum(1.0 - cut[cell.sector], 0.0)
        return Wedges(
            cell.sector, cell.exporter, cell.importer, weight, np.ones(len(cell)), tariff[cell.sector]
        )

    def answer(self, package: Array, *, label: str = "design") -> Answer:
        """Solve the equilibrium of a package.

        Raises
        ------
        SolveError
            There is none; the message names country and sector.
        """
        shock = Shock(combine([self.wedges(package), self._gone]), label=label)
        result = solve(self.economy, shock, self.elasticities)
        money = result.loss * self.economy.income / 1e3
        falls = {s: consumption_loss(result, self.target, s) for s in self.civilian}
        others = [self.world.country(c) for c in self.third_parties]
        return Answer(
            package,
            float(money[self._t]),
            float(money[self._senders].sum()),
            float(money[others].sum()),
            falls,
            result,
        )

    def slopes(self, answer: Answer, *, third: bool = True, civilian: bool = True) -> Slopes:
        """Differentiate an answer with respect to every instrument, all outcomes in one linear solve.

        Parameters
        ----------
        third, civilian : whether those outcomes are wanted; zeros otherwise.
        """
        result = answer.result
        value = dict(zip(self.economy.countries, self.economy.income / 1e3, strict=True))
        wanted = [
            loss_of(result, {self.target: value[self.target]}),
            loss_of(result, {c: value[c] for c in self.senders}),
        ]
        if third:
            wanted.append(loss_of(result, {c: value[c] for c in self.third_parties}))
        if civilian:
            wanted += [consumption_fall(result, self.target, s) for s in self.civilian]
        rows = [
            self._by_instrument(found.along(self._cells))
            for found in gradients(result, wanted, tolerance=_STEEP)
        ]
        none = np.zeros((len(KINDS), len(self.world.sectors)))
        falls = (
            np.stack(rows[len(rows) - len(self.civilian) :])
            if civilian
            else np.stack([none] * len(self.civilian))
        )
        return Slopes(rows[0], rows[1], rows[2] if third else none, falls)

    def _by_instrument(self, cells: tuple[Array, Array, Array]) -> Array:
        weight, _, tariff = cells
        S = len(self.world.sectors)
        by_rate = np.bincount(self._cells.sector, weights=tariff, minlength=S)
        by_cover = -np.bincount(self._cells.sector, weights=weight, minlength=S)
        return np.asarray(np.stack([by_rate, by_cover]) * self.reach)
