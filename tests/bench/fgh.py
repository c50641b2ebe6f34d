"""Table 5 of Felbermayr, Groeschl and Heiland (2022): 132 means over 1,000 draws, 4,000 equilibria.

Their algorithm first solves each draw for a baseline without inventories, makes it the base year and then solves the
scenarios. Exact hat algebra composes, so here all four equilibria of a draw are solved on the one published base year
and the ratio scenario / baseline is taken: every draw shares one preconditioner. (`rebased` goes the published way;
a test compares the two.)

Axes: s, k sector, i exporter, n importer, r draw. Run as `python -m tests.bench.fgh CASE_FOLDER [draws]`.
"""

from __future__ import annotations

import csv
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tertius.engine import Economy, Elasticities, Result, Rules, Shock, solve, solve_iter
from tertius.engine.rebase import rebase
from tertius.scenario.wedge import Wedges

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Array = NDArray[np.float64]

#: Published columns -> names in the input file.
SCENARIOS = {
    "S2_single_market_pct": "single_market",
    "S3_euro_pct": "euro",
    "S4_schengen_pct": "schengen",
}
RULES = Rules("spending_share")
_FLOOR = 0.001  # what the published code does with draws of theta at or below zero
_CHUNK = 32  # draws


@dataclass(frozen=True, eq=False)
class Case:
    """The published inputs, on this package's axes."""

    economy: Economy
    theta: Array  # (r, s)
    cost: dict[
        str, tuple[Array, Array, Array, Array]
    ]  # scenario -> cells (exporter, importer), exponents (r, s), dummy


def load(folder: Path) -> Case:
    """Read inputs.npz; the economy holds the published values with inventories, so it is not yet an equilibrium."""
    with np.load(folder / "inputs.npz") as z:
        data = {name: z[name] for name in z.files}
    slope = data["draws_lntau"]
    theta = np.where(-slope - 1.0 > 0.0, -slope - 1.0, _FLOOR)
    cost = {}
    for column, name in SCENARIOS.items():
        importer, exporter = np.nonzero(data[f"dummy_{name}"])
        dummy = data[f"dummy_{name}"][importer, exporter]
        cost[column] = (exporter, importer, data[f"draws_{name}"] / slope, dummy)
    return Case(_economy(data), theta, cost)


def _economy(data: dict[str, Any]) -> Economy:
    share = data["pi"].transpose(0, 2, 1)
    tariff = data["tau"].transpose(0, 2, 1) - 1.0
    spending, v = data["X0"], data["va_share"].T
    output = np.einsum("sin,sn->is", share / (1.0 + tariff), spending)
    made = v * output
    value_added = made * (data["VA"] / made.sum(axis=1))[:, None]
    revenue = np.einsum("sin,sn->n", share * tariff / (1.0 + tariff), spending)
    total = data["io"].sum(axis=1, keepdims=True)
    return Economy(
        countries=tuple(data["regions"].tolist()),
        sectors=tuple(f"sector {s}" for s in range(len(spending))),
        trade_share=share,
        tariff=tariff,
        value_added_share=v,
        input_share=np.divide(data["io"], total, out=np.zeros_like(data["io"]), where=total > 0),
        final_share=data["alpha"].T,
        value_added=value_added,
        output=output,
        spending=spending,
        deficit=-data["sd"] * (data["VA"] + revenue),
    )


def shock(case: Case, column: str, r: int) -> Shock:
    """ln tau^_ins = -b_s T_s dummy_in with T_s = -1 / slope_s."""
    exporter, importer, exponent, dummy = case.cost[column]
    S, M = exponent.shape[1], len(dummy)
    cost = np.exp(np.outer(exponent[r], dummy)).ravel()
    flat = np.ones(S * M)
    wedges = Wedges(
        np.repeat(np.arange(S), M), np.tile(exporter, S), np.tile(importer, S), flat, cost, 0.0 * flat
    )
    return Shock(wedges, label=f"{column}, draw {r}")


def welfare(case: Case, draws: Sequence[int]) -> Array:
    """(draw, scenario, n), real final demand in the scenario over that in the baseline, minus one, per cent."""
    found = []
    for start in range(0, len(draws), _CHUNK):
        some = draws[start : start + _CHUNK]
        sets = [Elasticities(case.theta[r]) for r in some]
        base = _incomes(solve_iter(case.economy, [Shock()] * len(some), sets, rules=RULES))
        columns = [
            _incomes(solve_iter(case.economy, [shock(case, c, r) for r in some], sets, rules=RULES)) / base
            for c in case.cost
        ]
        found.append(np.stack(columns, axis=1))
    return 100.0 * (np.concatenate(found) - 1.0)


def _incomes(results: Iterator[Result]) -> Array:
    return np.array([result.real_income for result in results])


def rebased(case: Case, column: str, r: int) -> Array:
    """(n,), per cent, the published way: the baseline of the draw becomes the base year."""
    one = Elasticities(case.theta[r])
    baseline = rebase(solve(case.economy, Shock(), one, rules=RULES))
    return 100.0 * (solve(baseline, shock(case, column, r), one, rules=RULES).real_income - 1.0)


def published(folder: Path, case: Case) -> Array:
    """(scenario, n), per cent, two printed decimals."""
    with (folder / "expected_published_table5.csv").open() as file:
        rows = {row["country"]: row for row in csv.DictReader(file)}
    return np.array([[float(rows[code][column]) for code in case.economy.countries] for column in SCENARIOS])


def main(arguments: Sequence[str]) -> None:
    """Print the largest difference from the published table, and the seconds."""
    folder = Path(arguments[0])
    case = load(folder)
    draws = range(int(arguments[1]) if len(arguments) > 1 else len(case.theta))
    wall, cpu = time.perf_counter(), time.process_time()
    mean = welfare(case, draws).mean(axis=0)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    off = np.abs(mean - published(folder, case))
    print(f"{len(draws)} draws, {4 * len(draws)} equilibria: {wall:.1f} s wall, {cpu:.1f} s CPU")
    for column, row in zip(SCENARIOS, off, strict=True):
        print(
            f"{column}: max abs diff {row.max():.4f} percentage points at {case.economy.countries[row.argmax()]}"
        )
    print(f"{int((off <= 0.0055).sum())} of {off.size} numbers within 0.0055 percentage points")


if __name__ == "__main__":
    main(sys.argv[1:])
