"""Precision and recall per field against a hand-coded gold file.

A coded event counts when its span overlaps a gold event and its type is the gold's type or one of its
alternatives; each gold event is matched once. What the gold marks optional counts neither way.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tertius.errors import DataError
from tertius.ledger.extract.protocol import Article
from tertius.ledger.extract.rules import RuleExtractor, passages
from tertius.ledger.record import Doc

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tertius.ledger.extract.parties import Passage
    from tertius.ledger.extract.protocol import Extractor
    from tertius.ledger.record import Claim

Gold = dict[str, Any]


@dataclass(slots=True)
class Tally:
    """True positives, false positives and false negatives of one field."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of what was said that is right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of what is there that was said."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(slots=True)
class Scores:
    """Tallies by field, gate violations, and the misses in words."""

    fields: dict[str, Tally] = field(default_factory=dict)
    denied_coded: int = 0
    denied_as_support: int = 0
    errors: list[str] = field(default_factory=list)

    def of(self, name: str) -> Tally:
        """Tally of a field, created on first use."""
        return self.fields.setdefault(name, Tally())

    def hit(self, name: str, *, right: bool) -> None:
        """Count one single-valued answer."""
        tally = self.of(name)
        tally.right += right
        tally.wrong += not right
        tally.missed += not right

    def table(self) -> str:
        """One line per field."""
        rows = [
            f"{name:24} P {t.precision:.2f}  R {t.recall:.2f}  F1 {t.f1:.2f}   "
            f"({t.right} right, {t.wrong} wrong, {t.missed} missed)"
            for name, t in self.fields.items()
        ]
        return "\n".join(
            [
                *rows,
                f"gates: {self.denied_coded} denied acts coded as done, {self.denied_as_support} as support",
            ]
        )


def load(path: Path, articles: Path | None = None) -> tuple[Gold, Article]:
    """Read a gold file and its text; the text must be the one that was coded.

    Raises
    ------
    DataError : the text is missing or differs from the one that was coded.
    """
    gold: Gold = json.loads(path.read_text(encoding="utf-8"))
    inside = path.parent / Path(gold["file"]).name
    text_path = inside if inside.exists() else (articles or path.parent) / Path(gold["file"]).name
    try:
        raw = text_path.read_bytes()
    except OSError as error:
        raise DataError(f"{text_path}: {error.strerror}; it holds the text that {path.name} codes") from None
    import hashlib

    if hashlib.sha256(raw).hexdigest() != gold["sha256"]:
        raise DataError(f"{text_path} is not the text that {path.name} codes")
    name = path.name.removesuffix(".gold.json")
    return gold, Article(Doc(id=name, published=gold["published"]), raw.decode("utf-8"))


def load_folder(folder: Path, articles: Path | None = None) -> list[tuple[Gold, Article]]:
    """Read every gold file of a folder, and its `sentences.jsonl`: a sentence is a text of its own.

    Parameters
    ----------
    articles : where texts lie that are not beside their gold file.

    Raises
    ------
    DataError : a text is missing or differs from the one that was coded.
    """
    golds = [load(path, articles) for path in sorted(folder.glob("*.gold.json"))]
    lines = folder / "sentences.jsonl"
    coded = lines.read_text(encoding="utf-8").splitlines() if lines.exists() else []
    sentences: list[Gold] = [json.loads(line) for line in coded]
    return golds + [(g, Article(Doc(id=g["id"], published=g["published"]), g["text"])) for g in sentences]


def score(golds: Iterable[tuple[Gold, Article]], extractor: Extractor | None = None) -> Scores:
    """Scores over several texts together."""
    scores = Scores()
    reader = extractor or RuleExtractor()
    for gold, article in golds:
        claims = [c for c in reader.extract(article) if c.event]
        _events(scores, gold, article, claims)
        read = passages(article)
        _dates(scores, gold, article, read)
        _amounts(scores, gold, article, read)
        _mentions(scores, gold, article, read)
    return scores


# --- events ------------------------------------------------------------


def _events(scores: Scores, gold: Gold, article: Article, claims: Sequence[Claim]) -> None:
    wanted: list[Gold] = gold["events"]
    pairs = _matching(wanted, claims)
    matched = {id(claim) for _, claim in pairs}
    for claim in claims:
        if id(claim) not in matched:
            scores.of("event").wrong += 1
            scores.of("dyad").wrong += len(_dyads(_codes(claim.actors), _codes(claim.recipients)))
            scores.errors.append(f"{article.doc.id}: extra {_show(claim)}")
    found = {id(event) for event, _ in pairs}
    for event in wanted:
        if id(event) not in found and not _free(event):
            scores.of("event").missed += 1
            scores.of("dyad").missed += len(_dyads(set(event["actors"]), set(event["recipients"])))
            scores.errors.append(f"{article.doc.id}: missed {event['event']} {_text(article, event)!r}")
    for event, claim in pairs:
        _gates(scores, event, claim)
        if not _free(event):
            scores.of("event").right += 1
            _sides(scores, article, event, claim)
            _fields(scores, article, event, claim)


def _free(event: Gold) -> bool:
    """Whether the gold leaves it open to code this."""
    return bool(event["optional"]) or not event["event"]


def _matching(wanted: list[Gold], claims: Sequence[Claim]) -> list[tuple[Gold, Claim]]:
    """Match one to one, greedily: required before optional, the type itself before alternatives."""
    options: list[tuple[bool, bool, int, int, int, Gold, Claim]] = []
    for event in wanted:
        for claim in claims:
            shared = _overlap(event["span"], claim)
            allowed = claim.event == event["event"] or claim.event in event["alt"]
            if shared > 0 and allowed:
                same = claim.event == event["event"]
                options.append(
                    (_free(event), not same, -shared, event["span"][0], len(options), event, claim)
                )
    pairs, taken = [], set[int]()
    for *_, event, claim in sorted(options, key=lambda o: o[:5]):
        if id(event) not in taken and id(claim) not in taken:
            taken |= {id(event), id(claim)}
            pairs.append((event, claim))
    return pairs


def _overlap(span: list[int], claim: Claim) -> int:
    assert claim.span is not None
    return min(span[1], claim.span.end) - max(span[0], claim.span.start)


def _gates(scores: Scores, event: Gold, claim: Claim) -> None:
    # refusing is the denial itself, coded as what it is
    denied = event["negated"] and not claim.negated and claim.event != "REJECT"
    scores.denied_coded += denied
    polarity = claim.support.polarity if claim.support else "none"
    scores.denied_as_support += event["negated"] and polarity == "support"
    if denied:
        scores.errors.append(f"{claim.doc.id}: GATE not negated: {_show(claim)}")


def _codes(parties: Iterable[Any]) -> set[str]:
    return {p.code for p in parties}


def _dyads(sources: set[str], targets: set[str]) -> set[tuple[str, str]]:
    """Pairs of different sides; a mutual act gives each pair once, an unknown side is `*`."""
    if sources == targets and len(sources) > 1:
        return {(a, b) for a in sources for b in targets if a < b}
    return {(a, b) for a in sources or {"*"} for b in targets or {"*"}}


def _sides(scores: Scores, article: Article, event: Gold, claim: Claim) -> None:
    want = _dyads(set(event["actors"]), set(event["recipients"]))
    have = _dyads(_codes(claim.actors), _codes(claim.recipients))
    if set(event["actors"]) == set(event["recipients"]) or _codes(claim.actors) == _codes(claim.recipients):
        want, have = _unordered(want), _unordered(have)
    if any("*" in pair for pair in want):  # the gold names one side only: the other is not scored
        want, have = _known_side(event, want), _known_side(event, have)
    tally = scores.of("dyad")
    tally.right += len(want & have)
    tally.wrong += len(have - want)
    tally.missed += len(want - have)
    if want != have:
        scores.errors.append(f"{article.doc.id}: sides {sorted(have)} not {sorted(want)}: {_show(claim)}")
    for name, given, coded in (
        ("source", event["actors"], claim.actors),
        ("target", event["recipients"], claim.recipients),
    ):
        if given:
            scores.hit(name, right=bool(set(given) & _codes(coded)))


def _unordered(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(min(p), max(p)) for p in pairs}


def _known_side(event: Gold, pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    place = 0 if event["actors"] else 1
    return {(p[0], "*") if place == 0 else ("*", p[1]) for p in pairs}


def _fields(scores: Scores, article: Article, event: Gold, claim: Claim) -> None:
    negation = scores.of("negated")
    negation.right += event["negated"] and claim.negated
    negation.wrong += claim.negated and not event["negated"]
    negation.missed += event["negated"] and not claim.negated
    if claim.negated and not event["negated"]:
        scores.errors.append(f"{article.doc.id}: negated but is not: {_show(claim)}")
    if event["verbal_material"]:
        scores.hit("verbal/material", right=claim.verbal_material == event["verbal_material"])
    if event["modality"]:
        # whether a reported act is an act or an assertion is the coder's taste
        same = {claim.modality, event["modality"]} <= {"act", "assertion"} or claim.modality == event[
            "modality"
        ]
        scores.hit("modality", right=same)
        if not same:
            scores.errors.append(f"{article.doc.id}: modality not {event['modality']}: {_show(claim)}")
    polarity = claim.support.polarity if claim.support else ""
    if event["polarity"]:
        scores.hit("polarity", right=polarity == event["polarity"])
    _speaker(scores, article, event, claim)
    if "date" in event:
        first, _, last = event["date"].partition("/")
        right = claim.date is not None and (claim.date.start, claim.date.end) == (first, last or first)
        scores.hit("event date", right=right)
        if not right:
            scores.errors.append(f"{article.doc.id}: date not {event['date']}: {claim.date} {_show(claim)}")


def _speaker(scores: Scores, article: Article, event: Gold, claim: Claim) -> None:
    tally = scores.of("last speaker")
    said = claim.attribution[-1] if claim.attribution else None
    want = event.get("speaker")
    if want is None:
        tally.wrong += said is not None
    elif said is None:
        tally.missed += 1
    else:
        near = said.span is not None and min(want["span"][1], said.span.end) > max(
            want["span"][0], said.span.start
        )
        right = near or (bool(want["code"]) and want["code"] == said.code)
        tally.right += right
        tally.wrong += not right
        tally.missed += not right
        if right:
            return
    if want is not None or said is not None:
        wanted = article.text[slice(*want["span"])] if want else "nobody"
        scores.errors.append(
            f"{article.doc.id}: speaker {said.name if said else None!r} not {wanted!r}: {_show(claim)}"
        )


# --- expressions ------------------------------------------------------------


def _near(span: list[int], start: int, end: int) -> bool:
    return min(span[1], end) > max(span[0], start)


def _dates(scores: Scores, gold: Gold, article: Article, read: list[Passage]) -> None:
    found = [(p.paragraph.start + d.start, p.paragraph.start + d.end, d) for p in read for d in p.dates]
    tally = scores.of("date expressions")
    for want in gold["dates"]:
        hits = [d for a, b, d in found if _near(want["span"], a, b)]
        right = any((d.first, d.last) == (want["start"], want["end"]) for d in hits)
        tally.right += right
        tally.missed += not right
        if not right:
            scores.errors.append(f"{article.doc.id}: date {_text(article, want)!r} {want['start']}: {hits}")
    extra = [d for a, b, d in found if not any(_near(w["span"], a, b) for w in gold["dates"])]
    tally.wrong += len(extra)


def _amounts(scores: Scores, gold: Gold, article: Article, read: list[Passage]) -> None:
    found = [(p.paragraph.start + q.start, p.paragraph.start + q.end, q) for p in read for q in p.amounts]
    for want in gold["quantities"]:
        name = "money, per cent" if want["unit"][:3].isupper() or want["unit"] == "%" else "other amounts"
        hits = [q for a, b, q in found if _near(want["span"], a, b)]
        right = any(_same_amount(want, q.value, f"{q.unit}/{q.per}" if q.per else q.unit) for q in hits)
        scores.of(name).right += right
        scores.of(name).missed += not right
        if not right:
            scores.errors.append(f"{article.doc.id}: amount {_text(article, want)!r}: {hits}")
        elif want["comparator"] != ".":
            scores.hit("comparator", right=any(q.comparator == want["comparator"] for q in hits))
    for a, b, q in found:
        if not any(_near(w["span"], a, b) for w in gold["quantities"]):
            name = "money, per cent" if q.unit.isupper() or q.unit == "%" else "other amounts"
            scores.of(name).wrong += 1
            scores.errors.append(f"{article.doc.id}: extra amount {q.text!r}")


def _same_amount(want: Gold, value: float | None, unit: str) -> bool:
    if want["value"] is None:
        return True
    same = value is not None and abs(value - want["value"]) <= 1e-6 * max(abs(want["value"]), 1)
    sum_of_money = (
        want["unit"] == unit.partition("/")[0] and want["unit"].isupper()
    )  # coders leave out its pace
    return same and (want["unit"] in (".", unit) or sum_of_money)


def _mentions(scores: Scores, gold: Gold, article: Article, read: list[Passage]) -> None:
    found = {
        (p.paragraph.start + m.start, p.paragraph.start + m.end, m.code)
        for p in read
        for many in p.names.values()
        for m in many
    }
    tally = scores.of("country mentions")
    for start, end, code in gold["mentions"]:
        right = any(_near([start, end], a, b) and code == c for a, b, c in found)
        tally.right += right
        tally.missed += not right
        if not right:
            scores.errors.append(f"{article.doc.id}: mention {article.text[start:end]!r} at {start}")
    named = {"name", "adj", "place", "dateline"}
    found = {
        (p.paragraph.start + m.start, p.paragraph.start + m.end, m.code)
        for p in read
        for many in p.names.values()
        for m in many
        if m.name.kind in named
    }
    tally.wrong += sum(
        len(c) == 3 and not any(_near(w[:2], a, b) for w in gold["mentions"]) for a, b, c in found
    )


def _text(article: Article, item: Gold) -> str:
    return article.text[slice(*item["span"])]


def _show(claim: Claim) -> str:
    sides = f"{','.join(a.code for a in claim.actors)}>{','.join(a.code for a in claim.recipients)}"
    text = claim.span.text if claim.span else ""
    return f"{claim.event} {sides} {text!r} [{claim.rule}]"
