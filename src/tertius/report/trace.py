"""Where numbers come from: every quantity gets one anchor that lists what it rests on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tertius.report.names import HORIZONS
from tertius.report.records import Record, record

if TYPE_CHECKING:
    from tertius.leverage.assessment import Assessment


@dataclass(frozen=True, slots=True)
class Link:
    """One thing a number rests on, and the anchor where the page describes it."""

    key: str
    anchor: str
    label: str
    short: str


@dataclass(frozen=True, slots=True)
class Group:
    """Several things one number rests on together."""

    anchor: str
    links: tuple[Link, ...]


class Trace:
    """Give sources their anchors; groups and engine entries are collected as the page asks for them."""

    def __init__(self, assessment: Assessment) -> None:
        self.records: dict[str, Record] = {
            key: record(key, found) for key, found in sorted(assessment.claims.items(), key=_by_date)
        }
        self.plain: dict[str, Link] = {}
        self.groups: dict[tuple[str, ...], Group] = {}
        self._world = assessment.provenance.snapshot
        for name in assessment.provenance.sources:
            self.link(name if ":" in name else f"source:{name}")

    def link(self, key: str) -> Link:
        """Return the link of one source ("claim:<id>", "source:<name>", "engine:<horizon>")."""
        kind, _, name = key.partition(":")
        if kind == "claim" and name in self.records:
            found = self.records[name]
            brief = ", ".join(part for part in (found.speaker, found.said, found.value) if part)
            return Link(key, anchor("claim", name), found.line, brief)
        label = self._label(kind, name)
        link = Link(key, anchor(kind, name), label, label)
        return self.plain.setdefault(key, link)

    def links(self, sources: tuple[str, ...]) -> tuple[Link, ...]:
        """Return the links of all sources, in their order, each once."""
        return tuple(self.link(key) for key in dict.fromkeys(sources))

    def anchor(self, sources: tuple[str, ...]) -> str:
        """Return where a number with these sources leads: the source, or the list of them; "" if none."""
        links = self.links(sources)
        if len(links) <= 1:
            return links[0].anchor if links else ""
        key = tuple(link.key for link in links)
        group = self.groups.setdefault(key, Group(f"basis-{len(self.groups) + 1}", links))
        return group.anchor

    def _label(self, kind: str, name: str) -> str:
        if kind == "engine":
            return f"Solved by the model, {HORIZONS.get(name, name)}"
        if kind == "prior":
            return f"Judgement, from the dated priors: {name.replace('_', ' ').replace('.', ', ')}"
        if kind == "claim":
            return f"Claim {name}, whose record is not part of this assessment"
        return f"World data, snapshot {self._world}" if name == "world" else f"Source {name}"


def anchor(kind: str, name: str) -> str:
    """Return an id that is safe in HTML and in an address: letters, digits, dashes."""
    return re.sub(r"[^A-Za-z0-9]+", "-", f"{kind}-{name}").strip("-")


def _by_date(item: tuple[str, dict[str, object]]) -> tuple[str, str]:
    shown = record(*item)
    return shown.said, shown.id
