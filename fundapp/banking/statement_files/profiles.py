"""The styles in which Thai banks write statement files, one profile each.

No bank publishes a specification; the styles follow what public parsers read and what account
holders see. What is ambiguous in a file is decided here and never guessed from its content: the
order of day, month and year, the era, and what a two-digit year means. A new style is a new
profile.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from fundapp.markers import N_
from fundapp.thai.calendar import parse_day

#: The columns of a statement, in the order in which errors name them.
COLUMNS = (
    "day", "time", "description", "withdrawal", "deposit", "balance", "detail", "channel",
)  # fmt: skip

_BUDDHIST = re.compile(r"[0-9]{1,2}/[0-9]{1,2}/2[4-9][0-9]{2}")
_SHORT = re.compile(r"([0-9]{1,2}-[0-9]{1,2}-)([0-9]{2})")
# From 43 on, two digits may as well be the end of a B.E. year (2543 = 2000 C.E.).
_LAST_SHORT_YEAR = 42

_BUDDHIST_FORM = N_("Dates in this style are DD/MM/YYYY in the Buddhist Era, such as 31/12/2568.")
_SHORT_FORM = N_("Dates in this style are DD-MM-YY in the Common Era, such as 31-12-25.")


@dataclass(frozen=True, slots=True)
class Preamble:
    """The rows above the headings: patterns with groups, searched in the text of each row."""

    #: Group 1 is the account number, dashes allowed.
    account: re.Pattern[str]
    #: Groups 1 and 2 are the first and the last day.
    period: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class StatementProfile:
    """How one style of statement file is read."""

    #: What commands and forms call it.
    name: str
    #: Untranslated name for people.
    title: str
    #: Bank of Thailand code of the bank, three digits.
    bank_code: str
    #: Column (see `COLUMNS`) to its heading in the file.
    headings: Mapping[str, str]
    #: Description of the row that brings the balance forward.
    opening_label: str
    #: Description of the row that carries the balance forward; without it a file is incomplete.
    closing_label: str
    #: Reads a day, or raises ValueError with a sentence.
    read_day: Callable[[str], date]
    #: None when the file starts with its headings.
    preamble: Preamble | None


def _buddhist_day(text: str) -> date:
    """DD/MM/YYYY where the year must be B.E."""
    if _BUDDHIST.fullmatch(text) is None:
        raise ValueError(_BUDDHIST_FORM)
    return parse_day(text)


def _short_common_day(text: str) -> date:
    """DD-MM-YY where YY is 2000 to 2042; later numbers may be B.E. and are refused."""
    match = _SHORT.fullmatch(text)
    if match is None or int(match.group(2)) > _LAST_SHORT_YEAR:
        raise ValueError(_SHORT_FORM)
    return parse_day(f"{match.group(1)}20{match.group(2)}")


KTB = StatementProfile(
    name="ktb",
    title=N_("Krungthai style: Thai headings, Buddhist Era dates"),
    bank_code="006",
    headings=MappingProxyType(
        dict(
            day="วันที่",
            time="เวลา",
            description="รายการ",
            withdrawal="ถอนเงิน",
            deposit="ฝากเงิน",
            balance="ยอดเงินคงเหลือ",
            detail="รายละเอียด",
            channel="ช่องทาง",
        )
    ),
    opening_label="ยอดยกมา",
    closing_label="ยอดยกไป",
    read_day=_buddhist_day,
    preamble=Preamble(
        account=re.compile(r"บัญชีเลขที่\s*:?\s*([0-9][0-9-]{6,20}[0-9])"),
        period=re.compile(r"ระหว่างวันที่\s*:?\s*([0-9/]+)\s*(?:-|–|ถึง)\s*([0-9/]+)"),
    ),
)

KBANK = StatementProfile(
    name="kbank",
    title=N_("Kasikornbank style: English headings, Common Era dates with two-digit years"),
    bank_code="004",
    headings=MappingProxyType(
        dict(
            day="Date",
            time="Time",
            description="Descriptions",
            withdrawal="Withdrawal",
            deposit="Deposit",
            balance="Outstanding Balance",
            detail="Details",
            channel="Channel",
        )
    ),
    opening_label="Beginning Balance",
    closing_label="Ending Balance",
    read_day=_short_common_day,
    preamble=None,
)

#: Every style that can be imported, by name.
PROFILES: Mapping[str, StatementProfile] = MappingProxyType(
    {profile.name: profile for profile in (KTB, KBANK)}
)
