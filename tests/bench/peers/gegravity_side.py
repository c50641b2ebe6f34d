"""gegravity on a one-sector gravity problem, run by the Python of its own environment: PROBLEM.json GIVEN.json.

Nothing of this repository but the dialogue is imported here, and nothing of gegravity there.
"""

from __future__ import annotations

import copy
import json
import sys
import warnings
from pathlib import Path

import gegravity
import numpy as np
import pandas as pd
from serve import serve

EQUATIONS = sys.modules["gegravity.OneSectorGE"]
RESCALES = (1, 10, 100, 0.1, 1000, 0.01, 1e4, 1e-3)  # the knob its user has to turn, in this order
ROUNDS = 100


class Side:
    """A baseline, and two countries that sign a trade agreement."""

    def __init__(self, path):
        given = json.loads(Path(path).read_text(encoding="utf-8"))
        self.data = pd.DataFrame(given["rows"]).assign(constant=1)
        self.sigma, self.reference, self.pair = given["sigma"], given["reference"], given["pair"]
        self.coefficients = given["coefficients"]

    def first(self):
        """Find the first scale at which all of its solves converge."""
        warnings.simplefilter("ignore")
        for self.rescale in RESCALES:
            try:
                self.start = self.baseline()
                self.again()
            except ValueError:  # it refuses negative resistances
                continue
            if all(found.success for found in self.solved.solver_diagnostics.values()):
                return
        raise SystemExit("gegravity: no scale at which it converges")

    def baseline(self):
        base = gegravity.BaselineData(
            self.data,
            imp_var_name="importer",
            exp_var_name="exporter",
            year_var_name="year",
            trade_var_name="trade",
            expend_var_name="E",
            output_var_name="Y",
        )
        beta = self.coefficients
        table = pd.DataFrame({"var": list(beta), "beta": list(beta.values()), "stderr": 0.1})
        model = gegravity.OneSectorGE(
            baseline=base,
            cost_coeff_values=gegravity.CostCoeffs(table, "var", "beta", "stderr"),
            cost_variables=list(beta),
            year=str(self.data["year"].iloc[0]),
            reference_importer=self.reference,
            sigma=self.sigma,
            quiet=True,
        )
        model.build_baseline(omr_rescale=self.rescale)
        return model

    def changed(self):
        """A copy of the baseline with the agreement defined; `simulate` cannot be run twice on one model."""
        model = copy.deepcopy(self.start)
        after = model.baseline_data.copy()
        both = after["importer"].isin(self.pair) & after["exporter"].isin(self.pair)
        after.loc[both & (after["importer"] != after["exporter"]), "pta"] = 1
        model.define_experiment(after)
        return model

    def again(self):
        self.solved = self.changed()
        self.solved.simulate()

    def whole(self):
        self.start = self.baseline()
        self.again()

    def names(self):
        """Its countries in the order of its equations, the reference last, and their own names."""
        recoded = sorted(self.start.country_set)
        return recoded, [code.removeprefix("ZZZ_") for code in recoded]

    def give(self, path):
        """What the other side needs: the trade that its baseline implies, and the costs before and after."""
        _, names = self.names()
        model = self.changed()
        before, after = self.matrix(model.baseline_trade_costs), self.matrix(model.experiment_trade_costs)
        trade = self.solved.bilateral_trade_results["baseline modeled trade"].unstack().loc[names, names]
        given = {
            "countries": names,
            "trade": trade.to_numpy().tolist(),
            "ratio": (after / before).tolist(),
            "sigma": self.sigma,
        }
        Path(path).write_text(json.dumps(given), encoding="utf-8")

    def matrix(self, costs):
        recoded, _ = self.names()
        return (
            costs.pivot(index="exporter", columns="importer", values="trade_cost")
            .loc[recoded, recoded]
            .to_numpy()
        )

    def real_income(self):
        """Change of output over the price index as `simulate` reports it."""
        _, names = self.names()
        return (1.0 + self.solved.country_results["GDP change (percent)"].loc[names] / 100.0).tolist()

    def iterated(self):
        """The same with its own equations solved again and again, output and spending taken to the new prices.

        `simulate` solves them once, at the shares of output and spending of the base year.
        """
        recoded, _ = self.names()
        countries = [self.start.country_set[code] for code in recoded]
        output = np.array([c.baseline_output for c in countries])
        spent = np.array([c.baseline_expenditure for c in countries]) / output
        inward, outward = (
            np.array([getattr(c, name) for c in countries])
            for name in ("_baseline_imr_ratio", "_baseline_omr_ratio")
        )
        costs, n = self.matrix(self.changed().experiment_trade_costs), len(countries)
        price, x = np.ones(n), np.concatenate([inward[:-1], outward / self.rescale, np.ones(n)])
        rounds, moved = 0, np.inf
        while moved > 1e-10 and rounds < ROUNDS:
            rounds += 1
            made = price * output
            fixed = {
                "number_of_countries": n,
                "omr_rescale": self.rescale,
                "imr_rescale": 1,
                "sigma": self.sigma,
                "output_shr": list(made / made.sum()),
                "cost_out_shr": costs * (made / made.sum())[:, None],
                "cost_exp_shr": costs * (spent * made / made.sum())[None, :],
                "factory_gate_param": [c.factory_gate_price_param for c in countries],
            }
            x = EQUATIONS.root(EQUATIONS._full_ge, x, args=fixed, tol=1e-12).x
            moved, price = float(np.abs(x[2 * n - 1 :] - price).max()), x[2 * n - 1 :]
        level = (np.append(x[: n - 1], 1.0) / inward) ** (1.0 / (self.sigma - 1.0))
        return {"rounds": rounds, "moved": moved, "iterated": (price / level).tolist()}

    def last(self):
        calls = {name: int(found.nfev) for name, found in self.solved.solver_diagnostics.items()}
        return {"real_income": self.real_income(), "rescale": self.rescale, "calls": calls, **self.iterated()}


if __name__ == "__main__":
    side = Side(sys.argv[1])
    serve(side.first, {"one": side.again, "whole": side.whole}, lambda: side.give(sys.argv[2]), side.last)
