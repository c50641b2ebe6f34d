from __future__ import annotations

import pytest

from tertius.errors import DataError, UnknownNameError
from tertius.ledger.priors import load_priors, parse


def test_every_judgement_has_an_interval_a_unit_a_reason_and_a_date() -> None:
    priors = load_priors("2026-01-13")
    assert len(list(priors)) >= 15
    for key in priors:
        one = priors[key]
        assert one.low <= one.central <= one.high
        assert one.unit
        assert len(one.reason) > 20
        assert one.dated == "2026-01-01"


@pytest.mark.parametrize("instrument", ["secondary_tariff", "listing"])
def test_a_shielded_channel_is_caught_less_often_than_an_open_one(instrument: str) -> None:
    priors = load_priors()
    shielded, opened = priors.delta("shielded", instrument), priors.delta("open", instrument)
    assert shielded.central < opened.central
    assert shielded.low < opened.low
    assert all(p.low >= 0.3 and p.high <= 1 for p in (shielded, opened))


def test_influence_is_nothing_unless_a_claim_supports_it() -> None:
    influence = load_priors()["influence.default"]
    assert (influence.low, influence.central, influence.high) == (0, 0, 0)


def test_replacement_costs_two_to_five_per_cent_of_value() -> None:
    share = load_priors()["replacement_cost_share"]
    assert (share.low, share.high) == (0.02, 0.05)


def test_the_cost_of_a_dark_barrel_adds_its_three_parts() -> None:
    priors = load_priors()
    low, central, high = priors.extra_cost()
    assert low < central < high
    assert central == pytest.approx(
        sum(priors[f"extra_cost.{n}"].central for n in ("freight", "insurance", "financing"))
    )


def test_an_as_of_date_before_all_files_uses_the_earliest_and_says_so() -> None:
    assert "later than the as-of date" in load_priors("2019-05-01").note
    assert load_priors("2026-06-01").note == ""


def test_mistakes_in_a_file_come_all_at_once() -> None:
    row = {"low": 1, "central": 2, "high": 3, "unit": "t", "reason": "because"}
    with pytest.raises(DataError) as caught:
        parse({"date": "2026-01-01", "priors": {"a": row | {"low": 9}, "b": {"low": 1}, "c": row}}, "x.yaml")
    assert len(caught.value.problems) == 2


def test_an_unknown_prior_is_named_with_a_suggestion() -> None:
    with pytest.raises(UnknownNameError, match=r"delta\.shielded\.listing"):
        load_priors()["delta.shielded.listings"]
