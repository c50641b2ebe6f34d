import datetime as dt

import pytest

from tertius.scenario.measures import SecondaryTariff, Tariff

IRAN = SecondaryTariff(
    rate="25%",
    senders="USA",
    dates={"said": "2026-01-12"},
    states=[
        {"state": "announced", "on": "2026-01-12"},
        {"state": "ordered", "on": "2026-02-06"},
        {"state": "void", "on": "2026-02-20"},
    ],
)


@pytest.mark.parametrize(
    ("day", "state", "live"),
    [
        ("2026-01-11", None, False),
        ("2026-01-13", "announced", True),
        ("2026-02-06", "ordered", True),
        ("2026-02-19", "ordered", True),
        ("2026-02-20", "void", False),
        ("2026-02-21", "void", False),
    ],
)
def test_a_threat_lives_from_its_announcement_until_it_is_void(day, state, live):
    on = dt.date.fromisoformat(day)
    assert IRAN.state_on(on) == state
    assert IRAN.live(on) is live


@pytest.mark.parametrize(
    ("day", "live"),
    [("2025-03-31", False), ("2025-04-02", True), ("2025-12-31", True), ("2026-01-01", False)],
)
def test_a_primary_measure_lives_only_in_force(day, live):
    tariff = Tariff(rate=0.1, dates={"said": "2025-03-01", "in_force": "2025-04-02", "until": "2025-12-31"})
    assert tariff.live(dt.date.fromisoformat(day)) is live


def test_an_enjoined_measure_does_not_act():
    tariff = Tariff(rate=0.1, states=[{"state": "enjoined", "on": "2025-05-28"}])
    assert not tariff.live(dt.date(2025, 6, 1))


def test_a_measure_without_any_date_is_hypothetical_and_in_force():
    assert Tariff(rate=0.1).live(dt.date(1990, 1, 1))


def test_a_measure_that_was_only_said_is_announced():
    said = Tariff(rate=0.1, dates={"said": "2025-03-01"})
    assert said.state_on(dt.date(2025, 3, 2)) == "announced"
    assert not said.live(dt.date(2025, 3, 2))


def test_states_may_be_listed_in_any_order():
    turned = IRAN.model_copy(update={"states": IRAN.states[::-1]})
    assert turned.state_on(dt.date(2026, 2, 7)) == "ordered"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"states": [{"state": "void", "on": "2026-01-02"}, {"state": "in_force", "on": "2026-01-02"}]},
            "both void",
        ),
        ({"dates": {"in_force": "2026-01-02", "until": "2025-01-02"}}, "lies before"),
        (
            {"dates": {"said": "2026-01-02"}, "states": [{"state": "void", "on": "2025-01-02"}]},
            "before it was said",
        ),
        ({"dates": {"said": "13 January"}}, "is not a date"),
    ],
)
def test_impossible_dates_are_refused(fields, message):
    with pytest.raises(ValueError, match=message):
        Tariff(rate=0.1, **fields)
