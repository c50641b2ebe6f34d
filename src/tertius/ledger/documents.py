"""Which documents a ledger has read: what lets a stopped batch go on where it was.

A table of its own in the ledger's file. A document is noted after its claims are in, so a killed
process reads at most a few documents again, which changes nothing: claims are known by the hash of what
they say.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Self

from tertius.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_SCHEMA = """CREATE TABLE IF NOT EXISTS document(
    sha256 TEXT, reader TEXT, published TEXT, publisher TEXT, claims INTEGER NOT NULL,
    PRIMARY KEY(sha256, reader, published, publisher)) WITHOUT ROWID"""


class Documents:
    """Documents noted in a ledger file; one read by other rules or with another date counts as unread."""

    def __init__(self, path: Path | str) -> None:
        try:
            self._db = sqlite3.connect(path, timeout=10.0, isolation_level=None)
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute(_SCHEMA)
        except sqlite3.Error as error:
            raise DataError(f"{path}: not a ledger file ({error})") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def __contains__(self, key: tuple[str, str, str, str]) -> bool:
        row = self._db.execute(
            "SELECT 1 FROM document WHERE (sha256, reader, published, publisher) = (?, ?, ?, ?)", key
        )
        return row.fetchone() is not None

    def note(self, rows: Iterable[tuple[str, str, str, str, int]]) -> None:
        """Note documents with the number of claims each gave."""
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany("INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?, ?)", rows)
        self._db.execute("COMMIT")
