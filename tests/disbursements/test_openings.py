"""Auditors see codes; names and papers for a reason of their own, for seven days."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp.children.operations import withdraw_consent
from fundapp.db import db, unit_of_work
from fundapp.disbursements.drafts import PayeeAccount
from fundapp.disbursements.encryption import lookup_account, lookup_payee
from fundapp.disbursements.models import Decision, DisbursementRequest, PayeeDigest
from fundapp.disbursements.operations import (
    erase_request_words,
    open_request,
    resubmit_request,
    write_payee_digests,
)
from fundapp.errors import ForbiddenError
from fundapp.remarks.models import ErasureReason
from fundapp.trail.models import AuditEvent, ChildRead
from fundapp.worker.rounds import note_payees
from tests.documents.pictures import picture_with_place
from tests.factories.actors import COMMAND_LINE, OFFICER, WORKER
from tests.factories.disbursements import (
    decide,
    make_paid,
    make_request,
    prove,
    request_draft,
)
from tests.factories.identity import make_user, sign_in

NAMES = ("Aminah", "1234567890")


def test_names_are_covered_until_an_auditor_says_why(app, client, team, clock):
    with app.app_context():
        request = make_paid(team)
        prove(request, team, document=picture_with_place())
        child = db.session.merge(team.child)
        address, child_ref = f"/disbursements/{request.public_id}", child.public_id
        other = make_user("auditor")
    client.set_cookie("lang", "en")
    sign_in(client, team.auditor)
    for page in (client.get(address).text, client.get(f"{address}/voucher").text):
        assert not any(name in page for name in NAMES)
    assert "Covered: codes stand in place of names" in client.get(f"{address}/voucher").text
    assert "/papers/" not in client.get(address).text
    short = client.post(f"{address}/open", data={"opening-reason": "because"})
    assert short.status_code == 422
    assert "in ten letters or more" in short.text
    reason = {"opening-reason": "The signature on voucher 7 is compared"}
    assert client.post(f"{address}/open", data=reason).status_code == 303
    assert client.post(f"{address}/open", data=reason).status_code == 303  # once more: nothing
    shown = client.get(address).text
    assert "Aminah Invented" in shown
    assert "Names and papers are shown to you until" in shown
    assert "compared" in shown
    assert "Aminah Invented" in client.get(f"{address}/voucher").text
    paper = address + "/papers/" + shown.partition("/papers/")[2].partition('"')[0]
    assert client.get(paper).status_code == 200
    with app.app_context():
        kinds = set(db.session.scalars(
            select(ChildRead.purpose).where(ChildRead.reader == team.auditor.public_id,
                                            ChildRead.child_ref == child_ref)))  # fmt: skip
        assert "audit" in kinds
        own = AuditEvent.actor == team.auditor.public_id
        actions = list(db.session.scalars(select(AuditEvent.action).where(own)))
        assert actions.count("disbursements:request:open") == 1
        assert "disbursements:proof:open" in actions
    sign_in(client, other)  # a reason is one's own
    assert "Aminah" not in client.get(address).text
    assert client.get(paper).status_code == 404
    clock.shift(timedelta(days=6))
    sign_in(client, team.auditor)
    assert "Aminah" in client.get(address).text
    clock.shift(timedelta(days=1))
    sign_in(client, team.auditor)
    assert "Aminah" not in client.get(address).text
    assert client.get(paper).status_code == 404


@pytest.mark.sqlite
def test_a_reason_shows_nothing_that_a_consent_hides(team, clock):
    request = make_request(team)
    with pytest.raises(ForbiddenError):
        unit_of_work(open_request, request.public_id, "A long reason", actor=team.payer.as_actor())
    auditor = team.auditor.as_actor()
    unit_of_work(open_request, request.public_id, "A long reason", actor=auditor)
    for statement in (
        "UPDATE request_openings SET ends_on = '2030-01-01'",
        "DELETE FROM request_openings",
    ):
        with pytest.raises(DBAPIError):
            unit_of_work(lambda each=statement: db.session.execute(text(each)))


def test_payees_are_noted_by_hashes_that_follow_the_request(team, clock):
    """A title makes no difference; another account after a return, nobody after erasing."""

    def noted():
        db.session.expire_all()
        found = db.session.scalars(select(PayeeDigest)).one()
        return found.payee_lookup, found.account_lookup

    account = PayeeAccount("006", "1234567890")
    request = make_request(team, payee_name="นาง อามีนะห์ สมมุติ")
    assert noted() == (lookup_payee("อามีนะห์  สมมุติ"), lookup_account(account))
    decide(request, team, Decision.RETURN)
    other = PayeeAccount("004", "1234567890")
    draft = request_draft(team, account=other)
    again = {"version": request.version, "actor": team.asker.as_actor()}
    unit_of_work(resubmit_request, request.public_id, draft, **again)
    assert noted() == (lookup_payee("Aminah Invented"), lookup_account(other))
    assert lookup_account(other) != lookup_account(account)

    unit_of_work(lambda: db.session.execute(text("DELETE FROM payee_digests")))
    with pytest.raises(ForbiddenError):
        write_payee_digests(actor=OFFICER)
    note_payees()
    assert noted() == (lookup_payee("Aminah Invented"), lookup_account(other))
    assert unit_of_work(write_payee_digests, actor=WORKER) == 0
    request = db.session.scalars(select(DisbursementRequest)).one()
    decide(request, team, Decision.REJECT)
    why = {"why": ErasureReason.REQUESTED, "actor": COMMAND_LINE}
    unit_of_work(erase_request_words, request.number, **why)
    assert noted() == (lookup_payee(""), None)


@pytest.mark.sqlite
def test_an_ended_consent_refuses_a_reason(app, client, team, clock):
    with app.app_context():
        request = make_request(team)
        child = db.session.merge(team.child)
        values = (child.public_id, child.consents[0].id)
        unit_of_work(withdraw_consent, *values, actor=team.asker.as_actor())
    sign_in(client, team.auditor)
    client.set_cookie("lang", "en")
    sent = {"opening-reason": "The signature is compared"}
    answer = client.post(f"/disbursements/{request.public_id}/open", data=sent)
    assert "A consent has ended" in answer.text
    assert "Aminah" not in answer.text
