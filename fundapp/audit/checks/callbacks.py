"""Checks of payments drawn for call-backs, and of what is published of them."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from fundapp import clock
from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.callbacks.drawing import draw_vouchers, population_hash, sample_size
from fundapp.callbacks.models import Callback, CallbackDraw
from fundapp.callbacks.queries import list_payments, months_to_draw
from fundapp.db import db
from fundapp.disbursements.models import Payout
from fundapp.markers import N_
from fundapp.transparency.models import PublishedCallbacks
from fundapp.transparency.queries.callbacks import (
    CALLED_WITHIN,
    children_by_payment,
    reached_of,
)
from fundapp.transparency.rises import K


def drawn_again() -> Iterator[Violation]:
    """The seed draws the same payments again, of all that were recorded in the month."""
    for draw in db.session.scalars(select(CallbackDraw).order_by(CallbackDraw.month_on)):
        vouchers = [voucher for voucher, _id in list_payments(draw.month_on)]
        size = sample_size(len(vouchers), draw.rules.percent, draw.rules.fewest)
        stored = list(
            db.session.scalars(
                select(Payout.voucher)
                .join(Callback, Callback.payout_id == Payout.id)
                .where(Callback.draw_id == draw.id)
                .order_by(Callback.position)
            )
        )
        is_same = (
            draw.population_sha256 == population_hash(vouchers)
            and draw.drawn_count == size
            and stored == draw_vouchers(vouchers, size, draw.seed)
        )
        if not is_same:
            yield Violation(f"{draw.month_on:%Y-%m}", "is drawn otherwise with its seed")


def called_by_another() -> Iterator[Violation]:
    """Who asked for a payment or made it did not call about it; nobody did after an answer."""
    yield from violations(
        """
        SELECT p.voucher FROM callback_answers a
        JOIN callbacks c ON c.id = a.callback_id JOIN payouts p ON p.id = c.payout_id
        WHERE a.called_by_id IN (p.requested_by_id, p.payer_id) OR a.called_on < p.paid_on
            OR EXISTS (
                SELECT 1 FROM callback_answers b
                WHERE b.callback_id = a.callback_id AND b.id < a.id AND b.outcome <> 'unreached'
            )
        """,
        "was called about by who asked or paid, before the payment, or once more after an answer",
    )


def published_rates() -> Iterator[Violation]:
    """What is published of call-backs was drawn and answered so, for more than ten children."""
    draws = list(db.session.scalars(select(CallbackDraw).order_by(CallbackDraw.month_on)))
    before = date.min
    published = select(PublishedCallbacks).order_by(PublishedCallbacks.month_on)
    for row in db.session.scalars(published):
        of_row = [draw for draw in draws if before < draw.month_on <= row.month_on]
        reached = reached_of(of_row)
        children = set().union(*children_by_payment(list(reached)).values())
        is_so = (
            row.drawn_count == sum(draw.drawn_count for draw in of_row)
            and row.reached_count <= len(reached)
            and row.confirmed_count <= sum(reached.values())
            and len(children) > K
        )
        if not is_so:
            yield Violation(f"{row.month_on:%Y-%m}", "publishes other calls than were recorded")
        before = row.month_on


def months_drawn() -> Iterator[Violation]:
    """Each month that is over was drawn, and somebody was reached within two months."""
    for month in months_to_draw():
        yield Violation(f"{month:%Y-%m}", "is over, and nothing is drawn of its payments")
    for draw in db.session.scalars(select(CallbackDraw).order_by(CallbackDraw.month_on)):
        if clock.now() >= draw.drawn_at + CALLED_WITHIN:
            missing = draw.drawn_count - len(reached_of([draw]))
            if missing:
                yield Violation(
                    f"{draw.month_on:%Y-%m}",
                    N_("has %(count)s drawn payments of which nobody was reached in 60 days"),
                    {"count": missing},
                )


CHECKS = (
    Check(
        "callbacks.drawn",
        N_("Payments to be called about are those that the seed of their month draws."),
        drawn_again,
    ),
    Check(
        "callbacks.people",
        N_("Who asked for a payment or made it does not call about it."),
        called_by_another,
    ),
    Check(
        "callbacks.published",
        N_("What is published of call-backs is what calls gave, of more than ten children."),
        published_rates,
    ),
    Check(
        "callbacks.done",
        N_("Each month is drawn after its end, and somebody reached for each payment in 60 days."),
        months_drawn,
        is_warning=True,
    ),
)
