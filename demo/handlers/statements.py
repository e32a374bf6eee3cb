"""Statements are imported and their lines matched, as an officer does it."""

from collections.abc import Sequence

from sqlalchemy import select

from demo.bank_lines import BankItem, BankLine
from demo.events import PaymentReceived, StatementImported
from demo.funds import BANK_ACCOUNTS
from demo.state import DemoState
from demo.statement_files import statement_file
from fundapp.access.actors import Actor
from fundapp.banking.matching import reasons
from fundapp.banking.matching.candidates import Candidate, CandidateKind
from fundapp.banking.matching.operations.matches import match_to
from fundapp.banking.matching.queries import list_candidates
from fundapp.banking.matching.steps import change_status, record_match
from fundapp.banking.matching.workflow import LineAction
from fundapp.banking.models import LineStatus, StatementLine
from fundapp.banking.operations import (
    book_charge,
    book_return,
    hold_line,
    ignore_line,
    import_statement,
    match_certain,
    record_as_gift,
)
from fundapp.banking.sentences import sentence
from fundapp.banking.statement_files.parsing import read_file
from fundapp.db import db
from fundapp.giving.models import Method, ReturnReason

_MISTAKE = "โอนผิดบัญชี ธนาคารคืนเงินแล้วในวันเดียวกัน"
_HELD = "รอผู้โอนยืนยันว่าเป็นเงินของความจำนงบริจาคใด"


def statement_imported(state: DemoState, event: StatementImported) -> None:
    """Import the statement of some days, match all certain lines, then the rest one by one."""
    account = next(account for account in BANK_ACCOUNTS if account.code == event.account)
    lines = state.bank.lines(account, event.from_on, event.to_on)
    officer = state.people.officer(event.to_on.month)
    result = import_statement(
        read_file(
            statement_file(state.bank.statement(account, event.from_on, event.to_on)),
            file_name=f"{account.code}-{event.from_on:%Y%m%d}-{event.to_on:%Y%m%d}.csv",
            profile_name=account.profile,
        ),
        account_code=account.code,
        actor=officer,
    )
    if result.statement is None:
        raise AssertionError("an import that is not a dry run returns a statement")
    match_certain(result.statement.public_id, actor=officer, step=None)
    of_statement = StatementLine.statement_id == result.statement.id
    rows = db.session.scalars(
        select(StatementLine).where(of_statement).order_by(StatementLine.row_number)
    ).all()
    # As the page of all open lines shows them to the officer.
    candidates = list_candidates(rows, limit=50)
    is_first_unexplained = True
    for row, line in zip(rows, lines, strict=True):
        payment = line.received
        if payment is not None:
            state.lines[payment.payment] = row.public_id
            state.funds_of_lines[payment.payment] = payment.fund
        if row.status is not LineStatus.UNMATCHED:
            continue
        if payment is None or payment.payment not in state.plan.unexplained:
            _match(state, row, line, candidates.get(row.id, []), officer)
        elif is_first_unexplained:
            # The others stay unmatched.
            hold_line(row.public_id, reason=_HELD, actor=officer)
            is_first_unexplained = False


def _match(
    state: DemoState,
    row: StatementLine,
    line: BankLine,
    candidates: Sequence[Candidate],
    officer: Actor,
) -> None:
    if line.bank_item is BankItem.MISTAKE:
        ignore_line(row.public_id, reason=_MISTAKE, actor=officer)
    elif line.bank_item is not None:
        book_charge(row.public_id, actor=officer)
    elif line.cash is not None:
        locked = change_status(row.public_id, LineAction.MATCH)
        why, entry_id = [sentence(reasons.CHOSEN)], state.cash_entries[line.cash]
        record_match(locked, why, journal_entry_id=entry_id, actor=officer)
    elif line.returned is not None:
        recorded = state.payments[line.returned.payment]
        cheque = ReturnReason.CHEQUE
        book_return(row.public_id, payment_public_id=recorded, reason=cheque, actor=officer)
    elif line.received is not None:
        _match_payment(state, row, line.received, candidates, officer)


def _match_payment(
    state: DemoState,
    row: StatementLine,
    payment: PaymentReceived,
    candidates: Sequence[Candidate],
    officer: Actor,
) -> None:
    """Match to what the officer chooses: `match_line` would ask for the candidates again."""
    instalment = state.instalment_of(payment)
    if payment.method is Method.CHEQUE:
        key = CandidateKind.PAYMENT, state.payments[payment.payment]
    elif instalment is not None:
        key = CandidateKind.INSTALMENT, instalment.reference
    else:
        _record_as_gift(state, row, payment, officer)
        return
    known = (each.reasons for each in candidates if (each.kind, each.ref) == key)
    why = next(known, [sentence(reasons.CHOSEN)])
    match_to(row.public_id, *key, why, actor=officer)


def _record_as_gift(
    state: DemoState, row: StatementLine, payment: PaymentReceived, officer: Actor
) -> None:
    record_as_gift(
        row.public_id,
        fund_code=payment.fund,
        donor_id=state.donors[payment.donor].id if payment.donor else None,
        is_anonymous=payment.is_anonymous,
        actor=officer,
    )
