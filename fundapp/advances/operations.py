"""Giving and clearing advances. Each is what two people decided by a proposal."""

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.advances.drafts import AdvanceDraft, ClearingDraft
from fundapp.advances.errors import OwnAdvanceError
from fundapp.advances.models import Advance, AdvanceClearing
from fundapp.advances.policy import may_book_advance
from fundapp.advances.steps import EXPENSE_OF, check_advance, check_clearing
from fundapp.db import db
from fundapp.documents.queries import get_document
from fundapp.ids import new_id, new_public_id
from fundapp.ledger import chart
from fundapp.ledger.drafts import EntryDraft, PostingDraft
from fundapp.ledger.locking import lock_fund
from fundapp.ledger.models import EntryKind
from fundapp.ledger.operations import PostedEntry, post_entry
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.proposals.models import Proposal
from fundapp.trail.operations import record_event

SOURCE_TYPE = "advance"
# Message ids, translated where the books are shown.
GIVEN = N_("Advance given")
CLEARED = N_("Advance cleared")


def give_advance(draft: AdvanceDraft, proposal: Proposal, *, maker: str, actor: Actor) -> Advance:
    """Give somebody cash out of a cash box, today. ``maker`` is the public id of who proposed it;
    ``actor`` confirmed.

    The fund has so much less at once: what is held can be promised to nobody else. Raises
    ForbiddenError, OwnAdvanceError, what `check_advance` raises, and the ledger's refusals.
    """
    require(may_book_advance(actor))
    lock_fund(draft.fund_code)
    holder = check_advance(draft)
    if actor.user_id == holder.id:
        raise OwnAdvanceError
    public_id = new_public_id()
    postings = [
        PostingDraft(draft.fund_code, chart.ADVANCES_HELD, draft.account_code, draft.satang)
    ]
    posted = _post(GIVEN, public_id, postings, proposal, maker, actor)
    advance = Advance(
        id=new_id(),
        public_id=public_id,
        kind=draft.kind,
        purpose=draft.purpose,
        fund_code=draft.fund_code,
        account_code=draft.account_code,
        holder_id=holder.id,
        amount_satang=draft.satang,
        issued_on=clock.today(),
        due_on=draft.due_on,
        confirmed_by_id=actor.person_id,
        proposal_id=proposal.id,
        journal_entry_id=posted.id,
        recorded_at=clock.now(),
    )
    db.session.add(advance)
    _record("give", public_id, draft.satang, actor)
    db.session.flush()
    return advance


def clear_advance(
    draft: ClearingDraft, proposal: Proposal, *, maker: str, actor: Actor
) -> AdvanceClearing:
    """Book what was spent of an advance to its expense, and put the rest back into its cash box,
    today; that ends it.

    Raises ForbiddenError, OwnAdvanceError, what `check_clearing` raises, and the ledger's refusals.
    """
    require(may_book_advance(actor))
    advance = check_clearing(draft)
    lock_fund(advance.fund_code)
    if actor.user_id == advance.holder_id:
        raise OwnAdvanceError
    fund, spent = advance.fund_code, draft.spent_satang
    returned = advance.amount_satang - spent
    postings = [
        PostingDraft(fund, account, chart.ADVANCES_HELD, satang)
        for account, satang in (
            (EXPENSE_OF[advance.purpose], spent),
            (advance.account_code, returned),
        )
        if satang
    ]
    document = get_document(SOURCE_TYPE, draft.document) if draft.document else None
    posted = _post(CLEARED, advance.public_id, postings, proposal, maker, actor)
    clearing = AdvanceClearing(
        advance_id=advance.id,
        spent_satang=spent,
        returned_satang=returned,
        cleared_on=clock.today(),
        document_id=document.id if document else None,
        confirmed_by_id=actor.person_id,
        proposal_id=proposal.id,
        journal_entry_id=posted.id,
        recorded_at=clock.now(),
    )
    db.session.add(clearing)
    _record("clear", advance.public_id, spent, actor)
    db.session.flush()
    return clearing


def _post(
    memo: str,
    public_id: str,
    postings: list[PostingDraft],
    proposal: Proposal,
    maker: str,
    actor: Actor,
) -> PostedEntry:
    return post_entry(
        EntryDraft(
            kind=EntryKind.ADVANCE,
            entry_on=clock.today(),
            memo=memo,
            postings=postings,
            source_type=SOURCE_TYPE,
            source_ref=public_id,
            maker=maker,
            checker=actor.ref,
            idempotency_key=f"advance:{proposal.public_id}",
        ),
        actor=actor,
    )


def _record(verb: str, public_id: str, satang: int, actor: Actor) -> None:
    record_event(
        f"advances:advance:{verb}",
        actor=actor,
        subject_type=SOURCE_TYPE,
        subject_ref=public_id,
        note=format_baht(satang),
    )
