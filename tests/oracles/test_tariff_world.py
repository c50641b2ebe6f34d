"""A 25 % tariff of the United States on everyone: 81 economies, 28 sectors, no input links, tariffs in the base."""

from __future__ import annotations

import numpy as np
import pytest

from tertius.engine import Economy, Rules, Shock, solve


@pytest.fixture(scope="module")
def case(shared):
    with np.load(shared("cases/icio2022_81x28_tariffs/inputs_balanced.npz"), allow_pickle=False) as z:
        return {name: z[name] for name in z.files}


def test_revenue_and_income_of_the_given_base_are_reproduced(case):
    economy = world(case)
    assert economy.shift < 1e-6
    # What the file calls Ri is what producers receive; income less that is the revenue from tariffs.
    np.testing.assert_allclose(economy.factor_income, case["Ri"], rtol=1e-9)
    np.testing.assert_allclose(economy.revenue, case["Yi"] - case["Ri"], atol=1e-9 * case["Yi"].max())


def test_a_uniform_tariff_is_solved_and_its_revenue_is_what_the_flows_say(case):
    economy = world(case)
    tariff = economy.tariff.copy()
    n = economy.country("USA")
    tariff[:, :, n] += 0.25
    tariff[:, n, n] -= 0.25
    result = solve(
        economy, Shock.from_arrays(economy, tariff=tariff), case["sigma"] - 1.0, rules=Rules("zero")
    )
    assert result.residual < 1e-10
    border = result.trade_share / (1.0 + tariff) * result.spending[:, None, :]
    np.testing.assert_allclose((tariff * border).sum(axis=(0, 1)), result.revenue, rtol=1e-7, atol=1e-3)
    assert result.revenue[n] > 2.0 * economy.revenue[n]


def world(case):
    share, tariff = case["lam"].transpose(0, 2, 1), case["tariff"].transpose(0, 2, 1)
    S, N = share.shape[0], share.shape[2]
    return Economy.from_arrays(
        trade_share=share,
        tariff=tariff,
        value_added_share=np.ones((S, N)),
        input_share=np.zeros((N, S, S)),
        final_share=case["e"],
        value_added=case["Ri"],
        deficit=np.zeros(N),
        countries=tuple(case["countries"].tolist()),
    )
