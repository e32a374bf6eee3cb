"""`flask worker` and its rounds."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from fundapp import clock as clocks
from fundapp.db import unit_of_work
from fundapp.giving.models import Pledge
from fundapp.giving.queries import get_pledge, list_open_ended_tokens
from fundapp.mail.models import MailMessage
from fundapp.worker.rounds import EXTEND_EVERY, Rounds
from tests.factories.books import make_fund
from tests.factories.giving import make_pledge
from tests.factories.mail import make_message


def test_one_round_sends_what_is_due(runner, session):
    unit_of_work(make_message)
    result = runner.invoke(args=["worker", "--once"])
    assert (result.exit_code, result.output) == (0, "sent 1, failed 0\n")
    session.expire_all()
    assert session.scalars(select(MailMessage)).one().sent_at is not None
    assert runner.invoke(args=["worker", "--once"]).output == "sent 0, failed 0\n"


def test_the_loop_ends_when_it_is_told(session):
    unit_of_work(make_message)
    stop = threading.Event()
    stop.set()
    Rounds().work_until(stop, pause_seconds=0)
    assert session.scalars(select(MailMessage)).one().sent_at is None


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
