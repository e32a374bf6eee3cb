"""Splitting a line: one transfer that pays for several pledges, givers or funds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select

from fundapp.access.actors import Actor, require
from fundapp.banking.errors import PartRefusedError, SplitRefusedError
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
from fundapp.banking.sentences import Sentence, sentence
from fundapp.db import db
from fundapp.errors import RuleError
from fundapp.giving.drafts import IncomingPayment
from fundapp.giving.locking import lock_pledges
from fundapp.giving.models import Instalment, Pledge
from fundapp.giving.operations import receive_payments
from fundapp.giving.references import normalise_reference
from fundapp.money import format_baht


@dataclass(frozen=True, slots=True)
class SplitPart:
    """A part of a line: for the pledge of a reference, or a gift of somebody to a fund."""

    amount_satang: int
    instalment_reference: str = ""
    fund_code: str = ""
    donor_name: str = ""


def split_line(public_id: str, parts: Sequence[SplitPart], *, actor: Actor) -> list[Match]:
    """Match a line to several payments that add up to what is open of it, each with its receipt.

    Raises ForbiddenError, NotFoundError, LineTakenError, WrongDirectionError, SplitRefusedError,
    and PartRefusedError for what `receive_payments` refuses of a part.
    """
    require(may_match_lines(actor))
    line = change_status(public_id, LineAction.MATCH)
    total = sum(part.amount_satang for part in parts)
    if total != line.open_satang or any(part.amount_satang <= 0 for part in parts):
        amounts = {"open": format_baht(line.open_satang), "sum": format_baht(total)}
        raise SplitRefusedError(params=amounts)
    _lock_pledges(parts)
    earlier = db.session.scalar(select(func.count(Match.id)).where(Match.line_id == line.id)) or 0
    matches = {}
    # One after the other: what a part pays of a pledge decides what the next one pays of it.
    for place, part in enumerate(parts):
        incoming = incoming_payment(line, part.amount_satang, part=earlier + place + 1)
        try:
            (payment,) = receive_payments([_of_part(incoming, part)], actor=actor)
        except RuleError as error:
            raise PartRefusedError(place, error) from error
        match = match_of(
            line,
            _why(part),
            payment_id=payment.id,
            amount_satang=part.amount_satang,
            actor=actor,
        )
        matches[match] = line
    record_matches(matches, actor=actor)
    return list(matches)


def _lock_pledges(parts: Sequence[SplitPart]) -> None:
    """All pledges before the first receipt number is taken: so every writer locks them."""
    references = {normalise_reference(part.instalment_reference) for part in parts}
    named = select(Instalment.pledge_id).where(Instalment.reference.in_(references))
    lock_pledges(Pledge.id.in_(named))


def _of_part(incoming: IncomingPayment, part: SplitPart) -> IncomingPayment:
    named = replace(incoming, payer_name=part.donor_name)
    if part.instalment_reference:
        return replace(named, instalment_reference=part.instalment_reference)
    return replace(named, fund_code=part.fund_code or None)


def _why(part: SplitPart) -> list[Sentence]:
    if part.instalment_reference:
        reference = normalise_reference(part.instalment_reference)
        return [sentence(reasons.PART), sentence(reasons.REFERENCE, reference=reference)]
    return [sentence(reasons.PART), sentence(reasons.NEW_GIFT)]
