"""What every measure has: who, which role, when, in which legal state, and by which source."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tertius import countries
from tertius.errors import InputError
from tertius.scenario.fields import Actors
from tertius.scenario.legal import LIVE, Dates, LegalState, Role, State, check_states, state_on
from tertius.scenario.wedge import Wedges

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from tertius.scenario.scope import Scope
    from tertius.world.model import World


class Measure(BaseModel):
    """A policy act of one or several senders.

    A `primary` measure acts on the target (`apply`); a `threat` acts on a supporter that keeps a lifeline
    (`enforce`) and never enters the target's loss. A new kind of measure
    is one subclass with `effect` and `line`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: Fields that must agree where two measures of one type meet on the same cells.
    strength: ClassVar[tuple[str, ...]] = ()

    type: str
    senders: Actors = Field((), description="states or groups; empty: the scenario's senders")
    role: Role = "primary"
    dates: Dates = Dates()
    states: tuple[LegalState, ...] = Field((), description="dated legal states; empty: the dates decide")
    citation: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _dated(self) -> Measure:
        check_states(self.dates, self.states)
        return self

    # -- law -----------------------------------------------------------------------------------------

    def state_on(self, on: dt.date) -> State | None:
        """Legal state on a day; None before it was said and after it ended."""
        return state_on(self.dates, self.states, on)

    def live(self, on: dt.date) -> bool:
        """Whether it can act on a day; a void or enjoined threat has q = 0."""
        return self.state_on(on) in LIVE[self.role]

    # -- economics -----------------------------------------------------------------------------------

    @property
    def scope(self) -> Scope | None:
        """What a supporter would stop if it complied; None where nothing is traded."""
        return None

    @abstractmethod
    def effect(self, world: World, senders: tuple[str, ...], other: str) -> Wedges:
        """Return what the senders do to one other state, target or supporter alike."""

    def apply(self, world: World, target: str) -> Wedges:
        """Return what the measure does to the target; nothing for a threat."""
        if self.role == "threat":
            return Wedges.none()
        return self.effect(world, self.sender_codes(), target)

    def enforce(self, world: World, supporter: str, target: str) -> Wedges:
        """Return what a supporter suffers if the senders enforce; nothing for a primary measure."""
        if self.role == "primary" or supporter == target or supporter in (senders := self.sender_codes()):
            return Wedges.none()
        return self.effect(world, senders, supporter)

    def sender_codes(self, on: dt.date | None = None) -> tuple[str, ...]:
        """Senders as ISO 3166-1 alpha-3; a group needs a day, by default the first one of the measure.

        Raises
        ------
        InputError : no sender, or a group and no date at all.
        """
        if not self.senders:
            raise InputError(f"{self.type}: no sender; name senders, or put the measure into a scenario")
        return expand(self.senders, on or self.dates.in_force or self.dates.said)

    # -- words ---------------------------------------------------------------------------------------

    @abstractmethod
    def line(self) -> str:
        """Write the measure in the one-line grammar, without dates and sources."""

    def __str__(self) -> str:
        return self.line()


def expand(actors: Sequence[str], on: dt.date | None) -> tuple[str, ...]:
    """Replace groups by their members on a day; raises InputError where a group meets no day."""
    codes: list[str] = []
    for actor in actors:
        if actor in countries.GROUPS:
            if on is None:
                raise InputError(
                    f"{actor}: whose members on which day? Give the measure a date, or a scenario"
                )
            if not (found := countries.members(actor, on)):
                raise InputError(f"{actor}: had no members on {on}")
            codes += found
        else:
            codes.append(actor)
    return tuple(dict.fromkeys(codes))


def percent(rate: float) -> str:
    """Write a rate so that it reads back as the same number."""
    return f"{rate * 100:.10g}%"


def suffix(measure: Measure, default: Role) -> str:
    """Write the role where it is not the type's own."""
    return "" if measure.role == default else f" as {measure.role}"
