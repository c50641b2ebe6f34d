"""Conflict cards, funnels and counts of words and deeds, ready to be printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tertius.ledger.conflict import conflicts
from tertius.ledger.link import ENDS, STAGES, funnel
from tertius.leverage.assessment import Quantity
from tertius.report import numbers
from tertius.report.figures import as_points

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tertius.ledger.conflict import Conflict
    from tertius.ledger.link import Funnel, Step
    from tertius.ledger.record import Claim
    from tertius.leverage.assessment import Assessment, Swing
    from tertius.report.entries import Entry
    from tertius.report.names import Names

KINDS = {"contradiction": "contradiction", "tension": "tension", "vintage": "update"}
WHAT = {
    "contradiction": "Both cannot hold.",
    "tension": "Both can hold, but they pull apart.",
    "update": "One voice revised itself; the newest word counts.",
}


@dataclass(frozen=True, slots=True)
class Moves:
    """One entry of the swing list that turns on these claims."""

    what: str
    leverage: str
    loss: str


@dataclass(frozen=True, slots=True)
class Card:
    """One conflict: its claims in one row of tiles, or two sides when every pair has one claim on each."""

    anchor: str
    kind: str
    what: str
    parties: str
    reasons: tuple[str, ...]
    sides: tuple[tuple[Entry, ...], ...]
    moves: tuple[Moves, ...]
    swung: bool  # whether there is a swing list to look into


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of one commitment; `share` of the widest stage is its width as a bar, None without a number."""

    name: str
    amount: str
    entries: tuple[Entry, ...]
    share: float | None


@dataclass(frozen=True, slots=True)
class Commitment:
    """One commitment with the stages it has claims for, and what is not known of it."""

    name: str
    channels: str
    umbrella: bool
    stages: tuple[Stage, ...]
    delivered: str


@dataclass(frozen=True, slots=True)
class Pledges:
    """The commitments of one supporter to one target, and how many of them reached each stage, frames aside."""

    parties: str
    commitments: tuple[Commitment, ...]
    reached: tuple[tuple[str, int], ...]
    counted: int
    loose: int  # claims with a stage that belong to no commitment


@dataclass(frozen=True, slots=True)
class Tally:
    """Words against deeds of one supporter; relays are left out."""

    supporter: str
    words: int
    promised: int
    done: int
    ended: int
    unstated: int  # about goods, money or arms, with no stage
    neither: int

    @property
    def counted(self) -> int:
        """Claims that are words or deeds."""
        return self.words + self.promised + self.done + self.ended + self.unstated

    @property
    def share(self) -> float | None:
        """Deeds done, of all words and deeds."""
        return self.done / self.counted if self.counted else None


def cards(found: Sequence[Entry], names: Names, assessment: Assessment | None = None) -> list[Card]:
    """Return every conflict among the claims, those that move a number first."""
    by_id = {each.claim.id: each for each in found}
    swing = assessment.swing if assessment else ()
    made = [
        _card(at, conflict, by_id, names, swing)
        for at, conflict in enumerate(conflicts(each.claim for each in found), 1)
    ]
    return sorted(made, key=lambda card: not card.moves)


def pledges(found: Sequence[Entry], names: Names) -> list[Pledges]:
    """Return the funnels by supporter and target."""
    by_id = {each.claim.id: each for each in found}
    claims = [each.claim for each in found]
    groups: dict[tuple[str, str], list[Funnel]] = {}
    for target in sorted({claim.target for claim in claims if claim.target and claim.commitment}):
        for one in funnel(claims, target):
            groups.setdefault((one.supporter, one.target), []).append(one)
    return [
        Pledges(
            parties=_parties(*pair, names),
            commitments=tuple(_commitment(one, by_id) for one in members),
            reached=_reached(members),
            counted=sum(not one.umbrella for one in members),
            loose=sum(_loose(claim, pair) for claim in claims),
        )
        for pair, members in groups.items()
    ]


def tallies(found: Iterable[Entry], names: Names) -> list[Tally]:
    """Return words against deeds per supporter, those with most claims first."""
    groups: dict[str, list[Entry]] = {}
    for each in found:
        if each.claim.supporter and not each.claim.relay_of:
            groups.setdefault(each.claim.supporter, []).append(each)
    made = [_tally(names.country(code), members) for code, members in groups.items()]
    return sorted(made, key=lambda tally: (-tally.counted, tally.supporter))


def _card(at: int, found: Conflict, by_id: dict[str, Entry], names: Names, swing: Sequence[Swing]) -> Card:
    kind = KINDS[found.kind]
    ids = {claim.id for claim in found.claims}
    moves = tuple(_moved(x) for x in swing if x.claim == found.topic or len(ids & set(x.claims)) > 1)
    return Card(
        anchor=f"card-{at}",
        kind=kind,
        what=found.what if found.topic or found.what != "linked in the record" else "said against each other",
        parties=_parties(found.supporter, found.target, names),
        reasons=tuple(dict.fromkeys(pair.why for pair in found.pairs)),
        sides=tuple(tuple(by_id[claim.id] for claim in side) for side in _sides(found)),
        moves=moves,
        swung=bool(swing),
    )


def _sides(found: Conflict) -> tuple[tuple[Claim, ...], ...]:
    """Return the claims in two sides where no claim stands on both, else each on its own."""
    one = {pair.a.id for pair in found.pairs}
    other = {pair.b.id for pair in found.pairs}
    if one & other or len(one | other) < len(found.claims):
        return tuple((claim,) for claim in found.claims)
    return (
        tuple(claim for claim in found.claims if claim.id in one),
        tuple(claim for claim in found.claims if claim.id in other),
    )


def _moved(found: Swing) -> Moves:
    return Moves(found.what, numbers.text(as_points(found.leverage_at_5)), numbers.text(found.loss_all))


def _parties(supporter: str, target: str, names: Names) -> str:
    return " to ".join(names.country(code) for code in (supporter, target) if code)


def _commitment(found: Funnel, by_id: dict[str, Entry]) -> Commitment:
    units = {step.unit for step in found.steps if step.largest is not None}
    widest = max((step.largest or 0.0 for step in found.steps), default=0.0) if len(units) == 1 else 0.0
    return Commitment(
        name=found.commitment,
        channels=", ".join(channel for channel in found.channels if channel) or "no channel",
        umbrella=found.umbrella,
        stages=tuple(_stage(step, widest, by_id) for step in found.steps),
        delivered=_delivered(found),
    )


def _stage(step: Step, widest: float, by_id: dict[str, Entry]) -> Stage:
    amount = numbers.text(Quantity(step.low, None, step.high, step.unit, None))
    if step.low is not None and step.low == step.high:
        amount = numbers.text(Quantity(step.low, step.low, step.low, step.unit, None))
    share = step.largest / widest if widest and step.largest is not None else None
    shown = "" if amount == numbers.UNKNOWN else amount
    return Stage(step.stage, shown, tuple(by_id[claim.id] for claim in step.claims), share)


def _delivered(found: Funnel) -> str:
    """Return delivered over promised, or why it is unknown."""
    if found.umbrella:
        return "A frame that holds other commitments: never added to them, and no share of it is computed."
    if found.share:
        low, high = (None if x is None else numbers.number(100 * x) for x in found.share)
        share = low if low == high else f"{low} to {high}"
        if low is None or high is None:
            share = f"at most {high}" if low is None else f"at least {low}"
        return f"Delivered of promised: {share} %."
    promised = [step for step in found.steps if step.stage in STAGES[:3]]
    arrived = [step for step in found.steps if step.stage == "delivered"]
    why = (
        "no claim says what was promised" if not promised
        else "no claim says that anything arrived" if not arrived
        else "no number for what was promised" if not any(step.largest for step in promised)
        else "no number for what arrived" if not any(step.largest is not None for step in arrived)
        else "promise and delivery are in different units"
    )  # fmt: skip
    return f"Delivered of promised: unknown; {why}."


def _reached(members: Sequence[Funnel]) -> tuple[tuple[str, int], ...]:
    counts = [
        (stage, sum(any(step.stage == stage for step in one.steps) for one in members if not one.umbrella))
        for stage in (*STAGES, *ENDS)
    ]
    return tuple((stage, number) for stage, number in counts if number)


def _loose(claim: Claim, pair: tuple[str, str]) -> bool:
    return (
        (claim.supporter, claim.target) == pair
        and claim.stage is not None
        and not claim.commitment
        and not claim.relay_of
    )


def _tally(name: str, members: Sequence[Entry]) -> Tally:
    deeds = [each.phase for each in members if each.kind == "material"]
    return Tally(
        supporter=name,
        words=sum(each.kind == "verbal" for each in members),
        promised=deeds.count("promised"),
        done=deeds.count("done"),
        ended=deeds.count("ended"),
        unstated=deeds.count("unstated"),
        neither=sum(each.kind == "neither" for each in members),
    )
