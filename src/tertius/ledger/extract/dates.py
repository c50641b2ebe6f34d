"""When: explicit dates, relative ones, ordinals ("On the 13th") and anaphora ("the same day").

The document's date is metadata. Without it a relative expression is found but stays unresolved
(precision none).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tertius.ledger.extract.date_rules import GATES, RULES
from tertius.ledger.extract.date_tense import cue, looks_ahead
from tertius.ledger.extract.date_values import Anchor, Value
from tertius.ledger.record import EventDate

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Sequence
    from datetime import date

    from tertius.ledger.extract.date_values import Basis, Precision

    _Hit = tuple[int, int, re.Match[str], Callable[[re.Match[str], Anchor], Value | None]]


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date expression; `start` and `end` are characters of the paragraph."""

    start: int
    end: int
    text: str
    first: str
    last: str
    precision: Precision
    basis: Basis
    cue: str = ""  # since, before, by, until ...

    def as_record(self) -> EventDate:
        """Return the record's form."""
        return EventDate(
            text=self.text, start=self.first, end=self.last, precision=self.precision, basis=self.basis
        )


def dates(
    text: str, published: date | None, last: DateMention | None = None, known: Sequence[DateMention] = ()
) -> list[DateMention]:
    """Date expressions of a paragraph, left to right.

    Parameters
    ----------
    text : the paragraph.
    published : the document's date; None leaves relative dates unresolved.
    known : dates of the paragraph before the text begins.
    last : the last date of the paragraphs before, for "the same day".
    """
    found: list[DateMention] = []
    for start, end, hit, rule in _matches(text):
        before = found[-1] if found else last
        memory = Value(before.first, before.last, before.precision, before.basis) if before else None
        earlier = tuple(Value(d.first, d.last, d.precision, d.basis) for d in (*known, *found))
        link = cue(text, start)
        value = rule(hit, Anchor(published, memory, looks_ahead(text, start, end), earlier, link))
        if value is not None:
            found.append(
                DateMention(
                    start, end, text[start:end], value.first, value.last, value.precision, value.basis, link
                )
            )
    return found


def _matches(text: str) -> list[_Hit]:
    """Non-overlapping hits; earlier rules win over later ones."""
    taken: list[tuple[int, int]] = []
    hits: list[_Hit] = []
    kinds = {kind for kind, test in GATES.items() if test.search(text)}
    for kind, pattern, rule in RULES:
        for hit in pattern.finditer(text) if kind in kinds else ():
            a, b = hit.span()
            if all(b <= x or y <= a for x, y in taken):
                taken.append((a, b))
                hits.append((a, b, hit, rule))
    return sorted(hits, key=lambda h: h[0])
