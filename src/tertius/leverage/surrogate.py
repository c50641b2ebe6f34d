"""The leverage curve between exact solves: L(C) = Loss(C) / Loss(all) as a smooth function of how much is cut.

What a set of lifelines costs the target when it is cut depends on very little besides the sum of what its members cost
when each is cut alone. Joint losses bend away from that sum, all of them along one line for given elasticities and
one reading of the shadow trade; a polynomial fitted to exact solves follows it, with a step of its own for each of the
heaviest lifelines. How far it is off is measured on exact draws that the fit has not seen, and reported.

Axes: d draw, m cut set, h heavy lifeline.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Powers of the share that is cut and of the elasticity quantile: of all draws together, and what each other reading of
#: the shadow trade adds.
COMMON, OWN = (4, 2), (3, 1)
#: Where Loss(all) and Loss(none) are solved: evenly in each half of the elasticity range.
PLACES = (0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0)
#: Exact draws below which nothing is interpolated.
FEWEST = 16
#: Lifelines that get a step of their own.
HEAVY = 8
_FOLDS = 4
_RIDGE = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """What L is read off.

    Attributes
    ----------
    cut : (d, m), sum of the single losses of a cut set over that of all lifelines.
    heavy : (d, m, h), 1 where a heavy lifeline is cut, else 0.
    theta : (d,), quantile of the elasticity range.
    group : (d,), which reading of the shadow trade; 0 is the central one.
    """

    cut: Array
    heavy: Array
    theta: Array
    group: NDArray[np.intp]

    def take(self, which: NDArray[np.bool_] | slice) -> Inputs:
        """Keep some draws."""
        return Inputs(self.cut[which], self.heavy[which], self.theta[which], self.group[which])


@dataclass(frozen=True, slots=True, eq=False)
class Surrogate:
    """A fitted polynomial."""

    groups: int
    weights: Array

    def __call__(self, x: Inputs) -> Array:
        """(d, m), L."""
        return np.asarray((_basis(x, self.groups) @ self.weights).reshape(x.cut.shape))


def fit(x: Inputs, leverage: Array) -> Surrogate:
    """Least squares over exact draws; `leverage` is (d, m)."""
    groups = int(x.group.max(initial=0)) + 1
    terms = _basis(x, groups)
    size = np.sqrt((terms**2).mean(axis=0))
    size = np.where(size > 0, size, 1.0)
    terms = terms / size
    # What the draws do not tell apart gets a small weight rather than any.
    normal = terms.T @ terms + _RIDGE * len(terms) * np.eye(terms.shape[1])
    return Surrogate(groups, np.linalg.solve(normal, terms.T @ leverage.ravel()) / size)


def held_out(x: Inputs, leverage: Array) -> Array:
    """(d, m), how far each exact draw is from a fit to the other three quarters of the draws."""
    off = np.empty_like(leverage)
    fold = np.arange(len(leverage)) % _FOLDS
    for k in range(_FOLDS):
        out = fold == k
        if out.any():
            off[out] = fit(x.take(~out), leverage[~out])(x.take(out)) - leverage[out]
    return off


def between(values: Array, theta: Array) -> Array:
    """Read values at PLACES off two polynomials, one for each half of the elasticity range.

    Parameters
    ----------
    values : (9, ...), solved at PLACES.
    theta : (d,), where to read.
    """
    half = len(PLACES) // 2
    found = np.empty((len(theta), *values.shape[1:]))
    for mine, part in ((theta < 0.5, slice(0, half + 1)), (theta >= 0.5, slice(half, None))):
        nodes, powers = np.array(PLACES[part]), np.arange(half + 1)
        weights = np.linalg.solve(nodes[:, None] ** powers, values[part].reshape(half + 1, -1))
        found[mine] = (theta[mine, None] ** powers @ weights).reshape(-1, *values.shape[1:])
    return found


def _basis(x: Inputs, groups: int) -> Array:
    """(d * m, terms)."""
    z = x.cut.ravel()
    u = np.repeat(2.0 * x.theta - 1.0, x.cut.shape[1])
    group = np.repeat(x.group, x.cut.shape[1])
    own = _powers(z, u, OWN)
    heavy = x.heavy.reshape(len(z), -1)
    return np.concatenate(
        [
            _powers(z, u, COMMON),
            *(own * (group == g)[:, None] for g in range(1, groups)),
            heavy,
            heavy * u[:, None],
        ],
        axis=1,
    )


def _powers(z: Array, u: Array, degrees: tuple[int, int]) -> Array:
    left, right = (x[:, None] ** np.arange(d + 1) for x, d in zip((z, u), degrees, strict=True))
    return np.asarray((left[:, :, None] * right[:, None, :]).reshape(len(z), -1))
