"""Row locks of grants, held until the unit of work ends."""

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp.db import db, lock
from fundapp.errors import NotFoundError
from fundapp.grants.models import GrantCondition, GrantReport, ReceivedGrant


def lock_grant(public_id: str) -> ReceivedGrant:
    """The grant, locked with everything of it; NotFoundError."""
    statement = (
        select(ReceivedGrant).where(ReceivedGrant.public_id == public_id).options(lazyload("*"))
    )
    grant = lock(statement)
    if grant is None:
        raise NotFoundError
    return grant


def lock_condition(public_id: str) -> GrantCondition:
    """The condition, its grant locked before it is read; NotFoundError."""
    condition = db.session.scalar(
        select(GrantCondition).where(GrantCondition.public_id == public_id)
    )
    if condition is None:
        raise NotFoundError
    lock_grant(condition.grant.public_id)
    db.session.refresh(condition)
    return condition


def lock_report(public_id: str) -> GrantReport:
    """The report, its grant locked before it is read; NotFoundError."""
    report = db.session.scalar(select(GrantReport).where(GrantReport.public_id == public_id))
    if report is None:
        raise NotFoundError
    lock_grant(report.grant.public_id)
    db.session.refresh(report)
    return report
