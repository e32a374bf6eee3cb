"""The rows of a spreadsheet as donors, past gifts and pledges; what is wrong with each (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from fundapp.email_addresses import read_email
from fundapp.giving.donor_names import name_key
from fundapp.giving.imports.columns import Column, ColumnMapping
from fundapp.giving.models import DonorKind, Frequency, Method
from fundapp.giving.schedule import MAXIMUM_INSTALMENTS
from fundapp.markers import N_
from fundapp.spreadsheets.cells import Cell, amount_of, code_of, is_blank, text_of
from fundapp.spreadsheets.reading import Row, Sheet
from fundapp.spreadsheets.rows import CellReader, RowProblem, word_of
from fundapp.thai.folding import fold_signs, fold_text
from fundapp.thai.identity_numbers import check_tax_id
from fundapp.thai.names import has_letter
from fundapp.thai.phone_numbers import normalise_phone

T = TypeVar("T")

LONGEST_NAME, LONGEST_TAG, LONGEST_NUMBER, LONGEST_ADDRESS = 200, 40, 60, 300
#: Numbers of telephones are never numbers of a spreadsheet: each begins with a zero.
_NO_LENGTH = frozenset({0})
_TAX_LENGTH = frozenset({13})

_KINDS = {
    DonorKind.INDIVIDUAL: "individual person บุคคล บุคคลธรรมดา individu orang",
    DonorKind.HOUSEHOLD: "household family ครัวเรือน ครอบครัว keluarga",
    DonorKind.COMPANY: "company organisation organization องค์กร บริษัท มูลนิธิ สมาคม syarikat",
    DonorKind.AGENCY: "agency หน่วยงาน หน่วยงานรัฐ หน่วยงานของรัฐ ส่วนราชการ agensi",
    DonorKind.MOSQUE: "mosque มัสยิด masjid",
    DonorKind.SCHOOL: "school โรงเรียน sekolah",
}
_YES_NO = {
    True: "yes y x true ใช่ ไม่ประสงค์ออกนาม anonymous ya",
    False: "no n false ไม่ ไม่ใช่ ออกนาม tidak",
}
_METHODS = {
    Method.CASH: "cash เงินสด tunai",
    Method.TRANSFER: "transfer โอน โอนเงิน โอนผ่านธนาคาร pindahan",
    Method.PROMPTPAY: "promptpay พร้อมเพย์",
    Method.CHEQUE: "cheque check เช็ค cek",
}
_FREQUENCIES = {
    Frequency.ONCE: "once ครั้งเดียว sekali",
    Frequency.MONTHLY: "monthly รายเดือน ทุกเดือน bulanan",
    Frequency.QUARTERLY: "quarterly รายไตรมาส ราย3เดือน ทุก3เดือน",
    Frequency.TERM: "term รายภาคเรียน ทุกภาคเรียน รายเทอม penggal",
    Frequency.YEARLY: "yearly annual รายปี ทุกปี tahunan",
}

_NO_NAME = N_("The name is missing. A row needs the name of the donor, or only a past gift.")
_UNREADABLE = N_("Write the name in letters, as it is on the paper.")
_TOO_LONG = N_("The text is too long.")
_NO_PHONE = N_("This is no telephone number. Write all its digits, with the zero in front.")
_NO_FUND = N_("There is no fund of this name or code.")
_FUND_MISSING = N_("The fund is missing. Write it here, or choose one for all rows.")
_METHOD_MISSING = N_("Say how it was paid, here or for all rows.")
_NO_COUNT = N_("Write a whole number with digits, for example 12.")
_NOTHING_HIDDEN = N_("This row has neither gift nor pledge whose name could be left out.")
_ONCE_IS_ONE = N_("A pledge that is paid once has one instalment.")


@dataclass(frozen=True, slots=True)
class DonorFacts:
    """What a row says of the donor; empty where it says nothing."""

    name: str = ""
    kind: DonorKind | None = None
    number: str = ""
    email: str = ""
    phone: str = ""
    tags: tuple[str, ...] = ()
    address: str = ""
    tax_id: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What rows of one donor have in common within a file."""
        if self.number:
            return ("number", self.number)
        kind = self.kind or DonorKind.INDIVIDUAL
        if self.email:
            return ("email", name_key(self.name), kind, self.email)
        return ("phone" if self.phone else "name", name_key(self.name), kind, self.phone)


@dataclass(frozen=True, slots=True)
class GiftFacts:
    """A past gift; satang."""

    number: str
    amount_satang: int
    received_on: date
    fund_code: str
    method: Method
    is_anonymous: bool = False


@dataclass(frozen=True, slots=True)
class PledgeFacts:
    """A pledge that runs; satang in all, or each time of an open-ended one (``count`` None)."""

    amount_satang: int
    frequency: Frequency
    count: int | None
    starts_on: date
    fund_code: str
    method: Method
    is_anonymous: bool = False


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row that could be read."""

    number: int
    donor: DonorFacts
    gift: GiftFacts | None
    pledge: PledgeFacts | None


def read_rows(
    sheet: Sheet, mapping: ColumnMapping, funds: Mapping[str, str]
) -> tuple[list[ImportRow], list[RowProblem]]:
    """The rows, and what is wrong with the others; every cell of a row is looked at. ``funds`` are
    the codes of funds by their folded names and codes.
    """
    reader = _RowReader(sheet, mapping, funds)
    rows = [reader.read(row) for row in sheet.rows]
    return [row for row in rows if row is not None], reader.problems


class _RowReader(CellReader[Column]):
    """Reads the rows of one sheet; what is wrong is gathered in ``problems``."""

    def __init__(self, sheet: Sheet, mapping: ColumnMapping, funds: Mapping[str, str]) -> None:
        days = (Column.GIFT_DAY, Column.PLEDGE_STARTS)
        super().__init__(sheet, mapping.headings, days, mapping.day_order)
        self.mapping, self.funds = mapping, funds

    def read(self, row: Row) -> ImportRow | None:
        """One row; None when something is wrong with it."""
        before = len(self.problems)
        hides = self.value(row, Column.ANONYMOUS, lambda cell: word_of(cell, _YES_NO)) or False
        gift, pledge = self._gift(row, hides), self._pledge(row, hides)
        donor = self._donor(row)
        is_gift_alone = donor == DonorFacts() and gift is not None and pledge is None
        if hides and gift is None and pledge is None and len(self.problems) == before:
            self.say(row, Column.ANONYMOUS, _NOTHING_HIDDEN)
        if not (donor.name or is_gift_alone) and len(self.problems) == before:
            self.say(row, Column.NAME, _NO_NAME)
        if len(self.problems) > before:
            return None
        return ImportRow(row.number, donor, gift, pledge)

    def _donor(self, row: Row) -> DonorFacts:
        kind = self.value(row, Column.KIND, lambda cell: word_of(cell, _KINDS))
        return DonorFacts(
            name=self.value(row, Column.NAME, _name) or "",
            kind=kind,
            number=self.value(row, Column.DONOR_NUMBER, _number) or "",
            email=self.value(row, Column.EMAIL, lambda cell: read_email(text_of(cell))) or "",
            phone=self.value(row, Column.PHONE, _phone) or "",
            tags=self.value(row, Column.TAGS, _tags) or (),
            address=self.value(row, Column.ADDRESS, _address) or "",
            tax_id=self.value(row, Column.TAX_ID, _tax_id) or "",
        )

    def _gift(self, row: Row, hides: bool) -> GiftFacts | None:
        columns = (Column.GIFT_NUMBER, Column.GIFT_AMOUNT, Column.GIFT_DAY)
        if all(is_blank(self.cell(row, column)) for column in columns):
            return None
        number = self.needed(row, Column.GIFT_NUMBER, _number)
        satang = self.needed(row, Column.GIFT_AMOUNT, amount_of)
        day = self.day(row, Column.GIFT_DAY)
        fund, method = self._fund(row), self._method(row)
        if number is None or satang is None or day is None or fund is None or method is None:
            return None
        return GiftFacts(number, satang, day, fund, method, hides)

    def _pledge(self, row: Row, hides: bool) -> PledgeFacts | None:
        columns = (Column.PLEDGE_AMOUNT, Column.PLEDGE_STARTS)
        if all(is_blank(self.cell(row, column)) for column in columns):
            return None
        satang = self.needed(row, Column.PLEDGE_AMOUNT, amount_of)
        day = self.day(row, Column.PLEDGE_STARTS)
        frequency = self.value(
            row, Column.PLEDGE_FREQUENCY, lambda cell: word_of(cell, _FREQUENCIES)
        )
        count = self.value(row, Column.PLEDGE_COUNT, _count)
        frequency = frequency or Frequency.ONCE
        if frequency is Frequency.ONCE:
            if count not in (None, 1):
                self.say(row, Column.PLEDGE_COUNT, _ONCE_IS_ONE)
            count = 1
        fund, method = self._fund(row), self._method(row, Method.PROMPTPAY)
        if satang is None or day is None or fund is None or method is None:
            return None
        return PledgeFacts(satang, frequency, count, day, fund, method, hides)

    def _fund(self, row: Row) -> str | None:
        if is_blank(self.cell(row, Column.FUND)):
            if not self.mapping.fund_code:
                self.say(row, Column.FUND, _FUND_MISSING)
            return self.mapping.fund_code or None
        name = self.value(row, Column.FUND, text_of)
        if name is None:
            return None
        code = self.funds.get(fold_text(name))
        if code is None:
            self.say(row, Column.FUND, _NO_FUND)
        return code

    def _method(self, row: Row, usual: Method | None = None) -> Method | None:
        if is_blank(self.cell(row, Column.METHOD)):
            method = self.mapping.method or usual
            if method is None:
                self.say(row, Column.METHOD, _METHOD_MISSING)
            return method
        return self.value(row, Column.METHOD, lambda cell: word_of(cell, _METHODS))


def _name(cell: Cell) -> str:
    name = _short(text_of(cell), LONGEST_NAME)
    if not has_letter(name):
        raise ValueError(_UNREADABLE)
    return name


def _number(cell: Cell) -> str:
    return _short(code_of(cell), LONGEST_NUMBER)


def _phone(cell: Cell) -> str:
    number = normalise_phone(code_of(cell, lengths=_NO_LENGTH))
    digits = number.removeprefix("+")
    is_whole = number.startswith("+") or (number.startswith("0") and len(number) in {9, 10})
    if not (digits.isascii() and digits.isdigit() and is_whole and 8 <= len(digits) <= 15):
        raise ValueError(_NO_PHONE)
    return number


def _address(cell: Cell) -> str:
    return _short(text_of(cell), LONGEST_ADDRESS)


def _tax_id(cell: Cell) -> str:
    return check_tax_id(code_of(cell, lengths=_TAX_LENGTH))


def _tags(cell: Cell) -> tuple[str, ...]:
    tags = (tag.strip() for tag in text_of(cell).replace(";", ",").split(","))
    return tuple(dict.fromkeys(_short(tag, LONGEST_TAG) for tag in tags if tag))


def _count(cell: Cell) -> int:
    digits = fold_signs(text_of(cell))
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 3):
        raise ValueError(_NO_COUNT)
    if not 1 <= int(digits) <= MAXIMUM_INSTALMENTS:
        raise ValueError(_NO_COUNT)
    return int(digits)


def _short(text: str, longest: int) -> str:
    if len(text) > longest:
        raise ValueError(_TOO_LONG)
    return text
