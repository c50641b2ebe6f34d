"""Mistakes that only show when the axes of a grid meet each other and the world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius import countries
from tertius.errors import InputError
from tertius.scenario.contradictions import contradictions
from tertius.scenario.document import fill
from tertius.scenario.measures import Measure, expand
from tertius.scenario.problems import Path, Problem
from tertius.world import load_world

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator

    from tertius.leverage.sweep.document import Grid


def mistakes(grid: Grid) -> list[Problem]:
    """Every mistake of a grid whose parts are sound each for itself."""
    found = [*_absent(grid), *_contradictory(grid)]
    if not found and not any(True for _ in pairs(grid)):
        found.append(Problem(("senders",), "every sender is also the target; no scenario is left"))
    return list(dict.fromkeys(found))


def pairs(grid: Grid) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(target, senders as written) of every combination in which no sender is the target."""
    for target in targets(grid):
        for senders in dict.fromkeys(grid.senders):
            if target not in expand(senders, grid.as_of):
                yield target, senders


def targets(grid: Grid) -> tuple[str, ...]:
    """Targets as codes, groups replaced by their members on the as-of date."""
    return expand(grid.targets, grid.as_of)


def _absent(grid: Grid) -> Iterator[Problem]:
    """Find groups without members, and states the world does not have."""
    known = set(load_world(grid.year, shadow="recorded").countries)
    for path, actor in _named(grid):
        try:
            codes = expand((actor,), grid.as_of)
        except InputError as error:
            yield Problem(path, str(error))
            continue
        if missing := [c for c in codes if c not in known]:
            yield Problem(
                path,
                f"{', '.join(missing)}: not in the {grid.year} world (tertius world countries lists all)",
            )


def _named(grid: Grid) -> Iterator[tuple[Path, str]]:
    for k, target in enumerate(grid.targets):
        yield ("targets", k), target
    for k, senders in enumerate(grid.senders):
        yield from ((("senders", k), actor) for actor in senders)
    for k, entry in enumerate(grid.coalitions):
        actors = dict.fromkeys(member.partition(":")[0] for coalition in entry for member in coalition)
        yield from ((("coalitions", k), actor) for actor in actors if actor != "all")


def _contradictory(grid: Grid) -> Iterator[Problem]:
    try:
        todo = list(pairs(grid))
    except InputError:
        return  # a group without members, told already
    filler = _filler(grid.as_of)
    for k, package in enumerate(grid.measures):
        for target, senders in todo:
            codes = expand(senders, grid.as_of)
            try:
                filled = filler(package, codes)
            except InputError as error:
                yield Problem(("measures", k), str(error))
                break
            for path, text in contradictions(target, codes, list(enumerate(filled))):
                inside = path[1:] if len(package) > 1 else path[2:]
                told = text.replace("measures[", f"measures[{k}][")
                yield Problem(("measures", k, *inside), f"{told}{_generic(text)}")


def _filler(on: dt.date) -> Callable[[Iterable[Measure], tuple[str, ...]], tuple[Measure, ...]]:
    def filled(package: Iterable[Measure], codes: tuple[str, ...]) -> tuple[Measure, ...]:
        return tuple(m.model_copy(update={"senders": fill(m, codes, on)}) for m in package)

    return filled


def _generic(text: str) -> str:
    return '; leave "of ..." out to mean each target' if text.startswith("partners of") else ""


def member_codes(member: str, on: dt.date) -> tuple[tuple[str, ...], str]:
    """Read a coalition member into codes, and its channel ("" for all)."""
    actor, _, channel = member.partition(":")
    return (countries.members(actor, on) if actor in countries.GROUPS else (actor,)), channel
