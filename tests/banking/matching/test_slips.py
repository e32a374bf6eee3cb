"""Slips beside the lines of the bank: why a line may be of one, and what the office does."""

import pytest
from sqlalchemy import select

from fundapp.banking.matching.queries import list_candidates
from fundapp.banking.operations import match_line
from fundapp.db import db, unit_of_work
from fundapp.giving.models import Payment, Slip, SlipStatus
from tests.factories.actors import OFFICER
from tests.factories.banking import LAST, MONDAY, Move, import_moves, make_single_pledge
from tests.factories.identity import begin_session
from tests.factories.slips import make_slip, slip_payload, slip_pdf, slip_picture

NAMES, SENT = "A slip names this transfer.", "A slip was sent for it on %(sent_on)s."
TWICE = "The same slip was sent for another gift as well."


def candidates_of(line):
    return list_candidates([line]).get(line.id, [])


def texts(candidate):
    return [reason.text for reason in candidate.reasons]


def test_a_slip_finds_its_line_by_its_reference_and_by_amount_and_day(bank):
    """Of a pledge due far from the day of the line, which nothing else would find."""
    named = make_single_pledge(70_000, due_on=MONDAY.replace(year=2027))
    by_amount = make_single_pledge(80_000, due_on=MONDAY.replace(year=2027))
    slip = make_slip(named, payload=slip_payload("0152026112212345"))
    make_slip(by_amount)
    first, second, third = import_moves(
        Move(70_000, "TR 0152026112212345"), Move(80_000, "x", day=LAST),
        Move(81_000, "x", day=LAST),
    )  # fmt: skip
    [candidate] = candidates_of(first)
    assert texts(candidate)[:2] == [NAMES, SENT]
    assert (candidate.target.pledge_id, candidate.slip_id) == (named.id, slip.public_id)
    assert not candidate.is_certain
    [candidate] = candidates_of(second)
    assert SENT in texts(candidate)
    assert NAMES not in texts(candidate)
    assert candidates_of(third) == []
    unit_of_work(
        match_line,
        first.public_id,
        instalment_reference=named.instalments[0].reference,
        actor=OFFICER,
    )
    db.session.expire_all()
    assert db.session.get_one(Slip, slip.id).status is SlipStatus.CONFIRMED


def test_a_slip_sent_for_two_gifts_speaks_against_both(bank):
    upload = slip_picture()
    for _ in range(2):
        make_slip(make_single_pledge(70_000, due_on=MONDAY.replace(year=2027)), upload)
    [line] = import_moves(Move(70_000, "x", day=LAST))
    assert [TWICE in [doubt.text for doubt in each.doubts] for each in candidates_of(line)] == [
        True,
        True,
    ]


@pytest.mark.sqlite
def test_the_office_sees_a_slip_beside_the_lines(officer):
    pledge = make_single_pledge(70_000, email="donor@example.org")
    other = make_single_pledge(60_000)
    slip = make_slip(pledge)
    make_slip(other, slip_picture(quality=35))
    make_slip(other, slip_pdf(None), None)
    [line] = import_moves(Move(70_000, "x", day=LAST))
    assert "Slips to compare with the bank" in officer.get("/today").text
    listed = officer.get("/bank/slips").text
    assert "Sent twice" in listed
    assert "No code found" in listed
    page = officer.get(f"/bank/slips/{slip.public_id}").text
    assert "0002123123121200011" in page
    assert "The same slip was sent for another gift as well" in page
    assert f"/bank/lines/{line.public_id}" in page
    file = officer.get(f"/bank/slips/{slip.public_id}/file")
    assert file.data.startswith(b"\xff\xd8")
    assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert f"/bank/slips/{slip.public_id}/file" in officer.get(f"/bank/lines/{line.public_id}").text
    nothing = officer.post(f"/bank/slips/{slip.public_id}/reject", data={})
    assert nothing.status_code == 422
    assert "Choose why the slip is not accepted." in nothing.text
    answer = officer.post(f"/bank/slips/{slip.public_id}/reject", data={"rejection": "no_money"})
    assert answer.status_code == 303
    assert "The bank has no such payment" in officer.get(f"/bank/slips/{slip.public_id}").text
    again = officer.post(f"/bank/slips/{slip.public_id}/reject", data={"rejection": "used"})
    assert again.status_code == 409
    assert officer.post(f"/bank/slips/{slip.public_id}/take-up", data={}).status_code == 303
    assert "The slip waits again." in officer.get(f"/bank/slips/{slip.public_id}").text


@pytest.mark.sqlite
def test_a_payment_that_is_booked_already_is_named_by_hand(officer):
    pledge = make_single_pledge(70_000)
    [line] = import_moves(Move(30_000, f"REF {pledge.instalments[0].reference}"))
    named = {"instalment_reference": pledge.instalments[0].reference, "actor": OFFICER}
    unit_of_work(match_line, line.public_id, **named)
    payment = db.session.scalars(select(Payment)).one()
    slip = make_slip(pledge)
    url = f"/bank/slips/{slip.public_id}"
    assert "It is of a payment that is booked already" in officer.get(url).text
    assert officer.post(f"{url}/confirm", data={"payment": "unknown"}).status_code == 404
    assert officer.post(f"{url}/confirm", data={"payment": payment.public_id}).status_code == 303
    assert "The money has arrived" in officer.get(url).text


@pytest.mark.sqlite
def test_an_auditor_reads_slips_and_decides_nothing(auditor, app):
    slip = make_slip(make_single_pledge(70_000))
    url = f"/bank/slips/{slip.public_id}"
    stranger = app.test_client()
    stranger.set_cookie("sid", begin_session("case_manager"))
    for page in ("/bank/slips", url, f"{url}/file"):
        assert auditor.get(page).status_code == 200, page
        assert stranger.get(page).status_code == 403, page
    assert "Do not accept" not in auditor.get(url).text
    for action in ("reject", "take-up", "confirm"):
        assert auditor.post(f"{url}/{action}", data={}).status_code == 403, action


@pytest.mark.sqlite
def test_the_payer_that_a_donor_named_is_nobody_else(bank):
    """A husband pays for his wife, as she said; the bank names him."""
    said = make_single_pledge(50_000, name="Aminah Sani", payer_name="Hasan Daud")
    line = import_moves(Move(50_000, "นาย HASAN DAUD"))[0]
    other = "The bank names somebody else than the giver."
    assert [other in texts(each) for each in candidates_of(line)] == [False]
    assert said.instalments[0].reference == candidates_of(line)[0].ref
