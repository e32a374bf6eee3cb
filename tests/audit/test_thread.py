"""The auditor follows a gift to two children and back, on the pages alone."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fundapp.access.permissions import Role
from fundapp.db import db
from fundapp.disbursements.drafts import LineDraft
from fundapp.disbursements.queries.shares import ChildShare, split_lines
from fundapp.giving.models import Receipt
from fundapp.ledger.drafts import entry_number
from tests.factories.children import every_consent, make_child
from tests.factories.disbursements import make_paid, make_team, prove
from tests.factories.giving import make_payment
from tests.factories.identity import make_user, open_session_of

pytestmark = pytest.mark.sqlite  # the queries behind it run on both in tests/ledger/thread


@pytest.fixture
def desk(client, clock, session):
    client.set_cookie("sid", open_session_of(client.application, make_user(Role.AUDITOR).email))
    client.set_cookie("lang", "en")
    return client


def text_of(answer):
    assert answer.status_code == 200
    body = answer.get_data(as_text=True).partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split()).replace(" ,", ",")


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6), st.data())
def test_parts_of_a_request_are_split_among_its_lines_to_the_satang(lines, data):
    """Parts one after another: each is whole, and so is each child's money."""
    cuts = data.draw(st.lists(st.integers(0, sum(lines))))
    places = sorted({0, sum(lines), *cuts})
    children = [ChildShare(str(number), satang) for number, satang in enumerate(lines)]
    got = dict.fromkeys((child.code for child in children), 0)
    for start, end in pairwise(places):
        shares = list(split_lines(children, start, end - start))
        assert sum(share.satang for share in shares) == end - start
        for share in shares:
            got[share.code] += share.satang
    assert list(got.values()) == lines


def test_a_gift_is_followed_to_its_children_and_back(desk):
    """Gift → parts → help → children by code → proof; help → gifts; both ends to the satang."""
    team = make_team(available_satang=0)
    other = make_child(team.asker, consents=every_consent())
    first = make_payment(150_000)
    second = make_payment(250_000)
    lines = [LineDraft(team.child.public_id, 100_000), LineDraft(other.public_id, 120_000)]
    paid = make_paid(team, lines=lines)
    prove(paid, team)
    db.session.expire_all()
    help_entry = entry_number(paid.approval_entry_id)
    gift = entry_number(first.journal_entry_id)
    codes = [line.child.code for line in paid.lines]  # in the order in which they were booked
    shares = [line.amount_satang for line in paid.lines]
    spent = f"{(shares[0]) / 100:,.2f}", f"{(150_000 - shares[0]) / 100:,.2f}"

    page = text_of(desk.get(f"/audit/thread/{gift}"))
    assert paid.number in page
    assert "Received" in page  # the proof
    assert f"{codes[0]} {spent[0]} baht, {codes[1]} {spent[1]} baht" in page
    assert re.search(r"Still in the fund 0\.00 baht", page)
    page = text_of(desk.get(f"/audit/thread/{entry_number(second.journal_entry_id)}"))
    assert f"{codes[1]} 700.00 baht" in page
    assert re.search(r"Still in the fund 1,800\.00 baht", page)

    page = text_of(desk.get(f"/audit/thread/{help_entry}"))
    receipts = db.session.scalars(db.select(Receipt).order_by(Receipt.number)).all()
    for receipt in receipts:
        assert receipt.label in page
    assert re.search(r"Its parts 2,200\.00 baht", page)
    assert re.search(r"Covered by no money yet 0\.00 baht", page)

    for address, link in (
        (f"/audit/entries/{gift}", f"/audit/thread/{gift}"),
        (f"/payments/{first.public_id}", f"/audit/thread/{gift}"),
        (f"/disbursements/{paid.public_id}", f"/audit/thread/{help_entry}"),
    ):
        assert link in desk.get(address).get_data(as_text=True)
