"""`tertius sweep`: many scenarios from one grid."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tertius.leverage.sweep.estimate import Memory
    from tertius.leverage.sweep.plan import Plan

_UNITS = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12}


def sweep(
    grid: Annotated[Path | None, typer.Argument(help="Grid document (YAML).", show_default=False)] = None,
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", help="Folder of the results; finished chunks in it are not solved again."
        ),
    ] = Path("sweep"),
    processes: Annotated[
        int | None,
        typer.Option(
            "--processes", "-p", help="Worker processes; one per core if left out.", show_default=False
        ),
    ] = None,
    cluster: Annotated[
        str | None, typer.Option("--cluster", help="Dask scheduler (tcp://host:port) instead of processes.")
    ] = None,
    chunk: Annotated[
        int, typer.Option("--chunk", help="Scenarios per result file: what a kill can cost.")
    ] = 128,
    memory: Annotated[
        str | None,
        typer.Option(
            "--memory",
            help="Use fewer processes where the stated memory would exceed this (for example 2GB).",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print counts, memory and time, and write nothing.")
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Write the JSON schema of a grid and stop.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")] = False,
) -> None:
    """Assess many scenarios, on any number of processes."""
    from tertius.errors import InputError

    if schema:
        _print_schema()
        return
    if grid is None:
        raise InputError("grid: missing; for example tertius sweep grid.yaml (docs/sweep.md shows one)")
    limit = _bytes(memory) if memory else None
    if dry_run:
        _dry_run(grid, processes, chunk, limit, clustered=cluster is not None)
        return
    from tertius.cli.bar import Bar
    from tertius.leverage.sweep import sweep as run

    with Bar(shown=not quiet) as bar:
        try:
            done = run(
                grid, output, processes=processes, cluster=cluster, chunk=chunk, memory_limit=limit,
                progress=bar, before=_state,
            )  # fmt: skip
        except KeyboardInterrupt:
            bar.stop()
            typer.echo(f"cancelled; finished chunks are kept in {output}, the same command goes on", err=True)
            raise
    tally, failed = done.tally, _failed(done.table)
    new = f"{tally.added:,} solved in {_duration(tally.seconds)}"
    without = f", {failed:,} without an equilibrium (column error)" if failed else ""
    typer.echo(f"{tally.total:,} scenarios: {new}, {tally.resumed:,} found finished{without}", err=True)
    typer.echo(f"{done.table}")


def _print_schema() -> None:
    import json

    from tertius.leverage.sweep import schema as build

    typer.echo(json.dumps(build(), indent=2))


def _dry_run(grid: Path, processes: int | None, chunk: int, limit: int | None, *, clustered: bool) -> None:
    from tertius.leverage.sweep.estimate import memory, pace
    from tertius.leverage.sweep.plan import make_plan
    from tertius.leverage.sweep.read import read_grid
    from tertius.leverage.sweep.run import wanted_processes

    plan = make_plan(read_grid(grid), chunk=chunk)
    workers = wanted_processes(plan, processes, limit)
    _state(plan, memory(plan, in_flight=workers), workers, err=False)
    found = pace(plan)
    each = ", ".join(f"{1e3 * s:.0f} ms {horizon}" for horizon, s in found.scenario.items())
    typer.echo(
        f"pace: {each} a scenario, {found.base:.1f} s a base ({found.solved} scenarios solved just now)"
    )
    where = "one process each on a cluster of as many" if clustered else f"{workers} processes"
    typer.echo(f"time: about {_duration(found.seconds(plan, workers))} on {where}")


def _state(plan: Plan, memory: Memory, workers: int, *, err: bool = True) -> None:
    left_out = f"; {plan.left_out} pairs left out, the sender is the target" if plan.left_out else ""
    chunks = f"{len(plan.chunks):,} chunks on {plan.bases:,} base economies"
    worker, planner = f"{memory.worker / 1e6:,.0f} MB each", f"{memory.planner / 1e6:,.0f} MB"
    typer.echo(
        f"{plan.scenarios:,} scenarios in {chunks}{left_out}",
        err=err,
    )
    typer.echo(
        f"memory: at most {memory.total(workers) / 1e6:,.0f} MB; {memory.batch / 1e6:,.0f} MB a batch, "
        f"{worker} of {workers} workers, {planner} to plan and write",
        err=err,
    )


def _bytes(text: str) -> int:
    from tertius.errors import InputError

    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?\s*", text.lower())
    if not found:
        raise InputError(f'--memory "{text}": write a size, for example 500MB or 2GB')
    return int(float(found[1]) * _UNITS[found[2]])


def _duration(seconds: float) -> str:
    from tertius.workers import duration

    return duration(seconds)


def _failed(table: Path | None) -> int:
    import duckdb

    if table is None:
        return 0
    with duckdb.connect() as database:
        row = database.execute("SELECT count(error) FROM read_parquet($1)", [str(table)]).fetchone()
    return int(row[0]) if row else 0
