"""Zero recorded trade is never safety: what sanctions already cost, on the shipped world."""

from __future__ import annotations

import numpy as np
import pytest

from tertius.engine import Economy
from tertius.engine.horizons import horizon
from tertius.engine.rebase import balanced
from tertius.leverage import lifted
from tertius.world import load_world


@pytest.fixture(scope="module")
def shipped():
    return load_world(2023), load_world(2015)


@pytest.mark.parametrize("target", ["IRN", "CUB", "PRK"])
def test_restored_trade_with_the_united_states_is_worth_something_to(shipped, target):
    now, before = shipped
    economy = Economy.from_world(now)
    one = horizon("medium", economy.sectors)
    found = lifted.realised_loss(balanced(economy, target, elasticities=one), before, target, ("USA",), one)
    assert found.loss[0] > 1e-4
    assert found.loss[0] <= found.loss[1] <= found.loss[2] < 0.2
    t, s = now.country(target), now.country("USA")
    today = (now.sales[:, t, s] + now.sales[:, s, t]).sum() / 1e3
    assert found.trade_bn["USA"] > today
    assert found.basis["USA"] in ("2015 shares", "size and distance")


def test_a_sender_that_already_trades_as_predicted_has_nothing_to_restore(world, horizon):
    # On the made-up world the pair of India and Turkey trades freely, so lifting adds at most a little.
    economy = Economy.from_world(world)
    one = horizon.central
    freely = lifted.realised_loss(balanced(economy, "TUR", elasticities=one), world, "TUR", ("IND",), one)
    barred = lifted.realised_loss(balanced(economy, "IRN", elasticities=one), world, "IRN", ("USA",), one)
    assert freely.basis["IND"] == "2015 shares"
    assert max(np.abs(freely.loss)) < 1e-4  # balancing Turkey moves shares a little
    assert barred.basis["USA"] == "size and distance"
    assert min(barred.loss) > 1e-4
    assert barred.loss[0] <= barred.loss[1] <= barred.loss[2]
