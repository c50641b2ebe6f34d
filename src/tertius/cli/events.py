"""`tertius events`: bulk event files into monthly dyad series and indicators."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from tertius.ledger.bulk import BatchReport, DyadSeries, EventBatch
    from tertius.ledger.indicators import Indicator

# Options may follow the files, which a group of commands would otherwise take for the name of a command.
app = typer.Typer(
    help="Read GDELT, ICEWS, POLECAT or PLOVER event files into monthly dyad series.",
    context_settings={"allow_interspersed_args": True},
)


@app.callback(invoke_without_command=True)
def events(
    paths: Annotated[list[Path], typer.Argument(metavar="FILES...", help="Event files, or folders of them.")],
    format: Annotated[  # noqa: A002 - the option is called --format
        str,
        typer.Option(help="auto, gdelt1, gdelt1-backfile, gdelt2, icews, icews-facts, polecat or plover."),
    ] = "auto",
    dyad: Annotated[
        tuple[str, str], typer.Option(metavar="ACTOR RECIPIENT", help="Who acts and on whom, names or codes.")
    ] = ("", ""),
    trigger: Annotated[
        list[str] | None,
        typer.Option(
            help="Month (2012-03), or a sender (USA): the months of its unusual pressure on the recipient."
        ),
    ] = None,
    window: Annotated[int, typer.Option(min=1, help="Months a trigger is felt, its own included.")] = 3,
    weight: Annotated[str, typer.Option(help="events, sources or confidence.")] = "events",
    since: Annotated[str, typer.Option(metavar="YYYY-MM", help="First month.")] = "",
    until: Annotated[str, typer.Option(metavar="YYYY-MM", help="Last month.")] = "",
    aliases: Annotated[
        Path | None, typer.Option(help="Tab-separated name and country of further actors.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write all series: .parquet or .csv.")] = None,
    memory: Annotated[str, typer.Option(help="Memory limit; the rest goes to disk.")] = "1GB",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the monthly series of a dyad, or the busiest dyads, and what could not be read."""
    from tertius.ledger.bulk import read_events

    _checked_out(out)
    console = _console()
    with (
        console.status("reading") as status,
        read_events(
            paths,
            format=format,
            weight=weight,  # type: ignore[arg-type]
            since=since,
            until=until,
            aliases=_aliases(aliases),
            memory=memory,
            progress=lambda done, total, note: status.update(f"{done}/{total} files, {note}"),
        ) as batch,
    ):
        found = _findings(batch, dyad, trigger or [], window)
        written = batch.write(out) if out else None
    if as_json:
        typer.echo(json.dumps(_document(found, out, written), ensure_ascii=False, indent=1, allow_nan=False))
    else:
        _show(found, out, written)


class _Findings:
    """What one call prints."""

    def __init__(self, report: BatchReport) -> None:
        self.report = report
        self.busiest: tuple[tuple[str, str, int], ...] = ()
        self.series: DyadSeries | None = None
        self.indicators: tuple[Indicator, ...] = ()
        self.triggers: tuple[str, ...] = ()


def _console() -> Console:
    from rich.console import Console

    return Console(stderr=True)


def _checked_out(out: Path | None) -> None:
    """Say at once, not after minutes of reading, that the result cannot be written."""
    from tertius.errors import InputError

    if out and not out.parent.is_dir():
        raise InputError(f"--out: there is no folder {out.parent}")
    if out and out.suffix not in {".parquet", ".csv"}:
        raise InputError(f'--out: cannot write "{out.suffix}" files. Possible: .parquet, .csv.')


def _aliases(path: Path | None) -> dict[str, str]:
    """Read name -> country from two columns of text; every bad line is reported."""
    from tertius.errors import DataError

    if path is None:
        return {}
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: cannot be read: {error}") from error
    cells = [line.split("\t") for line in lines]
    bad = [
        f"{path}:{k}: expected 2 columns, a name and a country, found {len(row)}"
        for k, row in enumerate(cells, 1)
        if len(row) != 2
    ]
    if bad:
        raise DataError(bad)
    return {name: _country(code, f"{path}:{k}") for k, (name, code) in enumerate(cells, 1)}


def _country(name: str, where: str) -> str:
    from tertius.errors import UnknownNameError
    from tertius.ledger.bulk.actors import country, default_resolver

    found = country(name, default_resolver())
    if found is None:
        raise UnknownNameError(f'{where}: unknown country "{name}"; names and ISO 3166 codes are possible')
    return found


def _findings(batch: EventBatch, dyad: tuple[str, str], trigger: list[str], window: int) -> _Findings:
    from tertius.errors import InputError
    from tertius.ledger import indicators

    found = _Findings(batch.report())
    if not any(dyad):
        if trigger:
            raise InputError("--trigger needs --dyad: the lift is that of one actor's flow to one recipient")
        found.busiest = batch.dyads()
        return found
    actor, recipient = (_country(name, "--dyad") for name in dyad)
    found.series = batch.series(actor, recipient)
    positions = sorted({k for text in trigger for k in _positions(batch, found.series, text)})
    found.triggers = tuple(str(found.series.months[k]) for k in positions)
    found.indicators = indicators.of_series(found.series, positions, window)
    return found


def _positions(batch: EventBatch, series: DyadSeries, text: str) -> tuple[int, ...]:
    """Positions of a trigger given as a month, or as the state that presses the recipient."""
    import re

    import numpy as np

    from tertius.errors import InputError
    from tertius.ledger.indicators import trigger_months

    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        at = np.flatnonzero(series.months == np.datetime64(text, "M"))
        if not at.size:
            raise InputError(f"--trigger: {text} is outside {series.months[0]} to {series.months[-1]}")
        return (int(at[0]),)
    return trigger_months(batch.series(_country(text, "--trigger"), series.recipient).counts[:, 3])


def _rows(series: DyadSeries) -> list[dict[str, Any]]:
    """List the series month by month; a month that was not observed has no numbers."""
    names = ("verbal_cooperation", "material_cooperation", "verbal_conflict", "material_conflict")
    rows: list[dict[str, Any]] = []
    for k, month in enumerate(series.months):
        seen = bool(series.observed[k])
        columns = {
            **dict(zip(names, series.counts[k], strict=True)),
            "verbal": series.verbal[k],
            "material": series.material[k],
            "pledges": series.pledges[k],
            "deliveries": series.deliveries[k],
        }
        rows.append({"month": str(month), **{key: float(v) if seen else None for key, v in columns.items()}})
    return rows


def _document(found: _Findings, out: Path | None, written: int | None) -> dict[str, Any]:
    """Everything one call found, ready for JSON."""
    document: dict[str, Any] = {
        "report": asdict(found.report),
        "written": {"path": str(out), "rows": written},
    }
    if out is None:
        del document["written"]
    if found.series is None:
        return document | {
            "dyads": [dict(zip(("actor", "recipient", "events"), d, strict=True)) for d in found.busiest]
        }
    return document | {
        "dyad": {"actor": found.series.actor, "recipient": found.series.recipient, "unit": found.series.unit},
        "months": _rows(found.series),
        "triggers": list(found.triggers),
        "indicators": [each.to_dict() for each in found.indicators],
    }


def _show(found: _Findings, out: Path | None, written: int | None) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    _show_report(console, found.report)
    if found.series is None:
        _show_busiest(console, found.busiest)
    else:
        _show_series(console, found.series)
        _show_indicators(console, found)
    if out:
        console.print(f"{written} rows written to {out}", markup=False)


def _show_report(console: Console, report: BatchReport) -> None:
    share = report.dyadic / report.events if report.events else 0.0
    lines = [
        (
            f"{len(report.read)} files, {report.rows} rows, {report.events} events, "
            f"{report.first} to {report.last}"
        ),
        (
            f"{report.dyadic} events ({share:.0%}) name two countries, "
            f"{report.dyadic - report.classed} of them have no class"
        ),
    ]
    if report.weighed < report.dyadic:
        lines.append(f"{report.dyadic - report.weighed} events have no weight and count 0")
    if report.stray:
        lines.append(f"{report.stray} events lie outside these months")
    if report.events > report.dated:
        lines.append(f"{report.events - report.dated} events have no date that can be read")
    if report.strangers:
        lines.append("without a country: " + ", ".join(f"{name} ({n})" for name, n in report.strangers[:6]))
    if report.oddities:
        lines.append("codes not known: " + ", ".join(f"{code} ({n})" for code, n in report.oddities[:6]))
    notes = [f"{path}: {note}" for path, _, note in report.read if note]
    for line in [*lines, *notes, *(f"not read: {each}" for each in report.bad)]:
        console.print(line, markup=False, soft_wrap=True)


def _show_busiest(console: Console, busiest: tuple[tuple[str, str, int], ...]) -> None:
    from rich.table import Table

    table = Table("actor", "recipient", "events", title="Dyads with most events")
    for actor, recipient, n in busiest:
        table.add_row(actor, recipient, str(n))
    console.print(table)


def _show_series(console: Console, series: DyadSeries) -> None:
    """Twelve months at a time, so that a decade fits the screen."""
    from rich.table import Table

    names = ("verbal coop.", "material coop.", "verbal confl.", "material confl.", "pledges", "deliveries")
    table = Table(
        "year", "months", *names, title=f"{series.actor} -> {series.recipient}, {series.unit} a year"
    )
    years = series.months.astype("datetime64[Y]")
    for year in sorted(set(years.tolist())):
        here = (years == year) & series.observed
        sums = [*series.counts[here].sum(axis=0), series.pledges[here].sum(), series.deliveries[here].sum()]
        table.add_row(str(year.year), str(int(here.sum())), *(f"{v:g}" for v in sums))
    console.print(table)


def _show_indicators(console: Console, found: _Findings) -> None:
    from rich.table import Table

    table = Table(
        "indicator",
        "value",
        "unit",
        "rests on",
        "coverage",
        title=f"Triggers: {', '.join(found.triggers) or 'none'}",
    )
    for each in found.indicators:
        value = "unknown" if each.value is None else f"{each.value:.3f}"
        n, what = each.rests_on
        table.add_row(
            each.name, value, each.unit, each.why_unknown or f"{n} {what}", f"{each.coverage:.0%} of months"
        )
    console.print(table)
