"""What a design says: the order of the instruments, the packages of the frontier, and a published comparison."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tertius.strategy.design_problem import Limits


@dataclass(frozen=True, slots=True)
class Rank:
    """One instrument at the first step, from gradients alone; per percentage point of rate or coverage.

    Attributes
    ----------
    kind, sector : "tariff" or "embargo", and its sector.
    trade_bn : bn USD a year of trade it acts on, in the base.
    target_mn, sender_mn : mn USD a year of real income lost per percentage point; negative is a gain.
    ratio : the target's loss per dollar of own cost; None where one of them gains.
    order : horizon -> place in the order at that horizon, from 1; None where it is no sanction at all.
    """

    kind: str
    sector: str
    trade_bn: float
    target_mn: float
    sender_mn: float
    ratio: float | None
    order: dict[str, int | None]


@dataclass(frozen=True, slots=True)
class Point:
    """One package on the frontier.

    Attributes
    ----------
    tariff, embargo : sector -> rate and coverage, fractions; only those above zero.
    target_pct, target_bn : the target's loss.
    sender_pct, sender_bn : the coalition's own cost, all members together; negative is a gain.
    worst_member : member that loses most, in per cent of its income.
    price : own cost per extra dollar of the target's loss since the point before; None for the first.
    third_bn : loss of all third parties together.
    hit : third party -> loss in per cent, the hardest hit.
    takers : third party -> bn USD a year by which its trade with the target grows: lifelines that carry more.
    civilian_pct : sector that civilians need -> fall of consumption in per cent.
    bands : horizon -> (target's loss in per cent, own cost in bn) of the package; None: no equilibrium.
    """

    tariff: dict[str, float]
    embargo: dict[str, float]
    target_pct: float
    target_bn: float
    sender_pct: float
    sender_bn: float
    worst_member: tuple[str, float]
    price: float | None
    third_bn: float
    hit: dict[str, float]
    takers: dict[str, float]
    civilian_pct: dict[str, float]
    bands: dict[str, tuple[float, float] | None]


@dataclass(frozen=True, slots=True)
class Compared:
    """A published optimum beside the frontier's at the same willingness to pay."""

    willingness: float
    published: str
    mean_tariff: float
    energy_embargo: float
    point: int


@dataclass(frozen=True, slots=True)
class Design:
    """What `design` found; `to_dict` is the published form."""

    target: str
    senders: tuple[str, ...]
    as_of: str
    base_year: int
    horizon: str
    exempt: bool
    comply: tuple[str, ...]
    limits: Limits
    ranking: tuple[Rank, ...]
    points: tuple[Point, ...]
    compared: tuple[Compared, ...]
    solves: int
    gradients: int
    seconds: float
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return asdict(self)
