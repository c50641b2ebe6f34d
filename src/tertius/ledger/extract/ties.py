"""Claims about a tie itself: deepening, limited, durable, episodic, ally, lifeline; judged, not acted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tertius.ledger.extract.lexicon import cues
from tertius.ledger.extract.parties import distinct
from tertius.ledger.extract.stance import Stance, stance
from tertius.ledger.extract.syntax import child, doer, kids, objects_of, phrase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from tertius.ledger.extract.parties import Party, Passage

_TRENDS = ("deepening", "weakening", "limited", "durable", "episodic")


@dataclass(frozen=True, slots=True)
class Tie:
    """A judgement about the tie between parties; positions are characters of the paragraph."""

    predicate: str
    value: str
    parties: tuple[Party, ...]
    others: tuple[Party, ...]
    token: Token
    stance: Stance
    start: int
    end: int

    @property
    def flow(self) -> bool:
        """Whether the judgement states an exchange: "is Iran's biggest trading partner, buyer, supplier"."""
        trading = any(c.lower_ in ("trading", "trade") for c in kids(self.token))
        return self.predicate == "is" and (trading or self.value in cues("ties", "flow"))


def ties(passage: Passage) -> list[Tie]:
    """Every judgement about ties in a passage."""
    found = [t for token in passage.doc for t in _at(passage, token)]
    unique: dict[tuple[str, int], Tie] = {}
    for tie in found:
        unique.setdefault((tie.predicate, tie.token.i), tie)
    return list(unique.values())


def _at(passage: Passage, token: Token) -> Iterator[Tie]:
    if token.pos_ not in ("NOUN", "PROPN"):
        return
    lemma = token.lemma_.lower()
    if lemma in cues("ties", "nouns") and token.dep_ != "compound":
        value = _judged(token)
        parties = _parties(passage, token)
        if value and parties:
            yield _tie(
                token,
                "tie_trend" if value in ("deepening", "weakening") else "tie_character",
                value,
                parties,
                [],
            )
    if lemma in cues("ties", "partner") and token.dep_ in ("attr", "oprd", "pobj", "appos", "dobj"):
        yield from _called(passage, token)


def _judged(noun: Token) -> str:
    """Return what is said of a tie: by its adjectives, by its verb, or by a complement."""
    marks = [c for c in kids(noun) if c.dep_ in ("amod", "acl")]
    head = noun.head
    if noun.dep_ in ("nsubj", "nsubjpass", "dobj"):
        marks += [head, *(c for c in kids(head) if c.dep_ in ("acomp", "attr", "oprd", "xcomp"))]
        marks += [m for c in kids(head) if c.dep_ == "attr" for m in kids(c) if m.dep_ == "amod"]
    if noun.dep_ == "pobj" and head.lower_ in ("to", "of") and head.head.lemma_ in cues("ties", "limited"):
        return "limited"
    for value in _TRENDS:
        wanted = cues("ties", value)
        if any(m.lemma_.lower() in wanted or m.lower_ in wanted for m in marks):
            return value
    return ""


def _parties(passage: Passage, noun: Token) -> list[Party]:
    found = list(passage.modifiers(noun))
    for preposition in ("between", "with", "to", "among"):
        for token in objects_of(noun, preposition):
            found += passage.parties(token) or passage.modifiers(token)
    if len(distinct(found)) < 2 and noun.dep_ == "dobj":
        found = [p for t in doer(noun.head) for p in passage.parties(t) or passage.modifiers(t)] + found
    return distinct(found)


def _called(passage: Passage, noun: Token) -> Iterator[Tie]:
    """As in "China is Iran's biggest trading partner": who is called whose partner."""
    whose = [p for c in kids(noun) if c.dep_ == "poss" for p in passage.parties(c)]
    for preposition in ("of", "for", "to"):
        whose += [p for t in objects_of(noun, preposition) for p in passage.parties(t)]
    head = noun.head
    if noun.dep_ == "pobj" and head.lower_ in ("of", "as"):  # "considered one of Iran's closest allies"
        head = head.head.head if head.lower_ == "of" else head.head
    while head.dep_ in ("oprd", "attr", "xcomp") and head.pos_ not in ("VERB", "AUX"):
        head = head.head
    if head.pos_ not in ("VERB", "AUX"):
        return
    who = [
        p
        for t in (
            doer(head)
            or [s for s in (child(head, "nsubjpass"),) if s is not None]
            or ([head.head] if head.dep_ == "acl" else [])
        )
        for p in passage.parties(t) or passage.modifiers(t)
    ]
    codes = {p.code for p in whose}
    called = [p for p in distinct(who) if p.code not in codes]
    if called and whose:
        yield _tie(noun, "is", noun.lemma_.lower(), called, distinct(whose))


def _tie(noun: Token, predicate: str, value: str, parties: list[Party], others: list[Party]) -> Tie:
    tokens = [t for t in phrase(noun) if abs(t.i - noun.i) < 14]
    head = noun.head
    if noun.dep_ in ("nsubj", "nsubjpass", "dobj", "attr", "oprd") and abs(head.i - noun.i) < 14:
        tokens.append(head)
    first, last = min(tokens, key=lambda t: t.i), max(tokens, key=lambda t: t.i)
    mood = stance(head if head.pos_ in ("VERB", "AUX") else noun)
    return Tie(
        predicate, value, tuple(parties), tuple(others), noun, mood, first.idx, last.idx + len(last.text)
    )
