"""Which country an actor of an event file belongs to."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

# Regions and groupings that CAMEO writes where a country code stands; none is an ISO 3166 alpha-3 code.
_REGIONS = frozenset(
    [
        *("AFR", "ASA", "BLK", "CRB", "CAU", "CFR", "CAS", "CEU", "EIN", "EAF", "EEU", "EUR", "LAM", "MEA"),
        *("MDT", "NAF", "NMR", "PGS", "SCN", "SAM", "SAS", "SEA", "SAF", "WAF", "WST"),
    ]
)
_SEATED = re.compile(r"\(([^()]+)\)\s*$")


class Resolver(Protocol):
    """Finds the ISO 3166 alpha-3 code of a country by name or code; None if there is none."""

    def __call__(self, name: str, /) -> str | None:
        """Return the code, or None."""


@cache
def _spellings() -> dict[str, str]:
    from ruamel.yaml import YAML

    text = (files("tertius.ledger.bulk") / "codes.yaml").read_text("utf-8")
    spellings: dict[str, str] = YAML(typ="safe").load(text)["actors"]
    return spellings


def country(name: str, resolve: Resolver, aliases: Mapping[str, str] | None = None) -> str | None:
    """Find the country of an actor, as ISO 3166 alpha-3; None if the text does not say.

    A description such as "Police (Australia)" acts for the country in brackets. A person is known only
    through `aliases`.

    Parameters
    ----------
    name : code, name, or description of the actor.
    resolve : knows the countries.
    aliases : further names -> alpha-3, for example {"Xi Jinping": "CHN"}; they go first.
    """
    text = name.strip()
    if aliases and text in aliases:
        return aliases[text]
    found = _named(text, resolve)
    if found is None and (seat := _SEATED.search(text)):
        found = _named(seat[1], resolve)
    return found


def _named(text: str, resolve: Resolver) -> str | None:
    """Find the country that a code or a name stands for on its own."""
    if text in _REGIONS:
        return None
    return _spellings().get(text) or resolve(text)


def default_resolver() -> Resolver:
    """Return the package's own table of countries."""
    from tertius.countries import find

    return find
