"""Registering children, changing what their files say, closing files."""

from sqlalchemy.exc import IntegrityError

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children import errors, queries
from fundapp.children.births import Birth
from fundapp.children.codes import new_code
from fundapp.children.comparing import find_alike, person_in, person_of, write_name_keys
from fundapp.children.corrections import facts_now, write_correction
from fundapp.children.drafts import ChildDraft, ChildFacts, GuardianDraft
from fundapp.children.encryption import encrypt, version_of
from fundapp.children.handovers.steps import begin_care
from fundapp.children.likeness import Person
from fundapp.children.locking import lock_child_to_change, lock_child_to_correct
from fundapp.children.models import (
    CLOSED_BY_HAND,
    Child,
    ChildStatus,
    CloseReason,
    ConsentKind,
    Guardian,
)
from fundapp.children.open_files import count_changed_group, count_opened_file
from fundapp.children.policy import (
    SENSITIVE_GROUPS,
    is_of_age_for_fund,
    may_register,
    may_show_group,
)
from fundapp.children.steps import (
    add_consent,
    add_finding,
    add_paper,
    close_file,
    fact_values,
    record_child_event,
)
from fundapp.db import db
from fundapp.documents.intake import Accepted
from fundapp.errors import ForbiddenError, NotFoundError, StaleError, require_readable_name
from fundapp.ids import new_id

#: In the name of the constraint that keeps a number to one child.
_ONE_NUMBER = "id_number_lookup"


def register_child(draft: ChildDraft, *, paper: Accepted | None = None, actor: Actor) -> Child:
    """Register a child with its guardian and the consents that allow the file; ``paper`` is the
    signed paper of the first consent.

    Raises OtherDistrictError, WrongSubdistrictError, AgeError, ConsentMissingError,
    SensitiveConsentMissingError and the other consent errors; KnownIdError or KnownElsewhereError
    when the number has a file already; PossibleDuplicateError where the actor may see a file that
    may be of the same child and ``draft.another_child`` does not say why this is another one;
    PersonalDataError and ChildNamedError for what it says; NotFoundError for a guardian who may not
    be shown to the actor, UnreadableNameError.

    A file that may be of the same child as another one, in whatever district, waits until a
    supervisor has decided.
    """
    if not may_register(actor, draft.district_code):
        raise errors.OtherDistrictError(field="district")
    kinds = {consent.kind for consent in draft.consents}
    if ConsentKind.KEEP_FILE not in kinds:
        raise errors.ConsentMissingError(field="keep_file")
    _check_facts(draft.facts, draft.district_code)
    if draft.facts.target_group in SENSITIVE_GROUPS and ConsentKind.SENSITIVE_FACTS not in kinds:
        raise errors.SensitiveConsentMissingError(field="target_group")
    _refuse_known_number(draft.facts, actor)
    guardian = _guardian(draft, actor)
    person = person_in(draft.facts, guardian)
    other = _find_alike(draft, person, actor)
    status = ChildStatus.ACTIVE if other is None else ChildStatus.WAITING
    child = _new_child(draft, guardian, status, actor)
    write_name_keys(child, person)
    record_child_event("children:child:register", child, actor)
    if other is not None:
        add_finding(child, other, draft.another_child, actor=actor)
    consents = [add_consent(child, consent, actor=actor) for consent in draft.consents]
    if paper is not None:
        add_paper(child, consents[0], paper, actor=actor)
    return child


def change_child(
    public_id: str, facts: ChildFacts, *, actor: Actor, version: str | None = None
) -> Child:
    """Correct what a file says of the child; the same checks as when it was registered. What it
    said before is kept, encrypted.

    ``version`` is what `version_of` gave when the actor saw the file; StaleError when the file was
    changed since. Raises NotFoundError, OtherDistrictError, FileClosedError, IdentityHiddenError,
    WrongSubdistrictError, AgeError, SensitiveConsentMissingError, KnownIdError,
    KnownElsewhereError, SamePersonError, SamePersonElsewhereError, UnreadableNameError.
    """
    child = lock_child_to_correct(public_id, actor=actor)
    if version not in (None, version_of(child)):
        raise StaleError
    _check_facts(facts, child.district_code)
    if not may_show_group(child, facts.target_group, clock.today()):
        raise errors.SensitiveConsentMissingError(field="target_group")
    _refuse_known_number(facts, actor, but=child)
    person = person_in(facts, child.guardian)
    if _says_who_it_is(person) != _says_who_it_is(person_of(child)):
        _refuse_same_person(person, actor, child)
    if child.status is ChildStatus.ACTIVE:
        count_changed_group(child, facts.target_group)
    before = facts_now(child)
    _fill(child, facts)
    _flush()
    write_name_keys(child, person)
    correction = write_correction(child, before, actor=actor)
    record_child_event("children:child:change", child, actor, correction)
    return child


def close_child(public_id: str, reason: CloseReason, *, actor: Actor) -> Child:
    """Close a file: it can still be read, but no more help can be asked for.

    Raises NotFoundError, OtherDistrictError, FileClosedError; ForbiddenError for the reason that a
    supervisor's decision has.
    """
    child = lock_child_to_change(public_id, actor=actor)
    if reason not in CLOSED_BY_HAND:
        raise ForbiddenError
    close_file(child, reason)
    record_child_event("children:child:close", child, actor, str(reason))
    return child


def _says_who_it_is(person: Person) -> tuple[str, str, Birth]:
    return person.given_name, person.family_name, person.birth


def _check_facts(facts: ChildFacts, district_code: str) -> None:
    require_readable_name(facts.given_name, field="given_name")
    require_readable_name(facts.family_name, field="family_name")
    if not is_of_age_for_fund(facts.birth, clock.today()):
        raise errors.AgeError(field="birth_on")
    code = facts.subdistrict_code
    if code is not None and not queries.is_subdistrict_of(code, district_code):
        raise errors.WrongSubdistrictError(field="subdistrict")


def _refuse_known_number(facts: ChildFacts, actor: Actor, but: Child | None = None) -> None:
    holder = queries.find_id_holder(facts.id_number)
    if holder is None or holder is but:
        return
    if queries.sees_child(actor, holder):
        raise errors.KnownIdError(field="id_number", params={"code": holder.code})
    raise errors.KnownElsewhereError(field="id_number")


def _find_alike(draft: ChildDraft, person: Person, actor: Actor) -> Child | None:
    """The file that is most alike, or None; PossibleDuplicateError while the actor, who may see it,
    has not said why this is another child.
    """
    found = find_alike(person, viewer=actor)
    if not found:
        return None
    if found[0].is_seen and not draft.another_child:
        code = found[0].child.code
        raise errors.PossibleDuplicateError(field="another_child", params={"code": code})
    return found[0].child


def _refuse_same_person(person: Person, actor: Actor, child: Child) -> None:
    """Nobody gets past a supervisor's decision by typing another name first."""
    found = find_alike(person, viewer=actor, but=child)
    if not found:
        return
    if found[0].is_seen:
        code = found[0].child.code
        raise errors.SamePersonError(field="given_name", params={"code": code})
    raise errors.SamePersonElsewhereError(field="given_name")


def _guardian(draft: ChildDraft, actor: Actor) -> Guardian:
    if not isinstance(draft.guardian, GuardianDraft):
        sibling = queries.find_child_of_guardian(draft.guardian, viewer=actor)
        if sibling is None:
            raise NotFoundError
        return sibling.guardian
    require_readable_name(draft.guardian.name, field="guardian_name")
    row_id, phone = new_id(), draft.guardian.phone
    guardian = Guardian(
        id=row_id,
        name_encrypted=encrypt(Guardian, "name_encrypted", row_id, draft.guardian.name),
        phone_encrypted=encrypt(Guardian, "phone_encrypted", row_id, phone) if phone else None,
        created_at=clock.now(),
    )
    db.session.add(guardian)
    return guardian


def _new_child(draft: ChildDraft, guardian: Guardian, status: ChildStatus, actor: Actor) -> Child:
    child = Child(
        id=new_id(),
        code=_free_code(),
        guardian=guardian,
        relation=draft.relation,
        district_code=draft.district_code,
        status=status,
        registered_by_id=actor.person_id,
        registered_at=clock.now(),
        consents=[],
    )
    _fill(child, draft.facts)
    db.session.add(child)
    _flush()
    begin_care(child, actor.person_id)
    if status is ChildStatus.ACTIVE:
        count_opened_file(child, draft.facts.target_group)
    return child


def _fill(child: Child, facts: ChildFacts) -> None:
    for name, value in fact_values(child.id, facts).items():
        setattr(child, name, value)


def _flush() -> None:
    """Write the child; KnownElsewhereError when somebody just registered the same number."""
    try:
        db.session.flush()
    except IntegrityError as error:
        if _ONE_NUMBER in str(error.orig):
            raise errors.KnownElsewhereError(field="id_number") from error
        raise


def _free_code() -> str:
    while queries.is_code_taken(code := new_code()):
        pass
    return code
