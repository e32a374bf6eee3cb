"""A list taken over in one go, for a command."""

from collections.abc import Callable

from fundapp.access.actors import COMMAND_LINE, Actor
from fundapp.children.imports import operations
from fundapp.children.imports.columns import ChildMapping
from fundapp.children.imports.errors import ProfileOwnerError
from fundapp.children.imports.models import ChildImportProfile
from fundapp.children.imports.plan import ChildrenPlan, plan_children
from fundapp.children.imports.queries import find_child_profile
from fundapp.children.policy import may_import_children
from fundapp.db import unit_of_work
from fundapp.proposals.queries import person_now
from fundapp.spreadsheets.errors import UnknownImportProfileError
from fundapp.spreadsheets.reading import Sheet, read_sheet
from fundapp.trail.operations import record_event


def import_list(
    content: bytes,
    profile_name: str,
    *,
    dry_run: bool = False,
    report: Callable[[int], None] = lambda _count: None,
) -> ChildrenPlan:
    """Take a list over with the columns of a profile, in the name of whoever kept it, in the
    districts of this person; what it brought, or with ``dry_run`` would bring. A file with wrong
    rows, or nothing new, brings nothing; the plan says which and why.

    Raises SpreadsheetRefusedError, UnknownImportProfileError, ProfileOwnerError.
    """
    sheet = read_sheet(content)
    plan = unit_of_work(_plan, sheet, profile_name, report)
    if dry_run or plan.problems or plan.brings_nothing:
        return plan
    return unit_of_work(_take_over, content, sheet, profile_name)


def _plan(sheet: Sheet, profile_name: str, report: Callable[[int], None]) -> ChildrenPlan:
    profile, actor = _profile_and_owner(profile_name)
    return plan_children(sheet, ChildMapping.parse(profile.mapping), actor=actor, report=report)


def _take_over(content: bytes, sheet: Sheet, profile_name: str) -> ChildrenPlan:
    profile, actor = _profile_and_owner(profile_name)
    record_event(
        "children:import:order",
        actor=COMMAND_LINE,
        subject_type="child_import_profile",
        subject_ref=profile.name,
    )
    row = operations.keep_list(content, sheet, profile_name=profile_name, actor=actor)
    return operations.commit_list(row.public_id, actor=actor)


def _profile_and_owner(name: str) -> tuple[ChildImportProfile, Actor]:
    profile = find_child_profile(name)
    if profile is None:
        raise UnknownImportProfileError(params={"name": name})
    actor = person_now(profile.saved_by_id)
    if not may_import_children(actor):
        raise ProfileOwnerError
    return profile, actor
