"""Recording consents and withdrawing them."""

import hashlib

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children import errors, queries
from fundapp.children.drafts import ConsentDraft
from fundapp.children.encryption import encrypt
from fundapp.children.models import Child, ChildStatus, Consent, Purpose
from fundapp.children.policy import may_register, may_show_identity, signs_alone
from fundapp.children.queries import PAPER
from fundapp.children.reader import Reader
from fundapp.db import db
from fundapp.documents.errors import DocumentRefusedError
from fundapp.documents.models import Document
from fundapp.documents.operations import store_document
from fundapp.documents.queries import list_documents
from fundapp.ids import new_id
from fundapp.trail.operations import record_event


def record_consent(public_id: str, draft: ConsentDraft, *, actor: Actor) -> Consent:
    """Add a consent to a child's file; one that stands there word for word stays the only one.

    Also possible after a withdrawal: people change their minds.
    """
    child = get_changeable(public_id, actor=actor)
    return _find_same(child, draft, actor=actor) or add_consent(child, draft, actor=actor)


def withdraw_consent(public_id: str, consent_id: int, *, actor: Actor) -> Consent:
    """Withdraw a consent; it stops to count at once, in every view."""
    child = get_changeable(public_id, actor=actor, closed_too=True)
    consent = queries.get_consent(child, consent_id)
    if consent.withdrawn_on is not None:
        raise errors.ConsentWithdrawnError
    consent.withdrawn_on = clock.today()
    _record("children:consent:withdraw", child, consent, actor)
    return consent


def file_consent_paper(public_id: str, consent_id: int, upload: bytes, *, actor: Actor) -> Document:
    """Keep the signed paper of a consent, the same bytes once; DocumentRefusedError when the file
    cannot be taken.
    """
    child = get_changeable(public_id, actor=actor)
    consent = queries.get_consent(child, consent_id)
    received = hashlib.sha256(upload).digest()
    for paper in list_documents(PAPER, [str(consent.id)]):
        if paper.original_sha256 == received:
            return paper
    try:
        paper = store_document(upload, subject_type=PAPER, subject_ref=str(consent.id), actor=actor)
    except DocumentRefusedError as error:
        error.field = "paper"
        raise
    _record("children:consent:paper", child, consent, actor)
    return paper


def get_changeable(public_id: str, *, actor: Actor, closed_too: bool = False) -> Child:
    """The child, when the actor may change its file: own district, and the file is open."""
    child = queries.lock_child(public_id, viewer=actor)
    if not may_register(actor, child.district_code):
        raise errors.OtherDistrictError
    if child.status is ChildStatus.CLOSED and not closed_too:
        raise errors.FileClosedError
    return child


def get_correctable(public_id: str, *, actor: Actor) -> Child:
    """As `get_changeable`, where the consent to keep the file stands: nobody corrects what is
    hidden.
    """
    child = get_changeable(public_id, actor=actor)
    if not may_show_identity(child, clock.today()):
        raise errors.IdentityHiddenError
    return child


def add_consent(child: Child, draft: ConsentDraft, *, actor: Actor) -> Consent:
    """Check a consent and add it to the file."""
    _check(draft)
    row_id = new_id()
    note = encrypt(Consent, "note_encrypted", row_id, draft.note) if draft.note else None
    consent = Consent(
        id=row_id,
        kind=draft.kind,
        signer_name_encrypted=encrypt(Consent, "signer_name_encrypted", row_id, draft.signer_name),
        relation=draft.relation,
        note_encrypted=note,
        signed_on=draft.signed_on,
        expires_on=draft.expires_on,
        recorded_by_id=actor.person_id,
        recorded_at=clock.now(),
    )
    child.consents.append(consent)
    db.session.flush()
    _record("children:consent:record", child, consent, actor)
    return consent


def _find_same(child: Child, draft: ConsentDraft, *, actor: Actor) -> Consent | None:
    """The recorded consent that says the same and was not withdrawn, or None.

    Names and notes are compared last: only where everything else is the same is it a read.
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


def _check(draft: ConsentDraft) -> None:
    if not signs_alone(draft.relation) and not draft.note:
        raise errors.ConsentUnexplainedError(field="consent_note")
    if draft.signed_on > clock.today():
        raise errors.ConsentDatesError(field="signed_on")
    if draft.expires_on is not None and draft.expires_on <= draft.signed_on:
        raise errors.ConsentDatesError(field="expires_on")


def _record(action: str, child: Child, consent: Consent, actor: Actor) -> None:
    record_event(
        action,
        actor=actor,
        subject_type="child",
        subject_ref=child.public_id,
        note=str(consent.kind),
    )
