"""When claims are about: first and last day, overlap, and whether two periods can be compared."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tertius.ledger.record import first_day, last_day

if TYPE_CHECKING:
    from tertius.ledger.record import Claim


def span(claim: Claim) -> tuple[date, date]:
    """Return the first and last day a claim is about; the day it was said when it names none."""
    said = claim.known_on or date.min
    about = claim.about
    if about is None or not about.start:
        return said, said
    return first_day(about.start) or said, last_day(about.end or about.start) or said


def overlap(a: Claim, b: Claim, slack: timedelta = timedelta(0)) -> bool:
    """Whether the two periods share a day, or come within `slack` of it."""
    (start, end), (start2, end2) = span(a), span(b)
    return start <= end2 + slack and start2 <= end + slack


def same_window(a: Claim, b: Claim) -> bool:
    """Whether the shorter period is at least half of the longer one: a month does not contradict a year."""
    lengths = sorted((end - start).days + 1 for start, end in (span(a), span(b)))
    return lengths[0] * 2 >= lengths[1]


def same_time(a: Claim, b: Claim) -> bool:
    """Whether at least half of the shorter period lies in the longer one."""
    (start, end), (start2, end2) = span(a), span(b)
    shared = (min(end, end2) - max(start, start2)).days + 1
    return shared * 2 >= min((end - start).days, (end2 - start2).days) + 1 and shared > 0
