"""The assessment on a terminal: tables that fit 100 columns, and one lifeline broken down to its claims."""

from __future__ import annotations

import dataclasses
import re
import textwrap
from typing import TYPE_CHECKING

from tertius import countries
from tertius.errors import UnknownNameError, unknown
from tertius.leverage.assessment import Quantity
from tertius.report import numbers, tables
from tertius.report.figures import as_points, largest
from tertius.report.names import Names
from tertius.report.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from tertius.leverage.assessment import Assessment, Lifeline

WIDTH = 100
SHOWN, PAYERS, GAP, DISPUTED = 10, 3, 5, 4
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
    """Print the answer: what is left, what breaks, the largest lifelines, what it costs, what to verify."""
    names = Names(assessment)
    _heading(assessment, names, console)
    _table(tables.breaking(assessment, few=4), console, "What is left of the leverage, and what breaks")
    _table(tables.losses(assessment), console, "Loss by horizon", remarks=False)
    _lifelines(assessment, console)
    _gap(assessment, names, console)
    _table(tables.sender(assessment), console, "What it costs the sender (negative: gain)")
    _table(tables.third_parties(assessment), console, "Third parties hit hardest", rows=PAYERS)
    _table(tables.needs(assessment), console, "What the target's civilians go short of")
    _enforced(assessment, console)
    _swing(assessment, console)
    _moved(assessment, console)
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
    _say(assessment.headline, console, style="bold")
    who = f"target {names.with_code(assessment.target)}, sender {names.countries(assessment.sender)}"
    asked = f"{'; '.join(assessment.measures)}; as of {assessment.as_of}, dollars of {assessment.price_year}"
    _say(f"{who}; {asked}; numbers read central [low–high]", console)


def _lifelines(assessment: Assessment, console: Console) -> None:
    lines = largest(assessment.lifelines, SHOWN)
    kept = dataclasses.replace(assessment, lifelines=tuple(lines))
    _table(tables.brief_lifelines(kept), console, "Largest lifelines, the weakest first", remarks=False)
    rest = len(assessment.lifelines) - len(lines)
    smaller = f"{rest} smaller lifelines: --json, --report; " if rest > 0 else ""
    _say(f"{smaller}~ order not determined; q* is commercial, a lower bound", console)


def _gap(assessment: Assessment, names: Names, console: Console) -> None:
    ranked = sorted(assessment.attribution, key=lambda x: -abs(x.points.central or 0.0))
    said = [f"{names.lifeline(x.supporter, x.channel)} {numbers.text(x.share)}" for x in ranked[:GAP]]
    rest = [x.share.central for x in ranked[GAP:] if x.share.central is not None]
    if rest:
        said.append(f"{len(rest)} others {numbers.number(100 * sum(rest))} %")
    _title("Who accounts for the gap between all comply and now (Shapley)", console)
    _say("; ".join(said) or "nobody", console)


def _enforced(assessment: Assessment, console: Console) -> None:
    table = tables.enforced(assessment)
    if table is None:
        return
    heads = ", ".join(column.head for column in table.columns)
    said = [
        f"{line.label}: {', '.join(_cell(cell, shared=True) for cell in line.cells)}".replace(
            " %", "\N{NO-BREAK SPACE}%"
        )
        for line in table.lines
    ]
    _title(f"If the threat is carried out against all still in at q, % of income ({heads})", console)
    _say("; ".join(said), console)


def _swing(assessment: Assessment, console: Console) -> None:
    _title(
        "Disputed, the first to verify first (low to high reading; change of L(5 %); of the full loss)",
        console,
    )
    for at, x in enumerate(assessment.swing[:DISPUTED], start=1):
        change, loss = numbers.text(as_points(x.leverage_at_5)), numbers.text(x.loss_all)
        loss = loss.removesuffix(" of the target's real income")
        _say(f"{at}. {x.what}: {_range(x.reading_low, x.reading_high)}; {change}; {loss}", console, indent=2)
    if len(assessment.swing) > DISPUTED:
        _say(f"{len(assessment.swing) - DISPUTED} more are in --json and --report", console)


def _range(low: str, high: str) -> str:
    """Say a unit both readings share once: "0.3 to 1 probability"."""
    start, _, unit = low.partition(" ")
    return f"{start} to {high}" if unit and unit == high.partition(" ")[2] else f"{low} to {high}"


def _moved(assessment: Assessment, console: Console) -> None:
    """What the claims a user read change, and what became of the rest."""
    found = assessment.moved
    if found is None:
        return
    rows = [*found.topics, *([found.together] if found.together and len(found.topics) > 1 else [])]
    said = [row.why if row.topic == "all" else f"{row.what}: {row.why}" for row in rows]
    _listing(f"What the ledger you gave moves ({found.read} claims)", said or [found.note], console)
    _listing("Read and not used", [f"{row.count} {row.reason}" for row in found.unused], console)


def _endings(assessment: Assessment, console: Console) -> None:
    held = sum(check.holds for check in assessment.checks)
    _title(f"Laws checked in this run: {held} of {len(assessment.checks)} hold", console)
    for check in assessment.checks:
        if not check.holds:
            _say(f"FAILS: {check.law} ({check.detail})", console, indent=2)
    _listing("Not known", assessment.unknown, console)
    p = assessment.provenance
    _title("Provenance", console)
    _say(
        f"{p.package}, world {p.snapshot}, scenario {p.scenario}, ledger {p.ledger}, seed {p.seed}; "
        f"{p.exact_solves:,} exact solves, {p.exact_draws:,} exact and {p.interpolated_draws:,} interpolated draws, {p.seconds:.1f} s; "
        f"worst residual {p.worst_residual:.1e} at {p.worst_residual_at or 'no cell'}",
        console,
    )


def _table(
    table: tables.Table, console: Console, title: str, rows: int | None = None, *, remarks: bool = True
) -> None:
    """Print a table that has rows; a unit all columns share stands in its title."""
    from rich.table import Table as RichTable
    from rich.text import Text

    if not table.lines:
        return
    kept = [at for at, column in enumerate(table.columns) if column.essential]
    units = {at: _brief(table.shared_unit(at)) for at in kept}
    common = units[kept[0]] if len(set(units.values())) == 1 else ""
    _title(f"{title}, {common}" if common else title, console)
    heads = [
        table.columns[at].head if common else f"{table.columns[at].head}\n{units[at]}".rstrip() for at in kept
    ]
    drawn = RichTable(box=None, padding=(0, 1, 0, 0), header_style="bold", show_edge=False)
    for head in (table.head, *heads):
        drawn.add_column(Text(head), overflow="fold")
    for line in table.lines[:rows]:
        label = f"{line.label}\n{line.remark}" if line.remark and remarks else line.label
        drawn.add_row(Text(label), *(Text(_cell(line.cells[at], shared=bool(units[at]))) for at in kept))
    console.print(drawn, width=min(WIDTH, console.width))
    if rows is not None and len(table.lines) > rows:
        _say(f"{len(table.lines) - rows} more are in --json and --report", console)


def _brief(unit: str) -> str:
    """Leave out of a unit what the heading says: the price year, and whose income."""
    return re.sub(
        r",? \d{4}\b", "", re.sub(r"(the target's|own|the supporter's) real income", "income", unit)
    )


def _cell(value: tables.Cell, *, shared: bool) -> str:
    if not isinstance(value, Quantity):
        return value
    return numbers.text(value, space="\N{NO-BREAK SPACE}", with_unit=not shared)


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
