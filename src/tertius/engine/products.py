"""The four sums of the model as matrix products: over exporters and importers, over inputs and users.

Axes: b scenario (or functional), s, r sector, i exporter, n importer.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]  # float64, and float32 for steps


def over_exporters(x: Array, matrices: Array) -> Array:
    """(b, s, i) times (s, i, n) -> (b, s, n)."""
    return np.asarray((x.transpose(1, 0, 2) @ matrices).transpose(1, 0, 2))


def over_importers(x: Array, matrices: Array) -> Array:
    """(b, s, n) times (s, i, n) -> (b, s, i)."""
    return np.asarray((x.transpose(1, 0, 2) @ matrices.swapaxes(1, 2)).transpose(1, 0, 2))


def over_inputs(x: Array, shares: Array) -> Array:
    """Sum over inputs s of a_nsr x_sn: (b, s, n) -> (b, r, n), one product per country."""
    return np.asarray((np.ascontiguousarray(x.transpose(2, 0, 1)) @ shares).transpose(1, 2, 0))


def over_users(x: Array, shares: Array) -> Array:
    """Sum over users r of a_nsr x_rn: (b, r, n) -> (b, s, n)."""
    return np.asarray((np.ascontiguousarray(x.transpose(2, 0, 1)) @ shares.swapaxes(1, 2)).transpose(1, 2, 0))
