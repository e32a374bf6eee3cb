"""Public holidays of Thailand (pure): those on fixed days, those of the Buddhist calendar as they
were announced, and the working day that takes the place of one on a weekend.

Holidays of the Islamic calendar are announced by the Sheikhul Islam's office when the moon is
seen, and single further days by the cabinet: they are not here.
"""

from datetime import date, timedelta
from functools import lru_cache

#: As (month, day): new year, Chakri, Songkran, labour, coronation, the Queen, the King, the Queen
#: Mother, Navamindra, Chulalongkorn, the father of the nation, the constitution, the year's end.
_FIXED = (
    (1, 1), (4, 6), (4, 13), (4, 14), (4, 15), (5, 1), (5, 4), (6, 3), (7, 28), (8, 12),
    (10, 13), (10, 23), (12, 5), (12, 10), (12, 31),
)  # fmt: skip
#: By year, as (month, day): Makha Bucha, Visakha Bucha, Asalha Bucha, the first day of Lent.
_MOON = {
    2024: ((2, 24), (5, 22), (7, 20), (7, 21)),
    2025: ((2, 12), (5, 11), (7, 10), (7, 11)),
    2026: ((3, 3), (5, 31), (7, 29), (7, 30)),
    2027: ((2, 21), (5, 20), (7, 18), (7, 19)),
}
#: The last year of which the holidays that follow the moon are known.
LAST_MOON_YEAR = max(_MOON)
#: Offices do not make up for the first day of Lent.
_NOT_MADE_UP = 3
_SATURDAY = 5


def is_public_holiday(day: date) -> bool:
    """Whether the day is a holiday, or makes up for one on a weekend."""
    return day in _holidays_of(day.year) or day in _made_up(day.year)


def is_weekend(day: date) -> bool:
    """Whether it is a Saturday or a Sunday."""
    return day.weekday() >= _SATURDAY


@lru_cache(maxsize=16)
def _holidays_of(year: int) -> frozenset[date]:
    return frozenset(date(year, *each) for each in (*_FIXED, *_MOON.get(year, ())))


@lru_cache(maxsize=16)
def _made_up(year: int) -> frozenset[date]:
    """The next working day after each holiday on a weekend; holidays that follow each other are
    made up for by one day. That of the year's end before lies in January.
    """
    free = _holidays_of(year) | _holidays_of(year - 1)
    without = {date(each, *days[_NOT_MADE_UP]) for each, days in _MOON.items()}
    made_up = set()
    for day in free - without:
        later = day
        while is_weekend(day) and (is_weekend(later) or later in free):
            later += timedelta(days=1)
        made_up.add(later)
    return frozenset(made_up)
