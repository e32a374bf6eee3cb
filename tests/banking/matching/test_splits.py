"""One line that pays for several pledges, givers or funds."""

import pytest

from fundapp.banking import queries
from fundapp.banking.errors import PartlyMatchedError, PartRefusedError, SplitRefusedError
from fundapp.banking.models import LineStatus
from fundapp.banking.operations import (
    SplitPart,
    book_transfer,
    ignore_line,
    match_certain,
    match_line,
    split_line,
    unmatch_line,
)
from fundapp.db import db, unit_of_work
from fundapp.giving.models import Payment, PaymentStatus, PledgeStatus, Receipt
from fundapp.giving.operations import reverse_payment
from fundapp.ledger import chart
from fundapp.ledger.queries import fund_available
from tests.banking.pages import count, line_status, text
from tests.factories.actors import OFFICER
from tests.factories.banking import TUESDAY, Move, import_moves, make_single_pledge
from tests.factories.books import make_fund
from tests.factories.giving import make_payment


@pytest.fixture
def two(bank):
    """Pledges of 300 and 700, and a transfer of 1,000 that names both (case 17)."""
    pledges = [make_single_pledge(30_000, name="A One"), make_single_pledge(70_000, name="B Two")]
    first, second = (pledge.instalments[0].reference for pledge in pledges)
    (line,) = import_moves(Move(100_000, f"จ่าย {first} และ {second}"))
    return pledges, line


def parts_of(pledges):
    return [SplitPart(pledge.amount_satang, pledge.instalments[0].reference) for pledge in pledges]


def split(line, parts):
    return unit_of_work(split_line, line.public_id, parts, actor=OFFICER)


def payments():
    db.session.expire_all()
    return list(db.session.scalars(db.select(Payment).order_by(Payment.id)))


@pytest.mark.sqlite
def test_the_page_offers_exactly_the_split(officer, two):
    """Nothing is certain about it; two clicks make 300 + 700 and two receipts."""
    pledges, line = two
    assert unit_of_work(match_certain, line.statement.public_id, actor=OFFICER).matched == 0
    page = text(officer.get(f"/bank/lines/{line.public_id}"))
    assert "Split: 300.00 + 700.00" in page
    form = text(officer.get(f"/bank/lines/{line.public_id}/split"))
    for pledge in pledges:
        assert f'value="{pledge.instalments[0].reference}"' in form
    answer = officer.post(
        f"/bank/lines/{line.public_id}/split",
        data={
            "part_count": "2",
            "part-0-reference": pledges[0].instalments[0].reference,
            "part-0-amount": "300",
            "part-1-reference": pledges[1].instalments[0].reference.lower(),
            "part-1-amount": "700.00",
        },
    )
    assert answer.status_code == 303
    assert line_status(line) is LineStatus.MATCHED
    assert [payment.amount_satang for payment in payments()] == [30_000, 70_000]
    assert [payment.donor.name for payment in payments()] == ["A One", "B Two"]
    assert all(payment.pledge.status is PledgeStatus.COMPLETED for payment in payments())
    assert (count(Receipt), fund_available("GENERAL")) == (2, 100_000)
    page = text(officer.get(f"/bank/lines/{line.public_id}"))
    assert "Part of 300.00 baht" in page
    assert "Part of 700.00 baht" in page


def test_several_givers_and_funds(bank):
    make_fund("SCHOOL")
    (line,) = import_moves(Move(100_000, "from the whole class"))
    split(line, [
        SplitPart(40_000, fund_code="GENERAL", donor_name="Hasan Daud"),
        SplitPart(60_000, fund_code="SCHOOL"),
    ])  # fmt: skip
    assert [payment.donor.name for payment in payments()] == ["Hasan Daud", ""]
    assert (fund_available("GENERAL"), fund_available("SCHOOL")) == (40_000, 60_000)


@pytest.mark.sqlite
@pytest.mark.parametrize("amounts", [(300, 699), (300, 701), (1000,), (400,)])
def test_parts_that_do_not_add_up(two, amounts):
    _, line = two
    parts = [SplitPart(baht * 100, fund_code="GENERAL") for baht in amounts]
    if sum(amounts) == 1000:
        assert len(split(line, parts)) == 1
        return
    with pytest.raises(SplitRefusedError):
        split(line, parts)
    assert line_status(line) is LineStatus.UNMATCHED
    assert payments() == []


def test_nothing_is_half_done(two):
    pledges, line = two
    good, _ = parts_of(pledges)
    with pytest.raises(PartRefusedError) as refused:
        split(line, [good, SplitPart(70_000, "YLNOSUCHREF")])
    assert (refused.value.place, refused.value.field) == (1, "reference")
    assert (payments(), count(Receipt)) == ([], 0)


@pytest.mark.sqlite
def test_errors_stand_in_their_row(officer, two):
    pledges, line = two
    url = f"/bank/lines/{line.public_id}/split"
    data = {
        "part_count": "3",
        "part-0-reference": pledges[0].instalments[0].reference, "part-0-amount": "300",
        "part-1-reference": "YLNOSUCHREF", "part-1-amount": "700",
    }  # fmt: skip
    answer = officer.post(url, data=data)
    assert answer.status_code == 422
    assert 'id="part-1-reference-error"' in text(answer)
    assert "No pledge carries this reference" in text(answer)
    answer = officer.post(url, data={**data, "part-1-reference": "", "part-1-amount": "x"})
    assert answer.status_code == 422
    assert 'id="part-1-amount-error"' in text(answer)
    assert count(Payment) == 0


@pytest.mark.sqlite
def test_a_row_is_added_without_a_script(officer, two):
    """What was typed stays, and what is left over is shown."""
    _, line = two
    answer = officer.post(
        f"/bank/lines/{line.public_id}/split",
        data={"part_count": "2", "part-0-amount": "250", "part-0-donor": "Ali", "add": "1"},
    )
    assert answer.status_code == 200
    page = text(answer)
    assert 'name="part-2-amount"' in page
    assert 'value="Ali"' in page
    assert "750.00" in page
    assert count(Payment) == 0


def test_undoing_undoes_all_parts_and_says_so(officer, two):
    pledges, line = two
    split(line, parts_of(pledges))
    answer = officer.post(
        f"/bank/lines/{line.public_id}/unmatch", data={"reason": "Wrong people"},
        follow_redirects=True,
    )  # fmt: skip
    page = text(answer)
    assert "2 gifts that it had recorded are reversed, and their receipts are void." in page
    assert "stays" not in page.split('class="work-main"')[-1].split("<h1")[0]
    assert {payment.status for payment in payments()} == {PaymentStatus.REVERSED}
    assert line_status(line) is LineStatus.UNMATCHED
    assert fund_available("GENERAL") == 0
    split(line, parts_of(pledges))
    assert line_status(line) is LineStatus.MATCHED


@pytest.mark.sqlite
def test_undoing_says_that_a_recorded_payment_stays(officer):
    payment = make_payment(50_000, received_on=TUESDAY)
    (line,) = import_moves(Move(50_000))
    unit_of_work(match_line, line.public_id, payment_public_id=payment.public_id, actor=OFFICER)
    answer = officer.post(
        f"/bank/lines/{line.public_id}/unmatch", data={"reason": "Not this"}, follow_redirects=True
    )
    assert "1 recorded payment stays, with its receipt." in text(answer)
    assert "reversed, and" not in text(answer).split("<h1")[0]
    assert payments()[0].status is PaymentStatus.RECEIVED


@pytest.mark.sqlite
def test_a_reversed_part_leaves_the_others(officer, two):
    """The rest of the line waits, and only the rest can be matched."""
    pledges, line = two
    split(line, parts_of(pledges))
    first, second = payments()
    unit_of_work(reverse_payment, first.public_id, reason="Another giver", actor=OFFICER)
    assert line_status(line) is LineStatus.UNMATCHED
    assert payments()[1].status is PaymentStatus.RECEIVED
    assert db.session.get(type(line), line.id).open_satang == 30_000
    page = text(officer.get(f"/bank/lines/{line.public_id}"))
    assert "Matched in part" in page
    to_cash_box = {"fund_code": "GENERAL", "other_account_code": chart.CASH_ON_HAND}
    for refused in (
        lambda: unit_of_work(book_transfer, line.public_id, **to_cash_box, actor=OFFICER),
        lambda: unit_of_work(ignore_line, line.public_id, reason="no", actor=OFFICER),
    ):
        with pytest.raises(PartlyMatchedError):
            refused()
    with pytest.raises(SplitRefusedError):
        split(line, [SplitPart(100_000, fund_code="GENERAL")])
    split(line, [SplitPart(30_000, fund_code="GENERAL", donor_name="Ali Musa")])
    assert line_status(line) is LineStatus.MATCHED
    assert fund_available("GENERAL") == 100_000
    undone = unit_of_work(unmatch_line, line.public_id, reason="All wrong", actor=OFFICER)
    assert (undone.reversed_payments, undone.kept_payments) == (2, 0)
    assert second.public_id in {payment.public_id for payment in payments()}


@pytest.mark.sqlite
def test_a_part_of_one_reference_is_matched_alone(two):
    """The rest of a line can be matched like a line."""
    pledges, line = two
    split(line, parts_of(pledges))
    first, _ = payments()
    unit_of_work(reverse_payment, first.public_id, reason="Again", actor=OFFICER)
    reference = pledges[0].instalments[0].reference
    unit_of_work(match_line, line.public_id, instalment_reference=reference, actor=OFFICER)
    assert line_status(line) is LineStatus.MATCHED
    assert payments()[-1].amount_satang == 30_000
    assert len(queries.get_line_history(line.public_id).parts) == 2
