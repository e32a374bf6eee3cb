"""Changing what a running grant says, as grantor and fund signed it."""

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.documents.queries import get_document
from fundapp.grants.drafts import AmendmentDraft
from fundapp.grants.locking import lock_grant
from fundapp.grants.models import AmendmentLine, GrantAmendment, GrantLine, ReceivedGrant
from fundapp.grants.policy import line_of, may_amend_grant
from fundapp.grants.steps import SUBJECT_TYPE, check_amendment, record_grant
from fundapp.ledger.locking import lock_fund
from fundapp.proposals.models import Proposal


def amend_grant(
    public_id: str, draft: AmendmentDraft, proposal: Proposal, *, actor: Actor
) -> GrantAmendment:
    """Let a running grant have another last day and other budget lines, as two people decided; what
    it said before stays in the amendment.

    Raises ForbiddenError, NotFoundError and what `check_amendment` raises.
    """
    require(may_amend_grant(actor))
    grant = lock_grant(public_id)
    # Help that is approved meanwhile waits, and is then held to the new lines.
    lock_fund(grant.fund_code)
    check_amendment(grant, draft)
    amendment = GrantAmendment(
        grant_id=grant.id,
        number=len(grant.amendments) + 1,
        signed_on=draft.signed_on,
        ends_before=grant.ends_on,
        ends_after=draft.ends_on,
        document_id=get_document(SUBJECT_TYPE, draft.document).id,
        proposal_id=proposal.id,
        recorded_at=clock.now(),
    )
    db.session.add(amendment)
    db.session.flush()
    _change_lines(grant, draft, amendment)
    before, grant.ends_on = grant.ends_on, draft.ends_on
    record_grant("amend", grant, actor, changes={"ends_on": (before, draft.ends_on)})
    db.session.flush()
    db.session.expire(grant)
    return amendment


def _change_lines(grant: ReceivedGrant, draft: AmendmentDraft, amendment: GrantAmendment) -> None:
    changed: list[tuple[GrantLine, int]] = []
    for line in draft.lines:
        own = line_of(grant.lines, line.account_code, line.fiscal_year)
        before = own.amount_satang if own else 0
        if before == line.satang:
            continue
        db.session.add(
            AmendmentLine(
                grant_id=grant.id,
                number=amendment.number,
                fiscal_year=line.fiscal_year,
                account_code=line.account_code,
                before_satang=before,
                after_satang=line.satang,
            )
        )
        own = own or GrantLine(
            grant_id=grant.id,
            fiscal_year=line.fiscal_year,
            account_code=line.account_code,
            rule=line.rule,
        )
        changed.append((own, line.satang))
    db.session.flush()  # the amendment comes first: by it the database lets the lines change
    for own, satang in changed:
        own.amount_satang = satang
        db.session.add(own)
    db.session.flush()
