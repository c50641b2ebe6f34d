"""The claims entered by hand: data/claims/*.yaml, short rows that become records.

A row names its document (data/sources.yaml), so publisher and date stand once; `via` is the attribution
chain, outermost first; `relay_of` and links name other rows by key. All mistakes are reported at once.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from tertius.errors import DataError, unknown
from tertius.ledger.record import Claim, identity
from tertius.ledger.select import select
from tertius.ledger.topics import read_yaml, topics

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Row = dict[str, Any]


def load_curated() -> list[Claim]:
    """Every hand-entered claim, in the order of the files; raises DataError with all mistakes."""
    return list(_curated())


def claims(
    target: str | None = None,
    *,
    supporter: str | None = None,
    channel: str | None = None,
    topic: str | None = None,
    stage: str | None = None,
    measure: str | None = None,
    text: str | None = None,
    as_of: str | date | None = None,
) -> list[Claim]:
    """Return the hand-entered claims that match, nothing said after `as_of` among them."""
    return select(
        _curated(),
        target,
        supporter=supporter,
        channel=channel,
        topic=topic,
        stage=stage,
        measure=measure,
        text=text,
        as_of=as_of,
    )


def publishers() -> dict[str, dict[str, str]]:
    """Known publishers: kind and what is known of their reliability."""
    return {name: dict(row) for name, row in _sources()["publishers"].items()}


@cache
def _sources() -> dict[str, Any]:
    return dict(read_yaml("sources.yaml"))


@cache
def _curated() -> tuple[Claim, ...]:
    rows = _rows()
    built, problems = build(rows, _sources()["documents"])
    if problems:
        raise DataError(problems)
    return tuple(built)


def _rows() -> list[tuple[str, Row]]:
    """(file, row with the file's defaults) of every claims file, files in alphabetical order."""
    folder = files("tertius.ledger") / "data" / "claims"
    rows: list[tuple[str, Row]] = []
    for name in sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml")):
        content = read_yaml(f"claims/{name}")
        rows += [(name, content.get("defaults", {}) | row) for row in content["claims"]]
    return rows


def build(rows: list[tuple[str, Row]], documents: Mapping[str, Row]) -> tuple[list[Claim], list[str]]:
    """Turn rows into claims; second is every mistake, each with its file and key."""
    problems = _mistakes(rows, documents)
    if problems:
        return [], problems
    ids = {row["key"]: identity(row["doc"], None, row.get("event", ""), row["key"]) for _, row in rows}
    built: list[Claim] = []
    for name, row in rows:
        try:
            built.append(Claim.model_validate(_fields(row, documents, ids)))
        except ValidationError as error:
            problems += [f"{name}: {row['key']}: {_where(e)}: {e['msg']}" for e in error.errors()]
    return built, problems


def _mistakes(rows: list[tuple[str, Row]], documents: Mapping[str, Row]) -> list[str]:
    """Names that lead nowhere: documents, topics, keys; and keys used twice."""
    keys = [row["key"] for _, row in rows]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    found = [f'claim key "{key}" is used {keys.count(key)} times' for key in twice]
    for name, row in rows:
        at = f"{name}: {row['key']}"
        if row["doc"] not in documents:
            found.append(unknown("document", row["doc"], list(documents), where=at))
        if row.get("topic") and row["topic"] not in topics():
            found.append(unknown("topic", row["topic"], list(topics()), where=at))
        others = [link["to"] for link in row.get("links", ())] + [row.get("relay_of", row["key"])]
        found += [unknown("claim", other, keys, where=at) for other in others if other not in keys]
    return found


def _fields(row: Row, documents: Mapping[str, Row], ids: Mapping[str, str]) -> Row:
    """Write out what a short row leaves implied."""
    fields = {name: value for name, value in row.items() if name not in ("via", "links", "relay_of")}
    doc = {"id": row["doc"]} | {key: _text(value) for key, value in documents[row["doc"]].items()}
    fields["doc"] = doc
    fields["said"] = _text(row.get("said", doc["published"]))
    fields["about"] = _period(row["about"])
    if "value" in row:
        fields["value"] = _interval(row["value"], topics()[row["topic"]].unit)
    fields.setdefault("type", "statistic" if "value" in row else "claim")
    fields["attribution"] = [{"name": name} for name in row.get("via", [doc["publisher"]])]
    fields["links"] = [{"to": ids[link["to"]], "relation": link["relation"]} for link in row.get("links", ())]
    fields["facts"] = [f"F{number}" for number in row.get("facts", ())]
    fields["rule"] = "curated"
    if "relay_of" in row:
        fields["relay_of"] = ids[row["relay_of"]]
        fields["links"].append({"to": fields["relay_of"], "relation": "relays"})
    return fields


def _interval(value: Any, unit: str) -> Row:
    """[low, central, high] or one number, which is then all three."""
    low, central, high = value if isinstance(value, list) else (value, value, value)
    return {"low": low, "central": central, "high": high, "unit": unit}


def _period(about: Any) -> Row:
    start, end = about if isinstance(about, list) else (about, about)
    return {"start": _text(start), "end": _text(end)}


def _text(value: Any) -> Any:
    """YAML reads 2025 as a number and 2025-03-20 as a date; the record keeps text."""
    return value if isinstance(value, bool) else str(value)


def _where(error: Any) -> str:
    return ".".join(str(part) for part in error["loc"]) or "record"
