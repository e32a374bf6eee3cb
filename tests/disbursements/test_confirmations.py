"""The link on a voucher: printed by another person than who asked, answered once without an
account.
"""

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from fundapp.access.actors import RECEIPT_LINK, VISITOR
from fundapp.db import db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.errors import (
    NotPaidYetError,
    NotYoursError,
    ReceiptLinkOverError,
    ThreePeopleError,
)
from fundapp.disbursements.models import ReceiptConfirmation, ReceiptLink, RequestStatus
from fundapp.disbursements.models import ReceiptOutcome as Outcome
from fundapp.errors import ForbiddenError
from tests.disbursements.test_tables import execute, insert, refused
from tests.factories.disbursements import make_approved, make_paid, pay, print_link, read
from tests.factories.identity import sign_in


def confirm(token, outcome=Outcome.RECEIVED, note="", actor=RECEIPT_LINK):
    return unit_of_work(operations.confirm_by_link, token, outcome=outcome, note=note, actor=actor)


def test_a_guardian_answers_on_a_page_that_names_nobody(team, client, app):
    request = make_approved(team)
    sign_in(client, team.approver)
    voucher = f"/disbursements/{request.public_id}/voucher"
    assert "/confirm/" not in client.get(voucher).text
    printed = client.post(voucher).text
    for language in ("th", "en", "ms"):
        assert f'<p lang="{language}">' in printed
    url = re.search(r"/confirm/[\w-]+", printed)[0]
    guardian = app.test_client()
    guardian.set_cookie("lang", "en")
    assert "has not recorded this payment yet" in guardian.get(url).text
    assert guardian.post(url, data={"outcome": "received"}).status_code == 422
    pay(request, team)

    opened = guardian.get(url)
    assert opened.headers["Referrer-Policy"] == "no-referrer"
    for shown in ("1,000.00 baht", "24 November 2026", request.payouts[0].voucher):
        assert shown in opened.text
    for hidden in ("Aminah", "Invented", "Ban Example", team.child.code, request.number):
        assert hidden not in opened.text
    guardian.head(url)
    db.session.expire_all()
    assert request.status is RequestStatus.PAID

    wordless = guardian.post(url, data={"outcome": "problem"})
    assert wordless.status_code == 422
    assert "Write what happened to the money." in wordless.text
    words = {"outcome": "problem", "note": "Only half came"}
    assert guardian.post(url, data=words).status_code == 303
    for again in (guardian.get(url), guardian.post(url, data={"outcome": "received"})):
        assert again.status_code in {409, 410}
        assert "Nothing to answer here" in again.text
        assert again.headers["Referrer-Policy"] == "no-referrer"
    db.session.expire_all()
    assert request.status is RequestStatus.PROBLEM
    assert b"half" not in request.confirmations[0].note_encrypted
    assert read(request, team).confirmations[0].note == "Only half came"
    sign_in(client, team.prover)
    assert "Only half came" in client.get(f"/disbursements/{request.public_id}?lang=en").text
    assert guardian.get("/confirm/unknown").status_code == 404

    token = print_link(request, team)
    confirm(token)
    assert request.status is RequestStatus.CONFIRMED
    trail = db.session.execute(
        text("SELECT actor FROM audit_events WHERE action = 'disbursements:request:answer'")
    )
    assert {row.actor for row in trail} == {"receipt-link"}


@pytest.mark.sqlite
def test_who_asked_prints_no_link_and_a_new_print_ends_the_old_one(team, clock):
    request = make_paid(team)
    with pytest.raises(ThreePeopleError):
        unit_of_work(operations.print_receipt_link, request.public_id, actor=team.asker.as_actor())
    with pytest.raises(NotYoursError):
        unit_of_work(
            operations.print_receipt_link, request.public_id, actor=team.auditor.as_actor()
        )
    old, new = print_link(request, team), print_link(request, team)
    with pytest.raises(ReceiptLinkOverError):
        confirm(old)
    with pytest.raises(ForbiddenError):
        confirm(new, actor=VISITOR)
    clock.shift(timedelta(days=91))
    with pytest.raises(ReceiptLinkOverError):
        confirm(new)
    assert db.session.query(ReceiptConfirmation).count() == 0
    unpaid = make_approved(team)
    with pytest.raises(NotPaidYetError):
        confirm(print_link(unpaid, team))


def test_the_tables_keep_links_and_answers(team):
    request = make_paid(team)
    print_link(request, team)
    [link] = db.session.query(ReceiptLink).all()
    row = {
        "id": 7, "request_id": request.id, "requested_by_id": team.asker.id,
        "token_sha256": b"x" * 32, "printed_by_id": team.payer.id,
        "printed_at": "2026-11-24T03:00:00Z", "expires_at": "2026-12-24T03:00:00Z",
    }  # fmt: skip
    with refused("two_people"):
        insert("receipt_links", {
            **row, "printed_by_id": team.asker.id, "ended_at": "2026-11-24T03:00:00Z",
        })  # fmt: skip
    with refused("(?i)foreign key"):
        insert("receipt_links", {
            **row, "printed_by_id": team.asker.id, "requested_by_id": team.payer.id,
            "ended_at": "2026-11-24T03:00:00Z",
        })  # fmt: skip
    with refused("(?i)unique"):
        insert("receipt_links", row)
    answer = {
        "id": link.id, "request_id": request.id, "outcome": "received",
        "confirmed_at": "2026-11-24T03:00:00.000000Z",
    }  # fmt: skip
    with refused("the link cannot be answered"):
        insert("receipt_confirmations", {**answer, "confirmed_at": "2027-11-24T03:00:00Z"})
    with refused("problem_is_told"):
        insert("receipt_confirmations", {**answer, "outcome": "problem"})
    insert("receipt_confirmations", answer)
    with refused("(?i)unique"):
        insert("receipt_confirmations", answer)
    for change in ("UPDATE receipt_confirmations SET outcome = 'problem', note_encrypted = NULL",
                   "DELETE FROM receipt_confirmations"):  # fmt: skip
        with refused("stays as it was given|problem_is_told"):
            execute(change)
    for change in ("UPDATE receipt_links SET expires_at = '2030-01-01T00:00:00Z'",
                   "DELETE FROM receipt_links"):  # fmt: skip
        with refused("ends once"):
            execute(change)
