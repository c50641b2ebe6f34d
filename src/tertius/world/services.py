"""Services trade: ICIO between its economies, national totals and gravity elsewhere, sanctioned pairs cut.

Axes: s the two service sectors, i exporter, n importer. Million USD.
"""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tertius.world.goods import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.world.seed import IcioAxes, Nations
    from tertius.world.sources import Sources

Array = NDArray[np.float64]

_EMBARGOED = 0.02  # what is left of services trade between a pair under a stated embargo


def overrides(year: int) -> dict[str, dict[str, Any]]:
    """Return the stated replacements for economies whose dollar accounts cannot be taken as they stand."""
    from ruamel.yaml import YAML

    text = (resources.files("tertius.world") / "data" / "economies.yaml").read_text(encoding="utf-8")
    return {iso3: by_year[year] for iso3, by_year in YAML(typ="safe").load(text).items() if year in by_year}


def services_trade(
    sources: Sources, icio: IcioAxes, countries: Sequence[str], people: Nations, goods: Array, year: int
) -> tuple[Array, NDArray[np.bool_]]:
    """Services trade (2, i, n): ICIO pairs as they are, others by UNSD totals less goods and gravity."""
    N = len(countries)
    out = np.zeros((2, N, N))
    scale = np.sqrt(icio.growth[8:, :, None] * icio.growth[8:, None, :])
    pairs = icio.split[8:, icio.o[:, None], icio.o[None, :]]
    out[:, icio.n[:, None], icio.n[None, :]] = pairs * scale[:, icio.n[:, None], icio.n[None, :]]
    sold = np.fmax(people.exports - goods.sum(axis=(0, 2)), 0.03 * people.gdp)
    bought = np.fmax(people.imports - goods.sum(axis=(0, 1)), 0.03 * people.gdp)
    sold, bought = np.fmin(sold, 0.5 * people.gdp), np.fmin(bought, 0.5 * people.gdp)
    sold = np.where(np.isfinite(people.services_out), people.services_out, sold)
    bought = np.where(np.isfinite(people.services_in), people.services_in, bought)
    pull = _gravity(sources, countries)
    buys, sells = np.zeros((2, N)), np.zeros((2, N))
    buys[:, icio.n] = icio.split[8:, icio.row, icio.o]
    sells[:, icio.n] = icio.split[8:, icio.o, icio.row]
    rest = ~icio.known
    mix = (icio.split[8, :-1, -1].sum() / icio.split[8:, :-1, -1].sum(), 0.0)
    for s in range(2):
        part = mix[0] if s == 0 else 1.0 - mix[0]
        size_in = np.where(rest, 0.3 * bought * part, buys[s] + 1e-3)
        size_out = np.where(rest, 0.3 * sold * part, sells[s] + 1e-3)
        kernel = size_out[:, None] * size_in[None, :] * pull
        kernel[np.ix_(icio.known, icio.known)] = 0.0
        for _ in range(30):
            kernel[rest] *= (sold[rest] * part / np.maximum(kernel[rest].sum(axis=1), 1e-12))[:, None]
            kernel[:, rest] *= bought[rest] * part / np.maximum(kernel[:, rest].sum(axis=0), 1e-12)
        out[s] += kernel
    np.einsum("sii->si", out)[...] = 0.0
    _sanctioned_services(out, countries, goods, year)
    trusted = np.zeros((2, N, N), dtype=bool)
    trusted[:, icio.n[:, None], icio.n[None, :]] = True
    return out, trusted


def _sanctioned_services(out: Array, countries: Sequence[str], goods: Array, year: int) -> None:
    """Give sanctioned economies' services the partners of their goods, in place; totals by sector are kept.

    Distance and size would make the United States Cuba's best customer. Seven tenths follow goods trade,
    stated partners (economies.yaml) come first, and pairs under an embargo keep next to nothing.
    """
    at = {c: k for k, c in enumerate(countries)}
    fixed = overrides(year)
    stated_levels = [c for c in fixed if "services_exports" in fixed[c]]
    for code in dict.fromkeys((*HIDDEN, *stated_levels)):
        k, entry = at[code], fixed.get(code, {})
        barred = [at[c] for c in entry.get("embargoed_by", ())]
        stated = {at[c]: v for c, v in entry.get("services_to", {}).items()}
        for flows, shares, named, level in (
            (out[:, k], goods[:, k].sum(axis=0), stated, entry.get("services_exports")),
            (out[:, :, k], goods[:, :, k].sum(axis=0), {}, entry.get("services_imports")),
        ):
            total = flows.sum(axis=1, keepdims=True)
            own = flows / np.maximum(total, 1e-12)
            total = total if level is None else total * (level / total.sum())
            mix = 0.3 * own + 0.7 * shares / max(shares.sum(), 1e-12)
            mix[:, barred] *= _EMBARGOED
            mix[:, list(named)] = 0.0
            mix *= (1.0 - sum(named.values())) / mix.sum(axis=1, keepdims=True)
            mix[:, list(named)] = list(named.values())
            flows[...] = total * mix


def _gravity(sources: Sources, countries: Sequence[str]) -> Array:
    """Distance to the power -0.7 (i, n), usual for services trade; the median where CEPII has none."""
    at = {c: k for k, c in enumerate(countries)}
    km = np.full((len(countries), len(countries)), np.nan)
    d = sources.distances
    for a, b, value in zip(d["exporter"], d["importer"], d["km"], strict=True):
        if a in at and b in at:
            km[at[a], at[b]] = value
    km = np.where(np.isfinite(km), km, np.nanmedian(km))
    return np.asarray(np.maximum(km, 100.0) ** -0.7)
