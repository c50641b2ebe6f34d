"""Rents that were there in the base year, taken into the base and not applied as a shock."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tertius.scenario.wedge import Wedges
    from tertius.world.model import World


def rebase(world: World, rents: Wedges) -> World:
    """Return the world in which these rents are collected: users pay more, the rest is the buyer's revenue.

    What sellers get stays. Users' spending on s in n rises by the rent, shared by industry and final demand
    as they share the sector today, so value added falls by what industry pays more, revenue rises by all of
    it, and the deficit stays.

    Raises
    ------
    DataError : a rent so large that some industry's value added turns negative.
    """
    if not len(rents):
        return world
    at = (rents.sector, rents.exporter, rents.importer)
    tariff = np.array(world.tariff)
    np.add.at(tariff, at, rents.tariff)
    spending = (world.sales * (1.0 + tariff)).sum(axis=1)
    grows = np.divide(spending, world.spending, out=np.ones_like(spending), where=world.spending > 0)
    return replace(world, tariff=tariff, inputs=world.inputs * grows.T[:, :, None])
