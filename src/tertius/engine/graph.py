"""What a batch leaves of the trade graph: who can still sell and buy, who is cut off, what deficit can be carried.

Axes: b scenario, p covering country, s sector, i exporter, n importer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.errors import InfeasibleError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.engine.economy import Economy
    from tertius.engine.kernel import Kernel
    from tertius.engine.shock import Shock

Array = NDArray[np.float64]
Index = NDArray[np.intp]

#: A surplus has to be sold and a deficit bought: a country keeps at most this multiple of the exports, or imports, that
#: are left to it before prices adjust. Beyond it there may be no equilibrium at all.
CARRIED = 1.5
#: Where there is none even so, imports have to leave a quarter to be paid for by sales (or what they left in the base
#: year), and exports likewise.
CARRIED_AT_LEAST = 0.75
#: Links whose sum is below this share of a country's income are cut and listed: no step-size test can see them.
SMALL_LINK = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """Kernels of a batch and what became of its trade graph."""

    kernel: Kernel
    component: Index  # (b, n)
    sells: NDArray[np.bool_]  # (b, s, n)
    cut: tuple[tuple[str, ...], ...]  # countries whose remaining links were too small and were cut
    kept: Array  # (b, n), share of the base-year deficit that a country keeps, see CARRIED


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


def see_what_is_left(
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
