"""Hashes of accounts: those of staff, and those of payees that were written before."""

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.disbursements.drafts import PayeeAccount
from fundapp.disbursements.encryption import lookup_account
from fundapp.disbursements.errors import AccountNotedError
from fundapp.disbursements.models import StaffAccount
from fundapp.disbursements.policy import may_note_payees, may_note_staff_accounts
from fundapp.disbursements.verification import missing_digests
from fundapp.errors import NotFoundError
from fundapp.identity.queries import get_user
from fundapp.trail.operations import record_event


def note_staff_account(public_id: str, account: PayeeAccount, *, actor: Actor) -> StaffAccount:
    """Note an account of somebody who works for the fund. The number is not kept, only its hash, by
    which a payee with the same account is noticed.

    Raises ForbiddenError, NotFoundError for nobody or a donor, AccountNotedError.
    """
    require(may_note_staff_accounts(actor))
    user = get_user(public_id)
    if not user.is_staff:
        raise NotFoundError
    lookup = lookup_account(account)
    known = select(StaffAccount.id).where(
        StaffAccount.user_id == user.id, StaffAccount.account_lookup == lookup
    )
    if db.session.scalar(known) is not None:
        raise AccountNotedError(field="account_number")
    noted = StaffAccount(
        user_id=user.id, account_lookup=lookup, noted_by=actor.ref, noted_at=clock.now()
    )
    db.session.add(noted)
    db.session.flush()
    record_event(
        "disbursements:staff-account:note",
        actor=actor,
        subject_type="user",
        subject_ref=user.public_id,
    )
    return noted


def write_payee_digests(*, actor: Actor, limit: int = 500) -> int:
    """Note the payees of some requests that were sent in before their hashes were kept; of how
    many. Raises ForbiddenError.
    """
    require(may_note_payees(actor))
    digests = missing_digests(limit)
    db.session.add_all(digests)
    db.session.flush()
    return len(digests)
