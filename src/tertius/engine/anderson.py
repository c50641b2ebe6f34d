"""Anderson acceleration of a batch of fixed points, each with its own history.

References
----------
Walker and Ni (2011), type II; the regularised normal equations keep it safe when steps become parallel.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]

_RIDGE = 1e-13  # relative; keeps the normal equations solvable when two steps are parallel


class Anderson:
    """Accelerate x <- x + f(x) for a batch; arrays are (b, length)."""

    def __init__(self, batch: int, length: int, depth: int = 5) -> None:
        self.depth = depth
        self.steps = np.zeros((batch, depth, length), dtype=np.float32)
        self.moves = np.zeros((batch, depth, length), dtype=np.float32)
        self.used = np.zeros(batch, dtype=np.intp)
        self.last_x: Array | None = None
        self.last_f: Array | None = None
        self.gram = np.zeros((batch, depth, depth))
        self.turn = 0

    def take(self, keep: Index) -> None:
        """Keep some members of the batch."""
        self.steps, self.moves, self.gram = self.steps[keep], self.moves[keep], self.gram[keep]
        self.used = self.used[keep]
        if self.last_x is not None and self.last_f is not None:
            self.last_x, self.last_f = self.last_x[keep], self.last_f[keep]

    def forget(self, which: NDArray[np.bool_]) -> None:
        """Drop the history of some members, after a step that went wrong."""
        self.used[which] = 0
        self.steps[which] = 0.0
        self.moves[which] = 0.0
        self.gram[which] = 0.0

    def next(self, x: Array, f: Array) -> Array:
        """Return the accelerated next iterate."""
        if self.last_x is not None and self.last_f is not None:
            slot = self.turn % self.depth
            np.subtract(f, self.last_f, out=self.steps[:, slot], casting="same_kind")
            np.subtract(x, self.last_x, out=self.moves[:, slot], casting="same_kind")
            row = (self.steps @ self.steps[:, slot, :, None])[..., 0]
            self.gram[:, slot, :] = row
            self.gram[:, :, slot] = row
            self.used += 1
            self.turn += 1
        self.last_x, self.last_f = x.copy(), f.copy()
        if self.turn == 0:
            return x + f
        right = (self.steps @ f.astype(np.float32)[..., None])[..., 0]
        diagonal = np.einsum("bmm->bm", self.gram)
        ridge = _RIDGE * diagonal.max(axis=1, initial=0.0) + 1e-300
        system = self.gram + ridge[:, None, None] * np.eye(self.depth)
        empty = diagonal <= 0.0
        system[:, np.arange(self.depth), np.arange(self.depth)] += empty * np.maximum(ridge, 1.0)[:, None]
        weight = np.linalg.solve(system, right[..., None])
        weight[self.used == 0] = 0.0
        turned = weight.swapaxes(1, 2).astype(np.float32)
        mixed = (turned @ self.moves)[:, 0] + (turned @ self.steps)[:, 0]
        return np.asarray(x + f - mixed)
