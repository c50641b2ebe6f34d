"""From an event or a tie to a claim: what the frame implies, what the sentence adds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tertius.ledger.extract.attribution import chain
from tertius.ledger.extract.lexicon import HELP, QUAD, words
from tertius.ledger.extract.syntax import clause, kids, patient
from tertius.ledger.record import Actor, Assertion, Claim, Extent, Span, Support

if TYPE_CHECKING:
    from spacy.tokens import Token

    from tertius.ledger.extract.attribution import Voice
    from tertius.ledger.extract.dates import DateMention
    from tertius.ledger.extract.events import Event
    from tertius.ledger.extract.lexicon import Frame
    from tertius.ledger.extract.parties import Party, Passage
    from tertius.ledger.extract.protocol import Article
    from tertius.ledger.extract.quantities import Amount
    from tertius.ledger.extract.stance import Stance
    from tertius.ledger.extract.ties import Tie
    from tertius.ledger.record import EventDate, Quantity, Source

_PRESSURE = frozenset({"SANCTION", "COERCE", "ASSAULT", "THREATEN", "ACCUSE"})
_ANNOUNCING = words("announce unveil declare propose prepare consider")
_GENERAL = words(
    "support back help assist aid assistance backing guarantee"
)  # words or deeds, the text leaves it open
_ARMS = words(
    "weapon arm arms ammunition munition shell missile drone rocket tank military defence defense drill "
    "exercise"
)


def from_event(article: Article, passage: Passage, event: Event, heard: list[Voice]) -> Claim:
    """Claim of an event."""
    sources, expert = chain(heard, event.trigger)
    frame, mood = event.frame, event.stance
    amounts = _amounts(passage, event)
    modality = _modality(frame, mood, sources, event.trigger.lemma_, expert=expert)
    return Claim(
        **_place(article, passage, event.start, event.end, event.trigger),
        type=_type(event, amounts, modality),
        actors=_actors(_sanctioners(frame, event.sides.sources)),
        recipients=_actors(event.sides.targets),
        event=frame.event,
        event_alt=_alternatives(event),
        plover_mode=frame.mode,
        quad=_quad(frame),
        verbal_material="material" if frame.material else "verbal",
        modality=modality,
        negated=mood.negated,
        degree=mood.degree,
        aspect=_aspect(event.trigger),
        date=_date(passage, event.trigger),
        quantities=amounts,
        attribution=sources,
        support=_support(event),
        stage=_stage(frame, mood, modality),
        channel=_channel(event),
        supporter=_one(event.sides.sources) if frame.event in HELP else "",
        target=_one(event.sides.targets) if frame.event in HELP else "",
        rule=frame.id + (f"+{mood.governor}" if mood.governor not in ("", "none") else ""),
        confidence=_confidence(event),
    )


def from_tie(article: Article, passage: Passage, tie: Tie, heard: list[Voice]) -> Claim:
    """Claim about a tie."""
    sources, expert = chain(heard, tie.token)
    modality: Any = {"": "evaluation", "will": "forecast", "would": "hypothetical"}.get(
        tie.stance.modality, tie.stance.modality
    )
    return Claim(
        **_place(article, passage, tie.start, tie.end, tie.token),
        type="claim",
        actors=_actors(tie.parties[:1] if not tie.others else tie.parties),
        recipients=_actors(tie.others or tie.parties[1:]),
        modality=modality,
        negated=tie.stance.negated,
        degree=tie.stance.degree,
        aspect=_aspect_of(tie),
        date=_date(passage, tie.token),
        attribution=sources,
        claim=Assertion(predicate=tie.predicate, value=tie.value),
        event="COOPERATE" if tie.flow else "",
        quad=2 if tie.flow else None,
        verbal_material="material" if tie.flow else "",
        support=_tie_support(tie),
        key=tie.predicate,
        rule=f"tie.{tie.predicate}",
        confidence=0.6 if expert or sources else 0.5,
    )


def _aspect_of(tie: Tie) -> Any:
    return tie.value if tie.value in ("durable", "episodic") else ""


def _tie_support(tie: Tie) -> Support | None:
    if not tie.flow:
        return None
    polarity: Any = "no_support" if tie.stance.negated else "support"
    return Support(
        **{"from": _one(tie.parties[:1])},
        to=tuple(p.code for p in tie.others),
        polarity=polarity,
        kind="material",
    )


def _place(article: Article, passage: Passage, start: int, end: int, token: Token) -> dict[str, Any]:
    base = passage.paragraph.start
    sentence = token.sent
    return {
        "doc": article.doc,
        "span": Span(start=base + start, end=base + end, text=article.text[base + start : base + end]),
        "sentence": Extent(start=base + sentence.start_char, end=base + sentence.end_char),
    }


def _actors(parties: tuple[Party, ...]) -> tuple[Actor, ...]:
    return tuple(Actor(text=p.text, code=p.code, sector=p.sector, how=p.how) for p in parties)


def _quad(frame: Frame) -> Any:
    return QUAD[frame.event]


def _sanctioners(frame: Frame, parties: tuple[Party, ...]) -> tuple[Party, ...]:
    """As in "European sanctions" are the EU's."""
    if frame.event != "SANCTION":
        return parties
    return tuple(replace(p, code="IGO:EU") if p.code == "GRP:EUROPE" else p for p in parties)


def _one(parties: tuple[Party, ...]) -> str:
    return parties[0].code if len(parties) == 1 else ""


def _type(event: Event, amounts: tuple[Quantity, ...], modality: str) -> Any:
    """Return a flow with a share or a volume is a statistic; words wished or hoped are a statement."""
    flow = event.frame.event in ("COOPERATE", "AID") and event.frame.stage == "delivered"
    if flow and any(q.unit in ("%", "bbl/d", "USD") or q.per for q in amounts):
        return "statistic"
    return "claim" if modality in ("evaluation", "forecast") else "event"


def _alternatives(event: Event) -> tuple[str, ...]:
    """Return other types a careful coder could give: help in general may be words or deeds."""
    code = event.frame.event
    near = {
        "AID": ("COOPERATE", "SUPPORT") if event.trigger.lemma_ in _GENERAL else ("COOPERATE",),
        "SUPPORT": ("AID",) if event.trigger.lemma_ in _GENERAL else (),
        "COOPERATE": ("AID",) if event.frame.channel == "aid" else (),
        "SANCTION": ("COERCE",),
        "COERCE": ("SANCTION",)
        if event.frame.id.startswith(("n.coerce.pressure", "coerce.r"))
        else ("ASSAULT",),
        "ACCUSE": ("REJECT",),
    }.get(code, ())
    if event.inner is not None:
        near = (*near, event.inner.frame.event, *event.inner.frame.alt)
    elif event.frame.event in ("AID", "COOPERATE") and event.stance.modality in (
        "pledge",
        "announcement",
        "will",
    ):
        near = (*near, "AGREE")
    return tuple(x for x in dict.fromkeys((*event.frame.alt, *near)) if x != code)


def _modality(frame: Frame, mood: Stance, sources: tuple[Source, ...], lemma: str, *, expert: bool) -> Any:
    if mood.modality == "threat" and QUAD[frame.event] < 3:
        return "pledge"  # one vows to help as one vows to strike
    if mood.modality and mood.modality not in ("will", "would"):
        return mood.modality
    if lemma in _ANNOUNCING:
        return "announcement"
    if mood.modality == "will" or (mood.modality == "would" and sources):  # "said they would"
        return "forecast" if expert else "announcement"
    fallback = "hypothetical" if mood.modality == "would" else frame.modality
    return fallback or ("assertion" if sources else "act")


def _aspect(trigger: Token) -> Any:
    marks = {c.lower_ for c in kids(trigger) if c.dep_ == "advmod"}
    if marks & {"long", "always", "traditionally"}:
        return "durable"
    return "ongoing" if trigger.tag_ == "VBG" and any(c.lemma_ == "be" for c in kids(trigger)) else ""


def _support(event: Event) -> Support | None:
    """Direction and polarity of help; denied or weak help is never `support`."""
    code = event.frame.event
    kind = "material" if event.frame.material else "verbal"
    polarity: Any
    if code == "REJECT" and event.inner is not None and event.inner.frame.event in HELP:
        polarity, kind = "no_support", "material" if event.inner.frame.material else "verbal"
    elif code in HELP:
        polarity = "no_support" if event.stance.negated else _strength(event.stance)
    elif code in _PRESSURE and not event.stance.negated:
        polarity = "pressure"
    else:
        return None
    givers, takers = event.sides.sources, event.sides.targets
    return Support(
        **{"from": _one(givers[:1])}, to=tuple(p.code for p in takers), polarity=polarity, kind=kind
    )


def _strength(mood: Stance) -> Any:
    """Help that is called limited is neither help nor its denial."""
    return "mixed" if mood.degree in ("limited", "little", "few") else "support"


def _stage(frame: Frame, mood: Stance, modality: str) -> Any:
    if frame.event not in HELP | {"AGREE"}:
        return None
    if mood.negated:
        return "denied"
    if mood.governor in ("suspend", "cancel"):
        return "suspended"
    if modality in ("announcement", "pledge"):
        return "announced"
    if modality in ("hypothetical", "forecast", "open_question"):
        return "discussed"
    return frame.stage or None


def _channel(event: Event) -> Any:
    frame = event.frame
    if frame.event not in HELP:
        return None
    things = {t.lemma_.lower() for p in patient(event.trigger) for t in p.subtree}
    things |= {t.lemma_.lower() for t in event.trigger.subtree} if frame.noun else set()
    if frame.material and things & _ARMS:
        return "security"
    if not frame.material:
        return "verbal"
    return frame.channel or None


def _confidence(event: Event) -> float:
    score = 0.85 * event.sides.sure
    if not event.sides.sources or not event.sides.targets:
        score -= 0.25
    parties = (*event.sides.sources, *event.sides.targets)
    score -= 0.1 * any(p.how == "coref" for p in parties)
    return round(max(score - 0.05 * event.frame.noun, 0.1), 3)


# --- when and how much ------------------------------------------------------------


def _date(passage: Passage, trigger: Token) -> EventDate | None:
    """Date expression nearest to the trigger in the tree, within the sentence."""
    sentence = trigger.sent
    first, last = sentence.start_char, sentence.end_char
    inside = [d for d in passage.dates if first <= d.start < last]
    ranked = sorted((_distance(passage, trigger, d), abs(d.start - trigger.idx), d.start, d) for d in inside)
    return ranked[0][3].as_record() if ranked and ranked[0][0] < 14 else None


def _distance(passage: Passage, trigger: Token, when: DateMention) -> int:
    """Return steps in the tree from the trigger to the date; one in another clause is far."""
    span = passage.doc.char_span(when.start, when.end, alignment_mode="expand")
    if span is None:
        return 99
    path = [span.root, *span.root.ancestors]
    for steps, token in enumerate(path):
        if token.i == trigger.i:
            return steps + 4 * len([t for t in path[:steps] if t.pos_ in ("VERB", "AUX")])
    above = [trigger, *trigger.ancestors]
    places = {t.i: n for n, t in enumerate(path)}
    for up, token in enumerate(above):
        if token.i in places:
            down = [t for t in path[: places[token.i]] if t.pos_ in ("VERB", "AUX")]
            return places[token.i] + up + 2 * _crossings(above[:up]) + 2 * _crossings(down)
    return 99


def _crossings(tokens: list[Token]) -> int:
    """Clause borders on a way up: a date of the main clause seldom dates a clause it reports."""
    apart = sum(t.dep_ == "conj" and any(c.dep_ in ("nsubj", "nsubjpass") for c in kids(t)) for t in tokens)
    return 2 * apart + sum(
        t.dep_ in ("ccomp", "advcl", "relcl", "conj") and t.pos_ in ("VERB", "AUX") for t in tokens
    )


def _amounts(passage: Passage, event: Event) -> tuple[Quantity, ...]:
    """Amounts in the event's own clause: in its object, subject or prepositions."""
    home = {t.i for t in clause(event.trigger)}
    if event.frame.noun and event.sides.light is not None:
        home |= {t.i for t in clause(event.sides.light)}
    for thing in patient(event.trigger):
        home |= {t.i for t in thing.subtree} if thing.i > event.trigger.i else set()
    found = []
    for amount in passage.amounts:
        token = _token_at(passage, amount)
        if token is not None and token.i in home:
            found.append(amount.as_record(_measure(token)))
    return tuple(found)


def _token_at(passage: Passage, amount: Amount) -> Token | None:
    span = passage.doc.char_span(amount.start, amount.end, alignment_mode="expand")
    return span.root if span is not None else None


def _measure(token: Token) -> str:
    """Return what the amount counts: "oil exports" in "90% of Iran's oil exports"."""
    noun = token if token.pos_ == "NOUN" and token.ent_type_ == "" else token.head
    for c in kids(token):
        if c.dep_ == "prep" and c.lower_ in ("of", "worth"):
            noun = next((p for p in kids(c) if p.dep_ == "pobj"), noun)
    names = [c.text for c in kids(noun) if c.dep_ == "compound"]
    return " ".join([*names, noun.text]) if noun.pos_ in ("NOUN", "PROPN") else ""
