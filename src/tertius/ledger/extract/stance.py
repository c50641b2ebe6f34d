"""Whether an act is done, denied, weak, planned or imagined, from what governs its word in the sentence.

"stopped short of offering", "did little to help", "few signals of support", "reluctance to back", "has
yet to be signed", "expected to avoid": negation and degree are followed upwards through complements,
never across a new clause.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tertius.ledger.extract import denial, reach
from tertius.ledger.extract.borders import same_statement
from tertius.ledger.extract.fate import fate
from tertius.ledger.extract.lexicon import cues
from tertius.ledger.extract.mood import is_counterfactual, mood
from tertius.ledger.extract.syntax import child, is_infinitive, kids, lemma_of, patient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

_SAYING = frozenset(
    ("say", "suppose", "claim", "think", "suggest", "pretend", "believe", "imagine", "assume", "argue")
)
# Cues that leave an act open when they are themselves denied: "did not rule out sending".
_OPEN = frozenset(
    ("rule_out", "preclude", "unlikely", "improbable", "impossible", "deny", "dispute", "oppose")
)
# What is said of an accusation or a threat does not undo it: it was made.
_JUDGED = frozenset(
    ("untrue", "reject", "dismiss", "rebut", "refute", "deny", "ignore", "disregard", "shrug_off")
)
_ADVERBIAL = frozenset(("before", "after", "while", "since", "until", "because", "although", "though"))
_AWAY = frozenset(("short", "back", "off", "away", "aside", "out", "shy"))
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
    negations = [cue for cue in _denials(chain) if not (cue in _JUDGED and denial.is_speech(trigger))]
    negations = negations or _shared_denial(light if light is not None else trigger, of_help=of_help)
    ends = {fate(token, of_help=of_help) for token, _ in chain if token.pos_ != "VERB" or token is trigger}
    negations = negations or (["fate"] if "denied" in ends else [])
    if not negations and not denial.is_speech(trigger) and denial.in_dismissed(trigger):
        negations = ["dismiss"]
    if not negations and (denial.is_what_was_not(trigger) or denial.was_due_but(trigger)):
        negations = ["was_not"]
    degree = next((d for d in (_degree(token) for token, _ in chain) if d), "")
    degree = degree or ("limited" if "limited" in ends else "")
    if len(negations) > 1 and degree in cues("degree", "denies"):
        degree = ""  # "few doubt that": the few are counted with the doubt
    modality = next((m for m in (mood(token, below) for token, below in chain) if m), "")
    modality = modality or _shared_modality(light if light is not None else trigger) or _of_subject(trigger)
    if modality == "open_question" and not negations and _is_answered_no(trigger):
        negations = ["answer"]
    negated = len(negations) % 2 == 1 or (degree in cues("degree", "denies") and not negations)
    if not negated and not modality and _OPEN & set(negations):
        modality = "hypothetical"
    if negated and "none" in negations and not degree:
        degree = "none"
    return Stance(negated, degree, modality, negations[0] if negations else "")


def _is_answered_no(trigger: Token) -> bool:
    """As in "asked whether Turkey had armed them, the minister said no"."""
    asked = next((t for t in trigger.ancestors if t.lower_ == "asked" and t.dep_ == "advcl"), None)
    if asked is None or asked.head.lemma_ not in ("say", "reply", "answer", "respond", "tell", "insist"):
        return False
    question, answer = {t.i for t in asked.subtree}, asked.head
    said = [t for t in answer.subtree if t.i not in question and t.i > asked.i]
    said = [t for t in said if t.head.i != answer.i or t.dep_ in ("intj", "dobj")]
    return any(t.lower_ in ("no", "not", "never", "n't", "n’t") for t in said)


def _denials(chain: list[tuple[Token, Token | None]]) -> list[str]:
    """Every cue that denies on the way up; a fact that did not come about counts once, with its "not"."""
    found = [cue for token, below in chain for cue in denial.at(token, below)]
    unreal = [token for token, _ in chain if is_counterfactual(token)]
    if not unreal:
        return found
    had_not = any(c.dep_ == "neg" for t in unreal for c in kids(t)) and unreal[0].dep_ in ("advcl", "ccomp")
    return [*found, "unreal"] if had_not or not found else found


def _governors(trigger: Token, light: Token | None, *, of_help: bool) -> Iterator[tuple[Token, Token | None]]:
    """Yield (token, the token below it), from the trigger upwards, within its clause."""
    token, below = trigger, None
    for _ in range(10):
        yield token, below
        above = _above(token, light, of_help=of_help)
        if above is None or not same_statement(token, above):
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
        as_far = token.lower_ == "far" and any(c.lower_ == "as" for c in kids(token))
        return head if as_far or token.lower_ in _AWAY else None
    if label == "pobj":
        return reach.reached(token) or _of_hollow(token)
    if label == "relcl" and head.head.lower_ == "among" and head.head.head.lemma_ == "be":
        return head.head.head  # "is not among the states that recognised it"
    if label in ("acl", "relcl", "ccomp"):
        part = label == "acl" and head.dep_ == "pobj"  # "cargoes sold by", "reports of troops being moved"
        complement = _is_complement(token, head) or (part and _carried_on(head))
        return reach.about(token) or (head if complement else None)
    if label == "advcl":
        ruled_out = token.tag_ == "VBG" and lemma_of(head) == "rule_out"
        return head if is_infinitive(token) or ruled_out or denial.as_invented(token) else None
    if label in ("dobj", "dative", "attr", "oprd", "nsubj", "nsubjpass"):
        verb = _past_relative(token, head)
        return verb if reach.carries(token, verb, of_help=of_help) else None
    return None


def _past_relative(noun: Token, verb: Token) -> Token:
    """Return the verb a subject belongs to where the parser gives it to "whose signature had been foreseen" after it."""
    whose = any(g.tag_ == "WP$" for c in kids(verb) if c.dep_ in ("nsubj", "nsubjpass") for g in kids(c))
    return verb.head if whose and verb.dep_ == "ccomp" and noun.i < verb.i else verb


def _carried_on(noun: Token) -> bool:
    return reach.reached(noun) is not None or _of_hollow(noun) is not None


def _is_judged(head: Token) -> bool:
    """As in "it is not true that", "it is false to say that": what is judged is the clause."""
    said = {c.lower_ for c in kids(head) if c.dep_ in ("acomp", "attr")}
    if head.lemma_ in ("see", "imagine", "envisage", "conceive") and is_infinitive(head):
        return True
    if head.lemma_ in _SAYING and is_infinitive(head):
        return head.head.lower_ in cues("negation", "untrue") or _is_judged(head.head)
    return head.lemma_ == "be" and bool(said & (cues("negation", "untrue") | cues("negation", "truth")))


def _of_hollow(noun: Token) -> Token | None:
    """Return the preposition of "rather than help", "signs of help", "fear of an attack"."""
    head = noun.head
    above, imagined = head.head, cues("negation", "asked") | cues("modality", "imagined")
    if head.lower_ == "than" or (head.lower_ == "but" and above.lower_ == "anything"):
        return head
    if above.lemma_.lower() in denial.hollow():
        return head
    spoken_of = above.lemma_.lower() in imagined and above.pos_ == "NOUN" and above.lower_ != "talks"
    return head if spoken_of and head.lower_ in ("of", "for", "about") else None


def _is_complement(token: Token, head: Token) -> bool:
    """Whether a clause says what its head is about: "the plan to send", "no evidence that"."""
    if token.dep_ == "ccomp":
        return not any(c.lower_ in _ADVERBIAL for c in kids(token) if c.dep_ == "mark") and _is_content(
            token, head
        )
    that = any(c.dep_ == "mark" or (c.lower_ == "that" and c.tag_ == "IN") for c in kids(token))
    plan = cues("modality", "pacts") | cues("modality", "announcement")
    gapless = (
        child(token, "nsubj") is not None and child(token, "dobj") is not None
    )  # "no evidence they shelled it"
    that = that or (gapless and all(c.tag_ not in ("WDT", "WP") for c in kids(token)))
    contained = head.lemma_ in plan and all(
        p.i != head.i for p in patient(token)
    )  # not "the pact they signed"
    spoken_of = head.lemma_.lower() in denial.hollow() | cues("modality", "imagined")
    return is_infinitive(token) or contained or (that and spoken_of)


def _is_content(token: Token, head: Token) -> bool:
    """Whether a clause is decided by the verb it is the object of: "doubts that", "it is false that"."""
    if reach.says_nobody(token) or _is_judged(head):
        return True
    if head.lemma_.lower() in denial.hollow() and child(token, "mark") is not None:
        return True
    if head.lemma_ in cues("negation", "raising"):
        return any(c.dep_ == "neg" for c in kids(head)) or head.lemma_ == "expect"
    said = {c.lower_ for c in kids(head) if c.dep_ in ("acomp", "attr")}
    falsely = any(c.lower_ in cues("negation", "falsely") for c in kids(head))
    return falsely or bool(cues("negation", "that") & {head.lemma_.lower(), *said})


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


# --- what coordinated verbs share ------------------------------------------------------------


def _shared_denial(verb: Token, *, of_help: bool) -> list[str]:
    """Denial that a coordinated verb shares: "has not sent arms or lent money", "did not shell and sink"."""
    if verb.dep_ != "conj" or not _shares(verb):
        return []
    above = verb.head
    return _denials(list(_governors(above, None, of_help=of_help))) or _shared_denial(above, of_help=of_help)


def _shares(verb: Token) -> bool:
    """Whether a coordinated verb stands under the same auxiliary: after "or", or bare like the one before it."""
    if any(c.dep_ in ("nsubj", "nsubjpass", "neg") for c in kids(verb)):
        return False
    own = [c.lower_ for c in kids(verb) if c.dep_ == "aux"]
    joined = [c.lower_ for v in (verb.head, verb) for c in kids(v) if c.dep_ == "cc" and c.i > verb.head.i]
    if "but" in joined[:1] or (own and own != ["to"]):
        return False
    if "or" in joined[:1]:
        return True
    bare = verb.tag_ == verb.head.tag_ == "VB"
    return bare or (verb.tag_ == verb.head.tag_ == "VBG" and verb.head.dep_ in ("pcomp", "xcomp"))


def _shared_modality(verb: Token) -> str:
    """Auxiliary that a coordinated verb shares: "will provide a loan and send engineers"."""
    own = [c.lower_ for c in kids(verb) if c.dep_ == "aux"]
    if verb.dep_ != "conj" or child(verb, "nsubj", "nsubjpass") is not None or own not in ([], ["to"]):
        return ""
    if own and not is_infinitive(verb.head):  # "is expected to appeal, but not to condemn"
        return mood(verb.head, verb)
    chain = _governors(verb.head, None, of_help=False)
    return next((m for m in (mood(token, below) for token, below in chain) if m), "")


def _of_subject(trigger: Token) -> str:
    """As in "Support could escalate": what may follow from an act leaves the act itself open."""
    imagined = trigger.dep_ == "nsubj" and trigger.pos_ == "NOUN"
    return "hypothetical" if imagined and mood(trigger.head, None) == "hypothetical" else ""
