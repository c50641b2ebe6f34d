"""`tertius claims`: what the ledger holds, its conflicts and its funnels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_args

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from tertius.ledger import Claim
    from tertius.ledger.conflict import Conflict
    from tertius.ledger.link import Funnel


def claims(
    target: Annotated[str | None, typer.Option(help="Target state, ISO3 (IRN, CUB, VEN, PRK, RUS).")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Only what had been said by this day (2026-01-13).")
    ] = None,
    supporter: Annotated[str | None, typer.Option(help="Supporter, ISO3.")] = None,
    channel: Annotated[str | None, typer.Option(help="open, shielded, aid, security or verbal.")] = None,
    topic: Annotated[
        str | None, typer.Option(help='Machine key or its beginning ("IRN.china_share").')
    ] = None,
    stage: Annotated[str | None, typer.Option(help="From denied to delivered, suspended or lapsed.")] = None,
    text: Annotated[str | None, typer.Option(help="Words that must all occur.")] = None,
    ledger: Annotated[
        Path | None, typer.Option(help="A ledger file; its claims are listed with the embedded ones.")
    ] = None,
    conflicts: Annotated[
        bool, typer.Option("--conflicts", help="Only what cannot all hold, side by side.")
    ] = False,
    funnel: Annotated[str | None, typer.Option(help="What became of the commitments to this state.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write the ledger page of these claims to this file.")
    ] = None,
    article: Annotated[
        list[Path] | None,
        typer.Option(
            help="With --html: texts or folders the claims were read from, to show whole sentences; may be repeated."
        ),
    ] = None,
) -> None:
    """List the claims a result relies on, and their conflicts."""
    from tertius.ledger.conflict import conflicts as find_conflicts
    from tertius.ledger.link import funnel as find_funnel
    from tertius.ledger.select import select

    _check_output(html, article, as_json=as_json)
    held = _held(ledger)
    target, supporter = _upper(funnel or target), _upper(supporter)
    _check(held, target=target, supporter=supporter, channel=channel, stage=stage, topic=topic)
    found = select(
        held,
        target,
        supporter=supporter,
        channel=channel,
        topic=topic,
        stage=stage,
        text=text,
        as_of=as_of,
    )
    if html is not None:
        given = {
            "target": target, "supporter": supporter, "channel": channel, "topic": topic, "stage": stage,
            "text": text, "as-of": as_of,
        }  # fmt: skip
        _write_page(html, found, given, ledger, article or [])
    elif funnel:
        _show_funnels(find_funnel(found, str(target)), as_json=as_json)
    elif conflicts:
        _show_conflicts(find_conflicts(found), as_json=as_json)
    else:
        _show_claims(found, as_json=as_json)


def _upper(code: str | None) -> str | None:
    return None if code is None else code.strip().upper()


def _held(ledger: Path | None) -> list[Claim]:
    """Return the embedded claims and those of a ledger file, each id once, oldest said first."""
    from tertius.errors import InputError
    from tertius.ledger import load_curated
    from tertius.ledger.store import Ledger

    held = {claim.id: claim for claim in load_curated()}
    if ledger is not None:
        if not ledger.is_file():
            raise InputError(f"{ledger}: no such ledger file")
        with Ledger.open(ledger) as opened:
            held |= {claim.id: claim for claim in opened.claims()}
    return sorted(held.values(), key=lambda c: (str(c.known_on or ""), c.target, c.id))


def _check(held: list[Claim], **given: str | None) -> None:
    """Refuse names that no claim has, all at once, with what is possible."""
    from tertius.errors import UnknownNameError, unknown
    from tertius.ledger.record import Channel, Stage
    from tertius.ledger.topics import topics

    possible = {
        "target": sorted({c.target for c in held if c.target}),
        "supporter": sorted({c.supporter for c in held if c.supporter}),
        "channel": list(get_args(Channel)),
        "stage": list(get_args(Stage)),
    }
    problems = [
        unknown(name, value, possible[name], where=f"--{name}")
        for name, value in given.items()
        if value is not None and name in possible and value not in possible[name]
    ]
    begun = given["topic"]
    if begun and not any(c.topic.startswith(begun) for c in held):
        problems.append(unknown("topic", begun, sorted(topics()), where="--topic"))
    if problems:
        raise UnknownNameError(problems)


# -- the page -----------------------------------------------------------------------------------------


def _check_output(html: Path | None, article: list[Path] | None, *, as_json: bool) -> None:
    """Refuse what cannot be written, before anything is read."""
    from tertius.errors import InputError

    if html is None:
        if article:
            raise InputError("--article completes sentences of the page: give --html FILE, too")
        return
    if as_json:
        raise InputError("--html and --json: choose one")
    if html.is_dir() or not html.parent.is_dir():
        what = "is a folder; give a file" if html.is_dir() else f"there is no folder {html.parent}"
        raise InputError(f"--html {html}: {what}")


def _write_page(
    path: Path, found: list[Claim], given: dict[str, str | None], ledger: Path | None, articles: list[Path]
) -> None:
    from tertius.report.ledger_page import Asked, write_ledger

    title = (
        "What is claimed about " + _subject(given)
        if given["target"] or given["supporter"]
        else "What is claimed"
    )
    filters = tuple(f"{name} {value}" for name, value in given.items() if value)
    remarks = [_from_where(ledger), *_waiting(ledger)]
    page = write_ledger(path, found, Asked(title, filters, tuple(remarks)), _texts(articles))
    typer.echo(f"page: {page} ({len(found)} claims)")


def _subject(given: dict[str, str | None]) -> str:
    from tertius.report.names import Names

    pair = [Names().country(code) for code in (given["supporter"], given["target"]) if code]
    return " and ".join(pair)


def _from_where(ledger: Path | None) -> str:
    inside = "the claims that come with the package"
    return f"From {inside} and the ledger file {ledger.name}." if ledger else f"From {inside}."


def _waiting(ledger: Path | None) -> list[str]:
    """Say what a ledger file holds that does not count yet."""
    from tertius.ledger.store import Ledger

    if ledger is None:
        return []
    with Ledger.open(ledger) as opened:
        waiting = opened.statuses().get("quarantined", 0)
    if not waiting:
        return []
    told = f"{waiting} claims of the file wait in quarantine, because nobody has vouched for their publisher"
    typer.echo(f"{told}: tertius review {ledger} --admit PUBLISHER", err=True)
    return [f"{told}; they are not shown."]


def _texts(paths: list[Path]) -> dict[str, str]:
    """Return the texts of articles by document id; what cannot be read is named and left out."""
    from tertius.ledger.read import Unread, articles, files

    read = [one for path in (files(paths) if paths else []) for one in articles(path)]
    for one in read:
        if isinstance(one, Unread):
            typer.echo(f"not read: {one}", err=True)
    return {one.doc.id: one.text for one in read if not isinstance(one, Unread)}


# -- what is shown ------------------------------------------------------------------------------------


def _show_claims(found: list[Claim], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([_record(claim) for claim in found], indent=2, ensure_ascii=False))
        return
    table = _table("said", "who", "value", "claim")
    for claim in found:
        table.add_row(*_cells(claim))
    _print(table, f"{len(found)} claims. Nothing is averaged: an interval comes from a reading of them.")


def _show_conflicts(found: list[Conflict], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([_conflict(c) for c in found], indent=2, ensure_ascii=False))
        return
    for card in found:
        table = _table("said", "who", "value", "claim")
        pair = " -> ".join(x for x in (card.supporter, card.target) if x)
        table.title = f"{card.kind}: {card.what}" + (f" ({pair})" if pair else "")
        table.title_justify = "left"
        for claim in card.claims:
            table.add_row(*_cells(claim))
        _print(table, f"Why: {'; '.join(dict.fromkeys(pair.why for pair in card.pairs))}.\n")
    typer.echo(f"{len(found)} conflicts.")


def _show_funnels(found: list[Funnel], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([_funnel(f) for f in found], indent=2, ensure_ascii=False))
        return
    for commitment in found:
        table = _table("stage", "amount", "claims")
        table.title, table.title_justify = (
            f"{commitment.commitment} ({', '.join(commitment.channels)})",
            "left",
        )
        for step in commitment.steps:
            amount = _span(step.low, None, step.high, step.unit)
            table.add_row(step.stage, amount, "\n".join(f"{c.text} [{_source(c)}]" for c in step.claims))
        told = f"Delivered of promised: {_share(commitment.share)}."
        _print(table, f"{commitment.note or told}\n")
    typer.echo(f"{len(found)} commitments.")


def _share(share: tuple[float | None, float | None] | None) -> str:
    low, high = share or (None, None)
    if low is None:
        return "unknown" if high is None else f"at most {high:.0%}"
    return f"at least {low:.0%}" if high is None else f"{low:.0%} to {high:.0%}"


def _cells(claim: Claim) -> tuple[str, str, str, str]:
    about = f"about {_period(claim)}" if claim.about and claim.about.start else ""
    pair = " -> ".join(x for x in (claim.supporter, claim.target) if x)
    how = ", ".join(x for x in (claim.channel, claim.stage, claim.legal) if x)
    value = claim.value
    amount = _span(value.low, value.central, value.high, value.unit) if value else ""
    marks = " (relay)" if claim.relay_of else ""
    marks += " (judgement)" if claim.basis == "judgement" else ""
    return (
        "\n".join(x for x in (claim.said or claim.doc.published, about) if x),
        "\n".join(x for x in (pair, how) if x),
        "\n".join(x for x in (amount, claim.topic) if x),
        f"{claim.text}\n{_source(claim)}{marks} · {claim.id[:8]}",
    )


def _source(claim: Claim) -> str:
    chain = [link.name for link in claim.attribution] or [claim.doc.publisher]
    if claim.origin and claim.origin != chain[-1]:
        chain.append(claim.origin)
    return " < ".join(chain)


def _period(claim: Claim) -> str:
    assert claim.about is not None
    start, end = claim.about.start, claim.about.end
    return start if end in ("", start) else f"{start} to {end}"


def _span(low: float | None, central: float | None, high: float | None, unit: str) -> str:
    """Write an interval: one number when its ends agree, "at least" and "up to" when one is open."""
    if low is None and central is None and high is None:
        return "no number"
    if low is not None and low == high:
        return f"{low:g} {unit}"
    if low is None and high is not None:
        return f"up to {high:g} {unit}"
    if high is None and low is not None:
        return f"at least {low:g} {unit}" + (f" ({central:g})" if central not in (None, low) else "")
    return f"{low:g} to {high:g} {unit}" + (f" ({central:g})" if central is not None else "")


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table(show_lines=True, expand=True)
    for name in columns:
        wide = name in ("claim", "claims")
        table.add_column(name, overflow="fold", ratio=5 if wide else 2, min_width=10)
    return table


def _print(table: Table, note: str) -> None:
    from rich.console import Console

    console = Console(markup=False, highlight=False)
    console.print(table)
    console.print(note)


# -- JSON -----------------------------------------------------------------------------------------------


def _record(claim: Claim) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(claim.to_json())
    return found


def _conflict(card: Conflict) -> dict[str, Any]:
    return {
        "kind": card.kind,
        "topic": card.topic,
        "what": card.what,
        "supporter": card.supporter,
        "target": card.target,
        "claims": [_record(claim) for claim in card.claims],
        "pairs": [{"a": p.a.id, "b": p.b.id, "relation": p.relation, "why": p.why} for p in card.pairs],
    }


def _funnel(commitment: Funnel) -> dict[str, Any]:
    return {
        "commitment": commitment.commitment,
        "supporter": commitment.supporter,
        "target": commitment.target,
        "channels": commitment.channels,
        "umbrella": commitment.umbrella,
        "share": commitment.share,
        "note": commitment.note,
        "steps": [
            {
                "stage": step.stage,
                "low": step.low,
                "high": step.high,
                "unit": step.unit,
                "claims": [claim.id for claim in step.claims],
            }
            for step in commitment.steps
        ],
    }
