"""Paragraphs of an article, with what each is: body, caption, translation notice or boilerplate.

Parsing by paragraph keeps a closing quotation mark from being glued to the next sentence. Positions are
characters of the document's text throughout; nothing is normalised, so every span stays verbatim.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from tertius.ledger.extract.lexicon import boilerplate_patterns

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["body", "caption", "notice", "boilerplate"]
LONGEST = 6_000  # characters given to the parser at once; longer paragraphs are cut at a sentence end
_SENTENCE = 1_500  # characters without a sentence end; the time for one grows with the square of its length

_BLANK = re.compile(r"\n[^\S\n]*\n\s*|\r\n\s*\r\n\s*")
_LINE_END = re.compile(r"[.!?][\"”’»)\]]*\s*$")
_STARTS_ANEW = re.compile(r"[\"“‘«(※*\[]?\s?[A-Z0-9À-Þ©]")
_SENTENCE_END = re.compile(r"[.!?][\"”’»)\]]*\s+(?=[\"“‘«(]?[A-Z])")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph: `text` is the document's text from `start` on, unchanged."""

    start: int
    text: str
    kind: Kind = "body"

    @property
    def end(self) -> int:
        """Position after the last character."""
        return self.start + len(self.text)


def paragraphs(text: str) -> list[Paragraph]:
    """Split a text; blank lines part paragraphs, and so does a line break after a finished sentence."""
    pieces = (
        piece for block in _blocks(text) for line in _lines(text, *block) for piece in _cut(text, *line)
    )
    return [Paragraph(a, text[a:b], kind_of(text[a:b])) for a, b in pieces]


def kind_of(text: str) -> Kind:
    """Say what a paragraph is, by the patterns of `boilerplate.yaml`."""
    line = text.strip()
    for kind in ("notice", "caption", "boilerplate"):
        if len(line) < 400 and any(p.search(line) for p in boilerplate_patterns()[kind]):
            return kind
    return "body"


_DATELINE = re.compile(
    r"(?P<line>[A-Z][A-Z.'-]+(?:[ ,/]+[A-Z][A-Za-z.'-]+){0,4}(?:,? +\d{1,2})?(?: \([A-Za-z/ ]+\))?)"
    r" ?[-–—] ?(?=[A-Z\"“])"
)


def dateline(text: str) -> int:
    """Return the length of a dateline ("SEOUL, May 6 - "), whose place is only where the reporter sat."""
    hit = _DATELINE.match(text)
    return hit.end() if hit and len(hit.group("line").split()[0].strip(",.")) > 2 else 0


def is_translated(pieces: list[Paragraph]) -> bool:
    """Whether the article says of itself that it is a translation."""
    return any(p.kind == "notice" for p in pieces)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for gap in _BLANK.finditer(text):
        yield start, gap.start()
        start = gap.end()
    yield start, len(text)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Part a block at line breaks, except where a hard-wrapped sentence runs on."""
    begin, wrapped = start, _is_wrapped(text[start:end])
    for hit in re.finditer(r"\n", text[start:end]):
        at = start + hit.start()
        after = text[at + 1 : end].lstrip()
        if (not wrapped or _LINE_END.search(text[begin:at])) and _STARTS_ANEW.match(after):
            yield from _trimmed(text, begin, at)
            begin = at + 1
    yield from _trimmed(text, begin, end)


def _is_wrapped(block: str) -> bool:
    """Whether line breaks only fill a column: most lines stop in the middle of a sentence, none is long."""
    lines = block.split("\n")
    unfinished = sum(not _LINE_END.search(line) for line in lines[:-1])
    return len(lines) > 2 and unfinished > len(lines) / 2 and max(map(len, lines)) <= 100


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    if piece.strip():
        yield start + left, start + len(piece.rstrip())


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut what is too long for the parser, at a sentence end where there is one."""
    while end - start > _SENTENCE:
        limit = min(end, start + LONGEST)
        ends = [m.end() for m in _SENTENCE_END.finditer(text, start, limit)]
        at = _too_long(text, [start, *ends, limit]) or (ends[-1] if ends and limit < end else limit)
        yield from _trimmed(text, start, at)
        start = at
    yield from _trimmed(text, start, end)


def _too_long(text: str, ends: list[int]) -> int:
    """Where to cut the first sentence that no one would write; 0 when there is none."""
    for start, end in pairwise(ends):
        if end - start > _SENTENCE:
            space = text.rfind(" ", start, start + _SENTENCE)
            return space if space > start else start + _SENTENCE
    return 0
