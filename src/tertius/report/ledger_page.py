"""The ledger page: claims on a timeline by lifeline, in conflict, by stage, and one by one with their words.

One template serves the page beside a report and the page of `tertius claims --html`.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from tertius.errors import DataError, InputError
from tertius.ledger.link import ENDS, STAGES
from tertius.ledger.record import Claim
from tertius.report import numbers
from tertius.report.entries import KINDS, entries, lanes
from tertius.report.html_base import environment, resource, script_hash
from tertius.report.moved import parts
from tertius.report.names import CHANNELS, Names
from tertius.report.sides import WHAT, cards, pledges, tallies
from tertius.report.timeline import SHOWN, SIZES, legend, timeline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tertius.leverage.assessment import Assessment
    from tertius.report.entries import Entry, Lane
    from tertius.report.trace import Trace, Use

BY = {"said": "By the day it was said", "about": "By the time it is about"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page is about: a title, the filters that chose its claims, and remarks on what is left out."""

    title: str
    filters: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """Where the claims come from, so that nobody takes them for a sample."""

    claims: int
    curated: int
    read: int
    documents: int
    publishers: int
    relays: int
    undated: int


def write_ledger(
    path: str | Path, claims: Sequence[Claim], asked: Asked, texts: Mapping[str, str] | None = None
) -> Path:
    """Write the page of some claims to a file, whole or not at all.

    Parameters
    ----------
    texts : document id -> full text, from which sentences are completed; only one sentence per claim is shown.

    Raises
    ------
    InputError : the file cannot be written.
    """
    path = Path(path)
    made = ledger_page(claims, asked, texts=texts)
    try:
        handle, part = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(made)
            Path(part).chmod(0o644)
            Path(part).replace(path)
        finally:
            Path(part).unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"--html {path}: cannot be written ({error.strerror})") from error
    return path


def ledger_page(
    claims: Sequence[Claim],
    asked: Asked,
    *,
    assessment: Assessment | None = None,
    trace: Trace | None = None,
    texts: Mapping[str, str] | None = None,
) -> str:
    """Return the page as text. Everything that comes from claims is escaped.

    Parameters
    ----------
    claims : each shown once.
    assessment, trace : of the report beside it, whose numbers the records lead to.
    """
    names = Names(assessment)
    found = entries(list({claim.id: claim for claim in claims}.values()), texts)
    rows = lanes(found, names)
    order = {each.claim.id: at for at, each in enumerate(x for row in rows for x in row.entries)}
    script = resource("ledger.js")
    text = (
        environment()
        .get_template("ledger.html.j2")
        .render(
            asked=asked,
            a=assessment,
            numbers=numbers,
            lanes=rows,
            order=order,
            told=_told(found),
            pictures=_pictures(rows, order),
            legends=[
                (size, legend(width).render(f"legend-{size}", "Legend", "What the marks mean"))
                for size, width in SIZES.items()
            ],
            hidden_rows=len(rows) - SHOWN + 1 if len(rows) > SHOWN else 0,
            cards=cards(found, names, assessment),
            what=WHAT,
            pledges=pledges(found, names),
            tallies=tallies(found, names),
            uses=_uses(trace),
            moved=parts(assessment),
            choices=_choices(found, names),
            channels=CHANNELS,
            by=BY,
            css=resource("report.css") + resource("ledger.css"),
            script=script,
            script_hash=script_hash(script),
        )
    )
    return text.lstrip()


def claims_of(assessment: Assessment) -> list[Claim]:
    """Return the records an assessment carries as claims.

    Raises
    ------
    DataError : some are not claims; all of them, each with what is wrong.
    """
    made, problems = [], []
    for key, found in assessment.claims.items():
        try:
            made.append(Claim.model_validate(found))
        except ValidationError as error:
            problems += [
                f"$.claims.{key}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()
            ]
    if problems:
        raise DataError(problems)
    return made


def of_report(assessment: Assessment, trace: Trace, names: Names) -> str:
    """Return the ledger page beside a report; `trace` is that of the finished main page."""
    why = (
        f"These are the claims about {names.country(assessment.target)} and those a number of the report "
        f"rests on. Nothing said after {assessment.as_of} is among them."
    )
    asked = Asked(
        f"The claims behind it: {names.country(assessment.target)}, as of {assessment.as_of}",
        remarks=(why,),
    )
    return ledger_page(claims_of(assessment), asked, assessment=assessment, trace=trace)


def _pictures(rows: Sequence[Lane], order: Mapping[str, int]) -> dict[str, list[tuple[str, str]]]:
    """Return the timeline by each of the two dates, in each size."""
    description = "One row per lifeline; every mark leads to its claims, which stand below as text."
    return {
        by: [
            (
                size,
                timeline(rows, width, by, order).render(f"timeline-{by}-{size}", words, description, "group"),
            )
            for size, width in SIZES.items()
        ]
        for by, words in BY.items()
    }


def _told(found: Sequence[Entry]) -> Told:
    return Told(
        claims=len(found),
        curated=sum(each.claim.rule == "curated" for each in found),
        read=sum(each.claim.span is not None for each in found),
        documents=len({each.claim.doc.id for each in found}),
        publishers=len({each.claim.doc.publisher for each in found}),
        relays=sum(bool(each.claim.relay_of) for each in found),
        undated=sum(not each.record.said for each in found),
    )


def _uses(trace: Trace | None) -> dict[str, list[Use]]:
    """Return the numbers of the report each claim went into, the same words once."""
    if trace is None:
        return {}
    return {
        claim: list({(use.where, use.shown): use for use in reversed(uses)}.values())[::-1]
        for claim, uses in trace.uses.items()
    }


def _choices(found: Sequence[Entry], names: Names) -> list[dict[str, Any]]:
    """Return the filters with what each can be set to and how many claims that leaves."""
    claims = [each.claim for each in found]
    columns: list[tuple[str, str, Counter[str]]] = [
        ("target", "Target", Counter(claim.target for claim in claims)),
        ("supporter", "Supporter", Counter(claim.supporter for claim in claims)),
        ("channel", "Channel", Counter(claim.channel or "" for claim in claims)),
        ("kind", "Words or deeds", Counter(each.kind for each in found)),
        ("stage", "Stage", Counter(claim.stage or "" for claim in claims)),
    ]
    return [
        {
            "name": name,
            "label": label,
            "options": [(key, _option(name, key, names), n) for key, n in _ranked(name, counts)],
        }
        for name, label, counts in columns
        if len(counts) > 1
    ]


def _ranked(name: str, counts: Counter[str]) -> list[tuple[str, int]]:
    order: dict[str, tuple[str, ...]] = {
        "stage": (*STAGES, *ENDS),
        "channel": tuple(CHANNELS),
        "kind": tuple(KINDS),
    }
    if name in order:
        return sorted(
            counts.items(), key=lambda item: (not item[0], order[name].index(item[0]) if item[0] else 0)
        )
    return sorted(counts.items(), key=lambda item: (not item[0], -item[1], item[0]))


def _option(name: str, key: str, names: Names) -> str:
    if not key:
        return "none named"
    if name == "kind":
        return {"verbal": "words", "material": "goods, money, arms", "neither": "neither"}[key]
    return names.country(key) if name in ("target", "supporter") else key
