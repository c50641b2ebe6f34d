"""The lifelines of one target as arrays: value, rent, benefit, exposure and break-even credibility of each.

Money is bn USD a year of the world's price year. Axes: k supporter (order of `Game.supporters`), c channel.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.leverage.breakeven import NOT_EXPOSED, country_wide, listing
from tertius.leverage.game import CHANNELS, Cut, Game, Progress
from tertius.leverage.judged import Discount, Interval, Judged
from tertius.leverage.stakes import RESOURCES, Stakes, income_bn, solve_damage, solve_stakes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.engine.horizons import Horizon
    from tertius.scenario import Scenario

Array = NDArray[np.float64]

#: A lifeline is listed if its trade, or the loss from cutting it alone, exceeds this share of the target's income.
LISTED = 1e-3
#: Supporters below this share of the target's income are not solved one by one.
SMALL = 3e-4
#: Where draws of the elasticities are solved exactly; between them stakes are interpolated (and checked).
NODES = (0.0, 0.5, 1.0)
_AT_ONCE = 64  # draws whose break-even credibilities are computed together


@dataclass(frozen=True, slots=True)
class Point:
    """One reading of everything uncertain, as quantiles in [0, 1]; 0.5 throughout is the central case."""

    theta: float = 0.5
    discount: float = 0.5
    extra_cost: float = 0.5
    replacement: float = 0.5
    caught_open: float = 0.5
    caught_shielded: float = 0.5
    influence: float = 0.5
    stake: float = 0.5
    aid: float = 0.5


@dataclass(eq=False)
class Lines:
    """Lifelines of one game at one horizon.

    Attributes
    ----------
    game, scenario, judged, horizon : where the numbers come from.
    stakes : engine results at the NODES of the elasticity range; the ends only for the larger supporters.
    """

    game: Game
    scenario: Scenario
    judged: Judged
    horizon: Horizon
    stakes: dict[float, Stakes] = field(default_factory=dict)

    # -- solving ---------------------------------------------------------------------------------------

    def solve(
        self, *, nodes: Sequence[float] = NODES, everyone: bool = True, progress: Progress | None = None
    ) -> None:
        """Solve the stakes of the larger supporters at every node, and at the centre the damage of everyone else."""
        large = np.flatnonzero(self.large).tolist()
        for node in nodes:
            elasticities = self.horizon.draw(np.array([[node]]))[0]
            hit = range(len(self.game.supporters)) if everyone and node == 0.5 else large
            self.stakes[node] = solve_stakes(
                self.game, self.scenario, elasticities, large, damage_for=list(hit), progress=progress
            )

    def borrow(self, other: Lines) -> None:
        """Take the stakes of another reading of the same world instead of solving them again.

        Exposure does not depend on the target's shadow trade. Gains are second-order in it and move with the
        supporter's trade with the target.
        """
        here = {k: row for row, k in enumerate(self.game.supporters)}
        shared = [(row, here[k]) for row, k in enumerate(other.game.supporters) if k in here]
        theirs, mine = (list(x) for x in zip(*shared, strict=True))
        before, after = other.value.sum(axis=1)[theirs], self.value.sum(axis=1)[mine]
        ratio = np.divide(after, before, out=np.ones_like(after), where=before > 0)
        for node, stakes in other.stakes.items():
            moved = {}
            for name in Stakes.__slots__:
                values = np.full(len(self.game.supporters), np.nan)
                scale = ratio if name in ("gain", "gain_all", "loss_alone") else 1.0
                values[mine] = getattr(stakes, name)[theirs] * scale
                moved[name] = values
            self.stakes[node] = Stakes(**moved)

    @cached_property
    def value(self) -> Array:
        """(k, c), bn USD, exports plus imports (or gift) by channel."""
        return np.asarray(self.game.trade[list(self.game.supporters)] / 1e3)

    @cached_property
    def large(self) -> NDArray[np.bool_]:
        """(k,), supporters that are solved one by one."""
        income = self.game.economy.income[self.game.t] / 1e3
        named = self.judged.named()
        by_name = np.array([self.code(k) in named for k in range(len(self.game.supporters))])
        return np.asarray((self.value.sum(axis=1) > SMALL * income) | by_name)

    @cached_property
    def listed(self) -> list[tuple[int, int]]:
        """Lifelines with a row of their own, by value; the others are pooled."""
        income = self.game.economy.income[self.game.t] / 1e3
        named = self.judged.named()
        alone = np.nan_to_num(self.stakes[0.5].loss_alone)
        total = np.maximum(self.value.sum(axis=1, keepdims=True), 1e-300)
        rows = []
        for k, c in np.argwhere(self.value > 0):
            weight = max(self.value[k, c] / income, alone[k] * self.value[k, c] / total[k, 0])
            if weight > LISTED or (self.code(k) in named and self.value[k, c] > 1e-2 * LISTED * income):
                rows.append((int(k), int(c)))
        return sorted(rows, key=lambda kc: -self.value[kc])

    def code(self, k: int) -> str:
        """ISO3 of a supporter."""
        return self.game.world.countries[self.game.supporters[k]]

    # -- benefits ----------------------------------------------------------------------------------------

    @cached_property
    def _resource_values(self) -> tuple[Array, Array]:
        """(k, c) crude oil and gas that k buys, and (k, c) all other resource trade with k, bn USD."""
        trade = self.game.in_scope[list(self.game.supporters)] / 1e3
        sectors = self.game.world.sectors
        crude = trade[:, :, 0, sectors.index("crude_oil_gas")]
        resources = [s for s, name in enumerate(sectors) if name in RESOURCES]
        return crude, trade[:, :, :, resources].sum(axis=(2, 3)) - crude

    @cached_property
    def discounts(self) -> list[Discount | None]:
        """Per supporter, the discount a claim gives; only looked up for those who buy crude."""
        crude, _ = self._resource_values
        return [self.judged.discount(self.code(k)) if crude[k].sum() > 0 else None for k in range(len(crude))]

    def rents(self, points: Sequence[Point]) -> Array:
        """(d, k, c), bn USD: volume times discount less the extra cost of going dark; else value times replacement cost.

        Values are what the target receives, V = volume (P - d), so the discount is V d / (P - d).
        """
        crude, other = self._resource_values
        replacement = self.judged.replacement.at_all(_read(points, "replacement"))[:, None, None]
        extra = self.judged.extra_cost.at_all(_read(points, "extra_cost"))
        discount = _read(points, "discount")
        rate = np.repeat(np.broadcast_to(replacement, (len(points), 1, crude.shape[1])), len(crude), axis=1)
        for k, found in enumerate(self.discounts):
            if found is None:
                continue
            d = found.usd_bbl.at_all(discount)
            received = found.benchmark - d
            rate[:, k] = (d / received)[:, None]
            rate[:, k, CHANNELS.index("shielded")] -= extra / received
        return np.asarray(np.maximum(crude * rate, 0.0) + other * replacement)

    def rent(self, point: Point) -> Array:
        """(k, c), the rents at one point."""
        return np.asarray(self.rents([point])[0])

    def at_all(self, points: Sequence[Point], name: str) -> Array:
        """(d, k), a stake at each point's elasticities, by quadratic interpolation between the solved nodes."""
        centre = getattr(self.stakes[0.5], name)
        if len(self.stakes) < 3:
            return np.repeat(centre[None], len(points), axis=0)
        low, high = getattr(self.stakes[0.0], name), getattr(self.stakes[1.0], name)
        u = 2.0 * _read(points, "theta")[:, None] - 1.0
        moved = centre + u * (high - low) / 2.0 + u * u * (high + low - 2.0 * centre) / 2.0
        moved[u[:, 0] == 0.0] = centre
        # Small supporters are solved at the centre only; they move with the median of the large ones.
        known = ~np.isnan(moved).any(axis=0) & (centre > 0)
        ratio = np.median(moved[:, known] / centre[known], axis=1)[:, None] if known.any() else np.nan
        return np.asarray(np.where(np.isnan(moved), centre * ratio, moved))

    def at(self, point: Point, name: str) -> Array:
        """(k,), a stake at one point."""
        return np.asarray(self.at_all([point], name)[0])

    def gains(self, points: Sequence[Point], *, convention: str = "rent") -> Array:
        """(d, k, c), bn USD, the engine's part of the benefit, split over channels by value.

        `convention` "rent" takes trade outside the resource sectors; "engine" takes all trade.
        """
        crude, other = self._resource_values
        trade = self.value.copy()
        trade[:, CHANNELS.index("aid")] = 0.0
        if convention == "rent":
            trade -= crude + other
        gain = self.at_all(points, "gain" if convention == "rent" else "gain_all")
        total = trade.sum(axis=1)
        known = self.large & (total > 0) & np.isfinite(gain).all(axis=0)
        # Where no larger supporter trades anything but resources, neither do the small ones gain from it.
        per_dollar = (
            np.median(gain[:, known] / total[known], axis=1) if known.any() else np.zeros(len(points))
        )
        gain = np.where(np.isnan(gain), per_dollar[:, None] * total, np.maximum(gain, 0.0))
        share = np.divide(trade, total[:, None], out=np.zeros_like(trade), where=total[:, None] > 0)
        return np.asarray(share * gain[:, :, None])

    def gain(self, point: Point, *, convention: str = "rent") -> Array:
        """(k, c), the gains at one point."""
        return np.asarray(self.gains([point], convention=convention)[0])

    def benefits(self, points: Sequence[Point], *, convention: str = "rent") -> Array:
        """(d, k, c), bn USD a year: rent, the engine's gain on other trade, and influence where a claim supports it."""
        commerce = self.gains(points, convention=convention)
        if convention == "rent":
            commerce = commerce + self.rents(points)
        influence = self.judged.influence.at_all(_read(points, "influence"))
        return np.asarray(commerce + influence[:, None, None] * (self.value > 0))

    def benefit(self, point: Point, *, convention: str = "rent") -> Array:
        """(k, c), the benefits at one point."""
        return np.asarray(self.benefits([point], convention=convention)[0])

    # -- exposure and q* -----------------------------------------------------------------------------------

    def caught_all(self, points: Sequence[Point], instrument: str = "secondary_tariff") -> Array:
        """(d, c), delta by channel."""
        quantile = {"open": "caught_open", "shielded": "caught_shielded", "aid": "caught_shielded"}
        read = [self.judged.caught(c, instrument).at_all(_read(points, quantile[c])) for c in CHANNELS]
        return np.stack(read, axis=1)

    def caught(self, point: Point, instrument: str = "secondary_tariff") -> Array:
        """(c,), delta by channel at one point."""
        return np.asarray(self.caught_all([point], instrument)[0])

    def damages(self, points: Sequence[Point]) -> Array:
        """(d, k), bn USD a year if the country-wide threat is enforced; 0 where the supporter is not exposed."""
        share = self.at_all(points, "damage_share")
        return np.where(np.nan_to_num(share) < NOT_EXPOSED, 0.0, share * income_bn(self.game))

    def damage(self, point: Point) -> Array:
        """(k,), the damages at one point."""
        return np.asarray(self.damages([point])[0])

    @cached_property
    def stakes_listed(self) -> list[list[Interval | None]]:
        """(k, c), business of listed carriers, None where not listed; an unknown number is an interval of NaN."""
        table: list[list[Interval | None]] = []
        for k in range(len(self.game.supporters)):
            row: list[Interval | None] = []
            for channel in CHANNELS:
                hits = [
                    m
                    for m in self.scenario.threats
                    if m.type == "entity_listing" and m.hits(self.code(k), channel)
                ]
                found = self.judged.stake([t for m in hits for t in m.stake]) if hits else None
                row.append(found if found else (Interval.exactly(np.nan, "bn USD a year") if hits else None))
            table.append(row)
        return table

    def q_star(self, point: Point, *, convention: str = "rent") -> Array:
        """(k, c), probability; NaN where the supporter is not exposed, or its stake is unknown."""
        benefit = self.benefit(point, convention=convention)
        return np.asarray(self.q_stars([point], benefit[None], self.damage(point)[None])[0])

    def q_stars(self, points: Sequence[Point], benefit: Array, damage: Array) -> Array:
        """(d, k, c), the same for many points, from their benefits (d, k, c) and damages (d, k)."""
        there = self.value > 0
        # A lifeline with no measurable gain goes at the first credible threat, and is still a lifeline.
        benefit = np.where(there, np.where(benefit > 0, benefit, 1e-12), 0.0)
        caught = self.caught_all(points)[:, None, :]
        parts = range(0, len(points), _AT_ONCE)
        q = np.concatenate(
            [country_wide(*(x[a : a + _AT_ONCE] for x in (benefit, caught, damage))) for a in parts]
        )
        if any(one is not None for row in self.stakes_listed for one in row):
            alone = np.array([self._listed_q(p, one) for p, one in zip(points, benefit, strict=True)])
            q = np.fmin(q, alone)
        return np.asarray(q)

    def _listed_q(self, point: Point, benefit: Array) -> Array:
        """(k, c), q* of the channels whose carriers are listed."""
        stake = np.array(
            [[np.nan if x is None else x.at(point.stake) for x in row] for row in self.stakes_listed]
        )
        return listing(benefit, self.caught(point, "listing"), stake)

    @cached_property
    def weights(self) -> Array:
        """(k, c), about what each lifeline costs the target when it is cut alone, fraction of real income.

        Solved for the larger supporters and split over channels by value; the others cost what is usual by value.
        """
        total = self.value.sum(axis=1)
        alone = self.stakes[0.5].loss_alone
        each = np.divide(alone, total, out=np.full_like(total, np.nan), where=total > 0)
        usual = float(np.nanmedian(each)) if np.isfinite(each).any() else 1.0
        return np.asarray(self.value * np.maximum(np.where(np.isnan(each), usual, each), 0.0)[:, None])

    # -- cut sets ------------------------------------------------------------------------------------------

    def broken(self, q_star: Array, q: float) -> Cut:
        """Lifelines with q* < q."""
        # Rows of NaN compare false: unknown or unexposed lifelines stay.
        return Cut.of((self.game.supporters[k], int(c)) for k, c in np.argwhere(q_star < q))

    def pairs(self, lines: Sequence[tuple[int, int]]) -> Cut:
        """Cut set of some lifelines given by (k, c)."""
        return Cut.of((self.game.supporters[k], c) for k, c in lines)

    @cached_property
    def everything(self) -> Cut:
        """All lifelines of all third countries."""
        return self.game.everything()

    def refresh_damage(self, node: float, *, progress: Progress | None = None) -> Array:
        """Exact damage shares of the large supporters at a further node, to check the interpolation."""
        elasticities = self.horizon.draw(np.array([[node]]))[0]
        return solve_damage(
            self.game, self.scenario, elasticities, np.flatnonzero(self.large).tolist(), progress=progress
        )


def _read(points: Sequence[Point], name: str) -> Array:
    """(d,), one quantile of every point."""
    return np.array([getattr(p, name) for p in points], dtype=np.float64)
