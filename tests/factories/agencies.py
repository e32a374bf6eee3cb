"""Agencies that two people agreed on, their people, and referrals to them."""

import itertools
from datetime import date, timedelta
from typing import Any

from fundapp import clock
from fundapp.access.permissions import Role
from fundapp.agencies.drafts import AgencyDraft, GivenDraft, ReferralDraft
from fundapp.agencies.kinds import (
    ACCESS_PROPOSAL,
    AGENCY_PROPOSAL,
    access_values,
    agency_values,
)
from fundapp.agencies.models import Agency, AgencyKind, GivenKind, Referral, SharedFact
from fundapp.agencies.operations import accept_referral, finish_referral, send_referral
from fundapp.agencies.queries import get_agency, get_referral
from fundapp.agencies.steps import AGENCY
from fundapp.children.models import Child
from fundapp.db import unit_of_work
from fundapp.disbursements.models import Need
from fundapp.documents.intake import accept
from fundapp.documents.operations import store_document
from fundapp.identity.models import User
from fundapp.ids import new_public_id
from tests.documents.pictures import picture
from tests.factories.actors import OFFICER
from tests.factories.children import MUEANG, RAMAN
from tests.factories.identity import agree, make_user

_numbers = itertools.count(1)


def agency_draft(public_id: str, **overrides: Any) -> AgencyDraft:
    """An agency of two districts with an agreement for a year."""
    args = {"subject_type": AGENCY, "subject_ref": public_id, "actor": OFFICER}
    paper = unit_of_work(store_document, accept(picture(), None), **args)
    number = next(_numbers)
    values = {
        "name": f"Agency {number}",
        "kind": AgencyKind.HEALTH,
        "districts": (RAMAN, MUEANG),
        "email": f"agency-{number}@example.org",
        "document": paper.document.public_id,
        "starts_on": clock.today() - timedelta(days=30),
        "ends_on": clock.today() + timedelta(days=335),
        **overrides,
    }
    return AgencyDraft(**values)


def make_agency(**overrides: Any) -> Agency:
    """An agency that two administrators agreed on."""
    public_id = new_public_id()
    draft = agency_draft(public_id, **overrides)
    agree(AGENCY_PROPOSAL, public_id, dict(agency_values(draft)))
    return get_agency(public_id)


def let_in(agency: Agency, user: User | None = None, ends_on: date | None = None) -> User:
    """A person who signs in for the agency, as two administrators agreed."""
    person = user or make_user(Role.AGENCY)
    last = ends_on or clock.today() + timedelta(days=90)
    agree(ACCESS_PROPOSAL, person.public_id, dict(access_values(agency.public_id, last)))
    return person


def referral_draft(agency: Agency, **overrides: Any) -> ReferralDraft:
    """Shoes for school, told with first name and age for thirty days."""
    values = {
        "agency": agency.public_id,
        "need": Need.EDUCATION,
        "facts": (SharedFact.FIRST_NAME, SharedFact.AGE),
        "words": "Canary shoes for school",
        "ends_on": clock.today() + timedelta(days=30),
        **overrides,
    }
    return ReferralDraft(**values)


def refer(child: Child, agency: Agency, by: User, **overrides: Any) -> Referral:
    """A referral that waits for an answer."""
    draft, key = referral_draft(agency, **overrides), new_public_id()
    actor = by.as_actor()
    return unit_of_work(send_referral, child.public_id, draft, key=key, actor=actor)


def finish(referral: Referral, person: User, kind: GivenKind = GivenKind.GOODS) -> Referral:
    """Accepted and done by this person."""
    number, actor = referral.number, person.as_actor()
    given = GivenDraft(kind=kind, count=2, on=clock.today(), words="Canary gave two pairs")
    unit_of_work(accept_referral, number, version=1, actor=actor)
    unit_of_work(finish_referral, number, given, version=2, actor=actor)
    return get_referral(number)
