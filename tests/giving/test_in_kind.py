"""Gifts in kind: with a letter of thanks, and in no sum of money."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from fundapp.db import db, unit_of_work
from fundapp.giving.models import GiftInKind, Payment, Receipt
from fundapp.ledger.models import JournalEntry
from tests.factories.campaigns import make_gift_in_kind
from tests.factories.children import make_child
from tests.factories.giving import make_donor

FORM = {
    "description": "Rice, 20 sacks",
    "declared": "5,000",
    "received_on": "24/11/2569",
    "name": "Kasem Rice Mill",
    "kind": "company",
    "form_id": "one",
}


def test_it_is_recorded_thanked_for_and_no_money(officer):
    nothing = officer.post("/gifts-in-kind/new", data={**FORM, "description": "", "name": ""})
    assert "Write what was given." in nothing.text
    assert "Enter a name for the letter" in nothing.text
    phone = officer.post("/gifts-in-kind/new", data={**FORM, "description": "Call 081-234-5678"})
    assert phone.status_code == 422
    url = officer.post("/gifts-in-kind/new", data=FORM).location
    assert officer.post("/gifts-in-kind/new", data=FORM).location == url
    other = officer.post("/gifts-in-kind/new", data={**FORM, "declared": "6"})
    assert "with other content" in other.text
    assert 'value="one"' not in other.text, "sent again, it is another gift"
    assert "Rice, 20 sacks" in officer.get("/gifts-in-kind").text
    page = officer.get(url).text
    assert "5,000.00 baht" in page
    assert "Kasem" in page
    assert officer.get(f"{url}/thanks.pdf").data.startswith(b"%PDF")
    known = make_donor("Nuri Maseng", email="nuri@example.org")
    given = officer.post(
        f"/gifts-in-kind/new?donor={known.public_id}", data={**FORM, "name": "", "form_id": "two"}
    )
    assert "Rice, 20 sacks" in officer.get(f"/donors/{known.public_id}").text
    assert given.status_code == 303

    for model in (Payment, Receipt, JournalEntry):
        assert db.session.scalar(select(func.count()).select_from(model)) == 0
    assert officer.get("/payments").text.count("5,000.00") == 0
    assert officer.post(f"{url}/withdraw").status_code == 303
    assert officer.post(f"{url}/withdraw").status_code == 409
    assert officer.get(f"{url}/thanks.pdf").status_code == 404
    assert "Recorded by mistake" in officer.get("/gifts-in-kind").text


@pytest.mark.sqlite
def test_it_names_no_child(officer):
    make_child(given_name="Sureeporn", family_name="Maneerat")
    named = {**FORM, "description": "Shoes for Sureeporn Maneerat"}
    assert officer.post("/gifts-in-kind/new", data=named).status_code == 422
    assert db.session.scalar(select(GiftInKind.id)) is None


def test_the_table_refuses(funds):
    make_gift_in_kind()
    unit_of_work(lambda: db.session.execute(text("UPDATE gifts_in_kind SET status = 'withdrawn'")))
    for statement, refusal in (
        ("UPDATE gifts_in_kind SET declared_satang = 1", "frozen"),
        ("UPDATE gifts_in_kind SET status = 'received'", "frozen"),
        ("DELETE FROM gifts_in_kind", "kept for ever"),
    ):
        with pytest.raises(DBAPIError, match=refusal):
            unit_of_work(lambda each: db.session.execute(text(each)), statement)
