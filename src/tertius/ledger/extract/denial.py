"""Cues that deny an act, one step up from it: not, no, never; refuse, stop short; reluctance; doubt; without; hollow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.ledger.extract.lexicon import cues
from tertius.ledger.extract.syntax import child, is_infinitive, kids, lemma_of

if TYPE_CHECKING:
    from spacy.tokens import Token

_CONTENT = ("ccomp", "xcomp", "csubj", "acl", "relcl", "advcl")
_NOBODY = {"no", "neither", "none", "nobody", "few", "nothing", "scant"}
_SUBJECTS = ("nsubj", "nsubjpass")
_OBJECTS = ("dobj", "dative")
_HARDLY = {"only", "just", "merely", "simply", "solely", "surprisingly", "long", "unexpectedly", "least"}


def at(token: Token, below: Token | None) -> list[str]:
    """Return the cues that deny, at one step up from the act; "never failed to" has two, which cancel.

    Parameters
    ----------
    token, below : a word that governs the act, and the one below it on the way; None at the act itself.
    """
    negated = any(_is_negation(c, token) for c in kids(token) if below is None or c.i != below.i)
    found = ["none"] if negated else []
    if below is None:
        return found or (["none"] if _left_out(token) else [])
    governing = _verb(token, below) if token.pos_ in ("VERB", "AUX") else _other(token, below)
    return found + ([governing] if governing else [])


def hollow() -> frozenset[str]:
    """Nouns that have no content of their own: signs, evidence, words, claims of; reluctance, lack."""
    return cues("negation", "signs") | cues("negation", "nouns")


# --- what is at the act itself ------------------------------------------------------------


def _left_out(verb: Token) -> bool:
    """Whether the act stands beside what was done in its stead, or was not done after all."""
    without = verb.head.lower_ == "without" and verb.dep_ == "pobj"
    return without or _after_nor(verb) or _rather_than(verb) or _but_not(verb)


def _after_nor(verb: Token) -> bool:
    """As in "neither sent grain nor lent money"."""
    before = [c for c in kids(verb.head) if c.dep_ == "cc" and verb.head.i < c.i < verb.i]
    return verb.dep_ == "conj" and bool(before) and before[-1].lower_ == "nor"


def _rather_than(verb: Token) -> bool:
    """As in "would rather trade than arm it", "rather than arm it, sent food", "abstained rather than vote"."""
    near = [*kids(verb), *kids(verb.head)] if verb.dep_ in ("advcl", "conj") else []
    than = [c for c in near if c.lower_ == "than" and c.dep_ in ("mark", "cc") and c.i < verb.i]
    rather = any(g.lower_ in ("rather", "sooner") for t in (*than, verb, verb.head) for g in kids(t))
    return bool(than) and rather


def _but_not(verb: Token) -> bool:
    """As in "could have sent it but chose not to", "was to send it but never did"."""
    for c in kids(verb):
        if c.dep_ == "conj" and c.i > verb.i and any(k.lower_ in ("but", "yet") for k in kids(verb)):
            end = [*kids(c), *(h for k in kids(c) for h in kids(k))]
            bare = c.lemma_ in ("do", "choose", "decide", "opt", "prefer") and child(c, "dobj") is None
            if bare and any(g.dep_ == "neg" for g in end):
                return True
    return False


# --- negation proper ------------------------------------------------------------


def _is_negation(c: Token, token: Token) -> bool:  # noqa: PLR0911  one line per construction
    low, label = c.lower_, c.dep_
    if label == "neg" or (label in ("advmod", "preconj") and low in cues("negation", "adverbs")):
        return not (c.i + 1 < len(c.doc) and c.nbor(1).lower_ in _HARDLY)
    if label == "det":
        counted = any(g.lower_ in cues("negation", "adverbs") for g in kids(c))
        denied = low in cues("negation", "determiners") and not _is_fewer(c) and not _is_idle(token)
        return denied or counted
    if label in ("cc", "preconj"):
        return low in ("nor", "neither") and c.i < token.i
    if label in _SUBJECTS:
        return is_nothing(c)
    if label == "prep":
        return low in ("in", "under", "on", "at", "by", "to") and _at_no_point(c)
    if label in _OBJECTS and token.pos_ == "VERB":
        return is_nothing(c, few=False) and not _is_idle(c)
    if label == "amod" and token.pos_ == "VERB":  # "few doubt that": the parser takes the verb for a noun
        return low == "few"
    if low == "anything" and label in ("dobj", "attr", "acomp"):
        return any(g.lower_ == "but" for g in kids(c))
    return low == "longer" and any(g.lower_ == "no" for g in kids(c))


def is_nothing(noun: Token, *, few: bool = True) -> bool:
    """Whether a noun phrase names nobody or nothing: "no state", "not one of", "hardly any fuel", "neither of them"."""
    words = _NOBODY if few else _NOBODY - {"few", "scant"}
    marks = [g for g in kids(noun) if g.dep_ in ("det", "preconj", "amod", "neg", "advmod", "cc", "predet")]
    marks += [h for g in kids(noun) if g.dep_ in ("det", "nummod", "amod") for h in kids(g)]
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


# --- verbs that deny what hangs on them ------------------------------------------------------------


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
    if lemma in cues("negation", "dismiss") and (
        below.lemma_ in hollow() | cues("negation", "asked") or as_invented(below)
    ):
        return lemma
    return _judgement(token, below)


def _undone(lemma: str, below: Token) -> bool:
    """As in "help was withheld", "the summit was called off"."""
    withheld = below.dep_ in ("dobj", "nsubjpass") and lemma in cues("negation", "withheld")
    return withheld or (below.dep_ == "nsubjpass" and lemma in cues("negation", "cancelled"))


def _judgement(token: Token, below: Token) -> str:  # noqa: PLR0911  one line per construction
    """What is said of an act: that it is not so, came to nothing, is in doubt, has yet to be."""
    judged = below.lemma_.lower() in hollow() or below.dep_ in _CONTENT
    if judged and (_called(token) & cues("negation", "untrue") or token.lemma_ in cues("negation", "dashed")):
        return "untrue"
    if any(c.lower_ in cues("negation", "falsely") for c in kids(token) if c.dep_ == "advmod"):
        return "falsely"
    if _kept_from(token, below):
        return "prevent"
    if token.lemma_ in ("come", "amount") and to_nothing(token):
        return "nothing"
    if below.dep_ == "ccomp" and (
        token.lemma_ in ("doubt", "disbelieve")
        or any(c.lower_ in cues("negation", "that") for c in kids(token))
    ):
        return "doubtful"
    if is_infinitive(below) and (_is_late(token, below) or _is_too(token)):
        return "yet_to"
    return ""


def _is_late(verb: Token, below: Token) -> bool:
    """As in "has yet to be signed", "remains to be ratified"."""
    remains = verb.lemma_ == "remain" and child(below, "auxpass") is not None
    return remains or any(c.lower_ == "yet" and c.dep_ == "advmod" and c.i < below.i for c in kids(verb))


def _is_too(verb: Token) -> bool:
    """As in "is too weak to help", "too divided to act"."""
    said = [verb, *(c for c in kids(verb) if c.dep_ in ("acomp", "attr", "oprd"))]
    return any(g.lower_ == "too" and g.dep_ == "advmod" for t in said for g in kids(t) if g.i < t.i)


def _called(verb: Token) -> set[str]:
    """What something is said or called to be: "is false", "called it a fabrication", "described as a myth"."""
    said = [c for c in kids(verb) if c.dep_ in ("acomp", "attr", "oprd", "xcomp", "ccomp")]
    inside = [g for c in said if c.lemma_ == "be" for g in kids(c) if g.dep_ in ("acomp", "attr")]
    inside += [g for c in kids(verb) if c.lower_ == "as" for g in kids(c)]
    return {c.lower_ for c in (*said, *inside)}


def called(verb: Token) -> set[str]:
    """What a subject is said or called to be."""
    return _called(verb)


def _other(token: Token, below: Token) -> str:  # noqa: PLR0911  one line per construction
    if token.lemma_ in cues("negation", "nouns"):
        return str(token.lemma_)
    if token.lower_ in cues("negation", "adjectives") and token.pos_ in ("ADJ", "VERB", "ADV"):
        return str(token.lower_)
    if token.lower_ in cues("negation", "untrue") and any(is_infinitive(c) for c in kids(token)):
        return "untrue"  # "it would be wrong to say that"
    if token.lemma_ in hollow() and _is_false(token):
        return "untrue"
    if token.lower_ == "far" and any(c.lower_ == "from" for c in kids(token)):
        return "far_from"
    if token.lower_ == "against" and below.dep_ == "pcomp":
        return "against" if token.head.lemma_ in cues("negation", "against") else ""
    if token.pos_ == "ADJ" and is_infinitive(below) and _is_too(token):
        return "too"
    rather = token.lower_ == "than" and token.i and token.nbor(-1).lower_ == "rather"
    instead = token.lower_ == "of" and token.i and token.nbor(-1).lower_ == "instead"
    return str(token.lower_) if token.lower_ == "without" or rather or instead else ""


def _is_false(noun: Token) -> bool:
    """As in "false reports that"."""
    return any(c.dep_ == "amod" and c.lower_ in cues("negation", "untrue") for c in kids(noun))


def _kept_from(verb: Token, below: Token) -> bool:
    """As in "prevented Russia from arming Syria", "persuaded Turkey not to": below is the "from" or what follows it."""
    return lemma_of(verb) in cues("negation", "prevented") and below.lower_ == "from"


def to_nothing(verb: Token) -> bool:
    """As in "came to nothing"."""
    return any(o.lower_ in ("nothing", "naught") for c in kids(verb) if c.lower_ == "to" for o in kids(c))


# --- the way up ------------------------------------------------------------


def about(clause: Token) -> Token | None:
    """Return the sign, claim or proof that a clause is the content of: "no evidence has emerged that they broke in"."""
    head = clause.head
    if clause.dep_ != "ccomp" or head.pos_ not in ("VERB", "AUX"):
        return None
    signs = [c for c in kids(head) if c.dep_ in (*_SUBJECTS, "attr", "dobj") and c.lemma_ in hollow()]
    return signs[0] if signs else None


def as_invented(verb: Token) -> bool:
    """As in "rejected as invented the claim that"."""
    marked = any(c.dep_ == "mark" and c.lower_ == "as" for c in kids(verb))
    return marked and verb.head.lemma_ in cues("negation", "dismiss")


def reached(noun: Token) -> Token | None:
    """Return the verb that a noun behind a preposition is denied with.

    As in "refrained from sanctions", "cannot count on help", "nothing came of the loan", "is not subject to a ban".
    """
    preposition, above = noun.head, noun.head.head
    above = above.head if above.pos_ == "ADV" and above.head.pos_ == "VERB" else above
    spared = cues("negation", "verbs") | cues("negation", "spared")
    if preposition.lower_ == "from" and lemma_of(above) in spared:
        return above
    if preposition.lower_ == "of" and above.lemma_ == "come":
        return above
    waits = preposition.lower_ in ("on", "for", "upon", "without", "to", "with")
    if waits and above.pos_ == "VERB" and above.lemma_ in cues("negation", "awaited"):
        return above
    subject = preposition.lower_ == "to" and above.lower_ in cues("negation", "subject")
    return above if subject and above.pos_ == "ADJ" else None


def carries(noun: Token, verb: Token, *, of_help: bool) -> bool:
    """Whether denying the verb denies the noun: "sent no signs of", "talks did not happen"."""
    if noun.dep_ in _SUBJECTS:
        return noun.lemma_.lower() in hollow() or _carries_subject(noun, verb, of_help=of_help)
    if noun.lemma_ in hollow() | cues("negation", "asked") or noun.lower_ in ("little", "nothing", "more"):
        return True
    if noun.dep_ == "attr" and any(c.dep_ == "expl" for c in kids(verb)):
        return True  # "there was never an embargo"
    lemma = lemma_of(verb)
    return lemma in cues("negation", "facing") or (of_help and lemma in cues("negation", "withheld"))


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
