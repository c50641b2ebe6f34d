"""Judgement parameters from dated files: low, central, high, unit and the reason for them.

A number that no claim carries (how likely a shielded channel is caught, what a dark barrel costs more) still
has to be somewhere. It is here, with an interval and a reason, and results say how much of a band is from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from tertius.errors import DataError, UnknownNameError, unknown
from tertius.ledger.record import last_day, last_day_of
from tertius.ledger.topics import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

_FIELDS = {"low", "central", "high", "unit", "reason"}


@dataclass(frozen=True, slots=True)
class Prior:
    """One judgement: low <= central <= high in `unit`, and why."""

    key: str
    low: float
    central: float
    high: float
    unit: str
    reason: str
    dated: str


@dataclass(frozen=True)
class Priors:
    """The judgements of one file; `note` says when the file is younger than the as-of date."""

    dated: str
    note: str
    values: Mapping[str, Prior]

    def __getitem__(self, key: str) -> Prior:
        """One prior; raises UnknownNameError with suggestions."""
        if key not in self.values:
            raise UnknownNameError(unknown("prior", key, list(self.values), where=f"priors of {self.dated}"))
        return self.values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def delta(self, channel: str, instrument: str) -> Prior:
        """Chance that `channel` is caught by `instrument` ("secondary_tariff" or "listing")."""
        return self[f"delta.{channel}.{instrument}"]

    def extra_cost(self) -> tuple[float, float, float]:
        """Freight, insurance and financing of a dark barrel over a clean one: low, central, high, USD/bbl."""
        parts = [self[f"extra_cost.{name}"] for name in ("freight", "insurance", "financing")]
        return sum(p.low for p in parts), sum(p.central for p in parts), sum(p.high for p in parts)


def load_priors(as_of: str | date | None = None) -> Priors:
    """Return the latest file not after `as_of`; the earliest, with a note, when `as_of` precedes them all."""
    dates = _dates()
    if as_of is None:
        return _read(dates[-1], "")
    day = last_day_of(as_of)
    earlier = [d for d in dates if (last_day(d) or day) <= day]
    if earlier:
        return _read(earlier[-1], "")
    return _read(
        dates[0], f"priors of {dates[0]} are later than the as-of date {day}: no earlier judgement exists"
    )


@cache
def _dates() -> tuple[str, ...]:
    folder = files("tertius.ledger") / "data" / "priors"
    return tuple(sorted(f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith(".yaml")))


@cache
def _read(dated: str, note: str) -> Priors:
    return Priors(dated, note, parse(read_yaml(f"priors/{dated}.yaml"), f"priors/{dated}.yaml"))


def parse(content: Mapping[str, Any], where: str) -> dict[str, Prior]:
    """Priors of one file's content; raises DataError with every mistake."""
    dated, rows = str(content["date"]), content["priors"]
    problems = [p for key, row in rows.items() for p in _mistakes(f"{where}: {key}", row)]
    if problems:
        raise DataError(problems)
    return {key: Prior(key=key, dated=dated, **row) for key, row in rows.items()}


def _mistakes(at: str, row: Mapping[str, Any]) -> list[str]:
    if set(row) != _FIELDS:
        return [f"{at}: needs exactly {', '.join(sorted(_FIELDS))}, has {', '.join(sorted(row))}"]
    if not row["low"] <= row["central"] <= row["high"]:
        return [f"{at}: low <= central <= high does not hold: {row['low']}, {row['central']}, {row['high']}"]
    return []
