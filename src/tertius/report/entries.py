"""Claims as the ledger page shows them: the record, its words, its lifeline, words or deeds, and how far it got."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tertius.report.names import CHANNELS, Names
from tertius.report.quotes import Quote, quotes
from tertius.report.records import Record, record
from tertius.report.trace import anchor

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tertius.ledger.record import Claim

Kind = Literal["verbal", "material", "neither"]
Phase = Literal["promised", "done", "ended", "unstated"]

PHASES: dict[Phase, tuple[str, ...]] = {
    "promised": ("discussed", "announced", "agreed"),
    "done": ("financed", "shipped", "delivered"),
    "ended": ("denied", "suspended", "cancelled", "lapsed"),
}
KINDS: dict[Kind, str] = {
    "verbal": "words",
    "material": "goods, money, arms",
    "neither": "neither: a fact or a judgement",
}
_RELATIONS = {
    "same_event": "the same event as",
    "pledge_delivered_by": "a pledge delivered by",
    "contradicts": "contradicts",
    "tension": "in tension with",
    "updates": "updates",
    "relays": "passes on",
    "corrects": "corrects",
    "rejects": "rejects",
    "accepts": "accepts",
}


@dataclass(frozen=True, slots=True)
class Relation:
    """What this claim is to another one; `leads_to` is "" when that one is not on the page."""

    words: str
    other: str
    leads_to: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One claim on the ledger page."""

    claim: Claim
    record: Record
    quote: Quote | None
    kind: Kind
    phase: Phase
    chain: tuple[str, ...]  # who said it, outermost first
    amounts: tuple[str, ...]
    relations: tuple[Relation, ...]

    @property
    def anchor(self) -> str:
        """Where the page describes it."""
        return anchor("claim", self.claim.id)

    @property
    def confidence(self) -> str:
        """How sure whoever coded it is."""
        return f"{self.claim.confidence:.0%}"

    @property
    def line(self) -> str:
        """What a pointer held over its mark reads."""
        said = f"said {self.record.said}" if self.record.said else "undated"
        about = f"about {self.record.about}" if self.record.about else ""
        told = [said, about, self.claim.stage or "", *self.amounts[:1], _short(self.record.text)]
        return "; ".join(part for part in told if part)


@dataclass(frozen=True, slots=True)
class Lane:
    """A lifeline with its claims, oldest said first; `supporter` and `target` are "" where none is named."""

    target: str
    supporter: str
    channel: str
    label: str
    entries: tuple[Entry, ...]

    @property
    def anchor(self) -> str:
        """Where its records stand."""
        return anchor(
            "lifeline", "-".join((self.supporter or "none", self.target or "any", self.channel or "none"))
        )


def kind(claim: Claim) -> Kind:
    """Words or deeds: as coded, else by channel; a claim of no lifeline is neither.

    A promised shipment is about goods and counts as material; that it is only promised is its stage.
    """
    if claim.verbal_material:
        return claim.verbal_material
    if claim.channel == "verbal":
        return "verbal"
    return "material" if claim.channel and claim.supporter else "neither"


def phase(claim: Claim) -> Phase:
    """How far it got."""
    if claim.negated:
        return "ended"
    return next((name for name, stages in PHASES.items() if claim.stage in stages), "unstated")


def entries(claims: Sequence[Claim], texts: Mapping[str, str] | None = None) -> list[Entry]:
    """Return what the page shows of every claim, oldest said first."""
    found = sorted(claims, key=lambda c: (str(c.known_on or ""), c.said or c.doc.published, c.id))
    words = quotes(found, texts)
    by_id = {claim.id: claim for claim in found}
    return [_entry(claim, words.get(claim.id), by_id) for claim in found]


def lanes(found: Iterable[Entry], names: Names) -> list[Lane]:
    """Return the claims by lifeline: targets, and in each the supporters, with most claims first.

    Claims that name no supporter stand last in their target.
    """
    groups: dict[tuple[str, str, str], list[Entry]] = {}
    for each in found:
        c = each.claim
        groups.setdefault((c.target, c.supporter, (c.channel or "") if c.supporter else ""), []).append(each)
    targets, pairs = _sizes(groups, 1), _sizes(groups, 2)
    order = [*CHANNELS, ""]
    several = len(targets) > 1
    ranked = sorted(
        groups,
        key=lambda key: (not key[0], -targets[key[:1]], key[0], not key[1], -pairs[key[:2]], key[1],
                         order.index(key[2])),
    )  # fmt: skip
    return [Lane(*key, lane_label(*key, names, several=several), tuple(groups[key])) for key in ranked]


def lane_label(target: str, supporter: str, channel: str, names: Names, *, several: bool) -> str:
    """Return "China, shielded", with the target where the page holds several: "China to Iran, shielded"."""
    if not supporter and not target:
        return "other acts and facts"  # they name countries, but are of no lifeline
    if not supporter:
        return f"{names.country(target)}, no supporter named"
    who = names.country(supporter)
    pair = f"{who} to {names.country(target)}" if target and several else who
    if not target:
        pair = f"{who}, no target named"
    return f"{pair}, {channel or 'no channel'}"


def _sizes(groups: Mapping[tuple[str, str, str], Sequence[Entry]], parts: int) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    for key, members in groups.items():
        found[key[:parts]] = found.get(key[:parts], 0) + len(members)
    return found


def _entry(claim: Claim, quote: Quote | None, by_id: Mapping[str, Claim]) -> Entry:
    shown = record(claim.id, claim.model_dump(mode="json", by_alias=True, exclude_defaults=True))
    return Entry(
        claim=claim,
        record=shown,
        quote=None if claim.summary else quote,
        kind=kind(claim),
        phase=phase(claim),
        chain=_chain(claim, shown),
        amounts=_amounts(claim, shown),
        relations=_relations(claim, by_id),
    )


def _chain(claim: Claim, shown: Record) -> tuple[str, ...]:
    """Return publisher, then the attribution, then who established it; each once."""
    links = [
        f"{link.name} ({link.hedge})" if link.hedge and link.hedge != link.name else link.name
        for link in claim.attribution
    ]
    names = [claim.doc.publisher, *links, claim.origin]
    return tuple(dict.fromkeys(name for name in names if name)) or (shown.speaker,)


def _amounts(claim: Claim, shown: Record) -> tuple[str, ...]:
    """Return the number as understood, or the quantities as they are written in the text."""
    if claim.value is not None:
        return (shown.value,)
    return tuple(dict.fromkeys(quantity.text for quantity in claim.quantities))


def _relations(claim: Claim, by_id: Mapping[str, Claim]) -> tuple[Relation, ...]:
    links = {(link.relation, link.to) for link in claim.links}
    if claim.relay_of:
        links.add(("relays", claim.relay_of))
    return tuple(_relation(words, to, by_id.get(to)) for words, to in sorted(links))


def _relation(relation: str, to: str, other: Claim | None) -> Relation:
    if other is None:
        return Relation(_RELATIONS[relation], f"claim {to[:8]}, which is not on this page", "")
    who = other.origin or (other.attribution[-1].name if other.attribution else other.doc.publisher)
    said = other.said or other.doc.published
    return Relation(
        _RELATIONS[relation], ", ".join(x for x in (who or "unnamed", said) if x), anchor("claim", to)
    )


def _short(text: str, width: int = 110) -> str:
    return text if len(text) <= width else f"{text[: width - 1].rsplit(' ', 1)[0]}…"
