"""`flask worker` and its rounds."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from fundapp import clock as clocks
from fundapp.db import unit_of_work
from fundapp.giving.models import Pledge
from fundapp.giving.queries import get_pledge, list_open_ended_tokens
from fundapp.mail.models import MailMessage
from fundapp.worker.rounds import EXTEND_EVERY, MOST_ROUNDS_WITHOUT_MAIL, Rounds
from tests.conftest import made_up_key
from tests.factories.books import make_fund
from tests.factories.giving import make_pledge
from tests.factories.mail import make_message
from tests.fakes.mail import NONE, mail_server


@pytest.mark.sqlite
def test_one_round_sends_what_is_due(runner, session):
    unit_of_work(make_message)
    result = runner.invoke(args=["worker", "--once"])
    assert (result.exit_code, result.output) == (0, "sent 1, failed 0\n")
    session.expire_all()
    assert session.scalars(select(MailMessage)).one().sent_at is not None
    assert runner.invoke(args=["worker", "--once"]).output == "sent 0, failed 0\n"


@pytest.mark.sqlite
def test_the_loop_ends_when_it_is_told(session):
    unit_of_work(make_message)
    stop = threading.Event()
    stop.set()
    Rounds(stop).work_until_stopped(pause_seconds=0)
    assert session.scalars(select(MailMessage)).one().sent_at is None


class TestMailServer:
    """A mail server that fails is left alone for longer and longer, and then asked again."""

    @pytest.mark.sqlite
    def test_the_pauses_grow_to_five_minutes(self, app, session, clock, caplog):
        with mail_server() as server:
            app.config["SMTP_URL"] = server.url
        unit_of_work(make_message)
        rounds = Rounds()
        asked = [n for n in range(400) if rounds.work_once().mail.server_error]
        assert asked == [0, 2, 6, 14, 30, 62, *range(122, 400, MOST_ROUNDS_WITHOUT_MAIL + 1)]
        assert "ConnectionRefusedError" in caplog.text
        assert session.scalars(select(MailMessage)).one().attempts == 0

    @pytest.mark.sqlite
    def test_the_next_failure_after_a_success_is_the_first(self, app, session, clock):
        unit_of_work(make_message)
        rounds = Rounds()
        with mail_server(CONNECT="421 too busy") as server:
            app.config["SMTP_URL"] = server.url
            assert [bool(rounds.work_once().mail.server_error) for _ in range(4)] == [1, 0, 1, 0]
            server.answers.clear()
            assert [rounds.work_once().mail.sent for _ in range(3)] == [0, 0, 1]
            server.answers["CONNECT"] = "421 too busy"
            unit_of_work(make_message)
            assert [bool(rounds.work_once().mail.server_error) for _ in range(3)] == [1, 0, 1]

    @pytest.mark.sqlite
    def test_one_round_says_why_nothing_was_sent(self, app, runner, session):
        unit_of_work(make_message)
        with mail_server(CONNECT="421 too busy") as server:
            app.config["SMTP_URL"] = server.url
            output = runner.invoke(args=["worker", "--once"]).output
        assert output.startswith("sent 0, failed 0\nthe mail server: SMTPConnectError")


@pytest.mark.sqlite
class TestSignals:
    """The process ends within two seconds, whatever the mail server does."""

    @pytest.fixture
    def started(self, database_url):
        """Starts a worker that sends to a server."""
        processes = []

        def start(server):
            names = {
                "DATABASE_URL": database_url,
                "FIELD_KEYS": f"k1:{made_up_key('k1')}",
                "SMTP_URL": server.url,
                "PUBLIC_URL": "",
            }
            command = [sys.executable, "-m", "flask", "--app", "fundapp", "worker"]
            processes.append(subprocess.Popen(command, env={**os.environ, **names}))
            return processes[0]

        yield start
        for process in processes:
            process.kill()
            process.wait()

    @pytest.mark.parametrize(
        ("number", "hangs_at", "tries"),
        [(signal.SIGINT, "CONNECT", 0), (signal.SIGTERM, "DATA", 1)],
    )
    def test_in_the_middle_of_a_conversation(self, session, started, number, hangs_at, tries):
        """A message that the server may have taken keeps its claim; the others are due."""
        unit_of_work(lambda: [make_message(about_ref=str(each)) for each in range(3)])
        session.rollback()
        with mail_server(**{hangs_at: NONE}) as server:
            process = started(server)
            assert server.is_waited_for.wait(60)
            began = time.monotonic()
            process.send_signal(number)
            assert process.wait(30) == 0
            assert time.monotonic() - began < 2
        messages = session.scalars(select(MailMessage).order_by(MailMessage.attempts)).all()
        assert [message.attempts for message in messages] == [0, 0, tries]
        claimed = [each for each in messages if each.due_at > clocks.now() + timedelta(minutes=5)]
        assert [message.attempts for message in claimed] == [1] * tries
        assert [message.sent_at for message in messages] == [None] * 3

    def test_between_two_rounds(self, session, started):
        unit_of_work(make_message)
        session.rollback()
        with mail_server(QUIT=NONE) as server:
            process = started(server)
            assert server.is_waited_for.wait(60)
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            assert process.wait(30) == 0
            assert time.monotonic() - began < 2
        assert session.scalars(select(MailMessage)).one().sent_at is not None


class TestSchedules:
    """Open-ended pledges keep twelve unpaid instalments ahead of them."""

    @pytest.fixture
    def token(self, session, clock):
        """An open-ended, monthly pledge."""
        make_fund("GENERAL")
        return make_pledge(instalment_count=None, amount_satang=50_000).token

    def due_dates(self, session, token):
        session.expire_all()
        return [instalment.due_on for instalment in get_pledge(token).instalments]

    def test_a_round_adds_the_next_instalments(self, runner, session, clock, token):
        assert list_open_ended_tokens(clocks.today()) == []
        clock.shift(timedelta(days=70))
        assert runner.invoke(args=["worker", "--once"]).exit_code == 0
        days = self.due_dates(session, token)
        assert (len(days), days[-1]) == (15, date(2028, 1, 24))
        assert runner.invoke(args=["worker", "--once"]).exit_code == 0
        assert self.due_dates(session, token) == days

    @pytest.mark.sqlite
    def test_a_process_looks_for_them_once_an_hour(self, session, clock, token):
        """After midnight in Thailand the first instalment lies in the past."""
        rounds = Rounds()
        clock.move_to(datetime(2026, 11, 24, 16, 30, tzinfo=UTC))
        rounds.work_once()
        assert len(self.due_dates(session, token)) == 12
        clock.shift(EXTEND_EVERY - timedelta(seconds=1))
        rounds.work_once()
        assert len(self.due_dates(session, token)) == 12
        clock.shift(timedelta(seconds=1))
        rounds.work_once()
        assert len(self.due_dates(session, token)) == 13

    @pytest.mark.sqlite
    def test_a_clock_that_was_ahead_does_not_put_them_off(self, session, clock):
        rounds = Rounds()
        clock.shift(timedelta(days=400))
        rounds.work_once()
        clock.shift(timedelta(days=-400))
        make_fund("GENERAL")
        token = make_pledge(instalment_count=None, amount_satang=50_000).token
        clock.shift(timedelta(days=70))
        rounds.work_once()
        assert len(self.due_dates(session, token)) == 15

    def test_a_pledge_that_fails_does_not_stop_the_others(
        self, runner, session, clock, token, caplog
    ):
        broken = make_pledge(instalment_count=None, amount_satang=50_000).token
        unit_of_work(self.break_schedule, session, broken)
        clock.shift(timedelta(days=70))
        assert runner.invoke(args=["worker", "--once"]).exit_code == 0
        assert len(self.due_dates(session, token)) == 15
        assert len(self.due_dates(session, broken)) == 12
        assert "could not be extended" in caplog.text

    def break_schedule(self, session, token):
        """No instalment can follow a pledge that starts in the last year of the calendar."""
        pledge = session.scalars(select(Pledge).where(Pledge.token == token)).one()
        pledge.starts_on = date(9999, 12, 24)
