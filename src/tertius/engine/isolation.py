"""One country by itself: the equilibrium when nothing crosses its border any more.

Every good is made at home, so prices follow from costs alone, P^_s = c^_s pi_s^(-1/theta_s) with pi_s what is left of
the home share. With one mobile factor its wage is the numeraire and, in the Cobb-Douglas case, the rest is a linear
system,  (I - (1-v) a') log c^ = -(1-v) a' (log pi / theta).  With sector-specific factors the sector wages are found by
Newton's method along a path on which the border closes gradually.

Axes: s, r sector. Vectors are (s,) unless said otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tertius.engine.equilibrium import Batch, ces_price, final_price, unit_cost
from tertius.errors import NotConvergedError

Array = NDArray[np.float64]

_TIGHT = 1e-13
_STEP = 1e-6  # of the numerical Jacobian, in logs


@dataclass(frozen=True, slots=True, eq=False)
class _Closed:
    """Base shares of the one country, and what the closed border adds to the log price of each good."""

    v: Array
    a: Array  # (s, r)
    b: Array
    value_added: Array
    output: Array
    closing: Array
    live: NDArray[np.bool_]
    eta: float
    rho: float
    sigma: float
    mobility: float


def isolated(batch: Batch, row: int, country: int, home: Array) -> tuple[Array, Array, Array]:
    """State of an isolated country: log cost (s,), log wage (1,) or (s,), log sales (s,).

    Parameters
    ----------
    row, country : scenario and country within the batch.
    home : what is left of its home shares, tau^-theta included; zero only where the good is not used.
    """
    n = country
    output, uses = batch.output[:, n], batch.uses[:, n]
    theta = batch.theta[row, :, 0]
    closing = np.where(uses & (home > 0), -np.log(np.where(home > 0, home, 1.0)) / theta, 0.0)
    made = _Closed(
        batch.value_added_share[:, n],
        batch.input_share[n],
        batch.final_share[:, n],
        batch.value_added[:, n],
        output,
        closing,
        (output > 0) & (home > 0),
        batch.eta,
        batch.rho,
        batch.sigma,
        batch.mobility,
    )
    wage = np.zeros(1) if np.isinf(batch.mobility) else _sector_wages(made)
    cost, sales = _given_wages(made, wage, 1.0)
    return (
        cost,
        wage,
        np.where(made.live, np.log(np.maximum(sales, 1e-300) / np.maximum(output, 1e-300)), 0.0),
    )


def _given_wages(e: _Closed, wage: Array, part: float) -> tuple[Array, Array]:
    """Costs and sales at given wages, with `part` of the closing in prices."""
    w = np.broadcast_to(wage, e.v.shape)
    cost = np.zeros_like(e.v)
    closing = part * e.closing
    shares = e.a[None]
    for _ in range(2000):
        prices = (cost + closing)[None, :, None]
        inputs = ces_price(prices, shares, e.rho)[0, :, 0]
        new = unit_cost(w, inputs, e.v, e.eta)
        settled = np.abs(new - cost).max() < _TIGHT
        cost = np.asarray(new)
        if settled:
            break
    price = cost + closing
    inputs = ces_price(price[None, :, None], shares, e.rho)[0, :, 0]
    v = e.v * np.exp((1.0 - e.eta) * (w - cost))
    a = e.a * np.exp((1.0 - e.rho) * (price[:, None] - inputs[None, :]))
    top = final_price(price[None, :, None], e.b[:, None], e.sigma)[0, 0, 0]
    b = e.b * np.exp((1.0 - e.sigma) * (price - top))
    income = _supply(e, wage).sum()
    sales = np.linalg.solve(np.eye(len(v)) - a * (1.0 - v)[None, :], b * income)
    return cost, np.where(e.live, np.maximum(sales, 0.0), 0.0)


def _supply(e: _Closed, wage: Array) -> Array:
    """Factor income by sector at given wages."""
    if len(wage) == 1:
        return np.asarray(np.exp(wage) * e.value_added)
    total = e.value_added.sum()
    level = np.log((e.value_added / total * np.exp((1.0 + e.mobility) * wage)).sum()) / (1.0 + e.mobility)
    return np.asarray(e.value_added * np.exp((1.0 + e.mobility) * wage - e.mobility * level))


def _sector_wages(e: _Closed) -> Array:
    """Sector wages that clear every factor market; total factor income stays at its base value."""
    wage, done, step = np.zeros_like(e.v), 0.0, 1.0
    while done < 1.0:
        goal = min(1.0, done + step)
        found = _newton(e, wage, goal)
        if found is None:
            step /= 2.0
            if step < 1e-4:
                raise NotConvergedError("an isolated country has no equilibrium at these elasticities")
            continue
        wage, done, step = found, goal, 2.0 * step
    return wage


def _miss(e: _Closed, wage: Array, part: float) -> Array:
    """Log of value added earned over factor income supplied; the last live row is the numeraire."""
    cost, sales = _given_wages(e, wage, part)
    earned = e.v * np.exp((1.0 - e.eta) * (wage - cost)) * sales
    supply = _supply(e, wage)
    busy = e.live & (e.value_added > 0)
    miss = np.where(busy, np.log(np.maximum(earned, 1e-300) / np.maximum(supply, 1e-300)), wage)
    last = np.flatnonzero(busy)[-1]
    miss[last] = np.log(supply.sum() / e.value_added.sum())
    return np.asarray(miss)


def _newton(e: _Closed, start: Array, part: float) -> Array | None:
    """Damped Newton from `start`; None where it does not settle."""
    wage, miss = start, _miss(e, start, part)
    for _ in range(60):
        if np.abs(miss).max() < _TIGHT * 10:
            return wage
        jacobian = np.stack(
            [(_miss(e, wage + _STEP * unit, part) - miss) / _STEP for unit in np.eye(len(wage))], axis=1
        )
        move = np.clip(np.linalg.solve(jacobian, -miss), -1.0, 1.0)
        for share in (1.0, 0.5, 0.25, 0.1):
            trial = _miss(e, wage + share * move, part)
            if np.abs(trial).max() < np.abs(miss).max():
                wage, miss = wage + share * move, trial
                break
        else:
            return wage if np.abs(miss).max() < 1e-11 else None
    return None
