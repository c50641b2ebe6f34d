"""Filters over claims: by who, for whom, through what, about what, and above all by the day it was known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tertius.ledger.record import last_day_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from tertius.ledger.record import Claim


def select(
    claims: Iterable[Claim],
    target: str | None = None,
    *,
    supporter: str | None = None,
    channel: str | None = None,
    topic: str | None = None,
    stage: str | None = None,
    measure: str | None = None,
    text: str | None = None,
    as_of: str | date | None = None,
) -> list[Claim]:
    """Claims that match every filter given; `topic` and `measure` also match by prefix ("IRN.").

    Nothing said after `as_of` passes, whatever it is about.
    """
    wanted = {"target": target, "supporter": supporter, "channel": channel, "stage": stage}
    equal = {name: value for name, value in wanted.items() if value is not None}
    limit = None if as_of is None else last_day_of(as_of)
    return [
        claim
        for claim in claims
        if all(getattr(claim, name) == value for name, value in equal.items())
        and claim.topic.startswith(topic or "")
        and claim.measure.startswith(measure or "")
        and (limit is None or claim.known_at(limit))
        and (not text or all(word in claim.text.lower() for word in text.lower().split()))
    ]
