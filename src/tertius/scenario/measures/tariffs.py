"""Tariff and secondary tariff: rates the sender's importers pay and the sender collects.

t' = t + rate on (sectors, exporter, importer S). The exporter is the target for a tariff, and every partner
of the target for a secondary one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import BeforeValidator, Field

from tertius.scenario.fields import Country, Rate, Sectors, Threshold, sector_words
from tertius.scenario.legal import Role
from tertius.scenario.measures.base import Measure, percent, suffix
from tertius.scenario.scope import SECTOR_GROUPS, Flow, Scope, cells, flow_cells
from tertius.scenario.wedge import Wedges

if TYPE_CHECKING:
    from tertius.world.model import World


class Tariff(Measure):
    """The senders tax what they buy from the target."""

    strength = ("rate",)

    type: Literal["tariff"] = "tariff"
    rate: Rate
    sectors: Sectors = SECTOR_GROUPS["goods"]

    @property
    def scope(self) -> Scope:
        """The taxed sectors of the target's exports."""
        return Scope(self.sectors, "exports")

    def effect(self, world: World, senders: tuple[str, ...], other: str) -> Wedges:
        """Add the rate to the senders' imports from `other`."""
        return Wedges.cells(cells(world, self.sectors, (other,), senders), tariff=self.rate)

    def line(self) -> str:
        """Write the measure in the one-line grammar."""
        on = "" if self.sectors == SECTOR_GROUPS["goods"] else f" on {sector_words(self.sectors)}"
        return f"tariff {percent(self.rate)}{on}{suffix(self, 'primary')}"


def _as_threshold(value: Any) -> Any:
    """Read "1%" or "100 usd_mn"; raises ValueError."""
    if not isinstance(value, str | int | float):
        return value
    text = str(value).strip()
    if money := re.fullmatch(r"(\d+(?:\.\d+)?)\s*usd[_ ]mn", text):
        return {"usd_mn": float(money[1])}
    if text.endswith("%"):
        return {"share": text}
    raise ValueError(f'"{value}" has no unit; write 1% of the target\'s trade, or 100 usd_mn a year')


class SecondaryTariff(Measure):
    """The senders tax everything they buy from states that trade with the target."""

    strength = ("rate", "threshold", "partner_sectors", "partner_flow")

    type: Literal["secondary_tariff"] = "secondary_tariff"
    role: Role = "threat"
    rate: Rate
    sectors: Sectors = Field(SECTOR_GROUPS["goods"], description="imports from the partner that are taxed")
    of: Country | None = Field(None, description="the target; checked against the scenario's")
    threshold: Annotated[Threshold, BeforeValidator(_as_threshold)] = Field(
        Threshold(share=0.0), description="trade with the target above which a state is a partner"
    )
    partner_sectors: Sectors = Field(SECTOR_GROUPS["all"], description="trade that makes a state a partner")
    partner_flow: Flow = Field("both", description="that trade, as the target sees it")

    @property
    def scope(self) -> Scope:
        """The trade that makes a state a partner."""
        return Scope(self.partner_sectors, self.partner_flow)

    def partners(self, world: World, target: str) -> tuple[str, ...]:
        """Return the states whose trade with the target, recorded and shadow, exceeds the threshold."""
        t = world.country(target)
        others = [c for c in world.countries if c != target]
        counted = world.sales * flow_cells(world, self.partner_sectors, self.partner_flow, others, target)
        trade = counted[:, t, :].sum(axis=0) + counted[:, :, t].sum(axis=0)
        floor = self.threshold.usd_mn
        if floor is None:
            floor = (self.threshold.share or 0.0) * float(trade.sum())
        return tuple(world.countries[k] for k in np.nonzero(trade > floor)[0])

    def apply(self, world: World, target: str) -> Wedges:
        """Tax every partner at once (the enforced world); nothing while it is only a threat."""
        if self.role == "threat":
            return Wedges.none()
        senders = self.sender_codes()
        hit = [k for k in self.partners(world, target) if k not in senders]
        return Wedges.cells(cells(world, self.sectors, hit, senders), tariff=self.rate)

    def enforce(self, world: World, supporter: str, target: str) -> Wedges:
        """Tax one supporter, if it is a partner of the target."""
        if supporter not in self.partners(world, target):
            return Wedges.none()
        return super().enforce(world, supporter, target)

    def effect(self, world: World, senders: tuple[str, ...], other: str) -> Wedges:
        """Add the rate to everything the senders buy from `other`."""
        return Wedges.cells(cells(world, self.sectors, (other,), senders), tariff=self.rate)

    def line(self) -> str:
        """Write the measure in the one-line grammar."""
        who = {"both": "partners of", "exports": "buyers from", "imports": "suppliers to"}[self.partner_flow]
        line = f"secondary_tariff {percent(self.rate)} on "
        line += f"{who} {self.of}" if self.of else who.split()[0]
        if self.partner_sectors != SECTOR_GROUPS["all"]:
            line += f" in {sector_words(self.partner_sectors)}"
        if self.sectors != SECTOR_GROUPS["goods"]:
            line += f" taxing {sector_words(self.sectors)}"
        if self.threshold != Threshold(share=0.0):
            line += f" above {self.threshold}"
        return line + suffix(self, "threat")
