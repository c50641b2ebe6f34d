"""`tertius world`: show the world that assessments start from, or build it from raw files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from tertius.world import World

app = typer.Typer(help="Show or build the world: economies, sectors, trade, quality.", no_args_is_help=True)

_Year = Annotated[int, typer.Option("--year", help="2023 or 2015.")]
_Recorded = Annotated[bool, typer.Option("--recorded", help="Leave the shadow trade out.")]
_Rows = Annotated[int, typer.Option("--top", min=1, help="Partners shown.")]


@app.command()
def info(year: _Year = 2023) -> None:
    """Show totals, quality and how well the balance met its sources."""
    from tertius.world.snapshot import load_report, load_world

    world, report = load_world(year), load_report(year)
    typer.echo(
        f"world {year}, snapshot {world.snapshot}: {len(world.countries)} economies, "
        f"{len(world.sectors)} sectors"
    )
    checks = _table("Magnitudes", "what", "here", "expected", "verdict")
    for row in report["checks"]:
        low, high = row["expected"]
        found, span = f"{row['found']:,.4g} {row['unit']}", f"{low:,.4g} to {high:,.4g} ({row['source']})"
        checks.add_row(row["name"], found, span, "ok" if row["ok"] else "outside")
    margins = _table(
        "Balance: distance from the sources", "margin", "targets", "mean", "median", "9 in 10 within"
    )
    for name, row in report["balance"]["margins"].items():
        shares = (f"{row[k]:.1%}" for k in ("weighted_mean_abs", "median_abs", "p90_abs"))
        margins.add_row(name, f"{row['targets']:.0f}", *shares)
    quality = _table("Foreign trade by quality, shares of value", "reading", *report["quality"]["recorded"])
    for reading, shares in report["quality"].items():
        quality.add_row(reading, *(f"{v:.1%}" for v in shares.values()))
    _show(checks, margins, quality)


@app.command()
def sectors() -> None:
    """List the ten sectors and what they hold."""
    from tertius.world import SECTORS

    table = _table("Sectors", "code", "what it holds")
    for code, text in SECTORS.items():
        table.add_row(code, text)
    _show(table)


@app.command("countries")
def countries_(
    year: _Year = 2023, group: Annotated[str, typer.Option(help="Only a group's members.")] = ""
) -> None:
    """List the economies with their GDP and trade."""
    from datetime import date

    from tertius import countries
    from tertius.world.snapshot import load_world

    world = load_world(year)
    chosen = countries.members(group, date(year, 12, 31)) if group else world.countries
    title = f"{len(chosen)} economies, {year}, billion USD" + (
        f", members of {group} at the end of the year" if group else ""
    )
    table = _table(title, "code", "name", "GDP", "exports", "imports")
    for code in chosen:
        if code in world.countries:
            n = world.country(code)
            table.add_row(
                code, countries.name(code), *(f"{v / 1e3:,.1f}" for v in (world.gdp[n], *_trade(world, n)))
            )
    _show(table)


@app.command()
def show(
    country: Annotated[str, typer.Argument(help="A name or a code, for example Iran or IRN.")],
    year: _Year = 2023,
    recorded: _Recorded = False,
    top: _Rows = 10,
) -> None:
    """Show one economy: its accounts by sector, its partners, and what of it customs data miss."""
    from tertius import countries
    from tertius.world.snapshot import load_world

    world = load_world(year, shadow="recorded" if recorded else "central")
    code = countries.resolve(country)
    n = world.country(code)
    out, into = _trade(world, n)
    reading = "recorded trade only" if recorded else "shadow trade: central reading"
    typer.echo(
        f"{countries.name(code)} ({code}), {year}, {reading}, billion USD of {year}\n"
        f"GDP {world.gdp[n] / 1e3:,.1f}  exports {out / 1e3:,.1f}  imports {into / 1e3:,.1f}  "
        f"tariff revenue {world.revenue[n] / 1e3:,.1f}"
    )
    _show(_by_sector(world, n), _partners(world, n, "exports", top), _partners(world, n, "imports", top))


@app.command()
def build(
    data: Annotated[
        Path, typer.Option("--data", help="Folder of raw files, laid out as docs/data-sheet.md says.")
    ],
    out: Annotated[Path, typer.Option("--out", help="Where the snapshots go.")] = Path("world"),
    year: Annotated[list[int] | None, typer.Option("--year", help="2023, 2015; both by default.")] = None,
) -> None:
    """Build the snapshots from raw files; nothing is written if a check fails."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from tertius.world.build import build as run

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)
        made = run(
            data,
            out,
            years=tuple(year) if year else (2023, 2015),
            progress=lambda done, total, note: bar.update(
                task, completed=done, total=total, description=note
            ),
        )
    for built, digest in made.items():
        typer.echo(f"{out / f'world_{built}.npz'}  snapshot {digest}")


def _trade(world: World, n: int) -> tuple[float, float]:
    """Return exports and imports of goods and services, million USD."""
    home = float(world.sales[:, n, n].sum())
    return float(world.sales[:, n].sum()) - home, float(world.sales[:, :, n].sum()) - home


def _by_sector(world: World, n: int) -> Table:
    columns = (
        "output",
        "value added",
        "exports",
        "of it shadow",
        "imports",
        "of it shadow",
        "home share",
        "tariff",
    )
    table = _table("By sector, billion USD", "sector", *columns)
    for s, code in enumerate(world.sectors):
        home = world.sales[s, n, n]
        out, into = world.sales[s, n].sum() - home, world.sales[s, :, n].sum() - home
        paid = (world.sales[s, :, n] * world.tariff[s, :, n]).sum()
        money = (
            world.output[s, n],
            world.value_added[n, s],
            out,
            world.shadow[s, n].sum(),
            into,
            world.shadow[s, :, n].sum(),
        )
        share = f"{home / (home + into):.0%}" if home + into > 0 else "-"
        rate = f"{paid / into:.1%}" if into > 0 else "-"
        table.add_row(code, *(f"{v / 1e3:,.2f}" for v in money), share, rate)
    return table


def _partners(world: World, n: int, side: str, top: int) -> Table:
    from tertius import countries

    flows, hidden = (world.sales[:, n], world.shadow[:, n]) if side == "exports" else (
        world.sales[:, :, n], world.shadow[:, :, n])  # fmt: skip
    total = flows.sum(axis=0).copy()
    total[n] = 0.0
    table = _table(
        f"{side.capitalize()} by partner, billion USD", "partner", "value", "share", "of it shadow", "mostly"
    )
    for k in total.argsort()[::-1][:top]:
        largest = world.sectors[int(flows[:, k].argmax())]
        name = countries.name(world.countries[k])
        table.add_row(
            name,
            f"{total[k] / 1e3:,.2f}",
            f"{total[k] / total.sum():.1%}",
            f"{hidden[:, k].sum() / 1e3:,.2f}",
            largest,
        )
    return table


def _table(title: str, first: str, *columns: str) -> Table:
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    table.add_column(first)
    for column in columns:
        table.add_column(
            column,
            justify="right" if column not in {"name", "mostly", "what it holds", "expected"} else "left",
        )
    return table


def _show(*tables: Any) -> None:
    from rich.console import Console

    console = Console()
    for table in tables:
        console.print(table)
