"""The as-of world: the base year with what was in force, and known, on a later date taken into the base.

Tariffs in force on the date enter the base wedge, not a shock. Levels observed since replace the base year's,
relative to it. Axes: s sector, i exporter, n importer. Million USD of the base year; nothing is revalued.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tertius import countries
from tertius.world.concord import GOODS
from tertius.world.model import SECTORS, World

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Array = NDArray[np.float64]


def as_of_world(world: World, on: date) -> World:
    """Take the tariff schedule in force and the levels known on a date into the base.

    Sales keep the base year's pattern except in observed cells: a fall of one seller's cell goes to the
    buyer's other sellers in proportion, and the seller's lost sales to its other buyers, so totals of both
    stay. Spending rises with the new tariffs; inputs rise with spending; `notes` says by how much the base
    moved.

    Parameters
    ----------
    world : the base year.
    on : the as-of date; a date before every change returns the world as it is.
    """
    added, reasons = tariff_change(world, on)
    sales, moved = _observed(world, on)
    if not reasons and not moved:
        return world
    tariff = world.tariff + added
    before = world.spending
    after = (sales * (1.0 + tariff)).sum(axis=1)
    growth = np.divide(after, before, out=np.ones_like(after), where=before > 0)
    inputs = _affordable(world.inputs * growth.T[:, :, None], sales)
    shadow = np.minimum(world.shadow, sales)
    out = replace(world, sales=sales, tariff=tariff, inputs=inputs, shadow=shadow)
    usa = world.countries.index("USA")
    imports = world.sales[:, :, usa].sum() - np.einsum("sii->si", world.sales)[:, usa].sum()
    note = (
        f"{len(reasons)} tariff changes in force on {on} taken into the base: the US rate on goods and "
        f"services imports moves from {world.revenue[usa] / imports:.1%} to {out.revenue[usa] / imports:.1%} "
        "of their value"
    )
    return replace(out, notes=dict(world.notes) | {"as_of": "; ".join([note, *moved])})


def tariff_change(world: World, on: date) -> tuple[Array, tuple[str, ...]]:
    """Return the rates added by the schedule in force on a date, (s, i, n), and their sources."""
    schedule = _schedule()
    cover = np.array([schedule["coverage"].get(s, 0.0) for s in SECTORS])
    added = np.zeros_like(world.tariff)
    reasons: list[str] = []
    for entry in schedule["tariffs"]:
        if not (entry["from"] <= on and (entry.get("until") is None or on < entry["until"])):
            continue
        rows = [world.countries.index(c) for c in _exporters(entry, world, on)]
        n = world.countries.index(entry["importer"])
        added[:, rows, n] += (entry["add"] * cover)[:, None]
        reasons.append(entry["source"])
    np.einsum("sii->si", added)[...] = 0.0
    return added, tuple(reasons)


def _exporters(entry: Mapping[str, Any], world: World, on: date) -> list[str]:
    if entry["exporters"] == "all":
        skipped = {*entry.get("except", ()), entry["importer"]}
        return [c for c in world.countries if c not in skipped]
    named: list[str] = []
    for word in entry["exporters"]:
        named += countries.members(word, on) if word in countries.GROUPS else [word]
    return [c for c in dict.fromkeys(named) if c in world.countries]


def _observed(world: World, on: date) -> tuple[Array, list[str]]:
    """Scale observed cells and let the rest of both partners' trade take up the difference."""
    sales, notes = world.sales.copy(), []
    for entry in _schedule()["observed"]:
        if entry["said"] > on or entry["base_year"] != world.year:
            continue
        i, n = world.countries.index(entry["exporter"]), world.countries.index(entry["importer"])
        ratio = entry["goods_bn"] / entry["base_bn"]
        for s in range(*GOODS.indices(len(SECTORS))):
            _move(sales[s], i, n, (1.0 - ratio) * sales[s, i, n])
        notes.append(
            f"{entry['exporter']} -> {entry['importer']} goods scaled by {ratio:.3f} "
            f"({entry['goods_bn']} bn USD in {entry['about']} against {entry['base_bn']} in "
            f"{entry['base_year']}; {entry['source']})"
        )
    return sales, notes


def _move(flows: Array, i: int, n: int, lost: float) -> None:
    """Take `lost` off cell (i, n): n's other sellers and i's other buyers take it up, totals kept."""
    others_sell, others_buy = flows[:, n].copy(), flows[i].copy()
    for line in (others_sell, others_buy):
        line[[i, n]] = 0.0
    if others_sell.sum() <= 0 or others_buy.sum() <= 0:
        return
    flows[i, n] -= lost
    flows[:, n] += lost * others_sell / others_sell.sum()
    flows[i] += lost * others_buy / others_buy.sum()


def _affordable(inputs: Array, sales: Array) -> Array:
    """Keep inputs below output, so that dearer imports never push value added under zero."""
    output = sales.sum(axis=2).T
    cost = np.maximum(inputs.sum(axis=1), 1e-12)
    return np.asarray(inputs * np.minimum(1.0, 0.999 * output / cost)[:, None, :])


@lru_cache(maxsize=1)
def _schedule() -> Mapping[str, Any]:
    from ruamel.yaml import YAML

    text = (resources.files("tertius.world") / "data" / "as_of.yaml").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = YAML(typ="safe").load(text)
    return loaded
