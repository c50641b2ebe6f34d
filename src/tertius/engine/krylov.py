"""GMRES for several right-hand sides of one operator: a Krylov space each, the products shared.

Saad and Schultz (1986), "GMRES: a generalized minimal residual algorithm for solving nonsymmetric linear
systems".
Axes: k right-hand side, m unknown, j direction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable

Array = NDArray[np.float64]

_SPENT = 1e-14  # a new direction this short relative to the product is rounding


def gmres(
    product: Callable[[Array], Array], right: Array, *, tolerance: float, limit: int
) -> tuple[Array, int]:
    """Solve product(x) = right for every row.

    Parameters
    ----------
    product : (k, m) -> (k, m), linear, row by row.
    right : (k, m).
    tolerance : goal for the residual norm relative to that of `right`.
    limit : number of products at most.

    Returns
    -------
    (k, m) solution, number of products. The caller checks the residual.
    """
    norm = np.linalg.norm(right, axis=1)
    basis = [_unit(right, norm)]
    upper = np.zeros((len(right), limit + 1, limit))
    done, left = 0, 1.0
    while done < limit and left > tolerance:
        column, direction = _orthogonal(product(basis[-1]), basis)
        basis.append(direction)
        upper[:, : done + 2, done] = column
        done += 1
        # The residual is what the last row of Q leaves of the first unit vector.
        turn = np.linalg.qr(upper[:, : done + 1, :done], mode="complete")[0]
        left = float(np.abs(turn[:, 0, done]).max())
    x = np.zeros_like(right)
    for k, size in enumerate(norm):
        goal = np.zeros(done + 1)
        goal[0] = size
        # Least squares rather than a triangular solve: a row that finished early leaves columns of zeros.
        for weight, direction in zip(
            np.linalg.lstsq(upper[k, : done + 1, :done], goal)[0], basis, strict=False
        ):
            x[k] += weight * direction[k]
    return x, done


def _unit(x: Array, norm: Array) -> Array:
    return np.asarray(x / np.where(norm > 0, norm, 1.0)[:, None])


def _orthogonal(new: Array, basis: list[Array]) -> tuple[Array, Array]:
    """Take the basis out of a product, twice for stability: coefficients (k, j + 1), new unit direction."""
    whole = np.stack(basis, axis=1)
    size = np.linalg.norm(new, axis=1)
    total = np.zeros(whole.shape[:2])
    for _ in range(2):
        part = (whole @ new[:, :, None])[:, :, 0]
        new = new - (part[:, None, :] @ whole)[:, 0, :]
        total += part
    length = np.linalg.norm(new, axis=1)
    length[length <= _SPENT * size] = 0.0
    direction = np.where(length[:, None] > 0, _unit(new, length), 0.0)
    return np.concatenate([total, length[:, None]], axis=1), direction
