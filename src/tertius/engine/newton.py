"""Newton with Krylov steps, for the few scenarios that acceleration does not settle.

The derivative of the misses along a direction is taken by a forward difference, so it is that of the state at hand and
not of the base year; GMRES inverts it, preconditioned by the linearised base. A step is shortened until the misses
fall.

References
----------
Knoll and Keyes (2004), "Jacobian-free Newton-Krylov methods"; Eisenstat and Walker (1996) for how exact a step is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.engine.equilibrium import implied
from tertius.engine.krylov import gmres
from tertius.engine.stepper import State, Stepper

if TYPE_CHECKING:
    from tertius.engine.equilibrium import Batch
    from tertius.engine.precondition import Preconditioner

Array = NDArray[np.float64]
Map = Callable[[Array], Array]

_STEPS = 25
_PRODUCTS = 120
_EXACT = 1e-3  # of the misses, left after a linear solve
_DIFFERENCE = 1e-7
_SHORTEST = 2e-3
_LEAP = 1.0  # longest step of any unknown, in logs


def newton(
    batch: Batch,
    pre: Preconditioner,
    state: State,
    x: Array,
    goal: float,
    frozen: NDArray[np.bool_] | None = None,
) -> tuple[Array, float]:
    """Improve the state of one scenario.

    Parameters
    ----------
    batch : of one scenario.
    x : (1, rows, n), where to start.
    goal : norm of the misses to stop at.
    frozen : (1, n), countries whose state is known.

    Returns
    -------
    (1, rows, n) the best state found, and the norm of its misses; the caller judges it by the engine's own residual.
    """
    stepper = Stepper(pre, state, batch)

    def along(v: Array) -> Array:
        move = stepper.level(stepper.answer(v.reshape(x.shape)))
        return move if frozen is None else np.where(frozen[:, None, :], 0.0, move)

    def missed(at: Array) -> Array:
        cost, wage, sales = state.split(at)
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            found = implied(batch, cost, wage, sales)
            return stepper.misses(found, stepper.openness(found, cost), cost, wage, sales)

    miss = missed(x)
    norm = float(np.linalg.norm(miss))
    for _ in range(_STEPS):
        if not norm > goal:
            break
        moved = _shorten(missed, x, _direction(missed, along, x, miss), norm)
        if moved is None:
            break
        x, miss, norm = moved
        shift = stepper.drift(state.split(x)[1])[:, None, :]
        x = x - (shift if frozen is None else np.where(frozen[:, None, :], 0.0, shift))
    return x, norm


def _direction(missed: Map, along: Map, x: Array, miss: Array) -> Array:
    """(1, rows, n), where the linearised misses are zero; `along` turns misses into moves."""

    def product(v: Array) -> Array:
        move = along(v)
        size = float(np.abs(move).max())
        if size == 0.0:
            return np.zeros_like(v)
        h = _DIFFERENCE / size
        return np.asarray((miss - missed(x + h * move)) / h).reshape(v.shape)

    y, _ = gmres(product, miss.reshape(1, -1), tolerance=_EXACT, limit=_PRODUCTS)
    return along(y)


def _shorten(missed: Map, x: Array, step: Array, norm: float) -> tuple[Array, Array, float] | None:
    """Go as far along the step as the misses fall; None where they never do."""
    share = min(1.0, _LEAP / max(float(np.abs(step).max()), 1e-300))
    while share > _SHORTEST:
        there = x + share * step
        miss = missed(there)
        now = float(np.linalg.norm(miss))
        if now < (1.0 - 1e-4 * share) * norm:
            return there, miss, now
        share /= 2.0
    return None
