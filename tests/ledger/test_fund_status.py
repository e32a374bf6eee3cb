"""Frozen and closed funds: what they refuse, who makes them so, and what the database keeps."""

import re
import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp.db import db, unit_of_work
from fundapp.disbursements.errors import RequestsOpenError, UnknownFundError
from fundapp.errors import ForbiddenError
from fundapp.giving.errors import FundClosedToGiftsError, PledgesRunError
from fundapp.giving.operations import cancel_pledge, resume_pledge
from fundapp.giving.operations import pause_pledge as pause
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft
from fundapp.ledger.errors import (
    FundClosedError,
    FundFrozenError,
    FundHoldsMoneyError,
    FundStatusError,
)
from fundapp.ledger.models import EntryKind, Fund, FundStatus
from fundapp.ledger.obstacles import find_obstacles
from fundapp.ledger.operations import close_fund, freeze_fund, post_entry, reopen_fund
from fundapp.ledger.queries import fund_available
from fundapp.trail.queries import list_events
from tests.factories.actors import (
    ADMINISTRATOR,
    APPROVER,
    AUDITOR,
    BOOKKEEPER,
    HOUSE,
    MANAGER,
    OFFICER,
    VISITOR,
)
from tests.factories.books import (
    forge_entry,
    make_approval,
    make_entry,
    make_fund,
    make_gift,
    make_payout,
)
from tests.factories.disbursements import make_approved, make_request, make_team
from tests.factories.giving import make_payment, make_pledge
from tests.factories.ledger import gift

CLOSE_BY_HAND = "UPDATE funds SET status = 'closed' WHERE code = 'GENERAL'"


def close(code="GENERAL"):
    return unit_of_work(close_fund, code, actor=HOUSE)


def freeze(code="GENERAL", actor=OFFICER):
    return unit_of_work(freeze_fund, code, actor=actor)


def status(code="GENERAL"):
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Fund, code).status


def by_hand(statement):
    unit_of_work(lambda: db.session.execute(text(statement)))


def test_an_empty_fund_is_closed_and_opened_again(session):
    make_fund()
    close()
    assert status() is FundStatus.CLOSED
    with pytest.raises(FundStatusError):
        close()
    unit_of_work(reopen_fund, "GENERAL", actor=HOUSE)
    assert status() is FundStatus.OPEN
    verbs = [event.action.rpartition(":")[2] for event in list_events("fund", "GENERAL")]
    assert sorted(verbs) == ["close", "open", "reopen"]
    make_gift(500)
    assert fund_available("GENERAL") == 500


def test_what_stands_against_closing_names_the_account(session, clock):
    team = make_team()
    make_approved(team)
    fund = db.session.get_one(Fund, "GENERAL")
    told = [str(obstacle) for obstacle in find_obstacles(fund)]
    assert re.search(r"baht of this fund in account 1121 เงินฝากธนาคาร บัญชีหลัก", told[0])
    assert re.search(
        r"Approved help of [0-9,.]+ baht still waits .* \(account 2110 เงินช่วยเหลือค้างจ่าย\)", told[1]
    )


@pytest.mark.one_case
@pytest.mark.parametrize("actor", [OFFICER, ADMINISTRATOR])
def test_nobody_closes_or_opens_a_fund_alone(session, actor):
    make_fund()
    for operation in (close_fund, reopen_fund):
        with pytest.raises(ForbiddenError):
            unit_of_work(operation, "GENERAL", actor=actor)


@pytest.mark.one_case
@pytest.mark.parametrize("actor", [OFFICER, ADMINISTRATOR])
def test_one_person_freezes_a_fund(session, actor):
    make_fund()
    freeze(actor=actor)
    assert status() is FundStatus.FROZEN
    with pytest.raises(FundStatusError):
        freeze(actor=actor)


@pytest.mark.sqlite
@pytest.mark.parametrize("actor", [APPROVER, AUDITOR, MANAGER, VISITOR])
def test_others_freeze_none(session, actor):
    make_fund()
    with pytest.raises(ForbiddenError):
        freeze(actor=actor)
    assert status() is FundStatus.OPEN


def test_a_fund_that_holds_money_is_not_closed(session):
    make_fund()
    make_gift(500)
    with pytest.raises(FundHoldsMoneyError, match=r"still 5\.00 baht of this fund in account 1121"):
        close()
    make_approval(500)
    with pytest.raises(FundHoldsMoneyError):
        close()
    with pytest.raises(DBAPIError, match="still holds money"):
        by_hand(CLOSE_BY_HAND)
    make_payout(500)
    close()
    assert status() is FundStatus.CLOSED


def test_a_fund_with_a_pledge_that_runs_is_not_closed(session, clock):
    make_fund()
    pledge = make_pledge()
    for act in (None, pause):
        if act:
            unit_of_work(act, pledge.token, actor=VISITOR)
        with pytest.raises(PledgesRunError, match="Pledges to this fund that still run: 1"):
            close()
        with pytest.raises(DBAPIError, match="pledges to the fund still run"):
            by_hand(CLOSE_BY_HAND)
    unit_of_work(resume_pledge, pledge.token, actor=VISITOR)
    unit_of_work(cancel_pledge, pledge.token, actor=VISITOR)
    close()
    with pytest.raises(DBAPIError, match="the fund is closed"):
        by_hand("UPDATE pledges SET status = 'active'")


def test_a_fund_with_an_open_request_is_not_closed(session, clock):
    team = make_team(available_satang=0)
    make_request(team)
    with pytest.raises(RequestsOpenError, match="1 requests for help from this fund are open"):
        close()
    with pytest.raises(DBAPIError, match="requests from the fund are open"):
        by_hand(CLOSE_BY_HAND)


def test_a_closed_fund_takes_nothing(session, clock):
    team = make_team(available_satang=0)
    close()
    with pytest.raises(FundClosedToGiftsError):
        make_pledge()
    with pytest.raises(FundClosedError):
        make_payment(500)
    with pytest.raises(FundClosedError):
        make_gift(500)
    with pytest.raises(UnknownFundError):
        make_request(team)
    assert fund_available("GENERAL") == 0


#: Rows of a closed fund by raw SQL, in the columns that no trigger needs left out.
BY_HAND = {
    "pledge": (
        "INSERT INTO pledges (id, token, donor_id, fund_code, amount_satang, frequency,"
        " instalment_count, starts_on, method, donor_name, is_anonymous, locale, status,"
        " created_at) SELECT id + 1, 'other', donor_id, 'SHUT', amount_satang, frequency,"
        " instalment_count, starts_on, method, donor_name, is_anonymous, locale, status,"
        " created_at FROM pledges"
    ),
    "designation": (
        "INSERT INTO designations (payment_id, fund_code, amount_satang)"
        " SELECT id, 'SHUT', 100 FROM payments"
    ),
    "request": (
        "INSERT INTO disbursement_requests (id, public_id, number, fund_code, district_code, need,"
        " reason_encrypted, payee_kind, payee_name_encrypted, payout_method, total_satang, status,"
        " version, facts_sha256, requested_by_id, requested_at) SELECT id + 1, 'other', 'RQ0',"
        " 'SHUT', district_code, need, reason_encrypted, payee_kind, payee_name_encrypted,"
        " payout_method, total_satang, 'submitted', version, facts_sha256, requested_by_id,"
        " requested_at FROM disbursement_requests"
    ),
}


@pytest.mark.parametrize("thing", BY_HAND)
def test_the_database_keeps_a_closed_fund_closed(session, clock, thing):
    make_request(make_team())
    make_pledge()
    make_payment(500)
    make_fund("SHUT")
    close("SHUT")
    with pytest.raises(
        DBAPIError, match=r"the fund (is closed|takes no pledges|takes no requests)"
    ):
        by_hand(BY_HAND[thing])


def test_the_database_takes_no_entry_of_a_closed_fund(session):
    make_fund()
    make_gift(500)
    make_fund("SHUT")
    close("SHUT")
    with pytest.raises(DBAPIError, match="the fund is closed"):
        forge_entry("donation", ("1121", "4110", 100), fund="SHUT")


def test_a_frozen_fund_promises_and_pays_nothing(session, clock):
    team = make_team()
    pledge = make_pledge()
    waiting = make_request(team)
    approved = make_approved(team)
    freeze()
    with pytest.raises(FundClosedToGiftsError):
        make_pledge()
    with pytest.raises(UnknownFundError):
        make_request(team)
    move = PostingDraft("GENERAL", chart.CASH_ON_HAND, chart.BANK_MAIN, 100)
    with pytest.raises(FundFrozenError):
        make_entry(move, kind=EntryKind.TRANSFER)
    for satang, work in ((100, make_approval), (100, make_payout)):
        with pytest.raises(FundFrozenError):
            work(satang)
    make_payment(10_000, pledge.instalments[0])
    unit_of_work(reopen_fund, "GENERAL", actor=HOUSE)
    make_entry(move, kind=EntryKind.TRANSFER)
    assert {waiting.fund_code, approved.fund_code} == {"GENERAL"}


def test_a_frozen_fund_is_closed_when_it_is_empty(session):
    make_fund()
    freeze()
    close()
    assert status() is FundStatus.CLOSED
    with pytest.raises(FundStatusError):
        freeze()


@pytest.mark.postgresql
def test_closing_waits_for_a_gift_under_way_and_finds_its_money(app, session):
    make_fund()
    outcome = []

    def closing():
        with app.app_context():
            try:
                close()
            except FundHoldsMoneyError:
                outcome.append("holds money")
            else:
                outcome.append("closed")

    thread = threading.Thread(target=closing)

    def giving():
        post_entry(gift(500, "GENERAL"), actor=BOOKKEEPER)
        thread.start()
        thread.join(1)
        assert thread.is_alive()

    unit_of_work(giving)
    thread.join(30)
    assert (outcome, status()) == (["holds money"], FundStatus.OPEN)


@pytest.mark.postgresql
def test_a_gift_that_waited_for_closing_is_refused(app, session):
    make_fund()
    outcome = []

    def giving():
        with app.app_context():
            try:
                make_gift(500)
            except FundClosedError:
                outcome.append("closed")
            else:
                outcome.append("booked")

    thread = threading.Thread(target=giving)

    def closing():
        close_fund("GENERAL", actor=HOUSE)
        thread.start()
        thread.join(1)
        assert thread.is_alive()

    unit_of_work(closing)
    thread.join(30)
    assert (outcome, status()) == (["closed"], FundStatus.CLOSED)
