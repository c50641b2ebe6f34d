"""Felbermayr, Groeschl and Heiland (2022), table 5, on 20 of its 1,000 draws; the benchmark does them all."""

from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture(scope="module")
def folder(shared):
    return shared("cases/fgh2022_wiod44x50")


@pytest.fixture(scope="module")
def case(fgh, folder):
    return fgh.load(folder)


def test_twenty_draws_lie_within_their_sampling_error_of_the_published_means(fgh, folder, case):
    found = fgh.welfare(case, range(100, 120))
    published = fgh.published(folder, case)
    assert published.size == 132
    rounding = 0.0055
    error = found.std(axis=0, ddof=1) / np.sqrt(len(found)) + rounding
    distance = (found.mean(axis=0) - published) / error
    # Draws are shared by all countries, so distances move together; a mean of squares near one is what to expect.
    assert np.abs(distance).max() < 4.0
    assert np.sqrt((distance**2).mean()) < 2.0
    # What cannot be met by wide errors: the pattern over countries and scenarios, and no effect is far from it.
    assert np.corrcoef(found.mean(axis=0).ravel(), published.ravel())[0, 1] > 0.995


def test_ratios_on_one_base_equal_the_published_way_by_a_new_base_year(fgh, case):
    direct = fgh.welfare(case, [3])[0]
    for row, column in zip(direct, fgh.SCENARIOS, strict=True):
        np.testing.assert_allclose(row, fgh.rebased(case, column, 3), atol=1e-6)
