"""One horizon of an assessment: its lifelines, central curve and realised loss.

Horizons share nothing but the world, so each can be solved in a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.engine.horizons import ranges
from tertius.errors import InputError
from tertius.leverage.curve import GRID, leverage
from tertius.leverage.game import Cut, Game
from tertius.leverage.judged import Judged
from tertius.leverage.lifted import Lifted, realised_loss
from tertius.leverage.lines import NODES, Lines, Point
from tertius.scenario.base_year import rebase as take_rents_in
from tertius.scenario.wedge import combine
from tertius.world import World, load_world
from tertius.world.asof import as_of_world

if TYPE_CHECKING:
    from tertius.ledger import Claim
    from tertius.leverage.stakes import Stakes
    from tertius.scenario import Scenario
    from tertius.scenario.measures import AnyMeasure

Array = NDArray[np.float64]
Progress = Callable[[int, int, str], None]

READINGS = ("low", "central", "high")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, in a form that travels to another process.

    `worlds` are the base-year worlds by reading where claims have revised the overlay; None takes the shipped.
    """

    scenario: Scenario
    claims: tuple[Claim, ...]
    recorded: bool
    lifted: bool
    worlds: Mapping[str, World] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one horizon adds.

    Attributes
    ----------
    stakes : reading -> node of the elasticity range -> stakes.
    curve : L on GRID, Loss(all), Loss(none), central case.
    lifted : realised loss against the lifted reference; None where not asked for.
    solves, worst : exact equilibria, and the worst residual with its place.
    """

    stakes: dict[str, dict[float, Stakes]]
    curve: tuple[Array, float, float]
    lifted: Lifted | None
    solves: int
    worst: tuple[float, str]


def games(question: Question, readings: Sequence[str] = READINGS) -> dict[str, Game]:
    """The game in each reading of the shadow trade, "central" among them; readings that coincide share one."""
    scenario = question.scenario
    worlds = as_of_worlds(scenario, recorded=question.recorded, revised=question.worlds, readings=readings)
    absent = [c for c in (scenario.target, *scenario.sender_codes) if c not in worlds["central"].countries]
    if absent:
        raise InputError(
            f"{', '.join(absent)}: not an economy of the {scenario.world.year} world (tertius world countries lists all)"
        )
    scopes = tuple(m.scope for m in complied_with(scenario) if m.scope is not None)
    aid = {m.supporter: m.value(scenario.world.year) for m in scenario.measures if m.type == "aid"}
    made: dict[int, Game] = {}
    for world in worlds.values():
        if id(world) not in made:
            primary = scenario.wedges(world)
            made[id(world)] = Game(world, scenario.target, scenario.sender_codes, scopes, primary, aid)
    return {reading: made[id(world)] for reading, world in worlds.items()}


def complied_with(scenario: Scenario) -> tuple[AnyMeasure, ...]:
    """Measures that say what compliance means: the live threats, else the primary part, else what is dead."""
    alive: tuple[AnyMeasure, ...] = scenario.threats or scenario.primary
    return alive or scenario.measures


def as_of_worlds(
    scenario: Scenario,
    *,
    recorded: bool,
    revised: Mapping[str, World] | None = None,
    readings: Sequence[str] = READINGS,
) -> dict[str, World]:
    """The as-of world in each reading of the shadow trade, base-year discounts taken in."""
    fixed = "recorded" if recorded else scenario.world.shadow
    if fixed != "central":
        return dict.fromkeys(readings, _as_of(scenario, fixed, revised))
    return {reading: _as_of(scenario, reading, revised) for reading in readings}


def _as_of(scenario: Scenario, reading: str, revised: Mapping[str, World] | None) -> World:
    base = revised[reading] if revised else load_world(scenario.world.year, shadow=reading)
    world = as_of_world(base, scenario.as_of)
    rents = combine([m.base(world, scenario.target) for m in scenario.measures if m.type == "discount"])
    return take_rents_in(world, rents)


def lifelines(question: Question, name: str, by_reading: dict[str, Game]) -> dict[str, Lines]:
    """Lifelines of one horizon in each reading, stakes not yet solved."""
    scenario = question.scenario
    mine = [c for c in question.claims if c.target == scenario.target]
    judged = Judged.load(scenario.target, scenario.as_of.isoformat(), mine)
    horizon = ranges(name, by_reading["central"].world.sectors)
    return {r: Lines(game, scenario, judged, horizon) for r, game in by_reading.items()}


def solve_part(
    question: Question, name: str, lines: dict[str, Lines], *, progress: Progress | None = None
) -> Part:
    """Solve one horizon at all nodes of its elasticity range; the exposure of small supporters at the medium one only."""
    centre = lines["central"]
    centre.solve(nodes=NODES, everyone=name == "medium", progress=progress)
    for r in READINGS:
        if lines[r] is not centre and lines[r].game is not centre.game:
            lines[r].borrow(centre)
        elif lines[r] is not centre:
            lines[r].stakes = centre.stakes
    curve = leverage(centre, Point(), centre.q_star(Point()), GRID, progress=progress)
    lifted = None
    if question.lifted:
        scenario = question.scenario
        lifted = realised_loss(
            centre.game.economy,
            load_world(2015),
            scenario.target,
            scenario.sender_codes,
            centre.horizon.central,
        )
    used = {id(x.game): x.game for x in lines.values()}.values()
    return Part(
        {r: x.stakes for r, x in lines.items()},
        curve,
        lifted,
        sum(g.solves for g in used),
        max(g.worst for g in used),
    )


def attribute(
    lines: Lines, groups: Sequence[Cut], pairs: int, seed: int, progress: Progress | None = None
) -> tuple[Array, Array]:
    """Shapley shares of groups of lifelines at the central elasticities, and their standard errors."""
    from tertius.leverage.attribution import shapley

    def loss(sets: Sequence[frozenset[int]]) -> Array:
        cuts = [Cut.of(pair for g in chosen for pair in groups[g].pairs) for chosen in sets]
        return lines.game.losses(cuts, lines.horizon.central, progress=progress)

    return shapley(loss, len(groups), pairs=pairs, rng=np.random.default_rng(seed))
