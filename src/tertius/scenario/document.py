"""A scenario: who does what to whom, as of which day, in which world."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from tertius.errors import InputError
from tertius.scenario.contradictions import contradictions
from tertius.scenario.fields import Actors, Country
from tertius.scenario.grammar import parse_fields
from tertius.scenario.legal import Date
from tertius.scenario.measures import AnyMeasure, Measure, expand
from tertius.scenario.problems import problems
from tertius.scenario.wedge import Wedges, combine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.world.model import World


def _from_line(value: Any) -> Any:
    try:
        return parse_fields(value) if isinstance(value, str) else value
    except InputError as error:
        raise ValueError("\n\n".join(error.problems)) from None


#: A measure as it is written: fields, or one line of the grammar.
Written = Annotated[AnyMeasure, BeforeValidator(_from_line)]


class WorldChoice(BaseModel):
    """Which base year, and which reading of the shadow trade."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    year: Literal[2015, 2023] = 2023
    shadow: Literal["recorded", "low", "central", "high"] = "central"


class Scenario(BaseModel):
    """Who does what to whom, as of which day.

    Measures carry their senders as ISO 3166-1 alpha-3 codes: those of the scenario where they name none,
    groups replaced by their members on the as-of date.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = ""
    target: Country
    senders: Actors = Field(min_length=1, description="states or groups (EU27, G7, ...)")
    as_of: Date = Field(description="what was known and in force on this day, and nothing later")
    measures: tuple[Written, ...] = Field(min_length=1)
    world: WorldChoice = WorldChoice()
    horizon: Literal["year", "medium", "long"] = "medium"
    notes: str = ""

    @classmethod
    def of(
        cls,
        target: str,
        *,
        senders: str | Sequence[str],
        measures: str | Measure | Sequence[str | Measure],
        as_of: dt.date | str,
        **more: Any,
    ) -> Scenario:
        """Build a scenario from Python values; measures may be lines of the grammar.

        Raises
        ------
        InputError : every mistake at once.
        """
        listed = [measures] if isinstance(measures, str | Measure) else list(measures)
        raw = {"target": target, "senders": senders, "as_of": as_of, "measures": listed, **more}
        return build(raw)

    @model_validator(mode="after")
    def _whole(self) -> Scenario:
        filled = tuple(
            m.model_copy(update={"senders": fill(m, self.senders, self.as_of)}) for m in self.measures
        )
        if found := contradictions(self.target, self.sender_codes, list(enumerate(filled))):
            raise PydanticCustomError("contradictions", "contradictory measures", {"found": found})
        object.__setattr__(self, "measures", filled)  # still inside validation; frozen from here on
        return self

    # -- who and when ----------------------------------------------------------------------------------

    @property
    def sender_codes(self) -> tuple[str, ...]:
        """Senders, groups replaced by their members on the as-of date."""
        return expand(self.senders, self.as_of)

    @property
    def primary(self) -> tuple[AnyMeasure, ...]:
        """Measures that act on the target and are in force on the as-of date."""
        return tuple(m for m in self.measures if m.role == "primary" and m.live(self.as_of))

    @property
    def threats(self) -> tuple[AnyMeasure, ...]:
        """Threats that are alive on the as-of date; a void or enjoined one is not."""
        return tuple(m for m in self.measures if m.role == "threat" and m.live(self.as_of))

    # -- what it does ----------------------------------------------------------------------------------

    def wedges(self, world: World) -> Wedges:
        """Return what the live primary measures do to the target together."""
        return combine([m.apply(world, self.target) for m in self.primary])

    def exposure(self, world: World, supporter: str) -> Wedges:
        """Return what the live threats do to one supporter if they are all enforced against it."""
        return combine([m.enforce(world, supporter, self.target) for m in self.threats])

    # -- as text -----------------------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Plain containers with defaults left out; `Scenario.model_validate` reads them back."""
        data = self.model_dump(mode="json", exclude_defaults=True)
        data["measures"] = [
            self._written(*pair) for pair in zip(self.measures, data["measures"], strict=True)
        ]
        return data

    def _written(self, measure: Measure, fields: dict[str, Any]) -> dict[str, Any]:
        """Order a measure as a reader wants it: the type, what it does, then when and by which source."""
        if measure.senders == self.sender_codes:
            fields.pop("senders", None)
        last = [name for name in Measure.model_fields if name in fields and name != "type"]
        own = {name: value for name, value in fields.items() if name not in last and name != "type"}
        return {"type": measure.type} | own | {name: fields[name] for name in last}

    def to_yaml(self) -> str:
        """YAML 1.2 that reads back as the same scenario."""
        from io import StringIO

        from ruamel.yaml import YAML

        yaml, out = YAML(typ="rt"), StringIO()
        yaml.width = 100
        yaml.dump(_dates_bare(self.to_dict()), out)
        return out.getvalue()

    def digest(self) -> str:
        """Hash of everything that can change a result: sixteen hexadecimal digits.

        Titles, notes and citations are words about the scenario and stay out.
        """
        data = self.model_dump(mode="json", exclude={"title", "notes"})
        for measure in data["measures"]:
            measure.pop("citation"), measure.pop("note")
            measure["states"] = [{k: v for k, v in s.items() if k != "citation"} for s in measure["states"]]
        text = json.dumps(data, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def fill(measure: Measure, senders: Sequence[str], on: dt.date) -> tuple[str, ...]:
    """Senders of a measure as codes: its own, else the scenario's."""
    return expand(measure.senders or tuple(senders), on)


def build(raw: Any) -> Scenario:
    """Validate a raw document; raises InputError with every mistake."""
    try:
        return Scenario.model_validate(raw)
    except ValidationError as error:
        raise InputError([str(p) for p in problems(error, raw)]) from None


def _dates_bare(value: Any) -> Any:
    """Turn ISO strings of dates back into dates, so that YAML writes them without quotes."""
    if isinstance(value, dict):
        return {k: _dates_bare(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_dates_bare(v) for v in value]
    try:
        return (
            dt.date.fromisoformat(value)
            if isinstance(value, str) and len(value) == len("2026-01-13")
            else value
        )
    except ValueError:
        return value
