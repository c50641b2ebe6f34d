"""A loaded source: named columns, each with a unit taken from the source's own table of units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tertius.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

Column = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Source:
    """What a loader promises: its key in sources.toml and the unit of every column it may produce."""

    key: str
    units: Mapping[str, str]

    def table(self, columns: Mapping[str, Column], *, origin: str) -> Table:
        """Wrap loaded columns; a column without a unit is a mistake in the loader and is refused."""
        strange = sorted(set(columns) - set(self.units))
        if strange:
            raise DataError(
                f"{origin}: column {', '.join(strange)} has no unit in the table of {self.key} "
                f"(it lists {', '.join(self.units)})"
            )
        lengths = {len(c) for c in columns.values()}
        if len(lengths) > 1:
            raise DataError(f"{origin}: columns of different length {sorted(lengths)}")
        return Table(self.key, dict(columns), {k: self.units[k] for k in columns}, origin)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Columns of one source, with units and the name of the file they came from."""

    source: str
    columns: Mapping[str, Column]
    units: Mapping[str, str]
    origin: str

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), np.zeros(0)))

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def frame(self) -> pd.DataFrame:
        """Return the same columns as a pandas frame."""
        import pandas as pd

        return pd.DataFrame(dict(self.columns))


def header(path: Path) -> tuple[str, ...]:
    """Return the column names of a Parquet or CSV file (plain or gzipped), without reading the rows."""
    import duckdb

    if not path.is_file():
        raise DataError(f"{path}: no such file")
    try:
        with duckdb.connect() as db:
            rows = db.execute(f"DESCRIBE SELECT * FROM {_scan(path)}").fetchall()
    except duckdb.Error as error:
        raise DataError(f"{path}: not readable as {path.suffix or 'a table'} ({error})") from error
    return tuple(str(r[0]) for r in rows)


def select(path: Path, columns: Mapping[str, str], *, where: str = "TRUE") -> dict[str, Column]:
    """Read SQL expressions from a file: ``{name produced: expression over the file's columns}``."""
    import duckdb

    wanted = ", ".join(f"{expression} AS {name}" for name, expression in columns.items())
    with duckdb.connect() as db:
        db.execute("SET threads = 1")
        found = db.execute(f"SELECT {wanted} FROM {_scan(path)} WHERE {where}").fetchnumpy()
    return {name: _plain(found[name]) for name in columns}


def expect(path: Path, found: Sequence[str], needed: Sequence[str], what: str) -> None:
    """Refuse a file that lacks a column, saying what was expected and what was found."""
    missing = [c for c in needed if c not in found]
    if missing:
        raise DataError(
            f"{path}: expected {what} with columns {', '.join(needed)}; "
            f"missing {', '.join(missing)}; found {', '.join(found[:20])}"
        )


def _scan(path: Path) -> str:
    quoted = str(path).replace("'", "''")
    if path.suffix == ".parquet":
        return f"read_parquet('{quoted}')"
    return f"read_csv('{quoted}', header=true, all_varchar=true, sample_size=-1)"


def _plain(column: Any) -> Column:
    """Turn masked arrays into plain ones: NaN for numbers, empty text for strings."""
    if isinstance(column, np.ma.MaskedArray):
        if column.dtype.kind in "OU":
            return np.asarray(column.filled(""))
        return np.asarray(np.ma.filled(column.astype(np.float64), np.nan))
    return np.asarray(column)
