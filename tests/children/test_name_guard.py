"""Texts that concern no request: the full name of any child is refused, by keyed hash."""

import time
from datetime import date

import pytest
from sqlalchemy import insert, select, text

from fundapp.audit.checks import run_checks
from fundapp.banking.operations import hold_line, ignore_line, match_line, unmatch_line
from fundapp.children.encryption import lookup_name, lookup_names
from fundapp.children.errors import ChildNamedError
from fundapp.children.models import Child
from fundapp.children.name_guard import require_no_child_named
from fundapp.children.operations import change_child
from fundapp.children.verification import find_wrong_lookups
from fundapp.db import db, unit_of_work
from fundapp.disbursements.errors import NamedError
from fundapp.disbursements.models import Decision
from fundapp.giving.operations import reverse_payment
from fundapp.ids import new_id
from fundapp.remarks.models import Remark
from fundapp.trail.models import AuditEvent, ChildRead
from tests.factories.actors import OFFICER
from tests.factories.banking import (
    Move,
    do_import,
    import_moves,
    make_bank_account,
    statement_file,
    transfer_out,
)
from tests.factories.children import child_facts, make_child
from tests.factories.disbursements import decide, make_approved, make_request, make_team, pay
from tests.factories.giving import make_payment
from tests.factories.identity import make_user, sign_in

#: Children of the fund, and texts that name one of them.
CHILDREN = [("ณรงค์", "สมมุติ"), ("ด.ญ.นูรี", "ทดลองดี"), ("Nuri", "Sani"), ("ใจ", "ดี")]
NAMED = [
    ("ด.ช.ณรงค์ สมมุติไม่มา", "ณรงค์ สมมุติ"),
    ("โอนคืนให้ณรงค์สมมุติแล้ว", "ณรงค์สมมุติ"),
    ("เงินของ ด.ญ. นูรี  ทดลองดี ค่ะ", "นูรี  ทดลองดี"),
    ("ธนาคารถามถึงนูรี ทดลองดีเรื่องบัญชี", "นูรี ทดลองดี"),
    ("asked the bank about NURI-SANI", "NURI-SANI"),
    ("Miss Nuri Sani gave it", "Nuri Sani"),
    ("น้องใจ ดี", "ใจ ดี"),
]
NOT_NAMED = [
    "",
    "ธนาคารแจ้งว่าโอนซ้ำ รอผลตรวจสอบ",
    "เป็นเด็กใจดี",
    "ณรงค์ ทดลองดี",
    "สมมุติ",
    "Nuri called about Ali Sani",
    "Sani Nuri",
]


@pytest.fixture
def children(build_once, clock):
    return build_once("children/named", make_children)


def make_children():
    by = make_user("case_manager", districts=("9506",))
    return [
        make_child(by, given_name=given, family_name=family, birth_on=date(2008 + 3 * at, 5, 6))
        for at, (given, family) in enumerate(CHILDREN)
    ]


def refused(typed):
    with pytest.raises(ChildNamedError) as error:
        unit_of_work(require_no_child_named, typed, field="note")
    return error.value


@pytest.mark.one_case
@pytest.mark.parametrize(("typed", "words"), NAMED)
def test_the_full_name_of_any_child_is_refused(children, typed, words):
    error = refused(typed)
    assert (error.field, error.params) == ("note", {"words": words})


@pytest.mark.one_case
@pytest.mark.parametrize("typed", NOT_NAMED)
def test_other_texts_are_taken(children, typed):
    assert unit_of_work(require_no_child_named, typed, field="note") is None


def test_a_corrected_name_counts_from_then_on(children):
    child = children[0]
    facts = child_facts(given_name="การีม", family_name="สมมุติ")
    by = make_user("case_manager", districts=("9506",)).as_actor()
    unit_of_work(change_child, child.public_id, facts, actor=by)
    assert unit_of_work(require_no_child_named, "ณรงค์ สมมุติ", field="note") is None
    assert refused("การีม สมมุติ").params == {"words": "การีม สมมุติ"}


def test_children_registered_before_there_were_hashes_get_theirs(children):
    unit_of_work(lambda: db.session.execute(text("UPDATE children SET name_lookup = NULL")))
    assert list(find_wrong_lookups()) == []
    assert unit_of_work(require_no_child_named, "ไม่มีใครถูกระบุ ค่ะ", field="note") is None
    assert db.session.scalar(select(Child.id).where(Child.name_lookup.is_(None))) is None
    assert refused("ณรงค์ สมมุติ")


def test_a_hash_of_another_name_turns_the_check_red(children):
    code = children[0].code
    other = lookup_name("Other", "Name")
    change = text("UPDATE children SET name_lookup = :other WHERE id = :id")
    row = {"other": other, "id": children[0].id}
    unit_of_work(lambda: db.session.execute(change, row))
    assert list(find_wrong_lookups()) == [code]
    red = [result for result in run_checks() if not result.is_green]
    assert [code in str(result.violations) for result in red] == [True]


def test_nothing_is_decrypted_and_nobody_is_read(children):
    before = db.session.scalars(select(ChildRead.id)).all()
    refused("ณรงค์ สมมุติ")
    assert db.session.scalars(select(ChildRead.id)).all() == before


@pytest.mark.sqlite
def test_a_reason_of_a_reversal_and_a_note_of_a_payment(children):
    make_team()
    payment = make_payment(500, note="มาจากผู้ใจบุญ")
    with pytest.raises(ChildNamedError):
        unit_of_work(reverse_payment, payment.public_id, reason="เงินของณรงค์ สมมุติ", actor=OFFICER)
    with pytest.raises(ChildNamedError) as error:
        make_payment(500, note="ให้ น้องณรงค์ สมมุติ")
    assert error.value.field == "note"
    assert len(db.session.scalars(select(Remark)).all()) == 1


@pytest.mark.sqlite
def test_reasons_on_a_line_of_the_bank(children):
    make_team()
    make_bank_account()
    (line,) = import_moves(Move(500))
    for operation in (hold_line, ignore_line):
        with pytest.raises(ChildNamedError) as error:
            unit_of_work(operation, line.public_id, reason="รอณรงค์ สมมุติ", actor=OFFICER)
        assert error.value.field == "reason"
    assert db.session.scalars(select(Remark)).all() == []


@pytest.mark.sqlite
def test_the_payee_of_a_matched_payout_is_refused_too(session, clock):
    team = make_team()
    make_bank_account()
    payout = pay(make_approved(team, payee_name="นางรอฮานา มะแซ"), team)
    (line,) = import_moves(transfer_out(100_000, day=TODAY), to_on=TODAY)
    unit_of_work(match_line, line.public_id, payout_public_id=payout.public_id, actor=OFFICER)
    with pytest.raises(NamedError) as error:
        unit_of_work(unmatch_line, line.public_id, reason="โอนให้รอฮานาแล้ว", actor=OFFICER)
    assert error.value.params == {"words": "รอฮานา"}
    unit_of_work(unmatch_line, line.public_id, reason="จับคู่ผิดรายการ", actor=OFFICER)


@pytest.mark.sqlite
def test_a_reason_of_a_decision_names_no_child_of_another_request(children):
    team = make_team()
    with pytest.raises(ChildNamedError):
        decide(make_request(team), team, Decision.RETURN, reason="ซ้ำกับ ด.ช. ณรงค์ สมมุติ")


@pytest.mark.sqlite
def test_the_page_quotes_the_words_and_the_trail_keeps_the_try(children, client):
    make_team()
    make_bank_account()
    (line,) = import_moves(Move(500))
    sign_in(client, make_user("fund_officer"))
    data = {"reason": "รอ ณรงค์ สมมุติ", "code": "waiting"}
    answer = client.post(f"/bank/lines/{line.public_id}/hold?lang=en", data=data)
    assert answer.status_code == 422
    assert "“ณรงค์ สมมุติ” may be the name of a child." in answer.text
    kept = select(AuditEvent.note).where(AuditEvent.action == "identity:request:refuse")
    assert db.session.scalars(kept).all() == ["ChildNamedError"]


@pytest.mark.sqlite
def test_the_name_of_a_statement_file(children):
    make_team()
    make_bank_account()
    with pytest.raises(ChildNamedError) as error:
        do_import(statement_file([Move(500)]), file_name="สลิป ณรงค์ สมมุติ.csv")
    assert error.value.field == "file"


TODAY = date(2026, 11, 24)
REASON = (
    "ธนาคารแจ้งว่าโอนเงินซ้ำเพราะผู้บริจาคกดสองครั้ง ให้คืนเงินแก่ผู้โอนภายในสัปดาห์นี้ "
    "และแจ้งผู้จัดการรายกรณีทราบ ส่วนเอกสารให้ส่งตามมาภายหลัง เมื่อได้รับหนังสือจากธนาคารแล้ว "
    "และให้บันทึกเลขที่หนังสือไว้ด้วย"
)


@pytest.mark.sqlite
def test_among_5000_children_a_reason_is_compared_in_10_milliseconds(children):
    _register(5_000)
    took = []

    def compare():
        for _time in range(15):
            begun = time.thread_time()
            require_no_child_named(REASON, field="reason")
            took.append(time.thread_time() - begun)

    unit_of_work(compare)
    assert min(took) < 0.010


def _register(count):
    """Rows of children who are called alike; what they hold besides their names is one child's."""
    one = db.session.scalars(select(Child).order_by(Child.id)).first()
    columns = {c.name: getattr(one, c.name) for c in Child.__table__.columns}
    hashes = lookup_names([f"เด็กสมมุติ{number}" for number in range(count)])
    rows = [
        {
            **columns, "id": new_id(), "public_id": f"p{number}", "code": f"c{number}",
            "id_number_lookup": None, "id_number_encrypted": None, "id_kind": "none",
            "name_lookup": each, "registered_at": columns["registered_at"],
        }
        for number, each in enumerate(hashes)
    ]  # fmt: skip
    unit_of_work(lambda: db.session.execute(insert(Child), rows))
