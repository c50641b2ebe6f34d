"""Parties: who a phrase stands for, by name, by reference, or by whom it belongs to; and a paragraph with all found in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tertius.ledger.extract import actors
from tertius.ledger.extract.lexicon import words
from tertius.ledger.extract.syntax import kids, objects_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spacy.tokens import Doc, Token

    from tertius.ledger.extract.actors import How, Mention
    from tertius.ledger.extract.dates import DateMention
    from tertius.ledger.extract.quantities import Amount
    from tertius.ledger.extract.text import Paragraph

# Heads that act for the state their modifier names: "Iranian diplomats", "banks from China".
PEOPLE = words(
    "diplomat envoy delegation official government regime troop force army military navy soldier bank "
    "company firm refiner tanker vessel ship authority leader president premier minister ministry "
    "foreign-ministry secretary ambassador spokesman spokeswoman spokesperson lawmaker parliament senator "
    "state side leadership rebel militia fighter warship jet plane aircraft drone missile coastguard "
    "coast guard police court prosecutor regulator administration agency trader buyer importer exporter "
    "major producer investor business people public citizen resident protester worker migrant refugee "
    "prisoner national airline operator utility shipper owner carrier team king prince chancellor monarch "
    "commander general chief counterpart negotiator representative junta group armed academic exporter "
    "commission committee council senate house congress cabinet bloc court embassy mission consulate "
    "capital intelligence security service border market economy industry infrastructure republic kingdom"
)
_ORIGIN = words("fire launch send base shoot originate")


@dataclass(frozen=True, slots=True)
class Party:
    """One side of an event; `start` and `end` are characters of the paragraph."""

    code: str
    text: str
    start: int
    end: int
    sector: str
    how: How


@dataclass(slots=True)
class Passage:
    """One parsed paragraph with everything found in it."""

    paragraph: Paragraph
    doc: Doc
    names: dict[int, list[Mention]]
    dates: list[DateMention]
    amounts: list[Amount]
    published: str = ""
    coref: dict[int, tuple[Party, ...]] = field(default_factory=dict)
    found: dict[int, list[Party]] = field(
        default_factory=dict
    )  # parties named, by token, as asked for so far
    home: list[Party] = field(default_factory=list)  # whose government or ministry the text named first

    def parties(self, token: Token) -> list[Party]:
        """Parties that a noun phrase stands for, its coordinated phrases included."""
        found = list(self.own(token))
        for other in token.conjuncts:
            if other.pos_ in ("NOUN", "PROPN", "PRON", "ADJ"):
                found += self.own(other)
        return distinct(found)

    def own(self, token: Token) -> list[Party]:
        """Parties that one head stands for: by name, by reference, or by who it belongs to."""
        named = self.named(token)
        if named:
            return distinct([*named, *self._including(token)])
        if token.i in self.coref:
            return list(self.coref[token.i])
        inside = [p for c in kids(token) if c.dep_ == "appos" for p in self.named(c)]
        inside = inside or self._including(token)
        if inside:
            return inside
        return self.modifiers(token) if token.lemma_.lower() in PEOPLE or token.lower_ in PEOPLE else []

    def named(self, token: Token) -> list[Party]:
        """Parties named at a token."""
        place = token.i
        if place not in self.names:
            return []
        if place not in self.found:
            here = self.names[place]
            self.found[place] = [self._party(m) for m in here if m.is_party and not self._is_flag(m)]
        return list(self.found[place])

    def _is_flag(self, mention: Mention) -> bool:
        """As in "a Liberian-flagged tanker": the flag says nothing of whose it is."""
        return self.paragraph.text.startswith(("-flag", "-registered"), mention.end)

    def modifiers(self, token: Token) -> list[Party]:
        """Parties that a noun belongs to: Iran's, Iranian, of Iran, from Iran, in Iran."""
        found: list[Party] = []
        for c in kids(token):
            if c.tag_ == "WP$":  # "Washington, whose president brokered"
                found += next((self.parties(a.head) for a in token.ancestors if a.dep_ == "relcl"), [])
            elif (
                c.dep_ in ("poss", "amod", "compound", "nmod", "npadvmod", "quantmod") and c.lower_ != "bound"
            ):
                found += self.parties(c) or self.modifiers(c)
        for preposition in ("of", "by", "from", "in", "at", "for") if not found else ():
            for c in objects_of(token, preposition):
                found += self.parties(c)
        for c in kids(token):
            if c.dep_ == "acl" and c.lemma_ in _ORIGIN:  # "rockets fired from Lebanon"
                found += [p for o in objects_of(c, "from") for p in self.parties(o)]
        return distinct(found)

    def _including(self, token: Token) -> list[Party]:
        """As in "Western states, including Germany"."""
        listed = [c for c in kids(token) if c.dep_ == "prep" and c.lower_ in ("including", "like")]
        return [p for c in listed for o in kids(c) if o.dep_ == "pobj" for p in self.parties(o)]

    def _party(self, mention: Mention) -> Party:
        sector = actors.sector_on(mention.name, self.published)
        return Party(mention.code, mention.text, mention.start, mention.end, sector, mention.name.how)


def distinct(parties: Iterable[Party]) -> list[Party]:
    """Parties by code, the first of each."""
    found: dict[str, Party] = {}
    for party in parties:
        found.setdefault(party.code, party)
    return list(found.values())


def index(doc: Doc, mentions: list[Mention]) -> dict[int, list[Mention]]:
    """Mentions by token; a name of several tokens is found at its last (its head) and at the others."""
    names: dict[int, list[Mention]] = {}
    for mention in mentions:
        span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
        for token in span or ():
            names.setdefault(token.i, []).append(mention)
    return names
