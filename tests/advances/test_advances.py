"""Cash that people of the staff hold: given and cleared by two people, and seen when late."""

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp import clock as app_clock
from fundapp.access.permissions import Role
from fundapp.advances.errors import (
    AdvanceAmountError,
    AdvanceDayError,
    AdvanceFundError,
    AdvanceHolderError,
    OwnAdvanceError,
)
from fundapp.advances.kinds import ADVANCE, CLEARING, advance_subject, advance_values
from fundapp.audit.checks import run_checks
from fundapp.audit.checks.advances import CHECKS
from fundapp.db import db, unit_of_work
from fundapp.ledger import chart
from fundapp.ledger.errors import FundHoldsMoneyError
from fundapp.ledger.models import Restriction
from fundapp.ledger.operations import close_fund
from fundapp.ledger.queries import find_holdings, fund_available
from fundapp.proposals.operations import confirm_proposal, make_proposal, withdraw_proposal
from tests.audit.tampering import tampered
from tests.documents.pictures import picture
from tests.factories.actors import HOUSE
from tests.factories.advances import advance_draft, clear, make_advance, make_cash
from tests.factories.books import make_fund
from tests.factories.identity import make_user, sign_in

BAHT = 100


@pytest.fixture
def fund(build_once, clock):
    """GENERAL with 1,000 baht, all in the cash box."""

    def make():
        make_fund()
        make_cash(1_000 * BAHT)

    build_once("advances/fund", make)


def held(account: str) -> int:
    """What the books hold of GENERAL in the account, in baht."""
    db.session.rollback()
    return find_holdings("GENERAL").of_fund("GENERAL", account) // BAHT


def test_an_advance_is_given_and_cleared_through_the_pages(client, fund, clock):
    officer, administrator = make_user(Role.FUND_OFFICER), make_user(Role.ADMINISTRATOR)
    holder = make_user(Role.CASE_MANAGER, ("9506",), name="Nuriyah")
    client.set_cookie("lang", "en")
    sign_in(client, officer)
    assert "Nobody holds cash of the fund" in client.get("/advances").text
    due = app_clock.today() + timedelta(days=7)
    data = {
        "holder": holder.public_id, "kind": "advance", "amount": "600", "fund": "GENERAL",
        "account": "1110", "purpose": "travel", "due_on": f"{due:%d/%m/%Y}",
    }  # fmt: skip
    wrong = client.post("/advances/new", data={**data, "amount": "1,001"})
    assert (wrong.status_code, "1,000.00 baht in this cash box" in wrong.text) == (422, True)
    late = client.post("/advances/new", data={**data, "due_on": "1/1/2570"})
    assert (late.status_code, "within 30 days" in late.text) == (422, True)
    proposal = client.post("/advances/new", data=data)
    assert proposal.status_code == 303, proposal.text
    assert (held("1110"), fund_available("GENERAL")) == (1_000, 1_000 * BAHT)
    sign_in(client, administrator)
    page = client.get(proposal.location).text
    assert "Nuriyah" in page
    assert "600.00" in page
    assert client.post(proposal.location + "/confirm").status_code == 303
    # The cash is out, and the fund can promise it to nobody else.
    assert (held("1110"), fund_available("GENERAL")) == (400, 400 * BAHT)
    sign_in(client, officer)
    listed = client.get("/advances").text
    assert "Nuriyah" in listed
    assert "past their clearing date" not in client.get("/today").text
    clock.move_to(app_clock.now() + timedelta(days=8))
    sign_in(client, officer)
    assert "Advances past their clearing date" in client.get("/today").text
    assert "Nuriyah" in client.get("/advances?state=overdue").text
    address = "/advances/" + advance_of("Nuriyah")
    without = client.post(f"{address}/clear", data={"spent": "450"})
    assert (without.status_code, "Send the receipts" in without.text) == (422, True)
    more = client.post(f"{address}/clear", data={"spent": "601", **paper()})
    assert (more.status_code, "The advance is 600.00 baht" in more.text) == (422, True)
    proposal = client.post(f"{address}/clear", data={"spent": "450", **paper()})
    assert proposal.status_code == 303, proposal.text
    sign_in(client, administrator)
    assert client.post(proposal.location + "/confirm").status_code == 303
    assert (held("1110"), held(chart.ADVANCES_HELD), held(chart.STAFF_TRAVEL)) == (550, 0, 450)
    assert fund_available("GENERAL") == 550 * BAHT
    page = client.get(address).text
    assert ("450.00" in page, "150.00" in page) == (True, True)
    assert client.post(f"{address}/clear", data={"spent": "0"}).status_code in (403, 422)
    assert [r.check.name for r in run_checks() if r.violations] == []
    sign_in(client, holder)
    assert client.get("/advances").status_code == 403


def paper():
    return {"paper": (io.BytesIO(picture()), "bills.jpg")}


def advance_of(name: str) -> str:
    query = (
        "SELECT a.public_id FROM advances a JOIN users u ON u.id = a.holder_id WHERE u.name = :n"
    )
    return db.session.execute(text(query), {"n": name}).scalar_one()


def propose(draft, actor):
    subject = advance_subject(draft.fund_code, draft.holder)
    return unit_of_work(make_proposal, ADVANCE, subject, dict(advance_values(draft)), actor=actor)


@pytest.mark.sqlite
def test_what_an_advance_may_not_be(fund, clock):
    make_fund("ZAKAT", Restriction.ZAKAT)
    make_cash(1_000 * BAHT, "ZAKAT")
    one, other = make_user(Role.ADMINISTRATOR), make_user(Role.ADMINISTRATOR)
    today = app_clock.today()
    for error, draft in (
        (AdvanceFundError, advance_draft(one, fund_code="ZAKAT")),
        (AdvanceAmountError, advance_draft(one, 1_000 * BAHT + 1)),
        (AdvanceDayError, advance_draft(one, due_on=today - timedelta(days=1))),
        (AdvanceDayError, advance_draft(one, due_on=today + timedelta(days=31))),
    ):
        with pytest.raises(error):
            propose(draft, one.as_actor())
    # Whoever gets it may ask for it, and not confirm it, nor how it is cleared.
    proposal = propose(advance_draft(other), one.as_actor())
    with pytest.raises(OwnAdvanceError):
        unit_of_work(confirm_proposal, proposal.public_id, actor=other.as_actor())
    unit_of_work(withdraw_proposal, proposal.public_id, actor=one.as_actor())
    advance = make_advance(300 * BAHT, holder=other, due_on=today)
    values = {"spent": 0, "document": ""}
    args = (CLEARING, advance.public_id, values)
    clearing = unit_of_work(make_proposal, *args, actor=one.as_actor())
    with pytest.raises(OwnAdvanceError):
        unit_of_work(confirm_proposal, clearing.public_id, actor=other.as_actor())
    # The fund is not closed over it, and who is late gets no further one.
    with pytest.raises(FundHoldsMoneyError):
        unit_of_work(close_fund, "GENERAL", actor=HOUSE)
    clock.move_to(app_clock.now() + timedelta(days=1))
    with pytest.raises(AdvanceHolderError):
        propose(advance_draft(other), one.as_actor())
    # All of it is paid back.
    third = make_user(Role.ADMINISTRATOR).as_actor()
    unit_of_work(confirm_proposal, clearing.public_id, actor=third)
    assert (held("1110"), held(chart.ADVANCES_HELD)) == (1_000, 0)


def test_the_database_keeps_advances(fund, clock):
    advance = make_advance()
    clear(advance, 20_000)
    open_one = make_advance(10_000)
    db.session.rollback()
    for statement in (
        "UPDATE advances SET due_on = '2030-01-01'",
        "DELETE FROM advances",
        "UPDATE advance_clearings SET spent_satang = 1",
        "DELETE FROM advance_clearings",
        "INSERT INTO advances SELECT id + 1, 'x', kind, purpose, fund_code, account_code,"
        " holder_id, amount_satang + 1, issued_on, due_on, confirmed_by_id, proposal_id + 1,"
        f" journal_entry_id + 1, recorded_at FROM advances WHERE id = {open_one.id}",
    ):
        with pytest.raises(DBAPIError, match=r"append-only|as its entry says"):
            unit_of_work(db.session.execute, text(statement))
    # A clearing by its holder, or one that is not whole.
    for change in ("holder_id", "confirmed_by_id"):
        spent = 10_000 if change == "holder_id" else 9_999
        statement = (
            "INSERT INTO advance_clearings (advance_id, spent_satang, returned_satang, cleared_on,"
            " confirmed_by_id, proposal_id, journal_entry_id, recorded_at)"
            f" SELECT id, 0, {spent}, issued_on, {change}, proposal_id, journal_entry_id,"
            f" recorded_at FROM advances WHERE id = {open_one.id}"
        )
        with pytest.raises(DBAPIError, match="cleared by another person"):
            unit_of_work(db.session.execute, text(statement))


def test_the_check_of_advances(fund, clock):
    clear(make_advance(), 20_000)
    (check,) = CHECKS
    assert list(check.find()) == []
    db.session.rollback()
    with tampered("UPDATE advance_clearings SET spent_satang = 20001"):
        assert [each.problem for each in check.find()] != []


@pytest.mark.sqlite
def test_whoever_holds_an_advance_sees_it_until_it_is_cleared(app, fund, clock):
    holder = make_user(Role.CASE_MANAGER, ("9506",))
    other = make_user(Role.CASE_MANAGER, ("9506",))
    advance = make_advance(43_210, holder=holder, due_on=date(2026, 12, 1))
    title, pages = "Cash of the fund that you hold", []
    for person in (holder, other):
        client = app.test_client()
        sign_in(client, person)
        client.set_cookie("lang", "en")
        pages.append(client)
    own, others = pages
    page = own.get("/today").text
    assert title in page
    assert "432.10" in page
    assert "overdue" not in page
    assert title not in others.get("/today").text
    clock.move_to("2026-12-02 10:00")
    sign_in(own, holder)
    assert "overdue" in own.get("/today").text
    clear(advance, 20_000)
    assert title not in own.get("/today").text
