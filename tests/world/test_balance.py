from __future__ import annotations

import numpy as np
import pytest

from tertius.errors import DataError
from tertius.world.balance import Accounts, Margin, Trust, balance, margin_value


def economy(seed: int = 3, S: int = 3, N: int = 4) -> tuple[Accounts, np.ndarray]:
    """Accounts that add up, built from sales, tariffs and input shares."""
    rng = np.random.default_rng(seed)
    sales = rng.uniform(1.0, 10.0, (S, N, N))
    sales[:, np.arange(N), np.arange(N)] *= 12
    tariff = rng.uniform(0, 0.1, (S, N, N))
    tariff[:, np.arange(N), np.arange(N)] = 0
    output, spending = sales.sum(axis=2), (sales * (1 + tariff)).sum(axis=1)
    mix = rng.dirichlet(np.full(S, 8.0), size=(N, S)).transpose(0, 2, 1)
    inputs = 0.3 * mix * output.T[:, None, :]
    return Accounts(sales, inputs, output.T - inputs.sum(axis=1), spending - inputs.sum(axis=2).T), tariff


def even(accounts: Accounts) -> Trust:
    return Trust(*(np.ones_like(getattr(accounts, k)) for k in ("sales", "inputs", "value_added", "final")))


def noisy(accounts: Accounts, seed: int, size: float = 0.2) -> Accounts:
    rng = np.random.default_rng(seed)
    parts = (getattr(accounts, k) for k in ("sales", "inputs", "value_added", "final"))
    return Accounts(*(p * np.exp(size * rng.standard_normal(p.shape)) for p in parts))


def test_accounts_that_add_up_are_left_alone() -> None:
    truth, tariff = economy()
    found = balance(truth, even(truth), tariff, ()).accounts
    np.testing.assert_allclose(found.sales, truth.sales, rtol=1e-6)
    np.testing.assert_allclose(found.inputs, truth.inputs, rtol=1e-6)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_both_sets_of_accounts_hold_after_balancing_noise(seed: int) -> None:
    truth, tariff = economy(seed)
    found = balance(noisy(truth, seed), even(truth), tariff, (), tolerance=1e-10).accounts
    assert np.abs(found.sellers_gap()).max() < 1e-8 * found.sales.sum()
    assert np.abs(found.buyers_gap(tariff)).max() < 1e-8 * found.sales.sum()


def test_the_result_is_stationary_on_the_constraints() -> None:
    # At the minimum, log(y/y0) of every cell is a sum of its accounts' multipliers: check it by fitting them.
    truth, tariff = economy()
    seed = noisy(truth, 7)
    found = balance(seed, even(truth), tariff, (), tolerance=1e-11).accounts
    S, N = found.final.shape
    rows, target = [], []
    for s in range(S):
        for i in range(N):
            for n in range(N):
                row = np.zeros(2 * S * N)
                row[s * N + i] = 1
                row[S * N + s * N + n] = 1 + tariff[s, i, n]
                rows.append(row)
                target.append(np.log(found.sales[s, i, n] / seed.sales[s, i, n]))
    for s in range(S):
        for n in range(N):
            seller, buyer = np.zeros(2 * S * N), np.zeros(2 * S * N)
            seller[s * N + n] = -1
            buyer[S * N + s * N + n] = -1
            rows += [seller, buyer]
            target += [
                np.log(found.value_added[n, s] / seed.value_added[n, s]),
                np.log(found.final[s, n] / seed.final[s, n]),
            ]
    fitted = np.linalg.lstsq(np.array(rows), np.array(target), rcond=None)
    left = np.array(rows) @ fitted[0] - np.array(target)
    assert np.abs(left).max() < 1e-6
    assert np.abs(target).max() > 0.05


def test_a_trusted_margin_is_met_and_a_weak_one_is_only_approached() -> None:
    truth, tariff = economy()
    gdp = 1.2 * truth.value_added.sum(axis=1)
    misses = {}
    for trust in (1e6, 0.5):
        margin = Margin("GDP", "value_added", gdp, np.full(4, trust))
        found = balance(truth, even(truth), tariff, (margin,)).accounts
        misses[trust] = np.abs(margin_value(found, margin) / gdp - 1).max()
    assert misses[1e6] < 1e-4
    assert 1e-3 < misses[0.5] < 0.2


@pytest.mark.parametrize("block", ["exports", "imports", "sector_exports", "output"])
def test_every_kind_of_margin_moves_its_sums_towards_the_target(block: str) -> None:
    truth, tariff = economy()
    probe = Margin("probe", block, np.zeros(4), np.zeros(4))
    target = 1.1 * margin_value(truth, probe)
    margin = Margin("probe", block, target, np.full(target.shape, 1e3))
    found = balance(truth, even(truth), tariff, (margin,), sweeps=20000).accounts
    np.testing.assert_allclose(margin_value(found, margin), target, rtol=2e-3)


def test_zeros_stay_zero_and_everything_else_stays_positive() -> None:
    truth, tariff = economy()
    seed = noisy(truth, 4)
    seed.sales[1, 0, 2] = 0.0
    found = balance(seed, even(truth), tariff, ()).accounts
    assert found.sales[1, 0, 2] == 0.0
    assert (np.delete(found.sales.ravel(), np.ravel_multi_index((1, 0, 2), found.sales.shape)) > 0).all()


def test_better_known_cells_move_less() -> None:
    truth, tariff = economy()
    seed = noisy(truth, 5, 0.3)
    trust = even(truth)
    trust.sales[:, :2] = 50.0
    found = balance(seed, trust, tariff, ()).accounts
    moved = np.abs(np.log(found.sales / seed.sales))
    assert moved[:, :2].mean() < 0.2 * moved[:, 2:].mean()


def test_a_seed_with_holes_is_refused_with_the_place() -> None:
    truth, tariff = economy()
    truth.final[1, 2] = np.nan
    with pytest.raises(DataError, match=r"seed of final has 1 cells.*\(1, 2\)"):
        balance(truth, even(truth), tariff, ())
