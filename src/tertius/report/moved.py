"""What a ledger of the user's own moved: a table for the report, and a line for each of its claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tertius.report import numbers
from tertius.report.names import Names
from tertius.report.tables import Column, Line, Table
from tertius.report.trace import anchor

if TYPE_CHECKING:
    from tertius.leverage.assessment import Assessment, Before, MovedTopic


@dataclass(frozen=True, slots=True)
class Part:
    """One claim's part in what moved; `leads_to` is "" where it moved nothing."""

    words: str
    leads_to: str


def table(assessment: Assessment) -> Table | None:
    """Return a row a topic, all of them together last; None where no ledger was given or nothing moved."""
    if assessment.moved is None or not assessment.moved.topics:
        return None
    names = Names(assessment)
    columns = [
        Column(f"{head}{when}", why)
        for head, why in (
            ("reading", "What the claims on this topic say, as an interval"),
            ("L(5 %)", "Share of the full loss left at a credibility of 5 %, this topic alone changed"),
            ("full loss", "Loss if all comply, this topic alone changed"),
        )
        for when in (" before", " after")
    ]
    rows = [_line(topic, names) for topic in assessment.moved.topics]
    if assessment.moved.together is not None:
        rows.append(_line(assessment.moved.together, names))
    return Table("moved", "What was read about", tuple(columns), tuple(rows))


def row_anchor(topic: MovedTopic) -> str:
    """Where the report says what the claims on this topic did."""
    return anchor("moved", f"{topic.topic}-{topic.supporter}")


def heading(topic: MovedTopic, names: Names) -> str:
    """Return the topic in words, with its supporter where it has one."""
    if topic.topic == "all":
        return "All of them together"
    what = topic.what[:1].upper() + topic.what[1:]
    return f"{what}, {names.country(topic.supporter)}" if topic.supporter else what


def changed(pair: Before) -> str:
    """Return one number before and after in words."""
    return numbers.change(pair.before, pair.after)


def parts(assessment: Assessment | None) -> dict[str, list[Part]]:
    """Return what each read claim moved, or why it moved nothing, by claim id."""
    found: dict[str, list[Part]] = {}
    moved = assessment.moved if assessment else None
    if assessment is None or moved is None:
        return found
    names = Names(assessment)
    for topic in moved.topics:
        told = f"{heading(topic, names)}: L(5 %) {changed(topic.leverage_at_5)}, full loss {changed(topic.loss_all)}"
        for claim in topic.claims:
            found.setdefault(claim, []).append(Part(told, row_anchor(topic)))
    for reason in moved.unused:
        for claim in reason.claims:
            found.setdefault(claim, []).append(Part(f"moved nothing: {reason.reason}", ""))
    return found


def _line(topic: MovedTopic, names: Names) -> Line:
    reading = (topic.reading.before, topic.reading.after) if topic.reading else ("", "")
    cells = (
        *reading,
        topic.leverage_at_5.before,
        topic.leverage_at_5.after,
        topic.loss_all.before,
        topic.loss_all.after,
    )
    return Line(heading(topic, names), cells, leads_to=row_anchor(topic))
