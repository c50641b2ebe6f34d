"""Whatever is thrown at the shipped world has an equilibrium: blocs, isolation, several targets, one tiny partner left."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from tertius.engine import Economy, solve
from tertius.world import load_world

PACKAGES = 300


@pytest.fixture(scope="module")
def economy():
    return Economy.from_world(load_world(2023))


@pytest.fixture(scope="module")
def draw():
    """The generator that the benchmark of 10,000 packages uses."""
    path = Path(__file__).with_name("random_packages.py")
    spec = importlib.util.spec_from_file_location("random_packages", path)
    module = sys.modules["random_packages"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("seed", range(6))
def test_random_packages_all_have_an_equilibrium(economy, draw, seed):
    for number in range(PACKAGES // 6):
        one = draw.package(economy, seed, number)
        result = solve(economy, one.shock, one.elasticities, rules=one.rules)
        assert result.residual < 1e-9
        assert draw.balance(result, one.targets) < 1e-8
        assert np.isfinite(result.loss).all()
        assert (result.loss < 1.0).all()


def test_a_package_does_not_depend_on_who_drew_what_before(economy, draw):
    first, again = draw.package(economy, 3, 5), draw.package(economy, 3, 5)
    draw.package(economy, 3, 6)
    assert (first.kind, first.targets, first.rules) == (again.kind, again.targets, again.rules)
    assert np.array_equal(first.elasticities.trade, again.elasticities.trade)
    assert np.array_equal(first.shock.wedges.weight, again.shock.wedges.weight)
    assert any(draw.package(economy, 3, k).kind != first.kind for k in range(6, 20))
