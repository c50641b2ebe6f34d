"""Whether a word says not or no: not, never, hardly; nobody, not one of, hardly any; under no circumstances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.ledger.extract.lexicon import cues, words
from tertius.ledger.extract.syntax import child, kids

if TYPE_CHECKING:
    from spacy.tokens import Token

_NOBODY = {"zero", "no", "neither", "none", "nobody", "few", "nothing", "scant"}
_SUBJECTS = ("nsubj", "nsubjpass")
_NOT = ("not", "nowhere", "never")
_MARKS = ("det", "preconj", "amod", "neg", "advmod", "cc", "predet", "nummod")
_OBJECTS = ("dobj", "dative")
_HARDLY = words("only just merely simply solely surprisingly long unexpectedly least before but")


def is_negation(c: Token, token: Token) -> bool:  # noqa: PLR0911  one line per construction
    """Whether a child denies its head: "not", "no longer", "nobody", "under no circumstances"."""
    low, label = c.lower_, c.dep_
    if _is_fronted(c, token):
        return True
    if label == "neg" or (label in ("advmod", "preconj") and low in cues("negation", "adverbs")):
        return not (c.i + 1 < len(c.doc) and c.nbor(1).lower_ in _HARDLY)
    if label in ("det", "nummod"):
        return _is_none(c) and not _is_idle(token)
    if label in ("cc", "preconj"):
        return low in ("nor", "neither") and c.i < token.i
    if label in _SUBJECTS:
        return is_nothing(c)
    if label == "prep":
        return low in ("in", "under", "on", "at", "by", "to") and _at_no_point(c)
    if label in _OBJECTS and token.pos_ == "VERB":
        return is_nothing(c, few=False) and not _is_idle(c)
    return _is_worded(c, token)


def _is_none(word: Token) -> bool:
    """As in "no", "zero", "hardly any"."""
    counted = any(g.lower_ in cues("negation", "adverbs") for g in kids(word))
    return counted or (word.lower_ in cues("negation", "determiners") and not _is_fewer(word))


def _is_worded(c: Token, token: Token) -> bool:
    """As in "no longer", "anything but"; "few doubt that", where the parser takes the verb for a noun."""
    if c.dep_ == "amod" and token.pos_ == "VERB":
        return c.lower_ == "few"
    if c.dep_ == "csubj" and token.lemma_ == "be":  # "what Iran has never done is send tanks"
        return any(g.dep_ == "neg" for g in kids(c))
    wanted = {"anything": "but", "longer": "no"}.get(c.lower_)
    return wanted is not None and any(g.lower_ == wanted for g in kids(c))


def _is_fronted(c: Token, verb: Token) -> bool:
    """As in "not since 2019 has India bought", "nowhere does it say": the auxiliary comes before the subject."""
    if c.dep_ not in ("prep", "advmod", "npadvmod", "mark") or c.i > verb.i:
        return False
    first = next((k for k in kids(verb) if k.dep_ in ("aux", "auxpass")), None)
    subject = child(verb, *_SUBJECTS)
    inverted = first is not None and subject is not None and c.i < first.i < subject.i
    before = "before" in (c.lower_, c.nbor(1).lower_)  # "never before has Japan given so much"
    return (
        inverted and not before and (c.lower_ in _NOT or any(g.lower_ in _NOT and g.i < c.i for g in kids(c)))
    )


def is_nothing(noun: Token, *, few: bool = True) -> bool:
    """Whether a noun phrase names nobody or nothing: "no state", "not one of", "hardly any fuel", "neither of them"."""
    words = _NOBODY if few else _NOBODY - {"few", "scant"}
    marks = [g for g in kids(noun) if g.dep_ in _MARKS]
    marks += [h for g in kids(noun) if g.dep_ in ("det", "nummod", "amod", "advmod") for h in kids(g)]
    found = [noun, *(m for m in marks if m.i < noun.i)]
    hit = next((t for t in found if t.lower_ in words or t.lower_ in cues("negation", "adverbs")), None)
    if hit is None or _is_fewer(hit) or (hit.i + 1 < len(hit.doc) and hit.nbor(1).lower_ in _HARDLY):
        return False
    if hit.lower_ == "not" and any(t.lower_ == "but" for t in hit.doc[hit.i : hit.i + 5]):
        return False  # "not one but two"
    return not any(c.lower_ in ("but", "except", "besides") and c.i > noun.i for c in kids(noun))


def _is_fewer(no: Token) -> bool:
    """As in "no fewer than forty", "no less than"."""
    return no.i + 1 < len(no.doc) and no.nbor(1).lower_ in cues("negation", "fewer")


def _is_idle(noun: Token) -> bool:
    """As in "lost no time in", "had no choice but to": to lack it denies nothing."""
    return noun.lemma_ in cues("negation", "idle") or any(c.lower_ == "but" for c in kids(noun))


def _at_no_point(preposition: Token) -> bool:
    """As in "under no circumstances", "at no point", "in no way"."""
    things = [p for p in kids(preposition) if p.dep_ == "pobj" and p.lemma_ in cues("negation", "point")]
    return any(g.lower_ in ("no", "neither") for p in things for g in kids(p))
