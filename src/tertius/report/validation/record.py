"""One published figure against one number of Tertius, and the verdict that follows from the two."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Kind = Literal["data", "engine", "leverage"]
Verdict = Literal["agrees", "near", "misses", "cannot be tested"]

VERDICTS: tuple[Verdict, ...] = ("agrees", "near", "misses", "cannot be tested")


@dataclass(frozen=True, slots=True)
class Expected:
    """What was published.

    Attributes
    ----------
    low, high : the published interval, or the published number with its tolerance.
    margin : how far outside the interval still counts as near; same unit.
    unit, year, source : of the published figure; the year is a word ("2012", "July 2024").
    """

    low: float
    high: float
    margin: float
    unit: str
    year: str
    source: str


@dataclass(frozen=True, slots=True)
class Found:
    """What Tertius has: the central case, the ends over its own readings, and numbers for the reasons.

    Attributes
    ----------
    low, central, high : in the unit of what was expected.
    words : name -> number or word that the text of the check has in braces.
    """

    low: float
    central: float
    high: float
    words: Mapping[str, float | str] = field(default_factory=dict)

    @classmethod
    def at(cls, central: float, others: Iterable[float] = (), **words: float | str) -> Found:
        """Return a central case with the ends of it and others."""
        ends = [float(central), *map(float, others)]
        return cls(min(ends), ends[0], max(ends), words)


@dataclass(frozen=True, slots=True)
class Record:
    """One check.

    Attributes
    ----------
    fact : number of the published fact; letters part several figures of one fact.
    kind : data (the world against statistics it was not built from), engine, or leverage.
    what : the quantity.
    expected : what was published; None where nothing comparable was.
    found : what Tertius has; None where it has nothing comparable.
    how : how it was found.
    why : reason for not agreeing, or for not being testable.
    note : what to keep in mind whatever the verdict.
    """

    fact: str
    kind: Kind
    what: str
    expected: Expected | None
    found: Found | None
    how: str = ""
    why: str = ""
    note: str = ""

    @property
    def verdict(self) -> Verdict:
        """Return the verdict.

        It agrees if the central case lies in the interval, is near if that lies within the margin or the ends
        reach into the interval, and misses otherwise.
        """
        if self.expected is None or self.found is None:
            return "cannot be tested"
        if self.distance == 0.0:
            return "agrees"
        reaches = self.found.low <= self.expected.high and self.found.high >= self.expected.low
        return "near" if reaches or self.distance <= self.expected.margin else "misses"

    @property
    def distance(self) -> float:
        """How far the central case lies outside the interval, in the unit of the figure; 0 inside."""
        if self.expected is None or self.found is None:
            return float("nan")
        return max(self.expected.low - self.found.central, self.found.central - self.expected.high, 0.0)

    def to_dict(self) -> dict[str, Any]:
        """Return plain containers for JSON."""
        found = self.found
        return {
            "fact": self.fact,
            "kind": self.kind,
            "what": self.what,
            "expected": None if self.expected is None else asdict(self.expected),
            "found": None
            if found is None
            else {"low": found.low, "central": found.central, "high": found.high, "how": self.how},
            "verdict": self.verdict,
            "why": self.why if self.verdict != "agrees" else "",
            "note": self.note,
        }
