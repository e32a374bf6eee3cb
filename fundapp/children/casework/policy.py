"""Who may do what with casework. Pure."""

from datetime import date, timedelta

from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.children.casework.models import SETTLED_KINDS, CaseEntry, CaseKind
from fundapp.children.models import Child
from fundapp.children.policy import may_hold_sensitive, may_hold_zakat_group, may_show_identity

LONGEST_PROMISE = timedelta(days=731)


def may_agree_to_plan(actor: Actor, entry: CaseEntry) -> bool:
    """Whether the actor may agree to it: a supervisor of the district who did not write it."""
    return (
        actor.can_in(Permission.PLAN_AGREE, entry.child.district_code)
        and actor.user_id != entry.written_by_id
    )


def may_show_entry(entry: CaseEntry, child: Child, on: date) -> bool:
    """Whether what an entry says may be shown: as the file, and what is sensitive, or tells the
    zakat group, only with a consent of its own.
    """
    if entry.kind is CaseKind.ZAKAT:
        return may_hold_zakat_group(child, on)
    return may_hold_sensitive(child, on) if entry.is_sensitive else may_show_identity(child, on)


def may_be_settled(entry: CaseEntry) -> bool:
    """Whether this is a thing to settle that is not settled yet."""
    promised = entry.kind is CaseKind.VISIT and entry.due_on is not None
    return entry.settled_at is None and (entry.kind in SETTLED_KINDS or promised)


def is_due_day(kind: CaseKind, due_on: date | None, today: date) -> bool:
    """Whether the day by which somebody looks again is one: plans and follow-ups need it."""
    if due_on is None:
        return kind not in {CaseKind.PLAN, CaseKind.FOLLOW_UP}
    return today <= due_on <= today + LONGEST_PROMISE
