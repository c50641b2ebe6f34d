"""The leverage curve L(q) = Loss({lifelines with q* < q}) / Loss(all); every point is an exact equilibrium."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.leverage.game import Progress
    from tertius.leverage.lines import Lines, Point

Array = NDArray[np.float64]

#: Credibilities at which the curve is solved.
GRID = (
    0.0,
    0.001,
    0.002,
    0.005,
    0.01,
    0.015,
    0.02,
    0.03,
    0.05,
    0.075,
    0.1,
    0.15,
    0.2,
    0.3,
    0.4,
    0.5,
    0.7,
    1.0,
)


def leverage(
    lines: Lines, point: Point, q_star: Array, qs: Sequence[float], *, progress: Progress | None = None
) -> tuple[Array, float, float]:
    """L(q) at some credibilities, Loss(all) and Loss(none), all exact."""
    cuts = [lines.broken(q_star, q) for q in qs]
    one = lines.horizon.draw(np.array([[point.theta]]))[0]
    losses = lines.game.losses([*cuts, lines.everything, lines.pairs(())], one, progress=progress)
    everything, nothing = float(losses[-2]), float(losses[-1])
    ratio = losses[:-2] / everything if everything > 0 else np.full(len(qs), np.nan)
    return np.asarray(ratio), everything, nothing
