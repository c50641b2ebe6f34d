"""Loss as a function of which lifelines are cut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tertius.leverage.attribution import shapley
from tertius.leverage.game import CHANNELS, Cut
from tertius.scenario import Scope
from tertius.world.model import SECTORS
from tertius.world.shadow import Entry, apply_overlay

SECTORS_AT = {name: k for k, name in enumerate(SECTORS)}
OPEN, SHIELDED, AID = (CHANNELS.index(c) for c in ("open", "shielded", "aid"))


def at(game, code):
    return game.world.country(code)


def test_supporters_are_third_countries_that_trade_or_give(game):
    names = {game.world.countries[k] for k in game.supporters}
    assert names == set(game.world.countries) - {"IRN", "USA"}


def test_cutting_nothing_costs_nothing_and_cutting_everyone_is_isolation(game, horizon):
    from tertius.engine import Shock, solve
    from tertius.scenario.wedge import Wedges

    nothing, everything = game.losses([Cut.of(()), game.everything()], horizon.central)
    assert nothing == pytest.approx(0.0, abs=1e-11)
    cells = np.zeros(game.economy.trade_share.shape, dtype=bool)
    cells[:, game.t, :] = cells[:, :, game.t] = True
    cells[:, game.t, game.t] = False
    alone = solve(game.economy, Shock(Wedges.cells(cells, weight=0.0)), horizon.central)
    assert everything == pytest.approx(alone.loss[game.t], abs=1e-9)
    assert everything > 0.01


def test_a_whole_cut_leaves_exactly_nothing_and_channels_add_up_to_it(game):
    china = at(game, "CHN")
    both = game.shock(Cut.of([(china, OPEN), (china, SHIELDED)])).wedges
    assert (both.weight == 0.0).all()
    one, other = (game.shock(Cut.of([(china, c)])).wedges for c in (OPEN, SHIELDED))
    crude = SECTORS_AT["crude_oil_gas"]

    def left(w):
        cell = (w.sector == crude) & (w.exporter == game.t) & (w.importer == china)
        return float(w.weight[cell][0])

    assert left(one) == pytest.approx(7e3 / 9e3)
    assert left(other) == pytest.approx(2e3 / 9e3)
    assert (1 - left(one)) + (1 - left(other)) == pytest.approx(1.0, abs=1e-15)
    sides = game.lost[china, OPEN] + game.lost[china, SHIELDED]
    flows = game.channel_trade[china].sum(axis=0)
    np.testing.assert_allclose(sides[flows > 0], 1.0, atol=1e-15)


def test_open_and_shielded_together_equal_the_whole_partner(game, horizon):
    china = at(game, "CHN")
    cuts = [
        Cut.of(()),
        Cut.of([(china, OPEN)]),
        Cut.of([(china, SHIELDED)]),
        Cut.of([(china, OPEN), (china, SHIELDED)]),
    ]
    nothing, open_, shielded, both = game.losses(cuts, horizon.central)
    assert nothing < min(open_, shielded) < max(open_, shielded) < both


def test_loss_grows_along_nested_sets_of_lifelines(game, horizon):
    chain, pairs = [], []
    for k in game.supporters:
        pairs += [(k, OPEN), (k, SHIELDED)]
        chain.append(Cut.of(pairs))
    losses = game.losses([Cut.of(()), *chain], horizon.central)
    assert (np.diff(losses) > -1e-9).all()


def test_each_set_is_solved_once(make_game, horizon):
    game = make_game()
    cuts = [Cut.of([(at(game, "CHN"), OPEN)]), Cut.of(())]
    first = game.losses(cuts, horizon.central)
    assert game.solves == 2
    np.testing.assert_array_equal(game.losses([*cuts, *cuts], horizon.central), [*first, *first])
    assert game.solves == 2
    assert game.worst[0] < 1e-10


def test_shapley_shares_of_the_target_add_up_to_its_gap(game, horizon):
    players = [(k, OPEN) for k in game.supporters[:4]]

    def loss(sets):
        return game.losses([Cut.of(players[p] for p in chosen) for chosen in sets], horizon.central)

    value, _ = shapley(loss, 4, pairs=3, rng=np.random.default_rng(0))
    gap = loss([frozenset(range(4))])[0] - loss([frozenset()])[0]
    assert value.sum() == pytest.approx(gap, abs=1e-12)
    assert (value > 0).all()


def test_a_gift_that_ends_costs_demand_and_carries_no_trade(game, horizon):
    from tertius.engine import solve

    cut = game.shock(Cut.of([(at(game, "RUS"), AID)]))
    assert len(cut.wedges) == 0
    result = solve(game.economy, cut, horizon.central)
    lost = result.demand[game.t] - result.factor_income[game.t] - result.revenue[game.t]
    assert game.economy.deficit[game.t] == 0.0
    assert lost == pytest.approx(-300.0, abs=1e-6)
    assert result.absorption[game.t] < 1.0


def test_food_and_medicine_stay_when_they_are_carved_out(make_game, horizon):
    # Imports alone: who may not sell anything cannot pay for food either, whatever is carved out.
    goods = Scope(tuple(SECTORS), flow="imports")
    whole, spared = (make_game(scopes=(replace(goods, exempt=x),)) for x in ((), ("food", "medicine")))
    food, chemicals = SECTORS_AT["agri_food"], SECTORS_AT["chemicals"]
    china = at(whole, "CHN")
    assert whole.lost[china, OPEN, 1, food] == 1.0
    assert spared.lost[china, OPEN, 1, food] == 0.0
    assert spared.lost[china, OPEN, 1, chemicals] == pytest.approx(0.75)
    assert spared.lost[china, OPEN, 0].max() == 0.0
    a, b = (g.losses([g.everything()], horizon.central)[0] for g in (whole, spared))
    assert 0.0 < b < a


def test_half_coverage_cuts_half_the_kernel_and_costs_less(make_game, horizon):
    whole, half = make_game(), make_game(scopes=(Scope(tuple(SECTORS), coverage=0.5),))
    a, b = (g.losses([g.everything()], horizon.central)[0] for g in (whole, half))
    assert 0.0 < b < a


def test_an_intermediary_changes_no_lifeline(world, make_game, horizon):
    # The same barrels reach China relabelled by one hub or by two.
    crude, names = SECTORS_AT["crude_oil_gas"], world.countries
    iran, china = names.index("IRN"), names.index("CHN")
    sales = np.array(world.sales)
    sales[crude, iran, china] = 2e3
    for hub in ("ARE", "TUR"):
        sales[crude, names.index(hub), china] = 9e3
    recorded = replace(world, sales=sales, shadow=np.zeros_like(sales), shadow_reading="recorded")
    found = []
    for hubs in ({"ARE": 0.9}, {"ARE": 0.4, "TUR": 0.9}):
        value = dict.fromkeys(("low", "central", "high"), 7e3)
        entry = Entry("oil", "relabel", "IRN", "CHN", "crude_oil_gas", value, hubs, ("a-claim",), "test")
        game = make_game(world=apply_overlay(recorded, [entry], "central"))
        found.append(game)
    one, two = found
    for supporter in ("CHN", "ARE", "TUR"):
        k = names.index(supporter)
        np.testing.assert_allclose(two.channel_trade[k], one.channel_trade[k], rtol=1e-12)
    losses = [g.losses([Cut.of([(china, SHIELDED)])], horizon.central)[0] for g in found]
    assert losses[0] > 1e-3
    # What the hubs' own economies look like differs, and comes back to the target only second-hand.
    np.testing.assert_allclose(losses[1:], losses[0], rtol=2e-3)
