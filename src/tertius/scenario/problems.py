"""Turn what pydantic found into messages that say what, where and what is possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tertius.errors import did_you_mean, unknown
from tertius.scenario.legal import Dates, LegalState

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake and where it is in the document."""

    path: Path
    text: str

    @property
    def where(self) -> str:
        """The place as it would be written: ``measures[1].sectors``."""
        return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in self.path).lstrip(".")

    def __str__(self) -> str:
        return f"{self.where}: {self.text}" if self.path else self.text


def problems(error: ValidationError, raw: Any) -> list[Problem]:
    """List every mistake of a validation error, with its path in the raw document."""
    found: list[Problem] = []
    for entry in error.errors(include_url=False):
        path = _path(entry["loc"], raw, keep_last=entry["type"] in ("missing", "extra_forbidden"))
        if entry["type"] == "contradictions":
            found += [Problem(tuple(p), text) for p, text in entry["ctx"]["found"]]
        else:
            found += [Problem(path, text) for text in _texts(entry, path, raw)]
    return list(dict.fromkeys(found))


def _path(loc: Sequence[str | int], raw: Any, *, keep_last: bool) -> Path:
    """Drop what is not in the document: pydantic names union members and functions in between."""
    path: list[str | int] = []
    here = raw
    for depth, part in enumerate(loc):
        inside = isinstance(here, Mapping) and part in here
        if inside or (isinstance(here, list | tuple) and isinstance(part, int) and part < len(here)):
            here = here[part]
            path.append(part)
        elif keep_last and depth == len(loc) - 1:
            path.append(part)
    return tuple(path)


def _texts(entry: Any, path: Path, raw: Any) -> Iterator[str]:
    kind, value, context = entry["type"], entry.get("input"), entry.get("ctx", {})
    name = str(path[-1]) if path and isinstance(path[-1], str) else "value"
    if kind == "missing":
        yield "is required"
    elif kind == "extra_forbidden":
        yield f"unknown field.{did_you_mean(name, _fields(path, raw))}"
    elif kind == "union_tag_invalid":
        from tertius.scenario.measures import MEASURES

        yield unknown("measure", str(context.get("tag")), list(MEASURES))
    elif kind == "union_tag_not_found":
        yield "type is required: which kind of measure is it?"
    elif kind == "too_short":
        # A list whose members are all wrong looks empty to pydantic; their own messages say enough.
        if not value:
            yield "is empty; give at least one"
    elif kind == "literal_error":
        yield unknown(
            name, str(value), [w.strip("' ") for w in context["expected"].replace(" or ", ",").split(",")]
        )
    elif kind == "value_error":
        yield from (
            str(context["error"]).split("\n\n") if "^" in str(context["error"]) else _lines(context["error"])
        )
    else:
        yield f"{entry['msg'][:1].lower()}{entry['msg'][1:]} (found {value!r})"


def _lines(error: object) -> Iterator[str]:
    yield from str(error).split("\n")


def _fields(path: Path, raw: Any) -> list[str]:
    """Return the fields that could have been meant at a path."""
    from tertius.scenario.document import Scenario, WorldChoice
    from tertius.scenario.fields import Threshold
    from tertius.scenario.measures import MEASURES

    inner: dict[str, type[BaseModel]] = {
        "dates": Dates, "states": LegalState, "world": WorldChoice, "threshold": Threshold,
    }  # fmt: skip
    model: type[BaseModel] = Scenario
    here = raw
    for part in path[:-1]:
        here = here[part]
        if isinstance(part, str) and part in inner:
            model = inner[part]
    if model is Scenario and isinstance(here, Mapping) and here.get("type") in MEASURES:
        model = MEASURES[here["type"]]
    return [entry.alias or name for name, entry in model.model_fields.items()]
