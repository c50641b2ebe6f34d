"""Break-even credibility: the rule written as a search over sets, and what follows from it by hand."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tertius.leverage.breakeven import country_wide, influence_needed, listing

money = st.floats(0.001, 50.0)
odds = st.floats(0.05, 1.0)
GRID = np.linspace(0.0, 1.0, 2001)


def kept(benefit, caught, damage):
    """(q, c), whether the best set at each credibility holds the channel; the larger set where two are alike."""
    channels = range(len(benefit))
    sets = list(chain.from_iterable(combinations(channels, m) for m in range(len(benefit), -1, -1)))
    gain = np.array([sum(benefit[c] for c in chosen) for chosen in sets])
    at_stake = np.array([max((caught[c] for c in chosen), default=0.0) for chosen in sets])
    best = np.round(gain - GRID[:, None] * at_stake * damage, 9).argmax(axis=1)
    return np.array([[c in chosen for c in channels] for chosen in sets])[best]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.tuples(money, odds), min_size=1, max_size=3), st.floats(0.1, 200.0))
def test_it_is_the_last_credibility_at_which_the_best_set_holds_the_channel(channels, damage):
    benefit, caught = (np.array(x) for x in zip(*channels, strict=True))
    found = country_wide(benefit, caught, np.array(damage))
    holds = kept(benefit, caught, damage)
    last = np.where(holds.any(axis=0), GRID[len(GRID) - 1 - holds[::-1].argmax(axis=0)], 0.0)
    np.testing.assert_allclose(found, last, atol=1.5 / (len(GRID) - 1))


@settings(deadline=None, derandomize=True)
@given(money, odds, st.floats(0.1, 200.0))
def test_one_channel_is_benefit_over_expected_damage_and_never_above_one(benefit, caught, damage):
    found = country_wide(np.array([benefit]), np.array([caught]), np.array(damage))
    assert found[0] == pytest.approx(min(benefit / (caught * damage), 1.0))


def test_nothing_to_lose_gives_no_ratio():
    found = country_wide(np.array([[1.0, 2.0], [1.0, 0.0]]), np.array([1.0, 0.5]), np.array([0.0, 4.0]))
    assert np.isnan(found[0]).all()
    assert found[1, 0] == 0.25
    assert np.isnan(found[1, 1])  # no such channel


def test_equal_odds_make_channels_stand_and_fall_together():
    found = country_wide(np.array([1.0, 3.0]), np.array([0.5, 0.5]), np.array(16.0))
    np.testing.assert_allclose(found, 0.5)


def test_more_benefit_holds_longer_and_more_damage_shorter():
    base = country_wide(np.array([1.0, 2.0]), np.array([1.0, 0.5]), np.array(20.0))
    assert (country_wide(np.array([1.5, 2.0]), np.array([1.0, 0.5]), np.array(20.0)) >= base).all()
    assert (country_wide(np.array([1.0, 2.0]), np.array([1.0, 0.5]), np.array(40.0)) < base).all()


def test_a_listing_meets_each_channel_alone_and_an_unknown_stake_stays_unknown():
    found = listing(np.array([1.5, 3.5, 1.0]), np.array([1.0, 0.5, 1.0]), np.array([60.0, 0.8, np.nan]))
    np.testing.assert_allclose(found, [0.025, 1.0, np.nan])


def test_influence_needed_is_what_commerce_leaves_open():
    found = influence_needed(np.array([1.0, 5.0]), np.array([1.0, 1.0]), np.array([40.0, 40.0]), q=0.05)
    np.testing.assert_allclose(found, [1.0, 0.0])
