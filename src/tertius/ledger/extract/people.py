"""Persons whom a text introduces by office: "Iran's foreign minister, Abbas Araghchi", later "Mr Araghchi"."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tertius.ledger.extract.lexicon import words
from tertius.ledger.extract.syntax import kids

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from spacy.tokens import Token

    from tertius.ledger.extract.parties import Party, Passage

OFFICE = words(
    "president premier minister leader chancellor king queen prince emir sultan ambassador envoy spokesman spokeswoman "
    "secretary spokesperson general admiral governor senator commissioner chairman chairwoman director commander chief "
    "deputy official lawmaker negotiator adviser advisor representative diplomat ayatollah marshal colonel junta-leader "
    "undersecretary delegate consul mayor"
)
_NOMINAL = ("PROPN", "NOUN")
_POLITE = words(
    "mr ms mrs miss sir lord lady dr mr. ms. mrs. dr. president minister premier chancellor general king sheikh"
)


@dataclass(slots=True)
class People:
    """Names of persons met so far, and whose they are."""

    known: dict[str, Party] = field(default_factory=dict)  # by full name and by its first and last word
    surnames: dict[str, Party] = field(default_factory=dict)  # parts that count only after "Mr", "President"

    def meet(
        self, passage: Passage, token: Token, otherwise: Callable[[], Sequence[Party]]
    ) -> Sequence[Party]:
        """Learn a person's name; returns whose he or she is, if that is new.

        Parameters
        ----------
        otherwise : says whose office holders the sentence speaks of, where the office itself does not.
        """
        if token.pos_ not in _NOMINAL or token.dep_ == "compound":
            return ()
        names = passage.names.get(token.i)
        if names:
            for leader in (m for m in names if m.name.kind == "leader"):
                for word in leader.text.split():
                    self.surnames.setdefault(word, passage.named(token)[0])
            return ()
        office, titled = _office(token)
        parts = _name(token) if office is not None else []
        if office is None or not parts or any(passage.named(t) for t in parts):
            return ()
        nations = [p for p in (passage.modifiers(office) or passage.modifiers(token)) if len(p.code) == 3]
        party = (nations or list(otherwise() if titled else ()))[:1]
        for part in (parts[0], parts[-1]) if party else ():
            self.known.setdefault(part.text, party[0])
        return party

    def named(self, token: Token) -> Party | None:
        """Whose a person is who is named again."""
        if self.known and token.pos_ in _NOMINAL:
            parts = [t for t in _name(token) if t.text in self.known]
            if parts:
                return self.known[parts[0].text]
        surname = self.surnames.get(token.text)
        return surname if surname and token.i and token.nbor(-1).lower_ in _POLITE else None


def _office(name: Token) -> tuple[Token | None, bool]:
    """Return the office word of a name, and whether it stands before it as a title."""
    for c in kids(name):
        if c.dep_ == "compound" and c.lemma_.lower() in OFFICE:
            return c, True
        if c.dep_ == "appos" and c.lemma_.lower() in OFFICE:
            return c, False
    head = name.head
    if name.dep_ == "appos" and head.lemma_.lower() in OFFICE:
        return head, False
    return None, False


def _name(token: Token) -> list[Token]:
    """Words of a name, without titles; the parser may take the last part of "Ahn Gyu-back" for a noun."""
    parts = [*(c for c in kids(token) if c.dep_ == "compound" and c.i < token.i), token]
    parts = [t for t in parts if t.pos_ == "PROPN" and t.text[0].isupper() and len(t.text) > 2]
    return [t for t in parts if t.lemma_.lower() not in OFFICE and t.lower_ not in _POLITE]
