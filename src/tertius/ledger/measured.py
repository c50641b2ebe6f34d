"""From a sentence to a number the ledger can reckon with: topic, interval, period, and what it rests on.

Runs after any extractor. A number that an extracted claim holds is written into that claim; one that no claim
holds becomes a statistic of its own, with the words around it as its span. What is meant by a phrase is in
`data/measured.yaml`. When in doubt there is no topic: a sentence that denies, promises, expects or supposes
anything gives no level, nor does the number that another is compared with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tertius.ledger.measured_levels import level_of, long_enough, needed, period_of
from tertius.ledger.measured_rules import (
    not_levels,
    not_this,
    oil,
    patterns,
    rules,
    voices,
    ways,
    year_before,
)
from tertius.ledger.measured_text import Tagged, sentences, unit_of
from tertius.ledger.record import Claim, Extent, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tertius.ledger.extract.protocol import Article
    from tertius.ledger.extract.quantities import Amount
    from tertius.ledger.record import Interval, Period

#: Rules of this version; a ledger reads a document again when they change.
VERSION = "measured-2"
_SURE_STAGE = frozenset({None, "shipped", "delivered", "suspended"})
_UNREAL = frozenset({"pledge", "threat", "forecast", "hypothetical", "open_question", "announcement"})
_SURE_CLAIM = 0.6  # below this a side of a claim was guessed
_NEXT = 60  # characters after a cargo in which it is said to be oil
_BEFORE = 40  # characters before a claim's words that may make its number no level
_CLAIMED = 0.6  # confidence of a number read from a claim's own parties
_OWN_FIRM = re.compile(
    r"\bstate(?:-\w+)? (?:oil |energy )?(?:company|firm|giant|producer|monopoly),? (?=(?-i:[<A-Z]))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A number with its meaning: what the rule found in one sentence."""

    rule: str
    confidence: float
    topic: str
    target: str
    supporter: str
    amount: Amount | None  # None where a word is the number ("halved")
    interval: Interval
    about: Period | None
    start: int  # characters of the sentence
    end: int


def measured(article: Article, claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims with their numbers measured, and the numbers that no claim holds; in text order.

    Parameters
    ----------
    article : the text the claims stand in.
    claims : what an extractor found in it; never changed but for the fields a number has.
    """
    found = list(claims)
    for sentence in sentences(article):
        for finding in findings(sentence, article.doc.published):
            here = [k for k, c in enumerate(found) if _inside(c, sentence)]
            if any(_unreal(found[k]) and _holds(found[k], finding) for k in here):
                continue
            fits = next((k for k in here if _fits(found[k], finding)), None)
            if fits is None:
                found.append(_statistic(article, sentence, finding, [found[k] for k in here]))
            else:
                found[fits] = found[fits].changed(**_fields(sentence, finding, found[fits].attribution))
        if _asks(sentence):
            continue
        for k in [k for k, c in enumerate(found) if _inside(c, sentence)]:
            own = _of_claim(sentence, article.doc.published, found[k])
            if own is not None and not any(c.topic == own.topic and _holds(c, own) for c in found):
                found[k] = found[k].changed(**_fields(sentence, own, found[k].attribution))
    unique = {claim.id: claim for claim in found}
    return sorted(unique.values(), key=lambda c: (c.span.start if c.span else 0, c.id))


# -- what a sentence says ------------------------------------------------------------------------------


def findings(sentence: Tagged, published: str) -> list[Finding]:
    """Every number of a sentence that a rule gives a topic; at most one topic for a number and a target."""
    if not _tells_levels(sentence):
        return []
    taken: set[tuple[int, str]] = set()
    found = []
    for name, gives, sure, pattern in patterns():
        for hit in pattern.finditer(sentence.tagged):
            for one in _read(sentence, published, name, gives, sure, hit):
                key = (one.start, one.topic)
                if key not in taken and not any(one.start == s for s, _ in taken):
                    taken.add(key)
                    found.append(one)
    level = {(f.target, f.supporter) for f in found if not f.topic.endswith("change_pct")}
    return [f for f in found if "sales" not in f.topic or (f.target, f.supporter) not in level]


def _tells_levels(sentence: Tagged) -> bool:
    """Whether a sentence asks, denies, promises or supposes nothing, nor speaks of a part; a state's own firm is no part."""
    return not _asks(sentence) and not not_levels().search(_OWN_FIRM.sub("", sentence.tagged))


def _asks(sentence: Tagged) -> bool:
    return sentence.text.rstrip('"”’»)').endswith("?")


def _read(
    sentence: Tagged, published: str, name: str, gives: str, sure: float, hit: re.Match[str]
) -> Iterator[Finding]:
    groups = hit.groupdict()
    if groups.get("n") and _compared(
        sentence.tagged[: hit.start("n")], change=bool(groups.get("down") or groups.get("up"))
    ):
        return
    near = hit.start("n") if groups.get("n") else hit.end()
    yield from _placed(sentence, published, name, gives, sure, groups, near)


def _placed(
    sentence: Tagged,
    published: str,
    name: str,
    gives: str,
    sure: float,
    groups: dict[str, str | None],
    near: int,
) -> Iterator[Finding]:
    """Findings of a phrase whose parties and number are known; `near` is where in the tagged sentence the number stands."""
    amount = _amount(sentence, groups.get("n"))
    for kind in _kinds(gives, groups):
        how = rules()["gives"][kind]
        sides = _sides(how, groups)
        if sides is None:
            continue
        target, supporter = sides
        about = period_of(sentence, near, published)
        topic = _topic(how, target, supporter, sentence)
        interval = level_of(topic, amount, groups, about)
        if interval is None or not long_enough(needed(how, sentence), about):
            continue
        if amount is not None:
            start, end = amount.start, amount.end
        else:
            start, end = _words(sentence, groups.get("turned") or groups.get("change") or "")
        yield Finding(name, sure, topic, target, supporter, amount, interval, about, start, end)


def _of_claim(sentence: Tagged, published: str, claim: Claim) -> Finding | None:
    """The number of a claim whose parties the extractor knows: "shipped 17,200 barrels a day to the island".

    Only a flow of oil, or a share of it, that is done, between one state and another, neither of them a guess, with the
    words for it all of one direction. What else the sentence says does not matter: the claim says how the act stands.
    """
    sides = [{a.code for a in side} for side in (claim.actors, claim.recipients)]
    plain = all(len(s) == 1 for s in sides) and claim.confidence >= _SURE_CLAIM and not _unreal(claim)
    if not plain or claim.event not in ("AID", "COOPERATE") or claim.topic or claim.span is None:
        return None
    start, end = claim.span.start - sentence.start, claim.span.end - sentence.start
    if not_levels().search(_OWN_FIRM.sub("", sentence.text[max(start - _BEFORE, 0) : end])):
        return None
    (one,), (other,) = sides
    held = {q.text for q in claim.quantities}
    for k, amount in enumerate(sentence.amounts):
        tag = f"#{k}:{unit_of(amount)}#"
        at = sentence.tagged.find(tag)
        taking, sending = (bool(words.search(sentence.text[: amount.start])) for words in ways())
        if taking == sending:
            continue
        buyer, seller = (one, other) if taking else (other, one)
        gives = (
            _given(sentence.tagged[at:], unit_of(amount), seller) if amount.text in held and at >= 0 else ""
        )
        if gives and not _compared(sentence.tagged[:at], change=False):
            groups: dict[str, str | None] = {"n": tag, "buyer": buyer, "seller": seller}
            return next(_placed(sentence, published, "crude.claim", gives, _CLAIMED, groups, at), None)
    return None


def _given(after: str, unit: str, seller: str) -> str:
    """What a number of a claim is, by its unit and what follows it: a flow of oil, or a share of the seller's."""
    if unit == "kbd" or (unit in ("kb", "t") and oil().search(after[:_NEXT])):
        return "flow"
    of_his = re.match(rf"#\d+:pct# of <{seller}>(?:['’]s?)?(?: [\w-]+){{0,3}}? (?:oil|crude)\b", after)
    return "share" if of_his else ""


def _kinds(gives: str, groups: dict[str, str | None]) -> list[str]:
    """A flow of oil to a state pressed for what it buys is a supply; goods between two are both's trade."""
    if gives == "flow":
        return ["supply"] if groups["buyer"] in rules()["importers"] else ["flow"]
    if gives == "flow_change":
        return [] if groups["buyer"] in rules()["importers"] else ["flow_change"]
    return ["goods_out", "goods_in"] if gives == "goods" else [gives]


def _sides(how: dict[str, str], groups: dict[str, str | None]) -> tuple[str, str] | None:
    """Target and supporter; None where it is no lifeline's trade."""
    pressed = rules()["pressed"]
    if how["target"] == "either":
        pair = (groups["seller"] or "", groups["buyer"] or "")
        targets = [c for c in pair if c in pressed]
        if len(targets) != 1:
            return None
        return targets[0], next(c for c in pair if c != targets[0])
    target, supporter = groups[how["target"]] or "", groups.get(how.get("supporter", "")) or ""
    if "discount" in how["topic"]:
        supporter = rules()["discount_to"].get(target, "")
    if target == supporter or target not in pressed:
        return None
    return target, supporter


def _topic(how: dict[str, str], target: str, supporter: str, sentence: Tagged) -> str:
    pattern = how["year"] if "year" in how and year_before().search(sentence.text) else how["topic"]
    key = pattern.replace("{T}", target)
    own: dict[str, str] = rules()["known_as"].get(key, {})
    return own.get(supporter) or own.get("") or key


def _amount(sentence: Tagged, tag: str | None) -> Amount | None:
    return sentence.amounts[int(tag[1 : tag.index(":")])] if tag else None


def _compared(before: str, *, change: bool) -> bool:
    """Whether the number is what another is compared with, or a change where a level is looked for."""
    hit = not_this().search(before.rstrip())
    return hit is not None and not (change and hit.group().startswith("by"))


def _words(sentence: Tagged, word: str) -> tuple[int, int]:
    at = max(sentence.text.lower().find(word.lower()), 0)
    return at, at + len(word)


# -- the record --------------------------------------------------------------------------------------------


def _inside(claim: Claim, sentence: Tagged) -> bool:
    return claim.span is not None and sentence.start <= claim.span.start < sentence.end


def _holds(claim: Claim, finding: Finding) -> bool:
    return finding.amount is not None and any(q.text == finding.amount.text for q in claim.quantities)


def _unreal(claim: Claim) -> bool:
    """Denied, promised, expected or supposed."""
    return claim.negated or claim.modality in _UNREAL or claim.stage not in _SURE_STAGE


def _fits(claim: Claim, finding: Finding) -> bool:
    """Whether a claim holds the number, has none yet, and names no other parties."""
    named = {a.code for a in (*claim.actors, *claim.recipients) if a.code}
    others = {c for c in (finding.target, finding.supporter) if c}
    return (
        _holds(claim, finding)
        and not claim.topic
        and claim.stage in _SURE_STAGE
        and others <= named | {""}
        and claim.supporter in ("", finding.supporter)
        and claim.target in ("", finding.target)
    )


def _statistic(article: Article, sentence: Tagged, finding: Finding, near: Sequence[Claim]) -> Claim:
    """A claim of its own; its span is the sentence, so that the words say who and when."""
    told = next((c.attribution for c in near if c.attribution), ())
    return Claim(
        doc=article.doc,
        span=Span(start=sentence.start, end=sentence.end, text=sentence.text),
        sentence=Extent(start=sentence.start, end=sentence.end),
        type="statistic",
        modality="assertion",
        quantities=(finding.amount.as_record(),) if finding.amount else (),
        key=f"{finding.topic}:{finding.supporter}:{finding.start}",
        **_fields(sentence, finding, told) | {"attribution": told or _heard(sentence)},
    )


def _fields(sentence: Tagged, finding: Finding, told: tuple[Source, ...]) -> dict[str, Any]:
    origin, basis = _voice(sentence, finding, told)
    return {
        "target": finding.target,
        "supporter": finding.supporter,
        "channel": _channel(finding),
        "stage": "delivered" if finding.supporter or finding.topic.endswith("_kbd") else None,
        "about": finding.about,
        "value": finding.interval,
        "topic": finding.topic,
        "origin": origin,
        "basis": basis,
        "rule": f"measured.{finding.rule}" + ("+taken_up" if sentence.taken_up else ""),
        "confidence": round(finding.confidence - 0.1 * ((basis == "reported") + sentence.taken_up), 3),
    }


def _channel(finding: Finding) -> str | None:
    """Crude of a state whose crude goes dark is shielded; what customs and statistics count is open."""
    if not finding.supporter:
        return None
    return "shielded" if finding.target in rules()["dark"] and not finding.topic.endswith("_bn") else "open"


def _voice(sentence: Tagged, finding: Finding, told: tuple[Source, ...]) -> tuple[str, str]:
    """Name under which it is one voice, and what the number rests on."""
    said = " ; ".join([sentence.tagged.replace("*", ""), *(s.name for s in told)])
    for row, pattern in voices():
        if pattern.search(said):
            name = row.get("name", "")
            if row.get("customs"):
                sides = (finding.supporter, finding.target)
                name = next((rules()["customs"][c] for c in sides if c in rules()["customs"]), "customs")
            return name, row["basis"]
    return "", "reported"


def _heard(sentence: Tagged) -> tuple[Source, ...]:
    """Tracker, agency or paper that the sentence names as speaking."""
    hit = re.search(
        r"(?:according to|by|citing) (?:[\w -]{0,30})?\*([^*]+)\*|\*([^*]+)\*(?: data| figures)? (?:said|show|report|estimate|put|count)",
        sentence.tagged,
    )
    return (Source(name=next(g for g in hit.groups() if g)),) if hit else ()
