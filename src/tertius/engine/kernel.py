"""The only large products of the engine: prices from costs, sales from spending.

With u = c^-theta the price index is Phi = B' u and sales are u * (B2 z), z = X / Phi, where B = pi tau^-theta is fixed
during a solve and B2 = B / (1 + t'). Scenarios share the base matrices; what a scenario changes lies in the rows and
columns of a few countries, which it keeps for itself, so a batch is one matrix product per sector plus those strips.

Axes: b scenario, p changed country of a scenario, s sector, i exporter, n importer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Kernel:
    """Trade kernels of a batch.

    Attributes
    ----------
    base : (s, i, n), base shares, or (b, s, i, n) where every scenario has its own.
    sold : the same over 1 + t', or None where there are no tariffs at all.
    who : (b, p), changed countries, all different; padded with unchanged ones.
    row, column : (b, p, s, n) and (b, p, s, i), their exports and imports in the changed kernel.
    row_sold, column_sold : the same over 1 + t', or None.
    """

    base: Array
    sold: Array | None
    who: Index | None = None
    row: Array | None = None
    column: Array | None = None
    row_sold: Array | None = None
    column_sold: Array | None = None

    @property
    def own(self) -> bool:
        """Whether every scenario has a kernel of its own."""
        return self.base.ndim == 4

    def take(self, keep: Index) -> Kernel:
        """Keep some scenarios of the batch."""

        def pick(x: Array | None) -> Array | None:
            return None if x is None else x[keep]

        if self.own:
            return Kernel(self.base[keep], pick(self.sold))
        who = None if self.who is None else self.who[keep]
        return Kernel(
            self.base,
            self.sold,
            who,
            pick(self.row),
            pick(self.column),
            pick(self.row_sold),
            pick(self.column_sold),
        )

    def price_sums(self, u: Array) -> tuple[Array, Array]:
        """Return Phi = B' u and the same net of tariffs, both (b, s, n)."""
        gross = self._inward(u, self.base, self.row, self.column)
        if self.sold is None:
            return gross, gross
        return gross, self._inward(u, self.sold, self.row_sold, self.column_sold)

    def sales_sums(self, z: Array) -> Array:
        """Return B2 z, (b, s, i): what each seller gets per unit of its own u."""
        if self.sold is None:
            return self._outward(z, self.base, self.row, self.column)
        return self._outward(z, self.sold, self.row_sold, self.column_sold)

    def _inward(self, u: Array, base: Array, row: Array | None, column: Array | None) -> Array:
        if self.own:
            return np.asarray((u[:, :, None, :] @ base)[:, :, 0, :])
        if self.who is None or row is None or column is None:
            return _by_sector(u, base)
        b = np.arange(len(u))[:, None]
        mine = u[b, :, self.who]  # (b, p, s)
        others = u.copy()
        others[b, :, self.who] = 0.0
        total = _by_sector(others, base)
        total += (mine.transpose(0, 2, 1)[:, :, None, :] @ row.transpose(0, 2, 1, 3))[:, :, 0, :]
        total[b, :, self.who] = np.einsum("bpsi,bsi->bps", column, u)
        return total

    def _outward(self, z: Array, base: Array, row: Array | None, column: Array | None) -> Array:
        if self.own:
            return np.asarray((base @ z[..., None])[..., 0])
        flipped = base.swapaxes(1, 2)
        if self.who is None or row is None or column is None:
            return _by_sector(z, flipped)
        b = np.arange(len(z))[:, None]
        mine = z[b, :, self.who]
        others = z.copy()
        others[b, :, self.who] = 0.0
        total = _by_sector(others, flipped)
        total += (mine.transpose(0, 2, 1)[:, :, None, :] @ column.transpose(0, 2, 1, 3))[:, :, 0, :]
        total[b, :, self.who] = np.einsum("bpsn,bsn->bps", row, z)
        return total


def home_kernel(kernel: Kernel, row: int, country: int) -> Array:
    """(s,), kernel of a country's sales to itself in one scenario of the batch."""
    if kernel.own:
        return np.asarray(kernel.base[row, :, country, country])
    if kernel.who is not None and kernel.row is not None and country in kernel.who[row]:
        p = int(np.flatnonzero(kernel.who[row] == country)[0])
        return np.asarray(kernel.row[row, p, :, country])
    return np.asarray(kernel.base[:, country, country])


def _by_sector(x: Array, matrices: Array) -> Array:
    """(b, s, i) times (s, i, n), one matrix product per sector."""
    total = np.empty((x.shape[0], x.shape[1], matrices.shape[2]))
    np.matmul(x.transpose(1, 0, 2), matrices, out=total.transpose(1, 0, 2))
    return total
