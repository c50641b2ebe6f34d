"""The assessment on a terminal: tables that fit 100 columns, and one lifeline broken down to its claims."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from tertius import countries
from tertius.errors import UnknownNameError, unknown
from tertius.leverage.assessment import Quantity
from tertius.report import numbers, tables
from tertius.report.figures import largest
from tertius.report.names import Names
from tertius.report.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console
    from rich.table import Table as RichTable

    from tertius.leverage.assessment import Assessment, Lifeline

WIDTH = 100
SHOWN = 20
PARTS = (
    ("q*", "q_star"),
    ("value", "value"),
    ("rent", "rent"),
    ("benefit", "benefit"),
    ("exposure", "exposure"),
    ("exposure, share of income", "exposure_share"),
    ("influence needed at q = 5 %", "influence_needed"),
    ("loss if cut", "loss_if_cut"),
)


def render(assessment: Assessment, console: Console) -> None:
    """Print the whole assessment."""
    names = Names(assessment)
    _heading(assessment, names, console)
    _table(tables.losses(assessment), console, "Loss of real income")
    _breaks(assessment, names, console)
    _table(tables.lifelines(_shortened(assessment)), console, "Lifelines in merit order")
    _left_out(len(assessment.lifelines), console)
    _table(tables.attribution(assessment), console, "Who accounts for the gap", rows=SHOWN)
    _table(tables.costs(assessment), console, "What the senders pay (negative: gain)")
    _table(tables.third_parties(assessment), console, "What third parties pay", rows=SHOWN)
    _table(tables.needs(assessment), console, "What the target's civilians go short of")
    _table(tables.swing(assessment), console, "Disputed claims, the first to verify first", rows=SHOWN)
    _endings(assessment, console)


def explain(assessment: Assessment, who: str, console: Console) -> None:
    """Break the lifelines of `who` ("China", "CHN" or "CHN shielded") down to inputs and claims.

    Raises
    ------
    UnknownNameError
        No lifeline of this assessment has that supporter.
    """
    names, trace = Names(assessment), Trace(assessment)
    asked = {who.strip().lower(), _code(who)}
    found = [line for line in assessment.lifelines if asked & _answers_to(line, names)]
    if not found:
        possible = sorted(
            {name for line in assessment.lifelines for name in (line.supporter_name, line.supporter)}
        )
        raise UnknownNameError(unknown("supporter", who, possible, where="--explain"))
    for line in found:
        _explain_line(line, names, trace, console)


def _code(who: str) -> str:
    """Return the code of an alias ("UAE") in lower case, or what was written."""
    try:
        return countries.resolve(who).lower()
    except UnknownNameError:
        return who.strip().lower()


def _answers_to(line: Lifeline, names: Names) -> set[str]:
    label = names.lifeline(line.supporter, line.channel)
    given = (
        line.supporter,
        line.supporter_name,
        label,
        label.replace(",", ""),
        f"{line.supporter} {line.channel}",
    )
    return {name.lower() for name in given}


def _explain_line(line: Lifeline, names: Names, trace: Trace, console: Console) -> None:
    _title(f"{names.lifeline(line.supporter, line.channel)} ({line.status})", console)
    basis: dict[str, int] = {}
    for label, name in PARTS:
        _explain_number(label, getattr(line, name), basis, console)
    for claim in line.claims:
        basis.setdefault(f"claim:{claim}", len(basis) + 1)
    _say(f"place in the merit order: {line.order}", console, indent=2)
    _listing("q* is made of", line.made_of, console)
    _listing("resting on", [f"[{at}] {trace.link(key).label}" for key, at in basis.items()], console, mark="")


def _explain_number(label: str, quantity: Quantity, basis: dict[str, int], console: Console) -> None:
    """Print one number with the marks of what it rests on; new sources get the next free mark in `basis`."""
    year = numbers.dated(quantity).removeprefix(numbers.unit(quantity).text)
    marks = "".join(f"[{basis.setdefault(key, len(basis) + 1)}]" for key in dict.fromkeys(quantity.sources))
    note = f" ({said})" if (said := numbers.remark(quantity)) else ""
    shown = numbers.text(quantity, space="\N{NO-BREAK SPACE}")
    _say(f"{label}: {shown}{year}{note} {marks or '(no source is given)'}", console, indent=2)


def _heading(assessment: Assessment, names: Names, console: Console) -> None:
    _title(assessment.headline, console)
    _say(f"target {names.with_code(assessment.target)}, sender {names.countries(assessment.sender)}", console)
    _say(
        f"{'; '.join(assessment.measures)}, as of {assessment.as_of}, dollars of {assessment.price_year}",
        console,
    )
    _say("numbers read central [low–high]", console)


def _breaks(assessment: Assessment, names: Names, console: Console) -> None:
    _title("What breaks", console)
    for q, broken in assessment.breaks_at.items():
        _say(f"by q = {q}: {'; '.join(names.broken(key) for key in broken) or 'nothing'}", console)


def _shortened(assessment: Assessment) -> Assessment:
    import dataclasses

    return dataclasses.replace(assessment, lifelines=tuple(largest(assessment.lifelines, SHOWN)))


def _left_out(count: int, console: Console) -> None:
    if count > SHOWN:
        _say(f"{count - SHOWN} smaller lifelines are in --json and --report", console)


def _endings(assessment: Assessment, console: Console) -> None:
    _listing(
        "Checks",
        [f"{'holds' if c.holds else 'FAILS'}: {c.law} ({c.detail})" for c in assessment.checks],
        console,
    )
    _listing("Not known", assessment.unknown, console)
    p = assessment.provenance
    _listing(
        "Provenance",
        [
            f"{p.package}, world {p.snapshot}, scenario {p.scenario}, ledger {p.ledger}, seed {p.seed}",
            f"{p.exact_solves} exact solves, {p.interpolated_draws} interpolated draws, {p.seconds:.1f} s",
            f"worst residual {p.worst_residual:.1e} at {p.worst_residual_at or 'no cell'}",
            f"deficits: {p.shift or 'unchanged'}",
        ],
        console,
    )


def _table(table: tables.Table, console: Console, title: str, rows: int | None = None) -> None:
    from rich.table import Table as RichTable
    from rich.text import Text

    _title(title, console)
    kept = [at for at, column in enumerate(table.columns) if column.essential]
    units = {at: table.shared_unit(at) for at in kept}
    drawn = RichTable(box=None, padding=(0, 1, 0, 0), header_style="bold", show_edge=False)
    for head in (table.head, *(f"{table.columns[at].head}\n{units[at]}".rstrip() for at in kept)):
        drawn.add_column(Text(head), overflow="fold")
    for line in table.lines[:rows]:
        cells = [_cell(line.cells[at], shared=bool(units[at]), stacked=len(kept) > 4) for at in kept]
        _row(drawn, line, cells)
    console.print(drawn, width=min(WIDTH, console.width))
    if rows is not None and len(table.lines) > rows:
        _say(f"{len(table.lines) - rows} more are in --json and --report", console)


def _row(drawn: RichTable, line: tables.Line, cells: list[str]) -> None:
    from rich.text import Text

    label = Text(line.label)
    if line.remark:
        label.append(f"\n{line.remark.split(':')[0]}", style="dim")
    drawn.add_row(label, *map(Text, cells))


def _cell(value: tables.Cell, *, shared: bool, stacked: bool) -> str:
    """Write a cell; a stacked one has its band on a line of its own, so that crowded tables stay even."""
    if not isinstance(value, Quantity):
        return value
    shown = numbers.text(value, space="\N{NO-BREAK SPACE}", with_unit=not shared)
    return (
        shown.replace(" [", "\n[", 1).replace(" to ", "\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}")
        if stacked
        else shown
    )


def _title(words: str, console: Console) -> None:
    console.print()
    _say(words, console, style="bold")


def _listing(title: str, sentences: Sequence[str], console: Console, *, mark: str = "- ") -> None:
    _title(title, console)
    for sentence in sentences or ("none",):
        _say(f"{mark}{sentence}", console, indent=2)


def _say(words: str, console: Console, *, style: str = "", indent: int = 0) -> None:
    from rich.text import Text

    margin, width = " " * indent, min(WIDTH, console.width)
    lines = textwrap.fill(words, width, initial_indent=margin, subsequent_indent=margin + "  " * bool(indent))
    # A Text is never read as markup, so "[1.2–4.6]" and whatever a claim holds come out as they are.
    console.print(Text(lines, style=style), soft_wrap=True)
