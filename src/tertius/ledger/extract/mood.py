"""Whether an act is planned, promised, threatened, expected, imagined or asked about, step by step up from its word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.ledger.extract.lexicon import cues
from tertius.ledger.extract.syntax import child, is_infinitive, kids

if TYPE_CHECKING:
    from spacy.tokens import Token

_FUTURE = ("will", "shall", "'ll", "wo", "’ll")
_LIKELY = frozenset(("probably", "likely", "presumably", "certainly"))
_PERFECT = frozenset(("would", "'d", "should", "’d"))


def mood(token: Token, below: Token | None) -> str:
    """Return the modality that one step gives, by its auxiliaries or by what it says of the act."""
    marked = "hypothetical" if is_inverted(token) else next(filter(None, map(_marked, kids(token))), "")
    if marked == "would" and any(c.lower_ in _LIKELY for c in kids(token)):
        return "forecast"
    if marked == "would" and _only_if(token):
        return "hypothetical"
    if marked:
        return marked
    said = _of_content(token, below) if below is not None else _attribute(token)
    if said:
        return said
    future = any(c.dep_ == "aux" and c.lower_ in _FUTURE for c in kids(token))
    if future:
        return "open_question" if _is_asked(token) else "hypothetical" if _only_if(token) else "will"
    return ""


def _of_content(token: Token, below: Token) -> str:
    """What a governing word says of its content: a plan, a vow, a fear of it."""
    lemma = token.lemma_.lower()
    if lemma in cues("modality", "pacts"):
        return "pledge"
    if lemma in ("probability", "likelihood", "odds"):
        return "forecast"
    if lemma in cues("modality", "imagined") and token.pos_ == "NOUN":
        return "hypothetical"
    if lemma in ("offer", "guarantee") and below.pos_ != "VERB":
        return ""  # offering help is helping, offering to help is not yet
    for name in ("threat", "pledge", "announcement", "forecast"):
        if lemma in cues("modality", name):
            return name
    return "announcement" if _is_to(token, below) else ""


def _is_to(token: Token, below: Token) -> bool:
    """As in "is to meet", "is going to send", "is about to deliver"."""
    if not is_infinitive(below):
        return False
    if token.lower_ in ("about", "going"):
        return True
    return token.lemma_ == "be" and below.dep_ == "xcomp" and child(token, "acomp", "attr") is None


def _attribute(noun: Token) -> str:
    """As in "the planned sale", "possible talks", unless something is said to have happened to it."""
    happened = noun.head.lemma_ in cues("negation", "happen")
    if noun.pos_ != "NOUN" or (happened and noun.dep_ in ("nsubj", "nsubjpass")):
        return ""
    adjectives = {c.lower_ for c in kids(noun) if c.dep_ == "amod"}
    for name in ("announcement", "pledge", "threat", "forecast", "hypothetical") if adjectives else ():
        if adjectives & cues("modality", "attributes", name):
            return name
    return ""


def _only_if(verb: Token) -> bool:
    """As in "will supply fuel only if it is paid"."""
    clauses = [c for c in kids(verb) if c.dep_ == "advcl" and c.i > verb.i]
    return any(
        m.lower_ == "if" and any(g.lower_ == "only" for g in kids(c)) for c in clauses for m in kids(c)
    )


def _is_asked(verb: Token) -> bool:
    """As in "Will China arm Russia?"."""
    if not verb.sent.text.rstrip("\"”'’ ").endswith("?"):
        return False
    first = child(verb, "aux")
    subject = child(verb, "nsubj", "nsubjpass")
    return first is not None and subject is not None and first.i < subject.i


def is_inverted(verb: Token) -> bool:
    """As in "had China lent the money", "were talks to fail": a condition without an "if"."""
    first = next((c for c in kids(verb) if c.dep_ == "aux" and c.lower_ in ("had", "were", "should")), None)
    if first is None and verb.dep_ == "advcl" and verb.head.lower_ == "were":
        first, verb_of = verb.head, verb.head  # "were China to arm Russia": the parser makes "were" a verb
    else:
        verb_of = verb
    subject = child(verb_of, "nsubj", "nsubjpass")
    if first is None or subject is None or first.i > subject.i:
        return False
    starts = first.i == verb.sent.start or first.nbor(-1).lower_ in (",", "and", "but")
    if first.lower_ == "had" and verb.dep_ == "ccomp":
        return first.i == verb.sent.start and _is_perfect(verb.head)
    return verb.dep_ == "advcl" and (starts or (first.lower_ == "had" and _is_perfect(verb.head)))


def _comes_after(verb: Token) -> bool:
    """As in "it would have gone to Egypt, had the EU paid it": the parser turns the two clauses round."""
    first, subject = child(verb, "aux"), child(verb, "nsubj", "nsubjpass")
    turned = first is not None and subject is not None and first.lower_ == "had" and first.i < subject.i
    return turned and any(c.dep_ == "ccomp" and c.i < verb.i and _is_perfect(c) for c in kids(verb))


def is_counterfactual(verb: Token) -> bool:  # noqa: PLR0911  one line per construction
    """Whether grammar says that it did not happen: "would have sent", "had it sent", "if it had sent ..., would"."""
    if verb.pos_ not in ("VERB", "AUX"):
        return False
    if verb.dep_ == "ccomp" and verb.head.lower_ == "had" and verb.head.dep_ == "ccomp":
        return _is_perfect(
            verb.head.head
        )  # "would have been lost had Iran not armed": "had" taken for a verb
    auxiliaries = [c.lower_ for c in kids(verb) if c.dep_ == "aux"]
    if _is_perfect(verb) and _PERFECT & _modals(verb) and not _in_words(verb):
        return True
    if {"to", "have"} <= set(auxiliaries) and verb.head.lower_ in ("was", "were", "supposed", "meant"):
        return True  # "was to have shipped"
    if "had" not in auxiliaries:
        return False
    if is_inverted(verb) or _comes_after(verb):
        return True
    if verb.dep_ == "ccomp" and verb.head.lemma_ == "wish":
        return True
    conditional = any(c.dep_ == "mark" and c.lower_ == "if" for c in kids(verb))
    marked = next((c for c in kids(verb) if c.dep_ == "mark" and c.lower_ in ("if", "though")), None)
    if marked is not None and marked.i and marked.nbor(-1).lower_ == "as":
        return True  # "as if it had armed them"
    if conditional and verb.dep_ == "ROOT":
        return True  # "if only it had armed them"
    return (
        conditional and verb.dep_ == "advcl" and bool(_modals(verb.head) & {"would", "could", "might", "'d"})
    )


def _is_perfect(verb: Token) -> bool:
    """As in "would have sent"."""
    return bool(_modals(verb)) and any(
        c.dep_ == "aux" and c.lower_ in ("have", "'ve", "’ve") for c in kids(verb)
    )


def _modals(verb: Token) -> set[str]:
    found = [c for c in kids(verb) if c.dep_ == "aux"]
    found += [g for c in kids(verb) if c.dep_ in ("aux", "auxpass") for g in kids(c) if g.dep_ == "aux"]
    return {c.lower_ for c in found if c.tag_ == "MD"}


def _in_words(verb: Token) -> bool:
    """As in "said it would have delivered all by May": the future of the past."""
    return verb.dep_ == "ccomp" and any(c.lower_ == "by" for c in kids(verb))


def _marked(c: Token) -> str:
    if c.dep_ == "mark" and c.lower_ in cues("modality", "conditions"):
        return "hypothetical"
    if c.dep_ == "mark" and c.lower_ == "whether":
        return "open_question"
    if c.dep_ == "aux" and c.lower_ in cues("modality", "hypothetical"):
        return "would" if c.lower_ in ("would", "'d") else "hypothetical"
    return ""
