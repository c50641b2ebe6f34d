from __future__ import annotations

from datetime import date

import pytest

from tertius.ledger.extract.dates import dates

TUESDAY = date(2025, 5, 6)


def only(text: str, published: date | None = TUESDAY) -> tuple[str, str, str]:
    found = dates(text, published)
    assert len(found) == 1, found
    return found[0].first, found[0].last, found[0].basis


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("They met on 14 February 2023.", "2023-02-14", "2023-02-14"),
        ("They met on February 14, 2023.", "2023-02-14", "2023-02-14"),
        ("Signed 2024-02-29 in Baku.", "2024-02-29", "2024-02-29"),
        ("It was signed in March 2021.", "2021-03", "2021-03"),
        ("In 2021 it signed a pact.", "2021", "2021"),
        ("Sales rose in 2019-2021.", "2019", "2021"),
        ("Trade grew in the 1990s.", "1990", "1999"),
        ("Exports fell in the third quarter of 2024.", "2024-07", "2024-09"),
        ("Imports rose in the first half of 2025.", "2025-01", "2025-06"),
    ],
)
def test_explicit_dates_need_no_document_date(text: str, first: str, last: str) -> None:
    assert only(text, None) == (first, last, "explicit")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("It shipped oil on Monday.", "2025-05-05", "2025-05-05"),
        ("Talks will begin on Friday.", "2025-05-09", "2025-05-09"),
        ("It landed last Tuesday.", "2025-04-29", "2025-04-29"),
        ("He left yesterday.", "2025-05-05", "2025-05-05"),
        ("Sanctions followed last week.", "2025-04-28", "2025-05-04"),
        ("They meet next month.", "2025-06", "2025-06"),
        ("It was agreed in December last year.", "2024-12", "2024-12"),
        ("It was agreed last December.", "2024-12", "2024-12"),
        ("It stopped in August.", "2024-08", "2024-08"),
        ("It will start in August.", "2025-08", "2025-08"),
        ("The ship left three weeks ago.", "2025-04-15", "2025-04-15"),
        ("Prices fell between January and April.", "2025-01", "2025-04"),
        ("It hopes to sign before the end of June.", "2025-06-30", "2025-06-30"),
    ],
)
def test_relative_dates_lean_on_the_document_date(text: str, first: str, last: str) -> None:
    assert only(text)[:2] == (first, last)


def test_an_ordinal_is_the_last_such_day() -> None:
    assert only("On the 3rd, the paper reported this.") == ("2025-05-03", "2025-05-03", "doc_date_ordinal")
    assert only("On the 20th, the paper reported this.") == ("2025-04-20", "2025-04-20", "doc_date_ordinal")


def test_an_ordinal_before_a_noun_is_no_date() -> None:
    assert dates("It was the 13th round of talks, the 20th Congress said.", TUESDAY) == []


def test_anaphora_leans_on_the_last_date_named() -> None:
    found = dates(
        "He flew to Cairo on July 8, 2025 and to Rabat two days later. The same day he left.", TUESDAY
    )
    assert [d.first for d in found] == ["2025-07-08", "2025-07-10", "2025-07-10"]
    assert found[1].basis == "anaphoric"


def test_without_a_document_date_relative_dates_stay_unresolved() -> None:
    found = dates("On the 13th and last week they met.", None)
    assert [(d.first, d.precision, d.basis) for d in found] == [("", "none", "none")] * 2


def test_numbers_that_are_no_years_stay_alone() -> None:
    assert dates("It sent 2000 barrels, $2024 and Sahand-2025.", TUESDAY) == []
