"""From sparse changes of cells to the kernels of a batch.

The countries that cover a scenario's changed cells keep their own rows and columns; everything else is shared.
Axes: b scenario, p covering country, s sector, i exporter, n importer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tertius.engine.graph import CARRIED, Compiled, see_what_is_left
from tertius.engine.kernel import Kernel
from tertius.engine.shock import STRIP_LIMIT, cover, factors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tertius.engine.economy import Economy
    from tertius.engine.elasticities import Elasticities
    from tertius.engine.shock import Shock

Array = NDArray[np.float64]
Index = NDArray[np.intp]


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
    return see_what_is_left(economy, kernel, shocks, who, carried)


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
