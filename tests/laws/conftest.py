"""Small made-up economies: input-output links, tariffs and deficits as asked for, and nothing special about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tertius.engine import Economy, Shock
from tertius.scenario.wedge import Wedges

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = ("AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH")
GOODS = ("grain", "oil", "tools", "cloth", "rides")


def made_up_arrays(
    seed=1, countries=4, sectors=3, *, tariffs=True, deficits=True, links=True, home=5.0, money=1.0
):
    """Arguments of `Economy.from_arrays`, cut out of one table of random flows, so that they add up."""
    rng = np.random.default_rng(seed)
    S, N, at = sectors, countries, np.arange(countries)
    sales = money * rng.uniform(10.0, 50.0, (S, N, N)) * np.sqrt(np.outer(*[rng.uniform(0.3, 3.0, N)] * 2))
    if not deficits:  # what i sells to n of one good, n sells to i of the next: trade balances
        upper = np.triu(sales, 1)
        sales = upper + np.roll(upper, 1, axis=0).transpose(0, 2, 1) + sales * np.eye(N)
    sales[:, at, at] *= home * N / 4
    tariff = rng.uniform(0.0, 0.3, (S, N, N)) * (1.0 - np.eye(N)) * tariffs
    output, spending = sales.sum(axis=2), (sales * (1.0 + tariff)).sum(axis=1)
    used = rng.uniform(0.2, 0.5, (S, N)) * spending * links
    to = rng.uniform(0.8, 1.2, (N, S, S)) * output.T[:, None, :]  # (n, s, r)
    inputs = used.T[:, :, None] * to / to.sum(axis=2, keepdims=True)
    final = spending - used
    return {
        "trade_share": sales * (1.0 + tariff) / spending[:, None, :],
        "value_added_share": 1.0 - inputs.sum(axis=1).T / output,
        "input_share": inputs / output.T[:, None, :],
        "final_share": final / final.sum(axis=0),
        "value_added": output.sum(axis=0) - inputs.sum(axis=(1, 2)),
        "deficit": sales.sum(axis=(0, 1)) - sales.sum(axis=(0, 2)),
        "tariff": tariff,
        "countries": NAMES[:N],
        "sectors": GOODS[:S],
    }


@pytest.fixture(scope="session")
def arrays() -> Callable[..., dict[str, object]]:
    return made_up_arrays


@pytest.fixture(scope="session")
def made_up() -> Callable[..., Economy]:
    """Return a function from a seed (and sizes) to an economy."""

    def make(*sizes, **how):
        return Economy.from_arrays(**made_up_arrays(*sizes, **how))

    return make


@pytest.fixture(scope="session")
def isolation() -> Callable[..., Shock]:
    """Return a function that cuts a country's exports, its imports, or both."""

    def cut(economy, code, *, flow="both", keep=()):
        t = economy.country(code)
        cells = np.zeros(economy.trade_share.shape, dtype=bool)
        cells[:, t, :] = flow in ("both", "exports")
        cells[:, :, t] |= flow in ("both", "imports")
        for k in (t, *(economy.country(c) for c in keep)):
            cells[:, t, k] = cells[:, k, t] = False
        return Shock(Wedges.cells(cells & (economy.trade_share > 0), weight=0.0), label=f"{flow} of {code}")

    return cut


@pytest.fixture(scope="session")
def mixed_shock() -> Callable[..., Shock]:
    """Return a function from a seed to a package: some costs up, some down, new tariffs and an embargo."""

    def make(economy, seed):
        rng = np.random.default_rng(seed)
        S, N = economy.spending.shape
        shape, abroad = (S, N, N), ~np.eye(N, dtype=bool)
        cost = np.where(rng.random(shape) < 0.3, rng.uniform(0.8, 1.6, shape), 1.0)
        cost[rng.integers(S), rng.integers(N), :] = np.inf
        tariff = np.where(
            rng.random(shape) < 0.3, economy.tariff + rng.uniform(0.0, 0.4, shape), economy.tariff
        )
        cost, tariff = np.where(abroad, cost, 1.0), np.where(abroad, tariff, economy.tariff)
        return Shock.from_arrays(economy, cost=cost, tariff=tariff, label=f"package {seed}")

    return make
