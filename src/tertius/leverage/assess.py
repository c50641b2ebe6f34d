"""One question, one answer: `assess` runs the whole chain and returns an `Assessment`.

world as of the date -> scenario -> lifelines and stakes -> draws -> curve, attribution, costs, swing, checks
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tertius.engine.horizons import HORIZONS, ranges
from tertius.errors import InputError
from tertius.ledger import Claim, load_curated
from tertius.ledger.select import select
from tertius.leverage import compose
from tertius.leverage.assessment import Assessment
from tertius.leverage.attribution import shapley
from tertius.leverage.curve import GRID, Draws, draw, leverage
from tertius.leverage.game import CHANNELS, Cut, Game
from tertius.leverage.judged import Judged
from tertius.leverage.lifted import Lifted, realised_loss
from tertius.leverage.lines import Lines, Point
from tertius.scenario import Scenario
from tertius.scenario.base_year import rebase as take_rents_in
from tertius.scenario.wedge import Wedges, combine
from tertius.world import World, load_world

Array = NDArray[np.float64]
Progress = Callable[[int, int, str], None]

READINGS = ("low", "central", "high")


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is solved: draws (a power of two) and antithetic pairs of permutations."""

    draws: int = 64
    pairs: int = 12


@dataclass(eq=False)
class Run:
    """Everything one assessment computed, before it is put into words."""

    scenario: Scenario
    claims: list[Claim]
    judged: Judged
    lines: dict[str, dict[str, Lines]]  # horizon -> reading -> lifelines
    draws: Draws
    curves: dict[str, tuple[Array, float, float]]  # horizon -> L on GRID, Loss(all), Loss(none)
    bands: dict[str, tuple[float, float]]  # horizon -> ends of Loss(all)
    players: list[tuple[str, list[tuple[int, int]]]]  # label, lifelines (k, c)
    shapley: tuple[Array, Array]
    alone: dict[tuple[int, int], float]
    lifted: dict[str, Lifted] | None
    enforced: dict[str, Any] | None
    seed: int
    effort: Effort
    seconds: float = 0.0

    @property
    def centre(self) -> Lines:
        """Lifelines of the headline: medium horizon, central reading."""
        return self.lines["medium"]["central"]

    @property
    def solves(self) -> int:
        """Exact equilibria solved."""
        return sum({id(x.game): x.game.solves for h in self.lines.values() for x in h.values()}.values())


def assess(
    target: str,
    *,
    sender: str | Sequence[str] = "USA",
    measure: str | Sequence[str],
    as_of: str | dt.date,
    reference: str | None = "lifted",
    enforced: bool = True,
    recorded: bool = False,
    seed: int = 20260113,
    effort: Effort | None = None,
    claims: Sequence[Claim] | None = None,
    progress: Progress | None = None,
) -> Assessment:
    """Assess how much leverage measures keep once third parties respond.

    Parameters
    ----------
    target, sender : names or ISO3; senders may be groups ("G7").
    measure : one or more lines of the grammar, for example "secondary_tariff 25% on partners of IRN".
    as_of : nothing said or in force later is used.
    reference : "lifted" adds the realised loss against restored trade with the senders; None leaves it out.
    enforced : add the world in which the threat is carried out against everyone still in.
    recorded : use customs data alone, without the shadow overlay.
    seed : of every random draw.
    claims : the ledger; the embedded claims by default.
    progress : called with (done, total, note).

    Raises
    ------
    InputError
        Unknown names, contradictory measures, a date that is none: all at once.
    SolveError
        An equilibrium does not exist; the message names country and sector.
    """
    scenario = Scenario.of(target, senders=sender, measures=measure, as_of=as_of)
    return assess_scenario(
        scenario, reference=reference, enforced=enforced, recorded=recorded, seed=seed, effort=effort,
        claims=claims, progress=progress,
    )  # fmt: skip


def assess_scenario(
    scenario: Scenario,
    *,
    reference: str | None = "lifted",
    enforced: bool = True,
    recorded: bool = False,
    seed: int = 20260113,
    effort: Effort | None = None,
    claims: Sequence[Claim] | None = None,
    progress: Progress | None = None,
) -> Assessment:
    """`assess` for a scenario document."""
    if reference not in (None, "lifted"):
        raise InputError(f'unknown reference "{reference}". Possible: lifted.')
    return compose.assessment(
        run(scenario, reference=reference, enforced=enforced, recorded=recorded, seed=seed,
            effort=effort or Effort(), claims=claims, progress=progress)
    )  # fmt: skip


def run(
    scenario: Scenario,
    *,
    reference: str | None,
    enforced: bool,
    recorded: bool,
    seed: int,
    effort: Effort,
    claims: Sequence[Claim] | None,
    progress: Progress | None,
) -> Run:
    """Solve everything an assessment needs."""
    started = time.perf_counter()
    say = _Stages(progress)
    date = scenario.as_of.isoformat()
    known = select(load_curated() if claims is None else claims, as_of=date)
    judged = Judged.load(scenario.target, date, [c for c in known if c.target == scenario.target])
    say.stage("world")
    games = _games(scenario, judged, recorded=recorded)
    lines = {h: {r: Lines(game, scenario, judged, ranges(h, game.world.sectors)) for r, game in games.items()} for h in HORIZONS}
    for h in HORIZONS:
        say.stage(f"stakes, {h}")
        centre = lines[h]["central"]
        centre.solve(nodes=(0.5, 0.0, 1.0) if h == "medium" else (0.5,), progress=say.detail)
        for r in READINGS:
            if lines[h][r] is not centre:
                lines[h][r].borrow(centre)
    say.stage("curves")
    curves, bands = {}, {}
    for h in HORIZONS:
        curves[h] = leverage(lines[h]["central"], Point(), lines[h]["central"].q_star(Point()), GRID, progress=say.detail)
        bands[h] = _loss_band(lines[h])
    say.stage("draws")
    draws = draw(lines["medium"], effort.draws, seed, progress=say.detail)
    say.stage("attribution")
    centre = lines["medium"]["central"]
    players = _players(centre)
    one = centre.horizon.central
    value = shapley(
        lambda sets: centre.game.losses([centre.pairs([kc for p in s for kc in players[p][1]]) for s in sets], one, progress=say.detail),
        len(players), pairs=effort.pairs, rng=np.random.default_rng(seed),
    )  # fmt: skip
    listed = centre.listed
    alone = dict(zip(listed, centre.game.losses([centre.pairs([kc]) for kc in listed], one).tolist(), strict=True))
    say.stage("reference")
    lifted = None
    if reference == "lifted":
        before = load_world(2015)
        lifted = {
            h: realised_loss(centre.game.economy, before, scenario.target, scenario.sender_codes, lines[h]["central"].horizon.central)
            for h in HORIZONS
        }
    result = Run(
        scenario, known, judged, lines, draws, curves, bands, players, value, alone, lifted,
        _enforced(centre, scenario) if enforced and scenario.threats else None, seed, effort,
    )  # fmt: skip
    say.stage("costs and swing")
    result.seconds = time.perf_counter() - started
    return result


class _Stages:
    """Turn the engine's progress into one line of stages."""

    NAMES = ("world", "stakes, year", "stakes, medium", "stakes, long", "curves", "draws", "attribution", "reference", "costs and swing")

    def __init__(self, progress: Progress | None) -> None:
        self.progress, self.at, self.name = progress, 0, ""

    def stage(self, name: str) -> None:
        self.at, self.name = self.NAMES.index(name), name
        self.detail(0, 1, "")

    def detail(self, done: int, total: int, note: str) -> None:
        if self.progress is not None:
            part = done / max(total, 1)
            self.progress(round(100 * (self.at + part)), 100 * len(self.NAMES), f"{self.name} {note}".strip())


def as_of_worlds(scenario: Scenario, *, recorded: bool) -> dict[str, World]:
    """The as-of world in each reading of the shadow trade, base-year discounts taken in."""
    from tertius.world.asof import as_of_world

    choice = scenario.world
    fixed = "recorded" if recorded else (None if choice.shadow == "central" else choice.shadow)
    worlds: dict[str, World] = {}
    for reading in READINGS:
        name = fixed or reading
        if fixed and worlds:
            worlds[reading] = next(iter(worlds.values()))
            continue
        world = as_of_world(load_world(choice.year, shadow=name), scenario.as_of)
        rents = combine([m.base(world, scenario.target) for m in scenario.measures if m.type == "discount"])
        worlds[reading] = take_rents_in(world, rents)
    return worlds


def _games(scenario: Scenario, judged: Judged, *, recorded: bool) -> dict[str, Game]:
    worlds = as_of_worlds(scenario, recorded=recorded)
    missing = [c for c in (scenario.target, *scenario.sender_codes) if c not in worlds["central"].countries]
    if missing:
        raise InputError(f"{', '.join(missing)}: not an economy of the {scenario.world.year} world (tertius world countries lists all)")
    scopes = tuple(m.scope for m in (*scenario.primary, *scenario.threats) if m.scope is not None)
    aid = {m.supporter: m.value(scenario.world.year) for m in scenario.measures if m.type == "aid"}
    made: dict[int, Game] = {}
    games = {}
    for reading, world in worlds.items():
        if id(world) not in made:
            made[id(world)] = Game(
                world, scenario.target, scenario.sender_codes, scopes, _primary(scenario, world), aid
            )
        games[reading] = made[id(world)]
    return games


def _primary(scenario: Scenario, world: World) -> Wedges:
    return scenario.wedges(world)


def _loss_band(by_reading: dict[str, Lines]) -> tuple[float, float]:
    """Ends of Loss(all) over the horizon's elasticities and the readings of the shadow trade."""
    ends = []
    for reading in READINGS:
        lines = by_reading[reading]
        for node in (0.0, 1.0):
            one = lines.horizon.draw(np.array([[node]]))[0]
            ends.append(float(lines.game.losses([lines.everything], one)[0]))
    return min(ends), max(ends)


def _players(lines: Lines) -> list[tuple[str, list[tuple[int, int]]]]:
    """Listed lifelines one by one, and one pool per class for the rest."""
    listed = lines.listed
    players = [(f"{lines.code(k)} {CHANNELS[c]}", [(k, c)]) for k, c in listed]
    q = lines.q_star(Point())
    rest = [(int(k), int(c)) for k, c in np.argwhere(lines.value > 0) if (int(k), int(c)) not in set(listed)]
    for name, member in (("pool: deterred", lambda kc: np.isfinite(q[kc])), ("pool: not exposed", lambda kc: np.isnan(q[kc]))):
        pool = [kc for kc in rest if member(kc)]
        if pool:
            players.append((name, pool))
    return players


def _enforced(lines: Lines, scenario: Scenario) -> dict[str, Any]:
    """The world in which the sender carries the threat out against everyone still in, at a few credibilities."""
    from tertius.engine.shock import Shock

    game, q_star, one = lines.game, lines.q_star(Point()), lines.horizon.central
    hit = {k: game.exposure(scenario, k) for k in range(len(game.supporters))}
    shocks, qs = [], (0.0, 0.05, 0.2, 1.0)
    for q in qs:
        out: Cut = lines.broken(q_star, q)
        left = [w for k, w in hit.items() if not all((game.supporters[k], c) in out.pairs for c in range(len(CHANNELS)) if game.trade[game.supporters[k], c] > 0)]
        cut = game.shock(out)
        shocks.append(Shock(combine([cut.wedges, *left]), transfer=cut.transfer, label=f"enforced at q = {q:g}"))
    rows = []
    for q, result in zip(qs, game.results(shocks, one), strict=True):
        rows.append({
            "q": q,
            "target_loss_pct": 100.0 * float(result.loss[game.t]),
            "sender_loss_pct": {c: 100.0 * result.of(c) for c in game.senders},
        })  # fmt: skip
    return {"what": "threat carried out against every supporter still in at q", "horizon": "medium", "rows": rows}
