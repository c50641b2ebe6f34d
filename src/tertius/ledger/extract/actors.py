"""Who is named: states, cities that stand for them, office holders, organisations, firms and media.

One pass over the text looks up every capitalised word in a table of names keyed by first word and takes
the longest name that fits; the tables are `countries.yaml`, `organisations.yaml`, `leaders.yaml` and, for what only looks like a state,
`lookalikes.yaml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
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
_TAKES_S = re.compile(r"(?:an|i|ar|abe|abé|men|ot|al|er)$(?<!man)(?<!Papal)(?<!Batswana)")
_SEA = re.compile(r" (?:Sea|Strait|Straits|Ocean|Channel|River|Valley|Basin)\b")
_SEA_OF = re.compile(
    r"\b(?:Gulf|Sea|Straits?|Bay|Channel|University|Battle|Lake|Mount|Fort) (?:of )?(?:the )?$"
)
_PERSON = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Senator|Congressman|Chairman|Judge|Coach|Michael|Jim|Vernon|Eason|Robert|Denzel|Captain)"
    r"\.? $"
)
_ONE_CHINA = re.compile(r"\b[Oo]ne[- ]$")
_US_STATE = re.compile(r"(?:\b(?:Atlanta|Savannah|Augusta|Macon|Athens), |\b[Ss]tate of )$")
# Names of states and capitals that are given names too: no state before a surname ("Jordan Peterson").
_GIVEN = frozenset(("Jordan", "Chad", "Georgia", "Paris", "Sofia", "Santiago", "Kingston", "Georgetown"))
_SURNAME = re.compile(
    r" (?!King|Queen|Prime|Prince|Crown|President|Foreign|Defen[cs]e|Interior|Finance|Energy|Trade|Army|Parliament|"
    r"Minist|Central|Armed|Sheikh)[A-Z][a-z]+"
)
_PREPOSITION = re.compile(r"\b(?:in|of|from|to|with|visiting|near|for|by|at|against|on)\s$", re.IGNORECASE)
# A capital as a place, not as its government: "signed in Doha", "a Vilnius airport", "Pretoria, 22 January".
_AT = re.compile(
    r"\b(?:in|at|near|outside|across|through|into|inside|reach(?:ed|es|ing)?|visiting|downtown|central)\s(?:the\s)?$",
    re.IGNORECASE,
)
_RULERS_IN = re.compile(
    r"\b(?:governments?|authorities|regimes?|junta|leaders?|leadership|officials|rulers|policymakers|administration) in $"
)
_LOCAL = re.compile(
    r"-based\b| (?:airport|court|bank|firms?|traders?|refiner(?:y|ies)|port|streets?|summit|hotel|university|bourse|"
    r"customer|suburbs?|mayor|residents|service|bureau|correspondent|metro|district|market|shops?)\b"
)
_DATED = re.compile(r", (?:\d|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d)")
_HALF_OF_KOREA = re.compile(
    r"\b[Tt]he (?P<half>North|South)\b(?=['’]s\b|[\s.,;:)])"
    r"(?!(?:['’]s)?\s(?:[A-Z]|of\b|and\s(?:north|south|east|west)|coast|bank|side|shore|pole))"
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


_NOBODY = Name("", "none")


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


def mentions(text: str, about: str = "") -> list[Mention]:
    """Every name of a paragraph, left to right, none inside another.

    Parameters
    ----------
    about : the whole text, which decides what a nickname means: "the North" is North Korea where Korea is named.
    """
    found: list[Mention] = []
    table = _table()
    reach = 0
    for word in _WORD.finditer(text):
        if word.start() < reach:
            continue
        hit = _longest(table, text, word)
        if hit:
            reach = hit.end
            name = _in_context(text, hit)
            if name.kind != "none":
                found.append(hit if name is hit.name else replace(hit, name=name))
    if "Korea" in (about or text):
        found = sorted([*found, *_halves(text, found)], key=lambda m: m.start)
    return found


def _in_context(text: str, hit: Mention) -> Name:
    """What a name means among the words around it: a sea, a person, a place or the state."""
    if hit.name.kind not in ("name", "adj", "place"):
        return hit.name
    before, after = text[max(0, hit.start - 30) : hit.start], text[hit.end : hit.end + 30]
    if _is_no_state(hit.text, before, after):
        return _NOBODY
    local = (_AT.search(before) and not _RULERS_IN.search(before)) or _LOCAL.match(after)
    if hit.name.kind == "place" and (local or (not before and _DATED.match(after))):
        return replace(hit.name, kind="city", sector="")
    return hit.name


def _is_no_state(name: str, before: str, after: str) -> bool:
    if _SEA.match(after) or _SEA_OF.search(before) or _PERSON.search(before):
        return True
    if name == "China" and _ONE_CHINA.search(before):
        return True
    if name == "Georgia" and _US_STATE.search(before):
        return True
    return name in _GIVEN and bool(_SURNAME.match(after)) and not _PREPOSITION.search(before)


def _halves(text: str, found: list[Mention]) -> Iterator[Mention]:
    """As in "the North" and "the South" in a text on Korea."""
    for hit in _HALF_OF_KOREA.finditer(text):
        if all(hit.end() <= m.start or m.end <= hit.start() for m in found):
            code = {"North": "PRK", "South": "KOR"}[hit["half"]]
            yield Mention(hit.start(), hit.end(), hit.group(), Name(code, "nickname"))


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
            if same and (full[-1] == "-" or not _runs_on(text, end)):
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
    for full in (full for many in read("lookalikes") for full in many):
        yield full, _NOBODY
    for code, entry in read("countries").items():
        for key, kind in (("names", "name"), ("adj", "adj"), ("places", "place"), ("cities", "city")):
            for full in entry.get(key, ()):
                yield full, Name(code, kind, "GOV" if kind == "place" else "")
        for full in entry.get("adj", ()):  # the plural demonym, where it takes an s
            if _TAKES_S.search(full):
                yield f"{full}s", Name(code, "adj")
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
