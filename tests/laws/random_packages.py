"""Random sanction packages: who is cut from whom, by how much, under which elasticities and rules.

Package `number` of `seed` is always the same, whichever process draws it and in whatever order.
Axes: s sector, i exporter, n importer.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tertius.engine import Economy, Elasticities, Rules, Shock
from tertius.scenario.wedge import Wedges

KINDS = (
    "two blocs",
    "world cut in two",
    "one target",
    "several targets",
    "one partner left",
    "one tiny partner left",
    "some sectors",
)
DEFICITS = ("own_income", "fixed", "zero", "spending_share")


class Package(NamedTuple):
    """One package; `targets` are the countries whose balance is looked at apart."""

    kind: str
    targets: tuple[int, ...]
    shock: Shock
    elasticities: Elasticities
    rules: Rules


def some(rng, size, low, high):
    return rng.choice(size, rng.integers(low, high), replace=False)


def cells(rng, economy, kind):
    """A mask of (sector, exporter, importer) and the targets."""
    S, N, _ = economy.trade_share.shape
    mask = np.zeros((S, N, N), dtype=bool)
    if kind in ("two blocs", "world cut in two"):
        one = some(rng, N, 2, 40) if kind == "two blocs" else some(rng, N, 5, N // 2)
        other = np.setdiff1d(some(rng, N, 1, 40) if kind == "two blocs" else np.arange(N), one)
        mask[:, one[:, None], other] = mask[:, other[:, None], one] = True
        targets = one
    elif kind == "some sectors":  # one direction
        target, sectors = rng.integers(N), some(rng, S, 1, S)
        mask[(sectors, target, slice(None)) if rng.random() < 0.5 else (sectors, slice(None), target)] = True
        targets = [target]
    else:
        targets = some(rng, N, 2, 6) if kind == "several targets" else [rng.integers(N)]
        for target in targets:
            mask[:, target, :] = mask[:, :, target] = True
        if kind.endswith("partner left"):
            partner = rng.integers(N) if kind == "one partner left" else smallest(economy, targets[0])
            mask[:, target, partner] = mask[:, partner, target] = False
    home = np.arange(N)
    mask[:, home, home] = False
    return mask, tuple(int(n) for n in targets)


def smallest(economy, target):
    """The partner that trades least with the target, of those that buy something from it and sell something to it."""
    both = np.minimum(economy.trade[target], economy.trade[:, target])
    return int(np.argmin(np.where(both > 0, both, np.inf)))


def nests(rng, *, complements):
    """Half of the time Cobb-Douglas, else each nest for itself: Cobb-Douglas, 1 to 2, or 0 to 2 if `complements`."""
    if rng.random() < 0.5:
        return {}
    low = 0.0 if complements else 1.0
    drawn = (rng.choice([low, 1.0, rng.uniform(low, 2.0)], p=[0.15, 0.25, 0.6]) for _ in range(3))
    return dict(zip(("value_added", "inputs", "final"), map(float, drawn), strict=True))


def package(economy: Economy, seed: int, number: int, *, complements: bool = False) -> Package:
    """Draw one package.

    Inputs that are complements can leave no equilibrium at all: in a country cut off from what it used to import, each
    good may need more than one of itself once its dear substitutes are counted (Hawkins and Simon's condition), and a
    factor that cannot move may end up worth nothing. So they are drawn only on request.
    """
    rng = np.random.default_rng([seed, number])
    kind = KINDS[rng.integers(len(KINDS))]
    mask, targets = cells(rng, economy, kind)
    wedges = Wedges.cells(
        mask & (economy.trade_share > 0),
        weight=0.0 if rng.random() < 0.6 else rng.uniform(0.01, 0.9),
        cost=1.0 if rng.random() < 0.7 else rng.uniform(1.0, 3.0),
        tariff=0.0 if rng.random() < 0.7 else rng.uniform(0.0, 1.0),
    )
    S = len(economy.sectors)
    theta = rng.uniform(0.5, 15.0, S) if rng.random() < 0.7 else np.full(S, rng.uniform(0.5, 15.0))
    mobility = (np.inf, 0.0, rng.uniform(0.0, 5.0))[rng.choice(3, p=[0.5, 0.2, 0.3])]
    return Package(
        kind,
        targets,
        Shock(wedges, label=f"package {seed}.{number}"),
        Elasticities(theta, mobility=mobility, **nests(rng, complements=complements)),
        Rules(DEFICITS[rng.integers(len(DEFICITS))]),
    )


def balance(result, targets):
    """Worst miss of a target's markets, relative to the smaller of its incomes before and after.

    Sales received are added up anew from trade shares and spending, so this does not rest on what the solver says.
    """
    e = result.economy
    flows = result.trade_share[:, list(targets), :] / (1.0 + result.tariff[:, list(targets), :])
    received = np.einsum("sin,sn->si", flows, result.spending)
    income = np.minimum(e.income, result.factor_income + result.revenue)[list(targets)]
    return float((np.abs(received - result.sales[:, list(targets)]).max(axis=0) / income).max())
