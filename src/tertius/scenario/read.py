"""Read a scenario from YAML 1.2, every mistake at once, each with its line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

from pydantic import TypeAdapter, ValidationError

from tertius.errors import InputError, unknown
from tertius.scenario.contradictions import contradictions
from tertius.scenario.document import Scenario, Written, fill
from tertius.scenario.fields import as_actors, as_country
from tertius.scenario.legal import as_date
from tertius.scenario.measures import expand
from tertius.scenario.problems import Path, Problem, problems

_MAX_BYTES = 1_000_000


def read_scenario(source: str | FilePath) -> Scenario:
    """Read a scenario from a file, from YAML text, or by its name in the library.

    Raises
    ------
    InputError : every mistake, as ``file:line: path: what is wrong and what is possible``.
    """
    name, text = _text(source)
    raw = parse(name, text, "a scenario is a mapping with target, senders, as_of and measures")
    try:
        return Scenario.model_validate(raw)
    except ValidationError as error:
        found = problems(error, raw)
        if not any("contradict" in e["type"] for e in error.errors()):
            found += [p for p in _also(raw) if p not in found]
        found.sort(key=lambda p: line_of(raw, p.path))
        raise InputError([f"{name}:{line_of(raw, p.path)}: {p}" for p in found]) from None


def _text(source: str | FilePath) -> tuple[str, str]:
    if isinstance(source, str) and "\n" in source:
        return "<text>", source
    path = FilePath(source)
    if not path.is_file():
        from tertius.scenario.catalogue import library, path_of

        if str(source) not in library():
            hint = unknown("scenario", str(source), library(), more="tertius scenario list")
            raise InputError(f"{hint} There is no such file either.")
        path = path_of(str(source))
    if path.stat().st_size > _MAX_BYTES:
        raise InputError(f"{path.name}: {path.stat().st_size:,} bytes; a scenario has at most {_MAX_BYTES:,}")
    try:
        return path.name, path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name}: cannot be read as UTF-8 text: {error}") from None


def parse(name: str, text: str, wanted: str) -> Any:
    """Read a YAML mapping that knows its lines; raises InputError with the line, or with what was wanted."""
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import RoundTripConstructor
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    class DatesAsWritten(RoundTripConstructor):
        """Leaves dates as text, so that an impossible one is refused with its path like any other mistake."""

    DatesAsWritten.add_constructor(
        "tag:yaml.org,2002:timestamp", lambda self, node: self.construct_scalar(node)
    )
    yaml = YAML(typ="rt")
    yaml.Constructor = DatesAsWritten
    try:
        raw = yaml.load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InputError(f"{name}:{line}: not readable as YAML: {error.problem}") from None
    except (YAMLError, ValueError) as error:
        raise InputError(f"{name}:1: not readable as YAML: {error}") from None
    if not isinstance(raw, Mapping):
        raise InputError(f"{name}:1: {wanted}")
    return raw


def line_of(raw: Any, path: Path) -> int:
    """Line, from 1, of the deepest part of a path that is in the document."""
    line, here = 0, raw
    for part in path:
        try:
            line = (here.lc.item(part) if isinstance(part, int) else here.lc.key(part))[0]
            here = here[part]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return line + 1


def _also(raw: Mapping[str, Any]) -> list[Problem]:
    """Contradictions among the parts that are right, for a document with other mistakes."""
    try:
        target, on = as_country(raw["target"]), as_date(raw["as_of"])
        senders = expand(as_actors(raw["senders"]), on)
    except (ValueError, KeyError, TypeError, InputError):
        return []
    sound = []
    adapter: TypeAdapter[Any] = TypeAdapter(Written)
    measures = raw.get("measures")
    for i, item in enumerate(measures if isinstance(measures, list) else ()):
        try:
            measure = adapter.validate_python(item)
            sound.append((i, measure.model_copy(update={"senders": fill(measure, senders, on)})))
        except (ValidationError, InputError):
            continue
    return [Problem(path, text) for path, text in contradictions(target, senders, sound)]
