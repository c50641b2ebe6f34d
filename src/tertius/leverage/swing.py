"""Which disputed claim moves the answer most: each goes from its low to its high reading, the others stay central."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tertius.ledger.intervals import latest
from tertius.ledger.topics import topics
from tertius.leverage.curve import leverage
from tertius.leverage.judged import Interval
from tertius.leverage.lines import Lines, Point
from tertius.world.scale import with_gdp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Move:
    """L(5 %) and Loss(all) at the low and the high reading of one entry, fractions."""

    key: str
    what: str
    low_words: str
    high_words: str
    leverage: tuple[float, float]
    loss_all: tuple[float, float]
    sources: tuple[str, ...]


#: Quantile of `Point` -> what is disputed.
_FIELDS = {
    "theta": "trade elasticity of the horizon",
    "discount": "discount of the target's crude",
    "extra_cost": "extra freight, insurance and financing of a shielded barrel",
    "replacement": "cost of replacing the target's resources",
    "caught_open": "chance that the open channel is caught",
    "caught_shielded": "chance that the shielded channel is caught",
    "influence": "worth of influence to supporters",
    "stake": "business of listed carriers",
}


def moves(by_reading: Mapping[str, Lines], *, q: float = 0.05) -> list[Move]:
    """Every entry that moves anything, the one that moves the answers most first.

    Parameters
    ----------
    by_reading : "low", "central", "high" readings of the shadow trade, stakes solved.
    """
    lines = by_reading["central"]
    found = []
    for field, what in _FIELDS.items():
        interval = _interval(lines, field)
        if interval is None or interval.low == interval.high:
            continue
        ends = []
        for u in (0.0, 1.0):
            point = replace(Point(), **{field: u})
            ratio, everything, _ = leverage(lines, point, lines.q_star(point), [q])
            ends.append((float(ratio[0]), everything))
        found.append(_move(field, what, ends, interval))
    found.append(_volumes(by_reading, q))
    size = _economy_size(lines, q)
    if size is not None:
        found.append(size)
    return sorted(found, key=reach, reverse=True)


def reach(move: Move) -> float:
    """How far the two answers move together: L(5 %) in points, Loss(all) relative to its own size."""
    middle = max((abs(move.loss_all[0]) + abs(move.loss_all[1])) / 2.0, 1e-12)
    return abs(move.leverage[1] - move.leverage[0]) + abs(move.loss_all[1] - move.loss_all[0]) / middle


def _move(field: str, what: str, ends: Sequence[tuple[float, float]], interval: Interval) -> Move:
    words = tuple(
        f"{100 * value:.3g} %" if interval.unit == "probability" else f"{value:.3g} {interval.unit}"
        for value in (interval.low, interval.high)
    )
    return Move(
        field, what, words[0], words[1],
        (ends[0][0], ends[1][0]), (ends[0][1], ends[1][1]), interval.sources,
    )  # fmt: skip


def _volumes(by_reading: Mapping[str, Lines], q: float) -> Move:
    ends, words = [], []
    for name in ("low", "high"):
        lines = by_reading[name]
        point = Point()
        ratio, everything, _ = leverage(lines, point, lines.q_star(point), [q])
        ends.append((float(ratio[0]), everything))
        shadow = lines.value[:, 1].sum()
        words.append(f"{shadow:.3g} bn USD {lines.game.world.year} of shadow trade")
    centre = by_reading["central"]
    sources = tuple(
        f"claim:{c.id}"
        for c in centre.judged.claims
        if c.target == centre.judged.target and c.channel == "shielded" and c.value is not None
    )
    return Move(
        "shadow volumes", "volume of shadow trade with the target, all supporters", words[0], words[1],
        (ends[0][0], ends[1][0]), (ends[0][1], ends[1][1]), sources,
    )  # fmt: skip


def _economy_size(lines: Lines, q: float) -> Move | None:
    """The target's dollar GDP, where claims dispute it: the same trade in a smaller and in a larger economy."""
    world, target = lines.game.world, lines.game.target
    topic = f"{target}.gdp_usd_bn"
    said = (
        latest(lines.judged.claims, topic, "broad", as_of=lines.judged.as_of) if topic in topics() else None
    )
    if said is None or said.low is None or said.high is None or said.low == said.high:
        return None
    ends = []
    for gdp in (said.low, said.high):
        resized = replace(
            lines.game,
            world=with_gdp(world, target, 1e3 * gdp),
            solves=0,
            solved_elsewhere=None,
            _known={},
            _exposures={},
        )
        other = Lines(resized, lines.scenario, lines.judged, lines.horizon)
        other.borrow(lines)
        ratio, everything, _ = leverage(other, Point(), other.q_star(Point()), [q])
        ends.append((float(ratio[0]), everything))
        lines.game.solves += resized.solves
    words = tuple(f"{x:.3g} {said.unit}" for x in (said.low, said.high))
    return Move(
        "dollar GDP",
        f"GDP of {target} in dollars, its trade unchanged",
        words[0],
        words[1],
        (ends[0][0], ends[1][0]),
        (ends[0][1], ends[1][1]),
        tuple(f"claim:{i}" for i in said.claims),
    )


def _interval(lines: Lines, field: str) -> Interval | None:
    """The interval behind a quantile, for the words of its two readings."""
    judged = lines.judged
    if field == "theta":
        low, high = lines.horizon.low.mean(), lines.horizon.high.mean()
        middle = lines.horizon.central.trade.mean()
        return Interval(
            low, middle, high, "mean trade elasticity", (f"engine:{lines.horizon.name}",), judgement=True
        )
    if field == "discount":
        found = [d.usd_bbl for d in lines.discounts if d is not None]
        return max(found, key=lambda i: i.high - i.low) if found else None
    if field == "stake":
        known = [x for row in lines.stakes_listed for x in row if x is not None and x.central == x.central]
        return known[0] if known else None
    return {
        "extra_cost": judged.extra_cost,
        "replacement": judged.replacement,
        "caught_open": judged.caught("open", "secondary_tariff"),
        "caught_shielded": judged.caught("shielded", "secondary_tariff"),
        "influence": judged.influence,
    }[field]
