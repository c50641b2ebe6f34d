"""Measures in one line: ``embargo crude_oil_gas exports``, ``secondary_tariff 25% on partners of IRN``.

A line is a type word, then clauses in any order. Every mistake is marked under the line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from tertius.errors import InputError, did_you_mean, unknown
from tertius.scenario import fields as f
from tertius.scenario.legal import Role, as_date
from tertius.scenario.measures import MEASURES, Measure
from tertius.scenario.scope import Flow

_TOKEN = re.compile(r'"[^"]*"|\d+(?:\.\d+)?\s*%|[^\s,]+(?:\s*,\s*[^\s,]+)*')
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_FLOWS = get_args(Flow)

_UNITS = {
    "usd/bbl": "usd/bbl", "usd/barrel": "usd/bbl", "$/bbl": "usd/bbl", "dollars/barrel": "usd/bbl",
    "usd_mn": "usd_mn", "kb/d": "kb/d", "kbd": "kb/d",
}  # fmt: skip

Clause = Callable[["Line"], Mapping[str, Any]]


@dataclass
class Line:
    """A line being read: its words with their places, and the mistakes found so far."""

    text: str
    words: list[tuple[str, int]] = field(default_factory=list)
    at: int = 0
    problems: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, text: str) -> Line:
        """Split a text into words; a comma list and a number with its % are one word."""
        return cls(text, [(m[0], m.start()) for m in _TOKEN.finditer(text)])

    @property
    def done(self) -> bool:
        """Whether every word was read."""
        return self.at >= len(self.words)

    def peek(self) -> str:
        """Return the next word, or an empty one at the end."""
        return "" if self.done else self.words[self.at][0]

    def next(self, wanted: str) -> str:
        """Take the next word; at the end say what is missing."""
        if self.done:
            self.mark(f"{wanted} is missing at the end", len(self.text), 1)
            return ""
        self.at += 1
        return self.words[self.at - 1][0]

    def wrong(self, message: str) -> None:
        """Note a mistake in the word that was read last."""
        word, start = self.words[min(self.at, len(self.words)) - 1]
        self.mark(message, start, len(word))

    def mark(self, message: str, start: int, length: int) -> None:
        """Note a mistake and mark its place under the line."""
        self.problems.append(f"{message}\n  {self.text}\n  {' ' * start}{'^' * length}")

    def read(self, reader: Callable[[Any], Any], wanted: str) -> Any:
        """Read one value with a reader that raises ValueError."""
        word = self.next(wanted)
        if not word:
            return None
        value: Any = [w.strip() for w in word.strip('"').split(",")] if "," in word else word.strip('"')
        try:
            return reader(value)
        except ValueError as error:
            self.wrong(str(error))
            return None

    def amount(self, *units: str) -> tuple[float, str] | None:
        """Read a number with one of these units ("%" gives a fraction)."""
        wanted = "a number in " + " or ".join("per cent" if u == "%" else u for u in units)
        word = self.next(wanted)
        if not word:
            return None
        if word.endswith("%"):
            if "%" in units:
                return float(word[:-1]) / 100, "%"
        elif _NUMBER.fullmatch(word):
            unit = self.unit()
            if unit in units:
                return float(word), unit
        self.wrong(f'"{word}" is not {wanted}, as in {_example(units[0])}')
        return None

    def unit(self) -> str:
        """Take a unit word; `usd mn` may be two words."""
        unit = _UNITS.get(self.peek().lower(), "")
        if not unit and self.peek().lower() == "usd" and self.at + 1 < len(self.words):
            unit = "usd_mn" if self.words[self.at + 1][0].lower() == "mn" else ""
            self.at += bool(unit)
        self.at += bool(unit)
        return unit


def parse_measure(text: str) -> Measure:
    """Read one measure from one line.

    Raises
    ------
    InputError : every mistake, each marked under the line, with what is possible.
    """
    return MEASURES[(data := parse_fields(text))["type"]].model_validate(data)


def parse_fields(text: str) -> dict[str, Any]:
    """Read one line into the fields of its measure; raises InputError."""
    line = Line.of(text)
    kind = line.next("a measure (" + ", ".join(MEASURES) + ")")
    if kind and kind not in MEASURES:
        line.wrong(unknown("measure", kind, list(MEASURES)))
    if line.problems:
        raise InputError(line.problems)
    data: dict[str, Any] = {"type": kind}
    for positional in _HEAD[kind]:
        data |= _known(positional(line))
    _clauses(line, kind, data)
    if dates := {name[6:]: data.pop(name) for name in list(data) if name.startswith("dates.")}:
        data["dates"] = dates
    if not line.problems:
        _check(line, data)
    if line.problems:
        raise InputError(line.problems)
    return data


def _clauses(line: Line, kind: str, data: dict[str, Any]) -> None:
    possible = _CLAUSES[kind] | _COMMON
    while not line.done:
        if line.peek().endswith("%") and "%" in possible:
            new = possible["%"](line)
        elif (word := line.next("a clause").lower()) in possible:
            new = possible[word](line)
        else:
            words = sorted(w if w != "%" else "N%" for w in possible)
            line.wrong(f'unexpected "{word}".{did_you_mean(word, words)} Possible here: {", ".join(words)}.')
            continue
        twice = sorted(set(_known(new)) & set(data))
        if twice:
            line.wrong(f"{twice[0]} is given twice")
        data |= _known(new)


def _check(line: Line, data: dict[str, Any]) -> None:
    from pydantic import ValidationError

    from tertius.scenario.problems import problems

    try:
        MEASURES[data["type"]].model_validate(data)
    except ValidationError as error:
        for problem in problems(error, data):
            line.mark(str(problem), 0, len(line.text))


def _known(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _example(unit: str) -> str:
    return {"%": "25%", "usd/bbl": "60 usd/bbl", "usd_mn": "80 usd_mn", "kb/d": "20 kb/d"}[unit]


def _value(name: str, reader: Callable[[Any], Any], wanted: str) -> Clause:
    return lambda line: {name: line.read(reader, wanted)}


def _amount(**names: str) -> Clause:
    """Clause for one number whose unit decides the field; `percent` stands for %, `_per_` for /."""
    fields = {unit.replace("percent", "%").replace("_per_", "/"): name for unit, name in names.items()}

    def clause(line: Line) -> dict[str, Any]:
        got = line.amount(*fields)
        return {} if got is None else {fields[got[1]]: got[0]}

    return clause


def _word(name: str, value: Any) -> Clause:
    return lambda _: {name: value}


def _one_of(name: str, words: tuple[str, ...]) -> Clause:
    def reader(value: Any) -> str:
        if value not in words:
            raise ValueError(unknown(name, str(value), words))
        return str(value)

    return _value(name, reader, name)


def _sectors(line: Line) -> dict[str, Any]:
    return {"sectors": line.read(f.as_sectors, "a sector")}


def _exempt(line: Line) -> dict[str, Any]:
    word = line.next("food, medicine or nothing")
    exempt = [] if word == "nothing" else [w.strip() for w in word.split(",")]
    if bad := [w for w in exempt if w not in ("food", "medicine")]:
        line.wrong(unknown("exemption", bad[0], ("food", "medicine", "nothing")))
        return {}
    return {"exempt": tuple(exempt)}


def _leak(line: Line) -> dict[str, Any]:
    found = dict(_amount(percent="leakage")(line))
    if line.peek() == "at":
        line.next("at")
        found |= _amount(percent="leak_cost")(line)
    return found


def _partners(line: Line) -> dict[str, Any]:
    """Read `partners [of T]`, `buyers [from T]` or `suppliers [to T]`."""
    kinds = {"partners": ("both", "of"), "buyers": ("exports", "from"), "suppliers": ("imports", "to")}
    word = line.next("partners, buyers or suppliers")
    if word not in kinds:
        if word:
            line.wrong(unknown("group of states", word, list(kinds)))
        return {}
    flow, link = kinds[word]
    found: dict[str, Any] = {"partner_flow": flow}
    if line.peek() == link:
        line.next(link)
        found["of"] = line.read(f.as_country, "a country")
    return found


def _above(line: Line) -> dict[str, Any]:
    got = line.amount("%", "usd_mn")
    return {} if got is None else {"threshold": {"share" if got[1] == "%" else "usd_mn": got[0]}}


def _listed_trade(line: Line) -> dict[str, Any]:
    found = _sectors(line)
    if line.peek() in _FLOWS:
        found["flow"] = line.next("a direction")
    return found


def _optional_sectors(line: Line) -> dict[str, Any]:
    return {} if _NUMBER.match(line.peek()) else _sectors(line)


def _dated(name: str) -> Clause:
    return lambda line: {f"dates.{name}": line.read(as_date, "a date")}


_SUPPORTER = _value("supporter", f.as_country, "a country")
_PRICE = _amount(usd_per_bbl="price")
_ON = {"on": _sectors}
_STOP: dict[str, Clause] = {"%": _amount(percent="coverage"), "leak": _leak, "exempt": _exempt}

#: Type -> what must come first, in this order.
_HEAD: dict[str, tuple[Clause, ...]] = {
    "embargo": (_sectors,),
    "tariff": (_amount(percent="rate"),),
    "secondary_tariff": (_amount(percent="rate"),),
    "financial_sanction": (_amount(percent="rate"),),
    "entity_listing": (_one_of("channel", ("open", "shielded")),),
    "export_control": (_sectors,),
    "price_cap": (_optional_sectors, _amount(usd_per_bbl="cap", percent="wedge")),
    "discount": (_amount(usd_per_bbl="usd_per_barrel", percent="fraction"),),
    "aid": (_amount(usd_mn="usd_mn"),),
    "credit": (_amount(usd_mn="usd_mn"),),
    "supply_pact": (_amount(kb_per_d="kb_per_day"),),
}

#: Type -> clauses that may follow, in any order.
_CLAUSES: dict[str, dict[str, Clause]] = {
    "embargo": _STOP | {flow: _word("direction", flow) for flow in _FLOWS},
    "tariff": dict(_ON),
    "secondary_tariff": {
        "on": _partners,
        "in": _value("partner_sectors", f.as_sectors, "a sector"),
        "taxing": _sectors,
        "above": _above,
    },
    "financial_sanction": _ON | {"scope": _one_of("scope", ("bilateral", "all")), "exempt": _exempt},
    "entity_listing": {
        "of": _value("supporters", f.as_countries, "a country"),
        "in": _listed_trade,
        "stake": _value("stake", lambda v: (v,) if isinstance(v, str) else tuple(v), "a claim topic"),
    },
    "export_control": dict(_STOP),
    "price_cap": {
        "price": _PRICE,
        "to": _value("buyers", f.as_countries, "a country"),
        "cover": _amount(percent="coverage"),
    },
    "discount": _ON
    | {
        "to": _value("buyer", f.as_country, "a country"),
        "price": _PRICE,
        "open": _word("channel", "open"),
        "shielded": _word("channel", "shielded"),
        "gone": _word("gone", True),
    },
    "aid": {"from": _SUPPORTER},
    "credit": {"from": _SUPPORTER, "grant": _amount(percent="grant_element")},
    "supply_pact": {"of": _sectors, "from": _SUPPORTER, "price": _PRICE},
}

#: Clauses every measure takes.
_COMMON: dict[str, Clause] = {
    "by": _value("senders", f.as_actors, "a sender"),
    "as": _one_of("role", get_args(Role)),
    "said": _dated("said"),
    "since": _dated("in_force"),
    "until": _dated("until"),
}
