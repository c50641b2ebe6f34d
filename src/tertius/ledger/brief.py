"""One page about a few articles: what is claimed, by whom, what contradicts what, with the sentences.

What the claims do to the leverage curve is computed by others: `brief` takes a function that returns the
finished `Effects`, so this module needs to know nothing about the engine.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tertius.errors import InputError
from tertius.ledger.conflict import conflicts
from tertius.ledger.extract import RuleExtractor
from tertius.ledger.extract.protocol import checked
from tertius.ledger.measured import measured

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tertius.ledger.conflict import Conflict
    from tertius.ledger.extract import Article, Extractor
    from tertius.ledger.record import Claim


@dataclass(frozen=True, slots=True)
class Effect:
    """What one claim does to an answer, in words of whoever computed it."""

    claim: str  # id; empty in the row of all claims together
    what: str
    before: str
    after: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Effects:
    """What the articles do to one assessment: the question, the rows, and why other claims do nothing."""

    question: str
    rows: tuple[Effect, ...]
    unused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One claim as the page shows it: the sentence, cut around its span."""

    claim: Claim
    before: str
    span: str
    after: str

    @property
    def who(self) -> str:
        """Sides, by code."""
        sides = [
            ", ".join(a.code or a.text for a in part) for part in (self.claim.actors, self.claim.recipients)
        ]
        return " → ".join(s or "?" for s in sides)

    @property
    def what(self) -> str:
        """Event or judgement in a few words."""
        claim = self.claim
        name = claim.event.lower() or (
            f"{claim.claim.predicate}: {claim.claim.value}" if claim.claim else claim.type
        )
        return " ".join(w for w in ("not" if claim.negated else "", name, _degree(claim)) if w)

    @property
    def how(self) -> str:
        """Words or deeds, and how it stands in the text."""
        return ", ".join(w for w in (self.claim.verbal_material, self.claim.modality.replace("_", " ")) if w)

    @property
    def when(self) -> str:
        """Date of the event as far as the text gives it."""
        date = self.claim.date
        if date is None or not date.start:
            return date.text if date else ""
        return date.start if date.start == date.end else f"{date.start} to {date.end}"

    @property
    def voices(self) -> str:
        """Attribution chain, outermost first."""
        return " → ".join(s.name for s in self.claim.attribution) or "the article"

    @property
    def amounts(self) -> str:
        """Numbers as written."""
        return "; ".join(q.text for q in self.claim.quantities)


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything the page shows."""

    articles: tuple[Article, ...]
    lines: tuple[Line, ...]
    conflicts: tuple[Conflict, ...]
    effects: Effects | None = None  # None where no assessment was asked for

    @property
    def undated(self) -> tuple[Article, ...]:
        """Articles without a date; their relative dates stay unresolved."""
        return tuple(a for a in self.articles if not a.doc.published)


def brief(
    articles: Sequence[Article],
    *,
    extractor: Extractor | None = None,
    others: Iterable[Claim] = (),
    effects: Callable[[Sequence[Claim]], Effects] | None = None,
) -> Brief:
    """Read articles and set their claims side by side.

    Parameters
    ----------
    others : claims of a ledger that the articles are held against.
    effects : computes what the claims change in an assessment; None where none was asked for.
    """
    reader = extractor or RuleExtractor()
    read = [
        line
        for article in articles
        for line in lines(article, checked(article, measured(article, reader.extract(article))))
    ]
    claims = [line.claim for line in read]
    mine = {claim.id for claim in claims}
    known = [claim for claim in others if claim.id not in mine]
    found = [c for c in conflicts([*known, *claims]) if any(claim.id in mine for claim in c.claims)]
    return Brief(tuple(articles), tuple(read), tuple(found), effects(claims) if effects else None)


def page(content: Brief) -> str:
    """HTML of a brief: one self-contained page without scripts; text from outside is escaped."""
    from jinja2 import Environment, StrictUndefined

    source = Path(__file__).with_name("brief.html.j2").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(source).render(brief=content, groups=_grouped(content.lines))


def write(content: Brief, path: Path) -> Path:
    """Write the page; the old one stays whole until the new one is complete.

    Raises
    ------
    InputError : the path cannot be written.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_text(page(content), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    return path


def lines(article: Article, claims: Iterable[Claim]) -> list[Line]:
    """Claims with their sentences."""
    return [_line(article.text, claim) for claim in claims]


def _line(text: str, claim: Claim) -> Line:
    assert claim.span is not None
    start, end = claim.span.start, claim.span.end
    first, last = (claim.sentence.start, claim.sentence.end) if claim.sentence else (start, end)
    return Line(claim, text[min(first, start) : start], text[start:end], text[end : max(last, end)])


def _grouped(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """Lines by who is involved with whom, the pairs with most claims first."""
    groups: dict[str, list[Line]] = {}
    for line in lines:
        codes = sorted({a.code or a.text for a in (*line.claim.actors, *line.claim.recipients)})
        groups.setdefault(" · ".join(codes), []).append(line)
    return sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))


def _degree(claim: Claim) -> str:
    return f"({claim.degree})" if claim.degree and claim.degree != "none" else ""
