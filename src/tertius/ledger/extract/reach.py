"""How a denial reaches an act from where it stands: through the signs of it, its object, its preposition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.ledger.extract.denial import called, hollow, is_idiom
from tertius.ledger.extract.lexicon import cues
from tertius.ledger.extract.syntax import kids, lemma_of

if TYPE_CHECKING:
    from spacy.tokens import Token

_NOBODY = {"zero", "no", "neither", "none", "nobody", "few", "nothing", "scant"}
_SUBJECTS = ("nsubj", "nsubjpass")
# Prepositions, and the verbs (a list of cues.yaml) through which they lead a denial to a noun.
_WITH = (
    (("from", "of"), "verbs"),
    (("from",), "spared"),
    (("of",), "came"),
    (("on", "for", "upon", "without", "to", "with"), "awaited"),
    (("under",), "under"),
    (("behind",), "behind"),
    (("against",), "opposed"),
    (("on", "over", "about"), "on"),
    (("with", "on", "to"), "through"),
)


def about(clause: Token) -> Token | None:
    """Return the sign, claim or proof that a clause is the content of: "no evidence has emerged that they broke in"."""
    head = clause.head
    if clause.dep_ != "ccomp" or head.pos_ not in ("VERB", "AUX"):
        return None
    signs = [c for c in kids(head) if c.dep_ in (*_SUBJECTS, "attr", "dobj") and c.lemma_ in hollow()]
    return signs[0] if signs else None


def reached(noun: Token) -> Token | None:
    """Return the verb that a noun behind a preposition is denied with.

    As in "refrained from sanctions", "cannot count on help", "nothing came of the loan", "is not subject to a ban".
    """
    preposition, near = noun.head, noun.head.head
    low = preposition.lower_
    shifted = _shifted(preposition, near)
    if shifted is not None:
        return shifted  # "denied any role in the raid": the parser hangs the "in" on the verb
    if low == "to" and near.pos_ == "ADJ" and near.lower_ in cues("negation", "subject"):
        return near
    verb = near
    while verb.pos_ in ("ADP", "ADV", "ADJ", "SCONJ") and verb.head.i != verb.i:
        verb = verb.head
    if verb.pos_ not in ("VERB", "AUX"):
        return None
    names = {lemma_of(verb), verb.lemma_, f"{verb.lemma_}_{near.lower_}"}
    fits = any(low in prepositions and names & cues("negation", name) for prepositions, name in _WITH)
    return verb if fits or (is_idiom(verb) and low in ("on", "to", "at", "with")) else None


def _shifted(preposition: Token, verb: Token) -> Token | None:
    things = [c for c in kids(verb) if c.dep_ == "dobj" and c.i == preposition.i - 1]
    return next((c for c in things if c.lemma_ in hollow()), None) if verb.pos_ == "VERB" else None


def carries(noun: Token, verb: Token, *, of_help: bool) -> bool:
    """Whether denying the verb denies the noun: "sent no signs of", "talks did not happen"."""
    if noun.dep_ in _SUBJECTS:
        dashed = called(verb) & cues("negation", "untrue") or verb.lemma_ in cues("negation", "dashed")
        imagined = bool(dashed) and noun.lemma_.lower() in cues("modality", "imagined")
        return imagined or noun.lemma_.lower() in hollow() or _carries_subject(noun, verb, of_help=of_help)
    empty = noun.lemma_ in hollow() | cues("negation", "asked")
    if empty or is_idiom(verb) or noun.lower_ in ("little", "nothing", "more"):
        return True
    if noun.dep_ == "attr" and any(c.dep_ == "expl" for c in kids(verb)):
        return True  # "there was never an embargo"
    lemma = lemma_of(verb)
    averted = cues("negation", "facing") | cues("negation", "averted")
    return lemma in averted or (of_help and lemma in cues("negation", "withheld"))


def _carries_subject(noun: Token, verb: Token, *, of_help: bool) -> bool:
    lemma = lemma_of(verb)
    if noun.dep_ == "nsubj":
        return noun.pos_ == "NOUN" and (verb.lemma_ in cues("negation", "happen") or _is_absent(verb))
    if lemma in cues("negation", "dismiss") and noun.lemma_ in cues("negation", "asked"):
        return True
    if noun.pos_ == "NOUN" and verb.lemma_ in cues("modality", "in_plan"):
        return True
    stopped = lemma in cues("negation", "cancelled") or (of_help and lemma in cues("negation", "withheld"))
    return stopped or (not of_help and noun.pos_ == "NOUN" and verb.lemma_ in cues("negation", "happen"))


def says_nobody(clause: Token) -> bool:
    """As in "nobody suggests that", "nothing shows that": what follows is not so."""
    subjects = [c for c in kids(clause.head) if c.dep_ in _SUBJECTS]
    return any(c.lower_ in _NOBODY for c in subjects)


def _is_absent(verb: Token) -> bool:
    """As in "was not on the agenda", "is not under way", "is not imminent"."""
    places = {o.lower_ for c in kids(verb) if c.dep_ == "prep" for o in kids(c)}
    said = {c.lower_ for c in kids(verb) if c.dep_ in ("acomp", "advmod")} & cues("negation", "existing")
    away = {"agenda", "table", "cards", "horizon", "way", "place", "sight", "reach", "prospect"}
    return verb.lemma_ == "be" and bool(places & away or said)
