"""What is kept of the help of each district: however far it is folded, and whichever request moves
to another district, it is what the journal adds up to.
"""

import itertools
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from fundapp.audit.checks.help_sums import CHECKS
from fundapp.clock import at
from fundapp.db import db, unit_of_work
from fundapp.disbursements.help_sums.operations import fold_help
from fundapp.disbursements.help_sums.queries import help_sums
from fundapp.disbursements.models import DisbursementRequest, HelpDay, HelpFolding
from fundapp.errors import ForbiddenError
from fundapp.ledger.folding.batches import fold_all
from fundapp.ledger.log.batches import seal_everything
from fundapp.ledger.models import JournalEntry, Posting
from fundapp.ledger.queries import LedgerSpan, Movement, Sum
from tests.audit.tampering import tamper, tampered
from tests.factories.actors import COMMAND_LINE, OFFICER, WORKER
from tests.factories.children import every_consent, make_child
from tests.factories.disbursements import RAMAN, THOUSAND, make_approved, make_team, pay
from tests.factories.identity import make_user

BANNANG_SATA = "9503"
FIRST, LAST = date(2026, 9, 1), date(2026, 11, 24)
CODES = ["2110", "5110", "5120"]


def make_help():
    """Help of two districts on any days: a third is folded, a third only sealed."""
    dice = random.Random(14)  # noqa: S311 - examples
    with at(datetime(2026, 9, 1, 3, tzinfo=UTC)):
        team = make_team(100 * THOUSAND)
        asker = make_user("case_manager", (BANNANG_SATA,))
        child = make_child(asker, district_code=BANNANG_SATA, consents=every_consent())
    other = replace(team, asker=asker, child=child, prover=make_user("supervisor", (BANNANG_SATA,)))
    days = iter(sorted(dice.randrange((LAST - FIRST).days + 1) for _number in range(9)))
    for part in range(3):
        for own, is_paid in ((team, False), (team, True), (other, False)):
            day = FIRST + timedelta(days=next(days))
            moment = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
            with at(moment):
                request = make_approved(own, dice.randrange(1, 4) * THOUSAND)
                if is_paid:
                    pay(request, own, paid_on=day)
        if part < 2:
            seal_everything(actor=COMMAND_LINE)
        if part == 0:
            fold_all(fold_help, is_alone=True, actor=COMMAND_LINE)


@pytest.fixture
def books(build_once, clock):
    return build_once("audit/help sums", make_help)


def plain(span):
    """What the entries of requests moved, posting by posting."""
    sums = {}
    statement = (
        select(Posting, DisbursementRequest.district_code)
        .join(JournalEntry, JournalEntry.id == Posting.entry_id)
        .join(DisbursementRequest, DisbursementRequest.public_id == JournalEntry.source_ref)
        .where(Posting.entry_on.between(span.from_on, span.to_on))
    )
    for posting, district in db.session.execute(statement):
        for code, moved in (
            (posting.debit_account_code, Movement(posting.amount_satang, 0)),
            (posting.credit_account_code, Movement(0, posting.amount_satang)),
        ):
            if code in span.codes and span.fund_code in (None, posting.fund_code):
                sums[district, code] = sums.get((district, code), Movement()) + moved
    return sums


def hold():
    """That sums of any days are those of the journal."""
    dice = random.Random(12)  # noqa: S311 - examples
    days = [(FIRST, LAST), (date.min, date.max), (date(2026, 10, 1), date(2026, 10, 31))]
    days += [
        tuple(sorted(FIRST + timedelta(days=dice.randrange(85)) for _each in range(2)))
        for _number in range(20)
    ]
    for (from_on, to_on), fund in itertools.product(days, (None, "GENERAL", "SCHOOL")):
        span = LedgerSpan(CODES, from_on, to_on, fund, Sum.DEBIT)
        assert help_sums(span) == plain(span), span


def broken():
    db.session.rollback()
    return [violation for check in CHECKS for violation in check.find()]


def folding():
    db.session.expire_all()
    return db.session.get_one(HelpFolding, 1)


def test_sums_are_those_of_the_journal_however_far_help_is_folded(books):
    before = folding().leaf_count
    assert before > 0
    hold()
    assert broken() == []
    assert fold_all(fold_help, actor=WORKER) > 0
    hold()
    assert broken() == []
    seal_everything(actor=COMMAND_LINE)
    fold_all(fold_help, is_alone=True, actor=WORKER)
    newest = db.session.scalar(select(func.max(JournalEntry.id)))
    assert (folding().leaf_count > before, folding().settled_entry_id) == (True, newest)
    assert unit_of_work(fold_help, actor=WORKER) == 0
    hold()
    assert broken() == []
    with pytest.raises(ForbiddenError):
        unit_of_work(fold_help, actor=OFFICER)


def test_a_request_that_moves_takes_its_help_with_it(books):
    seal_everything(actor=COMMAND_LINE)
    fold_all(fold_help, is_alone=True, actor=WORKER)
    moving = db.session.scalar(
        select(func.min(DisbursementRequest.id)).where(DisbursementRequest.district_code == RAMAN)
    )
    tamper(
        "disbursement_requests",
        f"UPDATE disbursement_requests SET status = 'returned' WHERE id = {moving}",
    )
    move = f"UPDATE disbursement_requests SET district_code = '{BANNANG_SATA}' WHERE id = {moving}"
    unit_of_work(lambda: db.session.execute(text(move)))
    assert folding().leaf_count == 0
    hold()
    assert broken() == []
    assert fold_all(fold_help, actor=WORKER) > 0
    assert folding().leaf_count > 0
    hold()
    assert broken() == []


TAMPERED = [
    "UPDATE help_months SET credit_satang = credit_satang + 1",
    "UPDATE help_days SET debit_satang = debit_satang + 1",
    "DELETE FROM help_days",
    "UPDATE help_folding SET leaf_count = leaf_count + 1000",
    "UPDATE help_folding SET settled_entry_id = (SELECT max(id) FROM journal_entries)",
]


def test_what_was_changed_by_hand_is_seen_and_made_anew(books, runner):
    for statement in TAMPERED:
        with tampered(statement):
            assert any(CHECKS[0].find()), statement
    unit_of_work(lambda: db.session.execute(text("UPDATE help_days SET debit_satang = 1")))
    assert broken()
    result = runner.invoke(args=["disbursements", "fold-help", "--anew"])
    assert "entries folded" in result.output
    assert broken() == []
    assert db.session.scalar(select(func.count()).select_from(HelpDay))
    hold()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM help_folding", "one row|kept|DELETE"),
        ("UPDATE help_folding SET number = 2", "one_row"),
        ("UPDATE help_months SET debit_satang = -1", "not_negative"),
        ("UPDATE help_days SET debit_satang = -1", "not_negative"),
    ],
)
def test_the_row_that_says_how_far_help_is_folded_stays(books, statement, words):
    with pytest.raises(DBAPIError, match=words):
        unit_of_work(lambda: db.session.execute(text(statement)))
