"""Phases of the programme for tests."""

from datetime import timedelta
from typing import Any

from fundapp import clock
from fundapp.children.models import TargetGroup
from fundapp.db import unit_of_work
from fundapp.ids import new_public_id
from fundapp.programmes.drafts import PhaseDraft, TargetDraft
from fundapp.programmes.models import ProgrammePhase
from fundapp.programmes.operations import open_phase
from tests.factories.actors import ADMINISTRATOR
from tests.factories.children import RAMAN, YAHA


def phase_draft(**overrides: Any) -> PhaseDraft:
    """Sixty days around today in two districts."""
    today = clock.today()
    values = {
        "names": ("ระยะที่ 1", "Phase 1", "Fasa 1"),
        "starts_on": today - timedelta(days=30),
        "ends_on": today + timedelta(days=30),
        "district_codes": (RAMAN, YAHA),
        "targets": (TargetDraft(4400, (TargetGroup.AT_RISK,)),),
        "note": "Published: more than 4,400",
        **overrides,
    }
    return PhaseDraft(**values)


def make_phase(**overrides: Any) -> ProgrammePhase:
    """A phase that an administrator opened."""
    key = new_public_id()
    return unit_of_work(open_phase, phase_draft(**overrides), key=key, actor=ADMINISTRATOR)
