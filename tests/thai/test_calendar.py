"""Dates in both eras, as typed and as shown, and the fiscal year."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.thai.calendar import (
    THAI_MONTHS,
    THAI_MONTHS_SHORT,
    be_year,
    ce_year,
    fiscal_year_be,
    fiscal_year_bounds,
    format_day_short_th,
    format_day_th,
    parse_day,
)
from tests.factories.digits import in_thai_digits

NOVEMBER_24 = date(2026, 11, 24)
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))


def vectors():
    with (Path(__file__).parent / "data" / "dates.csv").open(encoding="utf-8") as file:
        return [
            pytest.param(date.fromisoformat(row["day"]), row, id=row["day"])
            for row in csv.DictReader(file)
        ]


@pytest.mark.parametrize(("day", "row"), vectors())
def test_a_day_reads_as_thai_papers_write_it(day, row):
    assert format_day_th(day) == row["long"]
    assert format_day_short_th(day) == row["short"]
    assert fiscal_year_be(day) == int(row["fiscal_year"])
    assert parse_day(row["long"]) == day


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24",
        "2569-11-24",
        "24/11/2569",
        "24/11/2026",
        "24-11-2569",
        "24-11-2026",
        " 24/11/2569 ",
        "２４／１１／２５６９",
        "٢٤-١١-٢٥٦٩",
        "24\u201311\u20132569",
        "24\u00a0พ.ย.\u00a02569",
        "\u200e24/11/2569\u200e",
        "24 พฤศจิกายน \ufeff2569",
        "๒๔/๑๑/๒๕๖๙",
        "๒๕๖๙-๑๑-๒๔",
        "24 พ.ย. 2569",
        "24 พย 2569",
        "24พ.ย.2569",
        "๒๔ พ.ย. ๒๕๖๙",
        "24 พฤศจิกายน 2569",
        "24 พฤศจิกายน พ.ศ. 2569",
        "24 พฤศจิกายน ค.ศ. 2026",
        "24 พฤศจิกายน 2026",
        "24 November 2026",
        "24 nov 2569",
        "24 NOVEMBER 2569",
    ],
)
def test_the_same_day_in_many_forms(text):
    assert parse_day(text) == NOVEMBER_24


@pytest.mark.parametrize("text", ["7 Ogos 2026", "7 August 2026", "7 ส.ค. 2569", "7/8/2569"])
def test_malay_and_english_months_and_single_digits(text):
    assert parse_day(text) == date(2026, 8, 7)


MONTH_NAMES = """
January February March April May June July August September October November December
Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec
Januari Februari Mac April Mei Jun Julai Ogos September Oktober November Disember
"""


@pytest.mark.parametrize(
    "names",
    [THAI_MONTHS, THAI_MONTHS_SHORT, *(line.split() for line in MONTH_NAMES.split("\n")[1:-1])],
)
def test_every_month_by_its_names(names):
    assert [parse_day(f"1 {name} 2026").month for name in names] == [*range(1, 13)]


@pytest.mark.parametrize(("length", "is_read"), [(60, True), (61, False)])
def test_a_date_is_not_longer_than_sixty_characters(length, is_read):
    text = "24" + " " * (length - len("24พ.ย. 2569")) + "พ.ย. 2569"
    assert len(text) == length
    if is_read:
        assert parse_day(text) == NOVEMBER_24
    else:
        with pytest.raises(ValueError, match="day/month/year"):
            parse_day(text)


def test_the_day_stands_before_the_month():
    assert parse_day("03/04/2569") == date(2026, 4, 3)


@pytest.mark.parametrize(
    "text", ["29/02/2567", "29/02/2024", "2024-02-29", "2567-02-29", "29 ก.พ. 2567", "29/2/2543"]
)
def test_29_february_of_a_leap_year_in_either_era(text):
    day = parse_day(text)
    assert (day.month, day.day) == (2, 29)


@pytest.mark.parametrize(
    "text",
    ["29/02/2568", "29/02/2569", "29/02/2025", "2026-02-29", "2569-02-29", "29 ก.พ. 2568",
     "29/02/2643"],
)  # fmt: skip
def test_29_february_of_a_common_year_is_refused_by_name(text):
    with pytest.raises(ValueError, match="leap years only"):
        parse_day(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Enter a date"),
        ("   ", "Enter a date"),
        ("24/11/69", "year in full"),
        ("24-11-69", "year in full"),
        ("24 พ.ย. 69", "year in full"),
        ("69-11-24", "year in full"),
        ("569-11-24", "year in full"),
        ("24/11/569", "year in full"),
        ("31/11/2569", "no such day"),
        ("2026-13-01", "no such day"),
        ("11/24/2026", "no such day"),
        ("0/1/2569", "no such day"),
        ("1/0/2569", "no such day"),
        ("24/11/2300", "out of range"),
        ("24/11/1899", "out of range"),
        ("24/11/2400", "out of range"),
        ("24/11/2401", "out of range"),
        ("24/11/2744", "out of range"),
        ("24/11/9999", "out of range"),
        ("24/11/20260", "out of range"),
        ("24/11/02026", "out of range"),
        ("24 พฤศจิกายน ค.ศ. 2400", "out of range"),
        ("24 พฤศจิกายน พ.ศ. 2401", "out of range"),
        ("24 พฤศจิกายน ค.ศ. 2569", "era and the year"),
        ("24 พฤศจิกายน พ.ศ. 2026", "era and the year"),
        ("24/11-2569", "day/month/year"),
        ("24.11.2569", "day/month/year"),
        ("24 xyz 2569", "day/month/year"),
        ("พ.ย. 2569", "day/month/year"),
        ("24/11", "day/month/year"),
        ("20261124", "day/month/year"),
        ("tomorrow", "day/month/year"),
        ("2026-11-24T00:00:00", "day/month/year"),
        ("-2026-11-24", "day/month/year"),
        ("24/11/2569\x00", "day/month/year"),
        ("1" * 100_000, "day/month/year"),
    ],
)
def test_what_is_not_a_date_is_refused_with_a_sentence(text, words):
    with pytest.raises(ValueError, match=words) as refusal:
        parse_day(text)
    assert str(refusal.value).endswith(".")


@given(DAYS)
def test_every_form_of_every_day_reads_back(day):
    be = be_year(day.year)
    forms = [
        day.isoformat(),
        f"{day.day}/{day.month}/{day.year}",
        f"{day.day:02d}-{day.month:02d}-{be}",
        format_day_th(day),
        in_thai_digits(format_day_th(day)),
        f"{day.day} {THAI_MONTHS_SHORT[day.month - 1]} {be}",
        f"{day.day} {THAI_MONTHS[day.month - 1]} พ.ศ. {be}",
    ]
    assert {parse_day(form) for form in forms} == {day}


@given(st.text(max_size=80))
def test_any_text_is_a_day_or_a_value_error(text):
    try:
        result = parse_day(text)
    except ValueError as refusal:
        result = str(refusal)
    assert isinstance(result, date) or result.endswith(".")


@given(st.integers(1900, 2200))
def test_eras_are_543_years_apart_both_ways(year):
    assert ce_year(be_year(year)) == year == be_year(year) - 543


@given(DAYS)
def test_a_day_lies_within_the_bounds_of_its_fiscal_year(day):
    first, last = fiscal_year_bounds(fiscal_year_be(day))
    assert first <= day <= last


@given(st.integers(2443, 2743))
def test_fiscal_years_follow_each_other_without_a_gap(be):
    first, last = fiscal_year_bounds(be)
    assert (first.day, first.month, last.day, last.month) == (1, 10, 30, 9)
    assert last + timedelta(days=1) == fiscal_year_bounds(be + 1)[0]


def test_fiscal_year_2569_ends_in_september_2026():
    assert fiscal_year_bounds(2569) == (date(2025, 10, 1), date(2026, 9, 30))
