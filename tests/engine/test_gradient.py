"""Gradients by the adjoint against central differences of whole solves."""

import numpy as np
import pytest

from tertius.engine import Economy, Elasticities, Rules, Shock, solve
from tertius.engine.elasticities import MOBILE, SPECIFIC
from tertius.engine.gradient import consumption_fall, consumption_loss, gradient, gradients
from tertius.engine.horizons import horizon
from tertius.engine.krylov import gmres
from tertius.errors import InputError, UnknownNameError
from tertius.scenario.wedge import Wedges

S, N = 3, 5
TIGHT = 1e-13


def small_economy(seed=0, *, taxed=True):
    rng = np.random.default_rng(seed)
    pi = rng.dirichlet(np.full(N, 0.6), size=(S, N)).swapaxes(1, 2) * 0.5 + 0.5 * np.eye(N)
    v = rng.uniform(0.3, 0.7, (S, N))
    a = rng.dirichlet(np.ones(S), size=(N, S)).swapaxes(1, 2) * (1 - v.T)[:, None, :]
    tariff = rng.uniform(0, 0.3, (S, N, N)) * taxed
    tariff[:, range(N), range(N)] = 0
    deficit = rng.normal(0, 2, N)
    return Economy.from_arrays(
        trade_share=pi,
        value_added_share=v,
        input_share=a,
        final_share=rng.dirichlet(np.ones(S), size=N).T,
        value_added=rng.uniform(20, 200, N),
        deficit=deficit - deficit.mean(),
        tariff=tariff,
    )


FORMS = {
    "cobb-douglas": Elasticities(np.array([2.0, 4.0, 7.0])),
    "nested, mobile": Elasticities(np.array([2.0, 4.0, 7.0]), 0.6, 0.3, 1.4, MOBILE),
    "nested, specific": Elasticities(np.array([0.8, 1.5, 3.0]), 0.5, 0.2, 0.9, SPECIFIC),
    "nested, between": Elasticities(np.array([0.8, 1.5, 3.0]), 1.3, 0.7, 0.9, 1.5),
    "specific": Elasticities(np.array([0.8, 1.5, 3.0]), mobility=SPECIFIC),
}


def random_shock(economy, seed=1, **more):
    rng = np.random.default_rng(seed)
    cost = np.exp(rng.normal(0, 0.2, economy.trade_share.shape))
    cost[0, 1, 2] = cost[:, 3, 0] = np.inf
    tariff = economy.tariff + rng.uniform(0, 0.1, cost.shape)
    tariff[:, range(N), range(N)] = 0.0
    shock = Shock.from_arrays(economy, cost=cost, tariff=tariff)
    return Shock(shock.wedges, **more)


def moved(shock, cell, *, cost=0.0, tariff=0.0, weight=0.0):
    w = shock.wedges
    at = np.flatnonzero((w.sector == cell[0]) & (w.exporter == cell[1]) & (w.importer == cell[2]))
    if not len(at):
        one = [np.array([k]) for k in cell]
        extra = Wedges(*one, np.array([1.0 + weight]), np.exp([cost]), np.array([tariff]))
        return Shock(w | extra, shock.transfer, shock.balanced)
    values = [w.weight.copy(), w.cost.copy(), w.tariff.copy()]
    values[0][at] += weight
    values[1][at] *= np.exp(cost)
    values[2][at] += tariff
    return Shock(Wedges(w.sector, w.exporter, w.importer, *values), shock.transfer, shock.balanced)


def slope(number, step):
    """Fourth-order central difference."""
    return (8 * (number(step) - number(-step)) - (number(2 * step) - number(-2 * step))) / (12 * step)


def check_cells(economy, shock, one, rules, cells, of=3, step=1e-3):
    code = economy.countries[of]
    rules = Rules(rules, TIGHT)
    base = solve(economy, shock, one, rules=rules)
    found = gradient(base, code, rules=rules)

    def loss(cell, **change):
        return solve(economy, moved(shock, cell, **change), one, rules=rules).of(code)

    for cell in cells:
        by_cost = slope(lambda h, c=cell: loss(c, cost=h), step)
        by_rate = slope(lambda h, c=cell: loss(c, tariff=h), step)
        assert found.cost[cell] == pytest.approx(by_cost, rel=1e-5, abs=1e-9)
        assert found.tariff[cell] == pytest.approx(by_rate, rel=1e-5, abs=1e-9)
    return base, found


CELLS = [(0, 0, 3), (1, 3, 2), (2, 3, 3), (2, 4, 1), (1, 2, 0)]


@pytest.mark.parametrize("rules", ["own_income", "fixed", "zero"])
@pytest.mark.parametrize("form", FORMS)
def test_the_gradient_is_the_finite_difference(form, rules):
    economy = small_economy()
    check_cells(economy, random_shock(economy), FORMS[form], rules, CELLS[:2])


@pytest.mark.parametrize("rules", ["own_income", "fixed"])
def test_gifts_balanced_countries_and_no_tariffs_are_covered(rules):
    economy = small_economy(4, taxed=False)
    shock = Shock(transfer=((3, 4.0), (1, -4.0)), balanced=(3,))
    check_cells(economy, shock, FORMS["nested, mobile"], rules, CELLS)


@pytest.mark.parametrize("form", ["cobb-douglas", "nested, specific"])
def test_a_world_cut_in_two_has_gradients_inside_its_pieces_only(form):
    economy = small_economy(2)
    cost = np.ones(economy.trade_share.shape)
    cost[:, :2, 2:] = cost[:, 2:, :2] = np.inf
    shock = Shock.from_arrays(economy, cost=cost)
    _, found = check_cells(economy, shock, FORMS[form], "own_income", [(0, 2, 3), (1, 3, 4)])
    assert np.abs(found.cost[:, :2, :]).max() < 1e-10
    assert np.abs(found.cost[:, 2:, 2:]).max() > 1e-3


@pytest.mark.parametrize("form", ["cobb-douglas", "nested, specific"])
def test_the_weight_of_an_embargoed_cell_has_a_derivative(form):
    economy, one, rules = small_economy(3), FORMS[form], Rules(tolerance=TIGHT)
    shut = (1, 3, 2)
    shock = moved(Shock(), shut, weight=-1.0)
    base = solve(economy, shock, one, rules=rules)
    cell = Wedges(*(np.array([k]) for k in shut), np.ones(1), np.ones(1), np.zeros(1))
    weight, cost, tariff = gradient(base, economy.countries[3]).along(cell)
    h = 1e-4
    losses = [
        solve(economy, moved(shock, shut, weight=k * h), one, rules=rules).of(economy.countries[3])
        for k in range(4)
    ]
    ahead = (-11 * losses[0] + 18 * losses[1] - 9 * losses[2] + 2 * losses[3]) / (6 * h)
    assert weight[0] == pytest.approx(ahead, rel=1e-5)
    assert cost[0] == tariff[0] == 0.0


def test_cells_by_list_are_the_cells_of_the_dense_arrays():
    economy = small_economy()
    base = solve(economy, random_shock(economy), FORMS["nested, mobile"])
    found = gradient(base, economy.countries[0])
    s, i, n = (np.array(k) for k in zip(*CELLS, strict=True))
    _, cost, tariff = found.along(Wedges(s, i, n, np.ones(len(s)), np.ones(len(s)), np.zeros(len(s))))
    np.testing.assert_allclose(cost, found.cost[s, i, n], rtol=1e-12)
    np.testing.assert_allclose(tariff, found.tariff[s, i, n], rtol=1e-12)


@pytest.mark.parametrize("form", ["cobb-douglas", "nested, specific"])
def test_consumption_of_a_good_has_a_gradient_too(form):
    economy, one, rules = small_economy(), FORMS[form], Rules(tolerance=TIGHT)
    shock, (code, good), cell = random_shock(economy), (economy.countries[3], economy.sectors[1]), (1, 0, 3)
    base = solve(economy, shock, one, rules=rules)
    found = gradient(base, consumption_fall(base, code, good))
    expected = slope(
        lambda h: consumption_loss(solve(economy, moved(shock, cell, cost=h), one, rules=rules), code, good),
        1e-3,
    )
    assert found.cost[cell] == pytest.approx(expected, rel=1e-6)


def test_several_outcomes_at_once_are_the_outcomes_one_by_one():
    economy = small_economy()
    base = solve(economy, random_shock(economy), FORMS["nested, mobile"])
    codes = economy.countries[:3]
    weights = {codes[0]: 0.5, codes[2]: 2.0}
    many = gradients(base, [*codes, weights])
    for code, found in zip(codes, many, strict=False):
        np.testing.assert_allclose(found.cost, gradient(base, code).cost, atol=1e-9)
    np.testing.assert_allclose(many[3].cost, 0.5 * many[0].cost + 2.0 * many[2].cost, atol=1e-9)
    assert max(x.residual for x in many) < 1e-9


def test_dearer_trade_hurts_who_trades_and_only_links_that_exist_count():
    economy = small_economy(taxed=False)
    base = solve(economy, Shock(), FORMS["cobb-douglas"])
    found = gradient(base, economy.countries[0])
    abroad = [found.cost[:, i, 0].sum() for i in range(1, N)]
    assert min(abroad) > 0
    closed = solve(economy, random_shock(economy), FORMS["cobb-douglas"])
    assert np.all(gradient(closed, economy.countries[0]).cost[:, 3, 0] == 0.0)


def test_other_deficit_rules_than_that_of_the_result_are_refused():
    economy = small_economy()
    base = solve(economy, random_shock(economy), FORMS["cobb-douglas"])
    with pytest.raises(InputError, match="does not follow the deficit rule"):
        gradient(base, economy.countries[0], rules=Rules("zero"))


def test_an_unknown_country_is_named():
    economy = small_economy()
    with pytest.raises(UnknownNameError, match="contry 3"):
        gradient(solve(economy, Shock(), FORMS["cobb-douglas"]), "contry 3")


def test_no_outcome_gives_no_gradient():
    economy = small_economy()
    assert gradients(solve(economy, Shock(), FORMS["cobb-douglas"]), []) == []


def test_gmres_solves_each_row_and_stops():
    rng = np.random.default_rng(0)
    matrix = np.eye(40) + 0.1 * rng.normal(size=(40, 40))
    right = rng.normal(size=(3, 40))
    right[1] = 0.0
    right[2, 1:] = 0.0
    x, products = gmres(lambda r: r @ matrix.T, right, tolerance=1e-12, limit=60)
    np.testing.assert_allclose(x @ matrix.T, right, atol=1e-10)
    assert products <= 41


@pytest.mark.parametrize("name", ["year", "medium", "long"])
def test_gradients_hold_on_the_shipped_world(name):
    from tertius.world import load_world

    economy = Economy.from_world(load_world())
    one, rules = horizon(name, economy.sectors), Rules(tolerance=1e-12)
    shock = Shock()
    base = solve(economy, shock, one, rules=rules)
    found = gradient(base, "RUS")
    rng = np.random.default_rng(7)
    russia = economy.country("RUS")
    big = np.argwhere(np.abs(found.cost) > 1e-4)
    cells = [tuple(c) for c in rng.permutation(big)[:1]]
    cells.append((1, russia, economy.country("CHN")))
    for cell in cells:
        by_cost = slope(
            lambda h, c=cell: solve(economy, moved(shock, c, cost=h), one, rules=rules).of("RUS"), 2e-3
        )
        assert found.cost[cell] == pytest.approx(by_cost, rel=1e-5)
