"""Every scenario of the library runs on the shipped world: an equilibrium with all lifelines, and one with none."""

from __future__ import annotations

import numpy as np
import pytest

from tertius.engine.horizons import horizon
from tertius.leverage.game import Cut
from tertius.leverage.parts import Question, games
from tertius.scenario.catalogue import library, load


@pytest.mark.parametrize("name", library())
def test_a_library_scenario_runs(name: str) -> None:
    scenario = load(name)
    game = games(Question(scenario, (), recorded=False, lifted=False))["central"]
    elasticities = horizon("medium", game.world.sectors)
    nothing, everything = game.losses([Cut.of([]), game.everything()], elasticities)
    assert np.isfinite([nothing, everything]).all()
    assert game.worst[0] < 1e-9
    assert everything >= nothing - 1e-7
    if scenario.primary or scenario.threats:
        assert abs(everything) > 1e-4  # where the discount goes, the target gains
