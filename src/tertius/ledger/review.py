"""Human review: accept, reject or correct a claim, each decision a statement of its own.

The claim stays as it was said. A correction is a further claim with the corrected fields, linked to the one
it corrects; the store then counts the correction and keeps the other as history. Reviewers can also work in a
spreadsheet: a sheet goes out, decisions come back, and rows that make no sense are refused together, before
anything is written.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from tertius.errors import DataError, did_you_mean, unknown
from tertius.ledger.record import Claim
from tertius.ledger.store import REVIEW

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Decision = Literal["accept", "reject", "correct"]

#: Fields a reviewer can correct, as columns of the sheet; "value.low" and so on reach into the interval.
EDITABLE = (
    "target",
    "supporter",
    "channel",
    "stage",
    "topic",
    "value.low",
    "value.central",
    "value.high",
    "value.unit",
    "about.start",
    "about.end",
    "origin",
    "event",
    "negated",
    "summary",
)
_SHOWN = ("id", "said", "publisher", "confidence", "text")
COLUMNS = ("decision", "note", *_SHOWN, *EDITABLE)
_FORMULA = frozenset("=+-@\t\r")
_LINKS = {"accept": "accepts", "reject": "rejects", "correct": "corrects"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Decisions read back: the statements to add, and how many rows had no decision."""

    statements: tuple[Claim, ...]
    undecided: int


def verdict(
    claim: Claim,
    decision: Decision,
    *,
    reviewer: str,
    on: str,
    note: str = "",
    changes: Mapping[str, Any] | None = None,
) -> Claim:
    """Return the statement that a decision is.

    Parameters
    ----------
    reviewer : who decides; becomes the last link of the attribution chain.
    on : day of the decision, ISO.
    changes : for "correct": field, or "value.low", to its right content.

    Raises
    ------
    DataError : nothing to correct, an unknown field, or a content the record refuses.
    """
    link = {"to": claim.id, "relation": _LINKS[decision]}
    if decision != "correct":
        text = note or f"{decision}ed by {reviewer}: {claim.text}"
        fields: dict[str, Any] = {
            "doc": claim.doc,
            "type": "statement",
            "summary": text,
            "said": on,
            "target": claim.target,
            "supporter": claim.supporter,
        }
    else:
        fields = _corrected(claim, dict(changes or {}))
    fields |= {
        "attribution": (*claim.attribution, {"name": reviewer, "kind": "reviewer"}),
        "links": [*fields.get("links", ()), link],
        "rule": REVIEW,
        "confidence": 1.0 if decision == "accept" else claim.confidence,
        "key": _key(claim, decision, reviewer, fields),
    }
    try:
        return Claim.model_validate(fields)
    except ValidationError as error:
        raise DataError([f"claim {claim.id}: {_where(e)}: {e['msg']}" for e in error.errors()]) from None


def _corrected(claim: Claim, changes: dict[str, Any]) -> dict[str, Any]:
    """Return all fields of the claim with the changes written in; the day it was said stays."""
    if not changes:
        raise DataError(f"claim {claim.id}: a correction needs at least one changed field")
    wrong = [
        unknown("field", name, EDITABLE, where=f"claim {claim.id}")
        for name in changes
        if name not in EDITABLE
    ]
    if wrong:
        raise DataError(wrong)
    fields = claim.model_dump(mode="python", by_alias=True, exclude={"id"})
    for name, content in changes.items():
        head, _, inner = name.partition(".")
        if inner:
            fields[head] = (fields[head] or {}) | {inner: content}
        else:
            fields[head] = content
    if fields["value"] and all(fields["value"].get(end) is None for end in ("low", "central", "high")):
        fields["value"] = None
    fields["said"] = claim.said or claim.doc.published
    return fields


def _key(claim: Claim, decision: str, reviewer: str, fields: Mapping[str, Any]) -> str:
    """Tell statements on one claim apart by what they say, so that handing one in twice changes nothing."""
    content = json.dumps(
        [str(fields.get(head)) for head in sorted({name.partition(".")[0] for name in EDITABLE})]
    )
    return f"{decision}:{claim.id}:{reviewer}:{hashlib.sha256(content.encode()).hexdigest()[:12]}"


# -- sheets -------------------------------------------------------------------------------------------


def to_csv(claims: Iterable[Claim]) -> str:
    """Return a sheet with one claim a row and an empty `decision` column."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _guard(text) for name, text in _row(claim).items()} for claim in claims)
    return out.getvalue()


def to_jsonl(claims: Iterable[Claim]) -> str:
    """Return the same sheet as JSON, one object a line."""
    return "".join(json.dumps(_row(claim), ensure_ascii=False) + "\n" for claim in claims)


def from_sheet(
    text: str, known: Mapping[str, Claim], *, reviewer: str, on: str, name: str = "sheet"
) -> Sheet:
    """Read decisions back from a CSV or JSONL sheet.

    Cells that differ from the claim are the correction; an empty `decision` leaves the row alone.

    Raises
    ------
    DataError : every row that cannot be carried out, with its line; nothing is returned then.
    """
    statements, problems, undecided = [], [], 0
    for line, row in _rows(text, name):
        at = f"{name}:{line}"
        decision = str(row.get("decision") or "").strip().lower()
        if not decision:
            undecided += 1
            continue
        try:
            statements.append(_decide(row, decision, known, reviewer, on, at))
        except DataError as error:
            problems += [p if p.startswith(at) else f"{at}: {p}" for p in error.problems]
    if problems:
        raise DataError(problems)
    return Sheet(tuple(statements), undecided)


def _decide(
    row: Mapping[str, Any], decision: str, known: Mapping[str, Claim], reviewer: str, on: str, at: str
) -> Claim:
    if decision not in _LINKS:
        raise DataError(f'{at}: unknown decision "{decision}".{did_you_mean(decision, list(_LINKS))}')
    claim = known.get(str(row.get("id") or ""))
    if claim is None:
        raise DataError(f'{at}: no claim with id "{row.get("id") or ""}"')
    changes = _changes(claim, row) if decision == "correct" else None
    note = str(row.get("note") or "")
    return verdict(claim, decision, reviewer=reviewer, on=on, note=note, changes=changes)  # type: ignore[arg-type]


def _row(claim: Claim) -> dict[str, str]:
    shown = {
        "id": claim.id,
        "said": claim.said or claim.doc.published,
        "publisher": claim.doc.publisher,
        "confidence": f"{claim.confidence:g}",
        "text": claim.text,
    }
    return {"decision": "", "note": ""} | shown | {name: cell(claim, name) for name in EDITABLE}


def cell(claim: Claim, name: str) -> str:
    """Return the content of an editable field as it stands in a sheet."""
    head, _, inner = name.partition(".")
    content = getattr(claim, head)
    if inner:
        content = getattr(content, inner) if content is not None else None
    return "" if content is None else str(content)


def _changes(claim: Claim, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the cells that differ, as the record's types; an emptied cell takes the content away."""
    changes: dict[str, Any] = {}
    for name in EDITABLE:
        written = _unguard(str(row.get(name) if row.get(name) is not None else ""))
        if name in row and written != cell(claim, name):
            changes[name] = typed(name, written)
    return changes


def typed(name: str, content: str) -> Any:
    """Return what a reviewer wrote as the record's type; an emptied optional field becomes None."""
    if name == "negated":
        return content.strip().lower() in ("true", "1", "yes")
    if name in ("channel", "stage") or (name.startswith("value.") and name != "value.unit"):
        return content or None
    return content


def _rows(text: str, name: str) -> list[tuple[int, dict[str, Any]]]:
    if text.lstrip().startswith("{"):
        return [
            (n, _object(line, f"{name}:{n}")) for n, line in enumerate(text.splitlines(), 1) if line.strip()
        ]
    reader = csv.DictReader(io.StringIO(text))
    missing = [column for column in ("decision", "id") if column not in (reader.fieldnames or ())]
    if missing:
        raise DataError(f"{name}: no column {' or '.join(missing)}; a review sheet has {', '.join(COLUMNS)}")
    return [(reader.line_num, row) for row in reader]


def _object(line: str, at: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise DataError(f"{at}: not JSON ({error})") from None
    if not isinstance(found, dict):
        raise DataError(f"{at}: not an object")
    return found


def _guard(content: str) -> str:
    """Keep a spreadsheet from running text from outside as a formula; numbers stay numbers."""
    return "'" + content if content[:1] in _FORMULA and not _number(content) else content


def _unguard(content: str) -> str:
    return content[1:] if content[:1] == "'" and content[1:2] in _FORMULA else content


def _number(content: str) -> bool:
    try:
        float(content)
    except ValueError:
        return False
    return True


def _where(error: Any) -> str:
    return ".".join(str(part) for part in error["loc"]) or "record"
