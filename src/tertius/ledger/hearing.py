"""Which read claims may move a number: from a known publisher, said in time, with a number, and not said before.

What the package's own ledger already holds and what only passes a number on are set aside, each with its
reason, so that an article more changes nothing unless a voice more speaks.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tertius.ledger.curated import publishers
from tertius.ledger.intervals import ROUNDING, central, level, voice
from tertius.ledger.period import same_time, span
from tertius.ledger.record import Interval, last_day_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from tertius.ledger.record import Claim

_UNREAL = frozenset({"pledge", "threat", "forecast", "hypothetical", "open_question"})
_PROMISED = frozenset({"discussed", "announced", "agreed", "denied", "cancelled", "lapsed"})
#: A change in per cent -> the key of the level that changes, by whose supporter there is one.
_CHANGES = ("oil_sales_change_pct", "oil_sales_recent_change_pct")

KNOWN = "already in the package's own ledger"
OTHERS = "holds no number on this target"
LATE = "said after the as-of date, or on no known date"
QUARANTINED = "publisher not known: in quarantine until it is admitted"
REVIEWED = "rejected or replaced in review"
COPY = "the same words from another publisher"
HELD = "already in your ledger"
PROMISED = "denied, pledged, expected or supposed: no level"
NUMBERLESS = "holds no number that a rule could place"
RELAY = "passes on a number the ledger already has from the same voice"
TIMELESS = "gives no period the number is for"
BASELESS = "a change of a level that no claim gives"

#: Numbers that are of the day they are said; every other one needs a period.
_OF_THE_DAY = frozenset(
    {"oil_discount_usd_bbl", "urals_discount_usd_bbl", "urals_delivered_discount_usd_bbl", "fuel_stock_kb"}
    | {"days_of_oil_left", "fuel_need_kbd", "shadow_fleet_vessels", "listed_carrier_business_bn"}
    | {"listed_bank_business_bn", "secondary_tariff_pct", "price_cap_usd_bbl"}
)

_BY_STATUS = {
    "quarantined": QUARANTINED,
    "rejected": REVIEWED,
    "corrected": REVIEWED,
    "verdict": REVIEWED,
    "copy": COPY,
}


@dataclass(frozen=True, slots=True)
class Read:
    """Claims that a user brings, and what his ledger says of their standing.

    `status` names those that do not stand and those a reviewer accepted; `trusted` are publishers admitted
    beside the package's own; `others` counts claims of a large ledger that were not taken into memory; `late` are
    heard after what was said on the same day.
    """

    claims: tuple[Claim, ...]
    status: Mapping[str, str]
    trusted: frozenset[str] = frozenset()
    others: int = 0
    late: frozenset[str] = frozenset()

    @classmethod
    def of(cls, claims: Iterable[Claim]) -> Read:
        """Claims without a ledger file around them: what counts is the package's table of publishers."""
        return cls(tuple(claims), {})

    @property
    def standing(self) -> tuple[Claim, ...]:
        """Those that neither wait, nor copy others, nor were set aside in review."""
        return tuple(c for c in self.claims if self.status.get(c.id) not in _BY_STATUS)

    def beside(self, claims: Iterable[Claim]) -> Read:
        """These claims and others that are new to them; what the ledger says of its own stays."""
        mine = {claim.id for claim in self.claims}
        new = [claim for claim in claims if claim.id not in mine]
        return replace(self, claims=(*self.claims, *new), late=frozenset(claim.id for claim in new))


@dataclass(frozen=True, slots=True)
class Heard:
    """What may move a number, and the reason for each claim that may not."""

    claims: tuple[Claim, ...]
    unused: Mapping[str, str]


def hear(read: Read, embedded: Sequence[Claim], as_of: str | date) -> Heard:
    """Sort read claims into those that count and those that do not.

    Parameters
    ----------
    read : the user's claims.
    embedded : the package's own, known on the as-of date.
    as_of : nothing said later counts.
    """
    limit = last_day_of(as_of)
    trusted = {*publishers(), *read.trusted}
    own = {claim.id for claim in embedded}
    said: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in embedded:
        said[claim.topic, claim.supporter].append(claim)
    kept, unused = [], {}
    for claim in sorted(read.claims, key=lambda c: (c.known_on or limit, c.id in read.late, c.id)):
        reason = _why_not(claim, own, limit, read.status, trusted)
        number = claim if reason else _as_level(claim, embedded, limit)
        if not reason and number is None:
            reason = BASELESS
        if (
            not reason
            and number
            and any(passes_on(number, other) for other in said[number.topic, number.supporter])
        ):
            reason = RELAY
        if reason or number is None:
            unused[claim.id] = reason
        else:
            said[number.topic, number.supporter].append(number)
            kept.append(number)
    return Heard(tuple(kept), unused)


def _why_not(
    claim: Claim, own: Collection[str], limit: date, status: Mapping[str, str], trusted: Collection[str]
) -> str:
    """The first reason why a claim does not count; empty where there is none."""
    standing = status.get(claim.id, "")
    known = claim.doc.publisher in trusted or claim.rule == "review" or standing == "accepted"
    checks = (
        (KNOWN, claim.id in own),
        (LATE, not claim.known_at(limit)),
        (_BY_STATUS.get(standing, ""), standing in _BY_STATUS),
        (QUARANTINED, not known),
        (PROMISED, claim.negated or claim.modality in _UNREAL or claim.stage in _PROMISED),
        (NUMBERLESS, not claim.topic or claim.value is None),
        (RELAY, bool(claim.relay_of)),
        (TIMELESS, claim.about is None and claim.topic.partition(".")[2] not in _OF_THE_DAY),
    )
    return next((reason for reason, holds in checks if holds), "")


def passes_on(claim: Claim, other: Claim) -> bool:
    """Whether a claim repeats what another gives: one number, for shared time, of one voice or naming the other's paper.

    Numbers within 5 % are one number, since a newspaper rounds the tracker it repeats.
    """
    if claim.topic != other.topic or claim.supporter != other.supporter or other.value is None:
        return False
    names = {voice(claim), *(s.name for s in claim.attribution)}
    if not names & {voice(other), other.doc.publisher, other.origin} - {""}:
        return False
    near = abs(central(claim) - central(other)) <= ROUNDING * abs(central(other))
    return near and same_time(claim, other)


def _as_level(claim: Claim, embedded: Sequence[Claim], limit: date) -> Claim | None:
    """A change in per cent as the level it leads to from the level before; another number as it is."""
    place, _, name = claim.topic.partition(".")
    if name not in _CHANGES:
        return claim
    for topic in _levels(place, claim.supporter):
        before = [c for c in embedded if span(c)[0] < span(claim)[0]]
        base = level(before, topic, claim.supporter, as_of=limit, year=_base_year(claim, name))
        if base is not None:
            assert claim.value is not None
            ends = {
                end: None
                if (x := getattr(claim.value, end)) is None
                else max((1.0 + x / 100.0) * base.central, 0.0)
                for end in ("low", "central", "high")
            }
            return claim.changed(topic=topic, value=Interval(**ends, unit=base.unit))
    return None


def _base_year(claim: Claim, name: str) -> int | None:
    return span(claim)[0].year - 1 if name == _CHANGES[0] else None


def _levels(place: str, supporter: str) -> tuple[str, ...]:
    from tertius.ledger.measured_rules import rules

    if not supporter:
        return (f"{place}.oil_exports_kbd",)
    general = f"{place}.crude_to_buyer_kbd"
    own = rules()["known_as"].get(general, {})
    return (own.get(supporter) or own.get("") or general,)
