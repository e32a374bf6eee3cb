"""Filing proofs of receipt, and reading their papers."""

import io
from datetime import date, timedelta

import pytest
from PIL import Image

from fundapp.db import db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.errors import (
    NoteMissingError,
    NotYoursError,
    ReceiptDayError,
    SignedPaperMissingError,
    ThreePeopleError,
    WrongStateError,
)
from fundapp.disbursements.models import ReceiptOutcome, RequestStatus
from fundapp.documents.models import Document
from fundapp.errors import NotFoundError, StaleError, UnreadableNameError
from fundapp.trail.models import AuditEvent, ChildRead
from tests.documents.pictures import pdf
from tests.factories.children import RAMAN
from tests.factories.disbursements import make_approved, make_paid, prove, read
from tests.factories.identity import make_user

TODAY = date(2026, 11, 24)


def test_received_settles_the_request(team):
    request = make_paid(team)
    proof = prove(request, team)
    assert request.status is RequestStatus.CONFIRMED
    assert read(request, team).proofs[0].confirmed_by == "Aminah Invented"
    assert b"Aminah" not in proof.confirmed_by_encrypted


@pytest.mark.sqlite
def test_who_confirmed_has_a_name(team):
    request = make_paid(team)
    with pytest.raises(UnreadableNameError) as refusal:
        prove(request, team, confirmed_by="081")
    assert refusal.value.field == "confirmed_by"


@pytest.mark.sqlite
@pytest.mark.parametrize("outcome", [ReceiptOutcome.NOT_RECEIVED, ReceiptOutcome.PROBLEM])
def test_a_problem_needs_a_note_and_can_be_settled_later(team, outcome):
    request = make_paid(team)
    with pytest.raises(NoteMissingError):
        prove(request, team, outcome, note="")
    prove(request, team, outcome)
    assert read(request, team).proofs[0].note == "The account belongs to somebody else"
    assert request.status is RequestStatus.PROBLEM
    prove(request, team, outcome)
    prove(request, team)
    assert request.status is RequestStatus.CONFIRMED
    assert len(request.proofs) == 3
    with pytest.raises(WrongStateError):
        prove(request, team)


@pytest.mark.sqlite
def test_the_day_of_receipt_is_between_payment_and_today(team):
    request = make_paid(team)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(ReceiptDayError):
            prove(request, team, confirmed_on=day)


@pytest.mark.sqlite
def test_who_paid_files_no_proof_of_receipt(team):
    team.payer = make_user("fund_officer", (RAMAN,), roles=["fund_officer", "case_manager"])
    with pytest.raises(NotYoursError):
        prove(make_paid(team), team, actor=team.payer.as_actor())


@pytest.mark.sqlite
def test_who_asked_files_no_proof_of_receipt_and_nobody_without_a_paper(team):
    request = make_paid(team)
    with pytest.raises(ThreePeopleError):
        prove(request, team, actor=team.asker.as_actor())
    with pytest.raises(SignedPaperMissingError) as refusal:
        prove(request, team, document=None)
    assert refusal.value.field == "document"
    colleague = make_user("case_manager", (RAMAN,))
    prove(request, team, actor=colleague.as_actor())
    assert request.status is RequestStatus.CONFIRMED


@pytest.mark.sqlite
def test_what_is_not_paid_has_no_proof_of_receipt(team):
    with pytest.raises(WrongStateError):
        prove(make_approved(team), team)


def picture():
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.mark.sqlite
def test_the_signed_paper_is_kept_as_a_document(team):
    request = make_paid(team)
    proof = prove(request, team, document=picture())
    document = db.session.get(Document, proof.document_id)
    assert document.media_type == "image/jpeg"
    assert (document.subject_type, document.subject_ref) == (
        "disbursement_request",
        request.public_id,
    )


@pytest.mark.sqlite
def test_reading_the_signed_paper_is_recorded(team):
    request = make_paid(team)
    proof = prove(request, team, document=picture())
    document = db.session.get(Document, proof.document_id)

    def read_paper(user, document_id=document.public_id):
        return unit_of_work(
            operations.read_signed_paper, request.public_id, document_id, actor=user.as_actor()
        )

    for user, document_id in ((team.auditor, document.public_id), (team.payer, "nothing")):
        with pytest.raises(NotFoundError):
            read_paper(user, document_id)
    paper, content = read_paper(team.payer)
    assert paper is document
    assert content.startswith(b"\xff\xd8\xff")
    reads = db.session.query(ChildRead).filter_by(purpose="proof")
    assert [(row.reader, row.child_ref) for row in reads] == [
        (team.payer.public_id, team.child.public_id)
    ]


@pytest.mark.one_case
@pytest.mark.parametrize("outcome", list(ReceiptOutcome))
def test_the_same_form_sent_again_brings_a_lost_paper_back(team, tmp_path, outcome):
    request = make_paid(team)
    version = request.version
    proof = prove(request, team, outcome, document=picture())
    (path,) = (path for path in (tmp_path / "documents").rglob("*") if path.is_file())
    stored = path.read_bytes()
    again = {"version": version, "document": picture()}
    assert prove(request, team, outcome, **again) is proof
    assert restored() == 0
    assert path.read_bytes() == stored
    path.unlink()
    assert prove(request, team, outcome, **again) is proof
    document = db.session.get(Document, proof.document_id)
    _, content = unit_of_work(
        operations.read_signed_paper,
        request.public_id,
        document.public_id,
        actor=team.payer.as_actor(),
    )
    assert content.startswith(b"\xff\xd8\xff")
    assert restored() == 1
    assert len(request.proofs) == db.session.query(Document).count() == 1


def restored():
    return db.session.query(AuditEvent).filter_by(action="disbursements:proof:restore").count()


def test_another_form_of_an_older_page_stays_refused(team):
    request = make_paid(team)
    version = request.version
    prove(request, team, ReceiptOutcome.PROBLEM, document=picture())
    other = make_user("case_manager", (RAMAN,)).as_actor()
    for change in (
        {"outcome": ReceiptOutcome.RECEIVED, "document": picture()},
        {"outcome": ReceiptOutcome.PROBLEM, "document": pdf()},
        {"outcome": ReceiptOutcome.PROBLEM},
        {"outcome": ReceiptOutcome.PROBLEM, "document": picture(), "actor": other},
    ):
        with pytest.raises(StaleError):
            prove(request, team, version=version, **change)
    assert len(request.proofs) == 1
