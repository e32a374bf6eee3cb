"""Registering children, changing what their files say, closing files."""

from sqlalchemy.exc import IntegrityError

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children import errors, queries
from fundapp.children.codes import new_code
from fundapp.children.drafts import ChildDraft, ChildFacts, GuardianDraft
from fundapp.children.encryption import encrypt, lookup_id_number, lookup_person, version_of
from fundapp.children.models import Child, ChildStatus, CloseReason, ConsentKind, Guardian
from fundapp.children.operations.consents import add_consent, get_changeable, get_correctable
from fundapp.children.policy import is_of_age_for_fund, may_register, may_see_child
from fundapp.db import db
from fundapp.errors import NotFoundError, StaleError
from fundapp.ids import new_id
from fundapp.trail.operations import record_event

_ONE_NUMBER = "id_number_lookup"


def register_child(draft: ChildDraft, *, actor: Actor) -> Child:
    """Open a file for a child, with its guardian and the consent that allows the file.

    Raises OtherDistrictError, WrongSubdistrictError, AgeError, ConsentMissingError and the other
    consent errors; KnownIdError or KnownElsewhereError when the number has a file already; and
    PossibleDuplicateError unless ``draft.another_child`` confirms that this is another child.
    """
    if not may_register(actor, draft.district_code):
        raise errors.OtherDistrictError(field="district")
    if ConsentKind.KEEP_FILE not in {consent.kind for consent in draft.consents}:
        raise errors.ConsentMissingError(field="keep_file")
    _check_facts(draft.facts, draft.district_code)
    _refuse_known_number(draft.facts, actor)
    note = _compare_with_same_person(draft, actor)
    child = _new_child(draft, _guardian(draft, actor), actor)
    _record("children:child:register", child, actor, note)
    for consent in draft.consents:
        add_consent(child, consent, actor=actor)
    return child


def change_child(
    public_id: str, facts: ChildFacts, *, actor: Actor, version: str | None = None
) -> Child:
    """Correct what a file says of the child; the same checks as when it was registered.

    ``version`` is the writing that the actor saw (`version_of`); StaleError when it is not the
    present one.
    """
    child = get_correctable(public_id, actor=actor)
    if version not in (None, version_of(child)):
        raise StaleError
    _check_facts(facts, child.district_code)
    _refuse_known_number(facts, actor, but=child)
    _fill(child, facts)
    _flush()
    _record("children:child:change", child, actor)
    return child


def close_child(public_id: str, reason: CloseReason, *, actor: Actor) -> Child:
    """Close a file: it can still be read, and no more help can be asked for."""
    child = get_changeable(public_id, actor=actor)
    child.status = ChildStatus.CLOSED
    child.closed_on = clock.today()
    child.close_reason = reason
    _record("children:child:close", child, actor, str(reason))
    return child


def _check_facts(facts: ChildFacts, district_code: str) -> None:
    if not is_of_age_for_fund(facts.birth_on, clock.today()):
        raise errors.AgeError(field="birth_on")
    code = facts.subdistrict_code
    if code is not None and not queries.is_subdistrict_of(code, district_code):
        raise errors.WrongSubdistrictError(field="subdistrict")


def _refuse_known_number(facts: ChildFacts, actor: Actor, but: Child | None = None) -> None:
    holder = queries.find_id_holder(facts.id_number)
    if holder is None or holder is but:
        return
    if may_see_child(actor, holder):
        raise errors.KnownIdError(field="id_number", params={"code": holder.code})
    raise errors.KnownElsewhereError(field="id_number")


def _compare_with_same_person(draft: ChildDraft, actor: Actor) -> str:
    """The note for the trail: whether a file of the same names and birth date was looked at."""
    facts = draft.facts
    same = queries.find_same_person(
        facts.given_name, facts.family_name, facts.birth_on, viewer=actor
    )
    if same is None:
        return ""
    if not draft.another_child:
        raise errors.PossibleDuplicateError(field="another_child", params={"code": same.code})
    return f"confirmed to be another child than {same.code}"


def _guardian(draft: ChildDraft, actor: Actor) -> Guardian:
    if not isinstance(draft.guardian, GuardianDraft):
        found = queries.find_guardian_with_child(draft.guardian, viewer=actor)
        if found is None:
            raise NotFoundError
        return found[0]
    row_id, phone = new_id(), draft.guardian.phone
    guardian = Guardian(
        id=row_id,
        name_encrypted=encrypt(Guardian, "name_encrypted", row_id, draft.guardian.name),
        phone_encrypted=encrypt(Guardian, "phone_encrypted", row_id, phone) if phone else None,
        created_at=clock.now(),
    )
    db.session.add(guardian)
    return guardian


def _new_child(draft: ChildDraft, guardian: Guardian, actor: Actor) -> Child:
    child = Child(
        id=new_id(),
        code=_free_code(),
        guardian=guardian,
        relation=draft.relation,
        district_code=draft.district_code,
        status=ChildStatus.ACTIVE,
        registered_by_id=actor.person_id,
        registered_at=clock.now(),
        consents=[],
    )
    _fill(child, draft.facts)
    db.session.add(child)
    _flush()
    return child


def _fill(child: Child, facts: ChildFacts) -> None:
    """Seal the facts for the child's row; every value gets a fresh nonce."""

    def encrypted(column: str, text: str) -> bytes:
        return encrypt(Child, column, child.id, text)

    child.given_name_encrypted = encrypted("given_name_encrypted", facts.given_name)
    child.family_name_encrypted = encrypted("family_name_encrypted", facts.family_name)
    child.birth_on_encrypted = encrypted("birth_on_encrypted", facts.birth_on.isoformat())
    child.person_lookup = lookup_person(facts.given_name, facts.family_name, facts.birth_on)
    number = facts.id_number
    child.id_kind = facts.id_kind
    child.id_number_encrypted = encrypted("id_number_encrypted", number) if number else None
    child.id_number_lookup = lookup_id_number(number) if number else None
    child.subdistrict_code = facts.subdistrict_code
    child.school_name = facts.school_name
    child.target_group = facts.target_group


def _flush() -> None:
    """Write the child; two people who register one number at once are told as if one came later."""
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


def _record(action: str, child: Child, actor: Actor, note: str = "") -> None:
    record_event(
        action,
        actor=actor,
        subject_type="child",
        subject_ref=child.public_id,
        note=note,
    )
