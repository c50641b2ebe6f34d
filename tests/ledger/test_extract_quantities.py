from __future__ import annotations

import pytest

from tertius.ledger.extract.quantities import amounts


@pytest.mark.parametrize(
    ("text", "value", "unit", "comparator"),
    [
        ("It cost $4.4 billion.", 4.4e9, "USD", "="),
        ("It cost US$ 83 million.", 83e6, "USD", "="),
        ("It lent €600mn.", 600e6, "EUR", "="),
        ("a loan of 1.3 billion yuan", 1.3e9, "CNY", "="),
        ("worth 20 trillion rupees", 20e12, "INR", "="),
        ("about 90% of exports", 90, "%", "~"),
        ("a 25 per cent tariff", 25, "%", "="),
        ("a 25pc tariff", 25, "%", "="),
        ("at least 310,000 b/d", 310_000, "bbl/d", ">="),
        ("1.5 million barrels a day", 1.5e6, "bbl/d", "="),
        ("up to 500 tonnes of rice", 500, "t", "<="),
        ("more than 40 MW of panels", 40, "MW", ">"),
        ("up to 20 hours a day", 20, "hour/d", "<="),
        ("a 25-year pact", 25, "year", "="),
        ("nearly 10,000 soldiers", 10_000, "person", "~"),
        ("six tankers", 6, "vessel", "="),
        ("half of the crude", 50, "%", "="),
        ("a 300-million-dollar loan", 300e6, "USD", "="),
        ("half a billion dollars", 0.5e9, "USD", "="),
        ("some seventy-five million pounds", 75e6, "GBP", "~"),
        ("one hundred and fifty million euros", 150e6, "EUR", "="),
        ("two and a half billion yuan", 2.5e9, "CNY", "="),
        ("a grant of Rs 500 crore", 5e9, "INR", "="),
        ("12 lakh crore rupees", 12e12, "INR", "="),
        ("a $3bn-a-year bill", 3e9, "USD/year", "="),
        ("EUR 1.000.000", 1e6, "EUR", "="),
        ("a $45M plant", 45e6, "USD", "="),
        ("two-fifths of exports", 40, "%", "="),
        ("one in five barrels", 20, "%", "="),
        ("flows fell by about a quarter.", 25, "%", "~"),
    ],
)
def test_an_amount_has_value_unit_and_comparator(text: str, value: float, unit: str, comparator: str) -> None:
    (found,) = amounts(text)
    per = f"/{found.per}" if found.per else ""
    assert (found.value, found.unit + per, found.comparator) == (value, unit, comparator)


def test_prices_are_rates() -> None:
    (found,) = amounts("at a discount of $11/bl to Brent")
    assert (found.value, found.unit, found.per) == (11, "USD", "bbl")


def test_a_range_has_two_ends() -> None:
    (found,) = amounts("It will cost $2-3 billion.")
    assert (found.low, found.high, found.unit) == (2e9, 3e9, "USD")


def test_both_ends_of_a_range_have_their_own_scale() -> None:
    (found,) = amounts("It needs $900m to $1.2bn.")
    assert (found.low, found.high) == (0.9e9, 1.2e9)


def test_a_change_and_a_list_are_two_amounts() -> None:
    assert [q.value for q in amounts("up from 25% to 50%")] == [25, 50]
    assert [q.value for q in amounts("loans of $2bn and $3bn")] == [2e9, 3e9]


def test_a_third_country_is_no_share() -> None:
    assert amounts("through a third country") == []


def test_vague_words_leave_a_range_and_no_value() -> None:
    hundreds, most = amounts("hundreds of people saw most of the crude")
    assert (hundreds.value, hundreds.low) == (None, 200)
    assert (most.value, most.low, most.high, most.unit) == (None, 50, 100, "%")


def test_bounds_follow_the_comparator() -> None:
    below, above = amounts("less than 10% but over 5%")
    assert (below.low, below.high) == (None, 10)
    assert (above.low, above.high) == (5, None)


def test_dates_are_no_amounts() -> None:
    assert amounts("In 2021 and on 14 May", skip=[(3, 7), (15, 21)]) == []


def test_the_text_is_verbatim() -> None:
    text = "It pledged up to $300 million worth of fuel."
    (found,) = amounts(text)
    assert text[found.start : found.end] == found.text == "up to $300 million"


def test_readouts_write_currencies_with_capitals() -> None:
    (found,) = amounts("The trade volume reached 1.2 billion US Dollars.")
    assert (found.value, found.unit) == (1.2e9, "USD")
    (euros,) = amounts("a credit line of 40 million Euros")
    assert (euros.value, euros.unit) == (4e7, "EUR")


def shown(text: str) -> list[tuple[float | None, str]]:
    return [(q.value, f"{q.unit}/{q.per}" if q.per else q.unit) for q in amounts(text)]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("Mexico paid 3.1 billion pesos", 3.1e9, "MXN"),
        ("Argentina owes 3 billion pesos", 3e9, "ARS"),
        ("Pakistan paid 20 billion rupees", 2e10, "PKR"),
        ("Oman paid 5 million rials", 5e6, "OMR"),
        ("Iraq paid 2 billion dinars", 2e9, "IQD"),
        ("Kenya owes 10 million shillings", 1e7, "KES"),
        ("Egypt printed 90bn pounds", 9e10, "EGP"),
        ("London gave 90 million pounds", 9e7, "GBP"),
        ("Norway gave 85 million kroner", 8.5e7, "NOK"),
        ("Chad received 2 billion CFA francs", 2e9, "XAF"),
        ("a debt of 3 billion pesos", 3e9, "peso"),
        ("flows of 1.2 mb/d", 1.2e6, "bbl/d"),
        ("flows of 900 kb/d", 9e5, "bbl/d"),
        ("imports of 4.9mt", 4.9e6, "t"),
        ("a cargo of 50,000 mt", 5e4, "t"),
        ("45,000 t/d of ore", 45_000, "t/d"),
        ("less than a fifth has materialised", 20, "%"),
        ("a dozen ships", 12, "vessel"),
        ("half a dozen firms", 6, "company"),
        ("two dozen tankers", 24, "vessel"),
        ("About 3,100 of them work there.", 3100, "count"),
        ("some 12,000 infantrymen", 12_000, "person"),
        ("four Canadians on death row", 4, "person"),
        ("1.2 million Rohingya fled", 1.2e6, "person"),
        ("three coastguard cutters", 3, "vessel"),
        ("20 J-10s", 20, "count"),
        ("a three-member team", 3, "count"),
        ("the 11-country mission", 11, "count"),
        ("for two decades", 20, "year"),
        ("received for an hour", 1, "hour"),
        ("over the past 12 months", 12, "month"),
        ("bringing the force there to 6,500.", 6500, "count"),
        ("killing two of the guards", 2, "count"),
        ("the last four individuals", 4, "person"),
        ("400 million cubic feet a day", 4e8, "ft3/day"),
        ("500 km2 of land", 500, "km2"),
    ],
)
def test_amounts_of_the_trade_press_and_the_wires(text: str, value: float, unit: str) -> None:
    assert shown(text) == [(value, unit)]


@pytest.mark.parametrize(
    "text",
    [
        "the two sides, both countries and the three juntas",
        "only one of its neighbours, and the one on cement",
        "Resolution 1701 and Section 232 duties",
        "Su-35 fighters under Article 5",
        "a third straight month",
        "a two-state solution",
    ],
)
def test_numbers_that_refer_or_name_are_no_amounts(text: str) -> None:
    assert amounts(text) == []


def test_whose_money_it_is_may_have_been_said_before() -> None:
    (found,) = amounts("The island got fuel worth 3.1 billion pesos.", states=["CUB", "MEX"])
    assert found.unit == "MXN"


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("a bill of $1.2bn-$1.5bn", 1.2e9, 1.5e9),
        ("flows of 1.2-1.4m b/d", 1.2e6, 1.4e6),
        ("between 20 and 30 ships", 20, 30),
        ("2,000 to 3,000 men", 2000, 3000),
        ("tariffs of 20 to 25 percent", 20, 25),
    ],
)
def test_ranges_of_all_kinds_have_two_ends(text: str, low: float, high: float) -> None:
    (found,) = amounts(text)
    assert (found.low, found.high) == (low, high)
