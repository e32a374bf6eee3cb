"""Everything that is written of casework, and reading it: a read is recorded."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.access.permissions import Permission
from fundapp.children.casework import errors, queries
from fundapp.children.casework.drafts import CaseDraft, DetailsDraft, FurtherGuardianDraft
from fundapp.children.casework.files import Casework, ShownEntry
from fundapp.children.casework.labels import DETAILS, NEEDED, WORDS
from fundapp.children.casework.models import (
    CaseEntry,
    CaseKind,
    ChildDetails,
    ChildMove,
    FollowUpReason,
    FurtherGuardian,
)
from fundapp.children.casework.policy import is_due_day, may_agree_to_plan, may_be_settled
from fundapp.children.casework.reader import details_now, read_casework_of, read_zakat_entry
from fundapp.children.corrections import write_changes
from fundapp.children.encryption import WORDS_BLOCK, encrypt
from fundapp.children.errors import FileClosedError
from fundapp.children.handovers.steps import begin_care, drop_waiting_handover
from fundapp.children.help_in_work import count_help_in_work
from fundapp.children.locking import lock_child, lock_child_to_change, lock_child_to_correct
from fundapp.children.models import Child, ChildStatus, Purpose
from fundapp.children.open_files import count_closed_file, count_released_file
from fundapp.children.policy import (
    SENSITIVE_GROUPS,
    may_hold_sensitive,
    may_hold_zakat_group,
    may_register,
    may_show_identity,
)
from fundapp.children.queries import get_child
from fundapp.children.reader import Reader
from fundapp.children.steps import record_child_event
from fundapp.db import db
from fundapp.documents.intake import Accepted
from fundapp.documents.models import Document
from fundapp.documents.operations import store_document
from fundapp.errors import NotFoundError, require_readable_name
from fundapp.identity.queries import current_authority
from fundapp.ids import new_id
from fundapp.places.queries import find_district


def read_casework(public_id: str, *, actor: Actor) -> Casework:
    """Everything of casework of a child that the actor may see; NotFoundError."""
    child = get_child(public_id, viewer=actor)
    return read_casework_of(child, Reader(actor, Purpose.FILE))


def read_zakat_group(public_id: str, *, actor: Actor) -> ShownEntry | None:
    """The entry that says the child's zakat group now; None where there is none. NotFoundError."""
    child = get_child(public_id, viewer=actor)
    return read_zakat_entry(child, Reader(actor, Purpose.FILE))


def read_photo(public_id: str, photo_id: str, *, actor: Actor) -> tuple[Document, bytes]:
    """A photograph of a visit. Raises NotFoundError and DamagedDocumentError."""
    child = get_child(public_id, viewer=actor)
    photo = queries.find_photo(child, photo_id)
    if photo is None or not may_show_identity(child, clock.today()):
        raise NotFoundError
    return photo, Reader(actor, Purpose.PAPER).document(photo, about=[child])


def write_entry(
    public_id: str, draft: CaseDraft, *, photos: Sequence[Accepted] = (), actor: Actor
) -> CaseEntry:
    """Write an entry into a child's file, with photographs; one that was sent twice is there once.

    Raises NotFoundError, OtherDistrictError, FileClosedError, IdentityHiddenError, NoWordsError,
    FutureEntryError, DueDayError, SensitiveEntryError, ZakatConsentError.
    """
    child = lock_child_to_correct(public_id, actor=actor)
    known = queries.find_by_key(child, draft.key)
    if known is not None:
        return known
    _check(child, draft)
    words = {name: draft.words.get(name, "") for name in WORDS[draft.kind]}
    entry = _add_entry(child, replace(draft, words=words), actor)
    for photo in photos:
        store_document(photo, subject_type=queries.PHOTO, subject_ref=entry.public_id, actor=actor)
    return entry


def settle_entry(public_id: str, entry_id: str, *, outcome: str, actor: Actor) -> CaseEntry:
    """A need is met, a flag lifted, a follow-up done, a visit looked at again; or a supervisor who
    did not write it agrees to a plan, whose review is a follow-up from then on.

    Raises NotFoundError, OtherDistrictError, FileClosedError, OwnPlanError, EntrySettledError,
    ForbiddenError.
    """
    child = lock_child(public_id)
    actor = current_authority(actor)
    entry = queries.get_entry(get_child(child.public_id, viewer=actor), entry_id)
    if entry.kind is CaseKind.PLAN:
        require(actor.can(Permission.PLAN_AGREE))
        if not may_agree_to_plan(actor, entry):
            raise errors.OwnPlanError
        if child.status is ChildStatus.CLOSED:
            raise FileClosedError
    else:
        lock_child_to_change(public_id, actor=actor)
    if not may_be_settled(entry):
        raise errors.EntrySettledError
    if outcome:
        entry.outcome_encrypted = _encrypted(CaseEntry, "outcome_encrypted", entry.id, outcome)
    entry.settled_by_id, entry.settled_at = actor.person_id, clock.now()
    record_child_event("children:entry:settle", child, actor, str(entry.kind))
    db.session.flush()
    if entry.kind is CaseKind.PLAN:
        _promise_review(entry, actor)
    return entry


def change_details(public_id: str, draft: DetailsDraft, *, actor: Actor) -> None:
    """Say where the child lives, in which class it is, who belongs to the household; what the file
    said before is kept, encrypted.

    Raises NotFoundError, OtherDistrictError, FileClosedError, IdentityHiddenError,
    SensitiveEntryError.
    """
    child = lock_child_to_correct(public_id, actor=actor)
    after = {name: draft.details.get(name, "") for name in DETAILS}
    groups = set(after["groups"].split())
    if groups & SENSITIVE_GROUPS and not may_hold_sensitive(child, clock.today()):
        raise errors.SensitiveEntryError(field="groups")
    row, before = queries.find_details(child), details_now(child)
    row_id = row.id if row is not None else new_id()
    if row is None:
        row = ChildDetails(id=row_id, child_id=child.id)
        db.session.add(row)
    row.details_encrypted = _encrypted(ChildDetails, "details_encrypted", row_id, _json(after))
    row.planned_end_on = draft.planned_end_on
    row.changed_by_id, row.changed_at = actor.person_id, clock.now()
    db.session.flush()
    correction = write_changes(child, before, after, actor=actor)
    record_child_event("children:child:change", child, actor, correction)


def add_guardian(public_id: str, draft: FurtherGuardianDraft, *, actor: Actor) -> FurtherGuardian:
    """Another adult who belongs to the child.

    Raises NotFoundError, OtherDistrictError, FileClosedError, IdentityHiddenError,
    UnreadableNameError.
    """
    child = lock_child_to_correct(public_id, actor=actor)
    require_readable_name(draft.name, field="name")
    row_id, phone = new_id(), draft.phone
    guardian = FurtherGuardian(
        id=row_id,
        child_id=child.id,
        name_encrypted=encrypt(FurtherGuardian, "name_encrypted", row_id, draft.name),
        phone_encrypted=(
            encrypt(FurtherGuardian, "phone_encrypted", row_id, phone) if phone else None
        ),
        relation=draft.relation,
        capacity=draft.capacity,
        added_by_id=actor.person_id,
        added_at=clock.now(),
    )
    db.session.add(guardian)
    record_child_event("children:guardian:add", child, actor)
    db.session.flush()
    return guardian


def end_guardian(public_id: str, guardian_id: str, *, actor: Actor) -> None:
    """This adult does not belong to the child any more; the row stays.

    Raises NotFoundError, OtherDistrictError, FileClosedError, EndedGuardianError.
    """
    child = lock_child_to_change(public_id, actor=actor)
    guardian = queries.get_guardian(child, guardian_id)
    if guardian.ended_on is not None:
        raise errors.EndedGuardianError
    guardian.ended_on = clock.today()
    record_child_event("children:guardian:end", child, actor)
    db.session.flush()


def move_child(public_id: str, district_code: str, *, words: str, actor: Actor) -> ChildMove:
    """Hand a child over to another district; from now on its case managers see the file, and those
    of this district do not. Its subdistrict is not known until they say so, and nobody is
    responsible until one of them takes the child. Works without a consent as well: the care for the
    child goes on.

    Raises NotFoundError, OtherDistrictError, FileClosedError, NoWordsError, SameDistrictError,
    OpenHelpError.
    """
    child = lock_child_to_change(public_id, actor=actor)
    if district_code == child.district_code:
        raise errors.SameDistrictError(field="district")
    if find_district(district_code) is None:
        raise NotFoundError
    if not words.strip():
        raise errors.NoWordsError(field="words")
    if count_help_in_work(child):
        raise errors.OpenHelpError(field="district")
    row_id = new_id()
    move = ChildMove(
        id=row_id,
        child=child,
        from_district=child.district_code,
        to_district=district_code,
        words_encrypted=_encrypted(ChildMove, "words_encrypted", row_id, words.strip()),
        moved_by_id=actor.person_id,
        moved_at=clock.now(),
    )
    db.session.add(move)
    is_open = child.status is ChildStatus.ACTIVE
    if is_open:
        count_closed_file(child)
    child.district_code = district_code
    child.subdistrict_code_encrypted = encrypt(Child, "subdistrict_code_encrypted", child.id, "")
    db.session.flush()
    if is_open:
        count_released_file(child)
    drop_waiting_handover(child, actor.person_id)
    begin_care(child, None)
    record_child_event("children:child:move", child, actor)
    return move


def take_child(public_id: str, *, actor: Actor) -> ChildMove:
    """Take over a child that was handed over to one of the actor's districts.

    Raises NotFoundError, OtherDistrictError, FileClosedError, EntrySettledError.
    """
    child = lock_child_to_change(public_id, actor=actor)
    move = queries.find_waiting_move(child)
    if move is None or not may_register(actor, child.district_code):
        raise errors.EntrySettledError
    move.taken_by_id, move.taken_at = actor.person_id, clock.now()
    begin_care(child, actor.person_id)
    record_child_event("children:child:take", child, actor)
    db.session.flush()
    return move


def _add_entry(child: Child, draft: CaseDraft, actor: Actor) -> CaseEntry:
    row_id = new_id()
    entry = CaseEntry(
        id=row_id,
        child=child,
        kind=draft.kind,
        on_day=draft.on_day,
        due_on=draft.due_on,
        is_sensitive=draft.is_sensitive,
        words_encrypted=_encrypted(CaseEntry, "words_encrypted", row_id, _json(draft.words)),
        written_by_id=actor.person_id,
        written_at=clock.now(),
        idempotency_key=draft.key or str(row_id),
    )
    db.session.add(entry)
    db.session.flush()
    record_child_event("children:entry:write", child, actor, str(draft.kind))
    return entry


def _promise_review(plan: CaseEntry, actor: Actor) -> None:
    """Once agreed, a plan leaves the list of what waits; its review stands among what is due."""
    draft = CaseDraft(
        kind=CaseKind.FOLLOW_UP,
        on_day=clock.today(),
        due_on=plan.due_on,
        is_sensitive=plan.is_sensitive,
        words={"reason": FollowUpReason.PLAN},
    )
    _add_entry(plan.child, draft, actor)


def _check(child: Child, draft: CaseDraft) -> None:
    if not draft.words.get(NEEDED[draft.kind], "").strip():
        raise errors.NoWordsError(field=NEEDED[draft.kind])
    today: date = clock.today()
    if draft.on_day > today:
        raise errors.FutureEntryError(field="on_day")
    if not is_due_day(draft.kind, draft.due_on, today):
        raise errors.DueDayError(field="due_on")
    if draft.kind is CaseKind.ZAKAT:
        if not may_hold_zakat_group(child, today):
            raise errors.ZakatConsentError(field="zakat")
    elif draft.is_sensitive and not may_hold_sensitive(child, today):
        raise errors.SensitiveEntryError(field="is_sensitive")


def _json(texts: Mapping[str, str]) -> str:
    return json.dumps({name: text for name, text in texts.items() if text}, ensure_ascii=False)


def _encrypted(model: type, column: str, row_id: int, text: str) -> bytes:
    return encrypt(model, column, row_id, text, block=WORDS_BLOCK)
