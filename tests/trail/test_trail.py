"""The trail: what a row says, that it comes and goes with its unit of work, and stays for good."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from fundapp.db import db, unit_of_work
from fundapp.trail.models import AuditEvent, ChildRead
from fundapp.trail.operations import record_child_reads, record_event
from fundapp.trail.queries import list_child_reads, list_events
from tests.factories.actors import AUDITOR, MANAGER, OFFICER, WORKER

pytestmark = pytest.mark.usefixtures("session", "clock")

MORNING = datetime(2026, 11, 24, 3, tzinfo=UTC)


def do(action, ref="f-1", *, actor=OFFICER, subject_type="fund", note=""):
    return unit_of_work(
        record_event, action, actor=actor, subject_type=subject_type, subject_ref=ref, note=note
    )


def see(*children, reader=MANAGER, purpose="file"):
    unit_of_work(record_child_reads, children, reader=reader, purpose=purpose)


def test_an_event_says_who_did_what_to_which_thing_when_and_why():
    do("ledger:fund:create", note="asked for by the board")
    (event,) = list_events("fund", "f-1")
    assert (event.at, event.actor, event.action) == (MORNING, "officer", "ledger:fund:create")
    assert (event.subject_type, event.subject_ref) == ("fund", "f-1")
    assert event.note == "asked for by the board"


def test_a_process_is_named_as_its_actor_and_a_note_may_be_missing():
    do("giving:pledge:extend", actor=WORKER)
    assert [(event.actor, event.note) for event in list_events("fund", "f-1")] == [("worker", "")]


def test_what_happened_to_a_thing_comes_newest_first_and_alone():
    for action in ("a:b:first", "a:b:second", "a:b:third"):
        do(action)
    do("a:b:other", "f-2")
    do("a:b:other", subject_type="pledge")
    assert [event.action for event in list_events("fund", "f-1")] == [
        "a:b:third", "a:b:second", "a:b:first",
    ]  # fmt: skip
    assert [event.action for event in list_events("fund", "f-1", limit=2)] == [
        "a:b:third", "a:b:second",
    ]  # fmt: skip
    assert list_events("fund", "f-3") == []


def test_an_event_is_undone_with_the_work_that_it_describes():
    def work():
        record_event("a:b:c", actor=OFFICER, subject_type="fund", subject_ref="f-1")
        record_child_reads(["c-1"], reader=MANAGER, purpose="file")
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        unit_of_work(work)
    assert list_events("fund", "f-1") == []
    assert list_child_reads("c-1") == []


def test_a_read_says_who_saw_which_child_when_and_where():
    see("c-1", "c-2", purpose="list")
    for child in ("c-1", "c-2"):
        (read,) = list_child_reads(child)
        assert (read.at, read.reader, read.purpose) == (MORNING, "manager", "list")
        assert read.child_ref == child


def test_reads_of_a_child_come_newest_first(clock):
    for purpose in ("list", "file", "request"):
        see("c-1", purpose=purpose)
        clock.shift(timedelta(minutes=1))
    see("c-2", reader=AUDITOR)
    reads = list_child_reads("c-1")
    assert [read.purpose for read in reads] == ["request", "file", "list"]
    assert [read.at - MORNING for read in reads] == [timedelta(minutes=m) for m in (2, 1, 0)]
    assert [read.purpose for read in list_child_reads("c-1", limit=1)] == ["request"]


def test_lists_are_of_two_hundred_rows():
    def work():
        for number in range(201):
            record_event(f"a:b:{number}", actor=OFFICER, subject_type="fund", subject_ref="f-1")
            record_child_reads(["c-1"], reader=MANAGER, purpose=str(number))

    unit_of_work(work)
    assert len(list_events("fund", "f-1")) == len(list_child_reads("c-1")) == 200


@pytest.mark.parametrize("table", [AuditEvent, ChildRead])
@pytest.mark.parametrize("statement", ["UPDATE {0} SET at = at", "DELETE FROM {0}"])
def test_no_row_is_changed_or_removed(table, statement):
    do("a:b:c")
    see("c-1")
    with pytest.raises(DBAPIError, match="append-only"):
        unit_of_work(db.session.execute, text(statement.format(table.__tablename__)))
    db.session.rollback()
    assert len(db.session.scalars(select(table)).all()) == 1


def test_the_application_cannot_change_a_row_either():
    event = do("a:b:c")
    with pytest.raises(DBAPIError, match="append-only"):
        unit_of_work(
            db.session.execute,
            update(AuditEvent).where(AuditEvent.id == event.id).values(note="changed"),
        )
