"""Who is named: states, cities that stand for them, office holders, organisations, firms and media.

One pass over the text looks up every capitalised word in a table of names keyed by first word and takes
the longest name that fits; the tables are `countries.yaml`, `organisations.yaml` and `leaders.yaml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from tertius.ledger.extract.lexicon import read

if TYPE_CHECKING:
    from collections.abc import Iterator

How = Literal["explicit", "metonym", "coref", "group"]
SOURCES_ONLY = frozenset(
    {"media", "dateline", "tracker", "thinktank", "ngo"}
)  # they report; they are no party to events

_WORD = re.compile(r"(?<![\w])[A-Z\u00c0-\u00de][\w]*|(?<![\w])(?:the|al|el|von|ong)(?= [A-Z]|-)")
# Places, papers and peoples that contain a country's name but are not the state.
_NOT_STATES = (
    "New Mexico",
    "Gulf of Mexico",
    "South China Sea",
    "East China Sea",
    "Sea of Japan",
    "China Daily",
    "Washington state",
    "Washington State",
    "George Washington",
    "Latin American",
    "North American",
    "South American",
    "Central American",
    "African American",
    "Native American",
    "Bank of America",
    "Panama Canal",
    "Persian Gulf",
    "Paris Agreement",
    "Paris Club",
    "Geneva Convention",
    "Minsk agreements",
    "Abraham Accords",
    "Northern Ireland",
    "Air France",
    "British Airways",
    "New Guinea",
    "Times of India",
    "Indian Ocean",
    "Korea Strait",
    "Jordan River",
    "Sudan's Rapid",
)


@dataclass(frozen=True, slots=True)
class Name:
    """What a name stands for."""

    code: str
    kind: str
    sector: str = ""
    office: str = ""
    since: str = ""
    until: str = ""

    @property
    def how(self) -> How:
        """How naming it names the state."""
        if self.kind in ("name", "adj", "igo", "armed") or self.kind in SOURCES_ONLY:
            return "explicit"
        return "group" if self.kind == "group" else "metonym"


@dataclass(frozen=True, slots=True)
class Mention:
    """One name in a paragraph; `start` and `end` are characters of the paragraph."""

    start: int
    end: int
    text: str
    name: Name

    @property
    def code(self) -> str:
        """ISO3, IGO:..., GRP:... or ORG:..."""
        return self.name.code

    @property
    def is_party(self) -> bool:
        """Whether it can be a side of an event."""
        return self.name.kind not in SOURCES_ONLY and bool(self.name.code)


def mentions(text: str) -> list[Mention]:
    """Every name of a paragraph, left to right, none inside another."""
    found: list[Mention] = []
    table = _table()
    reach = 0
    for word in _WORD.finditer(text):
        if word.start() < reach:
            continue
        hit = _longest(table, text, word)
        if hit:
            reach = hit.end
            if hit.name.kind != "none":
                found.append(hit)
    return found


def sector_on(name: Name, day: str) -> str:
    """Sector of an office holder on a day: GOV in office, ELITE outside the term."""
    if name.kind != "leader" or not day:
        return name.sector
    inside = (not name.since or name.since <= day) and (not name.until or day <= name.until)
    return "GOV" if inside else "ELITE"


def _longest(table: dict[str, list[tuple[str, Name]]], text: str, word: re.Match[str]) -> Mention | None:
    at = word.start()
    first = word.group()
    for spelling in (first, first.capitalize() if first.isupper() and len(first) > 3 else first):
        for full, name in table.get(spelling, ()):
            end = at + len(full)
            same = text[at:end].replace("’", "'") == full
            if not same and spelling != first:  # an all-capitals dateline
                same = text[at:end] == full.upper()
            if same and not _runs_on(text, end):
                return Mention(at, end, text[at:end], name)
    return None


def _runs_on(text: str, end: int) -> bool:
    return end < len(text) and (text[end].isalnum() or text[end] in "_$")  # US$5m names no state


@cache
def _table() -> dict[str, list[tuple[str, Name]]]:
    """Names by their first word, longest first."""
    table: dict[str, list[tuple[str, Name]]] = {}
    for full, name in _entries():
        first = re.match(r"\w+", full)
        if first:
            table.setdefault(first.group(), []).append((full, name))
    return {first: sorted(names, key=lambda pair: -len(pair[0])) for first, names in table.items()}


def _entries() -> Iterator[tuple[str, Name]]:
    for text in _NOT_STATES:
        yield text, Name("", "none")
    for code, entry in read("countries").items():
        for key, kind in (("names", "name"), ("adj", "adj"), ("places", "place"), ("cities", "city")):
            for full in entry.get(key, ()):
                yield full, Name(code, kind, "GOV" if kind == "place" else "")
    for entry in read("organisations")["organisations"]:
        name = Name(entry.get("state") or entry["code"], entry["kind"], _sector(entry))
        for full in entry["names"]:
            yield full, name
    for entry in read("leaders"):
        yield from _leader(entry)


def _sector(entry: dict[str, Any]) -> str:
    fixed = {"igo": "IGO", "media": "MED", "tracker": "MED", "armed": "REB", "ngo": "NGO", "thinktank": "EDU"}
    return str(entry.get("sector") or fixed.get(entry["kind"], ""))


def _leader(entry: dict[str, Any]) -> Iterator[tuple[str, Name]]:
    name = Name(
        entry.get("state") or entry["code"],
        "leader",
        "GOV",
        entry["office"],
        str(entry.get("from", "")),
        str(entry.get("to", "")),
    )
    for full in entry["names"]:
        yield full, name
