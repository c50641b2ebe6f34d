"""The one object that feeds the terminal, the JSON, the page and the Python API.

Every number is a `Quantity`: low, central, high, unit, year, and where it came from. `None` means unknown, and is
printed as unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Quantity:
    """An interval with a unit, a year and its sources.

    `sources` holds claim ids ("claim:<id>"), source names of sources.toml ("source:baci") or "engine:<horizon>".
    """

    low: float | None
    central: float | None
    high: float | None
    unit: str
    year: int | None
    sources: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Losses:
    """The three losses of one horizon, per cent of the target's real income."""

    horizon: str
    all_comply: Quantity
    now: Quantity
    lifted: Quantity


@dataclass(frozen=True, slots=True)
class Lifeline:
    """(supporter, target, channel), what it carries and when it breaks. Rows with `pool` stand for many supporters."""

    supporter: str
    supporter_name: str
    channel: str
    status: str  # "listed", "pool: deterred", "pool: not exposed"
    value: Quantity  # USD bn a year
    rent: Quantity  # USD bn a year
    benefit: Quantity  # USD bn a year
    exposure: Quantity  # USD bn a year, what the supporter loses if the sender enforces
    exposure_share: Quantity  # per cent of the supporter's real income
    q_star: Quantity  # probability
    influence_needed: Quantity  # USD bn a year to hold at q = 5 %
    loss_if_cut: Quantity  # per cent of T's real income, this lifeline alone
    order: str  # "determined" or "not determined: ..."
    made_of: tuple[str, ...]  # sentences: what q_star is made of
    claims: tuple[str, ...] = ()  # claim ids


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One step of L(q): what has broken by this credibility and the leverage there."""

    q: float
    leverage: Quantity  # fraction
    breaks: tuple[
        str, ...
    ]  # "CHN shielded", ... lifelines whose central q* lies between the last point and this


@dataclass(frozen=True, slots=True)
class Share:
    """One lifeline's Shapley share of the gap between all_comply and now."""

    supporter: str
    channel: str
    points: Quantity  # percentage points of T's real income
    share: Quantity  # fraction of the gap
    standard_error: float  # percentage points


@dataclass(frozen=True, slots=True)
class Cost:
    """What one actor, or one civilian-need sector of the target, pays."""

    who: str
    case: str  # "without retaliation", "with matched retaliation", "third party, complies", "civilian need", ...
    real_income: Quantity  # per cent
    money: Quantity  # USD bn a year
    terms_of_trade: Quantity  # per cent; the part of real_income that is terms of trade


@dataclass(frozen=True, slots=True)
class Swing:
    """How far the answer moves when one disputed claim goes from its low to its high reading."""

    claim: str
    what: str
    reading_low: str
    reading_high: str
    leverage_at_5: Quantity  # fraction; change of L(5 %)
    loss_all: Quantity  # percentage points; change of Loss_all
    claims: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Before:
    """One number before and after the claims that were read.

    What the embedded ledger alone gives is `before`; the embedded ledger with what was read gives `after`.
    """

    what: str
    before: Quantity
    after: Quantity


@dataclass(frozen=True, slots=True)
class MovedTopic:
    """What the read claims on one topic change, everything else left as the embedded ledger has it.

    The row of all topics together has the topic "all" and no reading.
    """

    topic: str  # machine key, or "all"
    supporter: str  # ISO3, empty where the topic has none
    what: str  # what the topic measures
    claims: tuple[str, ...]  # ids of the read claims
    reading: Before | None  # interval of the topic; None in the row of all topics together
    fed: tuple[Before, ...]  # quantities of the world or judgements it fed
    leverage_at_5: Before  # fraction; central, medium horizon
    loss_all: Before  # per cent of the target's real income; central, medium horizon
    why: str  # in words


@dataclass(frozen=True, slots=True)
class Unused:
    """Read claims that moved nothing, and why."""

    reason: str
    count: int
    claims: tuple[str, ...]  # the first twenty ids


@dataclass(frozen=True, slots=True)
class Moved:
    """What a ledger that the user brought changes in the answer, topic by topic."""

    read: int  # claims in it
    topics: tuple[MovedTopic, ...]  # the one that moves Loss(all) and L(5 %) most first
    together: MovedTopic | None  # None where nothing moved
    unused: tuple[Unused, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Check:
    """One law checked in this run, and what was found."""

    law: str
    holds: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What it takes to get the same numbers again."""

    package: str
    snapshot: str
    scenario: str  # hash
    ledger: str  # hash
    seed: int
    as_of: str
    exact_solves: int
    exact_draws: int  # over all horizons
    interpolated_draws: int
    worst_residual: float
    worst_residual_at: str
    shift: str  # deficits rebased: what and how much
    seconds: float
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything one question returns; see the published JSON schema for the field-by-field description."""

    target: str
    sender: tuple[str, ...]
    measures: tuple[str, ...]
    as_of: str
    price_year: int
    headline: str
    loss: tuple[Losses, ...]
    curve: tuple[CurvePoint, ...]
    curve_by_horizon: dict[str, tuple[CurvePoint, ...]]
    breaks_at: dict[str, tuple[str, ...]]  # "1 %", "5 %", "20 %" -> lifelines
    lifelines: tuple[Lifeline, ...]
    attribution: tuple[Share, ...]
    costs: tuple[Cost, ...]
    swing: tuple[Swing, ...]
    conflicts: tuple[
        dict[str, Any], ...
    ]  # claims in conflict: {topic, claims: [{id, text, value, source, said}]}
    quality: dict[str, dict[str, float]]  # "target trade" -> quality class -> share of value
    checks: tuple[Check, ...]
    unknown: tuple[str, ...]
    provenance: Provenance
    days_of_cover: dict[str, Any] | None = None
    enforced: dict[str, Any] | None = None
    moved: Moved | None = None  # what a ledger beside the embedded one changes; None where none was given
    claims: dict[str, dict[str, Any]] = field(default_factory=dict)  # id -> record, every claim that was used

    def to_dict(self) -> dict[str, Any]:
        """Plain containers, ready for JSON; the published schema describes them."""
        from tertius.leverage.document import to_dict

        return to_dict(self)

    def to_frame(self, table: str = "lifelines") -> pd.DataFrame:
        """One of the tables (lifelines, curve, attribution, costs, swing, loss) as a data frame."""
        from tertius.leverage.document import to_frame

        return to_frame(self, table)
