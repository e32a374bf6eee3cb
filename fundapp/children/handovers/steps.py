"""What other operations do with the responsibility for a child."""

from sqlalchemy import select

from fundapp import clock
from fundapp.children.handovers.models import ChildHandover, ChildManager
from fundapp.children.models import Child
from fundapp.db import db


def begin_care(child: Child, manager_id: int | None, handover: ChildHandover | None = None) -> None:
    """From now on this person is responsible for the child, or nobody; who was is not any more."""
    end_care(child)
    row = ChildManager(
        child_id=child.id,
        district_code=child.district_code,
        manager_id=manager_id,
        handover_id=handover.id if handover is not None else None,
        since_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()


def end_care(child: Child) -> None:
    """Nobody is responsible any more: the file is closed, or somebody else begins."""
    row = db.session.scalar(
        select(ChildManager)
        .where(ChildManager.child_id == child.id, ChildManager.until_at.is_(None))
        .execution_options(populate_existing=True)
    )
    if row is not None:
        row.until_at = max(clock.now(), row.since_at)
        db.session.flush()


def resume_care(child: Child) -> None:
    """The file is open again: whoever was responsible last is responsible again."""
    last = select(ChildManager.manager_id).where(ChildManager.child_id == child.id)
    begin_care(child, db.session.scalar(last.order_by(ChildManager.id.desc()).limit(1)))


def drop_waiting_handover(child: Child, person_id: int) -> None:
    """A hand-over that nobody took comes to nothing, because the child goes elsewhere."""
    row = db.session.scalar(
        select(ChildHandover).where(
            ChildHandover.child_id == child.id, ChildHandover.settled_at.is_(None)
        )
    )
    if row is not None:
        settle_handover(row, person_id, is_taken=False)


def settle_handover(row: ChildHandover, person_id: int, *, is_taken: bool) -> None:
    """Say what became of it, and who said so."""
    row.is_taken = is_taken
    row.settled_by_id, row.settled_at = person_id, clock.now()
    db.session.flush()
