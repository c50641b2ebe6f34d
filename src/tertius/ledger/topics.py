"""What a number in the ledger measures: one machine key, one unit, and the range it can lie in at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from tertius import countries
from tertius.errors import UnknownNameError, unknown

#: Beginning of a key that stands for every country.
EVERY = "*."


@dataclass(frozen=True, slots=True)
class Topic:
    """A machine key, its unit, what it measures, and the bounds that close a one-sided statement."""

    key: str
    unit: str
    what: str
    low: float | None = None
    high: float | None = None


def read_yaml(name: str) -> Any:
    """Read a data file of this package as YAML 1.2 (`no` stays a word); comments are dropped."""
    from ruamel.yaml import YAML

    return YAML(typ="safe").load((files("tertius.ledger") / "data" / name).read_text(encoding="utf-8"))


@cache
def topics() -> dict[str, Topic]:
    """All topics by key, those of every country among them; a key of one country's own goes first."""
    rows = read_yaml("topics.yaml")
    own = {key: _topic(key, row) for key, row in rows.items() if not key.startswith(EVERY)}
    general = {
        key.replace(EVERY, f"{code}."): replace(
            _topic(key.replace(EVERY, f"{code}."), row), what=row["what"].format(name=countries.name(code))
        )
        for key, row in rows.items()
        if key.startswith(EVERY)
        for code in countries.table()
    }
    return own | {key: one for key, one in general.items() if key not in own}


def topic(key: str) -> Topic:
    """Return one topic; raises UnknownNameError with suggestions."""
    known = topics()
    if key not in known:
        raise UnknownNameError(unknown("topic", key, sorted(known), more="docs/ledger.md"))
    return known[key]


def _topic(key: str, row: dict[str, Any]) -> Topic:
    low, high = row.get("bounds", (None, None))
    return Topic(key, row["unit"], row["what"], low, high)
