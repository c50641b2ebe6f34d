"""What a number in the ledger measures: one machine key, one unit, and the range it can lie in at all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tertius.errors import UnknownNameError, unknown


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
    """All topics by key."""
    return {key: _topic(key, row) for key, row in read_yaml("topics.yaml").items()}


def topic(key: str) -> Topic:
    """Return one topic; raises UnknownNameError with suggestions."""
    known = topics()
    if key not in known:
        raise UnknownNameError(unknown("topic", key, sorted(known), more="docs/ledger.md"))
    return known[key]


def _topic(key: str, row: dict[str, Any]) -> Topic:
    low, high = row.get("bounds", (None, None))
    return Topic(key, row["unit"], row["what"], low, high)
