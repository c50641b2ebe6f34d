"""Rebuild a world from raw files: read, seed, balance, overlay the shadow trade, check, write."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tertius.errors import DataError
from tertius.world.balance import Accounts, Progress, balance
from tertius.world.checks import magnitudes, quality_shares
from tertius.world.concord import SECTOR_NAMES
from tertius.world.energy import build_energy
from tertius.world.goods import goods_trade
from tertius.world.model import QUALITY, World
from tertius.world.seed import Seed, build_seed
from tertius.world.services import overrides
from tertius.world.shadow import apply_overlay, raise_home, read_entries
from tertius.world.snapshot import READINGS, write_snapshot
from tertius.world.sources import Sources, read_sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Array = NDArray[np.float64]

#: Economies outside BACI's 2023 file that have accounts of their own; everything else is in ROW.
ADDED = ("AND", "CUB", "PRK", "PSE", "STP", "TWN", "WSM")

#: The year the shadow entries speak about.
SHADOW_YEAR = 2023

ESTIMATED = QUALITY.index("estimated")

_SMALL = 1e-3  # million USD; trade cells below a thousand dollars are left out


def build_world(
    sources: Sources, year: int, *, progress: Progress | None = None
) -> tuple[dict[str, World], dict[str, Any]]:
    """Build every reading of one year; returns the worlds and the report stored with them."""
    countries = (*sorted(set(sources.baci_countries) | set(ADDED)), "ROW")
    goods = goods_trade(sources, countries, year, overrides(year))
    seed = build_seed(sources, goods, countries, year)
    solved = balance(seed.accounts, seed.trust, seed.tariff, seed.margins, progress=progress)
    recorded = _world(year, countries, seed, solved.accounts)
    worlds = {"recorded": recorded}
    for reading in READINGS[1:]:
        worlds[reading] = _shadowed(recorded, reading)
    checks = magnitudes(recorded)
    outside = [
        f"world {year}: {c['name']} is {c['found']:.4g}, expected {c['expected']}"
        for c in checks
        if not c["ok"]
    ]
    if outside:
        raise DataError(outside)
    return worlds, {
        "balance": {"sweeps": solved.sweeps, "gap": solved.gap, "margins": solved.residuals},
        "checks": checks,
        "quality": {reading: quality_shares(world) for reading, world in worlds.items()},
        "reexports": {
            c: round(float(v), 1) for c, v in zip(countries, goods.reexports, strict=True) if v > 0
        },
    }


def _shadowed(recorded: World, reading: str) -> World:
    """One reading of the shadow trade; years without an overlay keep their recorded trade."""
    if recorded.year != SHADOW_YEAR:
        return replace(recorded, shadow_reading=reading)
    return _rounded(apply_overlay(recorded, read_entries(), reading))


def _rounded(world: World) -> World:
    """Return the same world in the precision it is stored in, adding-up intact."""
    sales = world.sales.astype(np.float32).astype(np.float64)
    return replace(
        world,
        sales=sales,
        shadow=np.minimum(world.shadow.astype(np.float32).astype(np.float64), sales),
        inputs=_fitting(world.inputs, sales, world.tariff),
    )


def _world(year: int, countries: Sequence[str], seed: Seed, accounts: Accounts) -> World:
    sales = np.where(accounts.sales >= _SMALL, accounts.sales, 0.0)
    np.einsum("sii->si", sales)[...] = np.einsum("sii->si", accounts.sales)
    raised = raise_home(sales)
    quality = seed.quality.copy()
    np.einsum("sii->si", quality)[raised] = ESTIMATED
    rounded = sales.astype(np.float32).astype(np.float64)
    tariff = seed.tariff.astype(np.float32).astype(np.float64)
    return World(
        year=year,
        shadow_reading="recorded",
        countries=tuple(countries),
        sectors=SECTOR_NAMES,
        sales=rounded,
        shadow=np.zeros_like(rounded),
        tariff=tariff,
        inputs=_fitting(accounts.inputs, rounded, tariff),
        quality=quality,
        medicine=seed.medicine,
        snapshot="not yet written",
        notes=dict(seed.notes),
    )


def _fitting(inputs: Array, sales: Array, tariff: Array) -> Array:
    """Shrink inputs by the rounding of sales, so that value added and final demand stay at or above zero."""
    output, spending = sales.sum(axis=2), (sales * (1.0 + tariff)).sum(axis=1)
    out = inputs * np.minimum(1.0, 0.999999 * output.T / np.maximum(inputs.sum(axis=1), 1e-12))[:, None, :]
    out = out * np.minimum(1.0, 0.999999 * spending.T / np.maximum(out.sum(axis=2), 1e-12))[:, :, None]
    return np.asarray((out * (1.0 - 1e-7)).astype(np.float32).astype(np.float64))


def build(
    folder: Path, out: Path, *, years: Sequence[int] = (2023, 2015), progress: Progress | None = None
) -> dict[int, str]:
    """Build the worlds of several years and write one snapshot each; returns year -> content hash."""
    sources = read_sources(folder)
    digests: dict[int, str] = {}
    for year in years:
        worlds, report = build_world(sources, year, progress=progress)
        digests[year] = write_snapshot(out / f"world_{year}.npz", worlds, report)
    build_energy(folder, out / "energy.npz")
    return digests
