"""Aid, credit and supply pacts: what a supporter gives.

They change no trade cost; leverage reads their yearly value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from tertius.scenario.fields import Country, Sectors, ShareRate, sector_words
from tertius.scenario.measures.base import Measure, percent, suffix
from tertius.scenario.prices import brent, price_year
from tertius.scenario.wedge import Wedges

if TYPE_CHECKING:
    from tertius.world.model import World

_DAYS = 365


class _Support(Measure):
    """Something a supporter gives the target, by the year."""

    supporter: Country

    def effect(self, world: World, senders: tuple[str, ...], other: str) -> Wedges:  # noqa: ARG002
        """Change no cell."""
        return Wedges.none()

    def apply(self, world: World, target: str) -> Wedges:  # noqa: ARG002
        """Change no cell. Support needs no sender."""
        return Wedges.none()


class Aid(_Support):
    """Grants."""

    strength = ("usd_mn",)

    type: Literal["aid"] = "aid"
    usd_mn: float = Field(gt=0, description="million USD a year")

    def value(self, world_year: int) -> float:  # noqa: ARG002
        """Million USD a year that reach the target."""
        return self.usd_mn

    def line(self) -> str:
        """Write the measure in the one-line grammar."""
        return f"aid {self.usd_mn:.10g} usd_mn from {self.supporter}{suffix(self, 'primary')}"


class Credit(_Support):
    """Loans; the grant element is what need not be paid back in present value."""

    strength = ("usd_mn", "grant_element")

    type: Literal["credit"] = "credit"
    usd_mn: float = Field(gt=0, description="million USD drawn a year")
    grant_element: ShareRate = Field(0.0, description="share that amounts to a gift")

    def value(self, world_year: int) -> float:  # noqa: ARG002
        """Million USD a year that reach the target; the grant element alone is a gift."""
        return self.usd_mn

    def line(self) -> str:
        """Write the measure in the one-line grammar."""
        gift = f" grant {percent(self.grant_element)}" if self.grant_element else ""
        return f"credit {self.usd_mn:.10g} usd_mn from {self.supporter}{gift}{suffix(self, 'primary')}"


class SupplyPact(_Support):
    """A promised volume."""

    strength = ("kb_per_day", "price")

    type: Literal["supply_pact"] = "supply_pact"
    kb_per_day: float = Field(gt=0, description="thousand barrels a day")
    sectors: Sectors = ("crude_oil_gas",)
    price: float | None = Field(None, gt=0, description="USD a barrel; empty: Brent of the year")

    def value(self, world_year: int) -> float:
        """Million USD a year: kb/d x 365 days x price."""
        price = self.price or brent(price_year(self.dates.said, world_year))
        return self.kb_per_day * _DAYS * price / 1000.0

    def line(self) -> str:
        """Write the measure in the one-line grammar."""
        line = f"supply_pact {self.kb_per_day:.10g} kb/d"
        if self.sectors != ("crude_oil_gas",):
            line += f" of {sector_words(self.sectors)}"
        line += f" from {self.supporter}"
        if self.price is not None:
            line += f" price {self.price:g} usd/bbl"
        return line + suffix(self, "primary")
