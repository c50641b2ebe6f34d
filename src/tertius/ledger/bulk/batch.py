"""Read a batch of event files into one table of daily dyad counts, with bounded memory.

DuckDB streams every file and counts the rows that share day, actors and code; only these groups become
countries and classes. What does not fit into memory is spilled to a folder that goes with the batch.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from tertius.errors import DataError, InputError
from tertius.ledger.bulk.actors import Resolver, default_resolver
from tertius.ledger.bulk.fill import Names, fill
from tertius.ledger.bulk.formats import MENTIONS
from tertius.ledger.bulk.recognise import Release, recognise

if TYPE_CHECKING:
    from types import TracebackType

    import duckdb

    from tertius.ledger.bulk.series import DyadSeries

Weight = Literal["events", "sources", "confidence"]
Progress = Callable[[int, int, str], None]
WEIGHTS: tuple[Weight, ...] = ("events", "sources", "confidence")

_TABLES = """
CREATE TABLE who (name VARCHAR, iso VARCHAR);
CREATE TABLE seen (name VARCHAR PRIMARY KEY);
CREATE TABLE what (key VARCHAR PRIMARY KEY, quad TINYINT, plover VARCHAR, pledge BOOLEAN, delivery BOOLEAN,
                   known BOOLEAN);
CREATE TABLE mention (id VARCHAR, confidence DOUBLE);
CREATE TABLE cells (month DATE, actor VARCHAR, recipient VARCHAR, quad TINYINT, plover VARCHAR,
                    pledge BOOLEAN, delivery BOOLEAN, n BIGINT, w DOUBLE);
CREATE TABLE active (day DATE, actor VARCHAR, recipient VARCHAR);
CREATE TABLE coverage (month DATE, copies BIGINT, n BIGINT, dated BIGINT, dyadic BIGINT, classed BIGINT,
                       weighed BIGINT);
CREATE TABLE strangers (name VARCHAR, n BIGINT);
CREATE TABLE oddities (key VARCHAR, n BIGINT);
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
    weight : what an event counts: 1; the number of its sources (GDELT); or the confidence of its best
        mention, as a fraction. The last needs GDELT 2.0 mentions files in the batch; an event without one
        counts 0 and is reported.
    since, until : "YYYY-MM"; without them the months that hold at least 2 % of the busiest month's events.
    aliases : further actor names -> ISO alpha-3.
    resolve : finds countries; the package's own table by default.
    memory : DuckDB's limit, beyond which it spills to disk.
    threads : DuckDB's threads; all processors by default.
    progress : called with (files done, files, note).

    Raises
    ------
    InputError
        Files of different sources, which would count one event twice; an unknown weight; no period.
    DataError
        Not one file could be read; the message lists why, file by file.
    """
    if weight not in WEIGHTS:
        raise InputError(f'unknown weight "{weight}". Possible: {", ".join(WEIGHTS)}.')
    _period_exists(since, until)
    releases, bad = _recognise_all(list(_files(paths)), format)
    _one_source(releases)
    _weight_exists(releases, weight)
    folder = Path(tempfile.mkdtemp(prefix="tertius-events-"))
    batch = EventBatch(folder, memory, threads, weight, since, until)
    try:
        batch.bad.extend(bad)
        fill(batch, releases, Names(resolve or default_resolver(), aliases or {}), progress)
        if not batch.read:
            raise DataError(batch.bad or ["no event files given"])
    except BaseException:
        batch.close()
        raise
    return batch


def _period_exists(since: str, until: str) -> None:
    """Say before minutes of reading that a month is none."""
    bad = [
        f'{name}: "{text}" is not a month; expected YYYY-MM'
        for name, text in (("since", since), ("until", until))
        if text and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text)
    ]
    if bad:
        raise InputError(bad)
    if since and until and until < since:
        raise InputError(f"the period ends ({until}) before it begins ({since})")


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
