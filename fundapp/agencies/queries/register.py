"""The register of agencies, and who signs in for them."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from fundapp.access.actors import Actor
from fundapp.agencies.models import Agency, AgencyAccess
from fundapp.db import db
from fundapp.errors import NotFoundError


def list_agencies() -> Sequence[Agency]:
    """Every agency, by name: a fund has some dozens."""
    return db.session.scalars(select(Agency).order_by(Agency.name)).all()


def list_agencies_to_ask(district_code: str, day: date) -> list[Agency]:
    """Those that work in the district and whose agreement holds on the day, by name."""
    return [
        agency
        for agency in list_agencies()
        if agency.is_agreed_on(day) and district_code in agency.district_codes
    ]


def find_agency(public_id: str) -> Agency | None:
    """The agency of this public id."""
    return db.session.scalar(select(Agency).where(Agency.public_id == public_id))


def get_agency(public_id: str) -> Agency:
    """As `find_agency`; NotFoundError."""
    agency = find_agency(public_id)
    if agency is None:
        raise NotFoundError
    return agency


def agency_names(public_ids: Iterable[str]) -> dict[str, str]:
    """Names of agencies by public id; ids that are no agency's are left out."""
    statement = select(Agency.public_id, Agency.name).where(Agency.public_id.in_(set(public_ids)))
    return {row.public_id: row.name for row in db.session.execute(statement)}


def find_agency_named(name: str) -> Agency | None:
    """The agency of exactly this name."""
    return db.session.scalar(select(Agency).where(Agency.name == name))


def list_accesses(agency: Agency) -> Sequence[AgencyAccess]:
    """Who signs in for the agency, or did."""
    statement = select(AgencyAccess).where(AgencyAccess.agency_id == agency.id)
    people = statement.options(joinedload(AgencyAccess.user)).order_by(AgencyAccess.user_id)
    return db.session.scalars(people).all()


def find_access(actor: Actor) -> AgencyAccess | None:
    """For which agency the actor signs in."""
    statement = select(AgencyAccess).where(AgencyAccess.user_id == (actor.user_id or 0))
    return db.session.scalar(statement)
