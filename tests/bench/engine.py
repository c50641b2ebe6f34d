"""The engine beside two plain ways of solving the same equations, all on the same economy in one run.

* plain loop: the equations as published code iterates them, one scenario at a time, prices, sales and wages each
  step, wages damped by hand (the largest of six dampings that converges, so the baseline is near its best);
* fsolve: every equation handed to `scipy.optimize.fsolve`, on small economies, as its Jacobian is dense.

The engine and the loop stop at the same residual, fsolve at its own; real incomes must agree to 1e-6.
Axes: s sector, i exporter, n importer. Run it as `python -m tests.bench.engine`.
"""

from __future__ import annotations

import json
import statistics
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from tests.bench.measure import keep

from tertius.engine import Economy, Elasticities, Result, Rules, Shock, solve, solve_many
from tertius.engine.shock import changed_kernel

if TYPE_CHECKING:
    from collections.abc import Callable

Array = NDArray[np.float64]

REPEAT = 5
BATCH = 64
TOLERANCE = 1e-10
FIXED = Rules("fixed", tolerance=TOLERANCE)
CASE = Path(__file__).parents[3] / "shared" / "cases" / "icio2022_80x50"
SENDERS = ("USA", "CAN", "JPN", "GBR", "DEU", "FRA", "ITA")
DAMPINGS = (1.0, 0.7, 0.5, 0.3, 0.1, 0.05)
_STEPS = 3000


@dataclass(frozen=True, eq=False)
class Plain:
    """The Cobb-Douglas, one-factor equations of one scenario, written down as they stand."""

    economy: Economy
    kernel: Array  # (s, i, n)
    sold: Array  # (s, i, n), the same net of tariffs
    theta: Array  # (s,)

    @classmethod
    def of(cls, economy: Economy, shock: Shock, theta: Array) -> Plain:
        """Take over an economy and a shock that changes no tariff."""
        kernel = changed_kernel(economy, shock, theta)
        return cls(economy, kernel, kernel / (1.0 + economy.tariff), theta)

    def implied(self, wage: Array, price: Array, sales: Array, revenue: Array) -> tuple[Array, Array, Array]:
        """Prices (s, n), sales (n, s) and revenue (n,) that a state in levels implies."""
        e = self.economy
        inputs = np.einsum("nsr,sn->nr", e.input_share, np.log(price))
        cost = e.value_added_share * np.log(wage)[:, None] + (1.0 - e.value_added_share) * inputs
        u = np.exp(-self.theta[:, None] * cost.T)
        unused = e.spending == 0
        phi = (u[:, None, :] @ self.kernel)[:, 0, :] + unused
        demand = wage * e.factor_income + revenue + e.deficit
        bought = (1.0 - e.value_added_share) * sales
        spending = (e.final_share * demand[:, None] + np.einsum("nsr,nr->ns", e.input_share, bought)).T
        net = (u[:, None, :] @ self.sold)[:, 0, :] / phi
        new_sales = u * (self.sold @ (spending / phi)[:, :, None])[:, :, 0]
        collected = (spending * (1.0 - net)).sum(axis=0)
        return phi ** (-1.0 / self.theta[:, None]), new_sales.T, collected

    def excess(self, wage: Array, sales: Array) -> Array:
        """Factor income paid over factor income received, (n,)."""
        e = self.economy
        return np.asarray((e.value_added_share * sales).sum(axis=1) / (wage * e.factor_income))

    def loop(self, damping: float) -> tuple[Array, int]:
        """Real income ratio (n,) and the steps it took; NaN where it does not converge."""
        e = self.economy
        N, S = e.output.shape
        wage, price, sales, revenue = np.ones(N), np.ones((S, N)), e.output.copy(), e.revenue.copy()
        for step in range(1, _STEPS + 1):
            new_price, new_sales, new_revenue = self.implied(wage, price, sales, revenue)
            excess = self.excess(wage, new_sales)
            off = max(
                np.abs(np.log(new_price / price)).max(),
                (np.abs(new_sales - sales).max(axis=1) / e.income).max(),
                (np.abs(new_revenue - revenue) / e.income).max(),
                np.abs(excess - 1.0).max(),
            )
            if not off < 1e3:
                break
            wage = wage * excess**damping
            wage *= e.factor_income.sum() / (wage * e.factor_income).sum()
            price, sales, revenue = new_price, new_sales, new_revenue
            if off < TOLERANCE:
                return self.real_income(wage, price, revenue), step
        return np.full(N, np.nan), step

    def real_income(self, wage: Array, price: Array, revenue: Array) -> Array:
        """(n,), ratio to the base year."""
        e = self.economy
        level = np.exp((e.final_share.T * np.log(price)).sum(axis=0))
        return np.asarray((wage * e.factor_income + revenue) / e.income / level)

    def fsolve(self) -> tuple[Array, int]:
        """Real income ratio and the calls of the equations; no tariffs."""
        from scipy.optimize import fsolve

        e = self.economy
        N, S = e.output.shape

        def equations(x: Array) -> Array:
            wage, price, sales = np.exp(x[:N]), np.exp(x[N : N + S * N]).reshape(S, N), np.exp(x[N + S * N :])
            made = sales.reshape(N, S) * e.output
            new_price, new_sales, _ = self.implied(wage, price, made, np.zeros(N))
            labour = self.excess(wage, new_sales) - 1.0
            labour[0] = (wage * e.factor_income).sum() / e.factor_income.sum() - 1.0  # Walras: one is spare
            return np.concatenate(
                [labour, np.log(new_price / price).ravel(), (new_sales / made - 1.0).ravel()]
            )

        x, info, found, message = fsolve(equations, np.zeros(N + 2 * S * N), xtol=1e-12, full_output=True)
        if found != 1 and np.abs(info["fvec"]).max() > TOLERANCE:
            raise AssertionError(f"fsolve: {message}")
        return self.real_income(np.exp(x[:N]), np.exp(x[N : N + S * N]).reshape(S, N), np.zeros(N)), info[
            "nfev"
        ]


# -- economies -----------------------------------------------------------------------------------------


def random_economy(countries: int, sectors: int, seed: int = 0) -> Economy:
    """Flows drawn at random that add up, with home bias, input links and deficits, without tariffs."""
    draw = np.random.default_rng(seed)
    N, S = countries, sectors
    spending = np.exp(draw.normal(0.0, 0.2, (S, N))) * np.exp(draw.normal(0.0, 0.7, N))
    abroad = draw.uniform(0.5, 1.5, (S, N, N)) * spending[:, :, None]
    share = 0.35 * abroad / abroad.sum(axis=1, keepdims=True) + 0.65 * np.eye(N)
    output = np.einsum("sin,sn->si", share, spending)
    made = draw.uniform(0.6, 0.8, (S, N))
    mix = draw.uniform(0.5, 1.5, (N, S, S))
    inputs = mix / mix.sum(axis=1, keepdims=True) * (1.0 - made).T[:, None, :]
    final = spending - np.einsum("nkr,rn->kn", inputs, output)
    value_added = (made * output).sum(axis=0)
    return Economy.from_arrays(
        trade_share=share,
        value_added_share=made,
        input_share=inputs,
        final_share=final / final.sum(axis=0),
        value_added=value_added,
        deficit=final.sum(axis=0) - value_added,
        countries=tuple(f"C{n}" for n in range(N)),
        sectors=tuple(f"S{s}" for s in range(S)),
    )


def published_case() -> tuple[Economy, Array, tuple[str, ...]]:
    """80 countries and 50 sectors of 2022, their elasticities and the senders of the embargo."""
    with np.load(CASE / "cp_inputs.npz") as z:
        economy = Economy.from_arrays(
            trade_share=z["pi"].transpose(0, 2, 1),
            value_added_share=z["B"],
            input_share=z["gam"],
            final_share=z["alpha"],
            value_added=z["VA"],
            deficit=-z["Sn"],
            countries=tuple(z["regions"].tolist()),
            sectors=tuple(z["sectors"].tolist()),
        )
        theta = z["theta"]
    return economy, theta, tuple(json.loads((CASE / "shock.json").read_text())["senders"])


def dearer(economy: Economy, target: str, senders: tuple[str, ...], ratio: float) -> Shock:
    """Trade of the senders with the target at a higher cost, both ways; inf is an embargo."""
    cost, t, at = (
        np.ones(economy.trade_share.shape),
        economy.country(target),
        list(map(economy.country, senders)),
    )
    cost[:, t, at] = cost[:, at, t] = ratio
    return Shock.from_arrays(economy, cost=cost, label=f"cost x {ratio:.3g}")


# -- timing --------------------------------------------------------------------------------------------


def in_turn(ways: dict[str, Callable[[], Any]], repeat: int = REPEAT) -> dict[str, tuple[float, Any]]:
    """Median seconds and last result of each, one after the other in every round: a busy machine slows all."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    made: dict[str, Any] = {}
    for _ in range(repeat):
        for name, work in ways.items():
            began = time.perf_counter()
            made[name] = work()
            times[name].append(time.perf_counter() - began)
    return {name: (statistics.median(times[name]), made[name]) for name in ways}


def compare(
    case: str, economy: Economy, shocks: list[Shock], theta: Array, *, with_fsolve: bool = False
) -> list[dict[str, Any]]:
    """Time the last shock alone, all in one call, and the last the plain ways; all must agree."""
    one, plain = Elasticities(theta), Plain.of(economy, shocks[-1], theta)
    expected = solve(economy, shocks[-1], one, rules=FIXED)  # builds what is built once per economy
    damping = next(d for d in DAMPINGS if np.isfinite(plain.loop(d)[0]).all())
    ways: dict[str, Callable[[], Any]] = {
        "tertius, one": lambda: [solve(economy, shocks[-1], one, rules=FIXED)],
        f"tertius, {len(shocks)} at once": lambda: solve_many(economy, shocks, one, rules=FIXED),
        f"plain loop, damping {damping:g}": lambda: plain.loop(damping),
    }
    if with_fsolve:
        ways["scipy fsolve"] = plain.fsolve
    rows: list[dict[str, Any]] = []
    for name, (took, made) in in_turn(ways).items():
        steps, off = _told(made, expected)
        each = took / (len(made) if isinstance(made, list) else 1)
        first = rows[0]["ms"] if rows else 1e3 * each
        rows.append(
            {
                "case": case,
                "way": name,
                "ms": 1e3 * each,
                "ratio": 1e3 * each / first,
                "steps": steps,
                "off": off,
            }
        )
    return rows


def _told(made: list[Result] | tuple[Array, int], expected: Result) -> tuple[float, float]:
    """Mean steps, and the largest residual or the largest difference from the engine's real incomes."""
    if isinstance(made, list):
        return statistics.mean(r.iterations for r in made), max(r.residual for r in made)
    off = float(np.abs(made[0] - expected.real_income).max())
    if not off < 1e-6:
        raise AssertionError(f"real incomes differ by {off:.1e}")
    return made[1], off


def large(case: str, economy: Economy, theta: Array, senders: tuple[str, ...]) -> list[dict[str, Any]]:
    """An embargo on Russia, and 63 milder cuts beside it."""
    ratios = [*np.geomspace(1.02, 4.0, BATCH - 1).tolist(), np.inf]
    return compare(case, economy, [dearer(economy, "RUS", senders, ratio) for ratio in ratios], theta)


def small(countries: int, sectors: int) -> list[dict[str, Any]]:
    """The same, with fsolve, on a random economy: C0 and C1 pay double for each other's goods."""
    economy = random_economy(countries, sectors)
    shocks = [dearer(economy, "C0", ("C1",), ratio) for ratio in np.geomspace(1.02, 2.0, BATCH).tolist()]
    theta = np.linspace(2.0, 6.0, sectors)
    return compare(f"random {countries} x {sectors}", economy, shocks, theta, with_fsolve=True)


# -- what the hardware allows --------------------------------------------------------------------------


def hardware() -> dict[str, float]:
    """One thread: GFLOP/s of a large matrix product, GB/s of reading main memory and of reading 8 MB again."""
    from threadpoolctl import threadpool_limits

    draw = np.random.default_rng(0)
    a, b = draw.random((2, 1200, 1200))
    far, near = draw.random(32_000_000), draw.random(1_000_000)
    with threadpool_limits(1, user_api="blas"):
        took = in_turn(
            {
                "gemm": lambda: a @ b,
                "far": lambda: far @ far,
                "near": lambda: [near @ near for _ in range(20)],
            }
        )
    return {
        "gflops": 2 * 1200**3 / took["gemm"][0] / 1e9,
        "memory_gbs": far.nbytes / took["far"][0] / 1e9,
        "cache_gbs": 20 * near.nbytes / took["near"][0] / 1e9,
    }


def roofline(economy: Economy, rows: list[dict[str, Any]], found: dict[str, float]) -> list[str]:
    """Least time of an iteration: three products with (s, i, n) matrices, from memory or by arithmetic."""
    from tertius.engine.batch import _WIDTH

    S, N, _ = economy.trade_share.shape
    products = 3 if economy.has_tariffs else 2
    cells = S * N * N
    moved, work = 8 * products * cells, 2 * products * cells
    lines = [
        (
            f"hardware, one thread: {found['gflops']:.1f} GFLOP/s in a matrix product, reading {found['memory_gbs']:.1f} "
            f"GB/s from memory, {found['cache_gbs']:.1f} GB/s for 8 MB read again"
        ),
        (
            f"one iteration at {N} x {S}: {products} products with {cells:,} cells, {work / 1e6:.2f} MFLOP a scenario, "
            f"{moved / 1e6:.2f} MB a batch"
        ),
    ]
    for line, width in zip(rows[:2], (1, _WIDTH), strict=True):
        arithmetic, reading = work / found["gflops"] / 1e6, moved / width / found["memory_gbs"] / 1e6
        bound, spent = max(arithmetic, reading), line["ms"] / max(line["steps"], 1)
        what = "arithmetic" if arithmetic > reading else "memory"
        lines.append(
            f"{line['way']}: at least {bound:.3f} ms an iteration and scenario (bound by {what}), "
            f"took {spent:.3f} ms, all else included: {bound / spent:.0%} of the speed allowed"
        )
    return lines


def main() -> list[dict[str, Any]]:
    """Measure, print the table and the bound, and return the rows."""
    from tertius.engine.horizons import horizon
    from tertius.world import load_world

    economy = Economy.from_world(load_world())
    S, N, _ = economy.trade_share.shape
    rows = world = large(
        f"shipped world {N} x {S}", economy, horizon("medium", economy.sectors).trade, SENDERS
    )
    notes = roofline(economy, world, hardware())
    if CASE.is_dir():
        rows = rows + large("ICIO 2022, 80 x 50", *published_case())
    else:
        notes.append("ICIO 2022, 80 x 50: left out, its inputs are not beside this checkout")
    rows = [*rows, *small(10, 5), *small(30, 10)]
    print(f"{'case':24} {'way':26} {'ms/scenario':>12} {'times one':>10} {'steps':>11} {'off':>9}")
    for r in rows:
        print(
            f"{r['case']:24} {r['way']:26} {r['ms']:12.2f} {r['ratio']:10.2f} {r['steps']:11.1f} {r['off']:9.1e}"
        )
    print("steps: iterations, or calls of the equations (fsolve)")
    print("off: largest residual (tertius), or largest difference of a real income from tertius (the others)")
    print(*notes, sep="\n")
    keep(rows)
    return rows


if __name__ == "__main__":
    main()
