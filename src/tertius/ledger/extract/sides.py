"""What both kinds of frames need to fill their sides: where a side stands, and whose a thing is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tertius.ledger.extract.lexicon import cues, frames, words
from tertius.ledger.extract.parties import distinct
from tertius.ledger.extract.syntax import child, doer, kids, objects_of, patient, phrase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spacy.tokens import Token

    from tertius.ledger.extract.parties import Party, Passage

_GROUPS = words(
    "country state nation government buyer seller partner regime power ally supplier importer opponent rival"
)


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides; `sure` falls when a side was only found nearby."""

    sources: tuple[Party, ...]
    targets: tuple[Party, ...]
    sure: float
    light: Token | None = None
    unnamed: bool = (
        False  # the other side is there, but is nobody in particular ("countries that trade with Iran")
    )


def slot_of(verb: Token, slot: str) -> list[Token]:
    """Tokens where a frame looks for a side: the object, the indirect one, or what follows a preposition."""
    if slot == "dobj":
        return patient(verb)
    if slot == "dative":
        given = [c for c in kids(verb) if c.dep_ == "dative"]
        return [t for c in given for t in ([c] if c.pos_ != "ADP" else list(kids(c)))]
    if slot == "nsubj":
        return doer(verb)
    found = objects_of(verb, slot)
    for thing in patient(verb):
        for inner in phrase(thing):
            found += objects_of(inner, slot)
        for other in thing.conjuncts:
            found += objects_of(other, slot)
    particle = child(verb, "prt", "advmod")
    if particle is not None:
        found += objects_of(particle, slot)
    for token in list(found):
        found += [c for c in kids(token) if c.dep_ == "pobj"]
    return found


def those(passage: Passage, tokens: Iterable[Token]) -> list[Party]:
    """Parties of some phrases; what is no party itself counts for the state it belongs to."""
    found: list[Party] = []
    for token in tokens:
        found += passage.parties(token) or passage.modifiers(token) or _described_by(passage, token)
        if not found and token.lemma_ in cues("modality", "pacts"):  # a pact acts for those who made it
            found += [p for t in doer(token.head) for p in passage.parties(t)] if token.dep_ == "dobj" else []
    return distinct(found)


def _described_by(passage: Passage, token: Token) -> list[Party]:
    """Return whom an apposition renames."""
    if token.dep_ == "appos":
        return passage.parties(token.head)
    return []


def modifying(passage: Passage, noun: Token) -> list[Party]:
    """Parties that stand before a noun: Iran's, Iranian."""
    marks = [c for c in kids(noun) if c.dep_ in ("poss", "amod", "compound", "nmod")]
    return [p for c in marks for p in passage.parties(c)]


def within(passage: Passage, token: Token) -> list[Party]:
    """Parties that a thing belongs to, else those inside its phrase; a pact or talks belong to all who are in it."""
    direct = passage.modifiers(token)
    if direct and any(f.symmetric for f in frames("nouns").get(token.lemma_.lower(), ())):
        direct += [
            p for word in ("with", "between") for t in objects_of(token, word) for p in passage.parties(t)
        ]
        direct = distinct(direct)
    if direct:
        return direct
    return distinct(p for t in phrase(token) for p in passage.own(t))


def free(parties: list[Party], taken: set[str]) -> list[Party]:
    """Parties that are not on the other side already."""
    return [p for p in parties if p.code not in taken]


def is_generic(token: Token) -> bool:
    """Whether nobody in particular is meant: "countries that transact with Iran"."""
    return token.tag_ == "NNS" and token.lemma_.lower() in _GROUPS
