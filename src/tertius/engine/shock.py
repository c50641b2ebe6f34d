"""From sparse changes of cells to the kernels of a batch.

A shock names the cells it changes. The countries that cover those cells keep their own rows and columns; everything
else is shared. Axes: b scenario, p covering country, s sector, i exporter, n importer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tertius.engine.kernel import Kernel
from tertius.errors import DataError, InfeasibleError
from tertius.scenario.wedge import Wedges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.engine.economy import Economy
    from tertius.engine.elasticities import Elasticities

Array = NDArray[np.float64]
Index = NDArray[np.intp]

#: A shock covered by at most this many countries shares the base matrices; beyond it, its own kernel is cheaper.
STRIP_LIMIT = 8
#: A surplus has to be sold and a deficit bought: a country keeps at most this multiple of the exports, or imports, that
#: are left to it before prices adjust. Beyond it there may be no equilibrium at all.
CARRIED = 1.5
#: Where there is none even so, imports have to leave a quarter to be paid for by sales (or what they left in the base
#: year), and exports likewise.
CARRIED_AT_LEAST = 0.75
#: Weight that an embargo approaches on the way to exactly zero.
_THIN = 1e-6
#: Links whose sum is below this share of a country's income are cut and listed: no step-size test can see them.
SMALL_LINK = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Shock:
    """What changes in one scenario.

    Attributes
    ----------
    wedges : changed cells.
    transfer : country -> gift received (negative: given), in the unit of the data; must sum to zero.
    balanced : countries whose deficit is set to zero.
    label : shown in errors and results.
    """

    wedges: Wedges = field(default_factory=Wedges.none)
    transfer: tuple[tuple[int, float], ...] = ()
    balanced: tuple[int, ...] = ()
    label: str = ""

    def part(self, share: float) -> Shock:
        """The way to the shock, from 0 (none of its changes) to 1 (all of them)."""
        if share >= 1.0:
            return self
        w = self.wedges
        partly = Wedges(
            w.sector,
            w.exporter,
            w.importer,
            np.maximum(w.weight, _THIN) ** share,
            w.cost**share,
            share * w.tariff,
        )
        return Shock(partly, self.transfer, self.balanced, self.label)

    @classmethod
    def from_arrays(
        cls,
        economy: Economy,
        *,
        cost: ArrayLike | None = None,
        tariff: ArrayLike | None = None,
        label: str = "",
    ) -> Shock:
        """Build a shock from dense arrays.

        Parameters
        ----------
        cost : (s, i, n), trade-cost ratio, 1 for no change and inf for an embargo.
        tariff : (s, i, n), new ad valorem rate (not the change).

        Raises
        ------
        DataError
            Wrong shape, NaN, a cost of zero or below, a tariff of -100 % or below.
        """
        shape = economy.trade_share.shape
        ratio = np.ones(shape) if cost is None else np.asarray(cost, dtype=np.float64)
        new = economy.tariff if tariff is None else np.asarray(tariff, dtype=np.float64)
        wrong = [
            f"shock {name}: shape {x.shape}, expected {shape} (sector, exporter, importer)"
            for name, x in (("cost", ratio), ("tariff", new))
            if x.shape != shape
        ]
        if wrong:
            raise DataError(wrong)
        for name, x, low in (("cost", ratio, 0.0), ("tariff", new, -1.0)):
            bad = np.isnan(x) | (x <= low)
            if bad.any():
                s, i, n = (int(k) for k in np.argwhere(bad)[0])
                wrong.append(
                    f"shock {name}[{economy.sectors[s]}, {economy.countries[i]}, {economy.countries[n]}]: "
                    f"{x[s, i, n]} must be a number above {low:g}"
                )
        if wrong:
            raise DataError(wrong)
        changed = (ratio != 1.0) | (new != economy.tariff)
        barred = np.isinf(ratio)
        wedges = Wedges.cells(
            changed,
            weight=np.where(barred, 0.0, 1.0),
            cost=np.where(barred, 1.0, ratio),
            tariff=np.where(np.isinf(new), 0.0, new - economy.tariff),
        )
        return cls(wedges, label=label)


def cover(wedges: Wedges) -> tuple[int, ...]:
    """A small set of countries that touches every changed cell, greedily: most-touched first."""
    if not len(wedges):
        return ()
    wide = int(max(wedges.exporter.max(), wedges.importer.max())) + 1
    touched = np.zeros(wide * wide, dtype=bool)
    touched[wedges.exporter * wide + wedges.importer] = True
    pairs = touched.reshape(wide, wide)
    pairs = pairs | pairs.T
    chosen: list[int] = []
    while pairs.any() and len(chosen) <= STRIP_LIMIT:
        best = int(pairs.sum(axis=1).argmax())
        chosen.append(best)
        pairs[best, :] = pairs[:, best] = False
    return tuple(chosen)


def factors(wedges: Wedges, economy: Economy, theta: Array) -> tuple[Array, Array]:
    """Return the kernel factor weight * tau^^-theta and the new tariff rate of each changed cell, both (m,)."""
    old = economy.tariff[wedges.sector, wedges.exporter, wedges.importer]
    new = old + wedges.tariff
    ratio = wedges.cost * (1.0 + new) / (1.0 + old)
    dearer = ratio != 1.0
    if not dearer.any():
        return wedges.weight, new
    factor = wedges.weight.copy()
    factor[dearer] *= ratio[dearer] ** -theta[wedges.sector[dearer]]
    return factor, new


def changed_kernel(economy: Economy, shock: Shock, theta: Array) -> Array:
    """(s, i, n), the whole kernel weight * pi * tau^^-theta of one shock."""
    kernel = economy.trade_share.copy()
    w = shock.wedges
    kernel[w.sector, w.exporter, w.importer] *= factors(w, economy, theta)[0]
    return kernel


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """Kernels of a batch and what became of its trade graph."""

    kernel: Kernel
    component: Index  # (b, n)
    sells: NDArray[np.bool_]  # (b, s, n)
    cut: tuple[tuple[str, ...], ...]  # countries whose remaining links were too small and were cut
    kept: Array  # (b, n), share of the base-year deficit that a country keeps, see CARRIED


def compile_shocks(
    economy: Economy, shocks: Sequence[Shock], sets: Sequence[Elasticities], carried: float = CARRIED
) -> Compiled:
    """Kernels for shocks that all fit in strips, or (where one does not) with a matrix each.

    Raises
    ------
    InfeasibleError
        A used good lost every supplier; the message names importer and sector.
    """
    covers = [cover(shock.wedges) for shock in shocks]
    width = max(len(c) for c in covers)
    if width > STRIP_LIMIT or width >= len(economy.countries):
        kernel = _own_kernels(economy, shocks, sets)
        who = None
    else:
        who = _pad(covers, width, len(economy.countries))
        kernel = _strips(economy, shocks, sets, who)
    return _graph(economy, kernel, shocks, who, carried)


def _pad(covers: Sequence[tuple[int, ...]], width: int, countries: int) -> Index | None:
    """Fill covers up to one width with countries that do not change."""
    if width == 0:
        return None
    full = np.empty((len(covers), width), dtype=np.intp)
    for b, chosen in enumerate(covers):
        spare = (k for k in range(countries) if k not in chosen)
        full[b] = [*chosen, *(next(spare) for _ in range(width - len(chosen)))]
    return full


def _base(economy: Economy) -> tuple[Array, Array | None]:
    """Shares, and what of them reaches the seller; None where there are no tariffs."""
    if economy.has_tariffs and "_sold" not in economy.__dict__:
        economy.__dict__["_sold"] = economy.trade_share / (1.0 + economy.tariff)
    return economy.trade_share, economy.__dict__.get("_sold")


def _new_rents(shocks: Sequence[Shock]) -> bool:
    return any(np.any(shock.wedges.tariff) for shock in shocks)


def _own_kernels(economy: Economy, shocks: Sequence[Shock], sets: Sequence[Elasticities]) -> Kernel:
    shares, sold = _base(economy)
    if sold is None and _new_rents(shocks):
        sold = shares
    base = np.repeat(shares[None], len(shocks), axis=0)
    net = None if sold is None else np.repeat(sold[None], len(shocks), axis=0)
    for b, (shock, one) in enumerate(zip(shocks, sets, strict=True)):
        w = shock.wedges
        factor, new = factors(w, economy, one.trade)
        flat = np.ravel_multi_index((w.sector, w.exporter, w.importer), shares.shape)
        changed = shares.ravel()[flat] * factor
        base[b].ravel()[flat] = changed
        if net is not None:
            net[b].ravel()[flat] = changed / (1.0 + new)
    return Kernel(base, net)


def _strips(
    economy: Economy, shocks: Sequence[Shock], sets: Sequence[Elasticities], who: Index | None
) -> Kernel:
    shares, sold = _base(economy)
    if sold is None and _new_rents(shocks):
        sold = shares
    if who is None:
        return Kernel(shares, sold)

    def cut_out(x: Array) -> tuple[Array, Array]:
        """(b, p, s, n) rows and (b, p, s, i) columns of the changed countries."""
        return x[:, who, :].transpose(1, 2, 0, 3).copy(), x[:, :, who].transpose(2, 3, 0, 1).copy()

    row, column = cut_out(shares)
    row_sold, column_sold = (None, None) if sold is None else cut_out(sold)
    for b, (shock, one) in enumerate(zip(shocks, sets, strict=True)):
        w = shock.wedges
        if not len(w):
            continue
        factor, new = factors(w, economy, one.trade)
        changed = shares[w.sector, w.exporter, w.importer] * factor
        for p, country in enumerate(who[b]):
            mine, theirs = w.exporter == country, w.importer == country
            row[b, p, w.sector[mine], w.importer[mine]] = changed[mine]
            column[b, p, w.sector[theirs], w.exporter[theirs]] = changed[theirs]
            if row_sold is not None and column_sold is not None:
                net = changed / (1.0 + new)
                row_sold[b, p, w.sector[mine], w.importer[mine]] = net[mine]
                column_sold[b, p, w.sector[theirs], w.exporter[theirs]] = net[theirs]
    return Kernel(shares, sold, who, row, column, row_sold, column_sold)


# -- the trade graph ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _BaseGraph:
    """Who is linked to whom in the base year, counted once per economy."""

    linked: NDArray[np.bool_]  # (i, n)
    buyers: NDArray[np.intp]  # (s, i), markets that a seller has
    suppliers: NDArray[np.intp]  # (s, n), suppliers that a market has
    component: Index  # (n,)
    hubs: Index  # countries linked to every other one


def _base_graph(economy: Economy) -> _BaseGraph:
    known = economy.__dict__.get("_graph")
    if known is None:
        there = economy.trade_share > 0
        linked = np.asarray(there.any(axis=0))
        both = linked | linked.T
        hubs = np.flatnonzero(both.all(axis=1))
        known = _BaseGraph(linked, there.sum(axis=2), there.sum(axis=1), _components(linked), hubs)
        economy.__dict__["_graph"] = known
    assert isinstance(known, _BaseGraph)
    return known


def _graph(
    economy: Economy, kernel: Kernel, shocks: Sequence[Shock], who: Index | None, carried: float
) -> Compiled:
    """Cut what is too thin, then see which sellers, markets and components are left in each scenario."""
    B, N = len(shocks), len(economy.countries)
    graph = _base_graph(economy)
    component = np.repeat(graph.component[None], B, axis=0)
    sells = np.repeat((economy.output.T > 0)[None], B, axis=0)
    cut: list[tuple[str, ...]] = [()] * B
    kept = np.ones((B, N))
    problems: list[str] = []
    for b, shock in enumerate(shocks):
        if not np.any(shock.wedges.weight < 1.0):
            continue
        at = np.arange(N) if who is None else who[b]
        row, column = _strip(kernel, b, at)
        small, kept[b, at] = _what_is_left(economy, row, column, at, carried)
        if len(small):
            cut[b] = tuple(economy.countries[k] for k in small)
            _isolate(kernel, b, at, small)
            row, column = _strip(kernel, b, at)
        if _whole(graph, economy, row, column, at):
            continue
        linked, buyers, suppliers = _counts(graph, economy, row, column, at)
        component[b] = _components(linked)
        sells[b] &= buyers > 0
        problems += [
            f"{shock.label or f'shock {b}'}: {economy.countries[n]} uses {economy.sectors[s]} and has no supplier left"
            for s, n in np.argwhere((economy.spending > 0) & (suppliers == 0))
        ]
    if problems:
        raise InfeasibleError("\n".join(problems))
    return Compiled(kernel, component, sells, tuple(cut), kept)


def _strip(kernel: Kernel, b: int, at: Index) -> tuple[Array, Array]:
    """Exports (p, s, n) and imports (p, s, i) of the covering countries in one scenario."""
    if kernel.own:
        return kernel.base[b][:, at, :].transpose(1, 0, 2), kernel.base[b][:, :, at].transpose(2, 0, 1)
    assert kernel.row is not None
    assert kernel.column is not None
    return kernel.row[b], kernel.column[b]


def _whole(graph: _BaseGraph, economy: Economy, row: Array, column: Array, at: Index) -> bool:
    """Whether it is plain that nobody lost all buyers, all suppliers or the link to the rest: the usual case."""
    few = len(at)
    if ((graph.buyers <= few) & (economy.output.T > 0)).any():
        return False
    if ((graph.suppliers <= few) & (economy.spending > 0)).any():
        return False
    own_buyers, own_suppliers = (row > 0).sum(axis=2), (column > 0).sum(axis=2)  # (p, s)
    if ((own_buyers == 0) & (economy.output[at] > 0)).any():
        return False
    if ((own_suppliers == 0) & (economy.spending[:, at].T > 0)).any():
        return False
    reached = (row > 0).any(axis=1) | (column > 0).any(axis=1)  # (p, n)
    free = np.setdiff1d(graph.hubs, at)
    return bool(np.asarray(reached)[:, free].all(axis=0).any())


def _counts(
    graph: _BaseGraph, economy: Economy, row: Array, column: Array, at: Index
) -> tuple[NDArray[np.bool_], NDArray[np.intp], NDArray[np.intp]]:
    """Links (i, n), number of buyers (s, i) and of suppliers (s, n) after the change: exact, as they are counts."""
    out, inward = row > 0, column > 0
    linked = graph.linked.copy()
    linked[at, :] = out.any(axis=1)
    linked[:, at] = inward.any(axis=1).T
    there = economy.trade_share > 0
    buyers = graph.buyers + (inward.sum(axis=0) - there[:, :, at].sum(axis=2))
    buyers[:, at] = out.sum(axis=2).T
    suppliers = graph.suppliers + (out.sum(axis=0) - there[:, at, :].sum(axis=1))
    suppliers[:, at] = inward.sum(axis=2).T
    return linked, buyers, suppliers


def _what_is_left(
    economy: Economy, row: Array, column: Array, at: Index, carried: float
) -> tuple[Index, Array]:
    """Covering countries that can hardly sell, or hardly buy, abroad any more.

    Less than SMALL_LINK of income on either side is no trade on both: what cannot be paid for is not bought (Lerner
    symmetry), and no step-size test sees so thin a link. Second, the share of its deficit
    that each keeps: one larger than the trade left to carry it has no equilibrium.
    """
    base_row = economy.trade_share[:, at, :].transpose(1, 0, 2)
    base_column = economy.trade_share[:, :, at].transpose(2, 0, 1)
    exports, imports = _flows(economy, np.minimum(row, base_row), np.minimum(column, base_column), at)
    traded = (economy.trade.sum(axis=1) + economy.trade.sum(axis=0))[at] > 0
    small = at[(np.minimum(exports, imports) < SMALL_LINK * economy.income[at]) & traded]
    deficit = economy.deficit[at]
    usual = np.abs(deficit) / np.maximum(
        np.where(deficit > 0, *_flows(economy, base_row, base_column, at)[::-1]), 1e-300
    )
    carrying = np.maximum(carried, usual) * np.where(deficit > 0, imports, exports)
    kept = np.minimum(1.0, np.divide(carrying, np.abs(deficit), out=np.ones(len(at)), where=deficit != 0))
    return np.asarray(small), kept


def _flows(economy: Economy, row: Array, column: Array, at: Index) -> tuple[Array, Array]:
    """Exports and imports (p,) at base spending, tariffs included."""
    p = np.arange(len(at))
    sold = np.einsum("psn,sn->pn", row, economy.spending)
    bought = np.einsum("psi,sp->pi", column, economy.spending[:, at])
    return sold.sum(axis=1) - sold[p, at], bought.sum(axis=1) - bought[p, at]


def _isolate(kernel: Kernel, b: int, at: Index, small: Index) -> None:
    """Zero the foreign links of some countries in the scenario's own matrices, in place."""
    N = kernel.base.shape[-1]
    foreign = np.ones((N, N), dtype=bool)
    foreign[small, :] = False
    foreign[:, small] = False
    foreign[small, small] = True
    if kernel.own:
        kernel.base[b] *= foreign
        if kernel.sold is not None:
            kernel.sold[b] *= foreign
        return
    for strip in (kernel.row, kernel.row_sold):
        if strip is not None:
            strip[b] *= foreign[at, :][:, None, :]
    for strip in (kernel.column, kernel.column_sold):
        if strip is not None:
            strip[b] *= foreign[:, at].T[:, None, :]


def _components(linked: NDArray[np.bool_]) -> Index:
    """Number of the connected component of each country, from 0."""
    from scipy.sparse.csgraph import connected_components

    # Countries with links left are nearly always in one piece; only then is a search needed.
    both = linked | linked.T
    hub = int(both.sum(axis=1).argmax())
    reached = both[hub].copy()
    reached[hub] = True
    lonely = both.sum(axis=1) - np.diag(both) == 0
    if (reached | lonely).all():
        component = np.zeros(len(linked), dtype=np.intp)
        component[lonely] = (
            np.arange(1, int(lonely.sum()) + 1) if not lonely[hub] else np.arange(int(lonely.sum()))
        )
        return component
    return np.asarray(connected_components(linked, directed=False)[1], dtype=np.intp)
