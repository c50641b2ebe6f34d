"""From a sentence to a number the ledger can reckon with: topic, interval, period, and what it rests on.

Runs after any extractor. A number that an extracted claim holds is written into that claim; one that no claim
holds becomes a statistic of its own, with the words around it as its span. What is meant by a phrase is in
`data/measured.yaml`. When in doubt there is no topic: a sentence that denies, promises, expects or supposes
anything gives no level, nor does the number that another is compared with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tertius.ledger.measured_rules import (
    habit,
    not_levels,
    not_this,
    now,
    oil,
    patterns,
    rules,
    voices,
    ways,
    year_before,
)
from tertius.ledger.measured_text import Tagged, sentences, unit_of
from tertius.ledger.record import Claim, Extent, Interval, Period, Source, Span, first_day, last_day
from tertius.ledger.topics import topics

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tertius.ledger.extract.dates import DateMention
    from tertius.ledger.extract.protocol import Article
    from tertius.ledger.extract.quantities import Amount

#: Rules of this version; a ledger reads a document again when they change.
VERSION = "measured-2"
_SURE_STAGE = frozenset({None, "shipped", "delivered", "suspended"})
_UNREAL = frozenset({"pledge", "threat", "forecast", "hypothetical", "open_question", "announcement"})
_DIGITS = 12
_SURE_CLAIM = 0.6  # below this a side of a claim was guessed
_NEXT = 60  # characters after a cargo in which it is said to be oil
_CLAIMED = 0.6  # confidence of a number read from a claim's own parties
_PACES = {"": 0.0, "day": 1.0, "week": 7.0, "month": 30.4, "year": 365.0}  # days; 0 is the stated period
_OWN_FIRM = re.compile(
    r"\bstate(?:-\w+)? (?:oil |energy )?(?:company|firm|giant|producer|monopoly),? (?=<)", re.IGNORECASE
)
_YEAR_PAST = re.compile(
    r"\b(?:over|in|during) the (?:past|last) (?:year|12 months|twelve months)\b", re.IGNORECASE
)
_FROM = re.compile(r"\b(?:from|than|compared|versus|half of)\b")  # what follows is another time
_COMPARED_DATE = re.compile(r"\b(?:from|than|against|versus|vs|compared (?:with|to))\s*$")
_OPEN = frozenset({"since", "before", "after", "until", "by", "till"})  # of dates that bound no period


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
        if not _tells_levels(sentence):
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
    asks = sentence.text.rstrip('"”’»)').endswith("?")
    return not asks and not not_levels().search(_OWN_FIRM.sub("", sentence.tagged))


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
        about = _period(sentence, near, published)
        topic = _topic(how, target, supporter, sentence)
        interval = _interval(topic, amount, groups, about)
        if interval is None or not _long_enough(_needs(how, sentence), about):
            continue
        if amount is not None:
            start, end = amount.start, amount.end
        else:
            start, end = _words(sentence, groups.get("turned") or groups.get("change") or "")
        yield Finding(name, sure, topic, target, supporter, amount, interval, about, start, end)


def _of_claim(sentence: Tagged, published: str, claim: Claim) -> Finding | None:
    """The number of a claim whose parties the extractor knows: "shipped 17,200 barrels a day to the island".

    Only a flow of oil that is done, between one state and another, neither of them a guess, with the words for it all
    of one direction.
    """
    sides = [{a.code for a in side} for side in (claim.actors, claim.recipients)]
    plain = all(len(s) == 1 for s in sides) and claim.confidence >= _SURE_CLAIM and not _unreal(claim)
    if not plain or claim.event not in ("AID", "COOPERATE") or claim.topic or claim.span is None:
        return None
    before = sentence.text[: claim.span.end - sentence.start]
    taking, sending = (bool(words.search(before)) for words in ways())
    held = {q.text for q in claim.quantities}
    for k, amount in enumerate(sentence.amounts):
        tag = f"#{k}:{unit_of(amount)}#"
        at = sentence.tagged.find(tag)
        of_oil = unit_of(amount) == "kbd" or (
            unit_of(amount) in ("kb", "t") and oil().search(sentence.tagged[at : at + _NEXT])
        )
        if amount.text not in held or taking == sending or at < 0 or not of_oil:
            continue
        if _compared(sentence.tagged[:at], change=False):
            continue
        (one,), (other,) = sides
        groups: dict[str, str | None] = {
            "n": tag,
            "buyer": one if taking else other,
            "seller": other if taking else one,
        }
        return next(_placed(sentence, published, "crude.claim", "flow", _CLAIMED, groups, at), None)
    return None


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


# -- when ------------------------------------------------------------------------------------------------


def _period(sentence: Tagged, near: int, published: str) -> Period | None:
    """Period of the nearest date that is not one of comparison; "now" is the month of the article."""
    known = [
        (k, d)
        for k, d in enumerate(sentence.dates)
        if d.first and d.precision != "none" and d.cue not in _OPEN
    ]
    places = {k: sentence.tagged.find(f"@{k}@") for k, _ in known}
    fit = [
        (abs(places[k] - near), k, d)
        for k, d in known
        if not _COMPARED_DATE.search(sentence.tagged[: places[k]])
        and not _FROM.search(sentence.tagged[near : max(places[k], near)])
    ]
    if fit:
        return _told(min(fit, key=lambda x: x[:2])[2], published)
    if len(published) == 10 and _YEAR_PAST.search(sentence.tagged):
        day = date.fromisoformat(published)
        start = day - timedelta(days=365)
        return Period(start=start.isoformat(), end=published, text="the past year")
    if published and now().search(sentence.tagged):
        return Period(start=published[:7], end=published[:7], text="now")
    return None


def _told(when: DateMention, published: str) -> Period:
    """A period that is still running ends on the day of the article."""
    running = published and (last_day(when.last) or last_day(published)) > last_day(published)  # type: ignore[operator]
    return Period(start=when.first, end=published if running else when.last, text=when.text)


def _needs(how: dict[str, str], sentence: Tagged) -> str:
    """What period a topic needs; a habit needs none where the sentence names none."""
    needs = how.get("needs", "")
    if needs != "habit":
        return needs
    return "" if not sentence.dates and habit().search(sentence.tagged) else "period"


def _long_enough(needs: str, about: Period | None) -> bool:
    """A flow needs a period of at least four weeks, a year's value one of ten months; others none."""
    if not needs:
        return True
    return about is not None and _days(about) >= (300 if needs == "year" else 27)


def _days(about: Period) -> int:
    start, end = first_day(about.start), last_day(about.end or about.start)
    return (end - start).days + 1 if start and end else 0


# -- how much --------------------------------------------------------------------------------------------


def _interval(
    topic: str, amount: Amount | None, groups: dict[str, str | None], about: Period | None
) -> Interval | None:
    """Interval in the topic's unit; None where the number's unit does not lead there."""
    known = topics().get(topic)
    if known is None:
        return None
    if groups.get("turned"):
        return _exact(float(rules()["turned"][str(groups["turned"]).lower()]), known.unit)
    sign = -1.0 if groups.get("down") else 1.0
    if groups.get("change"):
        return _exact(sign * float(rules()["changes"][str(groups["change"]).lower()]), known.unit)
    factor = _factor(amount, known.unit, about)
    if amount is None or factor is None or amount.value is None:
        return None
    interval = _ranged(amount, sign * factor, known.unit)
    ends = [x for x in (interval.low, interval.central, interval.high) if x is not None]
    low, high = known.low, known.high
    sane = all((low is None or x >= low) and (high is None or x <= high) for x in ends)
    return interval if sane else None


def _exact(value: float, unit: str) -> Interval:
    return Interval(low=value, central=value, high=value, unit=unit)


def _ranged(amount: Amount, factor: float, unit: str) -> Interval:
    """Ends as far as the words give them: "more than" has no high, "up to" no low."""
    low, middle, high = (
        None if x is None else float(f"{factor * x:.{_DIGITS}g}")
        for x in (amount.low, amount.value, amount.high)
    )
    if amount.comparator in (">", ">=", "<", "<="):
        ends = {"low": middle} if (amount.comparator[0] == ">") == (factor > 0) else {"high": middle}
        return Interval(**ends, unit=unit)
    if low is None or high is None:
        return Interval(low=middle, central=middle, high=middle, unit=unit)
    return Interval(low=min(low, high), central=middle, high=max(low, high), unit=unit)


def _factor(amount: Amount | None, unit: str, about: Period | None) -> float | None:
    """What a number is multiplied with to be in the unit; a cargo becomes a flow only over a stated period."""
    if amount is None:
        return None
    name = f"{amount.unit}/{amount.per}" if amount.per == "bbl" else amount.unit
    if amount.unit == "bbl" and amount.per == "day":
        name = "bbl/d"
    row: dict[str, Any] | None = rules()["units"].get(name)
    if row is None:
        return None
    factor = float(row["factor"])
    if row["unit"] == unit:
        return factor
    if (row["unit"], unit) == ("per cent", "fraction"):
        return factor / 100.0
    if (row["unit"], unit) == ("kb", "kb/d") and about is not None and amount.per in _PACES:
        days = _PACES[amount.per] or _days(about)
        return factor / days if days else None
    return None


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
