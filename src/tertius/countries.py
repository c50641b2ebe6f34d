"""Economies and groups of states: codes, names, places, and who belonged to what on which day.

Codes and names come from the public-domain table of ISO 3166 codes, coordinates (of the main city, or of the
capital) from CEPII's GeoDist; groups are dated facts kept in `data/groups.yaml`.
"""

from __future__ import annotations

import csv
import math
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources

from tertius.errors import UnknownNameError, unknown

EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Country:
    """One economy. `lat` and `lon` are degrees of its main city, NaN where none is known."""

    iso3: str
    iso2: str
    numeric: str
    name: str
    region: str
    lat: float
    lon: float
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Membership:
    """A state in a group, from the first day to the day it was out (None: open)."""

    iso3: str
    since: date | None
    until: date | None

    def holds(self, on: date) -> bool:
        """Say whether a day lies inside the membership."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of states with dated members; `include` names groups whose members belong too."""

    code: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    memberships: tuple[Membership, ...]
    include: tuple[str, ...]


@lru_cache(maxsize=1)
def table() -> Mapping[str, Country]:
    """Return every economy by ISO3 code, "ROW" (rest of world) last."""
    text = (resources.files("tertius") / "data" / "countries.csv").read_text(encoding="utf-8")
    return {
        row["iso3"]: Country(
            row["iso3"],
            row["iso2"],
            row["numeric"],
            row["name"],
            row["region"],
            float(row["lat"] or "nan"),
            float(row["lon"] or "nan"),
            tuple(a for a in row["aliases"].split("|") if a),
        )
        for row in csv.DictReader(text.splitlines())
    }


@lru_cache(maxsize=1)
def groups() -> Mapping[str, Group]:
    """Return every group by its code."""
    from ruamel.yaml import YAML

    text = (resources.files("tertius") / "data" / "groups.yaml").read_text(encoding="utf-8")
    return {
        code: Group(
            code,
            entry["name"],
            entry["kind"],
            tuple(entry.get("aliases", ())),
            tuple(_membership(m) for m in entry["members"]),
            tuple(entry.get("include", ())),
        )
        for code, entry in YAML(typ="safe").load(text).items()
    }


class _Groups(Mapping[str, Group]):
    """The groups, read on first use so that importing this module stays cheap."""

    def __getitem__(self, code: str) -> Group:
        return groups()[code]

    def __iter__(self) -> Iterator[str]:
        return iter(groups())

    def __len__(self) -> int:
        return len(groups())


GROUPS: Mapping[str, Group] = _Groups()


def country(code: str) -> Country:
    """Return one economy by ISO3 code."""
    try:
        return table()[code]
    except KeyError:
        raise UnknownNameError(
            unknown("country", code, list(table()), more="tertius world countries")
        ) from None


def name(code: str) -> str:
    """Return the short English name of an ISO3 code."""
    return country(code).name


def find(text: str) -> str | None:
    """Read a code, name or alias in any case into ISO 3166-1 alpha-3; None where there is none."""
    return _index().get(fold(text))


def resolve(text: str) -> str:
    """Read a code, name or alias in any case into ISO 3166-1 alpha-3.

    Raises
    ------
    UnknownNameError : with the names that come near.
    """
    code = find(text)
    if code is None:
        names = [c.name for c in table().values()]
        raise UnknownNameError(unknown("country", text, names, more="tertius world countries"))
    return code


def resolve_group(text: str) -> str:
    """Read a group's code, name or alias into its code."""
    wanted = fold(text)
    for group in groups().values():
        if wanted in {fold(w) for w in (group.code, group.name, *group.aliases)}:
            return group.code
    raise UnknownNameError(unknown("group", text, list(groups())))


def members(group: str, on: date) -> tuple[str, ...]:
    """Return the ISO3 codes that belonged to a group on a day, in alphabetical order."""
    found = groups()[resolve_group(group)]
    own = {m.iso3 for m in found.memberships if m.holds(on)}
    return tuple(sorted(own.union(*(members(g, on) for g in found.include))))


def distance_km(a: str, b: str) -> float:
    """Return the great-circle distance of two main cities, kilometres; NaN where one is not known."""
    one, two = country(a), country(b)
    p, q = math.radians(one.lat), math.radians(two.lat)
    half = (
        math.sin((q - p) / 2) ** 2
        + math.cos(p) * math.cos(q) * math.sin(math.radians(two.lon - one.lon) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half))


def fold(text: str) -> str:
    """Lower case, no accents, dots, or doubled spaces: what two spellings of a name have in common."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    kept = "".join(c for c in plain if not unicodedata.combining(c) and c != ".")
    words = kept.casefold().replace("&", "and").replace("-", " ").split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


@lru_cache(maxsize=1)
def _index() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for each in table().values():
        for word in (each.iso3, each.iso2, each.name, *each.aliases):
            if word:
                found.setdefault(fold(word), each.iso3)
    return found


def _membership(entry: str | list[object]) -> Membership:
    if isinstance(entry, str):
        return Membership(entry, None, None)
    iso3, *dates = entry
    since, until = (*(_day(d) for d in dates), None, None)[:2]
    return Membership(str(iso3), since, until)


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
