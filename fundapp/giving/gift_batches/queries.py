"""Reading batches."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload, selectinload

from fundapp.db import count_rows, db, page_by_day
from fundapp.errors import NotFoundError
from fundapp.giving.models import BatchStatus, Donor, DonorKind, GiftBatch, GiftBatchRow
from fundapp.paging import Page

_MOST_SENDERS = 300
_COLLECTING = (DonorKind.AGENCY, DonorKind.SCHOOL, DonorKind.COMPANY, DonorKind.MOSQUE)


def get_batch(public_id: str) -> GiftBatch:
    """The batch with its rows; NotFoundError."""
    rows = selectinload(GiftBatch.rows)
    statement = (
        select(GiftBatch)
        .where(GiftBatch.public_id == public_id)
        .options(
            rows.joinedload(GiftBatchRow.donor),
            rows.joinedload(GiftBatchRow.payment),
            joinedload(GiftBatch.sender),
        )
    )
    batch = db.session.scalar(statement)
    if batch is None:
        raise NotFoundError
    return batch


def list_batches(
    *, is_open: bool = False, after: str | None = None, limit: int = 50
) -> Page[GiftBatch]:
    """Batches, or those that are not posted yet, those of the last day first, after the key
    ``after``.
    """
    statement = select(GiftBatch).options(lazyload(GiftBatch.rows), joinedload(GiftBatch.sender))
    if is_open:
        statement = statement.where(GiftBatch.status == BatchStatus.OPEN)
    order = GiftBatch.received_on, GiftBatch.id
    return page_by_day(statement, *order, after=after, limit=limit, newest_first=True)


def count_open_batches() -> int:
    """How many batches are not posted yet."""
    return count_rows(select(GiftBatch.id).where(GiftBatch.status == BatchStatus.OPEN))


def list_senders() -> list[Donor]:
    """Bodies that may collect gifts of others, by name."""
    statement = select(Donor).where(Donor.kind.in_(_COLLECTING)).order_by(Donor.name_key)
    return list(db.session.scalars(statement.limit(_MOST_SENDERS)))
