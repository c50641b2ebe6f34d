"""The rules of `data/measured.yaml`, their patterns put together once."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from tertius.ledger.topics import read_yaml


@cache
def rules() -> dict[str, Any]:
    """Return the content of `data/measured.yaml`."""
    return dict(read_yaml("measured.yaml"))


@cache
def patterns() -> tuple[tuple[str, str, float, re.Pattern[str]], ...]:
    """(rule, what it gives, confidence, pattern) in the order of the file."""
    found = []
    for row in rules()["rules"]:
        sources = list(row.get("patterns", ()))
        for name in ("flows", "totals"):
            sources += [phrase + row[name] for phrase in rules()[name] if name in row]
        found += [
            (row["id"], row["gives"], float(row["confidence"]), re.compile(_filled(s), re.IGNORECASE))
            for s in sources
        ]
    return tuple(found)


def _filled(source: str) -> str:
    """A pattern with its parts in place."""
    parts: dict[str, str] = rules()["parts"]
    while names := [name for name in re.findall(r"\{([A-Z]+)\}", source) if name in parts]:
        for name in names:
            source = source.replace("{" + name + "}", parts[name])
    return source


@cache
def voices() -> tuple[tuple[dict[str, Any], re.Pattern[str]], ...]:
    """Rows of speakers with their patterns, in the order of the file."""
    return tuple(
        (row, re.compile(row["says"].replace("{SELLER}", "(?:<[A-Z]{3}>(?:'s)? )"), re.IGNORECASE))
        for row in rules()["voices"]
    )


@cache
def not_levels() -> re.Pattern[str]:
    """Words of a sentence whose numbers are no levels."""
    return re.compile(rf"(?<!\w)(?:{_joined('not_levels')})(?!\w)", re.IGNORECASE)


@cache
def not_this() -> re.Pattern[str]:
    """Words before a number that make it a comparison or a change."""
    return re.compile(rf"\b{_joined('not_this')}", re.IGNORECASE)


@cache
def now() -> re.Pattern[str]:
    """Words that stand for the month of the article."""
    return re.compile(rf"\b(?:{rules()['now']})\b", re.IGNORECASE)


@cache
def year_before() -> re.Pattern[str]:
    """Words that compare with the year before."""
    return re.compile(rules()["year_before"], re.IGNORECASE)


def _joined(name: str) -> str:
    return re.sub(r"\s*\n\s*|\|\s+", "|", str(rules()[name]).strip()).replace("||", "|")


@cache
def flows() -> tuple[re.Pattern[str], ...]:
    """Phrases for a flow of crude from a seller to a buyer."""
    return tuple(re.compile(_filled(phrase), re.IGNORECASE) for phrase in rules()["flows"])


@cache
def habit() -> re.Pattern[str]:
    """Words that say what somebody does all the time."""
    return re.compile(rf"\b(?:{rules()['habit']})\b", re.IGNORECASE)


@cache
def ways() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Words for taking a flow in, and for sending it out."""
    taking, sending = "{IN}|{BOUGHT}|import(?:ing|ed)?|buying", "{OUT}|{SENT}|{SOLD}|export(?:ing|ed)?"
    return tuple(re.compile(rf"\b(?:{_filled(words)})\b", re.IGNORECASE) for words in (taking, sending))  # type: ignore[return-value]


@cache
def oil() -> re.Pattern[str]:
    """Words for crude and fuel."""
    return re.compile(rf"\b{_filled('{FUEL}')}\b", re.IGNORECASE)
