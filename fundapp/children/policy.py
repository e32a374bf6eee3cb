"""Who may do what with a child's file, and what a consent allows. Pure.

Case managers work in their own districts, but no longer with a child that they handed on;
supervisors read the files of their districts; approvers see every file, because they decide on
help; nobody else sees them. Each role is judged with its own districts.
"""

from collections.abc import Mapping
from datetime import date

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission, Role
from fundapp.children.births import Birth
from fundapp.children.models import (
    PARENTAL,
    Child,
    ChildStatus,
    ConsentKind,
    LegalCapacity,
    Relation,
    TargetGroup,
)

OLDEST_YEARS = 25
OF_AGE = 20
#: The ages at which consents are asked again (PDPA B.E. 2562, s. 20): from 10 on the child signs as
#: well, from 20 on alone.
ASKED_AGAIN_AT = (10, OF_AGE)
#: Groups that say something of a child's health.
SENSITIVE_GROUPS = frozenset({TargetGroup.DISABILITY})


def may_see_child(
    actor: Actor,
    child: Child,
    permission: Permission = Permission.CHILD_READ,
    *,
    is_handed_on: bool,
) -> bool:
    """Whether the actor may read this child's file, or do to it what ``permission`` says.

    ``is_handed_on``: the actor was responsible for the child, and another case manager is now
    (`queries.visibility.is_handed_on`). Then being a case manager of its district gives nothing.
    """
    role = Role.CASE_MANAGER if is_handed_on else None
    return actor.can_in(permission, child.district_code, but=role)


def may_register(actor: Actor, district_code: str) -> bool:
    """Whether the actor may register children of this district, and change their files."""
    return actor.can_in(Permission.CHILD_REGISTER, district_code)


def may_register_somewhere(actor: Actor) -> bool:
    """Whether there is a district whose children the actor may register."""
    return bool(actor.districts_of(Permission.CHILD_REGISTER))


def may_look_up(actor: Actor) -> bool:
    """Whether the actor may look for a child by its identity number or code."""
    return actor.can(Permission.CHILD_READ)


def may_open_reads(actor: Actor) -> bool:
    """Whether the actor may open a list of who read what names children."""
    return actor.can_any(Permission.CHILD_READ, Permission.CHILD_READS_LIST)


def may_decide_duplicate(actor: Actor, child: Child) -> bool:
    """Whether the actor may decide if this new file is of a child who has one already: a supervisor
    of its district who did not register it.
    """
    return (
        actor.can_in(Permission.DUPLICATE_DECIDE, child.district_code)
        and actor.user_id != child.registered_by_id
    )


def may_import_children(actor: Actor) -> bool:
    """Whether the actor may take over a list of children, in districts where it may register."""
    return actor.can(Permission.CHILD_IMPORT)


def may_index_names(actor: Actor) -> bool:
    """Whether the actor may write the keys by which names are found."""
    return actor.can(Permission.CHILD_INDEX)


def may_list_duplicates(actor: Actor) -> bool:
    """Whether the actor may compare all files with each other."""
    return actor.can(Permission.DUPLICATE_LIST)


def may_rotate_keys(actor: Actor) -> bool:
    """Whether the actor may encrypt everything again with the newest key."""
    return actor.can(Permission.KEY_ROTATE)


def has_consent(child: Child, kind: ConsentKind, on: date) -> bool:
    """Whether a consent of this kind counts on the day: signed, neither withdrawn nor expired.

    A withdrawn consent no longer counts on the day of the withdrawal; one that expires still counts
    on its last day.
    """
    return any(
        consent.kind is kind
        and consent.signed_on <= on
        and (consent.withdrawn_on is None or on < consent.withdrawn_on)
        and (consent.expires_on is None or on <= consent.expires_on)
        for consent in child.consents
    )


def may_show_identity(child: Child, on: date) -> bool:
    """Whether what the file says may be shown: names, numbers, contacts, place, school. Without a
    consent only the code, the district and the consents are.
    """
    return has_consent(child, ConsentKind.KEEP_FILE, on)


def may_hold_sensitive(child: Child, on: date) -> bool:
    """Whether facts on health or religion may be kept and shown."""
    return may_show_identity(child, on) and has_consent(child, ConsentKind.SENSITIVE_FACTS, on)


def may_hold_zakat_group(child: Child, on: date) -> bool:
    """Whether the child's zakat group, which tells its religion, may be kept and shown."""
    return may_show_identity(child, on) and has_consent(child, ConsentKind.ZAKAT, on)


def may_share(child: Child, on: date) -> bool:
    """Whether a partner agency may be told of the child: the file is open, and there is a consent
    of its own to that.
    """
    return (
        child.status is ChildStatus.ACTIVE
        and may_show_identity(child, on)
        and has_consent(child, ConsentKind.SHARE_FACTS, on)
    )


def may_show_group(child: Child, group: TargetGroup, on: date) -> bool:
    """Whether the child's target group may be shown: one that speaks of health needs a consent of
    its own.
    """
    if group in SENSITIVE_GROUPS:
        return may_hold_sensitive(child, on)
    return may_show_identity(child, on)


def may_show_correction(child: Child, changes: Mapping[str, tuple[str, str]], on: date) -> bool:
    """Whether what the file said before and after may be shown: as the file itself, and where the
    target group was corrected, as both groups.
    """
    further = [group for texts in changes.get("groups", ()) for group in texts.split()]
    groups = map(TargetGroup, (*changes.get("target_group", ()), *further))
    return may_show_identity(child, on) and all(
        may_show_group(child, group, on) for group in groups
    )


def may_receive_help(child: Child, on: date) -> bool:
    """Whether help may be asked for: the file is open, and the consent to keep it counts."""
    return child.status is ChildStatus.ACTIVE and has_consent(child, ConsentKind.KEEP_FILE, on)


def capacity_of(relation: Relation) -> LegalCapacity:
    """By what right somebody of this relation decides for the child, where nothing else is said."""
    return {
        Relation.MOTHER: LegalCapacity.PARENTAL_POWER,
        Relation.FATHER: LegalCapacity.PARENTAL_POWER,
        Relation.LEGAL_GUARDIAN: LegalCapacity.COURT,
        Relation.SELF: LegalCapacity.SELF,
    }.get(relation, LegalCapacity.CARES)


def signs_alone(relation: Relation) -> bool:
    """Whether this signature counts without a note (PDPA B.E. 2562, s. 20: parental power)."""
    return relation in PARENTAL or relation is Relation.SELF


def is_of_age(birth: Birth, on: date) -> bool:
    """Whether the child decides alone (CCC s. 19: at 20)."""
    return age_on(birth.on, on) >= OF_AGE


def age_on(birth_on: date, on: date) -> int:
    """Completed years on the day; for somebody born on 29 February a year is completed on 1 March
    where there is no such day.
    """
    return on.year - birth_on.year - ((on.month, on.day) < (birth_on.month, birth_on.day))


def is_of_age_for_fund(birth: Birth, on: date) -> bool:
    """Whether the fund may keep a file: born, and not older than `OLDEST_YEARS`."""
    return birth.first <= on and age_on(birth.on, on) <= OLDEST_YEARS
