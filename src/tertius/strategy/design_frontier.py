"""The frontier of the target's loss against the senders' own cost, found with exact gradients.

    max over packages of  w * target's loss - senders' cost,   in money, within the limits

w is the willingness to pay: what the senders would give of their own income to take one dollar of the
target's. The two ends (w = 0 and w very large) come first; then the longest gap of the frontier is split at
the w of its chord, so that points spread over the frontier rather than over w. Every point is a solved
equilibrium.

Das and Dennis (1997) show why equal steps in w do not spread; Cohon (1978) is the chord rule, Kraft (1988)
the optimizer (sequential quadratic programming).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tertius.errors import SolveError
from tertius.strategy.design_problem import KINDS, Answer, Limits, Problem, Slopes

Array = NDArray[np.float64]
Progress = Callable[[int, int, str], None]

_MOST = 25.0  # willingness to pay that stands for any price
_STEPS = 40
_PRECISE = 1e-5  # change of the objective, relative to its size, at which a search stops
_SLACK = 1e-4  # how far a limit may be passed, as a fraction of it
_GAIN = 2e-3  # a chord whose best package is nearer to it than this share of the frontier is straight


@dataclass(eq=False)
class Search:
    """Best packages of one problem.

    Attributes
    ----------
    solves, gradients : how many so far.
    """

    problem: Problem
    limits: Limits
    solves: int = 0
    gradients: int = 0
    _last: tuple[bytes, Answer, Slopes | None] | None = field(default=None, repr=False)

    def best(self, willingness: float, start: Array) -> Answer:
        """Find the best package for one willingness to pay, from a start.

        Raises
        ------
        SolveError
            The start itself has no equilibrium.
        """
        from scipy.optimize import minimize

        free = self.problem.open
        high = np.where(np.arange(len(KINDS))[:, None] == 0, self.limits.tariff, 1.0) * free
        high = high[free]
        scale = max(1e-9, self._size(willingness, start))
        bounds = [(0.0, 1.0)] * len(high)

        def whole(x: Array) -> Array:
            package = np.zeros(free.shape)
            package[free] = np.clip(x, 0.0, 1.0) * high
            return package

        def value(x: Array) -> float:
            answer = self.answer(whole(x))
            return (answer.sender - willingness * answer.target) / scale

        def slope(x: Array) -> Array:
            s = self._slopes(whole(x))
            return np.asarray((s.sender - willingness * s.target)[free] * high / scale)

        found = minimize(
            value,
            np.divide(start[free], high, out=np.zeros_like(high), where=high > 0),
            jac=slope,
            method="SLSQP",
            bounds=bounds,
            constraints=self._constraints(whole, free, high),
            options={"maxiter": _STEPS, "ftol": _PRECISE},
        )
        x = np.clip(found.x, 0.0, 1.0)
        # A hair of a tariff or a gap in an embargo is the optimizer's tolerance, not a policy.
        x[x < 1e-3], x[x > 1.0 - 1e-3] = 0.0, 1.0
        return self.answer(_tidy(whole(x), self.problem))

    def _size(self, willingness: float, start: Array) -> float:
        slopes = self._slopes(start)
        free = self.problem.open
        return float(np.abs((slopes.sender - willingness * slopes.target)[free]).max())

    def _constraints(
        self, whole: Callable[[Array], Array], free: NDArray[np.bool_], high: Array
    ) -> list[dict[str, Any]]:
        limits, problem = self.limits, self.problem
        made: list[dict[str, Any]] = []
        if limits.third_parties is not None:
            cap = self._third_cap
            made.append(
                {
                    "type": "ineq",
                    "fun": lambda x: 1.0 - self.answer(whole(x)).third / cap,
                    "jac": lambda x: -self._slopes(whole(x)).third[free] * high / cap,
                }
            )
        if limits.civilian is not None:
            most = max(limits.civilian, 1e-6)
            made.append(
                {
                    "type": "ineq",
                    "fun": lambda x: (
                        1.0 - np.array([self.answer(whole(x)).falls[s] for s in problem.civilian]) / most
                    ),
                    "jac": lambda x: -self._slopes(whole(x)).falls[:, free] * high / most,
                }
            )
        return made

    @property
    def _third_cap(self) -> float:
        """Bn USD a year that third parties may lose together."""
        economy = self.problem.economy
        income = sum(float(economy.income[economy.country(c)]) for c in self.problem.third_parties) / 1e3
        return max((self.limits.third_parties or 0.0) * income, 1e-6)

    def allowed(self, answer: Answer) -> bool:
        """Whether an answer keeps the limits."""
        limits, slack = self.limits, 1.0 + _SLACK
        if limits.third_parties is not None and answer.third > self._third_cap * slack + 1e-9:
            return False
        return limits.civilian is None or max(answer.falls.values()) <= limits.civilian * slack + 1e-6

    def state(self, answer: Answer) -> str:
        """Say where an answer stands against the limits."""
        said = []
        if self.limits.third_parties is not None:
            said.append(f"third parties lose {answer.third:.3g} of {self._third_cap:.3g} bn USD allowed")
        if self.limits.civilian is not None:
            sector = max(answer.falls, key=lambda s: answer.falls[s])
            said.append(f"{sector} falls {answer.falls[sector]:.2%} of {self.limits.civilian:.2%} allowed")
        return ", ".join(said)

    def answer(self, package: Array) -> Answer:
        """Solve a package; the last one is remembered."""
        key = package.tobytes()
        if self._last is None or self._last[0] != key:
            self.solves += 1
            self._last = (key, self.problem.answer(package), None)
        return self._last[1]

    def _slopes(self, package: Array) -> Slopes:
        answer = self.answer(package)
        assert self._last is not None
        if self._last[2] is None:
            self.gradients += 1
            slopes = self.problem.slopes(
                answer,
                third=self.limits.third_parties is not None,
                civilian=self.limits.civilian is not None,
            )
            self._last = (self._last[0], answer, slopes)
        found = self._last[2]
        assert found is not None
        return found


def _tidy(package: Array, problem: Problem) -> Array:
    """Drop tariffs on trade that an embargo has ended."""
    package = package.copy()
    package[0, (package[1] >= 1.0) & (problem.reach >= 1.0)] = 0.0
    return package


def frontier(search: Search, points: int, *, progress: Progress | None = None) -> list[Answer]:
    """Best packages from no willingness to pay to any, ordered by the senders' cost.

    Returns
    -------
    At most `points` answers, none of them dominated by another; fewer where the frontier is straight.

    Raises
    ------
    SolveError
        No package keeps the limits.
    """
    start = search.answer(np.zeros(search.problem.open.shape))
    # A high willingness to pay ends at everything when no limit binds.
    ends = [_try(search, 0.0, start), _try(search, _MOST, _scaled(search, start))]
    found = _undominated([start, *ends], search)
    if not found:
        raise SolveError(f"no package found that keeps the limits; without any measure {search.state(start)}")
    straight: set[tuple[int, int]] = set()
    for _ in range(4 * points):
        if progress is not None:
            progress(min(len(found), points), points, "frontier")
        gap = _longest(found, straight)
        if len(found) >= points or gap is None:
            break
        low, high = gap
        willingness = (high.sender - low.sender) / (high.target - low.target)
        middle = _try(search, willingness, search.answer(0.5 * (low.package + high.package)))
        gain = (willingness * middle.target - middle.sender) - (willingness * low.target - low.sender)
        size = abs(willingness * (found[-1].target - found[0].target)) + 1e-12
        if gain <= _GAIN * size or not search.allowed(middle):
            straight.add((id(low), id(high)))
            continue
        found = _undominated([*found, middle], search)
    return found


def _try(search: Search, willingness: float, start: Answer) -> Answer:
    try:
        return search.best(willingness, start.package)
    except SolveError:
        return start


def _scaled(search: Search, nothing: Answer) -> Answer:
    """Start from half of everything, or less where that breaks a limit."""
    full = np.where(search.problem.open, 1.0, 0.0)
    full[0] *= search.limits.tariff
    for share in (0.5, 0.25, 0.1, 0.03):
        answer = search.answer(share * full)
        if search.allowed(answer):
            return answer
    return nothing


def _undominated(answers: list[Answer], search: Search) -> list[Answer]:
    """Keep allowed answers of which no other is at least as cheap and as strong, by cost."""
    allowed = [a for a in answers if search.allowed(a)]
    kept: list[Answer] = []
    for answer in sorted(allowed, key=lambda a: (a.sender, -a.target)):
        if not kept or answer.target > kept[-1].target + 1e-9:
            kept.append(answer)
    return kept


def _longest(found: list[Answer], straight: set[tuple[int, int]]) -> tuple[Answer, Answer] | None:
    """Return the longest gap, both axes scaled to the frontier, that is not known to be straight."""
    if len(found) < 2:
        return None
    wide = max(found[-1].sender - found[0].sender, 1e-12)
    tall = max(found[-1].target - found[0].target, 1e-12)
    gaps = [
        (((b.sender - a.sender) / wide) ** 2 + ((b.target - a.target) / tall) ** 2, k)
        for k, (a, b) in enumerate(itertools.pairwise(found))
        if (id(a), id(b)) not in straight
    ]
    if not gaps:
        return None
    k = max(gaps)[1]
    return found[k], found[k + 1]
