"""The gradient of a loss with respect to every trade cost and tariff, for one more linear solve.

An equilibrium is a state z with F(z, tau) = 0. For a number l(z, tau) read off it,

    dl/dtau = l_tau - lambda' F_tau,    F_z' lambda = l_z

so one linear system in the transposed conditions gives the derivative with respect to all (s, i, n) cells
at once (implicit differentiation). `linear` holds the transposed conditions; GMRES solves them,
preconditioned by the engine's linearised base year, and several numbers share their products.

Covers the nested CES in full, factors mobile, specific or in between, the deficit rules `own_income`,
`fixed` and `zero`, gifts, tariffs and rents, embargoed cells and graphs in several pieces. A link that does
not exist stays non-existent: its derivative is zero.

Axes: s sector, i exporter, n importer.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.engine.krylov import gmres
from tertius.engine.linear import Adjoint, BackwardStep, Seeds, State, Weights
from tertius.engine.precondition import Preconditioner
from tertius.engine.problem import Rules
from tertius.engine.rebase import rebase
from tertius.errors import NotConvergedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tertius.engine.result import Result
    from tertius.scenario.wedge import Wedges

Array = NDArray[np.float64]

_RULES = Rules()
_TOLERANCE = 1e-11
_ACCEPTED = 1e-8
_LIMIT = 120


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """A number read off an equilibrium, by its derivatives with respect to logs.

    Attributes
    ----------
    income : (n,), per d log of income VA' + R'.
    demand : (n,), per d log of final demand E'.
    price : (s, n), per d log of the price index P'.
    label : shown in errors.
    """

    income: Array
    demand: Array
    price: Array
    label: str = ""

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            self.income + other.income, self.demand + other.demand, self.price + other.price, self.label
        )

    def __rmul__(self, factor: float) -> Outcome:
        return Outcome(factor * self.income, factor * self.demand, factor * self.price, self.label)


def loss_of(result: Result, weights: str | Mapping[str, float]) -> Outcome:
    """Take the loss of one country, or a weighted sum: sum_n weight_n [1 - I'_n / I_n / PF^_n].

    Raises
    ------
    UnknownNameError
        A country that the economy does not have.
    """
    e = result.economy
    if isinstance(weights, str):
        weights = {weights: 1.0}
    by_income = np.zeros(len(e.countries))
    for code, weight in weights.items():
        n = e.country(code)
        by_income[n] -= weight * float(result.real_income[n])
    price = -by_income * _final_shares(result)
    return Outcome(by_income, np.zeros_like(by_income), price, "loss of " + ", ".join(weights))


def consumption_fall(result: Result, country: str, sector: str) -> Outcome:
    """How far the consumption of one good falls, as a fraction of the base year's quantity.

    1 - E^ (P^ / PF^)^(1 - sigma) / P^
    """
    e = result.economy
    n, s = e.country(country), e.sector(sector)
    sigma = result.elasticities.final
    left = 1.0 - consumption_loss(result, country, sector)
    demand, price = np.zeros(len(e.countries)), np.zeros(result.price.shape)
    demand[n] = -left
    price[s, n] = sigma * left
    price[:, n] += (1.0 - sigma) * left * _final_shares(result)[:, n]
    return Outcome(np.zeros_like(demand), demand, price, f"consumption of {sector} in {country}")


def consumption_loss(result: Result, country: str, sector: str) -> float:
    """Return the number whose derivatives `consumption_fall` holds."""
    e = result.economy
    n, s = e.country(country), e.sector(sector)
    spent = float(result.demand[n] / (e.income[n] + e.deficit[n]))
    price, level = float(result.price[s, n]), float(result.final_price[n])
    return float(1.0 - spent * (price / level) ** (1.0 - result.elasticities.final) / price)


def _final_shares(result: Result) -> Array:
    """(s, n), b' of the new equilibrium."""
    share, sigma = result.economy.final_share.T, result.elasticities.final
    return np.asarray(share * (result.price / result.final_price) ** (1.0 - sigma))


@dataclass(frozen=True, eq=False)
class Gradient:
    """Derivatives of one outcome at one equilibrium; dense arrays are made when asked for.

    Attributes
    ----------
    adjoint : the linearised equilibrium.
    weights : what multiplies each change of a cell.
    residual : of the linear system, relative to its right-hand side.
    products : applications of the linearised conditions.
    label : of the outcome.
    """

    adjoint: Adjoint
    weights: Weights
    residual: float
    products: int
    label: str

    @cached_property
    def cost(self) -> Array:
        """(s, i, n), d outcome / d log kappa_ins."""
        a, w = self.adjoint, self.weights
        out = a.share * w.bought[0][:, None, :]
        out -= a.sold * self._sold_weight
        return np.asarray(out)

    @cached_property
    def tariff(self) -> Array:
        """(s, i, n), d outcome / d t_ins, per unit of the rate (0.01 is one percentage point)."""
        a, w = self.adjoint, self.weights
        gain = w.earned[0][None, None, :] - w.reward[0][:, :, None]
        return np.asarray((self.cost + a.sold * a.spending[:, None, :] * gain) / (1.0 + a.result.tariff))

    @cached_property
    def _sold_weight(self) -> Array:
        a, w = self.adjoint, self.weights
        gain = w.reward[0][:, :, None] - w.earned[0][None, None, :]
        return np.asarray((a.theta * a.spending)[:, None, :] * gain)

    def along(self, cells: Wedges) -> tuple[Array, Array, Array]:
        """Return derivatives at some cells only, without dense arrays.

        Parameters
        ----------
        cells : their positions, each once; what the wedges do is not used.

        Returns
        -------
        (m,) d outcome / d kernel weight, (m,) d outcome / d log kappa, (m,) d outcome / d tariff. The
        first holds at a weight of zero too: what the first unit of an embargoed link is worth.
        """
        a, w = self.adjoint, self.weights
        s, i, n = cells.sector, cells.exporter, cells.importer
        theta, spending = a.theta[s, 0], a.spending[s, n]
        tax = 1.0 + a.result.tariff[s, i, n]
        gain = w.earned[0, n] - w.reward[0, s, i]
        per_share = w.bought[0, s, n] + theta * spending * gain / tax
        open_share, weight = self._open_share(s, i, n)
        cost = weight * open_share * per_share
        tariff = (cost + weight * open_share * spending * gain / tax) / tax
        return -open_share * per_share / theta, cost, tariff

    def _open_share(
        self, s: NDArray[np.intp], i: NDArray[np.intp], n: NDArray[np.intp]
    ) -> tuple[Array, Array]:
        """Share that each cell has per unit of kernel weight, and that weight."""
        result = self.adjoint.result
        e, w = result.economy, result.shock.wedges
        N = len(e.countries)
        weight, cost = np.ones(len(s)), np.ones(len(s))
        changed = (w.sector * N + w.exporter) * N + w.importer
        _, mine, theirs = np.intersect1d((s * N + i) * N + n, changed, return_indices=True)
        weight[mine], cost[mine] = w.weight[theirs], w.cost[theirs]
        ratio = cost * (1.0 + result.tariff[s, i, n]) / (1.0 + e.tariff[s, i, n])
        relative = result.cost[s, i] * ratio / result.price[s, n]
        share = e.trade_share[s, i, n] * relative ** -result.elasticities.trade[s]
        return np.asarray(share), weight


def gradient(
    result: Result,
    of: Outcome | str | Mapping[str, float],
    *,
    rules: Rules = _RULES,
    tolerance: float = _TOLERANCE,
) -> Gradient:
    """Differentiate one outcome with respect to every trade cost and tariff; see `gradients`."""
    return gradients(result, [of], rules=rules, tolerance=tolerance)[0]


def gradients(
    result: Result,
    outcomes: Sequence[Outcome | str | Mapping[str, float]],
    *,
    rules: Rules = _RULES,
    tolerance: float = _TOLERANCE,
) -> list[Gradient]:
    """Differentiate several outcomes of one equilibrium.

    Parameters
    ----------
    result : a solved equilibrium.
    outcomes : each an `Outcome`, a country (its loss), or weights on countries (the weighted sum of losses).
    rules : the deficit rule that the result was solved with.
    tolerance : residual of the linear system relative to its right-hand side.

    Raises
    ------
    InputError
        The result was solved under another deficit rule.
    NotConvergedError
        The linear system was not solved; the message names the outcome.
    """
    from threadpoolctl import threadpool_limits

    wanted = [x if isinstance(x, Outcome) else loss_of(result, x) for x in outcomes]
    if not wanted:
        return []
    with threadpool_limits(1, user_api="blas"):
        adjoint = Adjoint(result, rules)
        seeds = Seeds(
            np.stack([x.income for x in wanted]),
            np.stack([x.demand for x in wanted]),
            np.stack([x.price for x in wanted]),
        )
        held, residual, products = _solve(adjoint, seeds, tolerance)
        _, weights = adjoint.pull(held, seeds)
    worst = int(residual.argmax())
    if residual[worst] > max(_ACCEPTED, 10.0 * tolerance):
        raise NotConvergedError(
            f"gradient of {wanted[worst].label} at {result.label or 'a result'}: the linear system stopped "
            f"at a residual of {residual[worst]:.2g}"
        )
    return [
        Gradient(
            adjoint,
            Weights(weights.bought[k : k + 1], weights.earned[k : k + 1], weights.reward[k : k + 1]),
            float(residual[k]),
            products,
            one.label,
        )
        for k, one in enumerate(wanted)
    ]


def _solve(adjoint: Adjoint, seeds: Seeds, tolerance: float) -> tuple[State, Array, int]:
    """Weights on the conditions that carry the outcomes: -F_z' lambda + l_z = 0."""
    K = len(seeds.income)
    shape = adjoint.shape
    idle = State(*(np.repeat(x, K, axis=0) for x in (shape.cost, shape.wage, shape.sales)))
    right = adjoint.pull(idle, seeds)[0]
    goal = right.flat()
    size = np.maximum(np.linalg.norm(goal, axis=1), 1e-300)
    # The base year is close enough as a rule; where it is not, linearise at the result itself.
    for pre in (_base, _here):
        step = BackwardStep(pre(adjoint.result), adjoint)

        def product(x: Array, step: BackwardStep = step) -> Array:
            return adjoint.pull(step(right.like(x)))[0].flat()

        found, products = gmres(product, goal, tolerance=tolerance, limit=_LIMIT)
        held = step(right.like(-found))
        residual = np.linalg.norm(adjoint.pull(held, seeds)[0].flat(), axis=1) / size
        if residual.max() <= max(_ACCEPTED, 10.0 * tolerance):
            break
    return held, residual, products


def _base(result: Result) -> Preconditioner:
    """Return the base year's preconditioner, which the solve has built already."""
    from tertius.engine.precondition import preconditioner

    return preconditioner(result.economy)


def _here(result: Result) -> Preconditioner:
    return Preconditioner(rebase(result))
