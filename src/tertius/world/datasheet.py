"""The generated half of docs/data-sheet.md: every number on it is read from the shipped snapshots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tertius import countries
from tertius.world.shadow import read_entries
from tertius.world.snapshot import READINGS, YEARS, load_report, load_world

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tertius.world.model import World

#: Economies an economist looks at first.
SHOWN = ("IRN", "CUB", "VEN", "PRK", "RUS", "SYR", "LBY", "CHN", "USA", "ARE", "TUR", "MYS", "HKG", "TWN")


def data_sheet() -> str:
    """Return the tables as Markdown: snapshots, magnitudes, residuals, quality, economies, shadow trade."""
    parts = [_snapshots()]
    for year in YEARS:
        report = load_report(year)
        parts += [
            f"### {year}: magnitudes",
            _magnitudes(report),
            f"### {year}: distance from the sources",
            _margins(report),
        ]
    parts += ["### Foreign trade by quality, 2023", _quality(load_report(2023))]
    parts += [
        "### Economies, 2023, central reading",
        _economies(load_world(2023), load_world(2023, shadow="recorded")),
    ]
    parts += ["### Shadow trade of 2023, million USD", _shadow()]
    parts += ["### Re-exports routed back to their origins, 2023, billion USD", _reexports(load_report(2023))]
    return "\n\n".join(parts) + "\n"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = tuple(head)
    lines = [head, ("---",) + ("---:",) * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _snapshots() -> str:
    rows = []
    for year in YEARS:
        world, report = load_world(year), load_report(year)
        solved = report["balance"]
        rows.append(
            (
                str(year),
                world.snapshot,
                str(len(world.countries)),
                str(solved["sweeps"]),
                f"{solved['gap']:.0e}",
            )
        )
    return _table(("year", "snapshot", "economies", "sweeps", "largest gap of an account"), rows)


def _magnitudes(report: dict[str, Any]) -> str:
    rows = [
        (
            row["name"],
            f"{row['found']:,.4g} {row['unit']}",
            f"{row['expected'][0]:,g} to {row['expected'][1]:,g}",
            row["source"],
            "ok" if row["ok"] else "outside",
        )
        for row in report["checks"]
    ]
    return _table(("what", "here", "expected", "outside figure", "verdict"), rows)


def _margins(report: dict[str, Any]) -> str:
    rows = [
        (
            name,
            f"{row['targets']:.0f}",
            f"{row['target_total_musd'] / 1e6:,.2f}",
            f"{row['result_total_musd'] / 1e6:,.2f}",
            *(f"{100 * row[k]:.1f}" for k in ("weighted_mean_abs", "median_abs", "p90_abs")),
        )
        for name, row in report["balance"]["margins"].items()
    ]
    head = (
        "margin",
        "targets",
        "target, tn USD",
        "result, tn USD",
        "mean, %",
        "median, %",
        "9 in 10 within, %",
    )
    return _table(head, rows)


def _quality(report: dict[str, Any]) -> str:
    rows = [(r, *(f"{100 * v:.1f}" for v in report["quality"][r].values())) for r in READINGS]
    return _table(("reading", *(f"{q}, %" for q in report["quality"]["recorded"])), rows)


def _economies(world: World, recorded: World) -> str:
    crude = world.sector("crude_oil_gas")
    rows = []
    for code in SHOWN:
        n = world.country(code)
        out, into = _trade(world, n)
        out_recorded, into_recorded = _trade(recorded, n)
        oil = world.sales[crude, n].sum() - world.sales[crude, n, n]
        goods = world.sales[:8, :, n]
        money = (world.gdp[n], out, out_recorded, into, into_recorded, oil)
        share = world.sales[:8, n, n].sum() / goods.sum()
        rows.append((countries.name(code), *(f"{v / 1e3:,.1f}" for v in money), f"{100 * share:.0f}"))
    head = (
        "billion USD",
        "GDP",
        "exports",
        "of it recorded",
        "imports",
        "of it recorded",
        "crude and gas exports",
    )
    return _table((*head, "goods bought at home, %"), rows)


def _trade(world: World, n: int) -> tuple[float, float]:
    home = float(world.sales[:, n, n].sum())
    return float(world.sales[:, n].sum()) - home, float(world.sales[:, :, n].sum()) - home


def _shadow() -> str:
    rows = [
        (
            entry.id,
            entry.operation.replace("_", " "),
            f"{entry.origin or 'suppliers'} to {entry.buyer}",
            entry.sector or "goods; balance",
            *(f"{entry.value[r]:,.0f}" for r in READINGS[1:]),
            ", ".join(entry.claims) or "judgement",
        )
        for entry in read_entries()
    ]
    return _table(("entry", "operation", "flow", "sector", "low", "central", "high", "claims"), rows)


def _reexports(report: dict[str, Any]) -> str:
    values = sorted(report["reexports"].items(), key=lambda item: -item[1])[:20]
    total = float(np.sum(list(report["reexports"].values())))
    rows = [(countries.name(code), f"{value / 1e3:,.1f}") for code, value in values]
    return _table(
        ("economy", "taken out"),
        [*rows, (f"all {len(report['reexports'])} economies", f"{total / 1e3:,.1f}")],
    )
