"""The same trade in a larger or smaller economy: for targets whose dollar GDP is itself disputed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.errors import InputError

if TYPE_CHECKING:
    from tertius.world.model import World

Array = NDArray[np.float64]


def with_gdp(world: World, code: str, gdp: float) -> World:
    """Return the world in which one economy has another GDP, its trade with everyone unchanged.

    Sales at home are scaled by one factor; input links keep their shares of output, cut back where industry would use
    more of a good than there is.

    Parameters
    ----------
    gdp : million USD of the world's price year.

    Raises
    ------
    InputError
        No factor on sales at home gives this GDP with today's trade; the message says what is possible.
    """
    from scipy.optimize import brentq

    n = world.country(code)
    low, high = (float(_scaled(world, n, k).gdp[n]) for k in (1e-3, 1e3))
    if not low < gdp < high:
        raise InputError(
            f"{code}: a GDP of {gdp / 1e3:.3g} bn USD does not go with its trade; possible: {low / 1e3:.3g} to {high / 1e3:.3g}"
        )
    found = brentq(
        lambda x: float(_scaled(world, n, float(np.exp(x))).gdp[n]) / gdp - 1.0, np.log(1e-3), np.log(1e3)
    )
    return _scaled(world, n, float(np.exp(found)))


def _scaled(world: World, n: int, factor: float) -> World:
    sales = world.sales.copy()
    sales[:, n, n] *= factor
    output = sales[:, n, :].sum(axis=1)  # (s,)
    before = world.output[:, n]
    use = world.inputs[n] * np.divide(output, before, out=np.zeros_like(output), where=before > 0)[None, :]
    spending = (sales[:, :, n] * (1.0 + world.tariff[:, :, n])).sum(axis=1)
    wanted = use.sum(axis=1)
    # Final demand keeps at least a thousandth of what is spent on each good.
    cut = np.divide(0.999 * spending, wanted, out=np.ones_like(wanted), where=wanted > 0.999 * spending)
    inputs = world.inputs.copy()
    inputs[n] = use * cut[:, None]
    return replace(world, sales=sales, inputs=inputs)
