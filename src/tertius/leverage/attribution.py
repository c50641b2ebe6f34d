"""Who closes the gap: Shapley shares of Loss(all) - Loss(none) over the lifelines.

Each permutation adds the players one by one, so its marginals sum to the gap exactly; what sampling leaves open is only
how the gap is split, and that has a standard error. Permutations come as cyclic shifts of a random order (every
player meets every position about equally often) and each with its reverse.

References
----------
Shapley (1953); Castro, Gomez, Molina and Tejada (2017) for stratification by position; Mitchell et al. (2022) for
antithetic permutations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Array = NDArray[np.float64]


def permutations(players: int, pairs: int, rng: np.random.Generator) -> NDArray[np.intp]:
    """(2 * pairs, players): each order is followed by its reverse."""
    orders: list[NDArray[np.intp]] = []
    shifts = max(1, min(players, 4))
    while len(orders) < 2 * pairs:
        base = rng.permutation(players)
        for j in range(shifts):
            order = np.roll(base, j * players // shifts)
            orders += [order, order[::-1]]
    return np.array(orders[: 2 * pairs], dtype=np.intp)


def shapley(
    loss: Callable[[Sequence[frozenset[int]]], Array], players: int, *, pairs: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Shapley value of each player and its standard error.

    Parameters
    ----------
    loss : takes sets of players, returns the loss when they are cut, (m,).
    players : how many there are.
    pairs : antithetic pairs of permutations.

    Returns
    -------
    (players,) value, in the unit of the loss, summing to loss(all) - loss(none) exactly; (players,) standard error.
    """
    if players == 0:
        return np.zeros(0), np.zeros(0)
    orders = permutations(players, pairs, rng)
    sets = [frozenset(order[:m].tolist()) for order in orders for m in range(players + 1)]
    values = np.asarray(loss(sets)).reshape(len(orders), players + 1)
    marginal = np.empty((len(orders), players))
    np.put_along_axis(marginal, orders, np.diff(values, axis=1), axis=1)
    paired = marginal.reshape(-1, 2, players).mean(axis=1)
    error = paired.std(axis=0, ddof=1) / np.sqrt(len(paired)) if len(paired) > 1 else np.full(players, np.nan)
    return paired.mean(axis=0), error
