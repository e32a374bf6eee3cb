"""Reading gifts in kind. They stand in no list and no sum of money."""

from collections.abc import Collection

from sqlalchemy import select

from fundapp.db import db, page_by_day
from fundapp.errors import NotFoundError
from fundapp.giving.models import GiftInKind
from fundapp.paging import Page


def get_gift_in_kind(public_id: str) -> GiftInKind:
    """The gift; NotFoundError."""
    gift = db.session.scalar(select(GiftInKind).where(GiftInKind.public_id == public_id))
    if gift is None:
        raise NotFoundError
    return gift


def list_gifts_in_kind(*, after: str | None = None, limit: int = 50) -> Page[GiftInKind]:
    """Gifts in kind, the last received first, after the key ``after``."""
    order = GiftInKind.received_on, GiftInKind.id
    return page_by_day(select(GiftInKind), *order, after=after, limit=limit, newest_first=True)


def list_donor_gifts_in_kind(donor_ids: Collection[int], limit: int = 100) -> list[GiftInKind]:
    """What a donor gave in kind, the last first."""
    statement = select(GiftInKind).where(GiftInKind.donor_id.in_(donor_ids))
    order = (GiftInKind.received_on.desc(), GiftInKind.id.desc())
    return list(db.session.scalars(statement.order_by(*order).limit(limit)))
