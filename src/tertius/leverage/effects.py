"""What articles do to one assessment, as rows of the brief: before and after, central case only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tertius import countries
from tertius.ledger.brief import Effect, Effects
from tertius.ledger.hearing import HELD
from tertius.leverage.assessment import Unused
from tertius.leverage.brought import bring
from tertius.leverage.moved import moved, moved_beside, plain, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tertius.ledger import Claim
    from tertius.ledger.hearing import Read
    from tertius.leverage.assessment import Before, Moved, MovedTopic
    from tertius.scenario import Scenario


def effects_on(scenario: Scenario, held: Read | None = None) -> Callable[[Sequence[Claim]], Effects]:
    """Return the function that `tertius.ledger.brief.brief` takes: claims in, rows out.

    Parameters
    ----------
    held : the user's ledger. Rows then go from what it gives with the embedded one to what the articles add.
    """

    def effects(claims: Sequence[Claim]) -> Effects:
        if held is None:
            found = moved(bring(claims, scenario, recorded=False), scenario, recorded=False)
        else:
            found = _beside(held, claims, scenario)
        question = _question(scenario) + ("; before: with your ledger" if held else "")
        return Effects(question, tuple(_rows(found)), tuple(f"{u.count} {u.reason}" for u in found.unused))

    return effects


def _beside(held: Read, claims: Sequence[Claim], scenario: Scenario) -> Moved:
    """What articles do beside a ledger; what it holds already does nothing more."""
    there = {claim.id for claim in held.claims}
    known = tuple(sorted(claim.id for claim in claims if claim.id in there))
    old, new = (bring(read, scenario, recorded=False) for read in (held, held.beside(claims)))
    found = moved_beside(old, new, {claim.id for claim in claims} - there, scenario)
    again = (Unused(HELD, len(known), known[:20]),) if known else ()
    return replace(found, unused=(*again, *found.unused))


def _question(scenario: Scenario) -> str:
    senders = ", ".join(countries.name(c) for c in scenario.sender_codes)
    measures = "; ".join(m.line() for m in scenario.measures)
    return (
        f"{senders} against {countries.name(scenario.target)}: {measures}; as of {scenario.as_of.isoformat()}"
    )


def _rows(found: Moved) -> Iterator[Effect]:
    for row in found.topics:
        if row.reading is not None:
            before, after = words(row.reading.before), words(row.reading.after)
            yield Effect(row.claims[0], f"{row.what} {row.supporter}".strip(), before, after, row.why)
        yield from _answers(row, "")
    if found.together is not None and len(found.topics) > 1:
        yield from _answers(found.together, ", all of it together")


def _answers(row: MovedTopic, of: str) -> Iterator[Effect]:
    claim = "" if row.topic == "all" else row.claims[0]
    for answer, scale in ((row.leverage_at_5, 100.0), (row.loss_all, 1.0)):
        yield Effect(claim, f"{answer.what}{of}", *_percent(answer, scale))


def _percent(answer: Before, scale: float) -> tuple[str, str]:
    before, after = (f"{plain(scale * (x.central or 0.0))} %" for x in (answer.before, answer.after))
    return before, after
