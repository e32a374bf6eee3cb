"""Counting the figures of the council."""

from datetime import timedelta

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.council.counting import count_figures
from fundapp.council.locking import lock_reports
from fundapp.council.models import CouncilFigure, CouncilReport
from fundapp.council.policy import may_count_council
from fundapp.council.queries import find_newest_report, has_files
from fundapp.db import db
from fundapp.ids import new_id
from fundapp.places.queries import list_districts
from fundapp.trail.operations import record_event

#: How long figures stand, and the days of help that they look back on.
COUNTED_EVERY, DAYS = timedelta(days=7), timedelta(days=365)


def count_council(*, is_asked: bool = False, actor: Actor) -> CouncilReport | None:
    """Count the figures anew when a week has gone by, or today when somebody asks; None when there
    is nothing to count. Raises ForbiddenError and KeyringError.
    """
    require(may_count_council(actor))
    lock_reports()
    today, newest = clock.today(), find_newest_report()
    wait = timedelta(days=1) if is_asked else COUNTED_EVERY
    if not has_files() or (newest is not None and today < newest.day + wait):
        return None
    first = today - DAYS + timedelta(days=1)
    report = CouncilReport(id=new_id(), starts_on=first, day=today, counted_at=clock.now())
    db.session.add(report)
    db.session.flush()
    codes = [district.code for district in list_districts()]
    db.session.add_all(
        CouncilFigure(
            report_id=report.id, kind=kind, district_code=district, column=column, value=value
        )
        for kind, district, column, value in count_figures(codes, first, today)
    )
    db.session.flush()
    record_event(
        "council:report:count",
        actor=actor,
        subject_type="council_report",
        subject_ref=today.isoformat(),
    )
    return report
