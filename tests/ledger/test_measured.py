"""From sentences to numbers: what gets a topic, what gets none, and what the record then says."""

from __future__ import annotations

import pytest

from tertius.ledger.extract.protocol import Article, checked
from tertius.ledger.measured import measured
from tertius.ledger.record import Actor, Claim, Doc, Quantity, Span, write_jsonl
from tertius.ledger.topics import topics


def article(text: str, published: str = "2026-03-20", publisher: str = "Reuters") -> Article:
    return Article(Doc(id="an-article", publisher=publisher, published=published), text)


def numbers(text: str, published: str = "2026-03-20") -> list[Claim]:
    return [c for c in measured(article(text, published), []) if c.topic]


CRUDE = "IRN.china_oil_imports_kbd"
PLACED = [
    ("China imported 690,000 barrels per day of Iranian oil in January, Kpler data showed.", CRUDE, "CHN", 690, "2026-01"),
    ("China's purchases of Iranian crude fell by half in January to about 690,000 barrels a day, according to Kpler.", CRUDE, "CHN", 690, "2026-01"),
    ("Kpler has China's imports of Iranian oil dropping to 700,000 bpd in January from 1.4 million bpd in December.", CRUDE, "CHN", 700, "2026-01"),
    ("Iranian crude shipments to China averaged 1.2 million bpd in 2025, up from 1.1 million bpd a year earlier.", CRUDE, "CHN", 1200, "2025"),
    ("Tehran's exports of crude to China remained at 1.6 million bpd in February, its oil minister said.", CRUDE, "CHN", 1600, "2026-02"),
    ("Exports of Iranian crude hit 1.8 million bpd in September 2025, the highest since 2018.", "IRN.oil_exports_kbd", "", 1800, "2025-09"),
    ("India bought 150,000 barrels per day of Iranian crude in January, Vortexa said.", "IRN.crude_to_buyer_kbd", "IND", 150, "2026-01"),
    ("Venezuela's crude exports to China slid to 150,000 barrels a day in February.", "VEN.china_oil_imports_kbd", "CHN", 150, "2026-02"),
    ("China bought 63 percent of Iran's oil exports in 2025.", "IRN.china_share_of_oil_exports", "CHN", 0.63, "2025"),
    ("Mexico delivered 930,000 barrels of fuel to Cuba in January.", "CUB.oil_from_supplier_kbd", "MEX", 30, "2026-01"),
    ("Mexico delivered 6,000 barrels of fuel a day to Cuba in January.", "CUB.oil_from_supplier_kbd", "MEX", 6, "2026-01"),
    ("Oil shipments from Mexico to Cuba fell to 5,000 bpd in February.", "CUB.oil_from_supplier_kbd", "MEX", 5, "2026-02"),
    ("The discount of Iranian Light widened to $12 a barrel below ICE Brent.", "IRN.oil_discount_usd_bbl", "CHN", 12, ""),
    ("Cuba's fuel stocks stood at 420,000 barrels.", "CUB.fuel_stock_kb", "", 420, ""),
    ("China's exports to Iran totalled $9.1 billion in 2025, customs data showed.", "IRN.imports_from_partner_bn", "CHN", 9.1, "2025"),
    ("Trade between China and North Korea reached $2.7 billion in 2025.", "PRK.china_trade_bn", "CHN", 2.7, "2025"),
    ("Iran's GDP stood at about $341 billion in 2025.", "IRN.gdp_usd_bn", "", 341, "2025"),
    ("Cuba's economy shrank by 1.5% in 2025.", "CUB.gdp_change_pct", "", -1.5, "2025"),
    ("Iran's shadow fleet counts 430 tankers.", "IRN.shadow_fleet_vessels", "", 430, ""),
    ("China's crude imports from Iran halved in February, Vortexa data showed.", "IRN.oil_sales_recent_change_pct", "CHN", -50, "2026-02"),
    ("Iran's oil exports dropped 30% in February 2026 from a year earlier, according to Kpler.", "IRN.oil_sales_change_pct", "", -30, "2026-02"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "topic", "supporter", "value", "about"), PLACED)
def test_a_number_gets_topic_supporter_value_and_period(text, topic, supporter, value, about) -> None:
    (found,) = numbers(text)
    assert (found.topic, found.supporter) == (topic, supporter)
    assert found.value is not None
    assert found.value.central == pytest.approx(value)
    assert found.value.unit == topics()[topic].unit
    assert (found.about.start if found.about else "") == about
    assert found.rule.startswith("measured.")
    assert 0 < found.confidence < 0.75


@pytest.mark.parametrize(
    "text",
    [
        "Beijing pledged to buy 2 million barrels a day of Iranian crude in 2026.",
        "China could import 1.8 million bpd of Iranian crude this year if prices fall, analysts said.",
        "China did not buy 2 million barrels a day of Iranian crude in January.",
        "China is set to import 1.8 million bpd of Iranian crude in 2026.",
        "Iran denied that its crude exports had fallen to 900,000 bpd in February.",
        "Did China buy 1 million bpd of Iranian oil in January?",
        "China agreed to buy 500,000 bpd of Iranian crude in February.",
        "China bought more than 80% of Iran's shipped oil, Kpler said.",  # no period, no habit
        "China's crude imports from Iran and Russia rose to 2 million bpd in January.",
        "Imports of Iranian crude into China's Shandong province fell to 500,000 bpd in January.",
        "Sinopec bought 100,000 bpd of Russian crude in January.",
        "China imported a record 11.1 million bpd of crude in 2025.",
        "A tanker took 2 million barrels of Iranian crude to China.",  # a cargo without a period is no flow
        "Germany's exports to Japan totalled $22 billion in 2025.",  # nobody is pressed
        "Kenya bought 400 tractors from India in January.",
    ],
)
def test_what_is_denied_promised_supposed_or_unclear_gets_no_topic(text) -> None:
    assert numbers(text) == []


def test_the_number_of_comparison_is_not_the_level() -> None:
    (found,) = numbers(
        "China's imports of Iranian crude fell to 700,000 bpd in January from 1.4 million bpd."
    )
    assert found.value is not None
    assert found.value.central == 700


def test_more_than_has_no_high_end_and_about_no_width() -> None:
    (more,) = numbers("More than 80% of Iran's shipped oil went to China in 2025, Kpler data showed.")
    assert more.value is not None
    assert (more.value.low, more.value.high) == (0.8, None)


@pytest.mark.parametrize(
    ("who", "origin", "basis"),
    [
        ("according to tanker tracker Kpler", "Kpler", "measured"),
        ("Reuters reported, citing Kpler", "Kpler", "measured"),
        ("Chinese customs data showed", "GACC", "official"),
        ("traders said", "traders", "reported"),
        ("the EIA said", "EIA", "estimate"),
        ("a diplomat said", "", "reported"),
    ],
)
def test_the_voice_says_what_the_number_rests_on(who, origin, basis) -> None:
    (found,) = numbers(f"China imported 690,000 barrels per day of Iranian oil in January, {who}.")
    assert (found.origin, found.basis) == (origin, basis)


def extracted(text: str, span: str, quantity: str, **fields: object) -> tuple[Article, Claim]:
    made, start = article(text), text.index(span)
    claim = Claim(
        doc=made.doc,
        span=Span(start=start, end=start + len(span), text=span),
        type="statistic",
        event="COOPERATE",
        actors=(Actor(text="China", code="CHN"),),
        recipients=(Actor(text="Iranian", code="IRN"),),
        quantities=(Quantity(text=quantity, value=690000.0, unit="bbl/d"),),
        **fields,  # type: ignore[arg-type]
    )
    return made, claim


TEXT = "China imported 690,000 barrels per day of Iranian oil in January."


def test_a_number_goes_into_the_claim_that_holds_it_and_keeps_its_id() -> None:
    made, claim = extracted(TEXT, "imported 690,000 barrels per day", "690,000 barrels per day")
    (found,) = checked(made, measured(made, [claim]))
    assert found.id == claim.id
    assert (found.topic, found.supporter, found.target, found.channel) == (CRUDE, "CHN", "IRN", "shielded")


@pytest.mark.parametrize("unreal", [{"negated": True}, {"modality": "forecast"}, {"stage": "announced"}])
def test_a_claim_that_another_extractor_calls_unreal_gets_no_number(unreal) -> None:
    made, claim = extracted(TEXT, "imported 690,000 barrels per day", "690,000 barrels per day", **unreal)
    assert [c.topic for c in measured(made, [claim])] == [""]


def test_measuring_twice_gives_the_same_bytes() -> None:
    text = "\n\n".join(row[0] for row in PLACED)
    assert write_jsonl(measured(article(text), [])) == write_jsonl(measured(article(text), []))


def test_a_relative_date_without_a_date_of_the_article_gives_no_flow() -> None:
    assert numbers("China imported 690,000 barrels per day of Iranian oil last month.", published="") == []


LEAD = "Iranian oil flows to China collapsed last month, ship-tracking data showed on Monday."


def test_a_bare_noun_takes_up_the_flow_of_the_sentence_before() -> None:
    (found,) = numbers(
        f"{LEAD}\n\nArrivals averaged 720,000 barrels per day in February, according to Vortexa."
    )
    assert (found.topic, found.supporter, found.origin) == (CRUDE, "CHN", "Vortexa")
    assert found.rule.endswith("+taken_up")
    assert found.confidence < 0.6


def test_a_bare_noun_without_a_flow_before_it_takes_up_nothing() -> None:
    assert numbers("Arrivals averaged 720,000 barrels per day in February, according to Vortexa.") == []
    two = "Iranian oil flows to China and Russian oil flows to India collapsed."
    assert numbers(f"{two} Arrivals averaged 720,000 barrels per day in February.") == []


def test_the_agencies_own_units_are_read() -> None:
    (found,) = numbers("China took 0.7 mb/d of Iran's crude in February, the IEA said.")
    assert found.value is not None
    assert (found.value.central, found.basis) == (700, "estimate")


def test_a_date_behind_a_comparison_dates_the_other_number() -> None:
    (found,) = numbers(
        "Discounts for Iranian Light widened to $11 a barrel, from $8 in January, traders said."
    )
    assert found.about is None


def test_a_share_said_as_a_habit_has_a_topic_and_no_period() -> None:
    (found,) = numbers(
        "China has long been Iran's partner, reportedly buying about 90% of Iran's oil exports."
    )
    assert (found.topic, found.about) == ("IRN.china_share_of_oil_exports", None)
