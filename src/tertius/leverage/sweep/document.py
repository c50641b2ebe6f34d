"""A grid: every combination of targets, senders, coalitions, measures, horizons, readings and draws."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain, combinations
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from tertius.scenario.document import Written
from tertius.scenario.fields import Actors, as_actors
from tertius.scenario.legal import Date
from tertius.scenario.schema import schema as scenario_schema

#: Channels a coalition member may be limited to: "CHN:shielded".
CHANNELS = ("open", "shielded", "aid")
_MAX_SUBSETS = 100_000

#: One coalition: members ("CHN", "BRICS", "CHN:open"), ("all",) for every third country, () for none.
Coalition = tuple[str, ...]


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, list | tuple) else [value]


def _actor(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a name or a code")  # noqa: TRY004  pydantic turns a ValueError into a message
    return as_actors(value)[0]


def as_coalition(value: Any) -> Coalition:
    """Read one coalition; raises ValueError naming every wrong member."""
    words = _listed(value)
    if words in (["none"], []):
        return ()
    if words == ["all"]:
        return ("all",)
    members, wrong = [], []
    for word in words:
        try:
            members.append(_member(word))
        except ValueError as error:
            wrong.append(str(error))
    if wrong:
        raise ValueError("\n".join(wrong))
    return tuple(dict.fromkeys(members))


def _member(word: Any) -> str:
    if word in ("all", "none"):
        raise ValueError(f'"{word}" stands alone; it cannot be one of several members')
    name, colon, channel = str(word).rpartition(":") if ":" in str(word) else (str(word), "", "")
    if colon and channel not in CHANNELS:
        raise ValueError(f'"{word}": unknown channel "{channel}". Possible: {", ".join(CHANNELS)}')
    return _actor(name) + colon + channel


def as_coalitions(value: Any) -> tuple[Coalition, ...]:
    """Read one entry: a coalition, or `{subsets_of: [...], up_to: k}` for all subsets but the empty one."""
    if not isinstance(value, Mapping):
        return (as_coalition(value),)
    if strange := sorted(set(value) - {"subsets_of", "up_to"}):
        raise ValueError(f"unknown field {strange[0]}; write {{subsets_of: [...], up_to: k}}")
    members = as_coalition(value.get("subsets_of", []))
    if not members or members == ("all",):
        raise ValueError("subsets_of: name at least one member")
    largest = value.get("up_to", len(members))
    if not isinstance(largest, int) or isinstance(largest, bool) or not 1 <= largest <= len(members):
        raise ValueError(f"up_to: {largest!r} must be a whole number from 1 to {len(members)}")
    found = chain.from_iterable(combinations(members, k) for k in range(1, largest + 1))
    if len(members) > 30 or (subsets := len(listed := list(found))) > _MAX_SUBSETS:
        size = f"{len(members)} members" if len(members) > 30 else f"{subsets:,} subsets"
        raise ValueError(f"{size} are too many; at most 30 members and {_MAX_SUBSETS:,} subsets, see up_to")
    return tuple(listed)


_NAME = {"type": "string"}
_NAMES: dict[str, Any] = {"anyOf": [_NAME, {"type": "array", "items": _NAME}]}
_SUBSETS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "subsets_of": {"type": "array", "items": _NAME, "minItems": 1},
        "up_to": {"type": "integer", "minimum": 1},
    },
    "required": ["subsets_of"],
    "additionalProperties": False,
}

Target = Annotated[str, BeforeValidator(_actor)]
Coalitions = Annotated[
    tuple[Coalition, ...],
    BeforeValidator(as_coalitions),
    WithJsonSchema({"anyOf": [*_NAMES["anyOf"], _SUBSETS]}),
]
Package = Annotated[tuple[Written, ...], BeforeValidator(_listed), Field(min_length=1)]
Listed = BeforeValidator(_listed)
Reading = Literal["recorded", "low", "central", "high"]
HorizonName = Literal["year", "medium", "long"]


class Draws(BaseModel):
    """How many draws of the trade elasticities, beside the central case (draw 0) that is always solved.

    `each` says what is drawn: one position in the horizon's range for all sectors, or one for each sector.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    count: int = Field(default=0, ge=0, le=65_536)
    seed: int = Field(default=20260113, ge=0)
    each: Literal["horizon", "sector"] = "horizon"


def _as_draws(value: Any) -> Any:
    return {"count": value} if isinstance(value, int) and not isinstance(value, bool) else value


class Grid(BaseModel):
    """What is swept: every combination of the axes, but for those whose sender is the target."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = ""
    as_of: Date = Field(description="what was known and in force on this day, and nothing later")
    targets: Annotated[tuple[Target, ...], Listed] = Field(
        min_length=1, description="states or groups of states"
    )
    senders: Annotated[tuple[Actors, ...], Listed] = Field(
        min_length=1,
        description="each entry presses alone: a state, a group, or a list that presses together",
    )
    coalitions: Annotated[tuple[Coalitions, ...], Listed] = Field(
        default=(((),),),
        min_length=1,
        description="lifelines that are cut: none, all, names, groups, CHN:shielded, subsets_of",
    )
    measures: Annotated[tuple[Package, ...], Listed] = Field(
        min_length=1, description="each entry is one measure, or a list of measures taken together"
    )
    horizons: Annotated[tuple[HorizonName, ...], Listed] = Field(default=("medium",), min_length=1)
    shadow: Annotated[tuple[Reading, ...], Listed] = Field(
        default=("central",), min_length=1, description="readings of the shadow trade"
    )
    year: Literal[2015, 2023] = Field(default=2023, description="base year of the world")
    draws: Annotated[Draws, BeforeValidator(_as_draws)] = Draws()
    notes: str = ""

    @property
    def coalition_list(self) -> tuple[Coalition, ...]:
        """All coalitions, subsets written out, each once."""
        return tuple(dict.fromkeys(chain.from_iterable(self.coalitions)))

    def to_dict(self) -> dict[str, Any]:
        """Plain containers that read back as the same grid, subsets written out."""
        data = self.model_dump(mode="json", exclude_defaults=True, exclude={"coalitions", "measures"})
        data["coalitions"] = [list(c) or "none" for c in self.coalition_list]
        data["measures"] = [
            [{"type": m.type} | m.model_dump(mode="json", exclude_defaults=True) for m in package]
            for package in self.measures
        ]
        return data


def schema() -> dict[str, Any]:
    """JSON schema of a grid, published as docs/schema/sweep.schema.json."""
    document = Grid.model_json_schema(mode="validation")
    one = scenario_schema()["properties"]["measures"]["items"]
    properties = document["properties"]
    properties["measures"] = {
        "description": properties["measures"]["description"],
        "type": "array",
        "minItems": 1,
        "items": {"anyOf": [*one["anyOf"], {"type": "array", "items": one, "minItems": 1}]},
    }
    for name in ("targets", "senders", "coalitions", "horizons", "shadow"):
        properties[name] = _or_one(properties[name])
    properties["draws"] = {"anyOf": [{"type": "integer", "minimum": 0}, {"$ref": "#/$defs/Draws"}]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **document}


def _or_one(entry: dict[str, Any]) -> dict[str, Any]:
    """Allow a list, or just its only member."""
    words: dict[str, Any] = {k: entry.pop(k) for k in ("description", "default", "title") if k in entry}
    if words.get("default") == [[[]]]:
        words["default"] = ["none"]
    return {"anyOf": [entry, entry["items"]], **words}
