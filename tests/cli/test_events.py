"""`tertius events` on the command line."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from tertius.cli.events import app
from tertius.errors import InputError


@pytest.fixture
def facts(tmp_path):
    rows = [
        ("China", "Consult", "Iran", f"{year}-{month:02}-{day:02}")
        for year in (2024, 2025)
        for month in range(1, 13)
        for day in (3, 9)
    ]
    rows += [("China", "Provide aid", "Iran", f"2025-{month:02}-20") for month in (2, 5, 8, 11)]
    rows += [
        ("United States", "Impose embargo, boycott, or sanctions", "Iran", f"2025-{month:02}-01")
        for month in (2, 11)
    ]
    path = tmp_path / "facts.txt"
    path.write_text("".join("\t".join(row) + "\n" for row in rows))
    return path


def run(*arguments):
    return CliRunner().invoke(app, [str(each) for each in arguments], catch_exceptions=False)


def test_the_busiest_dyads_are_listed_and_a_bad_file_is_named(facts, tmp_path):
    (tmp_path / "bad.txt").write_text("no events here\n")
    result = run(facts, tmp_path / "bad.txt")
    assert result.exit_code == 0
    assert "CHN" in result.stdout
    assert "not read:" in result.stdout
    assert "bad.txt:1: found 1 columns" in result.stdout.replace("\n", "")


def test_json_holds_months_and_indicators_with_their_coverage(facts):
    document = json.loads(
        run(facts, "--dyad", "China", "IRN", "--trigger", "2024-02", "--trigger", "USA", "--json").stdout
    )
    assert document["dyad"] == {"actor": "CHN", "recipient": "IRN", "unit": "events"}
    assert document["triggers"] == ["2024-02", "2025-02", "2025-11"]
    assert len(document["months"]) == 24
    assert sum(month["material"] for month in document["months"]) == 4
    found = {each["name"]: each for each in document["indicators"]}
    assert found["material_share"]["value"] == pytest.approx(4 / 52)
    assert found["pledge_to_delivery"]["value"] is None
    assert found["continuity"] | {"source": ""} == {
        "name": "continuity",
        "value": 1.0,
        "unit": "share",
        "rests_on": {"n": 24, "of": "months"},
        "coverage": 1.0,
        "period": "2024-01 to 2025-12",
        "why_unknown": "",
        "source": "",
    }


def test_the_table_prints_unknown_and_why(facts):
    text = run(facts, "--dyad", "CHN", "IRN").stdout
    assert "unknown" in text
    assert "0 triggers" in text


def test_all_series_are_written_where_asked(facts, tmp_path):
    out = tmp_path / "series.csv"
    run(facts, "--out", out)
    assert out.read_text().splitlines()[0].startswith("month,actor,recipient,verbal_cooperation")


def test_names_of_persons_can_be_given_in_a_file(facts, tmp_path):
    more = tmp_path / "more.txt"
    more.write_text("Xi Jinping\tConsult\tIran\t2025-05-05\n")
    names = tmp_path / "names.tsv"
    names.write_text("Xi Jinping\tChina\n")
    document = json.loads(run(facts, more, "--aliases", names, "--dyad", "CHN", "IRN", "--json").stdout)
    assert sum(month["verbal"] for month in document["months"]) == 49


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--dyad", "CHN", "Atlantis"], 'unknown country "Atlantis"'),
        (["--trigger", "USA"], "--trigger needs --dyad"),
        (["--dyad", "CHN", "IRN", "--trigger", "1999-01"], "outside 2024-01 to 2025-12"),
        (["--out", "series.xlsx"], "Possible: .parquet, .csv"),
        (["--out", "/no/such/folder/series.csv"], "there is no folder"),
        (["--weight", "fame"], 'unknown weight "fame"'),
    ],
)
def test_a_wrong_option_is_refused_with_what_is_possible(facts, options, message):
    with pytest.raises(InputError, match=message):
        run(facts, *options)
