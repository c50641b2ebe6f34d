"""A Western embargo on Russia, 80 countries and 50 sectors, against a slow run of a published package."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest

from tertius.engine import Economy, Rules, Shock, solve, solve_many


@pytest.fixture(scope="module")
def folder(shared):
    return shared("cases/icio2022_80x50")


@pytest.fixture(scope="module")
def case(folder):
    with np.load(folder / "cp_inputs.npz") as z:
        economy = Economy.from_arrays(
            trade_share=z["pi"].transpose(0, 2, 1),
            value_added_share=z["B"],
            input_share=z["gam"],
            final_share=z["alpha"],
            value_added=z["VA"],
            deficit=-z["Sn"],
            countries=tuple(z["regions"].tolist()),
            sectors=tuple(z["sectors"].tolist()),
        )
        theta = z["theta"]
    senders = [economy.country(c) for c in json.loads((folder / "shock.json").read_text())["senders"]]
    cost, russia = np.ones(economy.trade_share.shape), economy.country("RUS")
    cost[:, russia, senders] = cost[:, senders, russia] = np.inf
    return economy, Shock.from_arrays(economy, cost=cost, label="embargo on Russia"), theta


def expected(folder, economy, name):
    with (folder / name).open() as file:
        rows = {row["country"]: float(row["real_wage"]) for row in csv.DictReader(file)}
    return np.array([rows[c] for c in economy.countries])


def test_real_wages_agree_with_the_slow_run_and_not_with_the_hasty_one(folder, case):
    economy, shock, theta = case
    result = solve(economy, shock, theta, rules=Rules("fixed"))
    assert result.residual < 1e-10
    slow = expected(folder, economy, "expected_KITE_tol1e-7_westRUS_embargo.csv")
    hasty = expected(folder, economy, "peer_KITE_paper_settings_ntb10_vf0.01.csv")
    np.testing.assert_allclose(result.real_wage, slow, atol=2e-6)
    assert np.abs(result.real_wage - hasty).max() > 5e-5


def test_a_batch_gives_what_one_gives(case):
    economy, shock, theta = case
    both = solve_many(economy, [Shock(), shock, shock], theta, rules=Rules("fixed"))
    assert both[0].iterations == 0
    np.testing.assert_allclose(both[1].real_wage, both[2].real_wage, atol=1e-12)
