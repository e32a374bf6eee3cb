"""Each check is green on sound data and red, it alone, when what it says is broken."""

import json
import re
from datetime import date, timedelta

import pytest
from flask import current_app
from sqlalchemy import text

from fundapp import clock as app_clock
from fundapp.access.permissions import Role
from fundapp.audit.checks import CHECKS, Run, run_checks
from fundapp.banking.models import LineStatus, Match, StatedLine, Statement, StatementLine
from fundapp.banking.operations import open_bank_account
from fundapp.children.operations import change_child
from fundapp.db import db, is_postgresql, unit_of_work
from fundapp.giving.models import Payment
from fundapp.giving.shares import ShareTerms
from fundapp.ids import new_id
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft
from fundapp.ledger.models import EntryKind
from fundapp.ledger.operations import fold_balances, post_entry
from fundapp.ledger.queries import balances_as_of
from fundapp.mail.operations import mark_sent
from tests.audit.tampering import tamper, tampered, unguarded
from tests.documents.pictures import picture
from tests.factories.actors import BOOKKEEPER, COMMAND_LINE, WORKER
from tests.factories.banking import written_words
from tests.factories.books import (
    close_month,
    make_approval,
    make_entry,
    make_fund,
    make_gift,
    make_payout,
    make_return,
    make_reversal,
)
from tests.factories.checks import run_checks_by_worker
from tests.factories.children import child_facts
from tests.factories.disbursements import (
    make_approved,
    make_paid,
    make_request,
    make_team,
    prove,
)
from tests.factories.giving import make_payment, make_pledge
from tests.factories.giving import make_return as return_payment
from tests.factories.giving import make_reversal as reverse_payment
from tests.factories.identity import (
    make_outside_auditor,
    make_user,
    make_user_by_steps,
    open_session_of,
    sign_in,
)
from tests.factories.ledger import spending
from tests.factories.mail import make_message
from tests.factories.samples import make_sample
from tests.factories.slips import make_slip

NOVEMBER = date(2026, 11, 1)


def make_province():
    """A little of everything, made by the operations."""
    team = make_team()
    pledge = make_pledge()
    payment = make_payment(50_000, pledge.instalments[0])
    make_fund("SHARED")
    halves = (ShareTerms("GENERAL", 5_000), ShareTerms("SHARED", 5_000))
    make_payment(3_333, make_pledge(shares=halves).instalments[0])
    reverse_payment(make_payment(7_000))
    return_payment(make_payment(6_000))
    make_payment(1_234)
    make_slip(pledge, None, None)
    make_payment(100, pledge.instalments[1])
    make_request(team)
    make_approved(team)
    prove(make_paid(team), team, document=picture())
    unit_of_work(change_child, team.child.public_id, child_facts(), actor=team.asker.as_actor())
    make_reversal(make_gift(500))
    make_shortage()
    unit_of_work(import_bank_lines, payment.public_id)
    open_session_of(current_app, make_user_by_steps(Role.AUDITOR).email)
    make_sample(1_000)
    make_outside_auditor()
    return team


@pytest.fixture
def province(build_once, clock):
    """That, built once."""
    return build_once("audit/checks", make_province)


def make_shortage():
    """A fund lacks 300 of a gift of 500 that was spent and taken back."""
    make_fund("SHORT")
    returned = make_gift(500, "SHORT")
    make_approval(500, "SHORT")
    make_return(returned)
    make_gift(200, "SHORT")
    unit_of_work(fold_balances, actor=WORKER)


def import_bank_lines(payment_ref):
    """A statement of two lines, the first matched with a payment."""
    open_bank_account(
        "KTB-MAIN",
        name="Main account",
        bank_code="006",
        account_number="123-0-45678-9",
        account_code=chart.BANK_MAIN,
        actor=COMMAND_LINE,
    )
    payment = db.session.scalars(db.select(Payment).filter_by(public_id=payment_ref)).one()
    statement = Statement(
        bank_account_code="KTB-MAIN", profile="ktb", file_name="a.csv", file_sha256=b"a" * 32,
        from_on=NOVEMBER, to_on=NOVEMBER, opening_satang=0, closing_satang=40_000,
        imported_by="tests", imported_at=app_clock.now(),
    )  # fmt: skip
    db.session.add(statement)
    db.session.flush()
    for number, (deposit, withdrawal, balance) in enumerate(
        [(50_000, 0, 50_000), (0, 10_000, 40_000)]
    ):
        line_id, row_id = new_id(), new_id()
        line = StatementLine(
            id=line_id, statement_id=statement.id, bank_account_code="KTB-MAIN",
            **written_words(line_id, description="Transfer"),
            ordinal=1, day_position=number + 1,
            row_number=number + 5, booked_on=NOVEMBER,
            deposit_satang=deposit, withdrawal_satang=withdrawal, balance_satang=balance,
            status=LineStatus.UNMATCHED,
        )  # fmt: skip
        db.session.add(line)
        db.session.flush()
        said = StatedLine(
            statement_id=statement.id, line_id=line.id, row_number=number + 5, position=number + 1,
            booked_time="", balance_satang=balance,
            id=row_id, **written_words(line_id, row_id, description="Transfer"),
        )  # fmt: skip
        db.session.add(said)
        if number == 0:
            match = Match(
                line_id=line.id, bank_account_code="KTB-MAIN", payment_id=payment.id,
                amount_satang=deposit, reason="[]",
                matched_by="tests", matched_at=app_clock.now(),
            )  # fmt: skip
            db.session.add(match)


def red():
    """The names of the checks that are red."""
    return {result.check.name for result in run_checks() if not result.is_green}


def said():
    return {
        r.check.name: [(o.ref, o.problem) for o in r.violations]
        for r in run_checks()
        if r.violations
    }


def test_an_empty_database_is_green(session):
    assert said() == {}


def test_a_sound_province_is_green(province):
    assert said() == {}


#: The check that must turn red, and what an insider does.
BROKEN = [
    ("audit.samples", "UPDATE audit_sample_items SET hits = hits + 1"),
    ("audit.access", "DELETE FROM role_endings"),
    (
        "audit.openings",
        "INSERT INTO request_openings SELECT 1, id, requested_by_id, facts_sha256,"
        " '2026-11-24', '2026-11-24', requested_at FROM disbursement_requests LIMIT 1",
    ),
    ("payouts.bank-details", "UPDATE account_checks SET answer = 'differs'"),
    ("disbursements.payees", "UPDATE payee_digests SET account_lookup = payee_lookup"),
    (
        "ledger.reopenings",
        "INSERT INTO period_reopenings (id, starts_on, closed_at, closed_by, reason, proposal_id,"
        " reopened_at) VALUES (1, '2026-10-01', '2026-11-01T00:00:00Z', 'one', 'audit', 1,"
        " '2026-11-02T00:00:00Z')",
    ),
    (
        "mail.line-accounts",
        "INSERT INTO line_accounts (id, recipient_type, recipient_ref, user_encrypted,"
        " user_lookup, linked_at, told_at)"
        " SELECT id, 'donor', 'another', content_encrypted, content_hash,"
        " '2026-11-01T00:00:00Z', '2026-11-01T00:00:00Z' FROM receipt_contents LIMIT 1",
    ),
    (
        "mail.line-events",
        "INSERT INTO line_events (id, event_id, kind, user_encrypted, happened_at, stored_at)"
        " SELECT id, 'E1', 'follow', content_encrypted, '2026-11-01T00:00:00Z',"
        " '2026-11-01T00:00:00Z' FROM receipt_contents LIMIT 1",
    ),
    (
        "ledger.fund-accounts",
        "UPDATE fund_accounts SET account_code = '1130' WHERE account_code = '1121'"
        " AND fund_code IN (SELECT fund_code FROM postings WHERE debit_account_code = '1121')",
    ),
    (
        "banking.accounts",
        "UPDATE bank_accounts SET account_code = '1122' WHERE code = 'KTB-MAIN'",
    ),
    (
        "banking.accounts",
        "UPDATE matches SET bank_account_code = 'KTB-OTHER'",
    ),
    (
        "banking.numbers",
        "INSERT INTO bank_accounts (code, name, bank_code, account_number, account_code,"
        " promptpay_biller_id, promptpay_id, version, is_frozen)"
        " SELECT 'AGAIN', name, bank_code, replace(account_number, '-', ' '), '1123', '', '', 1,"
        " is_frozen FROM bank_accounts WHERE code = 'KTB-MAIN'",
    ),
    (
        "banking.promptpay",
        "UPDATE bank_accounts SET promptpay_biller_id = '0994000165501'",
    ),
    (
        "banking.promptpay",
        "UPDATE bank_accounts SET promptpay_id = '+66812345678'",
    ),
    (
        "ledger.leaf-hashes",
        "UPDATE journal_entries SET leaf_hash = content_hash WHERE kind = 'donation'",
    ),
    (
        "ledger.sealed-rows",
        "UPDATE journal_entries SET memo = 'Something else' WHERE kind = 'donation'",
    ),
    (
        "ledger.sealed-rows",
        "UPDATE journal_entries SET maker = 'somebody' WHERE kind = 'donation'",
    ),
    (
        "ledger.month-balances",
        "UPDATE monthly_balances SET debit_satang = debit_satang + 1",
    ),
    (
        "ledger.fund-balances",
        "UPDATE fund_balances SET available_satang = available_satang + 1",
    ),
    (
        "ledger.shortages",
        "UPDATE fund_balances SET shortage_satang = shortage_satang + 5,"
        " available_satang = available_satang + 5",
    ),
    (
        "ledger.shortages",
        "UPDATE shortage_changes SET number = -number",
    ),
    (
        "ledger.shortages",
        "UPDATE shortage_changes SET entry_id = (SELECT min(id) FROM journal_entries)"
        " WHERE number = 1",
    ),
    (
        "ledger.shortages",
        "UPDATE shortage_changes SET shortage_satang = shortage_satang + 1",
    ),
    (
        "giving.instalments",
        "UPDATE instalments SET paid_satang = paid_satang + 1 WHERE paid_satang = 0",
    ),
    (
        "giving.pledges",
        "UPDATE pledges SET amount_satang = amount_satang + 1",
    ),
    (
        "giving.pledges",
        "UPDATE instalments SET amount_satang = amount_satang + 1 WHERE paid_satang = 0",
    ),
    (
        "giving.receipt-names",
        "UPDATE receipts SET donor_name = 'Somebody of the same mailbox'",
    ),
    (
        "giving.receipt-days",
        "UPDATE receipts SET issued_on = '2026-11-23'",
    ),
    (
        "giving.receipt-numbers",
        "UPDATE receipts SET number = 99 WHERE number = 1",
    ),
    (
        "giving.receipt-numbers",
        "UPDATE receipt_counters SET last_number = last_number + 1",
    ),
    (
        "giving.receipts",
        "UPDATE receipts SET amount_satang = amount_satang + 1",
    ),
    (
        "giving.receipts",
        "UPDATE receipts SET voided_at = NULL, void_reason = ''",
    ),
    (
        "giving.receipt-contents",
        "UPDATE receipt_contents SET content_hash = (SELECT max(leaf_hash) FROM journal_entries)",
    ),
    (
        "giving.receipt-contents",
        "DELETE FROM receipt_contents",
    ),
    (
        "giving.receipt-contents",
        "UPDATE receipts SET code = 'another' WHERE number = 1",
    ),
    (
        "giving.receipt-replacements",
        "UPDATE receipts SET replaces_id = (SELECT min(id) FROM receipts"
        " WHERE voided_at IS NULL) WHERE number = 2",
    ),
    (
        "giving.reversals",
        "UPDATE payments SET status = 'received', reversal_entry_id = NULL",
    ),
    (
        "giving.reversals",
        "UPDATE payments SET status = 'reversed', return_reason = NULL WHERE status = 'returned'",
    ),
    (
        "giving.payments",
        "UPDATE payments SET received_on = '2026-11-02';"
        "UPDATE receipts SET received_on = '2026-11-02'",
    ),
    (
        "giving.pledge-shares",
        "UPDATE pledge_shares SET share = share + 1 WHERE number = 1",
    ),
    (
        "giving.pledge-shares",
        "UPDATE pledges SET is_split = NOT is_split WHERE is_split",
    ),
    (
        "giving.pledge-shares",
        "UPDATE pledge_shares SET fund_code = 'SHORT' WHERE number = 2",
    ),
    (
        "giving.instalments",
        "INSERT INTO write_offs SELECT 1, id, 1, 'x', '2026-11-24T00:00:00Z' FROM instalments"
        " WHERE number = 3 LIMIT 1",
    ),
    (
        "giving.designations",
        "UPDATE allocations SET amount_satang = 60000",
    ),
    (
        "disbursements.totals",
        "UPDATE request_lines SET amount_satang = amount_satang + 1",
    ),
    (
        "disbursements.approvals",
        "UPDATE disbursement_requests SET approval_entry_id = NULL WHERE status = 'approved'",
    ),
    (
        "disbursements.approvals",
        "UPDATE disbursement_requests SET status = 'cancelled' WHERE status = 'approved'",
    ),
    (
        "disbursements.payouts",
        "UPDATE payouts SET amount_satang = amount_satang + 1",
    ),
    (
        "disbursements.payouts",
        "UPDATE payouts SET paid_from_account_code = '1110'",
    ),
    (
        "disbursements.paid",
        "UPDATE disbursement_requests SET status = 'paid' WHERE status = 'approved'",
    ),
    (
        "disbursements.three-people",
        "UPDATE payouts SET payer_id = requested_by_id",
    ),
    (
        "disbursements.facts",
        "UPDATE approvals SET facts_sha256 = requested_facts FROM"
        " (SELECT file_sha256 AS requested_facts FROM statements LIMIT 1) AS other",
    ),
    (
        "banking.lines",
        "UPDATE statement_lines SET status = 'matched' WHERE status = 'unmatched'",
    ),
    (
        "banking.matches",
        "UPDATE matches SET amount_satang = amount_satang - 1",
    ),
    (
        "banking.matched-payments",
        "UPDATE matches SET payment_id = (SELECT id FROM payments WHERE status = 'reversed')",
    ),
    (
        "giving.slips",
        "UPDATE slips SET payment_id = (SELECT id FROM payments WHERE status = 'reversed')",
    ),
    (
        "giving.let-go",
        "UPDATE allocations SET let_go_satang = 5 WHERE amount_satang > 7000",
    ),
    (
        "banking.balances",
        "UPDATE statement_lines SET balance_satang = balance_satang + 1 WHERE row_number = 6",
    ),
    (
        "banking.profiles",
        "UPDATE statement_profiles SET detail_headings = day_headings WHERE code = 'kbank'",
    ),
    (
        "banking.profiles",
        "UPDATE statements SET profile = 'no-such'",
    ),
    (
        "banking.balances",
        "UPDATE statement_lines SET status = 'withdrawn' WHERE row_number = 6",
    ),
    (
        "banking.balances",
        "UPDATE statement_lines SET day_position = 9 WHERE row_number = 5",
    ),
    (
        "banking.identity",
        "UPDATE statement_lines SET ordinal = 2 WHERE row_number = 6",
    ),
    (
        "banking.stated",
        "UPDATE statement_lines SET detail_digest = channel_digest WHERE row_number = 6",
    ),
    (
        "banking.words",
        "UPDATE statement_lines SET detail_lookup = detail_digest",
    ),
    (
        "children.encrypted",
        "UPDATE stated_lines SET words_encrypted ="
        " (SELECT l.words_encrypted FROM statement_lines l WHERE l.id = stated_lines.line_id)",
    ),
    (
        "banking.stated",
        "UPDATE statements SET undone_by = 'tests', undone_at = imported_at",
    ),
    (
        "banking.stated",
        "UPDATE statements SET from_on = '2026-11-25', to_on = '2026-11-25'",
    ),
    (
        "banking.statements",
        "UPDATE statements SET closing_satang = closing_satang + 1",
    ),
    (
        "children.encrypted",
        "UPDATE children SET given_name_encrypted = substr(given_name_encrypted, 1, 5)",
    ),
    (
        "children.encrypted",
        "UPDATE children SET school_name_encrypted = target_group_encrypted",
    ),
    (
        "children.encrypted",
        "UPDATE disbursement_requests SET payee_account_encrypted = (SELECT"
        " r.payee_account_encrypted FROM disbursement_requests r"
        " WHERE r.payee_account_encrypted IS NOT NULL AND r.id <> disbursement_requests.id LIMIT 1)"
        " WHERE payee_account_encrypted IS NOT NULL",
    ),
    (
        "children.keys",
        "UPDATE field_key_proofs SET proof = substr(proof, 1, 40)",
    ),
    (
        "children.keys",
        "UPDATE digest_keys SET key_encrypted = (SELECT proof FROM field_key_proofs)",
    ),
    (
        "children.lookups",
        "UPDATE children SET person_lookup = substr(given_name_encrypted, 1, 32)",
    ),
    (
        "children.lookups",
        "DELETE FROM child_name_keys WHERE key > (SELECT min(key) FROM child_name_keys)",
    ),
    (
        "children.counts",
        "UPDATE open_file_changes SET district_code = '9501'",
    ),
    (
        "children.consent",
        "UPDATE consents SET kind = 'photograph'",
    ),
    ("identity.factors", "UPDATE totp_secrets SET confirmed_at = NULL"),
    ("identity.factors", "UPDATE user_sessions SET factor_at = NULL"),
    ("identity.invitations", "UPDATE invitations SET used_at = NULL"),
    ("identity.invitations", "UPDATE users SET password_hash = NULL"),
    (
        "documents.files",
        "UPDATE documents SET sha256 = original_sha256",
    ),
    (
        "documents.files",
        "UPDATE documents SET storage_key = 'nowhere/nothing.encrypted'"
        " WHERE subject_type <> 'slip'",
    ),
    (
        "giving.names",
        "UPDATE donors SET name = '\u3164'",
    ),
    (
        "giving.names",
        "UPDATE receipts SET donor_name = '007'",
    ),
    (
        "ledger.public-texts",
        "UPDATE journal_entries SET memo = 'call 081-234-5678' WHERE kind = 'reversal'",
    ),
    (
        "remarks.digests",
        "UPDATE remarks SET words_encrypted = digest",
    ),
    (
        "remarks.permanent-rows",
        "UPDATE approvals SET reason_digest = facts_sha256",
    ),
    (
        "children.corrections",
        "UPDATE remarks SET subject_ref = 'another' WHERE kind = 'child_facts'",
    ),
    (
        "children.corrections",
        "UPDATE audit_events SET note = '' WHERE action = 'children:child:change'",
    ),
    (
        "children.corrections",
        "UPDATE audit_events SET note = 'other' WHERE action = 'children:child:change'",
    ),
    (
        "mail.delivered",
        "UPDATE mail_messages SET attempts = 25",
    ),
]


#: What else must turn red, because the same row breaks another statement too.
ALSO: dict[str, set[str]] = {
    # Samples are drawn again from the hashes of their population.
    "UPDATE journal_entries SET leaf_hash = content_hash WHERE kind = 'donation'": {
        "audit.samples"
    },
    # The bank details are verified for facts.
    "UPDATE approvals SET facts_sha256 = requested_facts FROM"
    " (SELECT file_sha256 AS requested_facts FROM statements LIMIT 1) AS other": {
        "payouts.bank-details"
    },
    # What is encrypted for another row cannot be decrypted.
    **{row: {"children.encrypted"} for name, row in BROKEN if name.startswith("mail.line-")},
    "UPDATE receipts SET donor_name = 'Somebody of the same mailbox'": {"giving.receipt-contents"},
    "UPDATE receipts SET issued_on = '2026-11-23'": {"giving.receipt-contents"},
    "UPDATE receipts SET number = 99 WHERE number = 1": {"giving.receipt-contents"},
    "UPDATE receipts SET amount_satang = amount_satang + 1": {"giving.receipt-contents"},
    "UPDATE payments SET received_on = '2026-11-02';"
    "UPDATE receipts SET received_on = '2026-11-02'": {"giving.receipt-contents"},
    "UPDATE statement_lines SET detail_digest = channel_digest WHERE row_number = 6": {
        "banking.words"
    },
    "UPDATE payouts SET payer_id = requested_by_id": {"disbursements.roles"},
    "UPDATE request_lines SET amount_satang = amount_satang + 1": {"disbursements.facts"},
    "UPDATE remarks SET words_encrypted = digest": {"children.encrypted"},
    "UPDATE field_key_proofs SET proof = substr(proof, 1, 40)": {"children.encrypted"},
    "UPDATE digest_keys SET key_encrypted = (SELECT proof FROM field_key_proofs)": {
        "children.encrypted"
    },
    "UPDATE donors SET name = '\u3164'": {"giving.receipt-names"},
    "UPDATE receipts SET donor_name = '007'": {"giving.receipt-names", "giving.receipt-contents"},
    "UPDATE allocations SET amount_satang = 60000": {"giving.instalments"},
    "UPDATE journal_entries SET memo = 'call 081-234-5678' WHERE kind = 'reversal'": {
        "ledger.sealed-rows"
    },
    "UPDATE payments SET status = 'received', reversal_entry_id = NULL": {"giving.receipts"},
    "UPDATE statement_lines SET balance_satang = balance_satang + 1 WHERE row_number = 6": {
        "banking.stated"
    },
    "UPDATE statements SET from_on = '2026-11-25', to_on = '2026-11-25'": {"banking.balances"},
    "UPDATE statements SET closing_satang = closing_satang + 1": {"banking.balances"},
    "UPDATE fund_accounts SET account_code = '1130' WHERE account_code = '1121'"
    " AND fund_code IN (SELECT fund_code FROM postings WHERE debit_account_code = '1121')": {
        "ledger.fund-settings"
    },
    "UPDATE matches SET amount_satang = amount_satang - 1": {"banking.lines"},
    "UPDATE matches SET payment_id = (SELECT id FROM payments WHERE status = 'reversed')": {
        "banking.matches"
    },
    "UPDATE allocations SET let_go_satang = 5 WHERE amount_satang > 7000": {"giving.instalments"},
}


@pytest.mark.long
def test_what_is_broken_by_hand_turns_its_check_red_and_no_other(province):
    """That no other one turns red is tried on SQLite alone: the queries are the same."""
    red = {statement: {name} | ALSO.get(statement, set()) for name, statement in BROKEN}
    found = {}
    for statement, names in red.items():
        asked = [check for check in CHECKS if not is_postgresql() or check.name in names]
        with tampered(*statement.split(";")):
            found[statement] = {check.name for check in asked if any(Run().find(check))}
    assert found == red


def test_a_balance_that_is_gone_does_not_let_a_fund_be_overspent_unseen(session, clock):
    make_fund("GENERAL")
    make_gift(1_000)
    tamper("fund_balances", "DELETE FROM fund_balances")
    assert "ledger.fund-balances" in red()


def test_a_missing_posting(province):
    tamper("postings", "DELETE FROM postings WHERE credit_account_code = '4110'")
    assert "ledger.postings" in red()


def test_a_further_posting(province):
    tamper(
        "postings",
        "INSERT INTO postings SELECT entry_id, 2, posting_count, entry_on, fund_code,"
        " debit_account_code, credit_account_code, 5 FROM postings"
        " WHERE credit_account_code = '4110' AND position = 1 AND posting_count = 1",
    )
    assert "ledger.postings" in red()


def test_a_reversal_that_does_not_mirror(session, clock):
    make_fund("GENERAL")
    gift = make_gift(500)
    line = PostingDraft("GENERAL", chart.DONATIONS_INDIVIDUALS, chart.BANK_MAIN, 499)
    make_entry(line, kind=EntryKind.REVERSAL, reverses_entry_id=gift.id, memo="Not all of it")
    assert red() == {"ledger.reversals"}


def test_a_fund_below_zero_for_a_day(session, clock):
    make_fund("GENERAL")
    gift = make_gift(500)
    make_approval(500)
    clock.shift(timedelta(days=1))
    make_gift(500)
    tamper("postings", f"UPDATE postings SET amount_satang = 1 WHERE entry_id = {gift.id}")
    assert "ledger.never-negative" in red()


def test_a_fund_below_zero_by_what_the_bank_took_back(session, clock):
    """The check knows shortages; what people take while there is one, it tells."""
    make_shortage()
    clock.shift(timedelta(days=1))
    assert said() == {}
    make_fund("OTHER")
    gift = make_gift(1_000, "OTHER")
    make_approval(1_000, "OTHER")
    change = f"UPDATE postings SET fund_code = 'SHORT' WHERE entry_id <> {gift.id}"
    tamper("postings", f"{change} AND fund_code = 'OTHER'")
    clock.shift(timedelta(days=1))
    assert [ref for ref, _ in said()["ledger.never-negative"]] == ["SHORT"]


def test_an_account_below_zero(session, clock):
    """The fund has the money, in the bank; by raw SQL it was paid from the cash box."""
    make_fund("GENERAL")
    make_gift(500)
    make_approval(500)
    paid = make_payout(500)
    move = "UPDATE postings SET credit_account_code = '1110' WHERE entry_id = "
    tamper("postings", f"{move}{paid.id}")
    assert [ref for ref, _ in said()["ledger.accounts-never-negative"]] == ["GENERAL 1110"]
    assert red() == {
        "ledger.accounts-never-negative", "ledger.month-balances", "ledger.sealed-rows",
    }  # fmt: skip


def test_an_account_below_zero_by_what_the_bank_took_back(session, clock):
    make_fund("GENERAL")
    returned = make_gift(500)
    make_approval(500)
    make_payout(500)
    make_return(returned)
    assert balance_of(chart.BANK_MAIN) == -500
    assert said() == {}


def balance_of(account):
    moved = balances_as_of(app_clock.today())
    return moved["GENERAL", account].balance_satang


def test_entries_before_a_clock_was_set_back_come_first(session, clock):
    """Their order counts, not what the clock said."""
    make_fund("GENERAL")
    gift = make_gift(500)
    make_approval(500)
    later = "posted_at = '2026-11-25T03:00:00Z'"
    tamper("journal_entries", f"UPDATE journal_entries SET {later} WHERE id = {gift.id}")
    assert "ledger.never-negative" not in red()


def test_a_fund_that_waited_for_a_gift_is_not_below_zero(session, clock):
    """Two servers may number a gift and what it pays for the other way round."""
    make_fund("GENERAL")
    gift = make_gift(500)
    make_approval(500)
    clock.shift(timedelta(seconds=5))
    make_gift(500)
    tamper("postings", f"UPDATE postings SET amount_satang = 1 WHERE entry_id = {gift.id}")
    assert "ledger.never-negative" not in red()


def test_an_entry_in_a_closed_month(session, clock):
    make_fund("GENERAL")
    make_gift(500, on=date(2026, 10, 5))
    close_month(date(2026, 10, 5))
    tamper("periods", "UPDATE periods SET closed_at = '2026-11-23T03:00:00Z'")
    assert red() == {"ledger.closed-months"}


def test_a_month_closed_before_it_was_over(session):
    close = "status = 'closed', closed_at = '2026-11-30T16:59:59Z', closed_by = 'somebody'"
    tamper("periods", f"UPDATE periods SET {close} WHERE starts_on = '2026-11-01'")
    problems = ("was closed before it was over", "is closed, and the trail says otherwise")
    assert said() == {"ledger.closed-months": [("2026-11-01", each) for each in problems]}


def test_help_booked_by_one_person(session, clock):
    make_fund("GENERAL")
    make_gift(500)

    def work():
        with unguarded("journal_entries"):
            post_entry(spending(400, fund="GENERAL", checker="first"), actor=BOOKKEEPER)

    unit_of_work(work)
    assert "ledger.two-people" in red()
    assert red() <= {"ledger.two-people", "ledger.month-balances", "ledger.fund-balances"}


def test_a_line_of_another_amount(province):
    tamper(
        "statement_lines",
        "UPDATE statement_lines SET deposit_satang = deposit_satang + 1 WHERE row_number = 5",
    )
    assert red() == {"banking.lines", "banking.balances", "banking.statements"}


#: The columns of a line but those that tell it from others.
LINE = (
    "statement_id, bank_account_code, row_number, booked_on, withdrawal_satang, deposit_satang,"
    " booked_time, words_encrypted, description_digest, detail_digest, channel_digest, status,"
    " status_reason"
)


def test_a_movement_that_entered_twice(province):
    """Its balance is made to fit, so only the files and the last balance contradict it."""
    tamper(
        "statement_lines",
        "INSERT INTO statement_lines"
        f" (id, public_id, ordinal, day_position, balance_satang, {LINE})"
        f" SELECT 1, 'twice', 2, 3, balance_satang - withdrawal_satang, {LINE}"
        " FROM statement_lines WHERE row_number = 6",
    )
    assert red() == {"banking.balances", "banking.stated", "children.encrypted"}


def test_movements_that_are_missing_between_two_statements(province):
    """The next day's statement begins with less than there was: that needs somebody's attention."""
    columns = "public_id, bank_account_code, profile, file_name, imported_by, imported_at"
    statement = (
        f"INSERT INTO statements (id, from_on, to_on, file_sha256, opening_satang, closing_satang,"
        f" {columns}) SELECT 1, '2026-11-25', '2026-11-25', sha256, 30000, 30000, 'next',"
        f" {columns.partition(' ')[2]} FROM statements, (SELECT sha256 FROM documents LIMIT 1) AS d"
    )
    unit_of_work(db.session.execute, text(statement))
    results = {result.check.name: result.state.value for result in run_checks()}
    assert {name: state for name, state in results.items() if state != "green"} == {
        "banking.missing": "yellow"
    }
    ((ref, problem),) = said()["banking.missing"]
    assert (ref, problem) == (
        "KTB-MAIN 2026-11-25",
        f"movements of -10000 satang are missing since {NOVEMBER}",
    )


def test_a_payment_on_two_lines(province):
    """With the unique index gone, a second line takes the same payment."""
    unit_of_work(db.session.execute, text("DROP INDEX uq_matches_payment_active"))
    columns = "payment_id, reason, matched_by, matched_at"
    tamper(
        "matches",
        f"INSERT INTO matches (id, line_id, bank_account_code, amount_satang, {columns})"
        f" SELECT 5, l.id, l.bank_account_code, 10000, {columns}"
        " FROM matches, statement_lines l WHERE l.row_number = 6",
    )
    assert red() == {
        "banking.matched-once", "banking.matches", "banking.lines", "banking.accounts",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["journal_entries_no_update", "journal_entries_seal"])
def test_a_missing_trigger(session, name):
    on = " ON journal_entries" if is_postgresql() else ""
    unit_of_work(lambda: db.session.execute(text(f"DROP TRIGGER {name}{on}")))
    assert [ref for ref, _ in said()["guards.triggers"]] == [name]
    assert red() == {"guards.triggers"}


def test_a_trigger_that_does_nothing(session):
    if is_postgresql():
        statements = (
            "CREATE OR REPLACE FUNCTION seal_journal_entry() RETURNS trigger LANGUAGE plpgsql"
            " AS $$ BEGIN RETURN NULL; END $$",
        )
    else:
        statements = (
            "DROP TRIGGER journal_entries_seal",
            "CREATE TRIGGER journal_entries_seal AFTER INSERT ON journal_entries"
            " BEGIN SELECT 1; END",
        )
    for statement in statements:
        unit_of_work(db.session.execute, text(statement))
    assert red() == {"guards.triggers"}
    ((ref, problem),) = said()["guards.triggers"]
    assert ref == "seal_journal_entry" if is_postgresql() else "journal_entries_seal"
    assert problem.endswith("seal_journal_entry.sql says")


def test_a_trigger_that_no_file_has(session):
    action = "EXECUTE FUNCTION refuse_change()" if is_postgresql() else "BEGIN SELECT 1; END"
    statement = f"CREATE TRIGGER unknown AFTER INSERT ON funds FOR EACH ROW {action}"
    unit_of_work(db.session.execute, text(statement))
    assert [ref for ref, _ in said()["guards.triggers"]] == ["unknown"]


@pytest.mark.postgresql
def test_a_trigger_that_is_switched_off(session):
    off = "ALTER TABLE postings DISABLE TRIGGER postings_no_delete"
    unit_of_work(lambda: db.session.execute(text(off)))
    assert [ref for ref, _ in said()["guards.triggers"]] == ["postings_no_delete"]


def test_a_missing_rule(session):
    def work():
        if is_postgresql():
            db.session.execute(
                text("ALTER TABLE fund_balances DROP CONSTRAINT ck_fund_balances_not_overspent")
            )
            return
        db.session.execute(text("PRAGMA writable_schema = ON"))
        db.session.execute(
            text(
                "UPDATE sqlite_master SET sql = replace(sql,"
                " 'CONSTRAINT ck_fund_balances_not_overspent CHECK (available_satang >= 0)',"
                " 'CHECK (1)') WHERE name = 'fund_balances'"
            )
        )
        db.session.execute(text("PRAGMA writable_schema = RESET"))

    unit_of_work(work)
    assert red() == {"guards.constraints"}
    assert [ref for ref, _ in said()["guards.constraints"]] == ["ck_fund_balances_not_overspent"]


def test_every_check_has_a_name_of_its_own_and_is_broken_here():
    names = [check.name for check in CHECKS]
    assert len(names) == len(set(names))
    elsewhere = {
        "ledger.postings", "ledger.reversals", "ledger.never-negative", "ledger.closed-months",
        "ledger.accounts-never-negative", "ledger.two-people", "guards.triggers",
        "guards.constraints", "banking.missing", "banking.matched-once", "files.private",
        "transparency.published",
        "identity.roles", "identity.exceptions", "identity.granted",  # test_roles.py
        "proposals.two-people", "disbursements.roles",
        "giving.campaign-sums",  # test_campaign_sums.py
        "ledger.thread",  # tests/ledger/thread
        "ledger.year-ends",  # tests/ledger/test_year_ends.py
        "ledger.closed-funds", "ledger.fund-states", "ledger.fund-settings",  # test_fund_checks.py
        "giving.tax-wordings", "proposals.applied",
        "giving.cash-counts", "giving.gift-batches",  # test_cash_checks.py
        "children.duplicates", "children.twice",  # test_duplicate_checks.py
        "children.managers",  # tests/children/test_handovers.py
        "disbursements.proofs",  # test_eight_tamperings.py
        "ledger.day-sums",  # tests/audit/test_day_sums.py
        "disbursements.help-sums",  # tests/audit/test_help_sums.py
        "ledger.marks",  # test_marks.py
        "audit.runs",  # test_runs.py
        "advances.booked",  # tests/advances
        "disbursements.returns",  # tests/disbursements/test_returns.py
        "disbursements.share-returns",  # tests/disbursements/test_share_returns.py
        "disbursements.vendors",  # tests/disbursements/test_vendors.py
        "disbursements.vendors-paid",  # the same
        "payouts.batches", "payouts.people", "payouts.stops",  # tests/payouts
        "callbacks.drawn", "callbacks.people", "callbacks.published",
        "callbacks.done",  # tests/callbacks
        "aid.released",  # tests/aid_plans
        "committee.resolved", "committee.followed", "committee.required",
        "committee.interests",  # tests/committee
        "agencies.referred", "agencies.answered",  # tests/agencies
        "disbursements.bands", "disbursements.caps",  # tests/disbursements/test_help_rules.py
        "disbursements.fund-rules",  # tests/disbursements/test_fund_rules.py
        "budgets.decided", "budgets.transfers",  # tests/budgets
        "grants.sums", "grants.instalments", "grants.overspent",  # tests/grants
        "banking.waiting-money",  # tests/banking/matching/test_suspense.py
        "ledger.log", "ledger.sealed",  # tests/ledger/log/test_log.py
        "ledger.witnessed",  # tests/ledger/log/test_witnesses.py
        "processor.charges", "processor.parts", "processor.fees", "processor.balance",
        "processor.payouts", "processor.notices",  # test_card_checks.py
        "refunds.owed", "refunds.parts", "refunds.paid",  # tests/giving/test_office_refunds.py
        "identity.two-sheets", "identity.command-resets", "proposals.reset-between",
        "disbursements.reset-together", "disbursements.command-resets",  # test_resets.py
    }  # fmt: skip
    assert set(names) == elsewhere | {row[0] for row in BROKEN}


@pytest.mark.sqlite
def test_the_command_says_green(province, runner):
    result = runner.invoke(args=["audit", "check"])
    assert result.exit_code == 0, result.output
    assert f"{len(CHECKS)} green, 0 red, 0 yellow" in result.output


@pytest.mark.sqlite
def test_the_command_says_red_with_the_rows(province, runner):
    tamper("payouts", "UPDATE payouts SET amount_satang = amount_satang + 1")
    result = runner.invoke(args=["audit", "check", "--format", "json"])
    assert result.exit_code == 1
    broken = [check for check in json.loads(result.stdout)["checks"] if not check["green"]]
    assert [check["name"] for check in broken] == ["disbursements.payouts"]
    assert broken[0]["offences"][0]["ref"].startswith("PV")
    assert "RED" in runner.invoke(args=["audit", "check"]).output


@pytest.fixture
def late_message(session, clock):
    """A message that was written a day ago and is not sent yet."""
    message = unit_of_work(make_message)
    clock.shift(timedelta(hours=24) - timedelta(seconds=1))
    assert said() == {}
    clock.shift(timedelta(seconds=1))
    return message


@pytest.mark.sqlite
def test_stranded_mail_is_yellow_and_no_failure(late_message, runner):
    result = runner.invoke(args=["audit", "check", "--format", "json"])
    assert result.exit_code == 0
    broken = [check for check in json.loads(result.stdout)["checks"] if check["state"] != "green"]
    assert [(check["name"], check["state"]) for check in broken] == [("mail.delivered", "yellow")]
    problem = "is not sent (written 2026-11-24T03:00:00Z, tries: 0)"
    assert broken[0]["offences"] == [{"ref": str(late_message.id), "problem": problem}]
    text_result = runner.invoke(args=["audit", "check"])
    assert text_result.exit_code == 0
    assert f"{len(CHECKS) - 1} green, 0 red, 1 yellow" in text_result.output


@pytest.mark.sqlite
def test_mail_that_is_sent_is_green(late_message):
    unit_of_work(mark_sent, late_message.id, actor=WORKER)
    assert said() == {}


@pytest.mark.sqlite
def test_the_page_shows_what_is_yellow(late_message, client):
    run_checks_by_worker()
    sign_in(client, make_user(Role.AUDITOR))
    client.set_cookie("lang", "en")
    page = client.get("/audit/checks").text
    assert "1 check needs attention" in page
    assert re.search(r'class="status status-warn">(?s:.){1,300}Needs attention</span>', page)
    assert "checks passed" not in page
    assert 'role="alert"' not in page


@pytest.mark.sqlite
def test_the_page_shows_what_is_red(province, client):
    sign_in(client, make_user(Role.AUDITOR))
    client.set_cookie("lang", "en")
    run_checks_by_worker()
    assert f"All {len(CHECKS)} checks passed" in client.get("/audit/checks").text
    tamper("fund_balances", "UPDATE fund_balances SET available_satang = available_satang + 1")
    run_checks_by_worker()
    page = client.get("/audit/checks").text
    assert "1 check failed" in page
    assert "shortage taken off; its net assets are" in page
