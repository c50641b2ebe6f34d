"""Whether an act is done, denied, weak, planned or imagined, from what governs its word in the sentence.

"stopped short of offering", "did little to help", "few signals of support", "reluctance to back", "has
yet to be signed", "expected to avoid": negation and degree are followed upwards through complements,
never across a new clause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tertius.ledger.extract import denial
from tertius.ledger.extract.lexicon import cues
from tertius.ledger.extract.syntax import child, is_infinitive, kids, lemma_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

_SAYING = frozenset(
    ("say", "suppose", "claim", "think", "suggest", "pretend", "believe", "imagine", "assume", "argue")
)
_DEGREES = ("little", "few", "limited", "substantial", "full")


@dataclass(frozen=True, slots=True)
class Stance:
    """How an act stands in the text."""

    negated: bool = False
    degree: Any = ""
    modality: str = ""
    governor: str = ""  # lemma of the verb or noun that decided, for the rule's name


def stance(trigger: Token, light: Token | None = None, *, of_help: bool = False) -> Stance:
    """Stance of an act.

    Parameters
    ----------
    trigger : the word that names the act.
    light : the verb that carries it out when the trigger is its object ("did not provide support").
    of_help : help that was withheld, cut or proved hollow is denied; a sanction that ends was still one.
    """
    chain = list(_governors(trigger, light, of_help=of_help))
    negations = [cue for token, below in chain for cue in denial.at(token, below)]
    negations = negations or _shared_denial(light if light is not None else trigger, of_help=of_help)
    negations += ["fiction"] if not negations and denial.is_fiction(trigger) else []
    degree = next((d for d in (_degree(token) for token, _ in chain) if d), "")
    if of_help:
        verdict = denial.verdict(trigger)
        negations += ["verdict"] if verdict == "denied" and not negations else []
        degree = degree or ("limited" if verdict == "limited" else "")
    modality = next((m for m in (_modality(token, below) for token, below in chain) if m), "")
    modality = modality or _shared_modality(light if light is not None else trigger) or _of_subject(trigger)
    negated = len(negations) % 2 == 1 or (degree in cues("degree", "denies") and not negations)
    if negated and "none" in negations and not degree:
        degree = "none"
    return Stance(negated, degree, modality, negations[0] if negations else "")


def _governors(trigger: Token, light: Token | None, *, of_help: bool) -> Iterator[tuple[Token, Token | None]]:
    """Yield (token, the token below it), from the trigger upwards, within its clause."""
    token, below = trigger, None
    for _ in range(10):
        yield token, below
        above = _above(token, light, of_help=of_help)
        if above is None:
            return
        token, below = above, token


def _above(  # noqa: PLR0911  one line per construction
    token: Token, light: Token | None, *, of_help: bool
) -> Token | None:
    """Return what decides next whether the act is done; None at the border of the clause."""
    head, label = token.head, token.dep_
    if head.i == token.i:
        return None
    if light is not None and light.i in (head.i, head.head.i) and token.i != light.i:
        return light
    if label in ("xcomp", "acomp", "pcomp", "prep", "prt") or (label == "oprd" and token.pos_ != "NOUN"):
        return head
    if label == "advmod":
        return head if token.lower_ == "short" else None
    if label == "pobj":
        return denial.avoided(token) or _of_hollow(token)
    if label in ("acl", "relcl", "ccomp"):
        part = label == "acl" and head.dep_ == "pobj"  # "cargoes sold by", "reports of troops being moved"
        complement = _is_complement(token, head) or (part and _carried_on(head))
        return denial.about(token) or (head if complement else None)
    if label == "advcl":
        ruled_out = token.tag_ == "VBG" and lemma_of(head) == "rule_out"
        return head if is_infinitive(token) or ruled_out or denial.as_invented(token) else None
    if label in ("dobj", "attr", "oprd", "nsubj", "nsubjpass"):
        return head if denial.carries(token, head, of_help=of_help) else None
    return None


def _carried_on(noun: Token) -> bool:
    return denial.avoided(noun) is not None or _of_hollow(noun) is not None


def _is_judged(head: Token) -> bool:
    """As in "it is not true that", "it is false to say that": what is judged is the clause."""
    said = {c.lower_ for c in kids(head) if c.dep_ in ("acomp", "attr")}
    if head.lemma_ in _SAYING and is_infinitive(head):
        return head.head.lower_ in cues("negation", "untrue") or _is_judged(head.head)
    return head.lemma_ == "be" and bool(said & (cues("negation", "untrue") | cues("negation", "truth")))


def _of_hollow(noun: Token) -> Token | None:
    """Return the preposition of "rather than help", "signs of help"."""
    head = noun.head
    return head if head.lower_ == "than" or head.head.lemma_.lower() in denial.hollow() else None


def _is_complement(token: Token, head: Token) -> bool:
    """Whether a clause says what its head is about: "the plan to send", "no evidence that"."""
    if head.lemma_.lower() in denial.hollow() and child(token, "mark") is not None:
        return True
    if token.dep_ == "ccomp" and (denial.says_nobody(token) or _is_judged(head)):
        return True
    if token.dep_ == "ccomp":
        said = {c.lower_ for c in kids(head) if c.dep_ in ("acomp", "attr")}
        return bool(cues("negation", "that") & {head.lemma_.lower(), *said})
    if (
        is_infinitive(token)
        or head.lemma_ in cues("modality", "pacts")
        or head.lemma_ in cues("modality", "announcement")
    ):
        return True
    return head.lemma_ in denial.hollow() and child(token, "mark") is not None


def _degree(token: Token) -> str:
    marks = [
        c.lower_ for c in kids(token) if c.dep_ in ("amod", "advmod", "det", "dobj", "quantmod", "nummod")
    ]
    marks += [g.lower_ for c in kids(token) if c.dep_ == "dobj" and c.lower_ == "more" for g in kids(c)]
    things = [c for c in kids(token) if c.dep_ == "dobj"] if token.pos_ == "VERB" else []
    marks += [g.lower_ for c in things for g in kids(c) if g.lower_ in ("little", "few", "scant")]
    if token.pos_ in ("ADJ", "NOUN", "PRON", "ADV") and token.lower_ in cues("degree", "little") | {"slow"}:
        marks.append(token.lower_)
    for name in _DEGREES:
        if any(mark in cues("degree", name) for mark in marks):
            return name
    return ""


# --- modality ------------------------------------------------------------


def _modality(token: Token, below: Token | None) -> str:
    """Return the modality that one step gives, by its auxiliaries or by what it says of the act."""
    marked = "hypothetical" if _is_inverted(token) else next(filter(None, map(_marked, kids(token))), "")
    if marked:
        return marked
    if below is not None:
        lemma = token.lemma_.lower()
        if lemma in cues("modality", "pacts"):
            return "pledge"
        if lemma in cues("modality", "imagined") and token.pos_ == "NOUN":
            return "hypothetical"
        if lemma in ("offer", "guarantee") and below.pos_ != "VERB":
            return ""  # offering help is helping, offering to help is not yet
        for name in ("threat", "pledge", "announcement", "forecast"):
            if lemma in cues("modality", name):
                return name
    future = any(c.dep_ == "aux" and c.lower_ in ("will", "shall", "'ll") for c in kids(token))
    return "will" if future else ""


def _is_inverted(verb: Token) -> bool:
    """As in "had China lent the money", "were talks to fail": a condition without an "if"."""
    first = next((c for c in kids(verb) if c.dep_ == "aux" and c.lower_ in ("had", "were", "should")), None)
    subject = child(verb, "nsubj", "nsubjpass")
    if first is None or subject is None or first.i > subject.i:
        return False
    return verb.dep_ == "advcl" and (
        first.i == verb.sent.start or first.nbor(-1).lower_ in (",", "and", "but")
    )


def _marked(c: Token) -> str:
    if c.dep_ == "mark" and c.lower_ in ("if", "unless"):
        return "hypothetical"
    if c.dep_ == "mark" and c.lower_ == "whether":
        return "open_question"
    if c.dep_ == "aux" and c.lower_ in cues("modality", "hypothetical"):
        return "would" if c.lower_ in ("would", "'d") else "hypothetical"
    return ""


def _shared_denial(verb: Token, *, of_help: bool) -> list[str]:
    """Denial that a coordinated verb shares: "has not sent arms or lent money"; "and" shares none."""
    if verb.dep_ != "conj" or child(verb, "aux", "nsubj", "nsubjpass", "neg") is not None:
        return []
    between = [c.lower_ for c in kids(verb.head) if c.dep_ == "cc" and verb.head.i < c.i < verb.i]
    if between[-1:] != ["or"]:
        return []
    return [
        cue
        for token, below in _governors(verb.head, None, of_help=of_help)
        for cue in denial.at(token, below)
    ]


def _shared_modality(verb: Token) -> str:
    """Auxiliary that a coordinated verb shares: "will provide a loan and send engineers"."""
    if verb.dep_ != "conj" or child(verb, "aux", "nsubj", "nsubjpass") is not None:
        return ""
    chain = _governors(verb.head, None, of_help=False)
    return next((m for m in (_modality(token, below) for token, below in chain) if m), "")


def _of_subject(trigger: Token) -> str:
    """As in "Support could escalate": what may follow from an act leaves the act itself open."""
    imagined = trigger.dep_ == "nsubj" and trigger.pos_ == "NOUN"
    return "hypothetical" if imagined and _modality(trigger.head, None) == "hypothetical" else ""
