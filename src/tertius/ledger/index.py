"""How the store finds claims: places, words and filters of the full-text index.

A place is (day the claim was known, order of arrival) in one integer. Filters are words in a column of their
own, so text and filters are one query.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tertius.ledger.record import Claim

#: Arrivals that fit into one day's places.
PLACES = 1 << 32
#: What claims can be filtered by.
FILTERS = frozenset({"target", "supporter", "channel", "topic", "stage"})

_COPY_MIN = 40  # letters; shorter verbatim spans are alike by chance


def place(day: date | None, seq: int) -> int:
    """Day and order of arrival in one integer; day 0 holds what has no date."""
    return (day.toordinal() if day else 0) * PLACES + seq


def word(name: str, value: str) -> str:
    """One index word for one value of one filter."""
    return name + re.sub(r"[^0-9a-z]", "", value.lower())


def tags(claim: Claim) -> str:
    """One word for each filter, "none" where the claim leaves it open."""
    return " ".join(word(name, getattr(claim, name) or "none") for name in sorted(FILTERS))


def words(claim: Claim) -> str:
    """Return the text to search: our words, the verbatim span, title, publisher and origin."""
    return " ".join(
        (
            claim.summary,
            claim.span.text if claim.span else "",
            claim.doc.title,
            claim.doc.publisher,
            claim.origin,
        )
    )


def match(text: str | None, filters: Mapping[str, str]) -> str:
    """FTS5 query: every word of the text quoted, every filter as its word; a topic also by its beginning."""
    words = [f'text : "{word}"' for word in re.findall(r"\w+", text or "")]
    tags = [
        f'tags : "{word(name, value or "none")}"{"*" if name == "topic" else ""}'
        for name, value in filters.items()
    ]
    return " AND ".join(words + tags)


def wire(claim: Claim) -> str:
    """Hash of the verbatim words and the event, equal in every outlet that prints one agency's text."""
    letters = re.sub(r"\W", "", claim.span.text.casefold()) if claim.span else ""
    if len(letters) < _COPY_MIN:
        return ""
    return hashlib.sha1("\x1f".join((letters, claim.event, claim.key)).encode()).hexdigest()  # noqa: S324


def period(claim: Claim) -> str:
    """Return what time a claim is about, as one key."""
    return f"{claim.about.start}/{claim.about.end}" if claim.about else ""
