"""Who did it to whom where a verb names the act: fills the sides of its frame from the dependency tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.ledger.extract.fit import is_kind
from tertius.ledger.extract.lexicon import cues, frames, words
from tertius.ledger.extract.noun_roles import noun_sides
from tertius.ledger.extract.parties import distinct
from tertius.ledger.extract.sides import Sides, free, is_generic, modifying, slot_of, those, within
from tertius.ledger.extract.syntax import (
    agents,
    child,
    clause,
    doer,
    is_passive,
    kids,
    objects_of,
    patient,
    prepositional,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Token

    from tertius.ledger.extract.lexicon import Frame
    from tertius.ledger.extract.parties import Party, Passage

_TOLD_BY_SUBJECT = ("coop.slide", "assault.weapon")
_PLACES = ("in", "across", "through", "throughout", "around")
_VENUES = frozenset(("in", "at"))  # where one meets or signs
_AT_HOME = words(
    "police policeman army soldier court prosecutor guard authority security gunman troop force junta regime"
)
_CIRCUMSTANCES = frozenset(
    (
        "during",
        "after",
        "before",
        "since",
        "until",
        "amid",
        "despite",
        "through",
        "via",
        "under",
        "as",
        "without",
        "by",
    )
)


def verb_sides(passage: Passage, frame: Frame, verb: Token) -> Sides:
    """Sides of a verb frame."""
    if frame.event == "PROTEST":
        return _crowd(passage, frame, verb)
    if frame.id in _TOLD_BY_SUBJECT:  # "imports of oil by China fell", "a strike on Doha killed six"
        told = _subject_sides(passage, verb)
        if told is not None:
            return told
    subject = doer(verb)
    sources = _filled(passage, frame.source, verb, subject)
    if not sources and frame.absorbs:  # "intensifying US pressure": the object says whose act it is
        sources = tuple(distinct(p for t in patient(verb) for p in modifying(passage, t)))
    targets, sure = _target(passage, frame, verb, {p.code for p in sources})
    sources, targets, sure = _made_mutual(frame, verb, sources, targets, sure)
    if frame.event == "ASSAULT" and not sources and not targets and is_passive(verb):
        targets = tuple(
            distinct(p for _, o in prepositional(verb) for p in passage.modifiers(o) or passage.parties(o))
        )
    if not sources:
        sources, targets = _without_doer(passage, frame, verb, targets)
    sources, targets = _domestic(frame, verb, sources, targets)
    return Sides(sources, targets, sure, unnamed=not targets and _is_unnamed_group(frame, verb))


def _made_mutual(
    frame: Frame, verb: Token, sources: tuple[Party, ...], targets: tuple[Party, ...], sure: float
) -> tuple[tuple[Party, ...], tuple[Party, ...], float]:
    """What several do with each other: "Iraq and Turkey signed", "a pact was concluded between"."""
    if frame.symmetric or frame.event == "AGREE":
        if not sources and len(targets) > 1 and sure == 1.0:
            return targets, targets, sure
        if len(sources) > 1 and (not targets or sure < 0.9):
            return sources, sources, 1.0
    if len(sources) > 1 and not targets and _each_other(verb):
        return sources, sources, sure
    return sources, targets, sure


def _without_doer(
    passage: Passage, frame: Frame, verb: Token, targets: tuple[Party, ...]
) -> tuple[tuple[Party, ...], tuple[Party, ...]]:
    """Who acts where the verb has no subject that does: whose troops were sent, who held those that were freed."""
    found: list[Party] = []
    if frame.event in ("MOBILIZE", "RETREAT") and is_passive(verb):
        found = those(passage, patient(verb))
    elif frame.event == "CONCEDE":  # "drivers held by Belarus were freed"
        held = [c for t in patient(verb) for c in kids(t) if c.dep_ == "acl" and is_passive(c)]
        found = distinct(p for c in held for t in agents(c) for p in passage.parties(t))
    return tuple(found), tuple(free(list(targets), {p.code for p in found}))


def _subject_sides(passage: Passage, verb: Token) -> Sides | None:
    """Sides of the noun that is the subject, where it names an act or a flow itself."""
    for noun in doer(verb):
        for frame in frames("nouns").get(noun.lemma_.lower(), ()):
            if is_kind(frame, noun):
                sides = noun_sides(passage, frame, noun, None)
                return sides if sides.targets else None
    return None


def _crowd(passage: Passage, frame: Frame, verb: Token) -> Sides:
    """Who protests against whom: the people of the place, unless named; against its own state, unless said."""
    places = [t for word in _PLACES for t in slot_of(verb, word)]
    against = [t for slot in frame.target if slot not in _PLACES for t in slot_of(verb, slot)]
    targets = [p for t in against for p in _adjectives(passage, t) or passage.parties(t)]
    home = [p for t in (*places, *_seats(against)) for p in passage.parties(t) or passage.modifiers(t)]
    sources = those(passage, doer(verb)) or home or targets
    targets = targets or _away(home, sources) or sources
    return Sides(tuple(distinct(sources[:2])), tuple(distinct(targets)), 1.0)


def _adjectives(passage: Passage, noun: Token) -> list[Party]:
    """Whose embassy it is, not where it stands."""
    return modifying(passage, noun) or [p for t in objects_of(noun, "of") for p in passage.parties(t)]


def _seats(nouns: list[Token]) -> list[Token]:
    """Where an embassy stands."""
    return [t for noun in nouns for word in ("in", "at") for t in objects_of(noun, word)]


def _away(places: list[Party], sources: list[Party]) -> list[Party]:
    """As in "Bolivian miners marched on La Paz": nobody else is named, so it is their own state."""
    codes = {p.code for p in sources}
    return [p for p in places if p.code in codes]


def _each_other(verb: Token) -> bool:
    """As in "levied fees on each other's ships"."""
    return any(t.lower_ in ("other", "another", "others") for t in clause(verb))


def _domestic(
    frame: Frame, verb: Token, sources: tuple[Party, ...], targets: tuple[Party, ...]
) -> tuple[tuple[Party, ...], tuple[Party, ...]]:
    """Fill in what a state does to its own people, and they to it: "police arrested the mayor"."""
    if frame.self_target and sources and not targets:
        return sources, sources
    if frame.event not in ("COERCE", "ASSAULT") or frame.id in _TOLD_BY_SUBJECT:
        return sources, targets
    hit = {t.lemma_.lower() for t in patient(verb)}
    if sources and not targets and hit & cues("people") and verb.dep_ != "advcl":
        return sources, sources
    if targets and not sources and is_passive(verb) and hit & cues("people"):
        return targets, targets
    does = {t.lemma_.lower() for t in doer(verb)}
    if targets and not sources and does & (cues("armed") | _AT_HOME):
        return targets, targets
    return sources, targets


def _filled(passage: Passage, slots: Iterable[str], verb: Token, subject: list[Token]) -> tuple[Party, ...]:
    for slot in slots:
        tokens = subject if slot == "nsubj" else slot_of(verb, slot)
        found = those(passage, tokens)
        if found:
            return tuple(found)
    return ()


def _is_unnamed_group(frame: Frame, verb: Token) -> bool:
    return any(is_generic(t) for slot in frame.target for t in slot_of(verb, slot))


def _target(passage: Passage, frame: Frame, verb: Token, taken: set[str]) -> tuple[tuple[Party, ...], float]:
    """Return the other side of a verb: in the frame's slots, as owners of things there, in the clause."""
    slots = [slot_of(verb, s) for s in frame.target]
    for tokens in slots:
        found = free(distinct(p for t in tokens for p in passage.parties(t)), taken)
        if found:
            return tuple(found), 1.0
    for tokens in slots:
        found = free(distinct(p for t in tokens for p in within(passage, t)), taken)
        if found:
            return tuple(found), 0.85
    shared = _shared_target(passage, verb, taken)
    if shared:
        return shared, 0.8
    if is_passive(verb) and verb.dep_ == "ccomp" and verb.head.lemma_ in ("see", "have", "get"):
        found = free(those(passage, doer(verb.head)), taken)  # "Canberra saw the tariffs lifted"
        if found:
            return tuple(found), 0.85
    complement = child(verb, "xcomp", "ccomp")
    nearby = _nearby(
        passage, verb, complement, _VENUES if frame.event in ("AGREE", "CONSULT") else frozenset()
    )
    found = free(nearby, taken)
    return tuple(found), 0.6 if found else 0.9


def _shared_target(passage: Passage, verb: Token, taken: set[str]) -> tuple[Party, ...]:
    """Return the other side of the verb before: "supplied shells to Russia and supported drones"."""
    if verb.dep_ != "conj" or child(verb, "nsubj", "nsubjpass") is not None or verb.head.pos_ != "VERB":
        return ()
    slots = [slot_of(verb.head, s) for s in ("dative", "to", "into", "for", "with", "on", "against")]
    found = [p for tokens in slots for t in tokens for p in passage.parties(t)]
    return tuple(free(distinct(found), taken))


def _nearby(passage: Passage, verb: Token, complement: Token | None, besides: frozenset[str]) -> list[Party]:
    aside = _CIRCUMSTANCES | besides
    spots = [o for word, o in prepositional(verb) if word not in aside]
    spots += [
        t for t in patient(verb) if not _is_measure(t)
    ]  # "adopted the Western sanctions": not against the West
    found = [p for t in spots for p in passage.parties(t) or within(passage, t)]
    if not found:
        things = [*patient(verb), *(o for word, o in prepositional(verb) if word not in aside)]
        inside = (t for thing in things if thing.i > verb.i for t in _restricting(thing) if passage.named(t))
        first = next(inside, None)
        found = passage.parties(first) if first is not None else []
    if complement is not None and not found:
        found = [p for t in clause(complement) for p in passage.named(t)]
    if not found:  # "would retaliate if Finland took the missiles"
        if_clauses = [c for c in kids(verb) if c.dep_ == "advcl" and any(m.lower_ == "if" for m in kids(c))]
        found = [p for c in if_clauses for t in doer(c) for p in passage.parties(t)]
    return distinct(found)


def _is_measure(thing: Token) -> bool:
    return any(f.event == "SANCTION" for f in frames("nouns").get(thing.lemma_.lower(), ()))


def _restricting(thing: Token) -> Iterator[Token]:
    """Tokens of a phrase with the clauses that restrict it, not with an aside after a comma."""
    for token in thing.subtree:
        aside = [a for a in (token, *token.ancestors) if a.dep_ == "relcl" and a.i > thing.i]
        if not any(a.left_edge.i and a.left_edge.nbor(-1).lower_ == "," for a in aside):
            yield token
