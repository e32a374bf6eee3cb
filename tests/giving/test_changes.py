"""What is still to come of a pledge is changed: by its donor, or by the office with a reason."""

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp.audit.checks import run_checks
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError, NotFoundError
from fundapp.giving import operations
from fundapp.giving.errors import PledgeReasonError, PledgeStateError, ScheduleError
from fundapp.giving.models import Frequency, PledgeStatus
from fundapp.giving.queries import find_receipt_of, get_payment, get_pledge
from fundapp.identity.models import User, UserRole
from fundapp.mail.models import MailMessage
from fundapp.trail.models import AuditEvent
from fundapp.trail.operations import record_event
from tests.documents.pictures import picture
from tests.factories.actors import OFFICER, VISITOR
from tests.factories.giving import make_donor, make_payment, make_pledge, make_reversal


def shape(pledge):
    return [(row.due_on.isoformat(), row.amount_satang) for row in pledge.instalments]


def change(pledge, **fields):
    values = {"amount_satang": pledge.each_satang or pledge.amount_satang, **fields}
    changed = unit_of_work(operations.change_pledge, pledge.token, **{"actor": VISITOR, **values})
    return get_pledge(changed.token)


def red():
    return {result.check.name for result in run_checks() if not result.is_green}


@pytest.mark.sqlite
def test_how_often_and_how_many_change_and_what_is_paid_stays(funds):
    pledge = make_pledge(starts_on=date(2027, 1, 31), instalment_count=4, amount_satang=100_000)
    make_payment(25_000, pledge.instalments[0])
    fewer = change(pledge, remaining=2)
    assert shape(fewer) == [
        ("2027-01-31", 25_000), ("2027-02-28", 37_500), ("2027-03-31", 37_500)
    ]  # fmt: skip
    # The days go on as they were, at the ends of the months.
    more = change(fewer, remaining=4)
    assert shape(more)[1:] == [
        ("2027-02-28", 18_750), ("2027-03-31", 18_750),
        ("2027-04-30", 18_750), ("2027-05-31", 18_750),
    ]  # fmt: skip
    yearly = change(more, frequency=Frequency.YEARLY, starts_on=date(2028, 2, 29), remaining=2)
    assert shape(yearly) == [
        ("2027-01-31", 25_000), ("2028-02-29", 37_500), ("2029-02-28", 37_500)
    ]  # fmt: skip
    assert (yearly.instalment_count, yearly.status) == (3, PledgeStatus.ACTIVE)
    event = db.session.scalars(
        select(AuditEvent)
        .where(AuditEvent.action == "giving:pledge:change")
        .order_by(AuditEvent.id.desc())
    ).first()
    assert event.changes == {
        "starts_on": ["2027-01-31", "2028-02-29"],
        "frequency": ["monthly", "yearly"],
        "instalments": ["5", "3"],
    }
    assert not red()


@pytest.mark.sqlite
def test_an_open_ended_pledge_is_given_an_end(funds):
    pledge = make_pledge(amount_satang=50_000, instalment_count=None)
    make_payment(50_000, pledge.instalments[0])
    ended = change(pledge, remaining=2, amount_satang=20_000)
    assert [row.amount_satang for row in ended.instalments] == [50_000, 20_000, 20_000]
    assert (ended.instalment_count, ended.each_satang, ended.amount_satang) == (3, 20_000, 90_000)
    for row in ended.instalments[1:]:
        make_payment(20_000, row)
    assert get_pledge(pledge.token).status is PledgeStatus.COMPLETED
    assert not red()


@pytest.mark.sqlite
def test_a_part_that_was_begun_is_not_taken_away(funds):
    pledge = make_pledge()
    make_reversal(make_payment(100, pledge.instalments[2]))
    for remaining in (0, 2, 601):
        with pytest.raises(ScheduleError):
            change(pledge, remaining=remaining)
    once = make_pledge(frequency=Frequency.ONCE, instalment_count=1)
    with pytest.raises(ScheduleError):
        change(once, remaining=2)
    assert len(get_pledge(pledge.token).instalments) == 3


@pytest.mark.sqlite
def test_a_donor_changes_and_reads_what_happened(funds, client):
    client.set_cookie("lang", "en")
    pledge = make_pledge()
    url = f"/pledges/{pledge.token}"
    form = {"amount": "2000", "starts_on": "", "frequency": "quarterly", "remaining": "4"}
    assert client.post(f"{url}/change", data=form).status_code == 303
    page = client.get(url).text
    assert "How often: Every month → Every three months" in page
    assert "by you" in page
    refused = client.post(f"{url}/change", data={**form, "remaining": "999"})
    assert refused.status_code == 422
    assert 'value="999"' in refused.text


def test_the_office_changes_a_pledge_with_a_reason_and_the_donor_is_told(officer):
    pledge = make_pledge()
    reference = pledge.instalments[0].reference
    url = f"/office/pledges/{reference}"
    assert reference in officer.get(url).text
    form = {"amount": "900", "reason": ""}
    assert officer.post(f"{url}/change", data=form).status_code == 422
    form["reason"] = "Called on 3 June: gives less now"
    assert officer.post(f"{url}/change", data=form).status_code == 303
    act = {"action": "pause", "act_reason": "Called: ill until July"}
    assert officer.post(f"{url}/act", data=act).status_code == 303
    off = {"instalment": "off-2", "off_reason": "Called: cannot pay in December"}
    assert officer.post(f"{url}/write-off", data=off).status_code == 303
    row = get_pledge(pledge.token).instalments[1]
    assert (row.open_satang, row.received_satang, row.let_go_satang) == (0, 0, 30_000)
    page = officer.get(url).text
    (who,) = db.session.scalars(select(User.name).where(User.id.in_(select(UserRole.user_id))))
    for shown in ("Written off", "Called: ill until July", "gives less now", who, "by the donor"):
        assert shown in page, shown
    assert not red()
    back = {"instalment": "back-2", "off_reason": "Pays after all"}
    assert officer.post(f"{url}/write-off", data=back).status_code == 303
    assert get_pledge(pledge.token).instalments[1].open_satang == 30_000
    told = [row.about_ref for row in db.session.scalars(select(MailMessage))]
    assert told == [str(pledge.id)] * 4
    # Neither the words nor who wrote them is on the donor's page.
    own = officer.get(f"/pledges/{pledge.token}").text
    assert "by the office" in own
    assert "ill until July" not in own
    assert not red()


def test_write_offs_are_kept_within_what_there_is(funds):
    pledge = make_pledge()
    write_off, back = operations.write_off_instalment, operations.take_write_off_back
    with pytest.raises(PledgeReasonError):
        unit_of_work(write_off, pledge.token, 1, reason=" ", actor=OFFICER)
    with pytest.raises(ForbiddenError):
        unit_of_work(write_off, pledge.token, 1, reason="x", actor=VISITOR)
    with pytest.raises(NotFoundError):
        unit_of_work(write_off, pledge.token, 9, reason="x", actor=OFFICER)
    with pytest.raises(PledgeStateError):
        unit_of_work(back, pledge.token, 1, reason="x", actor=OFFICER)
    part = make_payment(10_000, pledge.instalments[0])
    for number in (1, 2, 3):
        unit_of_work(write_off, pledge.token, number, reason="x", actor=OFFICER)
    assert get_pledge(pledge.token).status is PledgeStatus.COMPLETED
    make_reversal(part)
    row = get_pledge(pledge.token).instalments[0]
    assert (row.open_satang, row.let_go_satang) == (10_000, 23_334)
    assert get_pledge(pledge.token).status is PledgeStatus.ACTIVE
    late = make_payment(40_000, pledge_id=pledge.id)
    assert sum(part.amount_satang for part in late.allocations) == 10_000
    assert not red()
    only = make_pledge(frequency=Frequency.ONCE, instalment_count=1)
    with pytest.raises(PledgeStateError):
        unit_of_work(write_off, only.token, 1, reason="x", actor=OFFICER)
    for statement in (
        "INSERT INTO write_offs SELECT 1, id, amount_satang + 1, 'x', '2026-11-24T00:00:00Z'"
        " FROM instalments WHERE number = 1",
        "INSERT INTO write_offs SELECT 1, id, -amount_satang, 'x', '2026-11-24T00:00:00Z'"
        " FROM instalments WHERE number = 1",
        "UPDATE write_offs SET amount_satang = 1",
        "DELETE FROM write_offs",
    ):
        with pytest.raises(DBAPIError, match=r"written off|append-only"):
            unit_of_work(lambda said=statement: db.session.execute(text(said)))


@pytest.mark.sqlite
def test_a_signed_paper_is_entered_with_its_scan(officer):
    donor = make_donor("Halimah Binti Yusof", email="halimah@example.org")
    url = f"/office/pledges/new?donor={donor.public_id}"
    page = officer.get(url).text
    assert "Halimah Binti Yusof" in page
    form_id = page.split('name="form_id"')[1].split('value="')[1].split('"')[0]

    def form(**fields):
        return {
            "form_id": form_id, "donor": donor.public_id, "amount": "300", "fund": "GENERAL",
            "frequency": "monthly", "instalments": "6", "amount_is": "each",
            "starts_on": "1/10/2569", "name": donor.name, "method": "transfer",
            "share_unit": "percent", "share-GENERAL": "50", "share-SCHOLARSHIP": "50",
            "paper": (picture(), "paper.jpg"), **fields,
        }  # fmt: skip

    for again in range(2):  # the same form again is the same pledge
        made = officer.post("/office/pledges/new", data=upload(form()))
        assert made.status_code == 303, again
    ((token,),) = db.session.execute(text("SELECT token FROM pledges")).all()
    pledge = get_pledge(token)
    assert (pledge.donor_id, pledge.amount_satang, pledge.is_split) == (donor.id, 180_000, True)
    assert pledge.instalments[0].due_on == date(2026, 10, 1)
    assert db.session.scalar(text("SELECT count(*) FROM mail_messages")) == 1
    shown = officer.get(made.location).text
    paper = shown.split("/papers/")[1].split('"')[0]
    scan = officer.get(f"/office/pledges/{pledge.instalments[0].reference}/papers/{paper}")
    assert scan.mimetype == "image/jpeg"
    wrong = officer.post("/office/pledges/new", data=upload(form(amount="x", starts_on="1/1/2560")))
    assert wrong.status_code == 422
    assert 'value="50"' in wrong.text


def upload(fields):
    """Fields and a file, as a browser sends them."""
    content, name = fields["paper"]
    return {**fields, "paper": (BytesIO(content), name)}


@pytest.mark.sqlite
def test_an_anonymous_gift_stays_so_when_its_donor_gives_by_name(funds, client):
    """Anonymity is of each gift, and changes for that gift alone."""
    client.set_cookie("lang", "en")
    same = {"name": "Aminah Sani", "email": "aminah@example.org"}
    hidden, named = make_pledge(**same, is_anonymous=True), make_pledge(**same)
    assert hidden.donor_id == named.donor_id
    first = make_payment(100, hidden.instalments[0])
    second = make_payment(200, named.instalments[0])
    assert (first.is_anonymous, second.is_anonymous) == (True, False)
    url = f"/pledges/{hidden.token}"
    other = f"{url}/gifts/{second.public_id}/name"
    assert client.post(other, data={"show": "0"}).status_code == 404
    assert client.post(f"{url}/gifts/{first.public_id}/name", data={"show": "1"}).status_code == 303
    assert client.post(f"{url}/name", data={"show": "1"}).status_code == 303
    db.session.expire_all()
    kept = [get_payment(each.public_id).is_anonymous for each in (first, second)]
    assert kept == [False, False]
    assert find_receipt_of(first.id).donor_name == ""
    third = make_payment(300, hidden.instalments[0])
    assert (third.is_anonymous, find_receipt_of(third.id).donor_name) == (False, "Aminah Sani")
    events = db.session.scalars(
        select(AuditEvent.action).where(AuditEvent.action.contains("show-name"))
    ).all()
    assert sorted(events) == ["giving:payment:show-name", "giving:pledge:show-name"]
    assert not red()


@pytest.mark.sqlite
def test_the_parts_of_years_crowd_nothing_out_of_the_history(funds, client):
    """An open-ended pledge gets its next parts each month, for ever."""
    client.set_cookie("lang", "en")
    pledge = make_pledge(instalment_count=None, amount_satang=10_000)
    extended = {"subject_type": "pledge", "subject_ref": str(pledge.id), "actor": OFFICER}
    unit_of_work(lambda: [record_event("giving:pledge:extend", **extended) for _month in range(60)])
    unit_of_work(operations.pause_pledge, pledge.token, actor=VISITOR)
    page = client.get(f"/pledges/{pledge.token}").text
    assert "Pledge made" in page
    assert "Pledge paused" in page
