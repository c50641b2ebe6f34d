"""The target's loss as a function of which lifelines are cut: the characteristic function everything else reads.

    Loss(C) = fall of T's real income when the primary part applies and the lifelines in C are cut

A lifeline is (supporter, channel). Recorded trade between supporter and target is the `open` channel, the shadow overlay
the `shielded` one; where they share a cell, a cut scales the kernel weight, B -> (1 - share_c phi) B.

Axes: k supporter (all countries of the world), c channel, s sector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.engine import Economy, Elasticities, Result, Shock, solve_iter
from tertius.engine.rebase import balanced
from tertius.scenario.wedge import Wedges, combine

if TYPE_CHECKING:
    from tertius.scenario import Scenario
    from tertius.scenario.scope import Scope
    from tertius.world import World

Array = NDArray[np.float64]
Progress = Callable[[int, int, str], None]

Solver = Callable[[Sequence["Cut"], Sequence[Elasticities], Progress | None], Sequence[float]]

#: Scenarios that are compiled and solved together.
CHUNK = 128
#: Channels that carry trade or gifts; `security` and `verbal` lifelines carry neither and live in the ledger alone.
CHANNELS = ("open", "shielded", "aid")


@dataclass(frozen=True)
class Cut:
    """Which lifelines are cut: a frozen set of (supporter position, channel position)."""

    pairs: frozenset[tuple[int, int]]

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]]) -> Cut:
        """Build from pairs, each once."""
        return cls(frozenset(pairs))


@dataclass(eq=False)
class Game:
    """Losses of one target in one world, one reading of the shadow trade.

    Attributes
    ----------
    world : the as-of world.
    target : ISO3.
    senders : ISO3; they are not lifelines.
    scopes : what compliance means: trade that a supporter who complies stops.
    primary : what the live primary measures do to the target.
    aid : supporter -> gift, million USD a year.
    solves, worst : exact equilibria so far, and the worst residual with its place.
    solved_elsewhere : shares the solving of losses with other processes; None for all of it here.
    """

    world: World
    target: str
    senders: tuple[str, ...]
    scopes: tuple[Scope, ...]
    primary: Wedges
    aid: dict[str, float] = field(default_factory=dict)
    solves: int = 0
    worst: tuple[float, str] = (0.0, "")
    _exposures: dict[int, Wedges] = field(default_factory=dict)
    solved_elsewhere: Solver | None = None
    _known: dict[bytes, float] = field(default_factory=dict)

    @cached_property
    def t(self) -> int:
        """Position of the target."""
        return self.world.country(self.target)

    @cached_property
    def economy(self) -> Economy:
        """The base economy, the target's own deficit taken out (see `balanced`)."""
        return balanced(Economy.from_world(self.world), self.target)

    @cached_property
    def supporters(self) -> tuple[int, ...]:
        """Positions of every third country that trades with the target or gives to it."""
        out = {self.t, *(self.world.country(s) for s in self.senders)}
        links = self.trade.sum(axis=1) > 0
        links[[self.world.country(k) for k in self.aid]] = True
        return tuple(int(k) for k in np.flatnonzero(links) if k not in out)

    @cached_property
    def channel_trade(self) -> Array:
        """(k, c, 2, s), million USD, the target's exports to k and imports from k by channel."""
        sales, shadow, t = self.world.sales, self.world.shadow, self.t
        out = np.zeros((len(self.world.countries), len(CHANNELS), 2, len(self.world.sectors)))
        for d, (all_, hidden) in enumerate(
            ((sales[:, t, :], shadow[:, t, :]), (sales[:, :, t], shadow[:, :, t]))
        ):
            out[:, 0, d] = (all_ - hidden).T
            out[:, 1, d] = hidden.T
        out[t] = 0.0
        return np.maximum(out, 0.0)

    @cached_property
    def covered(self) -> Array:
        """(2, s), share of the target's exports and imports of each sector that compliance stops."""
        covered = np.zeros((2, len(self.world.sectors)))
        for scope in self.scopes:
            covered = np.maximum(covered, self._covered(scope))
        return covered

    @cached_property
    def in_scope(self) -> Array:
        """(k, c, 2, s), million USD, the trade that a supporter who complies gives up."""
        return np.asarray(self.channel_trade * self.covered)

    @cached_property
    def trade(self) -> Array:
        """(k, c), million USD, exports plus imports within scope by channel; aid in its own column."""
        total = self.in_scope.sum(axis=(2, 3))
        for code, gift in self.aid.items():
            total[self.world.country(code), CHANNELS.index("aid")] = gift
        return np.asarray(total)

    @cached_property
    def lost(self) -> Array:
        """(k, c, 2, s), share of the cell's kernel weight that a cut of the channel takes away."""
        flows = self.channel_trade
        total = flows.sum(axis=1, keepdims=True)
        by_channel = np.divide(flows, total, out=np.zeros_like(flows), where=total > 0)
        return np.asarray(by_channel * self.covered)

    def _covered(self, scope: Scope) -> Array:
        """(2, s), share of the target's exports and imports of each sector that a scope stops."""
        one = np.zeros((2, len(self.world.sectors)))
        rows = [self.world.sector(s) for s in scope.sectors]
        if scope.flow in ("exports", "both"):
            one[0, rows] = scope.coverage
        if scope.flow in ("imports", "both"):
            one[1, rows] = scope.coverage
            if "food" in scope.exempt:
                one[1, self.world.sector("agri_food")] = 0.0
            if "medicine" in scope.exempt:
                one[1, self.world.sector("chemicals")] *= 1.0 - self.world.medicine[self.t]
        return one

    # -- shocks ------------------------------------------------------------------------------------------

    def shock(self, cut: Cut, *, primary: bool = True, only: NDArray[np.bool_] | None = None) -> Shock:
        """The shock of cutting some lifelines on top of the primary part.

        Parameters
        ----------
        only : (2, s), restrict the cut to these flows of the target (exports, imports).
        """
        parts = [self.primary] if primary else []
        parts.append(self._cells(cut, only))
        gifts = [
            (k, self.aid.get(self.world.countries[k], 0.0)) for k, c in cut.pairs if CHANNELS[c] == "aid"
        ]
        transfer = tuple(x for k, gift in gifts for x in ((self.t, -gift), (k, gift)))
        return Shock(
            combine(parts), transfer=transfer, label=f"{self.target}: {len(cut.pairs)} lifelines cut"
        )

    def _cells(self, cut: Cut, only: NDArray[np.bool_] | None) -> Wedges:
        if not cut.pairs:
            return Wedges.none()
        who, channel = np.array(sorted(cut.pairs)).T
        lost = np.zeros((len(self.world.countries), 2, len(self.world.sectors)))
        np.add.at(lost, who, self.lost[who, channel])
        if only is not None:
            lost *= only
        k, d, s = np.nonzero(lost > 0)
        weight = 1.0 - lost[k, d, s]
        # Shares of a cell add up to one only to rounding; what is left of a whole cut is nothing.
        weight[weight < 1e-12] = 0.0
        here = np.full(len(k), self.t)
        one, none = np.ones(len(k)), np.zeros(len(k))
        return Wedges(s, np.where(d == 0, here, k), np.where(d == 0, k, here), weight, one, none)

    # -- losses ------------------------------------------------------------------------------------------

    def losses(
        self,
        cuts: Sequence[Cut],
        elasticities: Elasticities | Sequence[Elasticities],
        *,
        progress: Progress | None = None,
    ) -> Array:
        """Loss(C) for many cut sets, (m,), fraction of the target's real income; each set is solved once."""
        sets = [elasticities] * len(cuts) if isinstance(elasticities, Elasticities) else list(elasticities)
        keys = [self._key(cut, one) for cut, one in zip(cuts, sets, strict=True)]
        todo = list({key: k for k, key in enumerate(keys) if key not in self._known}.values())
        solve = self.solved_elsewhere or self.solve_losses
        found = solve([cuts[k] for k in todo], [sets[k] for k in todo], progress)
        self._known |= {keys[k]: float(loss) for k, loss in zip(todo, found, strict=True)}
        return np.array([self._known[key] for key in keys])

    def solve_losses(
        self, cuts: Sequence[Cut], sets: Sequence[Elasticities], progress: Progress | None = None
    ) -> list[float]:
        """Solve cut sets here and now; memory stays at one chunk of shocks."""
        found: list[float] = []
        for start in range(0, len(cuts), CHUNK):
            part = slice(start, start + CHUNK)
            shocks = [self.shock(cut) for cut in cuts[part]]
            found += [float(result.loss[self.t]) for result in self.results(shocks, sets[part])]
            if progress is not None:
                progress(len(found), len(cuts), "equilibria")
        return found

    def _key(self, cut: Cut, one: Elasticities) -> bytes:
        """What tells cut sets and elasticities apart, small enough to keep many thousands."""
        at = np.fromiter((k * len(CHANNELS) + c for k, c in cut.pairs), dtype=np.int16, count=len(cut.pairs))
        at.sort()
        return at.tobytes() + one.trade.tobytes() + np.array(one.form).tobytes()

    def results(
        self,
        shocks: Sequence[Shock],
        elasticities: Elasticities | Sequence[Elasticities],
        *,
        progress: Progress | None = None,
    ) -> Iterable[Result]:
        """Solve shocks on the game's economy and keep count of solves and residuals."""
        for result in solve_iter(self.economy, shocks, elasticities, progress=progress):
            self.solves += 1
            if result.residual > self.worst[0]:
                self.worst = (result.residual, f"{result.residual_at} ({result.label})")
            yield result

    def exposure(self, scenario: Scenario, k: int) -> Wedges:
        """What the live threats do to one supporter (position in `supporters`) if they are enforced against it."""
        if k not in self._exposures:
            self._exposures[k] = scenario.exposure(self.world, self.world.countries[self.supporters[k]])
        return self._exposures[k]

    def everything(self) -> Cut:
        """Every lifeline of every third country."""
        return Cut.of((k, c) for k in self.supporters for c in range(len(CHANNELS)) if self.trade[k, c] > 0)
