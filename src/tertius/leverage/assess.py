"""One question, one answer: `assess` runs the whole chain and returns an `Assessment`.

world as of the date -> scenario -> lifelines and stakes -> draws -> curve, attribution, costs, swing, checks
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tertius.errors import InputError
from tertius.leverage import compose
from tertius.leverage.brought import bring
from tertius.leverage.crew import apart, crew, share
from tertius.leverage.draws import Draws, draw, enough
from tertius.leverage.game import CHANNELS, Cut
from tertius.leverage.lines import Lines, Point
from tertius.leverage.parts import Part, Question, attribute, games, lifelines, solve_part
from tertius.leverage.surrogate import FEWEST
from tertius.scenario import Scenario
from tertius.scenario.wedge import combine

if TYPE_CHECKING:
    import datetime as dt

    from tertius.ledger import Claim
    from tertius.ledger.hearing import Read
    from tertius.leverage.assessment import Assessment
    from tertius.leverage.brought import Brought
    from tertius.leverage.judged import Judged
    from tertius.leverage.lifted import Lifted

Array = NDArray[np.float64]
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is solved.

    Attributes
    ----------
    draws : for the bands of each horizon, a power of two.
    exact : of these, how many are solved exactly, a power of two; the others are interpolated.
    pairs : antithetic pairs of permutations for the attribution.
    processes : that share the work.

    Raises
    ------
    InputError
        Not powers of two, fewer exact draws than anything can be interpolated from, fewer than two pairs.
    """

    draws: int = 2048
    exact: int = 32
    pairs: int = 8
    processes: int = 2

    def __post_init__(self) -> None:
        wrong = [
            f"{name} {value}: must be a power of two, at least 4 (4, 8, 16, 32, 64, 128 ...)"
            for name, value in (("draws", self.draws), ("exact draws", self.exact))
            if value < 4 or value & (value - 1)
        ]
        if not enough(self.draws, self.exact):
            wrong.append(
                f"exact draws {self.exact}: too few to interpolate {self.draws} draws from; give at least "
                f"{FEWEST}, or no more draws than exact ones"
            )
        if self.pairs < 2:
            wrong.append(f"{self.pairs} pair of permutations gives no standard error; give at least 2")
        if wrong:
            raise InputError(wrong)


@dataclass(eq=False)
class Run:
    """Everything one assessment computed, before it is put into words."""

    scenario: Scenario
    claims: list[Claim]
    judged: Judged
    lines: dict[str, dict[str, Lines]]  # horizon -> reading -> lifelines
    parts: dict[str, Part]
    draws_by: dict[str, Draws]  # horizon -> draws
    players: list[Player]
    shapley: tuple[Array, Array]
    alone: dict[tuple[int, int], float]
    enforced: dict[str, Any] | None
    seed: int
    effort: Effort
    solved_away: int  # exact equilibria solved in other processes
    brought: Brought | None = None  # what a user's ledger adds; None without one
    recorded: bool = False
    started: float = 0.0

    @property
    def curves(self) -> dict[str, tuple[Array, float, float]]:
        """Horizon -> L on GRID, Loss(all), Loss(none), in the order of the horizons."""
        return {h: self.parts[h].curve for h in HORIZONS}

    @property
    def draws(self) -> Draws:
        """Draws of the headline's horizon."""
        return self.draws_by["medium"]

    @property
    def lifted(self) -> dict[str, Lifted | None]:
        """Horizon -> realised loss against the lifted reference."""
        return {h: part.lifted for h, part in self.parts.items()}

    @property
    def seconds(self) -> float:
        """Wall time since the run began."""
        return time.perf_counter() - self.started

    @property
    def centre(self) -> Lines:
        """Lifelines of the headline: medium horizon, central reading."""
        return self.lines["medium"]["central"]

    @property
    def solves(self) -> int:
        """Exact equilibria solved, in this process and in others."""
        here = {id(x.game): x.game.solves for h in self.lines.values() for x in h.values()}
        return sum(here.values()) + self.solved_away

    @property
    def worst(self) -> tuple[float, str]:
        """Worst residual of all equilibria, and where."""
        here = [x.game.worst for h in self.lines.values() for x in h.values()]
        return max([*here, *(part.worst for part in self.parts.values())])


HORIZONS = ("year", "medium", "long")
#: Label and lifelines (k, c) of one player of the attribution.
Player = tuple[str, list[tuple[int, int]]]


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
    claims: Sequence[Claim] | Read | None = None,
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
    claims : read claims beside the embedded ones, a list or a `Read` with their standing in a ledger file;
        `Assessment.moved` says what they change. Embedded claims among them count once.
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
    claims: Sequence[Claim] | Read | None = None,
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
    claims: Sequence[Claim] | Read | None,
    progress: Progress | None,
) -> Run:
    """Solve everything an assessment needs."""
    started = time.perf_counter()
    say = _Stages(progress)
    brought = bring(claims, scenario, recorded=recorded)
    known = list(brought.claims)
    worlds = brought.worlds(brought.entries)
    question = Question(scenario, brought.claims, recorded, reference == "lifted", worlds)
    say.stage("world")
    by_reading = games(question)
    lines = {h: lifelines(question, h, by_reading) for h in HORIZONS}
    centre = lines["medium"]["central"]
    parts: dict[str, Part] = {}
    draws: dict[str, Draws] = {}
    with crew(question, effort.processes) as executor:
        others = executor.submit(apart, question, ("year", "long")) if executor else None
        say.stage("stakes and curve")
        parts["medium"] = solve_part(question, "medium", lines["medium"], progress=say.detail)
        if executor:
            share(executor, by_reading)
        players = _players(centre)
        alone = centre.game.losses([centre.pairs([kc]) for kc in centre.listed], centre.horizon.central)
        alone = alone - parts["medium"].curve[2]  # what the cut adds to the primary part
        say.stage("draws")
        draws["medium"] = draw(lines["medium"], effort.draws, seed, exact=effort.exact, progress=say.detail)
        say.stage("attribution")
        groups = [centre.pairs(pairs) for _, pairs in players]
        value, error = attribute(centre, groups, effort.pairs, seed, say.detail)
        say.stage("other horizons")
        away = 0
        for h in ("year", "long"):
            if others:
                parts[h] = others.result()[h]
                away += parts[h].solves
                for r, stakes in parts[h].stakes.items():
                    lines[h][r].stakes = stakes
            else:
                parts[h] = solve_part(question, h, lines[h], progress=say.detail)
            draws[h] = draw(lines[h], effort.draws, seed, exact=effort.exact, progress=say.detail)
        for game in by_reading.values():
            game.solved_elsewhere = None
    say.stage("costs and swing")
    result = Run(
        scenario, known, centre.judged, lines, parts, draws, players, (value, error),
        dict(zip(centre.listed, alone.tolist(), strict=True)),
        _enforced(centre, scenario) if enforced and scenario.threats else None, seed, effort, solved_away=away,
        brought=None if claims is None else brought, recorded=recorded,
    )  # fmt: skip
    result.started = started
    return result


class _Stages:
    """Turn the engine's progress into one line of stages."""

    NAMES = ("world", "stakes and curve", "draws", "attribution", "other horizons", "costs and swing")

    def __init__(self, progress: Progress | None) -> None:
        self.progress, self.at, self.name = progress, 0, ""

    def stage(self, name: str) -> None:
        self.at, self.name = self.NAMES.index(name), name
        self.detail(0, 1, "")

    def detail(self, done: int, total: int, note: str) -> None:
        if self.progress is not None:
            part = done / max(total, 1)
            self.progress(round(100 * (self.at + part)), 100 * len(self.NAMES), f"{self.name} {note}".strip())


def _players(lines: Lines) -> list[Player]:
    """Listed lifelines one by one, and one pool per class for the rest."""
    listed = lines.listed
    players = [(f"{lines.code(k)} {CHANNELS[c]}", [(k, c)]) for k, c in listed]
    q = lines.q_star(Point())
    rest = [(int(k), int(c)) for k, c in np.argwhere(lines.value > 0) if (int(k), int(c)) not in set(listed)]
    for name, out in (("pool: deterred", False), ("pool: not exposed", True)):
        pool = [kc for kc in rest if bool(np.isnan(q[kc])) is out]
        if pool:
            players.append((name, pool))
    return players


def _enforced(lines: Lines, scenario: Scenario) -> dict[str, Any]:
    """The world in which the sender carries the threat out against everyone still in, at a few credibilities."""
    from tertius.engine.shock import Shock

    game, q_star = lines.game, lines.q_star(Point())
    hit = {k: game.exposure(scenario, k) for k in range(len(game.supporters))}
    shocks, qs = [], (0.0, 0.05, 0.2, 1.0)
    for q in qs:
        out: Cut = lines.broken(q_star, q)
        left = [
            w
            for k, w in hit.items()
            if not all(
                (game.supporters[k], c) in out.pairs
                for c in range(len(CHANNELS))
                if game.trade[game.supporters[k], c] > 0
            )
        ]
        cut = game.shock(out)
        shocks.append(
            Shock(combine([cut.wedges, *left]), transfer=cut.transfer, label=f"enforced at q = {q:g}")
        )
    from tertius.leverage.amounts import PERCENT, interval

    year, rows = game.world.year, []
    solved = [list(game.results(shocks, e)) for e in lines.horizon.draw(np.array([[0.5], [0.0], [1.0]]))]

    def across(at: int, country: int, unit: str) -> Any:
        central, *ends = (100.0 * float(results[at].loss[country]) for results in solved)
        return interval(
            min(ends), central, max(ends), unit, year, ("engine:medium",), "band from the elasticities alone"
        )

    for at, q in enumerate(qs):
        senders = {c: across(at, game.world.country(c), "per cent of own real income") for c in game.senders}
        rows.append({"q": q, "target_loss": across(at, game.t, PERCENT), "sender_loss": senders})
    return {
        "what": "the threat is carried out against every supporter still in at q",
        "horizon": "medium",
        "rows": rows,
    }
