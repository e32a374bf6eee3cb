"""An import of which nothing is matched is taken back whole; what other files state stays."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.audit.checks import run_checks
from fundapp.banking.errors import ImportInUseError, ImportNeededError, ImportUndoneError
from fundapp.banking.models import LineStatus, StatedLine, StatementLine
from fundapp.banking.operations import hold_line, match_line, undo_import, unmatch_line
from fundapp.banking.queries import (
    get_bank_account,
    get_line,
    get_statement,
    list_account_lines,
    reconcile,
)
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError, NotFoundError
from fundapp.trail.models import AuditEvent
from tests.banking.pages import text as page_of
from tests.factories.actors import MANAGER, OFFICER
from tests.factories.banking import (
    LAST,
    TUESDAY,
    WEDNESDAY,
    Move,
    detail_of,
    do_import,
    lines_of,
    statement_file,
)
from tests.factories.giving import make_payment

GIFT = Move(50_000, "first")
OTHER = Move(70_000, "second", time="12:00")
NEXT = Move(30_000, "third", day=WEDNESDAY)
FIRST = statement_file([GIFT], to_on=TUESDAY)
SECOND = statement_file([GIFT, OTHER, NEXT], to_on=LAST)


def undo(result):
    public_id = result.statement.public_id
    return unit_of_work(undo_import, public_id, actor=OFFICER)


def kept():
    db.session.rollback()
    return [(detail_of(line), line.balance_satang) for line in list_account_lines("KTB-MAIN")]


def match(line):
    payment = make_payment(line.deposit_satang, received_on=line.booked_on)
    values = {"payment_public_id": payment.public_id, "actor": OFFICER}
    unit_of_work(match_line, line.public_id, **values)


def red():
    return [result.check.name for result in run_checks() if not result.is_green]


def test_an_import_is_taken_back_whole_and_may_be_made_again(bank):
    result = do_import(SECOND)
    undone = undo(result)
    assert kept() == []
    assert undone.undone_by == OFFICER.ref
    assert db.session.scalar(db.select(db.func.count()).select_from(StatedLine)) == 3
    assert reconcile(get_bank_account("KTB-MAIN"), LAST) is None
    assert red() == []
    again = do_import(SECOND)
    assert (again.new_lines, again.known_lines, again.is_known_file) == (3, 0, False)
    assert db.session.scalar(db.select(db.func.count()).select_from(StatementLine)) == 3
    assert red() == []


@pytest.mark.sqlite
def test_the_trail_names_it(bank):
    public_id = do_import(SECOND).statement.public_id
    unit_of_work(undo_import, public_id, actor=OFFICER)
    verbs = db.session.scalars(
        db.select(AuditEvent.action).filter_by(subject_ref=public_id).order_by(AuditEvent.id)
    )
    assert list(verbs) == ["banking:statement:import", "banking:statement:undo"]


@pytest.mark.one_case
@pytest.mark.parametrize(("taken_back", "left"), [(0, 3), (1, 1)])
def test_lines_that_another_file_states_stay(bank, taken_back, left):
    results = [do_import(FIRST), do_import(SECOND)]
    undo(results[taken_back])
    assert kept() == [("first", 1_050_000), ("second", 1_120_000), ("third", 1_150_000)][:left]
    (line, *_) = list_account_lines("KTB-MAIN")
    assert line.statement_id == results[1 - taken_back].statement.id
    assert red() == []


@pytest.mark.sqlite
def test_words_are_those_of_the_files_that_are_left(bank):
    do_import(statement_file([Move(50_000, "X44")], to_on=TUESDAY))
    undo(do_import(statement_file([Move(50_000, "X44 name"), NEXT])))
    assert kept() == [("X44", 1_050_000)]


@pytest.mark.sqlite
def test_a_line_that_was_taken_away_comes_back(bank):
    do_import(FIRST)
    result = do_import(statement_file([OTHER], to_on=WEDNESDAY))
    assert kept() == [("second", 1_070_000)]
    undo(result)
    assert kept() == [("first", 1_050_000)]
    assert red() == []


def test_nothing_is_taken_back_while_one_of_its_lines_is_matched(bank):
    result = do_import(SECOND)
    line = lines_of(result)[1]
    match(line)
    public_id = line.public_id
    with pytest.raises(ImportInUseError):
        undo(result)
    assert len(kept()) == 3
    unit_of_work(unmatch_line, public_id, reason="Wrong", actor=OFFICER)
    undo(result)
    assert kept() == []


@pytest.mark.sqlite
def test_a_matched_line_that_another_file_states_does_not_keep_the_import(bank):
    match(lines_of(do_import(FIRST))[0])
    undo(do_import(SECOND))
    (line,) = list_account_lines("KTB-MAIN")
    assert line.status is LineStatus.MATCHED
    assert red() == []


@pytest.mark.sqlite
def test_a_line_on_hold_is_taken_back_and_waits_again_after_another_import(bank):
    result = do_import(FIRST)
    public_id = lines_of(result)[0].public_id
    unit_of_work(hold_line, public_id, reason="Ask the bank", actor=OFFICER)
    undo(result)
    assert get_line(public_id).status is LineStatus.WITHDRAWN
    do_import(FIRST)
    db.session.rollback()
    assert get_line(public_id).status is LineStatus.UNMATCHED


def test_what_a_newer_import_builds_on_is_not_taken_back(bank):
    """The bank added a line to a day that was over, and a third file has it too."""
    do_import(statement_file([GIFT, NEXT], to_on=date(2026, 11, 6)))
    corrected = [GIFT, OTHER, NEXT]
    second = do_import(statement_file(corrected, to_on=LAST), take_over=True)
    third = do_import(
        statement_file([NEXT], opening=1_120_000, from_on=WEDNESDAY, to_on=date(2026, 11, 6)),
        file_name="third.csv",
    )
    fourth = do_import(
        statement_file([NEXT], opening=1_120_000, from_on=WEDNESDAY, to_on=date(2026, 11, 7)),
        file_name="fourth.csv",
    )
    with pytest.raises(ImportNeededError, match=r"fourth\.csv"):
        undo(second)
    undo(fourth)
    undo(third)
    undo(second)
    assert kept() == [("first", 1_050_000), ("third", 1_080_000)]
    assert red() == []


@pytest.mark.sqlite
def test_who_may_and_what_is_there(bank):
    result = do_import(FIRST)
    with pytest.raises(ForbiddenError):
        unit_of_work(undo_import, result.statement.public_id, actor=MANAGER)
    with pytest.raises(NotFoundError):
        unit_of_work(undo_import, "nothing", actor=OFFICER)
    undo(result)
    with pytest.raises(ImportUndoneError):
        undo(result)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE statements SET undone_at = NULL, undone_by = NULL",
        "UPDATE statements SET undone_by = 'somebody else'",
        "UPDATE statement_lines SET status = 'unmatched'",
        "UPDATE statement_lines SET status = 'matched'",
    ],
)
def test_the_database_keeps_it_taken_back(bank, statement):
    undo(do_import(FIRST))
    with pytest.raises(DBAPIError, match=r"kept as written|by its matches only"):
        unit_of_work(db.session.execute, text(statement))


@pytest.mark.sqlite
def test_an_officer_takes_it_back_on_the_page(officer):
    public_id = do_import(SECOND).statement.public_id
    url = f"/bank/statements/{public_id}"
    assert f"{url}/undo" in page_of(officer.get(url))
    assert "Take this import back" in page_of(officer.get(f"{url}/undo"))
    assert get_statement(public_id).undone_at is None
    answer = officer.post(f"{url}/undo")
    assert answer.status_code == 303
    body = page_of(officer.get(url))
    assert "This import was taken back on" in body
    assert f"{url}/undo" not in body
    assert "Taken back" in page_of(officer.get("/bank/statements"))
    assert officer.post(f"{url}/undo").status_code == 409


@pytest.mark.sqlite
def test_the_page_says_why_not(officer):
    result = do_import(SECOND)
    url = f"/bank/statements/{result.statement.public_id}/undo"
    match(lines_of(result)[0])
    answer = officer.post(url)
    assert answer.status_code == 422
    assert "Lines that only this file has are matched." in page_of(answer)


@pytest.mark.sqlite
def test_an_auditor_reads_and_takes_nothing_back(auditor):
    public_id = do_import(FIRST).statement.public_id
    url = f"/bank/statements/{public_id}"
    assert f"{url}/undo" not in page_of(auditor.get(url))
    assert auditor.post(f"{url}/undo").status_code == 403
