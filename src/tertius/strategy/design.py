"""Which measures: what the target loses against what the senders pay, with matched retaliation.

`design` answers two questions about one coalition and one target. Which sector goes first, per dollar of own
cost: from the gradients at no measure at all. And which packages are worth their price: the frontier, each
point solved exactly, with what it does to third parties and to civilians in the target, and at the other
horizons.

Money is bn USD a year of the world's price year; losses are falls of real income.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tertius.engine.horizons import HORIZONS, horizon
from tertius.errors import InputError, SolveError, unknown
from tertius.strategy.design_frontier import Search, frontier
from tertius.strategy.design_problem import KINDS, Answer, Limits, Problem
from tertius.strategy.design_result import Compared, Design, Point, Rank
from tertius.world import World, load_world
from tertius.world.asof import as_of_world

if TYPE_CHECKING:
    import datetime as dt

    from tertius.engine import Result

Array = NDArray[np.float64]
Progress = Callable[[int, int, str], None]

#: Base years, and the rule: the last one that was over on the as-of date.
BASE_YEARS = (2015, 2023)
MOST_POINTS = 60
_HIT, _TAKERS = 3, 5
_SMALL = 1.0  # bn USD of income below which a third party is not named

#: De Souza and co-authors on optimal sanctions against Russia: willingness to pay -> what they find best.
PUBLISHED = (
    (0.0, "a tariff of about 20 % on everything (de Souza et al., at a low willingness to pay)"),
    (0.7, "an embargo on energy (de Souza et al., from a willingness to pay of 0.7)"),
)


def design(
    target: str,
    *,
    sender: str | Sequence[str],
    as_of: str | dt.date,
    horizon: str = "medium",
    points: int = 12,
    limits: Limits | None = None,
    exempt: bool = True,
    comply: Sequence[str] = (),
    base_year: int | None = None,
    progress: Progress | None = None,
) -> Design:
    """Find the packages of measures that are worth their price.

    Parameters
    ----------
    target, sender : names or ISO3; senders may be groups ("EU27").
    as_of : groups, tariffs in force and the base year are those of this day.
    horizon : "year", "medium" or "long": the one the packages are designed for; the others give the bands.
    points : of the frontier, at most.
    limits : highest tariff, and caps on the loss of third parties and on the fall of civilian consumption.
    exempt : food and medicine stay out of it, on both sides.
    comply : third parties that stop trading with the target too.
    base_year : of the world; by default the last one that was over on the as-of date.
    progress : called with (done, total, note).

    Raises
    ------
    InputError
        Unknown names, a date that is none, impossible limits: all at once.
    """
    began = time.perf_counter()
    asked = _read(target, sender, as_of, horizon, points, limits or Limits(), comply, base_year)
    world, search = asked.world, Search(asked.problem(horizon, exempt=exempt), asked.limits)
    others = {h: asked.problem(h, exempt=exempt) for h in HORIZONS if h != horizon}
    ranking = _ranking({horizon: search.problem} | others, horizon)
    found = frontier(search, points, progress=progress)
    made = []
    for k, answer in enumerate(found):
        if progress is not None:
            progress(k, len(found), "other horizons")
        made.append(_point(answer, found[k - 1] if k else None, search.problem, others))
    return Design(
        target=asked.target,
        senders=asked.senders,
        as_of=asked.as_of.isoformat(),
        base_year=world.year,
        horizon=horizon,
        exempt=exempt,
        comply=asked.comply,
        limits=asked.limits,
        ranking=ranking,
        points=tuple(made),
        compared=_compare(found, search.problem),
        solves=search.solves + len(found) * len(others) + len(HORIZONS),
        gradients=search.gradients + len(HORIZONS),
        seconds=time.perf_counter() - began,
        notes=_notes(world, asked, len(found), points, exempt=exempt),
    )


# -- the question ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Asked:
    """A checked question."""

    world: World
    target: str
    senders: tuple[str, ...]
    as_of: dt.date
    limits: Limits
    comply: tuple[str, ...]

    def problem(self, name: str, *, exempt: bool) -> Problem:
        elasticities = horizon(name, self.world.sectors)
        return Problem(self.world, self.target, self.senders, elasticities, exempt=exempt, comply=self.comply)


def _read(
    target: str,
    sender: str | Sequence[str],
    as_of: str | dt.date,
    name: str,
    points: int,
    limits: Limits,
    comply: Sequence[str],
    base_year: int | None,
) -> _Asked:
    """Check everything and report every mistake at once."""
    from tertius.scenario.fields import as_actors, as_countries, as_country
    from tertius.scenario.legal import as_date

    wrong: list[str] = []

    def read(what: str, reader: Callable[[Any], Any], value: Any) -> Any:
        try:
            return reader(value)
        except ValueError as error:
            wrong.extend(f"{what}: {line}" for line in str(error).splitlines())
            return None

    code = read("target", as_country, target)
    actors = read("sender", as_actors, [sender] if isinstance(sender, str) else list(sender))
    on = read("as-of", as_date, as_of)
    followers = read("comply", as_countries, list(comply)) if comply else ()
    if name not in HORIZONS:
        wrong.append(unknown("horizon", name, HORIZONS))
    if not 2 <= points <= MOST_POINTS:
        wrong.append(f"points: {points} is not between 2 and {MOST_POINTS}")
    if base_year not in (None, *BASE_YEARS):
        wrong.append(f"base year: {base_year} is none of {', '.join(map(str, BASE_YEARS))}")
    wrong += _wrong_limits(limits)
    if wrong:
        raise InputError(wrong)
    return _placed(code, actors, on, followers, limits, base_year)


def _placed(
    target: str,
    actors: tuple[str, ...],
    on: dt.date,
    comply: tuple[str, ...],
    limits: Limits,
    year: int | None,
) -> _Asked:
    """Put names into the world of the day."""
    from tertius.scenario.measures.base import expand

    chosen = year or max((y for y in BASE_YEARS if y < on.year), default=BASE_YEARS[0])
    world = as_of_world(load_world(chosen), on)
    senders = expand(actors, on)
    wrong = [
        f"{c}: not an economy of the {chosen} world (tertius world countries lists all)"
        for c in dict.fromkeys((target, *senders, *comply))
        if c not in world.countries
    ]
    if target in senders:
        wrong.append(f"{target}: sender and target at once")
    wrong += [
        f"{c}: complies, but is the target or a sender already" for c in comply if c in (target, *senders)
    ]
    if wrong:
        raise InputError(wrong)
    return _Asked(world, target, senders, on, limits, comply)


def _wrong_limits(limits: Limits) -> list[str]:
    wrong = []
    if not 0 < limits.tariff <= 10:
        wrong.append(f"highest tariff: {limits.tariff:.0%} is not between 0 and 1000%")
    for name, cap in (("third parties", limits.third_parties), ("civilian", limits.civilian)):
        if cap is not None and not 0 <= cap <= 1:
            wrong.append(f"cap on {name}: {cap:.0%} is not between 0 and 100%")
    return wrong


# -- which goes first ------------------------------------------------------------------------------------


def _ranking(problems: dict[str, Problem], headline: str) -> tuple[Rank, ...]:
    """Order by the headline horizon: free ones first, then by the target's loss per own dollar."""
    slopes = {}
    for name, problem in problems.items():
        start = problem.answer(np.zeros((len(KINDS), len(problem.world.sectors))))
        found = problem.slopes(start, third=False, civilian=False)
        slopes[name] = (found.target, found.sender)
    orders = {name: _order(*found) for name, found in slopes.items()}
    problem, (target, sender) = problems[headline], slopes[headline]
    rows = []
    for a, s in np.argwhere(problem.open):
        lost, paid = float(target[a, s]), float(sender[a, s])
        rows.append(
            Rank(
                KINDS[a],
                problem.world.sectors[s],
                float(problem.trade[a, s]),
                10.0 * lost,  # bn per unit of the rate -> mn per percentage point
                10.0 * paid,
                lost / paid if lost > 0 and paid > 0 else None,
                {name: order.get((int(a), int(s))) for name, order in orders.items()},
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.order[headline] is None, row.order[headline] or 0)))


def _order(target: Array, sender: Array) -> dict[tuple[int, int], int]:
    """Return (kind, sector) -> place; what does not hurt the target has none."""
    hurts = [(int(a), int(s)) for a, s in np.argwhere(target > 0)]

    def key(at: tuple[int, int]) -> tuple[int, float]:
        free = sender[at] <= 0
        return (0, -target[at]) if free else (1, -target[at] / sender[at])

    return {at: place for place, at in enumerate(sorted(hurts, key=key), start=1)}


# -- points ----------------------------------------------------------------------------------------------


def _point(answer: Answer, before: Answer | None, problem: Problem, others: dict[str, Problem]) -> Point:
    e, loss = problem.economy, answer.result.loss
    t = e.country(problem.target)
    income = sum(float(e.income[e.country(c)]) for c in problem.senders) / 1e3
    worst = max(problem.senders, key=lambda c: loss[e.country(c)])
    named = [c for c in problem.third_parties if e.income[e.country(c)] > 1e3 * _SMALL]
    hit = sorted(named, key=lambda c: -loss[e.country(c)])[:_HIT]
    price = None
    if before is not None:
        price = (answer.sender - before.sender) / (answer.target - before.target)
    return Point(
        tariff=_positive(answer.package[0], e.sectors),
        embargo=_positive(answer.package[1], e.sectors),
        target_pct=100.0 * float(loss[t]),
        target_bn=answer.target,
        sender_pct=100.0 * answer.sender / income,
        sender_bn=answer.sender,
        worst_member=(worst, 100.0 * float(loss[e.country(worst)])),
        price=price,
        third_bn=answer.third,
        hit={c: 100.0 * float(loss[e.country(c)]) for c in hit},
        takers=_takers(answer.result, problem),
        civilian_pct={s: 100.0 * fall for s, fall in answer.falls.items()},
        bands={name: _elsewhere(other, answer.package) for name, other in others.items()},
    )


def _positive(values: Array, sectors: tuple[str, ...]) -> dict[str, float]:
    return {s: round(float(x), 4) for s, x in zip(sectors, values, strict=True) if x > 0}


def _elsewhere(problem: Problem, package: Array) -> tuple[float, float] | None:
    """Loss in per cent and own cost in bn of a package at another horizon."""
    try:
        answer = problem.answer(package)
    except SolveError:
        return None
    return 100.0 * answer.result.of(problem.target), answer.sender


def _takers(result: Result, problem: Problem) -> dict[str, float]:
    """Third parties whose trade with the target grows most, bn USD a year at border prices."""
    e = result.economy
    t = e.country(problem.target)
    grown = _trade_with(t, result.trade_share, result.tariff, result.spending)
    grown -= _trade_with(t, e.trade_share, e.tariff, e.spending)
    found = sorted(problem.third_parties, key=lambda c: -grown[e.country(c)])[:_TAKERS]
    return {c: float(grown[e.country(c)]) / 1e3 for c in found if grown[e.country(c)] > 0}


def _trade_with(t: int, share: Array, tariff: Array, spending: Array) -> Array:
    """(n,), million USD a year of exports to t plus imports from it."""
    sold = (share[:, t, :] / (1.0 + tariff[:, t, :]) * spending).sum(axis=0)
    bought = (share[:, :, t] / (1.0 + tariff[:, :, t]) * spending[:, [t]]).sum(axis=0)
    return np.asarray(sold + bought)


# -- words -----------------------------------------------------------------------------------------------


def _compare(found: Sequence[Answer], problem: Problem) -> tuple[Compared, ...]:
    """Take the best package at the willingness to pay of each published optimum: a comparison, not a fit."""
    energy = [problem.world.sector(s) for s in ("crude_oil_gas", "refined_fuels")]
    weight = problem.trade[0] / max(float(problem.trade[0].sum()), 1e-300)
    rows = []
    for willingness, published in PUBLISHED:
        k = int(np.argmax([willingness * a.target - a.sender for a in found]))
        tariff, embargo = found[k].package
        part = problem.trade[1, energy]
        cover = float((embargo[energy] * part).sum() / max(float(part.sum()), 1e-300))
        rows.append(Compared(willingness, published, float((tariff * weight).sum()), cover, k))
    return tuple(rows)


def _notes(world: World, asked: _Asked, made: int, points: int, *, exempt: bool) -> tuple[str, ...]:
    notes = [
        f"base year {world.year}, central reading of the shadow trade; bn USD of {world.year} a year",
        "matched retaliation: the target mirrors every tariff, and an embargo is two-way",
    ]
    if exempt:
        notes.append(
            "food and medicine stay out, on both sides; the civilian cap on chemicals covers all chemicals"
        )
    if asked.comply:
        notes.append(
            f"{', '.join(asked.comply)} stop trading with {asked.target}; their loss counts as third parties'"
        )
    if made < points:
        notes.append(f"{made} points: between the others the frontier is straight or a limit binds")
    if "as_of" in world.notes:
        notes.append(str(world.notes["as_of"]))
    return tuple(notes)
