"""Whatever is thrown at the shipped world has an equilibrium: blocs, isolation, several targets, one tiny partner left."""

from __future__ import annotations

import numpy as np
import pytest

from tertius.engine import Economy, Elasticities, Rules, Shock, solve
from tertius.scenario.wedge import Wedges
from tertius.world import load_world

PACKAGES = 300


@pytest.fixture(scope="module")
def economy():
    return Economy.from_world(load_world(2023))


def some(rng, size, low, high):
    return rng.choice(size, rng.integers(low, high), replace=False)


def cells(rng, shape):
    """A mask of (sector, exporter, importer) of one of six kinds."""
    S, N, _ = shape
    mask = np.zeros(shape, dtype=bool)
    kind = rng.integers(6)
    if kind in (0, 4):  # two blocs; or one bloc against everyone else, which cuts the world in two
        one = some(rng, N, 2, 40) if kind == 0 else some(rng, N, 5, N // 2)
        other = np.setdiff1d(some(rng, N, 1, 40) if kind == 0 else np.arange(N), one)
        mask[:, one[:, None], other] = mask[:, other[:, None], one] = True
    elif kind in (1, 2, 3):  # one target, several, or one that keeps a single partner
        for target in some(rng, N, 2, 6) if kind == 2 else [rng.integers(N)]:
            mask[:, target, :] = mask[:, :, target] = True
        if kind == 3:
            partner = rng.integers(N)
            mask[:, target, partner] = mask[:, partner, target] = False
    else:  # some sectors, one direction
        target, sectors = rng.integers(N), some(rng, S, 1, S)
        mask[(sectors, target, slice(None)) if rng.random() < 0.5 else (sectors, slice(None), target)] = True
    home = np.arange(N)
    mask[:, home, home] = False
    return mask


def package(rng, economy):
    wedges = Wedges.cells(
        cells(rng, economy.trade_share.shape) & (economy.trade_share > 0),
        weight=0.0 if rng.random() < 0.6 else rng.uniform(0.01, 0.9),
        cost=1.0 if rng.random() < 0.7 else rng.uniform(1.0, 3.0),
        tariff=0.0 if rng.random() < 0.7 else rng.uniform(0.0, 1.0),
    )
    theta = (
        rng.uniform(0.5, 15.0, len(economy.sectors))
        if rng.random() < 0.7
        else np.full(len(economy.sectors), rng.uniform(0.5, 15.0))
    )
    mobility = np.inf if rng.random() < 0.5 else rng.uniform(0.0, 5.0)
    return (
        wedges,
        Elasticities(theta, mobility=mobility),
        Rules(("own_income", "fixed", "zero")[rng.integers(3)]),
    )


@pytest.mark.parametrize("seed", range(6))
def test_random_packages_all_have_an_equilibrium(economy, seed):
    rng = np.random.default_rng(seed)
    for number in range(PACKAGES // 6):
        wedges, elasticities, rules = package(rng, economy)
        result = solve(economy, Shock(wedges, label=f"package {seed}.{number}"), elasticities, rules=rules)
        assert result.residual < 1e-9
        assert np.isfinite(result.loss).all()
        assert (result.loss < 1.0).all()
