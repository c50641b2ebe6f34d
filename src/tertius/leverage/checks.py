"""Laws that this very run must obey; each is computed from its results and can fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tertius.leverage.curve import GRID
from tertius.leverage.draws import TOLERANCE
from tertius.leverage.lines import Point

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tertius.leverage.assess import Run

_SLACK = 1e-7  # fraction of real income; a hundred times the solver's tolerance


def checks(run: Run) -> Iterator[tuple[str, bool, str]]:
    """Yield (law, holds, what was found)."""
    yield _residual(run)
    yield _efficiency(run)
    yield _monotone(run)
    yield _coalition(run)
    yield _interpolation(run)
    yield _surrogate(run)
    yield _threat(run)


def _residual(run: Run) -> tuple[str, bool, str]:
    worst = run.worst
    return (
        "every equilibrium holds to 1e-8 of the income of the country where it is worst",
        worst[0] < 1e-8,
        f"{worst[0]:.1e} at {worst[1]}" if worst[1] else "no step was needed",
    )


def _efficiency(run: Run) -> tuple[str, bool, str]:
    _, everything, nothing = run.curves["medium"]
    miss = abs(float(run.shapley[0].sum()) - (everything - nothing))
    return ("Shapley shares add up to the gap", miss < _SLACK, f"they miss it by {100 * miss:.1e} points")


def _monotone(run: Run) -> tuple[str, bool, str]:
    """Loss in C along the merit order and along the exact draws."""
    drops = [float(np.diff(run.curves[h][0]).min(initial=0.0)) for h in run.curves]
    draws = np.diff(run.draws.leverage[: run.draws.exact], axis=1)
    falls = int((draws < -1e-6).sum())
    holds = min(drops) > -1e-6 and falls == 0
    detail = (
        "no step of any curve falls"
        if holds
        else f"{falls} of {draws.size} steps of the draws fall, the deepest by {-draws.min():.2g} of L"
    )
    return ("loss grows with the set of lifelines cut", holds, detail)


def _coalition(run: Run) -> tuple[str, bool, str]:
    _, everything, nothing = run.curves["medium"]
    best = max(run.alone.values(), default=0.0)
    who = max(run.alone, key=lambda kc: run.alone[kc]) if run.alone else None
    name = f"{run.centre.code(who[0])}" if who else "nobody"
    return (
        "all together hurt at least as much as the strongest lifeline alone",
        everything - nothing >= best - _SLACK,
        f"all together {100 * (everything - nothing):.3g} points, {name} alone {100 * best:.3g}",
    )


def _interpolation(run: Run) -> tuple[str, bool, str]:
    """Exposure between the solved nodes of the elasticity range, against exact solves at a node that was not used."""
    centre = run.centre
    node = 0.25
    exact = centre.refresh_damage(node)
    guess = centre.at(Point(theta=node), "damage_share")
    both = np.isfinite(exact) & np.isfinite(guess) & (exact > 1e-6)
    if not both.any():
        return (
            "interpolated exposures agree with exact ones within 2 %",
            True,
            "no supporter is exposed, nothing is interpolated",
        )
    off = np.abs(guess[both] / exact[both] - 1.0)
    return (
        "interpolated exposures agree with exact ones within 2 %",
        bool(off.max() < 0.02),
        f"{int(both.sum())} supporters at a quarter of the range: median {np.median(off):.1e}, worst {off.max():.1e}",
    )


def _surrogate(run: Run) -> tuple[str, bool, str]:
    """L of interpolated draws, against exact draws that the fit has not seen."""
    what = f"interpolated L(q) agrees with exact draws held out within {TOLERANCE:g}"
    told, holds = [], True
    for h, drawn in run.draws_by.items():
        if drawn.off is None:
            told.append(f"{h}: every draw is solved exactly")
            continue
        worst, rms = drawn.off
        used = len(drawn.points) > drawn.exact
        holds = holds and (not used or worst < TOLERANCE)
        kept = "" if used else ", so nothing is interpolated"
        told.append(f"{h}, {drawn.exact} exact draws: worst {worst:.2g}, root mean square {rms:.2g}{kept}")
    return (what, holds, "; ".join(told))


def _threat(run: Run) -> tuple[str, bool, str]:
    """A pure threat does nothing until someone complies."""
    _, _, nothing = run.curves["medium"]
    if run.scenario.primary:
        lowest = float(run.curves["medium"][0][list(GRID).index(0.0)])
        return (
            "the primary part alone does not exceed the loss if all comply",
            lowest <= 1.0 + 1e-6,
            f"L(0) = {lowest:.3g}",
        )
    return (
        "a pure threat costs the target nothing while all lifelines hold",
        abs(nothing) < _SLACK,
        f"Loss(none) = {100 * nothing:.1e} %",
    )
