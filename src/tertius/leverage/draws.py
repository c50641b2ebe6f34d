"""Bands: many draws of everything uncertain, some solved exactly and the rest read off a fit to those.

Draws differ in elasticities, in the reading of the shadow trade and in every interval that claims and judgement give.
What each supporter does is computed for every draw; what that costs the target is solved for the first `exact` draws
at every credibility, and taken from the surrogate of their reading for the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.leverage.curve import GRID
from tertius.leverage.lines import Lines, Point
from tertius.leverage.surrogate import FEWEST, HEAVY, PLACES, Inputs, between, fit, held_out

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tertius.leverage.game import Cut, Progress

Array = NDArray[np.float64]

#: Ends of the band: the draws' 5th and 95th percentile.
BAND = (5.0, 95.0)
#: Largest miss of interpolated L on held-out exact draws.
TOLERANCE = 0.02
_READINGS = ("low", "central", "high")
_NOTHING = 1e-9  # a loss that is solver noise


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Results of the draws; the first `exact` of them are solved, the others interpolated.

    Attributes
    ----------
    points : one per draw.
    reading : per draw, which reading of the shadow trade.
    exact : how many are solved.
    off : what interpolated L is off by on exact draws it has not seen, worst and root mean square; None where nothing
        was to be interpolated. Beyond TOLERANCE only the exact draws are kept.
    all_comply, now : (draw,), fraction of the target's real income.
    leverage : (draw, q), L on the grid.
    q_star : (draw, k, c).
    benefit, rent : (draw, k, c), bn USD.
    damage : (draw, k), bn USD.
    """

    points: tuple[Point, ...]
    reading: tuple[str, ...]
    exact: int
    off: tuple[float, float] | None
    all_comply: Array
    now: Array
    leverage: Array
    q_star: Array
    benefit: Array
    rent: Array
    damage: Array


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
    exact: int | None = None,
    qs: Sequence[float] = GRID,
    again: bool = True,
    progress: Progress | None = None,
) -> Draws:
    """Draw `count` times and solve the first `exact` (both powers of two; all of them by default).

    Where these are too few for the fit to pass its own test, twice as many are solved, once.

    Parameters
    ----------
    by_reading : "low", "central", "high" -> lifelines with their stakes solved.
    """
    exact = count if exact is None else min(exact, count)
    points, reading = sample(count, seed)
    centre = by_reading["central"]
    curve, ends = np.empty((count, len(qs))), np.empty((count, 2))
    tables = {
        name: np.full((count, *shape), np.nan)
        for name, shape in (
            ("q_star", centre.value.shape),
            ("benefit", centre.value.shape),
            ("rent", centre.value.shape),
            ("damage", centre.value.shape[:1]),
        )
    }
    x = Inputs(
        curve.copy(),
        np.zeros((count, len(qs), HEAVY)),
        np.array([p.theta for p in points]),
        np.empty(count, np.intp),
    )
    for group, names in enumerate(_groups(by_reading)):
        mine = np.flatnonzero(np.isin(reading, names))
        if not len(mine):
            continue
        lines = by_reading[names[0]]
        q_star = _tell(lines, centre, [points[d] for d in mine], mine, tables)
        x.cut[mine], x.group[mine] = _shares(lines, q_star, qs), group
        x.heavy[mine] = _heavy(lines, centre, q_star, qs)
        solved = mine < exact
        theta = x.theta[mine]
        known = _solve(lines, q_star[solved], theta[solved], qs, progress)
        curve[mine[solved]], ends[mine[solved]] = known[:, :-2], known[:, -2:]
        if not solved.all():
            ends[mine[~solved]] = _ends(lines, theta[~solved])
    everything = ends[:, 0]
    curve[:exact] /= np.where(everything > 0, everything, np.nan)[:exact, None]
    off, used = None, count
    if exact < count:
        known = curve[:exact]
        curve[exact:] = fit(x.take(slice(exact)), known)(x.take(slice(exact, None)))
        off = held_out(x.take(slice(exact)), known)
        if not np.abs(ends[:, 1]).max() > _NOTHING:  # a pure threat: nothing cut costs nothing
            curve[exact:][x.cut[exact:] == 0.0] = 0.0
        if not np.abs(off).max() < TOLERANCE:
            if again:
                return draw(by_reading, count, seed, exact=2 * exact, qs=qs, again=False, progress=progress)
            used = exact  # a fit that fails its own test is not used: fewer draws, all of them exact
    return Draws(
        points[:used],
        reading[:used],
        exact,
        None if off is None else (float(np.abs(off).max()), float(np.sqrt((off**2).mean()))),
        ends[:used, 0],
        ends[:used, 1],
        curve[:used],
        **{name: table[:used] for name, table in tables.items()},
    )


def enough(count: int, exact: int) -> bool:
    """Whether there is enough to interpolate from."""
    return exact >= min(count, FEWEST)


def _groups(by_reading: Mapping[str, Lines]) -> list[list[str]]:
    """Readings that share one world, the central one first."""
    groups: dict[int, list[str]] = {}
    for name in ("central", *_READINGS):
        members = groups.setdefault(id(by_reading[name].game), [])
        if name not in members:
            members.append(name)
    return list(groups.values())


def _tell(
    lines: Lines, centre: Lines, points: Sequence[Point], mine: NDArray[np.intp], tables: dict[str, Array]
) -> Array:
    """Enter what supporters gain, lose and do into the tables of all draws; returns q* in the reading's own rows."""
    damage, benefit, rent = lines.damages(points), lines.benefits(points), lines.rents(points)
    q_star = lines.q_stars(points, benefit, damage)
    rows, there = _rows(lines, centre)
    for name, values in (("q_star", q_star), ("benefit", benefit), ("rent", rent), ("damage", damage)):
        tables[name][mine[:, None], rows] = values[:, there]
    return q_star


def _rows(lines: Lines, centre: Lines) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Supporters of both: their rows in the central reading and in this one; readings may differ in who trades."""
    where = {k: row for row, k in enumerate(lines.game.supporters)}
    both = [(row, where[k]) for row, k in enumerate(centre.game.supporters) if k in where]
    rows, there = np.array(both, dtype=np.intp).reshape(-1, 2).T
    return rows, there


def _solve(
    lines: Lines, q_star: Array, theta: Array, qs: Sequence[float], progress: Progress | None
) -> Array:
    """(d, q + 2), exact losses at each credibility, with all cut and with none."""
    cuts: list[Cut] = []
    sets = []
    for one, u in zip(q_star, theta, strict=True):
        cuts += [*(lines.broken(one, q) for q in qs), lines.everything, lines.pairs(())]
        sets += lines.horizon.draw(np.array([[u]])) * (len(qs) + 2)
    return lines.game.losses(cuts, sets, progress=progress).reshape(len(theta), len(qs) + 2)


def _shares(lines: Lines, q_star: Array, qs: Sequence[float]) -> Array:
    """(d, q), single losses of what is cut at each credibility over those of all lifelines."""
    weight = lines.weights
    with np.errstate(invalid="ignore"):
        sums = [np.where(q_star < q, weight, 0.0).sum(axis=(1, 2)) for q in qs]
    return np.stack(sums, axis=1) / max(float(weight.sum()), 1e-300)


def _heavy(lines: Lines, centre: Lines, q_star: Array, qs: Sequence[float]) -> Array:
    """(d, q, h), whether each of the heaviest lifelines of the central reading is cut."""
    where = {k: row for row, k in enumerate(lines.game.supporters)}
    cut = np.zeros((len(q_star), len(qs), HEAVY))
    for h, place in enumerate(np.argsort(-centre.weights, axis=None)[:HEAVY]):
        k, c = np.unravel_index(place, centre.weights.shape)
        row = where.get(centre.game.supporters[int(k)])
        if row is not None:
            with np.errstate(invalid="ignore"):
                cut[:, :, h] = q_star[:, row, c, None] < np.array(qs)
    return cut


def _ends(lines: Lines, theta: Array) -> Array:
    """(d, 2), Loss(all) and Loss(none), through exact solves at a few places of the elasticity range."""
    sets = [one for u in PLACES for one in lines.horizon.draw(np.array([[u]])) * 2]
    losses = lines.game.losses([lines.everything, lines.pairs(())] * len(PLACES), sets)
    return between(losses.reshape(-1, 2), theta)


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
