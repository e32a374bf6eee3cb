"""A batch of payouts for 4,400 children, and who records what the bank said of it."""

#: Whole classes of so many children; each class is one request and one line of the batch. Fifty
#: lines are recorded in one unit of work, so whoever records them can be killed in several.
CLASSES, EACH = 220, 20

LINES = "SELECT count(*) FROM payout_batch_lines WHERE state <> 'paid'"
PAID = "SELECT count(*) FROM payouts"
CHILDREN_PAID = (
    "SELECT count(*) FROM request_lines JOIN payouts ON payouts.request_id ="
    " request_lines.request_id"
)
#: Payouts, lines and requests that say different things of the same payment.
HALF_DONE = (
    "SELECT r.id FROM disbursement_requests r"
    " LEFT JOIN payouts p ON p.request_id = r.id"
    " LEFT JOIN payout_batch_lines l ON l.request_id = r.id"
    " LEFT JOIN journal_entries e ON e.id = p.journal_entry_id"
    " WHERE (p.id IS NULL) <> (r.status <> 'paid') OR (p.id IS NULL) <> (l.state <> 'paid')"
    " OR (p.id IS NULL) <> (e.id IS NULL)"
)
#: Requests that were paid twice, in the rows or in the books.
TWICE = (
    "SELECT r.id FROM disbursement_requests r JOIN journal_entries e ON e.source_ref = r.public_id"
    " WHERE e.kind = 'assistance_paid' GROUP BY r.id HAVING count(*) > 1"
    " UNION ALL SELECT request_id FROM payouts GROUP BY request_id HAVING count(*) > 1"
)


def prepare_batch() -> None:
    """A batch whose file the bank has paid, told and not recorded yet."""
    from fundapp import create_app
    from fundapp.disbursements.drafts import CodeLineDraft
    from fundapp.disbursements.models import PayeeKind
    from fundapp.ledger.models import Restriction
    from tests.factories.banking import make_bank_account
    from tests.factories.books import make_gift
    from tests.factories.children import RAMAN, make_child
    from tests.factories.classes import SCHOOL, make_school
    from tests.factories.disbursements import THOUSAND, Team, make_approved
    from tests.factories.identity import make_user
    from tests.factories.payouts import Hands, make_taken, tell

    with create_app().app_context():
        make_bank_account()
        make_gift(CLASSES * EACH * THOUSAND, "GENERAL")
        asker, supervisor = make_user("case_manager", (RAMAN,)), make_user("supervisor", (RAMAN,))
        codes = make_school(asker, CLASSES * EACH)
        team = Team(
            asker=asker, approver=make_user("approver"), payer=make_user("fund_officer"),
            auditor=make_user("auditor"), child=make_child(asker), fund="GENERAL",
            restriction=Restriction.UNRESTRICTED, prover=supervisor,
            verifier=make_user("fund_officer"),
        )  # fmt: skip
        requests = [
            make_approved(
                team, lines=(), payee_kind=PayeeKind.SCHOOL, payee_name=SCHOOL,
                code_lines=[CodeLineDraft(code, 500_00) for code in codes[begin : begin + EACH]],
            )
            for begin in range(0, len(codes), EACH)
        ]  # fmt: skip
        hands = Hands(team, team.payer, make_user("approver"), make_user("fund_officer"), requests)
        batch = make_taken(hands)
        tell([(line.voucher, "paid", "") for line in batch.lines], hands)


def record() -> None:
    """Record what the bank said, as the worker does, until nothing waits or it is killed."""
    from fundapp import create_app
    from fundapp.payouts.batches import record_results

    with create_app().app_context():
        while True:
            recorded = record_results()
            for voucher, error in recorded.refused.items():
                print(voucher, repr(error)[:300], flush=True)
            if not recorded.done:
                return
