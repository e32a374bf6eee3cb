"""Money that waits in the books: what nobody recognises, and interest that must not become zakat.

It is a liability of the first fund of the account, so no fund has it to spend. A line is taken out
of suspense by undoing its match: the entry is reversed, and the line waits to be matched again.
"""

from fundapp.access.actors import Actor, require
from fundapp.banking.errors import WrongDirectionError
from fundapp.banking.matching import reasons
from fundapp.banking.matching.operations.charges import INTEREST_MEMO
from fundapp.banking.matching.queries.suspense import GIVEN_BACK_MEMO, WAITING_MEMO
from fundapp.banking.matching.steps import (
    change_status,
    fund_of,
    record_match,
    require_whole,
    statement_of,
)
from fundapp.banking.matching.waiting import Waiting, possible_waiting
from fundapp.banking.matching.workflow import LineAction
from fundapp.banking.models import Match
from fundapp.banking.policy import may_match_lines
from fundapp.banking.sentences import sentence
from fundapp.ids import new_public_id
from fundapp.ledger import chart
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.models import EntryKind
from fundapp.ledger.operations import post_entry
from fundapp.ledger.queries import first_open_day


def book_suspense(public_id: str, *, waiting: Waiting, actor: Actor) -> Match:
    """Book a whole line as money that waits, or that waits no longer.

    Money in is not identified, or interest that arrives from an account of zakat; money out is
    given back, or interest that leaves such an account. Raises ForbiddenError, NotFoundError,
    LineTakenError, PartlyMatchedError, WrongDirectionError, NoGeneralFundError, and the ledger's
    WaitsNoLongerError and PeriodClosedError.
    """
    require(may_match_lines(actor))
    line = change_status(public_id, LineAction.MATCH)
    require_whole(line)
    bank = statement_of(line).bank_account.account_code
    fund = fund_of(bank)
    satang = line.deposit_satang - line.withdrawal_satang
    if waiting not in possible_waiting(fund, satang):
        raise WrongDirectionError
    kind, memo, other = _entry_of(waiting, satang)
    sides = (bank, other) if satang > 0 else (other, bank)
    draft = EntryDraft(
        kind=kind,
        entry_on=first_open_day(line.booked_on),
        memo=memo,
        postings=[PostingDraft(fund.code, *sides, abs(satang))],
        source_type="statement_line",
        source_ref=line.public_id,
        maker=actor.ref,
        # A line whose match was undone may be booked again, so the line cannot be the key.
        idempotency_key=f"suspense:{new_public_id()}",
    )
    posted = post_entry(draft, actor=actor)
    why = [sentence(reasons.WAITS[waiting.value])]
    return record_match(line, why, journal_entry_id=posted.id, actor=actor)


def _entry_of(waiting: Waiting, satang: int) -> tuple[EntryKind, str, str]:
    """The kind, the memo and the other account of the entry."""
    if waiting is Waiting.INTEREST_MOVED:
        if satang > 0:
            return EntryKind.BANK_INTEREST, INTEREST_MEMO, chart.BANK_INTEREST
        return EntryKind.SUSPENSE, INTEREST_MEMO, chart.INTEREST_KEPT_APART
    memo = WAITING_MEMO if satang > 0 else GIVEN_BACK_MEMO
    return EntryKind.SUSPENSE, memo, chart.NOT_IDENTIFIED
