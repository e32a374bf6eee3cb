"""One transfer that an agency, school or company sends for many givers, with their list."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select

from fundapp.access.actors import Actor, require
from fundapp.banking.matching import reasons
from fundapp.banking.matching.steps import (
    change_status,
    incoming_payment,
    match_of,
    record_matches,
)
from fundapp.banking.matching.workflow import LineAction
from fundapp.banking.models import Match
from fundapp.banking.policy import may_match_lines
from fundapp.banking.sentences import sentence
from fundapp.db import db
from fundapp.giving.gift_batches.drafts import Giver
from fundapp.giving.gift_batches.errors import ListDiffersError
from fundapp.giving.gift_batches.steps import donors_of
from fundapp.giving.operations import receive_payments
from fundapp.ledger.queries import first_open_day
from fundapp.money import format_baht


def match_givers(
    public_id: str, givers: Sequence[Giver], *, fund_code: str, actor: Actor
) -> list[Match]:
    """Match a line to a gift of each giver, with a receipt of its own: all of them or none. They
    come to exactly what is open of the line.

    Raises ForbiddenError, NotFoundError, LineTakenError, WrongDirectionError, ListDiffersError and
    what `receive_payments` raises.
    """
    require(may_match_lines(actor))
    line = change_status(public_id, LineAction.MATCH)
    total = sum(giver.amount_satang for giver in givers)
    if total != line.open_satang or any(giver.amount_satang <= 0 for giver in givers):
        amounts = {"open": format_baht(line.open_satang), "sum": format_baht(total)}
        raise ListDiffersError(field="givers", params=amounts)
    earlier = db.session.scalar(select(func.count(Match.id)).where(Match.line_id == line.id)) or 0
    booked_on = first_open_day(line.booked_on)
    incomings = [
        replace(
            incoming_payment(line, giver.amount_satang, part=part, booked_on=booked_on),
            fund_code=fund_code,
            donor_id=donor.id if donor else None,
            is_anonymous=donor is None,
        )
        for part, (giver, donor) in enumerate(
            zip(givers, donors_of(givers, actor=actor), strict=True), start=earlier + 1
        )
    ]
    payments = receive_payments(incomings, actor=actor)
    why = [sentence(reasons.PART), sentence(reasons.NEW_GIFT)]
    matches = {
        match_of(
            line, why, payment_id=payment.id, amount_satang=payment.amount_satang, actor=actor
        ): line
        for payment in payments
    }
    record_matches(matches, actor=actor)
    return list(matches)
