"""Many children at once, taken over from a list as a case manager does it."""

from sqlalchemy import select

from fundapp.children.imports import operations
from fundapp.children.imports.columns import ChildColumn, ChildMapping
from fundapp.children.models import Child
from fundapp.db import db, unit_of_work
from fundapp.identity.models import User
from fundapp.spreadsheets.cells import DayOrder
from fundapp.spreadsheets.reading import read_sheet
from tests.factories.children import RAMAN, thai_pin, unlike_name
from tests.factories.spreadsheets import csv_file

SCHOOL = "Ban Example School"
#: Numbers of `unlike_name`; children of one name are born two years apart.
_NAMES = 1_024
_HEADINGS = {
    ChildColumn.GIVEN_NAME: "given name",
    ChildColumn.FAMILY_NAME: "family name",
    ChildColumn.BIRTH: "born",
    ChildColumn.ID_NUMBER: "id",
    ChildColumn.SCHOOL: "school",
    ChildColumn.GROUP: "group",
    ChildColumn.GUARDIAN: "guardian",
    ChildColumn.RELATION: "relation",
    ChildColumn.CONSENT_DAY: "consent",
}


def make_school(by: User, count: int) -> list[str]:
    """The codes of so many new children of one school, none of whom is like another."""
    rows = [_row(number) for number in range(count)]
    content = csv_file([list(_HEADINGS.values()), *rows])
    actor = by.as_actor()
    kept = unit_of_work(operations.keep_list, content, read_sheet(content), actor=actor)
    mapping = ChildMapping(_HEADINGS, DayOrder.DAY_FIRST, RAMAN)
    unit_of_work(operations.map_list, kept.public_id, mapping, profile_name="", actor=actor)
    unit_of_work(operations.commit_list, kept.public_id, actor=actor)
    codes = select(Child.code).where(Child.registered_by_id == by.id).order_by(Child.id)
    return list(db.session.scalars(codes))


def _row(number: int) -> list[str]:
    given, family = unlike_name(number % _NAMES), unlike_name((7 * number + 3) % _NAMES)
    born, pin = f"24/6/{2553 + 2 * (number // _NAMES)}", thai_pin(50_000_000 + number)
    return [
        given, family, born, pin, SCHOOL, "นักเรียนยากจน", f"Rohana {given}",
        "มารดา", "1/6/2569",
    ]  # fmt: skip
