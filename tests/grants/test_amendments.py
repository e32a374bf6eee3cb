"""What grantor and fund agree to change of a grant that runs, by two people, with its history."""

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.access.permissions import Role
from fundapp.audit.checks import run_checks
from fundapp.db import db, unit_of_work
from fundapp.disbursements.models import Need
from fundapp.documents.intake import accept
from fundapp.grants import operations
from fundapp.grants.drafts import GrantLineDraft, InstalmentDraft
from fundapp.grants.errors import (
    AmendmentDayError,
    AmendmentEmptyError,
    AmendmentSumError,
    AnotherGrantError,
    GrantDayError,
    LineChargedError,
    OutsideGrantError,
)
from fundapp.grants.models import LineRule
from fundapp.grants.queries import get_grant
from fundapp.ledger.errors import BudgetLineSpentError
from tests.documents.pictures import picture
from tests.factories.actors import OFFICER
from tests.factories.disbursements import make_approved, make_team
from tests.factories.grants import (
    LAST,
    THOUSAND,
    agreement,
    amend,
    make_grant,
    make_grantor,
    start,
)
from tests.factories.identity import make_user, sign_in


@pytest.fixture
def team(build_once, clock):
    """People who ask, approve and pay, and a fund with 20,000 baht."""
    return build_once("grants/amendments", lambda: make_team(20 * THOUSAND))


def lines_of(grant):
    db.session.rollback()
    db.session.expire_all()
    grant = get_grant(grant.public_id)
    return {
        f"{line.account_code} {line.fiscal_year}": line.amount_satang // THOUSAND
        for line in grant.lines
    }, grant.ends_on


def test_an_amendment_through_the_pages(client, team):
    grant = make_grant(make_grantor())
    officer, administrator = make_user(Role.FUND_OFFICER), make_user(Role.ADMINISTRATOR)
    client.set_cookie("lang", "en")
    sign_in(client, officer)
    address = f"/grants/{grant.public_id}"
    assert "Propose an amendment" in client.get(address).text
    form = client.get(f"{address}/amendment").text
    assert 'value="2,000.00"' in form
    data = {
        "signed_on": "20/11/2026", "ends_on": "31/12/2027", "amount_5120_2570": "3,000",
        "amount_5130_2570": "4,000", "amount_5120_2571": "2,000", "account": "5140",
        "fiscal_year": "2571", "amount": "1,000", "rule": "refuse",
    }  # fmt: skip
    wrong = client.post(
        f"{address}/amendment", data={**data, "amount_5130_2570": "4,001"} | paper()
    )
    assert (wrong.status_code, "must come to 10,000.00 baht as before" in wrong.text) == (422, True)
    assert 'value="4,001"' in wrong.text
    half = client.post(f"{address}/amendment", data={**data, "amount": ""} | paper())
    assert (half.status_code, "write the budget" in half.text) == (422, True)
    proposal = client.post(f"{address}/amendment", data=data | paper())
    assert proposal.status_code == 303, proposal.text
    assert lines_of(grant) == ({"5120 2570": 2, "5130 2570": 6, "5120 2571": 2}, LAST)
    sign_in(client, administrator)
    shown = client.get(proposal.location).text
    assert ("2,000.00" in shown, "3,000.00" in shown, "Signed amendment" in shown) == (True,) * 3
    assert client.post(proposal.location + "/confirm").status_code == 303
    after = {"5120 2570": 3, "5130 2570": 4, "5120 2571": 2, "5140 2571": 1}
    assert lines_of(grant) == (after, date(2027, 12, 31))
    page = client.get(address).text
    for words in ("Amendment 1", "6,000.00, then 4,000.00 baht", "0.00, then 1,000.00 baht"):
        assert words in page
    assert "31 October 2027, then 31 December 2027" in page
    assert [r.check.name for r in run_checks() if r.violations] == []


def paper():
    return {"paper": (io.BytesIO(picture()), "amendment.jpg")}


@pytest.mark.sqlite
def test_what_an_amendment_may_not_say(team, clock):
    grantor = make_grantor()
    grant = make_grant(grantor)
    later = {"starts_on": date(2028, 1, 1), "ends_on": date(2028, 12, 31), "number": "2"}
    make_approved(team, THOUSAND)
    for error, amounts, others in (
        (AmendmentEmptyError, {}, {}),
        (AmendmentSumError, {("5120", 2570): 1}, {}),
        (LineChargedError, {("5120", 2570): THOUSAND - 1, ("5130", 2570): 7 * THOUSAND + 1}, {}),
        (AmendmentDayError, {}, {"ends_on": date(2027, 3, 30)}),
        (OutsideGrantError, {}, {"ends_on": date(2027, 9, 30)}),
        (GrantDayError, {}, {"ends_on": date(2027, 11, 1), "signed_on": date(2026, 10, 1)}),
    ):
        with pytest.raises(error):
            amend(grant, amounts, **others)
    start_another(grantor, later)
    with pytest.raises(AnotherGrantError):
        amend(grant, {}, ends_on=date(2028, 1, 1))
    assert lines_of(grant) == ({"5120 2570": 2, "5130 2570": 6, "5120 2571": 2}, LAST)


def start_another(grantor, later):
    """Another grant of the same fund that begins after this one."""
    draft = unit_of_work(
        operations.draft_grant,
        agreement(grantor, **later),
        accept(picture(), None),
        actor=OFFICER,
    )
    for part in (
        GrantLineDraft("5120", 2571, 10 * THOUSAND, LineRule.WARN),
        InstalmentDraft(date(2028, 2, 1), 10 * THOUSAND),
    ):
        unit_of_work(operations.add_part, draft.public_id, part, actor=OFFICER)
    start(get_grant(draft.public_id))


def test_help_is_held_to_the_amended_lines(team):
    grant = make_grant(make_grantor(), rule=LineRule.REFUSE)
    with pytest.raises(BudgetLineSpentError):
        make_approved(team, 3 * THOUSAND)
    amend(grant, {("5120", 2570): 3 * THOUSAND, ("5130", 2570): 5 * THOUSAND})
    make_approved(team, 3 * THOUSAND)
    make_approved(team, THOUSAND, need=Need.TRAVEL)
    assert [r.check.name for r in run_checks() if r.violations] == []


def test_the_database_changes_a_grant_only_as_amended(team):
    grant = make_grant(make_grantor())
    amend(grant, {("5120", 2570): 3 * THOUSAND, ("5130", 2570): 5 * THOUSAND},
          ends_on=LAST + timedelta(days=1))  # fmt: skip
    db.session.rollback()
    for statement, said in (
        ("UPDATE grants SET ends_on = '2027-11-02'", "stays as agreed"),
        ("UPDATE grants SET ends_on = '2027-10-31'", "stays as agreed"),
        ("UPDATE grant_lines SET amount_satang = 1", "stays as agreed"),
        ("UPDATE grant_lines SET amount_satang = 200000 WHERE account_code = '5120'",
         "stays as agreed"),
        ("UPDATE grant_lines SET rule = 'refuse'", "stays as agreed"),
        ("DELETE FROM grant_lines", "stays as agreed"),
        ("UPDATE grant_amendments SET number = 2", "append-only"),
        ("DELETE FROM grant_amendment_lines", "append-only"),
        ("INSERT INTO grant_amendments SELECT grant_id, 3, signed_on, ends_after, ends_before,"
         " document_id, proposal_id + 1, recorded_at FROM grant_amendments", "follows"),
        ("INSERT INTO grant_amendment_lines SELECT grant_id, number, fiscal_year, '5140', 1, 2"
         " FROM grant_amendment_lines WHERE account_code = '5120'", "begins at what"),
    ):  # fmt: skip
        with pytest.raises(DBAPIError, match=said):
            unit_of_work(db.session.execute, text(statement))
