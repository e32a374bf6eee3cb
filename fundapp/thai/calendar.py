"""The Thai solar calendar: Buddhist Era years, dates as typed, the fiscal year.

A Buddhist Era (B.E.) year is the Common Era (C.E.) year plus 543; months and days are the same, so
leap years follow the C.E. year (29 February 2567 exists because 2024 is a leap year). The fiscal
year runs from 1 October to 30 September and is named by the B.E. year in which it ends (Budget
Procedure Act 2561, s. 4).
"""

import re
from datetime import date

from fundapp.markers import N_
from fundapp.thai.folding import fold_signs, fold_text

_BE_OFFSET = 543
# A year above this is B.E.: as C.E. it would be centuries ahead, as B.E. it is 1858 and later.
_LAST_CE_READING = 2400
_FIRST_YEAR, _LAST_YEAR = 1900, 2200

THAI_MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
THAI_MONTHS_SHORT = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.",
    "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
_ENGLISH_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MALAY_MONTHS = (
    "januari", "februari", "mac", "april", "mei", "jun",
    "julai", "ogos", "september", "oktober", "november", "disember",
)  # fmt: skip

_ISO = re.compile(r"([0-9]+)-([0-9]{1,2})-([0-9]{1,2})")
_NUMERIC = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]+)")
_NAMED = re.compile(r"([0-9]{1,2})\s*([^\W\d_][^\d]*?)\s*(พ\.ศ\.|ค\.ศ\.)?\s*([0-9]+)")
_MONTH = re.compile(r"([0-9]{1,2})[/-]([0-9]+)")
_ISO_MONTH = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_NAMED_MONTH = re.compile(r"([^\W\d_][^\d]*?)\s*(พ\.ศ\.|ค\.ศ\.)?\s*([0-9]+)")
_LONGEST = 60

_EMPTY = N_("Enter a date, for example 24/11/2569.")
_FORM = N_("Write the date as day/month/year, for example 24/11/2569 or 24/11/2026.")
_SHORT_YEAR = N_("Write the year in full with four digits, for example 2569 or 2026.")
_YEAR = N_("This year is out of range. Write it as 2443 to 2743 (B.E.) or 1900 to 2200 (C.E.).")
_ERA = N_("The era and the year do not fit each other. Check the year.")
_LEAP = N_("29 February exists in leap years only, and this year is not one. Check the date.")
_NO_DAY = N_("There is no such day in the calendar. Check the day and the month.")


def be_year(ce: int) -> int:
    """The Buddhist Era year of the Common Era year ``ce``."""
    return ce + _BE_OFFSET


def ce_year(be: int) -> int:
    """The Common Era year of the Buddhist Era year ``be``."""
    return be - _BE_OFFSET


def _month_names() -> dict[str, int]:
    """Every accepted month name, folded, without dots, to its number from 1 to 12."""
    names: dict[str, int] = {}
    for table in (THAI_MONTHS, THAI_MONTHS_SHORT, _ENGLISH_MONTHS, _MALAY_MONTHS):
        names.update({_folded(name): number for number, name in enumerate(table, 1)})
    names.update({name[:3]: number for number, name in enumerate(_ENGLISH_MONTHS, 1)})
    return names


def _folded(month: str) -> str:
    """The name of a month as it is looked up."""
    return fold_text(month.replace(".", ""))


_MONTH_NUMBERS = _month_names()


def parse_day(text: str) -> date:
    """The day that ``text`` names, in either era.

    Accepts 2026-11-24, 24/11/2569, 24/11/2026, 24-11-2569, "24 พ.ย. 2569", "24 พฤศจิกายน พ.ศ.
    2569", "24 November 2026", and digits of any script in each. The day comes before the month
    unless the year comes first. A year above 2400 is B.E. Raises ValueError with a sentence for
    anything else: years with fewer than four digits, years outside 1900–2200 C.E., days that do not
    exist.
    """
    plain = fold_signs(text)
    if not plain:
        raise ValueError(_EMPTY)
    if len(text.strip()) > _LONGEST:
        raise ValueError(_FORM)
    year, month, day, era = _split(plain)
    return _build(_common_era(year, era), month, day)


def parse_month(text: str) -> tuple[int, int]:
    """The year of the Common Era and the month that ``text`` names: 11/2569, 2026-11, "พ.ย. 2569".
    Raises ValueError with a sentence, as `parse_day`.
    """
    plain = fold_signs(text)
    if match := _ISO_MONTH.fullmatch(plain):
        year, month, era = match[1], int(match[2]), ""
    elif match := _MONTH.fullmatch(plain):
        year, month, era = match[2], int(match[1]), ""
    elif match := _NAMED_MONTH.fullmatch(plain):
        year, month, era = match[3], _MONTH_NUMBERS.get(_folded(match[1]), 0), match[2] or ""
        if not month:
            raise ValueError(_FORM)
    else:
        raise ValueError(_FORM)
    first = _build(_common_era(year, era), month, 1)
    return first.year, first.month


def _split(plain: str) -> tuple[str, int, int, str]:
    """The year as written, month, day and era word (or "") of a date in one of the accepted
    forms.
    """
    if match := _ISO.fullmatch(plain):
        year, month, day = match.groups()
        # "24-11-69" fits this shape too; the short year is refused by `_common_era` either way.
        if len(year) >= 3:
            return year, int(month), int(day), ""
    if match := _NUMERIC.fullmatch(plain):
        day, _, month, year = match.groups()
        return year, int(month), int(day), ""
    if match := _NAMED.fullmatch(plain):
        day, name, era, year = match.groups()
        number = _MONTH_NUMBERS.get(_folded(name))
        if number is not None:
            return year, number, int(day), era or ""
    raise ValueError(_FORM)


def _common_era(year: str, era: str) -> int:
    """The C.E. year of the digits ``year``, read by ``era`` when it is written."""
    if len(year) < 4:
        raise ValueError(_SHORT_YEAR)
    if len(year) > 4:
        raise ValueError(_YEAR)
    number = int(year)
    is_buddhist = number > _LAST_CE_READING
    if era and is_buddhist != (era == "พ.ศ."):
        raise ValueError(_ERA)
    common = ce_year(number) if is_buddhist else number
    if not _FIRST_YEAR <= common <= _LAST_YEAR:
        raise ValueError(_YEAR)
    return common


def _build(year: int, month: int, day: int) -> date:
    """The date, or a sentence that tells a missing leap day from any other impossible day."""
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(_LEAP if (month, day) == (2, 29) else _NO_DAY) from None


def format_day_th(day: date) -> str:
    """``day`` in full, B.E.: "24 พฤศจิกายน 2569"."""
    return f"{day.day} {THAI_MONTHS[day.month - 1]} {be_year(day.year)}"


def format_day_short_th(day: date) -> str:
    """``day`` in short, B.E. with a two-digit year as is the custom: "24 พ.ย. 69"."""
    return f"{day.day} {THAI_MONTHS_SHORT[day.month - 1]} {be_year(day.year) % 100:02d}"


def fiscal_year_be(day: date) -> int:
    """The B.E. name of the fiscal year that holds ``day``: 1 October 2025 is in 2569."""
    return be_year(day.year + 1 if day.month >= 10 else day.year)


def fiscal_year_bounds(be: int) -> tuple[date, date]:
    """The first and the last day of fiscal year ``be``, both inside it."""
    ends_in = ce_year(be)
    return date(ends_in - 1, 10, 1), date(ends_in, 9, 30)
