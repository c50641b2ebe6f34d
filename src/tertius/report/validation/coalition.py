"""Who has to join: what a coalition keeps of the loss that the whole world could cause."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tertius.engine import Economy
from tertius.engine.rebase import balanced
from tertius.report.validation.bench import HORIZONS, all_but, embargo, money_lost, solve
from tertius.report.validation.earlier import partners_of_2005
from tertius.report.validation.record import Found

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tertius.engine import Result
    from tertius.report.validation.bench import Bench

#: Parts of all goods trade that the compared embargoes cut; all of it is the central case.
COVERAGE = (0.5, 1.0)
CENTRAL = ("medium", 1.0)


@dataclass(frozen=True, slots=True)
class Reach:
    """The target's loss from the same embargo by three sets of senders, fraction of real income."""

    actual: float
    with_china: float
    world: float


def _economy(bench: Bench, target: str, *, in_2005: bool) -> Economy:
    if not in_2005:
        return bench.economy(2015, target)
    return bench.once(
        "partners of 2005", lambda: balanced(Economy.from_world(partners_of_2005(bench)), target)
    )


def _reaches(bench: Bench, target: str, *, in_2005: bool) -> dict[tuple[str, float], Reach]:
    return bench.once(("reach", target, in_2005), lambda: _solve_reaches(bench, target, in_2005=in_2005))


def _solve_reaches(bench: Bench, target: str, *, in_2005: bool) -> dict[tuple[str, float], Reach]:
    economy, actual = _economy(bench, target, in_2005=in_2005), bench.coalition(target)
    sides = (actual, (*actual, "CHN"), all_but(economy, target))
    found: dict[tuple[str, float], Reach] = {}
    for name in HORIZONS:
        shocks = [embargo(economy, target, who, coverage=c) for c in COVERAGE for who in sides]
        losses = [r.of(target) for r in solve(economy, shocks, name)]
        for k, coverage in enumerate(COVERAGE):
            found[name, coverage] = Reach(*losses[3 * k : 3 * k + 3])
    return found


def _senders_share(bench: Bench, target: str, *, in_2005: bool) -> float:
    """Senders' share in the target's trade, %."""
    economy = _economy(bench, target, in_2005=in_2005)
    t, who = economy.country(target), [economy.country(c) for c in bench.coalition(target)]
    both = economy.trade[t] + economy.trade[:, t]
    return float(100 * both[who].sum() / both.sum())


def retained(bench: Bench, target: str, *, in_2005: bool = False) -> Found:
    """Return what the actual coalition keeps of the whole world's loss, %."""
    ratio = {k: 100 * r.actual / r.world for k, r in _reaches(bench, target, in_2005=in_2005).items()}
    return Found.at(ratio[CENTRAL], ratio.values(), share=_senders_share(bench, target, in_2005=in_2005))


def adding_china(bench: Bench, target: str, *, in_2005: bool = False) -> Found:
    """Return what China's joining adds to the actual coalition's loss, %."""
    reaches = _reaches(bench, target, in_2005=in_2005)
    more = {k: 100 * (r.with_china / r.actual - 1) for k, r in reaches.items()}
    return Found.at(more[CENTRAL], more.values())


# -- what joining does to the members ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Together:
    """Losses when every member acts alone (summed) and when all act at once."""

    members_alone: float
    members_together: float
    target_alone: float
    target_together: float


def _together(bench: Bench, target: str, *, in_2005: bool) -> dict[float, Together]:
    return bench.once(("together", target, in_2005), lambda: _solve_together(bench, target, in_2005=in_2005))


def _solve_together(bench: Bench, target: str, *, in_2005: bool) -> dict[float, Together]:
    economy = _economy(bench, target, in_2005=in_2005)
    union, everyone = bench.europe(2015), bench.coalition(target)
    blocks: list[Sequence[str]] = [union, *([c] for c in everyone if c not in union)]
    found = {}
    for coverage in COVERAGE:
        shocks = [embargo(economy, target, who, coverage=coverage) for who in (*blocks, everyone)]
        found[coverage] = _compare(solve(economy, shocks, "medium"), blocks, target)
    return found


def _compare(results: list[Result], blocks: list[Sequence[str]], target: str) -> Together:
    *alone, together = results
    return Together(
        sum(money_lost(r, b) for r, b in zip(alone, blocks, strict=True)),
        money_lost(together, [c for b in blocks for c in b]),
        sum(r.of(target) for r in alone),
        together.of(target),
    )


def members_loss(bench: Bench, target: str, *, in_2005: bool = False) -> Found:
    """Return members' loss together over the sum of their losses alone, less one, %."""
    by = _together(bench, target, in_2005=in_2005)
    change = {c: 100 * (t.members_together / t.members_alone - 1) for c, t in by.items()}
    return Found.at(change[1.0], change.values())


def targets_loss(bench: Bench, target: str) -> Found:
    """Return the target's loss from all together over the sum of the separate ones, less one, %."""
    by = _together(bench, target, in_2005=False)
    change = {c: 100 * (t.target_together / t.target_alone - 1) for c, t in by.items()}
    return Found.at(change[1.0], change.values())


CHECKS: dict[str, Callable[[Bench], Found]] = {
    "16 Iran": partial(retained, target="IRN"),
    "16 Iran, partners of 2005": partial(retained, target="IRN", in_2005=True),
    "16 Russia": partial(retained, target="RUS"),
    "17 Iran": partial(adding_china, target="IRN"),
    "17 Iran, partners of 2005": partial(adding_china, target="IRN", in_2005=True),
    "17 Russia": partial(adding_china, target="RUS"),
    "18a Iran": partial(members_loss, target="IRN"),
    "18a Iran, partners of 2005": partial(members_loss, target="IRN", in_2005=True),
    "18a Russia": partial(members_loss, target="RUS"),
    "18b Iran": partial(targets_loss, target="IRN"),
    "18b Russia": partial(targets_loss, target="RUS"),
}
