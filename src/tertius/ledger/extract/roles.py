"""Who did it to whom: fills the sides of a frame from the dependency tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tertius.ledger.extract.coref import distinct
from tertius.ledger.extract.lexicon import cues, frames, words
from tertius.ledger.extract.syntax import (
    agents,
    child,
    clause,
    doer,
    is_passive,
    kids,
    objects_of,
    patient,
    phrase,
    prepositional,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Token

    from tertius.ledger.extract.coref import Party, Passage
    from tertius.ledger.extract.lexicon import Frame


_EXPOSED = words("expose subject exposure risk danger threat vulnerable victim target")
_BORNE = frozenset(("SANCTION", "COERCE", "ASSAULT", "THREATEN", "ACCUSE", "PROTEST"))  # one suffers them
_GROUPS = words(
    "country state nation government buyer seller partner regime power ally supplier importer opponent rival"
)
_TOLD_BY_SUBJECT = ("coop.slide", "assault.weapon")
#: Verbs whose subject undergoes the act that is their object: "won the backing of", "faces sanctions from".
_REVERSED = words(
    "receive win gain get draw face suffer earn attract undergo obtain incur provoke enjoy secure sustain"
)
_SENDING = words("export loading shipment delivery sale supply flow cargo lifting consignment")
_TAKING = words("import purchase buying intake")
_ARRIVES = words("reach arrive go enter land head flow come")
_PLACES = ("in", "across", "through", "throughout", "around")
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


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides; `sure` falls when a side was only found nearby."""

    sources: tuple[Party, ...]
    targets: tuple[Party, ...]
    sure: float
    light: Token | None = None
    unnamed: bool = (
        False  # the other side is there, but is nobody in particular ("countries that trade with Iran")
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
        sources = tuple(distinct(p for t in patient(verb) for p in _modifying(passage, t)))
    targets, sure = _target(passage, frame, verb, {p.code for p in sources})
    mutual = frame.symmetric or frame.event == "AGREE"
    if mutual and not sources and len(targets) > 1 and sure == 1.0:
        sources = targets  # "a pact was concluded between Iraq and Turkey"
    if mutual and len(sources) > 1 and (not targets or sure < 0.9):
        targets, sure = sources, 1.0
    if len(sources) > 1 and not targets and _each_other(verb):
        targets = sources
    if frame.event == "ASSAULT" and not sources and not targets and is_passive(verb):
        targets = tuple(
            distinct(p for _, o in prepositional(verb) for p in passage.modifiers(o) or passage.parties(o))
        )
    if not sources and frame.event in ("MOBILIZE", "RETREAT") and is_passive(verb):
        sources = tuple(_those(passage, patient(verb)))  # whose troops were sent
        targets = tuple(p for p in targets if p.code not in {s.code for s in sources})
    if not sources and frame.event == "CONCEDE":  # "drivers held by Belarus were freed"
        held = [c for t in patient(verb) for c in kids(t) if c.dep_ == "acl" and is_passive(c)]
        sources = tuple(distinct(p for c in held for t in agents(c) for p in passage.parties(t)))
        targets = tuple(p for p in targets if p.code not in {s.code for s in sources})
    sources, targets = _domestic(frame, verb, sources, targets)
    return Sides(sources, targets, sure, unnamed=not targets and _is_unnamed_group(frame, verb))


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
    places = [t for word in _PLACES for t in _slot(verb, word)]
    against = [t for slot in frame.target if slot not in _PLACES for t in _slot(verb, slot)]
    targets = [p for t in against for p in _adjectives(passage, t) or passage.parties(t)]
    home = [p for t in (*places, *_seats(against)) for p in passage.parties(t) or passage.modifiers(t)]
    sources = _those(passage, doer(verb)) or home or targets
    targets = targets or _away(home, sources) or sources
    return Sides(tuple(distinct(sources[:2])), tuple(distinct(targets)), 1.0)


def _adjectives(passage: Passage, noun: Token) -> list[Party]:
    """Whose embassy it is, not where it stands."""
    return _modifying(passage, noun) or [p for t in objects_of(noun, "of") for p in passage.parties(t)]


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


def is_kind(frame: Frame, noun: Token) -> bool:
    """Whether a noun is of the kind that a frame asks for: a strike that is a *general* one."""
    return not frame.compounds or any(c.lemma_.lower() in frame.compounds for c in kids(noun))


def noun_sides(passage: Passage, frame: Frame, noun: Token, light: Token | None) -> Sides:
    """Sides of a noun frame; `light` is the verb that carries the noun as its object."""
    came = _came_to(passage, noun)
    if came is not None:
        return came
    between = _between(passage, noun)
    if len(between) > 1:
        return Sides(tuple(between), tuple(between), 1.0, light)
    owners = _owners(passage, frame, noun)
    if light is not None and light.lemma_ in _REVERSED and not frame.symmetric:
        return _undergone(passage, noun, light, owners)
    if frame.symmetric and len(owners) > 1:
        return Sides(tuple(owners), tuple(owners), 1.0, light)
    sources = owners or (_carrier(passage, light) if light is not None and "light" in frame.source else [])
    targets, sure = _noun_target(passage, frame, noun, light, {p.code for p in sources})
    sources, targets = _goods(passage, noun, sources, targets)
    if not targets and light is not None and owners:
        carriers = [p for p in _carrier(passage, light) if p.code not in {o.code for o in owners}]
        targets, sure = carriers, 0.8
    if frame.symmetric and len(sources) > 1 and not targets:
        targets = sources
    if frame.event == "PROTEST" and not sources and not targets:
        targets = [p for _, t in prepositional(noun.head) for p in passage.parties(t)]
    if frame.event == "PROTEST" and not sources:
        sources = targets
    if (frame.self_target or frame.event == "PROTEST") and not targets:
        targets = sources
    unnamed = not targets and any(_generic(t) for h in _heads(noun, light) for _, t in prepositional(h))
    return Sides(tuple(sources), tuple(targets), sure, light, unnamed or _under_unnamed(noun))


def _undergone(passage: Passage, noun: Token, light: Token, owners: list[Party]) -> Sides:
    """As in "Taiwan won the backing of the senate": the subject is who it is done to."""
    targets = _carrier(passage, light)
    codes = {p.code for p in targets}
    spots = [t for word in ("from", "of", "by") for head in (noun, light) for t in objects_of(head, word)]
    others = owners + [p for t in spots for p in passage.parties(t) or passage.modifiers(t)]
    return Sides(tuple(distinct(_free(others, codes))), tuple(targets), 0.9, light)


def _goods(
    passage: Passage, noun: Token, sources: list[Party], targets: list[Party]
) -> tuple[list[Party], list[Party]]:
    """Whose goods they are: "loadings of Russian crude" are Russia's, "imports of Iranian oil" are from Iran."""
    lemma, free = noun.lemma_.lower(), {p.code for p in (*sources, *targets)}
    if lemma not in _SENDING | _TAKING:
        return sources, targets
    origin = [p for t in objects_of(noun, "of") for p in _modifying(passage, t) if p.code not in free]
    if lemma in _SENDING:
        return sources or origin, targets
    return sources, targets or origin


def _modifying(passage: Passage, noun: Token) -> list[Party]:
    marks = [c for c in kids(noun) if c.dep_ in ("poss", "amod", "compound", "nmod")]
    return [p for c in marks for p in passage.parties(c)]


def _filled(passage: Passage, slots: Iterable[str], verb: Token, subject: list[Token]) -> tuple[Party, ...]:
    for slot in slots:
        tokens = subject if slot == "nsubj" else _slot(verb, slot)
        found = _those(passage, tokens)
        if found:
            return tuple(found)
    return ()


def _those(passage: Passage, tokens: Iterable[Token]) -> list[Party]:
    """Parties of some phrases; what is no party itself counts for the state it belongs to."""
    found: list[Party] = []
    for token in tokens:
        found += passage.parties(token) or passage.modifiers(token) or _described_by(passage, token)
        if not found and token.lemma_ in cues("modality", "pacts"):  # a pact acts for those who made it
            found += [p for t in doer(token.head) for p in passage.parties(t)] if token.dep_ == "dobj" else []
    return distinct(found)


def _described_by(passage: Passage, token: Token) -> list[Party]:
    """Return whom an apposition renames."""
    if token.dep_ == "appos":
        return passage.parties(token.head)
    return []


def _generic(token: Token) -> bool:
    """Whether nobody in particular is meant: "countries that transact with Iran"."""
    return token.tag_ == "NNS" and token.lemma_.lower() in _GROUPS


def _is_unnamed_group(frame: Frame, verb: Token) -> bool:
    return any(_generic(t) for slot in frame.target for t in _slot(verb, slot))


def _under_unnamed(noun: Token) -> bool:
    return noun.dep_ == "pobj" and _generic(noun.head.head)


def _slot(verb: Token, slot: str) -> list[Token]:
    if slot == "dobj":
        return patient(verb)
    if slot == "dative":
        given = [c for c in kids(verb) if c.dep_ == "dative"]
        return [t for c in given for t in ([c] if c.pos_ != "ADP" else list(kids(c)))]
    if slot == "nsubj":
        return doer(verb)
    found = objects_of(verb, slot)
    for thing in patient(verb):
        for inner in phrase(thing):
            found += objects_of(inner, slot)
        for other in thing.conjuncts:
            found += objects_of(other, slot)
    particle = child(verb, "prt", "advmod")
    if particle is not None:
        found += objects_of(particle, slot)
    for token in list(found):
        found += [c for c in kids(token) if c.dep_ == "pobj"]
    return found


def _target(passage: Passage, frame: Frame, verb: Token, taken: set[str]) -> tuple[tuple[Party, ...], float]:
    """Return the other side of a verb: in the frame's slots, as owners of things there, in the clause."""
    slots = [_slot(verb, s) for s in frame.target]
    for tokens in slots:
        found = _free(distinct(p for t in tokens for p in passage.parties(t)), taken)
        if found:
            return tuple(found), 1.0
    for tokens in slots:
        found = _free(distinct(p for t in tokens for p in _within(passage, t)), taken)
        if found:
            return tuple(found), 0.85
    shared = _shared_target(passage, verb, taken)
    if shared:
        return shared, 0.8
    complement = child(verb, "xcomp", "ccomp")
    nearby = _nearby(passage, verb, complement)
    found = _free(nearby, taken)
    return tuple(found), 0.6 if found else 0.9


def _shared_target(passage: Passage, verb: Token, taken: set[str]) -> tuple[Party, ...]:
    """Return the other side of the verb before: "supplied shells to Russia and supported drones"."""
    if verb.dep_ != "conj" or child(verb, "nsubj", "nsubjpass") is not None or verb.head.pos_ != "VERB":
        return ()
    slots = [_slot(verb.head, s) for s in ("dative", "to", "into", "for", "with", "on", "against")]
    found = [p for tokens in slots for t in tokens for p in passage.parties(t)]
    return tuple(_free(distinct(found), taken))


def _within(passage: Passage, token: Token) -> list[Party]:
    direct = passage.modifiers(token)
    if direct:
        return direct
    return distinct(p for t in phrase(token) for p in passage.own(t))


def _nearby(passage: Passage, verb: Token, complement: Token | None) -> list[Party]:
    spots = [o for word, o in prepositional(verb) if word not in _CIRCUMSTANCES] + patient(verb)
    found = [p for t in spots for p in passage.parties(t) or _within(passage, t)]
    if not found:
        things = [*patient(verb), *(o for word, o in prepositional(verb) if word not in _CIRCUMSTANCES)]
        inside = (t for thing in things if thing.i > verb.i for t in _restricting(thing) if passage.named(t))
        first = next(inside, None)
        found = passage.parties(first) if first is not None else []
    if complement is not None and not found:
        found = [p for t in clause(complement) for p in passage.named(t)]
    if not found:  # "would retaliate if Finland took the missiles"
        if_clauses = [c for c in kids(verb) if c.dep_ == "advcl" and any(m.lower_ == "if" for m in kids(c))]
        found = [p for c in if_clauses for t in doer(c) for p in passage.parties(t)]
    return distinct(found)


def _restricting(thing: Token) -> Iterator[Token]:
    """Tokens of a phrase with the clauses that restrict it, not with an aside after a comma."""
    for token in thing.subtree:
        aside = [a for a in (token, *token.ancestors) if a.dep_ == "relcl" and a.i > thing.i]
        if not any(a.left_edge.i and a.left_edge.nbor(-1).lower_ == "," for a in aside):
            yield token


def _free(parties: list[Party], taken: set[str]) -> list[Party]:
    return [p for p in parties if p.code not in taken]


# --- nouns ------------------------------------------------------------


def _between(passage: Passage, noun: Token) -> list[Party]:
    return distinct(
        p for t in objects_of(noun, "between") + objects_of(noun, "among") for p in passage.parties(t)
    )


def _owners(passage: Passage, frame: Frame, noun: Token) -> list[Party]:  # noqa: C901  one place after the other
    """Return parties that modify the noun: Iran's, US-led, US-China; then by, of, from."""
    found: list[Party] = []
    for c in kids(noun):
        if (c.dep_ == "poss" and "poss" in frame.source) or (
            c.dep_ in ("amod", "compound", "nmod", "npadvmod") and "adj" in frame.source
        ):
            found += passage.parties(c) or (passage.modifiers(c) if c.dep_ in ("poss", "compound") else [])
            found += [
                p for t in kids(c) if t.dep_ in ("npadvmod", "compound", "amod") for p in passage.named(t)
            ]
    if found:
        return distinct(found)
    if noun.dep_ == "conj" and noun.head.pos_ == "NOUN":
        shared = [p for c in kids(noun.head) if c.dep_ in ("poss", "amod") for p in passage.parties(c)]
        if shared and abs(noun.i - noun.head.i) < 6:
            return distinct(shared)
    for slot in frame.source:
        if slot in ("by", "of", "from", "between"):
            spots = [o for n in (noun, *noun.conjuncts) for o in objects_of(n, slot)]
            found = distinct(p for t in spots for p in passage.parties(t))
            if found:
                return found
    whole = _whole(noun)
    if whole is not None:
        return passage.modifiers(whole)
    described = child(noun, "acl")
    if described is not None and is_passive(described):
        return distinct(p for t in agents(described) for p in passage.parties(t))
    return []


def _came_to(passage: Passage, noun: Token) -> Sides | None:
    """As in "came to Iran's aid": the owner of the help is the one who is helped."""
    verb = noun.head.head
    if (
        noun.dep_ != "pobj"
        or noun.head.lower_ != "to"
        or verb.lemma_ not in ("come", "go", "rush", "spring", "turn")
    ):
        return None
    if noun.lemma_ not in ("aid", "help", "rescue", "assistance", "defence", "defense", "support"):
        return None
    helped = [p for c in kids(noun) if c.dep_ == "poss" for p in passage.parties(c)]
    return Sides(tuple(_those(passage, doer(verb))), tuple(helped), 1.0, verb) if helped else None


def _whole(noun: Token) -> Token | None:
    """Return what the noun is listed as part of: "assistance ranging from food shipments to"."""
    preposition = noun.head
    if noun.dep_ != "pobj" or preposition.lower_ not in ("from", "to", "including", "as", "like"):
        return None
    head = preposition.head
    while head.dep_ == "prep":
        head = head.head
    if head.lemma_ == "range" and head.dep_ == "acl":
        return head.head
    return head if preposition.lower_ == "including" and head.pos_ == "NOUN" else None


def _carrier(passage: Passage, light: Token | None) -> list[Party]:
    if light is None:
        return []
    return _those(passage, doer(light))


def _noun_target(
    passage: Passage, frame: Frame, noun: Token, light: Token | None, taken: set[str]
) -> tuple[list[Party], float]:
    for head in _heads(noun, light):
        for slot in frame.target:
            tokens = objects_of(head, slot)
            found = _free(distinct(p for t in tokens for p in passage.parties(t)), taken)
            if found:
                return found, 1.0
    for head in _heads(noun, light):
        for slot in frame.target:
            found = _free(distinct(p for t in objects_of(head, slot) for p in _within(passage, t)), taken)
            if found:
                return found, 0.85
    found = _free(_reached(passage, noun), taken)
    if found:
        return found, 0.85
    if light is not None:
        given = [c for c in kids(light) if c.dep_ == "dative"]
        found = _free(distinct(p for c in given for t in (c, *kids(c)) for p in passage.parties(t)), taken)
        if found:
            return found, 1.0
    return _over_whom(passage, noun, taken) if frame.event in _BORNE else ([], 0.9)


def _reached(passage: Passage, noun: Token) -> list[Party]:
    """Where it got to: "food aid from Korea reached Kenya"."""
    if noun.dep_ != "nsubj" or noun.head.lemma_ not in _ARRIVES:
        return []
    into = [o for word, o in prepositional(noun.head) if word in ("in", "to", "at", "into")]
    return distinct(
        p for t in (*patient(noun.head), *into) for p in passage.parties(t) or _within(passage, t)
    )


def _heads(noun: Token, light: Token | None) -> Iterator[Token]:
    """Yield where the noun's prepositions may hang: itself, its whole, the verb that carries it."""
    yield noun
    for c in kids(noun):
        if c.dep_ in ("acl", "amod") and c.tag_ in ("VBN", "VBG"):
            yield c
            yield from (g for g in kids(c) if g.dep_ == "pcomp")
    yield from noun.conjuncts
    if noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.head.head.pos_ == "NOUN":
        yield noun.head.head
    if light is not None:
        yield light


def _over_whom(passage: Passage, noun: Token, taken: set[str]) -> tuple[list[Party], float]:
    """Whom the noun hangs over: "states under US pressure", "Iran, which suffered from Western sanctions"."""
    if noun.dep_ == "pobj" and noun.head.lower_ in ("under", "from", "by", "to", "of"):
        head = noun.head.head
        if noun.head.lower_ in ("to", "of") and head.lemma_ not in _EXPOSED:
            return [], 0.9
        if head.lemma_ == "be" or head.pos_ in ("VERB", "AUX"):
            found = _free(_those(passage, doer(head) or patient(head)), taken)
        else:
            found = _free(passage.parties(head) or passage.modifiers(head), taken)
            if not found and head.pos_ == "NOUN" and head.head.pos_ in ("VERB", "AUX"):
                found = _free(_those(passage, doer(head.head)), taken)
        return found, 0.75
    return [], 0.9
