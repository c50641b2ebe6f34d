"""Questions to a batch: its months, one dyad's series, the busiest dyads, the whole table as a file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from tertius.errors import DataError, InputError
from tertius.ledger.bulk.batch import BatchReport
from tertius.ledger.bulk.series import DyadSeries, Months

if TYPE_CHECKING:
    from pathlib import Path

    from tertius.ledger.bulk.batch import EventBatch

# A news file also holds reports of things long past. A month with less than this share of the busiest month's
# events is such an echo and not a month the files cover.
ECHO = 0.02

_MONTHLY = """
SELECT strftime(month, '%Y-%m') AS month, actor, recipient,
       coalesce(sum({w}) FILTER (quad = 1), 0) AS verbal_cooperation,
       coalesce(sum({w}) FILTER (quad = 2), 0) AS material_cooperation,
       coalesce(sum({w}) FILTER (quad = 3), 0) AS verbal_conflict,
       coalesce(sum({w}) FILTER (quad = 4), 0) AS material_conflict,
       coalesce(sum({w}) FILTER (quad = 0), 0) AS unclassed,
       coalesce(sum({w}) FILTER (quad IN (1, 3)), 0) AS verbal,
       coalesce(sum({w}) FILTER (quad IN (2, 4)), 0) AS material,
       coalesce(sum({w}) FILTER (pledge), 0) AS pledges,
       coalesce(sum({w}) FILTER (delivery), 0) AS deliveries
FROM cells WHERE {where} GROUP BY 1, 2, 3 ORDER BY ALL
"""


def months(batch: EventBatch) -> tuple[Months, np.ndarray[Any, np.dtype[np.bool_]]]:
    """Consecutive months the files cover, and whether each holds events at all: (m,), (m,)."""
    rows = batch.db.execute(
        "SELECT strftime(month, '%Y-%m'), sum(n) FROM coverage WHERE month IS NOT NULL GROUP BY 1 ORDER BY 1"
    ).fetchall()
    if not rows:
        raise DataError("not one event of the batch has a date")
    seen = {np.datetime64(month, "M"): int(n) for month, n in rows}
    since, until = batch.period
    floor = 1.0 if since or until else ECHO * max(seen.values())
    covered = [month for month, n in seen.items() if n >= floor]
    first = np.datetime64(since, "M") if since else covered[0]
    last = np.datetime64(until, "M") if until else covered[-1]
    if last < first:
        raise InputError(
            f"the period ends ({last}) before it begins ({first}); "
            f"the files cover {covered[0]} to {covered[-1]}"
        )
    axis = np.arange(first, last + 1)
    return axis, np.array([seen.get(month, 0) >= floor for month in axis])


def series(batch: EventBatch, actor: str, recipient: str) -> DyadSeries:
    """Monthly series of one directed dyad, 0 where the files cover the month and nothing happened."""
    axis, observed = months(batch)
    pair, w = [actor, recipient], "n" if batch.weight == "events" else "w"
    rows = batch.db.execute(_MONTHLY.format(w=w, where="actor = ? AND recipient = ?"), pair).fetchall()
    known = {np.datetime64(row[0], "M"): row[3:] for row in rows}
    empty = (0.0,) * 9
    values = np.array([known.get(month, empty) for month in axis], dtype=float)
    values[~observed] = np.nan
    days = batch.db.execute(
        "SELECT DISTINCT day FROM active WHERE actor = ? AND recipient = ? AND day >= ? AND day < ? "
        "ORDER BY 1",
        [*pair, axis[0].astype("datetime64[D]").item(), (axis[-1] + 1).astype("datetime64[D]").item()],
    ).fetchall()
    return DyadSeries(
        actor=actor,
        recipient=recipient,
        months=axis,
        counts=values[:, :4],
        unclassed=values[:, 4],
        pledges=values[:, 7],
        deliveries=values[:, 8],
        days=np.array([row[0] for row in days], dtype="datetime64[D]"),
        unit="events" if w == "n" else f"events weighted by {batch.weight}",
    )


def _period(batch: EventBatch) -> tuple[str, str]:
    axis, _ = months(batch)
    return str(axis[0]), str(axis[-1])


def dyads(batch: EventBatch, limit: int, *, domestic: bool) -> tuple[tuple[str, str, int], ...]:
    """List the dyads with most events in the covered months."""
    first, last = _period(batch)
    where = "true" if domestic else "actor <> recipient"
    rows = batch.db.execute(
        f"SELECT actor, recipient, sum(n)::BIGINT AS total FROM cells WHERE {where} "
        "AND strftime(month, '%Y-%m') BETWEEN ? AND ? GROUP BY 1, 2 ORDER BY total DESC, 1, 2 LIMIT ?",
        [first, last, limit],
    ).fetchall()
    return tuple((actor, recipient, int(n)) for actor, recipient, n in rows)


def report(batch: EventBatch) -> BatchReport:
    """Say what was read, left out and not understood."""
    total = batch.db.execute(
        "SELECT "
        + ", ".join(
            f"coalesce(sum({name}), 0)::BIGINT"
            for name in ("copies", "n", "dated", "dyadic", "classed", "weighed")
        )
        + " FROM coverage"
    ).fetchone()
    assert total is not None
    first, last = _period(batch)
    inside = batch.db.execute(
        "SELECT coalesce(sum(n), 0)::BIGINT FROM coverage WHERE strftime(month, '%Y-%m') BETWEEN ? AND ?",
        [first, last],
    ).fetchone()
    assert inside is not None
    copies, n, dated, dyadic, classed, weighed = total
    return BatchReport(
        read=tuple(sorted(batch.read)),
        bad=tuple(batch.bad),
        rows=copies,
        events=n,
        dated=dated,
        dyadic=dyadic,
        classed=classed,
        weighed=weighed,
        first=first,
        last=last,
        stray=dated - inside[0],
        strangers=_most(batch, "strangers", "name"),
        oddities=tuple((" ".join(key.split()), count) for key, count in _most(batch, "oddities", "key")),
    )


def _most(batch: EventBatch, table: str, name: str) -> tuple[tuple[str, int], ...]:
    rows = batch.db.execute(
        f"SELECT {name}, sum(n)::BIGINT AS total FROM {table} GROUP BY 1 ORDER BY total DESC, 1 LIMIT 12"
    ).fetchall()
    return tuple((each, int(n)) for each, n in rows)


def write(batch: EventBatch, path: Path) -> int:
    """Write every monthly dyad series to Parquet or CSV, whole or not at all; returns the rows written."""
    kinds = {".parquet": "FORMAT parquet, COMPRESSION zstd", ".csv": "FORMAT csv, HEADER"}
    if path.suffix not in kinds:
        raise InputError(f'{path}: cannot write "{path.suffix}" files. Possible: {", ".join(kinds)}.')
    first, last = _period(batch)
    w = "n" if batch.weight == "events" else "w"
    query = _MONTHLY.format(w=w, where=f"strftime(month, '%Y-%m') BETWEEN '{first}' AND '{last}'")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    target = str(part).replace("'", "''")
    try:
        written = batch.db.execute(f"COPY ({query}) TO '{target}' ({kinds[path.suffix]})").fetchone()
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return int(written[0]) if written else 0
