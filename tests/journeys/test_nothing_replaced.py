"""Another program's connection to the SQLite file, with SQLite's own settings: it may add no
posting to an entry, and ``INSERT OR REPLACE`` pushes nothing aside. PostgreSQL knows no REPLACE.
"""

import sqlite3
from datetime import date

import pytest

from fundapp import clock
from fundapp.access.actors import RECEIPT_LINK
from fundapp.access.permissions import Role
from fundapp.aid_plans.models import AidTermKind
from fundapp.aid_plans.operations import record_fact, waive_term
from fundapp.audit.findings.operations import answer_finding
from fundapp.audit.packs.operations import order_pack
from fundapp.banking.operations import match_line
from fundapp.callbacks.drafts import AnswerDraft
from fundapp.callbacks.models import CallbackOutcome
from fundapp.callbacks.operations import record_call
from fundapp.callbacks.policy import may_call_back
from fundapp.committee.models import Ballot
from fundapp.committee.operations import declare_interest
from fundapp.council.operations import count_council
from fundapp.db import db, unit_of_work
from fundapp.db.rules import read_rules
from fundapp.disbursements.drafts import PayeeAccount
from fundapp.disbursements.models import (
    Decision,
    Interest,
    Need,
    ReceiptOutcome,
    ReturnCause,
    RuleAspect,
)
from fundapp.disbursements.operations import (
    confirm_by_link,
    decide_request,
    note_staff_account,
    open_request,
    record_comeback,
    record_share_return,
)
from fundapp.documents.intake import accept
from fundapp.giving.campaigns.operations import make_campaign_pledge
from fundapp.giving.gift_batches.drafts import Giver
from fundapp.giving.gift_batches.operations import post_batch
from fundapp.giving.imports.operations import commit_import
from fundapp.giving.models import RefundWay
from fundapp.giving.operations import ask_for_refund, write_off_instalment
from fundapp.giving.queries import find_receipt_of
from fundapp.giving.receipts.operations import count_print, record_pdf
from fundapp.giving.shares import ShareTerms
from fundapp.ledger.kinds import PERIOD_REOPENING, reopening_values
from fundapp.ledger.models import ReopenReason
from fundapp.payouts.batches import record_results
from fundapp.payouts.queries import get_batch
from fundapp.remarks.models import RemarkKind
from fundapp.remarks.steps import write_remark
from tests.documents.pictures import picture
from tests.factories.actors import AUDITOR, COMMAND_LINE, OFFICER, VISITOR
from tests.factories.advances import clear, make_advance, make_cash
from tests.factories.agencies import let_in, make_agency, refer
from tests.factories.aid_plans import make_aid_rules, make_plan
from tests.factories.books import close_month, make_fund
from tests.factories.budgets import make_transfer
from tests.factories.callbacks import draw_running_month, make_receipt_rules
from tests.factories.campaigns import (
    confirm,
    make_batch,
    make_box,
    make_campaign,
    make_count,
    make_event,
    make_gift_in_kind,
)
from tests.factories.casework import (
    hand_over_to,
    make_further_guardian,
    make_list,
    merge,
    move,
    write_case_entry,
)
from tests.factories.children import MUEANG, RAMAN, every_consent, make_child
from tests.factories.committee import (
    count,
    make_meeting,
    make_order,
    make_rule,
    open_with,
    vote,
)
from tests.factories.concerns import make_concern, make_keepers
from tests.factories.disbursements import (
    CLASS_SHARES,
    make_paid,
    pay_class,
    print_link,
    prove,
    send_request,
)
from tests.factories.dismissals import make_dismissal
from tests.factories.findings import make_finding
from tests.factories.giving import make_paid_refund, make_payment, make_pledge, terms
from tests.factories.grants import THOUSAND, amend, make_grant, make_grantor, send_first_report
from tests.factories.help_rules import make_fund_rules, make_help_rules
from tests.factories.identity import (
    agree,
    make_outside_auditor,
    make_role_exception,
    make_user,
    make_user_by_steps,
)
from tests.factories.imports import make_import
from tests.factories.ledger import DAY
from tests.factories.letters import make_answered_letter
from tests.factories.payouts import make_hands, make_taken, tell
from tests.factories.programmes import make_phase
from tests.factories.samples import check_items, make_sample
from tests.factories.slips import make_slip
from tests.factories.vendors import make_vendor, to_vendor

pytestmark = pytest.mark.sqlite

LATE_POSTING = """
INSERT INTO postings SELECT entry_id, posting_count + 1, posting_count + 1, entry_on, fund_code,
    debit_account_code, credit_account_code, amount_satang
FROM postings WHERE position = posting_count LIMIT 1
"""


#: What the trigger says that answers first: the bank sent money back, so the account must be
#: verified anew before another line of a batch pays it.
_REFUSALS = ("no row is replaced", "no posting joins it", "verifies the bank details before")

WRITTEN_AT_NIGHT = """
INSERT INTO published_figures (month_on, kind, fund_code, district_code)
VALUES ('2026-10-01', 'children_helped', '', '9501');
INSERT INTO check_marks
VALUES (1, 1, zeroblob(32), zeroblob(32), '2026-11-01T00:00:00Z');
INSERT INTO payment_releases SELECT 1, r.id, r.requested_by_id, u.id, zeroblob(32), zeroblob(32),
    '2026-11-01T00:00:00Z'
FROM disbursement_requests r JOIN users u ON u.id <> r.requested_by_id
WHERE u.id NOT IN (SELECT user_id FROM request_interests) ORDER BY r.id, u.id LIMIT 1;
INSERT INTO paid_stops SELECT 1, request_id, 'consent', '2026-11-01T00:00:00Z', 1
FROM payouts LIMIT 1;
INSERT INTO proof_reminders SELECT id, '2026-11-02', 1, '2026-11-02T00:00:00Z' FROM users LIMIT 1;
INSERT INTO published_callbacks SELECT month_on, 12, 11, 11, drawn_at FROM callback_draws;
INSERT INTO processor_notices
VALUES ('evt_1', 'payout.paid', 'po_1', '2026-11-01T00:00:00Z', '2026-11-01T00:00:00Z', '');
INSERT INTO handled_notices VALUES ('evt_1', '2026-11-01T00:00:00Z');
INSERT INTO processor_payouts VALUES ('po_1', 1, '2026-11-01');
INSERT INTO processor_movements
VALUES ('txn_1', 'fee', NULL, 'GENERAL', 0, 1, NULL, NULL, '2026-11-01T00:00:00Z', NULL);
INSERT INTO check_runs VALUES (
    1, NULL, 1, '2026-11-01T00:00:00Z', '2026-11-01T00:00:00Z', 'worker', 'worker', NULL, NULL, 1
);
INSERT INTO check_results VALUES (1, 'ledger.sealed-rows', 0, 'green', 0, '[]', 1);
INSERT INTO check_run_proofs VALUES (1, 0, 0, zeroblob(32), zeroblob(32));
INSERT INTO log_beginnings VALUES (2, 1, 'note', 'restored', 'admin', '2026-11-01T00:00:00Z');
INSERT INTO log_checkpoints VALUES (1, 1, zeroblob(32), 'note', 'vkey', '2026-11-01T00:00:00Z');
INSERT INTO log_witnesses VALUES ('w', 'http://w', 'vkey', '2026-11-01T00:00:00Z', NULL);
INSERT INTO log_cosignatures VALUES (1, 1, 'w', 'line', '2026-11-01T00:00:00Z');
INSERT INTO checkpoint_mailings VALUES ('day 2026-11-02', 1, 1, 1, '2026-11-02T10:00:00Z');
INSERT INTO publications VALUES ('2026-10-01', '2026-11-01T00:00:00Z', 'worker', 1, zeroblob(32));
"""


def refusal(connection, statement):
    """What the database says, or nothing when it obeys; undone either way."""
    try:
        connection.execute(statement)
    except sqlite3.IntegrityError as error:
        return str(error)
    finally:
        connection.rollback()
    return ""


def tables_never_replaced():
    """Every table of which a trigger refuses to remove rows. Receipts and balances of months are
    counted up by an insert that meets its row; to tables of what was before a rule no row is added.
    """
    tables = {rule.id.table for rule in read_rules("sqlite") if " BEFORE DELETE ON " in rule.sql}
    before = {"requests_before_checks", "runs_before_proofs"}
    return sorted(tables - before - {"receipt_counters", "monthly_balances"})


def _count_and_record():
    """A campaign with an event and a pledge, a count, a batch and a gift in kind."""
    campaign = make_campaign()
    unit_of_work(make_campaign_pledge, terms(), campaign.slug, actor=VISITOR)
    make_event(campaign)
    make_box()
    one, two = (make_user(Role.FUND_OFFICER).as_actor() for _each in range(2))
    confirm(make_count(one), two)
    unit_of_work(post_batch, make_batch(Giver(1_000, "One")).public_id, actor=OFFICER)
    make_gift_in_kind()


def _work_with_children():
    """An entry, another adult, a hand-over, a move, a merge and a list of children."""
    manager = make_user(Role.CASE_MANAGER, (RAMAN,))
    child, other = make_child(manager), make_child(manager)
    write_case_entry(child, manager)
    make_further_guardian(child, manager)
    merge(other, child)
    hand_over_to(make_child(manager), manager, make_user(Role.CASE_MANAGER, (RAMAN,)))
    move(child, manager, MUEANG)
    make_list(manager)


def _refer_a_child():
    """An agency with a person, and a referral."""
    agency, manager = make_agency(), make_user(Role.CASE_MANAGER, (RAMAN,))
    let_in(agency)
    refer(make_child(manager, consents=every_consent()), agency, manager)


def _pay_a_batch(team):
    hands = make_hands(1, team)
    [line] = get_batch(make_taken(hands).public_id).lines
    tell([(line.voucher, "paid", "")], hands)
    record_results()
    came_back = {"cause": ReturnCause.BANK, "returned_on": clock.today(), "reason": "Closed"}
    db.session.expire_all()
    public_id, version = line.request.public_id, line.request.version
    payer = hands.taker.as_actor()
    unit_of_work(record_comeback, public_id, version=version, actor=payer, **came_back)


def _give_a_share_back(team):
    """The share of one child of a class came back."""
    paid, children = pay_class(team)
    unit_of_work(
        record_share_return, paid.public_id, version=paid.version, cause=ReturnCause.PAYEE,
        returned_on=clock.today(), amount_satang=CLASS_SHARES[0], codes=[children[0].code],
        reason="Left", actor=team.payer.as_actor(),
    )  # fmt: skip


def _call_back():
    """Payments of this month are drawn, and somebody was called."""
    make_receipt_rules(percent=100)
    caller = make_user(Role.SUPERVISOR, (RAMAN,)).as_actor()
    callback = next(each for each in draw_running_month().callbacks if may_call_back(caller, each))
    draft = AnswerDraft(CallbackOutcome.RECEIVED, clock.today())
    unit_of_work(record_call, callback.number, draft, key="called", actor=caller)


def _pay_in_instalments(team):
    """A plan: what shows one condition, and a waiver of another."""
    make_aid_rules()
    plan = make_plan(team, 2)
    request = plan.instalments[1].request.public_id
    values = {"paper": accept(picture()), "actor": team.asker.as_actor()}
    unit_of_work(record_fact, request, AidTermKind.REGISTER, **values)
    args = (request, AidTermKind.VISIT, "The road is closed")
    unit_of_work(waive_term, *args, actor=team.approver.as_actor())


def _hold_meeting(request):
    """A resolution with a vote, which an approval cites, and a member who declared an interest."""
    secretary = make_user(Role.FUND_OFFICER)
    members = [make_user(Role.APPROVER) for _each in range(3)]
    make_order(members)
    meeting = open_with(make_meeting(secretary, request), secretary, *members)
    recused, votes = members[0].as_actor(), [(each, Ballot.FOR) for each in members[1:]]
    item, interest = meeting.items[0].public_id, Interest.WORK
    unit_of_work(declare_interest, meeting.public_id, item, interest, actor=recused)
    vote(meeting, 1, *votes)
    count(meeting, 1, secretary)
    make_rule(1)
    approve = {"decision": Decision.APPROVE, "version": request.version, "reason": ""}
    unit_of_work(decide_request, request.public_id, **approve, actor=members[1].as_actor())


@pytest.mark.long
def test_nothing_is_replaced(world):
    receipt = find_receipt_of(make_payment(10_000, world.pledge.instalments[0]).id)
    make_fund("SHARED")
    halves = (ShareTerms("GENERAL", 5_000), ShareTerms("SHARED", 5_000))
    split = make_pledge(shares=halves)
    unit_of_work(write_off_instalment, split.token, 1, reason="Called", actor=OFFICER)
    unit_of_work(count_print, receipt.code, actor=OFFICER)
    unit_of_work(record_pdf, receipt.id, bytes(32), actor=OFFICER)
    named = {"instalment_reference": world.pledge.instalments[1].reference, "actor": OFFICER}
    unit_of_work(match_line, world.line.public_id, **named)
    make_slip(make_pledge())
    make_role_exception(world.users["asker"], Role.APPROVER, Role.CASE_MANAGER)
    remark = {"kind": RemarkKind.LINE, "subject_type": "statement_line", "subject_ref": "1"}
    unit_of_work(write_remark, "A reason", **remark, actor=OFFICER)
    unit_of_work(commit_import, make_import(), books_gifts=True, actor=OFFICER)
    make_user_by_steps(Role.AUDITOR)
    make_paid_refund(make_payment(10_000), 4_000)
    wanted, way = make_payment(10_000).public_id, RefundWay.CASH
    unit_of_work(ask_for_refund, wanted, 4_000, way, actor=VISITOR)
    make_transfer()
    make_cash(10_000)
    clear(make_advance(10_000), 4_000)
    _pay_a_batch(world.team)
    _give_a_share_back(world.team)
    send_request(world.team, **to_vendor(make_vendor()))
    make_help_rules((10_000_000, 2))
    make_fund_rules(world.team.fund, (RuleAspect.NEED, Need.EDUCATION))
    grant = make_grant(make_grantor())
    send_first_report(grant)
    amend(grant, {("5120", 2570): 3 * THOUSAND, ("5130", 2570): 5 * THOUSAND})
    prove(world.paid, world.team)
    token = print_link(make_paid(world.team), world.team)
    received = {"outcome": ReceiptOutcome.RECEIVED, "actor": RECEIPT_LINK}
    unit_of_work(confirm_by_link, token, **received)
    make_child(given_name="Twice")
    make_child(given_name="Twice", another_child="Another mother")
    _work_with_children()
    world.people["asker"].open(f"/children/{world.child.public_id}")
    sample, answering = make_sample(100_000), make_user(Role.APPROVER)
    check_items(sample, range(1, 2))
    finding = make_finding(answering, f"{sample.number}/1")
    make_dismissal()
    unit_of_work(answer_finding, finding.number, "Done", actor=answering.as_actor())
    make_answered_letter(sample)
    unit_of_work(order_pack, DAY, DAY, key="pack", actor=AUDITOR)
    close_month(date(2026, 10, 1))
    agree(PERIOD_REOPENING, "2026-10-01", reopening_values(ReopenReason.AUDIT))
    unit_of_work(
        open_request, world.waiting.public_id, "Comparing a voucher",
        actor=make_user(Role.AUDITOR).as_actor(),
    )  # fmt: skip
    administrator = make_user(Role.ADMINISTRATOR).as_actor()
    account = PayeeAccount("006", "1234567890")
    unit_of_work(note_staff_account, answering.public_id, account, actor=administrator)
    make_outside_auditor()
    make_phase()
    make_concern()
    make_keepers()
    _call_back()
    _pay_in_instalments(world.team)
    unit_of_work(count_council, actor=COMMAND_LINE)
    _refer_a_child()
    _count_and_record()
    _hold_meeting(world.waiting)
    db.session.rollback()
    with sqlite3.connect(db.engine.url.database) as connection:
        connection.executescript(WRITTEN_AT_NIGHT)
        for table in tables_never_replaced():
            said = refusal(connection, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
            assert any(words in said for words in _REFUSALS), (table, said)
        assert "no posting joins it" in refusal(connection, LATE_POSTING)
