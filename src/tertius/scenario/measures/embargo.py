"""Embargo and export control: trade that stops, all of it or a share.

w = m + (1 - m) [ (1 - phi) + phi lambda (1 + c)^-theta ]

is the factor on the kernel weight of a cell: m the exempt share, phi coverage, lambda the share of the cut
kernel that leaks at the extra iceberg cost c. With m = lambda = 0 and phi = 1 it is exactly zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from tertius.scenario.fields import Rate, Sectors, ShareRate, as_sectors, sector_words
from tertius.scenario.measures.base import Measure, percent, suffix
from tertius.scenario.scope import Exempt, Flow, Scope, exempt_share, flow_cells, fold
from tertius.scenario.wedge import Wedges

if TYPE_CHECKING:
    from tertius.world.model import World


class _Stop(Measure):
    """Trade that stops: what embargo and export control share."""

    strength = ("coverage", "leakage", "leak_cost", "exempt")

    sectors: Sectors
    coverage: ShareRate = Field(1.0, description="phi, share of the kernel that is cut")
    leakage: ShareRate = Field(
        0.0, description="lambda, share of the cut kernel that goes on at an extra cost"
    )
    leak_cost: Rate = Field(0.0, description="that extra cost, as an iceberg rate")
    exempt: tuple[Exempt, ...] = Field(
        ("food", "medicine"), description="carved out of the target's imports; [] for nothing"
    )

    @property
    def flow(self) -> Flow:
        """The target's exports, its imports, or both."""
        raise NotImplementedError

    @property
    def scope(self) -> Scope:
        """The same sectors and direction, cut by the same share."""
        return Scope(self.sectors, self.flow, self.coverage, self.exempt)

    @model_validator(mode="before")
    @classmethod
    def _food_named(cls, data: Any) -> Any:
        # Naming food among a few sectors and exempting it by default would silently do nothing.
        if (
            isinstance(data, dict)
            and "exempt" not in data
            and isinstance(data.get("sectors"), list | tuple | str)
        ):
            try:
                sectors = as_sectors(data["sectors"])
            except ValueError:
                return data
            if sectors == ("agri_food",) and data.get("direction", "imports") != "exports":
                raise ValueError(
                    "agri_food imports are exempt unless exempt: [] is given; nothing would be cut"
                )
        return data

    def effect(self, world: World, senders: tuple[str, ...], other: str) -> Wedges:
        """Cut the kernel weight of the senders' trade with `other`."""
        kept = exempt_share(world, other, self.exempt)
        mask = flow_cells(world, self.sectors, self.flow, [s for s in senders if s != other], other) & (
            kept < 1
        )
        hit = (1.0 - kept) * self.coverage
        weight, cost = fold([(1.0 - hit, 1.0), (hit * self.leakage, 1.0 + self.leak_cost)])
        mask &= (weight < 1.0) | (cost > 1.0)
        return Wedges.cells(mask, weight=np.where(mask, weight, 1.0), cost=cost)

    def _how(self) -> str:
        words = "" if self.coverage == 1 else f" {percent(self.coverage)}"
        if self.leakage:
            words += f" leak {percent(self.leakage)}"
            words += f" at {percent(self.leak_cost)}" if self.leak_cost else ""
        if self.exempt != ("food", "medicine"):
            words += " exempt " + (",".join(self.exempt) or "nothing")
        return words + suffix(self, "primary")


class Embargo(_Stop):
    """The senders stop buying from the target (exports), selling to it (imports), or both."""

    type: Literal["embargo"] = "embargo"
    direction: Flow = Field("both", description="as the target sees it: its exports, its imports, or both")

    @property
    def flow(self) -> Flow:
        """The direction, as the target sees it."""
        return self.direction

    def line(self) -> str:
        """Write the measure in the one-line grammar."""
        return f"embargo {sector_words(self.sectors)} {self.direction}{self._how()}"


class ExportControl(_Stop):
    """The senders stop selling some goods to the target."""

    type: Literal["export_control"] = "export_control"

    @property
    def flow(self) -> Flow:
        """Exports of the senders are imports of the target."""
        return "imports"

    def line(self) -> str:
        """Write the measure in the one-line grammar."""
        return f"export_control {sector_words(self.sectors)}{self._how()}"
