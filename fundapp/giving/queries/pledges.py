"""Reading pledges and instalments."""

import hashlib
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select, text
from sqlalchemy.orm import aliased, joinedload, lazyload

from fundapp.db import db
from fundapp.db.single_reads import read_rows
from fundapp.errors import NotFoundError
from fundapp.giving.errors import PledgesRunError
from fundapp.giving.models import Instalment, Pledge, PledgeShare, PledgeStatus, Slip
from fundapp.giving.references import normalise_reference
from fundapp.giving.schedule import HORIZON
from fundapp.ledger.models import Fund, FundStatus
from fundapp.paging import Page, int_key, page_of

_GIFT_FUNDS = (
    select(Fund)
    .where(Fund.accepts_gifts, Fund.status == FundStatus.OPEN)
    .order_by(Fund.position, Fund.code)
)
#: Every visit to the form asks this, and every form that is sent.
_OFFERED_FUNDS = (
    "SELECT code, restriction, name_th, name_en, name_ms, purpose_th, purpose_en, purpose_ms,"
    " minimum_satang, goal_satang, position FROM funds WHERE accepts_gifts AND status = 'open'"
    " ORDER BY position, code"
)


@dataclass(frozen=True, slots=True)
class OfferedFund:
    """What the form to give shows of a fund."""

    code: str
    restriction: str
    name_th: str
    name_en: str
    name_ms: str
    purpose_th: str
    purpose_en: str
    purpose_ms: str
    minimum_satang: int
    goal_satang: int | None
    position: int


@dataclass(frozen=True, slots=True)
class ListedPledge:
    """A pledge of a list, with the reference of its first instalment and what came for them all."""

    pledge: Pledge
    reference: str
    received_satang: int


def list_gift_funds() -> list[Fund]:
    """The funds one can give to, in their order."""
    return list(db.session.scalars(_GIFT_FUNDS))


def gift_funds_version() -> Hashable:
    """While it is the same, so is what the form to give shows of the funds."""
    return tuple(read_rows(_OFFERED_FUNDS))


def list_offered_funds() -> list[OfferedFund]:
    """The same funds as `list_gift_funds`, read at the cost of one small statement."""
    return [OfferedFund(*row) for row in read_rows(_OFFERED_FUNDS)]


def get_pledge(token: str) -> Pledge:
    """The pledge with this token, with its instalments; NotFoundError."""
    pledge = db.session.scalar(select(Pledge).where(Pledge.token == token))
    if pledge is None:
        raise NotFoundError
    return pledge


def list_pledges(
    status: PledgeStatus | None = None, *, after: str | None = None, limit: int = 50
) -> Page[ListedPledge]:
    """Pledges, the newest first, after the key ``after``; all, or those in one state."""
    statement = select(Pledge).order_by(Pledge.id.desc()).limit(limit + 1)
    if status is not None:
        # Written into the statement, so that the index of the state is found.
        statement = statement.where(text(f"pledges.status = '{status.value}'"))
    key = int_key(after)
    if key is not None:
        statement = statement.where(Pledge.id < key)
    # A pledge may have hundreds of instalments, of which the list shows the sum.
    statement = statement.options(lazyload(Pledge.instalments))
    page = page_of(db.session.scalars(statement).unique().all(), limit, lambda pledge: pledge.id)
    return Page(_listed(page.rows), page.next_key)


def _listed(pledges: Sequence[Pledge]) -> list[ListedPledge]:
    first = aliased(Instalment)
    reference = (
        select(first.reference)
        .where(first.pledge_id == Instalment.pledge_id)
        .order_by(first.number)
        .limit(1)
        .scalar_subquery()
    )
    received = func.sum(Instalment.paid_satang - Instalment.let_go_satang)
    statement = (
        select(Instalment.pledge_id, reference, received)
        .where(Instalment.pledge_id.in_([pledge.id for pledge in pledges]))
        .group_by(Instalment.pledge_id)
    )
    found = {row[0]: (row[1], int(row[2])) for row in db.session.execute(statement)}
    return [ListedPledge(pledge, *found[pledge.id]) for pledge in pledges]


def pledge_version(token: str) -> str:
    """While it is the same, so is what the pledge's page shows of its state, money and slips;
    NotFoundError.
    """
    row = Instalment
    parts = (
        select(Pledge.id, Pledge.status, row.id, row.amount_satang, row.paid_satang)
        .join(row, row.pledge_id == Pledge.id)
        .where(Pledge.token == token)
        .order_by(row.number)
    )
    found = [tuple(each) for each in db.session.execute(parts)]
    if not found:
        raise NotFoundError
    of_pledge = select(Slip.id, Slip.status).where(Slip.pledge_id == found[0][0]).order_by(Slip.id)
    slips = [tuple(each) for each in db.session.execute(of_pledge)]
    return hashlib.sha256(repr((found, slips)).encode()).hexdigest()[:16]


def find_instalment(reference: str) -> Instalment | None:
    """The instalment with this reference, however it was typed, with its pledge."""
    statement = (
        select(Instalment)
        .where(Instalment.reference == normalise_reference(reference))
        .options(joinedload(Instalment.pledge))
    )
    return db.session.scalar(statement)


def find_running_pledges(fund_code: str) -> PledgesRunError | None:
    """What stands against closing the fund: pledges that donors still pay, or may go on to pay."""
    shared = select(PledgeShare.pledge_id).where(PledgeShare.fund_code == fund_code)
    running = select(func.count(Pledge.id)).where(
        or_(Pledge.fund_code == fund_code, Pledge.id.in_(shared)),
        Pledge.status.in_((PledgeStatus.ACTIVE, PledgeStatus.PAUSED)),
    )
    count = db.session.scalar(running)
    return PledgesRunError(params={"count": count}) if count else None


def get_pledge_to_confirm(code: str) -> Pledge:
    """The pledge with this confirmation code; NotFoundError."""
    pledge = db.session.scalar(select(Pledge).where(Pledge.confirmation_code == code))
    if pledge is None:
        raise NotFoundError
    return pledge


def list_donor_pledges(donor_ids: Collection[int], limit: int = 100) -> list[Pledge]:
    """A donor's pledges, newest first."""
    statement = select(Pledge).where(Pledge.donor_id.in_(donor_ids))
    return list(
        db.session.scalars(statement.order_by(Pledge.created_at.desc(), Pledge.id).limit(limit))
    )


def list_open_ended_tokens(today: date) -> list[str]:
    """Tokens of open-ended, active pledges with fewer than `schedule.HORIZON` unpaid instalments
    due from ``today`` on.
    """
    ahead = (
        select(func.count())
        .where(
            Instalment.pledge_id == Pledge.id,
            Instalment.due_on >= today,
            Instalment.paid_satang < Instalment.amount_satang,
        )
        .correlate(Pledge)
        .scalar_subquery()
    )
    statement = select(Pledge.token).where(
        Pledge.instalment_count.is_(None), Pledge.status == PledgeStatus.ACTIVE, ahead < HORIZON
    )
    return list(db.session.scalars(statement))
