"""Referrals: of a child, of the viewer's districts, of the viewer's agency."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import contains_eager

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.agencies.models import NUMBER_PREFIX, Agency, Referral, ReferralStatus
from fundapp.agencies.policy import may_follow_referrals, may_refer
from fundapp.agencies.queries.register import find_access
from fundapp.agencies.workflow import OPEN_STATES
from fundapp.children.handovers.queries import manager_now
from fundapp.children.models import Child, ChildStatus, ConsentKind
from fundapp.children.queries.children import has_consent_on
from fundapp.children.queries.visibility import is_of_child, sees_child, visible_to
from fundapp.db import count_rows, db
from fundapp.disbursements.models import Need
from fundapp.errors import NotFoundError
from fundapp.identity.models import User
from fundapp.ids import from_readable
from fundapp.paging import Page, int_key, page_of

PAGE_SIZE = 50
#: How far back help of agencies is told.
YEAR = timedelta(days=365)
#: Referrals of a child that its file shows.
_MOST = 50


def get_referral(number: str) -> Referral:
    """The referral with this number; NotFoundError. Who may see it is asked by the caller."""
    referral = db.session.get(Referral, from_readable(number, NUMBER_PREFIX) or 0)
    if referral is None:
        raise NotFoundError
    return referral


def find_referral_of_key(key: str) -> Referral | None:
    """The referral that the form with this id sent."""
    return db.session.scalar(select(Referral).where(Referral.idempotency_key == key))


def find_open_referral(child: Child, agency: Agency, need: Need) -> Referral | None:
    """An open referral of this need of the child to the agency."""
    statement = select(Referral).where(
        Referral.child_id == child.id,
        Referral.agency_id == agency.id,
        Referral.need == need,
        Referral.status.in_(OPEN_STATES),
    )
    return db.session.scalar(statement.limit(1))


def list_referrals(
    status: ReferralStatus | None, after: str | None, *, viewer: Actor
) -> Page[Referral]:
    """Referrals of children whom the viewer, of the fund, sees: of a state or all, newest first."""
    statement = select(Referral).join(Referral.child).options(contains_eager(Referral.child))
    return _page(statement.where(is_of_child(Referral.child_id, visible_to(viewer))), status, after)


def list_referrals_of_agency(
    status: ReferralStatus | None, after: str | None, *, viewer: Actor, today: date
) -> Page[Referral]:
    """Referrals that the viewer sees for an agency: of a state, or those that are open."""
    statement = select(Referral).join(Referral.child).where(_seen_by_agency(viewer, today))
    if status is None:
        statement = statement.where(Referral.status.in_(OPEN_STATES))
    return _page(statement, status, after)


def count_waiting_referrals(viewer: Actor, today: date) -> int:
    """How many open referrals the viewer sees for an agency."""
    statement = select(Referral.id).join(Referral.child).where(_seen_by_agency(viewer, today))
    return count_rows(statement.where(Referral.status.in_(OPEN_STATES)))


def list_referrals_of(child: Child) -> Sequence[Referral]:
    """The newest referrals of the child."""
    statement = select(Referral).where(Referral.child_id == child.id)
    return db.session.scalars(statement.order_by(Referral.id.desc()).limit(_MOST)).all()


def refers_child(actor: Actor, child: Child) -> bool:
    """Whether the actor may refer this child, and take referrals of it back."""
    return may_refer(actor) and sees_child(actor, child, Permission.REFERRAL_SEND)


def follows_referrals(actor: Actor, child: Child) -> bool:
    """Whether the actor, of the fund, may see the referrals of this child."""
    return may_follow_referrals(actor) and sees_child(actor, child)


def whom_to_tell(referral: Referral) -> User | None:
    """The case manager who hears of an answer: who sent it, or, where that person handed the child
    on, who is responsible now, if anybody is.
    """
    if follows_referrals(referral.sent_by.as_actor(), referral.child):
        return referral.sent_by
    row = manager_now(referral.child)
    return row.manager if row is not None else None


def list_received_help(child_ids: Collection[str], today: date) -> Mapping[str, list[Referral]]:
    """By public id of the child: what agencies gave in the last 12 months, and what they were asked
    for and have not answered for good; the newest first.
    """
    statement = (
        select(Child.public_id, Referral)
        .join(Referral, Referral.child_id == Child.id)
        .where(
            Child.public_id.in_(child_ids),
            or_(
                Referral.status.in_(OPEN_STATES),
                and_(Referral.status == ReferralStatus.DONE, Referral.given_on >= today - YEAR),
            ),
        )
        .order_by(Referral.id.desc())
    )
    found: dict[str, list[Referral]] = defaultdict(list)
    for public_id, referral in db.session.execute(statement):
        found[public_id].append(referral)
    return dict(found)


def _page(
    statement: Select[Referral], status: ReferralStatus | None, after: str | None
) -> Page[Referral]:
    if status is not None:
        statement = statement.where(Referral.status == status)
    key = int_key(after)
    if key is not None:
        statement = statement.where(Referral.id < key)
    rows = db.session.scalars(statement.order_by(Referral.id.desc()).limit(PAGE_SIZE + 1)).all()
    return page_of(rows, PAGE_SIZE, lambda referral: referral.id)


def _seen_by_agency(viewer: Actor, today: date) -> ColumnElement[bool]:
    """The rule of `policy.may_open_referral`, as SQL."""
    access = find_access(viewer)
    if access is None or access.ends_on < today:
        return Referral.id.is_(None)
    is_own = Referral.accepted_by_id == access.user_id
    return and_(
        Referral.agency_id == access.agency_id,
        Referral.ends_on >= today,
        Child.status == ChildStatus.ACTIVE,
        has_consent_on(today),
        has_consent_on(today, ConsentKind.SHARE_FACTS),
        or_(
            Referral.status == ReferralStatus.SENT,
            and_(Referral.status.in_((ReferralStatus.ACCEPTED, ReferralStatus.DONE)), is_own),
        ),
    )
