"""What two people agreed of agencies; sending, answering and taking back referrals."""

from datetime import date

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.agencies.drafts import AgencyDraft, GivenDraft, ReferralDraft
from fundapp.agencies.emails import referral_was_answered, referral_was_sent
from fundapp.agencies.encryption import encrypt_text
from fundapp.agencies.errors import GivenDayError, ReferralStateError
from fundapp.agencies.models import (
    Agency,
    AgencyAccess,
    Referral,
    ReferralAction,
    ReferralStatus,
)
from fundapp.agencies.policy import may_answer_some, may_record_agency
from fundapp.agencies.queries import (
    find_agency,
    find_referral_of_key,
    get_referral,
    refers_child,
    whom_to_tell,
)
from fundapp.agencies.reader import require_seen
from fundapp.agencies.steps import (
    AGENCY,
    check_access,
    check_agency,
    check_referral,
    lock_referral,
    record_referral_event,
)
from fundapp.agencies.workflow import next_referral_status
from fundapp.children.locking import lock_child_to_change
from fundapp.db import db
from fundapp.documents.queries import get_document
from fundapp.errors import FormUsedError, StaleError
from fundapp.ids import new_id
from fundapp.mail.operations import queue_message
from fundapp.proposals.models import Proposal
from fundapp.trail.operations import record_event


def record_agency(draft: AgencyDraft, proposal: Proposal, *, actor: Actor) -> Agency:
    """Write an agency as two people agreed; ``actor`` confirmed it. Raises ForbiddenError and what
    `check_agency` raises.
    """
    require(may_record_agency(actor))
    check_agency(proposal.subject, draft)
    document = get_document(AGENCY, draft.document)
    agency = find_agency(proposal.subject) or Agency(id=new_id(), public_id=proposal.subject)
    agency.name, agency.kind = draft.name, draft.kind
    agency.districts = " ".join(sorted(set(draft.districts)))
    agency.email, agency.phone = draft.email, draft.phone
    agency.document_id = document.id
    agency.starts_on, agency.ends_on = draft.starts_on, draft.ends_on
    agency.proposal_id = proposal.id
    db.session.add(agency)
    db.session.flush()
    record_event(
        "agencies:agency:record", actor=actor, subject_type=AGENCY, subject_ref=agency.public_id
    )
    return agency


def record_access(
    agency_id: str, ends_on: date, proposal: Proposal, *, actor: Actor
) -> AgencyAccess:
    """Let the person whom the proposal names sign in for an agency until a day. Raises
    ForbiddenError and what `check_access` raises.
    """
    require(may_record_agency(actor))
    user, agency = check_access(proposal.subject, agency_id, ends_on)
    access = db.session.get(AgencyAccess, user.id) or AgencyAccess(user_id=user.id)
    access.agency_id, access.ends_on, access.proposal_id = agency.id, ends_on, proposal.id
    db.session.add(access)
    db.session.flush()
    record_event(
        "agencies:access:record", actor=actor, subject_type="user", subject_ref=user.public_id
    )
    return access


def send_referral(child_id: str, draft: ReferralDraft, *, key: str, actor: Actor) -> Referral:
    """Tell an agency of a need of the child; ``key`` makes it happen once. The agency gets a
    message without personal data.

    Raises NotFoundError, OtherDistrictError, FileClosedError, ForbiddenError, FormUsedError and
    what `check_referral` raises.
    """
    child = lock_child_to_change(child_id, actor=actor)
    require(refers_child(actor, child))
    known = find_referral_of_key(key)
    if known is not None:
        if (known.child_id, known.agency.public_id, known.need) != (
            child.id,
            draft.agency,
            draft.need,
        ):
            raise FormUsedError
        return known
    agency = check_referral(child, draft)
    row_id = new_id()
    referral = Referral(
        id=row_id,
        child=child,
        agency=agency,
        need=draft.need,
        facts=" ".join(sorted({fact.value for fact in draft.facts})),
        words_encrypted=encrypt_text("words_encrypted", row_id, draft.words),
        status=ReferralStatus.SENT,
        version=1,
        sent_by_id=actor.person_id,
        sent_at=clock.now(),
        sent_on=clock.today(),
        ends_on=draft.ends_on,
        idempotency_key=key,
    )
    db.session.add(referral)
    db.session.flush()
    record_referral_event("send", referral, actor)
    queue_message(referral_was_sent(referral), actor=actor)
    return referral


def accept_referral(number: str, *, version: int, actor: Actor) -> Referral:
    """Take a referral on, for its agency; from then on nobody else there sees it. Raises
    NotFoundError, StaleError and ReferralStateError.
    """
    referral = _lock_to_answer(number, actor)
    if _is_repeated(referral, ReferralStatus.ACCEPTED, version):
        return referral
    _change(referral, ReferralAction.ACCEPT, version)
    referral.accepted_by_id, referral.accepted_at = actor.person_id, clock.now()
    return _answered(referral, ReferralAction.ACCEPT, actor)


def decline_referral(number: str, reason: str, *, version: int, actor: Actor) -> Referral:
    """Say that the agency cannot help, and why; it sees the referral no more. Raises NotFoundError,
    StaleError and ReferralStateError.
    """
    referral = _lock_to_answer(number, actor)
    _change(referral, ReferralAction.DECLINE, version)
    referral.reason_encrypted = encrypt_text("reason_encrypted", referral.id, reason)
    _close(referral, actor)
    return _answered(referral, ReferralAction.DECLINE, actor)


def finish_referral(number: str, given: GivenDraft, *, version: int, actor: Actor) -> Referral:
    """Say what the agency gave. Raises NotFoundError, StaleError, ReferralStateError and
    GivenDayError.
    """
    referral = _lock_to_answer(number, actor)
    said = (given.kind, given.count, given.on)
    if _is_repeated(referral, ReferralStatus.DONE, version):
        if (referral.given_kind, referral.given_count, referral.given_on) != said:
            raise ReferralStateError
        return referral
    _change(referral, ReferralAction.FINISH, version)
    if not referral.sent_on <= given.on <= clock.today():
        raise GivenDayError(field="given_on")
    referral.given_kind, referral.given_count, referral.given_on = said
    if given.words:
        referral.given_words_encrypted = encrypt_text(
            "given_words_encrypted", referral.id, given.words
        )
    _close(referral, actor)
    return _answered(referral, ReferralAction.FINISH, actor)


def withdraw_referral(number: str, *, version: int, actor: Actor) -> Referral:
    """Take a referral back: its agency sees it no more. Raises NotFoundError, ForbiddenError,
    StaleError and ReferralStateError.
    """
    referral = lock_referral(get_referral(number).id)
    require_seen(referral, actor)
    require(refers_child(actor, referral.child))
    _change(referral, ReferralAction.WITHDRAW, version)
    _close(referral, actor)
    db.session.flush()
    record_referral_event("withdraw", referral, actor)
    return referral


def _lock_to_answer(number: str, actor: Actor) -> Referral:
    require(may_answer_some(actor))
    referral = lock_referral(get_referral(number).id)
    require_seen(referral, actor)
    return referral


def _is_repeated(referral: Referral, status: ReferralStatus, version: int) -> bool:
    """Whether this is the second click on what led to the state."""
    return referral.status is status and referral.version == version + 1


def _change(referral: Referral, action: ReferralAction, version: int) -> None:
    status = next_referral_status(referral.status, action)
    if referral.version != version:
        raise StaleError
    referral.status = status
    referral.version += 1


def _close(referral: Referral, actor: Actor) -> None:
    referral.closed_by_id, referral.closed_at = actor.person_id, clock.now()


def _answered(referral: Referral, action: ReferralAction, actor: Actor) -> Referral:
    db.session.flush()
    record_referral_event(action.value, referral, actor)
    user = whom_to_tell(referral)
    if user is not None:
        queue_message(referral_was_answered(referral, user), actor=actor)
    return referral
