"""Other packages, installed from the package registry in environments of their own, each on its own kind of problem.

Both sides are processes of their own with one BLAS thread and answer in turn; times are medians. Cold is from starting
the process to the first answer, memory the largest resident size. Run as `python -m tests.bench.peers [SAMPLE.csv]`;
SAMPLE is gegravity's sample data set, which lies in its repository and not in the package.
"""

from __future__ import annotations

import csv
import json
import math
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from tests.bench.measure import keep
from tests.bench.peers.dialogue import Side, rounds
from tests.bench.peers.environment import PEERS, Unavailable, python_of

HERE = Path(__file__).parent
REPEAT = 5

#: The thirty countries of gegravity's sample data, and the coefficients and the experiment of its documentation.
COUNTRIES = [
    "AUS",
    "AUT",
    "BEL",
    "BRA",
    "CAN",
    "CHE",
    "CHN",
    "DEU",
    "DNK",
    "ESP",
    "FIN",
    "FRA",
    "GBR",
    "HKG",
    "IDN",
    "IND",
    "IRL",
    "ITA",
    "JPN",
    "KOR",
    "MEX",
    "MYS",
    "NLD",
    "POL",
    "SGP",
    "SWE",
    "THA",
    "TUR",
    "USA",
    "ZAF",
]
COEFFICIENTS = {
    "lndist": -0.3898623,
    "contiguity": 0.891577,
    "common_language": 0.0326249,
    "pta": 0.4711383,
    "international": -3.412584,
    "constant": 16.32434,
}
SIGMA = 5
PAIR = ("CAN", "JPN")
REFERENCE = "DEU"
_SAMPLE = ("exporter", "importer", "year", "trade", "Y", "E", "pta", "contiguity", "common_language", "lndist",
           "international")  # fmt: skip

#: Who embargoes Russia, in the order in which they join; the last coalition is all of them.
TARGET = "RUS"
SENDERS = [
    "USA",
    "CAN",
    "GBR",
    "JPN",
    "DEU",
    "FRA",
    "ITA",
    "ESP",
    "NLD",
    "BEL",
    "AUT",
    "POL",
    "SWE",
    "FIN",
    "DNK",
    "IRL",
    "PRT",
    "GRC",
    "CZE",
    "HUN",
    "ROU",
    "BGR",
    "HRV",
    "SVK",
    "SVN",
    "LTU",
    "LVA",
    "EST",
    "LUX",
    "CYP",
    "MLT",
]
JOINING = (4, 8, 16, 31)


def gravity_problem(sample: str | None) -> dict[str, Any]:
    """The rows that gegravity reads: its own sample where the file is given, else the shipped world in its shape."""
    return {
        "rows": _shipped_rows() if sample is None else _sample_rows(Path(sample)),
        "coefficients": COEFFICIENTS
        if sample
        else {k: v for k, v in COEFFICIENTS.items() if k not in _ABSENT},
        "sigma": SIGMA,
        "reference": REFERENCE,
        "pair": PAIR,
    }


_ABSENT = ("contiguity", "common_language")  # the shipped world has neither


def _sample_rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or (missing := sorted(set(_SAMPLE) - set(rows[0]))):
        raise SystemExit(f"{path.name}: no rows, or no column {', '.join(missing) if rows else ''}")
    text = ("exporter", "importer")
    return [
        {
            name: row[name] if name in text else int(row[name]) if name == "year" else float(row[name])
            for name in _SAMPLE
        }
        for row in rows
    ]


def _shipped_rows() -> list[dict[str, Any]]:
    """Thirty countries, all sectors in one; distance between main cities, at home a quarter of that to the nearest."""
    from tertius.countries import distance_km, members
    from tertius.world import load_world

    world, union = load_world(), set(members("EU", date(2023, 1, 1)))
    at = [world.country(code) for code in COUNTRIES]
    trade = world.sales.sum(axis=0)[at][:, at]
    apart = [[distance_km(a, b) if a != b else math.inf for b in COUNTRIES] for a in COUNTRIES]
    return [
        {
            "exporter": a,
            "importer": b,
            "year": world.year,
            "trade": float(trade[i, n]),
            "Y": float(trade[i].sum()),
            "E": float(trade[:, n].sum()),
            "pta": int(a != b and {a, b} <= union),
            "lndist": math.log(apart[i][n] if a != b else min(apart[i]) / 4.0),
            "international": int(a != b),
        }
        for i, a in enumerate(COUNTRIES)
        for n, b in enumerate(COUNTRIES)
    ]


def meet(name: str, problem: dict[str, Any], suffix: str, repeat: int) -> tuple[Side, Side]:
    """The peer and this package on one problem."""
    python = python_of(PEERS[name])
    with tempfile.TemporaryDirectory(prefix="tertius-bench-") as folder:
        asked, given = Path(folder) / "problem.json", Path(folder) / f"given{suffix}"
        asked.write_text(json.dumps(problem), encoding="utf-8")
        script = HERE / f"{name.partition('-')[0]}_side.py"
        peer = Side.start(name, [str(python), str(script), str(asked), str(given)])
        ours = Side.start(
            "tertius", [sys.executable, "-m", "tests.bench.peers.tertius_side", name, str(given), str(asked)]
        )
        rounds([peer, ours], repeat)
    return peer, ours


def gegravity(sample: str | None, repeat: int) -> tuple[list[dict[str, Any]], list[str]]:
    """Canada and Japan sign an agreement."""
    peer, ours = meet("gegravity", gravity_problem(sample), ".json", repeat)
    label = f"gravity, {len(peer.said['real_income'])} countries"
    rows = [
        *_rows(label, "one counterfactual", "one", 1, peer, ours),
        *_rows(label, "baseline and counterfactual", "whole", 1, peer, ours),
    ]
    once, iterated = (
        max(abs(a - b) for a, b in zip(peer.said[key], ours.said["real_income"], strict=True))
        for key in ("real_income", "iterated")
    )
    largest = max(abs(x - 1.0) for x in ours.said["real_income"])
    calls = ", ".join(f"{name} {n}" for name, n in peer.said["calls"].items())
    notes = [
        f"gegravity's data: {'its sample data set' if sample else _OWN_DATA}",
        (
            f"gegravity solves its equations once, output and spending shares held at the base year; its real incomes are "
            f"off tertius by at most {once:.1e} (largest change {largest:.1e}). Solved {peer.said['rounds']} times, "
            f"output and spending taken to the new prices each time, the same equations agree with tertius to {iterated:.1e}"
        ),
        (
            f"calls of gegravity's equations: {calls}; scale of its outward resistances {peer.said['rescale']:g}, the first "
            f"tried at which it converged; tertius: {ours.said['steps']} iterations, residual {ours.said['residual']:.1e}"
        ),
        "tertius starts from the trade of the baseline and needs no resistances, so its baseline is reading the file",
    ]
    if not iterated < 1e-6:
        raise AssertionError(f"gegravity's equations, iterated, differ from tertius by {iterated:.1e}")
    return rows, notes


_OWN_DATA = (
    "the package ships none, so the shipped world in the shape of its sample: the same 30 countries, all sectors in one, "
    "the coefficients and the experiment of its documentation (Canada and Japan sign an agreement)"
)


def sanction_simulator(repeat: int) -> tuple[list[dict[str, Any]], list[str]]:
    """Embargoes on Russia by coalitions that grow."""
    import numpy as np

    problem = {"target": TARGET, "coalitions": [SENDERS[:k] for k in JOINING]}
    peer, ours = meet("sanction-simulator", problem, ".npz", repeat)
    label = f"network, {len(ours.said['countries'])} x 50"
    rows = [
        *_rows(label, f"{len(SENDERS)} embargo {TARGET}", "one", 1, peer, ours),
        *_rows(label, f"{len(JOINING)} embargoes at once", "many", len(JOINING), peer, ours),
    ]
    theirs, mine = (1.0 - np.array(side.said["output"]) for side in (peer, ours))
    at = ours.said["countries"].index(TARGET)
    others = np.delete(np.arange(len(mine)), at)
    order = _rank_correlation(theirs[others], mine[others])
    notes = [
        (
            "sanction-simulator has no prices: quantities, rerouting with friction and rationing of capacity, on flows "
            "between industries; the network is its own, and the embargo is the same exact zero. Its results are not "
            "comparable number by number. Fall of gross output at base-year prices: "
            f"{TARGET} {theirs[at]:.2%} there, {mine[at]:.2%} here (real income {1 - ours.said['real_income'][at]:.2%}); "
            f"the other countries in order of their falls, rank correlation {order:.2f}"
        ),
        (
            f"sanction-simulator: {peer.said['steps']} steps, residual {peer.said['residual']:.1e}; tertius: "
            f"{ours.said['steps']} iterations, residual {ours.said['residual']:.1e}"
        ),
    ]
    return rows, notes


def _rank_correlation(a: Any, b: Any) -> float:
    from scipy.stats import spearmanr

    return float(spearmanr(a, b).statistic)


def _rows(case: str, work: str, kind: str, count: int, peer: Side, ours: Side) -> list[dict[str, Any]]:
    """Both sides, the package first."""
    return [
        {
            "case": case,
            "work": work,
            "side": side.name,
            "cold_s": side.cold,
            "ms": 1e3 * side.median(kind) / count,
            "ratio": side.median(kind) / ours.median(kind),
            "spread": max(side.times[kind]) / min(side.times[kind]),
            "peak_mb": side.said["peak_mb"],
        }
        for side in (ours, peer)
    ]


def main(sample: str | None = None, repeat: int = REPEAT) -> list[dict[str, Any]]:
    """Measure, print the table and what the models share, and return the rows."""
    rows: list[dict[str, Any]] = []
    notes: list[str] = []
    for name, compare in (
        ("gegravity", lambda: gegravity(sample, repeat)),
        ("sanction-simulator", lambda: sanction_simulator(repeat)),
    ):
        try:
            found, said = compare()
        except Unavailable as reason:
            notes.append(f"{name}: left out, {reason}")
            continue
        rows, notes = rows + found, notes + said
    print(f"{'problem':22} {'work':28} {'side':19} {'cold s':>7} {'warm ms':>9} {'ratio':>8} {'peak MB':>8}")
    for r in rows:
        print(
            f"{r['case']:22} {r['work']:28} {r['side']:19} {r['cold_s']:7.2f} {r['ms']:9.2f} {r['ratio']:8.1f} "
            f"{r['peak_mb']:8.0f}"
        )
    if rows:
        print(
            f"warm: per scenario, medians of {repeat} rounds in turn; ratio: times the milliseconds of tertius"
        )
    for peer in PEERS.values():
        print(
            f"{peer.name} {peer.version}: {peer.licence} licence, run in its own environment, not linked or copied"
        )
    print(*notes, sep="\n")
    keep(rows)
    return rows


if __name__ == "__main__":
    main(*sys.argv[1:2])
