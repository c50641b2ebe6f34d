"""Where written sentences end: the parser often runs a quotation into its neighbours; punctuation does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_ENDS = frozenset((".", "?", "!", "…", "..."))
_CLOSING = frozenset(('"', "”", "’", "'", "»", ")", "''"))


def statements(doc: Doc) -> list[int]:
    """Return the number of its written sentence for every token, kept with the document."""
    try:
        found: list[int] = doc.user_data["statements"]
    except KeyError:
        found = doc.user_data["statements"] = _counted(doc)
    return found


def _counted(doc: Doc) -> list[int]:
    found, count, ended = [], 0, False
    for token in doc:
        opens = not token.is_punct or token.text in ("“", "„", "«", "‘", "•") or token.whitespace_ == ""
        if ended and not (token.text in _CLOSING and not _spaced(token)) and opens:
            starts = (
                token.text[:1].isupper() or token.text[:1].isdigit() or token.is_punct or token.text == "$"
            )
            count += starts
            ended = False
        found.append(count)
        if token.text in _ENDS:
            ended = True
        elif not token.is_space and not (ended and token.text in _CLOSING):
            ended = False
    return found


def _spaced(token: Token) -> bool:
    """Whether a blank stands before a token, as before a quotation that opens."""
    return token.i > 0 and bool(token.nbor(-1).whitespace_)


def same_statement(one: Token, other: Token) -> bool:
    """Whether two tokens stand in the same written sentence."""
    numbers = statements(one.doc)
    return numbers[one.i] == numbers[other.i]


def in_quotation(text: str, place: int) -> bool:
    """Whether a quotation is open at a place of a paragraph."""
    before = text[:place]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1
