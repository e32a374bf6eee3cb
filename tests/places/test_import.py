"""`flask places import`: lists as they are published, and lists with errors in them."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

import fundapp.places
from fundapp.db import unit_of_work
from fundapp.places.errors import PlacesRejectedError
from fundapp.places.models import District, Province, Subdistrict
from fundapp.places.operations import import_places
from fundapp.places.place_lists import MAX_BYTES, official_provinces, read_places
from fundapp.places.queries import list_districts, list_subdistricts
from tests.factories.actors import COMMAND_LINE

pytestmark = pytest.mark.sqlite

DATA = Path(fundapp.places.__file__).parent / "data"

PATTANI = """subdistrict_code,district_code,district_th,name_th,name_en,postal_code
940101,9401,เมืองปัตตานี,สะบารัง,Sabarang,94000
940102,9401,เมืองปัตตานี,อาเนาะรู,Anoru,94000
940201,9402,โคกโพธิ์,โคกโพธิ์,Khok Pho,94120
"""


def import_text(text: str | bytes):
    data = text if isinstance(text, bytes) else text.encode()
    return unit_of_work(import_places, read_places(data), actor=COMMAND_LINE)


def counts(result):
    return (result.added, result.changed, result.unchanged)


def how_many(session):
    return [
        session.scalar(select(func.count(kind.code))) for kind in (Province, District, Subdistrict)
    ]


def test_the_places_of_yala_are_in_a_new_database(session):
    assert how_many(session) == [1, 8, 58]
    assert [district.name_en for district in list_districts("95")][:2] == ["Mueang Yala", "Betong"]
    assert len(list_subdistricts("9506")) == 16


@pytest.mark.parametrize(("name", "rows"), [("yala_districts", 8), ("yala_subdistricts", 58)])
def test_the_lists_of_yala_again_change_nothing(session, name, rows):
    assert counts(import_text((DATA / f"{name}.csv").read_bytes())) == (0, 0, rows)


def test_another_province_comes_with_its_districts(session):
    assert counts(import_text(PATTANI)) == (6, 0, 0)
    assert counts(import_text(PATTANI)) == (0, 0, 3)
    provinces = session.scalars(select(Province.name_en).order_by(Province.code))
    assert list(provinces) == ["Pattani", "Yala"]
    assert [district.name_th for district in list_districts("94")] == ["เมืองปัตตานี", "โคกโพธิ์"]
    assert [place.postal_code for place in list_subdistricts("9402")] == ["94120"]


def test_lists_of_the_whole_country_follow_each_other(session):
    assert counts(import_text((DATA / "provinces.csv").read_bytes())) == (76, 0, 1)
    districts = (
        "district_code,province_code,name_th,name_en,postal_code\n"
        "9401,94,เมืองปัตตานี,Mueang Pattani,94000\n"
    )
    assert counts(import_text(districts)) == (1, 0, 0)
    subdistricts = (
        "subdistrict_code,district_code,province_code,name_th,name_en,postal_code\n"
        "940101,9401,94,สะบารัง,Sabarang,94000\n"
    )
    assert counts(import_text(subdistricts)) == (1, 0, 0)


def test_a_list_updates_names_and_keeps_what_it_does_not_state(session):
    text = "district_code,name_th,name_en\n9503,บันนังสตา,Bannang Satar\n"
    assert counts(import_text(text)) == (0, 1, 0)
    session.expire_all()
    district = session.get_one(District, "9503")
    assert (district.name_en, district.name_ms) == ("Bannang Satar", "Benang Setar")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp874"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_of_spreadsheets(session, encoding, delimiter):
    assert counts(import_text(PATTANI.replace(",", delimiter).encode(encoding)))[0] == 6


def test_codes_in_thai_digits_and_blank_lines_are_read(session):
    text = PATTANI.replace("940101", "๙๔๐๑๐๑").replace("\n", "\r\n") + "\r\n,,,,,\r\n"
    assert counts(import_text(text)) == (6, 0, 0)


def test_there_are_77_provinces():
    assert len(official_provinces()) == 77
    assert official_provinces()["95"].name_th == "ยะลา"


@pytest.mark.parametrize(
    ("text", "start"),
    [
        (PATTANI.replace("940102", "9401X2"), "row 3, subdistrict_code: '9401X2' is not"),
        (PATTANI.replace("940102", "940101"), "row 3, subdistrict_code: 940101 is in"),
        (PATTANI.replace("02,9401", "02,9402"), "row 3, district_code: 940102 does not begin"),
        (PATTANI.replace("Anoru", " "), "row 3, name_en: The name is missing."),
        (PATTANI.replace("94120", "9412"), "row 4, postal_code: '9412' is not a postal code."),
        (
            "subdistrict_code,name_th,name_en\n950101,ก,K\n950102,ข,Kh\n940101,ค,Kho\n940102,ง,Ngo\n",
            "row 4, district_code: District 9401 is not known. Import the list of districts first.",
        ),
        ("district_code,name_th,name_en\n9999,ก,K\n", "row 2, district_code: There is no province"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_named_and_nothing_is_imported(session, text, start):
    before = how_many(session)
    with pytest.raises(PlacesRejectedError) as refused:
        import_text(text)
    assert any(str(error).startswith(start) for error in refused.value.errors)
    session.expire_all()
    assert how_many(session) == before


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the first line must name the columns"),
        (b"a,b,c\n1,2,3\n", "the first line must name the columns"),
        (b"district_code,name_th\n9401,x\n", "the column name_en is missing"),
        (b"district_code,name_th,name_en\n", "it has no rows"),
        (b"\xff\xfe\x00\xdb\xdc", "not text"),
        (b'district_code,name_th,name_en\n9401,"x\x00",y\n9401', "not text"),
        (b"x" * (MAX_BYTES + 1), "larger than 10 MB"),
        (b"district_code,name_th,name_en\n" + b"9401,x,y\n" * 20_001, "20,000 rows"),
    ],
    ids=range(8),
)
def test_other_files_are_refused(session, data, reason):
    with pytest.raises(PlacesRejectedError, match=reason):
        import_text(data)


def test_the_command_reports_its_result(runner, tmp_path):
    file = tmp_path / "pattani.csv"
    file.write_text(PATTANI, encoding="utf-8")
    result = runner.invoke(args=["places", "import", str(file)])
    assert (result.exit_code, result.output) == (0, "added 6, changed 0, unchanged 0\n")


def test_the_command_lists_every_wrong_row(runner, session, tmp_path):
    file = tmp_path / "pattani.csv"
    file.write_text(PATTANI.replace("9401,เมือง", "940,เมือง"), encoding="utf-8")
    result = runner.invoke(args=["places", "import", str(file)])
    assert result.exit_code == 1
    assert "row 2, district_code: '940' is not a code of 4 digits." in result.output
    assert "row 3, district_code" in result.output
    assert "was not imported" in result.output
    assert how_many(session) == [1, 8, 58]
