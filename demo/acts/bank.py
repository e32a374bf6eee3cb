"""Statements are taken in and their lines matched, as an officer does it."""

from sqlalchemy import select

from demo.acts.stage import Stage
from demo.bank import BankLine, BanksOwn
from demo.funds import BANK_ACCOUNTS
from demo.happenings import MoneyComes, StatementComes
from demo.statement_files import write_sheet
from fundapp.access.actors import Actor
from fundapp.banking.matching import reasons
from fundapp.banking.matching.steps import change_status, record_match
from fundapp.banking.matching.workflow import LineAction
from fundapp.banking.models import LineStatus, StatementLine
from fundapp.banking.operations import (
    book_charge,
    hold_line,
    ignore_line,
    import_statement,
    match_certain,
    match_line,
    record_as_gift,
)
from fundapp.banking.sentences import sentence
from fundapp.db import db
from fundapp.giving.models import Method

_MISTAKE = "โอนผิดบัญชี ธนาคารคืนเงินแล้วในวันเดียวกัน"
_HELD = "รอผู้โอนยืนยันว่าเป็นเงินของคำมั่นใด"


def statement_comes(stage: Stage, it: StatementComes) -> None:
    """Take in the statement of some days, let the program match what is certain, do the rest."""
    account = next(one for one in BANK_ACCOUNTS if one.code == it.account)
    behind = stage.book.lines(account, it.from_on, it.to_on)
    officer = stage.cast.officer(it.to_on.month)
    result = import_statement(
        write_sheet(stage.book.sheet(account, it.from_on, it.to_on)),
        file_name=f"{account.code}-{it.from_on:%Y%m%d}-{it.to_on:%Y%m%d}.csv",
        account_code=account.code,
        profile_name=account.profile,
        actor=officer,
    )
    if result.statement is None:
        raise AssertionError("an import that is no dry run gives a statement")
    match_certain(result.statement.public_id, actor=officer, step=None)
    of_statement = StatementLine.statement_id == result.statement.id
    rows = db.session.scalars(
        select(StatementLine).where(of_statement).order_by(StatementLine.row_number)
    )
    held = False
    for row, line in zip(rows, behind, strict=True):
        if line.money is not None:
            stage.lines[line.money.payment] = row.public_id
            stage.funds_of_lines[line.money.payment] = line.money.fund
        if row.status is not LineStatus.UNMATCHED:
            continue
        if line.money is not None and line.money.payment in stage.story.puzzles:
            held = _puzzle(row, officer, held)
        else:
            _by_hand(stage, row, line, officer)


def _puzzle(row: StatementLine, officer: Actor, held: bool) -> bool:
    """The first line that nobody understands is held, the others wait as they are."""
    if not held:
        hold_line(row.public_id, reason=_HELD, actor=officer)
    return True


def _by_hand(stage: Stage, row: StatementLine, line: BankLine, officer: Actor) -> None:
    if line.own is BanksOwn.MISTAKE:
        ignore_line(row.public_id, reason=_MISTAKE, actor=officer)
    elif line.own is not None:
        book_charge(row.public_id, actor=officer)
    elif line.cash is not None:
        locked = change_status(row.public_id, LineAction.MATCH)
        why = [sentence(reasons.CHOSEN)]
        record_match(locked, why, journal_entry_id=stage.cash[line.cash], actor=officer)
    elif line.money is not None:
        _money_by_hand(stage, row, line.money, officer)


def _money_by_hand(stage: Stage, row: StatementLine, money: MoneyComes, officer: Actor) -> None:
    if money.method is Method.CHEQUE:
        recorded = stage.payments[money.payment]
        match_line(row.public_id, payment_public_id=recorded, actor=officer)
        return
    instalment = stage.instalment_of(money)
    if instalment is not None:
        reference = instalment.reference
        match_line(row.public_id, instalment_reference=reference, actor=officer)
        return
    record_as_gift(
        row.public_id,
        fund_code=money.fund,
        donor_id=stage.donors[money.donor].id if money.donor else None,
        is_anonymous=money.is_anonymous,
        actor=officer,
    )
