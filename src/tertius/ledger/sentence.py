"""The one sentence a read claim stands in, kept with the claim; nothing else of a text ever is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.ledger.record import SCHEMA_QUOTED, Span

if TYPE_CHECKING:
    from tertius.ledger.record import Claim

LONGEST = 1500  # characters; what is longer is no sentence, and is kept as positions alone


def quoting(claim: Claim, text: str) -> Claim:
    """Return a claim with its sentence cut out of the document's text; the id stays.

    A claim without a sentence, or whose extent is too long for one or does not hold the span, stays as it is.
    """
    at, span = claim.sentence, claim.span
    if at is None or span is None or not at.start <= span.start <= span.end <= at.end:
        return claim
    if at.end - at.start > LONGEST or text[span.start : span.end] != span.text:
        return claim
    sentence = Span(start=at.start, end=at.end, text=text[at.start : at.end])
    return claim.model_copy(update={"sentence": sentence, "schema_version": SCHEMA_QUOTED})
