"""The side a sentence leaves out: "Russia opened its ports" after a sentence about Belarus is for Belarus.

Who the answered request, report or act came from, else who is best supported by what the text has said
(`likely`). An act whose sentence names nobody takes the sides of the last act of its kind. A side filled
here lowers the record's confidence and is marked `coref`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tertius.ledger.extract.lexicon import EVENTS, QUAD, frames, words
from tertius.ledger.extract.likely import Evidence, likeliest
from tertius.ledger.extract.parties import PEOPLE, Party, distinct
from tertius.ledger.extract.sides import Sides
from tertius.ledger.extract.syntax import child, doer, kids, patient

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

    from tertius.ledger.extract.attribution import Voice
    from tertius.ledger.extract.events import Event
    from tertius.ledger.extract.lexicon import Frame
    from tertius.ledger.extract.parties import Passage

# An act that takes up another of the same kind has its sides: a ban that is lifted is the ban imposed before.
_KIND = {"COOPERATE": "AID", "CONCEDE": "SANCTION", "COERCE": "SANCTION", "RETREAT": "MOBILIZE"}
_GOES_ON = words(
    "resume suspend restart halt stop continue cease dry fall rise drop double treble halve extend renew remain "
    "disburse freeze lift arrive deliver begin start grow shrink increase reduce cut cancel postpone delay expire "
    "lapse materialise materialize end last follow stay persist tighten ease relax approve release"
)
_MOVES = words(
    "action move measure step decision order package policy campaign law bill decree designation package round"
)
_SIDED = frozenset(EVENTS) - {"PROTEST"}
_TWO_SIDED = _SIDED - {"CONSULT"}
_NEVER = (
    "coop.build",
    "coop.work",
    "accuse.sue",
    "coop.slide",
    "sanction.target",
    "aid.shelter",
    "assault.attack",
)
# What an answer is an answer to: "denied the report", "accepted the request", "condemned the shipments".
_ANSWERED = {
    "REQUEST": words("request demand proposal offer call appeal plan invitation ultimatum term condition"),
    "ACCUSE": words("report claim allegation accusation complaint criticism charge remark protest"),
    "THREATEN": words("threat warning"),
}


@dataclass(slots=True)
class Thread:
    """What was coded so far: last partners of each party, and who did last what."""

    partners: dict[tuple[str, bool], Counter[str]] = field(default_factory=dict)  # by code and in conflict
    did: defaultdict[bool, Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )  # sources, in conflict or not
    hit: defaultdict[bool, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # and targets
    often: defaultdict[str, Counter[str]] = field(
        default_factory=lambda: defaultdict(Counter)
    )  # doers by type of act
    title: set[str] = field(default_factory=set)  # named in the first paragraph
    met: dict[str, Party] = field(default_factory=dict)  # sides so far, by code
    recent: set[str] = field(default_factory=set)  # named in the last sentence
    doers: dict[str, tuple[Party, ...]] = field(default_factory=dict)
    speakers: tuple[Party, ...] = ()
    pair: tuple[Party, ...] = ()  # who last met, agreed or dealt with each other
    main: tuple[tuple[Party, ...], tuple[Party, ...]] = ((), ())
    named: dict[str, list[Party]] = field(default_factory=dict)  # every mention of a state so far, by code
    acts: dict[str, tuple[tuple[Party, ...], tuple[Party, ...]]] = field(
        default_factory=dict
    )  # last sides by kind

    def complete(
        self, passage: Passage, frame: Frame, trigger: Token, sides: Sides, quoted: set[str]
    ) -> Sides:
        """Fill one missing side; `quoted` are the speakers of the clause, who are no side of it."""
        if bool(sides.sources) == bool(sides.targets) or not _lacks_side(frame, sides):
            return sides
        if self._opposed(sides):
            return replace(sides, targets=sides.sources, sure=0.55)
        if not sides.sources:
            moves = any(t.lemma_ in _MOVES for t in doer(trigger))
            found = self._movers(quoted) if moves else ()
            if not moves and _may_lack_doer(frame, trigger):
                found = self._likeliest(passage, frame, trigger, sides, quoted)
            return _filled(sides, sources=found)
        found = self._answered(frame, trigger)
        if not {p.code for p in found} - {p.code for p in sides.sources}:
            found = self._likeliest(passage, frame, trigger, sides, quoted)
        return _filled(sides, targets=found)

    def _likeliest(
        self, passage: Passage, frame: Frame, trigger: Token, sides: Sides, quoted: set[str]
    ) -> tuple[Party, ...]:
        hostile = QUAD[frame.event] > 2
        roles = (self.hit if sides.sources else self.did)[hostile]
        evidence = Evidence(self.named, self.recent, self.partners, roles, self.met, self.title)
        return likeliest(evidence, passage, trigger, sides.sources or sides.targets, quoted, hostile=hostile)

    def _opposed(self, sides: Sides) -> bool:
        """As in "neither army sent reinforcements": two who have dealt with each other do it to each other."""
        codes = {p.code for p in sides.sources}
        if sides.targets or len(codes) != 2:
            return False
        one, other = sorted(codes)
        return any(other in self.partners.get((one, kind), ()) for kind in (True, False))

    def _movers(self, quoted: set[str]) -> tuple[Party, ...]:
        """Whose "the move", "the measures" are: theirs who speak of it, else theirs who acted last."""
        return tuple(self.named[code][-1] for code in sorted(quoted) if code in self.named) or self.main[0]

    def presumed(self, frame: Frame, trigger: Token) -> Sides | None:
        """Sides of an act that its sentence leaves to nobody: those of the last act of its kind, else the last pair."""
        if frame.needs == "both" or frame.event not in _SIDED or frame.id.startswith(_NEVER):
            return None
        if not (_is_news(trigger) if frame.noun else _has_no_doer(trigger)):
            return None
        if frame.event in ("CONSULT", "AGREE"):
            known = (self.pair, self.pair) if len(self.pair) > 1 else None
        else:
            known = self.acts.get(_KIND.get(frame.event, frame.event)) or (
                self.main if all(self.main) else None
            )
        return Sides(tuple(map(_guess, known[0])), tuple(map(_guess, known[1])), 0.4) if known else None

    def note(self, event: Event) -> None:
        """Remember an event's sides."""
        sources, targets = event.sides.sources, event.sides.targets
        if sources and targets and event.sides.sure >= 0.7:
            self.acts[_KIND.get(event.frame.event, event.frame.event)] = (sources, targets)
        if sources:
            self.doers[event.frame.event] = sources
            self.often[event.frame.event].update(p.code for p in sources)
        if event.sides.sure < 0.8:
            return  # a guess must not breed further guesses
        together = distinct((*sources, *targets))
        if sources and targets and len(together) > 1 and QUAD[event.frame.event] < 3:
            apart = len(targets) > 1 and not {p.code for p in sources} & {p.code for p in targets}
            self.pair = targets if apart else tuple(together[:3])  # a host is no side of the talks
        if sources and targets and event.frame.event != "CONSULT":
            for one, other in ((sources, targets), (targets, sources)):
                for party in one:
                    kind = (party.code, QUAD[event.frame.event] > 2)
                    self.partners.setdefault(kind, Counter()).update(
                        p.code for p in other if p.code != party.code
                    )
            self.did[QUAD[event.frame.event] > 2].update(p.code for p in sources)
            self.hit[QUAD[event.frame.event] > 2].update(p.code for p in targets)
            for party in together:
                self.met[party.code] = party
            self.main = (sources, targets)

    def heard(self, passage: Passage, sentence: Span, voices: list[Voice]) -> None:
        """Remember whose words a sentence gave, and whom it named."""
        here = {(p.start, p.code): p for token in sentence for p in passage.named(token) if len(p.code) == 3}
        meant = {p.code for t in sentence for p in passage.coref.get(t.i, ()) if len(p.code) == 3}
        self.recent = {p.code for p in here.values()} | meant
        if passage.paragraph.start == 0:
            self.title |= {p.code for p in here.values()}
        for party in here.values():
            self.named.setdefault(party.code, []).append(party)
        said = [v for v in voices if sentence.start <= v.first < sentence.end and v.sources[-1].code]
        if said:
            code = said[-1].sources[-1].code
            named = [p for token in sentence for p in passage.own(token) if p.code == code]
            self.speakers = tuple(distinct(named))

    def _answered(self, frame: Frame, trigger: Token) -> tuple[Party, ...]:
        things = {t.lemma_.lower() for t in patient(trigger)}
        if frame.event not in ("REJECT", "ACCUSE", "CONCEDE", "SUPPORT", "AGREE"):
            return ()
        if things & _ANSWERED["ACCUSE"] and self.speakers and frame.event == "REJECT":
            return self.doers.get("ACCUSE") or self.speakers if "report" not in things else self.speakers
        for code, nouns in _ANSWERED.items():
            if things & nouns and code in self.doers:
                return self.doers[code]
        if frame.event not in ("REJECT", "ACCUSE"):
            return ()
        for thing in things:
            for noun in frames("nouns").get(thing, ()):
                most = self.often[noun.event].most_common(1)
                if most and most[0][0] in self.met:
                    return (self.met[most[0][0]],)
        return ()


def _is_news(noun: Token) -> bool:
    """Whether something is said of an act itself: that it took place, stopped, exists, or when and how large it was."""
    verb = noun.head
    if any(c.dep_ == "poss" for c in kids(noun)):
        return False
    if noun.dep_ in ("nsubj", "nsubjpass") and verb.pos_ in ("VERB", "AUX"):
        return verb.lemma_ in _GOES_ON or noun.dep_ == "nsubjpass"
    if noun.dep_ == "attr":
        return any(c.dep_ == "expl" for c in kids(verb))
    return any(c.dep_ in ("acl", "relcl") and c.tag_ in ("VBN", "VBD", "VBZ", "VBP") for c in kids(noun))


def _has_no_doer(verb: Token) -> bool:
    """Whether nobody is said to do it: a passive without agent, or an infinitive that hangs on nobody."""
    return not doer(verb) and (child(verb, "nsubjpass") is not None or verb.dep_ != "ROOT")


def _may_lack_doer(frame: Frame, trigger: Token) -> bool:
    """Whether a doer can be understood: someone the text does not place ("the Team", "they"), or nobody.

    Never where the subject is a thing; nobody does not speak, yield or move troops.
    """
    subject = [] if frame.noun or frame.source != ("nsubj",) else doer(trigger)
    if subject:
        return all(t.pos_ in ("PROPN", "PRON") or t.lemma_.lower() in PEOPLE for t in subject)
    return frame.event not in ("REQUEST", "ACCUSE", "REJECT", "THREATEN", "CONCEDE", "RETREAT", "MOBILIZE")


def _lacks_side(frame: Frame, sides: Sides) -> bool:
    """Whether the frame is of a kind that has two sides, one of which a sentence may leave out."""
    if frame.id.startswith(_NEVER) or sides.unnamed:
        return False
    return frame.event in _TWO_SIDED or (
        frame.event == "CONSULT" and frame.symmetric and (frame.noun or not sides.sources)
    )


def _filled(sides: Sides, sources: tuple[Party, ...] = (), targets: tuple[Party, ...] = ()) -> Sides:
    """Sides with guesses for the one that was missing, as far as they are not on the other."""
    there = {p.code for p in (*sides.sources, *sides.targets)}
    sources, targets = (
        tuple(_guess(p) for p in found if p.code not in there) for found in (sources, targets)
    )
    if not sources and not targets:
        return sides
    return replace(sides, sources=sides.sources or sources, targets=sides.targets or targets, sure=0.55)


def _guess(party: Party) -> Party:
    return replace(party, how="coref")
