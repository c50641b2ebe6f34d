"""How far read claims move the answer: L(5 %) and Loss(all) with each topic's claims alone, and with all of them.

Central case at the medium horizon. The row of a topic has the embedded ledger and that topic's claims; rows need
not add up to the row of all topics, since lifelines stand in for each other. Exposure does not depend on the
target's shadow trade, so a topic's row borrows the stakes of the run without read claims.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tertius.ledger.hearing import OTHERS
from tertius.leverage.amounts import PERCENT, interval
from tertius.leverage.assessment import Before, Moved, MovedTopic, Unused
from tertius.leverage.brought import UNMOVED
from tertius.leverage.curve import leverage
from tertius.leverage.lines import Lines, Point
from tertius.leverage.parts import Question, games, lifelines

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tertius.ledger import Claim
    from tertius.leverage.assessment import Quantity
    from tertius.leverage.brought import Brought, Change
    from tertius.leverage.game import Game
    from tertius.scenario import Scenario

Q = 0.05
_SHOWN = 20  # ids of unused claims that are named
_NOTE = (
    "Central case, medium horizon. Each topic alone beside the embedded ledger; the rows need not add up to all "
    "together, since lifelines stand in for each other."
)


@dataclass(frozen=True, slots=True)
class Answer:
    """L(5 %) and Loss(all), fractions."""

    leverage: float
    loss: float


def moved(brought: Brought, scenario: Scenario, *, recorded: bool, after: Answer | None = None) -> Moved:
    """Solve what each topic does.

    Parameters
    ----------
    after : the answer with everything in, where a run has solved it; None solves it here.
    """
    if not brought.changes:
        note = "" if not brought.read else "Nothing that was read moves a number of this assessment."
        return Moved(brought.read, (), None, unused(brought), note)
    solver = Solver(brought, scenario, recorded=recorded)
    base = solver.base
    whole = after or solver.together(brought.changes)
    single = len(brought.changes) == 1
    answers = [whole if single else solver.alone(change) for change in brought.changes]
    rows = [_row(c, base, a, scenario) for c, a in zip(brought.changes, answers, strict=True)]
    return Moved(
        brought.read,
        tuple(sorted(rows, key=_reach, reverse=True)),
        _together(brought, base, whole, scenario),
        unused(brought),
        _NOTE,
    )


def moved_beside(held: Brought, brought: Brought, mine: Collection[str], scenario: Scenario) -> Moved:
    """Solve what articles do beside a ledger: before is the ledger without them, after with them.

    Parameters
    ----------
    held, brought : the ledger alone, and with the claims of the articles.
    mine : ids of the claims of the articles that the ledger does not hold.
    """
    old = {change.key: change for change in held.changes}
    new = [change for change in brought.changes if _differs(change, old.get(change.key))]
    why_not = {i: reason for i, reason in (brought.unused or {}).items() if i in mine}
    still = (c.id for change in brought.changes if change not in new for c in change.claims)
    why_not |= {i: UNMOVED for i in still if i in mine}
    told = replace(
        brought,
        read=len(mine),
        changes=tuple(_since(change, old.get(change.key), mine) for change in new),
        unused=why_not,
        others=0,
    )
    if not new and old.keys() == {change.key for change in brought.changes}:
        return Moved(told.read, (), None, unused(told), "Nothing that was read moves what the ledger gives.")
    solver = Solver(brought, scenario, recorded=False)
    rows = []
    for change, since in zip(new, told.changes, strict=True):
        was = old.get(change.key)
        before = solver.base if was is None else solver.alone(was)
        rows.append(_row(since, before, solver.alone(change), scenario))
    whole = solver.together(held.changes), solver.together(brought.changes)
    together = _together(told, *whole, scenario)
    return Moved(told.read, tuple(sorted(rows, key=_reach, reverse=True)), together, unused(told), _NOTE)


def _differs(change: Change, was: Change | None) -> bool:
    return was is None or change.reading.after != was.reading.after or change.fed != was.fed


def _since(change: Change, was: Change | None, mine: Collection[str]) -> Change:
    """A change as it is told: by the claims of the articles, and from where the ledger stood."""
    claims = tuple(c for c in change.claims if c.id in mine) or change.claims
    if was is None:
        return replace(change, claims=claims)
    stood = {fed.what: fed.after for fed in was.fed}
    fed = tuple(replace(one, before=stood.get(one.what, one.before)) for one in change.fed)
    return replace(change, claims=claims, fed=fed, reading=replace(change.reading, before=was.reading.after))


def unused(brought: Brought) -> tuple[Unused, ...]:
    """Claims that moved nothing, by reason, the most frequent first."""
    reasons: dict[str, list[str]] = defaultdict(list)
    for claim, reason in (brought.unused or {}).items():
        reasons[reason].append(claim)
    rows = [Unused(reason, len(ids), tuple(sorted(ids)[:_SHOWN])) for reason, ids in reasons.items()]
    rows += [Unused(OTHERS, brought.others, ())] if brought.others else []
    return tuple(sorted(rows, key=lambda row: (-row.count, row.reason)))


class Solver:
    """Solves the answer without read claims, with one topic's, and with all."""

    def __init__(self, brought: Brought, scenario: Scenario, *, recorded: bool) -> None:
        self.brought = brought
        self.question = Question(scenario, brought.embedded, recorded, lifted=False)
        self.shipped = games(self.question, ("central",))
        self.lines = lifelines(self.question, "medium", self.shipped)["central"]
        self.lines.solve(nodes=(0.5,))
        self.base = _answer(self.lines)

    def alone(self, change: Change) -> Answer:
        """The answer with one topic's claims beside the embedded ledger."""
        lines = self._with((change,))
        lines.borrow(self.lines)
        return _answer(lines)

    def together(self, changes: Sequence[Change]) -> Answer:
        """The answer with all of some topics, its stakes solved anew."""
        if not changes:
            return self.base
        lines = self._with(changes)
        lines.solve(nodes=(0.5,))
        return _answer(lines)

    def _with(self, changes: Sequence[Change]) -> Lines:
        claims = tuple(dict.fromkeys(c for change in changes for c in change.claims))
        worlds = self.brought.worlds(self.brought.revised(changes), ("central",))
        question = replace(self.question, claims=(*self.brought.embedded, *claims), worlds=worlds)
        by_reading: dict[str, Game] = games(question, ("central",)) if worlds else self.shipped
        return lifelines(question, "medium", by_reading)["central"]


def _answer(lines: Lines) -> Answer:
    ratio, everything, _ = leverage(lines, Point(), lines.q_star(Point()), [Q])
    return Answer(float(ratio[0]), everything)


# -- rows ------------------------------------------------------------------------------------------------


def _row(change: Change, base: Answer, answer: Answer, scenario: Scenario) -> MovedTopic:
    return MovedTopic(
        change.topic,
        change.supporter,
        change.reading.what,
        tuple(c.id for c in change.claims),
        change.reading,
        change.fed,
        *_before_after(base, answer, scenario.world.year),
        why(change, base, answer),
    )


def _together(brought: Brought, base: Answer, answer: Answer, scenario: Scenario) -> MovedTopic:
    ids = tuple(dict.fromkeys(c.id for change in brought.changes for c in change.claims))
    return MovedTopic(
        "all",
        "",
        "everything that was read, together",
        ids,
        None,
        brought.fed,
        *_before_after(base, answer, scenario.world.year),
        f"{len(ids)} read claims on {len(brought.changes)} topics: {_effect(base, answer)}.",
    )


def _before_after(base: Answer, answer: Answer, year: int) -> tuple[Before, Before]:
    ratio, loss = (
        tuple(interval(x, x, x, unit, when, ("engine:medium",), "central case only") for x in pair)
        for pair, unit, when in (
            ((base.leverage, answer.leverage), "fraction", None),
            ((100 * base.loss, 100 * answer.loss), PERCENT, year),
        )
    )
    return Before("L(5 %)", *ratio), Before("Loss(all)", *loss)


def _reach(row: MovedTopic) -> float:
    """How far both answers move, as in the swing list: L in points, the loss relative to its size."""
    ends = [x.central or 0.0 for b in (row.leverage_at_5, row.loss_all) for x in (b.before, b.after)]
    size = max((abs(ends[2]) + abs(ends[3])) / 2.0, 1e-12)
    return abs(ends[1] - ends[0]) + abs(ends[3] - ends[2]) / size


# -- words -----------------------------------------------------------------------------------------------


def why(change: Change, base: Answer, answer: Answer) -> str:
    """One topic in words: who says what, what follows it, and what it does."""
    said = "; ".join(dict.fromkeys(voices(c) for c in change.claims))
    old, new = change.reading.before, change.reading.after
    reading = f"{said}. The reading goes from {words(old)} to {words(new)}."
    follows = {
        "shadow": "The overlay's entry follows it"
        if len(change.fed) == 1
        else "The overlay's entries follow it",
        "discount": "The rent on the crude follows it",
        "stake": "The exposure of listed carriers follows it",
        "size": "It is the range of the economy's size in the swing list; the central case keeps the world's GDP",
        "cover": "The days of cover follow it; the curve does not",
    }[change.feeds]
    moves = "; ".join(
        f"{f.what.split(': ')[-1]} {words(f.before)} to {words(f.after)}" for f in change.fed[:3]
    )
    only_ends = old.central is not None and old.central == new.central
    ends = (
        " Only the ends move: the bands and the swing list carry it, the central case does not."
        if only_ends
        else ""
    )
    return f"{reading} {follows} ({moves}). {_effect(base, answer)}.{ends}"


def voices(claim: Claim) -> str:
    """Who said it, and when."""
    paper, origin = claim.doc.publisher or claim.doc.id, claim.origin
    who = f"{origin} in {paper}" if origin and origin != paper else paper
    return f"{who} on {claim.said or claim.doc.published}"


def words(quantity: Quantity) -> str:
    """A number in words, with its interval where it has one."""
    if quantity.central is None:
        return "nothing known"
    ends = [x for x in (quantity.low, quantity.high) if x is not None]
    band = f" [{plain(min(ends))}–{plain(max(ends))}]" if ends and min(ends) != max(ends) else ""
    year = f" ({quantity.year})" if quantity.year else ""
    return f"{plain(quantity.central)}{band} {quantity.unit}{year}"


def plain(x: float) -> str:
    """Three digits, thousands apart, no exponent."""
    return f"{x:,.0f}" if abs(x) >= 100 else f"{x:.3g}"


def _effect(base: Answer, answer: Answer) -> str:
    parts = [
        _moves("L(5 %)", 100 * base.leverage, 100 * answer.leverage, "%"),
        _moves("Loss(all)", 100 * base.loss, 100 * answer.loss, "%"),
    ]
    return " and ".join(parts)


def _moves(what: str, old: float, new: float, unit: str) -> str:
    if abs(new - old) < 5e-4 * max(abs(old), abs(new), 1e-12):
        return f"{what} stays at {old:.3g} {unit}"
    return f"{what} goes from {old:.3g} to {new:.3g} {unit}"
