"""`tertius assess`: one question, one page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tertius.ledger.hearing import Read
    from tertius.scenario import Scenario


def assess(
    target: Annotated[
        str, typer.Argument(help="Target: name or ISO3 code; or a scenario file or library name.")
    ],
    sender: Annotated[
        list[str] | None,
        typer.Option("--sender", "-s", help="Sender, or a group (G7, EU27); may be repeated."),
    ] = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(
            "--measure",
            "-m",
            help='One line, for example "secondary_tariff 25% on partners of IRN"; may be repeated.',
        ),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Nothing said or in force later is used (year-month-day).")
    ] = None,
    ledger: Annotated[
        Path | None,
        typer.Option(
            "--ledger",
            help="Claims you read (SQLite of tertius read, or exported JSONL or Parquet): what they move is shown.",
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write a self-contained HTML page into this folder.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write JSON (published schema) to standard output.")
    ] = False,
    explain: Annotated[
        str | None, typer.Option("--explain", help="Break one supporter's numbers down to inputs and claims.")
    ] = None,
    reference: Annotated[
        str,
        typer.Option("--reference", help="lifted: add the loss against restored trade; none: leave it out."),
    ] = "lifted",
    enforced: Annotated[
        bool,
        typer.Option("--enforced/--no-enforced", help="Add the world in which the threat is carried out."),
    ] = True,
    recorded: Annotated[
        bool, typer.Option("--recorded", help="Use customs data alone, without shadow trade.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", help="Seed of every random draw.")] = 20260113,
    draws: Annotated[
        int, typer.Option("--draws", help="Draws for the bands of each horizon, a power of two.")
    ] = 2048,
    exact: Annotated[
        int, typer.Option("--exact", help="Of these, how many are solved exactly; the rest are interpolated.")
    ] = 32,
    pairs: Annotated[
        int, typer.Option("--pairs", help="Pairs of permutations that the attribution is drawn from.")
    ] = 8,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")] = False,
) -> None:
    """Measure how much leverage a sanction has left once third parties respond."""
    from tertius.cli.bar import Bar
    from tertius.errors import InputError
    from tertius.leverage.assess import Effort, assess_scenario

    effort = Effort(draws=draws, exact=min(exact, draws), pairs=pairs)
    if reference not in ("lifted", "none"):
        raise InputError(f'--reference "{reference}": possible are lifted and none')
    if report is not None:
        from tertius.report.html import check_folder

        check_folder(report)
    scenario = scenario_of(target, sender or [], measure or [], as_of)
    claims = None if ledger is None else _brought(ledger, scenario)
    with Bar(shown=not quiet, counted=False) as progress:
        result = assess_scenario(
            scenario,
            claims=claims,
            reference=None if reference == "none" else reference,
            enforced=enforced,
            recorded=recorded,
            seed=seed,
            effort=effort,
            progress=progress,
        )
    if as_json:
        from tertius.leverage.document import to_json

        typer.echo(to_json(result), nl=False)
    else:
        from rich.console import Console

        from tertius.report.terminal import explain as show
        from tertius.report.terminal import render

        console = Console()
        if explain:
            show(result, explain, console)
        else:
            render(result, console)
    if report is not None:
        from tertius.report.html import write_report

        page = write_report(result, report)
        typer.echo(f"{page}", err=True)


def _brought(path: Path, scenario: Scenario) -> Read:
    """Claims of a ledger file with their standing."""
    from tertius.ledger.brought_in import read_ledger

    return read_ledger(path, scenario.target)


def scenario_of(target: str, senders: list[str], measures: list[str], as_of: str | None) -> Scenario:
    """A scenario from the options, or from a file or library name when there are none."""
    from tertius.errors import InputError
    from tertius.scenario import Scenario, read_scenario
    from tertius.scenario.catalogue import library

    if target in library() or target.endswith((".yaml", ".yml")):
        extra = [
            name
            for name, given in (("--sender", senders), ("--measure", measures), ("--as-of", as_of))
            if given
        ]
        if extra:
            raise InputError(f"{', '.join(extra)}: the scenario {target} says that itself; leave it out")
        return read_scenario(target)
    missing = [
        f"{name}: missing; {example}"
        for name, given, example in (
            ("--measure", measures, 'for example --measure "secondary_tariff 25% on partners of IRN"'),
            ("--as-of", as_of, "for example --as-of 2026-01-13"),
        )
        if not given
    ]
    if missing:
        raise InputError(missing)
    return Scenario.of(target, senders=senders or ["USA"], measures=measures, as_of=str(as_of))
