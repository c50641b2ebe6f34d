"""Five indicators of how a tie behaves, over monthly flows of events or of money.

Each value carries what it rests on and how much of the period the data cover; where the data are too few the
value is None, which reads as unknown, never 0. A month that was not observed is nan and is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tertius.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.ledger.bulk.series import DyadSeries

Array = NDArray[np.float64]

# Below these counts a value says more about chance than about the tie. Judgement, stated with every unknown.
FEWEST_EVENTS = 20
FEWEST_MONTHS = 12
FEWEST_TRIGGERS = 3
FEWEST_GAPS = 10
WINDOW = 3  # months a trigger is felt: its own and the two after


@dataclass(frozen=True, slots=True)
class Indicator:
    """One value and what it rests on.

    Parameters
    ----------
    name : material_share, pledge_to_delivery, continuity, trigger_lift or burstiness.
    value : None where the data are too few.
    unit : "share", "ratio", or "index from -1 to 1".
    rests_on : how many observations, and of what: (48, "months").
    coverage : share of the period's months that were observed; nan if the period is unknown.
    period : "2005-01 to 2015-12", or "" if the flow has no dates.
    why_unknown : what was lacking; "" where there is a value.
    source : who defined it.
    """

    name: str
    value: float | None
    unit: str
    rests_on: tuple[int, str]
    coverage: float
    period: str = ""
    why_unknown: str = ""
    source: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain containers, ready for JSON; an unknown coverage is None."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "rests_on": {"n": self.rests_on[0], "of": self.rests_on[1]},
            "coverage": None if np.isnan(self.coverage) else self.coverage,
            "period": self.period,
            "why_unknown": self.why_unknown,
            "source": self.source,
        }


def _coverage(flow: Array) -> float:
    return float(np.mean(~np.isnan(flow))) if flow.size else float("nan")


def _flow(values: Sequence[float] | Array) -> Array:
    """Check the flow: one axis, no infinite and no negative months."""
    flow = np.asarray(values, dtype=float)
    if flow.ndim != 1 or np.isinf(flow).any() or (flow < 0).any():
        raise InputError(
            "a monthly flow is one row of values >= 0, with nan for months that were not observed; found "
            f"{flow.ndim} axes, {np.isinf(flow).sum()} infinite and {(flow < 0).sum()} negative values"
        )
    return flow


def _lacking(*needs: tuple[bool, str]) -> str:
    """Name the first thing that is lacking, or ""."""
    return next((why for short, why in needs if short), "")


def material_share(
    verbal: Sequence[float] | Array, material: Sequence[float] | Array, period: str = ""
) -> Indicator:
    """Share of a dyad's events that are acts rather than words.

    share = material / (verbal + material), summed over the observed months

    Parameters
    ----------
    verbal, material : (m,), events a month: QuadClass 1 and 3, QuadClass 2 and 4.

    Returns
    -------
    share; unknown under 20 events.

    References
    ----------
    The four classes are those of Duval and Thompson (1980), American Journal of Political Science 24(3).
    """
    words, acts = _flow(verbal), _flow(material)
    said, done = float(np.nansum(words)), float(np.nansum(acts))
    short = _lacking(
        (said + done < FEWEST_EVENTS, f"{said + done:g} events; at least {FEWEST_EVENTS} are needed")
    )
    return Indicator(
        name="material_share",
        value=None if short else done / (said + done),
        unit="share",
        rests_on=(round(said + done), "events"),
        coverage=_coverage(words + acts),
        period=period,
        why_unknown=short,
        source="classes of Duval and Thompson (1980)",
    )


def pledge_to_delivery(
    pledges: Sequence[float] | Array, deliveries: Sequence[float] | Array, period: str = ""
) -> Indicator:
    """How much is promised for each unit delivered; above 1, promises run ahead.

    ratio = pledges / deliveries, summed over the observed months

    In event data both are counts: a pledge announces trade, arms or aid, a delivery is such an act. One pact
    can lead to many deliveries, so the ratio compares dyads and periods; it is not a rate of kept promises.

    Parameters
    ----------
    pledges, deliveries : (m,), events or money a month, both in one unit.

    Returns
    -------
    ratio; unknown without a delivery, and under 20 pledges and deliveries together where they are counts.

    References
    ----------
    After the comparison of commitments with disbursements in Bulir and Hamann (2008), World
    Development 36(10).
    """
    promised, given = _flow(pledges), _flow(deliveries)
    said, done = float(np.nansum(promised)), float(np.nansum(given))
    short = _lacking(
        (
            said + done < FEWEST_EVENTS,
            f"{said + done:g} pledges and deliveries; at least {FEWEST_EVENTS} are needed",
        ),
        (done == 0, f"{said:g} pledges and no delivery: the ratio has no value"),
    )
    return Indicator(
        name="pledge_to_delivery",
        value=None if short else said / done,
        unit="ratio",
        rests_on=(round(said + done), "pledges and deliveries"),
        coverage=_coverage(promised + given),
        period=period,
        why_unknown=short,
        source="after Bulir and Hamann (2008)",
    )


def continuity(flow: Sequence[float] | Array, period: str = "") -> Indicator:
    """Share of months in which the tie carries a flow worth the name.

    continuity = share of observed months with flow > P75 / 2, P75 the 75th percentile of the observed months

    A steady flow has 1. Where P75 is 0 fewer than a quarter of the months carry anything: there is no level
    to continue, and the value is 0. A value is therefore either 0 or at least one quarter.

    Parameters
    ----------
    flow : (m,), events or money a month; nan where not observed.

    Returns
    -------
    share; unknown under 12 observed months and for a flow that is 0 throughout.

    References
    ----------
    Defined here. A relative of the average demand interval of Syntetos, Boylan and Croston (2005), Journal of
    the Operational Research Society 56(5), which counts months with any flow however small.
    """
    values = _flow(flow)
    seen = values[~np.isnan(values)]
    short = _lacking(
        (seen.size < FEWEST_MONTHS, f"{seen.size} observed months; at least {FEWEST_MONTHS} are needed"),
        (not seen.any(), "no flow in any observed month"),
    )
    value = None
    if not short:
        high = float(np.quantile(seen, 0.75))
        value = float(np.mean(seen > high / 2)) if high > 0 else 0.0
    return Indicator(
        name="continuity",
        value=value,
        unit="share",
        rests_on=(int(seen.size), "months"),
        coverage=_coverage(values),
        period=period,
        why_unknown=short,
        source="defined here, after Syntetos, Boylan and Croston (2005)",
    )


def trigger_lift(
    flow: Sequence[float] | Array, triggers: Sequence[int], window: int = WINDOW, period: str = ""
) -> Indicator:
    """How much more flows shortly after a trigger (a sanction, a strike) than in the average month.

    lift = mean flow of the months within `window` of a trigger / mean flow of all observed months

    The trigger's own month is the first of its window. About 1: support does not wait for an occasion. If the
    whole flow falls into windows that take a share s of the months, lift is 1/s, its largest value.

    Parameters
    ----------
    flow : (m,), events or money a month; nan where not observed.
    triggers : months of the triggers, as positions in `flow`.
    window : months.

    Returns
    -------
    ratio; unknown under 12 observed months or 3 triggers, without any flow, and where no month lies outside
    the windows.

    References
    ----------
    The lift (interest) of Brin, Motwani, Ullman and Tsur (1997), SIGMOD, with flow for transactions.
    """
    values = _flow(flow)
    if window < 1 or any(not 0 <= t < values.size for t in triggers):
        raise InputError(f"triggers are positions 0 to {values.size - 1} and a window has at least 1 month")
    inside = np.zeros(values.size, dtype=bool)
    for start in triggers:
        inside[start : start + window] = True
    seen = ~np.isnan(values)
    distinct = len(set(triggers))
    short = _lacking(
        (seen.sum() < FEWEST_MONTHS, f"{seen.sum()} observed months; at least {FEWEST_MONTHS} are needed"),
        (distinct < FEWEST_TRIGGERS, f"{distinct} triggers; at least {FEWEST_TRIGGERS} are needed"),
        (not values[seen].any(), "no flow in any observed month"),
        (not (seen & inside).any(), "no observed month lies within a window"),
        (
            not (seen & ~inside).any(),
            "every observed month lies within a window, so there is nothing to compare",
        ),
    )
    return Indicator(
        name="trigger_lift",
        value=None if short else float(values[seen & inside].mean() / values[seen].mean()),
        unit="ratio",
        rests_on=(distinct, "triggers"),
        coverage=_coverage(values),
        period=period,
        why_unknown=short,
        source="lift of Brin, Motwani, Ullman and Tsur (1997)",
    )


def burstiness(
    days: NDArray[np.datetime64] | Sequence[float] | Array, coverage: float = float("nan"), period: str = ""
) -> Indicator:
    """How unevenly events are spread in time: -1 like clockwork, 0 at random, towards 1 in bursts.

    B = (s - m) / (s + m), m and s the mean and standard deviation of the gaps between successive active days

    Parameters
    ----------
    days : (k,), the days with at least one event, dates or day numbers, in any order; repeats count once.
    coverage : share of the period's months that were observed. A gap in coverage reads as a long silence.

    Returns
    -------
    index from -1 to 1; unknown under 10 gaps. With few gaps B is biased downwards (Kim and Jo 2016, Physical
    Review E 94), so compare dyads of like size.

    References
    ----------
    Goh and Barabasi (2008), Europhysics Letters 81, 48002, eq. 1.
    """
    when = np.asarray(days)
    numbers = when.astype("datetime64[D]").astype(float) if when.dtype.kind == "M" else when.astype(float)
    gaps = np.diff(np.unique(numbers))
    short = _lacking(
        (gaps.size < FEWEST_GAPS, f"{gaps.size} gaps between active days; at least {FEWEST_GAPS} are needed")
    )
    value = None
    if not short:
        mean, spread = float(gaps.mean()), float(gaps.std())
        value = (spread - mean) / (spread + mean)
    return Indicator(
        name="burstiness",
        value=value,
        unit="index from -1 to 1",
        rests_on=(int(gaps.size), "gaps between active days"),
        coverage=coverage,
        period=period,
        why_unknown=short,
        source="Goh and Barabasi (2008)",
    )


def of_series(
    series: DyadSeries, triggers: Sequence[int] = (), window: int = WINDOW
) -> tuple[Indicator, ...]:
    """Compute the five indicators of one dyad; the flow of continuity and lift is cooperation.

    Cooperation is QuadClass 1 and 2.

    Parameters
    ----------
    triggers : positions in `series.months`.
    """
    period = f"{series.months[0]} to {series.months[-1]}"
    support = series.counts[:, 0] + series.counts[:, 1]
    return (
        material_share(series.verbal, series.material, period),
        pledge_to_delivery(series.pledges, series.deliveries, period),
        continuity(support, period),
        trigger_lift(support, triggers, window, period),
        burstiness(series.days, _coverage(support), period),
    )


def trigger_months(pressure: Sequence[float] | Array) -> tuple[int, ...]:
    """Months in which pressure on the target rises above its usual level: the triggers of `trigger_lift`.

    A month is a trigger if its flow is positive and above the 90th percentile of the observed months.

    Parameters
    ----------
    pressure : (m,), for example material conflict of the sender against the target.
    """
    values = _flow(pressure)
    if np.isnan(values).all():
        return ()
    return tuple(int(k) for k in np.flatnonzero(values > np.nanquantile(values, 0.9)))
