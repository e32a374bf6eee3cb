"""The phases of the founding project as published and the work of today; concerns, and what the
council sees.
"""

from datetime import date, timedelta

from demo.handlers.grants import agree
from demo.state import DemoState
from fundapp import clock
from fundapp.access.actors import COMMAND_LINE, VISITOR
from fundapp.children.models import TargetGroup
from fundapp.concerns.kinds import KEEPERS
from fundapp.concerns.models import ConcernAction, ConcernKind
from fundapp.concerns.operations import KEEPERS_REF, handle_concern, tell_concern
from fundapp.concerns.queries import find_concern_of_key
from fundapp.council.operations import count_council
from fundapp.places.queries import list_districts
from fundapp.programmes.drafts import PhaseDraft, TargetDraft
from fundapp.programmes.operations import open_phase

_RAMAN, _YAHA, _BANNANG_SATA, _MUEANG = "9506", "9505", "9503", "9501"
#: What the news told of both phases together: it does not say how many were of which.
_PUBLISHED = (
    "ตัวเลขที่เผยแพร่ของระยะที่ 1 และระยะที่ 2 รวมกัน: ช่วยเหลือเด็กปฐมวัยมากกว่า 4,400 คน "
    "และเด็กนอกระบบหรือเสี่ยงหลุดจากระบบมากกว่า 2,800 คน การจ่ายเงินในช่วงนั้นไม่ได้บันทึกไว้ในระบบนี้"
)
_PHASES = (
    PhaseDraft(
        ("ระยะที่ 1", "Phase 1", "Fasa 1"),
        date(2019, 6, 24),
        date(2020, 10, 31),
        (_RAMAN, _YAHA, _BANNANG_SATA),
        note=_PUBLISHED,
    ),
    PhaseDraft(
        ("ระยะที่ 2", "Phase 2", "Fasa 2"),
        date(2020, 7, 15),
        date(2021, 10, 14),
        (_RAMAN, _YAHA, _BANNANG_SATA, _MUEANG),
        note=_PUBLISHED,
    ),
)
#: Days in which the phase of today began, before the demo's last day.
_DAYS = 540


def write_phases(state: DemoState) -> None:
    """Write both phases, and one of today, which the demo's own help reaches."""
    administrator, today = state.people.users["admin"].as_actor(), clock.today()
    now = PhaseDraft(
        ("การช่วยเหลือต่อเนื่อง", "Help since then", "Bantuan berterusan"),
        today - timedelta(days=_DAYS),
        today + timedelta(days=365),
        tuple(district.code for district in list_districts()),
        (
            TargetDraft(120, (TargetGroup.EARLY_CHILDHOOD,)),
            TargetDraft(200, (TargetGroup.OUT_OF_SCHOOL, TargetGroup.AT_RISK)),
        ),
        budget_satang=3_000_000_00,
        note="ข้อมูลสาธิต",
    )
    for number, draft in enumerate((*_PHASES, now), start=1):
        open_phase(draft, key=f"demo:phase:{number}", actor=administrator)
    people = [state.people.users[key].public_id for key in ("supervisor", "approver2")]
    agree(state, KEEPERS, KEEPERS_REF, {"people": people})
    _tell_concerns(state)
    count_council(actor=COMMAND_LINE)


def _tell_concerns(state: DemoState) -> None:
    """One that was answered, and one that waits for the two people who read it."""
    told = (
        (ConcernKind.HELP, "โรงเรียนแจ้งว่ายังไม่ได้รับค่ารถรับส่งของภาคเรียนนี้"),
        (ConcernKind.CHILD_SAFETY, "เพื่อนบ้านเป็นห่วงความปลอดภัยของเด็กคนหนึ่งในซอยเดียวกัน (ข้อมูลสาธิต)"),
    )
    for number, (kind, words) in enumerate(told, start=1):
        tell_concern(kind, words, locale="th", key=f"demo:concern:{number}", actor=VISITOR)
    first = find_concern_of_key("demo:concern:1")
    officer = state.people.users["approver"].as_actor()
    answers = {ConcernAction.TAKE: "", ConcernAction.ANSWER: "กองทุนโอนเงินแล้ววันนี้ ขออภัยในความล่าช้า"}
    for action, words in answers.items():
        key = f"demo:concern:{action.value}"
        handle_concern(first.number if first else "", action, words, key=key, actor=officer)
