"""A sentence with tags for who, how much and when, the form that the rules of `measured` are written for.

China's purchases of Iranian crude fell by half in January to 690,000 barrels a day, Kpler said.
<CHN>'s purchases of <IRN> crude fell by half @0@ to #0:kbd#, *Kpler* said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from tertius.ledger.extract.actors import SOURCES_ONLY, mentions
from tertius.ledger.extract.dates import dates
from tertius.ledger.extract.quantities import Amount, amounts
from tertius.ledger.extract.text import dateline, paragraphs
from tertius.ledger.measured_rules import flows, rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tertius.ledger.extract.dates import DateMention
    from tertius.ledger.extract.protocol import Article

_END = re.compile(r"(?<![A-Z])[.!?][\"”’»)\]]*\s+(?=[\"“‘«(]?[A-Z0-9])")
_BEFORE_DATE = re.compile(r"\b(?:in|during|for|over|throughout|on)\s+$", re.IGNORECASE)
# Without a number and one of these words no rule can fit, and the sentence need not be tagged.
_NUMBER = re.compile(r"\d|halv|half|doubl|tripl|trebl|third|quarter", re.IGNORECASE)
_MATTER = re.compile(
    r"oil|crude|barrel|fuel|petrol|diesel|gasoline|trade|export|import|gdp|gross domestic|economy|fleet|discount|"
    r"stock|reserve|inventor|condensate|\bb/d\b|\bbpd\b|\bmb/d\b",
    re.IGNORECASE,
)
_PACE = re.compile(
    r"(?: of(?: [\w-]+){1,4}?)?(?P<pace> (?:(?:a|per|each|every) (?P<per>day|week|month|year)|(?P<daily>daily))\b)"
    r"(?! (?:earlier|later|ago|before))"
)
_TAKEN_UP = re.compile(rf"\b{rules()['taken_up']}\b(?! (?:of|from|to|into|by)\b)", re.IGNORECASE)
_MEMORY = 3  # sentences on the matter for which a flow is remembered
_AGENCY = re.compile(r"\b(?P<n>\d+(?:\.\d+)?)\s?(?P<unit>mb/d|mbd|mbpd|kb/d|kbd|kbpd)\b")
_STATE = re.compile(r"[A-Z]{3}\Z")


@dataclass(frozen=True, slots=True)
class Tagged:
    """One sentence: its place in the article, its words, its tagged form, and what the tags stand for."""

    start: int
    text: str
    tagged: str
    amounts: tuple[Amount, ...]
    dates: tuple[DateMention, ...]
    taken_up: bool = False  # whether its flow is that of a sentence before

    @property
    def end(self) -> int:
        """Position after the last character."""
        return self.start + len(self.text)


def sentences(article: Article) -> Iterator[Tagged]:
    """Sentences on oil, trade or the economy, tagged; notices and boilerplate are left out.

    One that names no state is given the flow of the sentences before, where it takes it up by a bare noun
    ("Arrivals averaged ..."); `taken_up` marks it.
    """
    flow, age = "", 0
    published = date.fromisoformat(article.doc.published) if len(article.doc.published) == 10 else None
    for piece in paragraphs(article.text):
        if piece.kind not in ("body", "caption"):
            continue
        last: DateMention | None = None
        for start, end in _cut(piece.text, dateline(piece.text)):
            if not _MATTER.search(piece.text, start, end) and not _TAKEN_UP.search(piece.text, start, end):
                continue
            one = _tag(piece.start + start, piece.text[start:end], published, last)
            last = one.dates[-1] if one.dates else last
            age += 1
            if phrase := _flow(one.tagged):
                flow, age = phrase, 0
            if _NUMBER.search(one.text):
                yield _taken_up(one, flow) if flow and age <= _MEMORY and "<" not in one.tagged else one


def _flow(tagged: str) -> str:
    """The flow a sentence speaks of, as a phrase the rules know; empty where there is none or more than one."""
    found = {(hit["seller"], hit["buyer"]) for pattern in flows() for hit in pattern.finditer(tagged)}
    if len(found) != 1:
        return ""
    seller, buyer = found.pop()
    return f"<{buyer}>'s imports of <{seller}> crude"


def _taken_up(sentence: Tagged, flow: str) -> Tagged:
    tagged, count = _TAKEN_UP.subn(flow, sentence.tagged, count=1)
    return replace(sentence, tagged=tagged, taken_up=bool(count))


def _cut(text: str, start: int) -> Iterator[tuple[int, int]]:
    for gap in _END.finditer(text, start):
        yield start, gap.end() - (len(gap.group()) - len(gap.group().rstrip()))
        start = gap.end()
    if text[start:].strip():
        yield start, len(text)


def _tag(start: int, text: str, published: date | None, last: DateMention | None) -> Tagged:
    when = tuple(dates(text, published, last))
    days = [(d.start, d.end) for d in when]
    trade = [_agency(hit) for hit in _AGENCY.finditer(text)]
    found = amounts(text, [*days, *((a.start, a.end) for a in trade)])
    much = tuple(_paced(a, text) for a in sorted([*found, *trade], key=lambda a: a.start))
    marks = [(*hit.span("pace"), "") for a in much if (hit := _pace(a, text))]
    marks += [(d.start, d.end, f"@{k}@") for k, d in enumerate(when)]
    marks += [(a.start, a.end, f"#{k}:{unit_of(a)}#") for k, a in enumerate(much)]
    marks += [(m.start, m.end, mark) for m in mentions(text) if (mark := _who(m.code, m.name.kind, m.text))]
    return Tagged(start, text, _written(text, marks), much, when)


def _agency(hit: re.Match[str]) -> Amount:
    """A flow in the agencies' own units, "0.7 mb/d"."""
    scale = 1e6 if hit["unit"].startswith("m") else 1e3
    return Amount(
        hit.start(), hit.end(), hit.group(), float(f"{float(hit['n']) * scale:.12g}"), None, None, "bbl/d"
    )


def _paced(amount: Amount, text: str) -> Amount:
    """A volume with its pace behind the cargo: "6,000 barrels of fuel a day" is a flow."""
    hit = _pace(amount, text)
    return replace(amount, per=hit.group("per") or "day") if hit else amount


def _pace(amount: Amount, text: str) -> re.Match[str] | None:
    return _PACE.match(text, amount.end) if amount.unit in ("bbl", "t") else None


def _who(code: str, kind: str, text: str) -> str:
    if kind in SOURCES_ONLY:
        return f"*{text}*"
    if kind == "company" and text not in rules()["stand_for"]:
        return ""  # what a firm buys is not what its state buys
    return f"<{code}>" if _STATE.match(code) else ""


def _written(text: str, marks: list[tuple[int, int, str]]) -> str:
    """Put the marks in place; the preposition of a date goes with it, and of overlapping marks the longer stays."""
    out, at = [], 0
    for start, end, mark in sorted(marks, key=lambda m: (m[0], -m[1])):
        if start < at:
            continue
        before = text[at:start]
        out += [_BEFORE_DATE.sub("", before) if mark.startswith("@") else before, mark]
        at = end
    return re.sub(r"\s+", " ", "".join([*out, text[at:]]))


def unit_of(amount: Amount) -> str:
    """Tag of a number's unit; "count" for what the ledger has no unit for."""
    name = f"{amount.unit}/{amount.per}" if amount.per == "bbl" else amount.unit
    if (amount.unit, amount.per) == ("bbl", "day"):
        name = "bbl/d"
    row = rules()["units"].get(name)
    return str(row["tag"]) if row else "count"
