from __future__ import annotations

from datetime import date

import pytest

from tertius import countries
from tertius.errors import UnknownNameError


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Iran", "IRN"), ("iran", "IRN"), ("IR", "IRN"), ("irn", "IRN"), ("Islamic Republic of Iran", "IRN"),
        ("Cuba", "CUB"), ("DPRK", "PRK"), ("North Korea", "PRK"), ("South Korea", "KOR"), ("Turkey", "TUR"),
        ("Türkiye", "TUR"), ("turkiye", "TUR"), ("the Netherlands", "NLD"), ("U.S.", "USA"), ("UAE", "ARE"),
        ("Cote d'Ivoire", "CIV"), ("Côte d’Ivoire", "CIV"), ("Viet Nam", "VNM"),
        ("Russian Federation", "RUS"),
        ("Hong Kong", "HKG"), ("rest of world", "ROW"), ("Niger", "NER"), ("Nigeria", "NGA"), ("NO", "NOR"),
    ],
)  # fmt: skip
def test_names_codes_and_aliases_are_read(text: str, code: str) -> None:
    assert countries.resolve(text) == code


def test_an_unknown_name_suggests_what_is_near() -> None:
    with pytest.raises(UnknownNameError, match='Did you mean "Iran"'):
        countries.resolve("Irann")


def test_no_alias_points_to_two_economies() -> None:
    seen: dict[str, str] = {}
    for each in countries.table().values():
        for word in {countries.fold(w) for w in (each.iso3, each.name, *each.aliases)}:
            assert seen.setdefault(word, each.iso3) == each.iso3, word


def test_membership_follows_the_date() -> None:
    assert "GBR" in countries.members("EU", date(2020, 1, 31))
    assert "GBR" not in countries.members("EU27", date(2020, 2, 1))
    assert len(countries.members("EU27", date(2023, 1, 1))) == 27
    assert "IRN" not in countries.members("SCO", date(2023, 7, 3))
    assert "IRN" in countries.members("SCO", date(2023, 7, 4))
    assert "IRN" in countries.members("BRICS", date(2024, 1, 1))
    assert len(countries.members("NATO", date(2025, 1, 1))) == 32


def test_a_coalition_includes_the_members_of_its_groups() -> None:
    west = countries.members("western coalition", date(2025, 1, 1))
    assert {"USA", "GBR", "JPN", "CAN", "DEU"} <= set(west)
    assert len(west) == 31


def test_every_member_is_a_known_economy() -> None:
    for group in countries.GROUPS.values():
        for each in group.memberships:
            assert each.iso3 in countries.table(), (group.code, each.iso3)


def test_distance_is_symmetric_and_right_for_a_known_pair() -> None:
    assert countries.distance_km("FRA", "GBR") == pytest.approx(countries.distance_km("GBR", "FRA"))
    assert countries.distance_km("FRA", "GBR") == pytest.approx(344, rel=0.03)


def test_an_unknown_group_lists_the_groups() -> None:
    with pytest.raises(UnknownNameError, match="BRICS"):
        countries.members("BRIC", date(2024, 1, 1))
