"""Goods trade by sector: customs totals, what they are made of, and re-exports routed back to their origins.

Axes: s goods sector, i exporter, n importer. Million USD, FOB.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tertius.world.concord import COAL, CRUDE_AND_GAS, SECTOR_NAMES, icio_matrix, is_ore, is_pit
from tertius.world.sources import Sources, matrix, national

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.world.loaders.icio import IcioFlows

Array = NDArray[np.float64]

#: Economies whose trade customs data miss or relabel; their national trade totals enter with the shadow
#: overlay only.
HIDDEN = ("IRN", "VEN", "CUB", "PRK", "SYR", "RUS")
#: In 2023 neither reported, so BACI has no flow between them.
NON_REPORTERS = ("RUS", "BLR")
_GAS_AT_HOME = 0.05  # USD a cubic metre: what gas sold at home is worth where its price is set by the state

# How a SITC section divides into sectors where nothing better is known (shares of the section, estimated).
_SITC: dict[str, dict[str, float]] = {
    "0": {"agri_food": 1.0},
    "1": {"agri_food": 1.0},
    "2": {"agri_food": 0.55, "ores_metals": 0.30, "other_manufactures": 0.15},
    "3": {"refined_fuels": 1.0},
    "4": {"agri_food": 1.0},
    "5": {"chemicals": 1.0},
    "6": {"ores_metals": 0.42, "other_manufactures": 0.58},
    "7": {"machinery": 0.68, "transport_equipment": 0.32},
    "8": {"other_manufactures": 0.85, "machinery": 0.15},
    "9": {"ores_metals": 0.6, "other_manufactures": 0.4},
}


@dataclass(frozen=True, slots=True, eq=False)
class Goods:
    """Goods trade ready for balancing.

    sales (8, i, n); quality (8, i, n), index into QUALITY; reexports (n,), value taken out and routed back to
    origins; crude_output (n,), oil and gas output by volume times price; hidden: economies with trade outside
    customs data; source: whose totals these are.
    """

    sales: Array
    quality: NDArray[np.uint8]
    reexports: Array
    crude_output: Array
    hidden: tuple[str, ...]
    source: str


def goods_trade(
    sources: Sources, countries: Sequence[str], year: int, fixed: dict[str, dict[str, Any]]
) -> Goods:
    """Build goods trade by sector of one year."""
    raw = _raw(sources, countries, year)
    if year == 2015:
        sales = _sections(sources, countries)
        quality = np.ones(sales.shape, dtype=np.uint8)
    else:
        total, guess = _totals(sources, countries, fixed)
        sales, quality = _composed(sources, countries, year, total, raw)
        quality[:, guess] = 2
    sales, reexports = _route_back(sources, countries, year, sales)
    np.einsum("sii->si", sales)[...] = 0.0
    crude = _crude_output(sources, countries, year)
    hidden, source = ((), "UNCTAD") if year == 2015 else (HIDDEN, "BACI")
    return Goods(sales, quality, reexports, crude, hidden, source)


def _raw(sources: Sources, countries: Sequence[str], year: int) -> dict[str, Array]:
    """Crude oil and gas, and ores and coal, from BACI's raw materials, million USD (i, n)."""
    table = sources.raw[year]
    product = table["product"].astype(str)
    crude = matrix(table, countries, np.isin(product, CRUDE_AND_GAS)) / 1e3
    ores = matrix(table, countries, np.array([is_ore(p) for p in product])) / 1e3
    pits = matrix(table, countries, np.array([is_pit(p) for p in product])) / 1e3
    coal = matrix(table, countries, np.array([p[:4] in COAL for p in product])) / 1e3
    k = countries.index("PRK")
    for flow in (
        crude,
        ores,
        pits,
        coal,
    ):  # BACI confuses North Korea with Papua New Guinea and others in single products
        keep = (
            flow[k, countries.index("CHN")],
            flow[countries.index("CHN"), k],
            flow[countries.index("RUS"), k],
        )
        flow[k], flow[:, k] = 0.0, 0.0
        flow[k, countries.index("CHN")], flow[countries.index("CHN"), k], flow[countries.index("RUS"), k] = (
            keep
        )
    return {"crude": crude, "ores": ores, "pits": pits, "coal": coal}


def _sections(sources: Sources, countries: Sequence[str]) -> Array:
    """UNCTAD 2015 by sector (8, i, n): SITC sections, with crude, gas, coal and ores from BACI 2015."""
    raw = _raw(sources, countries, 2015)
    section = sources.unctad["section"].astype(str)
    out = np.zeros((8, len(countries), len(countries)))
    by = {d: matrix(sources.unctad, countries, section == d) / 1e3 for d in _SITC}
    crude = np.minimum(by["3"], raw["crude"])
    coal = np.minimum(by["3"] - crude, raw["coal"])
    prk = countries.index("PRK")
    coal[prk] = by["3"][prk] - crude[prk]  # North Korea sells coal, not refined fuels
    pits = np.minimum(0.9 * by["2"], raw["pits"])
    by["3"] = by["3"] - crude - coal
    by["2"] = by["2"] - pits
    for digit, shares in _SITC.items():
        for sector, share in _shares(digit, shares).items():
            out[SECTOR_NAMES.index(sector)] += share * by[digit]
    out[1] += crude
    out[3] += pits + coal
    return out


def _shares(digit: str, shares: dict[str, float]) -> dict[str, float]:
    if digit != "2":
        return shares
    # Ores are taken from BACI; what is left of section 2 is wood, fibres, oilseeds, rubber.
    return {"agri_food": 0.75, "other_manufactures": 0.2, "ores_metals": 0.05}


def _totals(
    sources: Sources, countries: Sequence[str], fixed: dict[str, dict[str, Any]]
) -> tuple[Array, NDArray[np.bool_]]:
    """BACI 2023 totals (i, n) with the missing economies filled, and the mask of filled cells."""
    N = len(countries)
    at = {c: k for k, c in enumerate(countries)}
    total = np.zeros((N, N))
    rows = np.array([at[c] for c in sources.baci_countries])
    total[rows[:, None], rows[None, :]] = sources.baci_totals / 1e3
    guess = np.zeros((N, N), dtype=bool)
    pattern = _sections(sources, countries).sum(axis=0)
    icio = sources.icio[2022]
    absent = [k for c, k in at.items() if c not in sources.baci_countries]
    growth = total.sum() / pattern[rows[:, None], rows[None, :]].sum()
    unsd = national(sources.unsd, countries, 2023)
    for k in absent:
        entry = fixed.get(countries[k], {})
        out_total = entry.get("goods_exports", 0.6 * unsd["exports"][k])
        in_total = entry.get("goods_imports", 0.8 * unsd["imports"][k])
        out, into = pattern[k] * growth, pattern[:, k] * growth
        into[[at[c] for c in entry.get("not_recorded_from", ())]] = 0.0
        if countries[k] in icio.countries:
            out, into = _from_icio(icio, countries, k, out, into)
        total[k] = _partners(sources, countries, k, "X", out, out_total)
        total[:, k] = _partners(sources, countries, k, "M", into, in_total)
        guess[k], guess[:, k] = True, True
    a, b = (at[c] for c in NON_REPORTERS)
    pairs = icio_pairs(icio, countries)
    for i, n in ((a, b), (b, a)):
        total[i, n], guess[i, n] = pairs[:, i, n].sum(), True
    np.fill_diagonal(total, 0.0)
    _retained(total, countries, fixed, unsd["imports"])
    return total, guess


def _retained(
    total: Array, countries: Sequence[str], fixed: dict[str, dict[str, Any]], imports: Array
) -> None:
    """Take out imports that only pass through, in place.

    Hong Kong's imports hold goods that its partners' customs book again by origin; they are scaled to the
    stated total. Ships registered in flag states and other purchases beyond 1.5 times national imports go to
    the rest of the world, where their owners are.
    """
    for k, code in enumerate(countries[:-1]):
        stated = fixed.get(code, {}).get("goods_imports_with_reexports")
        into = total[:, k].sum()
        if stated is not None:
            total[:, k] *= stated / into
        elif np.isfinite(imports[k]) and into > 1.5 * imports[k]:
            moved = total[:, k] * (1.0 - 1.5 * imports[k] / into)
            total[:, k] -= moved
            total[:-1, -1] += moved[:-1]


def _partners(
    sources: Sources, countries: Sequence[str], k: int, side: str, pattern: Array, total: float
) -> Array:
    """Spread a goods total over partners: Factbook shares for the leading ones, the pattern for others."""
    out = np.maximum(pattern, 0.0)
    out[k] = 0.0
    if not np.isfinite(total):
        return out
    table, at = sources.partners, {c: j for j, c in enumerate(countries)}
    rows = (table["iso3"] == countries[k]) & (table["direction"] == side)
    share = np.zeros(len(countries))
    for partner, value in zip(table["partner"][rows], table["share"][rows], strict=True):
        if partner in at:
            share[at[partner]] = value / 100.0
    rest = np.where(share > 0, 0.0, out)
    left = max(1.0 - share.sum(), 0.0)
    spread = rest / rest.sum() if rest.sum() > 0 else np.zeros_like(rest)
    return np.asarray(total * (share + left * spread))


def _from_icio(
    icio: IcioFlows, countries: Sequence[str], k: int, out: Array, into: Array
) -> tuple[Array, Array]:
    pairs = icio_pairs(icio, countries).sum(axis=0)
    return np.where(pairs[k] > 0, pairs[k], out), np.where(pairs[:, k] > 0, pairs[:, k], into)


def icio_pairs(icio: IcioFlows, countries: Sequence[str]) -> Array:
    """(8, i, n): ICIO goods flows on the world's axes; zero outside its economies."""
    at = {c: k for k, c in enumerate(countries)}
    own = [(o, at[c]) for o, c in enumerate(icio.countries) if c in at and c != "ROW"]
    o, n = np.array([a for a, _ in own]), np.array([b for _, b in own])
    goods = np.einsum("sk,kio->sio", icio_matrix(icio.activities)[:8], icio.sales)
    out = np.zeros((8, len(countries), len(countries)))
    out[:, n[:, None], n[None, :]] = goods[:, o[:, None], o[None, :]]
    np.einsum("sii->si", out)[...] = 0.0
    return out


def _composed(
    sources: Sources, countries: Sequence[str], year: int, total: Array, raw: dict[str, Array]
) -> tuple[Array, NDArray[np.uint8]]:
    """Divide customs totals into sectors: crude and gas observed, the rest by ICIO or UNCTAD composition."""
    crude = np.minimum(raw["crude"], total)
    old = _sections(sources, countries)
    old[2] *= sources.brent[year] / sources.brent[2015]
    pairs = icio_pairs(sources.icio[2022], countries)
    silent = np.ix_(*[[countries.index(c) for c in NON_REPORTERS]] * 2)
    crude[silent] = pairs[1][silent] * sources.brent[year] / sources.brent[2022]
    crude = np.minimum(crude, total)
    basis = np.where(pairs.sum(axis=0) > 0, pairs, old)
    basis[1] = 0.0
    typical = _typical(basis)
    size = basis.sum(axis=0)
    share = np.where(size > 0, 0.9 * basis / np.where(size > 0, size, 1.0) + 0.1 * typical, typical)
    share = share / np.maximum(share.sum(axis=0), 1e-30)
    rest = total - crude
    ores = np.minimum(np.maximum(share[3] * rest, raw["ores"]), rest)
    share[3] = 0.0
    other = share / np.maximum(share.sum(axis=0), 1e-30) * (rest - ores)
    other[1], other[3] = crude, ores
    quality = np.zeros(other.shape, dtype=np.uint8)
    quality[:, pairs.sum(axis=0) == 0] = 1
    quality[[5, 6, 7]] = np.maximum(quality[[5, 6, 7]], np.where(pairs.sum(axis=0) > 0, 0, 2))
    return other, quality


def _typical(basis: Array) -> Array:
    """(8, i, n): composition expected from what i sells everywhere and n buys everywhere."""
    out, into, world = basis.sum(axis=2), basis.sum(axis=1), basis.sum(axis=(1, 2))
    tilt = (into / np.maximum(into.sum(axis=0), 1e-9)) / np.maximum(world / world.sum(), 1e-12)[:, None]
    mix = out / np.maximum(out.sum(axis=0), 1e-9)
    guess = mix[:, :, None] * np.where(into.sum(axis=0) > 0, tilt, 1.0)[:, None, :]
    flat = (world / world.sum())[:, None, None]
    guess = np.where(guess.sum(axis=0) > 0, guess, flat * np.ones_like(guess))
    return np.asarray(guess / guess.sum(axis=0))


def _route_back(sources: Sources, countries: Sequence[str], year: int, sales: Array) -> tuple[Array, Array]:
    """Take re-exports out of hubs and give them back to the economies the hub bought from.

    Customs exports exceed ICIO's by a common factor (margins between basic and FOB prices, coverage). What a
    country exports beyond that factor is re-exported: exporter -> hub -> buyer becomes exporter -> buyer, and
    round trips home vanish. Outside ICIO the bound is UNSD's goods value added turned into output.
    """
    icio = sources.icio[2022 if year > 2022 else year]
    at = {c: k for k, c in enumerate(countries)}
    own = [c for c in icio.countries if c in at and c != "ROW"]
    inside = np.array([at[c] for c in own])
    o = np.array([icio.countries.index(c) for c in own])
    all_goods = icio.sales[:27]
    exports = all_goods.sum(axis=(0, 2)) - np.einsum("kii->i", all_goods)
    out = sales.sum(axis=(0, 2))
    factor = float(np.median(out[inside] / exports[o]))
    bound = np.full(len(countries), np.inf)
    bound[inside] = factor * exports[o]
    unsd = national(sources.unsd, countries, year)
    made = (unsd["agriculture"] + unsd["industry"]) / 0.4
    outside = np.setdiff1d(np.arange(len(countries) - 1), inside)
    bound[outside] = np.where(np.isfinite(made[outside]), 0.9 * made[outside], np.inf)
    share = np.clip(1.0 - bound / np.maximum(out, 1e-9), 0.0, 0.95)
    sales, routed = sales.copy(), np.zeros(len(countries))
    for k in np.argsort(-share):
        if share[k] > 0.02:
            routed[k] = _route_hub(sales, int(k), float(share[k]))
    return sales, routed


def _route_hub(sales: Array, hub: int, share: float) -> float:
    """Route one hub's re-exports in place, sector by sector; returns the value taken out of its exports."""
    taken = 0.0
    for s in range(8):
        if s == 1:
            continue
        outgoing = share * sales[s, hub]
        incoming = sales[s, :, hub]
        limit = min(1.0, 0.9 * incoming.sum() / max(outgoing.sum(), 1e-12))
        outgoing = outgoing * limit
        if outgoing.sum() <= 0:
            continue
        origin = incoming / incoming.sum()
        moved = origin[:, None] * outgoing[None, :]
        sales[s, hub] -= outgoing
        sales[s, :, hub] -= moved.sum(axis=1)
        np.fill_diagonal(moved, 0.0)
        sales[s] += moved
        taken += float(outgoing.sum())
    return taken


def _crude_output(sources: Sources, countries: Sequence[str], year: int) -> Array:
    """Oil by volume (Factbook) times Brent, plus gas at a state-set home price, (n,) million USD."""
    at = {c: k for k, c in enumerate(countries)}
    out = np.zeros(len(countries))
    f = sources.factbook
    for iso3, oil, gas in zip(f["iso3"], f["petroleum_output"], f["gas_output"], strict=True):
        if iso3 in at:
            out[at[iso3]] = (
                np.nan_to_num(oil) * 365 * sources.brent[year] / 1e6 + np.nan_to_num(gas) * _GAS_AT_HOME / 1e6
            )
    return out
