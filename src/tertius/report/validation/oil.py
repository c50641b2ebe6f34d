"""Oil in barrels and dollars: customs tonnes and the Factbook."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from tertius.report.validation.record import Found
from tertius.world.energy import brent, hub_excess, oil_balance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tertius.report.validation.bench import Bench

#: A barrel declared below this share of Brent is a tonnage that cannot be right.
CREDIBLE = 0.4

#: Crude that Russia could still sell to the Union in 2023: by pipeline, and by sea to Bulgaria.
EXEMPTED = ("HUN", "SVK", "CZE", "BGR")


def unit_value(bench: Bench, exporter: str, importer: str, year: int) -> tuple[float, float]:
    """Volume, kb/d, and value, USD a barrel, of one recorded crude flow."""
    e = bench.energy
    row = (e.exporter == exporter) & (e.importer == importer) & (e.year == year)
    kbd = float(e.kbd[row].sum())
    return kbd, float(e.value[row].sum()) * 1e6 / (kbd * 365e3) if kbd else math.nan


def _sold(bench: Bench, year: int, buyers: Iterable[str] | None = None) -> float:
    """Iran's recorded crude, kb/d."""
    sold = bench.energy.crude_exports("IRN", year)
    return sum(sold.values()) if buyers is None else sum(sold.get(c, 0.0) for c in buyers)


def _spare(country: str) -> float:
    found = oil_balance(country, 2024)
    return found.production - found.consumption


def iran_exports(bench: Bench) -> Found:  # noqa: ARG001
    """Return what Iran lifts and does not burn, kb/d."""
    return Found.at(_spare("IRN"))


def iran_value(bench: Bench) -> Found:  # noqa: ARG001
    """Return that volume at Brent, bn USD, and what a dollar of discount takes off it."""
    barrels, price = _spare("IRN") * 366e3, brent(2024)
    return Found.at(barrels * price / 1e9, brent=price, dollar=barrels / 1e9)


def iran_sales(bench: Bench, year: int, buyers: tuple[str, ...] | None = None) -> Found:
    """Iran's recorded crude exports, kb/d."""
    return Found.at(_sold(bench, year, buyers), turkey=_sold(bench, year, ("TUR",)))


def iran_change(bench: Bench, buyers: tuple[str, ...] | None = None, *, europe: bool = False) -> Found:
    """Change of Iran's recorded crude exports from 2011 to 2012, %."""
    chosen = bench.europe(2012) if europe else buyers
    volume = [_sold(bench, y, chosen) for y in (2011, 2012, 2013)]
    return Found.at(100 * (volume[1] / volume[0] - 1), next_year=100 * (volume[2] / volume[1] - 1))


def iran_revenue(bench: Bench) -> Found:
    """Change of its value, %."""
    e = bench.energy
    before, after = (float(e.value[(e.exporter == "IRN") & (e.year == y)].sum()) for y in (2011, 2012))
    return Found.at(100 * (after / before - 1))


def hubs(bench: Bench) -> Found:
    """Malaysia's excess, kb/d, at the high end with Oman's; and why the Emirates' cannot be used."""
    malaysia, oman = hub_excess("MYS", 2024), hub_excess("OMN", 2024)
    e = bench.energy
    cheap = e.value * 1e6 < CREDIBLE * brent(2024) * e.kbd * 365e3
    odd = float(e.kbd[cheap & (e.exporter == "ARE") & (e.year == 2024)].sum())
    return Found.at(malaysia, [malaysia + max(oman, 0.0)], emirates=hub_excess("ARE", 2024), odd=odd)


def malaysia_to_china(bench: Bench) -> Found:
    """Volume, kb/d."""
    return Found.at(unit_value(bench, "MYS", "CHN", 2024)[0])


def malaysia_over_output(bench: Bench) -> Found:
    """Volume over what Malaysia lifts."""
    return Found.at(unit_value(bench, "MYS", "CHN", 2024)[0] / oil_balance("MYS", 2024).production)


def china_from(bench: Bench, origin: str | None = None) -> Found:
    """China's recorded crude imports of 2024, kb/d."""
    bought = bench.energy.crude_imports("CHN", 2024)
    return Found.at(sum(bought.values()) if origin is None else bought.get(origin, 0.0))


def discount(bench: Bench) -> Found:
    """Brent less what China declares for Malaysian crude, USD a barrel."""
    return Found.at(brent(2024) - unit_value(bench, "MYS", "CHN", 2024)[1])


def russian_share(bench: Bench, buyers: tuple[str, ...], year: int) -> Found:
    """Share of buyers in Russia's recorded crude, %; no buyers stands for the European Union."""
    sold = bench.energy.crude_exports("RUS", year)
    total = sum(sold.values())
    share, exempt = (
        100 * sum(sold.get(c, 0.0) for c in group) / total
        for group in (buyers or bench.europe(year), EXEMPTED)
    )
    return Found.at(share, exempt=exempt)


def redirected_price(bench: Bench) -> Found:
    """Return the price of Russian crude, buyers weighted by their gain since 2021, USD a barrel."""
    before, after = (bench.energy.crude_exports("RUS", y) for y in (2021, 2023))
    gain = {c: v - before.get(c, 0.0) for c, v in after.items() if v > before.get(c, 0.0)}
    paid = sum(kbd * unit_value(bench, "RUS", c, 2023)[1] for c, kbd in gain.items())
    return Found.at(paid / sum(gain.values()))


def cuba(bench: Bench, part: str) -> Found:
    """Cuba's need, output, the gap between them, and recorded arrivals, kb/d."""
    found = oil_balance("CUB", 2023)
    parts = {
        "need": found.consumption,
        "output": found.production,
        "gap": found.consumption - found.production,
        "recorded": sum(bench.energy.crude_imports("CUB", 2023).values()),
    }
    return Found.at(parts[part])


CHECKS: dict[str, Callable[[Bench], Found]] = {
    "4": iran_exports,
    "5": iran_value,
    "9a": partial(iran_sales, year=2011, buyers=("CHN",)),
    "9b": partial(iran_sales, year=2011, buyers=("IND",)),
    "9c": partial(iran_sales, year=2011, buyers=("JPN",)),
    "9d": partial(iran_sales, year=2011, buyers=("KOR",)),
    "9e": partial(iran_sales, year=2011),
    "10": partial(iran_sales, year=2014),
    "7a": iran_change,
    "7b": iran_revenue,
    "8a": partial(iran_change, europe=True),
    "8b": partial(iran_change, buyers=("JPN",)),
    "8c": partial(iran_change, buyers=("KOR",)),
    "8d": partial(iran_change, buyers=("CHN",)),
    "8e": partial(iran_change, buyers=("IND",)),
    "1a": hubs,
    "45a": malaysia_to_china,
    "45b": malaysia_over_output,
    "45c": partial(china_from, origin="IRN"),
    "1b": china_from,
    "3": discount,
    "23a": partial(russian_share, buyers=(), year=2021),
    "23b": partial(russian_share, buyers=(), year=2023),
    "23c": partial(russian_share, buyers=("CHN",), year=2023),
    "23d": partial(russian_share, buyers=("IND",), year=2023),
    "24": redirected_price,
    "30a": partial(cuba, part="need"),
    "30b": partial(cuba, part="output"),
    "30c": partial(cuba, part="gap"),
    "31": partial(cuba, part="recorded"),
}
