from __future__ import annotations

import pytest

from tertius import countries
from tertius.ledger.extract import lexicon
from tertius.ledger.extract.actors import mentions, sector_on
from tertius.ledger.extract.text import dateline, paragraphs


def codes(text: str) -> list[str]:
    return [m.code for m in mentions(text) if m.is_party]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Iran and Cuba", ["IRN", "CUB"]),
        ("Iran’s oil, Chinese banks", ["IRN", "CHN"]),
        ("South Korea, not North Korea", ["KOR", "PRK"]),
        ("The Kremlin told Washington", ["RUS", "USA"]),
        ("U.S.-China conflict", ["USA", "CHN"]),
        ("President Trump met Xi Jinping", ["USA", "CHN"]),
        ("the DRC and the Republic of the Congo", ["COD", "COG"]),
        ("the European Union and the SCO", ["IGO:EU", "IGO:SCO"]),
        ("Rosneft sold it to PetroChina", ["RUS", "CHN"]),
        ("Guinea-Bissau, Equatorial Guinea, Guinea", ["GNB", "GNQ", "GIN"]),
    ],
)
def test_names_resolve_to_states_and_organisations(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    "text", ["South China Morning Post", "Gulf of Mexico", "Washington Post", "us and them", "China Daily"]
)
def test_names_that_only_contain_a_state_are_no_party(text: str) -> None:
    assert codes(text) == []


def test_an_office_holder_acts_for_the_state_only_in_office() -> None:
    (raisi,) = mentions("Raisi spoke")
    assert raisi.code == "IRN"
    assert sector_on(raisi.name, "2023-02-14") == "GOV"
    assert sector_on(raisi.name, "2026-01-14") == "ELITE"


def test_every_state_of_the_table_is_known_by_its_name() -> None:
    table = lexicon.read("countries")
    unknown = {
        code: codes(entry["names"][0])
        for code, entry in table.items()
        if code not in codes(entry["names"][0])
    }
    assert not unknown


def test_the_codes_are_those_of_the_package() -> None:
    ours = {country.iso3 for country in countries.table().values()}
    assert set(lexicon.read("countries")) - ours <= {
        "FRO",
        "GRL",
        "XKX",
        "ESH",
        "VAT",
        "NCL",
        "PRI",
        "IMN",
        "FLK",
        "GIB",
    }


def test_a_dateline_names_no_party() -> None:
    assert dateline("SEOUL, May 6 - North Korea fired") == len("SEOUL, May 6 - ")
    assert dateline("BEIJING (AP) — China said") > 0
    assert dateline("Iran - the target - said") == 0


def test_notices_captions_and_boilerplate_are_told_from_the_article() -> None:
    text = (
        "Iran signed a pact with China.\n"
        "Two presidents shake hands. /Courtesy of an agency\n"
        "※ This article has been translated by AI.\n"
        "© 2025 The Paper. All rights reserved"
    )
    assert [p.kind for p in paragraphs(text)] == ["body", "caption", "notice", "boilerplate"]


def test_paragraphs_keep_their_place_in_the_text() -> None:
    text = "First sentence ends.\nSecond paragraph\nruns on here.\n\n  Third."
    found = paragraphs(text)
    assert [p.text for p in found] == ["First sentence ends.", "Second paragraph\nruns on here.", "Third."]
    assert all(text[p.start : p.end] == p.text for p in found)


@pytest.mark.parametrize("name", ["verbs", "nouns"])
def test_every_frame_codes_a_plover_type_and_has_its_own_name(name: str) -> None:
    entries = lexicon.read(name)
    assert len({e["id"] for e in entries}) == len(entries)
    assert {e["event"] for e in entries} <= set(lexicon.EVENTS)
    assert lexicon.frames(name)


def test_the_lexicon_covers_all_sixteen_types() -> None:
    coded = {f.event for name in ("verbs", "nouns") for many in lexicon.frames(name).values() for f in many}
    assert coded == set(lexicon.EVENTS)
