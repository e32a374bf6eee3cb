"""What the tables of places hold to, whoever writes to them."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from fundapp.db import db, unit_of_work

pytestmark = pytest.mark.usefixtures("session")

PROVINCE = "INSERT INTO provinces (code, name_th, name_en, name_ms) VALUES ('{}', 'ก', 'K', 'K')"
DISTRICT = (
    "INSERT INTO districts (code, province_code, name_th, name_en, name_ms)"
    " VALUES ('{}', '{}', 'ก', 'K', 'K')"
)
SUBDISTRICT = (
    "INSERT INTO subdistricts (code, district_code, name_th, name_en, postal_code)"
    " VALUES ('{}', '{}', 'ก', 'K', '')"
)


def write(statement):
    unit_of_work(db.session.execute, text(statement))


def count():
    tables = ("provinces", "districts", "subdistricts")
    return sum(db.session.scalar(text(f"SELECT count(*) FROM {table}")) for table in tables)


@pytest.mark.parametrize(
    "statement",
    [
        PROVINCE.format("9"),
        PROVINCE.format("940"),
        PROVINCE.format("95"),
        DISTRICT.format("95999", "95"),
        DISTRICT.format("9401", "95"),
        DISTRICT.format("9401", "94"),
        SUBDISTRICT.format("95019", "9501"),
        SUBDISTRICT.format("950201", "9501"),
        SUBDISTRICT.format("959901", "9599"),
        "DELETE FROM provinces WHERE code = '95'",
        "DELETE FROM districts WHERE code = '9501'",
    ],
)
def test_a_code_is_of_its_length_and_inside_a_place_that_is_there(statement):
    with pytest.raises(IntegrityError):
        write(statement)


@pytest.mark.parametrize(
    "statement",
    [PROVINCE.format("94"), DISTRICT.format("9599", "95"), SUBDISTRICT.format("950199", "9501")],
)
def test_right_codes_are_taken(statement):
    before = count()
    write(statement)
    assert count() == before + 1
