"""The balancing problem: the nearest accounts to the sources that add up.

Unknown are sales x[s,i,n] (home on the diagonal), inputs z[n,s,r], value added v[n,r], final demand f[s,n].
The balance minimises the weighted cross-entropy to the seeds

    sum w KL(x|x0) + sum w KL(z|z0) + sum w KL(v|v0) + sum w KL(f|f0) + sum_m W_m KL(margin_m | target_m)

with KL(y|y0) = y ln(y/y0) - y + y0, subject to the two exact sets of accounts

    sellers   sum_n x[s,i,n]           = sum_q z[i,q,s] + v[i,s]
    buyers    sum_i (1+t) x[s,i,n]     = sum_r z[n,s,r] + f[s,n].

Margins (GDP, exports, imports, sector exports ...) are soft, with trust W. The dual is solved one multiplier
at a time by Newton's method, which is generalised RAS: cyclic Bregman projections converge to the unique
minimiser (Bregman 1967; Junius and Oosterhaven 2003 for the signed case). Zeros stay zero, everything else
stays positive.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tertius.errors import DataError, NotConvergedError

Array = NDArray[np.float64]
Progress = Callable[[int, int, str], None]

_NEWTON = 4
_STEP = 2.0  # largest move of a log multiplier in one Newton step


@dataclass(frozen=True, slots=True, eq=False)
class Accounts:
    """Seeds or results, million USD: sales (s, i, n), inputs (n, s, r), value_added (n, r), final (s, n)."""

    sales: Array
    inputs: Array
    value_added: Array
    final: Array

    def sellers_gap(self) -> Array:
        """(s, i), million USD: sales less costs."""
        return np.asarray(self.sales.sum(axis=2) - self.inputs.sum(axis=1).T - self.value_added.T)

    def buyers_gap(self, tariff: Array) -> Array:
        """(s, n), million USD: spending less uses."""
        spending = (self.sales * (1.0 + tariff)).sum(axis=1)
        return np.asarray(spending - self.inputs.sum(axis=2).T - self.final)


@dataclass(frozen=True, slots=True, eq=False)
class Trust:
    """Weights w of the seeds, same shapes as `Accounts`; a larger weight moves less."""

    sales: Array
    inputs: Array
    value_added: Array
    final: Array


@dataclass(frozen=True, slots=True, eq=False)
class Margin:
    """A soft target for sums of cells.

    Attributes
    ----------
    name : what it is, as printed on the data sheet.
    block : "exports" sums x over sectors and importers, "imports" over sectors and exporters,
        "sector_exports" over importers; home sales are left out of these three. "value_added" sums v over
        sectors, "output" sums x over importers with home.
    target : (n,) for country totals, (s, n) by sector; NaN where there is none.
    trust : same shape; W of the objective.
    sectors : which sectors a country total covers.
    """

    name: str
    block: str
    target: Array
    trust: Array
    sectors: slice = field(default_factory=lambda: slice(None))


@dataclass(frozen=True, slots=True, eq=False)
class Balanced:
    """The balanced accounts, how far they are from adding up, and how far every margin moved."""

    accounts: Accounts
    sweeps: int
    gap: float
    residuals: dict[str, dict[str, float]] = field(default_factory=dict)


def balance(
    seed: Accounts,
    trust: Trust,
    tariff: Array,
    margins: Sequence[Margin],
    *,
    tolerance: float = 1e-7,
    sweeps: int = 3000,
    progress: Progress | None = None,
) -> Balanced:
    """Solve the balancing problem stated above.

    Parameters
    ----------
    seed, trust : the sources and their weights.
    tariff : (s, i, n), ad valorem.
    margins : soft targets.
    tolerance : largest gap of an account over its own size.

    Raises
    ------
    NotConvergedError : if the accounts don't add up to the tolerance after all sweeps.
    """
    _check(seed)
    state = _State(seed, trust, tariff, margins)
    gap = np.inf
    for sweep in range(1, sweeps + 1):
        state.sweep()
        if sweep % 20 == 0 or sweep == sweeps:
            gap = state.gap()
            if progress is not None:
                progress(sweep, sweeps, f"accounts add up to {gap:.1e}")
            if gap < tolerance:
                return Balanced(state.accounts(), sweep, gap, residuals(state.accounts(), margins))
    raise NotConvergedError(
        f"balance: accounts are {gap:.2e} apart after {sweeps} sweeps (tolerance {tolerance:.0e})"
    )


def _check(seed: Accounts) -> None:
    wrong = [
        f"balance: seed of {name} has {int(bad.sum())} cells that are negative or not finite, "
        f"the first at {where}"
        for name in ("sales", "inputs", "value_added", "final")
        if (bad := ~np.isfinite(getattr(seed, name)) | (getattr(seed, name) < 0)).any()
        for where in [tuple(int(k) for k in np.argwhere(bad)[0])]
    ]
    if wrong:
        raise DataError(wrong)


def margin_value(accounts: Accounts, margin: Margin) -> Array:
    """Return the sums a margin speaks about, shaped like its target."""
    if margin.block == "value_added":
        return np.asarray(accounts.value_added.sum(axis=1))
    x = accounts.sales[margin.sectors]
    if margin.block == "output":
        return np.asarray(x.sum(axis=2))
    home = np.einsum("sii->si", x)
    if margin.block == "imports":
        return np.asarray((x.sum(axis=1) - home).sum(axis=0))
    abroad = np.asarray(x.sum(axis=2) - home)
    return abroad if margin.block == "sector_exports" else np.asarray(abroad.sum(axis=0))


def residuals(accounts: Accounts, margins: Sequence[Margin]) -> dict[str, dict[str, float]]:
    """Summarise how far the result is from each soft margin: shares of the target, weighted by the target."""
    table: dict[str, dict[str, float]] = {}
    for margin in margins:
        known = np.isfinite(margin.target) & (margin.target > 0) & (margin.trust > 0)
        target, value = margin.target[known], margin_value(accounts, margin)[known]
        if not len(target):
            continue
        relative = np.abs(value / target - 1.0)
        table[margin.name] = {
            "targets": float(len(target)),
            "target_total_musd": float(target.sum()),
            "result_total_musd": float(value.sum()),
            "weighted_mean_abs": float((relative * target).sum() / target.sum()),
            "median_abs": float(np.median(relative)),
            "p90_abs": float(np.quantile(relative, 0.9)),
        }
    return table


class _State:
    """Primal values and their inverse weights while the multipliers are being found."""

    def __init__(self, seed: Accounts, trust: Trust, tariff: Array, margins: Sequence[Margin]) -> None:
        self.x, self.z = seed.sales.copy(), seed.inputs.copy()
        self.v, self.f = seed.value_added.copy(), seed.final.copy()
        self.ix, self.iz = 1.0 / trust.sales, 1.0 / trust.inputs
        self.iv, self.if_ = 1.0 / trust.value_added, 1.0 / trust.final
        self.price = 1.0 + tariff
        self.margins = [(m, np.zeros_like(m.target)) for m in margins]
        self.abroad = 1.0 - np.eye(self.x.shape[1])

    def accounts(self) -> Accounts:
        return Accounts(self.x, self.z, self.v, self.f)

    def gap(self) -> float:
        a = self.accounts()
        sold, bought = self.x.sum(axis=2), (self.x * self.price).sum(axis=1)
        sellers = np.abs(a.sellers_gap()) / np.maximum(sold, 1e-9)
        buyers = np.abs(a.buyers_gap(self.price - 1.0)) / np.maximum(bought, 1e-9)
        return float(max(sellers[sold > 0].max(), buyers[bought > 0].max()))

    def sweep(self) -> None:
        for margin, dual in self.margins:
            self._margin(margin, dual)
        self._sellers()
        self._buyers()

    def _sellers(self) -> None:
        """Raise sales and lower costs of (s, i) until they meet."""
        up = (self.x, self.ix, None)
        down = ((self.z.transpose(2, 0, 1), self.iz.transpose(2, 0, 1)), (self.v.T, self.iv.T))
        a = _meet(up, down)
        self.x *= np.exp(a[:, :, None] * self.ix)
        self.z *= np.exp(-a.T[:, None, :] * self.iz)
        self.v *= np.exp(-a.T * self.iv)

    def _buyers(self) -> None:
        """Raise spending and lower uses of (s, n) until they meet."""
        up = (self.x.transpose(0, 2, 1), self.ix.transpose(0, 2, 1), self.price.transpose(0, 2, 1))
        down = ((self.z.transpose(1, 0, 2), self.iz.transpose(1, 0, 2)), (self.f, self.if_))
        a = _meet(up, down)
        self.x *= np.exp(a[:, None, :] * self.ix * self.price)
        self.z *= np.exp(-a.T[:, :, None] * self.iz)
        self.f *= np.exp(-a * self.if_)

    def _margin(self, margin: Margin, dual: Array) -> None:
        """Move one set of sums towards its target; the dual remembers how far it has been pushed."""
        if margin.block == "value_added":
            self.v *= np.exp(_push(self.v, self.iv, margin, dual)[:, None] * self.iv)
            return
        x, ix = self.x[margin.sectors], self.ix[margin.sectors]
        mask = 1.0 if margin.block == "output" else self.abroad
        if margin.block == "imports":
            cells = (x * mask).transpose(2, 0, 1).reshape(x.shape[2], -1)
            weights = ix.transpose(2, 0, 1).reshape(x.shape[2], -1)
            x *= np.exp(_push(cells, weights, margin, dual)[None, None, :] * ix * mask)
        elif margin.block == "exports":
            cells = (x * mask).transpose(1, 0, 2).reshape(x.shape[1], -1)
            weights = ix.transpose(1, 0, 2).reshape(x.shape[1], -1)
            x *= np.exp(_push(cells, weights, margin, dual)[None, :, None] * ix * mask)
        else:
            x *= np.exp(_push(x * mask, ix, margin, dual)[:, :, None] * ix * mask)


def _meet(up: tuple[Array, Array, Array | None], down: Sequence[tuple[Array, Array]]) -> Array:
    """Find a with sum up exp(a c/w) c = sum down exp(-a/w), account by account (last axis summed)."""
    y, iw, price = up
    paid = y if price is None else y * price
    slope = iw if price is None else iw * price
    a = np.zeros(y.shape[:2])
    for _ in range(_NEWTON):
        more = paid * np.exp(a[:, :, None] * slope)
        value, rate = more.sum(axis=2), (more * slope).sum(axis=2)
        for cells, inverse in down:
            spread = cells.ndim == 3
            less = cells * np.exp(-(a[:, :, None] if spread else a) * inverse)
            value = value - (less.sum(axis=2) if spread else less)
            rate = rate + ((less * inverse).sum(axis=2) if spread else less * inverse)
        a -= np.clip(np.divide(value, rate, out=np.zeros_like(value), where=rate > 0), -_STEP, _STEP)
    return a


def _push(cells: Array, inverse: Array, margin: Margin, dual: Array) -> Array:
    """Find d with sum cells exp(d/w) = target exp(-(dual + d)/W) and add it to the dual."""
    known = np.isfinite(margin.target) & (margin.target > 0) & (margin.trust > 0)
    log_target = np.log(np.where(known, margin.target, 1.0))
    soft = np.where(known, 1.0 / np.maximum(margin.trust, 1e-12), 0.0)
    known &= cells.sum(axis=-1) > 0
    d = np.zeros_like(dual)
    for _ in range(_NEWTON):
        moved = cells * np.exp(d[..., None] * inverse)
        total = np.maximum(moved.sum(axis=-1), 1e-300)
        value = np.log(total) - log_target + (dual + d) * soft
        rate = (moved * inverse).sum(axis=-1) / total + soft
        step = np.where(known, value / np.where(rate > 0, rate, 1.0), 0.0)
        d -= np.clip(step, -_STEP, _STEP)
    dual += d
    return d
