"""When a measure was said, bound anyone, and stopped: dates and legal states.

Whether a threat can bite at all on the as-of date is a legal fact, not a guess: a voided order has q = 0.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

State = Literal["announced", "ordered", "in_force", "enjoined", "void"]
Role = Literal["primary", "threat"]

#: A primary measure acts only in force; a threat is believed or not from the day it is announced.
LIVE: dict[str, tuple[State, ...]] = {
    "primary": ("in_force",),
    "threat": ("announced", "ordered", "in_force"),
}


def as_date(value: Any) -> dt.date:
    """Read an ISO date; raises ValueError with the form that is wanted."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value).strip())
    except ValueError:
        raise ValueError(f'"{value}" is not a date; write year-month-day, as in 2026-01-13') from None


Date = Annotated[dt.date, BeforeValidator(as_date)]


class Dates(BaseModel):
    """When a measure was said, and from when until when it binds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    said: Date | None = Field(default=None, description="day it was announced")
    in_force: Date | None = Field(default=None, description="first day it binds")
    until: Date | None = Field(default=None, description="last day it binds; empty if open")

    @model_validator(mode="after")
    def _ordered(self) -> Dates:
        given = [(n, d) for n in ("said", "in_force", "until") if (d := getattr(self, n)) is not None]
        for (first, a), (second, b) in pairwise(given):
            if a > b:
                raise ValueError(f"{second} ({b}) lies before {first} ({a})")
        return self


class LegalState(BaseModel):
    """One dated change of a measure's legal state."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: State
    on: Date = Field(description="first day of this state")
    citation: str = ""


def check_states(dates: Dates, states: tuple[LegalState, ...]) -> None:
    """Raise ValueError where dated states contradict each other or the dates."""
    wrong: list[str] = []
    by_day: dict[dt.date, State] = {}
    for entry in states:
        before = by_day.setdefault(entry.on, entry.state)
        if before != entry.state:
            wrong.append(f"states: both {before} and {entry.state} on {entry.on}; one day has one state")
        if dates.said and entry.on < dates.said:
            wrong.append(f"states: {entry.state} on {entry.on}, before it was said ({dates.said})")
    if wrong:
        raise ValueError("\n".join(wrong))


def state_on(dates: Dates, states: tuple[LegalState, ...], on: dt.date) -> State | None:
    """Return the legal state on a day, or None where there is nothing yet or nothing more.

    A listed state holds until the next one; without a list the dates speak. No date at all is a hypothetical
    measure, in force throughout.
    """
    if dates.until and on > dates.until:
        return None
    if states:
        past = [entry for entry in states if entry.on <= on]
        return max(past, key=lambda entry: entry.on).state if past else None
    if dates.said and on < dates.said:
        return None
    if dates.in_force:
        return "in_force" if on >= dates.in_force else ("announced" if dates.said else None)
    return "announced" if dates.said else "in_force"
