"""Advances for tests, proposed and confirmed as on the pages."""

from datetime import date, timedelta

from sqlalchemy import select

from fundapp import clock
from fundapp.access.permissions import Role
from fundapp.advances.drafts import AdvanceDraft, ClearingDraft
from fundapp.advances.kinds import (
    ADVANCE,
    CLEARING,
    advance_subject,
    advance_values,
    clearing_values,
)
from fundapp.advances.models import Advance, AdvanceKind, AdvancePurpose
from fundapp.advances.operations import SOURCE_TYPE
from fundapp.db import db, unit_of_work
from fundapp.documents.intake import accept
from fundapp.documents.operations import store_document
from fundapp.identity.models import User
from fundapp.ledger import chart
from tests.documents.pictures import picture
from tests.factories.actors import OFFICER
from tests.factories.books import make_gift
from tests.factories.identity import agree, make_user


def make_cash(satang: int, fund: str = "GENERAL") -> None:
    """So much of the fund in the cash box."""
    make_gift(satang, fund, clock.today(), bank=chart.CASH_ON_HAND)


def advance_draft(holder: User, satang: int = 50_000, **overrides: object) -> AdvanceDraft:
    """500 baht for travel, to be cleared within a week."""
    values: dict[str, object] = {
        "fund_code": "GENERAL",
        "holder": holder.public_id,
        "account_code": chart.CASH_ON_HAND,
        "satang": satang,
        "kind": AdvanceKind.ADVANCE,
        "purpose": AdvancePurpose.TRAVEL,
        "due_on": clock.today() + timedelta(days=7),
        **overrides,
    }
    return AdvanceDraft(**values)  # type: ignore[arg-type]


def make_advance(
    satang: int = 50_000, *, holder: User | None = None, due_on: date | None = None
) -> Advance:
    """Cash that somebody of the staff holds; the cash box must hold so much."""
    holder = holder or make_user(Role.CASE_MANAGER, ("9506",))
    draft = advance_draft(holder, satang, **({"due_on": due_on} if due_on else {}))
    subject = advance_subject(draft.fund_code, draft.holder)
    proposal = agree(ADVANCE, subject, dict(advance_values(draft)))
    found = select(Advance).where(Advance.proposal_id == proposal.id)
    return db.session.scalars(found).one()


def clear(advance: Advance, spent_satang: int) -> None:
    """So much of it was spent, and the rest is paid back."""
    document = ""
    if spent_satang:
        stored = unit_of_work(
            store_document,
            accept(picture(), None),
            subject_type=SOURCE_TYPE,
            subject_ref=advance.public_id,
            actor=OFFICER,
        )
        document = stored.document.public_id
    draft = ClearingDraft(advance.public_id, spent_satang, document)
    agree(CLEARING, advance.public_id, dict(clearing_values(draft)))
