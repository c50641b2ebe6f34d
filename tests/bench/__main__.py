"""Run the benchmarks and write docs/benchmarks.md: `python -m tests.bench [--all] [NAME ...]`.

Every module here that has a `main` is run, each in a process of its own, so that none inherits another's memory.
Without --all the long ones run small or not at all, and the page says so.
"""

from __future__ import annotations

import argparse
import ast
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
FGH_CASE = ROOT.parent / "shared" / "cases" / "fgh2022_wiod44x50"

#: Module -> arguments of python; a module that is not listed runs as it is.
QUICK = {
    "bulk_events": ("-c", "from tests.bench.bulk_events import main; main(200_000)"),
    "ledger_store": ("-m", "tests.bench.ledger_store", "20000"),
    "fgh": ("-m", "tests.bench.fgh", str(FGH_CASE), "20"),
}
FULL = {"fgh": ("-m", "tests.bench.fgh", str(FGH_CASE))}
SMALLER = "Run small here; `python -m tests.bench --all` runs it whole."
NOTES = {
    "fgh": "20 of 1,000 draws, so the differences from the published means are those of a small sample.",
    "bulk_events": "At 200,000 rows the start-up of each tool is still a good part of its time.",
}
NEEDS = {"fgh": FGH_CASE}
_LIMIT = 3600


@dataclass(frozen=True)
class Ran:
    """One benchmark: what it says it is, and what it printed or why it did not run."""

    name: str
    what: str
    text: str
    note: str
    seconds: float
    failed: bool = False


def benchmarks() -> list[str]:
    """Names of the modules with a main, in alphabetical order, the engine first."""
    found = [p.stem for p in HERE.glob("*.py") if p.stem != "__main__" and _has_main(p)]
    return sorted(found, key=lambda name: (name != "engine", name))


def _has_main(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef) and node.name == "main" for node in tree.body)


def run(name: str, *, whole: bool) -> Ran:
    """Run one benchmark in a process of its own."""
    what = (ast.get_docstring(ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))) or "").split(
        "\n\n"
    )[0]
    needed = NEEDS.get(name)
    if needed is not None and not needed.exists():
        return Ran(
            name,
            what,
            "",
            f"Left out: needs ../{needed.relative_to(ROOT.parent)} beside the repository.",
            0.0,
        )
    arguments = (FULL if whole else QUICK).get(name, ("-m", f"tests.bench.{name}"))
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=_LIMIT, check=False
    )
    took = time.perf_counter() - began
    if done.returncode:
        sys.stderr.write(done.stderr)
        return Ran(name, what, "", f"Failed with exit code {done.returncode}.", took, failed=True)
    note = " ".join(filter(None, (SMALLER, NOTES.get(name)))) if name in QUICK and not whole else ""
    return Ran(name, what, done.stdout.rstrip(), note, took)


def machine() -> str:
    """Say where this ran: processors, load, versions, BLAS."""
    import numpy as np
    from threadpoolctl import threadpool_info

    blas = ", ".join(
        f"{lib['internal_api']} {lib['version']} ({lib.get('architecture', '?')}, {lib['num_threads']} threads)"
        for lib in threadpool_info()
        if lib["user_api"] == "blas"
    )
    return (
        f"{os.cpu_count()} processors ({platform.machine()}), load {os.getloadavg()[0]:.1f} when it began, "
        f"Python {platform.python_version()}, numpy {np.__version__}, BLAS {blas or 'unknown'}."
    )


def page(where: str, ran: list[Ran]) -> str:
    """The page as Markdown."""
    parts = [
        "# Benchmarks",
        (
            "`make bench` writes this page; every figure below was measured in that run, the ways of one table in turn on "
            "the same machine. Times on a shared machine move by a factor of two, ratios within a table much less. "
            "No test looks at them."
        ),
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {where}",
        (
            "No other package for trade or sanctions is timed. What stands beside the engine is the same equations, "
            "solved in a plain loop and by a general solver on the same economy, with the same result required. The "
            "loop is a lean one: it uses the same matrix products, its damping was picked for each case beforehand, "
            "and it knows neither specific factors nor countries that are cut off."
        ),
    ]
    for one in ran:
        parts += [f"## {one.name}", one.what]
        parts += [one.note] if one.note else []
        parts += [f"```text\n{one.text}\n```"] if one.text else []
    return "\n\n".join(parts) + "\n"


def write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(path)


def main() -> int:
    """Run what was asked for; the page is written only if all of the benchmarks ran and none failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(benchmarks())}; all by default"
    )
    parser.add_argument("--all", action="store_true", help="run the long ones whole")
    asked = parser.parse_args()
    if strange := sorted(set(asked.names) - set(benchmarks())):
        parser.error(f"no benchmark {', '.join(strange)}; there are {', '.join(benchmarks())}")
    where, ran = machine(), []
    for name in asked.names or benchmarks():
        one = run(name, whole=asked.all)
        print(f"== {one.name}: {one.seconds:.0f} s\n{one.text or one.note}\n", flush=True)
        ran.append(one)
    if failed := [one.name for one in ran if one.failed]:
        print(f"failed: {', '.join(failed)}; {PAGE.name} left as it was", file=sys.stderr)
        return 1
    if not asked.names:
        write(PAGE, page(where, ran))
    return 0


if __name__ == "__main__":
    sys.exit(main())
