"""Iran's partners before its measures, put into the world of 2015, which already lacks what they took away.

Axes: s sector, i exporter, n importer. Million USD of 2015.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from tertius.report.validation.bench import GOODS

if TYPE_CHECKING:
    from tertius.report.validation.bench import Array, Bench
    from tertius.world import World


def partners_of_2005(bench: Bench) -> World:
    """Divide Iran's goods trade of 2015, sector by sector, over partners as all its goods were in 2005."""
    world, t = bench.before, bench.before.country("IRN")
    exports, imports = read_partners(world)
    sales = world.sales.copy()
    for s in (world.sector(code) for code in GOODS):
        # A buyer that uses nothing of a sector, or a seller that makes nothing of it, takes no part.
        sales[s, t] = _divided(sales[s, t], exports * (world.spending[s] > 0), t)
        sales[s, :, t] = _divided(sales[s, :, t], imports * (world.output[s] > 0), t)
    return replace(world, sales=sales, inputs=_fitting(world, sales))


def _divided(line: Array, weights: Array, home: int) -> Array:
    """Divide a line's foreign total by weights, the home cell kept."""
    total = line.sum() - line[home]
    share = np.where(np.arange(len(line)) == home, 0.0, weights)
    out = total * share / share.sum()
    out[home] = line[home]
    return np.asarray(out)


def _fitting(world: World, sales: Array) -> Array:
    """Let inputs follow spending, and keep them below output."""
    spending, output = (sales * (1.0 + world.tariff)).sum(axis=1), sales.sum(axis=2).T
    grown = np.divide(spending, world.spending, out=np.ones_like(spending), where=world.spending > 0)
    inputs = world.inputs * grown.T[:, :, None]
    cost = np.maximum(inputs.sum(axis=1), 1e-12)
    return np.asarray(inputs * np.minimum(1.0, 0.999 * output / cost)[:, None, :])


def read_partners(world: World) -> tuple[Array, Array]:
    """Iran's exports and imports of 2005 by partner, (n,) each; partners outside the world are left out."""
    text = (resources.files("tertius.report.validation") / "iran_2005.csv").read_text(encoding="utf-8")
    exports, imports = np.zeros(len(world.countries)), np.zeros(len(world.countries))
    for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
        if row["partner"] in world.countries:
            n = world.country(row["partner"])
            exports[n], imports[n] = float(row["exports"]), float(row["imports"])
    return exports, imports
