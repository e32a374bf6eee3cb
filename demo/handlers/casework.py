"""What case managers wrote into files of children: notes, a visit, needs, plans, follow-ups."""

from collections.abc import Mapping
from datetime import timedelta

from demo.state import DemoState
from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.children.casework.drafts import CaseDraft, DetailsDraft, FurtherGuardianDraft
from fundapp.children.casework.models import CaseEntry, CaseKind, ZakatGroup
from fundapp.children.casework.operations import (
    add_guardian,
    change_details,
    settle_entry,
    write_entry,
)
from fundapp.children.models import Child, ChildStatus, LegalCapacity, Relation

#: Of each kind its words, days ago, and days until it is due.
_WRITTEN: tuple[tuple[CaseKind, Mapping[str, str], int, int | None], ...] = (
    (
        CaseKind.VISIT,
        {"met": "ยายของเด็ก", "home": "บ้านไม้ยกพื้น หลังคารั่ว", "words": "เด็กเดินไปโรงเรียน 3 กิโลเมตร"},
        40,
        None,
    ),
    (
        CaseKind.SCREENING,
        {"result": "extremely_poor", "year": "2569", "income": "2,400 บาทต่อคน", "land": "ไม่มี"},
        38,
        None,
    ),
    (CaseKind.NEED, {"need": "รถรับส่งไปโรงเรียน", "words": "ขาดเรียนในฤดูฝน"}, 35, None),
    (
        CaseKind.PLAN,
        {"goal": "เรียนต่อจนจบชั้นมัธยมศึกษาตอนต้น", "services": "รถรับส่ง และทุนการศึกษารายภาคเรียน"},
        30,
        60,
    ),
    (CaseKind.NOTE, {"words": "ครูประจำชั้นแจ้งว่าเด็กมาเรียนสม่ำเสมอขึ้น"}, 10, None),
    (CaseKind.FOLLOW_UP, {"words": "โทรหาครูประจำชั้นเรื่องเวลาเรียน"}, 3, 7),
)
#: So many children have casework.
_CHILDREN = 4


def write_casework(state: DemoState) -> None:
    """Entries in the files of the first children that are open; every second plan is agreed to."""
    numbers = sorted(state.children)
    for at, number in enumerate(number for number in numbers[2:20] if _is_open(state, number)):
        if at == _CHILDREN:
            return
        child = state.children[number]
        plan = _write(state, child)
        if at % 2:
            supervisor = state.people.supervisor()
            settle_entry(child.public_id, plan.public_id, outcome="เห็นชอบ", actor=supervisor)


def _is_open(state: DemoState, number: int) -> bool:
    child = state.children[number]
    return child.status is ChildStatus.ACTIVE and all(
        consent.withdrawn_on is None for consent in child.consents
    )


def write_zakat_group(child: Child, number: int, manager: Actor) -> None:
    """The zakat group that the mosque's committee found, on the day of registration."""
    group = ZakatGroup.FAKIR if number % 3 == 0 else ZakatGroup.MISKIN
    words = {"zakat": str(group), "words": "คณะกรรมการมัสยิดพิจารณาแล้ว"}
    draft = CaseDraft(kind=CaseKind.ZAKAT, on_day=clock.today(), is_sensitive=True, words=words)
    write_entry(child.public_id, draft, actor=manager)


def _write(state: DemoState, child: Child) -> CaseEntry:
    """The entries of one child; its plan."""
    manager, today = state.people.case_manager(child.district_code), clock.today()
    details = {"school_class": "ป.5", "village": "บ้านตัวอย่าง", "household": "ยาย ตา และน้องสองคน"}
    change_details(child.public_id, DetailsDraft(details=details), actor=manager)
    aunt = FurtherGuardianDraft(
        name="สุไรดา ตัวอย่าง", relation=Relation.RELATIVE, capacity=LegalCapacity.NONE
    )
    add_guardian(child.public_id, aunt, actor=manager)
    written = {
        kind: write_entry(
            child.public_id,
            CaseDraft(
                kind=kind,
                on_day=today - timedelta(days=ago),
                due_on=today + timedelta(days=due) if due is not None else None,
                words=words,
            ),
            actor=manager,
        )
        for kind, words, ago, due in _WRITTEN
    }
    return written[CaseKind.PLAN]
