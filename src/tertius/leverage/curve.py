"""The leverage curve L(q) = Loss({lifelines with q* < q}) / Loss(all), with bands from exact draws.

Every point of every draw is an exact equilibrium; draws differ in elasticities, in the reading of the shadow trade and
in every interval that claims and judgement give.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.leverage.lines import Lines, Point

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tertius.leverage.game import Progress

Array = NDArray[np.float64]

#: Credibilities at which the curve is solved.
GRID = (
    0.0,
    0.001,
    0.002,
    0.005,
    0.01,
    0.015,
    0.02,
    0.03,
    0.05,
    0.075,
    0.1,
    0.15,
    0.2,
    0.3,
    0.4,
    0.5,
    0.7,
    1.0,
)
#: Ends of the band: the draws' 5th and 95th percentile.
BAND = (5.0, 95.0)
_READINGS = ("low", "central", "high")


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Results of the draws.

    Attributes
    ----------
    points : one per draw.
    reading : per draw, which reading of the shadow trade.
    all_comply, now : (draw,), fraction of the target's real income.
    leverage : (draw, q), L on GRID.
    q_star : (draw, k, c).
    benefit, rent : (draw, k, c), bn USD.
    damage : (draw, k), bn USD.
    """

    points: tuple[Point, ...]
    reading: tuple[str, ...]
    all_comply: Array
    now: Array
    leverage: Array
    q_star: Array
    benefit: Array
    rent: Array
    damage: Array


def leverage(
    lines: Lines, point: Point, q_star: Array, qs: Sequence[float], *, progress: Progress | None = None
) -> tuple[Array, float, float]:
    """L(q) at some credibilities, Loss(all) and Loss(none), all exact."""
    cuts = [lines.broken(q_star, q) for q in qs]
    one = lines.horizon.draw(np.array([[point.theta]]))[0]
    losses = lines.game.losses([*cuts, lines.everything, lines.pairs(())], one, progress=progress)
    everything, nothing = float(losses[-2]), float(losses[-1])
    ratio = losses[:-2] / everything if everything > 0 else np.full(len(qs), np.nan)
    return np.asarray(ratio), everything, nothing


def sample(count: int, seed: int) -> tuple[tuple[Point, ...], tuple[str, ...]]:
    """Sobol points over everything uncertain, and the reading of the shadow trade of each (1/4, 1/2, 1/4)."""
    from scipy.stats import qmc

    names = list(Point.__dataclass_fields__)
    cube = qmc.Sobol(len(names) + 1, seed=seed).random(count)
    points = tuple(Point(**dict(zip(names, map(float, row[:-1]), strict=True))) for row in cube)
    reading = tuple(_READINGS[int(np.searchsorted((0.25, 0.75), u, side="right"))] for u in cube[:, -1])
    return points, reading


def draw(
    by_reading: Mapping[str, Lines],
    count: int,
    seed: int,
    *,
    qs: Sequence[float] = GRID,
    progress: Progress | None = None,
) -> Draws:
    """Solve `count` draws (a power of two) exactly.

    Parameters
    ----------
    by_reading : "low", "central", "high" -> lifelines with their stakes solved.
    """
    points, reading = sample(count, seed)
    centre = by_reading["central"]
    q_stars, benefits, rents, damages, wanted = [], [], [], [], []
    for point, name in zip(points, reading, strict=True):
        lines = by_reading[name]
        q_star = lines.q_star(point)
        q_stars.append(_align(lines, centre, q_star))
        benefits.append(_align(lines, centre, lines.benefit(point)))
        rents.append(_align(lines, centre, lines.rent(point)))
        damages.append(_align(lines, centre, lines.damage(point)[:, None])[:, 0])
        wanted.append([*(lines.broken(q_star, q) for q in qs), lines.everything, lines.pairs(())])
    losses = np.empty((count, len(qs) + 2))
    for name in _READINGS:
        mine = [d for d in range(count) if reading[d] == name]
        if not mine:
            continue
        lines = by_reading[name]
        sets = [
            one for d in mine for one in lines.horizon.draw(np.array([[points[d].theta]])) * len(wanted[d])
        ]
        flat = lines.game.losses([cut for d in mine for cut in wanted[d]], sets, progress=progress)
        losses[mine] = flat.reshape(len(mine), -1)
    everything = losses[:, -2]
    return Draws(
        points,
        reading,
        everything,
        losses[:, -1],
        losses[:, :-2] / np.where(everything > 0, everything, np.nan)[:, None],
        np.array(q_stars),
        np.array(benefits),
        np.array(rents),
        np.array(damages),
    )


def _align(lines: Lines, centre: Lines, values: Array) -> Array:
    """Rows of one reading's supporters in the order of the central reading's; readings may differ in who trades."""
    if lines.game.supporters == centre.game.supporters:
        return values
    where = {k: row for row, k in enumerate(lines.game.supporters)}
    out = np.full((len(centre.game.supporters), values.shape[1]), np.nan)
    for row, k in enumerate(centre.game.supporters):
        if k in where:
            out[row] = values[where[k]]
    return out


def band(values: Array, axis: int = 0) -> tuple[Array, Array]:
    """5th and 95th percentile over draws, ignoring draws where the number does not exist."""
    with np.errstate(all="ignore"):
        if np.isnan(values).all():
            empty = np.full(np.delete(values.shape, axis), np.nan)
            return empty, empty
        gone = np.isnan(values).all(axis=axis)
        filled = np.where(np.expand_dims(gone, axis), 0.0, values)
        low, high = np.nanpercentile(filled, BAND, axis=axis)
    return np.where(gone, np.nan, low), np.where(gone, np.nan, high)
