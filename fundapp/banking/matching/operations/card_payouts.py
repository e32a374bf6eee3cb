"""What the card processor paid out is found in the bank."""

from sqlalchemy import func, select

from fundapp.access.actors import Actor, require
from fundapp.banking.errors import DoesNotFitError, TargetTakenError
from fundapp.banking.matching import reasons
from fundapp.banking.matching.queries import find_payout_entry
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
from fundapp.db import db, lock
from fundapp.errors import NotFoundError
from fundapp.giving.models import ProcessorPayout
from fundapp.giving.queries import find_card_payout
from fundapp.ledger import chart
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.models import EntryKind, JournalEntry
from fundapp.ledger.operations import post_entry
from fundapp.ledger.queries import first_open_day
from fundapp.markers import N_

#: Memos are message ids, translated where the books are shown.
PAYOUT_MEMO = N_("Paid out by the card processor")
SOURCE_TYPE = "card_payout"


def match_card_payout(payout_id: str, *, line: str, actor: Actor) -> Match:
    """Book a payout of the card processor on the day of its line in the bank, and match the two.

    Each fund's part moves from the processor to the bank, or back where more was taken back than
    given. Raises ForbiddenError, NotFoundError, LineTakenError, PartlyMatchedError,
    TargetTakenError when it has a line already, DoesNotFitError, and the ledger's OtherAccountError
    and PeriodClosedError.
    """
    require(may_match_lines(actor))
    found = change_status(line, LineAction.MATCH)
    require_whole(found)
    if lock(select(ProcessorPayout).where(ProcessorPayout.payout_id == payout_id)) is None:
        raise NotFoundError
    if find_payout_entry(payout_id) is not None:
        raise TargetTakenError
    payout = find_card_payout(payout_id)
    bank = statement_of(found).bank_account.account_code
    if found.deposit_satang != payout.amount_satang:
        raise DoesNotFitError
    # A match that was undone reversed its entry, and the payout may be booked again.
    of_payout = select(func.count()).where(
        JournalEntry.source_type == SOURCE_TYPE, JournalEntry.source_ref == payout_id
    )
    draft = EntryDraft(
        kind=EntryKind.CARD_PAYOUT,
        entry_on=first_open_day(found.booked_on),
        memo=PAYOUT_MEMO,
        postings=[_posting(code, bank, satang) for code, satang in payout.funds.items() if satang],
        source_type=SOURCE_TYPE,
        source_ref=payout_id,
        maker=actor.ref,
        idempotency_key=f"card-payout:{payout_id}:{db.session.scalar(of_payout)}",
    )
    posted = post_entry(draft, actor=actor)
    why = [sentence(reasons.CARD_PAYOUT, arrives_on=payout.arrives_on)]
    return record_match(found, why, journal_entry_id=posted.id, actor=actor)


def _posting(fund_code: str, bank: str, satang: int) -> PostingDraft:
    if satang > 0:
        return PostingDraft(fund_code, bank, chart.CARD_PROCESSOR, satang)
    return PostingDraft(fund_code, chart.CARD_PROCESSOR, bank, -satang)
