"""Break-even credibility q*: the probability of enforcement at which a supporter lets a lifeline go.

Axes: ... any leading axes (draws, supporters), c channel.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Exposure below this share of the supporter's real income is "not exposed to this measure": no ratio is formed.
NOT_EXPOSED = 1e-4


def country_wide(benefit: Array, caught: Array, damage: Array) -> Array:
    """q* of each channel when the measure hits the whole country, whichever channel is caught.

    The supporter keeps the set A of channels that maximises  sum_A B_c - q max_A(delta_c) D;  q*_c is the q at which
    channel c leaves that set. With one channel it is B / (delta D).

    Parameters
    ----------
    benefit : (..., c), bn USD a year; 0 where the supporter has no such channel.
    caught : (..., c), delta, chance that the channel is caught, 0 to 1.
    damage : (...), bn USD a year if the sender enforces.

    Returns
    -------
    (..., c), probability, capped at 1; NaN where damage is zero or the channel is not there.
    """
    benefit, caught = np.broadcast_arrays(benefit, caught)
    shape, C = benefit.shape[:-1], benefit.shape[-1]
    sets = np.array(list(product((False, True), repeat=C)))  # (a, c), the empty set first
    gain = np.where(benefit[..., None, :] * sets != 0, benefit[..., None, :] * sets, 0.0).sum(
        axis=-1
    )  # (..., a)
    odds = np.where(sets, caught[..., None, :], 0.0).max(axis=-1)
    cost = odds * np.asarray(damage)[..., None]
    best = np.full((*shape, C), 0.0)
    # A channel is kept up to the largest q at which some set that holds it is (weakly) the best of all sets: along the
    # upper envelope of the lines gain - q cost, flatter lines (less at stake) take over as q grows.
    for a in range(1, len(sets)):
        last = _last_best(gain, cost, a)
        best = np.where(sets[a], np.maximum(best, last[..., None]), best)
    known = (np.asarray(damage)[..., None] > 0) & (benefit > 0)
    return np.where(known, np.minimum(best, 1.0), np.where(benefit > 0, np.nan, np.nan))


def _last_best(gain: Array, cost: Array, a: int) -> Array:
    """Largest q >= 0 at which line a lies on the upper envelope, 0 where it never does."""
    low = np.zeros(gain.shape[:-1])
    high = np.full(gain.shape[:-1], np.inf)
    for b in range(gain.shape[-1]):
        if b == a:
            continue
        more, dearer = gain[..., a] - gain[..., b], cost[..., a] - cost[..., b]
        with np.errstate(divide="ignore", invalid="ignore"):
            cross = more / dearer
        high = np.where(dearer > 0, np.minimum(high, cross), high)
        low = np.where(dearer < 0, np.maximum(low, cross), low)
        beaten = (dearer == 0) & (more < 0)
        high = np.where(beaten, -1.0, high)
    return np.asarray(np.where((high >= low) & (high > 0), high, 0.0))


def listing(benefit: Array, caught: Array, stake: Array) -> Array:
    """q*_c = B_c / (delta_c D_c): a listing hits the carriers of one channel, so each channel decides alone.

    `stake` (..., c) is the business of the listed carriers, bn USD a year; NaN where no claim gives a number, and then
    q* is unknown, not zero.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        q = benefit / (caught * stake)
    return np.asarray(np.where(np.isnan(stake), np.nan, np.minimum(q, 1.0)))


def influence_needed(benefit: Array, caught: Array, damage: Array, q: float = 0.05) -> Array:
    """What the supporter must value beyond money to hold at credibility q: max(0, q delta D - B), bn USD a year."""
    return np.maximum(q * caught * damage - benefit, 0.0)
