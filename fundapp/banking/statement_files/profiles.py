"""How a style of statement file is read: plain values, and days as a style writes them.

The styles are rows of ``statement_profiles``, which officers edit. No bank publishes a
specification; what is ambiguous in a file is decided by its style and never guessed from its
content: the order of day, month and year, the era, and what a two-digit year means.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from fundapp.banking.errors import ProfileRefusedError
from fundapp.banking.models import DayForm, Era
from fundapp.banking.statement_files.cells import folded
from fundapp.markers import N_
from fundapp.thai.calendar import be_year, ce_year, parse_day
from fundapp.thai.folding import plain_signs

#: The columns of a statement, in the order in which errors name them.
COLUMNS = (
    "day", "time", "description", "withdrawal", "deposit", "amount", "balance", "detail", "channel",
)  # fmt: skip

# Two digits up to 42 may be C.E. only, from 43 on B.E. only (2543 = 2000 C.E.); the rest is doubt.
_FIRST_SHORT_BE = 43
_CENTURY = {Era.BUDDHIST: 2500, Era.COMMON: 2000}

_CODE = re.compile(r"[a-z][a-z0-9-]{0,19}")
#: Those of the messages that are read beside the styles (`messages.MESSAGES`).
MESSAGE_CODES = ("mt940", "camt053")

_PARTS = {
    "DD": "(?P<day>[0-9]{1,2})",
    "MMM": r"(?P<name>[^\W\d_][^\d\s/-]*)",
    "MM": "(?P<month>[0-9]{1,2})",
    "YYYY": "(?P<year>[0-9]{4})",
    "YY": "(?P<year>[0-9]{2})",
}
_PART = re.compile("DD|MMM|MM|YYYY|YY")
_EXAMPLE = date(2025, 12, 31)


@dataclass(frozen=True)
class DayReader:
    """Reads the days of one style: the order of day, month and year, and the era, are fixed."""

    form: DayForm
    era: Era

    @cached_property
    def shape(self) -> str:
        """A pattern that texts of this form match, whatever day they name."""
        parts = _PART.sub(lambda part: _PARTS[part.group()], re.escape(self.form))
        return rf"(?<![0-9]){parts.replace(chr(92) + ' ', '[ ]*')}(?![0-9])"

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(self.shape)

    @property
    def example(self) -> str:
        """The last day of B.E. 2568 as this style writes it."""
        year = be_year(_EXAMPLE.year) if self.era is Era.BUDDHIST else _EXAMPLE.year
        parts = {"DD": "31", "MMM": "ธ.ค.", "MM": "12", "YYYY": f"{year}", "YY": f"{year % 100}"}
        return _PART.sub(lambda part: parts[part.group()], self.form)

    def read(self, text: str) -> date | None:
        """The day of ``text``; None if it is not of this form or era. ValueError: no such day."""
        match = self._pattern.fullmatch(plain_signs(text))
        if match is None:
            return None
        parts = match.groupdict()
        year = self._common_year(parts["year"])
        if year is None:
            return None
        if "name" in parts:
            return self._read_named(parts["day"], parts["name"], year)
        return date(year, int(parts["month"]), int(parts["day"]))

    def find(self, text: str) -> Iterator[str]:
        """The texts of this form in ``text``, in their order."""
        return (match.group() for match in self._pattern.finditer(plain_signs(text)))

    def _common_year(self, digits: str) -> int | None:
        """The C.E. year of digits that are certainly of the style's era."""
        number = int(digits)
        if len(digits) == 2:
            if (number >= _FIRST_SHORT_BE) != (self.era is Era.BUDDHIST):
                return None
            number += _CENTURY[self.era]
        common = ce_year(number) if self.era is Era.BUDDHIST else number
        return common if 1900 <= common <= 2200 else None

    def _read_named(self, day: str, name: str, year: int) -> date | None:
        try:
            first = parse_day(f"1 {name} {year}")
        except ValueError:
            return None
        return date(year, first.month, int(day))


@dataclass(frozen=True)
class Profile:
    """How one style of statement file is read.

    Headings and words are compared without regard to case and spaces; each of several is accepted.
    """

    #: What commands and forms call it.
    code: str
    #: What people call it.
    title: str
    #: Column (see `COLUMNS`) to its headings; a column that the style lacks has none.
    headings: Mapping[str, tuple[str, ...]]
    day_form: DayForm
    era: Era
    #: Descriptions of the row that brings the balance forward, and of the one that carries it on.
    opening_words: tuple[str, ...] = ()
    closing_words: tuple[str, ...] = ()
    #: What stands before the account number and before the period, above the headings.
    account_words: tuple[str, ...] = ()
    period_words: tuple[str, ...] = ()
    days: DayReader = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "days", DayReader(self.day_form, self.era))

    def heading(self, column: str) -> str:
        """The heading by which errors name a column."""
        return self.headings[column][0] if self.headings.get(column) else column

    @property
    def all_headings(self) -> Iterator[str]:
        """Every heading of every column."""
        return (heading for column in COLUMNS for heading in self.headings.get(column, ()))


def check_profile(profile: Profile) -> None:
    """Refuse a style with which no file, or the same file in two ways, could be read.

    Raises ProfileRefusedError with the field that is wrong.
    """
    has_code = _CODE.fullmatch(profile.code) is not None and profile.code not in MESSAGE_CODES
    _check(has_code, N_("Use small letters, digits and hyphens, for example ktb."), "code")
    _check(bool(profile.title), N_("Enter a name by which people know the style."), "title")
    for column in ("day", "balance"):
        has_heading = bool(profile.headings.get(column))
        _check(has_heading, N_("Enter the heading as the bank writes it."), f"{column}_headings")
    sides = (profile.headings.get("withdrawal"), profile.headings.get("deposit"))
    is_one_sided = bool(sides[0]) != bool(sides[1])
    sentence = N_("Enter the headings of withdrawals and of deposits, or that of one column.")
    has_amounts = not is_one_sided and bool(sides[0] or profile.headings.get("amount"))
    _check(has_amounts, sentence, "deposit_headings" if sides[0] else "withdrawal_headings")
    _check_distinct(profile)


def _check_distinct(profile: Profile) -> None:
    """Every heading stands for one column, and every word for one row."""
    seen: set[str] = set()
    for column in COLUMNS:
        headings = {folded(heading) for heading in profile.headings.get(column, ())}
        sentence = N_("Another column has this heading already.")
        _check(not headings & seen, sentence, f"{column}_headings")
        seen |= headings
    opening, closing = (
        {folded(word) for word in words} for words in (profile.opening_words, profile.closing_words)
    )
    sentence = N_("The row that brings the balance forward has this text already.")
    _check(not opening & closing, sentence, "closing_words")


def _check(holds: bool, sentence: str, field_name: str) -> None:
    if not holds:
        raise ProfileRefusedError(sentence, field=field_name)
