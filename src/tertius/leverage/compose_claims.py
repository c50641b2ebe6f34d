"""Claims of a run, as rows: swings, conflicts, and the record of every claim that was used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tertius.leverage.assessment import Lifeline, Quantity, Swing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.leverage.assess import Run


def swing_row(move: Any) -> Swing:
    """One swing as a row."""
    return Swing(
        move.key,
        move.what,
        move.low_words,
        move.high_words,
        _change(move.leverage, "fraction", None, 1.0),
        _change(move.loss_all, "percentage points of the target's real income", None, 100.0),
        tuple(s.removeprefix("claim:") for s in move.sources if s.startswith("claim:")),
    )


def _change(ends: tuple[float, float], unit: str, year: int | None, scale: float) -> Quantity:
    """A change between two exact solves: the number itself, and as its ends zero and itself."""
    change = scale * (ends[1] - ends[0])
    return Quantity(
        change,
        change,
        change,
        unit,
        year,
        ("engine:medium",),
        f"from {scale * ends[0]:.3g} to {scale * ends[1]:.3g}; others central",
    )


def conflict_rows(run: Run) -> tuple[dict[str, Any], ...]:
    """Claims on the target that cannot all hold, side by side."""
    from tertius.ledger.link import conflicts

    mine = [c for c in run.claims if c.target == run.scenario.target]
    return tuple(_conflict(x) for x in conflicts(mine))


def _conflict(found: Any) -> dict[str, Any]:
    return {
        "topic": found.topic,
        "claims": [
            {
                "id": c.id,
                "text": c.text,
                "value": _value_words(c),
                "source": c.origin or c.doc.publisher,
                "said": c.said or c.doc.published,
            }
            for c in found.claims
        ],
    }


def _value_words(claim: Any) -> str:
    if claim.value is None:
        return ""
    v = claim.value
    ends = [x for x in (v.low, v.central, v.high) if x is not None]
    low, high = min(ends), max(ends)
    return f"{low:g} {v.unit}" if low == high else f"{low:g} to {high:g} {v.unit}"


def used(run: Run, lifelines: Sequence[Lifeline], swings: Sequence[Any]) -> set[str]:
    """Every claim that a number or a row refers to, and every claim in conflict with one."""
    ids = {i for row in lifelines for i in row.claims}
    ids |= {
        s.removeprefix("claim:")
        for row in lifelines
        for x in (row.value, row.rent, row.benefit, row.q_star)
        for s in x.sources
        if s.startswith("claim:")
    }
    ids |= {s.removeprefix("claim:") for m in swings for s in m.sources if s.startswith("claim:")}
    ids |= {c.id for c in run.claims if c.target == run.scenario.target}
    return ids


def record(claim: Any) -> dict[str, Any]:
    """A claim as a plain record, defaults left out."""
    found: dict[str, Any] = claim.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return found
