"""Donation boxes and cash that two people count."""

import re

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp.access.permissions import Role
from fundapp.db import db, unit_of_work
from fundapp.giving.cash.errors import SameCounterError
from fundapp.giving.cash.operations import confirm_count
from fundapp.giving.cash.queries import get_count, list_boxes
from fundapp.giving.models import CashCount, CountKind, CountStatus, Payment
from fundapp.giving.queries import find_receipt_of
from fundapp.ledger import chart
from fundapp.ledger.queries import find_holdings
from tests.factories.campaigns import confirm, make_box, make_campaign, make_count, make_event
from tests.factories.giving import make_payment, make_reversal
from tests.factories.identity import make_user, sign_in

BOX = {
    "counted_on": "24/11/2569",
    "bag_number": "bag-1",
    "total": "1,620.50",
    "pieces_100000": "1",
    "pieces_10000": "6",
    "pieces_1000": "2",
    "pieces_50": "1",
    "pieces_25": "0",
    "form_id": "one",
}


@pytest.fixture
def two(funds):
    """Two fund officers."""
    return [make_user(Role.FUND_OFFICER) for _each in range(2)]


def in_the_box():
    return find_holdings().in_all(chart.CASH_ON_HAND)


def test_a_box_is_counted_by_one_and_booked_by_another(client, two):
    first, second = two
    client.set_cookie("lang", "en")
    sign_in(client, first)
    new = {"number": "7", "fund": "GENERAL", "place": "Tea shop", "keeper": "Kaya"}
    assert client.post("/cash/boxes/new", data=new).status_code == 303
    assert "has this number" in client.post("/cash/boxes/new", data=new).text
    url = "/cash/counts/new?box=7"
    assert "Notes of 1,000 baht" in client.get(url).text
    wrong = client.post(url, data={**BOX, "pieces_50": ""})
    assert "come to 1,620.00 baht, the total says 1,620.50 baht" in wrong.text
    assert 'value="1,620.50"' in wrong.text
    assert "closed bag" in client.post(url, data={**BOX, "bag_number": ""}).text
    count_url = client.post(url, data=BOX).location
    assert client.post(url, data=BOX).location == count_url
    assert "with other content" in client.post(url, data={**BOX, "bag_number": "other"}).text
    assert "is there already" in client.post(url, data={**BOX, "form_id": "two"}).text
    assert in_the_box() == 0
    assert client.post(f"{count_url}/confirm", data={"total": "1620.50"}).status_code == 422
    assert client.post(f"{count_url}/refuse").status_code == 422

    sign_in(client, second)
    assert "1,620.50" not in client.get(count_url).text
    assert "1,620.50" not in client.get("/cash").text
    wrong = client.post(f"{count_url}/confirm", data={"total": "1620"})
    assert "not what the first person counted" in wrong.text
    assert client.post(f"{count_url}/confirm", data={"total": "1620.50"}).status_code == 303
    assert client.post(f"{count_url}/confirm", data={"total": "1620.50"}).status_code == 409
    page = client.get(count_url).text
    payment = re.search(r'href="/payments/([\w-]+)"', page)[1]
    assert client.get(f"/payments/{payment}").status_code == 200
    assert in_the_box() == 162_050

    gone = {"place": "Mosque", "keeper": "", "status": "withdrawn", "version": "1"}
    assert client.post("/cash/boxes/7", data=gone).status_code == 303
    assert client.post("/cash/boxes/7", data=gone).status_code == 409
    page = client.get("/cash").text
    assert "Mosque" in page
    assert "counts/new?box=7" not in page


def test_a_count_is_a_gift_with_a_receipt_and_can_be_reversed(two):
    make_box()
    first, second = (user.as_actor() for user in two)
    count = make_count(first)
    with pytest.raises(SameCounterError):
        unit_of_work(confirm_count, count.public_id, total_satang=162_000, actor=first)
    payment = confirm(count, second).payment
    assert find_receipt_of(payment.id).amount_satang == 162_000
    assert (payment.is_anonymous, payment.donor.is_unknown) == (True, True)
    assert [row.satang for row in list_boxes()] == [162_000]
    make_reversal(payment)
    assert (in_the_box(), [row.satang for row in list_boxes()]) == (0, [0])


def test_a_refused_count_books_nothing_and_frees_its_bag(client, two):
    first, second = two
    event = make_event(make_campaign())
    made = {"kind": CountKind.EVENT, "subject": event.public_id, "bag_number": "B1"}
    count = make_count(first.as_actor(), **made)
    client.set_cookie("lang", "en")
    sign_in(client, second)
    assert "1 000" not in client.get(f"/cash/counts/new?event={event.public_id}").text
    assert client.post(f"/cash/counts/{count.public_id}/refuse").status_code == 303
    assert db.session.scalar(select(Payment.id)) is None
    again = make_count(second.as_actor(), **made)
    assert confirm(again, first.as_actor()).status is CountStatus.CONFIRMED


@pytest.mark.sqlite
def test_the_office_counts_its_box_against_the_books(client, two):
    make_payment(50_000, method="cash", asset_account_code="1110", fund_code="GENERAL")
    client.set_cookie("lang", "en")
    sign_in(client, two[0])
    url = "/cash/counts/new?office=1110"
    counted = {"counted_on": "24/11/2569", "total": "480", "form_id": "a"}
    pieces = {"pieces_10000": "4", "pieces_2000": "4"}
    unnamed = client.post(url, data={**counted, **pieces})
    assert "a difference of -20.00 baht" in unnamed.text.replace("−", "-")
    named = {**counted, **pieces, "difference": "wrong_change"}
    count_url = client.post(url, data=named).location
    public_id = count_url.rpartition("/")[2]
    right = {"counted_on": "24/11/2569", "total": "500", "pieces_50000": "1", "form_id": "b"}
    assert client.post(url, data={**right, "difference": "unknown"}).status_code == 303
    sign_in(client, two[1])
    assert client.post(f"{count_url}/confirm", data={"total": "480"}).status_code == 303
    page = client.get(count_url).text
    assert "Wrong change was given" in page
    db.session.expire_all()
    count = get_count(public_id)
    assert (count.difference_satang, count.payment_id) == (-2_000, None)
    rest = db.session.scalars(select(CashCount).where(CashCount.id != count.id)).one()
    assert rest.difference is None
    assert in_the_box() == 50_000
    for wrong in ("office=1121", "office=", "box=9", "box=x", "event=x", ""):
        assert client.get(f"/cash/counts/new?{wrong}").status_code == 404


REFUSED = [
    (
        "UPDATE cash_counts SET confirmed_by_id = counted_by_id, confirmed_at = counted_at,"
        " status = 'refused'",
        "two_people",
    ),
    ("UPDATE cash_counts SET status = 'refused'", "confirmed_by_somebody"),
    ("UPDATE cash_counts SET total_satang = total_satang + 1", "frozen"),
    ("UPDATE cash_counts SET bag_number = 'other'", "frozen"),
    (
        "UPDATE cash_counts SET status = 'confirmed', confirmed_by_id = {other},"
        " confirmed_at = counted_at, payment_id = NULL",
        "add up|booked_when_confirmed",
    ),
    (
        "UPDATE cash_counts SET status = 'confirmed', confirmed_by_id = {other},"
        " confirmed_at = counted_at, payment_id = {wrong}",
        "add up",
    ),
    ("UPDATE cash_count_pieces SET pieces = 2", "append-only"),
    ("INSERT INTO cash_count_pieces SELECT id, 300, 1 FROM cash_counts", "denomination_known"),
    ("DELETE FROM cash_counts", "kept for ever"),
    ("UPDATE donation_boxes SET number = 8", "number and fund"),
    ("DELETE FROM donation_boxes", "kept for ever"),
]


def test_the_tables_refuse(two):
    make_box()
    first, second = (user.as_actor() for user in two)
    count = make_count(first)
    wrong = make_payment(1_000, method="cash", asset_account_code="1110", fund_code="GENERAL")
    values = {"other": second.user_id, "wrong": wrong.id}
    for statement, refusal in REFUSED:
        with pytest.raises(DBAPIError, match=refusal):
            unit_of_work(lambda each: db.session.execute(text(each.format(**values))), statement)
    confirm(count, second)
    for statement, refusal in (
        ("INSERT INTO cash_count_pieces SELECT id, 50, 1 FROM cash_counts", "nothing joins"),
        ("UPDATE cash_counts SET status = 'refused', payment_id = NULL", "frozen"),
    ):
        with pytest.raises(DBAPIError, match=refusal):
            unit_of_work(lambda each: db.session.execute(text(each)), statement)


@pytest.mark.sqlite
def test_notes_that_do_not_add_up_are_confirmed_by_nobody(two):
    """Whoever writes past the operations cannot book a count whose pieces say something else."""
    first, second = (user.as_actor() for user in two)
    make_payment(50_000, method="cash", asset_account_code="1110", fund_code="GENERAL")
    office = {"kind": CountKind.OFFICE, "subject": "1110", "bag_number": ""}
    make_count(first, **office, total_satang=50_000, pieces={50_000: 1})
    more = "INSERT INTO cash_count_pieces SELECT id, 2000, 1 FROM cash_counts"
    unit_of_work(lambda: db.session.execute(text(more)))
    done = (
        "UPDATE cash_counts SET status = 'confirmed', confirmed_at = counted_at,"
        f" confirmed_by_id = {second.user_id}"
    )
    with pytest.raises(DBAPIError, match="add up"):
        unit_of_work(lambda: db.session.execute(text(done)))
