from __future__ import annotations

import ast
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import tertius.report.validation as package
from tertius.cli import run
from tertius.errors import DataError
from tertius.report.validation import Expected, Found, Record, suite, validate
from tertius.report.validation.bench import Bench, embargo, money_lost, solve
from tertius.report.validation.earlier import partners_of_2005, read_partners
from tertius.report.validation.facts import Fact, read_facts
from tertius.report.validation.page import markdown, number, row

FOLDER = Path(package.__file__).parent
PAGE = Path(__file__).parents[2] / "docs" / "validation.md"
AGAIN = "write it again: tertius validate --out docs/validation.md"


@pytest.fixture(scope="module")
def seen():
    return []


@pytest.fixture(scope="module")
def found(seen):
    return validate(progress=lambda *step: seen.append(step))


def record(low, high, central, ends=(), margin=1.0):
    expected = Expected(low, high, margin, "%", "2020", "somebody")
    return Record("0", "data", "a thing", expected, Found.at(central, ends))


# -- verdicts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("central", "ends", "verdict"),
    [
        (10, (), "agrees"),
        (12, (), "agrees"),
        (12.5, (), "near"),
        (9.0, (), "near"),
        (13.5, (), "misses"),
        (-10, (), "misses"),
        (20, (11,), "near"),
        (20, (30,), "misses"),
    ],
)
def test_a_verdict_follows_from_the_numbers(central, ends, verdict):
    assert record(10, 12, central, ends).verdict == verdict


def test_nothing_to_compare_is_not_a_verdict_on_tertius():
    assert replace(record(10, 12, 11), found=None).verdict == "cannot be tested"
    assert replace(record(10, 12, 11), expected=None).verdict == "cannot be tested"


def test_ends_enclose_the_central_case():
    assert Found.at(3.0, [1.0, 2.0]) == Found(1.0, 3.0, 3.0)


# -- facts ---------------------------------------------------------------------------------------------


def test_every_expected_figure_has_unit_year_source_and_order():
    for part in read_facts().values():
        for fact in part:
            if fact.expected is None:
                assert fact.why, fact.fact
                continue
            e = fact.expected
            assert e.unit, fact.fact
            assert e.year, fact.fact
            assert e.source, fact.fact
            assert e.low <= e.high, fact.fact
            assert e.margin >= 0, fact.fact
            assert fact.how, fact.fact


def test_words_that_a_check_does_not_give_are_refused():
    fact = Fact("0", "data", "a thing", None, "", "", "{missing:.0f}")
    with pytest.raises(DataError, match="missing"):
        fact.against(Found.at(1.0))


def test_a_figure_without_a_check_is_refused(monkeypatch):
    monkeypatch.delitem(suite.CHECKS, "45a")
    with pytest.raises(DataError, match="45a"):
        validate()


def test_a_check_without_a_figure_is_refused(monkeypatch):
    monkeypatch.setitem(suite.CHECKS, "999", lambda _: Found.at(1.0))
    with pytest.raises(DataError, match="999"):
        validate()


# -- independence --------------------------------------------------------------------------------------


def modules():
    return {p: ast.parse(p.read_text(encoding="utf-8")) for p in sorted(FOLDER.glob("*.py"))}


def test_no_check_reads_claims_or_the_shadow_overlay():
    for path, tree in modules().items():
        for node in ast.walk(tree):
            names = []
            if isinstance(node, ast.Import):
                names = [a.name for a in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{a.name}" for a in node.names]
            for name in names:
                assert not re.search(r"ledger|claim|shadow|asof|as_of", name), f"{path.name} imports {name}"


def test_worlds_are_the_recorded_ones():
    bench = Bench()
    for world in (bench.now, bench.before):
        assert world.shadow_reading == "recorded"
        assert not world.shadow.any()


def test_checks_do_not_read_the_published_figures():
    for path, tree in modules().items():
        if path.stem in {"facts", "suite", "page", "record", "__init__"}:
            continue
        names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        imported = {a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names}
        assert not {"read_facts", "Expected", "Fact"} & (names | imported), path.name


# -- the run ---------------------------------------------------------------------------------------------


def test_every_check_runs(found, seen):
    facts = [f for part in read_facts().values() for f in part]
    assert [r.fact for r in found.records] == [f.fact for f in facts]
    for r, fact in zip(found.records, facts, strict=True):
        assert (r.found is None) == (fact.expected is None)
        if r.found is not None:
            assert np.isfinite([r.found.low, r.found.central, r.found.high]).all(), r.fact
            assert r.found.low <= r.found.central <= r.found.high
    assert seen[-1][:2] == (len(facts), len(facts))
    assert sum(found.counts.values()) == len(facts)


def test_verdicts_are_recomputed_from_the_numbers(found):
    for r in found.records:
        if r.found is None or r.expected is None:
            continue
        far = replace(r, found=Found.at(r.expected.high + 2 * r.expected.margin + 1.0))
        middle = replace(r, found=Found.at((r.expected.low + r.expected.high) / 2))
        assert far.verdict == "misses"
        assert middle.verdict == "agrees"


def test_whatever_does_not_agree_has_its_reason(found):
    for r in found.records:
        if r.verdict != "agrees":
            assert len(r.why.split()) >= 4, f"{r.fact} {r.verdict} without a reason"


def test_found_values_move_with_the_world(found):
    bench = Bench()
    w = bench.now
    sales = w.sales.copy()
    sales[w.sector("machinery"), w.country("CHN"), w.country("USA")] *= 2
    bench.__dict__["now"] = replace(w, sales=sales)
    before = next(r.found.central for r in found.records if r.fact == "37a")
    assert suite.CHECKS["37a"](bench).central > 1.2 * before


def test_more_senders_never_hurt_the_target_less():
    bench = Bench()
    economy = bench.economy(2015, "RUS")
    few, many = bench.europe(2015), bench.coalition("RUS")
    first, second = solve(economy, [embargo(economy, "RUS", who) for who in (few, many)], "medium")
    assert 0 < first.of("RUS") < second.of("RUS")
    assert money_lost(first, few) > 0


# -- the page --------------------------------------------------------------------------------------------


def cells(line):
    return [c.strip() for c in line.strip().strip("|").split("|")]


def figures(text):
    plain = text.replace("\N{MINUS SIGN}", "-").replace(",", "")
    return [float(x) for x in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", plain)]


def test_the_committed_page_is_of_this_run(found):
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    for digest in found.snapshots.values():
        assert f"`{digest}`" in "\n".join(lines[:25]), f"the page is of another snapshot; {AGAIN}"
    table = [cells(line) for line in lines if line.startswith("|")]
    rows = {c[0]: c for c in table if len(c) == 6 and c[0] not in {"fact", "---"}}
    for r in found.records:
        shown, fresh = rows[r.fact], row(r)
        assert shown[1:4] == list(fresh[1:4]), f"{r.fact}; {AGAIN}"
        assert shown[5] == fresh[5], f"{r.fact}; {AGAIN}"
        assert figures(shown[4]) == pytest.approx(figures(fresh[4]), rel=0.02, abs=1e-9), f"{r.fact}; {AGAIN}"
    assert len(rows) == len(found.records)


def test_the_page_names_every_miss_and_its_size(found):
    text = markdown(found)
    for r in found.records:
        if r.verdict == "misses":
            assert f"({r.fact}): " in text
            assert r.why in text
    assert "{" not in text


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (1234.5, "1,234"), (-3.542, "\N{MINUS SIGN}3.54"), (0.0332, "0.0332")]
)
def test_numbers_have_three_digits(value, text):
    assert number(value) == text


# -- the command -----------------------------------------------------------------------------------------


def test_the_command_writes_page_and_json(found, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(package, "validate", lambda **_: found)
    page = tmp_path / "page.md"
    assert run(["validate", "--quiet", "--json", "--out", str(page)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["counts"] == dict(found.counts)
    assert told["snapshots"] == {str(k): v for k, v in found.snapshots.items()}
    assert page.read_text(encoding="utf-8") == markdown(found)
    assert [p.name for p in tmp_path.iterdir()] == ["page.md"]


def test_the_command_shows_a_table(found, monkeypatch, capsys):
    monkeypatch.setattr(package, "validate", lambda **_: found)
    assert run(["validate", "--quiet"]) == 0
    assert "agrees" in capsys.readouterr().out


def test_a_folder_that_is_not_there_is_refused_before_the_run(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(package, "validate", lambda **_: pytest.fail("ran"))
    assert run(["validate", "--out", str(tmp_path / "none" / "page.md")]) == 2
    assert "none" in capsys.readouterr().err
    assert run(["validate", "--out", str(tmp_path)]) == 2


# -- Iran's earlier partners -----------------------------------------------------------------------------

RAW = Path(__file__).parents[3] / "shared/data/trade_unctad/unctad_mtm_sitc1_1995_2005_2015.parquet"


def test_earlier_partners_keep_every_sectors_total():
    bench = Bench()
    then, now, t = partners_of_2005(bench), bench.before, bench.before.country("IRN")
    assert then.sales[:, t].sum(axis=1) == pytest.approx(now.sales[:, t].sum(axis=1), rel=1e-9)
    assert then.sales[:, :, t].sum(axis=1) == pytest.approx(now.sales[:, :, t].sum(axis=1), rel=1e-9)
    germany = now.country("DEU")
    assert then.sales[:8, germany, t].sum() > 1.5 * now.sales[:8, germany, t].sum()


@pytest.mark.skipif(not RAW.is_file(), reason="needs the raw UNCTAD matrix beside the checkout")
def test_the_partners_of_2005_are_unctads():
    import duckdb

    query = (
        f"select importer, value_kusd / 1e3 from '{RAW}' "
        "where year = 2005 and sector = 'All' and exporter = 'IRN' and value_kusd > 1e5"
    )
    world = Bench().before
    exports, _ = read_partners(world)
    rows = [(c, v) for c, v in duckdb.sql(query).fetchall() if c in world.countries]
    assert len(rows) > 20
    assert [exports[world.country(c)] for c, _ in rows] == pytest.approx([v for _, v in rows], rel=1e-3)
