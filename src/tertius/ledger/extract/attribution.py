"""Who says so: chains from the newspaper to the person it quotes, over the words each of them vouches for.

A source covers the clause or quotation it governs; a word covered by several sources has them as its
chain, outermost first. "The paper reported, citing traders, that ..." is a chain of two; "X told the
Post ..." puts the paper first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from tertius.ledger.extract.asides import asides, headed
from tertius.ledger.extract.borders import in_quotation, same_statement, statements
from tertius.ledger.extract.content import (
    clause_of,
    content_of,
    intermediary,
    is_author,
    quotations_in,
    quoted_as_saying,
)
from tertius.ledger.extract.lexicon import cues
from tertius.ledger.extract.sources import (
    can_speak,
    extent_of,
    is_expert,
    is_human,
    is_person,
    media,
    source_of,
)
from tertius.ledger.extract.syntax import child, doer, is_passive, kids, lemma_of, objects_of, patient
from tertius.ledger.record import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Span, Token

    from tertius.ledger.extract.parties import Passage

_CITING = ("advcl", "prep", "acl", "ROOT", "conj")
_CUES = frozenset(("VERB", "AUX", "NOUN", "ADP", "SCONJ", "ADV", "ADJ"))  # parts of speech of words that cite
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
    quotations = quotations_in(passage)
    written = _statements(passage)
    for statement in written:
        here = list(_aside(passage, statement, found))
        known = {t for v in here for t in v.cues}
        for token in statement:
            if token.pos_ in _CUES and token.i not in known:
                here += [
                    _known(passage, replace(v, cues=frozenset((token.i,))), [*found, *here])
                    for v in _at(passage, token)
                ]
        found += [_closed(v, quotations) for v in _within(here, statement, quotations)]
        if not here and found and _inside_quotation(passage, statement):
            found.append(_over(statement, found[-1].sources, expert=found[-1].expert))
    return found + _before_speaker(written, found)


def _statements(passage: Passage) -> list[list[Token]]:
    numbers = statements(passage.doc)
    return [list(tokens) for _, tokens in groupby(passage.doc, key=lambda t: numbers[t.i])]


def _aside(passage: Passage, statement: list[Token], before: list[Voice]) -> Iterator[Voice]:
    """Speakers that a sentence names by the way, or before a colon."""
    for aside in asides(statement):
        source = source_of(passage, aside.speaker, aside.cue)
        if any(t.text == "," for t in aside.name):  # "the foreign minister, Winston Peters, announces"
            extent = extent_of(passage, aside.name[0], aside.name[-1])
            name = passage.doc[aside.name[0].i : aside.name[-1].i + 1].text
            source = source.model_copy(update={"span": extent, "name": name})
        told = [p for t in aside.tail for p in media(passage, t, aside.cue)]
        voice = _over(aside.tokens, (*told, source), expert=is_expert(aside.speaker))
        yield _known(passage, replace(voice, cues=frozenset((aside.cue.i,))), before)
    first = headed(statement)
    if first is not None and is_person(passage, first.speaker):
        yield _over(first.tokens, (source_of(passage, first.speaker, first.cue),))


def _known(passage: Passage, voice: Voice, before: list[Voice]) -> Voice:
    """Put the one who spoke before in the place of "he", and the state of "the minister" with him."""
    last = voice.sources[-1]
    low = last.name.lower()
    if low in ("he", "she"):
        known = _antecedent(passage, voice, last, before)
    elif low in ("they", "it"):
        known = next((v.sources[-1] for v in reversed(before) if v.sources[-1].kind != "hearsay"), None)
    else:
        return voice
    if known is None:
        return voice
    known = known.model_copy(update={"cue": last.cue, "hedge": last.hedge})
    return replace(voice, sources=(*voice.sources[:-1], known))


def _antecedent(passage: Passage, voice: Voice, he: Source, before: list[Voice]) -> Source | None:
    """Who "he" or "she" is: the last person who spoke, or who was the subject of a sentence, in the paragraph."""
    spoke = [
        (v.sources[-1], v.first) for v in before if v.sources[-1].kind in ("official", "person", "expert")
    ]
    place = he.span.start - passage.paragraph.start if he.span is not None else 0
    for token in reversed([t for t in passage.doc if t.idx < place]):
        if token.dep_ in ("nsubj", "appos") and token.i not in voice.tokens and is_human(passage, token):
            return source_of(passage, token, token)
        if token.i in {at for _, at in spoke}:
            break
    return spoke[-1][0] if spoke else None


def _within(here: list[Voice], statement: list[Token], quotations: list[set[int]]) -> Iterator[Voice]:
    """Keep voices inside their written sentence, between its semicolons, and the quotations that touch it."""
    places = {t.i for t in statement}
    reach = places.union(*(q for q in quotations if q & places))
    for voice in here:
        tokens = voice.tokens & reach
        cut = [t.i for t in statement if t.text == ";" and t.i < max(voice.cues, default=0)]
        tokens = frozenset(i for i in tokens if i > cut[-1]) if cut else tokens
        if tokens:
            yield replace(voice, tokens=tokens, first=min(tokens), last=max(tokens))


def chain(found: Iterable[Voice], token: Token) -> tuple[tuple[Source, ...], bool]:
    """Return sources of a word, outermost first, and whether the last is an expert or observer."""
    covering = sorted(
        (v for v in found if token.i in v.tokens), key=lambda v: (not v.rumour, v.cited, -len(v.tokens))
    )
    sources: list[Source] = []
    for voice in covering:
        sources += [s for s in voice.sources if all(s.name != t.name for t in sources)]
    return tuple(sources), bool(covering) and covering[-1].expert


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


def _at(passage: Passage, token: Token) -> Iterator[Voice]:
    if token.lemma_ in ("cite", "quote") and token.tag_ == "VBG" and token.dep_ in _CITING:
        yield from _vouched(passage, token, patient(token) or [c for c in kids(token) if c.dep_ == "pobj"])
    elif token.pos_ == "VERB" and (
        lemma_of(token) in cues("speech", "verbs") or token.lemma_ in cues("speech", "verbs")
    ):
        yield from _spoken(passage, token, token.sent)
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
                    span=extent_of(passage, token, token),
                ),
            ),
        )
    elif (
        token.lemma_ in ("report", "claim", "rumour", "rumor", "allegation", "suggestion")
        and token.pos_ == "NOUN"
    ):
        content = child(token, "acl", "ccomp", "relcl")
        if content is not None and any(c.lower_ == "that" and c.dep_ == "mark" for c in kids(content)):
            yield replace(_over(content.subtree, (source_of(passage, token, token),)), rumour=True)


def _spoken(passage: Passage, verb: Token, sentence: Span) -> Iterator[Voice]:
    speakers = [] if is_passive(verb) else doer(verb)
    content = content_of(passage, verb, sentence, speakers)
    if not content:
        return
    if verb.lemma_ in ("cite", "quote") and (said := quoted_as_saying(verb)) is not None:
        papers = [source_of(passage, t, verb) for t in doer(verb)]
        yield _over(content, (*papers, source_of(passage, said, verb)), expert=is_expert(said))
        return
    through = intermediary(verb)
    if through is None and (not speakers or speakers[0].tag_ in ("EX",)):
        if is_passive(verb):  # "it was learned that", "is expected to" has no clause of its own
            agent = doer(verb)
            if agent:
                yield _over(content, (source_of(passage, agent[0], verb),), expert=is_expert(agent[0]))
            elif verb.lemma_ in cues("speech", "learned"):
                extent = extent_of(passage, verb, verb)
                yield _over(
                    content,
                    (Source(name=verb.text, kind="hearsay", cue=verb.text, hedge=verb.lower_, span=extent),),
                )
        return
    speaker = through if through is not None else speakers[0]
    if speaker.lower_ in ("which", "that", "who", "there") or is_author(passage, speaker):
        return
    sources = [source_of(passage, speaker, verb)]
    told = [s for t in (*patient(verb), *objects_of(verb, "to")) for s in media(passage, t, verb)]
    tokens = [t for t in content if t.i not in {s.i for s in speaker.subtree}]
    if tokens:
        yield _over(tokens, (*told, *sources), expert=is_expert(speaker))


def _vouched(passage: Passage, cue: Token, named: list[Token]) -> Iterator[Voice]:
    """`according to X`, `citing X`: X vouches for the clause the cue hangs on."""
    if not named or not can_speak(passage, named[0]):
        return
    inside = {t.i for t in cue.subtree}
    head = cue.head if cue.head.i != cue.i else cue
    tokens = [t for t in clause_of(head) if t.i not in inside and same_statement(cue, t)]
    if cue.i > 1 and cue.nbor(-1).text == "," and cue.nbor(-2).pos_ == "CCONJ":
        tokens = [t for t in tokens if t.i > cue.i]  # "did this and, according to X, did that"
    tokens = tokens or [t for t in cue.sent if t.i not in inside and same_statement(cue, t)]
    if tokens:
        voice = _over(tokens, (source_of(passage, named[0], cue),), expert=is_expert(named[0]))
        yield replace(voice, cited=cue.lemma_ in ("cite", "quote"))


def _inside_quotation(passage: Passage, statement: list[Token]) -> bool:
    """Whether a sentence without a speaker goes on inside a quotation."""
    start, last = statement[0].idx, statement[-1]
    whole = passage.paragraph.text
    text = whole[start : last.idx + len(last.text)].strip()
    return in_quotation(whole, start) or (text[:1] in _OPEN and text[-1:] in _CLOSE)


def _before_speaker(written: list[list[Token]], found: list[Voice]) -> list[Voice]:
    """Return a quoted sentence whose speaker stands in the next sentence ("...", he said)."""
    if not found:
        return []
    covered = {i for v in found for i in v.tokens}
    extra = []
    for this, following in pairwise(written):
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
