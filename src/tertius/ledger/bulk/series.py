"""Monthly dyad series: who did how much of what to whom, month by month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Months = NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class DyadSeries:
    """Events of one directed dyad. Axis m: consecutive months.

    A month in which the source files hold no event of anyone is not observed: its counts are nan, not 0.

    Parameters
    ----------
    actor, recipient : ISO 3166 alpha-3; who acts, and on whom.
    months : (m,), datetime64[M].
    counts : (m, 4), events (or their weight) by QuadClass 1 to 4.
    unclassed : (m,), events whose code has no class.
    pledges, deliveries : (m,), promises of something material; material cooperation and aid.
    days : (k,), datetime64[D], the days with at least one event, in order.
    unit : what the counts are, "events" or "weighted events".
    """

    actor: str
    recipient: str
    months: Months
    counts: Array
    unclassed: Array
    pledges: Array
    deliveries: Array
    days: NDArray[np.datetime64]
    unit: str = "events"

    @property
    def observed(self) -> NDArray[np.bool_]:
        """(m,), whether the source files cover the month at all."""
        return ~np.isnan(self.counts[:, 0])

    @property
    def verbal(self) -> Array:
        """(m,), verbal cooperation and verbal conflict."""
        total: Array = self.counts[:, 0] + self.counts[:, 2]
        return total

    @property
    def material(self) -> Array:
        """(m,), material cooperation and material conflict."""
        total: Array = self.counts[:, 1] + self.counts[:, 3]
        return total

    @property
    def total(self) -> Array:
        """(m,), all events, those without a class included."""
        total: Array = self.counts.sum(axis=1) + self.unclassed
        return total
