"""Samples for tests, frozen and drawn by the operations of the pages."""

from datetime import date
from typing import Any

from fundapp.audit.samples import operations
from fundapp.audit.samples.drafts import PaperDraft, SampleDraft, Scope
from fundapp.audit.samples.models import (
    Confidence,
    PaperResult,
    Sample,
    SampleMethod,
    SeedSource,
)
from fundapp.db import unit_of_work
from fundapp.ids import new_public_id
from tests.factories.actors import AUDITOR


def make_sample(
    materiality: int,
    method: SampleMethod = SampleMethod.MONETARY_UNIT,
    seed: str | None = "481516",
    **scope: Any,
) -> Sample:
    """A sample of the year, frozen, and drawn with ``seed`` unless it is None."""
    days = {"from_on": date(2026, 1, 1), "to_on": date(2026, 12, 31)}
    draft = SampleDraft(Scope(**days, **scope), method, Confidence.C95, materiality)
    sample = unit_of_work(operations.freeze_sample, draft, key=new_public_id(), actor=AUDITOR)
    if seed is not None:
        unit_of_work(operations.draw_sample, sample.number, SeedSource.PUBLIC, seed, actor=AUDITOR)
    return sample


def check_items(sample: Sample, positions: range, draft: PaperDraft | None = None) -> None:
    """Write working papers, all alike: in order unless another is given."""
    for position in positions:
        unit_of_work(
            operations.write_paper,
            sample.number,
            position,
            draft or PaperDraft(PaperResult.IN_ORDER),
            actor=AUDITOR,
        )
