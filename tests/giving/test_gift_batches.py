"""Batches with control totals, and lists of givers."""

import io

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from fundapp.db import db, unit_of_work
from fundapp.giving.gift_batches.drafts import Giver, RowDraft
from fundapp.giving.gift_batches.operations import add_rows, cancel_batch, post_batch
from fundapp.giving.gift_batches.queries import get_batch
from fundapp.giving.gift_batches.reading import decode, read_givers
from fundapp.giving.models import (
    BatchStatus,
    Donor,
    DonorKind,
    GiftBatchRow,
    Payment,
    Receipt,
    TaxDetails,
)
from fundapp.ledger.errors import PeriodClosedError
from fundapp.ledger.models import JournalEntry
from tests.factories.actors import OFFICER
from tests.factories.books import close_month
from tests.factories.campaigns import make_batch
from tests.factories.giving import make_donor, make_pledge

BEGIN = {
    "method": "cash",
    "received_on": "24/11/2569",
    "expected_count": "4",
    "expected": "1,000",
    "fund": "GENERAL",
    "form_id": "one",
}
#: A right tax number.
TAX_ID = "1101700230708"


def total(model):
    db.session.expire_all()
    return db.session.scalar(select(func.count()).select_from(model))


def test_an_officer_records_a_batch_and_posts_it_once(officer, session):
    agency = make_donor("โรงพยาบาลยะลา", kind=DonorKind.AGENCY, email="h@example.org")
    known = make_donor("Nuri Maseng", email="nuri@example.org")
    pledge = make_pledge(amount_satang=30_000, instalment_count=1)
    uncounted = officer.post("/batches/new", data={**BEGIN, "expected_count": ""})
    assert "Count the gifts" in uncounted.text
    begun = {**BEGIN, "sender": agency.public_id}
    url = officer.post("/batches/new", data=begun).location
    assert officer.post("/batches/new", data=begun).location == url
    other = officer.post("/batches/new", data={**begun, "expected_count": "5"})
    assert (other.status_code, "with other content" in other.text) == (422, True)
    assert "Post the batch" not in officer.get(url).text
    assert officer.post(f"{url}/post").status_code == 422

    row = {"amount": "300", "reference": pledge.instalments[0].reference, "form_id": "row"}
    for _click in range(2):
        assert officer.post(f"{url}/rows", data=row).status_code == 303
    assert len(get_batch(url.rpartition("/")[2]).rows) == 1
    assert "with other content" in officer.post(f"{url}/rows", data={**row, "amount": "3"}).text
    for wrong, sentence in (
        ({"name": "Somebody Else"}, "This pledge is by Aminah Sani"),
        ({"name": "Aminah Sani", "tax_id": TAX_ID}, "says who gives"),
        ({"reference": "", "donor": "nobody"}, "This donor is not known"),
        ({"reference": "X"}, "No pledge carries"),
    ):
        answer = officer.post(f"{url}/rows", data={**row, "form_id": "", **wrong})
        assert (answer.status_code, sentence in answer.text) == (422, True), wrong
    assert "Nuri" in officer.post(f"{url}/find", data={"q": "nuri"}).text
    by_donor = {"amount": "200", "donor": known.public_id}
    assert officer.post(f"{url}/rows", data=by_donor).status_code == 303
    assert officer.post(f"{url}/rows", data={"amount": "100"}).status_code == 303
    assert "400.00" in officer.get(url).text
    refused = officer.post(f"{url}/post").text
    assert "recorded are 3 of 600.00 baht" in refused
    kasem = {"amount": "500", "name": "Kasem Dee"}
    assert officer.post(f"{url}/rows", data=kasem).status_code == 303
    assert officer.post(f"{url}/post").status_code == 422
    assert officer.post(f"{url}/rows/4/remove").status_code == 303
    assert officer.post(f"{url}/rows", data={**kasem, "amount": "400"}).status_code == 303
    assert total(Payment) == total(Receipt) == 0

    assert officer.post(f"{url}/post").status_code == 303
    assert officer.post(f"{url}/post").status_code == 409
    assert officer.post(f"{url}/rows", data={"amount": "1"}).status_code == 409
    assert total(Payment) == total(Receipt) == total(JournalEntry) == 4
    page = officer.get(url).text
    for name in ("โรงพยาบาลยะลา", "Nuri", "Kasem", "Aminah"):
        assert name in page
    assert f'href="{url}"' in officer.get("/batches").text
    posted = get_batch(url.rpartition("/")[2])
    assert [row.giver_encrypted for row in posted.rows] == [None] * 4
    assert {row.payment.donor.name for row in posted.rows} == {
        "Aminah Sani", "Nuri Maseng", "", "Kasem Dee",
    }  # fmt: skip


@pytest.mark.sqlite
def test_a_list_is_pasted_or_sent_as_a_file(officer, session):
    url = officer.post("/batches/new", data={**BEGIN, "expected": "1,250.50"}).location
    bad = "name,amount\nOne,1,000\nTwo,x@y,5\nThree\n"
    page = officer.post(f"{url}/list", data={"givers": bad}).text
    for line in ("Line 2: There must be one amount", "Line 3:", "Line 4:"):
        assert line in page
    assert "One,1,000" in page
    pasted = f"ชื่อ\tเลขภาษี\tจำนวน\n1\tนูรี มะเซ็ง\t{TAX_ID}\t๑,๐๐๐.๕๐ บาท\n\n2\tอาลี\ta@example.org\t100"
    assert officer.post(f"{url}/list", data={"givers": pasted}).status_code == 303
    sent_twice = {"givers": "Twice\t1", "form_id": "list"}
    for _click in range(2):
        assert officer.post(f"{url}/list", data=sent_twice).status_code == 303
    assert officer.post(f"{url}/rows/3/remove").status_code == 303
    assert "with other content" not in officer.post(f"{url}/list", data=sent_twice).text
    assert officer.post(f"{url}/rows/3/remove").status_code == 303
    assert "at most 500" in officer.post(f"{url}/list", data={"givers": "1\n" * 100_001}).text
    sent = {"file": (io.BytesIO("กัสมา;100\nLast one;50".encode("cp874")), "list.csv")}
    assert officer.post(f"{url}/list", data=sent).status_code == 303
    wrong = {"file": (io.BytesIO(b"\x00\x01" * 9), "list.csv")}
    assert "is no CSV" in officer.post(f"{url}/list", data=wrong).text
    assert "list is empty" in officer.post(f"{url}/list", data={"givers": " \n"}).text
    assert officer.post(f"{url}/post").status_code == 303
    assert total(TaxDetails) == 1
    assert db.session.scalar(select(Donor.email).where(Donor.name == "อาลี")) == "a@example.org"
    assert total(Receipt) == 4


@pytest.mark.sqlite  # text alone
def test_lists_as_people_write_them():
    def rows(written):
        return [(each.name, each.amount_satang) for each in read_givers(written).givers]

    assert rows("a@b.example,Ali Baba,500") == [("Ali Baba", 50_000)]
    assert rows('"Ali, Baba","1,000.50"') == [("Ali, Baba", 100_050)]
    assert rows("1,Ali Baba,500") == [("Ali Baba", 50_000)]
    assert rows("500") == [("", 50_000)]
    for wrong in ("Ali,1,000", "Ali", "Ali,0", "Ali,-5", "!!!,5", "x@y.example,5", "Ali,5,6"):
        assert read_givers(f"Bo,1\n{wrong}").problems[0].row == 2, wrong
    assert len(read_givers("Ali,5\n" * 501).problems) == 1
    assert decode("อาลี".encode("cp874")) == "อาลี"
    assert decode(b"\xff\xfe\x00") is None


def test_a_batch_is_posted_whole_or_not_at_all(funds):
    batch = make_batch(Giver(10_000, "One"), Giver(20_000, "Two"))
    close_month(batch.received_on.replace(day=1))
    with pytest.raises(PeriodClosedError):
        unit_of_work(post_batch, batch.public_id, actor=OFFICER)
    assert (total(Payment), total(Receipt)) == (0, 0)
    assert get_batch(batch.public_id).status is BatchStatus.OPEN


@pytest.mark.sqlite
def test_a_cancelled_batch_forgets_who_was_to_give(funds):
    batch = make_batch(Giver(10_000, "One"))
    assert b"One" not in batch.rows[0].giver_encrypted
    unit_of_work(cancel_batch, batch.public_id, actor=OFFICER)
    assert total(GiftBatchRow) == 0


REFUSED = [
    ("UPDATE gift_batches SET expected_satang = 1", "frozen"),
    ("UPDATE gift_batches SET status = 'posted', posted_at = made_at", "expected of it"),
    ("UPDATE gift_batch_rows SET amount_satang = 1", "stays in its place"),
    ("UPDATE gift_batch_rows SET giver_encrypted = NULL", "words_gone"),
    (
        "UPDATE gift_batch_rows SET payment_id = 1, giver_encrypted = NULL WHERE position = 1",
        "(?i)foreign key",
    ),
    ("DELETE FROM gift_batches", "kept for ever"),
]
AFTERWARDS = [
    ("UPDATE gift_batches SET status = 'open', posted_at = NULL", "frozen"),
    ("DELETE FROM gift_batch_rows", "stay when it is posted"),
    ("UPDATE gift_batch_rows SET payment_id = NULL", "stay when it is posted"),
]


def test_the_tables_refuse(funds):
    batch = make_batch(Giver(10_000, "One"), Giver(20_000, "Two"))
    for statement, refusal in REFUSED:
        with pytest.raises(DBAPIError, match=refusal):
            unit_of_work(lambda each: db.session.execute(text(each)), statement)
    unit_of_work(post_batch, batch.public_id, actor=OFFICER)
    for statement, refusal in AFTERWARDS:
        with pytest.raises(DBAPIError, match=refusal):
            unit_of_work(lambda each: db.session.execute(text(each)), statement)
    another = make_batch(Giver(10_000), expected_count=2)
    row = RowDraft(Giver(5_000))
    unit_of_work(add_rows, another.public_id, [row], actor=OFFICER)
    assert get_batch(another.public_id).agrees is False
