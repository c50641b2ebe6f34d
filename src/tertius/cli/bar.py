"""The progress of a long command on standard error."""

from __future__ import annotations

from typing import Any

import typer


class Bar:
    """A bar on standard error with what its caller tells; where that is no terminal, a line now and then.

    `counted` is for steps that a user can count; without it the bar tells the time left.
    """

    def __init__(self, *, shown: bool = True, counted: bool = True) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        console = Console(stderr=True)
        self.plain = shown and not console.is_terminal
        self.told = 0
        self.counted = counted
        how_far = MofNCompleteColumn() if counted else TimeRemainingColumn()
        columns = (BarColumn(), how_far, TextColumn("{task.description}"))
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
            far = f"{done:,} of {total:,}" if self.counted else f"{done / total:.0%}"
            typer.echo(f"{far}, {note}", err=True)
