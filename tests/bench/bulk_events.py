"""Rows a second from a GDELT-like file to monthly dyad series: this package beside pandas, on the same file.

All count events by month, actor country, recipient country and QuadClass, and must agree. pandas does less:
it neither translates codes and countries nor keeps pledges, deliveries and active days apart. Each run has a
process of its own, so that its processor time and its peak memory can be told.
"""

from __future__ import annotations

import csv
import multiprocessing
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from tests.bench.peers.serve import peak_mb

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = 2_000_000
COUNTRIES = (
    "CHN",
    "IRN",
    "USA",
    "RUS",
    "CUB",
    "VEN",
    "DEU",
    "FRA",
    "IND",
    "JPN",
    "BRA",
    "NGA",
    "TUR",
    "SAU",
    "ARE",
)
CODES = (
    *(("010", 1), ("036", 1), ("043", 1), ("051", 1), ("0311", 1), ("061", 2), ("0712", 2), ("084", 2)),
    *(("112", 3), ("120", 3), ("130", 3), ("163", 4), ("173", 4), ("190", 4)),
)
Counts = dict[tuple[str, str, str, int], int]
THREADS = 2
CHUNK = 250_000  # rows pandas holds at once


def synthesise(path: Path, rows: int, seed: int = 0) -> None:
    """Write a year of events in the 58 columns of GDELT 1.0, about 370 bytes a row."""
    from tertius.ledger.bulk.formats import GDELT1

    random = np.random.default_rng(seed)
    days = np.arange("2025-01-01", "2026-01-01", dtype="datetime64[D]")
    block = 50_000
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter="\t", quoting=csv.QUOTE_NONE, lineterminator="\n")
        for start in range(0, rows, block):
            n = min(block, rows - start)
            out.writerows(_block(random, days, GDELT1.columns, start, n))


def _block(
    random: np.random.Generator, days: np.ndarray, columns: tuple[str, ...], start: int, n: int
) -> Any:
    """Rows with the usual gaps: a quarter of the actors have no country."""
    day = [str(d).replace("-", "") for d in days[random.integers(0, days.size, n)]]
    who = np.array([*COUNTRIES, *[""] * 5])
    actor, recipient = who[random.integers(0, who.size, n)], who[random.integers(0, who.size, n)]
    kind = random.integers(0, len(CODES), n)
    tone = np.round(random.normal(-2, 4, n), 6)
    for k in range(n):
        code, quad = CODES[kind[k]]
        cells = dict.fromkeys(columns, "")
        cells |= {
            "GLOBALEVENTID": start + k,
            "SQLDATE": day[k],
            "MonthYear": day[k][:6],
            "Year": day[k][:4],
            "FractionDate": "2025.4932",
            "Actor1Code": f"{actor[k]}GOV",
            "Actor1Name": "GOVERNMENT",
            "Actor1CountryCode": actor[k],
            "Actor2Code": recipient[k],
            "Actor2CountryCode": recipient[k],
            "IsRootEvent": "1",
            "EventCode": code,
            "EventBaseCode": code[:3],
            "EventRootCode": code[:2],
            "QuadClass": quad,
            "GoldsteinScale": "1.9",
            "NumMentions": "10",
            "NumSources": "1",
            "NumArticles": "10",
            "AvgTone": tone[k],
            "ActionGeo_FullName": "Somewhere, Some Province, Some Country",
            "ActionGeo_Lat": "35.75",
            "ActionGeo_Long": "51.5148",
            "DATEADDED": day[k],
            "SOURCEURL": f"https://news.example.org/{day[k]}/a-headline-of-the-usual-length-{start + k}.html",
        }
        yield cells.values()


def with_package(path: Path) -> Counts:
    """Count with this package, at its default limit of 1 GB."""
    from tertius.ledger.bulk import read_events

    names = dict(zip(COUNTRIES, COUNTRIES, strict=True))
    with read_events([path], resolve=names.get, threads=THREADS) as batch:
        rows = batch.db.execute(
            "SELECT strftime(month, '%Y%m'), actor, recipient, quad, sum(n)::BIGINT FROM cells GROUP BY ALL"
        ).fetchall()
    return {(month, actor, recipient, quad): n for month, actor, recipient, quad, n in rows}


def _pandas(path: Path, wanted: tuple[str, ...]) -> Counts:
    import pandas as pd

    from tertius.ledger.bulk.formats import GDELT1

    parts = []
    for piece in pd.read_csv(
        path,
        sep="\t",
        header=None,
        names=list(GDELT1.columns),
        usecols=list(wanted),
        dtype=str,
        keep_default_na=False,
        quoting=csv.QUOTE_NONE,
        chunksize=CHUNK,
    ):
        kept = piece[(piece["Actor1CountryCode"] != "") & (piece["Actor2CountryCode"] != "")]
        keys = [
            kept["SQLDATE"].str[:6],
            kept["Actor1CountryCode"],
            kept["Actor2CountryCode"],
            kept["QuadClass"],
        ]
        parts.append(kept.groupby(keys).size())
    total = pd.concat(parts).groupby(level=[0, 1, 2, 3]).sum()
    return {(m, a, r, int(q)): int(n) for (m, a, r, q), n in total.items()}


def with_pandas(path: Path) -> Counts:
    """Count with pandas at its best: only the four columns the count needs, as text, in chunks."""
    return _pandas(path, ("SQLDATE", "Actor1CountryCode", "Actor2CountryCode", "QuadClass"))


def with_pandas_whole(path: Path) -> Counts:
    """Count with pandas as loaders of these files do it: every column, as text, in chunks."""
    from tertius.ledger.bulk.formats import GDELT1

    return _pandas(path, GDELT1.columns)


def _measured(count: Callable[[Path], Counts], path: Path) -> tuple[float, float, float, Counts]:
    """Seconds, processor seconds, peak memory in MB, and the counts."""
    began, cpu = time.perf_counter(), time.process_time()
    counts = count(path)
    return time.perf_counter() - began, time.process_time() - cpu, peak_mb(), counts


def _alone(count: Callable[[Path], Counts], path: Path) -> tuple[float, float, float, Counts]:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as one:
        return one.submit(_measured, count, path).result()


def main(rows: int = ROWS) -> list[dict[str, Any]]:
    """Time all three on one file, check that they agree, and print the table."""
    tools = {
        f"tertius, {THREADS} threads": with_package,
        "pandas, 4 of 58 columns": with_pandas,
        "pandas, all columns": with_pandas_whole,
    }
    with tempfile.TemporaryDirectory(prefix="tertius-bench-") as folder:
        path = Path(folder) / "events"
        synthesise(path, rows)
        megabytes = path.stat().st_size / 1e6
        runs = {name: _alone(count, path) for name, count in tools.items()}
    first = next(iter(runs.values()))
    if any(run[3] != first[3] for run in runs.values()):
        raise AssertionError("the counts differ")
    table = [
        {
            "tool": name,
            "rows": rows,
            "seconds": wall,
            "cpu_seconds": cpu,
            "peak_mb": peak,
            "rows_per_second": rows / wall,
            "rows_per_cpu_second": rows / cpu,
            "speed_of_tertius": wall / first[0],
            "minutes_for_60_million_rows": wall / rows * 60e6 / 60,
        }
        for name, (wall, cpu, peak, _) in runs.items()
    ]
    load = os.getloadavg()[0]
    print(f"bulk events: {rows:,} rows, {megabytes:.0f} MB, {os.cpu_count()} processors, load {load:.1f}")
    for line in table:
        print(
            f"  {line['tool']:24} {line['seconds']:7.1f} s {line['rows_per_second']:9,.0f} rows/s "
            f"{line['rows_per_cpu_second']:9,.0f} rows/cpu-s {line['peak_mb']:6.0f} MB "
            f"tertius is {line['speed_of_tertius']:4.2f} x as fast, "
            f"60 M rows in {line['minutes_for_60_million_rows']:4.1f} min"
        )
    return table


if __name__ == "__main__":
    main()
