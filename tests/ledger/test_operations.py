"""Funds, months and reversals: who may change them, what is written, what is refused."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from fundapp.db import db, unit_of_work
from fundapp.errors import ForbiddenError, NotFoundError
from fundapp.ledger import chart
from fundapp.ledger.drafts import PostingDraft
from fundapp.ledger.errors import AlreadyReversedError, PeriodClosedError, PeriodNotOverError
from fundapp.ledger.locking import lock_fund
from fundapp.ledger.models import EntryKind, Fund, JournalEntry, Period, PeriodStatus, Posting
from fundapp.ledger.operations import close_period, fold_balances, post_entry, reverse_entry
from fundapp.trail.queries import list_events
from tests.factories.actors import ADMINISTRATOR, AUDITOR, BOOKKEEPER, COMMAND_LINE, OFFICER
from tests.factories.books import close_month
from tests.factories.ledger import DAY, entry, gift, make_fund

pytestmark = pytest.mark.usefixtures("session", "clock")

MONTH = date(2026, 11, 1)
#: Midnight in Thailand after its last day.
OVER = datetime(2026, 11, 30, 17, tzinfo=UTC)


@pytest.fixture(autouse=True)
def fund(session, clock):
    return unit_of_work(make_fund)


def count_entries():
    return db.session.query(JournalEntry).count()


@pytest.mark.sqlite
def test_a_new_fund_has_no_purpose_comes_first_and_keeps_its_day():
    fund = db.session.get_one(Fund, "GEN")
    assert [fund.purpose_th, fund.purpose_en, fund.purpose_ms] == ["", "", ""]
    assert (fund.position, fund.created_at) == (0, datetime(2026, 11, 24, 3, tzinfo=UTC))


class TestClosing:
    """A month is closed by whoever may, once, and the trail tells."""

    @pytest.mark.sqlite
    def test_a_closed_month_says_when_and_by_whom(self, clock):
        clock.move_to(OVER)
        unit_of_work(close_period, DAY, actor=COMMAND_LINE)
        period = db.session.scalars(select(Period).where(Period.starts_on == MONTH)).one()
        assert period.status is PeriodStatus.CLOSED
        assert period.closed_at == OVER
        assert period.closed_by == "command-line"
        (event,) = list_events("period", "2026-11-01")
        assert (event.action, event.actor) == ("ledger:period:close", "command-line")

    @pytest.mark.sqlite
    def test_only_its_own_month_is_closed(self):
        close_month(DAY)
        closed = select(Period.starts_on).where(Period.status == PeriodStatus.CLOSED)
        assert db.session.scalars(closed).all() == [MONTH]

    @pytest.mark.sqlite
    @pytest.mark.parametrize("actor", [OFFICER, AUDITOR, ADMINISTRATOR])
    def test_nobody_else_closes_a_month(self, actor):
        with pytest.raises(ForbiddenError):
            unit_of_work(close_period, DAY, actor=actor)
        assert list_events("period", "2026-11-01") == []

    @pytest.mark.sqlite
    def test_a_month_that_is_not_in_the_books(self):
        with pytest.raises(NotFoundError):
            unit_of_work(close_period, date(1999, 1, 1), actor=COMMAND_LINE)

    @pytest.mark.sqlite
    def test_a_month_that_is_not_over(self, clock):
        """Its last minute in Thailand is 16:59 UTC."""
        clock.move_to(OVER - timedelta(minutes=1))
        with pytest.raises(PeriodNotOverError) as refused:
            unit_of_work(close_period, DAY, actor=COMMAND_LINE)
        assert refused.value.params == {"ends_on": date(2026, 11, 30)}
        assert list_events("period", "2026-11-01") == []

    @pytest.mark.parametrize("day", ["2026-11-30T16:59:59Z", "2026-11-01T00:00:00Z"])
    def test_raw_sql_does_not_close_it_either(self, day):
        close = f"UPDATE periods SET status = 'closed', closed_at = '{day}' WHERE starts_on = "
        with pytest.raises(DBAPIError, match="the month is not over"):
            unit_of_work(lambda: db.session.execute(text(f"{close} '2026-11-01'")))
        insert = (
            "INSERT INTO periods VALUES"
            f" ('2199-11-01', '2199-11-30', 2743, 'closed', '{day}', 'somebody')"
        )
        with pytest.raises(DBAPIError, match="the month is not over"):
            unit_of_work(lambda: db.session.execute(text(insert)))

    @pytest.mark.sqlite
    def test_a_refused_day_is_told_at_its_field(self):
        close_month(DAY)
        with pytest.raises(PeriodClosedError) as refused:
            unit_of_work(post_entry, gift(), actor=BOOKKEEPER)
        assert refused.value.field == "entry_on"


class TestReversing:
    """An entry is undone by one with the sides swapped, in the opposite order."""

    def test_the_last_posting_is_undone_first(self):
        lines = [
            PostingDraft("GEN", chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS, 100_000),
            PostingDraft("GEN", chart.BANK_FEES, chart.BANK_MAIN, 1_500),
        ]
        posted = unit_of_work(post_entry, entry(*lines), actor=BOOKKEEPER)
        undone = unit_of_work(
            reverse_entry, posted.id, reason="Booked twice", entry_on=DAY, actor=BOOKKEEPER
        )
        postings = select(Posting).where(Posting.entry_id == undone.id).order_by(Posting.position)
        assert [
            (p.debit_account_code, p.credit_account_code, p.amount_satang)
            for p in db.session.scalars(postings)
        ] == [
            (chart.BANK_MAIN, chart.BANK_FEES, 1_500),
            (chart.DONATIONS_INDIVIDUALS, chart.BANK_MAIN, 100_000),
        ]

    def test_it_says_what_it_undoes_why_and_by_whom(self):
        draft = gift()
        posted = unit_of_work(post_entry, draft, actor=BOOKKEEPER)
        undone = unit_of_work(
            reverse_entry, posted.id, reason=" Booked\ttwice ", entry_on=DAY, actor=OFFICER
        )
        reversal = db.session.get_one(JournalEntry, undone.id)
        assert (reversal.kind, reversal.memo) == (EntryKind.REVERSAL, "Booked twice")
        assert (reversal.maker, reversal.reverses_entry_id) == ("officer", posted.id)
        assert (reversal.source_type, reversal.source_ref) == (draft.source_type, draft.source_ref)

    @pytest.mark.sqlite
    def test_an_entry_that_is_not_there(self):
        with pytest.raises(NotFoundError):
            unit_of_work(reverse_entry, 1, reason="None", entry_on=DAY, actor=BOOKKEEPER)

    def test_the_table_takes_one_reversal_of_an_entry(self):
        """Two people reverse one entry, each seeing that nobody has."""
        posted = unit_of_work(post_entry, gift(), actor=BOOKKEEPER)
        line = PostingDraft("GEN", chart.DONATIONS_INDIVIDUALS, chart.BANK_MAIN, 1)
        for expected in (2, None):
            draft = entry(line, kind=EntryKind.REVERSAL, memo="Twice", reverses_entry_id=posted.id)
            if expected:
                unit_of_work(post_entry, draft, actor=BOOKKEEPER)
            else:
                with pytest.raises(AlreadyReversedError):
                    unit_of_work(post_entry, draft, actor=BOOKKEEPER)
        assert count_entries() == 2


@pytest.mark.sqlite
def test_only_who_may_fold_balances_folds_them():
    with pytest.raises(ForbiddenError):
        unit_of_work(fold_balances, actor=OFFICER)


@pytest.mark.sqlite
def test_only_who_may_post_posts():
    with pytest.raises(ForbiddenError):
        unit_of_work(post_entry, gift(), actor=AUDITOR)
    assert count_entries() == 0


def test_the_lock_of_a_fund_is_its_own(session):
    unit_of_work(make_fund, "SECOND")
    assert unit_of_work(lock_fund, "SECOND") is None
    with pytest.raises(NotFoundError):
        unit_of_work(lock_fund, "THIRD")
