"""The phases of the founding project, as it was published, and the work of today."""

from datetime import date, timedelta

from demo.state import DemoState
from fundapp import clock
from fundapp.children.models import TargetGroup
from fundapp.places.queries import list_districts
from fundapp.programmes.drafts import PhaseDraft, TargetDraft
from fundapp.programmes.operations import open_phase

_RAMAN, _YAHA, _BANNANG_SATA, _MUEANG = "9506", "9505", "9503", "9501"
#: What the news told of both phases together: it does not say how many were of which.
_PUBLISHED = (
    "ตัวเลขที่เผยแพร่ของระยะที่ 1 และระยะที่ 2 รวมกัน: ช่วยเหลือเด็กปฐมวัยมากกว่า 4,400 คน "
    "และเด็กนอกระบบหรือเสี่ยงหลุดจากระบบมากกว่า 2,800 คน จำนวนในตารางเป็นข้อมูลสาธิต"
)
_PHASES = (
    PhaseDraft(
        ("ระยะที่ 1", "Phase 1", "Fasa 1"),
        date(2019, 6, 24),
        date(2020, 10, 31),
        (_RAMAN, _YAHA, _BANNANG_SATA),
        (TargetDraft(4400, (TargetGroup.EARLY_CHILDHOOD,)),),
        note=_PUBLISHED,
    ),
    PhaseDraft(
        ("ระยะที่ 2", "Phase 2", "Fasa 2"),
        date(2020, 7, 15),
        date(2021, 10, 14),
        (_RAMAN, _YAHA, _BANNANG_SATA, _MUEANG),
        (TargetDraft(2800, (TargetGroup.OUT_OF_SCHOOL, TargetGroup.AT_RISK)),),
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
