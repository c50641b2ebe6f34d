"""Run every check on the shipped worlds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import tertius
from tertius.errors import DataError
from tertius.report.validation import coalition, customs, exposure, losses, oil, russia
from tertius.report.validation.bench import Bench
from tertius.report.validation.facts import read_facts
from tertius.report.validation.record import VERDICTS, Found, Record, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tertius.report.validation.facts import Fact

Progress = Callable[[int, int, str], None]

#: Fact -> the function that finds its number. What was published stays in facts.yaml: a check knows
#: only the figures that set up its scenario.
CHECKS: dict[str, Callable[[Bench], Found]] = {
    **oil.CHECKS,
    **customs.CHECKS,
    **exposure.CHECKS,
    **coalition.CHECKS,
    **russia.CHECKS,
    **losses.CHECKS,
}


@dataclass(frozen=True, slots=True)
class Validation:
    """Every record by part, and what they were computed on."""

    parts: dict[str, tuple[Record, ...]]
    snapshots: dict[int, str]
    package: str

    @property
    def records(self) -> tuple[Record, ...]:
        """All records in order."""
        return tuple(r for part in self.parts.values() for r in part)

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many records got each verdict."""
        found = Counter(r.verdict for r in self.records)
        return {v: found[v] for v in VERDICTS}

    def to_dict(self) -> dict[str, Any]:
        """Return plain containers for JSON."""
        return {
            "package": self.package,
            "snapshots": {str(year): digest for year, digest in self.snapshots.items()},
            "counts": dict(self.counts),
            "parts": {name: [r.to_dict() for r in part] for name, part in self.parts.items()},
        }


def validate(*, progress: Progress | None = None) -> Validation:
    """Run every check.

    Parameters
    ----------
    progress : called with (done, total, note) after each check.

    Raises
    ------
    DataError : a published figure without a check, or a check without a figure.
    """
    facts = read_facts()
    _matched(f for part in facts.values() for f in part)
    bench, total, done = Bench(), sum(map(len, facts.values())), 0
    parts: dict[str, tuple[Record, ...]] = {}
    for name, part in facts.items():
        records = []
        for fact in part:
            records.append(fact.against(CHECKS[fact.fact](bench) if fact.expected else None))
            done += 1
            if progress is not None:
                progress(done, total, name)
        parts[name] = tuple(records)
    snapshots = {w.year: w.snapshot for w in (bench.now, bench.before)}
    return Validation(parts, snapshots, f"tertius {tertius.__version__}")


def _matched(facts: Iterable[Fact]) -> None:
    wanted = {f.fact for f in facts if f.expected is not None}
    problems = [f"fact {name}: no check finds its number" for name in sorted(wanted - set(CHECKS))]
    problems += [f"check {name}: no published figure" for name in sorted(set(CHECKS) - wanted)]
    if problems:
        raise DataError(problems)
