"""Whether a gift shows its giver's name is said for each gift, also later."""

from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.giving import policy
from fundapp.giving.errors import PledgeStateError
from fundapp.giving.locking import lock_payment, lock_pledge
from fundapp.giving.models import Payment, Pledge
from fundapp.giving.receipts.queries import find_receipt_of, is_owner
from fundapp.trail.operations import record_event


def show_gift_name(
    public_id: str, *, is_shown: bool, token: str | None = None, actor: Actor
) -> Payment:
    """Show the giver's name where gifts are shown, or hide it, from now on; the receipt stays as it
    was issued, and other gifts of the donor as they are.

    Who may: whoever knows the address (``token``) of the pledge that it paid, and the account that
    shows its receipt. Raises ForbiddenError, NotFoundError, and PledgeStateError when there is no
    name to show.
    """
    require(policy.may_change_pledge(actor))
    payment = lock_payment(public_id)
    pledge = payment.pledge
    if token is not None:
        of_donor = pledge is not None and payment.donor_id == pledge.donor_id
        is_own = of_donor and pledge is not None and pledge.token == token
    else:
        receipt = find_receipt_of(payment.id)
        is_own = receipt is not None and is_owner(receipt, actor)
    if not is_own:
        raise NotFoundError
    if is_shown and not payment.donor.name:
        raise PledgeStateError
    if payment.is_anonymous is is_shown:
        payment.is_anonymous = not is_shown
        _record("payment", payment.public_id, is_shown, actor)
    db.session.flush()
    return payment


def show_pledge_name(token: str, *, is_shown: bool, actor: Actor) -> Pledge:
    """Print the giver's name on the receipts of coming gifts of a pledge, or leave it out.

    What was given before stays as it is. Raises ForbiddenError, NotFoundError, and PledgeStateError
    when there is no name to show.
    """
    require(policy.may_change_pledge(actor))
    pledge = lock_pledge(Pledge.token == token)
    if is_shown and not (pledge.donor_name or pledge.donor.name):
        raise PledgeStateError
    if pledge.is_anonymous is is_shown:
        pledge.is_anonymous = not is_shown
        _record("pledge", str(pledge.id), is_shown, actor)
    db.session.flush()
    return pledge


def _record(kind: str, ref: str, is_shown: bool, actor: Actor) -> None:
    verb = "show-name" if is_shown else "hide-name"
    record_event(f"giving:{kind}:{verb}", actor=actor, subject_type=kind, subject_ref=ref)
