"""Solve many scenarios on one base economy.

The state (costs, wages, sales, in logs) is a fixed point of `equilibrium.implied`. Each step is preconditioned by the
linearised base (`precondition`) and accelerated (`anderson`); a scenario leaves the batch when every condition holds
relative to the income of the country it belongs to. There is nothing to tune.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.engine.elasticities import Elasticities
from tertius.engine.fallback import settle
from tertius.engine.iterate import iterate
from tertius.engine.precondition import preconditioner
from tertius.engine.problem import Rules, isolated_start, make_batch, read_off
from tertius.engine.shock import STRIP_LIMIT, Shock, cover
from tertius.errors import DataError

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

    from tertius.engine.economy import Economy
    from tertius.engine.result import Result

Array = NDArray[np.float64]
Progress = Callable[[int, int, str], None]

_LIMIT = 120
_RULES = Rules()
_WIDTH = 32  # scenarios per matrix product: wide enough for BLAS, small enough for the cache
_OWN_BYTES = 256e6  # memory for scenarios that need a kernel each


def solve(
    economy: Economy,
    shock: Shock | None = None,
    elasticities: Elasticities | Array | None = None,
    *,
    rules: Rules = _RULES,
) -> Result:
    """Solve one scenario; see `solve_many`."""
    return solve_many(economy, [shock or Shock()], elasticities, rules=rules)[0]


def solve_many(
    economy: Economy,
    shocks: Sequence[Shock],
    elasticities: Elasticities | Array | Sequence[Elasticities] | None = None,
    *,
    rules: Rules = _RULES,
    progress: Progress | None = None,
) -> list[Result]:
    """Solve scenarios on one base economy.

    Parameters
    ----------
    shocks : what changes in each.
    elasticities : one set for all (or just an array (s,) of trade elasticities), or one set per shock; the default is
        the `medium` horizon, which needs the package's own sectors.
    rules : deficits and tolerance.
    progress : called with (done, total, note).

    Returns
    -------
    list of Result, in the order of the shocks.

    Raises
    ------
    InfeasibleError
        A used good lost every supplier.
    NotConvergedError
        The residual stayed above the tolerance; the message names the scenario, country and sector.
    """
    return list(solve_iter(economy, shocks, elasticities, rules=rules, progress=progress))


def solve_iter(
    economy: Economy,
    shocks: Sequence[Shock],
    elasticities: Elasticities | Array | Sequence[Elasticities] | None = None,
    *,
    rules: Rules = _RULES,
    progress: Progress | None = None,
) -> Iterator[Result]:
    """`solve_many`, one result after the other in the order of the shocks; memory stays at one batch."""
    sets = _sets(economy, shocks, elasticities)
    done = 0
    for part in _parts(economy, shocks, sets):
        # Two BLAS threads are slower than one on matrices of this size; processes use the other cores.
        with _blas().limit(limits=1, user_api="blas"):
            results = _solve_batch(economy, [shocks[k] for k in part], [sets[k] for k in part], rules)
        done += len(part)
        if progress is not None:
            progress(done, len(shocks), "equilibria")
        yield from results


@cache
def _blas() -> ThreadpoolController:
    """Found once: looking for the libraries takes milliseconds."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _sets(
    economy: Economy,
    shocks: Sequence[Shock],
    elasticities: Elasticities | Array | Sequence[Elasticities] | None,
) -> list[Elasticities]:
    if elasticities is None:
        from tertius.engine.horizons import horizon

        elasticities = horizon("medium", economy.sectors)
    if isinstance(elasticities, np.ndarray):
        elasticities = Elasticities(elasticities.astype(np.float64))
    sets = [elasticities] * len(shocks) if isinstance(elasticities, Elasticities) else list(elasticities)
    if len(sets) != len(shocks):
        raise DataError(f"elasticities: {len(sets)} sets for {len(shocks)} shocks")
    floored = {}
    for one in {id(e): e for e in sets}.values():
        one.check(economy.sectors)
        floored[id(one)] = one.floored()
    return [floored[id(one)] for one in sets]


def _parts(economy: Economy, shocks: Sequence[Shock], sets: Sequence[Elasticities]) -> Iterable[list[int]]:
    """Cut the list into consecutive runs of one form that fit into a batch."""
    N, S = len(economy.countries), len(economy.sectors)
    own_width = max(1, min(_WIDTH, int(_OWN_BYTES / (16.0 * S * N * N))))
    kinds = [
        (one.form, len(cover(shock.wedges)) > min(STRIP_LIMIT, N - 1))
        for shock, one in zip(shocks, sets, strict=True)
    ]
    start = 0
    while start < len(shocks):
        width = own_width if kinds[start][1] else _WIDTH
        stop = start + 1
        while stop < len(shocks) and stop - start < width and kinds[stop] == kinds[start]:
            stop += 1
        yield list(range(start, stop))
        start = stop


def _solve_batch(
    economy: Economy, shocks: Sequence[Shock], sets: Sequence[Elasticities], rules: Rules
) -> list[Result]:
    batch, cut = make_batch(economy, shocks, sets, rules)
    start, frozen = isolated_start(economy, batch)
    solved = dict(iterate(economy, batch, preconditioner(economy), rules.tolerance, _LIMIT, start, frozen))
    results = []
    for k, (shock, one) in enumerate(zip(shocks, sets, strict=True)):
        if k not in solved:
            solved[k] = settle(economy, shock, one, rules)
        results.append(read_off(economy, one, shock, solved[k], cut[k]))
    return results
