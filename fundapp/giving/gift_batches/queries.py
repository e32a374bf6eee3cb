"""Reading batches."""

from sqlalchemy import literal, select, tuple_
from sqlalchemy.orm import joinedload, lazyload, selectinload

from fundapp.db import BigInt, Day, count_rows, db
from fundapp.errors import NotFoundError
from fundapp.giving.models import BatchStatus, Donor, DonorKind, GiftBatch, GiftBatchRow
from fundapp.paging import Page, day_key, day_key_text, page_of

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
    key = day_key(after)
    if key is not None:
        last_shown = tuple_(literal(key[0], Day), literal(key[1], BigInt))
        statement = statement.where(
            GiftBatch.received_on <= key[0],
            tuple_(GiftBatch.received_on, GiftBatch.id) < last_shown,
        )
    order = (GiftBatch.received_on.desc(), GiftBatch.id.desc())
    rows = list(db.session.scalars(statement.order_by(*order).limit(limit + 1)))
    return page_of(rows, limit, lambda batch: day_key_text(batch.received_on, batch.id))


def count_open_batches() -> int:
    """How many batches are not posted yet."""
    return count_rows(select(GiftBatch.id).where(GiftBatch.status == BatchStatus.OPEN))


def list_senders() -> list[Donor]:
    """Bodies that may collect gifts of others, by name."""
    statement = select(Donor).where(Donor.kind.in_(_COLLECTING)).order_by(Donor.name_key)
    return list(db.session.scalars(statement.limit(_MOST_SENDERS)))
