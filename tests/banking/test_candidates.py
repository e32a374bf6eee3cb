"""What a line may belong to, likeliest first, with the reason in words."""

from datetime import date, timedelta

import pytest

from fundapp.banking import queries, reasons
from fundapp.banking.candidates import CandidateKind
from fundapp.banking.models import StatementLine
from fundapp.banking.operations import match_line
from fundapp.banking.policy import charge_of, method_of, names_payer, vouchers_in
from fundapp.banking.reasons import pack, sentence, unpack
from fundapp.db import db, unit_of_work
from fundapp.giving.models import Frequency, Method
from fundapp.giving.operations import cancel_pledge, pause_pledge
from fundapp.ledger import chart
from tests.factories.actors import OFFICER
from tests.factories.banking import TUESDAY, Move, fee, import_moves, interest, make_bank_account
from tests.factories.giving import make_payment, make_pledge

PAYER = "X7781 น.ส. สมมติ เอื้อเฟื้อ"


def once(satang=50_000, due=TUESDAY, **fields):
    return make_pledge(
        amount_satang=satang,
        frequency=Frequency.ONCE,
        instalment_count=1,
        starts_on=due,
        **fields,
    )


def candidates(line):
    return queries.list_candidates([line])[line.id]


def texts(candidate):
    return [one.text for one in candidate.reasons]


def test_same_amount_and_near_day_come_before_a_far_one(bank):
    far, near, too_far = (once(due=TUESDAY - timedelta(days=days)) for days in (20, 5, 40))
    once(satang=60_000)
    (line,) = import_moves(Move(50_000, PAYER))
    found = candidates(line)
    assert [one.ref for one in found] == [p.instalments[0].reference for p in (near, far)]
    assert [texts(one)[0] for one in found] == [reasons.NEAR, reasons.WIDE]
    assert not any(one.is_certain for one in found)
    assert too_far.instalments[0].reference not in {one.ref for one in found}


def test_the_payers_name_in_the_text_comes_first(bank):
    once(name="Somebody Else")
    right = once(name="นางสาวสมมติ เอื้อเฟื้อ", due=TUESDAY - timedelta(days=25))
    (line,) = import_moves(Move(50_000, PAYER))
    first = candidates(line)[0]
    assert first.ref == right.instalments[0].reference
    assert reasons.PAYER in texts(first)


@pytest.mark.parametrize("act", [pause_pledge, cancel_pledge])
def test_a_stopped_pledge_is_found_by_its_reference_only(bank, act):
    pledge = once()
    unit_of_work(act, pledge.token, actor=OFFICER)
    reference = pledge.instalments[0].reference
    silent, named = import_moves(Move(50_000), Move(50_000, reference, time="11:00"))
    assert candidates(silent) == []
    (found,) = candidates(named)
    assert found.is_certain
    assert {reasons.PAUSED, reasons.CANCELLED} & set(texts(found))


def test_a_reference_broken_by_spaces_is_found(bank):
    reference = once().instalments[0].reference
    (line,) = import_moves(Move(50_000, f"from mobile {reference[:4]} {reference[4:]} thanks"))
    assert queries.find_certain(line).ref == reference


def test_a_payer_who_gave_before_is_known_again(bank):
    """The very same text of the bank stood on money of one donor only."""
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
    (found,) = candidates(db.session.get(StatementLine, second.id))
    assert found.ref == pledge.instalments[1].reference
    assert texts(found) == [reasons.HISTORY, reasons.SHORT]
    assert candidates(other) == []


def test_a_text_shared_by_several_donors_says_nothing(bank):
    lines = import_moves(
        *(Move(30_000, "สาขายะลา", time=f"10:{n:02}") for n in range(2)),
        Move(99_900, "สาขายะลา", time="12:00"),
    )
    for line in lines[:2]:
        reference = once(satang=30_000).instalments[0].reference
        unit_of_work(match_line, line.public_id, instalment_reference=reference, actor=OFFICER)
    once(satang=11_100)
    assert candidates(lines[2]) == []


def test_a_recorded_payment_must_be_in_the_same_account(bank):
    make_bank_account("KTB-ZAKAT", account_number="111-2-33333-4", account_code=chart.BANK_ZAKAT)
    right = make_payment(50_000, received_on=TUESDAY)
    make_payment(50_000, received_on=TUESDAY, asset_account_code=chart.BANK_ZAKAT)
    make_payment(50_000, received_on=TUESDAY, method=Method.CASH)
    make_payment(50_000, received_on=TUESDAY - timedelta(days=4))
    (line,) = import_moves(Move(50_000))
    (found,) = candidates(line)
    assert (found.kind, found.ref) == (CandidateKind.PAYMENT, right.public_id)


def test_searching_by_reference_amount_and_name(bank):
    pledge = once(satang=12_345_00, name="Mariyam Yusoh", due=date(2027, 5, 1))
    (line,) = import_moves(Move(50_000))
    reference = pledge.instalments[0].reference
    for text in (reference.lower(), "12,345", "mariyam", f"{reference[:5]}-{reference[5:]}"):
        assert [one.ref for one in queries.search_candidates(line, text)] == [reference]
    for nothing in ("", "nobody of this name", "99.99", "%"):
        assert queries.search_candidates(line, nothing) == []


def test_the_banks_own_lines_have_no_candidates(bank):
    once(satang=4_108)
    lines = import_moves(fee(), interest())
    assert queries.list_candidates(lines) == {}


@pytest.mark.parametrize(
    ("text", "name", "named"),
    [
        ("X7781 น.ส. สมมติ เอื้อเฟื้อ", "นางสาวสมมติ เอื้อเฟื้อ", True),
        ("X7781 น.ส. สมมติ เอื้อ++", "สมมติ เอื้อเฟื้อ", True),
        ("FROM MR. SOMCHAI JAI", "Somchai Jaidee", True),
        ("FROM SOMCHAI", "Somchai Jaidee", False),
        ("FROM NOSOMCHAI JAIDEE", "Somchai Jaidee", False),
        ("anything", "", False),
        ("a b", "A B", False),
    ],
)
def test_names_in_a_text(text, name, named):
    assert names_payer(text, name) is named


def line(description, channel="", *, satang=100):
    came, went = (satang, 0) if satang > 0 else (0, -satang)
    return StatementLine(
        description=description, channel=channel, deposit_satang=came, withdrawal_satang=went
    )


@pytest.mark.parametrize(
    ("description", "satang", "charge"),
    [
        ("ค่าธรรมเนียม", -100, "fee"),
        ("ภาษีหัก ณ ที่จ่าย", -100, "fee"),
        ("Service Charge", -100, "fee"),
        ("ค่าธรรมเนียม", 100, None),
        ("รับชำระค่าสินค้าและบริการ", 100, None),
        ("โอนเงินออก", -100, None),
        ("ดอกเบี้ยรับ", 100, "interest"),
        ("Interest", 100, "interest"),
        ("Interest", -100, None),
    ],
)
def test_what_the_bank_books_by_itself(description, satang, charge):
    assert charge_of(line(description, satang=satang)) == charge


@pytest.mark.parametrize(
    ("description", "channel", "method"),
    [
        ("รับโอนพร้อมเพย์", "PromptPay", Method.PROMPTPAY),
        ("รับชำระค่าสินค้าและบริการ", "Bill Payment", Method.PROMPTPAY),
        ("ฝากเช็ค", "Branch", Method.CHEQUE),
        ("ฝากเงินสด", "CDM", Method.TRANSFER),
        ("Transfer Deposit", "Internet", Method.TRANSFER),
    ],
)
def test_how_money_came(description, channel, method):
    assert method_of(line(description, channel)) is method


def test_vouchers_in_a_text():
    voucher = "PV0CND336YPX4XY"
    assert vouchers_in(f"pay {voucher.lower()} and {voucher}") == [voucher]
    assert vouchers_in("PV123") == []


def test_reasons_are_kept_with_their_values():
    said = [sentence(reasons.LATE, due_on=TUESDAY), sentence(reasons.SHORT, short_satang=50)]
    assert unpack(pack(said)) == said
    assert [one.text for one in unpack("100 % plain")] == ["100 % plain"]
