import pytest

from tertius.errors import InputError
from tertius.scenario import Scenario


def problems(*measures, target="IRN", senders="USA"):
    try:
        Scenario.of(target, senders=senders, measures=list(measures), as_of="2026-01-13")
    except InputError as error:
        return error.problems
    return ()


@pytest.mark.parametrize(
    ("measures", "message"),
    [
        (["tariff 20%", "tariff 30% on machinery"], "another strength (rate 0.3 against 0.2)"),
        (["tariff 20%", "tariff 20%"], "already given"),
        (["embargo all both", "tariff 20%"], "a tariff taxes"),
        (["embargo all both", "embargo machinery imports 80%"], "coverage 0.8 against 1"),
        (["export_control machinery", "export_control machinery 50%"], "coverage 0.5 against 1"),
        (["discount 8 usd/bbl to CHN", "discount 8 usd/bbl to CHN gone"], "gone True against False"),
        (["financial_sanction 10%", "financial_sanction 20%"], "rate 0.2 against 0.1"),
        (["secondary_tariff 25% on partners", "secondary_tariff 50% on partners"], "rate 0.5 against 0.25"),
        (["secondary_tariff 25% on partners of CUB"], "partners of CUB, but the target is IRN"),
        (["aid 3 usd_mn from IRN"], "IRN is the target; a supporter is another state"),
        (["discount 5% to IRN"], "IRN is the target; a buyer is another state"),
        (["price_cap 60 usd/bbl to IRN"], "IRN is the target; buyers are other states"),
        (["entity_listing open of USA"], "USA is sender and supporter at once"),
        (["tariff 20% by IRN"], "IRN is sender and target at once"),
    ],
)
def test_a_contradiction_is_one_clear_message(measures, message):
    (problem,) = problems(*measures)
    assert message in problem
    assert problem.startswith(f"measures[{len(measures) - 1}]")


@pytest.mark.parametrize(
    "measures",
    [
        ["tariff 20% on machinery", "tariff 30% on chemicals"],
        ["tariff 20% by USA", "tariff 30% by JPN"],
        ["tariff 20% until 2025-01-01", "tariff 30% since 2025-02-01"],
        ["embargo oil exports", "tariff 20% on machinery"],
        ["embargo machinery imports", "tariff 20% on machinery"],
        ["embargo oil exports", "price_cap crude_oil_gas 60 usd/bbl to CHN"],
        ["embargo oil exports", "price_cap crude_oil_gas 60 usd/bbl"],
        ["embargo all both", "financial_sanction 15%"],
        ["embargo oil exports", "embargo oil exports 50% as threat"],
        ["discount 8 usd/bbl to CHN shielded", "discount 3 usd/bbl to CHN open"],
        ["aid 3 usd_mn from CHN", "aid 5 usd_mn from RUS"],
        ["entity_listing shielded of CHN", "entity_listing open of CHN stake banks"],
    ],
)
def test_measures_that_can_stand_together_do(measures):
    assert problems(*measures) == ()


def test_the_sender_cannot_be_the_target_even_through_a_group():
    (problem,) = problems("tariff 20%", target="FRA", senders=["USA", "EU27"])
    assert problem == "senders: FRA is sender and target at once"
