"""Confirmation letters: made of a sample, printed, sent, answered by the link and by hand."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp import clock as app_clock
from fundapp.access.permissions import Role
from fundapp.audit.letters import operations, queries
from fundapp.audit.letters.drafts import ReplyDraft
from fundapp.audit.letters.errors import (
    NobodyToAskError,
    SampleNotDrawnError,
    SentAlreadyError,
    SentDayError,
)
from fundapp.audit.letters.keys import letter_key
from fundapp.audit.letters.models import LetterAnswer, Party
from fundapp.audit.samples.models import SampleMethod
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError, StaleError
from fundapp.ledger.models import EntryKind
from fundapp.trail.models import ChildRead
from tests.factories.actors import AUDITOR, OFFICER
from tests.factories.books import make_fund, make_gift
from tests.factories.disbursements import make_paid, make_team
from tests.factories.giving import make_payment
from tests.factories.identity import make_user, sign_in
from tests.factories.samples import make_sample


@pytest.fixture
def books(session, clock, build_once):
    """A gift of a known donor and help that was paid, all of it drawn."""

    def make():
        team = make_team()
        make_payment(200_000, payer_name="Somsri Giver")
        make_paid(team)
        return make_sample(1_000, SampleMethod.STRATIFIED).number

    return build_once("audit/letters", make)


def letters_of(number):
    db.session.rollback()
    return {letter.party: letter for letter in queries.list_letters(number)[1]}


def test_letters_of_a_sample(books, client, app):
    sign_in(client, make_user(Role.AUDITOR))
    client.set_cookie("lang", "en")
    for _again in range(2):
        assert client.post(f"/audit/samples/{books}/letters").status_code == 303
    found = letters_of(books)
    assert {party: letter.amount_satang for party, letter in found.items()} == {
        Party.DONOR: 200_000, Party.PAYEE: found[Party.PAYEE].amount_satang,
    }  # fmt: skip
    donor, payee = found[Party.DONOR], found[Party.PAYEE]
    reads = db.session.scalar(db.select(db.func.count()).select_from(ChildRead))
    for letter in (donor, payee):
        answer = client.get(f"/audit/letters/{letter.number}/letter.pdf")
        assert answer.data.startswith(b"%PDF")
    # The auditor is shown no payee, and reads none; the office prints that letter.
    assert unit_of_work(operations.addressee_of, donor.number, actor=AUDITOR) == "Somsri Giver"
    assert unit_of_work(operations.addressee_of, payee.number, actor=AUDITOR) == ""
    assert db.session.scalar(db.select(db.func.count()).select_from(ChildRead)) == reads
    desk = app.test_client()
    sign_in(desk, make_user(Role.FUND_OFFICER))
    assert desk.get(f"/audit/letters/{payee.number}/letter.pdf?lang=th").status_code == 200
    db.session.rollback()
    purposes = db.session.scalars(
        db.select(ChildRead.purpose).order_by(ChildRead.id.desc()).limit(1)
    )
    assert purposes.one() == "confirmation"


def test_a_link_answers_once_and_a_difference_becomes_a_finding(books, client, app):
    unit_of_work(operations.make_letters, books, actor=AUDITOR)
    letter = letters_of(books)[Party.DONOR]
    visitor = app.test_client()
    visitor.set_cookie("lang", "en")
    address = f"/audit/reply/{letter.number}/{letter_key(letter.number)}"
    assert "2,000.00" in visitor.get(address).text
    assert "Somsri" not in visitor.get(address).text
    assert visitor.get(address[:-1] + ("A" if address[-1] != "A" else "B")).status_code == 404
    assert visitor.post(address, data={}).status_code == 422
    missing = visitor.post(address, data={"answer": "differs", "words": "Less"})
    assert (missing.status_code, "Write the amount" in missing.text) == (422, True)
    said = {"answer": "differs", "amount": "1,500", "words": "I gave less"}
    assert visitor.post(address, data=said).status_code == 303
    again = visitor.post(address, data={"answer": "agrees"})
    assert (again.status_code, "answered already" in again.text) == (422, True)
    assert "Thank you" in visitor.get(address).text
    sign_in(client, make_user(Role.AUDITOR))
    client.set_cookie("lang", "en")
    page = client.get(f"/audit/letters/{letter.number}").text
    assert "I gave less" in page
    assert "1,500.00" in page
    assert f"/audit/findings/new?reference={books}/{letter.position}" in page
    assert letter.number in client.get("/audit/letters?show=follow-up").text
    by_hand = {"answer": "agrees", "version": "2"}
    for status in (303, 409):
        sent = client.post(f"/audit/letters/{letter.number}/answer", data=by_hand)
        assert sent.status_code == status
    assert letter.number not in client.get("/audit/letters?show=follow-up").text
    # The office prints letters and sees no answer.
    desk = app.test_client()
    sign_in(desk, make_user(Role.FUND_OFFICER))
    desk.set_cookie("lang", "en")
    for address in (f"/audit/letters/{letter.number}", "/audit/letters"):
        assert "1,500.00" not in desk.get(address).text
        assert "Says otherwise" not in desk.get(address).text


def test_what_is_sent_and_not_answered_is_followed_up(books, clock):
    unit_of_work(operations.make_letters, books, actor=AUDITOR)
    number = letters_of(books)[Party.PAYEE].number
    for wrong in (app_clock.today() + timedelta(days=1), date(2026, 1, 1)):
        with pytest.raises(SentDayError):
            unit_of_work(operations.note_sent, number, wrong, actor=OFFICER)
    unit_of_work(operations.note_sent, number, app_clock.today(), actor=OFFICER)
    states = []
    for days in (0, 31):
        clock.shift(timedelta(days=days))
        states.append(queries.state_of(letters_of(books)[Party.PAYEE]))
    assert states == ["sent", "silent"]
    assert [letter.number for letter in queries.list_followed_up_letters()] == [number]
    draft = ReplyDraft(LetterAnswer.AGREES)
    with pytest.raises(ForbiddenError):
        unit_of_work(operations.record_reply, number, draft, version=1, actor=OFFICER)
    unit_of_work(operations.record_reply, number, draft, version=1, actor=AUDITOR)
    with pytest.raises(StaleError):
        unit_of_work(operations.record_reply, number, draft, version=1, actor=AUDITOR)
    with pytest.raises(SentAlreadyError):
        unit_of_work(operations.note_sent, number, app_clock.today(), actor=OFFICER)
    assert queries.state_of(letters_of(books)[Party.PAYEE]) == "agrees"
    assert queries.list_followed_up_letters() == []
    for statement in (
        "UPDATE audit_letters SET sent_on = '2026-01-01'",
        "UPDATE audit_letters SET amount_satang = 1",
        "DELETE FROM audit_letters",
        "UPDATE audit_letter_replies SET answer = 'differs'",
        "DELETE FROM audit_letter_replies",
        "INSERT INTO audit_letter_replies SELECT letter_id, 2, 'differs', NULL, NULL, way,"
        " recorded_by, recorded_at FROM audit_letter_replies",
    ):
        with pytest.raises(DBAPIError):
            unit_of_work(lambda each=statement: db.session.execute(text(each)))


@pytest.mark.sqlite
def test_nobody_to_ask(session, clock):
    make_fund()
    make_gift(100_000)
    frozen = make_sample(100_000, seed=None).number
    with pytest.raises(SampleNotDrawnError):
        unit_of_work(operations.make_letters, frozen, actor=AUDITOR)
    drawn = make_sample(100_000, kind=EntryKind.DONATION).number
    with pytest.raises(NobodyToAskError):
        unit_of_work(operations.make_letters, drawn, actor=AUDITOR)
