import json
from pathlib import Path

import pytest

from tertius.errors import InputError
from tertius.scenario import Scenario, library, load, read_scenario
from tertius.scenario.schema import schema

GOOD = """
title: a title
target: Iran
senders: USA
as_of: 2026-01-13
measures:
  - secondary_tariff 25% on partners of IRN
  - type: embargo
    sectors: oil
    direction: exports
"""


def complaints(text):
    with pytest.raises(InputError) as caught:
        read_scenario(text)
    return caught.value.problems


def test_a_document_reads_names_lines_and_fields():
    scenario = read_scenario(GOOD)
    assert scenario.target == "IRN"
    assert [m.type for m in scenario.measures] == ["secondary_tariff", "embargo"]
    assert all(m.senders == ("USA",) for m in scenario.measures)
    assert [m.type for m in scenario.threats] == ["secondary_tariff"]


def test_it_writes_yaml_that_reads_back_equal():
    scenario = read_scenario(GOOD)
    assert read_scenario(scenario.to_yaml()) == scenario


def test_the_hash_knows_what_matters_and_ignores_words():
    digest = read_scenario(GOOD).digest()
    assert read_scenario(GOOD.replace("a title", "another")).digest() == digest
    assert read_scenario(GOOD.replace("Iran", "IRN")).digest() == digest
    assert read_scenario(GOOD.replace("25%", "26%")).digest() != digest
    assert read_scenario(GOOD.replace("2026-01-13", "2026-01-14")).digest() != digest


def test_python_values_make_the_same_scenario():
    built = Scenario.of(
        "IRN",
        senders="USA",
        measures=["secondary_tariff 25% on partners of IRN", "embargo oil exports"],
        as_of="2026-01-13",
        title="a title",
    )
    assert built == read_scenario(GOOD)


def test_every_mistake_comes_at_once_with_its_line():
    problems = complaints(
        "target: USA\n"
        "senders: [USA, Absurdistan]\n"
        "as_of: 13 January\n"
        "measures:\n"
        "  - type: embargo\n"
        "    sectors: [crude-oil]\n"
        "    directon: exports\n"
        "  - type: embarg\n"
        "wrld: {year: 2023}\n"
    )
    starts = [p.split(" ")[0] for p in problems]
    assert starts == ["<text>:2:", "<text>:3:", "<text>:6:", "<text>:7:", "<text>:8:", "<text>:9:"]
    text = "\n".join(problems)
    assert 'measures[0].sectors: unknown sector "crude-oil". Did you mean "crude_oil_gas"?' in text
    assert 'measures[0].directon: unknown field. Did you mean "direction"?' in text
    assert 'measures[1]: unknown measure "embarg". Did you mean "embargo"?' in text
    assert 'wrld: unknown field. Did you mean "world"?' in text


def test_contradictions_are_told_beside_other_mistakes():
    problems = complaints(
        GOOD.replace("a title", "x").replace("senders: USA", "senders: [USA, IRN]") + "extra: 1\n"
    )
    text = "\n".join(problems)
    assert "IRN is sender and target at once" in text
    assert "extra: unknown field" in text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [\nb", "<text>:2: not readable as YAML"),
        ("- 1\n- 2\n", "a scenario is a mapping"),
        ("target: IRN\ntarget: CUB\n", "not readable as YAML"),
        ("target:\nsenders: USA\nas_of: 2026-01-13\nmeasures: [tariff 2%]\n", "<text>:1: target"),
        (GOOD.replace("2026-01-13", "2026-13-01"), "is not a date"),
        (GOOD.replace("25%", "25"), "is not a number in per cent"),
        (GOOD + "horizon: forever\n", 'unknown horizon "forever"'),
        (GOOD + "world: {year: 1999}\n", 'unknown year "1999". Possible: 2015, 2023'),
        ("target: IRN\nsenders: USA\nas_of: 2026-01-13\nmeasures: []\n", "measures: is empty"),
        ("target: IRN\nsenders: USA\nas_of: 2026-01-13\nmeasures: 7\n", "measures: "),
        ("target: IRN\nsenders: 5\nas_of: 2026-01-13\nmeasures: [7]\n", "measures[0]"),
    ],
)
def test_unreadable_and_impossible_documents_say_where(text, message):
    assert any(message in p for p in complaints(text))


def test_a_missing_file_lists_what_was_meant():
    assert 'Did you mean "iran_oil_embargo"' in complaints("iran_oil_embarg")[0]


def test_a_file_that_is_no_text_says_so(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_bytes(b"\xff\xfe\x00\x01")
    assert "bad.yaml: cannot be read as UTF-8" in complaints(path)[0]


def test_a_huge_file_is_refused(tmp_path):
    path = tmp_path / "huge.yaml"
    path.write_text("x" * 1_000_001)
    assert "at most 1,000,000" in complaints(path)[0]


@pytest.mark.parametrize("name", library())
def test_every_library_scenario_reads_writes_and_applies(name, wide_world):
    scenario = load(name)
    assert scenario.title
    assert read_scenario(scenario.to_yaml()) == scenario
    assert all(m.citation for m in scenario.measures if m.dates.said), "a dated measure cites its source"
    moved = len(scenario.wedges(wide_world)) + sum(len(m.states) for m in scenario.measures)
    assert moved > 0


def test_the_library_holds_the_cases():
    assert len(library()) >= 12
    assert load("iran_secondary_tariff_2026").threats
    assert not load("iran_after_voiding").threats
    assert {"EU27"} < set(load("coalition_on_iran").senders)
    plus, free = load("russia_west_plus_china"), load("russia_west_with_china_free")
    assert set(plus.senders) - set(free.senders) == {"CHN"}
    assert [str(m) for m in plus.measures] == [str(m) for m in free.measures]


def test_the_voided_threat_exposes_nobody(wide_world):
    before, after = load("iran_secondary_tariff_2026"), load("iran_after_voiding")
    assert len(before.exposure(wide_world, "CHN")) > 0
    assert len(after.exposure(wide_world, "CHN")) == 0


def test_the_published_schema_is_current():
    path = Path(__file__).parents[2] / "docs" / "schema" / "scenario.schema.json"
    assert json.loads(path.read_text()) == json.loads(json.dumps(schema())), (
        "run: tertius scenario schema > docs/schema/scenario.schema.json"
    )


def test_groups_follow_the_as_of_date():
    def senders(day):
        return Scenario.of("IRN", senders=["EU27"], measures="tariff 1%", as_of=day).sender_codes

    assert "GBR" in senders("2015-01-01")
    assert "GBR" not in senders("2026-01-13")


def test_an_unknown_sender_is_told_of_countries_and_groups():
    assert (
        'unknown country or group "NATOO". Did you mean "NATO"' in complaints(GOOD.replace("USA", "NATOO"))[0]
    )
