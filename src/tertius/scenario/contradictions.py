"""Measures that cannot all be meant: the same cells at the same time, told two things."""

from __future__ import annotations

import datetime as dt
from itertools import combinations
from typing import TYPE_CHECKING

from tertius.scenario.measures import (
    Discount,
    Embargo,
    EntityListing,
    ExportControl,
    Measure,
    PriceCap,
    SecondaryTariff,
    Tariff,
)
from tertius.scenario.problems import Path

if TYPE_CHECKING:
    from collections.abc import Sequence

Found = list[tuple[Path, str]]


def contradictions(target: str, senders: Sequence[str], measures: Sequence[tuple[int, Measure]]) -> Found:
    """Return every contradiction as (path, message).

    Parameters
    ----------
    target : ISO 3166-1 alpha-3.
    senders : the same, groups expanded.
    measures : (position in the document, measure with its senders expanded).
    """
    found: Found = []
    if target in senders:
        found.append((("senders",), f"{target} is sender and target at once"))
    for position, measure in measures:
        found += _alone(target, position, measure, inherited=tuple(measure.senders) == tuple(senders))
    for (i, a), (j, b) in combinations(measures, 2):
        if message := _clash(a, b):
            found.append((("measures", j), f"{message} as in measures[{i}]"))
    return found


def _alone(target: str, position: int, measure: Measure, *, inherited: bool) -> Found:
    at: Path = ("measures", position)
    found: Found = []
    if target in measure.senders and not inherited:
        found.append(((*at, "senders"), f"{target} is sender and target at once"))
    for name in ("supporter", "buyer"):
        if (who := getattr(measure, name, None)) == target:
            found.append(((*at, name), f"{who} is the target; a {name} is another state"))
    for name in ("supporters", "buyers"):
        if target in getattr(measure, name, ()):
            found.append(((*at, name), f"{target} is the target; {name} are other states"))
    if isinstance(measure, EntityListing) and (both := sorted({*measure.supporters} & {*measure.senders})):
        found.append(((*at, "supporters"), f"{both[0]} is sender and supporter at once"))
    if isinstance(measure, SecondaryTariff) and measure.of not in (None, target):
        found.append(((*at, "of"), f"partners of {measure.of}, but the target is {target}"))
    return found


def _clash(a: Measure, b: Measure) -> str:
    """Say how two measures contradict each other, or return an empty string."""
    if a.role != b.role or not _overlap(a, b) or not _share_cells(a, b):
        return ""
    if type(a) is type(b):
        differ = [name for name in a.strength if getattr(a, name) != getattr(b, name)]
        if not differ:
            return f"{b.type} on the same trade at the same time, already given"
        told = ", ".join(f"{name} {_say(b, name)} against {_say(a, name)}" for name in differ)
        return f"{b.type} on the same trade at the same time with another strength ({told})"
    stops = [
        m for m in (a, b) if isinstance(m, Embargo | ExportControl) and m.coverage == 1 and not m.leakage
    ]
    prices = [m for m in (a, b) if isinstance(m, Tariff | PriceCap)]
    if stops and prices:
        return f"{b.type} on cells that a full {stops[0].type} stops and a {prices[0].type} taxes"
    return ""


def _say(measure: Measure, name: str) -> str:
    value = getattr(measure, name)
    if isinstance(value, tuple):
        return ",".join(value) or "nothing"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _overlap(a: Measure, b: Measure) -> bool:
    """Whether both can be in force on one day."""
    start = [m.dates.in_force or m.dates.said or dt.date.min for m in (a, b)]
    end = [m.dates.until or dt.date.max for m in (a, b)]
    return start[0] <= end[1] and start[1] <= end[0]


def _share_cells(a: Measure, b: Measure) -> bool:
    if isinstance(a, Discount) and isinstance(b, Discount):
        return (
            a.buyer == b.buyer and bool({*a.sectors} & {*b.sectors}) and _channels_meet(a.channel, b.channel)
        )
    if (one := getattr(a, "supporter", None)) or getattr(b, "supporter", None):
        return type(a) is type(b) and one == getattr(b, "supporter", None) and _sectors_meet(a, b)
    if isinstance(a, EntityListing) and isinstance(b, EntityListing):
        meet = a.channel == b.channel and bool({*a.supporters} & {*b.supporters})
        return meet and bool({*a.senders} & {*b.senders}) and _sectors_meet(a, b)
    if isinstance(a, SecondaryTariff) and isinstance(b, SecondaryTariff):
        return bool({*a.senders} & {*b.senders}) and _sectors_meet(a, b)
    return _partners_meet(a, b) and _sectors_meet(a, b) and _flows_meet(a, b)


def _partners_meet(a: Measure, b: Measure) -> bool:
    """Whether both act on the target's trade with one and the same state."""
    hit = []
    for m in (a, b):
        if isinstance(m, PriceCap):
            hit.append((set(m.buyers), not m.buyers, set(m.senders)))
        else:
            hit.append((set(m.senders), False, set()))
    (x, x_all, x_not), (y, y_all, y_not) = hit
    if x_all and y_all:
        return True
    if x_all or y_all:
        return bool((y - x_not) if x_all else (x - y_not))
    return bool(x & y)


def _sectors_meet(a: Measure, b: Measure) -> bool:
    x, y = getattr(a, "sectors", None), getattr(b, "sectors", None)
    return x is None or y is None or bool({*x} & {*y})


def _flows_meet(a: Measure, b: Measure) -> bool:
    flows = [m.scope.flow if m.scope else "both" for m in (a, b)]
    return "both" in flows or flows[0] == flows[1]


def _channels_meet(x: str, y: str) -> bool:
    return "both" in (x, y) or x == y
