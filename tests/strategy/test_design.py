"""Packages by sector: what they do, the frontier, the ranking, the words and the command."""

import itertools
import json
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from tertius import cli
from tertius.engine import Elasticities
from tertius.errors import InputError, SolveError
from tertius.report.design_figure import picture
from tertius.report.design_text import to_json, write_design
from tertius.scenario.retaliation import retaliate
from tertius.scenario.scope import SECTOR_GROUPS
from tertius.scenario.wedge import Wedges, combine
from tertius.strategy import design as design_module
from tertius.strategy import design_frontier
from tertius.strategy.design import design
from tertius.strategy.design_frontier import Search, frontier
from tertius.strategy.design_problem import KINDS, Limits, Problem
from tertius.world.model import SECTORS, World

COUNTRIES = ("RUS", "DEU", "FRA", "CHN", "USA", "ROW")
S, N = len(SECTORS), len(COUNTRIES)
OIL, MACHINES, FOOD, DRUGS = (
    list(SECTORS).index(s) for s in ("crude_oil_gas", "machinery", "agri_food", "chemicals")
)


def small_world(seed=7, year=2015):
    """Made-up numbers: the target sells oil and buys machines, everyone is mostly at home."""
    rng = np.random.default_rng(seed)
    sales = rng.uniform(1.0, 10.0, (S, N, N)) * 1e3
    home = np.arange(N)
    sales[:, home, home] *= 20.0
    sales[OIL, 0, 1:] *= 3.0
    sales[OIL, 1:3, 0] *= 0.01
    sales[MACHINES, 1:, 0] *= 3.0
    tariff = np.full((S, N, N), 0.03)
    tariff[:, home, home] = 0.0
    output, spending = sales.sum(axis=2), (sales * (1 + tariff)).sum(axis=1)
    inputs = np.stack([0.4 * np.outer(spending[:, n], output[:, n]) / output[:, n].sum() for n in range(N)])
    return World(
        year=year,
        shadow_reading="central",
        countries=COUNTRIES,
        sectors=tuple(SECTORS),
        sales=sales,
        shadow=np.zeros_like(sales),
        tariff=tariff,
        inputs=inputs,
        quality=np.zeros(sales.shape, dtype=np.uint8),
        medicine=np.full(N, 0.25),
        snapshot="made up",
    )


MEDIUM = Elasticities(np.full(S, 2.0))


@pytest.fixture(scope="module")
def world():
    return small_world()


def problem(world, **more):
    return Problem(world, "RUS", ("DEU", "FRA"), MEDIUM, **more)


def package(**rates):
    made = np.zeros((len(KINDS), S))
    for name, value in rates.items():
        kind, _, sector = name.partition("_")
        made[KINDS.index(kind), list(SECTORS).index(sector)] = value
    return made


def dense(wedges, world):
    """(weight, tariff) of every cell."""
    weight, tariff = np.ones(world.sales.shape), np.zeros(world.sales.shape)
    at = (wedges.sector, wedges.exporter, wedges.importer)
    weight[at], tariff[at] = wedges.weight, wedges.tariff
    return weight, tariff


@pytest.fixture
def shipped(monkeypatch, world):
    monkeypatch.setattr(design_module, "load_world", lambda year: small_world(year=year))
    monkeypatch.setattr(design_module, "as_of_world", lambda found, on: found)
    return world


@pytest.fixture(scope="module")
def found():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(design_module, "load_world", lambda year: small_world(year=year))
        patch.setattr(design_module, "as_of_world", lambda found, on: found)
        return design("RUS", sender=["DEU", "FRA"], as_of="2022-03-01", points=3)


# -- packages ------------------------------------------------------------------------------------------


def test_a_package_is_the_measure_and_its_mirror(world):
    tax = np.zeros(world.sales.shape, dtype=bool)
    tax[OIL, 0, 1:3] = True
    stop = np.zeros_like(tax)
    stop[MACHINES, 1:3, 0] = True
    measure = combine([Wedges.cells(tax, tariff=0.2), Wedges.cells(stop, weight=0.6)])
    expected = dense(combine([measure, retaliate(measure)]), world)
    made = dense(problem(world).wedges(package(tariff_crude_oil_gas=0.2, embargo_machinery=0.4)), world)
    np.testing.assert_allclose(made[0], expected[0])
    np.testing.assert_allclose(made[1], expected[1])


def test_food_is_left_alone_and_medicine_in_part_unless_they_are_not_exempt(world):
    everything = np.ones((len(KINDS), S))
    weight, tariff = dense(problem(world).wedges(everything), world)
    assert np.all(weight[FOOD] == 1.0)
    assert np.all(tariff[FOOD] == 0.0)
    assert weight[DRUGS, 1, 0] == pytest.approx(0.25)
    weight, _ = dense(problem(world, exempt=False).wedges(everything), world)
    assert weight[FOOD, 1, 0] == weight[DRUGS, 0, 2] == 0.0
    assert problem(world, exempt=False).open.sum() == 20
    assert problem(world).open.sum() == 18


def test_slopes_are_the_differences_of_exact_answers(world):
    one = problem(world)
    base = package(
        tariff_crude_oil_gas=0.3, embargo_machinery=0.5, embargo_chemicals=0.2, tariff_chemicals=0.1
    )
    slopes = one.slopes(one.answer(base))
    for at in ((0, OIL), (0, DRUGS), (1, MACHINES), (1, DRUGS), (1, S - 1)):
        step = np.zeros_like(base)
        step[at] = 1e-4
        up, down = one.answer(base + step), one.answer(base - step if base[at] > 0 else base)
        h = 2e-4 if base[at] > 0 else 1e-4
        assert slopes.target[at] == pytest.approx((up.target - down.target) / h, rel=1e-3)
        assert slopes.sender[at] == pytest.approx((up.sender - down.sender) / h, rel=1e-3)
        assert slopes.third[at] == pytest.approx((up.third - down.third) / h, rel=1e-3, abs=1e-4)
        for k, s in enumerate(one.civilian):
            assert slopes.falls[(k, *at)] == pytest.approx(
                (up.falls[s] - down.falls[s]) / h, rel=2e-3, abs=1e-6
            )


def test_nothing_done_costs_nobody_anything(world):
    answer = problem(world).answer(np.zeros((len(KINDS), S)))
    assert abs(answer.target) + abs(answer.sender) + abs(answer.third) < 1e-6
    assert max(abs(x) for x in answer.falls.values()) < 1e-9


def test_a_third_party_that_complies_adds_to_the_loss(world):
    base = package(embargo_machinery=1.0)
    alone, joined = problem(world).answer(base), problem(world, comply=("CHN",)).answer(base)
    assert joined.target > alone.target
    assert joined.result.trade_share[MACHINES, 3, 0] == 0.0
    assert joined.result.trade_share[FOOD, 3, 0] > 0.0


# -- frontier ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def searched(world):
    search = Search(problem(world), Limits(civilian=None))
    return search, frontier(search, 4)


def test_the_frontier_rises_in_cost_and_loss(searched):
    _, points = searched
    assert 3 <= len(points) <= 4
    assert all(b.sender > a.sender and b.target > a.target for a, b in itertools.pairwise(points))


def test_no_random_package_beats_the_frontier(searched):
    search, points = searched
    rng = np.random.default_rng(1)
    for _ in range(15):
        tried = search.problem.answer(rng.uniform(0, 1, (len(KINDS), S)) ** 2 * search.problem.open)
        cheaper = [p for p in points if p.sender <= tried.sender]
        dearer = [p for p in points if p.sender > tried.sender]
        if not cheaper or not dearer:
            assert not cheaper or tried.target <= cheaper[-1].target * (1 + 1e-3)
            continue
        a, b = cheaper[-1], dearer[0]
        chord = a.target + (b.target - a.target) * (tried.sender - a.sender) / (b.sender - a.sender)
        assert tried.target <= chord * (1 + 1e-2)


def test_the_cheap_end_is_where_no_small_change_saves_the_senders_money(searched):
    search, points = searched
    first, free = points[0], search.problem.open
    slope = search.problem.slopes(first, third=False, civilian=False).sender
    step = np.abs(slope[free & (first.package > 0) & (first.package < 1)])
    assert first.sender < 0.0
    assert (
        step.max()
        < 0.05 * np.abs(search.problem.slopes(search.problem.answer(0 * first.package)).sender).max()
    )


def test_limits_are_kept_and_bind(world, searched):
    free = searched[1][-1]
    limits = Limits(civilian=0.6 * max(free.falls.values()))
    search = Search(problem(world), limits)
    points = frontier(search, 2)
    assert max(max(p.falls.values()) for p in points) <= limits.civilian * 1.001
    assert max(points[-1].falls.values()) > 0.9 * limits.civilian
    assert points[-1].target < free.target


def test_third_parties_can_be_spared(world):
    dear = small_world(seed=11)
    free = frontier(Search(problem(dear), Limits(civilian=None)), 2)[-1]
    capped = Search(problem(dear), Limits(civilian=None, third_parties=0.0))
    points = frontier(capped, 2)
    assert all(p.third <= 1e-3 for p in points) or free.third <= 0


def test_limits_that_nothing_keeps_are_said_with_their_numbers(world, monkeypatch):
    monkeypatch.setattr(design_frontier, "_STEPS", 2)
    search = Search(problem(world, comply=("CHN",)), Limits(civilian=1e-4, third_parties=0.0))
    with pytest.raises(SolveError, match=r"no package found .* third parties lose .* allowed, .* falls"):
        frontier(search, 2)


# -- the whole -----------------------------------------------------------------------------------------


def test_the_design_names_the_measures_and_what_they_cost_whom(found):
    assert found.base_year == 2015
    assert [p.sender_bn for p in found.points] == sorted(p.sender_bn for p in found.points)
    last = found.points[-1]
    assert set(last.tariff) | set(last.embargo) <= set(SECTOR_GROUPS["all"])
    assert "agri_food" not in last.embargo
    assert set(last.bands) == {"year", "long"}
    assert set(last.takers) <= {"CHN", "USA", "ROW"}
    assert set(last.hit) <= {"CHN", "USA", "ROW"}
    assert found.points[0].price is None
    assert all(p.price > 0 for p in found.points[1:])


def test_the_first_in_the_ranking_is_worth_most_by_an_exact_step(found, world):
    one = problem(world)
    priced = [row for row in found.ranking if row.ratio is not None]
    assert [r.ratio for r in priced] == sorted((r.ratio for r in priced), reverse=True)
    for row in priced[:3]:
        step = package(**{f"{row.kind}_{row.sector}": 1e-3})
        answer = one.answer(step)
        assert answer.target / answer.sender == pytest.approx(row.ratio, rel=0.02)
        assert 1e3 * answer.target / 0.1 == pytest.approx(row.target_mn, rel=0.02)


def test_published_optima_stand_beside_ours_at_the_same_willingness(found):
    assert [row.willingness for row in found.compared] == [0.0, 0.7]
    first, second = found.compared
    assert first.point <= second.point
    assert "20 %" in first.published


def test_json_reads_back_and_the_picture_is_xml(found, tmp_path):
    data = json.loads(to_json(found))
    assert data["target"] == "RUS"
    assert len(data["points"]) == len(found.points)
    root = ET.fromstring(picture(found))
    assert root.get("role") == "img"
    assert "own cost" in "".join(root.itertext())
    path = write_design(found, tmp_path / "made")
    assert sorted(p.name for p in path.parent.iterdir()) == ["design.json", "figure-design.svg"]


def test_a_report_folder_that_is_a_file_is_refused(found, tmp_path):
    (tmp_path / "taken").write_text("x")
    with pytest.raises(InputError, match="there is a file of that name"):
        write_design(found, tmp_path / "taken")


# -- mistakes and the command --------------------------------------------------------------------------


def test_every_mistake_is_reported_at_once():
    with pytest.raises(InputError) as caught:
        design(
            "Rusia", sender="EU28", as_of="yesterday", horizon="short", points=1, limits=Limits(tariff=-1),
            comply=["Chna"], base_year=1999,
        )  # fmt: skip
    said = "\n".join(caught.value.problems)
    for word in ("Rusia", "EU28", "yesterday", "short", "points: 1", "highest tariff", "Chna", "1999"):
        assert word in said


def test_a_target_among_the_senders_and_followers_twice_are_refused(shipped):
    with pytest.raises(InputError) as caught:
        design("RUS", sender=["RUS", "DEU"], as_of="2022-03-01", comply=["DEU", "PRK"])
    said = "\n".join(caught.value.problems)
    assert "RUS: sender and target at once" in said
    assert "DEU: complies, but is the target or a sender already" in said
    assert "PRK: not an economy of the 2015 world" in said


def test_the_command_prints_tables_json_and_files(capsys, shipped, tmp_path):
    asked = ["design", "RUS", "-s", "DEU", "-s", "FRA", "--as-of", "2022-03-01", "--points", "2", "-q"]
    assert cli.run([*asked, "--report", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert "Which goes first" in said.out
    assert "Published: a tariff of about 20 %" in said.out.replace("\n", " ")
    assert (tmp_path / "figure-design.svg").exists()
    assert cli.run([*asked, "--json", "--civilian-cap", "none"]) == 0
    assert json.loads(capsys.readouterr().out)["limits"]["civilian"] is None


def test_the_command_says_what_is_missing_or_wrong(capsys):
    assert cli.run(["design", "RUS", "--max-tariff", "lots", "--civilian-cap", "200%"]) == 2
    said = capsys.readouterr().err
    for word in ("--sender: missing", "--as-of: missing", "--max-tariff", "--civilian-cap"):
        assert word in said
