"""Contradictions, vintages and tensions between claims, decided by structure.

What decides is channel, verbal or material, measure, time window and beneficiary, never how alike two
texts sound. Two claims contradict when both cannot hold: one number, of the same thing, for the same time,
from other voices, and no value in common. They are in tension when both can hold but pull apart: words
against deeds, one channel against another, a month against a year. A vintage is one voice revising itself.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from tertius.ledger.intervals import central, reach, voice
from tertius.ledger.period import overlap, same_time, same_window, span
from tertius.ledger.topics import topics

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tertius.ledger.record import Claim, Relation

Kind = Literal["contradiction", "tension", "vintage"]

_CLOSE = 0.05  # relative; closer numbers do not contradict
_SEASON = timedelta(days=60)  # evaluations of a tie are of one season
_PULLING_APART = ({"deepening", "limited"}, {"durable", "episodic"}, {"strong", "weak"})


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims and what is between them; `why` names the structure that decided."""

    a: Claim
    b: Claim
    relation: Relation
    why: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Everything said about one number or one tie by voices that do not agree, side by side."""

    topic: str
    what: str
    supporter: str
    target: str
    claims: tuple[Claim, ...]  # all that speak of the time, by period, then size
    pairs: tuple[Pair, ...]
    kind: Kind


def conflicts(claims: Iterable[Claim]) -> list[Conflict]:
    """Every contradiction, vintage and tension among `claims`, contradictions first, most voices first."""
    chosen = list(claims)
    found = [c for group in _by_subject(chosen).values() if (c := _conflict(group))] + _tensions(chosen)
    rank = {"contradiction": 0, "vintage": 1, "tension": 2}
    return sorted(
        found, key=lambda c: (rank[c.kind], -len({voice(x) for x in c.claims}), c.topic, c.claims[0].id)
    )


def relation(a: Claim, b: Claim) -> Pair | None:
    """Return what stands between two claims, or None; relays and repetitions stand for nothing."""
    if a.relay_of or b.relay_of:
        return None
    if (pair := _numbers(a, b)) or (pair := _ties(a, b)):
        return pair
    denial, given = (a, b) if _denies(a) else (b, a)
    if _denies(denial) and _gives(given) and _same_parties(a, b) and _meant(denial, given):
        return _denied(denial, given)
    return None


def _by_subject(claims: Sequence[Claim]) -> dict[tuple[str, ...], list[Claim]]:
    """Claims that could contradict: one topic, one pair, one measure."""
    groups: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.topic and claim.value is not None and not claim.relay_of:
            groups[claim.topic, claim.supporter, claim.target, claim.measure].append(claim)
    return groups


def _conflict(group: Sequence[Claim]) -> Conflict | None:
    pairs = tuple(pair for a, b in combinations(group, 2) if (pair := _numbers(a, b)))
    if not pairs:
        return None
    involved = {c.id for pair in pairs for c in (pair.a, pair.b)}
    kinds = {pair.relation for pair in pairs}
    kind: Kind = "contradiction" if "contradicts" in kinds else "tension" if "tension" in kinds else "vintage"
    at_odds = [c for c in group if c.id in involved]
    shown = [c for c in group if any(overlap(c, other) for other in at_odds)]
    ordered = sorted(shown, key=lambda c: (span(c), central(c), c.id))
    first = ordered[0]
    what = topics()[first.topic].what if first.topic in topics() else first.topic
    return Conflict(first.topic, what, first.supporter, first.target, tuple(ordered), pairs, kind)


def _numbers(a: Claim, b: Claim) -> Pair | None:
    if not (a.topic and a.topic == b.topic and a.value and b.value and _same_parties(a, b)):
        return None
    if a.measure or b.measure or _promised(a) != _promised(b) or not same_time(a, b) or _agree(a, b):
        return None
    if voice(a) == voice(b):
        return _vintage(a, b)
    if a.channel != b.channel:
        return Pair(a, b, "tension", f"same number by another channel: {a.channel} and {b.channel}")
    if not same_window(a, b):
        return Pair(a, b, "tension", f"{voice(a)} and {voice(b)} on periods of different length")
    return Pair(a, b, "contradicts", f"{voice(a)} and {voice(b)} on the same thing and time, no common value")


def _vintage(a: Claim, b: Claim) -> Pair | None:
    """Return the later word of one voice on the same period; on a longer period it is no revision."""
    if span(a) != span(b) or a.channel != b.channel:
        return None
    old, new = sorted((a, b), key=lambda c: (c.known_on or date.min, c.id))
    return Pair(new, old, "updates", f"{voice(a)} revised itself")


def _agree(a: Claim, b: Claim) -> bool:
    (low, high), (low2, high2) = reach(a), reach(b)
    slack = _CLOSE * max(abs(central(a)), abs(central(b)))
    return low <= high2 + slack and low2 <= high + slack


def _promised(claim: Claim) -> bool:
    return claim.stage in ("discussed", "announced", "agreed")


def _tensions(claims: Sequence[Claim]) -> list[Conflict]:
    """Ties said to deepen and to be limited; support denied and given; what the record links by hand.

    One card for each claim that others pull against.
    """
    told = [c for c in claims if c.supporter and c.target and not c.relay_of]
    ties = [pair for a, b in combinations([c for c in told if c.claim], 2) if (pair := _ties(a, b))]
    denials = [pair for denial in told if _denies(denial) for pair in _answers(denial, told)]
    cards: dict[str, dict[str, Pair]] = defaultdict(dict)
    for pair in ties + denials + _linked(claims):
        if pair.a.id not in cards.get(pair.b.id, {}):
            cards[pair.a.id].setdefault(pair.b.id, pair)
    return [_card(tuple(pairs.values())) for pairs in cards.values()]


def _linked(claims: Sequence[Claim]) -> list[Pair]:
    known = {claim.id: claim for claim in claims}
    return [
        Pair(claim, known[link.to], link.relation, "linked in the record")
        for claim in claims
        for link in claim.links
        if link.relation in ("tension", "contradicts")
        and link.to in known
        and not (claim.topic and claim.value)
    ]


def _card(pairs: tuple[Pair, ...]) -> Conflict:
    first = pairs[0].a
    kind: Kind = "contradiction" if any(pair.relation == "contradicts" for pair in pairs) else "tension"
    claims = (first, *(pair.b for pair in pairs))
    what = first.commitment or pairs[0].why
    return Conflict(first.topic, what, first.supporter, first.target, claims, pairs, kind)


def _ties(a: Claim, b: Claim) -> Pair | None:
    """Two evaluations of one tie that pull apart."""
    if not (a.claim and b.claim and a.claim.predicate == b.claim.predicate and _same_parties(a, b)):
        return None
    if (
        {a.claim.value, b.claim.value} not in _PULLING_APART
        or voice(a) == voice(b)
        or not overlap(a, b, _SEASON)
    ):
        return None
    return Pair(a, b, "tension", f"{a.claim.predicate}: {a.claim.value} and {b.claim.value}")


def _answers(denial: Claim, claims: Sequence[Claim]) -> list[Pair]:
    """Return the surest claim of each number or commitment that shows support all the same."""
    best: dict[str, Claim] = {}
    for claim in sorted(claims, key=lambda c: (c.confidence, c.id)):
        if _gives(claim) and _same_parties(claim, denial) and _meant(denial, claim):
            best[claim.topic or claim.commitment or claim.id] = claim
    return [_denied(denial, claim) for claim in best.values()]


def _meant(denial: Claim, claim: Claim) -> bool:
    """Whether a denial speaks of this claim: of its commitment if it names one, else of its season."""
    if denial.commitment:
        return claim.commitment == denial.commitment
    return overlap(claim, denial, _SEASON)


def _denied(denial: Claim, given: Claim) -> Pair:
    if denial.commitment and denial.commitment == given.commitment:
        return Pair(
            denial, given, "contradicts", f"{denial.commitment}: denied by one, {given.stage} by the other"
        )
    where = f"{denial.channel} denied, {given.channel} {given.stage}"
    return Pair(denial, given, "tension", f"support denied and support given: {where}")


def _denies(claim: Claim) -> bool:
    return claim.stage == "denied" or (claim.negated and claim.support is not None)


def _gives(claim: Claim) -> bool:
    """Material support that has at least been paid for."""
    material = claim.verbal_material == "material" or claim.channel in ("open", "shielded", "aid", "security")
    return material and not claim.negated and claim.stage in ("financed", "shipped", "delivered")


def _same_parties(a: Claim, b: Claim) -> bool:
    return (a.supporter, a.target) == (b.supporter, b.target)
