"""The trail: what a row says, that it comes and goes with its unit of work, and stays for good."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from fundapp.db import db, unit_of_work
from fundapp.trail.models import AuditEvent, ChildRead
from fundapp.trail.operations import record_child_reads, record_event, record_events
from fundapp.trail.queries import Span, list_events, search_child_reads, search_events
from tests.factories.actors import AUDITOR, MANAGER, OFFICER, WORKER

pytestmark = pytest.mark.usefixtures("session", "clock")

MORNING = datetime(2026, 11, 24, 3, tzinfo=UTC)


ALWAYS = Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def reads_of(child, limit=200):
    """The reads of one child, newest first."""
    condition = ChildRead.child_ref == child
    return search_child_reads(ALWAYS, child_refs=condition, limit=limit).rows


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
    assert reads_of("c-1") == []


def test_a_read_says_who_saw_which_child_when_and_where():
    see("c-1", "c-2", purpose="list")
    for child in ("c-1", "c-2"):
        (read,) = reads_of(child)
        assert (read.at, read.reader, read.purpose) == (MORNING, "manager", "list")
        assert read.child_ref == child


def test_reads_of_a_child_come_newest_first(clock):
    for purpose in ("list", "file", "request"):
        see("c-1", purpose=purpose)
        clock.shift(timedelta(minutes=1))
    see("c-2", reader=AUDITOR)
    reads = reads_of("c-1")
    assert [read.purpose for read in reads] == ["request", "file", "list"]
    assert [read.at - MORNING for read in reads] == [timedelta(minutes=m) for m in (2, 1, 0)]
    assert [read.purpose for read in reads_of("c-1", limit=1)] == ["request"]


def test_lists_are_of_two_hundred_rows():
    def work():
        for number in range(201):
            record_event(f"a:b:{number}", actor=OFFICER, subject_type="fund", subject_ref="f-1")
            record_child_reads(["c-1"], reader=MANAGER, purpose=str(number))

    unit_of_work(work)
    assert len(list_events("fund", "f-1")) == len(reads_of("c-1")) == 200


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


def test_a_change_keeps_the_values_before_and_after_and_nothing_that_stayed():
    changes = {"limit": (100, 200), "name": ("same", "same"), "day": (None, MORNING.date())}
    unit_of_work(
        record_event,
        "a:b:c",
        actor=OFFICER,
        subject_type="fund",
        subject_ref="f-1",
        changes=changes,
    )
    (event,) = list_events("fund", "f-1")
    assert event.changes == {"limit": ["100", "200"], "day": ["", "2026-11-24"]}


def test_events_of_many_things_are_written_at_once():
    unit_of_work(
        record_events, "a:b:c", actor=OFFICER, subject_type="fund", subject_refs=["f-1", "f-2"]
    )
    for ref in ("f-1", "f-2"):
        (event,) = list_events("fund", ref)
        assert (event.at, event.actor, event.action) == (MORNING, "officer", "a:b:c")
        assert (event.note, event.changes) == ("", {})


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["d", "c", "b", "a"]),
        ({"actors": ["officer"]}, ["c", "a"]),
        ({"actors": []}, []),
        ({"kind": "fund"}, ["c", "b", "a"]),
        ({"things": {"fund": ["f-2"]}}, ["b"]),
        ({"things": {"fund": []}}, []),
        ({"things": {}}, []),
        ({"things": {"fund": ["f-2"], "user": ["u-1", "f-1"]}}, ["d", "b"]),
        ({"action": "x:y:d"}, ["d"]),
    ],
)
def test_the_trail_is_searched_by_person_thing_and_verb(clock, wanted, found):
    for name, ref, actor, kind in (
        ("a", "f-1", OFFICER, "fund"),
        ("b", "f-2", AUDITOR, "fund"),
        ("c", "f-1", OFFICER, "fund"),
        ("d", "u-1", AUDITOR, "user"),
    ):
        do(f"x:y:{name}", ref, actor=actor, subject_type=kind)
        clock.shift(timedelta(minutes=1))
    page = search_events(ALWAYS, limit=10, **wanted)
    assert [event.action.removeprefix("x:y:") for event in page.rows] == found
    assert page.next_key is None


def test_the_trail_is_read_in_pages_and_in_a_span_of_time(clock):
    for name in "abcde":
        do(f"x:y:{name}")
        if name != "b":  # two in one second
            clock.shift(timedelta(hours=1))
    seen, after = [], None
    while True:
        page = search_events(ALWAYS, limit=2, after=after)
        seen += [event.action[-1] for event in page.rows]
        if page.next_key is None:
            break
        after = int(page.next_key)
    assert seen == list("edcba")
    span = Span(MORNING + timedelta(hours=1), MORNING + timedelta(hours=2))
    assert [event.action[-1] for event in search_events(span, limit=9).rows] == ["c", "b"]
