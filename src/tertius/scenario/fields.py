"""The small words a measure is written in: sectors, rates, countries, thresholds."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from tertius import countries
from tertius.errors import InputError, unknown
from tertius.scenario.scope import SECTOR_GROUPS
from tertius.world.model import SECTORS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_PERCENT = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*%")
_RATE_SCHEMA = {
    "anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": r"^\d+(\.\d+)?\s*%$"}],
    "description": "a fraction (0.25) or a per cent (25%)",
}
_MAX_PLAIN_RATE = 3.0  # a bare 25 is far more often 25 % than 2,500 %


def as_rate(value: Any) -> float:
    """Read 0.25 or "25%"; raises ValueError."""
    if isinstance(value, str) and (m := _PERCENT.fullmatch(value.strip())):
        rate = float(m[1]) / 100
    else:
        try:
            rate = float("nan") if isinstance(value, bool) else float(value)
        except (TypeError, ValueError):
            rate = float("nan")
        if math.isnan(rate):
            raise ValueError(f'"{value}" is not a rate; write 25% or 0.25')
        if rate > _MAX_PLAIN_RATE:
            raise ValueError(f"{value} would be {rate:.0%}; write {value}% or {rate / 100:g}")
    if rate < 0:
        raise ValueError(f'"{value}" is negative; a rate is zero or more')
    return rate


def as_share(value: Any) -> float:
    """Read a fraction between 0 and 1, or a per cent; raises ValueError."""
    share = as_rate(value)
    if share > 1:
        raise ValueError(f'"{value}" is more than all; a share lies between 0 and 100%')
    return share


def as_sectors(value: Any) -> tuple[str, ...]:
    """Read one sector or several, or a word for several; raises ValueError naming every wrong one."""
    words = list(value) if isinstance(value, list | tuple) else [value]
    names = [*SECTORS, *SECTOR_GROUPS]
    wrong = [w for w in words if w not in names]
    if wrong:
        raise ValueError(
            "\n".join(unknown("sector", str(w), names, more="tertius world sectors") for w in wrong)
        )
    if not words:
        raise ValueError("no sector is named; write all, goods, services, oil or a list of sectors")
    meant = {s for w in words for s in SECTOR_GROUPS.get(w, (w,))}
    return tuple(s for s in SECTORS if s in meant)


def as_country(value: Any) -> str:
    """Read a country's name or code into ISO 3166-1 alpha-3; raises ValueError."""
    try:
        code: str = countries.resolve(str(value))
    except InputError as error:
        raise ValueError(str(error)) from None
    return code


def as_countries(value: Any) -> tuple[str, ...]:
    """Read one country or several; raises ValueError naming every wrong one."""
    return _each(value, as_country)


def as_actors(value: Any) -> tuple[str, ...]:
    """Read countries and groups of countries; groups stay names until a date is known."""
    return _each(value, _actor)


def _each(value: Any, read: Callable[[Any], str]) -> tuple[str, ...]:
    found: list[str] = []
    wrong: list[str] = []
    for word in value if isinstance(value, list | tuple) else [value]:
        try:
            found.append(read(word))
        except ValueError as error:
            wrong.append(str(error))
    if wrong:
        raise ValueError("\n".join(wrong))
    return tuple(dict.fromkeys(found))


def _actor(value: Any) -> str:
    for read in (countries.resolve_group, countries.resolve):
        try:
            return read(str(value))
        except InputError:
            continue
    names = [*(c.name for c in countries.table().values()), *countries.GROUPS]
    raise ValueError(unknown("country or group", str(value), names, more="tertius world countries"))


def sector_words(sectors: Iterable[str]) -> str:
    """Write sectors as short as they can be read back."""
    sectors = tuple(sectors)
    for name, meant in SECTOR_GROUPS.items():
        if sectors == meant:
            return name
    return ",".join(sectors)


_NAMES = WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
_SECTOR_NAME = {"type": "string", "enum": [*SECTORS, *SECTOR_GROUPS]}

Rate = Annotated[float, BeforeValidator(as_rate), WithJsonSchema(_RATE_SCHEMA)]
ShareRate = Annotated[float, BeforeValidator(as_share), WithJsonSchema(_RATE_SCHEMA)]
Sectors = Annotated[
    tuple[str, ...],
    BeforeValidator(as_sectors),
    WithJsonSchema({"anyOf": [_SECTOR_NAME, {"type": "array", "items": _SECTOR_NAME, "minItems": 1}]}),
]
Country = Annotated[str, BeforeValidator(as_country)]
Countries = Annotated[tuple[str, ...], BeforeValidator(as_countries), _NAMES]
Actors = Annotated[tuple[str, ...], BeforeValidator(as_actors), _NAMES]


class Threshold(BaseModel):
    """How much trade with the target makes a state a partner: a share of its trade, or million USD a year."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    share: ShareRate | None = None
    usd_mn: float | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _one(self) -> Threshold:
        if (self.share is None) == (self.usd_mn is None):
            raise ValueError("give either share or usd_mn")
        return self

    def __str__(self) -> str:
        return f"{self.share * 100:.10g}%" if self.share is not None else f"{self.usd_mn:g} usd_mn"
