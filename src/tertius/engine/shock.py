"""What changes in a scenario: the cells it names, and the countries that cover them.

Axes: s sector, i exporter, n importer, m changed cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tertius.errors import DataError
from tertius.scenario.wedge import Wedges

if TYPE_CHECKING:
    from tertius.engine.economy import Economy

Array = NDArray[np.float64]

#: A shock covered by at most this many countries shares the base matrices; beyond it, its own kernel is cheaper.
STRIP_LIMIT = 8
#: Weight that an embargo approaches on the way to exactly zero.
_THIN = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Shock:
    """What changes in one scenario.

    Attributes
    ----------
    wedges : changed cells.
    transfer : country -> gift received (negative: given), in the unit of the data; must sum to zero.
    balanced : countries whose deficit is set to zero.
    label : shown in errors and results.
    """

    wedges: Wedges = field(default_factory=Wedges.none)
    transfer: tuple[tuple[int, float], ...] = ()
    balanced: tuple[int, ...] = ()
    label: str = ""

    def part(self, share: float) -> Shock:
        """The way to the shock, from 0 (none of its changes) to 1 (all of them)."""
        if share >= 1.0:
            return self
        w = self.wedges
        partly = Wedges(
            w.sector,
            w.exporter,
            w.importer,
            np.maximum(w.weight, _THIN) ** share,
            w.cost**share,
            share * w.tariff,
        )
        return Shock(partly, self.transfer, self.balanced, self.label)

    @classmethod
    def from_arrays(
        cls,
        economy: Economy,
        *,
        cost: ArrayLike | None = None,
        tariff: ArrayLike | None = None,
        label: str = "",
    ) -> Shock:
        """Build a shock from dense arrays.

        Parameters
        ----------
        cost : (s, i, n), trade-cost ratio, 1 for no change and inf for an embargo.
        tariff : (s, i, n), new ad valorem rate (not the change).

        Raises
        ------
        DataError
            Wrong shape, NaN, a cost of zero or below, a tariff of -100 % or below.
        """
        shape = economy.trade_share.shape
        ratio = np.ones(shape) if cost is None else np.asarray(cost, dtype=np.float64)
        new = economy.tariff if tariff is None else np.asarray(tariff, dtype=np.float64)
        wrong = [
            f"shock {name}: shape {x.shape}, expected {shape} (sector, exporter, importer)"
            for name, x in (("cost", ratio), ("tariff", new))
            if x.shape != shape
        ]
        if wrong:
            raise DataError(wrong)
        for name, x, low in (("cost", ratio, 0.0), ("tariff", new, -1.0)):
            bad = np.isnan(x) | (x <= low)
            if bad.any():
                s, i, n = (int(k) for k in np.argwhere(bad)[0])
                wrong.append(
                    f"shock {name}[{economy.sectors[s]}, {economy.countries[i]}, {economy.countries[n]}]: "
                    f"{x[s, i, n]} must be a number above {low:g}"
                )
        if wrong:
            raise DataError(wrong)
        changed = (ratio != 1.0) | (new != economy.tariff)
        barred = np.isinf(ratio)
        wedges = Wedges.cells(
            changed,
            weight=np.where(barred, 0.0, 1.0),
            cost=np.where(barred, 1.0, ratio),
            tariff=np.where(np.isinf(new), 0.0, new - economy.tariff),
        )
        return cls(wedges, label=label)


def cover(wedges: Wedges) -> tuple[int, ...]:
    """A small set of countries that touches every changed cell, greedily: most-touched first."""
    if not len(wedges):
        return ()
    wide = int(max(wedges.exporter.max(), wedges.importer.max())) + 1
    touched = np.zeros(wide * wide, dtype=bool)
    touched[wedges.exporter * wide + wedges.importer] = True
    pairs = touched.reshape(wide, wide)
    pairs = pairs | pairs.T
    chosen: list[int] = []
    while pairs.any() and len(chosen) <= STRIP_LIMIT:
        best = int(pairs.sum(axis=1).argmax())
        chosen.append(best)
        pairs[best, :] = pairs[:, best] = False
    return tuple(chosen)


def factors(wedges: Wedges, economy: Economy, theta: Array) -> tuple[Array, Array]:
    """Return the kernel factor weight * tau^^-theta and the new tariff rate of each changed cell, both (m,)."""
    old = economy.tariff[wedges.sector, wedges.exporter, wedges.importer]
    new = old + wedges.tariff
    ratio = wedges.cost * (1.0 + new) / (1.0 + old)
    dearer = ratio != 1.0
    if not dearer.any():
        return wedges.weight, new
    factor = wedges.weight.copy()
    factor[dearer] *= ratio[dearer] ** -theta[wedges.sector[dearer]]
    return factor, new


def changed_kernel(economy: Economy, shock: Shock, theta: Array) -> Array:
    """(s, i, n), the whole kernel weight * pi * tau^^-theta of one shock."""
    kernel = economy.trade_share.copy()
    w = shock.wedges
    kernel[w.sector, w.exporter, w.importer] *= factors(w, economy, theta)[0]
    return kernel
