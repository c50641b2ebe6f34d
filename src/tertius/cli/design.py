"""`tertius design`: which measures are worth their price."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from tertius.strategy.design_problem import Limits


def design(
    target: Annotated[str, typer.Argument(help="Target: name or ISO3 code.")],
    sender: Annotated[
        list[str] | None,
        typer.Option("--sender", "-s", help="Sender, or a group (G7, EU27); may be repeated."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="Day whose groups, tariffs and base year are used (year-month-day)."),
    ] = None,
    horizon: Annotated[
        str, typer.Option("--horizon", help="year, medium or long: what the packages are designed for.")
    ] = "medium",
    points: Annotated[int, typer.Option("--points", help="Points of the frontier, at most.")] = 12,
    max_tariff: Annotated[str, typer.Option("--max-tariff", help="Highest tariff.")] = "100%",
    civilian_cap: Annotated[
        str, typer.Option("--civilian-cap", help="Largest fall of any civilian need; none for no cap.")
    ] = "5%",
    third_party_cap: Annotated[
        str,
        typer.Option("--third-party-cap", help="Largest loss of third parties together; none for no cap."),
    ] = "none",
    exempt: Annotated[
        bool, typer.Option("--exempt/--no-exempt", help="Leave food and medicine out of it, on both sides.")
    ] = True,
    comply: Annotated[
        list[str] | None,
        typer.Option("--comply", help="Third party that stops trading with the target; may be repeated."),
    ] = None,
    base_year: Annotated[
        int | None,
        typer.Option("--base-year", help="2015 or 2023; by default the last one over by the date."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", help="Write design.json and figure-design.svg into this folder."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")] = False,
) -> None:
    """Find the measures with the most leverage per dollar of own cost, with matched retaliation."""
    from tertius.errors import InputError
    from tertius.report.design_text import check_folder, render, to_json, write_design
    from tertius.strategy.design import design as solve

    limits, wrong = _limits(max_tariff, civilian_cap, third_party_cap)
    wrong += [
        f"{name}: missing; for example {name} {example}"
        for name, given, example in (("--sender", sender, "EU27"), ("--as-of", as_of, "2022-03-01"))
        if not given
    ]
    if wrong:
        raise InputError(wrong)
    if report is not None:
        check_folder(report)
    with _Bar(shown=not quiet) as progress:
        found = solve(
            target,
            sender=sender or (),
            as_of=str(as_of),
            horizon=horizon,
            points=points,
            limits=limits,
            exempt=exempt,
            comply=comply or (),
            base_year=base_year,
            progress=progress,
        )
    if as_json:
        typer.echo(to_json(found), nl=False)
    else:
        from rich.console import Console

        render(found, Console())
    if report is not None:
        typer.echo(f"{write_design(found, report)}", err=True)


def _limits(tariff: str, civilian: str, third: str) -> tuple[Limits, list[str]]:
    from tertius.scenario.fields import as_rate, as_share
    from tertius.strategy.design_problem import Limits

    wrong: list[str] = []

    def read(name: str, reader: Callable[[str], float], text: str) -> float | None:
        if text == "none" and name != "--max-tariff":
            return None
        try:
            return reader(text)
        except ValueError as error:
            wrong.append(f"{name}: {error}")
            return None

    rate = read("--max-tariff", as_rate, tariff)
    caps = read("--third-party-cap", as_share, third), read("--civilian-cap", as_share, civilian)
    return Limits(1.0 if rate is None else rate, *caps), wrong


class _Bar:
    """A progress bar with time left, on standard error, as the callback (done, total, note)."""

    def __init__(self, *, shown: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self.progress = Progress(
            TextColumn("{task.description:<16}"),
            BarColumn(),
            TextColumn("{task.completed}/{task.total}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not shown,
        )
        self.task = self.progress.add_task("reading", total=None)

    def __enter__(self) -> _Bar:
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def __call__(self, done: int, total: int, note: str) -> None:
        """Show how far it is."""
        self.progress.update(self.task, completed=done, total=total, description=note)
