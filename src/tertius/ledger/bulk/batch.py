"""Read a batch of event files into one table of daily dyad counts, with bounded memory.

DuckDB streams every file and counts the rows that share day, actors and code; only these groups become
countries and classes. What does not fit into memory is spilled to a folder that goes with the batch.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from tertius.errors import DataError, InputError
from tertius.ledger.bulk import codes, scan
from tertius.ledger.bulk.actors import Resolver, country, default_resolver
from tertius.ledger.bulk.formats import MENTIONS
from tertius.ledger.bulk.recognise import Release, open_packed, recognise

if TYPE_CHECKING:
    from types import TracebackType

    import duckdb

    from tertius.ledger.bulk.series import DyadSeries

Weight = Literal["events", "sources", "confidence"]
Progress = Callable[[int, int, str], None]
WEIGHTS: tuple[Weight, ...] = ("events", "sources", "confidence")
_PART_FILES, _PART_BYTES = 256, 2 << 30  # files that share a format are read together, up to these limits

_TABLES = """
CREATE TABLE who (name VARCHAR, iso VARCHAR);
CREATE TABLE seen (name VARCHAR PRIMARY KEY);
CREATE TABLE what (key VARCHAR PRIMARY KEY, quad TINYINT, plover VARCHAR, pledge BOOLEAN, delivery BOOLEAN,
                   known BOOLEAN);
CREATE TABLE mention (id VARCHAR, confidence DOUBLE);
CREATE TABLE cells (day DATE, actor VARCHAR, recipient VARCHAR, quad TINYINT, plover VARCHAR, pledge BOOLEAN,
                    delivery BOOLEAN, n BIGINT, w DOUBLE);
CREATE TABLE coverage (month DATE, copies BIGINT, n BIGINT, dated BIGINT, dyadic BIGINT, classed BIGINT,
                       weighed BIGINT);
CREATE TABLE strangers (name VARCHAR, n BIGINT);
CREATE TABLE oddities (key VARCHAR, n BIGINT);
"""
_DAY = """coalesce(try_strptime(day, '%Y%m%d'), try_strptime(left(day, 10), '%Y-%m-%d'))::DATE"""
_KEY = "concat_ws(chr(9), coalesce(code, ''), coalesce(label, ''), coalesce(type, ''), coalesce(quad, ''))"
_ADD = """
INSERT INTO cells
SELECT date, a.iso, r.iso, what.quad, what.plover, what.pledge, what.delivery, sum(n), sum(w)
FROM part JOIN who a ON a.name = part.actor JOIN who r ON r.name = part.recipient JOIN what USING (key)
WHERE date IS NOT NULL GROUP BY ALL;
INSERT INTO coverage
SELECT date_trunc('month', date), sum(copies), sum(n), sum(n) FILTER (date IS NOT NULL),
       sum(n) FILTER (paired), sum(n) FILTER (paired AND what.quad > 0), sum(weighed) FILTER (paired)
FROM (SELECT *, date IS NOT NULL AND actor IN (SELECT name FROM who)
                AND recipient IN (SELECT name FROM who) AS paired FROM part) JOIN what USING (key) GROUP BY 1;
INSERT INTO strangers
SELECT name, sum(n) FROM (SELECT actor AS name, n FROM part UNION ALL SELECT recipient, n FROM part)
WHERE name IS NOT NULL AND name NOT IN (SELECT name FROM who) GROUP BY 1;
INSERT INTO oddities SELECT key, sum(n) FROM part JOIN what USING (key) WHERE NOT known GROUP BY 1;
"""


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What came out of a batch, and what did not.

    Parameters
    ----------
    read : (path, title, note) of every file that is in the counts.
    bad : what is wrong with each file that is not.
    rows : lines read; `events` after repeated lines are taken out.
    dated, dyadic, classed : events with a date; of these with two countries; of these with a class.
    weighed : dyadic events that have a weight (all of them where the weight is "events").
    first, last : "YYYY-MM" of the months the files cover.
    stray : events dated outside these months.
    strangers : (actor, events), the actors most often left without a country.
    oddities : (code, events), the codes most often left without a class.
    """

    read: tuple[tuple[str, str, str], ...]
    bad: tuple[str, ...]
    rows: int
    events: int
    dated: int
    dyadic: int
    classed: int
    weighed: int
    first: str
    last: str
    stray: int
    strangers: tuple[tuple[str, int], ...]
    oddities: tuple[tuple[str, int], ...]


class EventBatch:
    """Counts of a batch of files; a context manager, as it keeps a temporary folder.

    Made by `read_events`. Not frozen: it owns a database on disk.
    """

    def __init__(
        self, folder: Path, memory: str, threads: int | None, weight: Weight, since: str, until: str
    ) -> None:
        import duckdb

        self.folder = folder
        self.weight = weight
        self.period = (since, until)
        self.read: list[tuple[str, str, str]] = []
        self.bad: list[str] = []
        self.db: duckdb.DuckDBPyConnection = duckdb.connect(
            str(folder / "events.duckdb"),
            config={
                "memory_limit": memory,
                "threads": threads or os.cpu_count() or 1,
                "temp_directory": str(folder / "spill"),
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        self.db.execute(_TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database and remove everything that was spilled."""
        self.db.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def series(self, actor: str, recipient: str) -> DyadSeries:
        """Monthly series of one directed dyad; see `DyadSeries`."""
        from tertius.ledger.bulk.table import series

        return series(self, actor, recipient)

    def dyads(self, limit: int = 20, *, domestic: bool = False) -> tuple[tuple[str, str, int], ...]:
        """List the dyads with most events: (actor, recipient, events)."""
        from tertius.ledger.bulk.table import dyads

        return dyads(self, limit, domestic=domestic)

    def report(self) -> BatchReport:
        """Say what was read, left out and not understood."""
        from tertius.ledger.bulk.table import report

        return report(self)

    def write(self, path: Path | str) -> int:
        """Write every monthly dyad series to .parquet or .csv; returns the rows written."""
        from tertius.ledger.bulk.table import write

        return write(self, Path(path))


def read_events(
    paths: Iterable[Path | str],
    *,
    format: str = "auto",  # noqa: A002 - the word of the command line
    weight: Weight = "events",
    since: str = "",
    until: str = "",
    aliases: Mapping[str, str] | None = None,
    resolve: Resolver | None = None,
    memory: str = "1GB",
    threads: int | None = None,
    progress: Progress | None = None,
) -> EventBatch:
    """Read event files of one source into daily dyad counts.

    A file that cannot be read whole is left out whole, and listed; the others are counted.

    Parameters
    ----------
    paths : files, or folders whose files are taken.
    format : "auto" recognises each file by its content; a name insists on that format.
    weight : what an event counts: 1; the number of its sources (GDELT); or the confidence of its best mention,
        as a fraction. The last needs GDELT 2.0 mentions files in the batch; an event without a mention counts 0
        and is reported.
    since, until : "YYYY-MM"; without them the months that hold at least 2 % of the busiest month's events.
    aliases : further actor names -> ISO alpha-3.
    resolve : finds countries; the package's own table by default.
    memory : DuckDB's limit, beyond which it spills to disk.
    threads : DuckDB's threads; all processors by default.
    progress : called with (files done, files, note).

    Raises
    ------
    InputError
        Files of different sources, which would count one event twice; an unknown weight.
    DataError
        Not one file could be read; the message lists why, file by file.
    """
    if weight not in WEIGHTS:
        raise InputError(f'unknown weight "{weight}". Possible: {", ".join(WEIGHTS)}.')
    releases, bad = _recognise_all(list(_files(paths)), format)
    _one_source(releases)
    _weight_exists(releases, weight)
    folder = Path(tempfile.mkdtemp(prefix="tertius-events-"))
    batch = EventBatch(folder, memory, threads, weight, since, until)
    try:
        batch.bad.extend(bad)
        _fill(batch, releases, _Names(resolve or default_resolver(), aliases or {}), progress)
        if not batch.read:
            raise DataError(batch.bad or ["no event files given"])
    except BaseException:
        batch.close()
        raise
    return batch


@dataclass(frozen=True, slots=True)
class _Names:
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


def _files(paths: Iterable[Path | str]) -> Iterator[Path]:
    """Files in the order given, folders opened, nothing twice."""
    seen: set[Path] = set()
    for path in map(Path, paths):
        inside = sorted(each for each in path.iterdir() if each.is_file()) if path.is_dir() else [path]
        for each in inside:
            if each.resolve() not in seen:
                seen.add(each.resolve())
                yield each


def _recognise_all(paths: Sequence[Path], expected: str) -> tuple[list[Release], list[str]]:
    releases: list[Release] = []
    bad: list[str] = []
    for path in paths:
        try:
            release = recognise(path, expected)
        except DataError as error:
            bad.extend(error.problems)
            continue
        if release.format.dyadic or release.format is MENTIONS:
            releases.append(release)
        else:
            bad.append(f"{path}: {release.format.title} holds documents, not who did what to whom")
    return releases, bad


def _one_source(releases: Sequence[Release]) -> None:
    """Two sources report the same event; adding them would count it twice."""
    first: dict[str, Release] = {}
    for release in releases:
        first.setdefault(release.format.name.split("-backfile")[0].split("-mentions")[0], release)
    if len(first) > 1:
        found = "; ".join(f"{each.path} is {each.format.title}" for each in first.values())
        raise InputError(
            f"files of different sources would count one event twice; read them one by one: {found}"
        )


def _weight_exists(releases: Sequence[Release], weight: Weight) -> None:
    if weight == "confidence" and not any(each.format is MENTIONS for each in releases):
        raise InputError('weight "confidence" needs GDELT 2.0 mentions files in the batch; none was found')
    if weight == "sources":
        without = [
            each for each in releases if "sources" not in each.format.fields and each.format is not MENTIONS
        ]
        if without:
            raise InputError(
                f'weight "sources" needs GDELT events; {without[0].path} is {without[0].format.title}'
            )


def _fill(batch: EventBatch, releases: Sequence[Release], names: _Names, progress: Progress | None) -> None:
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


def _try(batch: EventBatch, part: Sequence[Release], names: _Names) -> bool:
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


def _add_alone(batch: EventBatch, release: Release, names: _Names) -> None:
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


def _add(batch: EventBatch, part: Sequence[Release], names: _Names, encoding: str) -> None:
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
        batch.db.execute(
            f"CREATE OR REPLACE TEMP TABLE part AS SELECT *, {_DAY} AS date, {_KEY} AS key FROM "
            f"({scan.groups(first, source, batch.weight)})"
        )
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


def _learn_names(batch: EventBatch, release: Release, names: _Names) -> None:
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
    new = batch.db.execute("SELECT DISTINCT key FROM part WHERE key NOT IN (SELECT key FROM what)").fetchall()
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
