"""What sanctions already cost: the loss against a world in which sender and target trade again.

A target that sells its sender nothing looks safe from it. The reference restores the trade of the pair at the shares
it had before the sanctions, or, where none are on record, at the share that size and distance predict; the realised loss
is then the loss from cutting that trade again.

    predicted share of i in n's imports of s = x_is d_in^-b / sum_j x_js d_jn^-b,   x exports, d distance

Axes: s sector, i exporter, n importer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.countries import distance_km
from tertius.engine import Economy, Elasticities, Shock, solve
from tertius.engine.rebase import balanced
from tertius.scenario.wedge import Wedges

if TYPE_CHECKING:
    from tertius.world import World

Array = NDArray[np.float64]

#: Distance elasticity of trade: structural-gravity mean and a wide interval; Head and Mayer (2014), table 3.4.
DISTANCE = (0.7, 1.1, 1.5)
#: A pair that in 2015 traded less than this share of what size and distance predict was under sanctions then already:
#: the US and Iran traded a twentieth of it, the US and Russia, sanctioned in part since 2014, about half.
SUPPRESSED = 0.25


@dataclass(frozen=True, slots=True)
class Lifted:
    """Realised loss against the lifted reference.

    Attributes
    ----------
    loss : fraction of the target's real income (low, central, high over the distance elasticity).
    basis : per sender, "2015 shares" or "size and distance".
    trade_bn : (sender -> bn USD a year) trade that the reference restores, central.
    """

    loss: tuple[float, float, float]
    basis: dict[str, str]
    trade_bn: dict[str, float]


def realised_loss(
    economy: Economy, before: World, target: str, senders: tuple[str, ...], elasticities: Elasticities
) -> Lifted:
    """Loss of the target from having no trade with its senders beyond today's, against the lifted reference."""
    found, basis, trade = [], {}, {}
    for b in DISTANCE:
        lifted, basis_b, trade_b = _lift(economy, before, target, senders, b)
        base = balanced(lifted, target, elasticities=elasticities)
        shock = _back(base, economy, target, senders)
        found.append(solve(base, shock, elasticities).of(target))
        if b == DISTANCE[1]:
            basis, trade = basis_b, trade_b
    low, central, high = sorted(found)
    return Lifted((low, central, high), basis, trade)


def _lift(
    economy: Economy, before: World, target: str, senders: tuple[str, ...], b: float
) -> tuple[Economy, dict[str, str], dict[str, float]]:
    t = economy.country(target)
    share = economy.trade_share.copy()
    basis, trade = {}, {}
    earlier = _shares(before)
    for code in senders:
        s = economy.country(code)
        pairs = ((s, t), (t, s))
        predicted = [_gravity(economy, i, n, b) for i, n in pairs]
        past = [_past(earlier, before, economy, i, n) for i, n in pairs]
        size, was = (
            sum(float((x * economy.spending[:, n]).sum()) for x, (_, n) in zip(shares, pairs, strict=True))
            for shares in (predicted, past)
        )
        free = was > SUPPRESSED * size
        basis[code] = "2015 shares" if free else "size and distance"
        value = 0.0
        for (i, n), wanted in zip(pairs, past if free else predicted, strict=True):
            goal = np.maximum(wanted, share[:, i, n])
            rest = np.where(share[:, i, n] < 1.0, (1.0 - goal) / np.maximum(1.0 - share[:, i, n], 1e-12), 1.0)
            share[:, :, n] *= rest[:, None]
            share[:, i, n] = goal
            value += float((goal * economy.spending[:, n]).sum())
        trade[code] = value / 1e3
    lifted = Economy.from_arrays(
        trade_share=share,
        tariff=economy.tariff,
        value_added_share=economy.value_added_share.T,
        input_share=economy.input_share,
        input_basis="inputs",
        final_share=economy.final_share.T,
        value_added=economy.factor_income,
        deficit=economy.deficit,
        countries=economy.countries,
        sectors=economy.sectors,
    )
    return lifted, basis, trade


def _shares(world: World) -> Array:
    spending = world.spending[:, None, :]
    return np.divide(
        world.sales * (1 + world.tariff), spending, out=np.zeros_like(world.sales), where=spending > 0
    )


def _past(shares: Array, before: World, economy: Economy, i: int, n: int) -> Array:
    """(s,), share of i in n's spending in the earlier world; zero where one of them is not in it."""
    a, b = economy.countries[i], economy.countries[n]
    if a not in before.countries or b not in before.countries or before.sectors != economy.sectors:
        return np.zeros(len(economy.sectors))
    return np.asarray(shares[:, before.country(a), before.country(b)])


def _gravity(economy: Economy, i: int, n: int, b: float) -> Array:
    """(s,), predicted share of i in n's spending: its share in imports times n's import share."""
    flow = economy.trade_share / (1.0 + economy.tariff) * economy.spending[:, None, :]
    at = np.arange(len(economy.countries))
    flow[:, at, at] = 0.0
    exports = flow.sum(axis=2)  # (s, i)
    distance = np.array([distance_km(c, economy.countries[n]) for c in economy.countries])
    # The rest of the world is nowhere in particular, so it does not compete for the prediction.
    pull = np.where(np.isfinite(distance), np.maximum(np.nan_to_num(distance), 100.0) ** -b, 0.0)
    pull[n] = 0.0
    total = exports @ pull
    abroad = 1.0 - economy.trade_share[:, n, n]
    share = np.divide(exports[:, i] * pull[i], total, out=np.zeros_like(total), where=total > 0)
    return np.asarray(share * abroad)


def _back(base: Economy, today: Economy, target: str, senders: tuple[str, ...]) -> Shock:
    """Cut the pair's trade back to today's shares."""
    t = base.country(target)
    cells = np.zeros(base.trade_share.shape, dtype=bool)
    for code in senders:
        s = base.country(code)
        cells[:, s, t] = cells[:, t, s] = True
    cells &= base.trade_share > 0
    weight = np.divide(today.trade_share, base.trade_share, out=np.ones_like(base.trade_share), where=cells)
    return Shock(
        Wedges.cells(cells, weight=np.minimum(weight, 1.0)),
        label=f"{target}: sanctions against the lifted world",
    )
