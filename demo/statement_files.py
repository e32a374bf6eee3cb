"""Statement files as the demo's banks would send them, in both styles that can be read (pure)."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from demo.funds import AccountPlan
from fundapp.money import format_baht
from fundapp.thai.calendar import be_year


@dataclass(frozen=True, slots=True)
class Row:
    """A movement as the bank writes it; ``balance`` is the balance after it, in satang."""

    day: date
    clock_time: str
    description: str
    satang: int
    balance: int
    detail: str
    channel: str


@dataclass(frozen=True, slots=True)
class BankStatement:
    """The movements of an account on the days from ``from_on`` to ``to_on``."""

    account: AccountPlan
    from_on: date
    to_on: date
    opening: int
    rows: Sequence[Row]

    @property
    def closing(self) -> int:
        """The balance after the last movement."""
        return self.rows[-1].balance if self.rows else self.opening


def statement_file(statement: BankStatement, *, old_encoding: bool = False) -> bytes:
    """The bytes of the file: UTF-8 with a byte order mark, or cp874 as older programs write it."""
    is_thai = statement.account.profile == "ktb"
    text = as_csv(thai_cells(statement) if is_thai else _english_cells(statement))
    return text.encode("cp874" if old_encoding else "utf-8-sig")


def thai_day(day: date) -> str:
    """DD/MM/YYYY in the Buddhist Era."""
    return f"{day:%d/%m}/{be_year(day.year)}"


def thai_cells(statement: BankStatement) -> list[list[str]]:
    """The cells of a file in the Thai style: five lines of headings, then the movements."""
    first, last = thai_day(statement.from_on), thai_day(statement.to_on)
    cells = [
        [f"บัญชีเลขที่ {statement.account.number}"],
        [f"ชื่อบัญชี {statement.account.name}"],
        [f"ระหว่างวันที่ {first} - {last}"],
        [],
        ["วันที่", "เวลา", "รายการ", "ถอนเงิน", "ฝากเงิน", "ยอดเงินคงเหลือ", "รายละเอียด", "ช่องทาง"],
        [first, "", "ยอดยกมา", "", "", format_baht(statement.opening), "", "BF"],
    ]
    for row in statement.rows:
        amounts = (*_sides(row), format_baht(row.balance))
        day = thai_day(row.day)
        cells.append([day, row.clock_time, row.description, *amounts, row.detail, row.channel])
    cells.append([last, "", "ยอดยกไป", "", "", format_baht(statement.closing), "", "CF"])
    return cells


def _english_cells(statement: BankStatement) -> list[list[str]]:
    first, last = f"{statement.from_on:%d-%m-%y}", f"{statement.to_on:%d-%m-%y}"
    headings = "Date,Time,Descriptions,Withdrawal,Deposit,Outstanding Balance,Channel,Details"
    cells = [
        headings.split(","),
        [first, "", "Beginning Balance", "", "", format_baht(statement.opening), "BF", ""],
    ]
    for row in statement.rows:
        amounts = (*_sides(row), format_baht(row.balance))
        day = f"{row.day:%d-%m-%y}"
        cells.append([day, row.clock_time, row.description, *amounts, row.channel, row.detail])
    cells.append([last, "", "Ending Balance", "", "", format_baht(statement.closing), "CF", ""])
    return cells


def _sides(row: Row) -> tuple[str, str]:
    """Withdrawal and deposit."""
    amount = format_baht(abs(row.satang))
    return ("", amount) if row.satang > 0 else (amount, "")


def as_csv(cells: Sequence[Sequence[str]]) -> str:
    """The cells as text, amounts with commas in quotation marks."""
    written = io.StringIO()
    csv.writer(written).writerows(cells)
    return written.getvalue()
