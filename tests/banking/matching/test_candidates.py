"""What a line may belong to, likeliest first, with the reasons."""

from datetime import date, timedelta

import pytest

from fundapp.banking import queries
from fundapp.banking.matching import reasons
from fundapp.banking.matching.candidates import CandidateKind
from fundapp.banking.models import StatementLine
from fundapp.banking.operations import match_line
from fundapp.db import db, unit_of_work
from fundapp.giving.models import Method
from fundapp.giving.operations import cancel_pledge, pause_pledge
from fundapp.ledger import chart
from fundapp.ledger.models import Restriction
from tests.factories.actors import OFFICER
from tests.factories.banking import (
    TUESDAY,
    Move,
    fee,
    import_moves,
    interest,
    make_bank_account,
    make_single_pledge,
)
from tests.factories.books import make_fund
from tests.factories.giving import make_payment, make_pledge

PAYER = "X7781 น.ส. สมมติ เอื้อเฟื้อ"


def candidates_of(line):
    return queries.list_candidates([line])[line.id]


def texts(candidate):
    return [reason.text for reason in candidate.reasons]


def test_same_amount_and_near_day_come_before_a_far_one(bank):
    far, near, too_far = (
        make_single_pledge(due_on=TUESDAY - timedelta(days=days)) for days in (20, 5, 40)
    )
    make_single_pledge(satang=60_000)
    (line,) = import_moves(Move(50_000, PAYER))
    candidates = candidates_of(line)
    assert [each.ref for each in candidates] == [p.instalments[0].reference for p in (near, far)]
    assert [texts(each)[0] for each in candidates] == [reasons.NEAR, reasons.WIDE]
    assert not any(each.is_certain for each in candidates)
    assert too_far.instalments[0].reference not in {each.ref for each in candidates}


def test_the_payers_name_in_the_text_comes_first(bank):
    make_single_pledge(name="Somebody Else")
    right = make_single_pledge(name="นางสาวสมมติ เอื้อเฟื้อ", due_on=TUESDAY - timedelta(days=25))
    (line,) = import_moves(Move(50_000, PAYER))
    first = candidates_of(line)[0]
    assert first.ref == right.instalments[0].reference
    assert reasons.PAYER in texts(first)


@pytest.mark.one_case
@pytest.mark.parametrize("act", [pause_pledge, cancel_pledge])
def test_a_stopped_pledge_is_found_by_its_reference_only(bank, act):
    pledge = make_single_pledge()
    unit_of_work(act, pledge.token, actor=OFFICER)
    reference = pledge.instalments[0].reference
    unnamed, named = import_moves(Move(50_000), Move(50_000, reference, time="11:00"))
    assert candidates_of(unnamed) == []
    (candidate,) = candidates_of(named)
    assert not candidate.is_certain
    assert {reasons.PAUSED, reasons.CANCELLED} & set(texts(candidate))


def test_a_reference_broken_by_spaces_is_found(bank):
    reference = make_single_pledge().instalments[0].reference
    (line,) = import_moves(Move(50_000, f"from mobile {reference[:4]} {reference[4:]} thanks"))
    assert queries.find_certain([line])[line.id].ref == reference


def test_a_payer_who_gave_before_is_recognised(bank):
    """The same text of the bank came with money of one donor only."""
    pledge = make_pledge(
        amount_satang=90_000, instalment_count=3, starts_on=TUESDAY, name="Another Name"
    )
    first, second, other = import_moves(
        Move(30_000, PAYER),
        Move(25_000, PAYER, day=date(2026, 11, 9)),
        Move(25_000, "X1111 นาย อื่น ไกล", day=date(2026, 11, 9)),
    )
    reference = pledge.instalments[0].reference
    unit_of_work(match_line, first.public_id, instalment_reference=reference, actor=OFFICER)
    db.session.expire_all()
    (candidate,) = candidates_of(db.session.get(StatementLine, second.id))
    assert candidate.ref == pledge.instalments[1].reference
    assert texts(candidate) == [reasons.HISTORY, reasons.SHORT]
    assert candidates_of(other) == []


@pytest.mark.sqlite
def test_a_text_shared_by_several_donors_is_not_used(bank):
    lines = import_moves(
        *(Move(30_000, "สาขายะลา", time=f"10:{n:02}") for n in range(2)),
        Move(99_900, "สาขายะลา", time="12:00"),
    )
    for line in lines[:2]:
        reference = make_single_pledge(satang=30_000).instalments[0].reference
        unit_of_work(match_line, line.public_id, instalment_reference=reference, actor=OFFICER)
    make_single_pledge(satang=11_100)
    assert candidates_of(lines[2]) == []


def test_a_recorded_payment_must_be_in_the_same_account(bank):
    make_bank_account("KTB-ZAKAT", account_number="111-2-33333-4", account_code=chart.BANK_ZAKAT)
    right = make_payment(50_000, received_on=TUESDAY)
    make_fund("ZAKAT", Restriction.ZAKAT)
    zakat = {"fund_code": "ZAKAT", "payer_name": "Zakat payer"}
    make_payment(50_000, received_on=TUESDAY, asset_account_code=chart.BANK_ZAKAT, **zakat)
    make_payment(50_000, received_on=TUESDAY, method=Method.CASH)
    make_payment(50_000, received_on=TUESDAY - timedelta(days=4))
    (line,) = import_moves(Move(50_000))
    (candidate,) = candidates_of(line)
    assert (candidate.kind, candidate.ref) == (CandidateKind.PAYMENT, right.public_id)


def test_searching_by_reference_amount_and_name(bank):
    pledge = make_single_pledge(satang=12_345_00, name="Mariyam Yusoh", due_on=date(2027, 5, 1))
    (line,) = import_moves(Move(50_000))
    reference = pledge.instalments[0].reference
    for text in (reference.lower(), "12,345", "mariyam", f"{reference[:5]}-{reference[5:]}"):
        assert [each.ref for each in queries.search_candidates(line, text)] == [reference]
    for nothing in ("", "nobody of this name", "99.99", "%"):
        assert queries.search_candidates(line, nothing) == []


@pytest.mark.sqlite
def test_the_banks_own_lines_have_no_candidates(bank):
    make_single_pledge(satang=4_108)
    lines = import_moves(fee(), interest())
    assert queries.list_candidates(lines) == {}
