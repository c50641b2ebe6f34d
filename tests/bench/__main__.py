"""Run the benchmarks and write docs/benchmarks.md and its picture: `python -m tests.bench [--all] [NAME ...]`.

Every module here that has a `main` is run, each in a process of its own, so that none inherits another's memory.
Without --all the long ones run small or not at all, and the page says so.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.measure import ROOT, ROWS, write
from tests.bench.picture import picture

HERE = Path(__file__).parent
PAGE = ROOT / "docs" / "benchmarks.md"
PICTURE = PAGE.with_suffix(".svg")
FGH_CASE = ROOT.parent / "shared" / "cases" / "fgh2022_wiod44x50"
#: Lines of a run of all packages, so that one that was stopped goes on; git-ignored.
PACKAGES = ROOT / ".venv" / "bench-packages.jsonl"

#: The order on the page; what is not named comes after, in alphabetical order.
FIRST = ("engine", "peers", "scaling", "packages", "fgh", "gradient")
#: Module -> arguments of python; a module that is not listed runs as it is.
QUICK = {
    "bulk_events": ("-c", "from tests.bench.bulk_events import main; main(200_000)"),
    "ledger_store": ("-m", "tests.bench.ledger_store", "20000"),
    "fgh": ("-m", "tests.bench.fgh", str(FGH_CASE), "20"),
    "packages": ("-m", "tests.bench.packages", "--packages", "100"),
}
FULL = {
    "fgh": ("-m", "tests.bench.fgh", str(FGH_CASE)),
    "packages": ("-m", "tests.bench.packages", "--processes", "2", "--out", str(PACKAGES)),
}
SMALLER = "Run small here; `python -m tests.bench --all` runs it whole."
NOTES = {
    "fgh": "20 of 1,000 draws, so the differences from the published means are those of a small sample.",
    "bulk_events": "At 200,000 rows the start-up of each tool is still a good part of its time.",
    "packages": "100 of 10,000 packages.",
}
NEEDS = {"fgh": FGH_CASE}
#: Run with --all only, or by name: small they would measure the starting of processes.
LONG = ("reading",)
#: Exit codes that are a finding and not a failure: some package was not solved, and the table says which.
FINDINGS = {"packages": (0, 1)}
_LIMIT = 4 * 3600


@dataclass(frozen=True)
class Ran:
    """One benchmark: what it says it is, and what it printed or why it did not run."""

    name: str
    what: str
    text: str
    note: str
    seconds: float
    failed: bool = False
    rows: Any = field(default=None, repr=False)


def benchmarks() -> list[str]:
    """Names of the modules and folders with a main."""
    found = [p.stem for p in HERE.glob("*.py") if p.stem != "__main__" and _has_main(p)]
    found += [p.parent.name for p in HERE.glob("*/__main__.py")]
    return sorted(found, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))


def _source(name: str) -> Path:
    alone = HERE / f"{name}.py"
    return alone if alone.exists() else HERE / name / "__main__.py"


def _has_main(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body)


def run(name: str, *, whole: bool, sample: str | None = None) -> Ran:
    """Run one benchmark in a process of its own; what it prints on standard error, progress mostly, is passed on."""
    what = (ast.get_docstring(ast.parse(_source(name).read_text(encoding="utf-8"))) or "").split("\n\n")[0]
    needed = NEEDS.get(name)
    if needed is not None and not needed.exists():
        why = f"Left out: needs ../{needed.relative_to(ROOT.parent)} beside the repository."
        return Ran(name, what, "", why, 0.0)
    arguments = (FULL if whole else QUICK).get(name, ("-m", f"tests.bench.{name}"))
    if name == "peers" and sample:
        arguments = (*arguments, str(Path(sample).resolve()))
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="tertius-bench-") as folder:
        rows = Path(folder) / "rows.json"
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, ROWS: str(rows)},
            stdout=subprocess.PIPE,
            text=True,
            timeout=_LIMIT,
            check=False,
        )
        kept = json.loads(rows.read_text(encoding="utf-8")) if rows.exists() else None
    took = time.perf_counter() - began
    if done.returncode not in FINDINGS.get(name, (0,)) or (done.returncode and kept is None):
        return Ran(name, what, "", f"Failed with exit code {done.returncode}.", took, failed=True)
    note = " ".join(filter(None, (SMALLER, NOTES.get(name)))) if name in QUICK and not whole else ""
    return Ran(name, what, done.stdout.rstrip(), note, took, rows=kept)


def machine() -> str:
    """Say where this ran: processors and their model, load, memory, versions, BLAS; never its name."""
    import numpy as np
    import scipy
    from threadpoolctl import threadpool_info

    blas = ", ".join(
        f"{lib['internal_api']} {lib['version']} ({lib.get('architecture', '?')}, {lib['num_threads']} threads)"
        for lib in threadpool_info()
        if lib["user_api"] == "blas"
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} processors ({_model()}, {platform.machine()}), {memory:.0f} GiB, load "
        f"{os.getloadavg()[0]:.1f} when it began, Python {platform.python_version()}, numpy {np.__version__}, "
        f"scipy {scipy.__version__}, BLAS {blas or 'unknown'}."
    )


def _model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or "model not told"


INTRODUCTION = (
    "`make bench` writes this page and its picture; every figure below was measured in that run, the ways of one table "
    "in turn on the same machine. Times on a shared machine move by a factor of two, ratios within a table much less. "
    "No test looks at them."
)
BESIDE = (
    "What stands beside the engine: the same equations on the same economy, solved in a plain loop and by a general "
    "solver, with the same result required (`engine`); and other packages, installed from the package registry in "
    "environments of their own (`peers`), with what their models share with this one and what not. The loop is a lean "
    "one: it uses the same matrix products, its damping was picked for each case beforehand, and it knows neither "
    "specific factors nor countries that are cut off."
)


def page(where: str, ran: list[Ran]) -> str:
    """The page as Markdown."""
    parts = ["# Benchmarks", INTRODUCTION, f"Measured {datetime.now(UTC):%Y-%m-%d} on {where}", BESIDE]
    parts.append(
        f"![Milliseconds per equilibrium by way, and by countries, sectors and scenarios]({PICTURE.name})"
    )
    if absent := [name for name in benchmarks() if name not in {one.name for one in ran}]:
        parts.append(f"Not part of this run: {', '.join(absent)} (`python -m tests.bench --all`).")
    for one in ran:
        parts += [f"## {one.name}", one.what]
        parts += [one.note] if one.note else []
        parts += [f"```text\n{one.text}\n```"] if one.text else []
    return "\n\n".join(parts) + "\n"


def main() -> int:
    """Run what was asked for; the page is written only if all of the benchmarks ran and none failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(benchmarks())}; all by default"
    )
    parser.add_argument("--all", action="store_true", help="run the long ones whole")
    parser.add_argument(
        "--no-peers", action="store_true", help="leave other packages out: nothing is installed"
    )
    parser.add_argument("--gegravity-sample", metavar="CSV", help="its sample data set, from its repository")
    asked = parser.parse_args()
    if strange := sorted(set(asked.names) - set(benchmarks())):
        parser.error(f"no benchmark {', '.join(strange)}; there are {', '.join(benchmarks())}")
    where, ran = machine(), []
    for name in asked.names or benchmarks():
        if (name == "peers" and asked.no_peers) or (name in LONG and not (asked.all or asked.names)):
            continue
        one = run(name, whole=asked.all, sample=asked.gegravity_sample)
        print(f"== {one.name}: {one.seconds:.0f} s\n{one.text or one.note}\n", flush=True)
        ran.append(one)
    if failed := [one.name for one in ran if one.failed]:
        print(f"failed: {', '.join(failed)}; {PAGE.name} left as it was", file=sys.stderr)
        return 1
    if not asked.names:
        rows = {one.name: one.rows for one in ran if one.rows is not None}
        write(PICTURE, picture(rows))
        write(PAGE, page(where, ran))
    return 0


if __name__ == "__main__":
    sys.exit(main())
