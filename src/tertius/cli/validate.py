"""`tertius validate`: published figures against what the shipped worlds and the engine give."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tertius.report.validation import Validation


def validate(
    out: Annotated[Path | None, typer.Option("--out", help="Write the page (Markdown) to this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")] = False,
) -> None:
    """Hold the world and the engine against published figures that reach them by another path."""
    from tertius.errors import InputError
    from tertius.report.validation.page import markdown

    if out is not None and (out.is_dir() or not out.parent.is_dir()):
        raise InputError(
            f"--out {out}: {'is a folder; name a file in it' if out.is_dir() else f'no folder {out.parent}'}"
        )
    found = _run(shown=not quiet)
    if out is not None:
        _write(out, markdown(found))
        typer.echo(f"{out}", err=True)
    if as_json:
        import json

        typer.echo(json.dumps(found.to_dict(), indent=2, ensure_ascii=False, allow_nan=False))
    elif out is None:
        _show(found)


def _run(*, shown: bool) -> Validation:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    from tertius.report.validation import validate as run

    columns = (
        TextColumn("{task.description:<18}"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=not shown) as bar:
        task = bar.add_task("reading", total=None)
        return run(
            progress=lambda done, total, note: bar.update(task, completed=done, total=total, description=note)
        )


def _write(file: Path, text: str) -> None:
    import os
    import tempfile

    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=file.name, suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(file)


def _show(found: Validation) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from tertius.report.validation.page import row

    console = Console()
    for part, records in found.parts.items():
        table = Table(title=part, title_justify="left", box=None, padding=(0, 1, 0, 0))
        for head in ("fact", "quantity", "expected", "found", "verdict"):
            table.add_column(head, overflow="fold")
        for record in records:
            fact, what, _, expected, value, verdict = row(record)
            table.add_row(*map(Text, (fact, what, expected, value, verdict.strip("*"))))
        console.print(table)
    totals = ", ".join(f"{count} {verdict}" for verdict, count in found.counts.items())
    console.print(Text(f"{totals}; the reasons are on the page (--out) and in --json"))
