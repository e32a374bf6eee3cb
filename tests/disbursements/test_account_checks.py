"""Bank details: verified by a person of their own, before the approval, as the facts are."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp.audit.checks import run_checks
from fundapp.children.operations import withdraw_consent
from fundapp.db import db, unit_of_work
from fundapp.disbursements import operations
from fundapp.disbursements.drafts import PayeeAccount
from fundapp.disbursements.errors import (
    AccountNotVerifiedError,
    AccountRefutedError,
    AccountWordsError,
    NoAccountError,
    NoConsentError,
    NotYoursError,
    ThreePeopleError,
    VerifierError,
)
from fundapp.disbursements.models import (
    AccountAnswer,
    AccountCheck,
    CheckedBy,
    Decision,
    DisbursementRequest,
    PayoutMethod,
)
from fundapp.disbursements.policy import current_check, is_account_refuted, needs_check
from fundapp.disbursements.queries import (
    AccountWarning,
    count_accounts_to_verify,
    find_account_warnings,
)
from fundapp.errors import StaleError
from fundapp.payouts.errors import BatchPeopleError, InBatchError
from fundapp.today.duties import count_turns
from fundapp.trail.models import ChildRead
from tests.audit.tampering import tamper
from tests.disbursements.test_tables import insert, payout_values
from tests.factories.banking import make_bank_account
from tests.factories.children import RAMAN
from tests.factories.disbursements import (
    decide,
    make_paid,
    make_request,
    pay,
    request_draft,
    send_request,
    verify,
)
from tests.factories.identity import make_user, sign_in
from tests.factories.payouts import make_batch, make_hands, release, take

PRESSED = {"check-version": "1", "check-answer": "matches", "check-checked_by": "book"}
REASON = "Shoes and books for the new term"
OTHER = PayeeAccount("004", "5556667778")
APPROVAL = """
INSERT INTO approvals (id, request_id, requested_by_id, version, facts_sha256, approver_id,
    decision, decided_at)
VALUES (:id, :request, :asker, :version, :facts, :by, 'approve', '2026-11-24T03:00:00Z')
"""
CHECK = """
INSERT INTO account_checks (id, request_id, number, requested_by_id, facts_sha256, answer,
    checked_by, earlier_id, checked_by_id, checked_at)
VALUES (:id, :request, :number, :asker, :facts, :answer, :way, :earlier, :by, :at)
"""


def again(request):
    db.session.expire_all()
    return db.session.get_one(DisbursementRequest, request.id)


def refused(why):
    return pytest.raises(DBAPIError, match=why)


def execute(statement, **values):
    unit_of_work(db.session.execute, text(statement), values)


def raw_check(request, by, number=1, **overrides):
    values = {
        "id": 77,
        "request": request.id,
        "number": number,
        "asker": request.requested_by_id,
        "facts": request.facts_sha256,
        "answer": "matches",
        "way": "book",
        "earlier": None,
        "by": by.id,
        "at": "2026-11-24T03:00:00Z",
        **overrides,
    }
    execute(CHECK, **values)


def raw_approval(request, by):
    values = {"id": 78, "request": request.id, "asker": request.requested_by_id, "by": by.id}
    execute(APPROVAL, **values, version=request.version, facts=request.facts_sha256)


def test_nothing_is_approved_before_and_the_person_does_no_other_step(team, clock):
    request = send_request(team)
    with pytest.raises(AccountNotVerifiedError):
        decide(request, team, actor=team.approver.as_actor())
    with pytest.raises(ThreePeopleError):
        verify(request, team, actor=_with_two_roles(team.asker))
    with pytest.raises(NotYoursError):
        verify(request, team, actor=team.approver.as_actor())
    with pytest.raises(StaleError):
        verify(request, team, version=9)
    with pytest.raises(AccountWordsError):
        verify(request, team, answer=AccountAnswer.DIFFERS)
    verify(request, team)
    verify(request, team, checked_by=CheckedBy.CALL)  # twice is once
    assert [check.answer for check in again(request).account_checks] == ["matches"]
    assert again(request).version == 1
    both = make_user("approver", roles=["approver", "fund_officer"])
    other = send_request(team, account=OTHER)
    verify(other, team, actor=both.as_actor())
    with pytest.raises(VerifierError):
        decide(other, team, actor=both.as_actor())
    decide(request, team)
    for refused_step in (
        lambda: pay(request, team, actor=team.verifier.as_actor()),
        lambda: verify(request, team, actor=_with_two_roles(team.approver)),
    ):
        with pytest.raises((VerifierError, ThreePeopleError)):
            refused_step()
    pay(request, team)
    cash = send_request(team, payout_method=PayoutMethod.CASH, account=None)
    with pytest.raises(NoAccountError):
        verify(cash, team, version=1)
    decide(cash, team, actor=team.approver.as_actor())


def _with_two_roles(user):
    """The person as an actor who verifies too: the rows say who did what, not the role."""
    return replace(make_user("fund_officer").as_actor(), user_id=user.id)


def test_other_facts_need_another_note_and_what_does_not_fit_later_stops(team, clock):
    request = decide(make_request(team), team, Decision.RETURN)
    draft = request_draft(team, account=OTHER)
    values = {"version": request.version, "actor": team.asker.as_actor()}
    unit_of_work(operations.resubmit_request, request.public_id, draft, **values)
    assert needs_check(again(request))
    assert current_check(again(request)) is None
    with pytest.raises(AccountNotVerifiedError):
        decide(again(request), team, actor=team.approver.as_actor())
    decide(again(request), team)
    late = {"answer": AccountAnswer.DIFFERS, "words": "The payee called: it is closed"}
    verify(again(request), team, **late)
    with pytest.raises(AccountNotVerifiedError):
        pay(again(request), team)
    with refused("somebody else verifies"):
        insert("payouts", payout_values(again(request), team.payer))


def test_what_does_not_fit_fits_only_after_the_request_was_changed(team, client, clock):
    make_request(team)  # the account was verified for another request before
    clock.shift(timedelta(days=1))
    request, second = send_request(team, account=OTHER), make_user("supervisor", (RAMAN,))
    late = {"answer": AccountAnswer.DIFFERS, "words": "The book shows another name"}
    verify(request, team, **late)
    for actor in (team.verifier.as_actor(), second.as_actor()):
        with pytest.raises(AccountRefutedError):
            verify(again(request), team, actor=actor)
    with refused("found not to fit"):
        raw_check(again(request), second, number=2)
    client.set_cookie("lang", "en")
    sign_in(client, second)
    page = f"/disbursements/{request.public_id}"
    assert "Note what I found" not in client.get(page).text
    sent = client.post(f"{page}/verify", data=PRESSED)
    assert (sent.status_code, "returned and corrected" in sent.text) == (422, True)
    # Sent again unchanged it stays so; with another word it is looked at anew, and says why.
    for reason, is_refuted in ((REASON, True), (f"{REASON}, again", False)):
        decide(again(request), team, Decision.RETURN)
        draft = replace(request_draft(team, account=OTHER), reason=reason)
        values = {"version": again(request).version, "actor": team.asker.as_actor()}
        unit_of_work(operations.resubmit_request, request.public_id, draft, **values)
        assert needs_check(again(request))
        assert is_account_refuted(again(request)) is is_refuted
    assert find_account_warnings([request.id])[request.id] >= {AccountWarning.REFUTED}
    verify(again(request), team, actor=second.as_actor())
    assert not needs_check(again(request))
    verify(again(request), team, **late)
    assert needs_check(send_request(team, account=OTHER)), "no earlier note is used"


def test_a_verified_account_is_used_again_for_a_time_and_not_after_it_did_not_fit(team, clock):
    first = make_request(team)
    second = send_request(team)
    [check] = second.account_checks
    assert (check.checked_by, check.checked_by_id) == (CheckedBy.EARLIER, team.verifier.id)
    assert check.earlier_id == first.account_checks[0].id
    assert needs_check(send_request(team, account=OTHER)), "another account"
    aunt = {"payee_name": "Hamidah Invented", "payee_reason": "She looks after the child"}
    verify(send_request(team, **aunt), team)
    assert needs_check(send_request(team, **aunt)), "somebody else is verified each time"
    clock.shift(timedelta(days=184))
    third = send_request(team)
    assert needs_check(third), "too long ago; the second one is no beginning of its own"
    verify(third, team, answer=AccountAnswer.DIFFERS, words="It was closed")
    assert needs_check(send_request(team))


def test_the_database_refuses_each_way_around(team, clock):
    request = send_request(team)
    officer = team.payer
    with refused("somebody else verifies"):
        raw_approval(request, team.approver)
    for why, overrides in (
        ("two_people", {"by": team.asker}),
        ("counted", {"by": officer, "number": 2}),
        ("as the request says", {"by": officer, "facts": b"x" * 32}),
        ("earlier_matches", {"by": officer, "way": "earlier"}),
        ("difference_has_words", {"by": officer, "answer": "differs"}),
        ("checked_by_known", {"by": officer, "way": "guess"}),
    ):
        with refused(why):
            raw_check(request, **overrides)
    verify(request, team)
    with refused("somebody else verifies"):
        raw_approval(request, team.verifier)
    check = again(request).account_checks[0]
    other = send_request(team, account=OTHER)
    with refused("used again"):
        raw_check(other, team.verifier, way="earlier", earlier=check.id)
    with refused("(?i)foreign key"):
        raw_check(send_request(team), officer, number=2, way="earlier", earlier=check.id)
    decide(request, team)
    with refused("who approves or pays"):
        raw_check(again(request), team.approver, number=2)
    with refused("somebody else verifies"):
        insert("payouts", payout_values(again(request), team.verifier))
    paid = again(request)
    pay(paid, team)
    with refused("before it is paid"):
        raw_check(paid, make_user("fund_officer"), number=2)
    with refused("files no proof"):
        execute(
            "INSERT INTO proofs (id, request_id, outcome, confirmed_on, confirmed_by_encrypted,"
            " note_encrypted, filed_by_id, filed_at) SELECT 5, id, 'problem', '2026-11-24',"
            " reason_encrypted, reason_encrypted, :by, '2026-11-24T03:00:00Z'"
            " FROM disbursement_requests WHERE id = :id",
            by=team.verifier.id,
            id=paid.id,
        )
    for statement in (
        "UPDATE account_checks SET answer = 'differs'",
        "DELETE FROM account_checks",
        "UPDATE account_check_rules SET reuse_days = 9999",
        "DELETE FROM account_check_rules",
        f"INSERT INTO requests_before_checks VALUES ({other.id})",
    ):
        with refused("append-only|takes no row"):
            execute(statement)


def test_in_a_batch_the_person_does_no_step_and_the_note_is_asked_for_again(team, clock):
    make_bank_account()
    hands = make_hands(2, team)
    verifier = team.verifier
    hands.maker = verifier
    with pytest.raises(BatchPeopleError):
        make_batch(hands)
    hands.maker = team.payer
    batch = make_batch(hands)
    first = again(hands.requests[0])
    late = {"answer": AccountAnswer.DIFFERS, "words": "The payee called"}
    with pytest.raises(InBatchError):
        verify(first, team, **late)
    with pytest.raises(BatchPeopleError):
        release(batch, hands, actor=verifier.as_actor())
    with refused("does not release"):
        execute(
            "INSERT INTO payout_batch_releases (batch_id, number, made_by_id, released_by_id,"
            " released_at) VALUES (:batch, 1, :maker, :by, '2026-11-24T03:00:00Z')",
            batch=batch.id,
            maker=batch.made_by_id,
            by=verifier.id,
        )
    assert (count_turns(verifier.as_actor()), count_turns(hands.releaser.as_actor())) == (0, 1)
    release(batch, hands)
    assert (count_turns(verifier.as_actor()), count_turns(hands.taker.as_actor())) == (0, 1)
    hands.taker = verifier
    with pytest.raises(BatchPeopleError):
        take(batch, hands)


def test_the_check_finds_what_was_paid_without(team, clock):
    voucher = make_paid(team).payouts[0].voucher
    assert _found() == []
    for statement in (
        f"UPDATE account_checks SET checked_by_id = {team.payer.id}",
        f"UPDATE account_checks SET checked_by_id = {team.approver.id}",
        "UPDATE account_checks SET answer = 'differs', words_digest = facts_sha256",
        "DELETE FROM account_checks",
    ):
        tamper("account_checks", statement)
        assert _found() == [voucher], statement


def _found():
    return [
        violation.ref
        for result in run_checks()
        if result.check.name == "payouts.bank-details"
        for violation in result.violations
    ]


@pytest.mark.sqlite
def test_a_page_of_lines_is_verified_with_one_click(team, english, clock):
    aunts = [
        send_request(
            team,
            payee_name=f"Aunt{'abc'[number]} Invented",
            payee_reason="She looks after the child",
            account=PayeeAccount("004", f"555666777{number}"),
        )
        for number in range(3)
    ]
    hidden = send_request(team)
    actor = team.verifier.as_actor()
    assert count_accounts_to_verify(actor) == 4
    sign_in(english, team.verifier)
    page = english.get("/disbursements/accounts").text
    assert "Aunta Invented" in page
    assert "5556667770" in page
    assert "checked" not in page.split("<tbody>")[1].split("</tbody>")[0]
    assert english.get("/disbursements/accounts?ticked=all").text.count(" checked>") == 4
    reads = db.session.scalars(select(ChildRead.purpose).filter_by(reader=actor.ref)).all()
    assert set(reads) == {"account"}
    file = b"account,name\n555-6-66777-0,Mrs Aunta Invented\n5556667771,Somebody Else\n"
    compared = english.post(
        "/disbursements/accounts/names", data={"file": (BytesIO(file), "names.csv")}
    )
    assert compared.status_code == 200
    assert compared.text.count(" checked>") == 1
    assert "Somebody Else" in compared.text
    wrong = english.post(
        "/disbursements/accounts/names", data={"file": (BytesIO(b"account,name\n12"), "n.csv")}
    )
    assert wrong.status_code == 422
    assert "Line 2" in wrong.text
    keys = [f"{each.public_id}.1" for each in aunts]
    for data, why in (
        ({"checked_by": "call"}, "Tick the lines"),
        ({"accounts": keys}, "Choose how"),
        ({"accounts": [*keys, f"{hidden.public_id}.7"], "checked_by": "call"}, "changed"),
        (
            {"accounts": [*keys, hidden.public_id + "." + "9" * 5000], "checked_by": "call"},
            "changed",
        ),
    ):
        answer = english.post("/disbursements/accounts", data=data)
        assert answer.status_code in (409, 422), why
        assert why in answer.text
    assert db.session.scalars(select(AccountCheck)).all() == []
    ticked = {"accounts": keys}
    for _twice in range(2):
        answer = english.post("/disbursements/accounts", data={**ticked, "checked_by": "bank"})
        assert answer.status_code == 303
    db.session.rollback()
    assert len(db.session.scalars(select(AccountCheck)).all()) == 3
    assert count_accounts_to_verify(actor) == 1
    consent = team.child.consents[0]
    withdrawn = unit_of_work(
        withdraw_consent, team.child.public_id, consent.id, actor=team.asker.as_actor()
    )
    assert withdrawn
    page = english.get("/disbursements/accounts").text
    assert "1234567890" not in page
    assert "a consent has ended" in page
    with pytest.raises(NoConsentError):
        verify(hidden, team)


@pytest.mark.sqlite
def test_who_sees_what(team, english, clock):
    request = send_request(team)
    for user, status in (
        (team.asker, 403), (team.approver, 403), (team.auditor, 403), (team.payer, 200),
        (make_user("supervisor", ("9501",)), 200),
    ):  # fmt: skip
        sign_in(english, user)
        answer = english.get("/disbursements/accounts")
        assert answer.status_code == status, user
        assert ("1234567890" in answer.text) == (user is team.payer)
    sign_in(english, team.approver)
    url = f"/disbursements/{request.public_id}"
    page = english.get(url).text
    assert "not verified yet" in page
    assert "It cannot be approved yet" in page or "cannot be approved yet" in page
    make_paid(team, account=OTHER)
    assert "This payee was paid to another account before" in english.get(url).text
    verify(request, team)
    page = english.get(url).text
    assert f"verified by {team.verifier.name}" in page
    assert "cannot be approved yet" not in page
    decide(request, team)
    assert team.verifier.name in english.get(f"{url}/voucher").text
    assert "✓ verified" in english.get("/disbursements").text
    sign_in(english, team.verifier)
    assert english.get("/today").status_code == 200
