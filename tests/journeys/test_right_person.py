"""A bank line and whom it belongs to: what is certain, what is only offered, and one transfer for
two pledges, as the officer sees it over HTTP.
"""

import pytest

from fundapp.db import db
from fundapp.giving.models import Receipt
from tests.factories.banking import (
    MONDAY,
    Move,
    import_moves,
    make_bank_account,
    make_single_pledge,
)
from tests.factories.books import make_fund
from tests.factories.identity import make_user
from tests.journeys.world import red_checks


@pytest.fixture
def officer(fund_app, session, browser, clock):
    make_fund("GENERAL")
    make_bank_account()
    person = browser()
    person.sign_in(make_user("fund_officer").email)
    return person


def receipts():
    db.session.expire_all()
    rows = db.session.scalars(db.select(Receipt).order_by(Receipt.id))
    return [(row.donor_name, row.amount_satang, row.voided_at is None) for row in rows]


def test_only_what_is_certain_is_matched(officer):
    """The second payment of a reference, too much money and a cancelled pledge wait, with the
    reason; what was recorded as cash is not received twice.
    """
    aminah, hasan, siti, gone = (
        make_single_pledge(50_000, name=name) for name in ("Aminah", "Hasan", "Siti", "Gone")
    )
    officer.send(officer.open(f"/pledges/{gone.token}"), "/cancel").says("cancelled")
    form = officer.open("/payments/new")
    reference = siti.instalments[0].reference
    recorded = officer.send(
        form, "/payments/new", amount="500", method="cash", received_on="24/11/2569",
        reference=reference,
    )  # fmt: skip
    recorded.says("The payment is recorded")
    sent = [aminah, aminah, hasan, siti, gone]
    amounts = [50_000, 50_000, 5_000_000, 50_000, 50_000]
    lines = import_moves(
        *(
            Move(satang, f"REF {pledge.instalments[0].reference}", time=f"10:0{number}")
            for number, (pledge, satang) in enumerate(zip(sent, amounts, strict=True))
        )
    )
    statement = f"/bank/statements/{lines[0].statement.public_id}"
    page = officer.open(statement)
    page.says("Match all certain (1)")
    officer.send(page, "/match-certain").says("1 line is matched.")
    assert receipts() == [("Siti", 50_000, True), ("Aminah", 50_000, True)]
    for line, reason in zip(
        lines[1:],
        ("fulfilled already", "more than", "fulfilled already", "cancelled"),
        strict=True,
    ):
        officer.open(f"/bank/lines/{line.public_id}").says(reason)
    assert red_checks() == []


@pytest.mark.sqlite
def test_who_is_named_by_the_bank_gets_the_receipt(officer):
    """The amount and day are Aminah's, the name is not."""
    make_single_pledge(50_000, name="นางสาวอามีนะห์ สาเมาะ")
    (line,) = import_moves(Move(50_000, "X4410 นายฮาซัน มะแซ", day=MONDAY))
    page = officer.open(f"/bank/lines/{line.public_id}")
    page.says("It is from นาย ฮาซัน มะแซ", "The bank names somebody else than the giver.")
    officer.send(page, "/gift", fund="GENERAL").says("its receipt is issued")
    assert receipts() == [("นาย ฮาซัน มะแซ", 50_000, True)]
    assert red_checks() == []


@pytest.mark.sqlite
def test_one_transfer_for_two_pledges(officer):
    """700 + 300: two receipts; undone, both are void and the line waits again."""
    pledges = [make_single_pledge(70_000, name="Aminah"), make_single_pledge(30_000, name="Hasan")]
    named = " ".join(f"REF {pledge.instalments[0].reference}" for pledge in pledges)
    (line,) = import_moves(Move(100_000, named))
    url = f"/bank/lines/{line.public_id}"
    page = officer.open(f"{url}/split")
    assert [page.value(f"part-{row}-amount") for row in (0, 1)] == ["700.00", "300.00"]
    refused = officer.send(page, "/split", {"part-1-amount": "299"})
    assert refused.status == 422
    refused.says("The parts must add up to 1,000.00 baht")
    refused = officer.send(page, "/split", {"part-0-donor": "Hasan"})
    assert refused.status == 422
    refused.says("This pledge is by Aminah, so the receipt would name Aminah.")
    assert receipts() == []
    officer.send(page, "/split").says("2 receipts are issued")
    assert receipts() == [("Aminah", 70_000, True), ("Hasan", 30_000, True)]
    assert red_checks() == []
    undone = officer.send(officer.open(url), "/unmatch", reason="Wrong people")
    undone.says("2 gifts that it had recorded are reversed", "the line waits to be matched")
    assert receipts() == [("Aminah", 70_000, False), ("Hasan", 30_000, False)]
    assert red_checks() == []


@pytest.mark.sqlite
def test_a_small_difference_is_let_go(officer):
    """Half a baht is missing: the instalment counts as paid, and is open again when undone."""
    pledge = make_single_pledge(50_000, name="Aminah")
    (line,) = import_moves(Move(49_950, f"REF {pledge.instalments[0].reference}"))
    url = f"/bank/lines/{line.public_id}"
    page = officer.open(url)
    page.says("Match and let 0.50 go")
    button = next(form for form in page.forms if form.values.get("lets_go"))
    answer = officer.submit(page, button, {}, "/match")
    assert answer.status_code == 303
    officer.open(url).says("The difference of 0.50 baht was let go.")
    officer.open(f"/pledges/{pledge.token}").says("Everything is paid.")
    assert receipts() == [("Aminah", 49_950, True)]
    assert red_checks() == []
    officer.send(officer.open(url), "/unmatch", reason="Mistake").says("The match is undone")
    assert "Everything is paid." not in officer.open(f"/pledges/{pledge.token}").text
    assert red_checks() == []
