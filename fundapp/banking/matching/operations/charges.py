"""Booking what the bank charges and pays on its own account: fees, withheld taxes, interest."""

from fundapp.access.actors import Actor, require
from fundapp.banking.errors import NotTheBanksOwnError
from fundapp.banking.matching.policy import Charge, charge_of
from fundapp.banking.matching.steps import (
    change_status,
    fund_of,
    record_match,
    require_whole,
    statement_of,
)
from fundapp.banking.matching.workflow import LineAction
from fundapp.banking.models import Match
from fundapp.banking.policy import may_match_lines
from fundapp.banking.sentences import sentence
from fundapp.ids import new_public_id
from fundapp.ledger import chart
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.models import EntryKind, Restriction
from fundapp.ledger.operations import post_entry
from fundapp.ledger.queries import first_open_day
from fundapp.markers import N_

#: Memos are message ids, translated where the books are shown.
FEE_MEMO = N_("Bank fee")
TAX_MEMO = N_("Withholding tax")
INTEREST_MEMO = N_("Bank interest")
_MEMOS = {Charge.FEE: FEE_MEMO, Charge.TAX: TAX_MEMO}
_EXPENSES = {Charge.FEE: chart.BANK_FEES, Charge.TAX: chart.WITHHOLDING_TAX}


def book_charge(public_id: str, *, actor: Actor) -> Match:
    """Book a fee, a tax or interest on the day of the line, on the first fund of its account, an
    unrestricted one if there is any.

    Interest on an account of zakat is owed, and no income of the fund: it must not become zakat.

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
    fund = fund_of(bank)
    if charge is Charge.INTEREST:
        kind, memo = EntryKind.BANK_INTEREST, INTEREST_MEMO
        is_zakat = fund.restriction is Restriction.ZAKAT
        income = chart.INTEREST_KEPT_APART if is_zakat else chart.BANK_INTEREST
        posting = PostingDraft(fund.code, bank, income, line.deposit_satang)
    else:
        kind, memo = EntryKind.BANK_FEE, _MEMOS[charge]
        posting = PostingDraft(fund.code, _EXPENSES[charge], bank, line.withdrawal_satang)
    draft = EntryDraft(
        kind=kind,
        memo=memo,
        entry_on=first_open_day(line.booked_on),
        postings=[posting],
        source_type="statement_line",
        source_ref=line.public_id,
        maker=actor.ref,
        # A line whose match was undone may be booked again, so the line cannot be the key.
        idempotency_key=f"bank-charge:{new_public_id()}",
    )
    posted = post_entry(draft, actor=actor)
    return record_match(line, [sentence(charge.label)], journal_entry_id=posted.id, actor=actor)
