"""What becomes of an act that is itself spoken of: it fell through, was put on hold, remains unsigned, is a mirage.

The act is a noun, the subject of its verb, or described by an adjective: "the aborted sale".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.ledger.extract.denial import called, to_nothing
from tertius.ledger.extract.lexicon import cues
from tertius.ledger.extract.syntax import kids, lemma_of

if TYPE_CHECKING:
    from spacy.tokens import Token

_PROMISED = frozenset(("promise", "hope", "aspiration", "ambition", "intention", "dream"))
_STAYS = frozenset(
    ("be", "remain", "stay", "lie", "exist", "put", "place", "hang", "seem", "look", "appear", "keep")
)
_MOVES = frozenset(("come", "grind", "be", "bring", "screech", "draw", "go"))


def fate(noun: Token, *, of_help: bool) -> str:
    """Say what becomes of an act: "denied", "limited" or "".

    Parameters
    ----------
    noun : the noun that names the act, or a plan, promise or hope of it; or the verb that names it.
    of_help : help that ended or proved hollow is denied; a sanction that ended was one.
    """
    if noun.pos_ == "VERB":  # "the sale fell through"
        verb = noun.head if noun.dep_ == "csubj" else noun
        return "denied" if _came_to_nothing(verb) else ""
    if noun.pos_ not in ("NOUN", "PROPN"):
        return ""
    if _is_factless(noun) or _so_much_for(noun):
        return "denied"
    if noun.dep_ not in ("nsubj", "nsubjpass"):
        return ""
    verb = noun.head
    if _came_to_nothing(verb) or _is_unreal(verb):
        return "denied"
    return _of_help(noun, verb) if of_help else ""


def _is_factless(noun: Token) -> bool:
    """As in "the aborted sale", "so-called aid"."""
    for c in kids(noun):
        if c.dep_ == "amod":
            so_called = c.lower_ == "called" and any(g.lower_ == "so" for g in kids(c))
            if so_called or c.lower_ in cues("negation", "factless"):
                return True
    return False


def _so_much_for(noun: Token) -> bool:
    above = noun.head.head
    return noun.dep_ == "pobj" and above.lower_ == "much" and any(c.lower_ == "so" for c in kids(above))


def _came_to_nothing(verb: Token) -> bool:
    """As in "fell through", "came to nothing", "is on hold", "remains unsigned"."""
    through = verb.lemma_ == "fall" and any(c.lower_ in ("through", "apart") for c in kids(verb))
    if through or lemma_of(verb) in cues("negation", "undone"):
        return True
    nowhere = any(c.lower_ == "nowhere" for c in kids(verb))
    failed = verb.lemma_ == "fail" and any(c.dep_ == "xcomp" for c in kids(verb))  # "failed to materialise"
    if nowhere or failed or (verb.lemma_ in ("come", "amount") and to_nothing(verb)):
        return True
    if verb.lemma_ not in _STAYS:
        return False
    said = {c.lower_ for c in kids(verb) if c.dep_ in ("acomp", "attr", "oprd", "xcomp", "advmod", "advcl")}
    said |= {verb.lower_} if verb.tag_ == "VBN" else set()
    return bool(said & cues("negation", "unrealised")) or bool(_places(verb) & cues("negation", "limbo"))


def _is_unreal(verb: Token) -> bool:
    """As in "is a mirage", "exists only on paper", "remains a promise"."""
    things = {o.lower_ for t in (verb, *kids(verb)) for c in kids(t) if c.lower_ == "on" for o in kids(c)}
    if "paper" in things and verb.lemma_ in ("be", "exist", "remain", "stay"):
        return True
    unreal = cues("negation", "unreal") | (_PROMISED if verb.lemma_ == "remain" else frozenset())
    return bool(called(verb) & unreal)


def _places(verb: Token) -> set[str]:
    """Where something is: "on hold", "off the table", "out of reach"; "on the table" is no place to be lost at."""
    found: set[str] = set()
    for c in kids(verb):
        if c.dep_ == "prep":
            below = [o for o in kids(c) if o.dep_ == "pobj"]
            below += [o for g in kids(c) if g.dep_ == "prep" for o in kids(g) if o.dep_ == "pobj"]
            words = {o.lower_ for o in below}
            found |= words if c.lower_ in ("off", "out") else words - {"table", "cards", "question", "reach"}
    return found


def _of_help(noun: Token, verb: Token) -> str:
    """What becomes of help: "proved hollow", "dried up", "came to a standstill", "was limited to words"."""
    said = {c.lower_ for c in kids(verb) if c.dep_ in ("acomp", "attr", "oprd", "advmod", "xcomp")}
    fading = verb.lemma_ in cues("negation", "fade") or lemma_of(verb) in cues("negation", "fade")
    if said & cues("negation", "hollow") or (fading and noun.dep_ == "nsubj"):
        return "denied"
    if verb.lemma_ in _MOVES and _stands_still(verb):
        return "denied"
    if verb.lemma_ in ("limit", "confine", "restrict") or said & cues("degree", "limited"):
        return "limited"
    return "limited" if verb.lemma_ in ("fall", "come") and "short" in said else ""


def _stands_still(verb: Token) -> bool:
    past = {g.lower_ for c in kids(verb) if c.dep_ == "attr" for p in kids(c) for g in kids(p)}
    return bool(_places(verb) & cues("negation", "standstill")) or "past" in past
