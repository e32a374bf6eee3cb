"""Files to practise with: statements of the days that were not imported, and files with errors; a
list of donors.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from demo import funds
from demo.funds import AccountPlan
from demo.state import DemoState
from demo.statement_files import BankStatement, Row, as_csv, statement_file, thai_cells
from fundapp.db import db
from fundapp.giving.models import Instalment, Pledge, PledgeStatus
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.thai.calendar import be_year

FOLDER = "demo-statements"
_OVERLAP_DAYS = 20
#: How many payments of open instalments are added to a file.
_ADDED_PAYMENTS = 4


@dataclass(frozen=True, slots=True)
class PracticeFile:
    """A file of statements, and a sentence about its content."""

    name: str
    account: str
    profile: str
    about: str


PRACTICE_FILES = (
    PracticeFile(
        "1-main-account.csv",
        funds.MAIN_ACCOUNT.code,
        "ktb",
        N_("The last days of the main account: dates in B.E., UTF-8 with a byte order mark."),
    ),
    PracticeFile(
        "2-zakat-account.csv",
        funds.ZAKAT_ACCOUNT.code,
        "kbank",
        N_("The last days of the zakat account: dates in C.E. with two-digit years, cp874."),
    ),
    PracticeFile(
        "3-main-account-with-trouble.csv",
        funds.MAIN_ACCOUNT.code,
        "ktb",
        N_(
            "The same days with a wrong balance, a day that does not exist and a row on both sides."
        ),
    ),
    PracticeFile(
        "4-main-account-overlapping.csv",
        funds.MAIN_ACCOUNT.code,
        "ktb",
        N_("The same days and earlier ones that were imported before: each movement counts once."),
    ),
)
#: Donors of another list, with past gifts and a pledge; two of its rows need a correction.
DONOR_FILE = PracticeFile(
    "5-donors-to-import.csv",
    "",
    "",
    N_("Donors with past gifts and a pledge, to import from a spreadsheet; two rows have errors."),
)
ALL_FILES = (*PRACTICE_FILES, DONOR_FILE)
_DONORS = (
    "ชื่อ,ประเภท,อีเมล,โทรศัพท์,เลขที่ใบเสร็จ,จำนวนเงิน,วันที่,ยอดความจำนง,วันที่เริ่ม,จำนวนงวด,ความถี่",
    "นางสาวอามีนะห์ ตัวอย่าง,บุคคล,aminah@example.org,0810000001,ก-1,500,{past},,,,",
    'นายสมชาย ตัวอย่าง,บุคคล,somchai@example.org,,ก-2,"1,200.50",{past},,,,',
    "ร้านตัวอย่างการค้า,บริษัท,,0730000001,,,,6000,{coming},12,รายเดือน",
    "นางรอฮานี ตัวอย่าง,บุคคล,rohani@example,,ก-3,300,{past},,,,",
    "นายอาแว ตัวอย่าง,บุคคล,,,ก-4,ห้าร้อย,{past},,,,",
)


def make_practice_files(state: DemoState) -> dict[str, bytes]:
    """The files by name; it only reads the database."""
    periods = state.plan.periods
    first = periods.not_imported_from
    main, zakat = (_with_payments(state, account) for account in funds.BANK_ACCOUNTS)
    earlier = max(periods.starts_on, first - timedelta(days=_OVERLAP_DAYS))
    before = state.bank.statement(funds.MAIN_ACCOUNT, earlier, first - timedelta(days=1))
    overlapping = replace(
        main, from_on=earlier, opening=before.opening, rows=[*before.rows, *main.rows]
    )
    contents = (
        statement_file(main),
        statement_file(zakat, old_encoding=True),
        _with_errors(main),
        statement_file(overlapping),
    )
    files = {file.name: content for file, content in zip(PRACTICE_FILES, contents, strict=True)}
    return {**files, DONOR_FILE.name: _donor_file(state)}


def _donor_file(state: DemoState) -> bytes:
    last = state.plan.span.last
    past, coming = last - timedelta(days=30), last + timedelta(days=30)
    rows = "\r\n".join(_DONORS).format(past=_thai_day(past), coming=_thai_day(coming))
    return f"{rows}\r\n".encode("utf-8-sig")


def _thai_day(day: date) -> str:
    return f"{day.day}/{day.month}/{be_year(day.year)}"


def write_practice_files(contents: dict[str, bytes], folder: Path) -> None:
    """Write the files into ``folder``, which is made when it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)


def _with_payments(state: DemoState, account: AccountPlan) -> BankStatement:
    """The days that were not imported, with payments of open instalments on the last of them."""
    last_day = state.plan.span.last
    statement = state.bank.statement(account, state.plan.periods.not_imported_from, last_day)
    rows, details = list(statement.rows), " ".join(row.detail for row in statement.rows)
    balance = statement.closing
    description = "รับชำระค่าสินค้าและบริการ" if account.profile == "ktb" else "Bill Payment"
    for minute, instalment in enumerate(open_instalments(account, details)):
        satang = instalment.open_satang
        balance += satang
        detail = f"Ref1 {instalment.reference} Ref2 {instalment.pledge.fund_code}"
        at = f"22:{minute + 5:02d}"
        rows.append(Row(last_day, at, description, satang, balance, detail, "Bill Payment"))
    return replace(statement, rows=rows)


def open_instalments(account: AccountPlan, details: str) -> list[Instalment]:
    """Open instalments of this account's funds that no movement names, oldest first."""
    codes = [fund.code for fund in funds.FUNDS if funds.bank_of(fund.code) is account]
    statement = (
        select(Instalment)
        .join(Pledge, Pledge.id == Instalment.pledge_id)
        .where(
            Pledge.status == PledgeStatus.ACTIVE,
            Pledge.fund_code.in_(codes),
            Instalment.paid_satang == 0,
        )
        .order_by(Instalment.due_on.desc(), Instalment.id)
    )
    chosen: dict[int, Instalment] = {}
    for instalment in db.session.scalars(statement.limit(400)):
        if instalment.reference not in details:
            chosen[instalment.pledge_id] = instalment
    oldest = sorted(chosen.values(), key=lambda instalment: (instalment.due_on, instalment.id))
    return oldest[:_ADDED_PAYMENTS]


def _with_errors(statement: BankStatement) -> bytes:
    """The file with an error in each of the first three rows."""
    cells = thai_cells(statement)
    first = len(cells) - 1 - len(statement.rows)
    errors: list[Callable[[list[str]], None]] = [_wrong_balance, _no_such_day, _both_sides]
    for offset, make_wrong in enumerate(errors):
        make_wrong(cells[first + offset])
    return as_csv(cells).encode("utf-8-sig")


def _wrong_balance(row: list[str]) -> None:
    row[5] = format_baht(99_999_999)


def _no_such_day(row: list[str]) -> None:
    row[0] = f"31/02/{row[0][-4:]}"


def _both_sides(row: list[str]) -> None:
    row[3] = row[4] = row[3] or row[4]
