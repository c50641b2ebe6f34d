"""What read claims change in the shadow overlay: readings before and after, and the entries that follow them.

The overlay is of one base year, and what the package's own ledger says of later years does not move it. So a
reading acts by how far it moves from what the embedded ledger says: an entry is multiplied by R1/R0, the strict
central of the newest measured year with the read claims over the one without. Its ends are multiplied alike and
then widened, where the broad reading got wider or speaks of a newer year, to hold what every voice says. Where the
embedded ledger has no number, or nothing but a stop, R0 is what the entries carry, so that they go to the level
that was read. A number nobody measured widens the ends and leaves the centre. A product (share times total) is
the product of both ratios. A flow that no entry follows becomes an entry of its own where the world carries
clearly less than was read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tertius.ledger.intervals import Level, level
from tertius.world.concord import GOODS
from tertius.world.shadow import Entry, barrels_value, read_entries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tertius.ledger import Claim
    from tertius.world import World

#: Topic and supporter.
Key = tuple[str, str]

_CLEARLY = 1.25  # the claim's low end over what the world carries; less is one reading of the same trade
_READINGS = ("low", "central", "high")
_PRICE = {"low": 65.0, "central": 70.0, "high": 80.0}  # USD/bbl of 2023, where no entry of the target has one
_PRODUCTS = ("fuel", "diesel", "gasoline", "petrol", "products", "lpg")


@dataclass(frozen=True, slots=True)
class Shift:
    """One topic's level without and with the read claims."""

    before: Level | None
    after: Level
    claims: tuple[Claim, ...]  # the read ones

    @property
    def moved(self) -> bool:
        """Whether anything differs."""
        old, new = self.before, self.after
        return old is None or any(
            abs(a - b) > 1e-9 * max(abs(a), abs(b))
            for a, b in ((old.low, new.low), (old.central, new.central), (old.high, new.high))
        )

    def factors(self, carried: float) -> tuple[float | None, float, float | None]:
        """Low, central and high as multiples of the old central; an end is None where it just goes along."""
        old, new = self.before, self.after
        base = old.central if old is not None and old.central > 0 else carried
        if base <= 0:
            return None, 1.0, None
        measured = not new.judged or (old is not None and old.judged)
        centre = new.central / base if measured else 1.0
        fresh = old is None or new.year != old.year
        wider = (fresh or new.low < old.low, fresh or new.high > old.high)  # type: ignore[union-attr]
        return (new.low / base if wider[0] else None), centre, (new.high / base if wider[1] else None)


def shift(
    embedded: Sequence[Claim], read: Sequence[Claim], topic: str, supporter: str, as_of: str
) -> Shift | None:
    """Readings of one topic without and with some read claims; None where neither has a number."""
    after = level([*embedded, *read], topic, supporter, as_of=as_of)
    before = level(embedded, topic, supporter, as_of=as_of)
    return None if after is None else Shift(before, after, tuple(read))


@dataclass(frozen=True)
class Overlay:
    """The shipped entries that touch a target, and what the world carries."""

    target: str
    entries: tuple[Entry, ...]
    recorded: World
    central: World

    @classmethod
    def of(cls, target: str, recorded: World, central: World) -> Overlay:
        """The package's own entries."""
        return cls(target, read_entries(), recorded, central)

    @cached_property
    def followed(self) -> dict[Key, tuple[Entry, ...]]:
        """Topic and supporter -> entries of the target that follow it."""
        found: dict[Key, tuple[Entry, ...]] = {}
        for entry in self.entries:
            if self.target in (entry.origin, entry.buyer):
                for key in dict.fromkeys(k for item in entry.follows for k in item):
                    found[key] = (*found.get(key, ()), entry)
        return found

    def carried(self, key: Key) -> float:
        """Thousand barrels a day that the entries following a topic of their own carry."""
        return sum(e.kbd["central"] for e in self.followed.get(key, ()) if e.kbd)

    def revised(self, shifts: Mapping[Key, Shift]) -> tuple[Entry, ...]:
        """Entries after some topics have moved; the very same objects where none did."""
        moved = [self._followed_up(entry, shifts) for entry in self.entries]
        new = [
            entry
            for key, one in shifts.items()
            if key not in self.followed
            for entry in self.new_flow(key, one)
        ]
        # Imports that close a balance come last in the file, and see every export that is added.
        return (*moved, *new)

    def _followed_up(self, entry: Entry, shifts: Mapping[Key, Shift]) -> Entry:
        for item in entry.follows:
            factors = [
                shifts[k].factors(self.carried(k))
                for k in item
                if k in shifts and self.target in (entry.origin, entry.buyer)
            ]
            if factors:
                read = (c.id for k in item if k in shifts for c in shifts[k].claims)
                return replace(_rescaled(entry, factors), claims=(*entry.claims, *read))
        return entry

    def new_flow(self, key: Key, one: Shift) -> tuple[Entry, ...]:
        """Entries for a flow that none follows; none where the world carries about as much, or it is no flow."""
        topic, supporter = key
        name = topic.partition(".")[2]
        if supporter not in self.central.countries or not one.claims:
            return ()
        sides = (supporter, self.target) if _inbound(name) else (self.target, supporter)
        if name.endswith("_kbd"):
            return self._barrels(sides, key, one)
        if name in ("exports_to_partner_bn", "imports_from_partner_bn"):
            return self._goods(sides, key, one)
        return ()

    def _barrels(self, sides: tuple[str, str], key: Key, one: Shift) -> tuple[Entry, ...]:
        words = " ".join(c.text for c in one.claims).lower()
        sector = (
            "refined_fuels"
            if _inbound(key[0].partition(".")[2]) and any(w in words for w in _PRODUCTS)
            else "crude_oil_gas"
        )
        price = next(
            (
                e.price
                for e in self.entries
                if e.price and self.target in (e.origin, e.buyer) and e.sector == sector
            ),
            _PRICE,
        )
        there = self.trade(sides, (sector,))
        value = {r: barrels_value(getattr(one.after, r), price[r]) for r in _READINGS}
        made = self._new(sides, {sector: 1.0}, value, there, key, one)
        return tuple(
            replace(e, price=price, kbd={r: e.value[r] / barrels_value(1.0, price[r]) for r in _READINGS})
            for e in made
        )

    def _goods(self, sides: tuple[str, str], key: Key, one: Shift) -> tuple[Entry, ...]:
        value = {r: 1e3 * getattr(one.after, r) for r in _READINGS}
        sectors = self.central.sectors[GOODS]
        i, n = (self.central.country(c) for c in sides)
        usual = self.central.sales[GOODS, i, :].sum(axis=1) - self.central.sales[GOODS, i, i]
        cell = self.central.sales[GOODS, i, n]
        mix = cell if cell.sum() > 0 else usual
        share = np.where(mix > 0.02 * mix.sum(), mix, 0.0)
        shares = {
            s: float(x) for s, x in zip(sectors, share / max(share.sum(), 1e-300), strict=True) if x > 0
        }
        return self._new(sides, shares, value, self.trade(sides, sectors), key, one)

    def _new(
        self, sides: tuple[str, str], shares: Mapping[str, float], value: Mapping[str, float], there: float,
        key: Key, one: Shift,
    ) -> tuple[Entry, ...]:  # fmt: skip
        if value["low"] <= _CLEARLY * there:
            return ()
        missing = {r: max(value[r] - there, 0.0) for r in _READINGS}
        if one.after.judged:
            missing = {"low": 0.0, "central": 0.0, "high": missing["high"]}
        return tuple(
            Entry(
                f"read-{sides[0].lower()}-{sides[1].lower()}-{sector}", "unrecorded_export", sides[0], sides[1], sector,
                {r: part * x for r, x in missing.items()}, {}, tuple(c.id for c in one.claims),
                f"Read in the ledger; the world carries {there:.0f} million USD of it.", follows=((key,),),
            )
            for sector, part in shares.items()
        )  # fmt: skip

    def trade(self, sides: tuple[str, str], sectors: Sequence[str]) -> float:
        """Million USD that the world carries from one to the other, the shadow trade included."""
        i, n = (self.central.country(c) for c in sides)
        return float(sum(self.central.sales[self.central.sector(s), i, n] for s in sectors))


def _inbound(name: str) -> bool:
    return name in ("oil_from_supplier_kbd", "imports_from_partner_bn")


def _rescaled(entry: Entry, factors: Sequence[tuple[float | None, float, float | None]]) -> Entry:
    """An entry multiplied by the centres and widened to the ends, all relative to its central value."""
    old = entry.kbd or entry.value
    centre = float(np.prod([f[1] for f in factors]))
    new = {r: centre * old[r] for r in _READINGS}
    if any(f[0] is not None for f in factors):
        new["low"] = min(
            new["low"], old["central"] * float(np.prod([f[1] if f[0] is None else f[0] for f in factors]))
        )
    if any(f[2] is not None for f in factors):
        new["high"] = max(
            new["high"], old["central"] * float(np.prod([f[1] if f[2] is None else f[2] for f in factors]))
        )
    if entry.kbd is None or entry.price is None:
        return replace(entry, value=new)
    return replace(entry, kbd=new, value={r: barrels_value(new[r], entry.price[r]) for r in _READINGS})
