"""Fill a batch: files of one kind together, a broken one alone, nothing of a broken one counted."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tertius.errors import DataError
from tertius.ledger.bulk import codes, scan
from tertius.ledger.bulk.actors import Resolver, country
from tertius.ledger.bulk.formats import MENTIONS
from tertius.ledger.bulk.recognise import Release, open_packed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tertius.ledger.bulk.batch import EventBatch, Progress

_PART_FILES, _PART_BYTES = 256, 2 << 30  # files that share a format are read together, up to these limits

_SPLIT = """
CREATE OR REPLACE TEMP TABLE part AS
SELECT * EXCLUDE (month),
       coalesce(try_strptime(left(month, 6), '%Y%m'), try_strptime(month, '%Y-%m'))::DATE AS month,
       coalesce(try_strptime(day, '%Y%m%d'), try_strptime(left(day, 10), '%Y-%m-%d'))::DATE AS date,
       concat_ws(chr(9), coalesce(code, ''), coalesce(label, ''), coalesce(type, ''), coalesce(quad, ''))
       AS key
FROM ({groups})
"""
_ADD = """
INSERT INTO cells
SELECT month, a.iso, r.iso, what.quad, what.plover, what.pledge, what.delivery, sum(n), sum(w)
FROM part JOIN who a ON a.name = part.actor JOIN who r ON r.name = part.recipient JOIN what USING (key)
WHERE monthly AND month IS NOT NULL GROUP BY ALL;
INSERT INTO active
SELECT DISTINCT date, a.iso, r.iso
FROM part JOIN who a ON a.name = part.actor JOIN who r ON r.name = part.recipient
WHERE NOT monthly AND date IS NOT NULL;
INSERT INTO coverage
SELECT month, sum(copies), sum(n), sum(n) FILTER (month IS NOT NULL),
       sum(n) FILTER (paired), sum(n) FILTER (paired AND what.quad > 0), sum(weighed) FILTER (paired)
FROM (SELECT *, month IS NOT NULL AND actor IN (SELECT name FROM who)
                AND recipient IN (SELECT name FROM who) AS paired FROM part WHERE monthly)
JOIN what USING (key) GROUP BY 1;
INSERT INTO strangers
SELECT name, sum(n)
FROM (SELECT actor AS name, n FROM part WHERE monthly UNION ALL SELECT recipient, n FROM part WHERE monthly)
WHERE name IS NOT NULL AND name NOT IN (SELECT name FROM who) GROUP BY 1;
INSERT INTO oddities
SELECT key, sum(n) FROM part JOIN what USING (key) WHERE monthly AND NOT known GROUP BY 1;
"""


@dataclass(frozen=True, slots=True)
class Names:
    """How actors become countries."""

    resolve: Resolver
    aliases: Mapping[str, str]

    def countries(self, cell: str, release: Release) -> Iterator[str]:
        """Countries of one cell, each once."""
        sep = release.format.multi
        parts = cell.split(sep) if sep else [cell]
        found = (
            country(part, self.resolve, self.aliases) for part in parts if part not in release.format.missing
        )
        yield from dict.fromkeys(iso for iso in found if iso)


def fill(batch: EventBatch, releases: Sequence[Release], names: Names, progress: Progress | None) -> None:
    """Mentions first, as events look them up."""
    done = 0
    for part in sorted(_parts(releases), key=lambda part: part[0].format is not MENTIONS):
        if not _try(batch, part, names):
            for release in part:
                _add_alone(batch, release, names)
        done += len(part)
        if progress:
            progress(done, len(releases), str(part[-1].path))


def _parts(releases: Sequence[Release]) -> Iterator[list[Release]]:
    """Yield runs of files that one query can read: same columns, same packing, within the limits."""
    waiting: dict[object, list[Release]] = {}
    weight: dict[object, int] = {}
    for release in releases:
        key = (release.format.name, release.format.columns, release.skip, release.packing, release.surplus)
        size = release.path.stat().st_size * (8 if release.packing == "zip" else 1)  # unpacked first
        if len(waiting.get(key, ())) >= _PART_FILES or weight.get(key, 0) + size > _PART_BYTES:
            if key in waiting:
                yield waiting.pop(key)
            weight[key] = 0
        waiting.setdefault(key, []).append(release)
        weight[key] = weight.get(key, 0) + size
    yield from waiting.values()


def _try(batch: EventBatch, part: Sequence[Release], names: Names) -> bool:
    """Read a run of files in one query; False if any of them has something wrong."""
    import duckdb

    if len(part) == 1 or part[0].surplus or part[0].format.unique:
        return False
    try:
        _add(batch, part, names, "utf-8")
    except (duckdb.InvalidInputException, duckdb.IOException, DataError, OSError):
        return False
    batch.read.extend((str(each.path), each.format.title, each.note) for each in part)
    return True


def _add_alone(batch: EventBatch, release: Release, names: Names) -> None:
    """Read one file: as UTF-8, else as ISO-8859-1 like many ICEWS files; list it if it is broken."""
    import duckdb

    note = release.note
    try:
        try:
            _add(batch, [release], names, "utf-8")
        except duckdb.InvalidInputException as error:
            if not scan.not_utf8(error):
                raise
            _add(batch, [release], names, "latin-1")
            note = "; ".join(filter(None, (note, "read as ISO-8859-1")))
    except (duckdb.InvalidInputException, duckdb.IOException) as error:
        batch.bad.append(scan.explain(error, release))
    except DataError as error:
        batch.bad.extend(error.problems)
    except OSError as error:
        batch.bad.append(f"{release.path}: cannot be read: {error}")
    else:
        batch.read.append((str(release.path), release.format.title, note))


def _add(batch: EventBatch, part: Sequence[Release], names: Names, encoding: str) -> None:
    """Count the rows of files of one kind and add them, all or nothing."""
    first = part[0]
    paths = [_reachable(batch.folder, release, k) for k, release in enumerate(part)]
    try:
        plain = replace(first, packing="plain") if first.packing == "zip" else first
        source = scan.table(plain, paths, encoding)
        if first.format is MENTIONS:
            _add_mentions(batch, first, source)
            return
        _no_surplus(batch, first, source)
        batch.db.execute(_SPLIT.format(groups=scan.groups(first, source, batch.weight)))
    finally:
        for path in paths:
            if Path(path).parent == batch.folder:
                Path(path).unlink()
    _learn_names(batch, first, names)
    _learn_codes(batch, first)
    batch.db.begin()
    try:
        batch.db.execute(_ADD)
        batch.db.commit()
    except BaseException:
        batch.db.rollback()
        raise


def _reachable(folder: Path, release: Release, k: int) -> str:
    """Give a path DuckDB can open: zip members are unpacked, odd names get a plain one."""
    if release.packing == "zip":
        target = folder / f"member{k}"
        with open_packed(release.path, "zip") as packed, target.open("wb") as plain:
            shutil.copyfileobj(packed, plain, 1 << 20)
        return str(target)
    if set("*?[]{}") & set(str(release.path)):
        target = folder / f"link{k}"
        target.symlink_to(release.path.resolve())
        return str(target)
    return str(release.path)


def _no_surplus(batch: EventBatch, release: Release, source: str) -> None:
    """Excess columns are dropped only if not one row has anything in them."""
    expected = len(release.format.columns)
    for k in range(expected, release.width):
        found = batch.db.execute(f"SELECT c{k} FROM {source} WHERE trim(c{k}) <> '' LIMIT 1").fetchone()
        if found:
            raise DataError(
                f"{release.path}: {release.format.title}: expected {expected} columns, "
                f"found {release.width}, and the excess column {k + 1} is not empty: {str(found[0])[:40]!r}"
            )


def _add_mentions(batch: EventBatch, release: Release, source: str) -> None:
    event, value = scan.column(release, "id"), scan.column(release, "confidence")
    batch.db.execute(
        f"INSERT INTO mention SELECT {event}, max(TRY_CAST({value} AS DOUBLE)) / 100 FROM {source} GROUP BY 1"
    )
    # Files of a batch overlap: an event is mentioned for weeks.
    batch.db.execute(
        "CREATE OR REPLACE TABLE mention AS SELECT id, max(confidence) AS confidence FROM mention GROUP BY 1"
    )


def _learn_names(batch: EventBatch, release: Release, names: Names) -> None:
    """Look up the actors not met before."""
    new = batch.db.execute(
        "SELECT name FROM (SELECT actor AS name FROM part UNION SELECT recipient FROM part) "
        "WHERE name IS NOT NULL AND name NOT IN (SELECT name FROM seen)"
    ).fetchall()
    pairs = [(cell, iso) for (cell,) in new for iso in names.countries(cell, release)]
    _insert(batch, "seen", [row[0] for row in new])
    _insert(batch, "who", [cell for cell, _ in pairs], [iso for _, iso in pairs])


def _learn_codes(batch: EventBatch, release: Release) -> None:
    """Work out what the codes not met before mean; the file's own class goes before the code's."""
    new = batch.db.execute(
        "SELECT DISTINCT key FROM part WHERE monthly AND key NOT IN (SELECT key FROM what)"
    ).fetchall()
    rows = []
    for (key,) in new:
        code, label, kind, quad = ("" if cell in release.format.missing else cell for cell in key.split("\t"))
        means = codes.meaning(code, label, kind)
        own = codes.quad_of(quad)
        rows.append((key, own or means.quad, means.plover, means.pledge, means.delivery, means.quad > 0))
    _insert(batch, "what", *(list(column) for column in zip(*rows, strict=True)))


def _insert(batch: EventBatch, table: str, *columns: list[object] | list[str]) -> None:
    """Insert columns of equal length in one statement."""
    if columns and columns[0]:
        picked = ", ".join(f"unnest(${k + 1})" for k in range(len(columns)))
        batch.db.execute(f"INSERT INTO {table} SELECT {picked}", list(columns))
