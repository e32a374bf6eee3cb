"""One transfer for many givers: each has a payment and a receipt, and all come to the line."""

import pytest
from sqlalchemy import func, select

from fundapp.banking.models import LineStatus, Match, StatementLine
from fundapp.banking.operations import unmatch_line
from fundapp.db import db, unit_of_work
from fundapp.giving.models import Payment, Receipt
from tests.factories.actors import OFFICER
from tests.factories.banking import Move, import_moves
from tests.factories.giving import make_donor
from tests.factories.identity import make_user, sign_in


@pytest.fixture
def desk(bank, client):
    """The client, signed in as a fund officer, in English."""
    sign_in(client, make_user("fund_officer"))
    client.set_cookie("lang", "en")
    return client


def count(model):
    db.session.expire_all()
    return db.session.scalar(select(func.count()).select_from(model))


def test_an_agencys_list_is_one_line_and_many_receipts(desk):
    known = make_donor("Nuri Maseng", email="nuri@example.org")
    line, other = import_moves(
        Move(120_050, description="เงินเดือน กองคลัง"), Move(500, description="x")
    )
    url = f"/bank/lines/{line.public_id}/givers"
    assert "/givers" in desk.get(f"/bank/lines/{line.public_id}").text
    listed = "Nuri Maseng\tnuri@example.org\t1,000\nKasem Dee\t\t200\n\t\t0.50"
    short = desk.post(url, data={"fund": "GENERAL", "givers": listed.replace("200", "100")})
    assert "comes to 1,100.50 baht, the transfer to 1,200.50 baht" in short.text
    assert "Kasem Dee" in short.text
    assert "Choose the fund" in desk.post(url, data={"givers": listed}).text
    assert count(Payment) == 0
    assert desk.post(url, data={"fund": "GENERAL", "givers": listed}).status_code == 303
    assert desk.post(url, data={"fund": "GENERAL", "givers": listed}).status_code == 409
    assert (count(Payment), count(Receipt), count(Match)) == (3, 3, 3)
    payments = db.session.scalars(select(Payment).order_by(Payment.amount_satang)).all()
    assert [each.donor.name for each in payments] == ["", "Kasem Dee", "Nuri Maseng"]
    assert payments[2].donor_id == known.id
    assert {each.received_on for each in payments} == {line.booked_on}
    assert db.session.get(StatementLine, line.id).status is LineStatus.MATCHED
    assert db.session.get(StatementLine, other.id).status is LineStatus.UNMATCHED

    unit_of_work(unmatch_line, line.public_id, reason="The wrong list", actor=OFFICER)
    assert db.session.get(StatementLine, line.id).matched_satang == 0
    assert {each.status for each in db.session.scalars(select(Payment))} == {"reversed"}
    assert desk.post(url, data={"fund": "GENERAL", "givers": listed}).status_code == 303
    assert (count(Payment), count(Receipt)) == (6, 6)
