"""Referrals: told with consent and for a time, seen by one agency alone, answered once."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from fundapp import clock
from fundapp.access.permissions import Role
from fundapp.agencies import errors
from fundapp.agencies.models import (
    GivenKind,
    Referral,
    ReferralAction,
    ReferralStatus,
    SharedFact,
)
from fundapp.agencies.operations import (
    accept_referral,
    decline_referral,
    send_referral,
    withdraw_referral,
)
from fundapp.agencies.queries import count_waiting_referrals, gaps_and_overlaps
from fundapp.agencies.queries.gaps import IN_FILE
from fundapp.agencies.reader import read_referral
from fundapp.agencies.workflow import next_referral_status
from fundapp.audit.checks import agencies
from fundapp.children.models import ConsentKind, Purpose
from fundapp.children.operations import withdraw_consent
from fundapp.children.suppression import TOTAL
from fundapp.db import db, unit_of_work
from fundapp.disbursements.models import Need
from fundapp.errors import ForbiddenError, FormUsedError, NotFoundError, StaleError
from fundapp.mail.models import MailMessage
from fundapp.trail.models import ChildRead
from fundapp.trail.operations import record_child_reads
from tests.audit.tampering import tamper
from tests.factories.agencies import finish, let_in, make_agency, refer, referral_draft
from tests.factories.children import RAMAN, YAHA, every_consent, make_child
from tests.factories.disbursements import make_paid, make_team
from tests.factories.identity import make_user, sign_in

#: From each state, what each action leads to; every other pair is refused.
NEXT = {
    "sent": {"accept": "accepted", "decline": "declined", "withdraw": "withdrawn"},
    "accepted": {"decline": "declined", "finish": "done", "withdraw": "withdrawn"},
}


@pytest.fixture
def manager(session):
    return make_user(Role.CASE_MANAGER, (RAMAN, YAHA))


@pytest.fixture
def child(manager):
    return make_child(manager, district_code=RAMAN, consents=every_consent())


@pytest.fixture
def agency(session):
    return make_agency()


def withdraw(child, manager, kind):
    consent = next(each for each in child.consents if each.kind is kind)
    unit_of_work(withdraw_consent, child.public_id, consent.id, actor=manager.as_actor())


def look(number, user):
    return unit_of_work(read_referral, number, actor=user.as_actor())


@pytest.mark.sqlite  # A rule without a database.
def test_every_state_and_action():
    for status in ReferralStatus:
        for action in ReferralAction:
            wanted = NEXT.get(status.value, {}).get(action.value)
            if wanted is None:
                with pytest.raises(errors.ReferralStateError):
                    next_referral_status(status, action)
            else:
                assert next_referral_status(status, action).value == wanted


@pytest.mark.sqlite
def test_what_a_referral_needs(manager, child, agency):
    def refused(error, asked=agency, **overrides):
        with pytest.raises(error):
            refer(child, asked, manager, **overrides)

    today = clock.today()
    refused(errors.SharedFactsError, facts=())
    refused(errors.SharedUntilError, ends_on=today - timedelta(days=1))
    refused(errors.SharedUntilError, ends_on=today + timedelta(days=184))
    over = make_agency(ends_on=today - timedelta(days=1))
    refused(errors.AgreementEndedError, over)
    elsewhere = make_agency(districts=(YAHA,))
    refused(errors.AgencyElsewhereError, elsewhere)
    sent = refer(child, agency, manager)
    refused(errors.SameReferralError)
    assert refer(child, agency, manager, need=Need.FOOD).number != sent.number
    for stranger in (make_user(Role.SUPERVISOR, (RAMAN,)), make_user(Role.APPROVER)):
        with pytest.raises(ForbiddenError):
            refer(child, agency, stranger, need=Need.HEALTH)
    with pytest.raises(NotFoundError):
        refer(child, agency, make_user(Role.CASE_MANAGER, ("9501",)), need=Need.HEALTH)
    unit_of_work(withdraw_referral, sent.number, version=1, actor=manager.as_actor())
    withdraw(child, manager, ConsentKind.SHARE_FACTS)
    refused(errors.ShareConsentError, need=Need.HEALTH)


@pytest.mark.sqlite
def test_one_form_sends_one_referral_and_one_message(manager, child, agency):
    draft, actor = referral_draft(agency), manager.as_actor()
    numbers = {
        unit_of_work(send_referral, child.public_id, draft, key="once", actor=actor).number
        for _ in range(2)
    }
    assert len(numbers) == 1
    other = referral_draft(agency, need=Need.FOOD)
    with pytest.raises(FormUsedError):
        unit_of_work(send_referral, child.public_id, other, key="once", actor=actor)
    (message,) = db.session.query(MailMessage).filter_by(recipient_type="agency")
    assert message.to_address == agency.email
    assert numbers.pop() in message.body
    for secret in ("Canary", child.code, "Education"):
        assert secret not in message.body + message.subject


def test_only_its_agency_sees_it_while_it_may(manager, child, agency):
    person, colleague, stranger = let_in(agency), let_in(agency), let_in(make_agency())
    nobody = make_user(Role.AGENCY)
    number = refer(child, agency, manager).number
    for other in (stranger, nobody, make_user(Role.APPROVER), make_user(Role.ADMINISTRATOR)):
        with pytest.raises(NotFoundError):
            look(number, other)
        assert count_waiting_referrals(other.as_actor(), clock.today()) == 0
    assert count_waiting_referrals(person.as_actor(), clock.today()) == 1
    assert look(number, colleague).facts.keys() == {SharedFact.FIRST_NAME, SharedFact.AGE}
    unit_of_work(accept_referral, number, version=1, actor=person.as_actor())
    with pytest.raises(NotFoundError):
        look(number, colleague)
    assert look(number, person).words == "Canary shoes for school"
    assert look(number, make_user(Role.SUPERVISOR, (RAMAN,))).is_shown
    with pytest.raises(NotFoundError):
        look(number, make_user(Role.SUPERVISOR, (YAHA,)))
    purposes = {
        read.reader
        for read in db.session.query(ChildRead).filter_by(purpose=Purpose.REFERRAL.value)
    }
    assert {person.public_id, colleague.public_id} <= purposes
    withdraw(child, manager, ConsentKind.SHARE_FACTS)
    with pytest.raises(NotFoundError):
        look(number, person)
    assert count_waiting_referrals(person.as_actor(), clock.today()) == 0


@pytest.mark.sqlite
def test_access_and_referrals_end(manager, child, agency):
    person, before = let_in(agency, ends_on=clock.today()), clock.now() - timedelta(days=9)
    yesterday = clock.today() - timedelta(days=1)
    with clock.at(before):
        gone = let_in(agency, ends_on=yesterday)
        over = refer(child, agency, manager, need=Need.FOOD, ends_on=yesterday).number
        assert look(over, gone).is_shown
    number = refer(child, agency, manager).number
    assert look(number, person).is_shown
    for ended, reader in ((over, person), (number, gone)):
        with pytest.raises(NotFoundError):
            look(ended, reader)
    assert count_waiting_referrals(person.as_actor(), clock.today()) == 1
    assert count_waiting_referrals(gone.as_actor(), clock.today()) == 0
    for last in (clock.today() - timedelta(days=1), agency.ends_on + timedelta(days=1)):
        with pytest.raises(errors.AccessDaysError):
            let_in(agency, ends_on=last)
    with pytest.raises(errors.AccessRoleError):
        let_in(agency, user=manager)


@pytest.mark.sqlite
def test_answered_once_and_in_order(manager, child, agency):
    person, colleague = let_in(agency), let_in(agency)
    number = refer(child, agency, manager).number
    with pytest.raises(StaleError):
        unit_of_work(accept_referral, number, version=7, actor=person.as_actor())
    for _click in range(2):
        unit_of_work(accept_referral, number, version=1, actor=person.as_actor())
    with pytest.raises(NotFoundError):
        unit_of_work(accept_referral, number, version=1, actor=colleague.as_actor())
    with pytest.raises(StaleError):
        unit_of_work(decline_referral, number, "No", version=1, actor=person.as_actor())
    with pytest.raises(StaleError):
        unit_of_work(withdraw_referral, number, version=1, actor=manager.as_actor())
    with pytest.raises(ForbiddenError):
        unit_of_work(accept_referral, number, version=2, actor=manager.as_actor())
    unit_of_work(decline_referral, number, "Canary is full", version=2, actor=person.as_actor())
    with pytest.raises(NotFoundError):
        look(number, person)
    assert look(number, manager).reason == "Canary is full"


def test_the_database_keeps_agencies_and_referrals(session, manager, child, agency):
    person = let_in(agency)
    refer(child, agency, manager, need=Need.FOOD)
    finish(refer(child, agency, manager), person)
    rows = str(session.execute(text("SELECT * FROM referrals")).all())
    assert "Canary" not in rows
    session.rollback()
    copied = (
        "INSERT INTO referrals SELECT 1, child_id, {agency}, need, facts, words_encrypted,"
        " '{status}', 1, sent_by_id, sent_at, sent_on, ends_on, NULL, NULL, NULL, NULL, NULL,"
        " NULL, NULL, NULL, NULL, 'k' FROM referrals WHERE status = 'sent'"
    )
    for statement in (
        "DELETE FROM agencies",
        "DELETE FROM agency_accesses",
        "DELETE FROM referrals",
        "UPDATE agencies SET ends_on = '2099-01-01'",
        "UPDATE agency_accesses SET ends_on = '2099-01-01'",
        "UPDATE referrals SET ends_on = '2099-01-01'",
        "UPDATE referrals SET given_count = 9 WHERE status = 'done'",
        "UPDATE referrals SET status = 'sent', version = 4 WHERE status = 'done'",
        "UPDATE referrals SET status = 'done', version = 2 WHERE status = 'sent'",
        f"UPDATE referrals SET status = 'accepted', version = 2, accepted_at = sent_at,"
        f" accepted_by_id = {make_user(Role.AGENCY).id} WHERE status = 'sent'",
        copied.format(agency="agency_id", status="accepted"),
        copied.format(
            agency=make_agency(ends_on=clock.today() - timedelta(days=1)).id, status="sent"
        ),
    ):
        with pytest.raises(DBAPIError):
            unit_of_work(session.execute, text(statement))
    withdraw(child, manager, ConsentKind.SHARE_FACTS)
    with pytest.raises(DBAPIError):
        again = copied.format(agency="agency_id", status="sent")
        unit_of_work(session.execute, text(again))


def test_checks_find_reads_and_answers_that_nobody_allowed(manager, child, agency):
    person, stranger = let_in(agency), let_in(make_agency())
    number = finish(refer(child, agency, manager), person).number
    look(number, person)
    assert not [*agencies.referred(), *agencies.answered()]
    reader = stranger.as_actor()
    unit_of_work(record_child_reads, [child.public_id], reader=reader, purpose=Purpose.REFERRAL)
    tamper("referrals", f"UPDATE referrals SET accepted_by_id = {manager.id}")
    assert [violation.ref for violation in agencies.referred()] == [reader.ref]
    assert len(list(agencies.answered())) == 1


def test_gaps_and_overlaps_are_counted_and_small_ones_withheld(session):
    team = make_team()
    agency = make_agency()
    person = let_in(agency)
    make_paid(team, need=Need.EDUCATION)
    finish(refer(team.child, agency, team.asker), person, GivenKind.PLACE)
    for _ in range(6):
        other = make_child(team.asker, district_code=RAMAN, consents=every_consent())
        refer(other, agency, team.asker, need=Need.FOOD)
    report = gaps_and_overlaps(clock.today())
    assert report.gaps[RAMAN, "food"] == 6
    assert report.gaps[RAMAN, "education"] == 0
    assert report.gaps[YAHA, IN_FILE] == 0
    assert report.overlaps[RAMAN, "education"] is None, "one child is withheld"
    assert report.overlaps[TOTAL, TOTAL] is None


def test_the_pages_from_proposal_to_answer(client, manager, child, agency):
    person = let_in(agency)
    client.set_cookie("lang", "en")
    sign_in(client, manager)
    file = client.get(f"/children/{child.public_id}").text
    address = f"/referrals/new?child={child.public_id}"
    assert address.replace("&", "&amp;") in file
    data = {
        "agency": agency.public_id, "need": "education", "facts": ["first_name"],
        "words": "Canary shoes", "ends_on": "", "form_id": "once",
    }  # fmt: skip
    refused = client.post(address, data=data)
    assert refused.status_code == 422
    assert "Canary shoes" in refused.text
    last = clock.today() + timedelta(days=10)
    data["ends_on"] = f"{last.day}/{last.month}/{last.year}"
    sent = client.post(address, data=data)
    assert sent.status_code == 303
    shown = sent.location
    assert "Canary shoes" in client.get(shown).text
    assert agency.name in client.get(f"/disbursements/new?child={child.code}").text
    sign_in(client, person)
    assert "Referrals to your agency" in client.get("/today").text
    assert "Canary shoes" in client.get(shown).text
    for closed in ("/children", f"/children/{child.public_id}", "/agencies", "/disbursements",
                   "/audit/journal", address):  # fmt: skip
        assert client.get(closed).status_code == 403, closed
    assert client.post(f"{shown}/accept", data={"version": "1"}).status_code == 303
    assert client.post(f"{shown}/accept", data={"version": "9"}).status_code in (409, 422)
    wrong = {"version": "2", "given_kind": "goods", "count": "1.5", "given_on": "1/1/2026"}
    assert client.post(f"{shown}/finish", data=wrong).status_code == 422
    today = clock.today()
    day = f"{today.day}/{today.month}/{today.year}"
    right = {**wrong, "count": "2", "given_on": day, "words": "Canary pairs"}
    assert client.post(f"{shown}/finish", data=right).status_code == 303
    sign_in(client, make_user(Role.SUPERVISOR, (RAMAN,)))
    assert "Canary pairs" in client.get(shown).text
    reads = client.get(f"/children/{child.public_id}").text
    assert person.display_name in reads
    assert "a referral to a partner agency" in reads
    assert db.session.query(Referral).one().given_count == 2


@pytest.mark.sqlite
def test_an_agency_is_proposed_on_its_pages(client, agency):
    client.set_cookie("lang", "en")
    sign_in(client, make_user(Role.FUND_OFFICER))
    for page in ("/agencies", f"/agencies/{agency.public_id}", "/agencies/new"):
        assert client.get(page).status_code == 200
    page = client.get(f"/agencies/{agency.public_id}/change").text
    version = page.partition('name="version"')[2].partition('value="')[2].partition('"')[0]
    data = {
        "name": "Renamed", "kind": "health", "districts": [RAMAN], "email": "new@example.org",
        "starts_on": "1/1/2026", "ends_on": "31/12/2025", "version": version,
    }  # fmt: skip
    refused = client.post(f"/agencies/{agency.public_id}/change", data=data)
    assert "before its first day" in refused.text
    last = clock.today() + timedelta(days=400)
    data["ends_on"] = f"{last.day}/{last.month}/{last.year}"
    assert client.post(f"/agencies/{agency.public_id}/change", data=data).status_code == 303
    person = make_user(Role.AGENCY)
    access = {"person": person.public_id, "ends_on": data["starts_on"]}
    people = f"/agencies/{agency.public_id}/people"
    assert client.post(people, data=access).status_code == 422
    soon = clock.today() + timedelta(days=9)
    access["ends_on"] = f"{soon.day}/{soon.month}/{soon.year}"
    assert client.post(people, data=access).status_code == 303
    assert "Agency" in client.get("/agencies").text
