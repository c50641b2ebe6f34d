"""What a source key stands for: a data set, a judgement, shadow trade, a solve, each described in full."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from tertius import countries
from tertius.errors import DataError, UnknownNameError
from tertius.leverage.assessment import Quantity
from tertius.report import numbers
from tertius.report.names import HORIZON_NOTE, HORIZONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tertius.leverage.assessment import Assessment, Before, MovedTopic
    from tertius.world.shadow import Entry

OPERATIONS = {
    "relabel": "relabelled trade: customs book it under a hub",
    "unrecorded_export": "exports that customs do not record",
    "unrecorded_import": "imports that customs do not record",
}


@dataclass(frozen=True, slots=True)
class Basis:
    """One thing a number can rest on, as a reader meets it."""

    heading: str  # which list it stands in
    title: str
    facts: tuple[tuple[str, str], ...] = ()
    url: str = ""
    claims: tuple[str, ...] = ()  # ids of claims of the same assessment
    rests_on: tuple[str, ...] = ()  # further source keys


def basis(key: str, assessment: Assessment) -> Basis:
    """Describe what a key stands for ("source:cepii_baci", "prior:psi", "shadow:irn-crude-chn")."""
    kind, _, name = key.partition(":")
    if kind == "source":
        return _world(assessment) if name == "world" else _data(name)
    if kind == "prior":
        return _judgement(name, assessment)
    if kind == "shadow":
        return _shadow(name, assessment)
    if kind == "engine":
        return _solve(name, assessment)
    return Basis(
        "Other", f"Claim {name}, whose record is not part of this assessment" if kind == "claim" else key
    )


@cache
def _published() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((files("tertius") / "sources.toml").read_text(encoding="utf-8"))


def _data(name: str) -> Basis:
    found = _published().get(name)
    if found is None:
        return Basis("Data", f"Source {name}, which sources.toml does not describe")
    facts = (
        ("vintage", "vintage"),
        ("used for", "used_for"),
        ("done to it", "changes"),
        ("licence", "licence"),
        ("cite as", "citation"),
    )
    return Basis(
        "Data",
        str(found["title"]),
        tuple((label, str(found[field])) for label, field in facts if found.get(field)),
        str(found.get("url", "")),
    )


def _world(assessment: Assessment) -> Basis:
    p = assessment.provenance
    return Basis(
        "Data",
        f"World of {assessment.price_year}, snapshot {p.snapshot}",
        (
            (
                "what",
                "balanced accounts of every economy, made from the sources below; the base of every solve",
            ),
        ),
        rests_on=tuple(key for key in _keys(p.sources) if key != "source:world"),
    )


def _keys(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name if ":" in name else f"source:{name}" for name in names)


def _judgement(name: str, assessment: Assessment) -> Basis:
    from tertius.ledger.priors import load_priors

    plain = name.replace("_", " ").replace(".", ", ")
    try:
        found = load_priors(assessment.as_of)[name]
    except (UnknownNameError, DataError, ValueError):
        return Basis("Judgement", f"{plain}, which the dated priors do not hold")
    value = Quantity(found.low, found.central, found.high, found.unit, None)
    facts = (
        ("value", numbers.text(value)),
        ("why", found.reason),
        ("dated", f"{found.dated}; judgement, not measured"),
    )
    return Basis("Judgement", plain, facts)


def _shadow(name: str, assessment: Assessment) -> Basis:
    entry, moved = _entries().get(name), _moved(name, assessment)
    if entry is None:
        return _read(name, moved, assessment)
    given = {str(found.get("key")): key for key, found in assessment.claims.items()}
    others = [key for key in entry.claims if key not in given]
    facts = [
        ("operation", OPERATIONS[entry.operation]),
        *_carried(entry, moved, assessment.price_year),
        ("why", entry.reason),
        *_because(name, assessment),
    ]
    if entry.shares:
        shares = ", ".join(
            f"{countries.name(code)} {numbers.number(100 * share)} %" for code, share in entry.shares.items()
        )
        facts.append(("hubs, at most" if entry.operation == "relabel" else "suppliers", shares))
    if others:
        facts.append(("further claims, not used here", ", ".join(others)))
    if not entry.claims:
        facts.append(("claims", "none; judgement"))
    return Basis(
        "Shadow trade",
        _flow(entry),
        tuple(facts),
        claims=(*(given[key] for key in entry.claims if key in given), *_readers(name, assessment)),
    )


def _read(name: str, moved: Before | None, assessment: Assessment) -> Basis:
    """Describe an entry that the run made from what was read, "read-irn-ind-crude_oil_gas"."""
    if moved is None:
        return Basis("Shadow trade", f"{name}, which the snapshot's list does not hold")
    origin, buyer, sector = name.removeprefix("read-").split("-")
    facts = (
        ("operation", "exports that were read about and the world does not carry"),
        ("value", numbers.change(moved.before, moved.after)),
        *_because(name, assessment),
    )
    title = f"{countries.name(origin.upper())} to {countries.name(buyer.upper())}, {sector.replace('_', ' ')}"
    return Basis("Shadow trade", title, facts, claims=_readers(name, assessment))


def _carried(entry: Entry, moved: Before | None, year: int) -> list[tuple[str, str]]:
    """What an entry carries in this run; where a ledger moved it, as shipped and as used."""
    from tertius.world.shadow import barrels_value

    shipped = _worth(entry, entry.value, year)
    if moved is None:
        return [("value", numbers.text(shipped))]
    ends = {"low": moved.after.low, "central": moved.after.central, "high": moved.after.high}
    after = {reading: x for reading, x in ends.items() if x is not None}
    if entry.price is None:
        return [("value", numbers.change(shipped, _worth(entry, after, year)))]
    worth = {reading: barrels_value(x, entry.price[reading]) for reading, x in after.items()}
    return [
        ("value", numbers.change(shipped, _worth(entry, worth, year))),
        ("volume", numbers.change(moved.before, moved.after)),
    ]


def _worth(entry: Entry, value: Mapping[str, float], year: int) -> Quantity:
    low, central, high = (value[reading] / 1e3 for reading in ("low", "central", "high"))
    balance = ", balance of goods and services" if entry.operation == "unrecorded_import" else ""
    return Quantity(low, central, high, f"bn USD a year{balance}", year)


def _moved(name: str, assessment: Assessment) -> Before | None:
    """What of an entry the run used in place of the shipped, with every read claim in."""
    together = assessment.moved.together if assessment.moved else None
    return next((fed for fed in together.fed if _about(name, fed)), None) if together else None


def _about(name: str, fed: Before) -> bool:
    return f"shadow:{name}" in fed.after.sources


def _topics(name: str, assessment: Assessment) -> list[MovedTopic]:
    """Return the topics that were read about and that an entry follows."""
    topics = assessment.moved.topics if assessment.moved else ()
    return [topic for topic in topics if any(_about(name, fed) for fed in topic.fed)]


def _because(name: str, assessment: Assessment) -> list[tuple[str, str]]:
    why = "; ".join(dict.fromkeys(topic.what for topic in _topics(name, assessment)))
    return [("follows what was read about", why)] if why else []


def _readers(name: str, assessment: Assessment) -> tuple[str, ...]:
    """Return the read claims that an entry follows."""
    found = dict.fromkeys(claim for topic in _topics(name, assessment) for claim in topic.claims)
    return tuple(claim for claim in found if claim in assessment.claims)


@cache
def _entries() -> Mapping[str, Entry]:
    from tertius.world.shadow import read_entries

    return {entry.id: entry for entry in read_entries()}


def _flow(entry: Entry) -> str:
    buyer = countries.name(entry.buyer)
    way = f"{countries.name(entry.origin)} to {buyer}" if entry.origin else f"imports of {buyer}"
    return f"{way}, {entry.sector.replace('_', ' ')}" if entry.sector else way


def _solve(name: str, assessment: Assessment) -> Basis:
    p = assessment.provenance
    facts = (
        ("parameters", HORIZON_NOTE.get(name, "as documented for this horizon")),
        ("from", f"world snapshot {p.snapshot}, scenario {p.scenario}, seed {p.seed}"),
    )
    return Basis(
        "Model", f"Solved by the model, {HORIZONS.get(name, name)}", facts, rests_on=("source:world",)
    )
