"""Two files that may be of one child, measured on a made-up list; and what speaks for it."""

import re
import subprocess
import sys
from datetime import date

import pytest

from fundapp.children.births import Birth, Precision, birth_of, parse_birth, stored_birth
from fundapp.children.likeness import Likeness, Person, compare, fit, is_one_apart

pytestmark = pytest.mark.sqlite  # no database takes part

BORN = Birth(date(2016, 3, 4))
NOORI = Person("นูรี", "สมมุติวงศ์", BORN, "อามีเนาะ สมมุติวงศ์", "โรงเรียนบ้านตัวอย่าง")


def person(given="นูรี", family="สมมุติวงศ์", birth=BORN, guardian="", school=""):
    return Person(given, family, birth, guardian, school)


def test_of_planted_pairs_ninety_five_in_a_hundred_are_found(capsys):
    """The command of the full size, 20,000 with 400 twice, prints the same two numbers."""
    command = [sys.executable, "-m", "tests.children.alike_people", "2000", "120"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    recall, precision = map(float, re.findall(r"([0-9.]+)%", said))
    assert recall >= 95, said
    assert precision >= 85, said


@pytest.mark.parametrize(
    "other",
    [
        person("เด็กหญิงนูรี"),
        person("Nuri", "Sommutiwong"),
        person("นูรีย์", "สมมุติวงค์"),
        person(birth=Birth(date(2016, 4, 3))),
        person(birth=Birth(date(2015, 3, 4))),
        person(birth=Birth(date(2016, 3, 20))),
        person(birth=birth_of(2016)),
        person(birth=birth_of(2016, 3)),
        person(family=""),
        person(family="อื่นไกล", guardian="Aminah Sommutiwong"),
    ],
)
def test_spelled_dated_or_told_differently_it_is_still_noticed(other):
    assert compare(NOORI, other) is not None
    assert compare(other, NOORI) is not None


@pytest.mark.parametrize(
    "other",
    [
        person("ฟารีดา", guardian=NOORI.guardian_name, school=NOORI.school_name),
        person(birth=Birth(date(2013, 8, 9)), guardian=NOORI.guardian_name),
        person(family="อื่นไกล"),
        person(birth=birth_of(2012)),
    ],
    ids=["a twin", "a younger sister", "another family", "another year"],
)
def test_others_are_told_apart(other):
    assert compare(NOORI, other) is None


def test_what_speaks_for_it_is_said():
    alike = compare(NOORI, person("Nuri", "Sommutiwong", guardian="อามีเนาะ สมมุติวงศ์"))
    assert Likeness.SAME_BIRTH in alike.reasons
    assert Likeness.SAME_GUARDIAN in alike.reasons
    assert Likeness.SAME_NAME not in alike.reasons


@pytest.mark.parametrize(
    ("typed", "stored", "precision"),
    [
        ("24/6/2559", "2016-06-24", Precision.DAY),
        ("24 มิถุนายน 2559", "2016-06-24", Precision.DAY),
        ("6/2559", "2016-06", Precision.MONTH),
        ("มิ.ย. 2559", "2016-06", Precision.MONTH),
        ("๒๕๕๙", "2016", Precision.YEAR),
        ("2016", "2016", Precision.YEAR),
    ],
)
def test_a_birth_date_is_kept_as_far_as_it_is_known(typed, stored, precision):
    birth = parse_birth(typed)
    assert (birth.stored, birth.precision) == (stored, precision)
    assert stored_birth(stored) == birth
    assert birth.is_estimated is (precision is not Precision.DAY)


@pytest.mark.parametrize("typed", ["59", "13/2559", "2443x", "ปี 2559 หรือ 2560"])
def test_what_is_no_birth_date_is_refused(typed):
    with pytest.raises(ValueError, match=r"."):
        parse_birth(typed)


def test_a_search_fits_by_every_word():
    assert fit("นูรี สมมุติวงศ์", "Nuri") > 0
    assert fit("นูรี สมมุติวงศ์", "สมมุติวงศ์ นูรี") > fit("นูรี สมมุติวงศ์", "Nuri")
    assert fit("นูรี สมมุติวงศ์", "นูรี ดารา") == 0


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("abc", "abc", True), ("abc", "ab", True), ("abc", "axc", True), ("abc", "cba", False)],
)
def test_one_sign_apart(one, other, expected):
    assert is_one_apart(one, other) is expected
