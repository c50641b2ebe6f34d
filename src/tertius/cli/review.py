"""`tertius review`: accept, reject or correct claims, one by one or by a sheet out and back."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tertius.ledger import Claim
    from tertius.ledger.store import Ledger


def review(
    ledger: Annotated[Path, typer.Argument(help="The ledger file.")],
    target: Annotated[str | None, typer.Option(help="Only claims on this state, ISO3.")] = None,
    text: Annotated[str | None, typer.Option(help="Only claims with these words.")] = None,
    status: Annotated[
        str, typer.Option(help="standing, quarantined, copy, rejected or corrected.")
    ] = "standing",
    limit: Annotated[int, typer.Option(min=1, help="At most so many claims.")] = 50,
    reviewer: Annotated[str, typer.Option(help="Who decides; stands in each decision.")] = "reviewer",
    on: Annotated[str | None, typer.Option(help="Day of the decisions; today if not given.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write a sheet to decide in, .csv or .jsonl, and stop.")
    ] = None,
    sheet: Annotated[Path | None, typer.Option(help="Read decisions back from a sheet.")] = None,
    admit: Annotated[str | None, typer.Option(help="Trust this publisher and release its claims.")] = None,
) -> None:
    """Accept, reject or correct claims; each decision is kept as a statement of its own."""
    from tertius.errors import InputError
    from tertius.ledger.store import Ledger

    if out is not None and sheet is not None:
        raise InputError("--out writes a sheet and --sheet reads one; give one of them")
    if not ledger.is_file():
        raise InputError(f"{ledger}: no such ledger file")
    day = on or date.today().isoformat()
    with Ledger.open(ledger) as opened:
        if admit is not None:
            typer.echo(f"{admit}: {opened.admit(admit)} claims released from quarantine")
        elif sheet is not None:
            _read_sheet(opened, sheet, reviewer, day)
        else:
            found = opened.claims(target, text=text, limit=limit, status=(status,))
            _write_sheet(found, out) if out is not None else _ask(opened, found, reviewer, day)


def _write_sheet(found: list[Claim], out: Path) -> None:
    from tertius.errors import InputError
    from tertius.ledger.review import to_csv, to_jsonl

    if out.suffix not in (".csv", ".jsonl"):
        raise InputError(f"{out}: a sheet ends in .csv or .jsonl")
    temporary = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(
            to_csv(found) if out.suffix == ".csv" else to_jsonl(found), encoding="utf-8", newline=""
        )
        temporary.replace(out)
    except OSError as error:
        raise InputError(f"{out}: {error.strerror}") from None
    finally:
        temporary.unlink(missing_ok=True)
    typer.echo(
        f"{out}: {len(found)} claims; write accept, reject or correct in `decision`, then --sheet {out}"
    )


def _read_sheet(opened: Ledger, sheet: Path, reviewer: str, day: str) -> None:
    from tertius.errors import InputError
    from tertius.ledger.review import from_sheet

    try:
        text = sheet.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{sheet}: {getattr(error, 'strerror', None) or 'not UTF-8 text'}") from None
    every = ("standing", "accepted", "rejected", "corrected", "quarantined", "copy")
    known = {claim.id: claim for claim in opened.claims(status=every)}
    decided = from_sheet(text, known, reviewer=reviewer, on=day, name=sheet.name)
    report = opened.add(decided.statements)
    typer.echo(
        f"{report.added} decisions kept, {report.known} known already, {decided.undecided} rows left alone"
    )


def _ask(opened: Ledger, found: list[Claim], reviewer: str, day: str) -> None:
    """Go through the claims one by one; every answer is kept at once, so stopping loses nothing."""
    from tertius.ledger.review import verdict

    if not found:
        typer.echo("no claims to review")
    for number, claim in enumerate(found, 1):
        _show(claim, number, len(found))
        answer = _choice()
        if answer == "q":
            break
        if answer == "c":
            opened.add([verdict(claim, "correct", reviewer=reviewer, on=day, changes=_changes(claim))])
        elif answer in ("a", "r"):
            opened.add([verdict(claim, "accept" if answer == "a" else "reject", reviewer=reviewer, on=day)])
    counts = ", ".join(f"{count} {status}" for status, count in opened.statuses().items())
    typer.echo(f"ledger: {counts}")


def _show(claim: Claim, number: int, total: int) -> None:
    from rich.console import Console
    from rich.panel import Panel
    from rich.text import Text

    from tertius.ledger.review import EDITABLE, cell

    lines = [
        claim.text,
        "",
        f"{claim.doc.publisher}, said {claim.said or claim.doc.published}, rule {claim.rule}",
    ]
    lines += [f"{name}: {cell(claim, name)}" for name in EDITABLE if cell(claim, name) and name != "summary"]
    Console(highlight=False).print(Panel(Text("\n".join(lines)), title=f"{number} of {total}"))


def _choice() -> str:
    while True:
        answer: str = typer.prompt("accept, reject, correct, skip, quit [a/r/c/s/q]", default="s")
        if answer[:1].lower() in ("a", "r", "c", "s", "q"):
            return answer[:1].lower()
        typer.echo("a, r, c, s or q")


def _changes(claim: Claim) -> dict[str, object]:
    """Ask for one field after another until the reviewer enters nothing."""
    from tertius.errors import unknown
    from tertius.ledger.review import EDITABLE, cell, typed

    changes: dict[str, object] = {}
    while True:
        name = typer.prompt("field (empty when done)", default="", show_default=False).strip()
        if not name and changes:
            return changes
        if name not in EDITABLE:
            typer.echo(unknown("field", name, EDITABLE))
            continue
        changes[name] = typed(name, typer.prompt(name, default=cell(claim, name)))
