"""Reads of places: by code, in the order of their codes, by district and province."""

import pytest

from fundapp.db import unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.places.operations import import_places
from fundapp.places.place_lists import read_places
from fundapp.places.queries import find_subdistrict, list_districts, list_subdistricts
from fundapp.trail.queries import list_events
from tests.factories.actors import ADMINISTRATOR, COMMAND_LINE

pytestmark = pytest.mark.usefixtures("session")

PATTANI = """subdistrict_code,district_code,district_th,name_th,name_en,postal_code
940201,9402,โคกโพธิ์,โคกโพธิ์,Khok Pho,94120
940101,9401,เมืองปัตตานี,สะบารัง,Sabarang,94000
"""


@pytest.fixture
def pattani():
    """A second province, beside Yala."""
    unit_of_work(import_places, read_places(PATTANI.encode()), actor=COMMAND_LINE)


def codes(places):
    return [place.code for place in places]


def test_everything_is_listed_by_code(pattani):
    assert codes(list_districts()) == [
        "9401",
        "9402",
        *(f"95{number:02}" for number in range(1, 9)),
    ]
    subdistricts = codes(list_subdistricts())
    assert subdistricts[:3] == ["940101", "940201", "950101"]
    assert subdistricts == sorted(subdistricts)


def test_districts_of_a_province_and_subdistricts_of_a_district(pattani):
    assert codes(list_districts("94")) == ["9401", "9402"]
    assert codes(list_districts("96")) == []
    assert codes(list_subdistricts("9402")) == ["940201"]
    assert all(code.startswith("9506") for code in codes(list_subdistricts("9506")))
    assert codes(list_subdistricts("9599")) == []


def test_one_place_by_its_code():
    assert find_subdistrict("950201").district_code == "9502"
    assert find_subdistrict("959901") is None


def test_only_who_holds_the_permission_imports_a_list():
    with pytest.raises(ForbiddenError):
        unit_of_work(import_places, read_places(PATTANI.encode()), actor=ADMINISTRATOR)
    assert codes(list_districts("94")) == []
    assert list_events("places", "list") == []


def test_an_import_is_written_to_the_trail(pattani):
    (event,) = list_events("places", "list")
    assert (event.action, event.actor) == ("places:list:import", "command-line")
    assert event.note == "5 added, 0 changed"
