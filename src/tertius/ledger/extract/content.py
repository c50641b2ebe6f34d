"""What a speech verb vouches for: its clause, the quotation beside it, or the clause it judges."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tertius.ledger.extract.borders import same_statement
from tertius.ledger.extract.lexicon import cues
from tertius.ledger.extract.syntax import child, kids, objects_of, patient

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

    from tertius.ledger.extract.parties import Passage

_QUOTED = re.compile(r"[\"“„«][^\"“”„«»]{2,}[\"”»]?")
_ADVERBIAL = frozenset(
    ("before", "after", "while", "since", "until", "because", "although", "though", "when")
)


def content_of(passage: Passage, verb: Token, sentence: Span, speakers: list[Token]) -> list[Token]:
    """Words that a speech verb governs: its clause, else the quotation it stands beside."""
    clauses = [c for c in kids(verb) if c.dep_ in ("ccomp", "parataxis") and not _is_adverbial(c)]
    denied = any(c.dep_ == "neg" for c in kids(verb))  # "Vilnius did not respond"
    clauses = [c for c in clauses if c.i > verb.i] if denied else clauses
    if not clauses:
        clauses = [c for c in kids(verb) if c.dep_ == "conj" and any(m.lower_ == "that" for m in kids(c))]
    if not clauses:  # "reported, citing traders, that": the parser hangs the clause on "citing"
        clauses = [
            g for c in kids(verb) if c.lower_ in ("citing", "quoting") for g in kids(c) if g.dep_ == "ccomp"
        ]
    if verb.lemma_ == "accuse":
        clauses += objects_of(verb, "of")
    if verb.dep_ == "parataxis" and not denied:
        clauses.append(verb.head)
    clauses += _judged(verb) or _seen(verb)
    found = [t for c in clauses for t in c.subtree]
    apart = {t.i for s in speakers for t in s.subtree} | {verb.i}
    if verb.dep_ == "parataxis":
        found = [t for t in found if t.i not in {x.i for x in verb.subtree}]
    found = [t for t in found if t.i not in apart]
    return found or ([] if denied else _quotation(passage, verb, sentence) or _that(verb))


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


def _is_adverbial(clause: Token) -> bool:
    """As in "before Xi meets Trump", taken for the content."""
    return any(
        c.dep_ in ("mark", "advmod") and c.lower_ in _ADVERBIAL and c.i < clause.i for c in kids(clause)
    )


def _judged(verb: Token) -> list[Token]:
    """As in "Beijing denies claims that", "reports that ... were described by the army as false"."""
    if verb.lemma_ not in cues("negation", "dismiss") | cues("speech", "judge"):
        return []
    signs = [t for t in patient(verb) if t.lemma_ in cues("negation", "signs")]
    return [c for t in signs for c in kids(t) if c.dep_ in ("acl", "relcl", "ccomp")]


def _seen(verb: Token) -> list[Token]:
    """As in "officials see no sign that"."""
    if verb.lemma_ not in ("see", "find", "have"):
        return []
    signs = [t for t in patient(verb) if t.lemma_ in cues("negation", "signs")]
    return [c for t in signs for c in kids(t) if c.dep_ in ("acl", "ccomp") and child(c, "mark") is not None]


def _that(verb: Token) -> list[Token]:
    """Words from a "that" close behind the verb to the end of the sentence, where the parser lost the clause."""
    rest = [t for t in verb.sent if t.i > verb.i and same_statement(verb, t)]
    for place, token in enumerate(rest[:8]):
        if token.lower_ == "that" and token.tag_ == "IN":
            return rest[place:]
        if token.text in (",", ";", ".") or token.pos_ in ("VERB", "AUX"):
            break
    return []


def quoted_as_saying(verb: Token) -> Token | None:
    """As in "Tass cited the spokesman as saying", "was quoted by Xinhua as saying"."""
    saying = any(c.lower_ == "as" and any(g.lemma_ in ("say", "tell") for g in kids(c)) for c in kids(verb))
    return next(iter(patient(verb)), None) if saying else None


def is_author(passage: Passage, speaker: Token) -> bool:
    """Whether "we" or "I" outside a quotation is the text itself."""
    return speaker.lower_ in ("we", "i") and not any(speaker.i in q for q in quotations_in(passage))


def intermediary(verb: Token) -> Token | None:
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


def clause_of(head: Token) -> list[Token]:
    """Clause a cue hangs on; for "reported, citing X, that ..." the clause that was reported."""
    while head.pos_ not in ("VERB", "AUX") and head.head.i != head.i:
        head = head.head
    content = child(head, "ccomp")
    if head.lemma_ in cues("speech", "verbs") and content is not None:
        return list(content.subtree)
    return list(head.subtree)


def quotations_in(passage: Passage) -> list[set[int]]:
    """Tokens of each quotation of a passage."""
    hits = [hit.span() for hit in _QUOTED.finditer(passage.doc.text)]
    places = [(t.i, t.idx) for t in passage.doc] if hits else []
    return [{i for i, at in places if start <= at < end} for start, end in hits]
