"""`tertius read` and `tertius brief`: from articles and feeds to claims."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tertius.ledger.batch import Report
    from tertius.ledger.brief import Brief, Effects, Line
    from tertius.ledger.extract import Article
    from tertius.ledger.read import Given, Unread
    from tertius.ledger.record import Claim

_MANY = 50  # files from which worker processes pay
_SHOWN = 500  # reasons listed before the rest is counted


def read(
    paths: Annotated[
        list[Path], typer.Argument(help="Articles (text, HTML, RSS/Atom, JSONL) or folders of them.")
    ],
    date: Annotated[
        str, typer.Option(help="Date of the articles, 2026-01-14; needed for 'on the 13th'.")
    ] = "",
    publisher: Annotated[str, typer.Option(help="Who published them.")] = "",
    ledger: Annotated[
        Path | None, typer.Option(help="Ledger file to add the claims to; made if absent.")
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(
            "--processes",
            "-p",
            min=1,
            help="Worker processes (with --ledger); one per core for more than 50 files if left out.",
            show_default=False,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the claims as JSONL.")] = False,
) -> None:
    """Read articles and feeds into claims."""
    from tertius.ledger.read import files, given

    metadata, found = given(date, publisher), files(paths)
    if ledger is None:
        _read_aloud(found, metadata, as_json=as_json)
    else:
        _read_into(ledger, found, metadata, processes or _processes(found))


def brief(
    paths: Annotated[list[Path], typer.Argument(help="Articles to set side by side.")],
    date: Annotated[str, typer.Option(help="Date of the articles, 2026-01-14.")] = "",
    publisher: Annotated[str, typer.Option(help="Who published them.")] = "",
    ledger: Annotated[
        Path | None,
        typer.Option(
            help="A ledger to hold them against (SQLite, JSONL or Parquet): conflicts, and what they add to it."
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the page here (brief.html).")] = None,
    target: Annotated[
        str | None, typer.Option(help="Of the assessment that the articles may move: name or ISO3 code.")
    ] = None,
    sender: Annotated[list[str] | None, typer.Option(help="Its sender or group; may be repeated.")] = None,
    measure: Annotated[
        list[str] | None, typer.Option(help="Its measure, as in tertius assess; may be repeated.")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Its as-of date; nothing said later counts.")
    ] = None,
) -> None:
    """Read articles and write one page about what they claim, and what of it moves an assessment."""
    from tertius.ledger.brief import brief as make
    from tertius.ledger.brief import write
    from tertius.ledger.read import files, given

    effects = _effects(target, sender or [], measure or [], as_of, ledger)
    articles, unread = _articles(files(paths), given(date, publisher))
    _complain(unread)
    _need(articles, unread)
    content = make(articles, others=_held(ledger), effects=effects)
    _show_brief(content)
    if out is not None:
        typer.echo(f"page: {write(content, out)}")


def _effects(
    target: str | None, senders: list[str], measures: list[str], as_of: str | None, ledger: Path | None
) -> Callable[[Sequence[Claim]], Effects] | None:
    """What an assessment follows; None where none was asked for."""
    if target is None and not senders and not measures and as_of is None:
        return None
    from tertius.cli.assess import scenario_of
    from tertius.errors import InputError
    from tertius.ledger.brought_in import read_ledger
    from tertius.leverage.effects import effects_on

    if target is None:
        raise InputError("--target: missing; the other options name an assessment, and of whom is not said")
    scenario = scenario_of(target, senders, measures, as_of)
    return effects_on(scenario, None if ledger is None else read_ledger(ledger, scenario.target))


def _held(ledger: Path | None) -> tuple[Claim, ...]:
    from tertius.ledger.brought_in import read_ledger

    return () if ledger is None else read_ledger(ledger).standing


def _articles(found: Sequence[Path], metadata: Given) -> tuple[list[Article], list[Unread]]:
    from tertius.ledger.read import Unread, articles

    read = [one for path in found for one in articles(path, metadata)]
    return [a for a in read if not isinstance(a, Unread)], [u for u in read if isinstance(u, Unread)]


def _need(articles: Sequence[Article], unread: Sequence[Unread]) -> None:
    from tertius.errors import InputError

    if not articles:
        raise InputError(f"nothing could be read ({len(unread)} refused)")


# -- reading -------------------------------------------------------------------------------------------


def _read_aloud(found: Sequence[Path], metadata: Given, *, as_json: bool) -> None:
    """Read and print, one article at a time."""
    from tertius.ledger.extract import RuleExtractor
    from tertius.ledger.measured import measured
    from tertius.ledger.read import Unread, articles
    from tertius.ledger.sentence import quoting

    reader, unread, undated, read = RuleExtractor(), [], [], 0
    for path in found:
        for article in articles(path, metadata):
            if isinstance(article, Unread):
                unread.append(article)
                continue
            read += 1
            if not article.doc.published:
                undated.append(article.doc.title or path.name)
            claims = [quoting(c, article.text) for c in measured(article, reader.extract(article))]
            _print_claims(path.name, article, claims, as_json=as_json)
    _warn(undated)
    _complain(unread)
    if not read:
        _need([], unread)


def _print_claims(name: str, article: Article, claims: Sequence[Claim], *, as_json: bool) -> None:
    from tertius.ledger.brief import lines

    if as_json:
        for claim in claims:
            typer.echo(claim.to_json())
    else:
        _table(f"{article.doc.title or name}: {len(claims)} claims", lines(article, claims))


def _processes(found: Sequence[Path]) -> int:
    """One per core where it pays: a worker takes two seconds to start."""
    return (os.cpu_count() or 1) if len(found) > _MANY else 1


def _read_into(path: Path, found: Sequence[Path], metadata: Given, processes: int) -> None:
    from tertius.cli.bar import Bar
    from tertius.ledger.batch import read_into
    from tertius.ledger.store import Ledger

    with Ledger.open(path) as ledger, Bar(shown=len(found) > 1) as bar, _interruptible() as cancelled:
        report = read_into(
            ledger, path, found, metadata, processes=processes, progress=bar, cancelled=cancelled
        )
    _warn(report.undated)
    _complain(report.unread)
    _sum_up(report, path)


def _sum_up(report: Report, path: Path) -> None:
    from tertius.errors import InputError

    known = f", {report.known} read before" if report.known else ""
    typer.echo(f"{report.read} articles read{known}, {report.claims} claims in {path}")
    if report.cancelled:
        typer.echo("stopped; the same command goes on where it stopped", err=True)
        raise typer.Exit(130)
    if not report.read and not report.known:
        raise InputError(f"nothing could be read ({len(report.unread)} refused)")


def _warn(undated: Sequence[str]) -> None:
    if undated:
        some = _printable(", ".join(undated[:3])) + (" ..." if len(undated) > 3 else "")
        typer.echo(
            f"no date for {len(undated)} ({some}): relative dates stay unresolved; "
            "give one with --date 2026-01-14",
            err=True,
        )


def _complain(unread: Sequence[Unread]) -> None:
    for one in unread[:_SHOWN]:
        typer.echo(f"not read: {_printable(str(one))}", err=True)
    if len(unread) > _SHOWN:
        typer.echo(f"not read: {len(unread) - _SHOWN} more", err=True)


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Return the first Ctrl-C ends the batch after the current article, the second at once."""
    asked: list[int] = []

    def ask(number: int, _: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)


# -- showing -------------------------------------------------------------------------------------------


def _table(title: str, rows: Sequence[Line]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=escape(title), title_justify="left", box=None, pad_edge=False)
    for name in ("who", "what", "how", "when", "says who", "words"):
        table.add_column(name, overflow="fold")
    for row in rows:
        cells = (row.who, row.what, row.how, row.when, row.voices, row.span)
        table.add_row(*(escape(_printable(cell)) for cell in cells), style="red" if row.claim.negated else "")
    Console().print(table)


def _printable(text: str) -> str:
    """Text without control characters: an article must not be able to steer the terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def _show_brief(content: Brief) -> None:
    from rich.console import Console
    from rich.markup import escape

    _warn([a.doc.title or a.doc.id for a in content.undated])
    _table(f"{len(content.articles)} articles, {len(content.lines)} claims", content.lines)
    console = Console()
    for conflict in content.conflicts:
        console.print(f"[bold]{conflict.kind}[/bold]: {escape(_printable(conflict.what))}")
        for claim in conflict.claims:
            said = f"{claim.doc.publisher or claim.doc.id}: {claim.text}"
            console.print(f"  {escape(_printable(said))}")
    if not content.conflicts:
        console.print("Nothing here rules out anything else here.")
    _show_effects(content.effects)


def _show_effects(effects: Effects | None) -> None:
    """What of it moves the leverage curve, before and after."""
    from rich.console import Console
    from rich.markup import escape

    console = Console()
    if effects is None:
        console.print("No assessment was asked for: --target, --sender, --measure and --as-of name one.")
        return
    console.print(f"[bold]What moves the leverage curve[/bold] ({escape(_printable(effects.question))})")
    for row in effects.rows:
        console.print(escape(_printable(f"  {row.what}: {row.before} to {row.after}")))
    if not effects.rows:
        console.print("  Nothing here moves a number of this assessment.")
    for reason in effects.unused:
        console.print(escape(_printable(f"  not used: {reason}")))
