"""What a user's ledger brings to one assessment: each topic it moves, what of the assessment follows that, and the rest.

A read claim acts in one of five ways: through the shadow overlay (flows), the discount, the business of listed
carriers, the size of the target's economy (swing list alone) or the days of cover. What acts in none, or leaves
its reading where it was, is set aside with the reason.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from tertius.errors import InputError
from tertius.ledger import load_curated
from tertius.ledger.hearing import Read, hear
from tertius.ledger.intervals import latest, level
from tertius.ledger.select import select
from tertius.ledger.topics import topics
from tertius.leverage.amounts import interval
from tertius.leverage.assessment import Before, Quantity
from tertius.leverage.judged import Interval, Judged
from tertius.leverage.revision import Key, Overlay, Shift, shift
from tertius.world import load_world
from tertius.world.model import SECTORS
from tertius.world.shadow import Entry, change_overlay, read_entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tertius.ledger import Claim
    from tertius.ledger.intervals import Level, Reading
    from tertius.scenario import Scenario
    from tertius.world import World

Feeds = Literal["shadow", "discount", "stake", "size", "cover"]

READINGS = ("low", "central", "high")
ELSEWHERE = "about another target"
UNFED = "measures something that no number of this assessment follows"
UNMOVED = "leaves the reading where the ledger had it"
CARRIED = "the world already carries about as much"
NO_OVERLAY = "follows shadow trade, which this assessment leaves out"
_COVER = ("fuel_stock_kb", "fuel_need_kbd", "own_output_kbd", "oil_imports_kbd", "oil_from_supplier_kbd")
_YEAR = 2023  # of the world whose overlay the entries are


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """One topic that read claims move."""

    topic: str
    supporter: str
    feeds: Feeds
    claims: tuple[Claim, ...]
    reading: Before
    fed: tuple[Before, ...]
    shift: Shift | None = None

    @property
    def key(self) -> Key:
        """Topic and supporter."""
        return self.topic, self.supporter


@dataclass(frozen=True, eq=False)
class Brought:
    """What was read, sorted.

    Attributes
    ----------
    read : claims in the user's ledger.
    embedded : the package's own claims, known on the as-of date.
    changes : topics that move, in the order of their names.
    standing : read claims that speak of numbers the assessment uses, whether or not they move them.
    unused : id -> reason, for every other claim.
    overlay : the shadow entries of the target; None where the assessment has no overlay.
    others : claims of a large ledger that were counted and not looked at one by one.
    """

    read: int
    embedded: tuple[Claim, ...]
    changes: tuple[Change, ...] = ()
    standing: tuple[Claim, ...] = ()
    unused: Mapping[str, str] | None = None
    overlay: Overlay | None = None
    others: int = 0

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The ledger of the assessment."""
        return (*self.embedded, *self.standing)

    @cached_property
    def entries(self) -> tuple[Entry, ...] | None:
        """Entries of the overlay with every change in; None where nothing moves."""
        return self.revised(self.changes)

    def revised(self, changes: Sequence[Change]) -> tuple[Entry, ...] | None:
        """Entries with some changes in; None where they leave the overlay as shipped."""
        shifts = {c.key: c.shift for c in changes if c.feeds == "shadow" and c.shift is not None}
        return self.overlay.revised(shifts) if self.overlay is not None and shifts else None

    @property
    def fed(self) -> tuple[Before, ...]:
        """Everything that follows what was read, with every change in; an entry that follows two topics once."""
        others = tuple(fed for change in self.changes if change.feeds != "shadow" for fed in change.fed)
        if self.overlay is None or self.entries is None:
            return others
        return (*_differing(self.overlay.entries, self.entries), *others)

    def level(self, key: Key) -> Level | None:
        """What the embedded ledger alone says of a topic."""
        return level(self.embedded, *key)

    def worlds(
        self, entries: tuple[Entry, ...] | None, readings: Iterable[str] = READINGS
    ) -> dict[str, World] | None:
        """Base-year worlds with these entries in place of the shipped; None where there is nothing to replace."""
        if entries is None or self.overlay is None:
            return None
        shipped, recorded = self.overlay.entries, self.overlay.recorded
        return {r: change_overlay(load_world(_YEAR, shadow=r), recorded, shipped, entries) for r in readings}


def bring(read: Read | Iterable[Claim] | None, scenario: Scenario, *, recorded: bool) -> Brought:
    """Sort what a user's ledger holds by what it does to one assessment.

    Parameters
    ----------
    read : claims beside the package's own, or a `Read` with their standing; None for none.
    recorded : the assessment leaves the shadow overlay out.
    """
    as_of = scenario.as_of.isoformat()
    embedded = tuple(select(load_curated(), as_of=as_of))
    if read is None:
        return Brought(0, embedded)
    given = read if isinstance(read, Read) else Read.of(read)
    heard = hear(given, load_curated(), as_of)
    sorter = _Sorter(scenario, embedded, _overlay(scenario, heard.claims, recorded=recorded))
    changes, standing, unused = sorter.sort(heard.claims)
    return Brought(
        len(given.claims) + given.others,
        embedded,
        changes,
        standing,
        dict(heard.unused) | unused,
        sorter.overlay,
        given.others,
    )


def _overlay(scenario: Scenario, heard: Sequence[Claim], *, recorded: bool) -> Overlay | None:
    """The overlay, loaded only where a claim may need it."""
    if recorded or scenario.world.year != _YEAR or scenario.world.shadow == "recorded":
        return None
    if not any(c.target == scenario.target for c in heard):
        return None
    return Overlay.of(scenario.target, load_world(_YEAR, shadow="recorded"), load_world(_YEAR))


@dataclass(frozen=True)
class _Sorter:
    """Decides for each topic what it feeds."""

    scenario: Scenario
    embedded: tuple[Claim, ...]
    overlay: Overlay | None

    @property
    def as_of(self) -> str:
        return str(self.scenario.as_of.isoformat())

    @property
    def target(self) -> str:
        return str(self.scenario.target)

    def sort(self, heard: Sequence[Claim]) -> tuple[tuple[Change, ...], tuple[Claim, ...], dict[str, str]]:
        """Return changes, the claims that count, and the reason for each that does not."""
        groups: dict[Key, list[Claim]] = defaultdict(list)
        unused: dict[str, str] = {}
        for claim in heard:
            if claim.target == self.target or claim.topic in self.stakes:
                groups[claim.topic, claim.supporter].append(claim)
            else:
                unused[claim.id] = ELSEWHERE
        changes: list[Change] = []
        standing: list[Claim] = []
        named = {(c.topic, c.supporter) for c in self.embedded}
        for key, claims in sorted(groups.items()):
            found = self._change(key, tuple(claims))
            if isinstance(found, str):
                unused |= {c.id: found for c in claims}
            else:
                changes += found
            # A claim that moves nothing can still be at odds with one that is used.
            if not isinstance(found, str) or (found == UNMOVED and key in named):
                standing += claims
        return tuple(changes), tuple(standing), unused

    @cached_property
    def stakes(self) -> tuple[str, ...]:
        """Topics that give the business of listed carriers."""
        return tuple(t for m in self.scenario.threats if m.type == "entity_listing" for t in m.stake)

    def _change(self, key: Key, claims: tuple[Claim, ...]) -> list[Change] | str:
        """Changes of one topic, or why there is none."""
        name = key[0].partition(".")[2]
        found: list[Change | str] = []
        if name.endswith("discount_usd_bbl"):
            found.append(self._discount(key, claims))
        elif key[0] in self.stakes:
            found.append(self._stake(key, claims))
        elif name == "gdp_usd_bn":
            found.append(self._size(key, claims))
        else:
            found.append(self._shadow(key, claims))
            if name in _COVER:
                found.append(self._cover(key, claims))
        changes = [x for x in found if isinstance(x, Change)]
        if changes:
            return changes[:1]
        reasons = [x for x in found if isinstance(x, str)]
        return next((r for r in reasons if r != UNFED), UNFED)

    # -- what follows what ---------------------------------------------------------------------------

    def _shadow(self, key: Key, claims: tuple[Claim, ...]) -> Change | str:
        flows = key[0].endswith(("crude_to_buyer_kbd", "buyer_kbd", "oil_from_supplier_kbd", "_partner_bn"))
        if self.overlay is None:
            shipped = any(key in item for entry in read_entries() for item in entry.follows)
            return NO_OVERLAY if flows or shipped else UNFED
        followed = key in self.overlay.followed
        one = shift(self.embedded, claims, *key, self.as_of) if followed or flows else None
        if one is None:
            return UNFED
        if not one.moved:
            return UNMOVED
        after = self.overlay.revised({key: one})
        fed = _differing(self.overlay.entries, after)
        if not fed:
            return UNMOVED if followed else CARRIED
        reading = Before(_what(key), _level(one.before, key), _level(one.after, key))
        return Change(*key, "shadow", claims, reading, fed, one)

    def _discount(self, key: Key, claims: tuple[Claim, ...]) -> Change | str:
        old, new = (
            Judged.load(self.target, self.as_of, [c for c in known if c.target == self.target]).discount(
                key[1]
            )
            for known in (self.embedded, (*self.embedded, *claims))
        )
        if new is None or (old is not None and old.usd_bbl == new.usd_bbl):
            return UNMOVED
        before = None if old is None else old.usd_bbl
        row = Before(_what(key), _judged(before, old.year if old else None), _judged(new.usd_bbl, new.year))
        fed = Before(
            f"discount that {key[1] or 'every buyer'} gets on crude of {self.target}", row.before, row.after
        )
        return Change(*key, "discount", claims, row, (fed,))

    def _stake(self, key: Key, claims: tuple[Claim, ...]) -> Change | str:
        old, new = (
            Judged.load(self.target, self.as_of, known).stake([key[0]])
            for known in (self.embedded, (*self.embedded, *claims))
        )
        if new is None or old == new:
            return UNMOVED
        row = Before(_what(key), _judged(old, None), _judged(new, None))
        return Change(
            *key, "stake", claims, row, (Before("business of listed carriers", row.before, row.after),)
        )

    def _size(self, key: Key, claims: tuple[Claim, ...]) -> Change | str:
        old, new = (
            latest(known, key[0], "broad", as_of=self.as_of)
            for known in (self.embedded, (*self.embedded, *claims))
        )
        if (old.low, old.central, old.high) == (new.low, new.central, new.high):
            return UNMOVED
        row = Before(_what(key), _reading(old), _reading(new))
        return Change(*key, "size", claims, row, (Before("GDP in the swing list", row.before, row.after),))

    def _cover(self, key: Key, claims: tuple[Claim, ...]) -> Change | str:
        old, new = (
            _days(known, self.as_of, self.target) for known in (self.embedded, (*self.embedded, *claims))
        )
        if new is None or old == new:
            return UNMOVED
        readings = [
            level(known, *key, as_of=self.as_of) for known in (self.embedded, (*self.embedded, *claims))
        ]
        row = Before(_what(key), *(_level(x, key) for x in readings))
        unknown = Quantity(None, None, None, "days", None, (), "no claim gives a fuel balance")
        return Change(
            *key, "cover", claims, row, (Before("days of fuel cover, newest count", old or unknown, new),)
        )


# -- numbers as the assessment shows them --------------------------------------------------------------


def _what(key: Key) -> str:
    topic = topics().get(key[0])
    return topic.what if topic else key[0]


def _level(one: Level | None, key: Key) -> Quantity:
    if one is None:
        known = topics().get(key[0])
        return Quantity(None, None, None, known.unit if known else "", None, (), "no claim gives it")
    note = "no measured or official number" if one.judged else ""
    return interval(
        one.low, one.central, one.high, one.unit, one.year, tuple(f"claim:{i}" for i in one.claims), note
    )


def _judged(one: Interval | None, year: int | None) -> Quantity:
    if one is None:
        return Quantity(None, None, None, "", None, (), "no claim gives it")
    return interval(one.low, one.central, one.high, one.unit, year, one.sources)


def _reading(one: Reading) -> Quantity:
    return interval(
        one.low, one.central, one.high, one.unit, one.year, tuple(f"claim:{i}" for i in one.claims), one.note
    )


def _days(known: Sequence[Claim], as_of: str, target: str) -> Quantity | None:
    from tertius.engine.shortage import days_of_cover

    try:
        found = days_of_cover(known, as_of, target)
    except InputError:
        return None
    newest = max(found.readings, key=lambda r: (r.period, r.tracker), default=None)
    if newest is None:
        return None
    days = newest.days
    return Quantity(
        days.low,
        days.central,
        days.high,
        "days",
        int(as_of[:4]),
        tuple(f"claim:{i}" for i in days.claims),
        days.note,
    )


def _differing(before: Sequence[Entry], after: Sequence[Entry]) -> tuple[Before, ...]:
    """The entries whose value differs, before and after."""
    shipped = {entry.id: entry for entry in before}
    pairs = [(shipped.get(entry.id), entry) for entry in after]
    return tuple(_fed(old, new) for old, new in pairs if old is None or old.value != new.value)


def _fed(old: Entry | None, new: Entry) -> Before:
    where = f"shadow:{new.id}: {SECTORS[new.sector].split(',')[0]} from {new.origin} to {new.buyer}"
    nothing = Quantity(0.0, 0.0, 0.0, "kb/d" if new.kbd else "M USD a year", _YEAR, (), "not in the overlay")
    return Before(where, nothing if old is None else _carries(old), _carries(new))


def _carries(entry: Entry) -> Quantity:
    value, unit = (entry.kbd, "kb/d") if entry.kbd else (entry.value, "M USD a year")
    return interval(value["low"], value["central"], value["high"], unit, _YEAR, (f"shadow:{entry.id}",))
