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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the Emirates and the Emirati bank", "ARE ARE"),
        ("Emirates' banks; Emiratis", "ARE ARE"),
        ("Türkiye and the Turks", "TUR TUR"),
        ("Cubans, Kyrgyz, Burkinabe and Nigeriens, not Nigerians", "CUB KGZ BFA NER NGA"),
        ("Congolese rebels", "COD"),
        (
            "Ankara, Naypyidaw, the Kremlin, Foggy Bottom, Whitehall, Zhongnanhai, the Blue House",
            "TUR MMR RUS USA GBR CHN KOR",
        ),
        ("the DPRK, the ROK, the UAE, KSA, the DRC, BiH", "PRK KOR ARE SAU COD BIH"),
        ("the CAR army", "CAF"),
        ("Rosneft, PDVSA, Sinopec, Zhuhai Zhenrong, Pemex, Cupet", "RUS VEN CHN CHN MEX CUB"),
        ("Indian Oil, Tupras, Gazprombank, CNPC, Petronas", "IND TUR RUS CHN MYS"),
        ("the US state of Georgia", "USA"),
        ("Georgia, Armenia and Azerbaijan", "GEO ARM AZE"),
        ("Papua New Guinea", "PNG"),
        ("Saudis, Qataris, Omanis, Kuwaitis and Bahrainis", "SAU QAT OMN KWT BHR"),
        ("the Dutch, the Swiss, the Danes, Finns, Swedes and Poles", "NLD CHE DNK FIN SWE POL"),
        ("Kazakhs, Uzbeks, Tajiks, Turkmens and Kyrgyz", "KAZ UZB TJK TKM KGZ"),
        ("Malians, Burkinabés and Chadians", "MLI BFA TCD"),
        ("Angolans, Mozambicans, Namibians, Ghanaians, Togolese", "AGO MOZ NAM GHA TGO"),
        ("Guyanese, Bahamians, Barbadians", "GUY BHS BRB"),
        ("Vienna said; Lisbon, Dublin, Bern, Oslo", "AUT PRT IRL CHE NOR"),
        ("Santiago and Lima protested", "CHL PER"),
        ("Seoul, Pyongyang, Tokyo and Taipei", "KOR PRK JPN TWN"),
        ("Managua, Caracas, La Paz, Quito and Bogotá", "NIC VEN BOL ECU COL"),
        ("the Quirinale, Downing Street, the Elysee, Pentagon", "ITA GBR FRA USA"),
        ("Bosnia's Serbs", "BIH SRB"),
        ("South African and South Sudanese", "ZAF SSD"),
        ("Myanmar's junta, Burmese", "MMR MMR"),
        ("Kosovo Albanians", "XKX ALB"),
        ("an American and a Filipino", "USA PHL"),
        ("the Ivorian, the Gabonese", "CIV GAB"),
        ("Sahrawis and Moroccans", "ESH MAR"),
        ("Vietnamese, Laotian, Cambodian", "VNM LAO KHM"),
        ("the Georgian coast", "GEO"),
        ("Frenchman, Irishmen, Dutchman, Englishman, Welsh, Scottish", "FRA IRL NLD GBR GBR GBR"),
        ("Tehran's and Teheran", "IRN IRN"),
        ("Kuwait City, Tashkent, Astana", "KWT UZB KAZ"),
        ("Port-au-Prince and Port Louis", "HTI MUS"),
        ("Central African Republic", "CAF"),
        ("Vatican", "VAT"),
        ("Monrovia, Freetown, Accra, Lomé", "LBR SLE GHA TGO"),
        ("Kyiv and Minsk", "UKR BLR"),
        ("Islamabad's, New Delhi's", "PAK IND"),
        ("Syrian-born", "SYR"),
        ("Sino-Russian and Russo-Turkish talks", "CHN RUS RUS TUR"),
        ("Franco-German, Anglo-American", "FRA DEU GBR USA"),
        ("pro-Russian and anti-American", "RUS USA"),
        ("US-led and U.S.-backed", "USA USA"),
        ("Dominica and St Lucia", "DMA LCA"),
        ("Trinidad's gas; Antigua", "TTO ATG"),
        ("East Timor; Timor-Leste", "TLS TLS"),
        ("the Solomons", "SLB"),
        ("the Comoros; Cabo Verde", "COM CPV"),
        ("Iranians, Syrians, Lebanese and Iraqis", "IRN SYR LBN IRQ"),
        ("the Japanese, the South Koreans", "JPN KOR"),
        ("Tehran-backed Houthis", "IRN ORG:HOUTHI"),
        ("the Georgian Dream; Georgia's ruling party", "GEO GEO"),
        ("President Chad", "TCD"),
        ("Turkey's Halkbank", "TUR TUR"),
        ("US-flagged", "USA"),
        ("anti-Iranian, non-Chinese", "IRN CHN"),
        ("Iran-linked", "IRN"),
        ("Jordan said", "JOR"),
        ("Jordan King Abdullah", "JOR JOR"),
        ("Georgia Prime Minister Kobakhidze", "GEO GEO"),
        ("the UK-based firm", "GBR"),
        ("in Paris Macron said", "FRA FRA"),
        ("Lima and Quito", "PER ECU"),
        ("DAMASCUS, Syria", "SYR SYR"),
        ("Niger's and Nigeria's", "NER NGA"),
        ("Guinean and Equatorial Guinean", "GIN GNQ"),
        ("the British, the French and the Germans", "GBR FRA DEU"),
        ("Danes and Norwegians", "DNK NOR"),
        ("The Hague", "NLD"),
        ("Washington, DC", "USA"),
        ("Dominican", "DOM"),
        ("Macedonians", "MKD"),
        ("Kosovars, Albanians, Montenegrins", "XKX ALB MNE"),
        ("the U.A.E.", "ARE"),
        ("Sierra Leoneans", "SLE"),
        ("New Zealanders", "NZL"),
        ("Trinidadians", "TTO"),
        ("Maltese, Cypriots", "MLT CYP"),
        ("Moldovans", "MDA"),
        ("Laotians", "LAO"),
        ("Timorese", "TLS"),
        ("Basotho, Swazis", "LSO SWZ"),
    ],
)
def test_peoples_seats_of_government_and_firms_name_their_state(text: str, expected: str) -> None:
    assert " ".join(codes(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "New Mexico and Michael Jordan",
        "the Indian Ocean, the Persian Gulf, the South China Sea, the Gulf of Oman",
        "Brazil nuts, French fries, Turkey breast",
        "roast turkey and fine china",
        "Atlanta, Georgia, and Savannah, Georgia",
        "Chad Smith said",
        "Latin American states",
        "African American",
        "the English Channel and the Irish Sea",
        "the Minsk agreements",
        "the Sea of Azov",
        "the Strait of Hormuz",
        "Indian Ocean and Pacific",
        "Mr Jordan said",
        "Paris Saint-Germain",
        "the one-China principle",
        "Jordan Peterson paid in Swiss francs",
    ],
)
def test_seas_dishes_people_and_pacts_are_no_states(text: str) -> None:
    assert codes(text) == []


def test_a_capital_is_a_government_or_a_place() -> None:
    kinds = [m.name.kind for m in mentions("Doha said talks in Doha would go on; a Doha bank denied it.")]
    assert kinds == ["place", "city", "city"]


def test_the_north_is_north_korea_where_korea_is_named() -> None:
    assert codes("The North fired on the South.") == []
    assert [m.code for m in mentions("The North fired on the South.", "Korea")] == ["PRK", "KOR"]
    assert [m.code for m in mentions("It lies in the north; the South of France", "Korea")] == ["FRA"]
