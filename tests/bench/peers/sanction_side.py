"""sanction-simulator on the network it ships, run by the Python of its own environment: PROBLEM.json GIVEN.npz.

The package is driven as its own documentation does: a scenario is balanced, then solved. Nothing of this repository
but the dialogue is imported here, and nothing of the package there.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import sanction_simulator
from serve import serve

sys.path.insert(0, sanction_simulator._PKG_DIR)
import power_trade_estimation as model

TAU, RHO = model.TAU_BASE, model.RHO_BASE  # the package's own baseline
LEAK = 0.0  # nothing of the severed trade leaks: an embargo


class Side:
    """Embargoes of coalitions on one target, both ways."""

    def __init__(self, path):
        given = json.loads(Path(path).read_text(encoding="utf-8"))
        self.target, self.coalitions = given["target"], given["coalitions"]

    def first(self):
        self.network = model.Benchmark(sanction_simulator.data_dir(), cache=sanction_simulator.bench_cache())
        self.one()

    def legs(self, senders):
        at = self.network.cidx
        return [leg for code in senders for leg in model.bilateral_legs(at[self.target], at[code])]

    def solve(self, coalitions):
        batch = model.ScenarioBatch(self.network, [self.legs(c) for c in coalitions], tau=TAU, delta=LEAK)
        batch.balance()
        self.found = batch, batch.solve(rho=RHO)
        return self.found

    def one(self):
        self.alone = self.solve(self.coalitions[-1:])

    def many(self):
        self.solve(self.coalitions)

    def give(self, path):
        """The network as flows: what sector s of i sells to the industries of n, and what each industry buys."""
        b = self.network
        bought = b.omb * b.s
        flows = (b.A * bought).reshape(b.S, b.C, b.S, b.C)
        with Path(path).open("wb") as out:
            np.savez(
                out,
                countries=b.countries,
                sectors=b.sectors,
                sold=flows.sum(axis=2),  # (s, i, n)
                inputs=flows.sum(axis=1).transpose(2, 0, 1),  # (n, s, r)
                output=b.s.reshape(b.S, b.C),
                final_sales=b.z.reshape(b.S, b.C),
            )

    def last(self):
        batch, found = self.alone
        shape = (self.network.S, self.network.C)
        after = found["s_omega"][0].reshape(shape).sum(axis=0)
        return {
            "output": (after / self.network.s_country).tolist(),
            "steps": int(found["iters"][0]) + int(batch.sink_iters[0]),
            "residual": float(found["resid_h"][0]),
        }


if __name__ == "__main__":
    side = Side(sys.argv[1])
    serve(side.first, {"one": side.one, "many": side.many}, lambda: side.give(sys.argv[2]), side.last)
