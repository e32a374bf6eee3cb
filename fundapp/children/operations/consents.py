"""Recording consents and withdrawing them."""

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children.drafts import ConsentDraft
from fundapp.children.errors import ConsentWithdrawnError
from fundapp.children.locking import lock_child_to_change
from fundapp.children.models import Child, Consent, Purpose
from fundapp.children.queries import get_consent
from fundapp.children.reader import Reader
from fundapp.children.steps import add_consent, add_paper, consent_note, record_child_event
from fundapp.children.withdrawals import tell_of_withdrawal
from fundapp.db import db
from fundapp.documents.intake import Accepted


def record_consent(
    public_id: str, draft: ConsentDraft, *, paper: Accepted | None = None, actor: Actor
) -> Consent:
    """Add a consent to a child's file, with its signed paper. Where one that says exactly the same
    was recorded and not withdrawn, that one is kept alone.

    Also possible after a withdrawal. Raises NotFoundError, OtherDistrictError, FileClosedError and
    the consent errors.
    """
    child = lock_child_to_change(public_id, actor=actor)
    consent = _find_same(child, draft, actor) or add_consent(child, draft, actor=actor)
    if paper is not None:
        add_paper(child, consent, paper, actor=actor)
    return consent


def withdraw_consent(public_id: str, consent_id: int, *, actor: Actor) -> Consent:
    """Withdraw a consent; it no longer counts from now on, in every view. Who decides on help for
    the child or pays it is told.

    Raises NotFoundError, OtherDistrictError, ConsentWithdrawnError.
    """
    child = lock_child_to_change(public_id, actor=actor, closed_too=True)
    consent = get_consent(child, consent_id)
    if consent.withdrawn_on is not None:
        raise ConsentWithdrawnError
    consent.withdrawn_on = clock.today()
    record_child_event("children:consent:withdraw", child, actor, consent_note(consent))
    db.session.flush()
    tell_of_withdrawal(child, consent, actor=actor)
    return consent


def _find_same(child: Child, draft: ConsentDraft, actor: Actor) -> Consent | None:
    """The recorded consent that says the same and was not withdrawn, or None.

    Names and notes are compared last: only where everything else is the same are they read.
    """
    reader = Reader(actor, Purpose.CONSENT)
    for consent in child.consents:
        if consent.withdrawn_on is None and _unencrypted(consent) == _unencrypted(draft):
            signed = reader.consent(consent, child)
            if (signed.signer_name, signed.note) == (draft.signer_name, draft.note):
                return consent
    return None


def _unencrypted(consent: Consent | ConsentDraft) -> tuple[object, ...]:
    return consent.kind, consent.relation, consent.signed_on, consent.expires_on
