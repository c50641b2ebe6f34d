"""Who did it to whom where a noun names the act: "Iran's oil exports to China", "a strike on Doha by"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.ledger.extract.lexicon import words
from tertius.ledger.extract.parties import distinct
from tertius.ledger.extract.sides import Sides, free, is_generic, modifying, those, within
from tertius.ledger.extract.syntax import (
    agents,
    child,
    doer,
    is_passive,
    kids,
    objects_of,
    patient,
    prepositional,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from tertius.ledger.extract.lexicon import Frame
    from tertius.ledger.extract.parties import Party, Passage

_EXPOSED = words("expose subject exposure risk danger threat vulnerable victim target")
_BORNE = frozenset(("SANCTION", "COERCE", "ASSAULT", "THREATEN", "ACCUSE", "PROTEST"))  # one suffers them
#: Verbs whose subject undergoes the act that is their object: "won the backing of", "faces sanctions from".
_REVERSED = words(
    "receive win gain get draw face suffer earn attract undergo obtain incur provoke enjoy secure sustain"
)
#: Acts whose addressee is who answers them: "rebuffed Lee's plea", "heeded US pressure".
_ADDRESSED = frozenset(("REQUEST", "ACCUSE", "THREATEN", "COERCE"))
_FOR_OWNER = words("lifeline rescue bailout benefactor")
_ATTITUDES = words(
    "defiance support solidarity sympathy protest retaliation breach violation recognition praise"
)
_OCCASION = frozenset(("during", "on", "in", "at", "after", "before", "following"))
_SENDING = words("export loading shipment delivery sale supply flow cargo lifting consignment")
_TAKING = words("import purchase buying intake")
_SIZES = frozenset(
    ("cent", "percent", "%", "pc", "billion", "million", "dollars", "euros", "tonnes", "barrels")
)
_STRIKES = words("hit target hurt affect squeeze cripple punish strike damage bite")
_ARRIVES = words("reach arrive go enter land head flow come")


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
    hit = _named_after(passage, frame, noun, owners)
    if hit:
        return Sides((), tuple(hit), 0.9, light)
    sources = owners or _doing(passage, frame, noun, light)
    targets, sure = _noun_target(passage, frame, noun, light, {p.code for p in sources})
    sources, targets = _goods(passage, noun, sources, targets)
    if not targets:
        targets, sure = _by_the_verb(passage, frame, noun, light, sources, sure)
    sources, targets = _made_mutual(passage, frame, noun, sources, targets)
    unnamed = not targets and any(is_generic(t) for h in _heads(noun, light) for _, t in prepositional(h))
    return Sides(tuple(sources), tuple(targets), sure, light, unnamed or _under_unnamed(noun))


def _doing(passage: Passage, frame: Frame, noun: Token, light: Token | None) -> list[Party]:
    """Who does it where nobody owns the noun: the subject of the verb that carries it, or who is there."""
    carrying = _carrier(passage, light) if light is not None and "light" in frame.source else []
    if carrying:
        return carrying
    return _on_occasion(passage, noun) if frame.event == "CONSULT" else _in_which(passage, noun)


def _by_the_verb(
    passage: Passage, frame: Frame, noun: Token, light: Token | None, sources: list[Party], sure: float
) -> tuple[list[Party], float]:
    """The other side as the subject of the verb whose object the noun is."""
    codes = {p.code for p in sources}
    if light is not None and sources:
        return [p for p in _carrier(passage, light) if p.code not in codes], 0.8
    if frame.event in _ADDRESSED and noun.dep_ == "dobj" and light is None:
        return free(those(passage, doer(noun.head)), codes), 0.8
    return [], sure


def _made_mutual(
    passage: Passage, frame: Frame, noun: Token, sources: list[Party], targets: list[Party]
) -> tuple[list[Party], list[Party]]:
    """What two do together both do to each other; what a crowd or a state does at home it does to itself."""
    if frame.symmetric and len(sources) > 1 and not targets:
        return sources, sources
    if frame.symmetric and len(sources) == len(targets) == 1:
        return [*sources, *targets], [*sources, *targets]
    if frame.event == "PROTEST":
        if not sources and not targets:
            targets = [p for _, t in prepositional(noun.head) for p in passage.parties(t)]
        return sources or targets, targets or sources
    return sources, targets or (sources if frame.self_target else [])


def _named_after(passage: Passage, frame: Frame, noun: Token, owners: list[Party]) -> list[Party]:
    """Whom it is for, or whom it hits: "Cuba's lifeline"; "the Iran sanctions", by a name, not an adjective or acronym."""
    if noun.lemma_ in _FOR_OWNER and any(c.dep_ == "poss" for c in kids(noun)):
        return owners  # "Cuba's last lifeline" helps Cuba
    if frame.event != "SANCTION" or len(owners) != 1:
        return []
    before = (m for c in kids(noun) if c.dep_ == "compound" for m in passage.names.get(c.i, ()))
    hit = {m.code for m in before if m.name.kind == "name" and not m.text.replace(".", "").isupper()}
    return [p for p in owners if p.code in hit]


def _on_occasion(passage: Passage, noun: Token) -> list[Party]:
    """Who was there: "announced during a visit to Tbilisi"."""
    above = noun.head.head
    if noun.dep_ != "pobj" or noun.head.lower_ not in _OCCASION or above.pos_ not in ("VERB", "AUX"):
        return []
    if any(c.lower_ in ("press", "news") for c in kids(noun)):
        return []
    return those(passage, doer(above))


def _in_which(passage: Passage, noun: Token) -> list[Party]:
    """As in "buys oil in defiance of", "voted in solidarity with": who does the one does the other."""
    above = noun.head.head
    stands_so = noun.dep_ == "pobj" and noun.head.lower_ == "in" and noun.lemma_ in _ATTITUDES
    return those(passage, doer(above)) if stands_so and above.pos_ in ("VERB", "AUX") else []


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


def _undergone(passage: Passage, noun: Token, light: Token, owners: list[Party]) -> Sides:
    """As in "Taiwan won the backing of the senate": the subject is who it is done to."""
    targets = _carrier(passage, light)
    codes = {p.code for p in targets}
    spots = [t for word in ("from", "of", "by") for head in (noun, light) for t in objects_of(head, word)]
    others = owners + [p for t in spots for p in passage.parties(t) or passage.modifiers(t)]
    return Sides(tuple(distinct(free(others, codes))), tuple(targets), 0.9, light)


def _goods(
    passage: Passage, noun: Token, sources: list[Party], targets: list[Party]
) -> tuple[list[Party], list[Party]]:
    """Whose goods they are: "loadings of Russian crude" are Russia's, "imports of Iranian oil" are from Iran."""
    lemma, free = noun.lemma_.lower(), {p.code for p in (*sources, *targets)}
    if lemma not in _SENDING | _TAKING:
        return sources, targets
    origin = [p for t in objects_of(noun, "of") for p in modifying(passage, t) if p.code not in free]
    if lemma in _SENDING:
        return sources or origin, targets
    return sources, targets or origin


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
    return Sides(tuple(those(passage, doer(verb))), tuple(helped), 1.0, verb) if helped else None


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
    return those(passage, doer(light))


def _noun_target(
    passage: Passage, frame: Frame, noun: Token, light: Token | None, taken: set[str]
) -> tuple[list[Party], float]:
    for head in _heads(noun, light):
        for slot in frame.target:
            tokens = objects_of(head, slot)
            found = free(distinct(p for t in tokens for p in passage.parties(t)), taken)
            if found:
                return found, 1.0
    for head in _heads(noun, light):
        for slot in frame.target:
            found = free(distinct(p for t in objects_of(head, slot) for p in within(passage, t)), taken)
            if found:
                return found, 0.85
    found = free(_reached(passage, noun) or _struck(passage, frame, noun), taken)
    if found:
        return found, 0.85
    if light is not None:
        given = [c for c in kids(light) if c.dep_ == "dative"]
        found = free(distinct(p for c in given for t in (c, *kids(c)) for p in passage.parties(t)), taken)
        if found:
            return found, 1.0
    return _over_whom(passage, noun, taken) if frame.event in _BORNE else ([], 0.9)


def _reached(passage: Passage, noun: Token) -> list[Party]:
    """Where it got to: "food aid from Korea reached Kenya"."""
    if noun.dep_ != "nsubj" or noun.head.lemma_ not in _ARRIVES:
        return []
    into = [o for word, o in prepositional(noun.head) if word in ("in", "to", "at", "into")]
    return distinct(p for t in (*patient(noun.head), *into) for p in passage.parties(t) or within(passage, t))


def _struck(passage: Passage, frame: Frame, noun: Token) -> list[Party]:
    """As in "the tariffs hit Brazilian coffee"."""
    if frame.event not in ("SANCTION", "COERCE") or noun.dep_ != "nsubj" or noun.head.lemma_ not in _STRIKES:
        return []
    return distinct(p for t in patient(noun.head) for p in passage.parties(t) or within(passage, t))


def _heads(noun: Token, light: Token | None) -> Iterator[Token]:
    """Yield where the noun's prepositions may hang: itself, its whole, the verb that carries it."""
    yield noun
    for c in kids(noun):
        if c.dep_ in ("acl", "amod") and c.tag_ in ("VBN", "VBG"):
            yield c
            yield from (g for g in kids(c) if g.dep_ == "pcomp")
    yield from noun.conjuncts
    yield from (t for t in objects_of(noun, "of") if t.lower_ in _SIZES)  # "tariffs of 50 per cent on"
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
            found = free(those(passage, doer(head) or patient(head)), taken)
        else:
            found = free(passage.parties(head) or passage.modifiers(head), taken)
            if not found and head.pos_ == "NOUN" and head.head.pos_ in ("VERB", "AUX"):
                found = free(those(passage, doer(head.head)), taken)
        return found, 0.75
    return [], 0.9


def _under_unnamed(noun: Token) -> bool:
    return noun.dep_ == "pobj" and is_generic(noun.head.head)
