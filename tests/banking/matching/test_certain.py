"""What is matched by itself: only what is certain. The rest is offered, with the reason in red."""

from datetime import date

import pytest

from fundapp.banking import queries
from fundapp.banking.matching import reasons
from fundapp.banking.operations import match_certain, match_line
from fundapp.db import db, unit_of_work
from fundapp.giving.models import Method, Payment
from fundapp.giving.operations import cancel_pledge, pause_pledge
from fundapp.ledger import chart
from tests.factories.actors import OFFICER
from tests.factories.banking import MONDAY, TUESDAY, Move, import_moves, make_single_pledge
from tests.factories.giving import make_payment, make_pledge

GIVER = "Somchai Thodlong"


def ref(pledge, number=1):
    return pledge.instalments[number - 1].reference


def pay_in_cash(pledge, satang, number=1):
    return make_payment(
        satang,
        pledge.instalments[number - 1],
        received_on=MONDAY,
        method=Method.CASH,
        asset_account_code=chart.CASH_ON_HAND,
    )


def once(**fields):
    return make_single_pledge(50_000, name=GIVER, **fields)


def monthly():
    return make_pledge(
        amount_satang=90_000, instalment_count=3, starts_on=date(2026, 9, 2), name=GIVER
    )


def certain(name):
    """Pledges and lines that are certain."""
    pledge = monthly() if name.startswith("monthly") else once()
    return {
        "exact": lambda: [Move(50_000, ref(pledge))],
        "exact, and the giver's name": lambda: [Move(50_000, f"MR SOMCHAI THO {ref(pledge)}")],
        "late": lambda: [Move(50_000, ref(pledge), day=date(2026, 11, 20))],
        "monthly, the second": lambda: [Move(30_000, ref(pledge, 2))],
        "monthly, all up to the third": lambda: [Move(90_000, ref(pledge, 3))],
        "monthly, up to the second": lambda: [Move(60_000, ref(pledge, 2))],
    }[name]()


@pytest.mark.one_case
@pytest.mark.parametrize(
    "name",
    [
        "exact", "exact, and the giver's name", "late", "monthly, the second",
        "monthly, all up to the third", "monthly, up to the second",
    ],
)  # fmt: skip
def test_certain(bank, name):
    lines = import_moves(*certain(name))
    assert queries.count_certain(lines[0].statement_id) == 1
    result = unit_of_work(match_certain, lines[0].statement.public_id, actor=OFFICER)
    assert result.matched == 1
    (payment,) = db.session.scalars(db.select(Payment))
    assert sum(part.amount_satang for part in payment.allocations) == payment.amount_satang


def paid_in_cash():
    pledge = once()
    pay_in_cash(pledge, 50_000)
    return [Move(50_000, ref(pledge))], {reasons.COMPLETED, reasons.KNOWN_ALREADY}


def another_instalment_paid_in_cash():
    pledge = monthly()
    pay_in_cash(pledge, 30_000)
    return [Move(30_000, ref(pledge, 2))], {reasons.KNOWN_ALREADY}


def paid_instalment():
    pledge = monthly()
    pay_in_cash(pledge, 30_000)
    return [Move(30_000, ref(pledge))], {reasons.SURPLUS, reasons.KNOWN_ALREADY}


def paused():
    pledge = once()
    unit_of_work(pause_pledge, pledge.token, actor=OFFICER)
    return [Move(50_000, ref(pledge))], {reasons.PAUSED}


def cancelled():
    pledge = once()
    unit_of_work(cancel_pledge, pledge.token, actor=OFFICER)
    return [Move(50_000, ref(pledge))], {reasons.CANCELLED}


def hundredfold():
    pledge = make_single_pledge(100_000, name=GIVER)
    return [Move(10_000_000, ref(pledge))], {reasons.OVER}


def too_little():
    return [Move(49_900, ref(once()))], {reasons.SHORT}


def two_months_ahead():
    return [Move(60_000, ref(monthly()))], {reasons.OVER}


def two_references():
    return [Move(50_000, f"{ref(once())} {ref(once())}")], {reasons.REFERENCE_ONE_OF}


def another_name():
    return [Move(50_000, f"X7785 MR WEESOMCHAI THODLONG {ref(once())}")], {reasons.OTHER_NAME}


def another_thai_name():
    pledge = make_single_pledge(50_000, name="สมชาย ทดลองดี")
    return [Move(50_000, f"X7785 นายวีสมชาย ทดลองดี {ref(pledge)}")], {reasons.OTHER_NAME}


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "make",
    [
        paid_in_cash, another_instalment_paid_in_cash, paid_instalment, paused, cancelled,
        hundredfold, too_little, two_months_ahead, two_references, another_name,
        another_thai_name,
    ],
)  # fmt: skip
def test_offered_with_the_reason_in_red(officer, make):
    moves, against = make()
    before = db.session.scalar(db.select(db.func.count(Payment.id)))
    (line,) = import_moves(*moves)
    candidate = queries.list_candidates([line])[line.id][0]
    assert {reason.text for reason in candidate.doubts} == against
    assert not candidate.is_certain
    assert queries.count_certain(line.statement_id) == 0
    assert unit_of_work(match_certain, line.statement.public_id, actor=OFFICER).matched == 0
    assert db.session.scalar(db.select(db.func.count(Payment.id))) == before
    page = officer.get(f"/bank/lines/{line.public_id}").get_data(as_text=True)
    assert 'class="reason-against"' in page


def test_a_name_in_other_letters(bank):
    """It cannot be compared: with the reference it contradicts nothing, by the amount alone it is
    somebody else.
    """
    pledge, other = once(), make_single_pledge(70_000, name=GIVER)
    named, unnamed = import_moves(
        Move(50_000, f"X7781 นายสมชาย ทดลองดี {ref(pledge)}"),
        Move(70_000, "X7781 นายสมชาย ทดลองดี", time="11:00"),
    )
    assert queries.find_certain([named])[named.id].ref == ref(pledge)
    (candidate,) = queries.list_candidates([unnamed])[unnamed.id]
    assert (candidate.ref, candidate.is_of_another) == (ref(other), True)


@pytest.mark.sqlite
def test_the_second_payment_of_a_reference_is_offered(bank):
    pledge = once()
    first, second = import_moves(Move(50_000, ref(pledge)), Move(50_000, ref(pledge), time="11:00"))
    by_line = queries.list_candidates([first, second])
    assert by_line[first.id][0].is_certain
    assert [reason.text for reason in by_line[second.id][0].doubts] == [reasons.OTHER_LINE]
    # The line alone says the same: the first is looked at too.
    assert [each.text for each in queries.list_candidates([second])[second.id][0].doubts] == [
        reasons.OTHER_LINE
    ]
    assert queries.count_certain(first.statement_id) == 1
    assert unit_of_work(match_certain, first.statement.public_id, actor=OFFICER).matched == 1
    db.session.expire_all()
    (candidate,) = queries.list_candidates([second])[second.id]
    assert [reason.text for reason in candidate.doubts] == [reasons.COMPLETED]


@pytest.mark.sqlite
def test_two_lines_of_one_pledge_in_one_statement(bank):
    """Each for an instalment of its own: both are certain, one after the other."""
    pledge = monthly()
    lines = import_moves(Move(30_000, ref(pledge, 2)), Move(30_000, ref(pledge, 1), time="11:00"))
    result = unit_of_work(match_certain, lines[0].statement.public_id, actor=OFFICER)
    # The second is of the amount that was just recorded, but that has its line.
    assert result.matched == 2
    db.session.expire_all()
    assert [row.paid_satang for row in db.session.get(type(pledge), pledge.id).instalments] == [
        30_000, 30_000, 0,
    ]  # fmt: skip


@pytest.mark.sqlite
def test_one_instalment_is_offered_to_the_better_line(bank):
    """Of two lines of the amount the one that names the payer gets it, although it came later."""
    pledge = once(due_on=MONDAY)
    plain, by_name = import_moves(
        Move(50_000, "donation"), Move(50_000, "X7781 MR SOMCHAI THODLONG", time="12:00")
    )
    by_line = queries.list_candidates([plain, by_name])
    assert by_line[by_name.id][0].ref == ref(pledge)
    assert by_line[by_name.id][0].doubts == []
    assert [each.text for each in by_line[plain.id][0].doubts] == [reasons.OTHER_LINE]


@pytest.mark.sqlite
def test_two_lines_and_two_instalments(bank):
    pledges = [once(), once()]
    lines = import_moves(Move(50_000, "a gift"), Move(50_000, "a gift", time="11:00"))
    by_line = queries.list_candidates(lines)
    firsts = {by_line[line.id][0].ref for line in lines}
    assert firsts == {ref(pledge) for pledge in pledges}
    assert all(by_line[line.id][0].doubts == [] for line in lines)


@pytest.mark.sqlite
def test_recorded_by_an_officer_is_certain_only_for_what_it_paid(bank):
    """The transfer that an officer recorded for September is not that of October."""
    pledge = monthly()
    make_payment(30_000, pledge.instalments[0], received_on=TUESDAY)
    (line,) = import_moves(Move(30_000, ref(pledge, 2)))
    assert queries.count_certain(line.statement_id) == 0
    assert unit_of_work(match_certain, line.statement.public_id, actor=OFFICER).matched == 0


@pytest.mark.sqlite
def test_a_payment_with_a_line_does_not_count_as_recorded_otherwise(bank):
    pledge = monthly()
    first, second = import_moves(
        Move(30_000, ref(pledge)), Move(30_000, ref(pledge, 2), time="11:00")
    )
    unit_of_work(match_line, first.public_id, instalment_reference=ref(pledge), actor=OFFICER)
    db.session.expire_all()
    assert queries.find_certain([second])[second.id].ref == ref(pledge, 2)
