from __future__ import annotations

import re
from pathlib import Path

import pytest

from tertius.errors import DataError
from tertius.ledger import claims, load_curated
from tertius.ledger.curated import build, publishers
from tertius.ledger.record import last_day_of
from tertius.ledger.topics import topic, topics

ARTICLES = Path(__file__).resolve().parents[3] / "shared" / "articles"
INVENTORY = [
    f"{kind}{n}" for kind, count in (("A", 21), ("M", 31), ("P", 9), ("Q", 13)) for n in range(1, count + 1)
]
FACTS = [*range(1, 26), 28, 29, 30, 31, 32, 35, 37, 38, 39, 45, 47]


def test_at_least_110_claims_on_the_five_targets_and_their_supporters() -> None:
    every = load_curated()
    assert len(every) >= 110
    assert {"IRN", "CUB", "VEN", "PRK", "RUS"} <= {c.target for c in every}
    assert {"CHN", "RUS", "MEX", "VEN", "IND", "USA"} <= {c.supporter for c in every}
    assert len({c.id for c in every}) == len(every)


def test_every_row_of_the_inventory_is_recorded_by_a_claim() -> None:
    recorded = {row for c in load_curated() for row in c.inventory}
    assert recorded == set(INVENTORY)


def test_every_published_fact_about_the_cases_is_recorded() -> None:
    recorded = {row for c in load_curated() for row in c.facts}
    assert recorded == {f"F{n}" for n in FACTS}


def test_mechanisms_that_are_computed_name_a_module_of_the_package() -> None:
    modules = {c.computed_by for c in load_curated() if c.computed_by}
    assert modules <= {
        f"tertius.{name}" for name in ("engine", "engine.shortage", "leverage", "scenario", "strategy")
    }
    computed = {row for c in load_curated() if c.computed_by for row in c.inventory}
    assert {"M3", "M5", "M15", "M20", "M24", "M31"} <= computed


def test_every_claim_has_who_when_about_when_and_own_words() -> None:
    for c in load_curated():
        assert c.origin, c.key
        assert c.doc.publisher in publishers(), c.key
        assert c.known_on is not None, c.key
        assert c.said, c.key
        assert c.about is not None, c.key
        assert c.about.start, c.key
        assert c.summary.endswith((".", '"')), c.key
        assert c.attribution, c.key


def test_numbers_have_a_topic_its_unit_and_lie_within_its_bounds() -> None:
    for c in load_curated():
        if c.value is None:
            continue
        about = topic(c.topic)
        assert c.value.unit == about.unit, c.key
        for number in (c.value.low, c.value.central, c.value.high):
            if number is not None and about.low is not None:
                assert about.low <= number <= about.high, c.key


def test_nothing_of_our_own_is_marked_as_measured() -> None:
    own = [c for c in load_curated() if c.origin == "Tertius"]
    assert own
    assert {c.basis for c in own} <= {"judgement", "estimate"}
    assert max(c.confidence for c in own) <= 0.4


def test_business_at_stake_without_a_figure_is_unknown_and_said_so() -> None:
    unknown = claims(topic="CHN.listed_bank_business_bn")
    assert unknown
    assert all(c.value is None and "unknown" in c.summary for c in unknown)


@pytest.mark.parametrize(
    ("topic_key", "target", "at_least"),
    [
        ("IRN.china_share_of_oil_exports", "IRN", 4),
        ("IRN.oil_discount_usd_bbl", "IRN", 4),
        ("IRN.oil_exports_kbd", "IRN", 5),
        ("CUB.crude_supplier_share", "CUB", 7),
        ("RUS.urals_discount_usd_bbl", "RUS", 4),
        ("VEN.oil_discount_usd_bbl", "VEN", 4),
        ("PRK.china_share_of_trade", "PRK", 2),
    ],
)
def test_contested_numbers_keep_their_readings(topic_key: str, target: str, at_least: int) -> None:
    found = [c for c in claims(target, topic=topic_key) if not c.relay_of]
    assert len(found) >= at_least
    assert len({(c.value.low, c.value.central, c.value.high) for c in found if c.value}) >= 2


@pytest.mark.parametrize("year", ["2018", "2020", "2023", "2024", "2025"])
def test_iranian_exports_are_there_for_each_year_the_leverage_needs(year: str) -> None:
    assert [c for c in claims(topic="IRN.oil_exports_kbd") if c.about and c.about.start.startswith(year)]


def test_on_13_january_2026_the_order_and_its_end_do_not_exist() -> None:
    then = claims(as_of="2026-01-13")
    assert {c.legal for c in claims("IRN", measure="us_secondary_tariff_iran", as_of="2026-01-13")} == {
        "announced"
    }
    assert {c.legal for c in claims("IRN", measure="us_secondary_tariff_iran", as_of="2026-02-19")} == {
        "announced",
        "ordered",
    }
    assert "void" in {c.legal for c in claims("IRN", measure="us_secondary_tariff_iran", as_of="2026-02-20")}
    assert max(str(c.known_on) for c in then) == "2026-01-13"
    assert not [
        c
        for c in then
        if c.about and last_day_of(c.about.start).year == 2026 and c.about.start > "2026-01-13"
    ]


def test_the_announcement_is_not_known_the_day_before() -> None:
    assert claims("IRN", measure="us_secondary_tariff_iran", as_of="2026-01-11") == []


def test_the_customs_total_says_that_it_is_not_the_total() -> None:
    (customs,) = claims(topic="IRN.customs_imports_by_china_bn")
    assert customs.channel == "open"
    assert customs.value is not None
    assert customs.value.central == 4.4
    assert "not the total" in customs.summary


def test_loading_twice_gives_equal_records_and_a_list_of_ones_own() -> None:
    first = load_curated()
    first.clear()
    assert [c.to_json() for c in load_curated()] == [c.to_json() for c in load_curated()]


def test_all_mistakes_of_the_files_are_reported_at_once() -> None:
    documents = {"d": {"publisher": "Reuters", "published": "2026-01-01"}}
    base = {"doc": "d", "about": 2025, "origin": "Kpler", "summary": "x."}
    rows = [
        ("a.yaml", base | {"key": "one", "topic": "IRN.oil_export_kbd", "value": 1}),
        ("a.yaml", base | {"key": "one", "doc": "dd"}),
        ("b.yaml", base | {"key": "two", "relay_of": "thre"}),
    ]
    built, problems = build(rows, documents)
    assert built == []
    assert len(problems) == 4
    assert any("Did you mean" in p and "IRN.oil_exports_kbd" in p for p in problems)
    _, problems = build([("a.yaml", base | {"key": "x", "channel": "secret"})], documents)
    assert problems[0].startswith("a.yaml: x: channel")


def test_a_bad_as_of_date_is_refused() -> None:
    with pytest.raises(DataError, match="as-of date"):
        claims(as_of="yesterday")


def test_every_topic_with_claims_is_described() -> None:
    assert {c.topic for c in load_curated() if c.topic} <= set(topics())


def test_no_sentence_of_the_articles_is_in_the_claims() -> None:
    if not ARTICLES.is_dir():
        pytest.skip("the articles are not beside this checkout")
    grams = set()
    for file in ARTICLES.glob("*.txt"):
        words = re.findall(r"\w+", file.read_text(encoding="utf-8").lower())
        grams |= {tuple(words[i : i + 8]) for i in range(len(words) - 7)}
    assert grams
    for c in load_curated():
        words = re.findall(r"\w+", c.summary.lower())
        assert not {tuple(words[i : i + 8]) for i in range(len(words) - 7)} & grams, c.key
