"""The deterministic extractor: everything the other modules find, put together as claims."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from tertius.ledger.extract import actors
from tertius.ledger.extract.assemble import from_event, from_tie
from tertius.ledger.extract.attribution import Voice, chain, voices
from tertius.ledger.extract.borders import in_quotation
from tertius.ledger.extract.coref import Memory
from tertius.ledger.extract.dates import DateMention, dates
from tertius.ledger.extract.discourse import Thread
from tertius.ledger.extract.events import events
from tertius.ledger.extract.language import parse
from tertius.ledger.extract.parties import Party, Passage, index
from tertius.ledger.extract.protocol import checked
from tertius.ledger.extract.quantities import amounts
from tertius.ledger.extract.text import dateline, paragraphs
from tertius.ledger.extract.ties import ties

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Doc

    from tertius.ledger.extract.protocol import Article
    from tertius.ledger.extract.text import Paragraph
    from tertius.ledger.record import Claim


_FIRST_PERSON = frozenset(("we", "our", "us", "i", "my"))
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
#: A date with its preposition right before another name: "On Tuesday Trump said". After a figure the parser needs no
#: help, and would not split "2024,Beijing".
_DATED = re.compile(
    rf"\b(?:[Oo]n|[Ii]n|[Ss]ince|[Bb]y|[Uu]ntil|[Ll]ast|[Tt]his) (?:early |late |mid-)?"
    rf"(?:{_DAY}|(?:\d{{1,2}} )?{_MONTH}) (?=[A-Z])(?!{_MONTH})"
)
#: Rules of this version; a ledger reads a document again when they change.
READER = "rules-4"


class RuleExtractor:
    """Reads by lexicon and grammar; the same text gives the same bytes."""

    def extract(self, article: Article) -> Sequence[Claim]:
        """Claims of one article, in text order.

        Raises
        ------
        DataError : the parser is missing or not the tested one.
        """
        if not any(m.is_party for m in actors.mentions(article.text)):
            return []  # nobody is named, so nobody can be referred to: no need to parse
        thread = Thread()
        claims = [claim for passage in passages(article) for claim in _claims(article, passage, thread)]
        unique = {claim.id: claim for claim in claims}
        return checked(article, unique.values())


def passages(article: Article) -> list[Passage]:
    """Return parsed paragraphs with what was found in them, without notices and boilerplate."""
    pieces = [p for p in paragraphs(article.text) if p.kind in ("body", "caption")]
    named = [_named(p.text, article.text) for p in pieces]
    memory, last, reported = Memory(), None, None
    found: list[Passage] = []
    states: list[str] = []
    for piece, names, doc in zip(pieces, named, parse(_spoken(p) for p in pieces), strict=True):
        passage, last, reported = _passage(article, piece, names, doc, last, reported)
        passage.amounts = amounts(piece.text, [(d.start, d.end) for d in passage.dates], states)
        states += [m.code for m in names]
        memory.read(passage)
        found.append(passage)
    return found


def _spoken(piece: Paragraph) -> str:
    """Text to parse: without its dateline, and with a comma after "On Tuesday", which the parser else takes for a name."""
    length = dateline(piece.text)
    return " " * length + _DATED.sub(_comma, piece.text[length:])


def _comma(hit: re.Match[str]) -> str:
    return hit.group()[:-1] + ","


def _passage(
    article: Article,
    piece: Paragraph,
    named: list[actors.Mention],
    doc: Doc,
    last: DateMention | None,
    reported: DateMention | None,
) -> tuple[Passage, DateMention | None, DateMention | None]:
    names = index(doc, named)
    found: list[DateMention] = []
    published = date.fromisoformat(article.doc.published) if len(article.doc.published) == 10 else None
    for sentence in doc.sents:
        text = piece.text[: sentence.end_char]
        media = any(m.name.kind in actors.SOURCES_ONLY for t in sentence for m in names.get(t.i, ()))
        before = reported if media and reported else (found[-1] if found else last)
        start = sentence.start_char
        here = [_moved(d, start) for d in dates(text[start:], published, before, found)]
        found += here
        reported = here[-1] if media and here else reported
    passage = Passage(piece, doc, names, found, [], article.doc.published)
    return passage, (found[-1] if found else last), reported


def _named(text: str, about: str) -> list[actors.Mention]:
    length = dateline(text)
    return [
        replace(m, name=replace(m.name, kind="dateline")) if m.end <= length else m
        for m in actors.mentions(text, about)
    ]


def _moved(hit: DateMention, by: int) -> DateMention:
    return DateMention(
        hit.start + by, hit.end + by, hit.text, hit.first, hit.last, hit.precision, hit.basis, hit.cue
    )


def _first_person(passage: Passage, heard: list[Voice], last: Sequence[Party]) -> None:
    """As in "We" in a quotation is the speaker's side; in a government's own text, the government's.

    A quotation without a speaker is that of who spoke `last`.
    """
    for token in passage.doc:
        if token.lower_ not in _FIRST_PERSON or token.i in passage.coref:
            continue
        sources = chain(heard, token)[0] if heard else ()
        going_on = (
            [p.code for p in last[:1]]
            if not sources and in_quotation(passage.paragraph.text, token.idx)
            else []
        )
        code = sources[-1].code if sources else next(iter([*going_on, *(p.code for p in passage.home)]), "")
        if code and not code.startswith("ORG:"):
            end = token.idx + len(token.text)
            passage.coref[token.i] = (Party(code, token.text, token.idx, end, "", "coref"),)


def _claims(article: Article, passage: Passage, thread: Thread) -> Iterator[Claim]:
    heard = voices(passage)
    _first_person(passage, heard, thread.speakers)
    coded = events(passage, thread, heard)
    for event in coded:
        yield from_event(article, passage, event, heard)
    for tie in ties(passage):
        if not any(e.trigger.i == tie.token.i for e in coded):
            yield from_tie(article, passage, tie, heard)
