"""From a grid to chunks: runs of scenarios that share one base economy, named by their content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import tertius
from tertius.engine.horizons import ranges
from tertius.leverage.sweep.checks import member_codes, pairs, targets
from tertius.scenario.measures import Measure, expand
from tertius.world import SECTORS, load_world
from tertius.world.asof import as_of_world

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from tertius.engine import Elasticities
    from tertius.leverage.sweep.document import Coalition, Draws, Grid
    from tertius.world import World

#: Scenarios of one chunk: what a kill can cost, and what a result file holds.
CHUNK = 128

Array = NDArray[np.float64]
Package = tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Base:
    """What a chunk builds once: the as-of world with its discounts, and the economy of one target in it.

    `content` is the hash of the as-of world and the package version, so that results of another world or
    version are never taken for finished.
    """

    year: int
    shadow: str
    as_of: dt.date
    target: str
    rents: Package
    content: str


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One scenario as it travels to a worker."""

    scenario: str
    senders: tuple[str, ...]
    package: Package
    coalition: Coalition
    horizon: str
    draw: int
    elasticities: Elasticities


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """One chunk as it travels to a worker."""

    base: Base
    items: tuple[Item, ...]


@dataclass(frozen=True, eq=False)
class Group:
    """All scenarios of one base: every combination of the axes, outermost first; draw 0 is central."""

    base: Base
    horizons: tuple[str, ...]
    senders: tuple[tuple[str, ...], ...]
    packages: tuple[Package, ...]
    coalitions: tuple[Coalition, ...]
    sets: Mapping[str, Sequence[Elasticities]]  # horizon -> one set per draw

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Lengths of the axes."""
        axes = (self.horizons, self.senders, self.packages, self.coalitions)
        return (*(len(x) for x in axes), len(self.sets[self.horizons[0]]))

    def __len__(self) -> int:
        return prod(self.shape)

    def item(self, k: int) -> Item:
        """Scenario k."""
        h, s, p, c, d = (int(x) for x in np.unravel_index(k, self.shape))
        horizon = self.horizons[h]
        return Item(
            self.scenario(h, s, p, c, d),
            self.senders[s],
            self.packages[p],
            self.coalitions[c],
            horizon,
            d,
            self.sets[horizon][d],
        )

    def scenario(self, h: int, s: int, p: int, c: int, d: int) -> str:
        """Content hash of one scenario: sixteen hexadecimal digits."""
        root, senders, packages, coalitions, sets = self._digests
        text = f"{root}{senders[s]}{packages[p]}{coalitions[c]}{sets[h][d]}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @cached_property
    def _digests(self) -> tuple[str, list[str], list[str], list[str], list[list[str]]]:
        base = self.base
        return (
            _digest(base.content, base.as_of.isoformat(), base.shadow, base.target),
            [_digest(*sorted(expand(who, base.as_of))) for who in self.senders],
            [_digest(*(measure_text(m) for m in package)) for package in self.packages],
            [_digest(*coalition_text(c, base.as_of)) for c in self.coalitions],
            [[_digest(repr(e.form), e.trade.tobytes().hex()) for e in self.sets[h]] for h in self.horizons],
        )

    def chunks(self, size: int) -> Iterator[Chunk]:
        """Cut into runs of at most `size` scenarios, each within one horizon."""
        names = [self.scenario(*at) for at in np.ndindex(*self.shape)]
        block = len(self) // len(self.horizons)
        for first in range(0, len(self), block):
            for start in range(first, first + block, size):
                stop = min(start + size, first + block)
                yield Chunk(_digest(*names[start:stop])[:24], self, start, stop)


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Scenarios `start` to `stop` of a group; one job."""

    name: str
    group: Group
    start: int
    stop: int

    @property
    def size(self) -> int:
        """Number of scenarios."""
        return self.stop - self.start

    @property
    def horizon(self) -> str:
        """The horizon of all its scenarios."""
        return self.group.horizons[self.start * len(self.group.horizons) // len(self.group)]

    def payload(self) -> Work:
        """Return what a worker needs."""
        return Work(self.group.base, tuple(self.group.item(k) for k in range(self.start, self.stop)))


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a grid asks for.

    Attributes
    ----------
    chunks : in the order of the result.
    left_out : (target, sender) pairs without scenarios because the sender is the target.
    """

    grid: Grid
    chunks: tuple[Chunk, ...]
    left_out: int

    @property
    def scenarios(self) -> int:
        """Scenarios in all."""
        return sum(chunk.size for chunk in self.chunks)

    @property
    def bases(self) -> int:
        """Base economies in all."""
        return len({id(chunk.group) for chunk in self.chunks})


def make_plan(grid: Grid, *, chunk: int = CHUNK) -> Plan:
    """Write a grid out as chunks of at most `chunk` scenarios."""
    chunks = tuple(one for group in groups(grid) for one in group.chunks(chunk))
    wanted = len(targets(grid)) * len(dict.fromkeys(grid.senders))
    return Plan(grid, chunks, wanted - sum(1 for _ in pairs(grid)))


def groups(grid: Grid) -> Iterator[Group]:
    """Bases and what varies on them; packages with other discounts have another base year."""
    packages: dict[Package, list[Package]] = {}
    for package in dict.fromkeys(grid.measures):
        packages.setdefault(tuple(m for m in package if m.type == "discount"), []).append(package)
    senders: dict[str, list[tuple[str, ...]]] = {}
    for target, who in pairs(grid):
        senders.setdefault(target, []).append(who)
    horizons = tuple(dict.fromkeys(grid.horizons))
    cube = sobol(grid.draws)
    for reading in dict.fromkeys(grid.shadow):
        world = as_of(grid.year, reading, grid.as_of)
        content = world_content(world)
        sets: dict[str, list[Elasticities]] = {h: elasticities(h, cube, world.sectors) for h in horizons}
        for target, mine in senders.items():
            for rents, some in packages.items():
                base = Base(grid.year, reading, grid.as_of, target, rents, content)
                yield Group(base, horizons, tuple(mine), tuple(some), grid.coalition_list, sets)


# -- what a scenario is made of -----------------------------------------------------------------------------


@lru_cache(maxsize=2)
def as_of(year: int, reading: str, on: dt.date) -> World:
    """Load the as-of world; the last two stay in memory."""
    return as_of_world(load_world(year, shadow=reading), on)


def world_content(world: World) -> str:
    """Hash of everything in a world that a result rests on, and of the package version."""
    found = hashlib.sha256(f"{tertius.__version__} {world.year} {world.countries} {world.sectors}".encode())
    for array in (world.sales, world.shadow, world.tariff, world.inputs, world.medicine):
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()[:24]


def sobol(draws: Draws) -> Array:
    """(draw, 1) or (draw, sector), Sobol points of the unit cube; more draws keep the first ones."""
    wide = len(SECTORS) if draws.each == "sector" else 1
    if not draws.count:
        return np.zeros((0, wide))
    from scipy.stats import qmc

    cube = qmc.Sobol(wide, seed=draws.seed).random_base2(max(draws.count - 1, 1).bit_length())
    return np.asarray(cube[: draws.count])


def elasticities(horizon: str, cube: Array, sectors: Sequence[str]) -> list[Elasticities]:
    """Return the central set, then one set per point of the unit cube in the horizon's range."""
    found = ranges(horizon, sectors)
    return [found.central, *found.draw(cube)] if len(cube) else [found.central]


def measure_text(measure: Measure) -> str:
    """Everything of a measure that can change a result; citations and notes are words about it."""
    data: dict[str, Any] = measure.model_dump(mode="json", exclude={"citation", "note"})
    data["states"] = [{k: v for k, v in state.items() if k != "citation"} for state in data["states"]]
    return json.dumps(data, sort_keys=True, separators=(",", ":"))


def coalition_text(coalition: Coalition, on: dt.date) -> list[str]:
    """Members as codes with their channels, sorted."""
    if coalition == ("all",):
        return ["all"]
    found = (member_codes(member, on) for member in coalition)
    return sorted({f"{code}:{channel}" for codes, channel in found for code in codes})


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
