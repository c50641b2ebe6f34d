"""What period a number of a sentence is about, and the interval it gives in the unit of its topic."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tertius.ledger.measured_rules import habit, now, rules
from tertius.ledger.record import Interval, Period, first_day, last_day
from tertius.ledger.topics import topics

if TYPE_CHECKING:
    from tertius.ledger.extract.dates import DateMention
    from tertius.ledger.extract.quantities import Amount
    from tertius.ledger.measured_text import Tagged

_DIGITS = 12
_PACES = {"": 0.0, "day": 1.0, "week": 7.0, "month": 30.4, "year": 365.0}  # days; 0 is the stated period
_YEAR_PAST = re.compile(
    r"\b(?:over|in|during) the (?:past|last) (?:year|12 months|twelve months)\b", re.IGNORECASE
)
_FROM = re.compile(r"\b(?:from|than|compared|versus|half of)\b")  # what follows is another time
_COMPARED_DATE = re.compile(r"\b(?:from|than|against|versus|vs|compared (?:with|to))\s*$")
_OPEN = frozenset({"since", "before", "after", "until", "by", "till"})  # of dates that bound no period


# -- when ------------------------------------------------------------------------------------------------


def period_of(sentence: Tagged, near: int, published: str) -> Period | None:
    """Period of the nearest date that is not one of comparison; "now" is the month of the article."""
    known = [
        (k, d)
        for k, d in enumerate(sentence.dates)
        if d.first and d.precision != "none" and d.cue not in _OPEN
    ]
    places = {k: sentence.tagged.find(f"@{k}@") for k, _ in known}
    fit = [
        (abs(places[k] - near), k, d)
        for k, d in known
        if not _COMPARED_DATE.search(sentence.tagged[: places[k]])
        and not _FROM.search(sentence.tagged[near : max(places[k], near)])
    ]
    if fit:
        return _told(min(fit, key=lambda x: x[:2])[2], published)
    if len(published) == 10 and _YEAR_PAST.search(sentence.tagged):
        day = date.fromisoformat(published)
        start = day - timedelta(days=365)
        return Period(start=start.isoformat(), end=published, text="the past year")
    if published and now().search(sentence.tagged):
        return Period(start=published[:7], end=published[:7], text="now")
    return None


def _told(when: DateMention, published: str) -> Period:
    """A period that is still running ends on the day of the article."""
    running = published and (last_day(when.last) or last_day(published)) > last_day(published)  # type: ignore[operator]
    return Period(start=when.first, end=published if running else when.last, text=when.text)


def needed(how: dict[str, str], sentence: Tagged) -> str:
    """What period a topic needs; a habit needs none where the sentence names none."""
    needs = how.get("needs", "")
    if needs != "habit":
        return needs
    return "" if not sentence.dates and habit().search(sentence.tagged) else "period"


def long_enough(needs: str, about: Period | None) -> bool:
    """A flow needs a period of at least four weeks, a year's value one of ten months; others none."""
    if not needs:
        return True
    return about is not None and _days(about) >= (300 if needs == "year" else 27)


def _days(about: Period) -> int:
    start, end = first_day(about.start), last_day(about.end or about.start)
    return (end - start).days + 1 if start and end else 0


# -- how much --------------------------------------------------------------------------------------------


def level_of(
    topic: str, amount: Amount | None, groups: dict[str, str | None], about: Period | None
) -> Interval | None:
    """Interval in the topic's unit; None where the number's unit does not lead there."""
    known = topics().get(topic)
    if known is None:
        return None
    if groups.get("turned"):
        return _exact(float(rules()["turned"][str(groups["turned"]).lower()]), known.unit)
    sign = -1.0 if groups.get("down") else 1.0
    if groups.get("change"):
        return _exact(sign * float(rules()["changes"][str(groups["change"]).lower()]), known.unit)
    factor = _factor(amount, known.unit, about)
    if amount is None or factor is None or amount.value is None:
        return None
    interval = _ranged(amount, sign * factor, known.unit)
    ends = [x for x in (interval.low, interval.central, interval.high) if x is not None]
    low, high = known.low, known.high
    sane = all((low is None or x >= low) and (high is None or x <= high) for x in ends)
    return interval if sane else None


def _exact(value: float, unit: str) -> Interval:
    return Interval(low=value, central=value, high=value, unit=unit)


def _ranged(amount: Amount, factor: float, unit: str) -> Interval:
    """Ends as far as the words give them: "more than" has no high, "up to" no low."""
    low, middle, high = (
        None if x is None else float(f"{factor * x:.{_DIGITS}g}")
        for x in (amount.low, amount.value, amount.high)
    )
    if amount.comparator in (">", ">=", "<", "<="):
        ends = {"low": middle} if (amount.comparator[0] == ">") == (factor > 0) else {"high": middle}
        return Interval(**ends, unit=unit)
    if low is None or high is None:
        return Interval(low=middle, central=middle, high=middle, unit=unit)
    return Interval(low=min(low, high), central=middle, high=max(low, high), unit=unit)


def _factor(amount: Amount | None, unit: str, about: Period | None) -> float | None:
    """What a number is multiplied with to be in the unit; a cargo becomes a flow only over a stated period."""
    if amount is None:
        return None
    name = f"{amount.unit}/{amount.per}" if amount.per == "bbl" else amount.unit
    if amount.unit == "bbl" and amount.per == "day":
        name = "bbl/d"
    row: dict[str, Any] | None = rules()["units"].get(name)
    if row is None:
        return None
    factor = float(row["factor"])
    if row["unit"] == unit:
        return factor
    if (row["unit"], unit) == ("per cent", "fraction"):
        return factor / 100.0
    if (row["unit"], unit) == ("kb", "kb/d") and about is not None and amount.per in _PACES:
        days = _PACES[amount.per] or _days(about)
        return factor / days if days else None
    return None
