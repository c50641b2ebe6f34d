"""Quotations and amounts of a GDELT GKG 2.1 file, one document at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tertius.errors import DataError
from tertius.ledger.bulk.formats import GKG
from tertius.ledger.bulk.recognise import Release, open_packed, recognise

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in quotation marks: where in the document (characters), the verb of saying if known, words."""

    offset: int
    length: int
    verb: str
    text: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and what it counts, as GDELT read it; where in the document (characters)."""

    value: float
    of: str
    offset: int


@dataclass(frozen=True, slots=True)
class Document:
    """One article of a GKG file. `seen` is when GDELT met it, YYYYMMDDHHMMSS, not when it was published."""

    seen: str
    publisher: str
    url: str
    quotations: tuple[Quotation, ...]
    amounts: tuple[Amount, ...]


def documents(path: Path | str) -> Iterator[Document]:
    """Yield the documents of a GKG 2.1 file in file order, holding one line at a time.

    Parameters
    ----------
    path : plain, gzip or zip.

    Raises
    ------
    DataError
        The file is no GKG 2.1, ends early, or has a line of another width; what came before has been yielded.
    """
    release = recognise(path, "gkg2")
    at = {field: release.format.columns.index(column) for field, column in release.format.fields.items()}
    for number, cells in _rows(release):
        try:
            yield Document(
                seen=cells[at["date"]],
                publisher=cells[at["publisher"]],
                url=cells[at["url"]],
                quotations=tuple(map(_quotation, filter(None, cells[at["quotations"]].split("#")))),
                amounts=tuple(map(_amount, filter(None, cells[at["amounts"]].split(";")))),
            )
        except ValueError as error:
            raise DataError(
                f"{release.path}:{number}: {GKG.title}: a quotation or amount is cut: {error}"
            ) from None


def _rows(release: Release) -> Iterator[tuple[int, list[str]]]:
    try:
        with open_packed(release.path, release.packing) as file:
            for number, line in enumerate(file, 1):
                cells = line.decode("utf-8", errors="replace").rstrip("\r\n").split("\t")
                if len(cells) != len(GKG.columns):
                    raise DataError(
                        f"{release.path}:{number}: {GKG.title}: expected {len(GKG.columns)} columns, "
                        f"found {len(cells)}"
                    )
                yield number, cells
    except (EOFError, OSError) as error:
        raise DataError(f"{release.path}: the archive ends early or is damaged: {error}") from error


def _quotation(block: str) -> Quotation:
    """Read offset|length|verb|words; the words may hold bars."""
    offset, length, verb, text = block.split("|", 3)
    return Quotation(int(offset), int(length), verb, text)


def _amount(block: str) -> Amount:
    """Read value,what,offset; the middle may hold commas."""
    value, rest = block.split(",", 1)
    of, offset = rest.rsplit(",", 1)
    return Amount(float(value), of.strip(), int(offset))
