"""Whether a verb meets what a frame asks for: its object, subject, prepositions, complement, words nearby."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tertius.ledger.extract.syntax import child, doer, is_infinitive, is_passive, kids, patient, referents

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tertius.ledger.extract.lexicon import Frame

_SHARED = frozenset(
    ("joint", "common", "mutual", "trilateral")
)  # adjectives that a frame may ask of its object


_FUTURE = frozenset(("will", "would", "shall", "'ll", "'d"))
_SIGNS = "$€£¥₹₽₩"
_CODES = frozenset(("NOK", "SEK", "DKK", "CHF", "EUR", "USD", "GBP", "CNY", "RUB", "INR"))
_DESIGNATION = re.compile(r"[A-Z][A-Za-z]{0,2}-\d{1,4}[A-Z]{0,2}s?")  # S-400, F-16s, MiG-29, Kh-101


def fits(frame: Frame, verb: Token) -> bool:
    """Whether the frame's demands on object, preposition, complement and subject are met."""
    return (
        _complement_fits(frame, verb)
        and not (frame.unless_in and any(c.lower_ in frame.unless_in for c in kids(verb)))
        and not (frame.avoid and _leads_to(verb, frame.avoid))
        and not (frame.future and not any(c.dep_ == "aux" and c.lower_ in _FUTURE for c in kids(verb)))
        and not (frame.bare and patient(verb) and not is_passive(verb))
        and (not frame.near or _has_near(verb, frame.near))
        and (not frame.without or not any(_is_a(t, frame.without) for t in _things(frame, verb)))
        and (not frame.subjects or _subject_fits(frame, verb))
        and _object_fits(frame, verb)
    )


def _complement_fits(frame: Frame, verb: Token) -> bool:
    if not frame.complement:
        return True
    if frame.complement == "whom":
        told = child(verb, "dobj", "dative", "nsubjpass") is not None
        return any(
            c.dep_ in ("xcomp", "ccomp") and is_infinitive(c) and (told or child(c, "nsubj") is not None)
            for c in kids(verb)
        )
    label = "ccomp" if frame.complement == "ccomp" else "xcomp"
    return (child(verb, label) is None) == (frame.complement == "none")


def _has_near(verb: Token, wanted: frozenset[str]) -> bool:
    """Whether one of these words hangs on the verb or on what hangs on it: "held ... responsible", "on ice"."""
    below = [t for c in kids(verb) for t in (c, *kids(c))]
    below += [o for t in below if t.dep_ == "prep" for p in kids(t) for o in (p, *kids(p))]
    return any({t.lower_, t.lemma_} & wanted for t in below)


def _subject_fits(frame: Frame, verb: Token) -> bool:
    subjects = doer(verb) if not is_passive(verb) else [c for c in kids(verb) if c.dep_ == "nsubjpass"]
    return any(_is_a(t, frame.subjects) for t in subjects)


def _leads_to(verb: Token, heads: frozenset[str]) -> bool:
    """Whether a preposition of the verb or of its object leads to one of these: "a campaign against graft"."""
    hung = [c for t in (verb, *patient(verb)) for c in kids(t)]
    return any({o.lemma_, o.lower_} & heads for c in hung for o in kids(c))


def _things(frame: Frame, verb: Token) -> list[Token]:
    """Return what the verb is done to; of "waved through the sale", which has no object, the sale."""
    found = patient(verb)
    if not found:
        joined = [c for c in kids(verb) if f"{verb.lemma_}_{c.lower_}" in frame.words]
        found = [o for c in joined for o in kids(c) if o.dep_ == "pobj"]
    named = [t for p in found for t in (p, *p.conjuncts)]
    return named + [noun for thing in named for noun in referents(thing)]


def _object_fits(frame: Frame, verb: Token) -> bool:
    if frame.objects_in and not any(c.lower_ in frame.objects_in for c in _hung(verb)):
        return False
    if not frame.objects:
        return True
    things = _things(frame, verb)
    if frame.objects_in:
        things += [o for c in _hung(verb) for o in kids(c) if o.dep_ == "pobj"]
    return any(_is_a(thing, frame.objects) for thing in things)


def _hung(verb: Token) -> list[Token]:
    """Prepositions and particles of the verb and of its object, also two in a row ("out of")."""
    marks = ("prep", "dative", "prt", "advmod", "agent")
    found = [c for t in (verb, *patient(verb)) for c in kids(t) if c.dep_ in marks]
    return found + [inner for c in found for inner in kids(c) if inner.dep_ == "prep"]


def is_kind(frame: Frame, noun: Token) -> bool:
    """Whether a noun is of the kind that a frame asks for: a strike that is *general*, a lifting *of sanctions*.

    `without` names what it must not be of: a fight *against inflation*, a *heart* attack.
    """
    if not frame.compounds and not frame.without:
        return True
    before = {t for c in kids(noun) if c.dep_ != "prep" for t in (c.lemma_.lower(), c.lower_)}
    after = [(c.lower_, o) for c in kids(noun) if c.dep_ == "prep" for o in kids(c)]
    if any({o.lemma_.lower(), o.lower_} & frame.without for _, o in after) or before & frame.without:
        return False
    return not frame.compounds or bool(
        before & frame.compounds or any(_is_a(o, frame.compounds) for word, o in after if word == "of")
    )


def _is_a(thing: Token, heads: frozenset[str]) -> bool:
    """Whether a noun phrase is one of these things; "stocks of grain" count by their content."""
    if {thing.lemma_.lower(), thing.lower_} & heads:
        return True
    if "$" in heads and any(
        t.text[0] in _SIGNS or t.text in _CODES for c in (thing, *kids(thing)) for t in (c, *kids(c))
    ):
        return True
    if "Xx" in heads and thing.pos_ == "PROPN":
        return True
    if "A-00" in heads and any(_DESIGNATION.fullmatch(t.text) for t in (thing, *kids(thing))):
        return True
    inner = [t for c in kids(thing) if c.dep_ == "prep" and c.lower_ in ("of", "worth") for t in kids(c)]
    inner += [c for c in kids(thing) if c.dep_ in ("compound", "appos", "nummod", "quantmod", "nmod")]
    inner += [c for c in kids(thing) if c.dep_ == "amod" and c.lower_ in _SHARED]
    return any({t.lemma_.lower(), t.lower_} & heads for t in inner)
