"""The validation page as Markdown: what was expected, what is found, and why the two part."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tertius.report.validation.record import Expected, Found, Record
    from tertius.report.validation.suite import Validation

_HEAD = """# Validation

Published figures against what Tertius has. `tertius validate --out docs/validation.md` writes this page;
every number in the column *found* is computed when it runs.

**Only independent paths.** A figure that was typed in as a claim, or that set the shadow overlay, is no
test of itself: every check uses recorded trade, in which no claim has a part. *data* checks hold the
sources against statistics they were not built from, *engine* checks the equilibrium, *leverage* checks
what is made of it. Where a scenario needs one published number to be set up, the text says so, and
another number is tested.

**Verdicts** follow from the numbers. `agrees`: the central case lies in the published interval, or within
the tolerance shown. `near`: it lies outside by no more than a further margin, or the ends over horizons
and readings reach into the interval. `misses`: neither. Figures of another year get 5 % more room for
each year between. Events of 2012 and 2014 are compared on the world of 2015, the nearest there is.
"""


def markdown(found: Validation) -> str:
    """Write the whole page."""
    lines = [_HEAD, *_summary(found)]
    for part, records in found.parts.items():
        lines += ["", f"## {part}", "", *_table(records), "", *_reasons(records)]
    return "\n".join(lines).rstrip() + "\n"


def _summary(found: Validation) -> Iterator[str]:
    worlds = ", ".join(f"{year} `{digest}`" for year, digest in sorted(found.snapshots.items()))
    yield f"Worlds: {worlds}. {found.package}."
    yield ""
    yield "| verdict | checks |"
    yield "|---|---|"
    yield from (f"| {verdict} | {count} |" for verdict, count in found.counts.items())
    yield ""
    yield "**Where it is wrong, and by how much**"
    yield ""
    yield from (f"- {_miss(r)}" for r in found.records if r.verdict == "misses")


def _miss(record: Record) -> str:
    expected, found = record.expected, record.found
    assert expected is not None
    assert found is not None
    nearest = expected.low if found.central < expected.low else expected.high
    side = "below" if found.central < expected.low else "above"
    # Shares are apart by points, not by per cent of one another.
    unit = "points" if expected.unit.startswith("%") else expected.unit
    gap = f"{number(record.distance)} {unit} {side}"
    ratio = found.central / nearest if nearest else float("nan")
    size = f", {ratio:.2g} times it" if 0 < ratio < 0.9 or ratio > 1.1 else ""
    return f"{record.what} ({record.fact}): {gap} the nearest end of the interval{size}."


def _table(records: Sequence[Record]) -> Iterator[str]:
    yield "| fact | quantity | by | expected | found | verdict |"
    yield "|---|---|---|---|---|---|"
    yield from ("| " + " | ".join(row(r)) + " |" for r in records)


def row(record: Record) -> tuple[str, ...]:
    """Write the cells of one record."""
    shown = record.verdict if record.verdict != "misses" else "**misses**"
    found = _found(record.found, record.expected)
    return record.fact, record.what, record.kind, _expected(record.expected), found, shown


def _expected(expected: Expected | None) -> str:
    if expected is None:
        return "–"
    return f"{span(expected.low, expected.high)} {expected.unit}, {expected.year}"


def _found(found: Found | None, expected: Expected | None) -> str:
    if found is None or expected is None:
        return "–"
    ends = "" if found.low == found.high else f" [{number(found.low)} to {number(found.high)}]"
    return f"{number(found.central)}{ends} {expected.unit}"


def span(low: float, high: float) -> str:
    """Write an interval, or the number where both ends are the same."""
    return number(low) if low == high else f"{number(low)} to {number(high)}"


def number(value: float) -> str:
    """Write three significant digits, whole numbers above a thousand."""
    if value == 0:
        return "0"
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return text.replace("-", "\N{MINUS SIGN}")


def _reasons(records: Sequence[Record]) -> Iterator[str]:
    for record in records:
        if text := " ".join(_words(record)):
            yield f"- **{record.fact}** {text}"


def _words(record: Record) -> Iterator[str]:
    if record.expected is not None:
        yield f"Expected: {record.expected.source}. Found: {record.how}."
    if record.why and record.verdict != "agrees":
        yield record.why
    if record.note:
        yield record.note
