"""`flask worker`."""

import threading

from sqlalchemy import select

from fundapp.db import unit_of_work
from fundapp.mail.models import MailMessage
from fundapp.worker.rounds import work_until
from tests.factories.mail import make_message


def test_one_round_delivers_what_waits(runner, session):
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
    work_until(stop, pause_seconds=0)
    assert session.scalars(select(MailMessage)).one().sent_at is None
