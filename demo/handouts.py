"""Statement files to practise with: the days that nobody has taken in yet, and files in trouble."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from demo import funds
from demo.acts.stage import Stage
from demo.funds import AccountPlan
from demo.statement_files import Row, Sheet, as_csv, thai_cells, write_sheet
from fundapp.db import db
from fundapp.giving.models import Instalment, Pledge, PledgeStatus
from fundapp.markers import N_
from fundapp.money import format_baht

FOLDER = "demo-statements"
_OVERLAP_DAYS = 20
#: So many transfers of open instalments stand in a file at least.
_TRANSFERS = 4


@dataclass(frozen=True, slots=True)
class Handout:
    """A file, and a sentence that says what is in it."""

    name: str
    account: str
    profile: str
    about: str


HANDOUTS = (
    Handout(
        "1-main-account.csv",
        funds.MAIN_ACCOUNT.code,
        "ktb",
        N_("The last days of the main account: dates in B.E., UTF-8 with a byte order mark."),
    ),
    Handout(
        "2-zakat-account.csv",
        funds.ZAKAT_ACCOUNT.code,
        "kbank",
        N_("The last days of the zakat account: dates in C.E. with two-digit years, cp874."),
    ),
    Handout(
        "3-main-account-with-trouble.csv",
        funds.MAIN_ACCOUNT.code,
        "ktb",
        N_(
            "The same days with a wrong balance, a day that does not exist and a row on both sides."
        ),
    ),
    Handout(
        "4-main-account-overlapping.csv",
        funds.MAIN_ACCOUNT.code,
        "ktb",
        N_("The same days and earlier ones that were imported before: each movement counts once."),
    ),
)


def make_handouts(stage: Stage) -> dict[str, bytes]:
    """The files by name; only reads what is in the session's database."""
    waiting = stage.story.halves.waiting_from
    main, zakat = (_with_transfers(stage, account) for account in funds.BANK_ACCOUNTS)
    earlier = max(stage.story.halves.starts_on, waiting - timedelta(days=_OVERLAP_DAYS))
    before = stage.book.sheet(funds.MAIN_ACCOUNT, earlier, waiting - timedelta(days=1))
    overlapping = replace(
        main, from_on=earlier, opening=before.opening, rows=[*before.rows, *main.rows]
    )
    contents = (
        write_sheet(main),
        write_sheet(zakat, old_encoding=True),
        _in_trouble(main),
        write_sheet(overlapping),
    )
    return {handout.name: content for handout, content in zip(HANDOUTS, contents, strict=True)}


def write_handouts(contents: dict[str, bytes], folder: Path) -> list[Path]:
    """Write the files into ``folder``, made when it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in contents]


def _with_transfers(stage: Stage, account: AccountPlan) -> Sheet:
    """The days that wait, with transfers of open instalments on the last of them."""
    span = stage.story.span
    sheet = stage.book.sheet(account, stage.story.halves.waiting_from, span.last)
    rows, said = list(sheet.rows), " ".join(row.detail for row in sheet.rows)
    balance = sheet.closing
    words = "รับชำระค่าสินค้าและบริการ" if account.profile == "ktb" else "Bill Payment"
    for minute, instalment in enumerate(_open_instalments(account, said)):
        satang = instalment.open_satang
        balance += satang
        pledge = instalment.pledge
        detail = f"Ref1 {instalment.reference} Ref2 {pledge.fund_code}"
        when = f"22:{minute + 5:02d}"
        rows.append(Row(span.last, when, words, satang, balance, detail, "Bill Payment"))
    return replace(sheet, rows=rows)


def _open_instalments(account: AccountPlan, said: str) -> list[Instalment]:
    """Open instalments of this account's funds that no movement names yet, oldest first."""
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
    for one in db.session.scalars(statement.limit(400)):
        if one.reference not in said:
            chosen[one.pledge_id] = one
    nearest = sorted(chosen.values(), key=lambda one: (one.due_on, one.id))
    return nearest[:_TRANSFERS]


def _in_trouble(sheet: Sheet) -> bytes:
    """The file with three rows that no statement may have."""
    cells = thai_cells(sheet)
    first = len(cells) - 1 - len(sheet.rows)
    spoil: list[Callable[[list[str]], None]] = [_wrong_balance, _no_such_day, _both_sides]
    for place, harm in enumerate(spoil):
        harm(cells[first + place])
    return as_csv(cells).encode("utf-8-sig")


def _wrong_balance(row: list[str]) -> None:
    row[5] = format_baht(99_999_999)


def _no_such_day(row: list[str]) -> None:
    row[0] = f"31/02/{row[0][-4:]}"


def _both_sides(row: list[str]) -> None:
    row[3] = row[4] = row[3] or row[4]
