"""What each supporter gains from its lifelines and loses if the sender enforces: the engine's part.

Money is bn USD a year of the world's price year; shares are fractions of the supporter's real income.
Axes: k supporter, in the order of `Game.supporters`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.engine.shock import Shock
from tertius.leverage.game import CHANNELS, Cut, Game, Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.engine import Elasticities
    from tertius.scenario import Scenario

Array = NDArray[np.float64]

#: Sectors whose gain to a supporter is a rent on the volume, never also an engine difference.
RESOURCES = ("crude_oil_gas", "refined_fuels", "ores_metals")


@dataclass(frozen=True, slots=True, eq=False)
class Stakes:
    """Engine results per supporter at one set of elasticities; NaN where it was not solved.

    Attributes
    ----------
    gain : (k,), bn USD, what k loses when its trade with T outside the resource sectors ends.
    gain_all : (k,), bn USD, the same for all its trade with T: the engine convention of the benefit.
    loss_alone : (k,), fraction of T's real income lost when k alone stops.
    damage : (k,), bn USD, what k loses if the sender enforces the threat against it.
    damage_share : (k,), the same as a fraction of k's real income.
    """

    gain: Array
    gain_all: Array
    loss_alone: Array
    damage: Array
    damage_share: Array


def income_bn(game: Game) -> Array:
    """(k,), bn USD, real income of each supporter."""
    return np.asarray(game.economy.income[list(game.supporters)] / 1e3)


def solve_stakes(
    game: Game,
    scenario: Scenario,
    elasticities: Elasticities,
    who: Sequence[int],
    *,
    damage_for: Sequence[int] | None = None,
    progress: Progress | None = None,
) -> Stakes:
    """Solve the stakes of some supporters.

    Parameters
    ----------
    who : positions within `game.supporters` to solve in full.
    damage_for : positions to solve the damage for; all of `who` by default.
    """
    K = len(game.supporters)
    gain, gain_all, alone = (np.full(K, np.nan) for _ in range(3))
    income = income_bn(game)
    other = np.array([s not in RESOURCES for s in game.world.sectors])
    outside = np.stack([other, other])
    cuts = [Cut.of((game.supporters[k], c) for c in range(len(CHANNELS))) for k in who]
    shocks = [game.shock(cut, primary=False, only=outside) for cut in cuts]
    for k, result in zip(who, game.results(shocks, elasticities, progress=progress), strict=True):
        gain[k] = result.loss[game.supporters[k]] * income[k]
    shocks = [game.shock(cut, primary=False) for cut in cuts]
    for k, result in zip(who, game.results(shocks, elasticities, progress=progress), strict=True):
        gain_all[k] = result.loss[game.supporters[k]] * income[k]
        alone[k] = result.loss[game.t]
    share = solve_damage(
        game, scenario, elasticities, who if damage_for is None else damage_for, progress=progress
    )
    return Stakes(gain, gain_all, alone, share * income, share)


def solve_damage(
    game: Game,
    scenario: Scenario,
    elasticities: Elasticities,
    who: Sequence[int],
    *,
    progress: Progress | None = None,
) -> Array:
    """(k,), fraction of real income that each supporter loses if the live country-wide threats hit it; NaN elsewhere."""
    share = np.full(len(game.supporters), np.nan)
    wedges = {k: game.exposure(scenario, k) for k in who}
    hit = [k for k in who if len(wedges[k])]
    share[[k for k in who if not len(wedges[k])]] = 0.0
    shocks = [Shock(wedges[k], label=f"threat on {game.world.countries[game.supporters[k]]}") for k in hit]
    for k, result in zip(hit, game.results(shocks, elasticities, progress=progress), strict=True):
        share[k] = result.loss[game.supporters[k]]
    return share
