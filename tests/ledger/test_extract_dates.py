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


WEDNESDAY = date(2025, 11, 12)


def all_of(text: str) -> str:
    found = dates(text, WEDNESDAY)
    return " ".join(d.first if d.first == d.last else f"{d.first}/{d.last}" for d in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The pact, concluded in March 2024 and ratified that June, obliges both.", "2024-03 2024-06"),
        ("Trade fell in the third quarter.", "2025-07/2025-09"),
        ("Deliveries will start in the first quarter.", "2026-01/2026-03"),
        ("Exports rose in Q3 2024.", "2024-07/2024-09"),
        ("A commission will meet in the last quarter of 2025.", "2025-10/2025-12"),
        ("Profit slid in the first half.", "2025-01/2025-06"),
        ("It is due in the second half of next year.", "2026-07/2026-12"),
        ("Sales fell in the second half of last year.", "2024-07/2024-12"),
        ("He was in Ankara on 26-27 August 2025.", "2025-08-26/2025-08-27"),
        ("They met between 3 and 5 May.", "2025-05-03/2025-05-05"),
        ("They met from 26 to 28 August.", "2025-08-26/2025-08-28"),
        ("They met on May 3-5 in Rome.", "2025-05-03/2025-05-05"),
        ("The drill ran from October 30 to November 2.", "2025-10-30/2025-11-02"),
        ("The drill ran from 28 August to 2 September 2024.", "2024-08-28/2024-09-02"),
        ("The visit of August 26-27, 2025 ended.", "2025-08-26/2025-08-27"),
        ("Imports from January to March fell.", "2025-01/2025-03"),
        ("A visit pencilled in for March is off.", "2026-03"),
        ("He will visit in March.", "2026-03"),
        ("In March it signed the loan.", "2025-03"),
        ("Refiners nominated 3mn bl for January.", "2026-01"),
        ("In the 2023/24 financial year it gave little.", "2023-04/2024-03"),
        ("India imported more in the fiscal year 2024-25.", "2024-04/2025-03"),
        ("Imports rose in 2024-25.", "2024/2025"),
        ("Output fell in the year to March.", "2024-04/2025-03"),
        ("Output fell in the 12 months to September.", "2024-10/2025-09"),
        ("Exports fell year on year.", ""),
        ("It has been under sanctions since 2022.", "2022"),
        ("In the past 12 months it sold nothing.", ""),
        ("In the 1990s it was a friend.", "1990/1999"),
        ("By mid-2025 the flow had stopped.", "2025"),
        ("In late March it stopped.", "2025-03"),
        ("In early 2024 it stopped.", "2024"),
        ("By the end of the year it will stop.", "2025-12-31"),
        ("It will stop by year-end.", "2025"),
        ("He left last Friday.", "2025-11-07"),
        ("He leaves next Monday.", "2025-11-17"),
        ("They are to meet this Friday.", "2025-11-14"),
        ("It happened this Monday.", "2025-11-10"),
        ("Sunday's broadcast said so.", "2025-11-09"),
        ("He said late on Tuesday night it was over.", "2025-11-11"),
        ("On Wednesday it denied this.", "2025-11-12"),
        ("It was hit on 3 November, two days earlier than planned.", "2025-11-03 2025-11-01"),
        ("Two days ago it was hit.", "2025-11-10"),
        ("On the 9th it denied this.", "2025-11-09"),
        ("On the 20th it denied this.", "2025-10-20"),
        ("Dated 2025-11-03, it said.", "2025-11-03"),
        ("It came into force on May 3rd.", "2025-05-03"),
        ("It came into force on the 3rd of May.", "2025-05-03"),
        ("It was sunk on Sept. 4 off Yemen.", "2025-09-04"),
        ("It was sunk on Aug. 12, 2025 off Yemen.", "2025-08-12"),
        ("It was sunk on 4 Sept off Yemen.", "2025-09-04"),
        ("May the talks succeed, and they may in time.", ""),
        ("They March on the embassy.", ""),
        ("Theresa May said no.", ""),
        ("The March ceasefire holds.", "2025-03"),
        ("At a March meeting they agreed.", "2025-03"),
        ("October exports fell.", "2025-10"),
        ("Its January offer was rejected.", "2025-01"),
        ("The 2015 nuclear deal is dead.", "2015"),
        ("In the summer of 2024 it left.", "2024-06/2024-08"),
        ("It was stopped last spring.", "2025-03/2025-05"),
        ("It was stopped last winter.", "2024-12/2025-02"),
        ("Rome will need gas this winter.", "2025-12/2026-02"),
        ("Between 2015 and 2019 it grew.", "2015/2019"),
        ("From 2015 until 2018 it grew.", "2015/2018"),
        ("In 2019 and 2020 it grew.", "2019 2020"),
        ("Over the weekend it was hit.", "2025-11-08/2025-11-09"),
        ("They will meet this weekend.", "2025-11-15/2025-11-16"),
        ("It was hit last night.", "2025-11-11"),
        ("This morning it was hit.", "2025-11-12"),
        ("Earlier this week it was hit.", "2025-11-10/2025-11-16"),
        ("Later this month it will be signed.", "2025-11"),
        ("Late last year it was signed.", "2024"),
        ("Early next year it will be signed.", "2026"),
        ("At the start of 2025 it left.", "2025"),
        ("At the beginning of October it left.", "2025-10"),
        ("It will leave by the middle of next year.", "2026"),
        ("At the start of the year it left.", "2025"),
        ("In 2024 it bought less than the year before.", "2024 2023"),
        ("In recent weeks and for years it had, recently and decades ago.", ""),
        ("Wednesday, 5 November 2025: they met.", "2025-11-05"),
        ("They met on Wednesday, Nov. 5.", "2025-11-05"),
        ("They met on 5 and 6 November.", "2025-11-05/2025-11-06"),
        ("Second-quarter output fell.", "2025-04/2025-06"),
        ("Refining margins fell in January-September.", "2025-01/2025-09"),
        ("It must reply no later than 15 January.", "2026-01-15"),
        ("The waiver expires on 31 December.", "2025-12-31"),
        ("The ban takes effect on 1 February.", "2026-02-01"),
        ("A tanker is expected on Friday.", "2025-11-14"),
        ("Talks are to resume on Saturday in Geneva.", "2025-11-15"),
        ("The ministers meet on Thursday to discuss it.", "2025-11-13"),
        ("The minister, due in Doha on Monday, said nothing.", "2025-11-17"),
        ("He said on Tuesday the ships would sail on Friday.", "2025-11-11 2025-11-14"),
        ("Officials said on Monday that talks will resume in December.", "2025-11-10 2025-12"),
        ("Banks have until 28 November to wind down.", "2025-11-28"),
        ("The first nine months brought a fall.", "2025-01/2025-09"),
        ("It was signed in the month of May.", "2025-05"),
        ("The licence runs until the end of January.", "2026-01-31"),
        ("It halted shipments a month ago.", "2025-10"),
        ("It halted shipments a year ago.", "2024"),
        ("It rose from a year earlier.", "2024"),
        ("Last month's raid failed.", "2025-10"),
        ("In December, the ministry denied it.", "2024-12"),
        ("Its term, which ended in April 2025, was extended the following month.", "2025-04 2025-05"),
        ("A vote is set for December 3.", "2025-12-03"),
        ("Resolution 2025 and flight 2019 and 2000 troops and 1999 tonnes.", ""),
        ("It took effect 1/9/2025.", "2025-01-09"),
        ("By 2030 it wants 50 GW.", "2030"),
        ("It sold the ship in July, then in August bought it back.", "2025-07 2025-08"),
        ("The visit on the eve of the vote was brief.", ""),
        ("The ambassador was recalled on Monday and expelled the next day.", "2025-11-10 2025-11-11"),
        ("The contract runs from 1 April 2024 to 31 March 2026.", "2024-04-01/2026-03-31"),
        ("Between April and September 2025 it fell.", "2025-04/2025-09"),
        ("In the early 2000s it was rich.", "2000/2009"),
        ("Since mid-October it has not paid.", "2025-10"),
        ("In November last year it paid.", "2024-11"),
        ("He spoke at the UN in September and will be back in January.", "2025-09 2026-01"),
        ("Shipments were to begin in December but have not.", "2025-12"),
        ("An embargo in force since August 2023 ends in June next year.", "2023-08 2026-06"),
        ("It will not resume before spring.", "2026-03/2026-05"),
        (
            "Seoul said on Wednesday it would send a team next week and another in January.",
            "2025-11-12 2025-11-17/2025-11-23 2026-01",
        ),
        ("Russia's budget for 2026 assumes $59 oil.", "2026"),
        ("Tankers have queued since late October.", "2025-10"),
        ("The bank stopped clearing yuan payments in the spring of last year.", "2024-03/2024-05"),
        ("Volumes in the first ten months of the year fell 8%.", "2025-01/2025-10"),
        ("The deal expired at midnight on Sunday.", "2025-11-09"),
        ("From next January, ships will pay.", "2026-01"),
        ("By Tuesday evening the port had reopened.", "2025-11-11"),
        ("Since taking office in January, he has met Mr Xi twice.", "2025-01"),
        ("The summit, scheduled for 5-6 December, was put off.", "2025-12-05/2025-12-06"),
        ("The loan matures in 2031.", "2031"),
        ("Two years after the 2023 coup it left.", "2023"),
        ("On Oct. 28 and Nov. 3, the ships met.", "2025-10-28 2025-11-03"),
        ("It was the second time this month and the third this year.", "2025-11 2025"),
        ("Washington gave it until Nov 21 to comply.", "2025-11-21"),
        ("Its last shipment was in August last year.", "2024-08"),
        ("The ministry said in a statement late Tuesday.", "2025-11-11"),
        ("Mr Petro, in office since August 2022, leaves next August.", "2022-08 2026-08"),
        ("He will host the Emir on Monday and fly to Rabat a day later.", "2025-11-17 2025-11-18"),
        ("The 12-day war of June left it weak.", "2025-06"),
        ("Talks were held on 10 November in Muscat.", "2025-11-10"),
        ("On 30 November OPEC+ meets.", "2025-11-30"),
        ("For the whole of 2024 it was 1.1mn b/d.", "2024"),
        ("In the three months to September it grew.", "2025-07/2025-09"),
        ("Over the summer it bought more.", "2025-06/2025-08"),
        ("Last summer's drought.", "2025-06/2025-08"),
        ("It plans to finish by spring 2026.", "2026-03/2026-05"),
        ("Protesters will march on Friday.", "2025-11-14"),
        ("A 2019 law bars it.", "2019"),
        ("In 1990s Russia it was so.", "1990/1999"),
        ("The 1979 revolution and the 1980-88 war.", "1979 1980/1988"),
        ("It ran out of money in the year to June.", "2024-07/2025-06"),
        ("The first shipment arrived on January 3 and the last on March 9.", "2025-01-03 2025-03-09"),
        ("The 20th package comes in early 2026.", "2026"),
        ("The visit, the first since 2019, ended on Thursday.", "2019 2025-11-06"),
        ("Ships left on the night of 2 November.", "2025-11-02"),
        ("On Tuesday, 11 November, the court ruled.", "2025-11-11"),
        ("Sanctions imposed on Tuesday take effect on Saturday.", "2025-11-11 2025-11-15"),
        ("The envoy is expected back in Tehran in the coming days, perhaps on Sunday.", "2025-11-16"),
        ("Exports in October were twice those of October 2024.", "2025-10 2024-10"),
        ("Prices peaked in mid-June.", "2025-06"),
        ("The agreement of 15 July 2015 is dead.", "2015-07-15"),
        ("It was sold on July 4th, 2024.", "2024-07-04"),
        ("Next year's budget cuts it.", "2026"),
        ("Speaking on state television on Saturday night, he denied it.", "2025-11-08"),
        ("The carrier left Norfolk in late June and arrived this week.", "2025-06 2025-11-10/2025-11-16"),
        ("In July and August it imported nothing.", "2025-07 2025-08"),
        ("Between June and October it lost 40% of sales.", "2025-06/2025-10"),
        ("From 1 January 2026 the levy rises.", "2026-01-01"),
        ("from Jan. 1 the levy rises", "2026-01-01"),
        ("The levy rises on 1 January.", "2026-01-01"),
        ("A court will hear the case on 3 February.", "2026-02-03"),
        ("It had paid in full by October.", "2025-10"),
        ("He has been in jail since September 2023.", "2023-09"),
        ("Ships waited in the week of 3 November.", "2025-11-03/2025-11-09"),
        ("A truce was signed on the last day of October.", "2025-10-31"),
        ("The Sunday Times reported on Black Monday.", ""),
        (
            "The first week of July and the second half of May were quiet.",
            "2025-07-01/2025-07-07 2025-05-16/2025-05-31",
        ),
        ("The court adjourned until Monday.", "2025-11-17"),
        ("Last November it did the same, and next May it will.", "2024-11 2026-05"),
        ("This Thursday the cabinet votes.", "2025-11-13"),
        ("The mid-November meeting was moved to early December.", "2025-11 2025-12"),
        ("Moscow warned on Tuesday that from December it would charge more.", "2025-11-11 2025-12"),
        ("It was the first visit in a decade, closed for six years; an hour later it was over.", ""),
    ],
)
def test_news_style_dates_are_read_as_a_reader_does_on_the_day(text: str, expected: str) -> None:
    assert all_of(text) == expected


def test_a_step_back_from_a_figure_leans_on_the_month_of_the_figure() -> None:
    text = "Customs data show 12,000t landed in September, against 410,000t a year earlier and 9,000t a month earlier."
    assert all_of(text) == "2025-09 2024-09 2024-08"


def test_a_step_never_leans_on_a_coarser_date() -> None:
    assert (
        all_of("Jakarta, which seized a ship in 2023, paid $2 more than a month earlier.") == "2023 2025-10"
    )


def test_a_date_said_to_come_is_ahead_and_one_that_was_is_behind() -> None:
    assert all_of("He left in June and will fly home in January.") == "2025-06 2026-01"
    assert all_of("Had it paid by October, it would have kept the ship.") == "2025-10"


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("In the first ten months of the year exports stood at 5,000 b/d.", ("2025-01", "2025-10")),
        ("Exports will rise in the first ten months of the year.", ("2026-01", "2026-10")),
        ("Exports rose in the first month of 2026.", None),
    ],
)
def test_the_year_of_what_is_told_in_the_past_is_the_one_that_is_over(text, when) -> None:
    found = [(d.first, d.last) for d in dates(text, date(2026, 2, 5)) if "months" in d.text]
    assert found == ([when] if when else [])
