"""What lies between exact solves: read off a fit, and held against solves that the fit has not seen."""

from __future__ import annotations

import numpy as np
import pytest

from tertius.errors import InputError
from tertius.leverage.assess import Effort
from tertius.leverage.curve import GRID
from tertius.leverage.draws import TOLERANCE, draw
from tertius.leverage.surrogate import PLACES, Inputs, between, fit, held_out


def made_up(draws=40, sets=12, *, rough=0.0, seed=0):
    rng = np.random.default_rng(seed)
    cut, theta = np.sort(rng.uniform(0, 1, (draws, sets)), axis=1), rng.uniform(0, 1, draws)
    group = rng.integers(0, 3, draws)
    bend = 0.4 + 0.2 * theta[:, None] + 0.1 * (group == 2)[:, None]
    true = cut * (1.0 + bend * (1.0 - cut))
    return Inputs(cut, np.zeros((draws, sets, 2)), theta, group), true + rough * rng.normal(size=true.shape)


def test_a_smooth_bend_is_read_off():
    x, true = made_up()
    seen, unseen = slice(30), slice(30, None)
    np.testing.assert_allclose(fit(x.take(seen), true[seen])(x.take(unseen)), true[unseen], atol=2e-4)
    assert np.abs(held_out(x, true)).max() < 2e-3


def test_what_is_held_out_tells_of_noise_that_a_fit_alone_would_hide():
    x, noisy = made_up(draws=16, sets=3, rough=0.05)
    inside = np.abs(fit(x, noisy)(x) - noisy).mean()
    assert np.abs(held_out(x, noisy)).mean() > 1.3 * inside


def test_a_heavy_lifeline_has_a_step_of_its_own():
    x, true = made_up()
    heavy = (np.random.default_rng(1).random((*true.shape, 2)) < 0.5).astype(float)
    stepped = true + 0.1 * heavy[..., 0]
    blind, seeing = x, Inputs(x.cut, heavy, x.theta, x.group)
    assert np.abs(held_out(blind, stepped)).max() > 0.04
    assert np.abs(held_out(seeing, stepped)).max() < 0.01


def test_a_reading_may_bend_in_its_own_way_but_not_without_draws_of_its_own():
    x, true = made_up()
    alone = Inputs(x.cut, x.heavy, x.theta, np.zeros_like(x.group))
    assert np.abs(held_out(alone, true)).max() > 5.0 * np.abs(held_out(x, true)).max()


def test_two_polynomials_go_through_their_nodes_and_allow_a_kink_at_the_centre():
    def kinked(u):
        return np.exp(-np.where(u < 0.5, u, 0.5 + 2.0 * (u - 0.5)))

    nodes, places = np.array(PLACES), np.linspace(0.0, 1.0, 31)
    np.testing.assert_allclose(between(kinked(nodes), nodes), kinked(nodes), rtol=1e-12)
    np.testing.assert_allclose(between(kinked(nodes), places), kinked(places), rtol=1e-4)


def test_a_fit_that_fails_its_own_test_is_not_used(by_reading):
    # Five countries: L takes a handful of values, and no smooth curve goes through them.
    drawn = draw(by_reading, 64, 5, exact=16, qs=(0.0, 0.01, 0.05, 0.2, 1.0))
    assert drawn.off[0] > TOLERANCE
    assert len(drawn.points) == len(drawn.leverage) == len(drawn.q_star) == drawn.exact == 32  # twice 16
    every = draw(by_reading, 32, 5, qs=(0.0, 0.01, 0.05, 0.2, 1.0))
    np.testing.assert_array_equal(drawn.leverage, every.leverage)
    assert every.off is None


@pytest.mark.parametrize("horizon", ["medium", "long"])
def test_interpolated_draws_of_a_real_target_meet_their_exact_solves(horizon):
    lines = real_lines(horizon)
    qs = (0.0, 0.005, 0.02, 0.05, 0.2, 1.0)
    some = draw(lines, 32, 5, exact=16, qs=qs)
    every = draw(lines, 32, 5, qs=qs)
    assert len(some.points) == 32
    np.testing.assert_array_equal(some.leverage[:16], every.leverage[:16])
    np.testing.assert_array_equal(some.q_star, every.q_star)
    off = np.abs(some.leverage[16:] - every.leverage[16:])
    assert 0.0 < off.max() < 0.03
    np.testing.assert_allclose(some.all_comply, every.all_comply, rtol=2e-3)


def real_lines(horizon):
    """Iran in the shipped world, its stakes solved at the centre of the range only."""
    from tertius.ledger import load_curated
    from tertius.leverage.parts import Question, games, lifelines
    from tertius.scenario import Scenario

    scenario = Scenario.of(
        "IRN", senders="USA", measures="secondary_tariff 25% on partners of IRN", as_of="2026-01-13"
    )
    question = Question(scenario, tuple(load_curated()), recorded=True, lifted=False)
    lines = lifelines(question, horizon, games(question))
    lines["central"].solve(nodes=(0.5,), everyone=False)
    for reading in ("low", "high"):
        lines[reading].stakes = lines["central"].stakes
    return lines


def test_the_grid_starts_at_nothing_in_every_draw_of_a_pure_threat(by_reading):
    drawn = draw(by_reading, 32, 5, exact=16, qs=(0.0, 1.0))
    np.testing.assert_allclose(drawn.leverage[:, 0], 0.0, atol=1e-9)
    assert GRID[0] == 0.0


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"draws": 12}, "draws 12"),
        ({"exact": 3}, "exact draws 3"),
        ({"exact": 8}, "too few"),
        ({"pairs": 1}, "1 pair"),
    ],
)
def test_too_little_effort_is_refused_with_what_is_possible(asked, word):
    with pytest.raises(InputError, match=word):
        Effort(**asked)


def test_all_that_is_wrong_with_an_effort_is_said_at_once():
    with pytest.raises(InputError) as error:
        Effort(draws=12, exact=3, pairs=0)
    assert all(word in str(error.value) for word in ("draws 12", "exact draws 3", "0 pair"))
