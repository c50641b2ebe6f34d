"""The base-year economy as the engine sees it: shares, elasticity-free, consistent to machine precision.

Axes: s, k, r sector, i exporter, n importer. Money is in the unit of the data (million USD for a `World`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tertius.errors import DataError

if TYPE_CHECKING:
    from tertius.world import World

Array = NDArray[np.float64]

_SHARE_TOLERANCE = (
    1e-5  # how far given shares may be from adding up before they are refused rather than rebased
)


@dataclass(frozen=True, eq=False)
class Economy:
    """Base-year shares and values; every accounting identity holds to rounding.

    Attributes
    ----------
    countries, sectors : axis labels.
    trade_share : (s, i, n), share of n's spending on s that goes to i, tariffs included; columns sum to one.
    tariff : (s, i, n), ad valorem rate or rent wedge, collected by the importer.
    value_added_share : (n, r), share of value added in the cost of r.
    input_share : (n, s, r), share of s in the input bundle of r; columns sum to one.
    final_share : (n, s), share of s in final demand.
    value_added : (n, r), factor income.
    output : (n, r), gross output.
    spending : (s, n), spending on s, tariffs included.
    deficit : (n,), final demand less income; sums to zero.
    shift : how far the given data had to move to be consistent, relative to world value added.
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    trade_share: Array
    tariff: Array
    value_added_share: Array
    input_share: Array
    final_share: Array
    value_added: Array
    output: Array
    spending: Array
    deficit: Array
    shift: float = 0.0

    @cached_property
    def factor_income(self) -> Array:
        """(n,), value added summed over sectors."""
        return np.asarray(self.value_added.sum(axis=1))

    @cached_property
    def revenue(self) -> Array:
        """(n,), tariff and rent revenue."""
        wedge = self.tariff / (1.0 + self.tariff)
        return np.asarray(np.einsum("sin,sin,sn->n", self.trade_share, wedge, self.spending))

    @cached_property
    def income(self) -> Array:
        """(n,), value added plus revenue: what losses are shares of."""
        return self.factor_income + self.revenue

    @cached_property
    def has_tariffs(self) -> bool:
        """Whether any cell carries a tariff or rent."""
        return bool(np.any(self.tariff))

    @cached_property
    def trade(self) -> Array:
        """(i, n), what i sells to n at border prices; the diagonal is zero."""
        value = self.trade_share / (1.0 + self.tariff) * self.spending[:, None, :]
        total: Array = value.sum(axis=0)
        np.fill_diagonal(total, 0.0)
        return total

    def country(self, code: str) -> int:
        """Position of a country; raises UnknownNameError with suggestions."""
        return _position("country", code, self.countries)

    def sector(self, code: str) -> int:
        """Position of a sector; raises UnknownNameError with suggestions."""
        return _position("sector", code, self.sectors)

    @classmethod
    def from_world(cls, world: World) -> Economy:
        """Shares and values of a `World`; its adding-up is exact, so nothing shifts."""
        spending, output = world.spending, world.output.T
        paid = world.sales * (1.0 + world.tariff)
        inputs = world.inputs.sum(axis=1)
        return _consistent(
            world.countries,
            world.sectors,
            _divide(paid, spending[:, None, :]),
            np.asarray(world.tariff),
            _divide(output - inputs, output),
            _divide(world.inputs, inputs[:, None, :]),
            world.final.T,
            output,
            world.deficit,
        )

    @classmethod
    def from_arrays(
        cls,
        *,
        trade_share: ArrayLike,
        value_added_share: ArrayLike,
        input_share: ArrayLike,
        final_share: ArrayLike,
        value_added: ArrayLike,
        deficit: ArrayLike,
        tariff: ArrayLike | None = None,
        countries: tuple[str, ...] | None = None,
        sectors: tuple[str, ...] | None = None,
        input_basis: str = "output",
    ) -> Economy:
        """Build an economy from your own labelled arrays.

        Parameters
        ----------
        trade_share : (s, i, n), share of n's spending on s that goes to i, tariffs included.
        value_added_share : (s, n), share of value added in the cost of s.
        input_share : (n, k, s), share of input k in the cost of s; sums over k to 1 - value_added_share
            (`input_basis="output"`) or to one (`input_basis="inputs"`).
        final_share : (s, n), share of s in final demand.
        value_added : (n,), factor income, in any unit of money.
        deficit : (n,), final demand less income, same unit.
        tariff : (s, i, n), ad valorem rate, 0.25 for 25 %.

        Raises
        ------
        DataError
            All mistakes at once, each with array, label and value.
        """
        from tertius.engine.intake import economy_from_arrays

        return economy_from_arrays(
            trade_share=trade_share,
            value_added_share=value_added_share,
            input_share=input_share,
            final_share=final_share,
            value_added=value_added,
            deficit=deficit,
            tariff=tariff,
            countries=countries,
            sectors=sectors,
            input_basis=input_basis,
        )


def _position(kind: str, code: str, labels: tuple[str, ...]) -> int:
    from tertius.errors import UnknownNameError, unknown

    if code not in labels:
        raise UnknownNameError(unknown(kind, code, labels))
    return labels.index(code)


def _divide(part: Array, whole: Array) -> Array:
    """Shares, with 0 where there is nothing to share."""
    return np.divide(part, whole, out=np.zeros(np.broadcast_shapes(part.shape, whole.shape)), where=whole > 0)


def _consistent(
    countries: tuple[str, ...],
    sectors: tuple[str, ...],
    trade_share: Array,
    tariff: Array,
    value_added_share: Array,
    input_share: Array,
    final: Array,
    output: Array,
    deficit: Array,
) -> Economy:
    """Recompute the values from the shares, so that every identity holds to rounding."""
    use = (1.0 - value_added_share) * output
    spending = final.T + np.einsum("nsr,nr->sn", input_share, use)
    received = np.einsum("sin,sn->is", trade_share / (1.0 + tariff), spending)
    scale = output.sum()
    shift = float(np.abs(received - output).sum() / scale) if scale > 0 else 0.0
    if shift > 1e-3:
        raise DataError(
            f"sales and output differ by {shift:.2g} of world output; the data are not one economy"
        )
    value_added = value_added_share * output
    return Economy(
        countries=countries,
        sectors=sectors,
        trade_share=trade_share,
        tariff=tariff,
        value_added_share=value_added_share,
        input_share=input_share,
        final_share=_divide(final, final.sum(axis=1, keepdims=True)),
        value_added=value_added,
        output=output,
        spending=spending,
        deficit=deficit,
        shift=shift,
    )
