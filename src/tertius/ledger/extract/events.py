"""Events: a verb or a noun of the lexicon, its sides, and how it stands in the sentence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tertius.ledger.extract.attribution import chain
from tertius.ledger.extract.fit import fits, is_kind
from tertius.ledger.extract.lexicon import HELP, cues, frames, words
from tertius.ledger.extract.noun_roles import noun_sides
from tertius.ledger.extract.once import (
    TAKES_OBJECT,
    family,
    is_answered,
    is_outcome,
    merged,
    nested,
    repeats,
)
from tertius.ledger.extract.roles import verb_sides
from tertius.ledger.extract.stance import Stance, stance
from tertius.ledger.extract.syntax import (
    child,
    clause,
    doer,
    is_passive,
    kids,
    lemma_of,
    patient,
    phrase,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from tertius.ledger.extract.attribution import Voice
    from tertius.ledger.extract.discourse import Thread
    from tertius.ledger.extract.lexicon import Frame
    from tertius.ledger.extract.parties import Passage
    from tertius.ledger.extract.sides import Sides

# Verbs that only carry the noun that is their object; the act is the noun's.
LIGHT = words(
    "make pay hold have give take offer provide launch conduct carry carry_out impose sign reach "
    "conclude seek send issue deliver extend express voice announce plan propose begin start continue "
    "resume stage host undertake mount wage exert apply step_up intensify increase suspend put keep "
    "maintain renew repeat face see use show bring set open do stop end cancel postpone attend join "
    "lead organise organize schedule arrange complete finish negotiate promise pledge include expand "
    "reduce enjoy deepen strengthen boost withhold deny refuse reject threaten describe frame sustain "
    "relaunch revive reopen rejoin restart kick_off wrap_up cut_short break_off call_off quit abandon pursue seal clinch "
    "present receive accept discuss avoid face withhold win gain get draw suffer earn attract undergo obtain incur secure"
)


# Verbs that say how a flow changes: "doubled gas supplies to Armenia".
CHANGING = words("double triple halve raise lower boost restart cut trim curtail quadruple")
# The same with a preposition: "went ahead with the blockade", "took part in the drills".
CARRYING = words(
    "go_ahead proceed press_ahead engage participate take_part embark resort persist step_in join"
)


@dataclass(frozen=True, slots=True)
class Event:
    """One coded act; `span` is in characters of the paragraph."""

    frame: Frame
    trigger: Token
    sides: Sides
    stance: Stance
    start: int
    end: int
    inner: Event | None = None  # the act that is agreed to, refused, asked for or threatened


# Verbs that mean something else with their particle: "called off talks" is no call.
_NOT_THE_SAME = words(
    "back_away back_off back_out back_down call_off call_back put_off turn_off give_up give_in hold_off play_down "
    "write_off see_off shrug_off brush_off laugh_off back_up take_down take_over go_on go_off come_off set_off"
)


def events(passage: Passage, thread: Thread, heard: list[Voice]) -> list[Event]:
    """Events of a passage in text order; a noun inside a verb event of the same kind is not counted twice."""
    found: list[Event] = []
    for sentence in passage.doc.sents:
        verbs = [
            e
            for token in sentence
            if token.pos_ in ("VERB", "AUX")
            for e in _verb(passage, token, thread, heard)
        ]
        absorbed = {t.i for e in verbs if e.frame.absorbs or e.frame.event in TAKES_OBJECT for t in family(e)}
        nouns = [
            e
            for t in sentence
            if t.pos_ in ("NOUN", "PROPN")
            for e in _noun(passage, t, absorbed, thread, heard)
        ]
        verbs = [e for e in verbs if not is_outcome(e, verbs)]
        answers = {t.i for v in verbs for t in family(v) if is_answered(passage, v, t)}
        nouns = [
            e for e in nouns if (e.trigger.i in answers or not repeats(e, verbs)) and not nested(e, nouns)
        ]
        found += sorted(merged([*verbs, *nouns]), key=lambda e: (e.start, e.end))
        thread.heard(passage, sentence, heard)
    return found


# --- verbs ------------------------------------------------------------


def _verb(passage: Passage, verb: Token, thread: Thread, heard: list[Voice]) -> Iterator[Event]:
    if verb.dep_ in ("amod", "aux", "auxpass") or (
        verb.lower_ == "going" and child(verb, "xcomp") is not None
    ):
        return
    table = frames("verbs")
    whole = lemma_of(verb)
    names = (whole,) if whole in _NOT_THE_SAME else dict.fromkeys((whole, verb.lemma_))
    fitting = [f for name in names for f in table.get(name, ()) if fits(f, verb)]
    for frame in fitting:
        sides = thread.complete(
            passage, frame, verb, verb_sides(passage, frame, verb), _speakers(heard, verb)
        )
        if not sides.sources and not sides.targets:
            sides = thread.presumed(frame, verb) or sides
        if _known(frame, sides):
            event = Event(
                _together(frame, sides),
                verb,
                sides,
                stance(verb, of_help=frame.event in HELP),
                *_verb_span(verb, sides),
            )
            thread.note(event)
            yield event
            return


def _together(frame: Frame, sides: Sides) -> Frame:
    """Return the frame of an act that several do together: drills of two are cooperation."""
    codes = {p.code for p in sides.sources}
    if not frame.mutual or len(codes) < 2 or codes != {p.code for p in sides.targets}:
        return frame
    return replace(frame, event=frame.mutual, alt=(frame.event, *frame.alt))


def _speakers(heard: list[Voice], trigger: Token) -> set[str]:
    """Return codes of the parties that speak; "Cuban media" speak for nobody."""
    outside = ("media", "data", "expert", "industry")
    return {s.code for s in chain(heard, trigger)[0] if s.kind not in outside}


def _known(frame: Frame, sides: Sides) -> bool:
    if frame.needs == "both":
        return bool(sides.sources and sides.targets)
    if frame.needs == "source":
        return bool(sides.sources)
    if frame.needs == "target":
        return bool(sides.targets)
    return bool(sides.sources or sides.targets)


def _verb_span(verb: Token, sides: Sides) -> tuple[int, int]:
    """From the verb (or its governing "stopped short of") to the end of its object and of the other side."""
    tokens = [verb, *(t for t in patient(verb) if t.i > verb.i)]
    particle = child(verb, "prt")
    ends = [verb.idx + len(verb.text), *(_phrase_end(t) for t in tokens[1:] if t.i - verb.i < 25)]
    if particle is not None:
        ends.append(particle.idx + len(particle.text))
    limit = min(_clause_end(verb), max(ends) + 70)
    places = {t.idx for t in clause(verb)}
    after = [
        _party_end(verb, p.end) for p in sides.targets if verb.idx < p.end <= limit and p.start in places
    ]
    first = [t.idx for t in (verb, *patient(verb)) if is_passive(verb) and verb.i - t.i < 15] or [verb.idx]
    return min(first), max([*ends, *after])


def _phrase_end(noun: Token) -> int:
    """End of a noun phrase, without its clauses and at most a line long."""
    ends = [t.idx + len(t.text) for t in phrase(noun) if 0 <= t.i - noun.i < 15]
    return max([e for e in ends if e - noun.idx < 90], default=noun.idx + len(noun.text))


def _party_end(verb: Token, end: int) -> int:
    """End of the phrase a party stands in: "on three Russian | banks"."""
    for token in verb.sent:
        if token.idx + len(token.text) >= end:
            above = token
            while above.dep_ in ("amod", "compound", "poss", "nmod") and above.head.i - above.i in (1, 2, 3):
                above = above.head
            return int(above.idx + len(above.text))
    return end


def _clause_end(verb: Token) -> int:
    last = max(clause(verb), key=lambda t: t.i)
    return int(last.idx + len(last.text))


# --- nouns ------------------------------------------------------------


def _noun(
    passage: Passage, noun: Token, absorbed: set[int], thread: Thread, heard: list[Voice]
) -> Iterator[Event]:
    if noun.i in absorbed or noun.lower_ == "talk":  # talk of war is no talks
        return
    if any(c.dep_ == "amod" and c.lower_ == "led" for c in kids(noun)):  # "the Russian-led pact" is a body
        return
    for frame in frames("nouns").get(_lemma(noun), ()):
        if noun.dep_ == "compound" and not frame.compound:
            continue
        if not is_kind(frame, noun):
            continue
        light = _light(noun)
        sides = noun_sides(passage, frame, noun, light)
        if not sides.sources and not sides.targets and noun.dep_ == "dobj" and noun.head.lemma_ in CHANGING:
            sides = noun_sides(passage, frame, noun, noun.head)  # "doubled gas supplies to Armenia"
        if not sides.sources and not sides.targets:
            sides = thread.presumed(frame, noun) or sides
        if sides.sources or sides.targets:
            sides = thread.complete(
                passage, frame, noun, sides, _speakers(heard, noun) | _judges(passage, noun)
            )
            light = sides.light if sides.light is not None else light
            event = Event(
                _together(frame, sides),
                noun,
                sides,
                stance(noun, light, of_help=frame.event in HELP),
                *_noun_span(noun, light, sides),
            )
            thread.note(event)
            yield event
            return


def _judges(passage: Passage, noun: Token) -> set[str]:
    """Codes of who condemns or rejects the act: they did not do it."""
    verb = noun.head
    judging = [f for f in frames("verbs").get(verb.lemma_, ()) if f.event in ("ACCUSE", "REJECT")]
    if noun.dep_ != "dobj" or not any(fits(f, verb) for f in judging):
        return set()
    return {p.code for t in doer(verb) for p in passage.parties(t)}


def _lemma(noun: Token) -> str:
    """Lemma of a noun, with what a hyphen ties to it: build-up, cyber-attack."""
    alone = noun.lemma_.lower()
    if noun.i < 2 or noun.nbor(-1).text != "-":
        return alone
    joined = f"{noun.nbor(-2).lower_}-{alone}"
    return joined if joined in frames("nouns") else alone


def _light(noun: Token) -> Token | None:
    """Return the verb that only carries the noun ("held talks"), also through "signs of"."""
    for _ in range(3):
        head = noun.head
        if noun.dep_ == "conj" and head.pos_ in ("NOUN", "PROPN"):
            noun = head
            continue
        if (
            noun.dep_ == "pobj"
            and head.lower_ in ("of", "for")
            and head.head.pos_ == "NOUN"
            and _empty(head.head)
        ):
            noun = head.head
            continue
        break
    head = noun.head
    if noun.dep_ == "pobj":
        above = head.head.head if head.head.pos_ == "ADV" else head.head
        if above.pos_ == "VERB" and {lemma_of(above), above.lemma_} & CARRYING:
            return above
    carried = noun.dep_ in ("dobj", "nsubjpass", "attr") or (noun.dep_ == "pobj" and head.dep_ == "agent")
    if not carried or head.pos_ not in ("VERB", "AUX"):
        return None
    return head if lemma_of(head) in LIGHT or head.lemma_ in LIGHT else None


def _empty(noun: Token) -> bool:
    """Heads that add nothing to what they are signs or rounds of."""
    return noun.lemma_.lower() in words(
        "sign signal hint indication round series package wave form kind offer promise assurance "
        "expression gesture set statement show proposal number pair couple campaign"
    ) or noun.lemma_.lower() in cues("negation", "nouns")


def _noun_span(noun: Token, light: Token | None, sides: Sides) -> tuple[int, int]:
    before = ("poss", "amod", "compound", "det", "nummod")
    left = min((c.left_edge for c in kids(noun) if c.dep_ in before), key=lambda t: t.i, default=noun)
    left = left if left.i < noun.i and noun.i - left.i < 12 else noun
    start = min(left.idx, light.idx) if light is not None and abs(noun.i - light.i) < 15 else left.idx
    end = noun.idx + len(noun.text)
    edge = noun.right_edge
    limit = min(edge.idx + len(edge.text), noun.idx + 120)
    after = [p.end for p in (*sides.targets, *sides.sources) if end < p.end <= limit]
    passive = (
        light.idx + len(light.text)
        if light is not None and light.i > noun.i and light.i - noun.i < 6
        else end
    )
    return start, max([end, passive, *after])
