"""Slips are claims: sent by donors, compared by the office, closed by the money."""

import io
import re

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp.db import db, unit_of_work
from fundapp.documents.intake import accept
from fundapp.errors import NotFoundError
from fundapp.giving import operations
from fundapp.giving.errors import (
    SlipDecidedError,
    SlipNotNeededError,
    SlipsWaitError,
    SlipUsedError,
)
from fundapp.giving.models import Method, Payment, Slip, SlipRejection, SlipStatus
from fundapp.giving.reader import file_of, trans_ref_of
from fundapp.giving.slips.operations import confirm_slip, reject_slip, take_up_slip
from fundapp.giving.slips.policy import MOST_WAITING
from fundapp.mail.models import MailMessage
from tests.documents.pictures import bomb, pdf, picture, picture_with_place
from tests.factories.actors import OFFICER, VISITOR
from tests.factories.giving import make_payment, make_pledge, make_reversal
from tests.factories.slips import make_slip, slip_payload, slip_pdf, slip_picture


def status_of(slip):
    db.session.expire_all()
    return db.session.get_one(Slip, slip.id).status


def post(client, pledge, upload, name="slip.jpg", **fields):
    data = {"slip": (io.BytesIO(upload), name), "instalment": "1", **fields}
    return client.post(f"/pledges/{pledge.token}/slips", data=data)


def slips():
    db.session.expire_all()
    return list(db.session.scalars(select(Slip).order_by(Slip.id)))


def test_a_donor_sends_a_slip_and_nothing_is_booked(client, funds):
    client.set_cookie("lang", "en")
    pledge = make_pledge()
    upload = slip_picture(turned=7, quality=35)
    answer = post(client, pledge, upload)
    assert (answer.status_code, answer.location) == (303, f"/pledges/{pledge.token}")
    page = client.get(answer.location).text
    assert "The slip is here, and its code was read." in page
    assert "Waiting for the bank" in page
    [slip] = slips()
    assert (slip.sending_bank, trans_ref_of(slip)) == ("002", "0002123123121200011")
    assert b"0002123123121200011" not in slip.trans_ref_encrypted
    assert slip.instalment.number == 1
    assert file_of(slip) == accept(upload).content
    assert db.session.scalars(select(Payment)).all() == []
    post(client, pledge, upload)
    post(client, pledge, slip_picture(quality=60))
    assert len(slips()) == 1, "the same file, and another picture of the same transfer"


@pytest.mark.sqlite
def test_a_slip_without_a_code_and_a_pdf_are_taken_as_well(client, funds):
    client.set_cookie("lang", "en")
    pledge = make_pledge()
    answer = post(client, pledge, slip_picture(None))
    assert "No code was found on it; the office will compare it" in client.get(answer.location).text
    post(client, pledge, slip_pdf(slip_payload("2026112499")), "slip.pdf")
    photograph = picture_with_place()
    post(client, pledge, photograph)
    plain, document, photo = slips()
    assert plain.sending_bank is None
    assert plain.code_digest is None
    assert (document.document.media_type, document.sending_bank) == ("application/pdf", "014")
    assert b"CANARY" in photograph
    assert b"CANARY" not in file_of(photo)


HOSTILE = [
    (b"", "slip.jpg", "Choose the picture of the slip"),
    (b"MZ program", "slip.exe", "This file cannot be taken"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "slip.svg", "This file cannot be taken"),
    (bomb(20_000), "bomb.png", "25 million pixels"),
    (slip_picture()[:4_000], "half.jpg", "damaged or incomplete"),
    (pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "slip.pdf", "JavaScript"),
]


@pytest.mark.sqlite
@pytest.mark.parametrize(("upload", "name", "sentence"), HOSTILE, ids=[row[1] for row in HOSTILE])
def test_what_is_no_slip_is_refused_beside_the_field(client, funds, upload, name, sentence):
    client.set_cookie("lang", "en")
    answer = post(client, make_pledge(), upload, "" if not upload else name)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert slips() == []


@pytest.mark.sqlite
def test_what_stands_behind_a_picture_is_not_kept(client, funds):
    assert post(client, make_pledge(), slip_picture() + b"PK\x03\x04 CANARY").status_code == 303
    [slip] = slips()
    assert b"CANARY" not in file_of(slip)


@pytest.mark.sqlite
def test_tries_of_a_pledge_are_limited_and_so_are_waiting_slips(app, client, funds):
    app.config.update(LIMIT_SLIP_PLEDGE="2 per hour")
    pledge = make_pledge()
    codes = [post(client, pledge, picture("PNG", size=(20 + n, 20))).status_code for n in range(3)]
    assert codes == [303, 303, 429]
    other = make_pledge()
    for number in range(MOST_WAITING):
        make_slip(other, picture("PNG", size=(30, 30 + number)), None)
    with pytest.raises(SlipsWaitError):
        make_slip(other, picture("PNG", size=(10, 10)), None)
    unit_of_work(operations.cancel_pledge, pledge.token, actor=VISITOR)
    with pytest.raises(SlipNotNeededError):
        make_slip(pledge, picture("PNG", size=(10, 10)), None)
    assert client.post("/pledges/unknown/slips").status_code == 404


def test_the_same_transfer_of_two_donors_is_confirmed_once(funds):
    """D8: the same picture, and the same transfer in a picture that was compressed again."""
    first, second, third = (make_pledge() for _ in range(3))
    upload = slip_picture()
    mine, copied = make_slip(first, upload), make_slip(second, upload)
    pressed = make_slip(third, slip_picture(quality=35))
    assert {slip.status for slip in slips()} == {SlipStatus.WAITING}
    make_payment(33_334, first.instalments[0])
    assert status_of(mine) is SlipStatus.CONFIRMED
    for slip, pledge in ((copied, second), (pressed, third)):
        payment = make_payment(33_334, pledge.instalments[0])
        assert status_of(slip) is SlipStatus.WAITING, "the money is booked, the slip is not of it"
        statement = "UPDATE slips SET status = 'confirmed', payment_id = :payment,"
        statement += " decided_by = 'x', decided_at = sent_at WHERE id = :slip"
        values = {"payment": payment.id, "slip": slip.id}
        with pytest.raises(DBAPIError, match=r"uq_slips_confirmed|code_digest|original_sha256"):
            unit_of_work(lambda: db.session.execute(text(statement), values))  # noqa: B023


def test_a_slip_closes_with_its_payment_and_waits_again_when_that_is_reversed(funds):
    pledge = make_pledge()
    first = make_slip(pledge)
    second = make_slip(pledge, slip_picture(slip_payload("777777777")), None, number="2")
    make_payment(33_334, pledge.instalments[0], method=Method.CASH, asset_account_code="1110")
    assert status_of(first) is SlipStatus.WAITING, "cash is not what the slip is of"
    payment = make_payment(33_333, pledge.instalments[1])
    assert (status_of(first), status_of(second)) == (SlipStatus.WAITING, SlipStatus.CONFIRMED)
    make_reversal(payment)
    assert status_of(second) is SlipStatus.WAITING
    again = make_payment(33_333, pledge.instalments[1])
    assert status_of(second) is SlipStatus.CONFIRMED
    other = make_payment(33_333, pledge.instalments[2])
    assert status_of(first) is SlipStatus.CONFIRMED
    with pytest.raises(SlipDecidedError):
        unit_of_work(confirm_slip, first.public_id, again.public_id, actor=OFFICER)
    make_reversal(other)
    with pytest.raises(SlipUsedError):
        unit_of_work(confirm_slip, first.public_id, again.public_id, actor=OFFICER)
    with pytest.raises(NotFoundError):
        stranger = make_payment(500, make_pledge().instalments[0])
        unit_of_work(confirm_slip, first.public_id, stranger.public_id, actor=OFFICER)


@pytest.mark.sqlite
def test_the_office_says_of_which_booked_payment_a_slip_is(funds):
    pledge = make_pledge()
    payment = make_payment(33_334, pledge.instalments[0])
    slip = make_slip(pledge)
    unit_of_work(confirm_slip, slip.public_id, payment.public_id, actor=OFFICER)
    assert status_of(slip) is SlipStatus.CONFIRMED


@pytest.mark.sqlite
def test_a_rejected_slip_tells_the_donor_and_can_be_taken_up(client, funds):
    client.set_cookie("lang", "en")
    pledge = make_pledge(locale="en")
    slip = make_slip(pledge)
    unit_of_work(reject_slip, slip.public_id, SlipRejection.NO_MONEY, actor=OFFICER)
    [message] = db.session.scalars(
        select(MailMessage).where(MailMessage.about_ref == str(pledge.id))
    )
    assert "slip" in message.subject
    page = client.get(f"/pledges/{pledge.token}").text
    assert "The bank has no such payment to the fund." in page
    with pytest.raises(SlipDecidedError):
        unit_of_work(reject_slip, slip.public_id, SlipRejection.USED, actor=OFFICER)
    again = post(client, pledge, slip_picture())
    assert "sent before and not accepted" in client.get(again.location).text
    unit_of_work(take_up_slip, slip.public_id, actor=OFFICER)
    assert status_of(slip) is SlipStatus.WAITING


REFUSED = [
    ("UPDATE slips SET status = 'lost', decided_by = 'x', decided_at = sent_at", "status_known"),
    ("UPDATE slips SET status = 'rejected', decided_by = 'x', decided_at = sent_at", "with_reason"),
    ("UPDATE slips SET decided_by = 'x'", "decided_by_somebody"),
    ("UPDATE slips SET trans_ref_encrypted = NULL", "whole_code"),
    ("UPDATE slips SET pledge_id = (SELECT max(id) FROM pledges)", "kept as sent"),
    ("UPDATE slips SET code_digest = original_sha256", "kept as sent"),
    ("DELETE FROM slips", "kept as sent"),
    (
        "UPDATE slips SET status = 'confirmed', decided_by = 'x', decided_at = sent_at,"
        " payment_id = (SELECT max(id) FROM payments)",
        "by a payment of its pledge",
    ),
]


def test_what_the_tables_refuse(funds):
    pledge = make_pledge()
    make_slip(pledge)
    make_payment(500, make_pledge().instalments[0])
    for statement, by in REFUSED:
        with pytest.raises(DBAPIError, match=by):
            unit_of_work(lambda: db.session.execute(text(statement)))  # noqa: B023


@pytest.mark.sqlite
def test_the_state_of_the_page_has_an_etag(client, funds):
    pledge = make_pledge()
    url = f"/pledges/{pledge.token}/state"
    version = re.search(r'data-version="(\w+)"', client.get(f"/pledges/{pledge.token}").text)[1]
    asked = {"If-None-Match": f'"{version}"'}
    same = client.get(url, headers=asked)
    assert (same.status_code, same.data) == (304, b"")
    make_payment(500, pledge.instalments[0])
    changed = client.get(url, headers=asked)
    assert (changed.status_code, changed.data) == (204, b"")
    assert client.get(url, headers={"If-None-Match": changed.headers["ETag"]}).status_code == 304
    make_slip(pledge)
    assert client.get(url, headers={"If-None-Match": changed.headers["ETag"]}).status_code == 204
    assert client.get("/pledges/unknown/state").status_code == 404
