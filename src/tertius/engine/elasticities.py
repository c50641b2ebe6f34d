"""Horizons: frozen sets of elasticities, each with its citation.

`year`, `medium` and `long` differ five-fold in the losses they imply, so results name the horizon and never average.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

#: Trade elasticities closer to zero are raised to this, and the result says which: at zero no price would ever
#: clear a market that lost a supplier.
LEAST_TRADE = 1e-3
MOBILE = float("inf")
SPECIFIC = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Elasticities:
    """What responds, and how much.

    Attributes
    ----------
    trade : (s,), trade elasticity theta > 0: fall of a trade share per 1 % of trade cost.
    value_added : eta, substitution between value added and the input bundle; 1 is Cobb-Douglas.
    inputs : rho, substitution between inputs; 1 is Cobb-Douglas.
    final : sigma, substitution between goods in final demand; 1 is Cobb-Douglas.
    mobility : mu, supply elasticity of factors across sectors; inf is one mobile factor, 0 sector-specific factors.
    source : where the numbers come from.
    raised : positions of the sectors whose trade elasticity was raised to LEAST_TRADE.
    """

    trade: Array
    value_added: float = 1.0
    inputs: float = 1.0
    final: float = 1.0
    mobility: float = MOBILE
    source: str = ""
    raised: tuple[int, ...] = ()

    def floored(self) -> Elasticities:
        """Trade elasticities of at least LEAST_TRADE; itself where nothing has to be raised."""
        low = np.flatnonzero(self.trade < LEAST_TRADE)
        if not len(low):
            return self
        raised = tuple(sorted({*self.raised, *(int(s) for s in low)}))
        return replace(self, trade=np.maximum(self.trade, LEAST_TRADE), raised=raised)

    def with_trade(self, trade: Array) -> Elasticities:
        """The same horizon with other trade elasticities (a draw)."""
        return replace(self, trade=np.asarray(trade, dtype=np.float64))

    @property
    def form(self) -> tuple[float, float, float, float]:
        """Everything but the trade elasticities; scenarios of one form are solved together."""
        return (self.value_added, self.inputs, self.final, self.mobility)

    def check(self, sectors: tuple[str, ...]) -> None:
        """Raise DataError unless there is one positive trade elasticity per sector and the rest are not negative."""
        from tertius.errors import DataError

        if self.trade.shape != (len(sectors),):
            raise DataError(f"trade elasticities: shape {self.trade.shape}, expected ({len(sectors)},)")
        wrong = [
            f"trade elasticity of {sectors[s]}: {self.trade[s]} must be a number above zero"
            for s in np.flatnonzero(~np.isfinite(self.trade) | (self.trade <= 0))
        ]
        wrong += [
            f"elasticity {name}: {value} must be a number of at least zero"
            for name, value in zip(("value_added", "inputs", "final", "mobility"), self.form, strict=True)
            if not value >= 0 or (np.isinf(value) and name != "mobility")
        ]
        if wrong:
            raise DataError(wrong)
