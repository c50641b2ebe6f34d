"""Cues that deny an act, one step up from it: not, no, never; refuse, stop short; reluctance; doubt; without; hollow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.ledger.extract.lexicon import cues
from tertius.ledger.extract.negation import is_negation
from tertius.ledger.extract.syntax import child, is_infinitive, kids, lemma_of

if TYPE_CHECKING:
    from spacy.tokens import Token

_CONTENT = ("ccomp", "xcomp", "csubj", "acl", "relcl", "advcl")
_SPEECH = frozenset(
    ("accusation", "allegation", "claim", "charge", "criticism", "threat", "warning", "complaint")
)
_BACKWARDS = ("away", "out", "off", "down")

_DUE = frozenset(("due", "set", "scheduled", "supposed", "meant", "expected", "slated", "planned", "to"))
#: What may be said, and dismissed.
_CLAIMS = frozenset(
    (
        "allegation",
        "claim",
        "report",
        "accusation",
        "suggestion",
        "rumour",
        "rumor",
        "assertion",
        "insinuation",
        "charge",
        "story",
    )
)


def at(token: Token, below: Token | None) -> list[str]:
    """Return the cues that deny, at one step up from the act; "never failed to" has two, which cancel.

    Parameters
    ----------
    token, below : a word that governs the act, and the one below it on the way; None at the act itself.
    """
    near = [*kids(token), *(g for c in kids(token) if c.dep_ == "aux" for g in kids(c) if g.dep_ == "neg")]
    negated = any(is_negation(c, token) for c in near if below is None or c.i != below.i)
    found = ["none"] if negated else []
    if below is None:
        own = lemma_of(token) if token.pos_ == "VERB" else ""
        if token.lemma_ == "back" and token.i + 1 < len(token.doc) and token.nbor(1).lower_ in _BACKWARDS:
            return [*found, "back_away"]
        if own in cues("negation", "cancelled") and (own != token.lemma_):
            found.append(own)  # "called off", "backed away": the act's own word takes it back
        return found or (["none"] if _left_out(token) else [])
    governing = _verb(token, below) if token.pos_ in ("VERB", "AUX") else _other(token, below)
    if not found and not governing and _but_not(token):
        governing = "but_not"
    return found + ([governing] if governing else [])


def hollow() -> frozenset[str]:
    """Nouns that have no content of their own: signs, evidence, words, claims of; reluctance, lack."""
    return cues("negation", "signs") | cues("negation", "nouns")


def _left_out(verb: Token) -> bool:
    """Whether the act stands beside what was done in its stead, or was not done after all."""
    without = verb.head.lower_ == "without" and verb.dep_ == "pobj"
    return without or _let_alone(verb) or _after_nor(verb) or _rather_than(verb) or _but_not(verb)


def _after_nor(verb: Token) -> bool:
    """As in "neither sent grain nor lent money"."""
    before = [c for c in kids(verb.head) if c.dep_ == "cc" and verb.head.i < c.i < verb.i]
    return verb.dep_ == "conj" and bool(before) and before[-1].lower_ == "nor"


def _let_alone(act: Token) -> bool:
    """As in "has not met him, let alone signed"."""
    first = act.left_edge.i
    pair = act.doc[max(first - 2, 0) : first].text.lower()
    return pair in ("let alone", "much less", "still less", "never mind")


def _rather_than(verb: Token) -> bool:
    """As in "would rather trade than arm it", "rather than arm it, sent food", "abstained rather than vote"."""
    near = [*kids(verb), *kids(verb.head)] if verb.dep_ in ("advcl", "conj", "xcomp") else []
    near += [g for c in near if c.dep_ in ("oprd", "acomp") for g in kids(c)]
    than = [c for c in near if c.lower_ == "than" and c.dep_ in ("mark", "cc") and c.i < verb.i]
    rather = any(g.lower_ in ("rather", "sooner") for t in (*than, verb, verb.head) for g in kids(t))
    return bool(than) and rather


def _but_not(verb: Token) -> bool:
    """As in "could have sent it but chose not to", "was to send it but never did"."""
    for c in kids(verb):
        if c.dep_ == "conj" and c.i > verb.i and any(k.lower_ in ("but", "yet") for k in kids(verb)):
            end = [*kids(c), *(h for k in kids(c) for h in kids(k))]
            bare = (
                c.lemma_ in ("do", "have", "choose", "decide", "opt", "prefer") and child(c, "dobj") is None
            )
            if bare and any(g.dep_ == "neg" for g in end):
                return True
    return False


def _verb(token: Token, below: Token) -> str:  # noqa: PLR0911  one line per construction
    """Return the verb that denies what hangs on it, or ""."""
    lemma = lemma_of(token)
    if is_idiom(token):
        return "idiom"
    if token.lemma_ in ("stop", "fall") and any(c.lower_ == "short" for c in kids(token)):
        return "stop_short"
    if lemma in cues("negation", "spared") and (below.lower_ == "from" or below.dep_ == "pobj"):
        return lemma
    if lemma in cues("negation", "verbs") or f"{token.lemma_}_{_particle(below)}" in cues(
        "negation", "verbs"
    ):
        return "" if token.lemma_ == "deny" and below.dep_ == "dobj" and below.pos_ == "VERB" else lemma
    if (
        below.dep_ == "pobj"
        and below.head.lower_ == "against"
        and token.lemma_ in cues("negation", "opposed")
    ):
        return "against"
    if _undone(lemma, below) or (token.lemma_ == "rule" and child(token, "prt") is not None):
        return lemma
    if lemma in cues("negation", "dismiss") and (
        ("_" in lemma and is_infinitive(below))  # "voted down a bill to send"
        or below.lemma_ in hollow() | cues("negation", "asked")
        or as_invented(below)
    ):
        return lemma
    return _judgement(token, below)


def _particle(below: Token) -> str:
    """As in "pulled | out of lending", "stayed | out of the sanctions"."""
    if below.pos_ in ("ADP", "ADV"):
        return below.lower_
    return below.head.head.lower_ if below.dep_ == "pobj" else ""


def is_idiom(verb: Token) -> bool:
    """As in "put on hold a shipment", "dragged its feet on sending", "drew the line at arming"."""
    on_hold = verb.lower_ == "hold" and verb.i > 0 and verb.nbor(-1).lower_ == "on"
    held = verb.lemma_ == "put" and any(o.lower_ in ("hold", "ice") for c in kids(verb) for o in kids(c))
    said = {f"{verb.lemma_}_{c.lemma_.lower()}" for c in kids(verb) if c.dep_ == "dobj"}
    said |= {f"{verb.lemma_}_{c.lower_}" for c in kids(verb) if c.dep_ == "advmod"}  # "thought better of"
    return on_hold or held or bool(said & cues("negation", "idioms"))


def is_speech(noun: Token) -> bool:
    """Whether a noun is itself something said: an accusation stays one when it is denied."""
    return noun.pos_ == "NOUN" and noun.lemma_.lower() in _SPEECH


def _undone(lemma: str, below: Token) -> bool:
    """As in "help was withheld", "the summit was called off"."""
    stopped = cues("negation", "withheld") | cues("negation", "averted")
    withheld = below.dep_ in ("dobj", "nsubjpass", "dative") and lemma in stopped
    barred = below.lower_ == "access" and lemma in ("limit", "restrict", "curb", "end", "close")
    return withheld or barred or (below.dep_ == "nsubjpass" and lemma in cues("negation", "cancelled"))


def _judgement(token: Token, below: Token) -> str:  # noqa: PLR0911  one line per construction
    """What is said of an act: that it is not so, came to nothing, is in doubt, has yet to be."""
    judged = below.lemma_.lower() in hollow() | cues("modality", "imagined") or below.dep_ in _CONTENT
    if below.lemma_ in ("see", "imagine", "envisage", "conceive") and called(token) & cues(
        "negation", "hard"
    ):
        return "hard"
    if judged and (called(token) & cues("negation", "untrue") or token.lemma_ in cues("negation", "dashed")):
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


def called(verb: Token) -> set[str]:
    """What something is said or called to be: "is false", "called it a fabrication", "described as a myth"."""
    said = [c for c in kids(verb) if c.dep_ in ("acomp", "attr", "oprd", "xcomp", "ccomp")]
    inside = [g for c in said if c.lemma_ == "be" for g in kids(c) if g.dep_ in ("acomp", "attr")]
    inside += [g for c in kids(verb) if c.lower_ == "as" for g in kids(c)]
    return {c.lower_ for c in (*said, *inside)}


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
    if token.lower_ == "but" and token.head.lower_ == "anything":
        return "anything_but"
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


def as_invented(verb: Token) -> bool:
    """As in "rejected as invented the claim that"."""
    marked = any(c.dep_ == "mark" and c.lower_ == "as" for c in kids(verb))
    return marked and verb.head.lemma_ in cues("negation", "dismiss")


def in_dismissed(trigger: Token) -> bool:
    """Whether an act stands in what a dismissed claim says: "rejects the allegation made on Monday that troops fired".

    However deep inside the claim, also where the accused dismisses it ("France, accused of arming them, denies it"); not in a clause about who made it ("rejects claims by Peru, which sold the tanks").
    """
    inside, accused, told = trigger, False, False
    for above in trigger.ancestors:
        accused = accused or inside.lemma_ in ("accuse", "suspect")
        told = told or any(c.dep_ == "mark" and c.lower_ == "that" for c in kids(inside))
        if inside.dep_ == "relcl" or (accused and inside.dep_ == "acl"):
            return accused and above.dep_ == "nsubj" and _dismisses(above.head)
        claimed = (
            above.lemma_.lower() in _CLAIMS and above.dep_ in ("dobj", "nsubjpass") and inside.i > above.i
        )
        if claimed and _dismisses(above.head):
            return told or inside.dep_ in ("acl", "ccomp") or inside.lower_ == "of"
        inside = above
    return False


def _dismisses(verb: Token) -> bool:
    return lemma_of(verb) in cues("negation", "dismiss")


def is_what_was_not(trigger: Token) -> bool:
    """As in "what it has not done is fight for him"."""
    verb = trigger.head
    clefts = [c for c in kids(verb) if c.dep_ == "csubj" and c.lemma_ in ("do", "happen", "offer", "give")]
    return verb.lemma_ == "be" and any(g.dep_ == "neg" for c in clefts for g in kids(c))


def was_due_but(trigger: Token) -> bool:
    """As in "had been due to sit down together, but neither turned up": due once, and then a "but"."""
    due = next((a for a in trigger.ancestors if a.lower_ in _DUE), None)
    if due is None:
        return False
    before = [due, due.head, *kids(due), *kids(due.head)]
    was = any(t.lower_ == "had" for t in before) and any(t.lower_ == "been" for t in before)
    return was and any(t.lower_ == "but" and t.dep_ == "cc" and t.i > trigger.i for t in trigger.sent)
