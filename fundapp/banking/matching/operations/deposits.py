"""Cash is paid into the bank: what lies in a cash box of several funds, as one deposit."""

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.banking.errors import TransferRefusedError
from fundapp.banking.matching.drafts import CashDeposit
from fundapp.banking.matching.operations.transfers import PAID_IN_MEMO
from fundapp.banking.matching.steps import slip_number
from fundapp.banking.policy import may_match_lines
from fundapp.db import db, lock_all
from fundapp.errors import NotFoundError
from fundapp.ledger.chart import is_bank_account, is_cash_box
from fundapp.ledger.drafts import EntryDraft, PostingDraft, entry_number
from fundapp.ledger.errors import OtherAccountError
from fundapp.ledger.models import EntryKind, Fund
from fundapp.ledger.operations import PostedEntry, post_entry
from fundapp.markers import N_
from fundapp.trail.operations import record_event


def deposit_cash(deposit: CashDeposit, *, slip: str = "", key: str, actor: Actor) -> PostedEntry:
    """Book cash of one or several funds as paid into one bank account: one entry, which is matched
    with the one line of the bank when it comes. The same ``key`` twice is the same deposit.

    Raises ForbiddenError, NotFoundError, TransferRefusedError, OtherAccountError,
    AccountShortError, PeriodClosedError, PersonalDataError and IdempotencyConflictError.
    """
    require(may_match_lines(actor))
    parts = {code: satang for code, satang in deposit.satang_by_fund.items() if satang}
    if deposit.moved_on > clock.today():
        raise TransferRefusedError(N_("This day is still to come."), field="moved_on")
    if not parts or any(satang < 0 for satang in parts.values()):
        raise TransferRefusedError(N_("Write how much is paid in, of one fund at least."))
    number = slip_number(slip)
    from_code, to_code = deposit.from_account_code, deposit.to_account_code
    if not (is_cash_box(from_code) and is_bank_account(to_code)):
        raise OtherAccountError(field="to_account")
    funds = lock_all(select(Fund).where(Fund.code.in_(parts)).order_by(Fund.code))
    if len(funds) != len(parts):
        raise NotFoundError
    if not all(fund.keeps_in(from_code) and fund.keeps_in(to_code) for fund in funds):
        raise OtherAccountError(field="to_account")
    draft = EntryDraft(
        kind=EntryKind.TRANSFER,
        entry_on=deposit.moved_on,
        memo=PAID_IN_MEMO,
        postings=[PostingDraft(fund.code, to_code, from_code, parts[fund.code]) for fund in funds],
        source_type="deposit_slip" if number else "own_transfer",
        source_ref=number or key,
        maker=actor.ref,
        idempotency_key=f"cash-deposit:{key}",
    )
    posted = post_entry(draft, actor=actor)
    if not posted.replayed:
        record_event(
            "banking:transfer:record",
            actor=actor,
            subject_type="journal_entry",
            subject_ref=entry_number(posted.id),
        )
        db.session.flush()
    return posted
