"""Requests whose words were erased, as the page of erased words lists them."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from fundapp.db import db
from fundapp.disbursements.models import DisbursementRequest
from fundapp.markers import N_
from fundapp.remarks.erasers import Written

#: The event of erasing what the request says of people; its note is the ground.
ERASED = "disbursements:request:erase-words"
WHAT = N_("Words of a request about people")


def written_of(request: DisbursementRequest) -> Written:
    """What the page of erased words says of a request."""
    return Written(request.number, WHAT, request.requested_at)


def find_written(public_ids: Collection[str]) -> dict[str, Written]:
    """The same of these requests, by public id."""
    wanted = select(DisbursementRequest).where(DisbursementRequest.public_id.in_(public_ids))
    requests = db.session.scalars(wanted.options(lazyload("*")))
    return {request.public_id: written_of(request) for request in requests}
