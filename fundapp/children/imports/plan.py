"""What a list would bring, row by row: who is known, who may be known, what is wrong.

The preview and the import itself make the same plan, so what comes in is what was shown. Files are
decrypted to be compared; none is shown.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.children.comparing import read_people
from fundapp.children.imports.columns import ChildColumn, ChildMapping
from fundapp.children.imports.models import ChildImportMark
from fundapp.children.imports.rows import ChildRowReader, ListedChild, Places, folded_place
from fundapp.children.likeness import Person, compare
from fundapp.children.models import CloseReason
from fundapp.children.pairs import Neighbours
from fundapp.children.policy import may_register
from fundapp.children.queries import list_own_districts
from fundapp.crypto import keyring
from fundapp.db import db
from fundapp.markers import N_
from fundapp.places.queries import list_districts, list_subdistricts
from fundapp.spreadsheets.reading import Sheet
from fundapp.spreadsheets.rows import RowProblem, problem_rows

_DIGESTS = "child_import_marks.digest"
_NUMBERS = "children.id_number_lookup"
_AT_ONCE = 500

_TWICE = N_("This number comes twice; first in row %(row)s.")
_NUMBER_TAKEN = N_("The fund has a file with this number of somebody who is called otherwise.")


@dataclass(slots=True)
class PlannedChild:
    """A child that is new; ``other`` is the id of a file, or ``other_row`` the number of an earlier
    row, that may be of the same child.
    """

    row: ListedChild
    digest: bytes
    lookup: bytes | None
    other: int | None = None
    other_row: int | None = None

    @property
    def waits(self) -> bool:
        """Whether a supervisor is to decide."""
        return self.other is not None or self.other_row is not None


@dataclass(slots=True)
class ChildrenPlan:
    """All that an import would do."""

    problems: list[RowProblem]
    children: list[PlannedChild] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def brings_nothing(self) -> bool:
        """Whether everything is known already."""
        return not self.children

    def version(self, file_sha256: bytes, mapping: ChildMapping) -> str:
        """What the preview showed, as a text to compare."""
        content = [file_sha256.hex(), mapping.as_json(), sorted(self.counts.items())]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def plan_children(
    sheet: Sheet,
    mapping: ChildMapping,
    *,
    actor: Actor,
    report: Callable[[int], None] = lambda _count: None,
) -> ChildrenPlan:
    """What the sheet would bring, read with these columns, when the actor takes it over."""
    places = _places(actor)
    reader = ChildRowReader(sheet, mapping, places, clock.today())
    rows = [row for each in sheet.rows if (row := reader.read(each)) is not None]
    plan = ChildrenPlan(reader.problems)
    planned = _new_rows(rows, plan)
    _compare(planned, plan, report)
    plan.problems.sort(key=lambda problem: problem.row)
    plan.counts["rows"] = len(sheet.rows)
    plan.counts["new"] = len(plan.children)
    plan.counts["waiting"] = sum(each.waits for each in plan.children)
    plan.counts["wrong"] = problem_rows(plan.problems)
    return plan


def _places(actor: Actor) -> Places:
    districts = list_districts()
    own = {each.code for each in list_own_districts(actor, Permission.CHILD_REGISTER)}
    return Places(
        {
            folded_place(name): each.code
            for each in districts
            for name in (each.code, each.name_th, each.name_en, each.name_ms)
        },
        {
            (each.district_code, folded_place(name)): each.code
            for each in list_subdistricts()
            for name in (each.code, each.name_th, each.name_en)
        },
        {code for code in own if may_register(actor, code)},
    )


def _new_rows(rows: list[ListedChild], plan: ChildrenPlan) -> list[PlannedChild]:
    """The rows that were not taken over before, each number once."""
    texts, seen = [], Counter[str]()
    for row in rows:
        text = repr((_words(row), row.district_code, row.relation, row.signed_on.isoformat()))
        seen[text] += 1
        texts.append(f"{text}\x1f{seen[text]}")
    digests = keyring().lookups(texts, _DIGESTS)
    lookups = keyring().lookups([row.facts.id_number for row in rows], _NUMBERS)
    known = _known_marks(digests)
    first: dict[str, int] = {}
    planned = []
    for row, digest, lookup in zip(rows, digests, lookups, strict=True):
        number = row.facts.id_number
        if number and number in first:
            plan.problems.append(
                RowProblem(row.number, ChildColumn.ID_NUMBER, _TWICE, {"row": first[number]})
            )
            continue
        first[number] = row.number
        if digest in known:
            plan.counts["known"] += 1
        else:
            planned.append(PlannedChild(row, digest, lookup if number else None))
    return planned


def _words(row: ListedChild) -> tuple[str, ...]:
    facts = row.facts
    return (
        facts.given_name,
        facts.family_name,
        facts.birth.stored,
        facts.id_number,
        facts.subdistrict_code or "",
        facts.school_name,
        str(facts.target_group),
        row.guardian_name,
        row.guardian_phone,
    )


def _compare(
    planned: list[PlannedChild], plan: ChildrenPlan, report: Callable[[int], None]
) -> None:
    """Who is known by number, and who is like a file or an earlier row."""
    seen = Neighbours()
    holders: dict[bytes, Person] = {}
    for child, person in read_people(only_open=False):
        if child.close_reason is not CloseReason.SAME_CHILD:
            seen.add(child.id, person)
        if child.id_number_lookup is not None:
            holders[bytes(child.id_number_lookup)] = person
    for each in planned:
        person = person_in_row(each.row)
        holder = holders.get(each.lookup) if each.lookup is not None else None
        if holder is not None:
            if compare(holder, person) is None:
                number = each.row.number
                plan.problems.append(RowProblem(number, ChildColumn.ID_NUMBER, _NUMBER_TAKEN, {}))
            else:
                plan.counts["known"] += 1
            continue
        alike = max(seen.find(person), key=lambda found: found[1].points, default=None)
        if alike is not None:
            each.other, each.other_row = (alike[0], None) if alike[0] > 0 else (None, -alike[0])
        # Rows have the numbers below zero: ids of files are above.
        seen.add(-each.row.number, person)
        plan.children.append(each)
        report(1)


def person_in_row(row: ListedChild) -> Person:
    """What a row is compared by."""
    facts = row.facts
    return Person(
        facts.given_name, facts.family_name, facts.birth, row.guardian_name, facts.school_name
    )


def _known_marks(digests: list[bytes]) -> set[bytes]:
    found: set[bytes] = set()
    for at in range(0, len(digests), _AT_ONCE):
        part = digests[at : at + _AT_ONCE]
        known = select(ChildImportMark.digest).where(ChildImportMark.digest.in_(part))
        found |= {bytes(each) for each in db.session.scalars(known)}
    return found
