"""Writes one true statement in any of the styles that banks and spreadsheets use."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from fundapp.banking.models import DayForm, Era
from fundapp.banking.statement_files.profiles import Profile
from fundapp.money import format_baht
from fundapp.thai.calendar import THAI_MONTHS_SHORT, be_year

ACCOUNT = "987-6-54321-0"
TO_THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")

ORDERS = ("oldest first", "newest first", "days up, rows down", "days down, rows up")


@dataclass(frozen=True)
class Movement:
    """What truly happened; ``satang`` below zero is money out."""

    day: date
    satang: int
    clock: str = "10:15"
    detail: str = "X1234 นาย ทดลอง"


@dataclass(frozen=True)
class Style:
    """How a statement is written."""

    profile: Profile
    order: str = ORDERS[0]
    separator: str = ","
    encoding: str = "utf-8"
    guard: Callable[[str], str] = str
    #: How an amount below zero is written.
    negative: Callable[[str], str] = "-{}".format
    #: "two": two columns; "one": one signed column; "minus out": withdrawals carry a minus;
    #: "given back": money in is a withdrawal below zero.
    amounts: str = "two"
    has_carries: bool = True
    has_day_with_time: bool = False
    has_thai_digits: bool = False
    has_notes: bool = False
    rows_per_page: int = 1_000


@dataclass
class Writer:
    """Writes the rows of one statement."""

    style: Style
    opening: int
    #: By the place of a movement: an amount that is not its true one.
    shown: dict[int, int] = field(default_factory=dict)
    #: The first and the last day, if not those of the first and the last movement.
    days: tuple[date, date] | None = None

    @property
    def columns(self) -> list[str]:
        """The columns of the table, in the order of the file."""
        amounts = ["amount"] if self.style.amounts == "one" else ["withdrawal", "deposit"]
        clock = [] if self.style.has_day_with_time else ["time"]
        return ["day", *clock, "description", *amounts, "balance", "detail", "channel"]

    @property
    def headings(self) -> list[str]:
        """The headings of the table."""
        return [self.style.profile.headings[column][0] for column in self.columns]

    def write(self, movements: Sequence[Movement]) -> bytes:
        """The bytes of the file."""
        self.days = self.days or (movements[0].day, movements[-1].day)
        rows = [*self._preamble(), self.headings]
        body = self._body(movements)
        for index in range(0, len(body), self.style.rows_per_page):
            if index:
                rows += [["หน้า 2"], *self._preamble(), self.headings]
            rows += body[index : index + self.style.rows_per_page]
        if self.style.has_notes:
            rows += self._totals(movements)
        out = io.StringIO()
        csv.writer(out, delimiter=self.style.separator).writerows(rows)
        return out.getvalue().encode(self.style.encoding)

    def _preamble(self) -> list[list[str]]:
        profile = self.style.profile
        days = " - ".join(self._day(day) for day in self.days)
        rows = []
        if profile.account_words:
            rows.append([f"{profile.account_words[0]} {ACCOUNT}"])
        if profile.period_words:
            rows.append([f"{profile.period_words[0]} {days}"])
        return rows

    def _body(self, movements: Sequence[Movement]) -> list[list[str]]:
        lines: list[tuple[date, list[str]]] = []
        balance = self.opening
        for index, movement in enumerate(movements):
            balance += movement.satang
            shown = self.shown.get(index, movement.satang)
            lines.append((movement.day, self._row(movement, "โอน", shown, balance)))
            if self.style.has_notes and index % 3 == 0:
                lines.append((movement.day, self._row(movement, "ยกเว้นค่าธรรมเนียม", 0, balance)))
                lines.append((movement.day, self._remark("ต่อจากรายการก่อน")))
        body = [row for _, row in _ordered(lines, self.style.order)]
        if self.style.has_carries:
            first, last = self.days
            profile = self.style.profile
            opens = self._carry(first, profile.opening_words[0], self.opening)
            closes = self._carry(last, profile.closing_words[0], balance)
            is_up = self.style.order.startswith(("oldest", "days up"))
            body = [opens, *body, closes] if is_up else [closes, *body, opens]
        return body

    def _row(self, movement: Movement, text: str, satang: int, balance: int) -> list[str]:
        cells = {
            "day": self._day(movement.day),
            "time": movement.clock,
            "description": text,
            "balance": self._amount(balance),
            "detail": movement.detail,
            "channel": "ATM",
            **self._sides(satang),
        }
        if self.style.has_day_with_time and movement.clock:
            cells["day"] += f" {movement.clock}"
        guarded = {"withdrawal", "deposit", "amount", "balance", "day"}
        return [
            self.style.guard(cells.get(column, "")) if column in guarded else cells.get(column, "")
            for column in self.columns
        ]

    def _sides(self, satang: int) -> dict[str, str]:
        amount = self._amount(abs(satang))
        match self.style.amounts:
            case "one":
                return {"amount": self._amount(satang)}
            case "minus out" if satang < 0:
                return {"withdrawal": self._amount(satang)}
            case "given back":
                return {"withdrawal": self._amount(-satang)}
        return {"withdrawal" if satang < 0 else "deposit": amount}

    def _carry(self, day: date, word: str, balance: int) -> list[str]:
        cells = {"day": self._day(day), "description": word, "balance": self._amount(balance)}
        return [cells.get(column, "") for column in self.columns]

    def _remark(self, text: str) -> list[str]:
        return [text if column == "detail" else "" for column in self.columns]

    def _totals(self, movements: Sequence[Movement]) -> list[list[str]]:
        total = self._amount(sum(abs(movement.satang) for movement in movements))
        amounts = {"withdrawal", "deposit", "amount"}
        row = [total if column in amounts else "" for column in self.columns]
        row[self.columns.index("description")] = f"รวม {len(movements)} รายการ"
        return [row, ["เอกสารนี้จัดทำโดยระบบอัตโนมัติ ไม่ต้องลงนาม"]]

    def _amount(self, satang: int) -> str:
        text = format_baht(abs(satang))
        text = text.translate(TO_THAI) if self.style.has_thai_digits else text
        return self.style.negative(text) if satang < 0 else text

    def _day(self, day: date) -> str:
        profile = self.style.profile
        year = be_year(day.year) if profile.era is Era.BUDDHIST else day.year
        text = str(profile.day_form)
        is_named = profile.day_form in (DayForm.NAMED, DayForm.NAMED_SHORT)
        for part, value in (
            ("DD", f"{day.day:02d}"),
            ("MMM", THAI_MONTHS_SHORT[day.month - 1]) if is_named else ("MM", f"{day.month:02d}"),
            ("YYYY", str(year)),
            ("YY", f"{year % 100:02d}"),
        ):
            text = text.replace(part, value)
        return text.translate(TO_THAI) if self.style.has_thai_digits else text


def _ordered(
    lines: Sequence[tuple[date, list[str]]], order: str
) -> Sequence[tuple[date, list[str]]]:
    if order == "newest first":
        return lines[::-1]
    days = [list(group) for _, group in groupby(lines, key=lambda line: line[0])]
    if order == "days up, rows down":
        return [line for day in days for line in reversed(day)]
    if order == "days down, rows up":
        return [line for day in reversed(days) for line in day]
    return lines
