"""Who says something: the source's name, code and kind, read off the noun that names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.ledger.extract import actors
from tertius.ledger.extract.lexicon import cues
from tertius.ledger.extract.syntax import kids, objects_of
from tertius.ledger.record import Extent, Source

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tertius.ledger.extract.parties import Passage

_STATES = frozenset(
    ("name", "adj", "place", "dateline", "capital")
)  # kinds of mentions that are no person's name


def can_speak(passage: Passage, token: Token) -> bool:
    """Whether it can be cited: a party, a paper, a kind of source, a person; no tariff, no reason."""
    if token.pos_ in ("NUM", "PRON", "DET") or token.lower_ in ("one", "some", "several"):
        return any(can_speak(passage, o) for o in objects_of(token, "of"))  # "one of the officials"
    return _kind(token) != "other" or bool(passage.names.get(token.i)) or token.pos_ == "PROPN"


def media(passage: Passage, token: Token, verb: Token) -> list[Source]:
    """Return the newspaper or agency that a noun names."""
    return [
        source_of(passage, token, verb)
        for m in passage.names.get(token.i, ())
        if m.name.kind in actors.SOURCES_ONLY
    ][:1]


def source_of(passage: Passage, token: Token, cue: Token) -> Source:
    """Return the source that a noun names; `cue` is the word that makes it one."""
    mention = next(iter(passage.names.get(token.i, ())), None)
    left, right = _bounds(token)
    text = passage.doc.text
    start, end = left.idx, right.idx + len(right.text)
    if mention is not None and mention.name.kind in actors.SOURCES_ONLY:
        code, kind = mention.code, mention.name.kind
    else:
        parties = passage.own(token) or passage.modifiers(token)
        code, kind = (parties[0].code if parties else ""), _kind(token)
    hedge = cue.lower_ if cue.lemma_ in cues("speech", "hedged") else ""
    return Source(
        name=text[start:end],
        code=code,
        kind=kind,
        cue=cue.text,
        span=Extent(start=passage.paragraph.start + start, end=passage.paragraph.start + end),
        hedge=hedge,
    )


def _bounds(noun: Token) -> tuple[Token, Token]:
    """Edges of a source's name: the phrase without its clauses and appositions."""
    left = right = noun
    for c in kids(noun):
        if c.dep_ in ("det", "amod", "compound", "poss", "nmod", "nummod") and c.i < noun.i:
            left = min(left, c.left_edge, key=lambda t: t.i)
        if c.dep_ == "prep" and c.lower_ in ("of", "for", "from") and c.i > noun.i:
            right = max(right, c.right_edge, key=lambda t: t.i) if c.right_edge.i - c.i < 8 else right
    return left, right


def _kind(token: Token) -> str:
    """Kind of an unnamed or named source by its head noun."""
    low, lemma = token.lower_, token.lemma_.lower()
    for kind in ("official", "expert", "industry", "media", "data", "person"):
        if lemma in cues("unnamed", kind) or low in cues("unnamed", kind):
            return kind
    heads = {c.lemma_.lower() for c in kids(token) if c.dep_ in ("compound", "appos", "amod")}
    for kind in ("official", "expert", "industry"):
        if heads & cues("unnamed", kind):
            return kind
    return "person" if token.pos_ == "PROPN" else "other"


def is_expert(token: Token) -> bool:
    """Whether a noun names somebody who judges from outside."""
    return _kind(token) == "expert"


def extent_of(passage: Passage, first: Token, last: Token) -> Extent:
    """Place of a run of tokens in the text."""
    start = passage.paragraph.start
    return Extent(start=start + first.idx, end=start + last.idx + len(last.text))


def is_human(passage: Passage, token: Token) -> bool:
    """Whether a noun names a person, so that "he" can stand for it."""
    kinds = {m.name.kind for m in passage.names.get(token.i, ())}
    if kinds & _STATES or token.pos_ not in ("NOUN", "PROPN"):
        return False
    office = token.lemma_.lower() in cues("unnamed", "person_like")
    return office or (
        token.pos_ == "PROPN" and _kind(token) == "person" and token.ent_type_ in ("", "PERSON")
    )


def is_person(passage: Passage, token: Token) -> bool:
    """Whether a name before a colon is somebody's, not the heading of a paragraph about a state."""
    if token.pos_ == "NOUN":
        return _kind(token) in ("official", "person")
    kinds = {m.name.kind for m in passage.names.get(token.i, ())}
    return not kinds & _STATES and (bool(kinds) or _kind(token) == "person")
