"""Which cells of the trade matrix a measure means: sectors, direction, channel, and what is carved out.

Axes: s sector, i exporter, n importer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from tertius.scenario.wedge import Wedges
from tertius.world.model import SECTORS, World

if TYPE_CHECKING:
    from collections.abc import Iterable

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

Flow = Literal["exports", "imports", "both"]  # always seen from the target
Exempt = Literal["food", "medicine"]

SERVICES = ("tourism_transport", "other_services")

#: Words that stand for several sectors.
SECTOR_GROUPS: dict[str, tuple[str, ...]] = {
    "all": tuple(SECTORS),
    "goods": tuple(s for s in SECTORS if s not in SERVICES),
    "services": SERVICES,
    "oil": ("crude_oil_gas", "refined_fuels"),
}

#: Trade elasticity at which a mixture of kernel parts is folded exactly into one weight and one cost (that of
#: the `medium` horizon). Away from it the fold is close; it is exact wherever there is one part only.
FOLD_THETA = 2.0


@dataclass(frozen=True, slots=True)
class Scope:
    """What a supporter would have to stop to comply.

    Attributes
    ----------
    sectors : sector codes.
    flow : the target's exports, its imports, or both.
    coverage : phi, share of the kernel that is cut, 0 to 1.
    exempt : "food" and "medicine" are carved out of the target's imports.
    """

    sectors: tuple[str, ...]
    flow: Flow = "both"
    coverage: float = 1.0
    exempt: tuple[Exempt, ...] = ()

    def cut(self, world: World, supporter: str, target: str, channel: str = "both") -> Wedges:
        """Cut one lifeline within this scope: B -> (1 - share_c phi) B on the kernel weight.

        `channel` is "open", "shielded" or "both"; aid, security and verbal carry no trade and change nothing.
        """
        if channel not in ("open", "shielded", "both"):
            return Wedges.none()
        lost = channel_share(world, channel) * self.coverage
        cells = flow_cells(world, self.sectors, self.flow, (supporter,), target)
        lost = lost * (1.0 - exempt_share(world, target, self.exempt))
        return Wedges.cells(cells & (lost > 0), weight=1.0 - lost)


def channel_share(world: World, channel: str) -> Array:
    """Share of each cell that runs through a channel, (s, i, n): shadow trade is the shielded one."""
    if channel == "both":
        return np.ones_like(world.sales)
    shadow = np.divide(world.shadow, world.sales, out=np.zeros_like(world.sales), where=world.sales > 0)
    shielded: Array = np.clip(shadow, 0.0, 1.0)
    return shielded if channel == "shielded" else np.asarray(1.0 - shielded)


def cells(world: World, sectors: Iterable[str], exporters: Iterable[str], importers: Iterable[str]) -> Mask:
    """Mask of (s, i, n): these sectors from these exporters to these importers, never a home cell.

    Raises
    ------
    UnknownNameError : a country or sector the world does not have.
    """
    mask = np.zeros(world.sales.shape, dtype=bool)
    rows = [world.sector(s) for s in sectors if s in world.sectors or s not in SECTORS]
    mask[np.ix_(rows, [world.country(c) for c in exporters], [world.country(c) for c in importers])] = True
    home = np.arange(len(world.countries))
    mask[:, home, home] = False
    return mask


def flow_cells(world: World, sectors: Iterable[str], flow: Flow, others: Iterable[str], target: str) -> Mask:
    """Mask of the target's trade with others in one direction or both."""
    sectors, others = tuple(sectors), tuple(others)
    mask = np.zeros(world.sales.shape, dtype=bool)
    if flow in ("exports", "both"):
        mask |= cells(world, sectors, (target,), others)
    if flow in ("imports", "both"):
        mask |= cells(world, sectors, others, (target,))
    return mask


def exempt_share(world: World, target: str, exempt: Iterable[Exempt]) -> Array:
    """Share of each cell that the carve-out protects, (s, i, n): the target's food and medicine imports."""
    share = np.zeros(world.sales.shape)
    n, exempt = world.country(target), tuple(exempt)
    if "food" in exempt and "agri_food" in world.sectors:
        share[world.sector("agri_food"), :, n] = 1.0
    if "medicine" in exempt and "chemicals" in world.sectors:
        share[world.sector("chemicals"), :, n] = world.medicine[n]
    return share


def fold(parts: Iterable[tuple[Array | float, float]]) -> tuple[Array, Array]:
    """Fold kernel parts (share, cost factor) of one cell into one weight and one cost.

    sum_p w_p c_p^-theta  ->  W C^-theta,   W = sum_p w_p,   C = (sum_p w_p c_p^-theta / W)^(-1/theta)

    Exact at FOLD_THETA, and at every elasticity where all parts but one are empty or all costs are 1.
    """
    shares, costs = zip(*parts, strict=True)
    arrays = np.broadcast_arrays(*(np.asarray(w, dtype=np.float64) for w in shares))
    weight = np.asarray(sum(arrays), dtype=np.float64)
    kernel = sum(w * c**-FOLD_THETA for w, c in zip(arrays, costs, strict=True))
    ratio = np.divide(kernel, weight, out=np.ones_like(weight), where=weight > 0)
    return weight, np.asarray(ratio ** (-1.0 / FOLD_THETA))
