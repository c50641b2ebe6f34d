"""A claim record as a reader meets it: who said it, via whom, when, about when, how much, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tertius.leverage.assessment import Quantity
from tertius.report import numbers


@dataclass(frozen=True, slots=True)
class Record:
    """One claim, every part already text; "" where the ledger holds nothing."""

    id: str
    text: str
    speaker: str
    via: str
    said: str
    about: str
    value: str
    kind: str  # channel, stage, basis, legal state
    title: str
    url: str
    confidence: str
    quoted: bool = False  # the text is a verbatim span, not our own words

    @property
    def line(self) -> str:
        """One line for tooltips and lists: speaker, relay, date, value, text."""
        who = f"{self.speaker}, {self.via}" if self.via else self.speaker
        said = f"said {self.said}" if self.said else "undated"
        return "; ".join(part for part in (who, said, self.value, self.text) if part)


def record(claim_id: str, found: dict[str, Any]) -> Record:
    """Read one entry of `Assessment.claims` (the ledger's JSON form)."""
    doc = found.get("doc") or {}
    chain = [str(link.get("name", "")) for link in found.get("attribution") or ()]
    speaker = str(found.get("origin") or (chain[-1] if chain else "") or doc.get("publisher") or "unnamed")
    relays = [name for name in chain if name != speaker]
    publisher = str(doc.get("publisher") or "")
    if publisher and publisher != speaker and publisher not in relays:
        relays.insert(0, publisher)
    return Record(
        id=claim_id,
        text=str(found.get("summary") or (found.get("span") or {}).get("text") or ""),
        speaker=speaker,
        via=f"via {', '.join(relays)}" if relays else "",
        said=str(found.get("said") or doc.get("published") or ""),
        about=_period(found.get("about") or found.get("date")),
        value=_value(found),
        kind=_kind(found),
        title=str(doc.get("title") or ""),
        url=safe_url(str(doc.get("url") or "")),
        quoted=not found.get("summary") and bool((found.get("span") or {}).get("text")),
        confidence="" if found.get("confidence") is None else f"{found['confidence']:.0%}",
    )


def safe_url(url: str) -> str:
    """Return the address if it is a web address, else "": a claim must not smuggle in a script."""
    return url if url.startswith(("https://", "http://")) else ""


def quantity_of(found: Any) -> Quantity | None:
    """Read {low, central, high, unit, year} as a quantity; None if it is something else."""
    if isinstance(found, Quantity):
        return found
    if (
        not isinstance(found, dict)
        or "unit" not in found
        or not found.keys() & {"low", "central", "high", "value"}
    ):
        return None
    sources = [str(source) for source in found.get("sources") or ()]
    sources += [f"claim:{claim}" for claim in found.get("claims") or ()]
    return Quantity(
        low=found.get("low"),
        central=found.get("central", found.get("value")),
        high=found.get("high"),
        unit=str(found["unit"]),
        year=found.get("year"),
        sources=tuple(sources),
        note=str(found.get("note") or ""),
    )


def _period(found: dict[str, Any] | None) -> str:
    if not found:
        return ""
    start, end = str(found.get("start") or ""), str(found.get("end") or "")
    if start and end and start != end:
        return f"{start} to {end}"
    return start or end or str(found.get("text") or "")


def _value(found: dict[str, Any]) -> str:
    shown = [found["value"]] if found.get("value") else list(found.get("quantities") or ())
    quantities = [quantity for each in shown if (quantity := quantity_of(each)) is not None]
    return "; ".join(numbers.text(quantity) for quantity in quantities)


def _kind(found: dict[str, Any]) -> str:
    parts = [found.get(key) for key in ("channel", "stage", "basis", "modality")]
    if found.get("legal"):
        parts.append(f"legal state: {str(found['legal']).replace('_', ' ')}")
    return ", ".join(str(part) for part in parts if part)
