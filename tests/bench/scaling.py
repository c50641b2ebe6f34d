"""How time and memory grow with countries, sectors and scenarios, and what a cold start costs.

Economies are the shipped world with countries or sectors merged, and ICIO 2022 with sectors merged where its inputs
are beside the checkout; the elasticities are those of the medium horizon, or 4 where sectors are merged. A scenario is
the embargo of six senders on one country, each with another target. Exponents are slopes of log time on log size.
Memory and cold starts are of fresh processes (VmHWM). Axes: s, r sector, i exporter, n importer.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.bench.measure import exponent, fresh, keep
from tests.bench.peers.serve import peak_mb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from tertius.engine import Economy, Elasticities, Shock

    Array = NDArray[np.float64]

SENDERS = ("USA", "CAN", "JPN", "GBR", "DEU", "FRA")
TARGET = "RUS"
COUNTRIES = (25, 50, 100, 150, 202)
SECTORS = (1, 2, 5, 10)
SECTORS_ICIO = (5, 10, 25, 50)
SCENARIOS = (1, 2, 8, 32, 128, 512)
BATCH = 32
REPEAT = 5
THETA = 4.0


# -- economies of any size -------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Flows:
    """Base-year values, which add up over countries and sectors as shares do not."""

    countries: tuple[str, ...]
    sales: Array  # (s, i, n), what the exporter receives
    paid: Array  # (s, i, n), tariffs included
    inputs: Array  # (n, s, r)

    @classmethod
    def of(cls, economy: Economy) -> Flows:
        """Values of an economy."""
        paid = economy.trade_share * economy.spending[:, None, :]
        used = (1.0 - economy.value_added_share) * economy.output
        return cls(
            economy.countries, paid / (1.0 + economy.tariff), paid, economy.input_share * used[:, None, :]
        )

    def merged(self, countries: int, sectors: int) -> Economy:
        """The economy with all but the largest countries in one, and neighbouring sectors in one."""
        import numpy as np

        S, N = self.sales.shape[:2]
        size = self.sales.sum(axis=(0, 1))
        first = [self.countries.index(code) for code in (TARGET, *SENDERS)]
        rest = [int(n) for n in np.argsort(-size) if n not in first]
        order = [*first, *rest]
        to_country = np.zeros((N, countries))
        to_country[order, np.minimum(np.arange(N), countries - 1)] = 1.0
        to_sector = np.zeros((S, sectors))
        to_sector[np.arange(S), np.arange(S) * sectors // S] = 1.0

        def pool(flows: Array) -> Array:
            over = np.tensordot(to_sector, flows, axes=(0, 0))
            return np.asarray(to_country.T @ over @ to_country)

        sales, paid = pool(self.sales), pool(self.paid)
        inputs = np.einsum("nsr,nm,sp,rq->mpq", self.inputs, to_country, to_sector, to_sector, optimize=True)
        names = tuple(self.countries[n] for n in order[: countries - 1])
        return _economy((*names, self.countries[order[-1]]), sales, paid, inputs)


def _economy(countries: tuple[str, ...], sales: Array, paid: Array, inputs: Array) -> Economy:
    import numpy as np

    from tertius.engine import Economy

    def share(part: Array, whole: Array) -> Array:
        whole = np.broadcast_to(whole, part.shape)
        return np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0)

    output, spending = sales.sum(axis=2), paid.sum(axis=1)
    made = output - inputs.sum(axis=1).T
    final = np.maximum(spending - inputs.sum(axis=2).T, 0.0)
    value_added = made.sum(axis=0)
    income = value_added + (paid - sales).sum(axis=(0, 1))
    return Economy.from_arrays(
        trade_share=share(paid, spending[:, None, :]),
        tariff=share(paid - sales, sales),
        value_added_share=np.where(output > 0, share(made, output), 1.0),
        input_share=share(inputs, output.T[:, None, :]),
        final_share=final / final.sum(axis=0),
        value_added=value_added,
        deficit=final.sum(axis=0) - income,
        countries=countries,
        sectors=tuple(f"sector {s}" for s in range(len(sales))),
    )


def embargo(economy: Economy, target: str, senders: Sequence[str] = SENDERS) -> Shock:
    """Everything cut both ways between the target and the senders."""
    import numpy as np

    from tertius.engine import Shock
    from tertius.scenario.wedge import Wedges

    cells = np.zeros(economy.trade_share.shape, dtype=bool)
    at, others = economy.country(target), [economy.country(c) for c in senders if c != target]
    cells[:, at, others] = cells[:, others, at] = True
    return Shock(Wedges.cells(cells & (economy.trade_share > 0), weight=0.0), label=f"embargo on {target}")


def embargoes(economy: Economy, count: int) -> list[Shock]:
    """One target after the other, and again with one sender fewer when all were had."""
    targets = [TARGET, *(c for c in economy.countries if c not in (TARGET, "ROW"))]
    rounds = ((target, SENDERS[: len(SENDERS) - back]) for back in range(len(SENDERS)) for target in targets)
    wanted = ((t, senders) for t, senders in rounds if set(senders) - {t})
    return [embargo(economy, t, senders) for (t, senders), _ in zip(wanted, range(count), strict=False)]


def shipped() -> tuple[Economy, Elasticities]:
    """The shipped world and the medium horizon."""
    from tertius.engine import Economy
    from tertius.engine.horizons import horizon
    from tertius.world import load_world

    economy = Economy.from_world(load_world())
    return economy, horizon("medium", economy.sectors)


# -- time ------------------------------------------------------------------------------------------------


def timed(work: Callable[[], Any], repeat: int = REPEAT) -> float:
    """Median milliseconds."""
    times = []
    for _ in range(repeat):
        began = time.perf_counter()
        work()
        times.append(1e3 * (time.perf_counter() - began))
    return statistics.median(times)


def sized(axis: str, economies: Iterable[tuple[int, Economy]], theta: float) -> list[dict[str, Any]]:
    """First solve (with all that is built once per economy), one solve, and one of a batch."""
    import numpy as np

    from tertius.engine import Elasticities, solve, solve_many

    rows = []
    for size, economy in economies:
        one = Elasticities(np.full(len(economy.sectors), theta))
        shocks = embargoes(economy, BATCH)
        began = time.perf_counter()
        solve(economy, shocks[0], one)
        first = 1e3 * (time.perf_counter() - began)
        rows.append(
            {
                "axis": axis,
                "size": size,
                "shape": f"{len(economy.countries)} x {len(economy.sectors)}",
                "first_ms": first,
                "one_ms": timed(lambda e=economy, s=shocks, x=one: solve(e, s[0], x)),  # type: ignore[misc]
                "batch_ms": timed(lambda e=economy, s=shocks, x=one: solve_many(e, s, x), 3) / len(shocks),  # type: ignore[misc]
            }
        )
    return rows


def by_scenarios(most: int) -> list[dict[str, Any]]:
    """Milliseconds per equilibrium of 1 to 512 scenarios in one call, and the memory of a process that does just that."""
    rows = []
    for count in (c for c in SCENARIOS if c <= most):
        kept, streamed = (fresh("tests.bench.scaling", "memory", way, count) for way in ("kept", "streamed"))
        rows.append(
            {
                "axis": "scenarios",
                "size": count,
                "batch_ms": streamed["ms"],
                "kept_mb": kept["peak_mb"],
                "streamed_mb": streamed["peak_mb"],
                "before_mb": streamed["before_mb"],
            }
        )
    return rows


# -- fresh processes -------------------------------------------------------------------------------------


def memory(way: str, count: int) -> dict[str, float]:
    """Solve `count` scenarios after a first one, keeping all results or only the losses."""
    import numpy as np

    from tertius.engine import solve, solve_iter, solve_many

    economy, one = shipped()
    shocks = embargoes(economy, count)
    solve(economy, shocks[0], one)
    before, began = peak_mb(), time.perf_counter()
    if way == "kept":
        losses = np.array([r.loss for r in solve_many(economy, shocks, one)])
    else:
        losses = np.array([r.loss for r in solve_iter(economy, shocks, one)])
    took = time.perf_counter() - began
    assert losses.shape == (count, len(economy.countries))
    return {"ms": 1e3 * took / count, "peak_mb": peak_mb(), "before_mb": before}


def cold() -> dict[str, float]:
    """What a process that was just started spends until its first answer, and on one more."""
    began = time.perf_counter()
    from tertius.engine import solve

    imported = time.perf_counter()
    economy, one = shipped()
    loaded = time.perf_counter()
    shock = embargo(economy, TARGET)
    solve(economy, shock, one)
    solved = time.perf_counter()
    warm = timed(lambda: solve(economy, shock, one))
    return {
        "import_ms": 1e3 * (imported - began),
        "load_ms": 1e3 * (loaded - imported),
        "first_ms": 1e3 * (solved - loaded),
        "warm_ms": warm,
        "peak_mb": peak_mb(),
    }


def from_cold(repeat: int = REPEAT) -> dict[str, float]:
    """Medians over fresh processes, with the whole time of one as its user sees it."""
    found = []
    for _ in range(repeat):
        began = time.perf_counter()
        one = fresh("tests.bench.scaling", "cold")
        # the warm repeats are no part of a start
        found.append(one | {"whole_ms": 1e3 * (time.perf_counter() - began) - REPEAT * one["warm_ms"]})
    return {key: statistics.median(one[key] for one in found) for key in found[0]}


# -- tables ----------------------------------------------------------------------------------------------


def _sizes(rows: list[dict[str, Any]]) -> None:
    print(f"{'axis':16} {'economy':>9} {'first ms':>9} {'one ms':>8} {f'of {BATCH}, ms':>9}")
    for r in rows:
        print(f"{r['axis']:16} {r['shape']:>9} {r['first_ms']:9.1f} {r['one_ms']:8.2f} {r['batch_ms']:9.2f}")


def _exponents(rows: list[dict[str, Any]], axis: str, low: int = 0) -> str:
    some = [r for r in rows if r["axis"] == axis and r["size"] >= low]
    sizes = [r["size"] for r in some]
    parts = [
        f"{name} {exponent(sizes, [r[key] for r in some]):.2f}"
        for key, name in (("one_ms", "one"), ("batch_ms", f"of {BATCH}"), ("first_ms", "first"))
    ]
    return f"exponent in {axis}, {sizes[0]} to {sizes[-1]}: " + ", ".join(parts)


def main(most: int = 512) -> list[dict[str, Any]]:
    """Measure, print the tables and return their rows."""
    from tests.bench.engine import CASE, published_case

    economy, _ = shipped()
    world = Flows.of(economy)
    N, S = len(economy.countries), len(economy.sectors)
    sized("", [(10, world.merged(10, 1))], THETA)  # imports what is imported once
    rows = sized("countries", ((n, world.merged(n, S)) for n in (*(c for c in COUNTRIES if c < N), N)), THETA)
    rows += sized("sectors", ((s, world.merged(N, s)) for s in SECTORS), THETA)
    if CASE.is_dir():
        icio = Flows.of(published_case()[0])
        rows += sized("sectors, ICIO", ((s, icio.merged(80, s)) for s in SECTORS_ICIO), THETA)
    _sizes(rows)
    print(_exponents(rows, "countries"), _exponents(rows, "countries", 100), sep="\n")
    print(_exponents(rows, "sectors"))
    if CASE.is_dir():
        print(_exponents(rows, "sectors, ICIO"))
    print()
    many = by_scenarios(most)
    print(f"{'scenarios':>9} {'ms each':>8} {'streamed MB':>12} {'all kept MB':>12} {'before MB':>10}")
    for r in many:
        print(
            f"{r['size']:9} {r['batch_ms']:8.2f} {r['streamed_mb']:12.0f} {r['kept_mb']:12.0f} {r['before_mb']:10.0f}"
        )
    slope = exponent([r["size"] for r in many], [r["batch_ms"] * r["size"] for r in many])
    print(f"exponent of all the time in scenarios, 1 to {many[-1]['size']}: {slope:.2f} (1 would be no gain)")
    wide = [r for r in many if r["size"] >= BATCH]
    if len(wide) > 1:
        apart = wide[-1]["size"] - wide[0]["size"]
        parts = (
            f"{(wide[-1][key] - wide[0][key]) / apart:.2f} MB a scenario {what}"
            for key, what in (("streamed_mb", "streamed"), ("kept_mb", "kept"))
        )
        print(f"memory from {wide[0]['size']} to {wide[-1]['size']} scenarios: {', '.join(parts)}")
    print()
    start = from_cold()
    print(
        f"cold, medians of {REPEAT} processes: import {start['import_ms']:.0f} ms, load the world {start['load_ms']:.0f} ms, "
        f"first solve {start['first_ms']:.0f} ms; process to answer {start['whole_ms']:.0f} ms; warm solve "
        f"{start['warm_ms']:.1f} ms; peak {start['peak_mb']:.0f} MB"
    )
    found = [*rows, *many, {"axis": "cold", **start}]
    keep(found)
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["memory"]:
        print(json.dumps(memory(sys.argv[2], int(sys.argv[3]))))
    elif sys.argv[1:2] == ["cold"]:
        print(json.dumps(cold()))
    else:
        main(*map(int, sys.argv[1:2]))
