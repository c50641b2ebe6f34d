"""Ledgers in and out of files: JSONL line by line, Parquet through DuckDB; written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from tertius.errors import DataError
from tertius.ledger.record import Claim

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Column of the Parquet file -> where it stands in the record.
_COLUMNS = {
    "id": "$.id",
    "said": "$.said",
    "target": "$.target",
    "supporter": "$.supporter",
    "channel": "$.channel",
    "stage": "$.stage",
    "topic": "$.topic",
    "origin": "$.origin",
    "publisher": "$.doc.publisher",
    "unit": "$.value.unit",
}
_NUMBERS = {
    "low": "$.value.low",
    "central": "$.value.central",
    "high": "$.value.high",
    "confidence": "$.confidence",
}
_LINE = 16_000_000  # characters; no record comes near


def export_jsonl(claims: Iterable[Claim], path: Path | str) -> int:
    """Write one line a claim; returns how many. An existing file is replaced only when all are written."""
    count = 0
    with _whole(Path(path)) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as file:
        for claim in claims:
            file.write(claim.to_json() + "\n")
            count += 1
    return count


def import_jsonl(path: Path | str) -> Iterator[Claim]:
    """Read claims one at a time; raises DataError at the first bad line, naming it."""
    try:
        with Path(path).open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield _claim(line, f"{path}:{number}")
    except OSError as error:
        raise DataError(f"{path}: {error.strerror}") from None


def export_parquet(claims: Iterable[Claim], path: Path | str) -> int:
    """Write the main fields as columns and each record as JSON in `record`; returns how many."""
    import duckdb

    texts = [f"json_extract_string(record, '{where}') AS {name}" for name, where in _COLUMNS.items()]
    numbers = [f"json_extract(record, '{where}')::DOUBLE AS {name}" for name, where in _NUMBERS.items()]
    with tempfile.TemporaryDirectory() as folder, _whole(Path(path)) as temporary:
        lines = Path(folder) / "claims.jsonl"
        count = export_jsonl(claims, lines)
        if not count:
            raise DataError(f"{path}: no claims to write")
        with duckdb.connect() as db:
            # A separator that JSON escapes: each line is one field.
            rows = (
                f"read_csv({_quoted(lines)}, header=false, delim='\x01', quote='', escape='', "
                f"columns={{record: 'VARCHAR'}}, max_line_size={_LINE}, parallel=false)"
            )
            db.execute(
                f"COPY (SELECT {', '.join(texts + numbers)}, record FROM {rows}) "
                f"TO {_quoted(temporary)} (FORMAT parquet, COMPRESSION zstd)"
            )
    return count


def import_parquet(path: Path | str) -> Iterator[Claim]:
    """Read the claims of a Parquet file written here, one at a time; raises DataError."""
    import duckdb

    with duckdb.connect() as db:
        try:
            found = db.execute(f"SELECT record FROM read_parquet({_quoted(Path(path))})")
        except duckdb.Error as error:
            raise DataError(f"{path}: not a Parquet file of claims ({str(error).splitlines()[0]})") from None
        number = 0
        while rows := found.fetchmany(1000):
            for (record,) in rows:
                number += 1
                yield _claim(record, f"{path}: row {number}")


def _claim(line: str | bytes, where: str) -> Claim:
    try:
        return Claim.from_json(line)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'record'}: {e['msg']}" for e in error.errors())
        raise DataError(f"{where}: {faults}") from None


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Give a file beside `path` that takes its place when the block ends well, and vanishes otherwise."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}") from None
    finally:
        temporary.unlink(missing_ok=True)
