"""A donor who lost the address of a pledge gets it sent to the mailbox that the pledge was made
with, or to the account at LINE that is linked with the donor.
"""

from dataclasses import replace

from sqlalchemy import select

from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.giving import emails, policy
from fundapp.giving.channels.queries import has_way
from fundapp.giving.models import Donor, Instalment, Pledge, PledgeStatus
from fundapp.giving.queries.pledges import get_pledge
from fundapp.giving.references import normalise_reference
from fundapp.mail.operations import queue_message

#: A message names no more than the newest pledges.
MOST_PLEDGES = 20


def send_pledge_addresses(
    *,
    email: str | None = None,
    reference: str | None = None,
    phone: str | None = None,
    locale: str,
    actor: Actor,
) -> None:
    """Send the addresses of the pledges of a mailbox to that mailbox: of ``email``, or of the donor
    of the pledge with ``reference``. Cancelled pledges are left out. With ``reference`` and
    ``phone``, which must be that donor's number, the address of that pledge goes where the donor
    gets messages, which may be LINE.

    Whoever asks is not told whether there are any, here or on the page. Raises ForbiddenError.
    """
    require(policy.may_ask_for_addresses(actor))
    if phone and reference and not email:
        _send_to_donor(reference, phone, locale, actor)
        return
    mailbox = email.lower() if email else _mailbox_of(reference or "")
    if mailbox is None:
        return
    pledges = list(
        db.session.scalars(
            select(Pledge)
            .join(Pledge.donor)
            .where(Donor.email == mailbox, Pledge.status != PledgeStatus.CANCELLED)
            .order_by(Pledge.created_at.desc(), Pledge.id)
            .limit(MOST_PLEDGES)
        )
    )
    if pledges:
        queue_message(emails.found_pledges(pledges[0].donor, pledges, locale), actor=actor)


def send_pledge_address(token: str, *, locale: str, actor: Actor) -> None:
    """Send the address of the pledge with this token to the mailbox it was made with; nothing
    without one. Raises ForbiddenError, NotFoundError.
    """
    require(policy.may_ask_for_addresses(actor))
    pledge = get_pledge(token)
    if pledge.donor.email:
        queue_message(emails.found_pledges(pledge.donor, [pledge], locale), actor=actor)


def _send_to_donor(reference: str, phone: str, locale: str, actor: Actor) -> None:
    """Send the address of one pledge to its donor, if the number is the donor's."""
    named = select(Instalment.pledge_id).where(
        Instalment.reference == normalise_reference(reference)
    )
    same = (Pledge.id.in_(named), Pledge.status != PledgeStatus.CANCELLED, Donor.phone == phone)
    pledge = db.session.scalar(select(Pledge).join(Pledge.donor).where(*same))
    if pledge is not None and has_way(pledge.donor):
        message = emails.found_pledges(pledge.donor, [pledge], locale)
        queue_message(replace(message, by_mail_only=False), actor=actor)


def _mailbox_of(reference: str) -> str | None:
    """The address of the donor of the pledge whose instalment has this reference."""
    return db.session.scalar(
        select(Donor.email)
        .join(Pledge, Pledge.donor_id == Donor.id)
        .join(Instalment, Instalment.pledge_id == Pledge.id)
        .where(Instalment.reference == normalise_reference(reference))
    )
