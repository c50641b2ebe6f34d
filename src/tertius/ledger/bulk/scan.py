"""From a recognised file to DuckDB: the table expression, and what its errors mean for the reader."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from tertius.ledger.bulk.recognise import Release, open_packed

if TYPE_CHECKING:
    from collections.abc import Sequence

# A GKG row can be long, an event row cannot; a longer line is a sign of a broken file.
LONGEST_LINE = 8 << 20
_PIECES = ("day", "actor", "recipient", "code", "label", "type", "quad")


def table(release: Release, paths: Sequence[str], encoding: str = "utf-8") -> str:
    """Write the SQL table function that streams files of one release, every column as text named c0, c1 ...

    Names of columns never reach the SQL text, as some come from the file itself.
    """
    columns = ", ".join(f"'c{k}': 'VARCHAR'" for k in range(release.width))
    listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    return (
        f"read_csv([{listed}], columns={{{columns}}}, auto_detect=false, header=false, skip={release.skip}, "
        f"delim='\\t', quote='', escape='', comment='', strict_mode=true, encoding='{encoding}', "
        f"max_line_size={LONGEST_LINE}, buffer_size={4 * LONGEST_LINE}, "
        f"compression='{'gzip' if release.packing == 'gzip' else 'none'}')"
    )


def column(release: Release, name: str) -> str:
    """Name the SQL column that holds a canonical field; NULL if the format has none."""
    if name not in release.format.fields:
        return "NULL::VARCHAR"
    return f"c{release.format.columns.index(release.format.fields[name])}"


def groups(release: Release, source: str, weight: str) -> str:
    """Write the SQL that counts rows, in one pass, by month and code and by day.

    Rows with `monthly` share month, actors and code: `copies` counts lines, `n` events (fewer where a format
    repeats lines), `w` their weight, `weighed` those that have a weight. The other rows are the days on which
    a dyad is active. Two small tables take less time than one by day and code.
    """
    held = [name for name in _PIECES if name in release.format.fields]
    pieces = ", ".join(f"{column(release, name)} AS {name}" for name in _PIECES)
    rows, copies = source, "count(*)"
    if release.format.unique:
        every = ", ".join(f"c{k}" for k in range(release.width))
        rows, copies = f"(SELECT {every}, count(*) AS times FROM {source} GROUP BY ALL)", "sum(times)"
    joined = f" LEFT JOIN mention ON mention.id = {column(release, 'id')}" if weight == "confidence" else ""
    value = {
        "events": "1.0",
        "sources": f"TRY_CAST({column(release, 'sources')} AS DOUBLE)",
        "confidence": "mention.confidence",
    }[weight]
    # Seven characters are "2026-01", or "2026010": the month and, harmlessly, the tens of the day.
    day, actor, recipient = (column(release, name) for name in ("day", "actor", "recipient"))
    codes = [column(release, name) for name in held if name not in {"day", "actor", "recipient"}]
    monthly = ", ".join((f"left({day}, 7)", actor, recipient, *codes))
    return (
        f"SELECT left({day}, 7) AS month, {pieces}, grouping({day}) = 1 AS monthly, "
        f"{copies}::BIGINT AS copies, count(*) AS n, "
        f"coalesce(sum({value}), 0.0) AS w, count({value}) AS weighed FROM {rows}{joined} "
        f"GROUP BY GROUPING SETS (({monthly}), ({day}, {actor}, {recipient}))"
    )


def not_utf8(error: Exception) -> bool:
    """Whether DuckDB stopped at bytes that are no UTF-8."""
    return "unicode" in str(error).lower() or "utf-8" in str(error).lower()


def explain(error: Exception, release: Release) -> str:
    """Say what DuckDB found wrong with a file: file, line, expected, found."""
    text, path = str(error), release.path
    line = re.search(r"CSV Error on Line: (\d+)", text)
    if "Maximum line size" in text or "line size" in text.lower():
        where = f":{line[1]}" if line else ""
        longest = f"{LONGEST_LINE >> 20} MB"
        return f"{path}{where}: a line is longer than {longest}; expected {release.format.title} rows"
    if re.search(r"gzip|zlib|inflate|decompress", text, re.IGNORECASE):
        return f"{path}: the gzip stream ends early or is damaged; fetch the file again"
    if line and "Number of Columns" in text:
        number = int(line[1])
        found = _width_of_line(release, number)
        return f"{path}:{number}: {release.format.title}: expected {release.width} columns, found {found}"
    where = f":{line[1]}" if line else ""
    lines = [each for each in text.splitlines() if each and not each.startswith("Original Line")]
    return f"{path}{where}: {' '.join(lines[:2])}"


def _width_of_line(release: Release, number: int) -> int:
    """Columns of one line; DuckDB stops counting at the first one too many."""
    with open_packed(release.path, release.packing) as file:
        line = next(itertools.islice(file, number - 1, None), b"")
    return line.count(b"\t") + 1
