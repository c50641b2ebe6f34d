"""Read a grid from YAML 1.2: every mistake at once, each with its line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

from pydantic import BaseModel, ValidationError

from tertius.errors import InputError, did_you_mean
from tertius.leverage.sweep.checks import mistakes
from tertius.leverage.sweep.document import Draws, Grid
from tertius.scenario.problems import Path, Problem, problems
from tertius.scenario.read import line_of, parse

_MAX_BYTES = 10_000_000
_AXES = ("targets", "senders", "coalitions", "measures", "horizons", "shadow")


def read_grid(source: str | FilePath | Mapping[str, Any] | Grid) -> Grid:
    """Read a grid from a file, from YAML text (anything with a line break), or from plain containers.

    Raises
    ------
    InputError : every mistake, as ``file:line: path: what is wrong and what is possible``.
    """
    grid: Grid | None
    raw: Any = None
    if isinstance(source, Grid):
        name, found = "grid", mistakes(source)
        grid = source
    elif isinstance(source, Mapping):
        raw, name = source, "grid"
        grid, found = _validate(raw)
    else:
        name, text = _text(source)
        raw = parse(name, text, "a grid is a mapping with targets, senders, measures and as_of")
        grid, found = _validate(raw)
    if found:
        found = sorted(dict.fromkeys(found), key=lambda p: line_of(raw, p.path))
        lines = hasattr(raw, "lc")
        raise InputError([f"{name}:{line_of(raw, p.path)}: {p}" if lines else f"{name}: {p}" for p in found])
    assert grid is not None
    return grid


def _validate(raw: Mapping[str, Any]) -> tuple[Grid | None, list[Problem]]:
    """Return the grid, or what is wrong; sound parts of a faulty one are still checked against each other."""
    try:
        grid = Grid.model_validate(raw)
    except ValidationError as error:
        found = [_own_words(p) for p in problems(error, raw)]
        return None, found + _among_sound(raw, found)
    return grid, mistakes(grid)


def _own_words(problem: Problem) -> Problem:
    if not problem.text.startswith("unknown field."):
        return problem
    models: dict[Path, type[BaseModel]] = {(): Grid, ("draws",): Draws}
    model = models.get(problem.path[:-1])
    if model is None:
        return problem
    word = str(problem.path[-1])
    return Problem(problem.path, f"unknown field.{did_you_mean(word, list(model.model_fields))}")


def _among_sound(raw: Mapping[str, Any], found: Sequence[Problem]) -> list[Problem]:
    """Leave out what is wrong already and look for mistakes among the rest."""
    wrong = {p.path[:2] for p in found if len(p.path) > 1 and p.path[0] in _AXES}
    places: dict[str, list[int]] = {}
    sound: dict[str, Any] = {}
    for key, value in raw.items():
        if any(p.path[:1] == (key,) and p.path[:2] not in wrong for p in found):
            continue
        if key in _AXES and isinstance(value, list):
            places[key] = [k for k in range(len(value)) if (key, k) not in wrong]
            if places[key]:  # with nothing left, the default stands in where there is one
                sound[key] = [value[k] for k in places[key]]
        else:
            sound[key] = value
    try:
        grid = Grid.model_validate(sound)
    except ValidationError:
        return []
    return [Problem(_moved_back(p.path, places), p.text) for p in mistakes(grid)]


def _moved_back(path: Path, places: Mapping[str, Sequence[int]]) -> Path:
    if len(path) > 1 and isinstance(path[1], int) and path[0] in places:
        return (path[0], places[str(path[0])][path[1]], *path[2:])
    return path


def _text(source: str | FilePath) -> tuple[str, str]:
    if isinstance(source, str) and "\n" in source:
        return "<text>", source
    path = FilePath(source)
    if not path.is_file():
        raise InputError(
            f"{source}: no such file; a grid is a YAML file with targets, senders, measures and as_of"
        )
    if path.stat().st_size > _MAX_BYTES:
        raise InputError(f"{path.name}: {path.stat().st_size:,} bytes; a grid has at most {_MAX_BYTES:,}")
    try:
        return path.name, path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name}: cannot be read as UTF-8 text: {error}") from None
