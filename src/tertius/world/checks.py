"""Magnitudes of a built world against figures from outside it, and how well its cells are known."""

from __future__ import annotations

from typing import Any

import numpy as np

from tertius.world.concord import GOODS
from tertius.world.model import QUALITY, World

#: year -> (what, low, high, unit, source). Wide on purpose: they catch a wrong unit, year or orientation.
BENCHMARKS: dict[int, tuple[tuple[str, float, float, str, str], ...]] = {
    2023: (
        ("world GDP", 104.0, 109.0, "tn USD", "World Bank 106.2, UNSD 106.5"),
        ("goods exports, re-exports out", 19.0, 23.8, "tn USD", "WTO 23.8 with re-exports"),
        ("services exports", 7.0, 10.5, "tn USD", "WTO 7.9; ICIO adds trade margins, 9.6 in 2022"),
        ("US gross output", 45.0, 50.0, "tn USD", "BEA 48.4"),
        ("China's goods sold to the US", 380.0, 510.0, "bn USD", "US customs 427, China's 500"),
        ("Russia-China trade", 210.0, 260.0, "bn USD", "China's customs 240, goods"),
        ("crude oil and gas exports", 1.5, 2.1, "tn USD", "BACI 1.82"),
        ("Saudi crude and gas exports", 150.0, 240.0, "bn USD", "7.0 mb/d at 82 USD is 209"),
    ),
    2015: (
        ("world GDP", 73.0, 78.0, "tn USD", "World Bank 75.3, UNSD 75.0"),
        ("goods exports, re-exports out", 13.0, 16.6, "tn USD", "WTO 16.5 with re-exports"),
        ("services exports", 4.5, 7.5, "tn USD", "WTO 4.9"),
        ("US gross output", 30.0, 34.0, "tn USD", "BEA 31.6"),
        ("China's goods sold to the US", 370.0, 510.0, "bn USD", "US customs 483, China's 410"),
        ("crude oil and gas exports", 0.7, 1.2, "tn USD", "BACI 1.0"),
    ),
}


def magnitudes(world: World) -> list[dict[str, Any]]:
    """Compare the recorded world with its benchmarks: name, found, expected range, unit, source, ok."""
    found = _found(world)
    return [
        {
            "name": name,
            "found": found[name],
            "expected": [low, high],
            "unit": unit,
            "source": source,
            "ok": bool(low <= found[name] <= high),
        }
        for name, low, high, unit, source in BENCHMARKS[world.year]
    ]


def quality_shares(world: World) -> dict[str, float]:
    """Return the shares of foreign trade by quality class; only the hidden part of a cell is shadow."""
    abroad = world.sales.copy()
    np.einsum("sii->si", abroad)[...] = 0.0
    total = abroad.sum()
    seen = abroad - world.shadow
    shares = {q: float(seen[world.quality == k].sum() / total) for k, q in enumerate(QUALITY)}
    # What is recorded in a cell that also holds shadow trade keeps its place among the mirror data.
    shares["mirror"] += shares["shadow"]
    shares["shadow"] = float(world.shadow.sum() / total)
    return shares


def _found(world: World) -> dict[str, float]:
    abroad = world.sales.copy()
    np.einsum("sii->si", abroad)[...] = 0.0
    usa, chn, rus, sau = (world.country(c) for c in ("USA", "CHN", "RUS", "SAU"))
    goods = abroad[GOODS]
    return {
        "world GDP": float(world.gdp.sum() / 1e6),
        "goods exports, re-exports out": float(goods.sum() / 1e6),
        "services exports": float((abroad.sum() - goods.sum()) / 1e6),
        "US gross output": float(world.output[:, usa].sum() / 1e6),
        "China's goods sold to the US": float(goods[:, chn, usa].sum() / 1e3),
        "Russia-China trade": float((goods[:, chn, rus] + goods[:, rus, chn]).sum() / 1e3),
        "crude oil and gas exports": float(abroad[world.sector("crude_oil_gas")].sum() / 1e6),
        "Saudi crude and gas exports": float(abroad[world.sector("crude_oil_gas"), sau].sum() / 1e3),
    }
