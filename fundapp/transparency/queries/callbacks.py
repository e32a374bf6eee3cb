"""What calls about drawn payments gave: what is published, and what can be published next."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from fundapp import clock
from fundapp.callbacks.models import Callback, CallbackAnswer, CallbackDraw, CallbackOutcome
from fundapp.db import db
from fundapp.disbursements.models import Payout, RequestLine
from fundapp.transparency.models import PublishedCallbacks

#: So long after a month is drawn, what its calls gave is published as it is.
CALLED_WITHIN = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class CallbackRate:
    """Payments drawn up to a month (its first day), how many of their payees were reached, and how
    many of those had received the whole amount.
    """

    month: date
    drawn: int
    reached: int
    confirmed: int


def find_callback_rate() -> CallbackRate | None:
    """All that is published of call-backs; None before anything is."""
    table = PublishedCallbacks
    counts = table.drawn_count, table.reached_count, table.confirmed_count
    month = db.session.scalar(select(func.max(table.month_on)))
    if month is None:
        return None
    sums = db.session.execute(select(*(func.sum(column) for column in counts))).one()
    return CallbackRate(month, *map(int, sums))


def list_settled_draws() -> list[CallbackDraw]:
    """The months after the last that is published, up to the first whose calls are not done."""
    published = select(func.max(PublishedCallbacks.month_on)).scalar_subquery()
    statement = select(CallbackDraw).order_by(CallbackDraw.month_on)
    last = db.session.scalar(select(published))
    if last is not None:
        statement = statement.where(CallbackDraw.month_on > last)
    settled = []
    for draw in db.session.scalars(statement):
        is_over = clock.now() >= draw.drawn_at + CALLED_WITHIN
        if not is_over and len(reached_of([draw])) < draw.drawn_count:
            break
        settled.append(draw)
    return settled


def reached_of(draws: Sequence[CallbackDraw]) -> dict[int, bool]:
    """The payments of these draws for which somebody was reached, by id, and whether the whole
    amount was received. A request can be paid twice, when the first payment came back.
    """
    statement = (
        select(Callback.payout_id, CallbackAnswer.outcome)
        .join(CallbackAnswer, CallbackAnswer.callback_id == Callback.id)
        .where(
            Callback.draw_id.in_([draw.id for draw in draws]),
            CallbackAnswer.outcome != CallbackOutcome.UNREACHED,
        )
    )
    rows = db.session.execute(statement)
    return {payout_id: outcome is CallbackOutcome.RECEIVED for payout_id, outcome in rows}


def children_by_payment(payout_ids: Sequence[int]) -> dict[int, set[int]]:
    """The ids of the children of each payment."""
    lines = select(Payout.id, RequestLine.child_id).join(
        RequestLine, RequestLine.request_id == Payout.request_id
    )
    found: dict[int, set[int]] = defaultdict(set)
    for payout_id, child_id in db.session.execute(lines.where(Payout.id.in_(payout_ids))):
        found[payout_id].add(child_id)
    return found
