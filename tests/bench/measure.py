"""What the benchmarks share: fresh processes, rows kept for the page, exponents."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]
#: Where the page wants the rows of a benchmark that it runs; unset when a benchmark is run by hand.
ROWS = "TERTIUS_BENCH_ROWS"
#: One BLAS thread, so that every side of a comparison has one processor.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def environment() -> dict[str, str]:
    """The variables of a process that is measured."""
    return {**os.environ, **ONE_THREAD, "PYTHONDONTWRITEBYTECODE": "1"}


def keep(rows: Any) -> None:
    """Leave the figures behind for the page and its picture, where it asked for them."""
    if path := os.environ.get(ROWS):
        write(Path(path), json.dumps(rows))


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(path)


def fresh(module: str, *arguments: object) -> Any:
    """Run `python -m module` in a new process and return the JSON of its last line."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{module} {arguments}: {done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def exponent(sizes: Sequence[float], values: Sequence[float]) -> float:
    """Slope of log value on log size by least squares: 2 means four times the time at twice the size."""
    import numpy as np

    return float(np.polyfit(np.log(sizes), np.log(values), 1)[0])
