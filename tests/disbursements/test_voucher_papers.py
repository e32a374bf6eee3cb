"""The receipt voucher as PDF, and the payee's address and identity number on it: asked for, stored
encrypted, part of the facts, masked on pages, erased with the words.
"""

import io

import pikepdf
import pytest
from sqlalchemy import text as sql

from fundapp.access.actors import COMMAND_LINE
from fundapp.db import db, unit_of_work
from fundapp.disbursements.drafts import CodeLineDraft
from fundapp.disbursements.errors import FactsChangedError, PayeeNumberError
from fundapp.disbursements.models import Decision, PayeeKind, PayoutMethod
from fundapp.disbursements.operations.erasures import erase_request_words, plan_erasure
from fundapp.disbursements.verification import find_changed_requests
from fundapp.ledger import chart
from fundapp.remarks.models import ErasureReason
from tests.disbursements.test_tables import execute, refused
from tests.disbursements.views.pages import request_form, stored, text, url
from tests.factories.books import make_gift
from tests.factories.children import make_child
from tests.factories.disbursements import (
    THOUSAND,
    decide,
    make_approved,
    make_paid,
    make_request,
    pay,
    prove,
    read,
)
from tests.factories.identity import sign_in
from tests.giving.receipts.copied_text import copied_text, needs_pdftotext

ADDRESS = "99/1 หมู่ที่ 4 ตำบลกอตอตือร๊ะ อำเภอรามัน"
NUMBER = "1101700230708"
IDENTITY = {"payee_address": ADDRESS, "payee_id_number": NUMBER}


def pages_of(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        return len(paper.pages)


def test_what_is_asked_of_a_payee_is_encrypted_masked_and_part_of_the_facts(team, english):
    sign_in(english, team.asker)
    wrong = {**IDENTITY, "payee_id_number": "1-1017-00230-70-9"}
    answer = english.post("/disbursements/new", data=request_form(team, **wrong))
    assert answer.status_code == 422
    assert "This identity or tax number is not right" in text(answer)
    typed = {**IDENTITY, "payee_id_number": "1-1017-00230-70-8"}
    assert english.post("/disbursements/new", data=request_form(team, **typed)).status_code == 303
    [request] = stored()
    file = read(request, team)
    assert (file.payee_address, file.payee_id_number) == (ADDRESS, NUMBER)
    page = text(english.get(url(request)))
    assert ADDRESS in page
    assert "•••0708" in page
    assert NUMBER not in page
    sign_in(english, team.auditor)
    assert "0708" not in text(english.get(url(request)))

    decide(request, team, Decision.RETURN)
    sign_in(english, team.asker)
    form = text(english.get(url(request, "edit")))
    assert 'value="•••0708"' in form
    assert NUMBER not in form
    kept = {**IDENTITY, "payee_id_number": "•••0708", "version": str(request.version)}
    other = request_form(
        team, **kept, payee_kind="other", payee_name="Hasan", payee_reason="An aunt"
    )
    assert english.post(url(request, "edit"), data=other).status_code == 422
    answer = english.post(url(request, "edit"), data=request_form(team, **kept))
    assert answer.status_code == 303
    [request] = stored()
    assert read(request, team).payee_id_number == NUMBER

    assert list(find_changed_requests()) == []
    with refused("encrypted"):
        execute("UPDATE request_payees SET id_number_encrypted = :clear", clear=NUMBER.encode())
    with refused("encrypted"):
        execute("UPDATE request_payees SET address_encrypted = :clear", clear=ADDRESS.encode())
    execute("UPDATE request_payees SET address_encrypted = NULL")
    db.session.expire_all()
    assert list(find_changed_requests()) == [request.number]
    with pytest.raises(FactsChangedError):
        decide(request, team)


def test_the_words_of_a_request_take_the_identity_with_them(team):
    request = prove(make_paid(team, **IDENTITY), team)
    request = stored()[0]
    plan = plan_erasure(request.number, actor=COMMAND_LINE)
    assert ("The payee's address and identity number", 1) in plan.goes
    unit_of_work(
        erase_request_words, request.number, why=ErasureReason.REQUESTED, actor=COMMAND_LINE
    )
    row = db.session.execute(
        sql("SELECT address_encrypted, id_number_encrypted FROM request_payees")
    )
    assert list(row) == [(None, None)]


@pytest.mark.sqlite
def test_a_number_must_fit(team):
    with pytest.raises(PayeeNumberError):
        make_request(team, payee_id_number="1101700230709")
    assert make_request(team, payee_id_number="0-9940-00165-50-1").payee.id_number_encrypted


@pytest.mark.sqlite
@needs_pdftotext
def test_the_paper_has_one_page_and_is_covered_for_an_auditor(team, client, tmp_path):
    make_gift(4 * THOUSAND, bank=chart.CASH_ON_HAND)
    cash = {"payout_method": PayoutMethod.CASH, "account": None}
    asked = make_approved(team, **cash, **IDENTITY)
    sign_in(client, team.payer)
    held = text(client.get(url(asked)))
    assert "4,000.00" in held
    pay(asked, team)
    answer = client.get(url(asked, "voucher?format=pdf"))
    assert answer.mimetype == "application/pdf"
    said = copied_text(answer.data, tmp_path)
    voucher = asked.payouts[0].voucher
    for part in (voucher, "Aminah", "99/1", "1-1017-00230-70-8", "1,000.00", team.payer.name):
        assert part.replace(" ", "") in said, part
    assert "/confirm/" not in said
    with_link = client.post(url(asked, "voucher?format=pdf"))
    assert "/confirm/" in copied_text(with_link.data, tmp_path)
    assert pages_of(with_link.data) == 1
    sign_in(client, team.auditor)
    covered = copied_text(client.get(url(asked, "voucher?format=pdf")).data, tmp_path)
    assert voucher in covered
    for part in ("Aminah", "99/1", "70-8", "0708", "/confirm/"):
        assert part not in covered, part


@pytest.mark.sqlite
def test_a_school_with_many_children_and_long_words_stays_on_one_page(team, client):
    lines = [CodeLineDraft(make_child(team.asker).code, 100_00) for _each in range(15)]
    name = "โรงเรียนบ้านตัวอย่างราษฎร์อุปถัมภ์ ประชานุเคราะห์ " * 2
    request = make_approved(
        team,
        code_lines=lines,
        payee_kind=PayeeKind.OTHER,
        payee_name=name.strip(),
        payee_reason="A shop",
        payee_address="ถนนสุขยางค์ ซอยยาวมาก " * 13,
        payee_id_number="0994000165501",
    )
    sign_in(client, team.payer)
    assert pages_of(client.post(url(request, "voucher?format=pdf")).data) == 1


@pytest.mark.sqlite
@needs_pdftotext
def test_letters_of_another_script_are_written_by_hand(team, client, tmp_path):
    request = make_approved(team, payee_name="محمد بن أحمد", payee_id_number=NUMBER)
    sign_in(client, team.payer)
    answer = client.get(url(request, "voucher?format=pdf"))
    assert answer.status_code == 200
    assert "1-1017-00230-70-8" in copied_text(answer.data, tmp_path)
