"""Shapley shares: exact efficiency, symmetry, and the right answer on games small enough to enumerate."""

from __future__ import annotations

from itertools import permutations as orders
from math import factorial

import numpy as np
import pytest

from tertius.leverage.attribution import permutations, shapley


def by_enumeration(loss, players):
    value = np.zeros(players)
    for order in orders(range(players)):
        before = loss([frozenset()])[0]
        for m, player in enumerate(order):
            after = loss([frozenset(order[: m + 1])])[0]
            value[player] += after - before
            before = after
    return value / factorial(players)


def random_game(players, seed):
    rng = np.random.default_rng(seed)
    table = {
        frozenset(np.flatnonzero([m >> k & 1 for k in range(players)]).tolist()): rng.uniform(0, 5)
        for m in range(2**players)
    }
    return lambda sets: np.array([table[s] for s in sets])


@pytest.mark.parametrize("players", [3, 4])
@pytest.mark.parametrize("seed", range(3))
def test_it_agrees_with_full_enumeration_within_its_standard_error(players, seed):
    loss = random_game(players, seed)
    exact = by_enumeration(loss, players)
    value, error = shapley(loss, players, pairs=400, rng=np.random.default_rng(seed))
    assert (error > 0).any()
    assert (np.abs(value - exact) <= 4.0 * error + 1e-12).all()
    assert error.max() < 0.2


@pytest.mark.parametrize("pairs", [1, 2, 7])
def test_shares_add_up_to_the_gap_exactly_however_few_permutations(pairs):
    loss = random_game(5, 3)
    value, _ = shapley(loss, 5, pairs=pairs, rng=np.random.default_rng(0))
    gap = loss([frozenset(range(5))])[0] - loss([frozenset()])[0]
    assert value.sum() == pytest.approx(gap, abs=1e-12)


def test_players_who_do_the_same_get_the_same_and_one_who_does_nothing_gets_nothing():
    # Two of {0, 1, 2} are needed to hurt; player 3 never matters. A majority game averages out only in the limit, so
    # the symmetric players agree within their errors and the idle one is exactly zero.
    def loss(sets):
        return np.array([1.0 if len(s & {0, 1, 2}) >= 2 else 0.0 for s in sets])

    value, error = shapley(loss, 4, pairs=300, rng=np.random.default_rng(5))
    assert value[3] == error[3] == 0.0
    np.testing.assert_allclose(value[:3], 1.0 / 3.0, atol=4.0 * error[:3].max())


def test_an_additive_game_needs_no_sampling_at_all():
    worth = np.array([3.0, 0.5, 1.0, 2.5, 0.0])

    def loss(sets):
        return np.array([worth[list(s)].sum() for s in sets])

    value, error = shapley(loss, 5, pairs=2, rng=np.random.default_rng(1))
    np.testing.assert_allclose(value, worth, atol=1e-12)
    np.testing.assert_allclose(error, 0.0, atol=1e-12)


def test_each_order_is_followed_by_its_reverse_and_a_seed_repeats_it():
    found = permutations(6, 9, np.random.default_rng(2))
    assert found.shape == (18, 6)
    np.testing.assert_array_equal(found[1::2], found[::2, ::-1])
    assert (np.sort(found, axis=1) == np.arange(6)).all()
    np.testing.assert_array_equal(found, permutations(6, 9, np.random.default_rng(2)))


def test_no_players_share_nothing():
    value, error = shapley(lambda sets: np.zeros(len(sets)), 0, pairs=3, rng=np.random.default_rng(0))
    assert value.size == error.size == 0
