"""What a measure does to the cells of the trade matrix: the one wedge machinery.

Tariff, secondary tariff, discount, price cap and financial sanction all change the same three numbers of a
cell (sector, exporter, importer). Axes: m one changed cell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Wedges:
    """Sparse changes of trade costs.

    Attributes
    ----------
    sector, exporter, importer : (m,), positions on the world's axes; a cell appears once.
    weight : (m,), factor on the cell's kernel weight; 0 is an embargo, 1 - share * coverage one channel.
    cost : (m,), iceberg trade-cost factor, >= 0; nobody collects it.
    tariff : (m,), added to the importer-collected ad valorem rate of the base year (rents too).
    """

    sector: Index
    exporter: Index
    importer: Index
    weight: Array
    cost: Array
    tariff: Array

    @classmethod
    def none(cls) -> Wedges:
        """No change at all."""
        i, x = np.zeros(0, dtype=np.intp), np.zeros(0)
        return cls(i, i, i, x, x, x)

    @classmethod
    def cells(
        cls,
        cells: NDArray[np.bool_],
        *,
        weight: Array | float = 1.0,
        cost: Array | float = 1.0,
        tariff: Array | float = 0.0,
    ) -> Wedges:
        """Build from a boolean mask (s, i, n) and values that are scalars or (s, i, n)."""
        s, i, n = np.nonzero(cells)

        def pick(x: Array | float) -> Array:
            return np.asarray(np.broadcast_to(np.asarray(x, dtype=np.float64), cells.shape)[s, i, n])

        return cls(s, i, n, pick(weight), pick(cost), pick(tariff))

    def __len__(self) -> int:
        return len(self.sector)

    def __or__(self, other: Wedges) -> Wedges:
        """Apply both: weights and costs multiply, tariffs add."""
        return combine((self, other))


def combine(parts: tuple[Wedges, ...] | list[Wedges]) -> Wedges:
    """Merge wedges that may touch the same cells: weights and costs multiply, tariffs add."""
    parts = [p for p in parts if len(p)]
    if not parts:
        return Wedges.none()
    if len(parts) == 1:
        return parts[0]
    sector, exporter, importer = (
        np.concatenate([getattr(p, name) for p in parts]) for name in ("sector", "exporter", "importer")
    )
    wide = int(max(exporter.max(), importer.max())) + 1
    cell, where = np.unique((sector * wide + exporter) * wide + importer, return_inverse=True)
    weight, cost, tariff = np.ones(len(cell)), np.ones(len(cell)), np.zeros(len(cell))
    np.multiply.at(weight, where, np.concatenate([p.weight for p in parts]))
    np.multiply.at(cost, where, np.concatenate([p.cost for p in parts]))
    np.add.at(tariff, where, np.concatenate([p.tariff for p in parts]))
    pair, importer = np.divmod(cell, wide)
    sector, exporter = np.divmod(pair, wide)
    return Wedges(sector, exporter, importer, weight, cost, tariff)
