"""Where an enforcement certificate holds: its area covers everything below it in GB/T 2260, and nothing above or beside."""

import pytest

from sanxiang.law.conditions.people import reaches

COUNTY, TOWN = "370602", "370602001"


@pytest.mark.parametrize(
    "area",
    ["370000", "37", "370600", "3706", COUNTY, "370602000", "370602000000"],
)
def test_a_province_and_a_city_cover_the_counties_below_them(area: str) -> None:
    assert reaches(area, COUNTY) and reaches(area, TOWN)


@pytest.mark.parametrize(
    ("area", "region"),
    [
        ("370603", COUNTY),
        ("370700", COUNTY),
        ("360000", COUNTY),
        ("370000", "360602"),
        (COUNTY, "370600"),
        (COUNTY, "370000"),
        ("370600", "370000"),
        ("371000", "370102"),
        (TOWN, "370602002"),
        (TOWN, "370600"),
        ("山东省", COUNTY),
        ("", COUNTY),
    ],
)
def test_beside_it_and_above_it_the_certificate_does_not_hold(area: str, region: str) -> None:
    assert not reaches(area, region)


def test_noughts_are_the_whole_country() -> None:
    assert reaches("000000", COUNTY) and reaches("000000", "110000") and not reaches("00", COUNTY)


def test_a_town_s_certificate_holds_in_the_agency_of_its_county() -> None:
    assert reaches(TOWN, COUNTY) and reaches("370602001000", TOWN)


def test_a_code_that_ends_in_one_nought_is_not_cut() -> None:
    """371000 is a city: its counties begin with 3710, and 3711 is another's."""
    assert reaches("371000", "371002") and not reaches("371000", "371102")
    assert reaches("370830", "370830") and not reaches("370830", "370831")
