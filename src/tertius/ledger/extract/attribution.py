"""Who says so: chains from the newspaper to the person it quotes, over the words each of them vouches for.

A source covers the clause or quotation it governs; a word covered by several sources has them as its
chain, outermost first. "The paper reported, citing traders, that ..." is a chain of two; "X told the
Post ..." puts the paper first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from tertius.ledger.extract import actors
from tertius.ledger.extract.asides import asides, headed
from tertius.ledger.extract.borders import statements
from tertius.ledger.extract.lexicon import cues
from tertius.ledger.extract.syntax import child, doer, is_passive, kids, lemma_of, objects_of, patient
from tertius.ledger.record import Extent, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Span, Token

    from tertius.ledger.extract.parties import Passage

_QUOTED = re.compile(r"[\"“„«][^\"“”„«»]{2,}[\"”»]?")
_CITING = ("advcl", "prep", "acl", "ROOT", "conj")
_CUES = frozenset(("VERB", "AUX", "NOUN", "ADP", "SCONJ", "ADV", "ADJ"))  # parts of speech of words that cite
_PRONOUNS = frozenset(("he", "she", "they", "it", "one"))
_OPEN, _CLOSE = '"“„«', '"”»'


@dataclass(frozen=True, slots=True)
class Voice:
    """Sources and the token range they vouch for."""

    first: int
    last: int
    tokens: frozenset[int]
    sources: tuple[Source, ...]
    expert: bool = False
    cited: bool = False  # named by a reporter ("citing traders"), so inside what the reporter says
    rumour: bool = False  # nobody's words ("reports that"), so outside what anybody says of them
    cues: frozenset[int] = frozenset()  # the verbs it was read off


def voices(passage: Passage) -> list[Voice]:
    """Every attribution of a passage."""
    found: list[Voice] = []
    quotations = _quotations(passage)
    for statement in _statements(passage):
        here = list(_aside(passage, statement, found))
        known = {t for v in here for t in v.cues}
        for token in statement:
            if token.pos_ in _CUES and token.i not in known:
                here += [_known(v, [*found, *here]) for v in _at(passage, token, token.sent)]
        found += [_closed(_within(v, statement, quotations), quotations) for v in here]
        if not here and found and _inside_quotation(passage, statement):
            found.append(_over(statement, found[-1].sources, expert=found[-1].expert))
    return found + _before_speaker(passage, found)


def _statements(passage: Passage) -> list[list[Token]]:
    numbers = statements(passage.doc)
    return [list(tokens) for _, tokens in groupby(passage.doc, key=lambda t: numbers[t.i])]


def _aside(passage: Passage, statement: list[Token], before: list[Voice]) -> Iterator[Voice]:
    """Speakers that a sentence names by the way, or before a colon."""
    for aside in asides(statement):
        voice = _over(aside.tokens, (_source(passage, aside.speaker, aside.cue),), expert=_is_expert(aside.speaker))
        yield _known(replace(voice, cues=frozenset((aside.cue.i,))), before)
    first = headed(statement)
    if first is not None and _is_person(passage, first.speaker):
        yield _over(first.tokens, (_source(passage, first.speaker, first.cue),))


def _is_person(passage: Passage, token: Token) -> bool:
    """Whether a name before a colon is somebody's, not the heading of a paragraph about a state."""
    if token.pos_ == "NOUN":
        return _kind(token) in ("official", "person")
    kinds = {m.name.kind for m in passage.names.get(token.i, ())}
    return not kinds & {"name", "adj", "place", "dateline", "capital"} and (bool(kinds) or _kind(token) == "person")


def _known(voice: Voice, before: list[Voice]) -> Voice:
    """Put the one who spoke before in the place of "he", and the state of "the minister" with him."""
    last = voice.sources[-1]
    named = [s for v in before for s in v.sources[-1:] if s.kind != "hearsay"]
    if last.name.lower() in _PRONOUNS and named:
        known = named[-1].model_copy(update={"cue": last.cue, "hedge": last.hedge})
        return replace(voice, sources=(*voice.sources[:-1], known))
    if not last.code and last.name.lower().startswith("the "):
        same = [s for s in named if s.code and s.kind == last.kind]
        if same:
            known = last.model_copy(update={"code": same[-1].code})
            return replace(voice, sources=(*voice.sources[:-1], known))
    return voice


def _within(voice: Voice, statement: list[Token], quotations: list[set[int]]) -> Voice:
    """Keep a voice inside its written sentence and the quotations that touch it."""
    here = {t.i for t in statement}
    reach = here.union(*(q for q in quotations if q & here))
    tokens = voice.tokens & reach
    return replace(voice, tokens=frozenset(tokens), first=min(tokens), last=max(tokens)) if tokens else voice


def chain(found: Iterable[Voice], token: Token) -> tuple[tuple[Source, ...], bool]:
    """Return sources of a word, outermost first, and whether the last is an expert or observer."""
    covering = sorted((v for v in found if token.i in v.tokens), key=lambda v: (not v.rumour, v.cited, -len(v.tokens)))
    sources: list[Source] = []
    for voice in covering:
        sources += [s for s in voice.sources if all(s.name != t.name for t in sources)]
    return tuple(sources), bool(covering) and covering[-1].expert


def _quotations(passage: Passage) -> list[set[int]]:
    """Tokens of each quotation of a passage."""
    hits = [hit.span() for hit in _QUOTED.finditer(passage.doc.text)]
    places = [(t.i, t.idx) for t in passage.doc] if hits else []
    return [{i for i, at in places if start <= at < end} for start, end in hits]


def _closed(voice: Voice, quotations: list[set[int]]) -> Voice:
    """Let a voice that covers part of a quotation cover all of it, and nothing after it."""
    tokens = set(voice.tokens)
    for inside in quotations:
        if len(inside) > 5 and len(inside & tokens) > len(inside) / 3:
            tokens |= inside
            if min(tokens) >= min(inside) - 2:
                tokens = {i for i in tokens if i <= max(inside)}
    return replace(voice, first=min(tokens), last=max(tokens), tokens=frozenset(tokens))


def _over(tokens: Iterable[Token], sources: tuple[Source, ...], *, expert: bool = False) -> Voice:
    places = frozenset(t.i for t in tokens)
    return Voice(min(places), max(places), places, sources, expert)


def _at(passage: Passage, token: Token, sentence: Span) -> Iterator[Voice]:
    if token.lemma_ in ("cite", "quote") and token.tag_ == "VBG" and token.dep_ in _CITING:
        yield from _vouched(passage, token, patient(token) or [c for c in kids(token) if c.dep_ == "pobj"])
    elif token.pos_ == "VERB" and (
        lemma_of(token) in cues("speech", "verbs") or token.lemma_ in cues("speech", "verbs")
    ):
        yield from _spoken(passage, token, sentence)
    elif token.lower_ == "according":
        named = [o for c in kids(token) if c.dep_ == "prep" for o in kids(c) if o.dep_ == "pobj"]
        yield from _vouched(passage, token, named or objects_of(token, "to"))
    elif token.lower_ in cues("reportedly"):
        yield _over(
            token.head.subtree,
            (
                Source(
                    name=token.text,
                    kind="hearsay",
                    cue=token.text,
                    hedge=token.lower_,
                    span=_extent(passage, token, token),
                ),
            ),
        )
    elif (
        token.lemma_ in ("report", "claim", "rumour", "rumor", "allegation", "suggestion")
        and token.pos_ == "NOUN"
    ):
        content = child(token, "acl", "ccomp", "relcl")
        if content is not None and any(c.lower_ == "that" and c.dep_ == "mark" for c in kids(content)):
            yield replace(_over(content.subtree, (_source(passage, token, token),)), rumour=True)


def _spoken(passage: Passage, verb: Token, sentence: Span) -> Iterator[Voice]:
    speakers = [] if is_passive(verb) else doer(verb)
    content = _content(passage, verb, sentence, speakers)
    if not content:
        return
    through = _through(verb)
    if through is None and (not speakers or speakers[0].tag_ in ("EX",)):
        if is_passive(verb):  # "it was learned that", "is expected to" has no clause of its own
            agent = doer(verb)
            if agent:
                yield _over(content, (_source(passage, agent[0], verb),), expert=_is_expert(agent[0]))
            elif verb.lemma_ in cues("speech", "learned"):
                extent = _extent(passage, verb, verb)
                yield _over(
                    content,
                    (Source(name=verb.text, kind="hearsay", cue=verb.text, hedge=verb.lower_, span=extent),),
                )
        return
    speaker = through if through is not None else speakers[0]
    if speaker.lower_ in ("which", "that", "who", "there"):
        return
    sources = [_source(passage, speaker, verb)]
    told = [s for t in (*patient(verb), *objects_of(verb, "to")) for s in _media(passage, t, verb)]
    tokens = [t for t in content if t.i not in {s.i for s in speaker.subtree}]
    if tokens:
        yield _over(tokens, (*told, *sources), expert=_is_expert(speaker))


def _content(passage: Passage, verb: Token, sentence: Span, speakers: list[Token]) -> list[Token]:
    """Words that a speech verb governs: its clause, else the quotation it stands beside."""
    clauses = [c for c in kids(verb) if c.dep_ in ("ccomp", "parataxis") and c.i != verb.i]
    if not clauses:
        clauses = [c for c in kids(verb) if c.dep_ == "conj" and any(m.lower_ == "that" for m in kids(c))]
    if not clauses:  # "reported, citing traders, that": the parser hangs the clause on "citing"
        clauses = [
            g for c in kids(verb) if c.lower_ in ("citing", "quoting") for g in kids(c) if g.dep_ == "ccomp"
        ]
    if verb.lemma_ == "accuse":
        clauses += objects_of(verb, "of")
    if verb.dep_ == "parataxis":
        clauses.append(verb.head)
    found = [t for c in clauses for t in c.subtree]
    apart = {t.i for s in speakers for t in s.subtree} | {verb.i}
    if verb.dep_ == "parataxis":
        found = [t for t in found if t.i not in {x.i for x in verb.subtree}]
    return [t for t in found if t.i not in apart] or _quotation(passage, verb, sentence)


def _quotation(passage: Passage, verb: Token, sentence: Span) -> list[Token]:
    if any(c.dep_ in ("dobj", "xcomp") for c in kids(verb)) and verb.lemma_ not in (
        "say",
        "tell",
        "write",
        "quote",
    ):
        return []
    text = passage.doc.text[sentence.start_char : sentence.end_char]
    spans = [(m.start() + sentence.start_char, m.end() + sentence.start_char) for m in _QUOTED.finditer(text)]
    spans = [(a, b) for a, b in spans if b - a > 25 and not a <= verb.idx < b]
    return [t for t in sentence if any(a <= t.idx < b for a, b in spans)]


def _vouched(passage: Passage, cue: Token, named: list[Token]) -> Iterator[Voice]:
    """`according to X`, `citing X`: X vouches for the clause the cue hangs on."""
    if not named or not _can_speak(passage, named[0]):
        return
    inside = {t.i for t in cue.subtree}
    head = cue.head if cue.head.i != cue.i else cue
    tokens = [t for t in _clause_of(head) if t.i not in inside]
    if tokens:
        voice = _over(tokens, (_source(passage, named[0], cue),), expert=_is_expert(named[0]))
        yield replace(voice, cited=cue.lemma_ in ("cite", "quote"))


def _can_speak(passage: Passage, token: Token) -> bool:
    """Whether it can be cited: a party, a paper, a kind of source, a person; no tariff, no reason."""
    return _kind(token) != "other" or bool(passage.names.get(token.i)) or token.pos_ == "PROPN"


def _clause_of(head: Token) -> list[Token]:
    """Clause a cue hangs on; for "reported, citing X, that ..." the clause that was reported."""
    while head.pos_ not in ("VERB", "AUX") and head.head.i != head.i:
        head = head.head
    content = child(head, "ccomp")
    if head.lemma_ in cues("speech", "verbs") and content is not None:
        return list(content.subtree)
    return list(head.subtree)


def _through(verb: Token) -> Token | None:
    """As in "China, through its spokesperson, said": the spokesperson speaks."""
    chained = [verb, *([verb.head] if verb.dep_ == "advcl" else [])]
    for v in chained:
        for word in ("through", "via"):
            found = objects_of(v, word) or [
                o for s in kids(v) if s.dep_ == "nsubj" for o in objects_of(s, word)
            ]
            if found:
                return found[0]
    return None


def _media(passage: Passage, token: Token, verb: Token) -> list[Source]:
    return [
        _source(passage, token, verb)
        for m in passage.names.get(token.i, ())
        if m.name.kind in actors.SOURCES_ONLY
    ][:1]


def _source(passage: Passage, token: Token, cue: Token) -> Source:
    mention = next(iter(passage.names.get(token.i, ())), None)
    left, right = _bounds(token)
    text = passage.doc.text
    start, end = left.idx, right.idx + len(right.text)
    if mention is not None and mention.name.kind in actors.SOURCES_ONLY:
        code, kind = mention.code, mention.name.kind
    else:
        parties = passage.own(token) or passage.modifiers(token)
        code, kind = (parties[0].code if parties else ""), _kind(token)
    hedge = cue.lower_ if cue.lemma_ in cues("speech", "hedged") else ""
    return Source(
        name=text[start:end],
        code=code,
        kind=kind,
        cue=cue.text,
        span=Extent(start=passage.paragraph.start + start, end=passage.paragraph.start + end),
        hedge=hedge,
    )


def _bounds(noun: Token) -> tuple[Token, Token]:
    """Edges of a source's name: the phrase without its clauses and appositions."""
    left = right = noun
    for c in kids(noun):
        if c.dep_ in ("det", "amod", "compound", "poss", "nmod", "nummod") and c.i < noun.i:
            left = min(left, c.left_edge, key=lambda t: t.i)
        if c.dep_ == "prep" and c.lower_ in ("of", "for", "from") and c.i > noun.i:
            right = max(right, c.right_edge, key=lambda t: t.i) if c.right_edge.i - c.i < 8 else right
    return left, right


def _kind(token: Token) -> str:
    """Kind of an unnamed or named source by its head noun."""
    low, lemma = token.lower_, token.lemma_.lower()
    for kind in ("official", "expert", "industry", "media", "data", "person"):
        if lemma in cues("unnamed", kind) or low in cues("unnamed", kind):
            return kind
    heads = {c.lemma_.lower() for c in kids(token) if c.dep_ in ("compound", "appos", "amod")}
    for kind in ("official", "expert", "industry"):
        if heads & cues("unnamed", kind):
            return kind
    return "person" if token.pos_ == "PROPN" else "other"


def _is_expert(token: Token) -> bool:
    return _kind(token) == "expert"


def _extent(passage: Passage, first: Token, last: Token) -> Extent:
    start = passage.paragraph.start
    return Extent(start=start + first.idx, end=start + last.idx + len(last.text))


def _inside_quotation(passage: Passage, statement: list[Token]) -> bool:
    """Whether a sentence without a speaker goes on inside a quotation."""
    start, last = statement[0].idx, statement[-1]
    before, text = passage.doc.text[:start], passage.doc.text[start : last.idx + len(last.text)].strip()
    opened = before.count("“") > before.count("”") or before.count('"') % 2 == 1
    return opened or (text[:1] in _OPEN and text[-1:] in _CLOSE)


def _before_speaker(passage: Passage, found: list[Voice]) -> list[Voice]:
    """Return a quoted sentence whose speaker stands in the next sentence ("...", he said)."""
    covered = {i for v in found for i in v.tokens}
    extra = []
    for this, following in pairwise(_statements(passage)):
        quoted = this[0].text[:1] in _OPEN
        voice = next((v for v in found if following[0].i <= v.first <= following[-1].i), None)
        if (
            quoted
            and voice is not None
            and not any(t.i in covered for t in this)
            and following[0].i in voice.tokens
        ):
            extra.append(_over(this, voice.sources, expert=voice.expert))
    return extra
