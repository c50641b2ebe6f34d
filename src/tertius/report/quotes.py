"""A claim's words inside their sentence, cut around the span.

A ledger keeps the sentence of a claim it has read. For a claim that has the span alone, the rest of the sentence
comes from the text if the caller has it, else from what other claims of the same document hold; what nobody
holds is a gap. Nothing beyond one sentence is ever shown.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tertius.ledger.record import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tertius.ledger.record import Claim

GAP = "…"
REACH = 400  # characters shown on either side of a span; a longer sentence is cut

Piece = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Quote:
    """The span with what is known of its sentence before and after it."""

    before: str
    span: str
    after: str


def quotes(claims: Iterable[Claim], texts: Mapping[str, str] | None = None) -> dict[str, Quote]:
    """Return the quote of every claim that has a span, by id.

    Parameters
    ----------
    claims : those of one document help each other out.
    texts : document id -> full text; one that does not hold a span where the claim says is not used for it.
    """
    chosen = [claim for claim in claims if claim.span is not None]
    pieces: dict[str, list[Piece]] = defaultdict(list)
    for claim in chosen:
        assert claim.span is not None
        pieces[claim.doc.id] += _held(claim, claim.span)
    known = {doc: sorted(set(found)) for doc, found in pieces.items()}
    longest = {doc: max(len(words) for _, words in found) for doc, found in known.items()}
    return {
        claim.id: _quote(claim, known[claim.doc.id], longest[claim.doc.id], (texts or {}).get(claim.doc.id))
        for claim in chosen
    }


def _held(claim: Claim, span: Span) -> list[Piece]:
    """Return what a claim holds of its document: its span, and its sentence where that has the span in it."""
    held, sentence = [(span.start, span.text)], claim.sentence
    if isinstance(sentence, Span) and sentence.text[max(span.start - sentence.start, 0) :].startswith(
        span.text
    ):
        held.append((sentence.start, sentence.text))
    return held


def _quote(claim: Claim, known: Sequence[Piece], longest: int, text: str | None) -> Quote:
    assert claim.span is not None
    start, words = claim.span.start, claim.span.text
    end = start + len(words)
    first, last = (claim.sentence.start, claim.sentence.end) if claim.sentence else (start, end)
    first, last = max(min(first, start), start - REACH), min(max(last, end), end + REACH)
    if text is not None and text[start:end] == words:
        near: Sequence[Piece] = [(first, text[first:last])]
    else:
        low = bisect_left(known, (first - longest, ""))
        near = known[low : bisect_right(known, (last, ""))]
    return Quote(_known(near, first, start).lstrip(), words, _known(near, end, last).rstrip())


def _known(pieces: Sequence[Piece], first: int, last: int) -> str:
    """Return the characters from `first` to `last` that some piece holds, a gap for the others."""
    shown, at = "", first
    while at < last:
        here = [words[at - start :] for start, words in pieces if start <= at < start + len(words)]
        if here:
            longest = max(here, key=len)[: last - at]
            shown, at = shown + longest, at + len(longest)
        else:
            shown = f"{shown.rstrip()} {GAP} "
            at = min((start for start, _ in pieces if at < start < last), default=last)
    return shown
