"""Findings by state, those that are late, and what the public is told."""

from datetime import date

from sqlalchemy import ColumnElement, and_, select

from fundapp import clock
from fundapp.audit.findings.models import (
    NUMBER_PREFIX,
    AuditFinding,
    FindingEvidence,
    FindingStatus,
)
from fundapp.db import count_rows, db
from fundapp.documents.models import Document
from fundapp.errors import NotFoundError
from fundapp.ids import from_readable
from fundapp.paging import Page, int_key, page_of

_PAGE_SIZE = 25
#: States in which something is to be done.
OPEN_STATES = tuple(status for status in FindingStatus if status is not FindingStatus.CLOSED)


def list_findings(
    status: FindingStatus | None, after: str | None, *, late: bool = False
) -> Page[AuditFinding]:
    """Findings of a state, or of all, or those past their due date; the newest first."""
    statement = select(AuditFinding).order_by(AuditFinding.id.desc()).limit(_PAGE_SIZE + 1)
    if late:
        statement = statement.where(_is_late(clock.today()))
    elif status is not None:
        statement = statement.where(AuditFinding.status == status)
    key = int_key(after)
    if key is not None:
        statement = statement.where(AuditFinding.id < key)
    return page_of(db.session.scalars(statement).all(), _PAGE_SIZE, lambda finding: finding.id)


def count_late(today: date) -> int:
    """How many findings are past their due date and not put right."""
    return count_rows(select(AuditFinding.id).where(_is_late(today)))


def is_late(finding: AuditFinding) -> bool:
    """Whether it should have been put right by now."""
    return not finding.is_closed and finding.due_on < clock.today()


def get_finding(number: str) -> AuditFinding:
    """The finding with this number; NotFoundError."""
    finding = db.session.get(AuditFinding, from_readable(number, NUMBER_PREFIX) or 0)
    if finding is None:
        raise NotFoundError
    return finding


def find_finding_of_key(key: str) -> AuditFinding | None:
    """The finding that the form with this id wrote."""
    return db.session.scalar(select(AuditFinding).where(AuditFinding.idempotency_key == key))


def get_paper(number: str, evidence: int) -> Document:
    """A paper among the evidence; NotFoundError."""
    row = db.session.get(FindingEvidence, (get_finding(number).id, evidence))
    if row is None or row.document is None:
        raise NotFoundError
    return row.document


def list_released(after: str | None) -> Page[AuditFinding]:
    """Findings whose summary is public, the newest first."""
    statement = (
        select(AuditFinding)
        .where(AuditFinding.released_at.is_not(None))
        .order_by(AuditFinding.id.desc())
        .limit(_PAGE_SIZE + 1)
    )
    key = int_key(after)
    if key is not None:
        statement = statement.where(AuditFinding.id < key)
    return page_of(db.session.scalars(statement).all(), _PAGE_SIZE, lambda finding: finding.id)


def _is_late(today: date) -> ColumnElement[bool]:
    return and_(AuditFinding.status.in_(OPEN_STATES), AuditFinding.due_on < today)
