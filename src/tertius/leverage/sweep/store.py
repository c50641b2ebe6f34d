"""Results on disk: one Parquet file per chunk, whole or not there, and one table of all in the end."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tertius.errors import DataError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

#: Column -> type, unit, what it is.
COLUMNS: dict[str, tuple[str, str, str]] = {
    "scenario": ("VARCHAR", "", "content hash of the scenario"),
    "target": ("VARCHAR", "ISO3", "state pressed"),
    "senders": ("VARCHAR", "", "states or groups that press together, as written, joined by +"),
    "coalition": (
        "VARCHAR",
        "",
        "third states whose lifelines are cut as well: none, all, or members joined by +",
    ),
    "measure": ("VARCHAR", "", "measures, one line each, joined by ;"),
    "horizon": ("VARCHAR", "", "year, medium or long"),
    "draw": ("INTEGER", "", "0 is the central case, then draws of the trade elasticities"),
    "shadow": ("VARCHAR", "", "reading of the shadow trade"),
    "lifelines_cut": ("INTEGER", "count", "lifelines (supporter, channel) of the coalition"),
    "loss": ("DOUBLE", "fraction", "fall of the target's real income; null where `error` says why"),
    "sender_loss": ("DOUBLE", "fraction", "fall of the senders' joint real income"),
    "residual": ("DOUBLE", "fraction of income", "worst miss of the equilibrium conditions"),
    "residual_at": ("VARCHAR", "", "where that is"),
    "iterations": ("INTEGER", "count", "steps of the solver; 0 where nothing changes"),
    "seconds": ("DOUBLE", "s", "wall time of its batch, shared equally"),
    "error": ("VARCHAR", "", "why there is no equilibrium; null where there is one"),
}

#: Name of the table of all results, and memory DuckDB may take to write it.
TABLE = "sweep.parquet"
WRITER_BYTES = 128_000_000


@dataclass(eq=False)
class ChunkStore:
    """The folder of one sweep: `chunks/NAME.parquet`, `manifest.json`, and in the end `sweep.parquet`."""

    folder: Path
    _database: DuckDBPyConnection | None = field(default=None, repr=False)

    @property
    def chunks(self) -> Path:
        """Folder of the chunk files."""
        return self.folder / "chunks"

    @property
    def table(self) -> Path:
        """The table of all results."""
        return self.folder / TABLE

    def open(self, manifest: dict[str, Any]) -> None:
        """Make the folder and write what it is for; raises InputError where that is not possible."""
        try:
            self.chunks.mkdir(parents=True, exist_ok=True)
            written = self.folder / ".manifest.tmp"
            written.write_text(json.dumps(manifest, indent=2, default=str) + "\n", encoding="utf-8")
            written.replace(self.folder / "manifest.json")
        except OSError as error:
            raise InputError(f"{self.folder}: cannot be written: {error.strerror or error}") from None

    def has(self, name: str) -> bool:
        """Whether a chunk is finished: its file is there, so it is whole."""
        return self._file(name).is_file()

    def put(self, name: str, result: dict[str, list[Any]]) -> None:
        """Write one chunk."""
        columns = ", ".join(
            f"unnest(${k}::{kind[0]}[]) AS {c}" for k, (c, kind) in enumerate(COLUMNS.items(), 1)
        )
        self._write(f"SELECT {columns}", [result[c] for c in COLUMNS], self._file(name))

    def merge(self, names: Sequence[str]) -> Path:
        """Write all chunks into one table, in the order of the plan."""
        files = [str(self._file(name)) for name in names]
        self._write("SELECT * FROM read_parquet($1::VARCHAR[])", [files], self.table)
        return self.table

    def _file(self, name: str) -> Path:
        return self.chunks / f"{name}.parquet"

    def _write(self, query: str, values: Iterable[Any], path: Path) -> None:
        """Write next to the place, then move: a file with its name is always whole."""
        import duckdb

        part = path.with_name(f".{path.name}.tmp")
        place = str(part).replace("'", "''")
        try:
            self._connection().execute(
                f"COPY ({query}) TO '{place}' (FORMAT parquet, COMPRESSION zstd)", list(values)
            )
            with part.open("rb") as handle:
                os.fsync(handle.fileno())
            part.replace(path)
        except (OSError, duckdb.Error) as error:
            part.unlink(missing_ok=True)
            raise DataError(f"{path}: cannot be written: {error}") from None

    def _connection(self) -> DuckDBPyConnection:
        if self._database is None:
            import duckdb

            self._database = duckdb.connect(config={"threads": 1, "memory_limit": f"{WRITER_BYTES}B"})
        return self._database
