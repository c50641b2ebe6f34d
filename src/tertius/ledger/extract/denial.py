"""Cues that deny an act: not, no, never; refuse, fail, stop short; reluctance; unlikely; without; hollow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.ledger.extract.lexicon import cues
from tertius.ledger.extract.syntax import child, is_infinitive, kids, lemma_of

if TYPE_CHECKING:
    from spacy.tokens import Token

_CONTENT = ("ccomp", "xcomp", "csubj", "acl", "advcl")
_PROMISED = frozenset(("promise", "hope", "aspiration", "ambition", "intention", "dream"))
_NOBODY = {"no", "neither", "none", "nobody", "few", "nothing"}


def at(token: Token, below: Token | None) -> list[str]:
    """Return the cues that deny, at one step up from the act; "never failed to" has two, which cancel.

    Parameters
    ----------
    token, below : a word that governs the act, and the one below it on the way; None at the act itself.
    """
    negated = any(_is_negation(c, token) for c in kids(token) if below is None or c.i != below.i)
    found = ["none"] if negated else []
    if below is None:
        without = token.head.lower_ == "without" and token.dep_ == "pobj"
        return found or (["none"] if without or _after_nor(token) or _rather_than(token) else [])
    governing = _verb(token, below) if token.pos_ in ("VERB", "AUX") else _other(token)
    return found + ([governing] if governing else [])


def _after_nor(verb: Token) -> bool:
    """As in "neither sent grain nor lent money"."""
    before = [c for c in kids(verb.head) if c.dep_ == "cc" and verb.head.i < c.i < verb.i]
    return verb.dep_ == "conj" and bool(before) and before[-1].lower_ == "nor"


def _rather_than(verb: Token) -> bool:
    """As in "would rather trade than arm it"."""
    than = any(c.dep_ == "mark" and c.lower_ == "than" for c in kids(verb))
    return than and verb.dep_ == "advcl" and any(c.lower_ == "rather" for c in kids(verb.head))


def hollow() -> frozenset[str]:
    """Nouns that have no content of their own: signs, evidence, words, claims of; reluctance, lack."""
    return cues("negation", "signs") | cues("negation", "nouns")


def about(clause: Token) -> Token | None:
    """Return the sign, claim or proof that a clause is the content of: "no evidence has emerged that they broke in"."""
    head = clause.head
    if clause.dep_ != "ccomp" or head.pos_ not in ("VERB", "AUX"):
        return None
    signs = [
        c for c in kids(head) if c.dep_ in ("nsubj", "nsubjpass", "attr", "dobj") and c.lemma_ in hollow()
    ]
    return signs[0] if signs else None


def as_invented(verb: Token) -> bool:
    """As in "rejected as invented the claim that"."""
    marked = any(c.dep_ == "mark" and c.lower_ == "as" for c in kids(verb))
    return marked and verb.head.lemma_ in cues("negation", "dismiss")


def avoided(noun: Token) -> Token | None:
    """Return the verb of keeping away from a thing: "shied away from cargoes sold by", "refrained from sanctions"."""
    above = noun.head.head
    above = above.head if above.pos_ == "ADV" else above
    spared = cues("negation", "verbs") | cues("negation", "spared")
    away = noun.dep_ == "pobj" and noun.head.lower_ == "from" and lemma_of(above) in spared
    return above if away else None


def carries(noun: Token, verb: Token, *, of_help: bool) -> bool:
    """Whether denying the verb denies the noun: "sent no signs of", "talks did not happen"."""
    if noun.dep_ in ("nsubj", "nsubjpass") and noun.lemma_.lower() in hollow():
        return True
    if noun.dep_ == "nsubjpass" and (lemma_of(verb) in cues("negation", "cancelled") or of_help):
        return lemma_of(verb) in cues("negation", "cancelled") | cues("negation", "withheld")
    if noun.dep_ in ("nsubj", "nsubjpass"):
        return noun.pos_ == "NOUN" and (verb.lemma_ in cues("negation", "happen") or _is_absent(verb))
    if noun.lemma_ in hollow() or noun.lower_ in ("little", "nothing", "more"):
        return True
    if noun.dep_ == "attr" and any(c.dep_ == "expl" for c in kids(verb)):
        return True  # "there was never an embargo"
    lemma = lemma_of(verb)
    return lemma in cues("negation", "facing") or (of_help and lemma in cues("negation", "withheld"))


def verdict(noun: Token) -> str:
    """Say what becomes of help that is the subject: "proved hollow", "was limited to words"."""
    head = noun.head
    if noun.dep_ not in ("nsubj", "nsubjpass") or noun.pos_ != "NOUN":
        return ""
    said = {c.lower_ for c in kids(head) if c.dep_ in ("acomp", "attr", "oprd", "advmod", "xcomp")}
    if head.lemma_ in ("come", "amount") and _to_nothing(head):
        return "denied"
    if said & cues("negation", "hollow") or head.lemma_ in cues("negation", "fade"):
        return "denied"
    if head.lemma_ in ("limit", "confine", "restrict") or said & cues("degree", "limited"):
        return "limited"
    return "limited" if head.lemma_ in ("fall", "come") and "short" in said else ""


def _to_nothing(verb: Token) -> bool:
    return any(o.lower_ in ("nothing", "naught") for c in kids(verb) if c.lower_ == "to" for o in kids(c))


def says_nobody(clause: Token) -> bool:
    """As in "nobody suggests that", "nothing shows that": what follows is not so."""
    subjects = [c for c in kids(clause.head) if c.dep_ in ("nsubj", "nsubjpass")]
    return any(c.lower_ in _NOBODY for c in subjects)


def _is_absent(verb: Token) -> bool:
    """As in "was not on the agenda", "is not under way"."""
    places = {o.lower_ for c in kids(verb) if c.dep_ == "prep" for o in kids(c)}
    return verb.lemma_ == "be" and bool(
        places & {"agenda", "table", "cards", "horizon", "way", "place", "sight"}
    )


def _is_negation(c: Token, token: Token) -> bool:  # noqa: PLR0911  one line per construction
    low, label = c.lower_, c.dep_
    if label == "neg" or (label in ("advmod", "preconj") and low in cues("negation", "adverbs")):
        return not (c.i + 1 < len(c.doc) and c.nbor(1).lower_ == "only")
    if label == "det":
        return low in cues("negation", "determiners") or any(
            g.lower_ in cues("negation", "adverbs") for g in kids(c)
        )
    if label in ("cc", "preconj"):
        return low in ("nor", "neither") and c.i < token.i
    if label in ("nsubj", "nsubjpass"):
        return bool(_NOBODY & {low, *(g.lower_ for g in kids(c) if g.dep_ in ("det", "preconj", "amod"))})
    if label == "prep" and low == "in":
        return any(g.lower_ == "no" for p in kids(c) for g in kids(p))
    if label == "dobj" and token.pos_ == "VERB":
        return low in ("nothing", "none") or any(_is_negation(g, c) for g in kids(c) if g.dep_ == "det")
    return (label == "dobj" and low == "nothing") or (
        low == "longer" and any(g.lower_ == "no" for g in kids(c))
    )


def _verb(token: Token, below: Token) -> str:
    """Return the verb that denies what hangs on it, or ""."""
    lemma = lemma_of(token)
    if token.lemma_ in ("stop", "fall") and any(c.lower_ == "short" for c in kids(token)):
        return "stop_short"
    if lemma in cues("negation", "spared") and (below.lower_ == "from" or below.dep_ == "pobj"):
        return lemma
    if lemma in cues("negation", "verbs"):
        return "" if token.lemma_ == "deny" and below.dep_ == "dobj" and below.pos_ == "VERB" else lemma
    if _undone(lemma, below) or (token.lemma_ == "rule" and child(token, "prt") is not None):
        return lemma
    if token.lemma_ in cues("negation", "dismiss") and (below.lemma_ in hollow() or as_invented(below)):
        return lemma
    return _judgement(token, below)


def _undone(lemma: str, below: Token) -> bool:
    """As in "help was withheld", "the summit was called off"."""
    withheld = below.dep_ in ("dobj", "nsubjpass") and lemma in cues("negation", "withheld")
    return withheld or (below.dep_ == "nsubjpass" and lemma in cues("negation", "cancelled"))


def _judgement(token: Token, below: Token) -> str:
    """What is said of an act: that it is not so, came to nothing, is in doubt, has yet to be."""
    judged = below.lemma_.lower() in hollow() or below.dep_ in _CONTENT
    if judged and (_called(token) & cues("negation", "untrue") or token.lemma_ in cues("negation", "dashed")):
        return "untrue"
    if _kept_from(token, below):
        return "prevent"
    if token.lemma_ in ("come", "amount") and _to_nothing(token):
        return "nothing"
    if below.dep_ == "ccomp" and any(c.lower_ in cues("negation", "that") for c in kids(token)):
        return "doubtful"
    late = any(c.lower_ == "yet" and c.dep_ == "advmod" and c.i < below.i for c in kids(token))
    return "yet_to" if late and is_infinitive(below) else ""


def _called(verb: Token) -> set[str]:
    """What something is said or called to be: "is false", "called it a fabrication", "turned out to be a myth"."""
    said = [c for c in kids(verb) if c.dep_ in ("acomp", "attr", "oprd", "xcomp", "ccomp")]
    inside = [g for c in said if c.lemma_ == "be" for g in kids(c) if g.dep_ in ("acomp", "attr")]
    return {c.lower_ for c in (*said, *inside)}


def is_fiction(noun: Token) -> bool:
    """Whether an act that is the subject is said not to be real: "is a mirage", "exists only on paper"."""
    verb = noun.head
    if noun.dep_ not in ("nsubj", "nsubjpass") or noun.pos_ != "NOUN":
        return False
    places = {o.lower_ for t in (verb, *kids(verb)) for c in kids(t) if c.lower_ == "on" for o in kids(c)}
    if "paper" in places and verb.lemma_ in ("be", "exist", "remain", "stay"):
        return True
    return bool(
        _called(verb) & (cues("negation", "unreal") | (_PROMISED if verb.lemma_ == "remain" else set()))
    )


def _other(token: Token) -> str:
    if token.lemma_ in cues("negation", "nouns"):
        return str(token.lemma_)
    if token.lower_ in cues("negation", "adjectives") and token.pos_ in ("ADJ", "VERB", "ADV"):
        return str(token.lower_)
    if token.lower_ in cues("negation", "untrue") and any(is_infinitive(c) for c in kids(token)):
        return "untrue"  # "it would be wrong to say that"
    if token.lower_ == "far" and any(c.lower_ == "from" for c in kids(token)):
        return "far_from"
    rather = token.lower_ == "than" and token.i and token.nbor(-1).lower_ == "rather"
    instead = token.lower_ == "of" and token.i and token.nbor(-1).lower_ == "instead"
    return str(token.lower_) if token.lower_ == "without" or rather or instead else ""


def _kept_from(verb: Token, below: Token) -> bool:
    """As in "prevented Russia from arming Syria", "persuaded Turkey not to": below is the "from" or what follows it."""
    return lemma_of(verb) in cues("negation", "prevented") and below.lower_ == "from"
