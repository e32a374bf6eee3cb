"""A file taken over in one go, and what the worker does of imports."""

from fundapp.access.actors import Actor
from fundapp.db import unit_of_work
from fundapp.giving.imports import operations
from fundapp.giving.imports.columns import ColumnMapping
from fundapp.giving.imports.plan import Plan, make_plan
from fundapp.giving.queries.imports import find_profile
from fundapp.spreadsheets.errors import UnknownImportProfileError
from fundapp.spreadsheets.reading import Sheet, read_sheet


def import_file(content: bytes, profile_name: str, *, actor: Actor, dry_run: bool = False) -> Plan:
    """Take a file over with the columns of a profile; what it brought, or with ``dry_run`` would
    bring. A file with wrong rows, or nothing new, brings nothing; the plan says which and why.

    Raises ForbiddenError, SpreadsheetRefusedError, UnknownImportProfileError, OtherMappingError.
    """
    sheet = read_sheet(content)
    plan = unit_of_work(_plan, sheet, profile_name)
    if dry_run or plan.problems or plan.brings_nothing:
        return plan
    return unit_of_work(_take_over, content, sheet, profile_name, actor)


def _plan(sheet: Sheet, profile_name: str) -> Plan:
    profile = find_profile(profile_name)
    if profile is None:
        raise UnknownImportProfileError(params={"name": profile_name})
    return make_plan(sheet, ColumnMapping.parse(profile.mapping), profile.mode)


def _take_over(content: bytes, sheet: Sheet, profile_name: str, actor: Actor) -> Plan:
    row = operations.keep_upload(content, sheet, profile_name=profile_name, actor=actor)
    return operations.commit_import(row.public_id, books_gifts=True, actor=actor)
