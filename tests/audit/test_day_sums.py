"""What is kept of each day: however far it is folded, balances of any day are what the journal adds
up to.
"""

import itertools
import random
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from fundapp.audit.checks.day_sums import CHECKS
from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError
from fundapp.ledger.folding.batches import fold_all
from fundapp.ledger.folding.operations import fold_days
from fundapp.ledger.folding.queries import find_folded
from fundapp.ledger.log.batches import seal_everything
from fundapp.ledger.models import DayFolding, DaySum, JournalEntry, Posting
from fundapp.ledger.operations import post_entries
from fundapp.ledger.queries import Movement, balances_as_of
from tests.audit.tampering import tampered
from tests.factories.actors import BOOKKEEPER, COMMAND_LINE, OFFICER, WORKER
from tests.factories.books import make_fund, make_gift
from tests.factories.ledger import gift

FIRST, LAST = date(2026, 9, 1), date(2026, 11, 24)


def make_books():
    """Gifts to two funds on days in no order: a third is folded, a third only sealed."""
    dice = random.Random(14)  # noqa: S311 - examples
    make_fund("GENERAL")
    make_fund("SCHOOL", position=1)
    for part in range(3):
        for _number in range(12):
            on = FIRST + timedelta(days=dice.randrange((LAST - FIRST).days + 1))
            make_gift(dice.randrange(100, 90_000), dice.choice(["GENERAL", "SCHOOL"]), on=on)
        if part < 2:
            seal_everything(actor=COMMAND_LINE)
        if part == 0:
            fold_all(fold_days, is_alone=True, actor=COMMAND_LINE)


@pytest.fixture
def books(build_once, clock):
    return build_once("audit/day sums", make_books)


def plain(day, fund_code, codes):
    """The balances of a day, posting by posting."""
    sums = {}
    for posting in db.session.scalars(select(Posting).where(Posting.entry_on <= day)):
        for code, moved in (
            (posting.debit_account_code, Movement(posting.amount_satang, 0)),
            (posting.credit_account_code, Movement(0, posting.amount_satang)),
        ):
            if fund_code in (None, posting.fund_code) and (codes is None or code in codes):
                key = posting.fund_code, code
                sums[key] = sums.get(key, Movement()) + moved
    return sums


def hold():
    """That balances of every day are those of the journal."""
    days = [FIRST + timedelta(days=number) for number in range(-1, (LAST - FIRST).days + 2)]
    for day, of in itertools.product(days, ((None, None), ("SCHOOL", None), (None, ["1121"]))):
        assert balances_as_of(day, *of) == plain(day, *of), (day, of)


def broken():
    db.session.rollback()
    return [violation for check in CHECKS for violation in check.find()]


def folding():
    db.session.expire_all()
    return db.session.get_one(DayFolding, 1)


def test_balances_are_those_of_the_journal_however_far_days_are_folded(books):
    before = folding().leaf_count
    assert before > 0
    hold()
    assert broken() == []
    assert fold_all(fold_days, actor=WORKER) > 0
    hold()
    assert broken() == []
    seal_everything(actor=COMMAND_LINE)
    fold_all(fold_days, is_alone=True, actor=WORKER)
    newest = db.session.scalar(select(func.max(JournalEntry.id)))
    assert (folding().leaf_count > before, folding().settled_entry_id) == (True, newest)
    assert unit_of_work(fold_days, actor=WORKER) == 0
    hold()
    assert broken() == []
    with pytest.raises(ForbiddenError):
        unit_of_work(fold_days, actor=OFFICER)


@pytest.mark.sqlite
def test_postings_are_read_while_much_is_not_folded(books):
    """Else a report of many days would read each time all that is not folded."""
    drafts = [gift(100, "GENERAL", entry_on=LAST) for _number in range(2_000)]
    unit_of_work(post_entries, drafts, actor=BOOKKEEPER)
    seal_everything(actor=COMMAND_LINE)
    assert find_folded(DayFolding) is None
    day = LAST - timedelta(days=3)
    assert balances_as_of(day) == plain(day, None, None)
    fold_all(fold_days, is_alone=True, actor=WORKER)
    assert find_folded(DayFolding) is not None


TAMPERED = [
    "UPDATE account_days SET credit_satang = credit_satang + 1",
    "DELETE FROM account_days",
    "UPDATE account_days SET day_on = '2026-08-31'"
    " WHERE day_on = (SELECT min(day_on) FROM account_days)",
    "UPDATE day_folding SET leaf_count = leaf_count + 1000",
    "UPDATE day_folding SET settled_entry_id = (SELECT max(id) FROM journal_entries)",
]


def test_what_was_changed_by_hand_is_seen_and_made_anew(books, runner):
    for statement in TAMPERED:
        with tampered(statement):
            assert any(CHECKS[0].find()), statement
    unit_of_work(lambda: db.session.execute(text("UPDATE account_days SET debit_satang = 1")))
    assert broken()
    result = runner.invoke(args=["ledger", "fold-days", "--anew"])
    assert "entries folded" in result.output
    assert broken() == []
    assert db.session.scalar(select(func.count()).select_from(DaySum))
    hold()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM day_folding", "one row|kept|DELETE"),
        ("UPDATE day_folding SET number = 2", "one_row"),
        ("UPDATE account_days SET debit_satang = -1", "not_negative"),
    ],
)
def test_the_row_that_says_how_far_days_are_folded_stays(books, statement, words):
    with pytest.raises(DBAPIError, match=words):
        unit_of_work(lambda: db.session.execute(text(statement)))
