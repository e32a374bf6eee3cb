"""The guard of public text: finds numbers and e-mail addresses of people in it (pure).

Officers write days, times, sums, cheque numbers and lists of instalments, which are made of the
same signs as telephone numbers. So what is certainly one of those is blotted out first, and what is
left is read. Where a text can be both, a mobile number wins over a day with a two-digit year, and
a day with its whole year wins over a mobile number. Names the guard cannot tell.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise

from stdnum.th import pin

from fundapp.markers import N_
from fundapp.thai.folding import plain_signs, without_invisible_signs


class Kind(Enum):
    """What a text seems to hold."""

    PHONE = auto()
    ID_NUMBER = auto()
    ACCOUNT = auto()
    EMAIL = auto()


SENTENCES = {
    Kind.PHONE: N_(
        "“%(words)s” looks like a telephone number: leave it out, because this text stays public."
    ),
    Kind.ID_NUMBER: N_(
        "“%(words)s” looks like an id number: leave it out, because this text stays public."
    ),
    Kind.ACCOUNT: N_(
        "“%(words)s” looks like an account number: leave it out, because this text stays public."
    ),
    Kind.EMAIL: N_(
        "“%(words)s” looks like an e-mail address: leave it out, because this text stays public."
    ),
}


@dataclass(frozen=True, slots=True)
class PersonalData:
    """What was found: its kind, and the words as they were typed."""

    kind: Kind
    words: str


@dataclass(frozen=True, slots=True)
class _Group:
    """Digits that stand together, with their place in the text."""

    digits: str
    start: int
    end: int


#: The shortest number of anybody is a telephone number with an area code.
_FEWEST_DIGITS = 9
_LONGEST_QUOTE = 60
_BLOT = "\x00"

_EMAIL_BEHIND = re.compile(r"(?<=[^\s@])@[^\s@]+\.\w+")
# An address that was taken apart: "name @ example.org", "name (at) example (dot) org".
_AT = r"\s*(?:@|[(\[{]\s*at\s*[)\]}])\s*"
_DOT = r"(?:\.|\s\.\s?|\s*[(\[{]\s*dot\s*[)\]}]\s*)"
_EMAIL_APART = re.compile(
    rf"(?<![a-z0-9_.+-])[a-z0-9][a-z0-9_.+-]*{_AT}[a-z0-9-]+(?:{_DOT}[a-z0-9-]+)*{_DOT}[a-z]{{2,}}",
    re.IGNORECASE | re.ASCII,
)
# Digits with what people put between them.
_RUN = re.compile(r"\d+(?:[\s.()-]{1,3}\d+)*")
_DIGITS = re.compile(r"\d+")
# Digits with any sign between that is no letter; only well-known groups of them are a number.
_LOOSE_RUN = re.compile(r"\d+(?:(?:[^\w\x00]|[_\u30fc]){1,5}\d+)*")
# What follows a word for a telephone may have words between.
_CONTACT = re.compile(
    r"โทร|เบอร์|มือถือ|ติดต่อ|\b(?:tel|phone|mobile|call|whatsapp|hubungi|telefon)", re.IGNORECASE
)
_LONGEST_CONTACT = 60

_DAY, _MONTH = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])"
_DAY_OF_TWO, _MONTH_OF_TWO = r"(?:0[1-9]|[12]\d|3[01])", r"(?:0[1-9]|1[0-2])"
# B.E. 2400 to 2799, C.E. 1900 to 2199.
_YEAR = r"(?:2[4-7]\d\d|19\d\d|2[01]\d\d)"
_APART = r"(?<!\d)(?<!\d[-./])"
_ENDS = r"(?!\d|[-./]\d)"


def _dates(day: str, month: str, year: str) -> str:
    """A pattern of day, month and year, and of year, month and day, with one sign between them."""
    forms = [
        form
        for sign in ("-", "/", r"\.")
        for form in (f"{day}{sign}{month}{sign}{year}", f"{year}{sign}{month}{sign}{day}")
    ]
    return f"(?:{'|'.join(forms)})"


_WHOLE_DATE = _dates(_DAY_OF_TWO, _MONTH_OF_TWO, _YEAR)
_LOOSE_DATE = _dates(_DAY, _MONTH, _YEAR)
_SHORT_DATE = f"(?:{_DAY_OF_TWO}-{_MONTH_OF_TWO}-\\d\\d|{_DAY_OF_TWO}[.]{_MONTH_OF_TWO}[.]\\d\\d)"
_LOOSE_SHORT_DATE = f"(?:{_DAY}-{_MONTH}-\\d\\d|{_DAY}[.]{_MONTH}[.]\\d\\d)"
_CLOCK = r"(?:[01]?\d|2[0-3])[:.][0-5]\d(?:[:.][0-5]\d)?"
_O_CLOCK = r"\s?น(?:\.|(?![\u0e01-\u0e4e]))"
_BAHT = r"(?:บาท|baht|THB|฿|บ\.)"
_AND_CLOCK = rf"(?:[\sT,]+{_CLOCK}(?!\d))?"
#: What is no number of anybody, whatever else stands beside it.
_HARMLESS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 05-11-2569, 2026-11-05 09.30, 01-10-2568-30-09-2569
        rf"{_APART}{_WHOLE_DATE}(?:\s?-\s?{_WHOLE_DATE})?{_ENDS}{_AND_CLOCK}",
        # 5/11/69: no telephone number is written with strokes
        rf"{_APART}{_DAY}/{_MONTH}/(?:{_YEAR}|\d\d){_ENDS}{_AND_CLOCK}",
        # 05-11-69 06-11-69: one alone may also begin a telephone number
        rf"{_APART}{_SHORT_DATE}(?:(?:\s?-\s?|\s){_SHORT_DATE})+{_ENDS}",
        # 09:30, 09:30:15, 09.30 น., 09.00-16.30 น.
        r"(?<![\d:.])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\d:])",
        rf"(?<![\d.])(?:{_CLOCK}\s?-\s?)?{_CLOCK}{_O_CLOCK}",
        # 1,000.50, 500 บาท, ฿500
        r"(?<!\d)[1-9]\d{0,2}(?:,\d{3})+(?:\.\d{1,2})?(?!\d)",
        rf"(?<!\d)(?<!\d[\s.()-])[1-9]\d{{0,11}}(?:\.\d\d?|\.-)?\s?{_BAHT}",
        rf"{_BAHT}\s?[1-9]\d{{0,11}}(?:\.\d\d?)?(?!\d|[\s.()-]{{1,3}}\d)",
    )
)
#: What is no number of anybody unless it belongs to a mobile number.
_HARMLESS_IF_ALONE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_APART}{_LOOSE_DATE}(?:\s?-\s?{_LOOSE_DATE})?{_ENDS}{_AND_CLOCK}",
        rf"{_APART}{_LOOSE_SHORT_DATE}(?:\s?-\s?{_LOOSE_SHORT_DATE})?{_ENDS}{_AND_CLOCK}",
        # เช็คเลขที่ 1234567890
        r"(?:เช็ค|cheque|check|chq|cek|ใบเสร็จ|receipt|resit|อ้างอิง|\bref|reference|rujukan"
        r"|ใบสำคัญ|ฎีกา|voucher|baucar|ใบนำฝาก|สลิป|\bslip|ใบแจ้งหนี้|invoice|invois)"
        r"(?:\s|รับเงิน|จ่าย|รับ|เลขที่|หมายเลข|number|no\b|[.#:])*"
        r"(?:\d{7,12}|\d{14,15})(?!\d|-\d)",
    )
)

# A list is a whole run: what goes on may be a telephone number.
_LIST = re.compile(
    r"(?<![\d+])(?<!\d[\s.()-])(?<!\d[\s.()-]{2})(?<!\d[\s.()-]{3})"
    r"\d{1,3}(?:[\s,-]{1,2}\d{1,3}){2,}(?![\s.()-]{0,3}\d)"
)
_INSTALMENTS = re.compile(r"(?:งวด|ครั้ง|instal\w*|ansuran)(?:\s?ที่)?\s*\Z", re.IGNORECASE)
#: Every instalment, every second, every quarter, half-year and year; also backwards.
_STEPS = frozenset({1, 2, 3, 6, 12, -1})
_MOST_INSTALMENTS = 60

_MOBILE = re.compile(r"(?:0|66|660|0066|00660)[689]\d{8}")
_AREA = re.compile(r"(?:0|660?|00660?)(?:2\d|3[2-9]|4[2-5]|5[2-6]|7[3-7])\d{6}")
_LONGEST_PHONE = 14
#: A word before a number of a telephone has this many letters: "tel"; a code has fewer: "YL", "C".
_SHORTEST_WORD = 3

_YEAR_GROUP = re.compile(_YEAR)
_ID_GROUPS = (1, 4, 5, 2, 1)
_MOBILE_GROUPS = ((3, 3, 4), (3, 4, 3), (3, 7), (2, 4, 4), (2, 2, 3, 4), (2, 3, 3, 4), (1,) * 10)
_ACCOUNT_GROUPS = ((3, 1, 5, 1), (3, 1, 6), (3, 6, 1), (3, 7))
_ACCOUNT_DIGITS = range(10, 16)
_ID_DIGITS = 13


@lru_cache(maxsize=1024)
def find_personal_data(text: str) -> PersonalData | None:
    """The first number or address of somebody that ``text`` holds, or None."""
    shown = without_invisible_signs(text)
    plain = _with_plain_digits(shown)
    address = _EMAIL_BEHIND.search(plain)
    if address:
        start = address.start() - len(re.split(r"[\s@]", plain[: address.start()])[-1])
        return PersonalData(Kind.EMAIL, _quoted(shown, start, address.end()))
    apart = _EMAIL_APART.search(plain)
    if apart:
        return PersonalData(Kind.EMAIL, _quoted(shown, *apart.span()))
    found = _find_number(plain)
    return PersonalData(found[0], _quoted(shown, *found[1])) if found else None


def _find_number(plain: str) -> tuple[Kind, tuple[int, int]] | None:
    """The first number of somebody: its kind and place."""
    if sum(sign.isdecimal() for sign in plain) < _FEWEST_DIGITS:
        return None
    left = _without_lists(_without(_HARMLESS, plain))
    mobile = next(filter(None, (_mobile(run, plain) for run in _runs(left))), None)
    if mobile:
        return Kind.PHONE, mobile
    left = _without(_HARMLESS_IF_ALONE, left)
    other = next(filter(None, (_other_number(run, plain) for run in _runs(left))), None)
    return other or next(filter(None, map(_grouped_number, _loose_runs(left))), None)


def _with_plain_digits(text: str) -> str:
    """The text sign for sign with 0–9 for the digits of any script."""
    plain = plain_signs(text)
    if plain.isascii():
        return plain
    return "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in plain)


def _quoted(text: str, start: int, end: int) -> str:
    words = text[start:end]
    return words if len(words) <= _LONGEST_QUOTE else f"{words[: _LONGEST_QUOTE - 1]}…"


def _without(harmless: tuple[re.Pattern[str], ...], text: str) -> str:
    """The text, of the same length, with what the patterns find blotted out."""
    for pattern in harmless:
        text = pattern.sub(_blot, text)
    return text


def _blot(match: re.Match[str]) -> str:
    return _BLOT * len(match.group())


def _without_lists(plain: str) -> str:
    """The text without its lists of numbers that go up step by step."""

    def blot_list(match: re.Match[str]) -> str:
        numbers = [int(digits) for digits in _DIGITS.findall(match.group())]
        steps = {after - before for before, after in pairwise(numbers)}
        is_even = len(steps) == 1 and steps <= _STEPS
        is_named = _INSTALMENTS.search(plain[max(0, match.start() - 20) : match.start()])
        rises = min(steps) > 0 and numbers[-1] <= _MOST_INSTALMENTS
        return _blot(match) if is_even or (is_named and rises) else match.group()

    return _LIST.sub(blot_list, plain)


def _runs(plain: str) -> Iterator[list[_Group]]:
    """The runs of digits, each as its groups."""
    for run in _RUN.finditer(plain):
        places = (match.span() for match in _DIGITS.finditer(plain, *run.span()))
        yield [_Group(plain[start:end], start, end) for start, end in places]


def _loose_runs(plain: str) -> Iterator[list[_Group]]:
    """Digits with any signs between them, and those behind a word for a telephone, as groups."""
    spans = [run.span() for run in _LOOSE_RUN.finditer(plain)]
    for word in _CONTACT.finditer(plain):
        # As far as something that is known to be harmless.
        behind = plain[word.end() : word.end() + _LONGEST_CONTACT].split(_BLOT, maxsplit=1)[0]
        spans.append((word.end(), word.end() + len(behind)))
    for span in spans:
        places = (match.span() for match in _DIGITS.finditer(plain, *span))
        yield [_Group(plain[start:end], start, end) for start, end in places]


def _grouped_number(run: list[_Group]) -> tuple[Kind, tuple[int, int]] | None:
    """A number of somebody in the groups in which such numbers are written."""
    for part in _parts(run, _LONGEST_PHONE):
        lengths, span = tuple(len(group.digits) for group in part), (part[0].start, part[-1].end)
        if lengths == _ID_GROUPS:
            return Kind.ID_NUMBER, span
        if _has_year(part):
            continue
        if lengths in _MOBILE_GROUPS and _MOBILE.fullmatch(_number(part)):
            return Kind.PHONE, span
        if lengths == _ACCOUNT_GROUPS[0]:
            return Kind.ACCOUNT, span
    return None


def _parts(run: list[_Group], most: int) -> Iterator[list[_Group]]:
    """The neighbouring groups of a run that have at most ``most`` digits together."""
    for first in range(len(run)):
        digits = 0
        for last in range(first, len(run)):
            digits += len(run[last].digits)
            if digits > most:
                break
            yield run[first : last + 1]


def _number(groups: list[_Group]) -> str:
    return "".join(group.digits for group in groups)


def _span(groups: list[_Group], plain: str) -> tuple[int, int]:
    """From the first to the last sign of the number, with a plus or a bracket before it."""
    start = groups[0].start
    return start - (plain[start - 1 : start] in {"+", "("}), groups[-1].end


def _mobile(run: list[_Group], plain: str) -> tuple[int, int] | None:
    """The place of a mobile number, in whatever groups."""
    for part in _parts(run, _LONGEST_PHONE):
        if _MOBILE.fullmatch(_number(part)) and not _is_code(plain, part[0].start):
            return _span(part, plain)
    return None


def _other_number(run: list[_Group], plain: str) -> tuple[Kind, tuple[int, int]] | None:
    """Any other number of somebody in a run."""
    for part in _parts(run, max(_ACCOUNT_DIGITS)):
        kind = None if _is_code(plain, part[0].start) else _kind(part, plain, part == run)
        if kind:
            return kind, _span(part, plain)
    return None


def _kind(groups: list[_Group], plain: str, is_whole_run: bool) -> Kind | None:
    """What these groups are together; None when they are no number of anybody."""
    number, lengths = _number(groups), tuple(len(group.digits) for group in groups)
    if _AREA.fullmatch(number) and max(lengths) >= 3:
        return Kind.PHONE
    start, end = groups[0].start, groups[-1].end
    if plain[start - 1 : start] == "+" and is_whole_run and len(number) in _ACCOUNT_DIGITS:
        return Kind.PHONE
    if len(number) not in _ACCOUNT_DIGITS:
        return None
    is_dashed = is_whole_run and _is_dashed(groups, plain[start:end])
    if len(number) == _ID_DIGITS:
        is_grouped = len(groups) == 1 or lengths == _ID_GROUPS or is_dashed
        return Kind.ID_NUMBER if is_grouped or (is_whole_run and pin.is_valid(number)) else None
    is_account = len(groups) == 1 or lengths in _ACCOUNT_GROUPS or is_dashed
    return Kind.ACCOUNT if is_account and not _has_year(groups) else None


def _is_dashed(groups: list[_Group], words: str) -> bool:
    """Whether dashes alone hold several groups together, as on bank books and cards; papers with a
    year in their number are written so too.
    """
    is_dashed = len(groups) > 2 and not re.search(r"[^\d-]", words)
    return is_dashed and not _has_year(groups)


def _has_year(groups: list[_Group]) -> bool:
    return any(_YEAR_GROUP.fullmatch(group.digits) for group in groups)


def _is_code(plain: str, start: int) -> bool:
    """Whether the digits go on from a letter or two, as in codes and references."""
    word = re.search(r"[A-Za-z0-9]*\Z", plain[max(0, start - 20) : start])
    before = word.group() if word else ""
    return bool(before) and not (before.isalpha() and len(before) >= _SHORTEST_WORD)
