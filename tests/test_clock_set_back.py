"""Time only goes forward, also when somebody sets the clock of the server back."""

import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from fundapp import clock as clocks
from fundapp.audit.checks import run_checks
from fundapp.db import db, unit_of_work
from fundapp.identity.models import UserSession
from fundapp.identity.queries import STAFF_IDLE
from fundapp.ids import new_id
from fundapp.ledger.models import JournalEntry
from fundapp.mail.models import MailMessage
from tests.conftest import MORNING, dispose, make_app, settings
from tests.factories.books import make_approval, make_fund, make_gift, make_reversal
from tests.factories.identity import make_user, sign_in
from tests.factories.mail import make_message

HOUR = timedelta(hours=1)


def entry(entry_id):
    db.session.rollback()
    return db.session.get_one(JournalEntry, entry_id)


@pytest.fixture
def books(session, clock):
    make_fund()


@pytest.fixture
def set_back(books, clock):
    """The clock was set back by an hour; the gift was posted before, the books agree."""
    gift = make_gift(100_00)
    clock.move_to(MORNING - HOUR)
    return gift


def test_a_later_entry_can_be_reversed(set_back):
    reversal = make_reversal(set_back)
    assert reversal.id > set_back.id
    assert entry(reversal.id).posted_at == entry(set_back.id).posted_at == MORNING


def test_what_is_spent_comes_after_what_was_given(set_back):
    approval = make_approval(60_00)
    assert approval.id > set_back.id
    red = [result.check.name for result in run_checks() if not result.is_green]
    assert red == []


def test_another_server_does_not_write_before_the_newest_row(set_back, database_url, tmp_path):
    """A process that started after the clock was set back."""
    other = make_app(settings(database_url, tmp_path))
    with other.app_context():
        second = make_gift(1_00)
    dispose(other)
    assert second.id > set_back.id
    assert entry(second.id).posted_at == MORNING


def test_ids_go_on_after_the_newest_row(books, tmp_path, database_url):
    """Also those of a server whose clock is behind that of another one."""
    ahead = new_id() + (10 * 24 * 3_600_000 << 21)

    def write():
        db.session.execute(
            text("INSERT INTO audit_events (id, at, actor, action, subject_type, subject_ref, note)"
                 " SELECT :id, at, actor, action, subject_type, subject_ref, note FROM audit_events"
                 " ORDER BY id DESC LIMIT 1"),
            {"id": ahead},
        )  # fmt: skip

    unit_of_work(write)
    app = make_app(settings(database_url, tmp_path))
    with app.app_context():
        gift = make_gift(1_00)
    dispose(app)
    assert gift.id > ahead


GO_ON = """
import sys
from fundapp.ids import continue_after, new_id
continue_after(int(sys.argv[1]))
print(*[new_id() for _ in range(50)])
"""


def test_two_servers_that_are_behind_make_no_id_twice():
    """Both go on after the newest row, which is the same."""
    ahead = str(new_id() + (3_600_000 << 21))
    first, second = (
        subprocess.run(
            [sys.executable, "-c", GO_ON, ahead], capture_output=True, text=True, check=True
        ).stdout.split()
        for _ in range(2)
    )
    assert len({*first, *second}) == 100
    assert first == sorted(first)
    assert min(int(first[0]), int(second[0])) > int(ahead)


def test_when_the_clock_is_right_again_time_goes_on(set_back, clock):
    clock.move_to(MORNING + HOUR)
    assert entry(make_gift(1_00).id).posted_at == MORNING + HOUR


def test_a_message_is_not_due_before_the_newest_row(set_back):
    unit_of_work(make_message)
    assert db.session.scalar(select(func.max(MailMessage.due_at))) == MORNING


def test_a_unit_of_work_has_one_instant(books, clock):
    def work():
        first = clocks.now()
        clock.shift(2)
        return first, clocks.now(), clocks.today()

    first, second, _day = unit_of_work(work)
    assert first == second == MORNING
    assert clocks.now() == MORNING + timedelta(seconds=2)


def test_a_history_is_loaded_at_its_own_time(books):
    with clocks.at(MORNING - 24 * HOUR):
        gift = make_gift(1_00, on=(MORNING - 24 * HOUR).date())
    assert entry(gift.id).posted_at == MORNING - 24 * HOUR
    assert entry(make_gift(1_00).id).posted_at == MORNING


@pytest.mark.sqlite
def test_readiness_and_the_administrator_are_told(set_back, client):
    assert client.get("/readyz").json["clock"] == "behind by 3600 seconds"
    sign_in(client, make_user("administrator"))
    assert "60 minutes behind" in client.get("/today?lang=en").text


@pytest.mark.sqlite
def test_nobody_is_told_of_a_clock_that_is_right(books, client):
    assert "clock" not in client.get("/readyz").json
    sign_in(client, make_user("administrator"))
    assert "minutes behind" not in client.get("/today?lang=en").text


@pytest.mark.sqlite
def test_others_are_not_told(set_back, client):
    sign_in(client, make_user("approver"))
    assert "minutes behind" not in client.get("/today?lang=en").text


@pytest.mark.sqlite
def test_a_session_that_expired_stays_expired(books, client, clock):
    sign_in(client, make_user("approver"))
    assert client.get("/today").status_code == 200
    clock.move_to(MORNING + STAFF_IDLE + HOUR)
    make_gift(1_00)
    assert client.get("/today").status_code == 302
    clock.move_to(MORNING + timedelta(minutes=1))
    assert client.get("/today").status_code == 302


@pytest.mark.sqlite
def test_a_session_from_the_future_is_refused(books, client):
    sign_in(client, make_user("approver"))

    def tamper():
        session = db.session.scalars(select(UserSession)).one()
        session.last_seen_at = MORNING + HOUR
        session.expires_at = MORNING + 24 * HOUR

    unit_of_work(tamper)
    assert client.get("/today").status_code == 302
