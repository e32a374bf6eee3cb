"""Reading gifts in kind. They stand in no list and no sum of money."""

from collections.abc import Collection

from sqlalchemy import literal, select, tuple_

from fundapp.db import BigInt, Day, db
from fundapp.errors import NotFoundError
from fundapp.giving.models import GiftInKind
from fundapp.paging import Page, day_key, day_key_text, page_of


def get_gift_in_kind(public_id: str) -> GiftInKind:
    """The gift; NotFoundError."""
    gift = db.session.scalar(select(GiftInKind).where(GiftInKind.public_id == public_id))
    if gift is None:
        raise NotFoundError
    return gift


def list_gifts_in_kind(*, after: str | None = None, limit: int = 50) -> Page[GiftInKind]:
    """Gifts in kind, the last received first, after the key ``after``."""
    statement = select(GiftInKind)
    key = day_key(after)
    if key is not None:
        last_shown = tuple_(literal(key[0], Day), literal(key[1], BigInt))
        statement = statement.where(
            GiftInKind.received_on <= key[0],
            tuple_(GiftInKind.received_on, GiftInKind.id) < last_shown,
        )
    order = (GiftInKind.received_on.desc(), GiftInKind.id.desc())
    rows = list(db.session.scalars(statement.order_by(*order).limit(limit + 1)))
    return page_of(rows, limit, lambda gift: day_key_text(gift.received_on, gift.id))


def list_donor_gifts_in_kind(donor_ids: Collection[int], limit: int = 100) -> list[GiftInKind]:
    """What a donor gave in kind, the last first."""
    statement = select(GiftInKind).where(GiftInKind.donor_id.in_(donor_ids))
    order = (GiftInKind.received_on.desc(), GiftInKind.id.desc())
    return list(db.session.scalars(statement.order_by(*order).limit(limit)))
