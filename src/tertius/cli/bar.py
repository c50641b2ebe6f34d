"""The progress of a long command on standard error."""

from __future__ import annotations

from typing import Any

import typer


class Bar:
    """A bar with pace and time left on standard error; where that is no terminal, a line now and then."""

    def __init__(self, *, shown: bool = True) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        console = Console(stderr=True)
        self.plain = shown and not console.is_terminal
        self.told = 0
        columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
        self.progress = Progress(*columns, console=console, transient=True, disable=not shown or self.plain)
        self.task = self.progress.add_task("reading", total=None)

    def __enter__(self) -> Bar:
        self.progress.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()

    def stop(self) -> None:
        """Take the bar away."""
        self.progress.stop()

    def __call__(self, done: int, total: int, note: str) -> None:
        """Show how far it is."""
        self.progress.update(self.task, completed=done, total=total, description=note)
        tenth = 10 * done // max(total, 1)
        if self.plain and tenth > self.told:
            self.told = tenth
            typer.echo(f"{done:,} of {total:,}, {note}", err=True)
