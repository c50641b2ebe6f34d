"""What the patterns of amounts mean: one small function per kind of expression."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from tertius.ledger.extract.amount import Amount, build, comparator_before
from tertius.ledger.extract.currencies import currency
from tertius.ledger.extract.lexicon import read
from tertius.ledger.extract.numbers import scale, value

_METRIC_TONS = 1000  # from so many on, "mt" is metric tons, not million tonnes
_LABEL = re.compile(
    r"\b(?:Sections?|Articles?|Resolutions?|Chapter|Page|Flight|Route|Unit|Type|Phase|Annex|Title|Item|Law|Order)\s$"
)
_NO_PEOPLES = ("Swiss", "Kyrgyz", "Netherlands")
_DEFINITE = re.compile(r"\b(the|these|those|both|their|its|all)\s+(?:\w+\s+)?$", re.IGNORECASE)


@cache
def peoples() -> tuple[str, ...]:
    """Plural demonyms: Cubans, Serbs."""
    adjectives = (word for entry in read("countries").values() for word in entry.get("adj", ()))
    return tuple(w for w in adjectives if w.endswith("s") and w not in _NO_PEOPLES)


@cache
def _unit_of() -> dict[str, str]:
    table = read("units")
    pairs = [
        (s, unit) for key in ("units", "counted") for unit, spellings in table[key].items() for s in spellings
    ]
    return {spelling.lower().replace("-", " "): unit for spelling, unit in pairs} | {"MW": "MW"}


def group(hit: re.Match[str], name: str) -> str:
    """Return a group of a match, empty where the pattern has none of that name."""
    return (hit.groupdict().get(name) or "").strip()


def single(text: str, hit: re.Match[str]) -> Amount | None:
    """As in "$3 billion", "six tankers", "a month"."""
    if _refers(text, hit):
        return None
    per = _unit_per(group(hit, "per"))
    count = _plain(hit["n"]) * scale(hit["scale"])
    many, unit = _multiple(hit, count)
    return build(text, hit, count * many, None, unit or _unit(hit), per)


def _plain(text: str) -> float:
    return 1.0 if text.lower() in ("a", "an") else value(text)


def _multiple(hit: re.Match[str], count: float) -> tuple[float, str]:
    """How many of which unit a unit like "decade" or "mb/d" is; "50,000 mt" is metric tons."""
    table: dict[str, list[Any]] = read("units")["multiples"]
    many, unit = table.get(hit.groupdict().get("unit") or "", (1, ""))
    return (1, unit) if unit == "t" and count >= _METRIC_TONS else (many, unit)


def interval(text: str, hit: re.Match[str]) -> Amount | None:
    """Two ends of a range; "from 8% to 11%" and "8% and 11%" are two amounts, each found by itself."""
    before = text[: hit.start()].rstrip().lower()
    join, own = (
        hit["join"].strip(),
        hit.group()[hit.end("scale") - hit.start() : hit.start("join") - hit.start()],
    )
    apart = bool(own or hit["scale"] or (hit.groupdict().get("cur") and hit.start("cur") < hit.start("n")))
    if (join == "and" and not re.search(r"\bbetween(?:\s\w+)?$", before)) or (
        join == "to" and apart and re.search(r"\b(?:from|by)(?:\s\w+)?$", before)
    ):
        return None
    second = scale(hit["scale2"])
    first = scale(hit["scale"]) if hit["scale"] or own else second
    low, high = value(hit["n"]) * first, value(hit["n2"]) * (second if hit["scale2"] else first)
    if low > high:
        return None
    many, unit = _multiple(hit, low)
    high = float(f"{high * many:.12g}")
    return build(text, hit, low * many, high, unit or _unit(hit), _unit_per(group(hit, "per")))


def few(_: str, hit: re.Match[str]) -> Amount | None:
    """As in "several billion dollars", "a multi-million-euro loan": at least two of them."""
    if not hit["scale"]:
        return None
    return Amount(hit.start(), hit.end(), hit.group(), None, 2 * scale(hit["scale"]), None, _unit(hit), "~")


def some(text: str, hit: re.Match[str]) -> Amount:
    """As in "several hundred soldiers": at least two hundred."""
    unit = _counted_after(text, hit.end()) or "count"
    return Amount(hit.start(), hit.end(), hit.group(), None, 2 * scale(hit["scale"]), None, unit, "~")


def ratio(text: str, hit: re.Match[str]) -> Amount | None:
    """As in "one in five"."""
    part, whole = value(hit["n"]), value(hit["of"])
    if not 0 < part < whole:
        return None
    return build(text, hit, 100 * part / whole, None, "%", "")


def _unit(hit: re.Match[str]) -> str:
    if group(hit, "cur"):
        return currency(group(hit, "cur"))
    written = hit["unit"]
    return "person" if written in peoples() else _unit_of().get(written.lower().replace("-", " "), written)


def bare(text: str, hit: re.Match[str]) -> Amount | None:
    """Return a number before a plural noun that is no known unit: "9 prisoners of war"."""
    one = hit["n"].lower() == "one" and not hit["scale"]
    alone = one and comparator_before(text, hit.start("all"))[0] == "="  # "only one", "the one"
    if (
        _refers(text, hit)
        or alone
        or _LABEL.search(text, max(0, hit.start() - 20), hit.start())
        or hit["n"].lower() == "zero"
    ):
        return None
    return build(text, hit, value(hit["n"]) * scale(hit["scale"]), None, "count", "")


def team(text: str, hit: re.Match[str]) -> Amount:
    """As in "a three-member team", "the 11-country mission"."""
    return build(text, hit, value(hit["n"]), None, "count", "")


def _refers(text: str, hit: re.Match[str]) -> bool:
    """As in "the two states", "all three": it refers, it does not count."""
    if hit["n"].lower() not in ("two", "three", "four"):
        return False
    after = re.findall(r"[A-Za-z]+", text[hit.end("n") : hit.end("n") + 40])[:3]
    if after and _unit_of().get(after[0].lower()) == "country":
        return True
    before = _DEFINITE.search(text, max(0, hit.start() - 30), hit.start())
    if not before:
        return False
    return before.group(1).lower() == "all" or bool({w.lower() for w in after} & {*read("units")["parties"]})


def vague(text: str, hit: re.Match[str]) -> Amount | None:
    """As in "hundreds": at least two hundred."""
    spellings: dict[str, Any] = read("units")["vague"]
    low, high, central = spellings[hit["vague"].lower()]
    unit = _counted_after(text, hit.end())
    return Amount(hit.start(), hit.end(), hit.group(), central, low, high, unit or "count", "~")


def share(text: str, hit: re.Match[str]) -> Amount | None:
    """As in "a third", "most": per cent."""
    written = re.sub(r"[\s-]+", " ", hit["share"].lower())
    low, high = read("units")["shares"].get(written) or _fraction(written)
    comparator, start = comparator_before(text, hit.start("share"))
    central = float(low) if low == high else None
    return Amount(
        start, hit.end(), text[start : hit.end()], central, float(low), float(high), "%", comparator
    )


def bounded_share(text: str, hit: re.Match[str]) -> Amount | None:
    """As in "less than a fifth has come": a fraction without "of" counts after a comparator, or in the plural."""
    if comparator_before(text, hit.start("share"))[0] != "=" or hit["share"].lower().endswith(
        ("thirds", "quarters", "fifths", "tenths")
    ):
        return share(text, hit)
    return None


def _fraction(text: str) -> tuple[float, float]:
    """Per cent of "two fifths"."""
    count, _, part = text.partition(" ")
    parts: dict[str, int] = read("units")["parts"]
    share = round(100 * value("one" if count in ("a", "an") else count) / parts[part.rstrip("s")], 3)
    return share, share


def _unit_per(text: str) -> str:
    word = re.sub(r"^(?:/\s?|per\s|-?an?[\s-]|every\s|each\s)", "", text)
    short = {"bl": "bbl", "barrel": "bbl", "tonne": "t", "ton": "t", "annum": "year", "annually": "year"}
    return {**short, "yearly": "year", "monthly": "month"}.get(word, word)


def _counted_after(text: str, end: int) -> str:
    hit = re.match(r"\s(?:of\s)?([a-z]+)", text[end:])
    if not hit:
        return ""
    word = hit.group(1)
    code = currency(word)
    return code if code != word else _unit_of().get(word, "")
