"""Entity listing: the named carriers of one channel of a supporter lose the sender's market and banks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from tertius.scenario.fields import Countries, Sectors, sector_words
from tertius.scenario.legal import Role
from tertius.scenario.measures.base import Measure, suffix
from tertius.scenario.scope import SECTOR_GROUPS, Flow, Scope
from tertius.scenario.wedge import Wedges

if TYPE_CHECKING:
    from tertius.world.model import World


class EntityListing(Measure):
    """The carriers of a channel are listed; claims, not the engine, say what they stand to lose."""

    strength = ("stake",)

    type: Literal["entity_listing"] = "entity_listing"
    role: Role = "threat"
    channel: Literal["open", "shielded"]
    supporters: Countries = Field(min_length=1)
    sectors: Sectors = Field(SECTOR_GROUPS["all"], description="trade the listed firms carry")
    flow: Flow = Field("both", description="that trade, as the target sees it")
    stake: tuple[str, ...] = Field(
        (), description="claim topics that put a number on the listed firms' business"
    )

    @property
    def scope(self) -> Scope:
        """The trade the listed firms carry."""
        return Scope(self.sectors, self.flow)

    def hits(self, supporter: str, channel: str) -> bool:
        """Whether a lifeline's carriers are among those listed."""
        return supporter in self.supporters and channel == self.channel

    def effect(self, world: World, senders: tuple[str, ...], other: str) -> Wedges:  # noqa: ARG002
        """Change no cell: a listing hits firms, and their stake is read from claims."""
        return Wedges.none()

    def line(self) -> str:
        """Write the measure in the one-line grammar."""
        line = f"entity_listing {self.channel} of {','.join(self.supporters)}"
        if (self.sectors, self.flow) != (SECTOR_GROUPS["all"], "both"):
            line += f" in {sector_words(self.sectors)} {self.flow}"
        if self.stake:
            line += f" stake {','.join(self.stake)}"
        return line + suffix(self, "threat")
