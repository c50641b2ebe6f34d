"""This package on what a peer hands over, in a process of its own like the peer: PEER GIVEN [PROBLEM.json].

Axes: s, r sector, i exporter, n importer.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(
    0, str(Path(__file__).parent)
)  # the dialogue is shared with Pythons that have no `tests` package
from serve import serve

#: For the network, whose package has no prices: one elasticity for all sectors (Simonovska and Waugh 2014, about 4).
THETA = 4.0


class Gravity:
    """One sector without inputs: trade shares of the baseline of the peer, trade elasticity sigma - 1."""

    def __init__(self, given: str) -> None:
        self.given = given

    def whole(self) -> None:
        """Read what was handed over, build the economy, solve."""
        import numpy as np

        from tertius.engine import Economy, Shock

        given = json.loads(Path(self.given).read_text(encoding="utf-8"))
        trade, self.theta = np.array(given["trade"]), given["sigma"] - 1.0
        N = len(trade)
        self.economy = Economy.from_arrays(
            trade_share=(trade / trade.sum(axis=0))[None],
            value_added_share=np.ones((1, N)),
            input_share=np.zeros((N, 1, 1)),
            final_share=np.ones((1, N)),
            value_added=trade.sum(axis=1),
            deficit=trade.sum(axis=0) - trade.sum(axis=1),
            countries=tuple(given["countries"]),
            sectors=("goods",),
        )
        ratio = np.array(given["ratio"]) ** (-1.0 / self.theta)  # of t ** (1 - sigma) to that of t
        self.shock = Shock.from_arrays(self.economy, cost=ratio[None])
        self.one()

    def one(self) -> None:
        """Solve."""
        import numpy as np

        from tertius.engine import Rules, solve

        # what is spent per unit of income stays: phi of the peer
        self.found = solve(self.economy, self.shock, np.array([self.theta]), rules=Rules("spending_share"))

    def last(self) -> dict[str, Any]:
        """Real incomes."""
        found = self.found
        return {
            "real_income": found.real_income.tolist(),
            "steps": found.iterations,
            "residual": found.residual,
        }


class Network:
    """80 countries and 50 sectors; final sales spread over buyers like the sales to industry, as the file has no more."""

    def __init__(self, given: str, problem: str) -> None:
        self.given = given
        asked = json.loads(Path(problem).read_text(encoding="utf-8"))
        self.target, self.coalitions = asked["target"], asked["coalitions"]

    def whole(self) -> None:
        """Build the economy and solve."""
        import numpy as np

        with np.load(self.given) as z:
            economy, theta = (
                network_economy({name: z[name] for name in z.files}),
                np.full(len(z["sectors"]), THETA),
            )
        self.economy, self.theta = economy, theta
        self.shocks = [self.embargo(senders) for senders in self.coalitions]
        self.one()

    def embargo(self, senders: list[str]) -> Any:
        """Everything cut both ways."""
        import numpy as np

        from tertius.engine import Shock

        cost = np.ones(self.economy.trade_share.shape)
        target, at = self.economy.country(self.target), [self.economy.country(code) for code in senders]
        cost[:, target, at] = cost[:, at, target] = np.inf
        return Shock.from_arrays(self.economy, cost=cost)

    def one(self) -> None:
        """The largest coalition."""
        from tertius.engine import solve

        self.found = solve(self.economy, self.shocks[-1], self.theta)

    def many(self) -> None:
        """All coalitions."""
        from tertius.engine import solve_many

        solve_many(self.economy, self.shocks, self.theta)

    def last(self) -> dict[str, Any]:
        """Quantity of gross output at base-year prices, and real incomes."""
        found, before = self.found, self.economy.output.T
        after = (found.sales / found.cost).sum(axis=0)
        return {
            "output": (after / before.sum(axis=0)).tolist(),
            "real_income": found.real_income.tolist(),
            "countries": self.economy.countries,
            "steps": found.iterations,
            "residual": found.residual,
        }


def network_economy(z: dict[str, Any]) -> Any:
    """An economy from flows between industries and from final sales by origin."""
    import numpy as np

    from tertius.engine import Economy

    sold, output = z["sold"], z["output"]
    total = sold.sum(axis=2, keepdims=True)
    home = np.broadcast_to(np.eye(output.shape[1]), sold.shape)
    spread = np.divide(sold, total, out=home.copy(), where=total > 0)
    trade = sold + spread * z["final_sales"][:, :, None]
    spending = trade.sum(axis=1)
    inputs = z["inputs"]
    final = spending - inputs.sum(axis=2).T
    final[final < 1e-9 * spending] = 0.0
    made = output - inputs.sum(axis=1).T
    value_added = made.sum(axis=0)

    def share(part: Any, whole: Any) -> Any:
        return np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0)

    return Economy.from_arrays(
        trade_share=share(trade, np.broadcast_to(spending[:, None, :], trade.shape)),
        value_added_share=np.where(output > 0, share(made, output), 1.0),
        input_share=share(inputs, np.broadcast_to(output.T[:, None, :], inputs.shape)),
        final_share=final / final.sum(axis=0),
        value_added=value_added,
        deficit=final.sum(axis=0) - value_added,
        countries=tuple(z["countries"].tolist()),
        sectors=tuple(z["sectors"].tolist()),
    )


if __name__ == "__main__":
    if sys.argv[1] == "gegravity":
        gravity = Gravity(sys.argv[2])
        serve(gravity.whole, {"one": gravity.one, "whole": gravity.whole}, lambda: None, gravity.last)
    else:
        network = Network(sys.argv[2], sys.argv[3])
        serve(network.whole, {"one": network.one, "many": network.many}, lambda: None, network.last)
