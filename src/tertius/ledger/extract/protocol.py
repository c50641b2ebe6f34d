"""The seam for extractors, and the check every record passes before it leaves this package.

The rule-based extractor is the default and the only one the package ships. Another one (a language
model, a transformer) is any object with `extract`; it is never chosen unless the caller passes it, and
whatever it returns is checked word for word against the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tertius.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tertius.ledger.record import Claim, Doc


@dataclass(frozen=True, slots=True)
class Article:
    """A text with its metadata; positions in its claims are characters of `text`."""

    doc: Doc
    text: str


class Extractor(Protocol):
    """Turns an article into claims."""

    def extract(self, article: Article) -> Sequence[Claim]:
        """Return the claims of an article; spans are verbatim."""
        ...


def checked(article: Article, claims: Iterable[Claim]) -> list[Claim]:
    """Claims whose spans, source names and quantities stand verbatim in the text.

    Raises
    ------
    DataError : one or more do not; all are named.
    """
    kept = list(claims)
    problems = [p for claim in kept for p in _problems(article, claim)]
    if problems:
        raise DataError(problems)
    return kept


def _problems(article: Article, claim: Claim) -> Iterable[str]:
    where = f"{article.doc.id}: claim {claim.id[:10]}"
    if claim.doc.id != article.doc.id:
        yield f"{where} belongs to document {claim.doc.id}"
    if claim.span is None:
        yield f"{where} has no span"
    elif article.text[claim.span.start : claim.span.end] != claim.span.text:
        place = f"{claim.span.start}-{claim.span.end}"
        yield f'{where}: "{claim.span.text[:60]}" is not what the text says at {place}'
    for source in claim.attribution:
        if source.span and article.text[source.span.start : source.span.end] != source.name:
            yield f'{where}: source "{source.name[:60]}" is not what the text says there'
    for quantity in claim.quantities:
        if quantity.text not in article.text:
            yield f'{where}: quantity "{quantity.text[:60]}" does not stand in the text'
