"""Financial sanction: paying each other gets dearer, and nobody collects the difference.

kappa = 1 + rate on all trade between sender and target, or, where clearing is denied everywhere, on all the
target's trade.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from tertius.scenario.fields import Rate, Sectors, sector_words
from tertius.scenario.measures.base import Measure, percent, suffix
from tertius.scenario.scope import SECTOR_GROUPS, Exempt, Scope, exempt_share, flow_cells, fold
from tertius.scenario.wedge import Wedges

if TYPE_CHECKING:
    from tertius.world.model import World


class FinancialSanction(Measure):
    """Banks, clearing and insurance denied: an iceberg cost on trade."""

    strength = ("rate", "exempt")

    type: Literal["financial_sanction"] = "financial_sanction"
    rate: Rate = Field(description="iceberg cost")
    sectors: Sectors = SECTOR_GROUPS["all"]
    reach: Literal["bilateral", "all"] = Field(
        "bilateral",
        description="the senders' trade with the target, or all the target's trade",
        alias="scope",
    )
    exempt: tuple[Exempt, ...] = Field(
        ("food", "medicine"), description="carved out of the target's imports; [] for nothing"
    )

    model_config = Measure.model_config | {"populate_by_name": True, "serialize_by_alias": True}

    @property
    def scope(self) -> Scope:
        """All trade of these sectors in both directions."""
        return Scope(self.sectors, "both", 1.0, self.exempt)

    def effect(self, world: World, senders: tuple[str, ...], other: str) -> Wedges:
        """Raise the cost of trade with `other`."""
        others = world.countries if self.reach == "all" else senders
        kept = exempt_share(world, other, self.exempt)
        mask = flow_cells(world, self.sectors, "both", [c for c in others if c != other], other) & (kept < 1)
        _, cost = fold([(kept, 1.0), (1.0 - kept, 1.0 + self.rate)])
        return Wedges.cells(mask, cost=cost)

    def line(self) -> str:
        """Write the measure in the one-line grammar."""
        line = f"financial_sanction {percent(self.rate)}"
        if self.sectors != SECTOR_GROUPS["all"]:
            line += f" on {sector_words(self.sectors)}"
        if self.reach == "all":
            line += " scope all"
        if self.exempt != ("food", "medicine"):
            line += " exempt " + (",".join(self.exempt) or "nothing")
        return line + suffix(self, "primary")
