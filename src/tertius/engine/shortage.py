"""The shortage clock, first line: what is missing each day, and for how many days the stocks last.

    gap = need - own output - arrivals          kb/d; interval arithmetic: low gap = low need - high supply
    days = stock / gap                          from the day the stock was counted; unknown without a stock

Trackers that disagree are separate readings, never averaged. Every number carries the ids of its claims, and
what no claim gives is unknown. A fuel crisis runs for weeks, so these are physical units, not an equilibrium.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tertius.errors import InputError
from tertius.ledger.intervals import Reading, latest, voice
from tertius.ledger.record import last_day_of
from tertius.ledger.select import select

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from tertius.ledger.record import Claim


@dataclass(frozen=True, slots=True)
class Amount:
    """Low, central, high in a unit with the claims behind it; an end that is None is unknown, see `note`."""

    low: float | None
    central: float | None
    high: float | None
    unit: str
    claims: tuple[str, ...] = ()
    note: str = ""

    @property
    def known(self) -> bool:
        """Whether any claim gives it."""
        return self.central is not None


@dataclass(frozen=True, slots=True)
class Cover:
    """What one tracker says arrives in one period, and what follows from it.

    Attributes
    ----------
    tracker, period : whose count, of which months.
    arrivals : kb/d, all suppliers.
    suppliers : kb/d by supporter, the same tracker's volumes or its shares of the total.
    gap : kb/d, need less own output less arrivals; below zero means enough.
    days : days the stock lasts at this gap.
    """

    tracker: str
    period: str
    arrivals: Amount
    suppliers: dict[str, Amount]
    gap: Amount
    days: Amount


@dataclass(frozen=True, slots=True)
class Statement:
    """A number somebody gives for one supplier, or for the days left, as said."""

    who: str
    period: str
    supplier: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class DaysOfCover:
    """Fuel balance of one target as known on one day: one `Cover` for each tracker and period."""

    target: str
    as_of: str
    need: Amount
    own_output: Amount
    stock: Amount
    readings: tuple[Cover, ...]
    by_supplier: tuple[Statement, ...]  # volumes that stand alone, trackers side by side
    said_days_left: tuple[Statement, ...]  # what trackers themselves make of it
    unknown: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain containers, ready for JSON."""
        return asdict(self)


def days_of_cover(claims: Iterable[Claim], as_of: str | date, target: str = "CUB") -> DaysOfCover:
    """Return the fuel balance of `target` as known on `as_of`; nothing said later is in it.

    Raises
    ------
    InputError : no claim gives need, own output or arrivals by that day.
    """
    day = last_day_of(as_of)
    known = [c for c in select(claims, target, as_of=day) if c.value is not None and not c.relay_of]
    need, own, stock = (
        _hull(known, f"{target}.{name}") for name in ("fuel_need_kbd", "own_output_kbd", "fuel_stock_kb")
    )
    readings = tuple(_readings(known, target, need, own, stock))
    _require(target, day, need=need.known, own_output=own.known, arrivals=bool(readings))
    return DaysOfCover(
        target=target,
        as_of=day.isoformat(),
        need=need,
        own_output=own,
        stock=stock,
        readings=readings,
        by_supplier=_statements(known, f"{target}.oil_from_supplier_kbd"),
        said_days_left=_statements(known, f"{target}.days_of_oil_left"),
        unknown=_unknown(target, stock),
    )


def minus(a: Amount, *others: Amount) -> Amount:
    """Interval difference: a's low less the others' highs, and the reverse; the claims of all are kept."""
    parts = (a, *others)
    claims = tuple(dict.fromkeys(claim for part in parts for claim in part.claims))
    if not all(part.known for part in parts):
        return Amount(None, None, None, a.unit, claims, "unknown part")
    low = _at(a, "low") - sum(_at(o, "high") for o in others)
    high = _at(a, "high") - sum(_at(o, "low") for o in others)
    return Amount(low, _at(a, "central") - sum(_at(o, "central") for o in others), high, a.unit, claims)


def lasting(stock: Amount, gap: Amount) -> Amount:
    """Days that `stock` (kb) lasts at `gap` (kb/d); None at an end where nothing is missing."""
    claims = tuple(dict.fromkeys(stock.claims + gap.claims))
    if not stock.known or not gap.known:
        return Amount(None, None, None, "days", claims, "unknown: no claim gives stocks")
    pairs = (("low", "high"), ("central", "central"), ("high", "low"))
    low, central, high = (_ratio(_at(stock, s), _at(gap, g)) for s, g in pairs)
    return Amount(
        low, central, high, "days", claims, "" if high is not None else "arrivals may cover the need"
    )


def _ratio(stock: float, gap: float) -> float | None:
    return stock / gap if gap > 0 else None


def _at(amount: Amount, end: str) -> float:
    value: float = getattr(amount, end)
    return value


def _require(target: str, day: date, **given: bool) -> None:
    missing = [name.replace("_", " ") for name, there in given.items() if not there]
    if missing:
        raise InputError(
            f"no fuel balance for {target} on {day}: no claim by then gives {', '.join(missing)}"
        )


def _amount(reading: Reading) -> Amount:
    return Amount(reading.low, reading.central, reading.high, reading.unit, reading.claims, reading.note)


def _hull(known: Sequence[Claim], topic: str) -> Amount:
    """Last word of every voice on a slow number, whatever year it is about; central is the newest one's."""
    voices: dict[str, list[Claim]] = defaultdict(list)
    for claim in known:
        if claim.topic == topic:
            voices[voice(claim)].append(claim)
    if not voices:
        return Amount(None, None, None, "kb" if topic.endswith("_kb") else "kb/d", note="no claim gives it")
    parts = [_amount(latest(said, topic, "broad")) for said in voices.values()]
    newest = max(
        (latest(said, topic, "broad") for said in voices.values()), key=lambda r: (r.year or 0, r.claims)
    )
    return Amount(
        min(_at(part, "low") for part in parts),
        newest.central,
        max(_at(part, "high") for part in parts),
        newest.unit,
        tuple(dict.fromkeys((*newest.claims, *(claim for part in parts for claim in part.claims)))),
    )


def _readings(
    known: Sequence[Claim], target: str, need: Amount, own: Amount, stock: Amount
) -> Iterator[Cover]:
    """One cover for each tracker and period that has a total, or shares that need one."""
    totals = {_place(c): c for c in known if c.topic == f"{target}.oil_imports_kbd"}
    shares = {_place(c) for c in known if c.topic == f"{target}.crude_supplier_share"}
    for tracker, period in sorted(totals.keys() | shares, key=lambda place: (place[1], place[0])):
        arrivals = _total(totals, (tracker, period))
        suppliers = _suppliers(known, target, (tracker, period), arrivals)
        gap = minus(need, own, arrivals)
        yield Cover(tracker, period, arrivals, suppliers, gap, lasting(stock, gap))


def _total(totals: dict[tuple[str, str], Claim], place: tuple[str, str]) -> Amount:
    """Return the tracker's own total, else the hull of the others' for the same period."""
    if place in totals:
        return _one(totals[place])
    others = [_one(claim) for (_, period), claim in totals.items() if period == place[1]]
    if not others:
        return Amount(None, None, None, "kb/d", note="the tracker gives shares and nobody a total")
    low, high = min(_at(o, "low") for o in others), max(_at(o, "high") for o in others)
    claims = tuple(claim for o in others for claim in o.claims)
    return Amount(low, _at(others[0], "central"), high, "kb/d", claims, "total of the other trackers")


def _suppliers(
    known: Sequence[Claim], target: str, place: tuple[str, str], arrivals: Amount
) -> dict[str, Amount]:
    found: dict[str, Amount] = {}
    for claim in (c for c in known if _place(c) == place and c.supporter):
        if claim.topic == f"{target}.crude_supplier_share" and arrivals.known:
            found[claim.supporter] = _part(_one(claim), arrivals)
        elif claim.topic in (f"{target}.oil_from_supplier_kbd", f"{target}.oil_imports_kbd"):
            found[claim.supporter] = _one(claim)
    return dict(sorted(found.items(), key=lambda item: -_at(item[1], "central")))


def _part(share: Amount, total: Amount) -> Amount:
    low, central, high = (_at(share, end) * _at(total, end) for end in ("low", "central", "high"))
    return Amount(low, central, high, total.unit, share.claims + total.claims, total.note)


def _one(claim: Claim) -> Amount:
    return _amount(latest([claim], claim.topic, "broad"))


def _place(claim: Claim) -> tuple[str, str]:
    return voice(claim), _period(claim)


def _period(claim: Claim) -> str:
    if claim.about is None or not claim.about.start:
        return ""
    about = claim.about
    return about.start if about.end in ("", about.start) else f"{about.start} to {about.end}"


def _statements(known: Sequence[Claim], topic: str) -> tuple[Statement, ...]:
    found = [Statement(*_place(c), c.supporter, _one(c)) for c in known if c.topic == topic]
    return tuple(sorted(found, key=lambda s: (s.supplier, s.period, s.who)))


def _unknown(target: str, stock: Amount) -> tuple[str, ...]:
    always = (
        f"{target}: split of stocks and arrivals by product (diesel, fuel oil, petrol)",
        f"{target}: demand under rationing; the need is that of normal running",
    )
    return always if stock.known else (f"{target}: fuel in store (no claim by this day gives it)", *always)
