"""A made-up world with a target, two senders and supporters of every size; oil that customs do not see."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tertius.engine.horizons import ranges
from tertius.ledger import load_curated
from tertius.leverage.game import Game
from tertius.leverage.judged import Judged
from tertius.leverage.lines import Lines
from tertius.scenario import Scenario, Scope
from tertius.scenario.wedge import Wedges
from tertius.world import World
from tertius.world.model import SECTORS

SIZES = {
    "IRN": 0.5, "CHN": 8.0, "USA": 10.0, "ARE": 1.0, "TUR": 1.2, "RUS": 2.0, "IND": 3.0, "ARM": 0.1, "ROW": 12.0,
}  # fmt: skip
CRUDE = list(SECTORS).index("crude_oil_gas")


def made_up_world(seed=7):
    rng = np.random.default_rng(seed)
    names, size = tuple(SIZES), np.array(list(SIZES.values()))
    S, N, at = len(SECTORS), len(SIZES), np.arange(len(SIZES))
    sales = rng.uniform(0.5, 2.0, (S, N, N)) * np.outer(size, size) * 600.0
    sales[:, at, at] = rng.uniform(0.8, 1.2, (S, N)) * 3e4 * size
    iran, china, usa, armenia = (names.index(c) for c in ("IRN", "CHN", "USA", "ARM"))
    sales[:, iran, usa] = sales[:, usa, iran] = 0.0
    sales[CRUDE, iran, china] = 9e3
    sales[CRUDE, china, iran] = 10.0
    sales[:, armenia, usa] = 0.0  # sells nothing to the sender, so a tariff there is no threat to it
    shadow = np.zeros((S, N, N))
    shadow[CRUDE, iran, china] = 7e3
    shadow[CRUDE, iran, names.index("ARE")] = 0.5 * sales[CRUDE, iran, names.index("ARE")]
    tariff = rng.uniform(0.0, 0.1, (S, N, N)) * (1.0 - np.eye(N))
    output, spending = sales.sum(axis=2), (sales * (1.0 + tariff)).sum(axis=1)
    inputs = 0.4 * spending.T[:, :, None] * (output / output.sum(axis=0)).T[:, None, :]
    return World(
        year=2023, shadow_reading="central", countries=names, sectors=tuple(SECTORS), sales=sales, shadow=shadow,
        tariff=tariff, inputs=inputs, quality=np.zeros((S, N, N), dtype=np.uint8), medicine=np.full(N, 0.25),
        snapshot="made up",
    )  # fmt: skip


@pytest.fixture(scope="session")
def world():
    return made_up_world()


@pytest.fixture(scope="session")
def scenario():
    return Scenario.of(
        "IRN", senders="USA", measures="secondary_tariff 25% on partners of IRN", as_of="2026-01-13"
    )


@pytest.fixture(scope="session")
def horizon():
    return ranges("medium", tuple(SECTORS))


@pytest.fixture(scope="session")
def make_game(world):
    """Return a function that makes the game of IRN: everything in scope, no primary part, unless told otherwise."""

    def make(**changes):
        how = {
            "world": world, "target": "IRN", "senders": ("USA",), "scopes": (Scope(tuple(SECTORS)),),
            "primary": Wedges.none(), "aid": {"RUS": 300.0},
        }  # fmt: skip
        return Game(**(how | changes))

    return make


@pytest.fixture(scope="session")
def game(make_game):
    return make_game()


@pytest.fixture(scope="session")
def judged():
    claims = [c for c in load_curated() if c.target == "IRN"]
    return Judged.load("IRN", "2026-01-13", claims)


@pytest.fixture(scope="session")
def make_lines(make_game, scenario, judged, horizon):
    def make(game=None, **changes):
        how = {"scenario": scenario, "judged": judged, "horizon": horizon} | changes
        lines = Lines(game or make_game(), **how)
        lines.solve()
        return lines

    return make


@pytest.fixture(scope="session")
def lines(make_lines, game):
    return make_lines(game)


@pytest.fixture(scope="session")
def by_reading(make_lines, make_game, world, lines):
    """The lines with less, as much and more of the oil in the shadow; sales stay."""

    def shaded(factor):
        return make_lines(
            make_game(world=replace(world, shadow=np.minimum(factor * world.shadow, world.sales)))
        )

    return {"low": shaded(0.5), "central": lines, "high": shaded(1.25)}
