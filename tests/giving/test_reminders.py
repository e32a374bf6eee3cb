"""Donors are reminded once before and once after each due date, until they pay, pause or say no."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from fundapp import clock as clocks
from fundapp.access.actors import WORKER
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.giving import operations
from fundapp.giving.models import Frequency, Reminder
from fundapp.giving.reminders.batches import send_reminders
from fundapp.giving.reminders.operations import remind
from fundapp.ledger.operations import freeze_fund
from fundapp.mail.models import MailMessage
from tests.factories.actors import OFFICER, VISITOR
from tests.factories.giving import make_payment, make_pledge
from tests.factories.line import line, link_line


@pytest.fixture
def pledge(funds, clock):
    """1,000 baht in three months by a donor with a mailbox, the first in ten days: 4 December."""
    return make_pledge(starts_on=clocks.today() + timedelta(days=10))


@pytest.fixture
def reminded(funds, clock):
    """`reminded(4)`: the subjects of what is sent in the next four days."""

    def begin(days):
        seen = len(_messages(funds))
        for _day in range(days):
            clock.shift(timedelta(days=1))
            send_reminders(actor=WORKER)
        return [message.subject for message in _messages(funds)[seen:]]

    return begin


def _messages(session):
    session.rollback()
    rows = session.scalars(select(MailMessage).order_by(MailMessage.id)).all()
    return [row for row in rows if row.about_type == "pledge" and row.stop_url]


def test_once_before_and_once_after_each_due_date(pledge, reminded):
    assert reminded(6) == []
    assert reminded(1) == ["งวดบริจาค 333.34 บาท ครบกำหนดวันที่ 4 ธันวาคม 2569"]
    assert reminded(9) == []
    assert reminded(1) == ["งวดบริจาค 333.34 บาท ครบกำหนดแล้วเมื่อวันที่ 4 ธันวาคม 2569"]
    assert reminded(21) == ["งวดบริจาค 333.33 บาท ครบกำหนดวันที่ 4 มกราคม 2570"]


@pytest.mark.sqlite
def test_what_is_paid_is_not_brought_up(pledge, reminded):
    make_payment(33_334, pledge.instalments[0])
    assert reminded(30) == []
    assert len(reminded(10)) == 1


@pytest.mark.sqlite
@pytest.mark.parametrize("action", ["pause", "cancel"])
def test_a_pledge_that_does_not_run_is_left_alone(pledge, reminded, action):
    unit_of_work(getattr(operations, f"{action}_pledge"), pledge.token, actor=VISITOR)
    assert reminded(20) == []


@pytest.mark.sqlite
def test_a_frozen_funds_reminders_stop_too(pledge, reminded, funds):
    unit_of_work(freeze_fund, "GENERAL", actor=OFFICER)
    assert reminded(20) == []


def test_a_new_due_date_is_a_new_reminder(pledge, reminded, clock):
    assert len(reminded(7)) == 1
    later = clocks.today() + timedelta(days=10)
    terms = {"amount_satang": 100_000, "starts_on": later}
    unit_of_work(operations.change_pledge, pledge.token, **terms, actor=VISITOR)
    assert len(reminded(7)) == 1


@pytest.mark.sqlite
def test_whoever_promised_for_today_is_reminded_only_a_week_after(funds, reminded):
    make_pledge(frequency=Frequency.ONCE, instalment_count=1)
    assert reminded(6) == []
    assert len(reminded(20)) == 1


@pytest.mark.sqlite
def test_whoever_never_answers_is_left_alone(funds, reminded):
    make_pledge(frequency=Frequency.MONTHLY, instalment_count=None)
    sent = reminded(200)
    assert len(sent) == 5
    assert reminded(60) == []


@pytest.mark.sqlite
def test_what_has_been_due_for_long_is_not_brought_up(pledge, clock, funds):
    clock.shift(timedelta(days=52))  # 15 January
    send_reminders(actor=WORKER)
    [message] = _messages(funds)
    assert message.subject == "งวดบริจาค 333.33 บาท ครบกำหนดแล้วเมื่อวันที่ 4 มกราคม 2570"
    assert "4 ธันวาคม 2569" not in message.body


@pytest.mark.sqlite
def test_without_an_address_nobody_is_reminded(funds, reminded):
    make_pledge(email=None)
    assert reminded(20) == []


@pytest.mark.sqlite
def test_only_processes_may_remind(pledge):
    for actor in (OFFICER, VISITOR):
        with pytest.raises(ForbiddenError):
            unit_of_work(remind, pledge.id, actor=actor)


def test_the_database_takes_no_second_reminder_of_a_due_date(pledge, reminded, funds):
    reminded(7)
    again = text(
        "INSERT INTO reminders (instalment_id, kind, due_on, queued_at)"
        " SELECT instalment_id, kind, due_on, queued_at FROM reminders"
    )
    with pytest.raises(IntegrityError):
        unit_of_work(lambda: db.session.execute(again))
    assert len(funds.scalars(select(Reminder)).all()) == 1


@pytest.mark.sqlite
class TestTheMessage:
    """The same on every database: it is text."""

    def test_it_leads_to_the_pledge_and_names_what_is_open(self, pledge, reminded, funds):
        make_payment(10_000, pledge.instalments[0])
        reminded(7)
        message = _messages(funds)[-1]
        assert f"/pledges/{pledge.token}" in message.body
        assert "233.34 บาท ครบกำหนดวันที่ 4 ธันวาคม 2569" in message.body

    def test_its_link_stops_reminders_and_starts_them_again(self, pledge, reminded, funds, client):
        reminded(7)
        url = re.search(r"/messages/[\w.-]+", _messages(funds)[-1].body)[0]
        opened = client.get(url)
        assert opened.status_code == 200
        assert reminded(5) == []
        assert client.post(url, data={"List-Unsubscribe": "One-Click"}).status_code == 303
        assert reminded(15) == []
        assert client.post(f"{url}/resume").status_code == 303
        assert len(reminded(17)) == 2

    def test_a_code_of_others_making_stops_nothing(self, pledge, client):
        assert client.get(f"/messages/{pledge.donor.public_id}").status_code == 404
        assert client.post(f"/messages/{pledge.donor.public_id}").status_code == 404

    def test_the_command_does_the_same(self, pledge, clock, runner):
        clock.shift(timedelta(days=7))
        assert runner.invoke(args=["giving", "send-reminders"]).output == "queued 1\n"
        assert runner.invoke(args=["giving", "send-reminders"]).output == "queued 0\n"


@pytest.mark.sqlite
class TestFindMyPledge:
    """The address goes to the mailbox; the page tells nothing."""

    def test_by_address_and_by_reference(self, funds, client):
        pledge = make_pledge(email="lost@example.org")
        other = make_pledge(email="other@example.org")
        told = set()
        for form in (
            {"email": "Lost@Example.org"},
            {"reference": pledge.instalments[1].reference.lower()},
            {"email": "nobody@example.org"},
        ):
            answer = client.post("/find-my-pledge", data=form, follow_redirects=True)
            assert answer.status_code == 200
            told.add(re.sub(r"value=\"[^\"]*\"|nonce-\S+|nonce=\"[^\"]*\"", "", answer.text))
        assert len(told) == 1
        sent = [row for row in funds.scalars(select(MailMessage)) if row.about_type == "donor"]
        assert {row.to_address for row in sent} == {"lost@example.org"}
        assert len(sent) == 2
        assert all(f"/pledges/{pledge.token}" in row.body for row in sent)
        assert other.token not in "".join(row.body for row in sent)

    def test_by_reference_and_telephone_also_to_line(self, app, funds, client):
        """Only with the donor's own number, and the page says the same each time."""
        with line(app, client):
            pledge = make_pledge(email=None, phone="0812345678")
            make_pledge(name="Other", email=None, phone="0899999999")
            link_line(pledge.donor)
            given = {"reference": pledge.instalments[0].reference, "phone": "+66 81-234-5678"}
            told = set()
            for form in (given, {**given, "phone": "0899999999"}, {**given, "reference": "x"}):
                answer = client.post("/find-my-pledge", data=form, follow_redirects=True)
                told.add((answer.status_code, "mailbox or the LINE account of" in answer.text))
            assert told == {(200, True), (422, False)}
            found = select(MailMessage).where(MailMessage.subject == "Your gifts and pledges")
            (sent,) = funds.scalars(found)
            assert (sent.channel, sent.to_address) == ("line", "LINE")
            assert f"/pledges/{pledge.token}" in sent.body

    @pytest.mark.parametrize(
        ("form", "sentence"),
        [
            ({"phone": "0812345678"}, "Enter the reference of your gift beside the number."),
            ({}, "Enter your e-mail address, or the reference of your gift."),
            ({"reference": "A1"}, "This is no reference of the fund."),
            ({"email": "me@"}, "e-mail"),
        ],
    )
    def test_what_cannot_be_read_is_said(self, funds, client, form, sentence):
        client.set_cookie("lang", "en")
        answer = client.post("/find-my-pledge", data=form)
        assert (answer.status_code, sentence in answer.text) == (422, True)

    def test_a_mailbox_gets_few_messages(self, app, funds, client):
        app.config.update(RATELIMIT_ENABLED=True, LIMIT_FIND_PLEDGE_EMAIL="2 per hour")
        make_pledge(email="lost@example.org")
        codes = [
            client.post("/find-my-pledge", data={"email": "lost@example.org"}).status_code
            for _each in range(3)
        ]
        assert codes == [303, 303, 429]

    def test_a_pledge_sends_its_address_to_its_own_mailbox(self, funds, client):
        pledge = make_pledge(email="mine@example.org")
        page = client.get(f"/pledges/{pledge.token}").text
        assert f'action="/pledges/{pledge.token}/send-address"' in page
        assert f"%2Fpledges%2F{pledge.token}" in page.replace("/pledges/", "%2Fpledges%2F")
        answer = client.post(f"/pledges/{pledge.token}/send-address")
        assert (answer.status_code, answer.location) == (303, f"/pledges/{pledge.token}")
        [sent] = [row for row in funds.scalars(select(MailMessage)) if row.about_type == "donor"]
        assert (sent.to_address, pledge.token in sent.body) == ("mine@example.org", True)
