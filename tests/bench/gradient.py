"""Time of one gradient (all trade costs and tariffs) over the time of one solve, on the shipped world.

Run it as `python -m tests.bench.gradient`. Medians of `repeat` rounds, solve and gradient in turn, so that a
busy machine slows both.
"""

from __future__ import annotations

import os
import statistics
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

SENDERS = ("DEU", "FRA", "ITA", "NLD", "POL", "ESP")
TARGET = "RUS"


def _seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    made = work()
    return time.perf_counter() - began, made


def main(repeat: int = 5) -> list[dict[str, Any]]:
    """Measure three horizons and two shocks, print the table and return its rows."""
    import numpy as np

    from tertius.engine import Economy, Shock, solve
    from tertius.engine.gradient import gradient, gradients
    from tertius.engine.horizons import HORIZONS, horizon
    from tertius.world import load_world

    economy = Economy.from_world(load_world())
    S, N, _ = economy.trade_share.shape
    senders, target = [economy.country(c) for c in SENDERS], economy.country(TARGET)
    dearer, shut = np.ones((2, S, N, N))
    dearer[:, senders, target] = 1.2
    shut[:, senders, target] = shut[1:3, target, senders] = np.inf
    shocks = {
        "trade 20 % dearer": Shock.from_arrays(economy, cost=dearer),
        "embargo": Shock.from_arrays(economy, cost=shut),
    }
    rows = []
    for name in HORIZONS:
        one = horizon(name, economy.sectors)
        for label, shock in shocks.items():
            solve(economy, shock, one)
            times: list[tuple[float, float, float]] = []
            for _ in range(repeat):
                solved, base = _seconds(lambda s=shock, x=one: solve(economy, s, x))  # type: ignore[misc]
                single, found = _seconds(lambda b=base: _whole(gradient(b, TARGET)))  # type: ignore[misc]
                four, _ = _seconds(lambda b=base: gradients(b, [TARGET, *SENDERS[:3]]))  # type: ignore[misc]
                times.append((solved, single, four))
            solved, single, four = (statistics.median(column) for column in zip(*times, strict=True))
            rows.append(
                {
                    "horizon": name,
                    "shock": label,
                    "size": f"{N} x {S}",
                    "solve_ms": 1e3 * solved,
                    "gradient_ms": 1e3 * single,
                    "ratio": single / solved,
                    "four_outcomes_ratio": four / solved,
                    "products": found.products,
                    "residual": found.residual,
                }
            )
    print(f"gradient of one loss in all {2 * S * N * N:,} trade costs and tariffs, {N} x {S}, "
          f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")  # fmt: skip
    for row in rows:
        print(
            f"  {row['horizon']:7} {row['shock']:18} solve {row['solve_ms']:6.1f} ms  gradient "
            f"{row['gradient_ms']:6.1f} ms  ratio {row['ratio']:4.2f}  "
            f"four at once {row['four_outcomes_ratio']:4.2f}"
        )
    return rows


def _whole(found: Any) -> Any:
    """Both dense arrays count as part of the gradient."""
    _ = found.cost, found.tariff
    return found


if __name__ == "__main__":
    main()
