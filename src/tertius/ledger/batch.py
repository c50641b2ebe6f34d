"""Read many files into a ledger: progress, cancel, resume, and a list of what could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tertius.errors import DataError
from tertius.ledger.documents import Documents
from tertius.ledger.extract import RuleExtractor
from tertius.ledger.extract.language import parser
from tertius.ledger.extract.protocol import checked
from tertius.ledger.extract.rules import READER
from tertius.ledger.read import Given, Unread, articles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tertius.ledger.extract import Article, Extractor
    from tertius.ledger.record import Claim
    from tertius.ledger.store import Ledger

_TOGETHER = 20  # documents written in one transaction; what a killed process reads again at most


@dataclass(slots=True)
class Report:
    """What became of a batch."""

    read: int = 0
    known: int = 0  # read before, skipped
    claims: int = 0
    cancelled: bool = False
    unread: list[Unread] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)  # relative dates stayed unresolved in these


def read_into(
    ledger: Ledger,
    path: Path,
    files: Sequence[Path],
    metadata: Given | None = None,
    *,
    extractor: Extractor | None = None,
    progress: Callable[[int, int, str], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Report:
    """Read files into an open ledger; documents it has read before are skipped.

    Parameters
    ----------
    ledger, path : the open ledger and its file.
    progress : called with files done, files in all, and the name of the current one.
    cancelled : asked between documents; True stops after what was read is written.
    """
    report = Report()
    if extractor is None:
        parser()  # a missing parser concerns the whole batch, not its first document
    reader = extractor or RuleExtractor()
    name = READER if extractor is None else type(extractor).__name__
    with Documents(path) as documents:
        waiting: list[tuple[Article, Sequence[Claim]]] = []
        for article in _new(files, metadata, documents, name, report, progress):
            if cancelled():
                report.cancelled = True
                break
            waiting += _claims(reader, article, report)
            if len(waiting) >= _TOGETHER:
                _write(ledger, documents, name, waiting)
        _write(ledger, documents, name, waiting)
    return report


def _new(
    files: Sequence[Path],
    metadata: Given | None,
    documents: Documents,
    reader: str,
    report: Report,
    progress: Callable[[int, int, str], None] | None,
) -> Iterator[Article]:
    for number, file in enumerate(files):
        if progress:
            progress(number, len(files), file.name)
        for found in articles(file, metadata):
            if isinstance(found, Unread):
                report.unread.append(found)
            elif _key(found, reader) in documents:
                report.known += 1
            else:
                if not found.doc.published:
                    report.undated.append(found.doc.title or file.name)
                yield found
    if progress:
        progress(len(files), len(files), "")


def _claims(reader: Extractor, article: Article, report: Report) -> list[tuple[Article, Sequence[Claim]]]:
    """Claims of one article; an extractor that fails on one text must not stop the batch."""
    try:
        claims = checked(article, reader.extract(article))
    except (DataError, ValueError, RecursionError) as error:
        report.unread.append(Unread(article.doc.title or article.doc.id, f"could not be read ({error})"))
        return []
    report.read += 1
    report.claims += len(claims)
    return [(article, claims)]


def _key(article: Article, reader: str) -> tuple[str, str, str, str]:
    return article.doc.sha256, reader, article.doc.published, article.doc.publisher


def _write(
    ledger: Ledger,
    documents: Documents,
    reader: str,
    waiting: list[tuple[Article, Sequence[Claim]]],
) -> None:
    ledger.add(claim for _, claims in waiting for claim in claims)
    documents.note((*_key(article, reader), len(claims)) for article, claims in waiting)
    waiting.clear()
