"""Same events, and pledges with what became of them. Contradictions and tensions are in `conflict`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite
from typing import TYPE_CHECKING

from tertius.ledger.conflict import Pair, conflicts, relation
from tertius.ledger.intervals import reach
from tertius.ledger.record import first_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tertius.ledger.record import Claim

__all__ = [
    "ENDS",
    "STAGES",
    "Funnel",
    "Pair",
    "Step",
    "conflicts",
    "deliveries",
    "funnel",
    "relation",
    "same_events",
]

#: Stages of a commitment, in the order in which a promise becomes a delivery.
STAGES = ("discussed", "announced", "agreed", "financed", "shipped", "delivered")
#: Stages in which it ends without, or is said not to exist.
ENDS = ("suspended", "cancelled", "lapsed", "denied")

_WINDOW = timedelta(days=3)  # the same event, reported a day or two apart


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of one commitment: the claims in it, and how much they give together.

    An end that a speaker left open is None: "at least 25 bn" has no high end, "up to 25 bn" no low one. Without
    any number, or with numbers in several units, both are None.
    """

    stage: str
    low: float | None
    high: float | None
    unit: str
    claims: tuple[Claim, ...]

    @property
    def largest(self) -> float | None:
        """The largest number given; None without one."""
        return self.low if self.high is None else self.high


@dataclass(frozen=True, slots=True)
class Funnel:
    """What became of one commitment. `share` is delivered over promised, None when either has no number.

    An end of the share is None where the promise or the delivery is open on that side.
    `umbrella` frames (a 25-year pact) hold other commitments and must not be added to them.
    """

    commitment: str
    supporter: str
    target: str
    channels: tuple[str, ...]
    umbrella: bool
    steps: tuple[Step, ...]
    share: tuple[float | None, float | None] | None
    note: str


def same_events(claims: Iterable[Claim]) -> list[tuple[Claim, ...]]:
    """Clusters of claims about one event: same parties and code, dates at most three days apart."""
    groups: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.event and _when(claim):
            groups[claim.event, *_parties(claim)].append(claim)
    clusters = [chain for group in groups.values() for chain in _chains(group)]
    return [chain for chain in clusters if len(chain) > 1]


def funnel(claims: Iterable[Claim], target: str) -> list[Funnel]:
    """Return the commitments to `target`, each by stage; relays are left out, umbrella frames marked."""
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.target == target and claim.commitment and not claim.relay_of:
            groups[claim.commitment].append(claim)
    return [_funnel(name, group) for name, group in sorted(groups.items())]


def deliveries(claims: Iterable[Claim]) -> list[Pair]:
    """Links from each promise to every later delivery of the same commitment."""
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.commitment and not claim.umbrella:
            groups[claim.commitment].append(claim)
    return [
        Pair(a, b, "pledge_delivered_by", f"{a.stage}, then {b.stage}, both under {name}")
        for name, group in sorted(groups.items())
        for a in group
        for b in group
        if a.stage in STAGES[:4] and b.stage in STAGES[4:]
    ]


# -- pledges and deliveries --------------------------------------------------------------------------


def _funnel(name: str, group: Sequence[Claim]) -> Funnel:
    steps = tuple(_step(stage, group) for stage in (*STAGES, *ENDS) if any(c.stage == stage for c in group))
    umbrella = any(claim.umbrella for claim in group)
    note = "a frame that holds other commitments: not to be added up" if umbrella else ""
    share = None if umbrella else _share(steps)
    channels = tuple(sorted({claim.channel or "" for claim in group}))
    return Funnel(name, group[0].supporter, group[0].target, channels, umbrella, steps, share, note)


def _step(stage: str, group: Sequence[Claim]) -> Step:
    claims = sorted((c for c in group if c.stage == stage), key=lambda c: (c.known_on or date.min, c.id))
    ends = [reach(c) for c in claims if c.value is not None]
    units = {c.value.unit for c in claims if c.value is not None}
    if not ends or len(units) > 1:
        return Step(stage, None, None, "", tuple(claims))
    low, high = min(low for low, _ in ends), max(high for _, high in ends)
    return Step(
        stage,
        low if isfinite(low) else None,
        high if isfinite(high) else None,
        units.pop(),
        tuple(claims),
    )


def _share(steps: Sequence[Step]) -> tuple[float | None, float | None] | None:
    """Delivered over promised, low to high, when both have numbers in one unit."""
    promised = [s for s in steps if s.stage in STAGES[:3] and s.largest]
    arrived = [s for s in steps if s.stage == "delivered" and s.largest is not None]
    if not promised or not arrived or promised[-1].unit != arrived[-1].unit:
        return None
    base, got = promised[-1], arrived[-1]
    low = got.low / base.high if got.low is not None and base.high else None
    high = got.high / base.low if got.high is not None and base.low else None
    return None if low is None and high is None else (low, high)


# -- when and who ------------------------------------------------------------------------------------


def _parties(claim: Claim) -> tuple[str, ...]:
    codes = sorted({actor.code for actor in (*claim.actors, *claim.recipients) if actor.code})
    return tuple(codes) or (claim.supporter, claim.target)


def _when(claim: Claim) -> date | None:
    if claim.date and claim.date.start:
        return first_day(claim.date.start)
    return first_day(claim.about.start) if claim.about else None


def _chains(group: Sequence[Claim]) -> list[tuple[Claim, ...]]:
    """Cut a group of like events where more than the window lies between two of them."""
    chains: list[list[Claim]] = []
    for claim in sorted(group, key=lambda c: (_when(c) or date.min, c.id)):
        last = _when(chains[-1][-1]) if chains else None
        day = _when(claim)
        if last and day and day - last <= _WINDOW:
            chains[-1].append(claim)
        else:
            chains.append([claim])
    return [tuple(chain) for chain in chains]
