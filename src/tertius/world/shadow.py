"""The shadow overlay: trade that customs data miss or relabel, kept apart and always an interval.

Three operations. *Relabel* moves value from hub -> buyer to origin -> buyer: the buyer's customs total does
not change and no barrel counts twice. *Unrecorded export* adds to both partners. *Unrecorded import* brings a
buyer's imports to what its national accounts imply. Foreign trade is then fixed and only the economies
touched are balanced again at home.

Axes: s sector, i exporter, n importer. Million USD a year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tertius.errors import DataError, unknown
from tertius.world.balance import Accounts, Margin, Trust, balance
from tertius.world.model import QUALITY, SECTORS, World

if TYPE_CHECKING:
    from pathlib import Path

Array = NDArray[np.float64]
Interval = Mapping[str, float]

OPERATIONS = ("relabel", "unrecorded_export", "unrecorded_import")
_BARRELS = 0.365  # thousand barrels a day times USD a barrel -> million USD a year
#: Smallest share of a used market that is bought at home.
HOME_FLOOR = 0.01
_SLIGHT = 4e-3  # of GDP; a change of trade that needs no balancing anew
_FIXED = 1e7  # trust of cells that must not move
_LEAST = 0.02  # what a hub keeps of a relabelled cell, and an origin of its home sales


@dataclass(frozen=True, slots=True)
class Entry:
    """One flow outside customs data.

    Attributes
    ----------
    id : name, kept with the snapshot.
    operation : one of OPERATIONS.
    origin, buyer : ISO3; `origin` is empty for an unrecorded import.
    sector : key of SECTORS; empty for an unrecorded import.
    value : million USD by reading (low, central, high); for an unrecorded import the balance of goods and
        services.
    shares : hubs and the largest part of their cell that is the origin's (relabel), or suppliers and their
        share.
    claims : ids of the claims the interval rests on.
    reason : why, in a sentence.
    kbd, price : thousand barrels a day and USD a barrel by reading, where the value is made of them.
    follows : what moves the entry, first that does: each a product of (topic, supporter) whose readings
        scale it together. The keys are the ledger's; this package only carries them.
    """

    id: str
    operation: str
    origin: str
    buyer: str
    sector: str
    value: Interval
    shares: Mapping[str, float]
    claims: tuple[str, ...]
    reason: str
    kbd: Interval | None = None
    price: Interval | None = None
    follows: tuple[tuple[tuple[str, str], ...], ...] = ()

    def scaled(self, low: float, central: float, high: float) -> Entry:
        """Return the entry with its interval multiplied, reading by reading; a volume goes with its value."""
        factor = {"low": low, "central": central, "high": high}
        kbd = None if self.kbd is None else {r: factor[r] * x for r, x in self.kbd.items()}
        value = {r: factor[r] * x for r, x in self.value.items()}
        return replace(self, value=value, kbd=kbd)


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """What one reading of the shadow trade changes.

    Attributes
    ----------
    added : (s, i, n), value put on origin -> buyer and supplier -> buyer.
    taken : (s, i, n), value taken off hub -> buyer by relabelling.
    by_entry : id -> value placed, million USD.
    """

    added: Array
    taken: Array
    by_entry: Mapping[str, float]


@cache
def read_entries(path: Path | None = None) -> tuple[Entry, ...]:
    """Read the shadow entries of 2023, the package's own or a file of the same form; all mistakes at once."""
    from ruamel.yaml import YAML

    text = (
        path.read_text(encoding="utf-8")
        if path is not None
        else (resources.files("tertius.world") / "data" / "shadow_2023.yaml").read_text(encoding="utf-8")
    )
    raw = YAML(typ="safe").load(text)["entries"]
    problems = [p for k, entry in enumerate(raw) for p in _mistakes(entry, f"entries[{k}]")]
    if problems:
        raise DataError(problems)
    return tuple(_entry(entry) for entry in raw)


def _mistakes(entry: Mapping[str, Any], where: str) -> list[str]:
    wrong = []
    if entry.get("operation") not in OPERATIONS:
        wrong.append(unknown("operation", str(entry.get("operation")), OPERATIONS, where=where))
    if entry.get("sector", "agri_food") not in SECTORS:
        wrong.append(unknown("sector", str(entry["sector"]), list(SECTORS), where=where))
    for key in ("kbd", "price", "musd"):
        values = entry.get(key)
        if values is not None and not values["low"] <= values["central"] <= values["high"]:
            wrong.append(f"{where}.{key}: low, central, high must not fall; got {dict(values)}")
    if not any(k in entry for k in ("kbd", "musd", "balance")):
        wrong.append(f"{where}: needs kbd with price, musd, or balance")
    wrong += [
        f"{where}.follows[{k}]: each is a topic with a supporter, or a list of such"
        for k, item in enumerate(entry.get("follows", ()))
        if not all(
            isinstance(x, Mapping) and set(x) <= {"topic", "supporter"} and "topic" in x
            for x in _factors(item)
        )
    ]
    return wrong


def _factors(item: Any) -> list[Any]:
    return item if isinstance(item, list) else [item]


def _entry(raw: Mapping[str, Any]) -> Entry:
    readings = ("low", "central", "high")
    if "kbd" in raw:
        value = {r: raw["kbd"][r] * raw["price"][r] * _BARRELS for r in readings}
    else:
        value = {r: float((raw.get("musd") or raw["balance"])[r]) for r in readings}
    return Entry(
        raw["id"],
        raw["operation"],
        raw.get("origin", ""),
        raw["buyer"],
        raw.get("sector", ""),
        value,
        dict(raw.get("hubs", raw.get("suppliers", {}))),
        tuple(raw["claims"]),
        raw["reason"],
        {r: float(raw["kbd"][r]) for r in readings} if "kbd" in raw else None,
        {r: float(raw["price"][r]) for r in readings} if "price" in raw else None,
        tuple(
            tuple((x["topic"], x.get("supporter", "")) for x in _factors(item))
            for item in raw.get("follows", ())
        ),
    )


def barrels_value(kbd: float, price: float) -> float:
    """Million USD a year of a flow in thousand barrels a day at a price in USD a barrel."""
    return kbd * price * _BARRELS


def overlay(sales: Array, countries: Sequence[str], entries: Sequence[Entry], reading: str) -> Overlay:
    """Apply the entries to recorded sales, one after the other.

    A hub's cell is drawn down by every entry that relabels it and never beyond its recorded value. The
    balance rule of an unrecorded import is applied after all exports are known.
    """
    at = {c: k for k, c in enumerate(countries)}
    sectors = list(SECTORS)
    added, taken = np.zeros_like(sales), np.zeros_like(sales)
    placed: dict[str, float] = {}
    for entry in entries:
        if entry.operation == "unrecorded_import":
            continue
        s, i, n = sectors.index(entry.sector), at[entry.origin], at[entry.buyer]
        for hub, part in entry.shares.items():
            room = (1.0 - _LEAST) * sales[s, at[hub], n] - taken[s, at[hub], n]
            wanted = entry.value[reading] - sum(placed.get(f"{entry.id}:{h}", 0.0) for h in entry.shares)
            moved = max(min(part * sales[s, at[hub], n], room, wanted), 0.0)
            taken[s, at[hub], n] += moved
            placed[f"{entry.id}:{hub}"] = moved
        added[s, i, n] += entry.value[reading]
        placed[entry.id] = entry.value[reading]
    for entry in entries:
        if entry.operation == "unrecorded_import":
            placed[entry.id] = _imports(sales, added, taken, entry, at, reading)
    return Overlay(added, taken, placed)


def _imports(
    sales: Array, added: Array, taken: Array, entry: Entry, at: Mapping[str, int], reading: str
) -> float:
    """Add imports until exports less imports equal the stated balance; returns what was added."""
    n = at[entry.buyer]
    home = np.einsum("sii->si", sales)[:, n].sum()
    now = sales + added - taken
    exports, imports = now[:, n].sum() - home, now[:, :, n].sum() - home
    missing = exports - entry.value[reading] - imports
    if missing <= 0:
        return 0.0
    goods = slice(0, 8)
    usual = sales[goods, :, n].sum(axis=1) - np.einsum("sii->si", sales)[goods, n]
    share = np.array([entry.shares.get(c, 0.0) for c in at])
    share /= share.sum()
    own = sales[goods, :, n] + 1e-9
    own_mix = own / own.sum(axis=0)
    # A supplier sells what it is recorded to sell there, drawn towards what the buyer is recorded to buy
    # from everyone.
    mix = 0.5 * own_mix + 0.5 * (usual / usual.sum())[:, None]
    added[goods, :, n] += missing * share[None, :] * mix
    return float(missing)


def apply_overlay(world: World, entries: Sequence[Entry], reading: str) -> World:
    """Return the recorded world with one reading of the shadow trade in it.

    Foreign trade is recorded trade plus the overlay, exactly. Every economy whose trade changed is balanced
    again at home, its GDP kept.
    """
    change = overlay(world.sales, world.countries, entries, reading)
    sales = world.sales + change.added - change.taken
    inputs = world.inputs.copy()
    moved = np.abs(change.added - change.taken).sum(axis=0)
    touched = np.flatnonzero(moved.sum(axis=0) + moved.sum(axis=1) > 0)
    for n in touched:
        home, own_inputs = _rebalance_home(world, sales, int(n))
        sales[:, n, n], inputs[n] = home, own_inputs
    raised = raise_home(sales)
    quality = world.quality.copy()
    np.einsum("sii->si", quality)[raised] = QUALITY.index("estimated")
    quality[change.added > 0] = QUALITY.index("shadow")
    return World(
        year=world.year,
        shadow_reading=reading,
        countries=world.countries,
        sectors=world.sectors,
        sales=sales,
        shadow=change.added,
        tariff=world.tariff.copy(),
        inputs=inputs,
        quality=quality,
        medicine=world.medicine.copy(),
        snapshot=world.snapshot,
        notes=dict(world.notes),
    )


def change_overlay(world: World, recorded: World, before: Sequence[Entry], after: Sequence[Entry]) -> World:
    """Return a world whose overlay was made from `before` with the one made from `after` in its place.

    Only what the two overlays differ in moves, so equal entries give the very same world. Economies whose
    trade moves by more than four thousandths of their GDP are balanced again at home, their GDP kept; in the
    others sales at home and final demand take up the difference, output and inputs kept.

    Parameters
    ----------
    world : recorded trade with one reading of `before` in it.
    recorded : the same world without an overlay.
    """
    reading = world.shadow_reading
    old = overlay(recorded.sales, world.countries, before, reading)
    new = overlay(recorded.sales, world.countries, after, reading)
    moved = (new.added - new.taken) - (old.added - old.taken)
    if not moved.any() and not (new.added - old.added).any():
        return world
    sales = np.where(moved == 0, world.sales, np.maximum(world.sales + moved, 0.0))
    # What the stored world rounds must not leave a trace where the new overlay has nothing.
    shadow = np.where(new.added > 0, np.maximum(world.shadow + new.added - old.added, 0.0), 0.0)
    inputs = world.inputs.copy()
    size = np.abs(moved).sum(axis=0)
    touched = size.sum(axis=0) + size.sum(axis=1)
    for n in np.flatnonzero(touched > 0):
        if touched[n] > _SLIGHT * world.gdp[n] or not _absorb_at_home(world, sales, int(n)):
            sales[:, n, n], inputs[n] = _rebalance_home(world, sales, int(n))
    raised = raise_home(sales)
    quality = world.quality.copy()
    np.einsum("sii->si", quality)[raised] = QUALITY.index("estimated")
    quality[(shadow == 0) & (old.added > 0)] = recorded.quality[(shadow == 0) & (old.added > 0)]
    quality[shadow > 0] = QUALITY.index("shadow")
    return replace(world, sales=sales, shadow=np.minimum(shadow, sales), inputs=inputs, quality=quality)


def _absorb_at_home(world: World, sales: Array, n: int) -> bool:
    """Let home sales take up what exports lost or gained, in place; False where that leaves no final demand."""
    rest = np.arange(sales.shape[1]) != n
    home = world.sales[:, n, n] + (world.sales[:, n, rest] - sales[:, n, rest]).sum(axis=1)
    spent = home + (sales[:, rest, n] * (1.0 + world.tariff[:, rest, n])).sum(axis=1)
    short = np.maximum(world.inputs[n].sum(axis=1) - spent, 0.0)
    if (home < 0.5 * world.sales[:, n, n]).any() or (short > 1e-6 * spent).any():
        return False
    sales[:, n, n] = home + short  # what is short is rounding of the stored world
    return True


def raise_home(sales: Array) -> NDArray[np.bool_]:
    """Lift sales at home to `HOME_FLOOR` of every used market, in place; returns which (s, n) were lifted.

    A smaller share is an artefact of re-exports and would make a country's own goods worthless to it. Output
    and final demand rise by the same amount, so the accounts stay exact.
    """
    home = np.einsum("sii->si", sales)
    bought = sales.sum(axis=1) - home
    least = HOME_FLOOR / (1.0 - HOME_FLOOR) * bought * (1.0 + 1e-6)
    low = home < least
    home[low] = least[low]
    return np.asarray(low)


def _rebalance_home(world: World, sales: Array, n: int) -> tuple[Array, Array]:
    """Balance one economy at home, its foreign trade fixed; returns home sales (s,) and inputs (s, r)."""
    rest = np.arange(sales.shape[1]) != n
    own_out, own_in = sales[:, n, rest].sum(axis=1), sales[:, rest, n].sum(axis=1)
    paid = (sales[:, rest, n] * (1.0 + world.tariff[:, rest, n])).sum(axis=1)
    before = world.output[:, n]
    home = np.maximum(np.maximum(before - own_out, world.sales[:, n, n] * 0.3), _LEAST * (own_in + before))
    home = np.where(before + own_in + own_out > 0, home, 0.0)
    trade = np.zeros((len(home), 2, 2))
    trade[:, 0, 0], trade[:, 0, 1], trade[:, 1, 0] = home, own_out, own_in
    trade[:, 1, 1] = 10.0 * (own_in + own_out) + 1.0
    tariff = np.zeros_like(trade)
    tariff[:, 1, 0] = np.divide(paid, own_in, out=np.ones_like(paid), where=own_in > 0) - 1.0
    inputs = np.stack([world.inputs[n], np.diag(0.3 * trade[:, 1, 1])])
    added = np.maximum(np.stack([world.value_added[n], 0.7 * trade[:, 1, 1]]), 1e-6)
    final = np.maximum(np.stack([world.final[:, n], 0.7 * trade[:, 1, 1]], axis=1), 1e-6)
    seed = Accounts(trade, inputs, added, final)
    weight = np.full_like(trade, _FIXED)
    weight[:, 0, 0], weight[:, 1, 1] = 1.0, 1e-2
    trust = Trust(weight, np.ones_like(inputs), np.ones_like(added), np.full_like(final, 0.4))
    revenue = float((sales[:, rest, n] * world.tariff[:, rest, n]).sum())
    kept = Margin("GDP", "value_added", np.array([world.gdp[n] - revenue, np.nan]), np.array([1e4, 0.0]))
    solved = balance(seed, trust, tariff, (kept,), tolerance=1e-7, sweeps=20000).accounts
    return solved.sales[:, 0, 0], np.asarray(solved.inputs[0])
