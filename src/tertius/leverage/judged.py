"""Numbers that claims and judgement give, as intervals that can be read at any point between low and high.

A draw reads each interval at a quantile u: low at 0, central at 1/2, high at 1, straight in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.ledger.intervals import latest
from tertius.ledger.priors import Priors, load_priors
from tertius.ledger.topics import topics
from tertius.scenario.prices import brent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.ledger import Claim


Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """Low, central, high, and what they rest on."""

    low: float
    central: float
    high: float
    unit: str
    sources: tuple[str, ...] = ()
    judgement: bool = False
    note: str = ""

    def at(self, u: float) -> float:
        """Value at quantile u."""
        return float(self.at_all(np.array(u)))

    def at_all(self, u: Array) -> Array:
        """Values at many quantiles."""
        below = self.low + 2.0 * u * (self.central - self.low)
        above = self.central + (2.0 * u - 1.0) * (self.high - self.central)
        return np.where(u < 0.5, below, above)

    @classmethod
    def exactly(cls, value: float, unit: str) -> Interval:
        """An interval without width."""
        return cls(value, value, value, unit)


@dataclass(frozen=True, slots=True)
class Discount:
    """Discount of one buyer's barrels and the benchmark it is taken from."""

    usd_bbl: Interval
    benchmark: float  # USD/bbl, average of `year`
    year: int


@dataclass(frozen=True, eq=False)
class Judged:
    """Everything about lifelines that the engine cannot know, as of one date."""

    target: str
    as_of: str
    claims: Sequence[Claim]
    priors: Priors

    @classmethod
    def load(cls, target: str, as_of: str, claims: Sequence[Claim]) -> Judged:
        """With the priors in use on the date."""
        return cls(target, as_of, claims, load_priors(as_of))

    def prior(self, key: str) -> Interval:
        """One judgement parameter."""
        p = self.priors[key]
        return Interval(p.low, p.central, p.high, p.unit, (f"prior:{p.key}",), judgement=True, note=p.reason)

    def caught(self, channel: str, instrument: str) -> Interval:
        """delta, chance that a channel is caught by a country-wide measure or a listing."""
        return self.prior(f"delta.{channel}.{instrument}")

    @property
    def replacement(self) -> Interval:
        """Cost of replacing the target's resource by another source, fraction of value."""
        return self.prior("replacement_cost_share")

    @property
    def extra_cost(self) -> Interval:
        """Extra freight, insurance and financing of a shielded barrel, USD/bbl."""
        low, central, high = self.priors.extra_cost()
        keys = tuple(f"prior:extra_cost.{part}" for part in ("freight", "insurance", "financing"))
        return Interval(low, central, high, "USD/bbl", keys, judgement=True)

    @property
    def influence(self) -> Interval:
        """Worth of influence beyond money, bn USD a year."""
        return self.prior("influence.default")

    def discount(self, supporter: str) -> Discount | None:
        """The newest discount a claim gives for this buyer, or for any buyer; None where no claim does."""
        names = [t for t in topics() if t.startswith(f"{self.target}.") and t.endswith("discount_usd_bbl")]
        for topic in sorted(names, key=lambda t: "delivered" not in t):
            for who in (supporter, ""):
                strict = latest(self.claims, topic, "strict", supporter=who, as_of=self.as_of)
                broad = latest(self.claims, topic, "broad", supporter=who, as_of=self.as_of)
                one = strict if strict.known else broad
                if not one.known or one.central is None:
                    continue
                ends = [x for x in (one.low, one.central, one.high, broad.low, broad.high) if x is not None]
                year = one.year or int(self.as_of[:4])
                interval = Interval(
                    max(min(ends), 0.0),
                    one.central,
                    max(ends),
                    "USD/bbl",
                    tuple(f"claim:{i}" for i in broad.claims or one.claims),
                )
                return Discount(interval, brent(_priced(year)), year)
        return None

    def stake(self, topic_names: Sequence[str]) -> Interval | None:
        """Business of listed carriers, bn USD a year; None where no claim gives a number."""
        for topic in topic_names:
            one = latest(self.claims, topic, "broad", as_of=self.as_of)
            if one.known and one.central is not None:
                low = one.low if one.low is not None else one.central
                high = one.high if one.high is not None else one.central
                return Interval(low, one.central, high, one.unit, tuple(f"claim:{i}" for i in one.claims))
        return None

    def named(self) -> set[str]:
        """Supporters that claims name for this target."""
        return {c.supporter for c in self.claims if c.target == self.target and c.supporter}

    def about(self, supporter: str, channel: str | None = None) -> list[Claim]:
        """Claims on one lifeline."""
        return [
            c
            for c in self.claims
            if c.target == self.target
            and c.supporter == supporter
            and (channel is None or c.channel in (channel, None))
        ]


def _priced(year: int) -> int:
    """Years the benchmark table covers; later claims are priced at its last year."""
    return int(np.clip(year, 2011, 2026))
