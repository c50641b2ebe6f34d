"""What a source key stands for: a data set, a judgement, shadow trade, a solve, each described in full."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
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

    from tertius.leverage.assessment import Assessment
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
    entry = _entries().get(name)
    if entry is None:
        return Basis("Shadow trade", f"{name}, which the snapshot's list does not hold")
    low, central, high = (entry.value[reading] / 1e3 for reading in ("low", "central", "high"))
    value = Quantity(low, central, high, "bn USD a year", assessment.price_year)
    if entry.operation == "unrecorded_import":
        value = replace(value, unit="bn USD a year, balance of goods and services")
    given = {str(found.get("key")): key for key, found in assessment.claims.items()}
    others = [key for key in entry.claims if key not in given]
    facts = [
        ("operation", OPERATIONS[entry.operation]),
        ("value", numbers.text(value)),
        ("why", entry.reason),
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
        claims=tuple(given[key] for key in entry.claims if key in given),
    )


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
