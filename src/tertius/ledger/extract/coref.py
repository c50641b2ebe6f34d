"""Who "it", "both countries", "the island" and "the ministry" are.

Light by design. Singular pronouns: the subject of their own clause for "its", else of the sentence or the last one.
Plural ones and counted groups: the last set of that size, without the one who acts upon them. Persons: the office
holder named last. Descriptions: the last state that they fit, body or bloc. Every such party is marked `coref`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING

from tertius.ledger.extract.lexicon import cues, read, words
from tertius.ledger.extract.parties import PEOPLE, Party, distinct
from tertius.ledger.extract.people import OFFICE, People
from tertius.ledger.extract.syntax import child, doer, kids

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

    from tertius.ledger.extract.parties import Passage

_PLURAL_HEADS = words(
    "country side nation state government leader minister party neighbour neighbor capital ally president "
    "official diplomat foe rival power army ministry"
)
_STATE_HEADS = words("country nation island republic kingdom emirate sheikhdom")
_BODY_HEADS = words(
    "government ministry regime administration leadership military junta army refiner company bank firm"
)
_FIRM_HEADS = words("refiner company bank firm operator producer carrier airline shipper")
_BLOC_HEADS = words("bloc alliance union grouping organisation organization club")
_TWO_WAY = frozenset(("bilateral", "mutual", "two-way"))
_ONE_WAY = words("aid assistance help support debt loan donor creditor")
_NOMINAL = frozenset(("NOUN", "PROPN"))
_REFERRING = frozenset(("NOUN", "PROPN", "PRON", "DET", "ADJ", "NUM"))
_THIRD_SINGULAR = {"it", "its", "itself"}
_PERSON = {"he", "she", "his", "her", "him"}
_OFFICE = OFFICE | {"head"}  # of state, of government
_COUNTS = {"two": 2, "both": 2, "neither": 2, "three": 3, "four": 4, "five": 5, "pair": 2, "trio": 3}
_THIRD_PLURAL = {"they", "their", "them", "themselves", "both", "neither", "each"}


@cache
def described() -> dict[str, frozenset[str]]:
    """Codes of the states that a description fits, by its head: island, kingdom ..."""
    return {head: words(codes) for head, codes in read("described").items()}


@dataclass(slots=True)
class Memory:
    """What the text has talked about so far."""

    recent: list[Party] = field(default_factory=list)  # most recent last
    subjects: list[Party] = field(default_factory=list)  # of the last sentence that had any
    named: dict[str, Party] = field(default_factory=dict)  # every state named, most recent last
    times: Counter[str] = field(default_factory=Counter)  # how often each was named
    groups: list[list[Party]] = field(default_factory=list)  # two or more named together, the last ones last
    clauses: list[list[Party]] = field(default_factory=list)  # subjects so far in this sentence
    here: list[Party] = field(default_factory=list)  # named so far in this sentence
    person: list[Party] = field(default_factory=list)  # whose office holder was named last
    before: list[Party] = field(default_factory=list)  # whose office holders were named before that
    home: list[Party] = field(default_factory=list)  # whose government or ministry was named first
    leaders: Counter[str] = field(default_factory=Counter)  # how often office holders were named, by state
    people: People = field(default_factory=People)
    bodies: dict[str, list[Party]] = field(default_factory=dict)  # whose "government", "junta" ... was named

    def read(self, passage: Passage) -> None:
        """Resolve the references of a passage, sentence by sentence."""
        for sentence in passage.doc.sents:
            self._sentence(passage, sentence)
        passage.home = list(self.home)

    def _sentence(self, passage: Passage, sentence: Span) -> None:
        subjects: list[Party] = []
        self.clauses, self.here = [], []
        for token in sentence:
            met = self.people.meet(passage, token, partial(self._whose, passage, token, subjects))
            self.person = list(met) or self.person
            found = self._resolve(passage, token, subjects)
            if found:
                passage.coref[token.i] = tuple(_referring(p, token) for p in found)
            self._body(passage, token)
            self._holder(passage, token)
            self._name(token, passage.named(token))
            if token.dep_ in ("nsubj", "nsubjpass") and (not subjects or not _in_condition(token)):
                subjects = passage.parties(token) or _owners(passage, token) or subjects
                self.clauses.append(subjects)
        self.subjects = subjects or self.subjects
        states = distinct(p for p in (*subjects, *self.here) if _is_state(p))
        together = subjects if len(subjects) > 1 else states
        if len(together) > 1:
            self.groups.append(together)
        del self.recent[:-12], self.groups[:-6]

    def _name(self, token: Token, named: list[Party]) -> None:
        """Remember who is named; "US sanctions" does not make the US the country that one speaks of."""
        aside = token.dep_ in ("amod", "compound", "nmod")
        self.here += named
        self.times.update(p.code for p in named)
        for party in filter(_is_state, named):
            if not aside or party.code not in self.named:
                self.named.pop(party.code, None)
                self.named[party.code] = party
        self.recent += [p for p in named if p.code not in [r.code for r in self.recent[-1:]]]

    @property
    def group(self) -> list[Party]:
        """The last two or more that were named together."""
        return self.groups[-1] if self.groups else []

    def _whose(self, passage: Passage, token: Token, subjects: list[Party]) -> list[Party]:
        """Whose office holders a sentence speaks of; what is done to one is done to the other side's."""
        chain = [token, *token.ancestors]
        top = next((t for t in chain if t.head.pos_ in ("VERB", "AUX") or t.head.i == t.i), token)
        taken = {p.code for p in subjects}
        here = [p for p in reversed(self.here) if _is_state(p)]
        if top.dep_ not in ("nsubj", "nsubjpass", "ROOT"):
            named = (*here, *reversed(self.named.values()))
            return [p for p in named if p.code not in taken][:1] or subjects[:1]
        told = child(top.head, "ccomp")
        own = [
            p for t in (doer(told) if told is not None else ()) for p in passage.parties(t) if _is_state(p)
        ]
        return own[:1] or subjects[:1] or here[:1] or self.subjects[:1] or self.home

    def _holder(self, passage: Passage, token: Token) -> None:
        if token.pos_ not in _NOMINAL:
            return
        leads = any(m.name.kind == "leader" for m in passage.names.get(token.i, ()))
        if leads or token.lemma_.lower() in _OFFICE:
            said = passage.named(token) or passage.modifiers(token)  # by name, not by an earlier guess
            self.before = [*self.before[-3:], *self.person] if said else self.before
            self.person = said[:1] or self.person
            self.leaders.update(p.code for p in said[:1] if leads)

    def _body(self, passage: Passage, token: Token) -> None:
        lemma = token.lemma_.lower()
        if lemma in _BODY_HEADS and token.pos_ in _NOMINAL:
            owners = [p for p in passage.modifiers(token) if _is_state(p)]
            if len(owners) == 1:
                self.bodies[lemma] = owners
                self.home = self.home or owners

    def _resolve(  # noqa: C901, PLR0911  one line per kind of reference
        self, passage: Passage, token: Token, subjects: list[Party]
    ) -> list[Party]:
        if token.pos_ not in _REFERRING or passage.named(token):
            return []
        person = self.people.named(token)
        if person is not None:
            self.person = [person]
            return [person]
        low = token.lower_
        if low in _THIRD_SINGULAR:
            if _expletive(token):
                return []
            return (
                _object_before(passage, token)
                or _own_subject(passage, token)
                or _agent_before(passage, token, subjects)
                or self._not_itself(passage, token)
                or self._one(subjects)
            )
        if low in _PERSON:
            return self._person(passage, token)
        if low in _THIRD_PLURAL or _is_plural_reference(token):
            return self._many(subjects, token)
        if low == "other" and _is_definite(token) and token.dep_ in ("poss", "pobj", "dobj"):
            return [p for p in self.group if p.code not in {s.code for s in subjects}] or list(self.group)
        if low in ("counterpart", "counterparts") and not passage.modifiers(token):
            return [p for p in self.group if p.code not in {s.code for s in subjects}]
        if token.lemma_ not in _ONE_WAY and any(c.lower_ in _TWO_WAY for c in kids(token)):
            return list(self.group) if not passage.modifiers(token) else []
        if _is_common(token) and _is_definite(token) and not passage.modifiers(token):
            return self._described(passage, token, subjects)
        return []

    def _person(self, passage: Passage, token: Token) -> list[Party]:
        """Whose "he" is: the office holder named last; at the start of a paragraph, the one the text is about."""
        first = token.sent.start == 0 and not any(passage.named(t) for t in token.sent if t.i < token.i)
        if first and self.leaders and max(self.leaders.values()) > 1:
            code = self.leaders.most_common(1)[0][0]
            return [self.named[code]] if code in self.named else self.person
        named = {p.start for p in self._beside(passage, token)}
        if self.person and self.person[0].start in named:  # "To Putin he sent": not the one to whom
            return [p for p in self.before if p.code != self.person[0].code][-1:] or self.home
        return self.person or self.home

    def _beside(self, passage: Passage, token: Token) -> list[Party]:
        """Who is named in the phrases that hang on the verb a pronoun is the subject of."""
        if token.dep_ not in ("nsubj", "nsubjpass"):
            return []
        spots = [o for c in kids(token.head) if c.i < token.i and c.dep_ == "prep" for o in kids(c)]
        return [p for o in spots for p in passage.named(o)]

    def _not_itself(self, passage: Passage, token: Token) -> list[Party]:
        """Who "it" is as the object of another's act, "the credit that India extended to it": a subject before."""
        verb = next((a for a in token.ancestors if a.pos_ in ("VERB", "AUX")), None)
        if verb is None or token.dep_ not in ("dobj", "pobj", "dative"):
            return []
        own = {p.code for c in kids(verb) if c.dep_ in ("nsubj", "nsubjpass") for p in passage.parties(c)}
        before = [p for pool in (self.subjects, *self.clauses) for p in pool if p.code not in own]
        return before[-1:] if own else []

    def _one(self, subjects: list[Party]) -> list[Party]:
        for pool in (subjects, self.subjects, self.recent[-1:]):
            if len(pool) == 1:
                return list(pool)
        return self.recent[-1:]

    def _many(self, subjects: list[Party], token: Token) -> list[Party]:
        """Who "they", "both sides", "the three governments" are; those acted upon are not the actor."""
        wanted = next((n for c in (*kids(token), token) if (n := _COUNTS.get(c.lower_))), 0)
        acted_on = token.dep_ not in ("nsubj", "nsubjpass", "poss")
        taken = {p.code for p in subjects} if acted_on and wanted and len(subjects) == 1 else set()
        groups = (
            sorted(self.groups, key=lambda g: -sum(self.times[p.code] for p in g))
            if taken
            else self.groups[::-1]
        )
        for pool in (subjects, self.subjects, *groups):
            if len(pool) > 1 and (not wanted or len(pool) == wanted) and not taken & {p.code for p in pool}:
                return list(pool)
        if not wanted and token.lower_ in _THIRD_PLURAL:
            return subjects or self.subjects
        here = distinct(p for p in self.here if _is_state(p) and p.code not in taken)
        named = [p for p in reversed(self.named.values()) if p.code not in taken]
        return (
            here
            if len(here) == wanted
            else named[: wanted or 2]
            if len(named) > 1
            else subjects or self.subjects
        )

    def _of_kind(self, token: Token, taken: set[str]) -> list[Party]:
        """Who "the island" or "the kingdom" is: the last state named that is one; of several, not the subject."""
        kinds = (f"{c.lower_}-{token.lemma_.lower()}" for c in kids(token) if c.dep_ in ("amod", "compound"))
        key = next((k for k in kinds if k in described()), token.lemma_.lower())
        fitting = described().get(key)
        named = [p for p in reversed(self.named.values()) if fitting is None or p.code in fitting]
        return ([p for p in named if p.code not in taken] or (named if fitting is not None else []))[:1]

    def _topic(self) -> list[Party]:
        """The state named most often so far."""
        most = [code for code, _ in self.times.most_common() if code in self.named]
        return [self.named[most[0]]] if most else []

    def _officer(self, token: Token, subjects: list[Party]) -> list[Party]:
        """Whose "the minister" is; as the object of another's act, the other side's."""
        own = self.person or self.home
        taken = {p.code for p in subjects}
        if token.dep_ in ("dobj", "pobj") and {p.code for p in own} & taken:
            return [p for p in reversed(self.recent) if _is_state(p) and p.code not in taken][:1]
        return own

    def _described(  # noqa: PLR0911  one line per kind of head
        self, passage: Passage, token: Token, subjects: list[Party]
    ) -> list[Party]:
        lemma = token.lemma_.lower()
        if lemma in _OFFICE:
            return self._officer(token, subjects)
        if lemma in _BLOC_HEADS:
            return [p for p in reversed(self.recent) if not _is_state(p)][:1]
        if lemma in described() or lemma in _STATE_HEADS:
            return self._of_kind(token, {p.code for p in subjects})
        if lemma in _FIRM_HEADS:
            return [p for p in reversed(self.recent) if p.sector == "COM"][:1]
        if lemma in _BODY_HEADS and token.dep_ in ("nsubj", "nsubjpass", "poss", "dobj", "pobj"):
            seat = _seat(passage, token)
            if seat:
                return seat
            last = [p for p in (self.subjects or self.recent[-1:]) if _is_state(p)][:1]
            if token.pos_ == "PROPN":  # "The Foreign Ministry" without a country is that of the text's own
                last = self.home or self._topic() or last
            return self.bodies.get(lemma) or last or self.home
        return []


def _is_common(token: Token) -> bool:
    """Whether a noun describes rather than names; "the Minister" and "the Government" do, whatever their case."""
    lemma = token.lemma_.lower()
    titled = token.pos_ == "PROPN" and (lemma in _OFFICE | _BODY_HEADS or lemma in described())
    return token.pos_ == "NOUN" or titled


def _in_condition(subject: Token) -> bool:
    """Whether a subject stands in "if the regime falls", which "it" afterwards seldom takes up."""
    verb = subject.head
    return verb.dep_ == "advcl" and any(c.dep_ == "mark" for c in kids(verb))


def _owners(passage: Passage, token: Token) -> list[Party]:
    """Whose: "Iran's judges"; and of what nation: "Georgian judges"."""
    marks = [c for c in kids(token) if c.dep_ in ("poss", "amod")]
    return distinct(p for c in marks for p in passage.parties(c))


def _object_before(passage: Passage, token: Token) -> list[Party]:
    """As in "presses Iran for its crackdown": "its" is of the one who is pressed."""
    head = token.head
    if token.lower_ != "its" or head.dep_ != "pobj" or head.head.lower_ not in ("for", "over"):
        return []
    for before in reversed([t for t in token.sent if head.head.i - 6 < t.i < head.head.i]):
        if before.dep_ in ("dobj", "pobj") and passage.named(before):
            return passage.named(before)
    return []


def _own_subject(passage: Passage, token: Token) -> list[Party]:
    """As in "because Peru dropped its supplies": the subject of its own clause, where that names a state."""
    if token.lower_ not in ("its", "their"):
        return []
    verb = next((a for a in token.ancestors if a.pos_ in ("VERB", "AUX")), None)
    subjects = (
        [c for c in kids(verb) if c.dep_ in ("nsubj", "nsubjpass") and c.i < token.i]
        if verb is not None
        else []
    )
    return [p for c in subjects[-1:] if token not in c.subtree for p in passage.parties(c)]


def _agent_before(passage: Passage, token: Token, subjects: list[Party]) -> list[Party]:
    """As in "sanctions launched by Peru after it left the pact": who did it, where the subject is no party."""
    if subjects or token.dep_ not in ("nsubj", "nsubjpass"):
        return []
    by = [
        t
        for t in token.sent
        if t.i < token.i and t.dep_ == "pobj" and t.head.lower_ == "by" and passage.named(t)
    ]
    return passage.named(by[-1])[:1] if by else []


def _seat(passage: Passage, token: Token) -> list[Party]:
    """As in "In Bamako, the military government accused"."""
    start = token.sent[0]
    if start.lower_ != "in" or token.i - start.i > 7:
        return []
    return [p for o in kids(start) if o.dep_ == "pobj" and o.i < token.i for p in passage.named(o)][:1]


def _referring(party: Party, token: Token) -> Party:
    return Party(party.code, token.text, token.idx, token.idx + len(token.text), party.sector, "coref")


def _is_state(party: Party) -> bool:
    return len(party.code) == 3


def _expletive(token: Token) -> bool:
    learned = token.dep_ == "nsubjpass" and token.head.lemma_ in cues("speech", "learned")
    return token.dep_ == "expl" or (learned and any(c.dep_ == "ccomp" for c in kids(token.head)))


def _is_definite(token: Token) -> bool:
    return any(c.dep_ == "det" and c.lower_ in ("the", "this", "that") for c in kids(token))


def _is_plural_reference(token: Token) -> bool:
    """As in "both sides", "the two countries", "the ministers", "the three juntas", "the two have signed"."""
    marks = {c.lower_ for c in kids(token) if c.dep_ in ("det", "nummod", "predet", "amod")}
    if token.lower_ in _COUNTS:
        return "the" in marks and token.dep_ in ("nsubj", "nsubjpass", "pobj", "dobj")
    if any(c.lower_ in ("each", "either", "neither") for c in kids(token) if c.dep_ == "det"):
        return token.lemma_.lower() in _PLURAL_HEADS
    heads = _PLURAL_HEADS | PEOPLE if marks & set(_COUNTS) else _PLURAL_HEADS
    if token.lemma_.lower() not in heads or token.tag_ not in ("NNS", "NNPS"):
        return False
    return bool(marks & {"the", "these", "both", *_COUNTS}) and not marks - {"the", "these", *_COUNTS}
