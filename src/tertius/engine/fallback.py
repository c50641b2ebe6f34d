"""What is done for the few scenarios that acceleration does not settle: Newton, and a walk where that is too far.

It costs a second or two a scenario and has no limit but the length of a step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.engine.elasticities import MOBILE
from tertius.engine.graph import CARRIED, CARRIED_AT_LEAST
from tertius.engine.iterate import Solved, iterate
from tertius.engine.newton import newton
from tertius.engine.precondition import Preconditioner, preconditioner
from tertius.engine.problem import Rules, isolated_start, make_batch, read_off
from tertius.engine.rebase import rebase
from tertius.engine.stepper import State
from tertius.errors import NotConvergedError

if TYPE_CHECKING:
    from tertius.engine.economy import Economy
    from tertius.engine.elasticities import Elasticities
    from tertius.engine.shock import Shock

Array = NDArray[np.float64]

_LIMIT = 60
_ROUGH = 1e-7  # good enough on the way
_SHORTEST = 2e-3
_CLOSE = 0.1  # of the tolerance: the norm of the misses is not the residual that decides


def settle(economy: Economy, shock: Shock, elasticities: Elasticities, rules: Rules) -> Solved:
    """Solve one scenario: in one go, or else from no shock to the whole one, or else with smaller deficits.

    Raises
    ------
    NotConvergedError
        The walk stopped before the whole shock.
    """
    try:
        return _walk(economy, shock, elasticities, rules, CARRIED)
    except NotConvergedError:
        return _walk(economy, shock, elasticities, rules, CARRIED_AT_LEAST)


def _walk(economy: Economy, shock: Shock, elasticities: Elasticities, rules: Rules, carried: float) -> Solved:
    """Take the whole shock at once, or in parts; after each the base is linearised anew."""
    done, step, x = 0.0, 1.0, None
    pre = preconditioner(economy)
    while True:
        goal = min(1.0, done + step)
        found = _reach(economy, shock.part(goal), elasticities, rules, pre, x, carried, last=goal == 1.0)
        if found is not None and goal == 1.0:
            return found[0]
        if found is not None:
            done, step, x = goal, 1.6 * step, found[0].x[None]
            pre = Preconditioner(rebase(read_off(economy, elasticities, shock.part(goal), *found)))
            continue
        step /= 3.0
        if step < _SHORTEST:
            raise NotConvergedError(
                f"{shock.label or 'shock'}: no equilibrium found beyond {done:.0%} of the shock "
                f"(residual above {rules.tolerance:g} after steps of {_SHORTEST:.1%})"
            )


def _reach(
    economy: Economy,
    shock: Shock,
    elasticities: Elasticities,
    rules: Rules,
    pre: Preconditioner,
    x: Array | None,
    carried: float,
    *,
    last: bool,
) -> tuple[Solved, tuple[str, ...]] | None:
    """Newton from a state nearby, then the accelerated iteration as the judge; None where it did not arrive."""
    batch, cut = make_batch(economy, [shock], [elasticities], rules, carried)
    tolerance = rules.tolerance if last else _ROUGH
    start, frozen = isolated_start(economy, batch)
    if start is None or frozen is None:
        start = x
    elif x is not None:
        start = np.where(frozen[:, None, :], start, x)
    state = State(len(economy.sectors), mobile=batch.mobility == MOBILE)
    if start is None:
        start = np.zeros((1, state.rows, len(economy.countries)))
    near, _ = newton(batch, pre, state, start, _CLOSE * tolerance, frozen)
    found = dict(iterate(economy, batch, pre, tolerance, _LIMIT, near, frozen))
    return (found[0], cut[0]) if 0 in found else None
