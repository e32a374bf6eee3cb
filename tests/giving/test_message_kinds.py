"""Each kind of message is written once, in the donor's language, stays in the donor's file, and
stops where it can be stopped.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from fundapp import clock as clocks
from fundapp.access.actors import WORKER
from fundapp.access.permissions import Role
from fundapp.db import db, unit_of_work
from fundapp.giving import operations
from fundapp.giving.channels.queries import messages_of
from fundapp.giving.models import (
    Frequency,
    RefundRefusal,
    RefundWay,
    ReplaceReason,
    YearMessage,
)
from fundapp.giving.queries import find_receipt_of
from fundapp.giving.receipts.content import Payer
from fundapp.giving.receipts.keys import owner_key
from fundapp.giving.receipts.operations import replace_receipt
from fundapp.giving.reminders.batches import send_reminders
from fundapp.giving.reminders.operations import choose_messages
from fundapp.mail import operations as mail
from fundapp.mail.batches import deliver_due
from fundapp.mail.bounces import Bounce
from fundapp.mail.drafts import SECRET_MARK
from fundapp.mail.encryption import message_token
from fundapp.mail.models import MailMessage, MessageKind
from fundapp.worker.rounds import Rounds
from tests.factories.actors import COMMAND_LINE, OFFICER, VISITOR
from tests.factories.giving import (
    make_donor,
    make_office_refund,
    make_payment,
    make_pledge,
    make_return,
    make_reversal,
)
from tests.factories.identity import make_user, sign_in
from tests.fakes.mail import FakeMailer

LINK = re.compile(r"https?://[^/\s]+(/\S+)")


@pytest.fixture(autouse=True)
def english(client):
    """The client reads English."""
    client.set_cookie("lang", "en")


@pytest.fixture
def pledge(funds, clock):
    """1,000 baht in three months, the first in ten days: 4 December."""
    return make_pledge(starts_on=clocks.today() + timedelta(days=10), locale="en")


def told(kind):
    db.session.rollback()
    statement = select(MailMessage).filter_by(kind=kind).order_by(MailMessage.id)
    return db.session.scalars(statement).all()


def links(message):
    return LINK.findall(message.body)


def replaced(payment):
    receipt = find_receipt_of(payment.id)
    payer = Payer("Aminah Sani-Hassan", address="", tax_id="")
    return unit_of_work(
        replace_receipt, receipt.code, payer, reason=ReplaceReason.NAME, actor=OFFICER
    )


@pytest.mark.sqlite
def test_a_receipt_that_is_replaced_or_void_is_told_with_the_link_of_its_owner(pledge, client):
    payment = make_payment(33_334, pledge.instalments[0])
    old = find_receipt_of(payment.id).label
    new = replaced(payment)
    [message] = told(MessageKind.RECEIPT_CHANGED)
    assert new.label in message.subject
    assert old in message.body
    page = client.get(links(message)[1])
    assert "Aminah Sani-Hassan" in page.text
    make_reversal(payment)
    message = told(MessageKind.RECEIPT_CHANGED)[-1]
    assert message.subject == f"Receipt {new.label} is void"
    assert "recorded wrongly" in message.body
    other = make_payment(33_333, pledge.instalments[1])
    make_return(other)
    assert "The bank took back" in told(MessageKind.RECEIPT_CHANGED)[-1].subject


@pytest.mark.sqlite
def test_the_donor_is_told_what_the_office_changes_and_not_what_the_donor_does(pledge, client):
    terms = {"amount_satang": 90_000, "starts_on": clocks.today() + timedelta(days=20)}
    unit_of_work(operations.change_pledge, pledge.token, **terms, actor=VISITOR)
    for action in (operations.pause_pledge, operations.resume_pledge):
        unit_of_work(action, pledge.token, actor=VISITOR)
    assert told(MessageKind.PLEDGE_CHANGED) == []
    asked = {"reason": "Asked by telephone", "actor": OFFICER}
    terms["amount_satang"] = 60_000
    unit_of_work(operations.change_pledge, pledge.token, **terms, **asked)
    for action in ("pause", "resume", "cancel"):
        unit_of_work(getattr(operations, f"{action}_pledge"), pledge.token, **asked)
    bodies = [message.body for message in told(MessageKind.PLEDGE_CHANGED)]
    assert ["Next: 200.00 baht on" in body for body in bodies] == [True, False, True, False]
    verbs = ("we have changed", "we have paused", "goes on", "we have cancelled")
    for body, verb in zip(bodies, verbs, strict=True):
        assert verb in body
        assert f"/pledges/{pledge.token}" in body


@pytest.mark.one_case
@pytest.mark.parametrize("locale", ["th", "en", "ms"])
def test_a_year_is_told_once_with_the_sum_of_its_receipts(funds, clock, client, runner, locale):
    pledge = make_pledge(locale=locale)
    payments = [make_payment(33_334, pledge.instalments[0])]
    payments.append(make_payment(10_000, pledge.instalments[1]))
    make_reversal(make_payment(5_000, pledge.instalments[2]))
    clock.move_to(datetime(2027, 1, 9, 5, tzinfo=UTC))
    for _round in range(2):
        Rounds().work_once()
    assert told(MessageKind.YEAR) == []
    clock.move_to(datetime(2027, 1, 10, 5, tzinfo=UTC))
    for _round in range(2):
        Rounds().work_once()
    [message] = told(MessageKind.YEAR)
    assert "433.34" in message.body
    assert message.stop_url in message.body
    address = links(message)[0]
    page = client.get(address)
    assert "433.34" in page.text
    for payment in payments:
        assert find_receipt_of(payment.id).label in page.text
    receipt = re.search(r'href="(/receipts/[^"]+)"', page.text)[1]
    assert "Aminah Sani" in client.get(receipt).text
    assert client.get(f"{address}.pdf").mimetype == "application/pdf"
    assert client.get("/statements/forged").status_code == 404
    assert client.get(address.replace(".", ".x")).status_code == 404
    assert runner.invoke(args=["giving", "send-statements", "2569"]).output == "queued 0\n"
    with pytest.raises(IntegrityError):
        again = text(
            "INSERT INTO year_messages SELECT donor_id, year, queued_at FROM year_messages"
        )
        unit_of_work(lambda: db.session.execute(again))


@pytest.mark.sqlite
def test_a_year_is_told_to_the_file_that_others_were_merged_into(funds, clock, runner):
    one, other = make_pledge(name="Aminah Sani"), make_pledge(name="Aminah S.", email=None)
    make_payment(10_000, one.instalments[0])
    make_payment(20_000, other.instalments[0])
    into = one.donor.public_id
    unit_of_work(operations.merge_donor, other.donor.public_id, into=into, actor=OFFICER)
    clock.move_to(datetime(2027, 2, 1, 5, tzinfo=UTC))
    assert runner.invoke(args=["giving", "send-statements", "2569"]).output == "queued 1\n"
    [message] = told(MessageKind.YEAR)
    assert "300.00" in message.body
    rows = messages_of(one.donor).rows
    assert [row.kind for row in rows] == [MessageKind.YEAR, MessageKind.RECEIPT]
    assert db.session.scalars(select(YearMessage.donor_id)).all() == [one.donor_id]


def test_one_rule_stops_all_but_receipts(pledge, clock, client, runner):
    make_payment(10_000, pledge.instalments[0])
    send_on = clocks.today() + timedelta(days=7)
    clock.move_to(datetime(send_on.year, send_on.month, send_on.day, 5, tzinfo=UTC))
    send_reminders(actor=WORKER)
    [message] = told(MessageKind.REMINDER)
    address = LINK.fullmatch(message.stop_url)[1]
    # RFC 8058: one POST of a mail program, without a token.
    body = {"List-Unsubscribe": "One-Click"}
    assert client.post(address, data=body).status_code == 303
    assert "We send you receipts only." in client.get(address).text
    clock.move_to(datetime(2027, 1, 20, 5, tzinfo=UTC))
    send_reminders(actor=WORKER)
    assert runner.invoke(args=["giving", "send-statements", "2569"]).output == "queued 0\n"
    make_payment(10_000, pledge.instalments[1])
    replaced(make_payment(10_000, pledge.instalments[2]))
    reason = "Asked by telephone"
    unit_of_work(operations.cancel_pledge, pledge.token, reason=reason, actor=OFFICER)
    kinds = [row.kind for row in messages_of(pledge.donor).rows]
    assert kinds == [
        MessageKind.PLEDGE_CHANGED,
        MessageKind.RECEIPT_CHANGED,
        MessageKind.RECEIPT,
        MessageKind.RECEIPT,
        MessageKind.REMINDER,
        MessageKind.RECEIPT,
    ]
    unit_of_work(choose_messages, pledge.donor.public_id, wants_reminders=True, actor=VISITOR)
    assert runner.invoke(args=["giving", "send-statements", "2570"]).output == "queued 1\n"


@pytest.mark.sqlite
def test_the_file_shows_each_message_and_what_became_of_it(pledge, officer, clock):
    client = officer
    make_payment(33_334, pledge.instalments[0])
    deliver_due(FakeMailer(), actor=WORKER)
    [message] = told(MessageKind.RECEIPT)
    back = Bounce(message_token(message.id), "5.1.1")
    unit_of_work(mail.note_bounce, back, actor=COMMAND_LINE)
    donor = f"/donors/{pledge.donor.public_id}"
    assert "The e-mail address takes no messages" in client.get(donor).text
    page = client.get(f"{donor}/messages").text
    for words in ("Thank-you with the receipt", "Came back", "5.1.1", f"/outbox/{message.id}"):
        assert words in page
    assert "Donors whom messages do not reach" in client.get("/today").text
    assert pledge.donor.email in client.get("/donors/unreached").text
    # A reminder waits for an address that takes it.
    clock.shift(timedelta(days=39))
    assert send_reminders(actor=WORKER) == 0
    sign_in(client, make_user(Role.FUND_OFFICER))
    refused = client.post(f"{donor}/email", data={"email": "nonsense"})
    assert refused.status_code == 422
    assert "nonsense" in refused.text
    assert client.post(f"{donor}/email", data={"email": "New@example.org"}).status_code == 303
    assert "Stopped" not in client.get(f"{donor}/messages").text
    assert "takes no messages" not in client.get(f"{donor}/messages").text
    assert send_reminders(actor=WORKER) == 1
    assert told(MessageKind.REMINDER)[0].to_address == "new@example.org"
    assert client.get("/donors/unreached").text.count("Messages reach every donor") == 1
    # Somebody may also say that the old one works again.
    client.post(f"{donor}/email", data={"email": message.to_address})
    assert client.post(f"{donor}/email/works").status_code == 303
    assert client.post(f"{donor}/email/works").status_code == 404


@pytest.mark.sqlite
def test_an_address_that_would_make_two_donors_the_same_is_refused(officer, funds):
    one = make_donor("Somchai Jaidee", email="one@example.org")
    make_donor("Somchai Jaidee", email="two@example.org")
    answer = officer.post(f"/donors/{one.public_id}/email", data={"email": "two@example.org"})
    assert answer.status_code == 422
    assert "merge the two files" in answer.text


@pytest.mark.sqlite
def test_frequency_once_still_thanks(funds, clock):
    pledge = make_pledge(frequency=Frequency.ONCE, instalment_count=1, is_anonymous=True)
    make_payment(100_000, pledge.instalments[0])
    [message] = told(MessageKind.RECEIPT)
    assert "Aminah" not in message.body
    assert message.stop_url == ""


@pytest.mark.sqlite
def test_whom_a_gift_honours_is_named_in_the_thanks_and_not_kept_in_the_outbox(funds, client):
    for locale in ("th", "en", "ms"):
        pledge = make_pledge(locale=locale, in_honour_of="ครูอารีย์ ตัวอย่าง")
        payment = make_payment(33_334, pledge.instalments[0])
        message = told(MessageKind.RECEIPT)[-1]
        assert ("ครูอารีย์" in message.body, SECRET_MARK in message.body) == (False, True)
        mailer = FakeMailer()
        deliver_due(mailer, actor=WORKER)
        assert "ครูอารีย์ ตัวอย่าง" in mailer.taken[-1].body
        letter = set_paper(find_receipt_of(payment.id), locale, client)
        plain = make_payment(33_334, make_pledge(locale=locale).instalments[0])
        assert SECRET_MARK not in told(MessageKind.RECEIPT)[-1].body
        without = set_paper(find_receipt_of(plain.id), locale, client)
        assert len(letter) > len(without)


def set_paper(receipt, locale, client):
    """The letter of thanks of a receipt."""
    address = f"/receipts/{receipt.code}/thanks.pdf?lang={locale}"
    return client.get(f"{address}&key={owner_key(receipt.code)}").data


@pytest.mark.sqlite
def test_a_receipt_without_new_money_says_what_it_is_for(funds, clock):
    """No thanks come for what the fund keeps of a gift, nor for a gift that counts again."""
    payment = make_payment(100_000, make_pledge(locale="en").instalments[0])
    order = make_office_refund(payment, 40_000, RefundWay.CASH)
    kept = told(MessageKind.RECEIPT)[1]
    assert kept.subject.startswith("The part of your gift that stays – receipt 2570-")
    assert "The fund keeps 600.00 baht of it." in kept.body
    assert "Your earlier receipt for this gift is void." in kept.body
    mind = {"reason": RefundRefusal.CHANGED_MIND, "actor": OFFICER}
    unit_of_work(operations.cancel_office_refund, order.public_id, **mind)
    again = told(MessageKind.RECEIPT)[2]
    assert again.subject.startswith("Your gift counts again – receipt 2570-")
    assert "Your gift of 400.00 baht" in again.body
    assert sum("Thank you" in each.body for each in told(MessageKind.RECEIPT)) == 1
