"""Pledges that donors sign on paper are entered by the office, with a scan."""

from sqlalchemy import select

from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.documents.intake import Accepted
from fundapp.documents.operations import store_document
from fundapp.giving import emails, policy
from fundapp.giving.channels.queries import has_way
from fundapp.giving.drafts import PledgeTerms
from fundapp.giving.locking import lock_pledge
from fundapp.giving.models import Pledge
from fundapp.giving.operations.pledges import make_pledge
from fundapp.mail.operations import queue_message
from fundapp.trail.operations import record_event

#: The kind of thing that scans belong to.
SUBJECT = "pledge"


def enter_pledge(terms: PledgeTerms, *, paper: Accepted | None, actor: Actor) -> Pledge:
    """Make the pledge of a signed paper, for a donor on file or a new one, and keep the scan; the
    donor is told. The same form again makes no second one.

    Raises ForbiddenError and what `make_pledge` and `store_document` raise.
    """
    require(policy.may_change_for_donor(actor))
    same = select(Pledge.id).where(Pledge.idempotency_key == terms.idempotency_key)
    is_known = terms.idempotency_key is not None and db.session.scalar(same) is not None
    token = make_pledge(terms, actor=actor)
    if paper is not None:
        file_paper(token, paper=paper, actor=actor)
    pledge = lock_pledge(Pledge.token == token)
    if has_way(pledge.donor) and not is_known:
        queue_message(emails.pledge_changed(pledge, "make"), actor=actor)
    return pledge


def file_paper(token: str, *, paper: Accepted, actor: Actor) -> Pledge:
    """Keep a scan of the paper with the pledge. Raises ForbiddenError, NotFoundError."""
    require(policy.may_change_for_donor(actor))
    pledge = lock_pledge(Pledge.token == token)
    stored = store_document(paper, subject_type=SUBJECT, subject_ref=str(pledge.id), actor=actor)
    if stored.is_written:
        record_event(
            "giving:pledge:file-paper",
            actor=actor,
            subject_type="pledge",
            subject_ref=str(pledge.id),
        )
    return pledge
