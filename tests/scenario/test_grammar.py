import pytest
from hypothesis import given
from hypothesis import strategies as st

from tertius.errors import InputError
from tertius.scenario import MEASURES, parse_measure
from tertius.scenario.grammar import parse_fields

LINES = [
    "embargo crude_oil_gas exports",
    "embargo all both",
    "embargo machinery imports 80% leak 10% at 20%",
    "embargo oil exports exempt nothing as threat",
    "secondary_tariff 25% on partners of IRN",
    "secondary_tariff 25% on partners of IRN above 1%",
    "secondary_tariff 25% on suppliers to CUB in oil above 100 usd_mn",
    "secondary_tariff 25% on buyers from VEN in oil taxing machinery",
    "financial_sanction 15%",
    "financial_sanction 15% scope all",
    "tariff 30% on refined_fuels",
    "tariff 145%",
    "price_cap crude_oil_gas 60 usd/bbl",
    "price_cap crude_oil_gas 60 usd/bbl price 74 usd/bbl to CHN,IND cover 80%",
    "entity_listing shielded of CHN",
    "entity_listing open of CHN,TUR in oil exports stake teapots",
    "discount 8 usd/bbl to CHN",
    "discount 12.5% to CHN shielded gone",
    "export_control machinery",
    "export_control machinery 80%",
    "aid 80 usd_mn from CHN",
    "credit 8400 usd_mn from CHN grant 30%",
    "supply_pact 17.2 kb/d from MEX",
]


@pytest.mark.parametrize("line", LINES)
def test_a_line_reads_back_as_it_was_written(line):
    measure = parse_measure(line)
    assert measure.line() == line
    assert parse_measure(measure.line()) == measure


def test_every_kind_of_measure_has_a_line():
    assert {line.split()[0] for line in LINES} == set(MEASURES)


@given(st.floats(min_value=0.0001, max_value=3.0), st.sampled_from(["", " on machinery", " on oil"]))
def test_any_rate_survives_being_written_as_a_line(rate, on):
    measure = parse_measure(f"tariff {rate * 100:.8f}%{on}")
    assert parse_measure(measure.line()).rate == pytest.approx(measure.rate, rel=1e-8)


def test_names_aliases_and_spaces_are_understood():
    measure = parse_measure("price_cap 60 usd/barrel to China, India")
    assert measure.buyers == ("CHN", "IND")
    assert parse_measure("aid 80 usd mn from China").usd_mn == 80


def test_senders_role_and_dates_can_follow():
    measure = parse_measure("embargo oil exports by USA,EU27 since 2012-07-01 until 2016-01-16")
    assert measure.senders == ("USA", "EU27")
    assert str(measure.dates.until) == "2016-01-16"
    assert "FRA" in measure.sender_codes()


def complaint(line):
    with pytest.raises(InputError) as caught:
        parse_measure(line)
    return caught.value.problems


def test_a_mistake_is_marked_under_the_line_with_what_was_meant():
    (problem,) = complaint("embargo crude-oil exports")
    message, line, mark = problem.split("\n")
    assert 'unknown sector "crude-oil". Did you mean "crude_oil_gas"?' in message
    assert line[mark.index("^") :].startswith("crude-oil")
    assert mark.count("^") == len("crude-oil")


def test_all_mistakes_of_a_line_come_at_once():
    problems = complaint("embargo crude-oil exprts by Absurdistan")
    assert len(problems) == 3
    assert 'Did you mean "exports"' in problems[1]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "is missing at the end"),
        ("embarg all", 'unknown measure "embarg". Did you mean "embargo"?'),
        ("tariff", "is missing at the end"),
        ("tariff 25", '"25" is not a number in per cent, as in 25%'),
        ("tariff 30% on goods on goods", "given twice"),
        ("aid 80 usd_mn", "supporter: is required"),
        ("aid 80 from CHN", "is not a number in usd_mn"),
        ("secondary_tariff 25% on friends of IRN", "unknown group of states"),
        ("embargo agri_food imports", "nothing would be cut"),
        ("embargo all exempt toys", "unknown exemption"),
        ("tariff 10% since yesterday", "is not a date"),
        ("tariff 10% as joke", "unknown role"),
    ],
)
def test_what_is_wrong_and_what_is_possible(line, message):
    assert message in "\n".join(complaint(line))


def refused(error):
    assert error.problems
    assert all(error.problems)


@given(st.text(max_size=60))
def test_any_text_is_either_a_measure_or_a_clear_refusal(text):
    try:
        parse_fields(text)
    except InputError as error:
        refused(error)


@given(st.lists(st.sampled_from(" ".join(LINES).split()), max_size=9).map(" ".join))
def test_any_shuffle_of_known_words_is_either_a_measure_or_a_clear_refusal(text):
    try:
        measure = parse_measure(text)
    except InputError as error:
        refused(error)
    else:
        assert parse_measure(measure.line()).line() == measure.line()
