"""What is written into children's files, and lists of children, committed by the operations."""

from datetime import date

from fundapp.children.casework.drafts import CaseDraft, FurtherGuardianDraft
from fundapp.children.casework.models import CaseEntry, CaseKind, ZakatGroup
from fundapp.children.casework.operations import add_guardian, move_child, write_entry
from fundapp.children.handovers.operations import hand_over, take_handover
from fundapp.children.imports import operations as imports
from fundapp.children.imports.columns import ChildColumn, ChildMapping
from fundapp.children.models import Child, LegalCapacity, Relation
from fundapp.children.operations import merge_child
from fundapp.db import unit_of_work
from fundapp.identity.models import User
from fundapp.spreadsheets.cells import DayOrder
from fundapp.spreadsheets.reading import read_sheet
from tests.factories.children import unlike_name
from tests.factories.identity import make_user
from tests.factories.spreadsheets import csv_file

#: Of each kind of entry the words that it needs.
WORDS = {
    CaseKind.NOTE: {"words": "คุยกับครูประจำชั้นแล้ว"},
    CaseKind.VISIT: {"met": "ยายของเด็ก", "home": "บ้านเช่าหลังคารั่ว"},
    CaseKind.NEED: {"need": "รถรับส่งไปโรงเรียน"},
    CaseKind.PLAN: {"goal": "เรียนต่อจนจบชั้นมัธยมศึกษาตอนต้น"},
    CaseKind.FLAG: {"flag": "safety"},
    CaseKind.SCREENING: {"result": "extremely_poor", "year": "2569"},
    CaseKind.FOLLOW_UP: {"words": "โทรหาครู"},
    CaseKind.ZAKAT: {"zakat": "miskin"},
}
_DUE = frozenset({CaseKind.PLAN, CaseKind.FOLLOW_UP})
_COLUMNS = {
    ChildColumn.GIVEN_NAME: "ชื่อ",
    ChildColumn.BIRTH: "วันเกิด",
    ChildColumn.GUARDIAN: "ผู้ปกครอง",
    ChildColumn.RELATION: "ความสัมพันธ์",
    ChildColumn.GROUP: "กลุ่มเป้าหมาย",
    ChildColumn.CONSENT_DAY: "วันที่ให้ความยินยอม",
}


def write_case_entry(
    child: Child,
    by: User,
    kind: CaseKind = CaseKind.NOTE,
    on_day: date = date(2026, 11, 20),
) -> CaseEntry:
    """An entry of a child's file, of 20 November 2026 if not of another day."""
    draft = CaseDraft(
        kind=kind,
        on_day=on_day,
        due_on=date(2026, 12, 1) if kind in _DUE else None,
        is_sensitive=kind is CaseKind.ZAKAT,
        words=WORDS[kind],
    )
    return unit_of_work(write_entry, child.public_id, draft, actor=by.as_actor())


def make_zakat_group(
    child: Child, by: User, group: ZakatGroup = ZakatGroup.MISKIN, *, words: str = ""
) -> CaseEntry:
    """The zakat group of a child of whom there is the consent to keep it."""
    draft = CaseDraft(
        kind=CaseKind.ZAKAT,
        on_day=date(2026, 11, 20),
        is_sensitive=True,
        words={"zakat": str(group), "words": words},
    )
    return unit_of_work(write_entry, child.public_id, draft, actor=by.as_actor())


def make_further_guardian(child: Child, by: User, name: str = "รอฮานา สมมุติ") -> None:
    """Another adult of the child."""
    draft = FurtherGuardianDraft(
        name=name, relation=Relation.GRANDPARENT, capacity=LegalCapacity.CARES
    )
    unit_of_work(add_guardian, child.public_id, draft, actor=by.as_actor())


def move(child: Child, by: User, district: str) -> None:
    """Hand the child over to another district."""
    words = "ย้ายไปอยู่กับตา"
    unit_of_work(move_child, child.public_id, district, words=words, actor=by.as_actor())


def hand_over_to(child: Child, by: User, to: User) -> None:
    """Ask another case manager of the district to take the child over."""
    words = "ยายป่วย โปรดโทรหาครูก่อนไปเยี่ยม"
    unit_of_work(hand_over, [child.public_id], to.public_id, words=words, actor=by.as_actor())


def merge(child: Child, other: Child) -> None:
    """Merge a file into another one, by a new supervisor."""
    supervisor = make_user("supervisor", (child.district_code,)).as_actor()
    reason = "Asked both families."
    unit_of_work(merge_child, child.public_id, other.code, reason=reason, actor=supervisor)


def make_list(
    by: User,
    count: int = 2,
    *,
    district: str = "9506",
    guardian: str = "อามีเนาะ",
    is_taken: bool = True,
) -> str:
    """A list of children that is taken over, or waits; its public id."""
    rows = [
        [unlike_name(900 + n), "24/6/2559", guardian, "มารดา", "นักเรียนยากจน", "1/6/2569"]
        for n in range(count)
    ]
    content = csv_file([list(_COLUMNS.values()), *rows])
    actor = by.as_actor()
    kept = unit_of_work(imports.keep_list, content, read_sheet(content), actor=actor)
    mapping = ChildMapping(_COLUMNS, DayOrder.DAY_FIRST, district)
    unit_of_work(imports.map_list, kept.public_id, mapping, profile_name="บัญชีรายชื่อเดิม", actor=actor)
    if is_taken:
        unit_of_work(imports.commit_list, kept.public_id, actor=actor)
    return kept.public_id


def hand_on(child: Child, by: User, to: User) -> None:
    """The child goes from one case manager to another, who takes it."""
    hand_over_to(child, by, to)
    unit_of_work(take_handover, child.public_id, actor=to.as_actor())
