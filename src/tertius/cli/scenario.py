"""`tertius scenario`: list, show and check scenarios, and print their schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tertius.scenario.document import Scenario

app = typer.Typer(help="List, show and check scenarios.", no_args_is_help=True)

_Json = Annotated[bool, typer.Option("--json", help="Write JSON.")]


@app.command("list")
def list_(as_json: _Json = False) -> None:
    """List the scenarios that come with the package."""
    from tertius.scenario.catalogue import library, load

    rows = [_row(name, load(name)) for name in library()]
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    wide = max(len(row["name"]) for row in rows)
    for row in rows:
        head = f"{row['name']:<{wide}}  {row['as_of']}  {row['senders']:>12} > {row['target']}"
        typer.echo(f"{head}  {row['title']}")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A name in the library, or a file.")], as_json: _Json = False
) -> None:
    """Show one scenario: its document, what is live on its date, and its hash."""
    from tertius.scenario.read import read_scenario

    scenario = read_scenario(name)
    if as_json:
        typer.echo(json.dumps(scenario.to_dict() | {"digest": scenario.digest()}, indent=2))
        return
    typer.echo(scenario.to_yaml().rstrip())
    typer.echo(f"\n# {scenario.digest()}  on {scenario.as_of}:")
    for line in _states(scenario):
        typer.echo(f"#   {line}")


@app.command()
def check(files: Annotated[list[str], typer.Argument(help="Files, or names in the library.")]) -> None:
    """Check scenarios; list every mistake of every file and exit with 2 if there is one."""
    from tertius.errors import InputError
    from tertius.scenario.read import read_scenario

    problems: list[str] = []
    for file in files:
        try:
            scenario = read_scenario(file)
            typer.echo(f"{file}: {len(scenario.measures)} measures, {scenario.digest()}")
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)


@app.command()
def schema() -> None:
    """Write the JSON schema of a scenario document."""
    from tertius.scenario.schema import schema as build

    typer.echo(json.dumps(build(), indent=2))


def _row(name: str, scenario: Scenario) -> dict[str, str]:
    senders = scenario.senders
    shown = ",".join(senders) if len(senders) <= 2 else f"{senders[0]} +{len(senders) - 1}"
    return {
        "name": name,
        "as_of": scenario.as_of.isoformat(),
        "senders": shown,
        "target": scenario.target,
        "title": scenario.title,
    }


def _states(scenario: Scenario) -> list[str]:
    lines = []
    for measure in scenario.measures:
        state = measure.state_on(scenario.as_of) or "not yet, or no more"
        live = "acts" if measure.live(scenario.as_of) else "does not act"
        lines.append(f"{measure}: {measure.role}, {state}, {live}")
    return lines
