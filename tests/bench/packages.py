"""Random sanction packages on the shipped world: whether every one has an equilibrium, and how far off it is.

Two blocs, the world cut in two, one target, several, one partner left, one tiny partner left, some sectors; trade
elasticities from 0.5 to 15; nests Cobb-Douglas or substitutes, factors mobile, specific or between; four rules for
deficits. Each package is solved alone; beside them some whose inputs are complements, where no equilibrium need exist.
`off` is the worst miss of a target's markets relative to its income, added up anew from the result; `residual` is the
engine's own. Run as

    python -m tests.bench.packages [--packages N] [--start K] [--seed S] [--processes P] [--out FILE.jsonl]

With --out every package is a line of FILE; a run that was stopped goes on where it stood, and pieces made with other
--start on other machines can be put together with `cat` and counted with `--count FILE ...`.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.measure import ONE_THREAD, keep

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tertius.engine import Economy

SEED = 2023
PACKAGES = 10_000
#: A package is solved if the engine's residual and the balance of its targets stay below these.
RESIDUAL, BALANCE = 1e-9, 1e-8
_CHUNK = 10
_STEPS = (0, 10, 20, 30, 50, 100, 200, 400)


@lru_cache(maxsize=1)
def _economy() -> Economy:
    from tertius.engine import Economy
    from tertius.world import load_world

    return Economy.from_world(load_world(2023))


class Fallbacks:
    """Counts how often acceleration did not settle a shock and the engine fell back to Newton or a walk in steps."""

    def __init__(self) -> None:
        from tertius.engine import batch

        self.count = 0
        inner = batch.settle

        def counted(*arguments: Any, **named: Any) -> Any:
            self.count += 1
            return inner(*arguments, **named)

        batch.settle = counted  # type: ignore[assignment]


@lru_cache(maxsize=1)
def _fallbacks() -> Fallbacks:
    return Fallbacks()


def solved(seed: int, number: int, *, complements: bool = False) -> dict[str, Any]:
    """Solve one package and say what came of it."""
    import numpy as np
    from tests.laws.random_packages import balance, package

    from tertius.engine import solve
    from tertius.errors import InfeasibleError, NotConvergedError

    drawn, fallbacks = package(_economy(), seed, number, complements=complements), _fallbacks()
    e = drawn.elasticities
    row: dict[str, Any] = {
        "seed": seed,
        "number": number,
        "complements": complements,
        "kind": drawn.kind,
        "form": list(e.form),
        "theta": [float(e.trade.min()), float(e.trade.max())],
        "deficit": drawn.rules.deficit,
    }
    before, began = fallbacks.count, time.perf_counter()
    try:
        result = solve(_economy(), drawn.shock, e, rules=drawn.rules)
    except (InfeasibleError, NotConvergedError) as error:
        ended = "infeasible" if isinstance(error, InfeasibleError) else "not converged"
        row |= {"ended": ended, "why": str(error)}
    else:
        numbers = np.concatenate([x.ravel() for x in (result.loss, result.cost, result.price, result.sales)])
        off = balance(result, drawn.targets)
        fine = result.residual < RESIDUAL and off < BALANCE
        ended = "nan" if not np.isfinite(numbers).all() else "solved" if fine else "inexact"
        row |= {
            "ended": ended,
            "residual": result.residual,
            "off": off,
            "iterations": result.iterations,
            "cut": len(result.cut),
            "loss": float(result.loss[list(drawn.targets)].max()),
        }
    return row | {"fell_back": fallbacks.count > before, "seconds": time.perf_counter() - began}


def _some(seed: int, numbers: Sequence[int], complements: bool) -> list[dict[str, Any]]:
    return [solved(seed, number, complements=complements) for number in numbers]


def read(path: Path) -> list[dict[str, Any]]:
    """Rows of a file; a last line that was cut off is left out."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            rows.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return rows


def run(
    seed: int, numbers: Sequence[int], processes: int, out: Path | None, *, complements: bool = False
) -> list[dict[str, Any]]:
    """Solve what is not in `out` yet, with a line of progress on standard error."""
    wanted = set(numbers)
    rows: list[dict[str, Any]] = []
    if out is not None and out.exists():
        rows = [
            r
            for r in read(out)
            if (r["seed"], r["complements"]) == (seed, complements) and r["number"] in wanted
        ]
        with out.open("a", encoding="utf-8") as file:
            file.write("\n")  # whatever was cut off ends here
    left = sorted(wanted - {r["number"] for r in rows})
    chunks = [left[k : k + _CHUNK] for k in range(0, len(left), _CHUNK)]
    began, done = time.monotonic(), 0
    for found in _solved_chunks(seed, chunks, processes, complements):
        rows += found
        done += len(found)
        if out is not None:
            with out.open("a", encoding="utf-8") as file:
                file.writelines(json.dumps(row) + "\n" for row in found)
        rest = (time.monotonic() - began) / done * (len(left) - done)
        bad = sum(r["ended"] != "solved" for r in rows)
        sys.stderr.write(f"\r{len(rows)} of {len(wanted)}, {bad} not solved, {rest:.0f} s left   ")
        sys.stderr.flush()
    sys.stderr.write("\n" if left else "")
    return rows


def _solved_chunks(
    seed: int, chunks: list[list[int]], processes: int, complements: bool
) -> Iterable[list[dict[str, Any]]]:
    if processes <= 1:
        yield from (_some(seed, chunk, complements) for chunk in chunks)
        return
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        for future in as_completed([pool.submit(_some, seed, chunk, complements) for chunk in chunks]):
            yield future.result()


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Counts over all packages."""
    fine = [r for r in rows if "residual" in r]
    steps = [r["iterations"] for r in fine]
    worst = max(fine, key=lambda r: r["off"], default=None)
    return {
        "packages": len(rows),
        "seeds": sorted({r["seed"] for r in rows}),
        "ended": dict(Counter(r["ended"] for r in rows)),
        "kinds": dict(sorted(Counter(r["kind"] for r in rows).items())),
        "forms": dict(Counter(form(r["form"]) for r in rows).most_common()),
        "theta": [min(r["theta"][0] for r in rows), max(r["theta"][1] for r in rows)],
        "worst_residual": max((r["residual"] for r in fine), default=None),
        "worst_off": worst and {key: worst[key] for key in ("seed", "number", "kind", "off")},
        "iterations": {
            f"{low} to {high}": sum(low <= n < high for n in steps)
            for low, high in zip(_STEPS, (*_STEPS[1:], 10**9), strict=True)
        },
        "fell_back": sum(r["fell_back"] for r in rows),
        "seconds": sum(r["seconds"] for r in rows),
        "slowest": max(r["seconds"] for r in rows),
        "not_solved": [r for r in rows if r["ended"] != "solved"],
    }


def form(numbers: Sequence[float]) -> str:
    """Nests and factors in words."""
    *nests, mobility = numbers
    words = "Cobb-Douglas" if all(x == 1 for x in nests) else "Leontief" if 0 in nests else "nested CES"
    factors = "mobile" if mobility == float("inf") else "specific" if mobility == 0 else "in between"
    return f"{words}, factors {factors}"


def tell(found: dict[str, Any]) -> None:
    """Print the counts."""
    ended = found["ended"]
    print(
        f"{found['packages']:,} packages (seed {', '.join(map(str, found['seeds']))}): "
        f"{ended.get('not converged', 0)} not converged, {ended.get('nan', 0)} NaN, {ended.get('inexact', 0)} inexact, "
        f"{ended.get('infeasible', 0)} infeasible, {ended.get('solved', 0):,} solved"
    )
    if found["worst_off"]:
        worst = found["worst_off"]
        print(
            f"worst miss of a target's markets relative to its income {worst['off']:.1e} (package {worst['seed']}."
            f"{worst['number']}, {worst['kind']}); worst residual of the engine {found['worst_residual']:.1e}"
        )
    print(f"trade elasticities from {found['theta'][0]:.2f} to {found['theta'][1]:.2f}")
    for name in ("kinds", "forms"):
        print(f"{name}: " + ", ".join(f"{what} {count}" for what, count in found[name].items()))
    labels = [(k, v) for k, v in found["iterations"].items() if v]
    print(
        "iterations: "
        + ", ".join(f"{what.replace(' to 1000000000', ' and more')}: {n}" for what, n in labels)
    )
    print(
        f"left to the fallback, Newton or a walk in steps: {found['fell_back']}; {found['seconds']:.0f} processor seconds, "
        f"{1e3 * found['seconds'] / found['packages']:.0f} ms each, slowest {found['slowest']:.1f} s"
    )
    for row in found["not_solved"]:
        print(f"  {row['ended']}: package {row['seed']}.{row['number']}, {row['kind']}, {form(row['form'])}: "
              f"{row.get('why', row.get('off'))}")  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> dict[str, Any]:
    """Solve and count, or only count what is in files."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.packages", description=__doc__.split("\n\n")[0]
    )
    parser.add_argument("--packages", type=int, default=PACKAGES, help="how many")
    parser.add_argument("--start", type=int, default=0, help="number of the first")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument(
        "--complements", type=int, metavar="N", help="beside them, with complements; a twentieth by default"
    )
    parser.add_argument("--out", type=Path, help="a line of JSON per package; goes on where it stood")
    parser.add_argument(
        "--count", nargs="+", type=Path, metavar="FILE", help="count these instead of solving"
    )
    asked = parser.parse_args(arguments)
    if asked.packages < 1 or asked.processes < 1 or asked.start < 0:
        parser.error("--packages and --processes are at least 1, --start at least 0")
    if asked.count:
        unique = {(r["seed"], r["complements"], r["number"]): r for path in asked.count for r in read(path)}
        rows = list(unique.values())
    else:
        os.environ.update(ONE_THREAD)  # for the processes that are started from here
        extra = max(asked.packages // 20, 1) if asked.complements is None else asked.complements
        rows = [
            row
            for complements, count in ((False, asked.packages), (True, extra))
            for row in run(
                asked.seed,
                range(asked.start, asked.start + count),
                asked.processes,
                asked.out,
                complements=complements,
            )
        ]
    found = {}
    for name, complements in (("all", False), ("complements", True)):
        if some := [r for r in rows if r["complements"] is complements]:
            found[name] = summary(some)
            if complements:
                print("\nwith nests of complements, where no equilibrium need exist:")
            tell(found[name])
    keep(found)
    return found


if __name__ == "__main__":
    sys.exit(bool(set(main().get("all", {"ended": {}})["ended"]) - {"solved"}))
