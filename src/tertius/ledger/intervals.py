"""From claims to one interval: what the ledger can say about a number under a strict and a broad reading.

Each origin is one voice, however many outlets repeat it: a relay adds no weight. A voice that revised itself
counts with its newest statement. The central value is somebody's number, never an average: the middle voice
by size. What is only promised is in neither reading.

strict : measured and official numbers; of each voice the number for the longest time, or all its months where
    none covers half a year.
broad : every voice with a number, estimates and judgement too, and every period within the year.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from tertius.errors import InputError
from tertius.ledger.period import span
from tertius.ledger.record import Period
from tertius.ledger.select import select
from tertius.ledger.topics import Topic, topics

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tertius.ledger.record import Claim

Rule = Literal["strict", "broad"]

_STRICT_BASIS = frozenset({"measured", "official"})
_STRICT_STAGE = frozenset({None, "shipped", "delivered", "suspended"})
_ONLY_PROMISED = frozenset({"denied", "discussed", "announced", "agreed", "cancelled", "lapsed"})
_LONG = 180  # days; a statement on less does not stand for the year
_FALLBACK = "no measured number: the strict reading falls back on the broad one"
ROUNDING = 0.05  # relative; a newspaper rounds the tracker it repeats


@dataclass(frozen=True, slots=True)
class Reading:
    """What the claims say about one number; all ends None means unknown, and `note` says why.

    `claims` are the ids that set it, most telling first; `voices` counts independent origins.
    """

    topic: str
    year: int | None
    rule: Rule
    low: float | None
    central: float | None
    high: float | None
    unit: str
    claims: tuple[str, ...]
    voices: int
    judgement: bool
    note: str = ""

    @property
    def known(self) -> bool:
        """Whether any claim carries the number."""
        return self.central is not None


@dataclass(frozen=True, slots=True)
class Level:
    """Where a flow stands: the strict central and the broad ends of one year, and the ids behind them.

    `judged` marks a level that no measured or official number carries.
    """

    topic: str
    supporter: str
    year: int
    low: float
    central: float
    high: float
    unit: str
    claims: tuple[str, ...]
    judged: bool


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What one interval is about."""

    supporter: str
    target: str
    channel: str
    topic: str
    year: int


def reading(
    claims: Iterable[Claim],
    topic: str,
    rule: Rule = "strict",
    *,
    year: int | None = None,
    supporter: str | None = None,
    channel: str | None = None,
    as_of: str | date | None = None,
) -> Reading:
    """Return the interval for one topic.

    Parameters
    ----------
    claims : any claims; the others are passed over.
    topic : machine key, see docs/ledger.md.
    rule : "strict" or "broad".
    year : the year the number is about; None takes the latest year that any claim speaks of.
    supporter, channel : needed where the topic has several ("CUB.crude_supplier_share").
    as_of : nothing said later is used.

    Raises
    ------
    InputError : the topic has several supporters or channels and none was chosen.
    """
    heard = _heard(claims, topic, supporter, channel, as_of)
    return _read(heard, topic, rule, year)


def latest(
    claims: Iterable[Claim],
    topic: str,
    rule: Rule = "strict",
    *,
    supporter: str | None = None,
    channel: str | None = None,
    as_of: str | date | None = None,
) -> Reading:
    """Return the interval for the newest period spoken of: every claim whose period reaches into it.

    For prices: on 13 January 2026 the discount is the one of December and January, not that of all the year.
    """
    heard = _heard(claims, topic, supporter, channel, as_of)
    passing = [c for c in heard if _eligible(c, rule)]
    if not heard:
        return _unknown(topic, rule, None, "no claim gives it")
    start = max(span(c)[0] for c in passing or heard)
    near = [c for c in passing or heard if span(c)[1] >= start]
    return _combine(near, topic, rule, start.year, "" if passing else _FALLBACK)


def level(
    claims: Iterable[Claim],
    topic: str,
    supporter: str = "",
    *,
    as_of: str | date | None = None,
    year: int | None = None,
) -> Level | None:
    """Return where a flow stands in the newest year that a measured or official number speaks of.

    All channels of one supporter are one flow. Where nothing is measured in any year, the newest year any
    voice speaks of stands, marked `judged`. Voices of later years without a measurement widen the ends.

    Parameters
    ----------
    year : this year, by any voice, or the last one before it with a number; None takes the newest.
    """
    heard = [
        c for c in select(claims, topic=topic, as_of=as_of) if _counts(c, topic) and c.supporter == supporter
    ]
    if year is not None:
        heard = [c for c in heard if year in _years(c)] or [c for c in heard if span(c)[0].year <= year]
    if not heard:
        return None
    passing = [c for c in heard if _eligible(c, "strict")]
    ends = [min(span(c)[1], c.known_on or date.max).year for c in passing or heard]
    at = max(ends) if year is None else min(max(ends), year)
    strict, broad = _read(heard, topic, "strict", at), _read(heard, topic, "broad", at)
    later = [c for c in heard if span(c)[0].year > at]
    spread = [_ends(c, _about(topic)) for c in later]
    if strict.central is None or broad.low is None or broad.high is None:
        return None
    return Level(
        topic, supporter, at,
        min([broad.low, strict.central, *(low for low, _ in spread)]),
        strict.central,
        max([broad.high, strict.central, *(high for _, high in spread)]),
        strict.unit, tuple(dict.fromkeys((*strict.claims, *broad.claims, *(c.id for c in later)))), not passing,
    )  # fmt: skip


def readings(claims: Iterable[Claim], rule: Rule = "strict") -> dict[Key, Reading]:
    """Return every interval that claims carry, per (supporter, target, channel, topic, year)."""
    groups: dict[Key, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.topic and _counts(claim, claim.topic):
            for year in _years(claim):
                key = Key(claim.supporter, claim.target, claim.channel or "", claim.topic, year)
                groups[key].append(claim)
    return {key: _read(group, key.topic, rule, key.year) for key, group in sorted(groups.items())}


# -- which claims count ----------------------------------------------------------------------------------


def _counts(claim: Claim, topic: str) -> bool:
    """Whether it is a number on exactly this topic, from its origin, of something that happened."""
    told = claim.topic == topic and claim.value is not None
    return told and not claim.relay_of and not claim.negated and claim.stage not in _ONLY_PROMISED


def _eligible(claim: Claim, rule: Rule) -> bool:
    return rule == "broad" or (claim.basis in _STRICT_BASIS and claim.stage in _STRICT_STAGE)


def _heard(
    claims: Iterable[Claim], topic: str, supporter: str | None, channel: str | None, as_of: str | date | None
) -> list[Claim]:
    chosen = select(claims, topic=topic, supporter=supporter, channel=channel, as_of=as_of)
    heard = [c for c in chosen if _counts(c, topic)]
    for name in ("supporter", "channel"):
        found = sorted({str(getattr(c, name) or '""') for c in heard})
        if len(found) > 1:
            raise InputError(f"{topic}: claims have several values of {name}, say which: {', '.join(found)}")
    return heard


def _read(heard: Sequence[Claim], topic: str, rule: Rule, year: int | None) -> Reading:
    if not heard:
        return _unknown(topic, rule, year, "no claim gives it")
    wanted = max(min(span(c)[1], c.known_on or date.max).year for c in heard) if year is None else year
    within = [c for c in heard if wanted in _years(c)]
    if not within:
        return _unknown(topic, rule, year, f"no claim speaks of {wanted}")
    passing = [c for c in within if _eligible(c, rule)]
    return _combine(passing or within, topic, rule, wanted, "" if passing else _FALLBACK)


def _unknown(topic: str, rule: Rule, year: int | None, why: str) -> Reading:
    return Reading(topic, year, rule, None, None, None, _about(topic).unit, (), 0, judgement=False, note=why)


def _about(topic: str) -> Topic:
    return topics().get(topic, Topic(topic, "", ""))


# -- one interval out of many voices ---------------------------------------------------------------------


def _combine(heard: Sequence[Claim], topic: str, rule: Rule, year: int, note: str) -> Reading:
    voices: dict[str, list[Claim]] = defaultdict(list)
    for claim in _newest(heard):
        voices[voice(claim)].append(claim)
    mains = [_main(said) for said in voices.values()]
    used = [
        c for said in voices.values() for c in ([_main(said)] if rule == "strict" and _covers(said) else said)
    ]
    about = _about(topic)
    ends = [_ends(claim, about) for claim in used]
    middle = _middle(mains)
    order = sorted(used, key=lambda c: (c is not middle, -c.confidence, c.id))
    return Reading(
        topic=topic,
        year=year,
        rule=rule,
        low=min(low for low, _ in ends),
        central=central(middle),
        high=max(high for _, high in ends),
        unit=about.unit or (middle.value.unit if middle.value else ""),
        claims=tuple(claim.id for claim in order),
        voices=len(voices),
        judgement=all(claim.basis == "judgement" for claim in used),
        note=note,
    )


def voice(claim: Claim) -> str:
    """Who established it: the origin, else the last speaker of the chain, else the publisher."""
    return claim.origin or (claim.attribution[-1].name if claim.attribution else claim.doc.publisher)


def _newest(heard: Iterable[Claim]) -> list[Claim]:
    """Keep the last word of each voice on each period; the earlier ones are its vintages.

    A later statement of the same number is a repetition and changes nothing.
    """
    last: dict[tuple[str, str, str], Claim] = {}
    for claim in sorted(heard, key=lambda c: (c.known_on or date.min, c.id)):
        period = claim.about or Period()
        place = (voice(claim), period.start, period.end)
        if place not in last or abs(central(claim) - central(last[place])) > ROUNDING * abs(
            central(last[place])
        ):
            last[place] = claim
    return list(last.values())


def _main(said: Sequence[Claim]) -> Claim:
    """Return what a voice says of the year: its longest period, or the middle of its shorter ones."""
    return max(said, key=_weight) if _covers(said) else _middle(said)


def _covers(said: Sequence[Claim]) -> bool:
    return max(_days(claim) for claim in said) >= _LONG


def _weight(claim: Claim) -> tuple[int, date, str]:
    """Longest period first (a month is not the year), then the newest statement."""
    return _days(claim), claim.known_on or date.min, claim.id


def _middle(mains: Sequence[Claim]) -> Claim:
    """Return the middle one by size; of the two middle ones of an even number, the surer, then the longer."""
    ordered = sorted(mains, key=lambda c: (central(c), c.id))
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return max(ordered[half - 1 : half + 1], key=lambda c: (c.confidence, *_weight(c)))


def central(claim: Claim) -> float:
    """Return the number a claim gives: its central, the middle of its two ends, or the one end it has."""
    assert claim.value is not None
    value = claim.value
    if value.central is not None:
        return value.central
    ends = [x for x in (value.low, value.high) if x is not None]
    return sum(ends) / len(ends)


def reach(claim: Claim) -> tuple[float, float]:
    """Low and high of a claim; a side left open reaches as far as it may."""
    assert claim.value is not None
    value = claim.value
    middle = value.central
    low = value.low if value.low is not None else (-float("inf") if value.high is not None else middle)
    high = value.high if value.high is not None else (float("inf") if value.low is not None else middle)
    assert low is not None
    assert high is not None
    return low, high


def _ends(claim: Claim, about: Topic) -> tuple[float, float]:
    """Low and high of one claim.

    An open low end ("up to") goes down to the topic's bound, which exists for every quantity; an open high
    end ("more than") goes up to it only for fractions, as nothing else has a natural top.
    """
    assert claim.value is not None
    value, middle = claim.value, central(claim)
    low = about.low if value.low is None else value.low
    high = (about.high if about.unit == "fraction" else None) if value.high is None else value.high
    return (middle if low is None else low), (middle if high is None else high)


# -- periods ------------------------------------------------------------------------------------------


def _days(claim: Claim) -> int:
    start, end = span(claim)
    return (end - start).days


def _years(claim: Claim) -> range:
    start, end = span(claim)
    return range(start.year, end.year + 1)
