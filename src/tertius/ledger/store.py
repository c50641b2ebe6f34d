"""The ledger on disk: one SQLite file (WAL, FTS5), append-only, safe to kill at any moment.

`statement` holds every version of every claim and is only ever appended to. `current` and `words` are indexes
over it. Their order is the day a claim was known, so that "nothing said after this day" is a range and the
newest come first without sorting.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Self

from tertius.errors import DataError
from tertius.ledger import index
from tertius.ledger.conflict import Conflict, conflicts
from tertius.ledger.curated import publishers
from tertius.ledger.intervals import central, voice
from tertius.ledger.record import Claim, last_day_of
from tertius.ledger.select import select

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

VERSION = 2  # 2: a read claim holds the text of its sentence
_READS = (0, 1, VERSION)  # 0 is a new file
_BATCH = 5000  # claims in one transaction: what a killed process can lose
_COPY_DAYS = 7
_ROUNDING = 0.05  # relative; a newspaper rounds the tracker it repeats
_VERDICTS = {"accepts": "accepted", "rejects": "rejected", "corrects": "corrected"}

#: Statuses of the claims that count.
SHOWN = ("standing", "accepted")
#: Rule of the statements that reviewers make; they are trusted whoever printed the claim.
REVIEW = "review"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS statement(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, digest TEXT NOT NULL, record TEXT NOT NULL,
    added TEXT NOT NULL, UNIQUE(id, digest));
CREATE TABLE IF NOT EXISTS current(
    place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, seq INTEGER NOT NULL, status TEXT NOT NULL,
    publisher TEXT NOT NULL, copy_of TEXT NOT NULL, relay_of TEXT NOT NULL, wire TEXT NOT NULL,
    said TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS current_wire ON current(wire) WHERE wire <> '';
CREATE INDEX IF NOT EXISTS current_relay ON current(relay_of) WHERE relay_of <> '';
CREATE INDEX IF NOT EXISTS current_publisher ON current(publisher, status);
CREATE TABLE IF NOT EXISTS number(
    topic TEXT, voice TEXT, period TEXT, id TEXT, middle REAL NOT NULL, doc TEXT NOT NULL,
    PRIMARY KEY(topic, voice, period, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS verdict(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, about TEXT NOT NULL, status TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS verdict_about ON verdict(about);
CREATE TABLE IF NOT EXISTS source(publisher TEXT PRIMARY KEY, kind TEXT NOT NULL, reliability TEXT NOT NULL);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
    text, tags, content='', tokenize="unicode61 remove_diacritics 2");
"""


@dataclass(slots=True)
class AddReport:
    """What became of the claims handed in."""

    added: int = 0  # new claims
    versions: int = 0  # another version of a claim that was there
    known: int = 0  # there already, unchanged
    copies: int = 0  # of those added: the same words from another publisher
    relays: int = 0  # of those added: an existing source passed on
    quarantined: int = 0  # of those added: publisher unknown
    publishers: set[str] = field(default_factory=set)  # unknown ones


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a claim, oldest first in a history."""

    claim: Claim
    digest: str
    added: str


class Ledger:
    """An open ledger; use it as a context manager or call `close`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @classmethod
    def open(cls, path: Path | str, *, sources: Mapping[str, Mapping[str, str]] | None = None) -> Ledger:
        """Open or create a ledger file.

        Parameters
        ----------
        path : SQLite file; ":memory:" keeps it in memory.
        sources : publishers to trust with kind and reliability; None takes the ones the package knows.

        Raises
        ------
        DataError : the file is not a ledger, or one of another version.
        """
        try:
            db = sqlite3.connect(path, timeout=10.0, isolation_level=None)
            db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;")
            found = db.execute("PRAGMA user_version").fetchone()[0]
            if found not in _READS:
                db.close()
                raise DataError(f"{path}: ledger of version {found}; this program reads up to {VERSION}")
            db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version={VERSION}; COMMIT;")
        except sqlite3.Error as error:
            raise DataError(f"{path}: not a ledger file ({error})") from None
        ledger = cls(db)
        for name, row in (publishers() if sources is None else sources).items():
            ledger.admit(name, kind=row.get("kind", ""), reliability=row.get("reliability", ""))
        return ledger

    def close(self) -> None:
        """Close the file; what was added is safe before that."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM current").fetchone()[0])

    # -- writing ---------------------------------------------------------------------------------

    def add(self, claims: Iterable[Claim], *, on: str | None = None) -> AddReport:
        """Add claims, in transactions of a few thousand; adding twice changes nothing.

        Parameters
        ----------
        claims : read once, so a generator over a large file needs little memory.
        on : when they were added, ISO; now when None.
        """
        report, now = AddReport(), on or datetime.now(UTC).isoformat(timespec="seconds")
        rest = iter(claims)
        trusted = {row[0] for row in self._db.execute("SELECT publisher FROM source")}
        while batch := list(islice(rest, _BATCH)):
            with self._transaction():
                new = [row for claim in batch if (row := self._add(claim, now, trusted, report))]
                # FTS5 writes a segment whenever a row comes out of order, so the batch goes in sorted.
                self._db.executemany("INSERT INTO words(rowid, text, tags) VALUES (?, ?, ?)", sorted(new))
        return report

    def admit(self, publisher: str, *, kind: str = "", reliability: str = "") -> int:
        """Trust a publisher from now on and release its claims from quarantine; returns how many."""
        with self._transaction():
            self._db.execute("INSERT OR IGNORE INTO source VALUES (?, ?, ?)", (publisher, kind, reliability))
            released = self._db.execute(
                "UPDATE current SET status = 'standing' WHERE publisher = ? AND status = 'quarantined'",
                (publisher,),
            )
            return released.rowcount

    def _add(
        self, claim: Claim, now: str, trusted: set[str], report: AddReport
    ) -> tuple[int, str, str] | None:
        """Append a statement and index it; returns its row of words, None when it was there."""
        record = claim.to_json()
        inserted = self._db.execute(
            "INSERT OR IGNORE INTO statement(id, digest, record, added) VALUES (?, ?, ?, ?)",
            (claim.id, hashlib.sha256(record.encode()).hexdigest(), record, now),
        )
        if not inserted.rowcount:
            report.known += 1
            return None
        replaced = self._db.execute("DELETE FROM current WHERE id = ?", (claim.id,)).rowcount
        copy_of, relay_of = self._copied(claim), self._relayed(claim)
        status = self._status(claim, trusted, copy_of)
        place = index.place(claim.known_on, int(inserted.lastrowid or 0))
        self._db.execute(
            "INSERT INTO current VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                place,
                claim.id,
                inserted.lastrowid,
                status,
                claim.doc.publisher,
                copy_of,
                relay_of,
                index.wire(claim),
                claim.known_on.isoformat() if claim.known_on else "",
            ),
        )
        self._number(claim)
        self._judge(claim)
        _count(report, claim, status, replaced=bool(replaced), copy=bool(copy_of), relay=bool(relay_of))
        return place, index.words(claim), index.tags(claim)

    def _status(self, claim: Claim, trusted: set[str], copy_of: str) -> str:
        if any(link.relation in ("accepts", "rejects") for link in claim.links):
            return "verdict"
        judged = self._db.execute(
            "SELECT status FROM verdict WHERE about = ? ORDER BY seq DESC LIMIT 1", (claim.id,)
        )
        if row := judged.fetchone():
            return str(row[0])
        if copy_of:
            return "copy"
        return "standing" if claim.doc.publisher in trusted or claim.rule == REVIEW else "quarantined"

    def _copied(self, claim: Claim) -> str:
        """Id of the claim with the same words from another publisher within a week, or ""."""
        wire, day = index.wire(claim), claim.known_on
        if not wire or day is None:
            return ""
        rows = self._db.execute(
            "SELECT id, said FROM current "
            "WHERE wire = ? AND wire <> '' AND publisher <> ? AND copy_of = '' ORDER BY place",
            (wire, claim.doc.publisher),
        )
        near = (
            str(i) for i, said in rows if said and abs((date.fromisoformat(said) - day).days) <= _COPY_DAYS
        )
        return next(near, "")

    def _relayed(self, claim: Claim) -> str:
        """Id of the claim this one passes on: named in the record, or the same number of the same voice."""
        if claim.relay_of or not (claim.topic and claim.value):
            return claim.relay_of
        rows = self._db.execute(
            "SELECT id, middle FROM number WHERE (topic, voice, period) = (?, ?, ?) AND doc <> ? ORDER BY id",
            (claim.topic, voice(claim), index.period(claim), claim.doc.id),
        )
        middle = central(claim)
        return next((str(i) for i, other in rows if abs(middle - other) <= _ROUNDING * abs(other)), "")

    def _number(self, claim: Claim) -> None:
        if claim.topic and claim.value and not claim.relay_of:
            self._db.execute(
                "INSERT OR REPLACE INTO number VALUES (?, ?, ?, ?, ?, ?)",
                (claim.topic, voice(claim), index.period(claim), claim.id, central(claim), claim.doc.id),
            )

    def _judge(self, claim: Claim) -> None:
        """Let a review statement act on the claim it is about; that claim itself stays as it was said."""
        for link in claim.links:
            if status := _VERDICTS.get(link.relation):
                self._db.execute("INSERT INTO verdict(about, status) VALUES (?, ?)", (link.to, status))
                self._db.execute("UPDATE current SET status = ? WHERE id = ?", (status, link.to))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # -- reading ---------------------------------------------------------------------------------

    def claims(
        self,
        target: str | None = None,
        *,
        supporter: str | None = None,
        channel: str | None = None,
        topic: str | None = None,
        stage: str | None = None,
        text: str | None = None,
        as_of: str | date | None = None,
        limit: int | None = None,
        status: Iterable[str] = SHOWN,
    ) -> list[Claim]:
        """Return the claims that match every filter, newest first; nothing said after `as_of`.

        Parameters
        ----------
        text : words that all have to occur, in any order and case.
        topic : machine key, or its beginning ("IRN.").
        limit : at most so many; None for all.
        status : what counts by default; also "copy", "quarantined", "rejected", "corrected", "verdict".
        """
        wanted = {
            "target": target,
            "supporter": supporter,
            "channel": channel,
            "topic": topic,
            "stage": stage,
        }
        match = index.match(text, {name: value for name, value in wanted.items() if value is not None})
        found = [Claim.from_json(row) for row in self._rows(match, as_of, limit, tuple(status))]
        return select(
            found, target, supporter=supporter, channel=channel, topic=topic, stage=stage, as_of=as_of
        )

    def search(
        self, text: str, *, as_of: str | date | None = None, limit: int = 50, **filters: str
    ) -> list[Claim]:
        """Return the newest claims whose words match `text`; `filters` as in `claims`."""
        wrong = sorted(set(filters) - index.FILTERS)
        if wrong:
            raise DataError(
                f"unknown filter {', '.join(wrong)}; possible: {', '.join(sorted(index.FILTERS))}"
            )
        return self.claims(text=text, as_of=as_of, limit=limit, **filters)

    def _rows(
        self, match: str, as_of: str | date | None, limit: int | None, status: tuple[str, ...]
    ) -> Iterator[str]:
        source, place = "current c", "c.place"
        if match:
            source, place = "words w JOIN current c ON c.place = w.rowid", "w.rowid"
        # Undated claims lie on day 0: they were not certainly said by any date.
        first, last = 0, index.place(date.max, 0)
        if as_of is not None:
            first, last = index.PLACES, index.place(last_day_of(as_of), index.PLACES - 1)
        where = [*(["words MATCH ?"] if match else []), f"{place} BETWEEN ? AND ?"]
        where.append(f"c.status IN ({', '.join('?' * len(status))})")
        rows = self._db.execute(
            f"SELECT s.record FROM {source} JOIN statement s ON s.seq = c.seq WHERE {' AND '.join(where)} "
            f"ORDER BY {place} DESC LIMIT ?",
            (*([match] if match else []), first, last, *status, -1 if limit is None else limit),
        )
        yield from (row[0] for row in rows)

    def history(self, claim: str) -> list[Version]:
        """Return every version of one claim, oldest first; raises DataError when there is none."""
        rows = self._db.execute(
            "SELECT record, digest, added FROM statement WHERE id = ? ORDER BY seq", (claim,)
        )
        found = [Version(Claim.from_json(record), digest, added) for record, digest, added in rows]
        if not found:
            raise DataError(f'no claim with id "{claim}" in this ledger')
        return found

    def conflicts(self, target: str | None = None, *, as_of: str | date | None = None) -> list[Conflict]:
        """Return contradictions, vintages and tensions among what stands."""
        return conflicts(self.claims(target, as_of=as_of))

    def statuses(self) -> dict[str, int]:
        """How many claims stand, are copies, wait in quarantine, were rejected or corrected."""
        rows = self._db.execute("SELECT status, count(*) FROM current GROUP BY status ORDER BY status")
        return {str(status): int(count) for status, count in rows}

    def sources(self) -> dict[str, dict[str, str]]:
        """Return the trusted publishers with kind and reliability note."""
        rows = self._db.execute("SELECT publisher, kind, reliability FROM source ORDER BY publisher")
        return {name: {"kind": kind, "reliability": reliability} for name, kind, reliability in rows}

    def relays(self, claim: str) -> list[str]:
        """Return the ids of the claims that only pass this one on."""
        rows = self._db.execute(
            "SELECT id FROM current WHERE relay_of = ? AND relay_of <> '' ORDER BY place", (claim,)
        )
        return [str(row[0]) for row in rows]

    def stream(self) -> Iterator[Claim]:
        """Every version of every claim in order of arrival, one at a time."""
        for (record,) in self._db.execute("SELECT record FROM statement ORDER BY seq"):
            yield Claim.from_json(record)

    def digest(self) -> str:
        """Hash of all claims as they stand, independent of the order they came in."""
        total = hashlib.sha256()
        for row in self._db.execute(
            "SELECT s.id, s.digest, c.status FROM current c JOIN statement s ON s.seq = c.seq ORDER BY s.id"
        ):
            total.update("\x1f".join(row).encode() + b"\n")
        return total.hexdigest()


def _count(report: AddReport, claim: Claim, status: str, *, replaced: bool, copy: bool, relay: bool) -> None:
    report.versions += replaced
    report.added += not replaced
    report.copies += copy
    report.relays += relay
    if status == "quarantined":
        report.quarantined += 1
        report.publishers.add(claim.doc.publisher)
