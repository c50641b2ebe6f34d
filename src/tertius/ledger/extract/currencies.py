"""Currencies as written, in ISO 4217 codes; a word that several states use is that of the state named nearest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tertius.ledger.extract.actors import mentions
from tertius.ledger.extract.lexicon import read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def currency(text: str) -> str:
    """Return the code of a currency word or sign; the word itself where it is none."""
    spelling = _known(text, read("units")["currencies"])
    return read("units")["currencies"][spelling] if spelling else text


def local(text: str, written: str, at: int, states: Sequence[str] = ()) -> str:
    """Return the code of a currency at a place in a text.

    Parameters
    ----------
    written : the currency, as in `pesos`.
    at : where it stands, for the distance to the states named.
    states : codes of the states named before the text, most recent last; they count where it names none that fits.
    """
    shared: dict[str, dict[str, str]] = read("units")["shared"]
    word = _known(written, shared)
    if not word:
        return currency(written)
    fitting = shared[word]
    named = [m for m in mentions(text) if m.code in fitting]
    if named:
        return fitting[min(named, key=lambda m: (abs(m.start - at), m.start)).code]
    earlier = next((code for code in reversed(states) if code in fitting), "")
    return fitting[earlier] if earlier else currency(written)


def _known(text: str, table: Mapping[str, object]) -> str:
    low = re.sub(r"[\s-]+", " ", text)
    options = (low, low.lower(), low.rstrip("s"), low.lower().rstrip("s"))
    return next((t for t in options if t in table), "")
