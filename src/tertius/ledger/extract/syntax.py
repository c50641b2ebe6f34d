"""The dependency tree as this package asks about it: subject, object, what hangs on what.

Labels are those of the spaCy English models (ClearNLP): nsubj, nsubjpass, dobj, dative, agent, prep,
pobj, poss, acl ...
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.ledger.extract.lexicon import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

OBJECT_CONTROL = words(
    "ask urge request tell order force compel press push pressure allow permit enable invite persuade "
    "convince help encourage instruct require beg implore cause lead expect want call get forbid prohibit "
    "ban"
)
_PARTICLES = words("away back out off down up aside apart over forward")
_JOINED = words("through into over off")
_SMALL_CLAUSE = words("hold call declare brand label deem consider find let make see")
_TO_BE = words("be have need remain seem appear continue begin start")
_KEEPS = words("prevent stop keep bar block deter discourage dissuade ban prohibit hinder restrain")
_RELATIVE = {"WDT", "WP", "WP$"}
#: Pronouns that stand for things, with the tags of the nouns they may stand for.
_THINGS = dict.fromkeys(("it", "this", "one"), ("NN",)) | dict.fromkeys(
    ("them", "these", "those", "ones"), ("NNS",)
)
_FAR = 12  # words into its sentence after which a pronoun seldom reaches back to the one before
_CLAUSES = {"ccomp", "advcl", "relcl", "acl", "parataxis"}


def kids(token: Token) -> list[Token]:
    """Children in text order; spaCy builds them anew on each call, so they are kept with the document."""
    try:
        found: list[Token] = token.doc.user_data["kids"][token.i]
    except KeyError:
        found = _all_kids(token.doc)[token.i]
    return found


def _all_kids(doc: Doc) -> list[list[Token]]:
    table: list[list[Token]] = [[] for _ in range(len(doc))]
    for t in doc:
        head = t.head.i
        if head != t.i:
            table[head].append(t)
    doc.user_data["kids"] = table
    return table


def child(token: Token, *labels: str) -> Token | None:
    """First child with one of the labels."""
    for c in kids(token):
        if c.dep_ in labels:
            return c
    return None


def lemma_of(verb: Token) -> str:
    """Lemma with its particle: cut + off is `cut_off`."""
    particle = child(verb, "prt") or next(
        (c for c in kids(verb) if c.dep_ == "advmod" and c.lower_ in _PARTICLES and c.i > verb.i), None
    )
    if particle is None:  # "waved through the sale": the parser takes the particle for a preposition
        particle = next((c for c in kids(verb) if c.i == verb.i + 1 and c.lower_ in _JOINED), None)
    return f"{verb.lemma_}_{particle.lower_}" if particle is not None else verb.lemma_


def is_passive(verb: Token) -> bool:
    """Whether the verb's subject or head noun undergoes the act."""
    if child(verb, "nsubjpass", "auxpass") is not None:
        return True
    if verb.tag_ == "VBN" and verb.dep_ == "ccomp" and verb.head.lemma_ in ("have", "get", "see"):
        return child(verb, "aux") is None  # "had their visas cancelled"
    bare = verb.tag_ == "VBN" and child(verb, "aux", "nsubj", "dobj") is None
    return bare and (verb.dep_ in ("acl", "advcl", "amod") or child(verb, "agent") is not None)


def is_infinitive(verb: Token) -> bool:
    """Whether `to` marks the verb."""
    return any(c.dep_ == "aux" and c.lower_ == "to" for c in kids(verb))


def agents(verb: Token) -> list[Token]:
    """Who a passive verb is done by."""
    by = [c for c in kids(verb) if c.dep_ == "agent" or (c.dep_ == "prep" and c.lower_ == "by")]
    if not by:  # "declared persona non grata by France": the parser hangs it on the noun
        by = [g for c in kids(verb) if c.dep_ in ("oprd", "attr") for g in kids(c) if g.lower_ == "by"]
    return [p for c in by for p in kids(c) if p.dep_ == "pobj"]


def patient(verb: Token) -> list[Token]:
    """Return what undergoes the act: object, passive subject, or the noun that a clause describes."""
    if is_passive(verb):
        found = _passive_patient(verb)
        if found is not None:
            return found
    found = [c for c in kids(verb) if c.dep_ in ("dobj", "obj")]
    if verb.dep_ == "relcl" and (not found or found[0].tag_ in _RELATIVE):
        subject = child(verb, "nsubj")
        if subject is not None and subject.tag_ not in _RELATIVE and subject.i > verb.head.i:
            return [verb.head]
    if not found and (verb.lemma_ in OBJECT_CONTROL or verb.lemma_ in _SMALL_CLAUSE):
        found = _raised(verb)
    if not found and verb.dep_ == "conj" and verb.head.pos_ == "VERB" and verb.i < verb.head.i:
        return patient(verb.head)
    return [t for t in found if t.tag_ not in _RELATIVE]


def _passive_patient(verb: Token) -> list[Token] | None:
    """Return what a passive verb is done to; None where the sentence does not say by its form."""
    subject, head = child(verb, "nsubjpass"), verb.head
    if subject is None and verb.dep_ == "ccomp":
        subject = child(verb, "nsubj")
    if subject is not None:
        return [head] if subject.tag_ in _RELATIVE and verb.dep_ == "relcl" else [subject]
    if verb.dep_ in ("acl", "relcl", "amod"):
        return [head]
    if verb.dep_ == "xcomp" and head.lemma_ in _TO_BE:  # "the treaty is to be signed"
        return [c for c in kids(head) if c.dep_ in ("nsubj", "nsubjpass")][:1]
    if verb.dep_ == "advcl":  # "Pressed by Kuwait, Iraq asked for time"
        return [c for c in kids(head) if c.dep_ in ("nsubj", "nsubjpass")][:1]
    if verb.dep_ == "conj" and head.pos_ in ("VERB", "AUX") and child(verb, "dobj") is None:
        return patient(head) if is_passive(head) else []
    return None


def _raised(verb: Token) -> list[Token]:
    """Who is to do, or to be, what: "wants Senegal to reopen", "let inspectors in", "holds Bolivia responsible"."""
    clauses = [c for c in kids(verb) if c.dep_ in ("ccomp", "xcomp", "oprd") and child(c, "mark") is None]
    verbless = [c for c in clauses if is_infinitive(c) or c.tag_ == "VB" or c.pos_ in ("ADJ", "NOUN")]
    return [s for c in verbless for s in kids(c) if s.dep_ in ("nsubj", "nsubjpass")][:1]


def doer(verb: Token, depth: int = 0) -> list[Token]:
    """Return the logical subject, through control, coordination, participles and relative clauses."""
    if depth > 8:
        return []
    if is_passive(verb):
        return agents(verb) or (doer(verb.head, depth + 1) if _kept_so(verb) else [])
    before = [c for c in kids(verb) if c.dep_ in ("nsubj", "csubj") and c.i < verb.i]
    subject = (
        before[-1] if before else child(verb, "nsubj", "csubj")
    )  # of two the nearer: the other is misparsed
    if subject is not None:
        if subject.tag_ in _RELATIVE or (subject.lower_ == "that" and verb.dep_ == "relcl"):
            return [verb.head] if verb.dep_ in ("relcl", "acl") else []
        return [subject]
    return _inherited(verb, depth)


def _kept_so(verb: Token) -> bool:
    """As in "has kept its crossings shut": who keeps it so does it; "saw its tariffs lifted" says nothing of who."""
    return verb.dep_ in ("ccomp", "oprd", "xcomp") and verb.head.lemma_ in ("keep", "leave", "hold")


def _inherited(verb: Token, depth: int) -> list[Token]:  # noqa: PLR0911  one line per construction
    head, label = verb.head, verb.dep_
    shared = _shared_subject(verb)
    if shared or head.i == verb.i:
        return shared
    if label == "relcl":
        return [head]
    if label == "acl":
        if is_infinitive(verb):
            return possessors(head) or _governor(head, depth)
        return [head, *([] if head.dep_ in ("nsubj", "nsubjpass") else _governor(head, depth)[:1])]
    if label == "pcomp":
        return _of_preposition(head, depth)
    if head.pos_ in ("VERB", "AUX"):
        if label == "xcomp" and head.lemma_ in OBJECT_CONTROL:
            found = patient(head) if not is_passive(head) else _passive_subject(head)
            if found:
                return found
        return _passive_subject(head) or doer(head, depth + 1) if is_passive(head) else doer(head, depth + 1)
    if head.pos_ in ("NOUN", "PROPN", "ADJ"):
        return possessors(head) or _governor(head, depth)
    return []


def _shared_subject(verb: Token) -> list[Token]:
    """Return the subject of a participle in between: "China, long considered an ally, has voiced"."""
    for c in kids(verb):
        if c.i < verb.i and c.dep_ in ("parataxis", "advcl", "ccomp", "acl") and c.tag_ in ("VBN", "VBG"):
            subject = child(c, "nsubj", "nsubjpass")
            if subject is not None and subject.i < c.i and child(c, "aux", "auxpass", "mark") is None:
                return [subject]
    return []


def _passive_subject(verb: Token) -> list[Token]:
    subject = child(verb, "nsubjpass")
    if subject is None and verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX"):
        subject = child(verb.head, "nsubjpass", "nsubj")  # "has promised it and is said to be offering more"
    return [subject] if subject is not None else patient(verb)


def _of_preposition(preposition: Token, depth: int) -> list[Token]:
    """Return the doer of "of offering": subject of the verb, or owner of the noun, above it."""
    head = preposition.head
    if head.lower_ == "short":
        head = head.head
    if head.lemma_ == "accuse" or (head.lemma_ in _KEEPS and preposition.lower_ == "from"):
        return patient(head)  # "stop Russia from arming it"
    if head.pos_ in ("VERB", "AUX"):
        return _passive_subject(head) if is_passive(head) else doer(head, depth + 1)
    return possessors(head) or _governor(head, depth)


def _governor(noun: Token, depth: int) -> list[Token]:
    """Doer of the verb that a noun is the object or complement of."""
    head = noun.head
    if noun.dep_ in ("dobj", "attr", "oprd", "acomp") and head.pos_ in ("VERB", "AUX"):
        return doer(head, depth + 1)
    return [noun] if noun.dep_ in ("nsubj", "nsubjpass") else []


def possessors(noun: Token) -> list[Token]:
    """Whose noun it is."""
    return [c for c in kids(noun) if c.dep_ == "poss"]


def objects_of(head: Token, preposition: str) -> list[Token]:
    """Objects of a preposition that hangs on a head, and of one that hangs on another ("out of")."""
    found = []
    for c in kids(head):
        if c.dep_ in ("prep", "dative", "agent", "prt"):
            if c.lower_ == preposition:
                found += [p for p in kids(c) if p.dep_ in ("pobj", "pcomp")]
            elif c.lower_ in ("out", "in", "off", "away", "back"):
                found += objects_of(c, preposition)
    return found


def prepositional(head: Token) -> Iterator[tuple[str, Token]]:
    """Every (preposition, object) that hangs on a head."""
    for c in kids(head):
        if c.dep_ in ("prep", "dative", "agent"):
            yield from ((c.lower_, p) for p in kids(c) if p.dep_ == "pobj")


def referents(pronoun: Token) -> list[Token]:
    """Return things that "it", "them", "one" may stand for: the last two nouns of its number, nearest first."""
    if pronoun.lower_ not in _THINGS:
        return []
    wanted = _THINGS[pronoun.lower_]
    sentence = pronoun.sent
    start = sentence.start
    if start and pronoun.i - start < _FAR:
        start = pronoun.doc[start - 1].sent.start
    found = [
        t
        for t in reversed(pronoun.doc[start : pronoun.i])
        if t.tag_ in wanted and t.dep_ in ("nsubj", "nsubjpass", "dobj", "pobj", "attr", "conj", "ROOT")
    ]
    return found[:3]


def clause(head: Token) -> Iterator[Token]:
    """Tokens of a clause, without the clauses inside it."""
    yield head
    for c in kids(head):
        if c.dep_ not in _CLAUSES and not (c.dep_ == "conj" and c.pos_ in ("VERB", "AUX")):
            yield from clause(c)


def phrase(noun: Token) -> Iterator[Token]:
    """Tokens of a noun phrase, without the clauses and the coordinated phrases inside it."""
    yield noun
    for c in kids(noun):
        if c.dep_ not in _CLAUSES and c.dep_ not in ("conj", "cc", "punct", "appos", "pcomp"):
            yield from phrase(c)
