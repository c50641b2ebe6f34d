"""Price cap and discount: rents the buyer collects, both the same wedge.

Users in the buyer pay the benchmark price P, the seller gets (1 - d) P, and the buyer keeps the rest:

    t_d = d / (1 - d)          t_cap = P / P_cap - 1 where the cap binds

A discount is a fact of the base year (`base` puts it there); "discount gone" takes it away again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field, model_validator

from tertius.scenario.fields import Countries, Country, Rate, Sectors, ShareRate, sector_words
from tertius.scenario.measures.base import Measure, percent, suffix
from tertius.scenario.prices import brent, price_year
from tertius.scenario.scope import Scope, cells, channel_share
from tertius.scenario.wedge import Wedges

if TYPE_CHECKING:
    from tertius.world.model import World

_OIL = ("crude_oil_gas",)


class PriceCap(Measure):
    """Buyers pay the target no more than a cap, and keep the difference."""

    strength = ("cap", "wedge", "price", "coverage")

    type: Literal["price_cap"] = "price_cap"
    sectors: Sectors = _OIL
    cap: float | None = Field(None, gt=0, description="USD a barrel")
    wedge: Rate | None = Field(
        None, description="instead of a cap: the rent as a rate on what the seller gets"
    )
    price: float | None = Field(
        None, gt=0, description="USD a barrel without the cap; empty: Brent of the year"
    )
    buyers: Countries = Field((), description="empty: every buyer but the senders")
    coverage: ShareRate = Field(1.0, description="share of the trade that respects the cap")

    @model_validator(mode="after")
    def _one(self) -> PriceCap:
        if (self.cap is None) == (self.wedge is None):
            raise ValueError("give either cap (usd/bbl) or wedge (a rate)")
        if self.cap is not None and self.sectors not in (_OIL, ("refined_fuels",)):
            raise ValueError(
                "a cap in usd/bbl needs one oil sector (crude_oil_gas or refined_fuels); else give wedge"
            )
        return self

    @property
    def scope(self) -> Scope:
        """The capped exports."""
        return Scope(self.sectors, "exports", self.coverage)

    def rate(self, world_year: int) -> float:
        """Rent as a rate on what the seller gets; 0 where the cap does not bind."""
        if self.wedge is not None or self.cap is None:
            return (self.wedge or 0.0) * self.coverage
        price = self.price or brent(price_year(self.dates.said, world_year))
        return self.coverage * max(0.0, price / self.cap - 1.0)

    def effect(self, world: World, senders: tuple[str, ...], other: str) -> Wedges:
        """Add the rent to what the buyers pay for the exports of `other`."""
        buyers = self.buyers or tuple(c for c in world.countries if c not in senders)
        rate = self.rate(world.year)
        mask = cells(world, self.sectors, (other,), buyers)
        return Wedges.cells(mask & (rate > 0), tariff=rate)

    def line(self) -> str:
        """Write the measure in the one-line grammar."""
        level = f"{self.cap:g} usd/bbl" if self.cap is not None else percent(self.wedge or 0.0)
        line = f"price_cap {sector_words(self.sectors)} {level}"
        if self.price is not None:
            line += f" price {self.price:g} usd/bbl"
        if self.buyers:
            line += f" to {','.join(self.buyers)}"
        if self.coverage != 1:
            line += f" cover {percent(self.coverage)}"
        return line + suffix(self, "primary")


class Discount(Measure):
    """One buyer gets the target's goods below the benchmark; `gone` ends that."""

    strength = ("usd_per_barrel", "fraction", "price", "gone")

    type: Literal["discount"] = "discount"
    buyer: Country
    usd_per_barrel: float | None = Field(None, gt=0)
    fraction: ShareRate | None = Field(None, description="d, share of the benchmark price", lt=1)
    price: float | None = Field(None, gt=0, description="benchmark, USD a barrel; empty: Brent of the year")
    sectors: Sectors = _OIL
    channel: Literal["open", "shielded", "both"] = "both"
    gone: bool = Field(False, description="the discount ends: its wedge falls to zero")

    @model_validator(mode="after")
    def _one(self) -> Discount:
        if (self.usd_per_barrel is None) == (self.fraction is None):
            raise ValueError("give either usd_per_barrel or fraction")
        if self.usd_per_barrel is not None and self.price is not None and self.usd_per_barrel >= self.price:
            raise ValueError(
                f"a discount of {self.usd_per_barrel:g} usd/bbl eats the price of {self.price:g}"
            )
        return self

    def depth(self, world_year: int) -> float:
        """Return d, the share of the benchmark price that the buyer does not pay."""
        if self.usd_per_barrel is None:
            return self.fraction or 0.0
        return self.usd_per_barrel / (self.price or brent(price_year(self.dates.said, world_year)))

    def rate(self, world_year: int) -> float:
        """t_d = d / (1 - d), the rent as a rate on what the seller gets."""
        d = self.depth(world_year)
        return d / (1.0 - d)

    def base(self, world: World, target: str) -> Wedges:
        """Return the wedge that belongs into the base year; see `tertius.scenario.rebase`."""
        rate = self.rate(world.year) * channel_share(world, self.channel)
        mask = cells(world, self.sectors, (target,), (self.buyer,)) & (world.sales > 0) & (rate > 0)
        return Wedges.cells(mask, tariff=rate)

    def effect(self, world: World, senders: tuple[str, ...], other: str) -> Wedges:  # noqa: ARG002
        """Take the base-year rent away where the discount is gone; else it is in the base already."""
        if not self.gone:
            return Wedges.none()
        base = self.base(world, other)
        return Wedges(
            base.sector, base.exporter, base.importer, base.weight, base.cost, np.asarray(-base.tariff)
        )

    def apply(self, world: World, target: str) -> Wedges:
        """Take the rent away where the discount is gone. A discount needs no sender."""
        return Wedges.none() if self.role == "threat" else self.effect(world, self.senders, target)

    def line(self) -> str:
        """Write the measure in the one-line grammar."""
        level = (
            percent(self.fraction or 0.0)
            if self.usd_per_barrel is None
            else f"{self.usd_per_barrel:g} usd/bbl"
        )
        line = f"discount {level}"
        if self.sectors != _OIL:
            line += f" on {sector_words(self.sectors)}"
        line += f" to {self.buyer}"
        if self.price is not None:
            line += f" price {self.price:g} usd/bbl"
        if self.channel != "both":
            line += f" {self.channel}"
        return line + (" gone" if self.gone else "") + suffix(self, "primary")
