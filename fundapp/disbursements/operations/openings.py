"""Seeing whom a request names, for an auditor's reason that counts for some days."""

from datetime import timedelta

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.disbursements.entry_drafts import SOURCE_TYPE
from fundapp.disbursements.errors import EndedConsentError, OpeningReasonError
from fundapp.disbursements.models import RequestOpening
from fundapp.disbursements.policy import has_opened, may_open, rests_on_consent
from fundapp.disbursements.queries import get_request
from fundapp.identity.queries import current_authority
from fundapp.remarks.models import RemarkKind
from fundapp.remarks.steps import write_remark
from fundapp.trail.operations import record_event

#: Days for which a reason counts, the first one included.
LASTS = 7
#: Letters of a reason that says something.
_SHORTEST = 10


def open_request(public_id: str, reason: str, *, actor: Actor) -> RequestOpening | None:
    """Let the auditor see the payee, the children's names, the notes and the papers of a request
    for some days; None while an earlier reason of the auditor counts. Every read is recorded.

    Raises NotFoundError, ForbiddenError, OpeningReasonError, EndedConsentError.
    """
    actor = current_authority(actor)
    request = get_request(public_id, viewer=actor)
    require(may_open(actor, request))
    today = clock.today()
    if not rests_on_consent(request, today):
        raise EndedConsentError
    if has_opened(actor, request, today):
        return None
    if len(reason.strip()) < _SHORTEST:
        raise OpeningReasonError(field="reason")
    remark = write_remark(
        reason.strip(),
        kind=RemarkKind.AUDIT,
        subject_type=SOURCE_TYPE,
        subject_ref=public_id,
        about_child=True,
        actor=actor,
    )
    opening = RequestOpening(
        opened_by_id=actor.person_id,
        reason_digest=remark.digest,
        opened_on=today,
        ends_on=today + timedelta(days=LASTS - 1),
        opened_at=clock.now(),
    )
    request.openings.append(opening)
    db.session.flush()
    record_event(
        "disbursements:request:open",
        actor=actor,
        subject_type=SOURCE_TYPE,
        subject_ref=public_id,
        note=remark.trace,
    )
    return opening
