"""Grids, plans, chunks and tables of `tertius sweep`."""

import json
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest

from tertius import cli
from tertius.engine.horizons import horizon
from tertius.errors import InputError, NotConvergedError
from tertius.leverage.game import Cut
from tertius.leverage.parts import Question, games
from tertius.leverage.sweep import Grid, read_grid, schema, sweep
from tertius.leverage.sweep import solve as solving
from tertius.leverage.sweep.estimate import memory
from tertius.leverage.sweep.plan import make_plan
from tertius.leverage.sweep.run import wanted_processes
from tertius.leverage.sweep.store import COLUMNS
from tertius.scenario import Scenario

DOCS = Path(__file__).parents[2] / "docs"
RAW = {
    "as_of": "2026-01-13",
    "targets": ["IRN"],
    "senders": ["USA", "EU27"],
    "coalitions": ["none", ["CHN", "ARE"]],
    "measures": ["embargo oil exports"],
    "draws": 2,
}


def grid(**changes):
    return read_grid(RAW | changes)


def rows(table, columns="*", where="true"):
    with duckdb.connect() as database:
        return database.execute(f"SELECT {columns} FROM read_parquet('{table}') WHERE {where}").fetchall()


def ids(plan):
    return [item.scenario for chunk in plan.chunks for item in chunk.payload().items]


# -- documents ---------------------------------------------------------------------------------------------


def test_the_published_schema_is_that_of_the_code():
    assert json.loads((DOCS / "schema" / "sweep.schema.json").read_text()) == schema()


def test_the_example_is_a_grid():
    plan = make_plan(read_grid(DOCS / "examples" / "grid.yaml"))
    assert plan.scenarios == 3 * 2 * (3 + 10) * 3 * 2 * 3 * 8
    assert plan.bases == 9


def test_one_member_may_stand_for_a_list_and_groups_mean_members():
    one = grid(
        targets="IRN", senders="USA", measures="embargo all both", draws={"count": 1, "each": "sector"}
    )
    assert one.targets == ("IRN",)
    assert one.senders == (("USA",),)
    assert make_plan(grid(targets="CRINK", senders="USA")).bases == 4


def test_subsets_are_written_out_once():
    found = grid(coalitions=["CHN", {"subsets_of": ["CHN", "ARE", "IND"], "up_to": 2}]).coalition_list
    assert len(found) == 6
    assert ("CHN",) in found
    assert ("CHN", "ARE") in found


BAD = """\
as_of: 2026-01-13
targets: [IRN, Atlantis]
senders: [USA, [USA, IRNN]]
coalitions: ["CHN:dark", {subsets_of: [CHN], up_to: 2}, [all, CHN]]
measures:
  - embargo crude-oil both
  - secondary_tariff 25% on partners of CUB
  - [embargo all both, tariff 10%]
horizon: medium
draws: {cout: 3}
"""


def test_all_mistakes_are_told_at_once_with_their_lines(tmp_path, capsys):
    file, out = tmp_path / "bad.yaml", tmp_path / "out"
    file.write_text(BAD)
    assert cli.run(["sweep", str(file), "--output", str(out)]) == 2
    told = capsys.readouterr().err
    expected = [
        'bad.yaml:2: targets[1]: unknown country or group "Atlantis"',
        'bad.yaml:3: senders[1]: unknown country or group "IRNN". Did you mean "Iran"?',
        'bad.yaml:4: coalitions[0]: "CHN:dark": unknown channel "dark"',
        "bad.yaml:4: coalitions[1]: up_to: 2 must be a whole number from 1 to 1",
        'bad.yaml:4: coalitions[2]: "all" stands alone',
        'bad.yaml:6: measures[0]: unknown sector "crude-oil"',
        "bad.yaml:7: measures[1].of: partners of CUB, but the target is IRN",
        "bad.yaml:8: measures[2][1]: tariff on cells that a full embargo stops",
        'bad.yaml:9: horizon: unknown field. Did you mean "horizons"?',
        'bad.yaml:10: draws.cout: unknown field. Did you mean "count"?',
    ]
    assert [e for e in expected if e not in told] == []
    assert not out.exists()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"targets": ["USA"], "senders": ["USA"]}, "every sender is also the target"),
        ({"senders": []}, "senders: is empty"),
        ({"coalitions": [{"subsets_of": [f"C{k}" for k in range(40)]}]}, "unknown country"),
        ({"draws": -1}, "draws"),
    ],
)
def test_a_wrong_grid_says_why(changes, told):
    with pytest.raises(InputError, match=told.replace("[", r"\[")):
        grid(**changes)


# -- plans ---------------------------------------------------------------------------------------------------


def test_a_sender_is_never_its_own_target():
    plan = make_plan(grid(targets=["IRN", "DEU"], senders=["USA", "EU27"]))
    assert plan.left_out == 1
    pressed = {(c.group.base.target, who) for c in plan.chunks for who in c.group.senders}
    assert pressed == {("IRN", ("USA",)), ("IRN", ("EU27",)), ("DEU", ("USA",))}


def test_names_are_hashes_of_content():
    plan = make_plan(grid(), chunk=5)
    assert len(set(ids(plan))) == plan.scenarios == 12
    assert [c.size for c in plan.chunks] == [5, 5, 2]
    same = make_plan(grid(title="other words", notes="and more"), chunk=5)
    assert [c.name for c in same.chunks] == [c.name for c in plan.chunks]
    later = make_plan(grid(as_of="2026-01-14"), chunk=5)
    assert not set(ids(later)) & set(ids(plan))
    assert not {c.name for c in later.chunks} & {c.name for c in plan.chunks}


def test_more_draws_and_another_target_keep_the_scenarios_that_were_there():
    few = set(ids(make_plan(grid())))
    assert few < set(ids(make_plan(grid(draws=5))))
    assert few < set(ids(make_plan(grid(targets=["CUB", "IRN"]))))
    assert {c.name for c in make_plan(grid()).chunks} < {
        c.name for c in make_plan(grid(targets=["CUB", "IRN"])).chunks
    }


def test_chunks_hold_one_horizon_and_discounts_have_their_own_base():
    plan = make_plan(
        grid(horizons=["medium", "year"], measures=["embargo oil exports", "discount 10% to CHN gone"])
    )
    assert all(len({item.horizon for item in c.payload().items}) == 1 for c in plan.chunks)
    assert all({c.horizon} == {item.horizon for item in c.payload().items} for c in plan.chunks)
    assert plan.bases == 2


def test_fewer_processes_are_used_where_memory_is_short():
    plan = make_plan(grid(), chunk=1)
    least = memory(plan, in_flight=1).total(1)
    assert wanted_processes(plan, 4) == 4
    assert wanted_processes(plan, 4, least + 1) == 1
    with pytest.raises(InputError, match="one process needs up to"):
        wanted_processes(plan, 4, least - 1)


# -- results -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    return sweep(RAW, tmp_path_factory.mktemp("swept"), processes=1, chunk=6)


def test_there_is_one_row_per_scenario_with_every_column(swept):
    with duckdb.connect() as database:
        names = [r[0] for r in database.execute(f"DESCRIBE SELECT * FROM '{swept.table}'").fetchall()]
    assert names == list(COLUMNS)
    assert rows(swept.table, "scenario") == [(name,) for name in ids(swept.plan)]
    found = rows(swept.table, "max(residual), min(iterations), count(error), min(seconds)")[0]
    assert 0 < found[0] < 1e-10
    assert found[1] > 0
    assert found[2] == 0
    assert found[3] > 0


def test_losses_are_those_of_the_assessment(swept):
    scenario = Scenario.of("IRN", senders=["EU27"], measures=["embargo oil exports"], as_of=date(2026, 1, 13))
    game = games(Question(scenario, (), recorded=False, lifted=False))["central"]
    friends = [game.world.country(c) for c in ("CHN", "ARE")]
    cut = Cut.of((k, c) for k in friends for c in range(3) if game.trade[k, c] > 0)
    one = horizon("medium", game.world.sectors)
    result = next(iter(game.results([game.shock(cut)], one)))
    where = "senders = 'EU27' AND coalition = 'CHN+ARE' AND draw = 0"
    loss, sender_loss, lifelines = rows(swept.table, "loss, sender_loss, lifelines_cut", where)[0]
    assert lifelines == len(cut.pairs)
    assert loss == pytest.approx(result.of("IRN"), abs=1e-9)
    who = [game.world.country(c) for c in scenario.sender_codes]
    before = result.economy.income[who].sum()
    assert sender_loss == pytest.approx(
        1 - (result.real_income * result.economy.income)[who].sum() / before, abs=1e-9
    )


def test_a_larger_coalition_costs_more_and_draws_differ(swept):
    by = {r[:3]: r[3] for r in rows(swept.table, "senders, coalition, draw, loss")}
    assert all(by["USA", "CHN+ARE", d] > by["USA", "none", d] for d in range(3))
    assert len({round(by["USA", "CHN+ARE", d], 9) for d in range(3)}) == 3


def test_a_threat_alone_costs_nothing_and_a_channel_less_than_all(tmp_path):
    done = sweep(
        RAW | {"senders": "USA", "measures": "secondary_tariff 25% on partners", "draws": 0,
               "coalitions": ["none", "CHN:shielded", "CHN", "all"]},
        tmp_path, processes=1,
    )  # fmt: skip
    none, shielded, china, everyone = (r[0] for r in rows(done.table, "loss"))
    assert none == pytest.approx(0, abs=1e-12)
    assert 0 < shielded < china < everyone


def test_a_scenario_without_equilibrium_keeps_its_row_and_says_why(tmp_path, monkeypatch):
    real = solving.solve_iter

    def stubborn(economy, shocks, elasticities):
        if any("CHN+ARE, medium, 1" in shock.label for shock in shocks):
            raise NotConvergedError("no equilibrium found")
        return real(economy, shocks, elasticities)

    monkeypatch.setattr(solving, "solve_iter", stubborn)
    done = sweep(RAW | {"senders": "USA"}, tmp_path, processes=1)
    found = rows(done.table, "coalition, draw, loss IS NULL, error")
    assert len(found) == 6
    assert [r for r in found if r[2]] == [("CHN+ARE", 1, True, "no equilibrium found")]
    assert sum(r[3] is None for r in found) == 5


def test_the_same_again_solves_nothing_and_a_cancel_keeps_what_is_finished(tmp_path):
    stops = iter([False, True])
    half = sweep(RAW, tmp_path, processes=1, chunk=3, cancel=lambda: next(stops, True))
    assert half.table is None
    assert half.tally.cancelled
    files = {f.name: f.stat().st_mtime_ns for f in (tmp_path / "chunks").iterdir()}
    assert 0 < len(files) < 4
    whole = sweep(RAW, tmp_path, processes=1, chunk=3)
    assert whole.tally.resumed == half.tally.added
    assert all((tmp_path / "chunks" / name).stat().st_mtime_ns == at for name, at in files.items())
    again = sweep(RAW, tmp_path, processes=1, chunk=3)
    assert (again.tally.resumed, again.tally.added) == (12, 0)


def test_the_manifest_says_what_the_folder_holds(swept):
    found = json.loads((swept.folder / "manifest.json").read_text())
    assert found["scenarios"] == 12
    assert found["columns"]["loss"]["unit"] == "fraction"
    assert [f"{name}.parquet" for name in found["chunks"]] == [
        f.name
        for f in sorted((swept.folder / "chunks").iterdir(), key=lambda f: found["chunks"].index(f.stem))
    ]
    assert ids(make_plan(Grid.model_validate(found["grid"]))) == ids(swept.plan)


def test_dry_run_counts_and_writes_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "grid.yaml"
    file.write_text(json.dumps(RAW) + "\n")
    assert cli.run(["sweep", str(file), "--dry-run", "-p", "1"]) == 0
    out = capsys.readouterr().out
    assert "12 scenarios in 1 chunks on 1 base economies" in out
    assert "MB a batch" in out
    assert "time: about" in out
    assert [f.name for f in tmp_path.iterdir()] == ["grid.yaml"]


def test_an_output_that_cannot_be_is_refused_before_anything_is_solved(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is a file"):
        sweep(RAW, tmp_path / "file", processes=1)


def test_draws_move_the_elasticities_within_the_range_of_the_horizon():
    sets = make_plan(grid(draws={"count": 8, "each": "sector"})).chunks[0].group.sets["medium"]
    trade = np.array([one.trade for one in sets])
    assert trade.shape == (9, 10)
    assert (trade[0] == 2.0).all()
    assert ((trade >= 1.5) & (trade <= 2.5)).all()
    assert len(np.unique(trade[1:])) > 40
