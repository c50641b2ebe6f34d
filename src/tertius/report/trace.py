"""Where numbers come from: every quantity gets one anchor that lists what it rests on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tertius.report import numbers
from tertius.report.records import Record, record
from tertius.report.sources import Basis, basis

if TYPE_CHECKING:
    from tertius.leverage.assessment import Assessment, Quantity

LEDGER = "ledger.html"  # the page of the claims, beside the report


@dataclass(frozen=True, slots=True)
class Link:
    """One thing a number rests on, and the anchor where the page describes it."""

    key: str
    anchor: str
    label: str
    short: str
    basis: Basis | None = None  # None for a claim

    @property
    def goes(self) -> str:
        """Where it is described: a claim on the ledger page, the others on this one."""
        return f"{'' if self.basis else LEDGER}#{self.anchor}"


@dataclass(frozen=True, slots=True)
class Group:
    """Several things one number rests on together."""

    anchor: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Use:
    """One number on the page that a claim went into."""

    anchor: str
    where: str
    shown: str


class Trace:
    """Give sources their anchors; groups and entries are collected as the page asks for them."""

    def __init__(self, assessment: Assessment) -> None:
        self.records: dict[str, Record] = {
            key: record(key, found) for key, found in sorted(assessment.claims.items(), key=_by_date)
        }
        self.plain: dict[str, Link] = {}
        self.groups: dict[tuple[str, ...], Group] = {}
        self.uses: dict[str, list[Use]] = {}  # claim -> numbers on the page that rest on it
        self._assessment = assessment
        self._made: dict[str, Link] = {}
        self._marked = 0
        for name in assessment.provenance.sources:
            self.link(name if ":" in name else f"source:{name}")

    def link(self, key: str) -> Link:
        """Return the link of one source: claim:<id>, source:, shadow:, prior:<key>, engine:<horizon>."""
        if key not in self._made:
            self._made[key] = self._link(key)
        return self._made[key]

    def links(self, sources: tuple[str, ...]) -> tuple[Link, ...]:
        """Return the links of all sources, in their order, each once."""
        return tuple(self.link(key) for key in dict.fromkeys(sources))

    def goes(self, sources: tuple[str, ...]) -> str:
        """Return where a number with these sources leads: the source, or the list of them; "" if none."""
        links = self.links(sources)
        if len(links) <= 1:
            return links[0].goes if links else ""
        key = tuple(link.key for link in links)
        group = self.groups.setdefault(key, Group(f"basis-{len(self.groups) + 1}", links))
        return f"#{group.anchor}"

    def mark(self, quantity: Quantity, where: str) -> str:
        """Note which claims a number rests on and return its anchor; "" if it rests on none."""
        claims = {name for link in self.links(quantity.sources) for name in self._claims(link)}
        if not claims:
            return ""
        self._marked += 1
        use = Use(f"number-{self._marked}", where, numbers.text(quantity))
        for claim in sorted(claims):
            self.uses.setdefault(claim, []).append(use)
        return use.anchor

    def listed(self) -> dict[str, list[Link]]:
        """Return what is not a claim, list by list: data, shadow trade, judgement, model."""
        lists: dict[str, list[Link]] = {
            heading: [] for heading in ("Data", "Shadow trade", "Judgement", "Model", "Other")
        }
        for link in self.plain.values():
            if link.basis is not None:
                lists[link.basis.heading].append(link)
        return {heading: links for heading, links in lists.items() if links}

    def claims(self, *, used: bool) -> list[Record]:
        """Return the claims some number rests on, or the others, oldest first."""
        return [found for key, found in self.records.items() if (key in self.uses) == used]

    def _claims(self, link: Link) -> tuple[str, ...]:
        if link.basis is not None:
            return link.basis.claims
        name = link.key.partition(":")[2]
        return (name,) if name in self.records else ()

    def _link(self, key: str) -> Link:
        kind, _, name = key.partition(":")
        if kind == "claim" and name in self.records:
            found = self.records[name]
            brief = ", ".join(part for part in (found.speaker, found.said, found.value) if part)
            return Link(key, anchor("claim", name), found.line, brief)
        about = basis(key, self._assessment)
        shown = (
            about.title if about.heading in {"Data", "Model", "Other"} else f"{about.heading}: {about.title}"
        )
        value = next((text for label, text in about.facts if label == "value"), "")
        self.plain[key] = Link(key, anchor(kind, name), f"{shown}, {value}" if value else shown, shown, about)
        for further in about.rests_on:
            self.link(further)
        return self.plain[key]


def anchor(kind: str, name: str) -> str:
    """Return an id that is safe in HTML and in an address: letters, digits, dashes."""
    return re.sub(r"[^A-Za-z0-9]+", "-", f"{kind}-{name}").strip("-")


def _by_date(item: tuple[str, dict[str, object]]) -> tuple[str, str]:
    shown = record(*item)
    return shown.said, shown.id
