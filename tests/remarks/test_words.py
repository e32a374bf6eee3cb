"""Words that people write: none stands on a row that is kept for ever, and each can be erased."""

import base64
import os

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError

from fundapp.audit.checks import remarks as checks
from fundapp.audit.checks import run_checks
from fundapp.banking.operations import hold_line
from fundapp.children.drafts import GuardianDraft
from fundapp.children.operations import withdraw_consent
from fundapp.crypto import Keyring
from fundapp.db import db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.errors import BankReferenceError, NamedError, StillOpenError
from fundapp.disbursements.models import Approval, Decision, ReceiptOutcome
from fundapp.errors import ForbiddenError
from fundapp.giving.models import Receipt
from fundapp.giving.operations import reverse_payment
from fundapp.ledger.models import JournalEntry
from fundapp.remarks.errors import RemarkErasedError, UnknownRemarkError
from fundapp.remarks.models import ErasureReason, ReasonCode, Remark, RemarkKind
from fundapp.remarks.operations import erase_words, plan_erasure
from fundapp.remarks.queries import list_erased
from fundapp.trail.models import AuditEvent, ChildRead
from tests.audit.tampering import tampered
from tests.documents.pictures import picture
from tests.factories.actors import ADMINISTRATOR, AUDITOR, OFFICER
from tests.factories.banking import Move, import_moves, make_bank_account, transfer_out
from tests.factories.children import make_child
from tests.factories.disbursements import (
    decide,
    make_approved,
    make_request,
    make_team,
    pay,
    prove,
)
from tests.factories.giving import make_payment
from tests.factories.identity import make_user, sign_in

#: No word of the program; typed as a reason or a note everywhere.
WORDS = "Canarywords of somebody"


@pytest.fixture
def team(build_once, clock):
    return build_once("team", make_team)


def remark(kind):
    return db.session.scalars(select(Remark).where(Remark.kind == kind)).one()


def notes(action):
    return list(db.session.scalars(select(AuditEvent.note).where(AuditEvent.action == action)))


def request_page(client, user, request):
    sign_in(client, user)
    return client.get(f"/disbursements/{request.public_id}?lang=en").text


def returned(team):
    request = make_request(team)
    return decide(request, team, Decision.RETURN, reason=WORDS, code=ReasonCode.INCOMPLETE)


def cancelled(team):
    request = make_approved(team)
    return unit_of_work(
        operations.cancel_request, request.public_id, version=request.version, reason=WORDS,
        code=ReasonCode.NOT_NEEDED, actor=team.approver.as_actor(),
    )  # fmt: skip


@pytest.mark.sqlite
def test_a_decision_keeps_a_code_and_a_digest(team, client):
    request = returned(team)
    approval = db.session.scalars(select(Approval)).one()
    kept = remark(RemarkKind.DECISION)
    assert (approval.reason_code, approval.reason_digest) == (ReasonCode.INCOMPLETE, kept.digest)
    assert notes("disbursements:request:return") == [f"incomplete sha256:{kept.digest.hex()}"]
    assert kept.about_child
    page = request_page(client, team.asker, request)
    assert f"Something is missing or unclear: {WORDS}" in page
    assert kept.number in page
    assert WORDS in client.get(f"/disbursements/{request.public_id}/edit?lang=en").text
    read = select(ChildRead).where(ChildRead.reader == team.asker.public_id)
    assert db.session.scalars(read).all()


# What a page shows; the rows behind it are those of the tests around it.
@pytest.mark.sqlite
def test_an_auditor_sees_the_code_alone(team, client):
    page = request_page(client, team.auditor, returned(team))
    assert "Something is missing or unclear" in page
    assert WORDS not in page


@pytest.mark.sqlite
def test_without_a_consent_nobody_sees_the_words(team, client):
    request = returned(team)
    consent = team.child.consents[0]
    unit_of_work(withdraw_consent, team.child.public_id, consent.id, actor=team.asker.as_actor())
    for user in (team.asker, team.approver, team.payer):
        page = request_page(client, user, request)
        assert "Something is missing or unclear" in page
        assert WORDS not in page


@pytest.mark.sqlite
def test_a_cancellation_puts_the_digest_into_the_books(team, client):
    request = cancelled(team)
    kept = remark(RemarkKind.CANCELLATION)
    entry = db.session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first()
    assert base64.b64decode(entry.private) == kept.digest
    assert entry.private.encode() in entry.canonical
    assert WORDS in request_page(client, team.approver, request)


@pytest.mark.sqlite
def test_a_reversal_and_a_note_of_a_payment(session, clock, client):
    make_team()
    payment = make_payment(500, note=WORDS)
    unit_of_work(
        reverse_payment, payment.public_id, reason=WORDS, code=ReasonCode.TWICE, actor=OFFICER
    )
    receipt = db.session.scalars(select(Receipt)).one()
    assert receipt.void_reason == "Asked for or recorded twice"
    kept = remark(RemarkKind.REVERSAL)
    trace = f"twice sha256:{kept.digest.hex()}"
    assert notes("giving:payment:reverse") == [trace]
    assert notes("giving:receipt:void") == ["Asked for or recorded twice"]
    sign_in(client, make_user("fund_officer"))
    page = client.get(f"/payments/{payment.public_id}?lang=en").text
    assert page.count(WORDS) == 2
    assert WORDS not in client.get(f"/receipts/{receipt.code}?lang=en").text


@pytest.mark.sqlite
def test_a_line_that_was_put_aside(session, clock, client):
    make_team()
    make_bank_account()
    (line,) = import_moves(Move(500))
    unit_of_work(hold_line, line.public_id, reason=WORDS, code=ReasonCode.WAITING, actor=OFFICER)
    assert line.status_reason == "waiting"
    assert notes("banking:line:hold")[0].startswith("waiting sha256:")
    for role in ("fund_officer", "auditor"):
        sign_in(client, make_user(role))
        pages = [f"/bank/lines/{line.public_id}", "/bank/lines?status=held"]
        for address in pages[role == "auditor" :]:
            assert (
                f"The bank or the giver was asked: {WORDS}"
                in client.get(f"{address}{'&' if '?' in address else '?'}lang=en").text
            )


def test_pages_of_many_reasons_read_them_with_one_query(session, clock, client, app):
    make_team()
    make_bank_account()
    lines = import_moves(*(Move(500 + number) for number in range(12)))
    sign_in(client, make_user("fund_officer"))

    def queries():
        seen = []
        event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        client.get("/bank/lines?status=held")
        return len([sql for sql in seen if "FROM remarks" in sql])

    for line in lines:
        unit_of_work(hold_line, line.public_id, reason=WORDS, actor=OFFICER)
    assert queries() == 1


def test_erased_words_are_gone_and_the_digest_stands(team, client):
    request = returned(team)
    kept = remark(RemarkKind.DECISION)
    digest = kept.digest
    unit_of_work(erase_words, kept.number, why=ErasureReason.REQUESTED, actor=ADMINISTRATOR)
    db.session.expire_all()
    assert (kept.words_encrypted, kept.digest) == (None, digest)
    page = request_page(client, team.asker, request)
    assert "Something is missing or unclear (Erased on 24 Nov 2026. The person whom" in page
    assert WORDS not in page
    assert notes("remarks:remark:erase") == ["requested"]
    assert list(checks.kept_words()) == list(checks.permanent_rows()) == []
    with pytest.raises(RemarkErasedError):
        unit_of_work(erase_words, kept.number, why=ErasureReason.REQUESTED, actor=ADMINISTRATOR)


@pytest.mark.sqlite
@pytest.mark.parametrize("number", ["", "RM", "RM0000000000000", "RQ0000000000000", "x" * 40])
def test_an_unknown_number_is_told(session, number):
    with pytest.raises(UnknownRemarkError):
        unit_of_work(erase_words, number, why=ErasureReason.NOT_NEEDED, actor=ADMINISTRATOR)


# Who may is asked in Python.
@pytest.mark.sqlite
def test_who_may_erase(team, client):
    returned(team)
    number = remark(RemarkKind.DECISION).number
    for actor in (AUDITOR, OFFICER, team.approver.as_actor()):
        with pytest.raises(ForbiddenError):
            unit_of_work(erase_words, number, why=ErasureReason.NOT_NEEDED, actor=actor)
    sign_in(client, team.approver)
    for address in ("/remarks", f"/remarks/{number}"):
        assert client.get(address).status_code == 403
        assert client.post(address, data={"number": number, "why": "withdrawn"}).status_code == 403
    assert remark(RemarkKind.DECISION).words_encrypted is not None


# About pages and their forms; erasing runs on both databases above.
@pytest.mark.sqlite
def test_the_page_shows_what_goes_and_what_stays_before_it_erases(team, client):
    returned(team)
    kept = remark(RemarkKind.DECISION)
    sign_in(client, make_user("administrator"))
    assert client.post("/remarks?lang=en", data={"number": "RM"}).status_code == 422
    answer = client.post("/remarks", data={"number": f" {kept.number.lower()} "})
    assert (answer.status_code, answer.location) == (303, f"/remarks/{kept.number}")
    page = client.get(f"{answer.location}?lang=en").text
    assert "Reason of a decision on a request" in page
    assert "<li>The words</li>" in page
    assert "Backups that were made before" in page
    assert WORDS not in page
    assert client.post(f"{answer.location}?lang=en", data={"why": ""}).status_code == 422
    db.session.expire_all()
    assert kept.words_encrypted is not None
    assert client.post(answer.location, data={"why": "withdrawn"}).status_code == 303
    page = client.get("/remarks?lang=en").text
    assert kept.number in page
    assert "The consent was withdrawn" in page
    assert WORDS not in page
    again = client.post(f"{answer.location}?lang=en", data={"why": "withdrawn"})
    assert again.status_code == 422
    assert "These words have been erased already." in again.text
    assert client.get(f"{answer.location}?lang=en").status_code == 422


# About a page; the plan itself is asked for on both databases below.
@pytest.mark.sqlite
def test_the_plan_of_a_request_says_what_is_done(team, client):
    request = settled(team)
    sign_in(client, make_user("administrator"))
    open_still = client.post("/remarks?lang=en", data={"number": request.number})
    assert "Somebody still has to work on this request." in open_still.text
    prove(request, team, confirmed_by="canaryconfirmer", document=picture())
    page = client.get(f"/remarks/{request.number}?lang=en").text
    goes, stays = page.split("What is erased")[1].split("What stays")
    assert "Why help was asked for" in goes
    assert "Who confirmed the receipt (2)" in goes
    assert "Notes on the receipt</li>" in goes
    assert "payee" not in goes
    assert "The payee and the account, because the money was paid" in stays
    assert "codes of the children" in stays
    assert "signed papers" in stays
    assert "canary" not in page


@pytest.mark.sqlite
def test_a_request_that_was_erased_as_a_whole_is_in_the_list(team, client):
    request = settled(team)
    prove(request, team, confirmed_by="canaryconfirmer")
    unit_of_work(erase_words, request.number, why=ErasureReason.WITHDRAWN, actor=ADMINISTRATOR)
    assert [each.written.number for each in list_erased()] == [request.number]
    other = make_request(team)
    decide(other, team, Decision.REJECT, reason=WORDS)
    newest = db.session.scalars(select(Remark).order_by(Remark.id.desc())).first()
    unit_of_work(erase_words, newest.number, why=ErasureReason.REQUESTED, actor=ADMINISTRATOR)
    assert [(each.written.number, each.why) for each in list_erased()] == [
        (newest.number, ErasureReason.REQUESTED),
        (request.number, ErasureReason.WITHDRAWN),
    ]
    sign_in(client, make_user("administrator"))
    page = client.get("/remarks?lang=en").text
    assert request.number in page
    assert "Words of a request about people" in page


def test_a_cancelled_request_that_was_never_paid_loses_its_payee(team):
    request = cancelled(team)
    plan = plan_erasure(request.number, actor=ADMINISTRATOR)
    assert plan.goes == (
        ("Why help was asked for", 1),
        ("The payee and the account, as nothing was paid", 1),
        ("Reasons of decisions and of cancelling", 1),
    )
    for actor in (AUDITOR, OFFICER):
        with pytest.raises(ForbiddenError):
            plan_erasure(request.number, actor=actor)


@pytest.mark.parametrize("ground", list(ErasureReason))
def test_grounds_are_sentences(ground):
    assert ground.label[0].isupper()


def test_the_command_erases(team, runner):
    returned(team)
    number = remark(RemarkKind.DECISION).number
    done = runner.invoke(args=["remarks", "erase", number, "--why", "not_allowed"])
    assert (done.exit_code, done.output) == (0, f"{number}: erased\n")
    again = runner.invoke(args=["remarks", "erase", number, "--why", "not_allowed"])
    assert again.exit_code == 1
    assert "erased already" in again.output


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE remarks SET about_child = NOT about_child",
        "UPDATE remarks SET code = 'mistake'",
        "UPDATE remarks SET written_by = 'nobody'",
        "DELETE FROM remarks",
    ],
)
def test_the_database_keeps_remarks_as_written(team, change):
    returned(team)
    with pytest.raises(IntegrityError, match="remarks are kept as written"):
        unit_of_work(lambda: db.session.execute(text(change)))


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ("UPDATE remarks SET words_encrypted = substr(words_encrypted, 1, 40)", "kept_words"),
        ("UPDATE remarks SET words_encrypted = digest", "kept_words"),
        ("UPDATE audit_events SET note = 'Canarywords'", "permanent_rows"),
        ("UPDATE approvals SET reason_digest = facts_sha256", "permanent_rows"),
    ],
)
def test_what_raw_sql_changes_turns_a_check_red(team, change, check):
    returned(team)
    find = getattr(checks, check)
    assert list(find()) == []
    with tampered(change):
        assert list(find())


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("typed", "quoted"),
    [
        ("Ask Nuri first", "Nuri"),
        ("ask  Miss   NURI  Sani.", "NURI Sani"),
        ("see (Sani)", "Sani"),
        ("mrs.aminah daud called", "aminah daud"),
        ("the payee is Hasan  Mama", "Hasan Mama"),
    ],
)
@pytest.mark.parametrize("decision", [Decision.RETURN, Decision.APPROVE])
def test_names_of_the_request_are_refused_and_quoted(team, typed, quoted, decision):
    guardian = GuardianDraft(name="Aminah Daud")
    team.child = make_child(team.asker, given_name="Nuri", family_name="Sani", guardian=guardian)
    request = make_request(team, payee_name="Hasan Mama")
    with pytest.raises(NamedError) as refused:
        decide(request, team, decision, reason=typed)
    assert refused.value.params == {"words": quoted}
    assert refused.value.field == "reason"


@pytest.mark.sqlite
def test_thai_names_are_found_inside_words_and_after_titles(team):
    team.child = make_child(team.asker, given_name="นูรี", family_name="สมมุติวงศ์")
    request = make_request(team, payee_name="รอฮานา  มะแซ")
    for typed in ("ด.ญ.นูรี ย้าย", "บ้านสมมุติวงศ์ย้าย", "ด.ญ. นูรี  สมมุติวงศ์", "นางรอฮานามะแซ"):
        with pytest.raises(NamedError):
            decide(request, team, Decision.RETURN, reason=typed)
    assert decide(request, team, Decision.RETURN, reason="ขาดสำเนาบัญชี").status.value == "returned"


@pytest.mark.sqlite
def test_the_reference_of_the_bank_is_a_number(team):
    request = make_approved(team, payee_name="Hasan Mama")
    for words in ("paid to the mother", "Salary", "ค่าเล่าเรียน", "-"):
        with pytest.raises(BankReferenceError):
            pay(request, team, bank_reference=words)
    with pytest.raises(NamedError):
        pay(request, team, bank_reference="HASAN-MAMA-1")
    assert pay(request, team, bank_reference="KTB-2026/11.7").bank_reference == "KTB-2026/11.7"


MONEY_OUT = "นาย สมชาย canarypayee"


@pytest.mark.sqlite
def test_who_may_not_see_payees_does_not_see_the_text_of_money_out(session, clock, client):
    make_team()
    make_bank_account()
    make_payment(90_000)
    line, _gift = import_moves(
        transfer_out(30_000, MONEY_OUT), Move(90_000, "from canarygiver"), number="987-6-54321-0"
    )
    unit_of_work(hold_line, line.public_id, reason="canaryreason", actor=OFFICER)
    statement = f"/bank/statements/{line.statement.public_id}"
    addresses = [
        f"/bank/lines/{line.public_id}", "/bank/lines?status=held", statement,
        "/bank/reconciliation",
    ]  # fmt: skip
    for role, is_shown in (("fund_officer", True), ("auditor", False)):
        sign_in(client, make_user(role))
        client.set_cookie("lang", "en")
        pages = [client.get(address).text for address in addresses]
        for page in pages:
            assert ("canarypayee" in page) is is_shown
            assert ("โอนเงินออก" in page) is is_shown
            assert ("Text hidden" in page) is not is_shown
        assert ("canaryreason" in pages[0]) is is_shown
        assert "canarygiver" in pages[2]


def settled(team):
    request = make_approved(team, reason="canaryreason", payee_name="canarypayee")
    pay(request, team)
    prove(request, team, ReceiptOutcome.PROBLEM, note="canarynote", confirmed_by="canaryconfirmer")
    return request


def test_what_a_settled_request_says_of_people_is_erased(team, client):
    request = settled(team)
    with pytest.raises(StillOpenError):
        unit_of_work(erase_words, request.number, why=ErasureReason.WITHDRAWN, actor=ADMINISTRATOR)
    prove(request, team, confirmed_by="canaryconfirmer")
    words = ("canaryreason", "canarynote", "canaryconfirmer", "canarypayee")
    assert all(word in request_page(client, team.asker, request) for word in words)
    unit_of_work(erase_words, request.number, why=ErasureReason.WITHDRAWN, actor=ADMINISTRATOR)
    page = request_page(client, team.asker, request)
    assert [word for word in words if word in page] == ["canarypayee"]  # it was paid
    assert "Words erased" in page
    assert "The consent was withdrawn" in page
    with pytest.raises(RemarkErasedError):
        unit_of_work(erase_words, request.number, why=ErasureReason.WITHDRAWN, actor=ADMINISTRATOR)
    assert all(result.is_green for result in run_checks())


def test_of_a_request_that_was_not_paid_the_payee_is_erased_too(team, client):
    request = cancelled(team)
    unit_of_work(erase_words, request.number, why=ErasureReason.NOT_NEEDED, actor=ADMINISTRATOR)
    page = request_page(client, team.approver, request)
    for word in (WORDS, "Aminah Invented", "7890", "Shoes and books"):
        assert word not in page
    assert "It is no longer needed (Erased on 24 Nov 2026. They are no longer needed.)" in page


def test_rotating_the_keys_keeps_words_and_digests(team, app, runner, client):
    request = returned(team)
    before = remark(RemarkKind.DECISION)
    encrypted, digest = before.words_encrypted, before.digest
    old = app.config["FIELD_KEYS"]
    new = "n2:" + base64.b64encode(os.urandom(32)).decode()
    app.extensions["keyring"] = Keyring.parse(f"{new},{old}")
    done = runner.invoke(args=["keys", "rotate"])
    assert done.exit_code == 0, done.output
    db.session.expire_all()
    after = remark(RemarkKind.DECISION)
    assert after.words_encrypted.startswith(b"n2\x00")
    assert after.words_encrypted != encrypted
    assert after.digest == digest
    assert WORDS in request_page(client, team.asker, request)
    assert list(checks.kept_words()) == list(checks.permanent_rows()) == []
