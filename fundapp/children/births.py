"""Birth dates as they are known: the day, the month or the year alone (pure).

A file keeps ``2016-02-29``, ``2016-02`` or ``2016``. Where the day is not known it is estimated in
the middle: the age is then right to half a year, and pages say that it is an estimate.
"""

import re
from dataclasses import dataclass
from datetime import date

from fundapp.labels import LabelledEnum
from fundapp.markers import N_
from fundapp.thai.calendar import parse_day, parse_month
from fundapp.thai.folding import fold_signs

_YEAR_ALONE = re.compile(r"[0-9]{4}")
#: 2/2559, 2016-02, "ก.พ. 2559".
_MONTH = re.compile(r"[0-9]{1,2}[/-][0-9]{4}|[0-9]{4}-[0-9]{1,2}|[^\W\d_][^\d]*[0-9]{4}")


class Precision(LabelledEnum):
    """What of a birth date is known."""

    DAY = "day", N_("The day is known")
    MONTH = "month", N_("The month alone is known")
    YEAR = "year", N_("The year alone is known")


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth date; ``on`` is estimated where the day is not known."""

    on: date
    precision: Precision = Precision.DAY

    @property
    def is_estimated(self) -> bool:
        """Whether the day is not known."""
        return self.precision is not Precision.DAY

    @property
    def first(self) -> date:
        """The first day that it can have been."""
        if self.precision is Precision.YEAR:
            return date(self.on.year, 1, 1)
        return self.on.replace(day=1) if self.precision is Precision.MONTH else self.on

    @property
    def stored(self) -> str:
        """What a file keeps."""
        length = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[self.precision]
        return self.on.isoformat()[:length]


def stored_birth(text: str) -> Birth:
    """What `Birth.stored` gave; ValueError for anything else."""
    if len(text) == 4:
        return birth_of(int(text))
    if len(text) == 7:
        return birth_of(int(text[:4]), int(text[5:]))
    return Birth(date.fromisoformat(text))


def birth_of(year: int, month: int | None = None) -> Birth:
    """Of a year, or a month of it, of the Common Era."""
    if month is None:
        return Birth(date(year, 7, 1), Precision.YEAR)
    return Birth(date(year, month, 15), Precision.MONTH)


def parse_birth(text: str) -> Birth:
    """A birth date as people write it: a day in either era, 2/2559 or "กุมภาพันธ์ 2559" for a month,
    2559 for a year. ValueError with a sentence.
    """
    plain = fold_signs(text)
    if _YEAR_ALONE.fullmatch(plain):
        return birth_of(parse_month(f"1/{plain}")[0])
    if _MONTH.fullmatch(plain):
        year, month = parse_month(plain)
        return birth_of(year, month)
    return Birth(parse_day(text))
