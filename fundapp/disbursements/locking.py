"""The lock that every operation on a request takes first. The order is: the fund, the request."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import lazyload

from fundapp.access.actors import Actor
from fundapp.db import db, lock, lock_all
from fundapp.disbursements.models import DisbursementRequest
from fundapp.disbursements.queries import load_whole, sees_request
from fundapp.errors import NotFoundError, StaleError
from fundapp.identity.queries import current_authority
from fundapp.ledger.locking import lock_fund

_COLLECTIONS = (
    "lines",
    "approvals",
    "payouts",
    "proofs",
    "confirmations",
    "payee",
    "releases",
    "interests",
    "account_checks",
)


def lock_request(
    public_id: str, *, version: int, actor: Actor, with_fund: bool = False
) -> tuple[DisbursementRequest, Actor]:
    """The request, locked and read again, its fund locked before it where money will move; and the
    actor, read again too: who waited for the lock may have been disabled meanwhile.

    Raises NotFoundError for what the actor cannot see, StaleError when ``version`` is not the
    present one.
    """
    is_wanted = DisbursementRequest.public_id == public_id
    fund_code = db.session.scalar(select(DisbursementRequest.fund_code).where(is_wanted))
    if fund_code is None:
        raise NotFoundError
    if with_fund:
        lock_fund(fund_code)
    # Only the row itself is locked: joined rows would be locked with it.
    request = lock(select(DisbursementRequest).where(is_wanted).options(lazyload("*")))
    actor = current_authority(actor)
    if request is None or not sees_request(actor, request):
        raise NotFoundError
    db.session.expire(request, _COLLECTIONS)
    if request.fund_code != fund_code or request.version != version:
        raise StaleError
    return request, actor


def lock_requests(condition: ColumnElement[bool]) -> list[DisbursementRequest]:
    """Lock requests, and read them anew with all that belongs to them."""
    ids = select(DisbursementRequest.id).where(condition).order_by(DisbursementRequest.id)
    return load_whole(lock_all(ids))
