"""Whether an act is done, denied, weak, planned or imagined, from what governs its word in the sentence.

"stopped short of offering", "did little to help", "few signals of support", "reluctance to back", "has yet to be
signed", "expected to avoid": negation and degree are followed upwards through complements, never across a new clause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tertius.ledger.extract.lexicon import cues, words
from tertius.ledger.extract.syntax import child, is_infinitive, lemma_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

_SIGNS = words(
    "sign signal hint indication evidence shred trace show gesture statement expression offer form kind sort type "
    "amount level deal bit ounce prospect chance lot share source"
)
_FACING = words(
    "expose face risk fear suffer evade invite trigger attract incur carry consider threaten weigh mull"
)
_HAPPEN = words(
    "happen occur take come materialise materialize follow emerge begin hold deliver sign reach impose send"
)
_DEGREES = ("little", "few", "limited", "substantial", "full")


@dataclass(frozen=True, slots=True)
class Stance:
    """How an act stands in the text."""

    negated: bool = False
    degree: str = ""
    modality: str = ""
    governor: str = ""  # lemma of the verb or noun that decided, for the rule's name


def stance(trigger: Token, light: Token | None = None) -> Stance:
    """Stance of an act.

    Parameters
    ----------
    trigger : the word that names the act.
    light : the verb that carries it out when the trigger is its object ("did not provide support").
    """
    chain = list(_governors(trigger, light))
    negations = [cue for cue in (_negation(token, below) for token, below in chain) if cue]
    degree = next((d for d in (_degree(token) for token, _ in chain) if d), "")
    modality = next((m for m in (_modality(token, below) for token, below in chain) if m), "")
    modality = modality or _shared_modality(light if light is not None else trigger)
    if trigger.dep_ == "nsubj" and trigger.pos_ == "NOUN" and _modality(trigger.head, None) == "hypothetical":
        modality = modality or "hypothetical"
    negated = len(negations) % 2 == 1
    if degree in cues("degree", "denies") and not negated:
        negated = True
    if negated and "none" in negations and not degree:
        degree = "none"
    return Stance(negated, degree, modality, negations[0] if negations else "")


def _governors(trigger: Token, light: Token | None) -> Iterator[tuple[Token, Token | None]]:
    """Yield (token, the token below it), from the trigger upwards, within its clause."""
    token, below = trigger, None
    for _ in range(10):
        yield token, below
        above = _above(token, light)
        if above is None:
            return
        token, below = above, token


def _above(token: Token, light: Token | None) -> Token | None:
    head, label = token.head, token.dep_
    if head.i == token.i:
        return None
    if light is not None and head.i == light.i:
        return head
    if label in ("xcomp", "oprd", "acomp"):
        return head
    if label in ("pcomp", "pobj") and head.dep_ in ("prep", "prt", "agent"):
        return (
            head
            if label == "pcomp" or head.head.lemma_ in _SIGNS | _FACING | cues("negation", "nouns")
            else None
        )
    if label in ("prep", "prt") or (label == "advmod" and token.lower_ == "short"):
        return head
    if label in ("acl", "relcl") and (is_infinitive(token) or head.lemma_ in cues("modality", "pacts")):
        return head
    if label == "advcl" and is_infinitive(token) and head.lemma_ == "do":
        return head
    if label in ("dobj", "attr") and head.pos_ in ("VERB", "AUX") and _carries(token, head):
        return head
    if label in ("nsubj", "nsubjpass") and head.lemma_ in _HAPPEN and token.pos_ == "NOUN":
        return head
    return head if label == "ccomp" and head.lemma_ in ("doubt", "deny", "expect") else None


def _carries(noun: Token, verb: Token) -> bool:
    """Whether a verb's denial denies its object: signs, reluctance, help ... of something."""
    carried = (
        noun.lemma_ in _SIGNS
        or noun.lemma_ in cues("negation", "nouns")
        or noun.lemma_ in ("little", "nothing")
    )
    return (
        carried
        or verb.lemma_ in _FACING
        or verb.lemma_ in ("avoid", "rule_out", "refuse", "reject", "withhold")
    )


def _negation(token: Token, below: Token | None) -> str:
    """Cue that denies, at one step; empty when none."""
    for c in token.children:
        if c.dep_ == "neg" or (c.dep_ in ("advmod", "preconj") and c.lower_ in cues("negation", "adverbs")):
            if not (c.nbor(1).lower_ == "only" if c.i + 1 < len(c.doc) else False):
                return "none"
        if c.dep_ == "det" and c.lower_ in cues("negation", "determiners"):
            return "none"
        if c.dep_ == "dobj" and c.lower_ == "nothing":
            return "none"
        if c.dep_ in ("cc", "preconj") and c.lower_ in ("nor", "neither") and c.i < token.i:
            return "none"
        if c.dep_ in ("nsubj", "nsubjpass") and any(
            d.lower_ in ("no", "neither", "none") for d in (c, *c.children)
        ):
            return "none"
        if c.lower_ == "longer" and any(n.lower_ == "no" for n in c.children):
            return "none"
    if below is None:
        return "none" if token.head.lower_ == "without" and token.dep_ in ("pcomp", "pobj") else ""
    return _governing(token, below)


def _shared_modality(verb: Token) -> str:
    """Auxiliary that a coordinated verb shares: "will provide a loan and send engineers"."""
    if verb.dep_ != "conj" or child(verb, "aux", "nsubj", "nsubjpass") is not None:
        return ""
    return _modality(verb.head, None)


def _governing(token: Token, below: Token) -> str:
    if token.pos_ in ("VERB", "AUX"):
        lemma = lemma_of(token)
        if token.lemma_ in ("stop", "fall") and any(c.lower_ == "short" for c in token.children):
            return "stop_short"
        if lemma in cues("negation", "verbs"):
            return lemma
        if token.lemma_ == "have" and any(c.lower_ == "yet" for c in token.children) and is_infinitive(below):
            return "yet_to"
        if any(c.lower_ in cues("negation", "adjectives") and c.dep_ == "acomp" for c in token.children):
            return "unable"
        if token.lemma_ == "rule" and child(token, "prt") is not None:
            return "rule_out"
    if token.lemma_ in cues("negation", "nouns"):
        return token.lemma_
    if token.pos_ == "ADJ" and token.lower_ in cues("negation", "adjectives"):
        return token.lower_
    if token.lower_ == "without" or (token.lower_ == "than" and token.nbor(-1).lower_ == "rather"):
        return token.lower_
    return (
        "yet_to"
        if any(c.lower_ == "yet" and c.i + 1 < below.i for c in token.children if c.dep_ == "advmod")
        and is_infinitive(below)
        else ""
    )


def _degree(token: Token) -> str:
    marks = [
        c.lower_ for c in token.children if c.dep_ in ("amod", "advmod", "det", "dobj", "quantmod", "nummod")
    ]
    marks += [g.lower_ for c in token.children if c.dep_ == "dobj" and c.lower_ == "more" for g in c.children]
    if token.lower_ in cues("degree", "little") and token.pos_ in ("ADJ", "NOUN", "PRON", "ADV"):
        marks.append(token.lower_)
    for name in _DEGREES:
        if any(mark in cues("degree", name) for mark in marks):
            return name
    return ""


def _modality(token: Token, below: Token | None) -> str:
    """Modality that one step gives: its auxiliaries and conjunctions, and what it says of the act below it."""
    for c in token.children:
        if c.dep_ == "mark" and c.lower_ in ("if", "unless"):
            return "hypothetical"
        if c.dep_ == "mark" and c.lower_ == "whether":
            return "open_question"
        if c.dep_ == "aux" and c.lower_ in cues("modality", "hypothetical"):
            return "would" if c.lower_ in ("would", "'d") else "hypothetical"
    if below is not None:
        lemma = token.lemma_.lower()
        if token.lemma_ in cues("modality", "pacts"):
            return "pledge"
        if (
            lemma in ("offer", "guarantee") and below.pos_ != "VERB"
        ):  # offering help is helping, offering to help is not yet
            return ""
        for name in ("threat", "pledge", "announcement", "forecast"):
            if lemma in cues("modality", name):
                return name
    if any(c.dep_ == "aux" and c.lower_ in ("will", "shall", "'ll") for c in token.children):
        return "will"
    return ""
