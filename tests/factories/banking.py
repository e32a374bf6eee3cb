"""Bank accounts, statement files in the Krungthai style, and pledges that their lines may name."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fundapp.banking.encryption import BankWords, digests_of, encrypt_words
from fundapp.banking.matching.steps import payment_ref
from fundapp.banking.models import BankAccount, StatedLine, StatementLine
from fundapp.banking.operations import ImportResult, import_statement, open_bank_account
from fundapp.banking.reader import words_of
from fundapp.banking.statement_files.parsing import read_file
from fundapp.db import db, unit_of_work
from fundapp.giving.models import Frequency, Method, Payment, Pledge
from fundapp.ledger import chart
from fundapp.money import format_baht
from tests.factories.actors import COMMAND_LINE, OFFICER
from tests.factories.giving import make_payment, make_pledge

NUMBER = "987-6-54321-0"
MONDAY = date(2026, 11, 2)
TUESDAY = date(2026, 11, 3)
WEDNESDAY = date(2026, 11, 4)
LAST = date(2026, 11, 22)

HEADINGS = (
    "วันที่", "เวลา", "รายการ", "ถอนเงิน", "ฝากเงิน", "ยอดเงินคงเหลือ", "รายละเอียด", "ช่องทาง",
)  # fmt: skip


@dataclass(frozen=True)
class Move:
    """A movement of a statement; ``satang`` below zero is money out."""

    satang: int
    detail: str = ""
    day: date = TUESDAY
    time: str = "10:15"
    description: str = "รับโอนพร้อมเพย์"
    channel: str = "PromptPay"


def fee(satang: int = 2_500, **fields) -> Move:
    """A fee that the bank takes."""
    return Move(-satang, description="ค่าธรรมเนียม", channel="Internet", **fields)


def interest(satang: int = 4_108, **fields) -> Move:
    """Interest that the bank pays."""
    return Move(satang, description="ดอกเบี้ยรับ", channel="System", **fields)


def transfer_out(satang: int, detail: str = "", **fields) -> Move:
    """Money sent to somebody."""
    return Move(-satang, detail, description="โอนเงินออก", channel="Internet", **fields)


def statement_file(
    moves: Sequence[Move],
    *,
    opening: int = 1_000_000,
    from_on: date = MONDAY,
    to_on: date = LAST,
    number: str = NUMBER,
    encoding: str = "utf-8-sig",
) -> bytes:
    """The bytes of a statement that adds up."""
    out = io.StringIO()
    out.write(f"บัญชีเลขที่ {number}\n")
    out.write(f"ระหว่างวันที่ {written(from_on)} - {written(to_on)}\n\n")
    rows = csv.writer(out)
    rows.writerow(HEADINGS)
    balance = opening
    rows.writerow([written(from_on), "", "ยอดยกมา", "", "", format_baht(balance), "", "BF"])
    for move in moves:
        balance += move.satang
        withdrawal = format_baht(-move.satang) if move.satang < 0 else ""
        deposit = format_baht(move.satang) if move.satang > 0 else ""
        rows.writerow(
            [
                written(move.day), move.time, move.description, withdrawal, deposit,
                format_baht(balance), move.detail, move.channel,
            ]
        )  # fmt: skip
    rows.writerow([written(to_on), "", "ยอดยกไป", "", "", format_baht(balance), "", "CF"])
    return out.getvalue().encode(encoding)


def written(day: date) -> str:
    """A day as the bank writes it."""
    return f"{day:%d/%m/}{day.year + 543}"


def make_bank_account(code: str = "KTB-MAIN", **overrides) -> BankAccount:
    """Commit an account at a bank."""
    values = {
        "name": "Main account",
        "bank_code": "006",
        "account_number": NUMBER,
        "account_code": chart.BANK_MAIN,
        "actor": COMMAND_LINE,
        **overrides,
    }
    return unit_of_work(open_bank_account, code, **values)


def do_import(data: bytes, **overrides) -> ImportResult:
    """Commit an import."""
    read = {"file_name": "november.csv", "profile_name": "ktb"}
    values = {"account_code": "KTB-MAIN", "actor": OFFICER, **read, **overrides}
    file = read_file(data, **{name: values.pop(name) for name in read})
    return unit_of_work(import_statement, file, **values)


def import_moves(*moves: Move, **fields) -> list[StatementLine]:
    """Commit a statement of these movements; its lines in their order."""
    result = do_import(statement_file(moves, **fields))
    return lines_of(result)


def lines_of(result: ImportResult) -> list[StatementLine]:
    """The lines that came with an import, read anew."""
    db.session.expire_all()
    query = db.select(StatementLine).where(StatementLine.statement_id == result.statement.id)
    return list(db.session.scalars(query.order_by(StatementLine.row_number)))


def detail_of(line) -> str:
    """The detail that the bank wrote on a line, or on a row of a file."""
    return words_of(line).detail


def line_with(detail: str) -> StatementLine:
    """The only line with this detail."""
    lines = db.session.scalars(db.select(StatementLine))
    (line,) = [line for line in lines if detail_of(line) == detail]
    return line


def written_words(line_id: int, row_id: int | None = None, **words: str) -> dict[str, bytes]:
    """The columns of these words: of a line, or of the row ``row_id`` of a file that states it."""
    said, model = BankWords(**words), StatementLine if row_id is None else StatedLine
    encrypted = encrypt_words(model, row_id or line_id, said)
    return {"words_encrypted": encrypted, **digests_of(line_id, said)}


def make_single_pledge(satang: int = 50_000, due_on: date = MONDAY, **fields) -> Pledge:
    """A pledge of one instalment."""
    return make_pledge(
        amount_satang=satang,
        frequency=Frequency.ONCE,
        instalment_count=1,
        starts_on=due_on,
        **fields,
    )


def move_of(pledge: Pledge, **fields) -> Move:
    """Money of the amount and with the reference of the pledge's first instalment."""
    instalment = pledge.instalments[0]
    return Move(instalment.amount_satang, instalment.reference, **fields)


def book_otherwise(line: StatementLine) -> Payment:
    """Money that is said to be the line's, of another amount: the line is then refused."""
    ref, cash = payment_ref(line), {"method": Method.CASH, "asset_account_code": chart.CASH_ON_HAND}
    return make_payment(line.moved_satang + 1, external_ref=ref, **cash)
