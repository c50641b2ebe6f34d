"""One act, one event: what only says once more what another word of the sentence names is not counted again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tertius.ledger.extract.lexicon import HELP, frames
from tertius.ledger.extract.noun_roles import noun_sides
from tertius.ledger.extract.syntax import is_infinitive, kids, objects_of, patient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from tertius.ledger.extract.events import Event
    from tertius.ledger.extract.parties import Passage

# An act inside the act that undoes it is no act: imports that are banned, a ban that is lifted.
_UNDONE_BY = {"COOPERATE": "SANCTION", "AID": "SANCTION", "SANCTION": "CONCEDE"}
# Acts whose object is their content: the release that is demanded is no release.
TAKES_OBJECT = ("REJECT", "CONCEDE", "THREATEN", "REQUEST")
# What is agreed to, refused, asked for or threatened is not a second act beside the agreeing, refusing ...
_OUTER = ("agree.agree", "reject.decline", "threaten.", "request.")


def is_outcome(event: Event, others: list[Event]) -> bool:
    """As in "bombed the port, killing nine": what an attack led to is no second attack."""
    verb = event.trigger
    return (
        event.frame.event == "ASSAULT"
        and verb.tag_ == "VBG"
        and verb.dep_ in ("advcl", "acl")
        and any(o.frame.event == "ASSAULT" and o.trigger.i in (verb.head.i, verb.head.head.i) for o in others)
    )


def family(event: Event) -> Iterator[Token]:
    """Nouns that belong to an absorbing verb: its object, its coordinates and its parts."""
    for thing in patient(event.trigger):
        yield from thing.subtree if event.frame.event == "AGREE" else (thing, *thing.conjuncts)
        yield from (c for c in kids(thing) if c.dep_ in ("compound", "appos"))
    if event.frame.event == "REQUEST":
        yield from objects_of(event.trigger, "for")


def is_answered(passage: Passage, event: Event, noun: Token) -> bool:
    """As in "turned down a request from Oslo": the request is an act of another beside its refusal."""
    if event.frame.event not in ("REJECT", "CONCEDE"):
        return False
    asking = [f for f in frames("nouns").get(noun.lemma_.lower(), ()) if f.event in ("REQUEST", "ACCUSE")]
    return any(noun_sides(passage, f, noun, None).sources for f in asking)


def merged(found: list[Event]) -> list[Event]:
    """Put what is agreed to, refused, asked for or threatened inside the event that says so."""
    inside: dict[int, Event] = {}
    for outer in found:
        if outer.frame.noun or not outer.frame.id.startswith(_OUTER):
            continue
        for other in found:
            carrier = other.sides.light if other.sides.light is not None else other.trigger
            content = carrier.dep_ in ("xcomp", "ccomp") or (
                carrier.dep_ == "advcl" and is_infinitive(carrier)
            )
            if carrier.head.i == outer.trigger.i and content and other is not outer:
                inside.setdefault(outer.trigger.i, other)
    dropped = {id(e) for e in inside.values()}
    dropped |= {
        id(e)
        for e in found
        if e.frame.id == "threaten.retaliate"  # "retaliated by expelling": the deed, not the threat
        and any(o.trigger.dep_ == "pcomp" and o.trigger.head.head.i == e.trigger.i for o in found)
    }
    return [_holding(e, inside.get(e.trigger.i)) for e in found if id(e) not in dropped]


def _holding(outer: Event, inner: Event | None) -> Event:
    if inner is None or outer.frame.noun:
        return outer
    sides = outer.sides
    codes = {p.code for p in sides.sources}
    better = tuple(p for p in inner.sides.targets if p.code not in codes)
    if better and (not sides.targets or sides.sure < 0.8) and outer.frame.event != "REQUEST":
        sides = replace(sides, targets=better, sure=inner.sides.sure)
    return replace(outer, sides=sides, inner=inner, end=max(outer.end, inner.end))


def repeats(noun: Event, verbs: list[Event]) -> bool:
    """Whether a verb event says the same: same type, and the noun stands inside the verb's span."""
    if noun.frame.event == "AGREE" and any(
        v.frame.event == "CONSULT" and any(t.i == noun.trigger.i for t in patient(v.trigger)) for v in verbs
    ):
        return True  # a deal that is being negotiated
    undone = _UNDONE_BY.get(noun.frame.event)
    if undone and any(v.frame.event == undone and v.start <= noun.trigger.idx < v.end for v in verbs):
        return True  # a shipment that is put on hold
    return any(
        (v.frame.event in (noun.frame.event, *noun.frame.alt) or _helps(noun, v))
        and noun.trigger.i != v.trigger.i
        and (v.start <= noun.trigger.idx < v.end or _part_of(noun.trigger, v.trigger))
        for v in verbs
    )


def _helps(noun: Event, verb: Event) -> bool:
    """As in "Provide support" is one help, whichever word one looks at."""
    return {noun.frame.event, verb.frame.event} <= HELP and any(
        t.i == noun.trigger.i for t in patient(verb.trigger)
    )


def nested(noun: Event, others: list[Event]) -> bool:
    """Whether the noun stands inside another of its type: "assurances of support"."""
    around = _UNDONE_BY.get(noun.frame.event)
    return any(  # a ban on imports is no import, the lifting of a ban no ban
        o.frame.event in (noun.frame.event, around)
        and o.trigger.i != noun.trigger.i
        and _part_of(noun.trigger, o.trigger)
        for o in others
    )


def _part_of(noun: Token, verb: Token) -> bool:
    """Whether the noun is the verb's object or stands in it, or in "for talks" of the verb."""
    above = noun
    for _ in range(4):
        above = above.head
        if above.i == verb.i:
            return True
        if above.pos_ not in ("NOUN", "PROPN", "ADP", "NUM"):
            return False
    return False
