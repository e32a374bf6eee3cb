"""Booking what the bank charges and pays on its own account: fees, withheld taxes, interest."""

from sqlalchemy import select

from fundapp.access.actors import Actor, require
from fundapp.banking.errors import NoGeneralFundError, NotTheBanksOwnError
from fundapp.banking.matching.policy import Charge, charge_of
from fundapp.banking.matching.steps import (
    change_status,
    record_match,
    require_whole,
    statement_of,
)
from fundapp.banking.matching.workflow import LineAction
from fundapp.banking.models import Match
from fundapp.banking.policy import may_match_lines
from fundapp.banking.sentences import sentence
from fundapp.db import db
from fundapp.ids import new_public_id
from fundapp.ledger import chart
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.models import EntryKind, Fund, FundAccount, Restriction
from fundapp.ledger.operations import post_entry
from fundapp.ledger.queries import first_open_day
from fundapp.markers import N_

#: Memos are message ids, translated where the books are shown.
FEE_MEMO = N_("Bank fee")
INTEREST_MEMO = N_("Bank interest")


def book_charge(public_id: str, *, actor: Actor) -> Match:
    """Book a fee or interest on the day of the line, on the first fund of its account, an
    unrestricted one if there is any.

    Only a line that the bank calls a fee, a tax or interest is booked; one of a closed month is
    booked into the next open one. Raises ForbiddenError, NotFoundError, LineTakenError,
    PartlyMatchedError, NotTheBanksOwnError, NoGeneralFundError, and the ledger's
    InsufficientFundsError and PeriodClosedError.
    """
    require(may_match_lines(actor))
    line = change_status(public_id, LineAction.MATCH)
    require_whole(line)
    charge = charge_of(line)
    if charge is None:
        raise NotTheBanksOwnError
    bank = statement_of(line).bank_account.account_code
    fund = _fund_of(bank)
    is_fee = charge is Charge.FEE
    if is_fee:
        posting = PostingDraft(fund.code, chart.BANK_FEES, bank, line.withdrawal_satang)
    else:
        posting = PostingDraft(fund.code, bank, chart.BANK_INTEREST, line.deposit_satang)
    draft = EntryDraft(
        kind=EntryKind.BANK_FEE if is_fee else EntryKind.BANK_INTEREST,
        entry_on=first_open_day(line.booked_on),
        memo=FEE_MEMO if is_fee else INTEREST_MEMO,
        postings=[posting],
        source_type="statement_line",
        source_ref=line.public_id,
        maker=actor.ref,
        # A line whose match was undone may be booked again, so the line cannot be the key.
        idempotency_key=f"bank-charge:{new_public_id()}",
    )
    posted = post_entry(draft, actor=actor)
    return record_match(line, [sentence(charge.label)], journal_entry_id=posted.id, actor=actor)


def _fund_of(account_code: str) -> Fund:
    """The fund that bears what the bank takes from an account and gets what it pays."""
    kept_here = (
        select(Fund)
        .join(FundAccount, FundAccount.fund_code == Fund.code)
        .where(FundAccount.account_code == account_code)
        .order_by(Fund.restriction != Restriction.UNRESTRICTED, Fund.position, Fund.code)
    )
    fund = db.session.scalar(kept_here.limit(1))
    if fund is None:
        raise NoGeneralFundError
    return fund
