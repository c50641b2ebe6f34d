"""A number as the assessment publishes it: low, central, high, unit, year and sources."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from tertius.leverage.assessment import Quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

BN = "bn USD a year"
PERCENT = "per cent of the target's real income"


def number(x: float | np.floating[Any] | None) -> float | None:
    """A plain float, None where it does not exist."""
    return None if x is None or not math.isfinite(float(x)) else float(x)


def interval(
    low: Any,
    central: Any,
    high: Any,
    unit: str,
    year: int | None,
    sources: Sequence[str] = (),
    note: str = "",
) -> Quantity:
    """A quantity whose ends never exclude its centre."""
    values = [number(x) for x in (low, central, high)]
    if values[1] is None:
        return Quantity(None, None, None, unit, year, tuple(sources), note or "no number exists for this")
    known = [x for x in values if x is not None]
    return Quantity(min(known), values[1], max(known), unit, year, tuple(sources), note)


def percent(parts: Sequence[float] | None) -> tuple[float | None, float | None, float | None]:
    """Three fractions in per cent; nothing where there are none."""
    if parts is None:
        return (None, None, None)
    low, central, high = parts
    return (100.0 * low, 100.0 * central, 100.0 * high)
