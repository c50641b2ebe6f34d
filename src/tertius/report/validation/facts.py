"""The published figures, read from `facts.yaml`; no check sees them."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from tertius.errors import DataError
from tertius.report.validation.record import Expected, Found, Kind, Record

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Figures of neighbouring years are compared with this much more room a year, as a fraction.
DRIFT = 0.05


@dataclass(frozen=True, slots=True)
class Fact:
    """One published figure and the words around its check; `expected` is None where nothing can be tested."""

    fact: str
    kind: Kind
    what: str
    expected: Expected | None
    how: str
    why: str
    note: str

    def against(self, found: Found | None) -> Record:
        """Return the record of what was found, its numbers written into the words."""
        given = {} if found is None else found.words
        try:
            how, why, note = (text.format(**given) for text in (self.how, self.why, self.note))
        except KeyError as error:
            raise DataError(
                f"fact {self.fact}: its words need {error}, which its check does not give"
            ) from error
        return Record(self.fact, self.kind, self.what, self.expected, found, how, why, note)


def read_facts() -> dict[str, tuple[Fact, ...]]:
    """Read every fact, by the part of the page it stands in.

    Raises
    ------
    DataError : a fact twice, or one with an expected figure but no unit, year, source or tolerance.
    """
    from ruamel.yaml import YAML

    text = (resources.files("tertius.report.validation") / "facts.yaml").read_text(encoding="utf-8")
    parts = {name: tuple(map(_fact, rows)) for name, rows in YAML(typ="safe").load(text).items()}
    names = [f.fact for facts in parts.values() for f in facts]
    if twice := sorted({n for n in names if names.count(n) > 1}):
        raise DataError(f"facts.yaml: {', '.join(twice)}: entered more than once")
    return parts


def _fact(row: Mapping[str, Any]) -> Fact:
    try:
        expected = _expected(row) if "expected" in row else None
    except KeyError as error:
        raise DataError(f"facts.yaml: fact {row['fact']}: {error} is missing") from error
    words = (str(row.get(name, "")) for name in ("how", "why", "note"))
    return Fact(str(row["fact"]), row["kind"], row["what"], expected, *words)


def _expected(row: Mapping[str, Any]) -> Expected:
    given = row["expected"]
    if isinstance(given, list):
        low, high, room = float(given[0]), float(given[1]), float(row["near"])
    else:
        room = float(row["points"]) if "points" in row else float(row["within"]) * abs(given)
        wide = room + row.get("years_apart", 0) * DRIFT * abs(given)
        low, high = given - wide, given + wide
    return Expected(low, high, room, row["unit"], str(row["year"]), row["source"])
