"""A ledger file that a user brings: SQLite of `tertius read`, or an exported JSONL or Parquet, told apart by content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.errors import DataError, InputError
from tertius.ledger.exchange import import_jsonl, import_parquet
from tertius.ledger.hearing import Read
from tertius.ledger.store import SHOWN, Ledger

if TYPE_CHECKING:
    from pathlib import Path

    from tertius.ledger.record import Claim

#: Above this many claims only those with a number on the target are taken into memory.
MANY = 100_000
_ASIDE = ("quarantined", "copy", "rejected", "corrected", "verdict")


def read_ledger(path: Path, target: str = "") -> Read:
    """Return the claims of a ledger file with their standing.

    Parameters
    ----------
    target : of the assessment; of a ledger with more than `MANY` claims only topics of this target are read,
        and the others are counted.

    Raises
    ------
    InputError : no such file.
    DataError : it is not a ledger; the message says what was found.
    """
    if not path.is_file():
        raise InputError(f"--ledger {path}: no such file; `tertius read ... --ledger FILE` makes one")
    with path.open("rb") as file:
        head = file.read(16)
    if not head:
        raise DataError(
            f"{path}: is empty; a ledger is SQLite (tertius read), JSONL or Parquet (its exports)"
        )
    if head.startswith(b"SQLite format 3"):
        return _sqlite(path, target)
    return Read.of(import_parquet(path) if head.startswith(b"PAR1") else import_jsonl(path))


def _sqlite(path: Path, target: str) -> Read:
    with Ledger.open(path) as ledger:
        total = len(ledger)
        topic = f"{target}." if total > MANY and target else None
        claims: list[Claim] = ledger.claims(topic=topic, status=SHOWN)
        status: dict[str, str] = {c.id: "accepted" for c in ledger.claims(topic=topic, status=("accepted",))}
        for name in _ASIDE:
            aside = ledger.claims(topic=topic, status=(name,))
            claims += aside
            status |= {claim.id: name for claim in aside}
        return Read(tuple(claims), status, frozenset(ledger.sources()), total - len(claims))
