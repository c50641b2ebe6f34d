"""The words of the page: countries, lifelines, horizons, channels, and what each channel means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius import countries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tertius.leverage.assessment import Assessment, Lifeline

CHANNELS = {
    "open": "state banks, majors, customs-recorded trade",
    "shielded": "independent refiners, shadow fleet, barter",
    "aid": "grants and gifts",
    "security": "arms and military help",
    "verbal": "words of solidarity",
}
HORIZONS = {"year": "one year", "medium": "medium run", "long": "long run"}
HORIZON_NOTE = {
    "year": "little substitution, factors stay where they are",
    "medium": "factors move between sectors; the headline",
    "long": "full substitution between suppliers",
}

GROUPS = {"GRP": "group", "IGO": "international organisation", "ORG": "organisation"}

UNITS = {"_pct": "%", "_bn": "bn USD", "_kbd": "kb/d", "_kb": "kb", "_pp": "pp"}


class Names:
    """Turn the codes of one assessment into names: "CHN shielded" becomes "China, shielded"."""

    def __init__(self, assessment: Assessment | None = None) -> None:
        self._target = assessment.target if assessment else ""
        self._known = {line.supporter: _named(line) for line in assessment.lifelines} if assessment else {}

    def country(self, code: str) -> str:
        """Return the country's name, "sanctioners (group)" for GRP:sanctioners, or the code."""
        found = countries.table().get(code)
        kind, colon, name = code.partition(":")
        if colon and kind in GROUPS:
            return f"{name} ({GROUPS[kind]})"
        return self._known.get(code) or (found.name if found else code)

    def lifeline(self, supporter: str, channel: str = "") -> str:
        """Return "China, shielded"; a pool has no channel to name."""
        name = self.country(supporter)
        return f"{name}, {channel}" if channel and channel not in {"all", "pool"} else name

    def payer(self, who: str) -> str:
        """Return the name of an entry of `costs`; a need of the target ("IRN: food") loses its code."""
        code, colon, need = who.partition(": ")
        return need if colon and code == self._target else self.country(who)

    def broken(self, key: str) -> str:
        """Return the name of an entry of `breaks` or `breaks_at`, written "CHN shielded"."""
        known = {*self._known, *countries.table()}
        code = max((code for code in known if f"{key} ".startswith(f"{code} ")), key=len, default="")
        return self.lifeline(code, key.removeprefix(code).strip()) if code else key

    def few(self, keys: Sequence[str], weight: Mapping[str, float], count: int) -> str:
        """Return the heaviest of some lifelines, by supporter: "China (open, shielded), and 12 smaller"."""
        channels: dict[str, list[str]] = {}
        for key in keys:
            code, _, channel = key.rpartition(" ")
            channels.setdefault(code or key, []).append(channel if code and channel != "all" else "")
        total = {
            code: sum(weight.get(f"{code} {channel}".strip(), 0.0) for channel in found)
            for code, found in channels.items()
        }
        ranked = sorted(channels, key=lambda code: -total[code])
        named = [
            f"{self.country(code)} ({', '.join(filter(None, channels[code]))})".replace(" ()", "")
            for code in ranked[:count]
        ]
        rest = len(ranked) - count
        return ", ".join([*named, *([f"and {rest} smaller"] if rest > 0 else [])])

    def with_code(self, code: str) -> str:
        """Return "Iran (IRN)", or the code alone where no name is known."""
        name = self.country(code)
        return code if name == code else f"{name} ({code})"

    def topic(self, key: str) -> str:
        """Return the words of a claim's machine key: "IRN.oil_exports" becomes "Iran: oil exports"."""
        code, dot, rest = key.partition(".")
        return f"{self.country(code)}: {rest.replace('_', ' ')}" if dot and " " not in key else key

    def countries(self, codes: tuple[str, ...]) -> str:
        """Return "United States, United Kingdom and Japan"."""
        names = [self.country(code) for code in codes]
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def words(key: str) -> str:
    """Return the words of a machine key, its unit set apart: "target_loss_pct" becomes "target loss, %"."""
    for ending, unit in UNITS.items():
        if key.endswith(ending):
            return f"{key.removesuffix(ending).replace('_', ' ')}, {unit}"
    return key.replace("_", " ")


def _named(line: Lifeline) -> str:
    kind = line.status.removeprefix("pool: ")
    return line.supporter_name if kind == line.status else f"{line.supporter_name}, {kind}"


def short(text: str, width: int) -> str:
    """Cut a long name at a word, so that figures keep their margins."""
    if len(text) <= width:
        return text
    return text[: width - 1].rsplit(" ", 1)[0].rstrip(" ,") + "…"
