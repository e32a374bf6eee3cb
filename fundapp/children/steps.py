"""Steps that several operations on children share."""

from typing import Any

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children.comparing import person_of
from fundapp.children.drafts import ChildFacts, ConsentDraft
from fundapp.children.encryption import (
    BLOCK,
    SCHOOL_BLOCK,
    encrypt,
    lookup_id_number,
    lookup_name,
    lookup_person,
)
from fundapp.children.errors import (
    ConsentDatesError,
    ConsentUnexplainedError,
    NotAskedError,
    NotOfAgeError,
)
from fundapp.children.handovers.steps import end_care
from fundapp.children.models import (
    ASKED_KINDS,
    Child,
    ChildStatus,
    CloseReason,
    Consent,
    DuplicateFinding,
    Relation,
)
from fundapp.children.name_guard import public_words
from fundapp.children.open_files import count_closed_file
from fundapp.children.policy import capacity_of, is_of_age, signs_alone
from fundapp.children.queries import CONSENT_PAPER
from fundapp.db import db
from fundapp.documents.intake import Accepted
from fundapp.documents.operations import store_document
from fundapp.errors import require_readable_name
from fundapp.ids import new_id
from fundapp.remarks.models import Remark, RemarkKind
from fundapp.remarks.steps import write_remark
from fundapp.trail.operations import record_event


def add_consent(child: Child, draft: ConsentDraft, *, actor: Actor) -> Consent:
    """Add a consent to the child's file.

    Raises NotAskedError, ConsentUnexplainedError, ConsentDatesError, UnreadableNameError,
    NotOfAgeError.
    """
    _check(draft)
    _refuse_unasked(draft)
    if draft.relation is Relation.SELF and not is_of_age(person_of(child).birth, draft.signed_on):
        raise NotOfAgeError(field="signer_relation")
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
        capacity=draft.capacity or capacity_of(draft.relation),
    )
    child.consents.append(consent)
    db.session.flush()
    record_child_event("children:consent:record", child, actor, consent_note(consent))
    return consent


def fact_values(row_id: int, facts: ChildFacts) -> dict[str, Any]:
    """The columns of a file's facts, encrypted for its row; every value gets a fresh nonce."""

    def encrypted(column: str, text: str, block: int = BLOCK) -> bytes:
        return encrypt(Child, column, row_id, text, block=block)

    number = facts.id_number
    return {
        "given_name_encrypted": encrypted("given_name_encrypted", facts.given_name),
        "family_name_encrypted": encrypted("family_name_encrypted", facts.family_name),
        "birth_on_encrypted": encrypted("birth_on_encrypted", facts.birth.stored),
        "name_lookup": lookup_name(facts.given_name, facts.family_name),
        "person_lookup": lookup_person(facts.given_name, facts.family_name, facts.birth_on),
        "id_kind": facts.id_kind,
        "id_number_encrypted": encrypted("id_number_encrypted", number) if number else None,
        "id_number_lookup": lookup_id_number(number) if number else None,
        "subdistrict_code_encrypted": encrypted(
            "subdistrict_code_encrypted", facts.subdistrict_code or ""
        ),
        "school_name_encrypted": encrypted(
            "school_name_encrypted", facts.school_name, SCHOOL_BLOCK
        ),
        "target_group_encrypted": encrypted("target_group_encrypted", facts.target_group),
    }


def add_paper(child: Child, consent: Consent, paper: Accepted, *, actor: Actor) -> None:
    """Keep the signed paper of a consent; the same bytes are kept once, and written again if they
    were lost.
    """
    stored = store_document(
        paper, subject_type=CONSENT_PAPER, subject_ref=str(consent.id), actor=actor
    )
    if stored.is_written:
        record_child_event("children:consent:paper", child, actor, str(consent.kind))


def add_finding(child: Child, other: Child, words: str, *, actor: Actor) -> DuplicateFinding:
    """Let the new file of ``child`` wait for a supervisor, because ``other`` has the same names and
    birth date; ``words`` say why it is another child, and are empty where nobody was asked.

    Raises PersonalDataError, ChildNamedError.
    """
    remark = duplicate_remark(child, words, field="another_child", actor=actor) if words else None
    finding = DuplicateFinding(
        child=child,
        other=other,
        found_by_id=actor.person_id,
        found_at=clock.now(),
        found_digest=remark.digest if remark else None,
    )
    db.session.add(finding)
    db.session.flush()
    note = remark.trace if remark else ""
    record_child_event("children:duplicate:find", child, actor, note)
    return finding


def duplicate_remark(child: Child, words: str, *, field: str, actor: Actor) -> Remark:
    """Why two files are of one child or of two, as a remark on the new file.

    Who may see one of the two may not see the other, so the words hold no number and no child's
    name. Raises PersonalDataError, ChildNamedError.
    """
    return write_remark(
        public_words(words, field=field),
        kind=RemarkKind.DUPLICATE,
        subject_type="child",
        subject_ref=child.public_id,
        about_child=True,
        actor=actor,
    )


def close_file(child: Child, reason: CloseReason) -> None:
    """Close the file; one that waits was never counted as open."""
    was_open = child.status is ChildStatus.ACTIVE
    child.status = ChildStatus.CLOSED
    child.closed_on = clock.today()
    child.close_reason = reason
    if was_open:
        count_closed_file(child)
    end_care(child)


def consent_note(consent: Consent) -> str:
    """What the trail keeps of a consent that is recorded or withdrawn: its kind and its id. The
    check `children.consent` compares the rows with it.
    """
    return f"{consent.kind} {consent.id}"


def record_child_event(action: str, child: Child, actor: Actor, note: str = "") -> None:
    """Write that ``actor`` did ``action`` to the child; part of the caller's unit of work."""
    record_event(action, actor=actor, subject_type="child", subject_ref=child.public_id, note=note)


def _refuse_unasked(draft: ConsentDraft) -> None:
    if draft.kind not in ASKED_KINDS:
        raise NotAskedError(field="kind")


def _check(draft: ConsentDraft) -> None:
    require_readable_name(draft.signer_name, field="signer_name")
    if not signs_alone(draft.relation) and not draft.note:
        raise ConsentUnexplainedError(field="consent_note")
    if draft.signed_on > clock.today():
        raise ConsentDatesError(field="signed_on")
    if draft.expires_on is not None and draft.expires_on <= draft.signed_on:
        raise ConsentDatesError(field="expires_on")
