"""Recording lines as gifts that nobody promised."""

from dataclasses import replace

from fundapp.access.actors import Actor, require
from fundapp.banking.matching import reasons
from fundapp.banking.matching.queries import find_payer
from fundapp.banking.matching.steps import change_status, incoming_payment, record_match
from fundapp.banking.matching.workflow import LineAction
from fundapp.banking.models import Match
from fundapp.banking.policy import may_match_lines
from fundapp.banking.sentences import sentence
from fundapp.giving.operations import receive_payment


def record_as_gift(
    public_id: str,
    *,
    fund_code: str,
    donor_name: str = "",
    donor_id: int | None = None,
    is_anonymous: bool = False,
    actor: Actor,
) -> Match:
    """Record a line as a gift that nobody promised; without a name the donor is unknown.

    The donor of that name whose earlier money came with the same text is the same person. Raises
    ForbiddenError, NotFoundError, LineTakenError, WrongDirectionError, and what `receive_payment`
    raises.
    """
    require(may_match_lines(actor))
    line = change_status(public_id, LineAction.MATCH)
    if donor_id is None and donor_name:
        donor_id = find_payer(line, donor_name)
    gift = replace(
        incoming_payment(line),
        fund_code=fund_code,
        donor_id=donor_id,
        payer_name=donor_name,
        is_anonymous=is_anonymous,
    )
    payment = receive_payment(gift, actor=actor)
    return record_match(line, [sentence(reasons.NEW_GIFT)], payment_id=payment.id, actor=actor)
