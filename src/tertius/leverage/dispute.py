"""Numbers of the overlay that a read claim disputes: the answer with either side's number, for the swing list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.ledger.conflict import conflicts
from tertius.ledger.intervals import Level, central
from tertius.leverage.curve import leverage
from tertius.leverage.lines import Lines, Point
from tertius.leverage.moved import Q, plain, voices
from tertius.leverage.parts import Question, games, lifelines
from tertius.leverage.revision import Shift
from tertius.leverage.swing import Move

if TYPE_CHECKING:
    from tertius.ledger import Claim
    from tertius.ledger.conflict import Conflict
    from tertius.leverage.brought import Brought
    from tertius.leverage.revision import Key
    from tertius.scenario import Scenario


def disputes(brought: Brought, scenario: Scenario, centre: Lines, *, recorded: bool) -> list[Move]:
    """One entry for each contradiction between a read and an embedded claim on a flow the overlay follows.

    Each side's number takes the place of the reading in the overlay as it now stands; everything else central.

    Parameters
    ----------
    centre : the lifelines of the run, whose stakes are borrowed.
    """
    if brought.overlay is None:
        return []
    read = {claim.id for claim in brought.standing}
    mine = [c for c in brought.claims if c.target == scenario.target]
    found = [x for x in conflicts(mine) if x.kind == "contradiction" and _between(x, read)]
    return [
        _move(brought, scenario, centre, x, recorded=recorded)
        for x in found
        if (x.topic, x.supporter) in brought.overlay.followed
    ]


def _between(conflict: Conflict, read: set[str]) -> bool:
    """Whether a read claim contradicts one that was there before."""
    return any(
        pair.relation == "contradicts" and (pair.a.id in read) != (pair.b.id in read)
        for pair in conflict.pairs
    )


def _move(brought: Brought, scenario: Scenario, centre: Lines, conflict: Conflict, *, recorded: bool) -> Move:
    read = {claim.id for claim in brought.standing}
    pair = max(
        (p for p in conflict.pairs if p.relation == "contradicts" and (p.a.id in read) != (p.b.id in read)),
        key=lambda p: abs(central(p.a) - central(p.b)),
    )
    low, high = sorted((pair.a, pair.b), key=lambda c: (central(c), c.id))
    key = (conflict.topic, conflict.supporter)
    ends = [_at(brought, scenario, centre, key, central(side), recorded=recorded) for side in (low, high)]
    return Move(
        conflict.topic, conflict.what, _said(low), _said(high), (ends[0][0], ends[1][0]), (ends[0][1], ends[1][1]),
        tuple(f"claim:{c.id}" for c in (low, high)),
    )  # fmt: skip


def _at(
    brought: Brought, scenario: Scenario, centre: Lines, key: Key, number: float, *, recorded: bool
) -> tuple[float, float]:
    """L(5 %) and Loss(all) with one number as the reading of a topic."""
    overlay = brought.overlay
    assert overlay is not None
    shifts = {c.key: c.shift for c in brought.changes if c.feeds == "shadow" and c.shift is not None}
    before = brought.level(key)
    side = Level(*key, before.year if before else 0, number, number, number, "", (), judged=False)
    entries = overlay.revised(shifts | {key: Shift(before, side, ())})
    question = Question(
        scenario, brought.claims, recorded, lifted=False, worlds=brought.worlds(entries, ("central",))
    )
    lines = _borrowed(centre, question)
    ratio, everything, _ = leverage(lines, Point(), lines.q_star(Point()), [Q])
    return float(ratio[0]), everything


def _borrowed(centre: Lines, question: Question) -> Lines:
    """Lifelines of another overlay with the stakes of the run."""
    lines = lifelines(question, "medium", games(question, ("central",)))["central"]
    lines.borrow(centre)
    return lines


def _said(claim: Claim) -> str:
    unit = claim.value.unit if claim.value else ""
    return f"{plain(central(claim))} {unit}, {voices(claim)}"
