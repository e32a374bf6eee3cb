"""What the operations of agencies check and do alike."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.permissions import Role
from fundapp.agencies.drafts import AgencyDraft, ReferralDraft
from fundapp.agencies.errors import (
    AccessDaysError,
    AccessRoleError,
    AgencyDistrictsError,
    AgencyElsewhereError,
    AgencyKnownError,
    AgreementDaysError,
    AgreementEndedError,
    SameReferralError,
    ShareConsentError,
    SharedFactsError,
    SharedUntilError,
)
from fundapp.agencies.models import Agency, Referral
from fundapp.agencies.policy import MOST_ACCESS, MOST_SHARED
from fundapp.agencies.queries import find_agency_named, find_open_referral, get_agency
from fundapp.children.models import Child
from fundapp.children.name_guard import public_words
from fundapp.children.policy import may_share
from fundapp.db import lock
from fundapp.documents.queries import get_document
from fundapp.identity.models import User
from fundapp.identity.queries import get_user
from fundapp.places.queries import list_districts
from fundapp.trail.operations import record_event

#: What the trail calls an agency and a referral; the first is the subject of agreements too.
AGENCY, REFERRAL = "agency", "referral"


def check_agency(public_id: str, draft: AgencyDraft) -> None:
    """Raises AgreementDaysError, AgencyDistrictsError, AgencyKnownError, NotFoundError without the
    paper, PersonalDataError and ChildNamedError.
    """
    if draft.ends_on < draft.starts_on:
        raise AgreementDaysError(field="ends_on")
    known = {district.code for district in list_districts()}
    if not draft.districts or not known.issuperset(draft.districts):
        raise AgencyDistrictsError(field="districts")
    other = find_agency_named(public_words(draft.name, field="name"))
    if other is not None and other.public_id != public_id:
        raise AgencyKnownError(field="name")
    get_document(AGENCY, draft.document)


def check_access(user_id: str, agency_id: str, ends_on: date) -> tuple[User, Agency]:
    """The person and the agency. Raises AccessRoleError, AccessDaysError and NotFoundError."""
    user, agency, today = get_user(user_id), get_agency(agency_id), clock.today()
    if not user.is_active or Role.AGENCY not in user.role_set():
        raise AccessRoleError(field="person")
    if not today <= ends_on <= min(agency.ends_on, today + MOST_ACCESS):
        raise AccessDaysError(field="ends_on")
    return user, agency


def check_referral(child: Child, draft: ReferralDraft) -> Agency:
    """The agency that is asked. Raises ShareConsentError, AgreementEndedError,
    AgencyElsewhereError, SharedFactsError, SharedUntilError, SameReferralError and NotFoundError.
    """
    today, agency = clock.today(), get_agency(draft.agency)
    if not may_share(child, today):
        raise ShareConsentError
    if not agency.is_agreed_on(today):
        raise AgreementEndedError(field="agency")
    if child.district_code not in agency.district_codes:
        raise AgencyElsewhereError(field="agency")
    if not draft.facts:
        raise SharedFactsError(field="facts")
    if not today <= draft.ends_on <= today + MOST_SHARED:
        raise SharedUntilError(field="ends_on", params={"days": MOST_SHARED.days})
    known = find_open_referral(child, agency, draft.need)
    if known is not None:
        raise SameReferralError(field="need", params={"number": known.number})
    return agency


def lock_referral(referral_id: int) -> Referral:
    """The row, read anew."""
    # PostgreSQL cannot lock the optional side of an outer join.
    statement = select(Referral).where(Referral.id == referral_id)
    referral = lock(statement.options(lazyload(Referral.agency)))
    if referral is None:
        raise RuntimeError("a referral was deleted")
    return referral


def record_referral_event(verb: str, referral: Referral, actor: Actor) -> None:
    """Write into the trail what was done with a referral."""
    record_event(
        f"agencies:referral:{verb}",
        actor=actor,
        subject_type=REFERRAL,
        subject_ref=referral.number,
    )
