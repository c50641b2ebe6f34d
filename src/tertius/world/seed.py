"""Seeds of the balancing problem: what the sources say about every cell before they are made to agree.

Axes: s sector, i exporter, n importer, r using sector, k ICIO activity, o ICIO country. Million USD.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tertius.world.balance import Accounts, Margin, Trust
from tertius.world.concord import GOODS, SECTOR_NAMES, SERVICES, icio_matrix
from tertius.world.services import overrides, services_trade
from tertius.world.shadow import HOME_FLOOR
from tertius.world.sources import Sources, national

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tertius.world.goods import Goods

Array = NDArray[np.float64]

_DONORS = 6
_MIDDLE_INCOME = 15e3  # USD of GDP a head, under which an importer's tariffs stand for those outside ICIO
_FOOD_TARIFF = (
    0.12  # trade-weighted world average on processed food is near 10 % (WTO World Tariff Profiles 2023)
)


@dataclass(frozen=True, slots=True, eq=False)
class Seed:
    """A balancing problem ready to be solved, with the tariffs and labels that go beside it."""

    accounts: Accounts
    trust: Trust
    margins: tuple[Margin, ...]
    tariff: Array
    quality: NDArray[np.uint8]
    medicine: Array
    gdp: Array
    notes: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Nations:
    """National totals (n,), million USD: gdp, trade, and value added by activity (activity -> (n,)).

    services_out and services_in are stated values, NaN where services are national totals less goods.
    """

    gdp: Array
    exports: Array
    imports: Array
    services_out: Array
    services_in: Array
    activity: Mapping[str, Array]


def nations(sources: Sources, countries: Sequence[str], year: int) -> Nations:
    """National totals with the stated replacements; a missing activity gets its median share of GDP."""
    found = national(sources.unsd, countries, year)
    fixed = overrides(year)
    gdp, exports, imports = (found[k].copy() for k in ("gdp", "exports", "imports"))
    for k, iso3 in enumerate(countries):
        entry = fixed.get(iso3, {})
        gdp[k] = entry["gdp"]["central"] if "gdp" in entry else gdp[k]
        exports[k] = entry.get("exports", exports[k])
        imports[k] = entry.get("imports", imports[k])
    services = {
        side: np.array(
            [fixed.get(c, {}).get(f"services_{side}", np.nan) for c in countries], dtype=np.float64
        )
        for side in ("exports", "imports")
    }
    gdp[-1] = _rest_of_world(sources, countries, year)
    exports[-1], imports[-1] = np.nan, np.nan
    activity = {key: found[key] for key in found if key not in ("gdp", "exports", "imports")}
    shares = {k: np.nanmedian(v / found["gdp"]) for k, v in activity.items()}
    filled = {k: np.where(np.isfinite(v), v, shares[k] * gdp) for k, v in activity.items()}
    scale = np.where(np.isfinite(found["gdp"]), gdp / found["gdp"], 1.0)
    grown = {k: np.maximum(v * scale, 1e-3 * gdp) for k, v in filled.items()}
    return Nations(gdp, exports, imports, services["exports"], services["imports"], grown)


def _rest_of_world(sources: Sources, countries: Sequence[str], year: int) -> float:
    """GDP of every UNSD economy that has no row of its own, million USD."""
    u = sources.unsd
    rows = (u["year"] == year) & (u["indicator"] == "Gross Domestic Product (GDP)")
    outside = ~np.isin(u["iso3"].astype(str), np.array(countries)) & (u["iso3"] != "Zanzibar")
    return float(np.nansum(u["value"][rows & outside]) / 1e6)


def build_seed(sources: Sources, goods: Goods, countries: Sequence[str], year: int) -> Seed:
    """Assemble seeds, trusts and margins of one year from goods trade, ICIO and national totals."""
    people = nations(sources, countries, year)
    inside = IcioAxes(sources, countries, year, people)
    coefficients, share = _technology(inside, countries, people)
    S, N = len(SECTOR_NAMES), len(countries)
    sales = np.zeros((S, N, N))
    sales[GOODS] = goods.sales
    services, trusted = services_trade(sources, inside, countries, people, goods.sales, year)
    sales[SERVICES] = services
    exports = sales.sum(axis=2)
    added = _value_added(inside, people, goods, share, exports, countries)
    output = np.maximum(added / np.maximum(share.T, 0.05), exports / 0.97)
    home = np.where(inside.known[None, :], np.maximum(inside.home, 0.0), output - exports)
    spending = home + sales.sum(axis=1)
    home = np.maximum(home, 2.0 * HOME_FLOOR * spending)
    np.einsum("sii->si", sales)[...] = home
    output = sales.sum(axis=2)
    tariff = inside.tariff
    inputs = coefficients * output.T[:, None, :]
    spending = (sales * (1.0 + tariff)).sum(axis=1)
    final = np.maximum(spending - inputs.sum(axis=2).T, 0.05 * spending)
    revenue = (sales * tariff).sum(axis=(0, 1))
    accounts = Accounts(sales, inputs, np.maximum(added.T, 1e-6), np.maximum(final, 1e-6))
    trust = _trust(accounts, goods, inside, trusted)
    margins = _margins(people, goods, sales, revenue, countries)
    quality = _quality(goods, inside, S, N)
    return Seed(accounts, trust, margins, tariff, quality, inside.medicine, people.gdp, {})


class IcioAxes:
    """ICIO on the world's axes: home sales, services, technology, tariffs; zero outside its 80 economies."""

    def __init__(self, sources: Sources, countries: Sequence[str], year: int, people: Nations) -> None:
        flows = sources.icio[2022 if year > 2022 else year]
        self.year = flows.year
        N, S = len(countries), len(SECTOR_NAMES)
        self.at = {c: k for k, c in enumerate(countries)}
        own = [(o, self.at[c]) for o, c in enumerate(flows.countries) if c in self.at and c != "ROW"]
        self.o, self.n = np.array([a for a, _ in own]), np.array([b for _, b in own])
        self.row = flows.countries.index("ROW")
        self.known = np.zeros(N, dtype=bool)
        self.known[self.n] = True
        to_sector = icio_matrix(flows.activities)
        self.flows = np.einsum("sk,kio->sio", to_sector, flows.sales)
        self.growth = self._growth(sources, countries, year, people)
        self._technology(sources.inputs)
        self._split_services()
        diagonal = np.einsum("soo->so", self.split)[:, self.o]
        self.home = np.zeros((S, N))
        self.home[:, self.n] = diagonal * self.growth[:, self.n]
        self.income = _income(sources, countries, year, people)
        self.tariff = _tariffs(flows, to_sector, self)
        self.medicine = _medicine(flows, self, N)

    def _growth(self, sources: Sources, countries: Sequence[str], year: int, people: Nations) -> Array:
        """(s, n): growth of each sector's dollar value from ICIO's year to the world's."""
        before = national(sources.unsd, countries, self.year)
        now, ratio = people.activity, {}
        for key in now:
            growth = now[key] / before[key]
            ratio[key] = np.where(np.isfinite(growth), np.clip(growth, 0.5, 2.0), 1.0)
        oil = np.full(len(countries), sources.brent[year] / sources.brent[self.year])
        manufacturing = ratio["manufacturing"]
        return np.stack(
            [
                0.5 * (ratio["agriculture"] + manufacturing),
                oil,
                oil,
                *[manufacturing] * 5,
                ratio["transport"],
                ratio["other"],
            ]
        )

    def _technology(self, table: Any) -> None:
        to_sector = icio_matrix(table.activities)
        self.use = np.einsum("sk,okl,rl->osr", to_sector, table.use, to_sector)
        self.made = to_sector @ table.output
        self.services_link = np.einsum("sk,kio->sio", to_sector[8:], table.intermediate)
        inputs = table.share * table.output
        self.added = (to_sector @ (table.output - inputs)).T
        self.tech_countries = table.countries

    def _split_services(self) -> None:
        """Split ICIO's service sector by the 2022 inputs table: intermediate links abroad, output at home."""
        link = self.services_link.sum(axis=2) - np.einsum("soo->so", self.services_link)
        tech = {c: k for k, c in enumerate(self.tech_countries)}
        codes = list(tech)
        share_home = self.made[8] / self.made[8:].sum(axis=0)
        pair = self.services_link + 0.2 * link[:, :, None] / max(len(codes), 1)
        share_pair = pair[0] / np.maximum(pair.sum(axis=0), 1e-12)
        average = link[0].sum() / link.sum()
        size = self.flows.shape[1]
        self.share = np.full((size, size), average)
        self.share[: len(codes), : len(codes)] = share_pair
        self.share[np.arange(len(codes)), np.arange(len(codes))] = share_home
        self.split = self.flows.copy()
        self.split[8] = self.flows[9] * self.share
        self.split[9] = self.flows[9] * (1.0 - self.share)


def _income(sources: Sources, countries: Sequence[str], year: int, people: Nations) -> Array:
    """GDP a head (n,), USD; NaN where the World Bank has no population."""
    p = sources.population
    heads = {p["iso3"][k]: p["value"][k] for k in np.flatnonzero(p["year"] == year)}
    return np.array([g * 1e6 / heads.get(c, np.nan) for c, g in zip(countries, people.gdp, strict=True)])


def _tariffs(flows: Any, to_sector: Array, icio: IcioAxes) -> Array:
    """Trade-weighted applied rates (s, i, n); outside ICIO a rule (estimated).

    A supplier outside ICIO pays what one without an agreement pays there; an importer outside ICIO asks
    what the median low or middle-income importer asks such a supplier. Rates on processed food are cut at
    `_FOOD_TARIFF`: the source averages over products, and tobacco, alcohol and dairy quotas lift it to 91 %
    for the United States, whose duties on food average about 5 %.
    """
    N, S = len(icio.known), len(SECTOR_NAMES)
    rate = flows.tariff.copy()
    food = flows.activities.index("C10T12")
    rate[food] = np.minimum(rate[food], _FOOD_TARIFF)
    worth = flows.sales + 1e-3
    mean = np.einsum("sk,kio->sio", to_sector, rate * worth)
    mean /= np.maximum(np.einsum("sk,kio->sio", to_sector, worth), 1e-9)
    out = np.zeros((S, N, N))
    inner = mean[:, icio.o][:, :, icio.o]
    # The upper quartile over suppliers is what a supplier without an agreement pays.
    typical = np.quantile(inner, 0.75, axis=1)
    out[:] = np.median(typical[:, icio.income[icio.n] < _MIDDLE_INCOME], axis=1)[:, None, None]
    out[:, :, icio.n] = typical[:, None, :]
    out[:, icio.n[:, None], icio.n[None, :]] = inner
    out[SERVICES] = 0.0
    np.einsum("sii->si", out)[...] = 0.0
    return out


def _medicine(flows: Any, icio: IcioAxes, N: int) -> Array:
    """(n,): share of pharmaceuticals in spending on chemicals; the median outside ICIO (estimated)."""
    k = {a: j for j, a in enumerate(flows.activities)}
    drugs, other = flows.sales[k["C21"]].sum(axis=0), flows.sales[k["C20"]].sum(axis=0)
    share = drugs[icio.o] / (drugs[icio.o] + other[icio.o])
    out = np.full(N, float(np.median(share)))
    out[icio.n] = share
    return out


def _technology(icio: IcioAxes, countries: Sequence[str], people: Nations) -> tuple[Array, Array]:
    """Input coefficients (n, s, r) and value-added shares (n, r): ICIO's own, or the nearest donors'."""
    N, S = len(countries), len(SECTOR_NAMES)
    output = np.maximum(icio.made.T, 1e-9)
    own_a, own_v = icio.use / output[:, None, :], icio.added / output
    mix = np.stack(
        [people.activity[k] / people.gdp for k in ("agriculture", "industry", "manufacturing")], axis=1
    )
    donors = [icio.at[c] for c in icio.tech_countries]
    floor = 0.02 * output.sum(axis=1, keepdims=True) * (output.sum(axis=0) / output.sum())
    a, v = np.zeros((N, S, S)), np.zeros((N, S))
    for n in range(N):
        distance = ((mix[donors] - mix[n]) ** 2).sum(axis=1) / mix.var(axis=0).sum()
        near = np.argsort(distance)[:_DONORS]
        weight = np.maximum(output[near], floor[near]) / np.maximum(output[near], floor[near]).sum(axis=0)
        a[n] = np.einsum("dsr,dr->sr", own_a[near], weight)
        v[n] = (own_v[near] * weight).sum(axis=0)
    for d, n in enumerate(donors):
        used = output[d] > 1.0
        a[n][:, used] = own_a[d][:, used]
        v[n][used] = own_v[d][used]
    v = np.clip(v, 0.08, 0.95)
    return a * ((1.0 - v) / np.maximum(a.sum(axis=1), 1e-9))[:, None, :], v


def _value_added(
    icio: IcioAxes, people: Nations, goods: Goods, share: Array, exports: Array, countries: Sequence[str]
) -> Array:
    """(s, n): value added by sector, scaled to GDP.

    Inside ICIO its 2022 value added grown by UNSD activity; outside UNSD activities, with crude oil and gas
    by volume times price, manufacturing split by donors and own exports, and the rest absorbed by other
    services.
    """
    act, gdp = people.activity, people.gdp
    S, N = len(SECTOR_NAMES), len(countries)
    added = np.zeros((S, N))
    for d, c in enumerate(icio.tech_countries):
        n = icio.at[c]
        added[:, n] = icio.added[d] * icio.growth[:, n]
    rest = ~icio.known
    makers = np.array([0, 2, 3, 4, 5, 6, 7])
    typical = icio.added.sum(axis=0)[makers]
    typical = typical * np.array([0.6, 1, 0.5, 1, 1, 1, 1])
    own = exports[makers] * share.T[makers] + 1e-9
    mix = 0.5 * typical[:, None] / typical.sum() + 0.5 * own / own.sum(axis=0)
    made = np.minimum(act["manufacturing"], 0.9 * act["industry"])
    mining = np.maximum(act["industry"] - made - 0.025 * gdp, 0.02 * act["industry"])
    crude = np.maximum(goods.crude_output, exports[1]) * share[:, 1]
    added[:, rest] = 0.0
    added[makers[:, None], rest] = (mix * made)[:, rest]
    added[0, rest] += act["agriculture"][rest]
    added[1, rest] = crude[rest]
    pits = np.clip(mining - crude, 0.3 * exports[3] * share[:, 3], 0.01 * gdp + 1.5 * exports[3])
    added[3, rest] += pits[rest]
    added[8, rest] = (0.7 * act["transport"] + 0.15 * act["trade_hotels"])[rest]
    needed = exports * share.T * 1.05
    added[:9, rest] = np.maximum(added[:9, rest], np.minimum(needed[:9, rest], 0.8 * gdp[rest]))
    left = gdp - added[:9].sum(axis=0)
    added[9, rest] = np.maximum(left, 0.15 * gdp)[rest]
    return np.asarray(added * (gdp / added.sum(axis=0)))


def _trust(accounts: Accounts, goods: Goods, icio: IcioAxes, services: NDArray[np.bool_]) -> Trust:
    """Weights by quality: observed trade and ICIO cells move least, rules most."""
    sales = np.full(accounts.sales.shape, 1.0)
    sales[GOODS] = np.where(goods.quality == 0, 2.0, np.where(goods.quality == 1, 1.0, 0.5))
    sales[SERVICES] = np.where(services, 1.0, 0.4)
    np.einsum("sii->si", sales)[...] = np.where(icio.known[None, :], 1.5, 0.6)
    inputs = np.where(icio.known[:, None, None], 1.0, 0.5) * np.ones_like(accounts.inputs)
    added = np.where(icio.known[:, None], 1.0, 0.6) * np.ones_like(accounts.value_added)
    return Trust(sales, inputs, added, np.full(accounts.final.shape, 0.4))


def _margins(
    people: Nations, goods: Goods, sales: Array, revenue: Array, countries: Sequence[str]
) -> tuple[Margin, ...]:
    """GDP, exports and imports of goods and services, and goods trade by country."""
    N = len(countries)
    abroad = sales.copy()
    np.einsum("sii->si", abroad)[...] = 0.0
    out, into = abroad.sum(axis=(0, 2)), abroad.sum(axis=(0, 1))
    x = people.exports - goods.reexports
    m = people.imports - goods.reexports
    hidden = np.isin(np.array(countries), goods.hidden)
    plausible = (x > 0.6 * out) & (x < 1.7 * out) & (m > 0.6 * into) & (m < 1.7 * into) & ~hidden
    weight = np.where(plausible, 4.0, 0.0)
    goods_out, goods_in = abroad[GOODS].sum(axis=(0, 2)), abroad[GOODS].sum(axis=(0, 1))
    crude = abroad[1:2].sum(axis=2)
    return (
        Margin("GDP (UNSD)", "value_added", people.gdp - revenue, np.full(N, 200.0)),
        Margin(
            "exports of goods and services (UNSD, less re-exports)",
            "exports",
            np.where(plausible, x, np.nan),
            weight,
        ),
        Margin(
            "imports of goods and services (UNSD, less re-exports)",
            "imports",
            np.where(plausible, m, np.nan),
            weight,
        ),
        Margin(
            f"goods exports ({goods.source}, less re-exports)", "exports", goods_out, np.full(N, 2.0), GOODS
        ),
        Margin(
            f"goods imports ({goods.source}, less re-exports)", "imports", goods_in, np.full(N, 2.0), GOODS
        ),
        Margin(
            "crude oil and gas exports (BACI)", "sector_exports", crude, np.full((1, N), 10.0), slice(1, 2)
        ),
    )


def _quality(goods: Goods, icio: IcioAxes, S: int, N: int) -> NDArray[np.uint8]:
    out = np.full((S, N, N), 2, dtype=np.uint8)
    out[GOODS] = goods.quality
    pair = icio.known[:, None] & icio.known[None, :]
    out[SERVICES] = np.where(pair, 1, 2)
    np.einsum("sii->si", out)[...] = np.where(icio.known[None, :], 1, 2)
    return out
