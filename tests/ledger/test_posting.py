"""Posting, reversing, closing: what the books take and what they refuse, also from raw SQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from fundapp.db import begin_to_write, db, is_postgresql, unit_of_work
from fundapp.ledger import chart
from fundapp.ledger.canonical import leaf_hash, parse_canonical
from fundapp.ledger.drafts import PostingDraft
from fundapp.ledger.errors import (
    AccountShortError,
    AlreadyReversedError,
    IdempotencyConflictError,
    InsufficientFundsError,
    PeriodClosedError,
    PersonalDataError,
)
from fundapp.ledger.models import EntryKind, FundBalance, JournalEntry, Posting
from fundapp.ledger.operations import (
    fold_balances,
    post_entries,
    post_entry,
    reverse_entry,
)
from tests.factories.actors import BOOKKEEPER, WORKER
from tests.factories.books import close_month
from tests.factories.ledger import DAY, entry, gift, make_fund, spending

pytestmark = pytest.mark.usefixtures("session")

#: So many entries are copied into PostgreSQL's tables.
MANY = 120


@pytest.fixture(autouse=True)
def fund(session):
    return unit_of_work(make_fund)


def available(fund_code="GEN"):
    """The fund's available money, deltas folded in."""
    unit_of_work(fold_balances, actor=WORKER)
    return db.session.scalar(
        select(FundBalance.available_satang).where(FundBalance.fund_code == fund_code)
    )


def balance(account, fund_code="GEN"):
    """Debits less credits of an account, from the view that balances are read through."""
    row = db.session.execute(
        text(
            "SELECT coalesce(sum(debit_satang - credit_satang), 0) FROM account_months"
            " WHERE account_code = :account AND fund_code = :fund"
        ),
        {"account": account, "fund": fund_code},
    )
    return int(row.scalar_one())


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def run_sql(sql, **values):
    """Raw SQL as somebody at the database's prompt would run it."""

    def work():
        db.session.execute(text(sql), values)

    unit_of_work(work)


class TestPosting:
    """Entries go in whole, once, and by many at a time."""

    def test_gift_with_a_fee_is_two_postings_of_one_entry(self):
        fee = PostingDraft("GEN", chart.BANK_FEES, chart.BANK_MAIN, 1_000)
        gross = PostingDraft("GEN", chart.BANK_MAIN, chart.DONATIONS_INDIVIDUALS, 100_000)
        unit_of_work(post_entry, entry(gross, fee), actor=BOOKKEEPER)
        assert (count(JournalEntry), count(Posting)) == (1, 2)
        assert balance(chart.BANK_MAIN) == 99_000
        assert balance(chart.DONATIONS_INDIVIDUALS) == -100_000
        assert available() == 99_000

    def test_stored_bytes_are_what_the_leaf_hash_covers(self):
        posted = unit_of_work(post_entry, gift(memo="ทุนการศึกษา"), actor=BOOKKEEPER)
        row = db.session.get_one(JournalEntry, posted.id)
        assert leaf_hash(row.canonical) == row.leaf_hash == posted.leaf_hash
        assert parse_canonical(row.canonical)["memo"] == "ทุนการศึกษา"

    def test_same_key_and_content_gives_the_first_entry(self):
        draft = gift()
        first = unit_of_work(post_entry, draft, actor=BOOKKEEPER)
        second = unit_of_work(post_entry, draft, actor=BOOKKEEPER)
        assert (second.id, second.replayed) == (first.id, True)
        assert available() == 100_000

    def test_same_key_with_other_content_is_a_conflict(self):
        draft = gift(idempotency_key="k")
        unit_of_work(post_entry, draft, actor=BOOKKEEPER)
        with pytest.raises(IdempotencyConflictError):
            unit_of_work(post_entry, gift(satang=1, idempotency_key="k"), actor=BOOKKEEPER)
        assert count(JournalEntry) == 1

    def test_a_batch_is_posted_whole_or_not_at_all(self):
        with pytest.raises(InsufficientFundsError):
            unit_of_work(post_entries, [gift(1_000), spending(1_001)], actor=BOOKKEEPER)
        assert (count(JournalEntry), count(Posting), available()) == (0, 0, 0)
        unit_of_work(post_entries, [gift(1_000), spending(1_000)], actor=BOOKKEEPER)
        assert (count(JournalEntry), available()) == (2, 0)

    def test_many_entries_together_are_what_they_are_one_by_one(self):
        drafts = [gift(1_000 + number) for number in range(MANY)]
        spent = [spending(500) for _ in range(MANY)]
        posted = unit_of_work(post_entries, [*drafts, *spent], actor=BOOKKEEPER)
        total = sum(draft.total_satang for draft in drafts)
        assert (count(JournalEntry), count(Posting)) == (2 * MANY, 2 * MANY)
        assert available() == total - 500 * MANY
        assert balance(chart.BANK_MAIN) == total
        written = dict(
            db.session.execute(select(JournalEntry.idempotency_key, JournalEntry.leaf_hash)).all()
        )
        keys = [draft.idempotency_key for draft in (*drafts, *spent)]
        assert [written[key] for key in keys] == [each.leaf_hash for each in posted]
        entries = db.session.scalars(select(JournalEntry))
        assert all(leaf_hash(entry.canonical) == entry.leaf_hash for entry in entries)

    def test_many_entries_of_which_some_are_known(self):
        drafts = [gift(1_000) for _ in range(MANY)]
        first = unit_of_work(post_entries, drafts[:3], actor=BOOKKEEPER)
        posted = unit_of_work(post_entries, drafts, actor=BOOKKEEPER)
        assert [each.id for each in posted[:3]] == [each.id for each in first]
        assert [each.replayed for each in posted] == [True] * 3 + [False] * (MANY - 3)
        again = unit_of_work(post_entries, [*drafts, drafts[0]], actor=BOOKKEEPER)
        assert all(each.replayed for each in again)
        twice = [gift(1_000) for _ in range(MANY)]
        twice.append(twice[0])
        assert unit_of_work(post_entries, twice, actor=BOOKKEEPER)[-1].replayed
        assert available() == 1_000 * 2 * MANY

    @pytest.mark.parametrize(
        ("last", "error"),
        [
            (spending(1_000 * MANY + 1), InsufficientFundsError),
            (gift(entry_on=date(2026, 9, 1)), PeriodClosedError),
            (entry(PostingDraft("GEN", chart.CASH_ON_HAND, chart.BANK_MAIN, 10**9)), None),
        ],
        ids=["more than there is", "a closed month", "more than lies in the account"],
    )
    def test_of_many_entries_none_is_written_when_one_is_refused(self, last, error):
        close_month(date(2026, 9, 1))
        drafts = [*(gift(1_000) for _ in range(MANY)), last]
        with pytest.raises(error or AccountShortError) as caught:
            unit_of_work(post_entries, drafts, actor=BOOKKEEPER)
        if error is None:
            assert caught.value.params["account"] == chart.BANK_MAIN
        assert (count(JournalEntry), count(Posting), available()) == (0, 0, 0)

    @pytest.mark.sqlite
    @pytest.mark.parametrize(
        "memo", ["โทร 081-234-5678", "เลขที่ 1-2345-45678-78-1", "a@example.org", "+66 81 234 5678"]
    )
    def test_personal_data_stays_out_of_memos(self, memo):
        with pytest.raises(PersonalDataError):
            unit_of_work(post_entry, gift(memo=memo), actor=BOOKKEEPER)
        assert count(JournalEntry) == 0

    def test_many_writers_lose_nothing(self, app):
        def give(_):
            with app.app_context():
                unit_of_work(post_entry, gift(100), actor=BOOKKEEPER)

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(give, range(80)))
        assert (count(JournalEntry), balance(chart.BANK_MAIN), available()) == (80, 8_000, 8_000)

    def test_one_key_from_many_writers_is_one_entry(self, app):
        draft = gift(500)

        def give(_):
            with app.app_context():
                return unit_of_work(post_entry, draft, actor=BOOKKEEPER).id

        with ThreadPoolExecutor(8) as pool:
            ids = set(pool.map(give, range(16)))
        assert (len(ids), count(JournalEntry), available()) == (1, 1, 500)


class TestOverspending:
    """A fund gives out what it has and no more."""

    def test_the_last_satang_can_be_spent_and_no_more(self):
        unit_of_work(post_entry, gift(1_000), actor=BOOKKEEPER)
        unit_of_work(post_entry, spending(1_000), actor=BOOKKEEPER)
        with pytest.raises(InsufficientFundsError):
            unit_of_work(post_entry, spending(1), actor=BOOKKEEPER)
        assert available() == 0

    def test_a_gift_cannot_be_reversed_once_spent(self):
        given = unit_of_work(post_entry, gift(1_000), actor=BOOKKEEPER)
        unit_of_work(post_entry, spending(400), actor=BOOKKEEPER)
        with pytest.raises(InsufficientFundsError):
            unit_of_work(reverse_entry, given.id, reason="เช็คคืน", entry_on=DAY, actor=BOOKKEEPER)
        assert available() == 600

    def test_other_funds_do_not_help(self):
        unit_of_work(make_fund, "ZAKAT")
        unit_of_work(post_entry, gift(1_000), actor=BOOKKEEPER)
        with pytest.raises(InsufficientFundsError):
            unit_of_work(post_entry, spending(1, fund="ZAKAT"), actor=BOOKKEEPER)

    def test_help_that_is_written_together_adds_up(self):
        unit_of_work(make_fund, "ZAKAT")
        gifts = [gift(1_000 * MANY), gift(1_000, fund="ZAKAT")]
        unit_of_work(post_entries, gifts, actor=BOOKKEEPER)
        for last in (spending(1), spending(1_001, fund="ZAKAT")):
            helps = [*(spending(1_000) for _ in range(MANY)), last]
            with pytest.raises(InsufficientFundsError):
                unit_of_work(post_entries, helps, actor=BOOKKEEPER)
        helps[-1] = spending(1_000, fund="ZAKAT")
        unit_of_work(post_entries, helps, actor=BOOKKEEPER)
        assert (available(), count(JournalEntry)) == (0, MANY + 3)

    def test_two_spenders_at_once_cannot_both_have_it(self, app):
        unit_of_work(post_entry, gift(1_000), actor=BOOKKEEPER)

        def spend(_):
            with app.app_context():
                try:
                    unit_of_work(post_entry, spending(1_000), actor=BOOKKEEPER)
                except InsufficientFundsError:
                    return False
                return True

        with ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(spend, range(8)))
        assert (sum(outcomes), available()) == (1, 0)


class TestReversal:
    """A mistake is undone by a new entry."""

    def test_a_reversal_swaps_the_sides_and_names_its_entry(self):
        given = unit_of_work(post_entry, gift(1_000), actor=BOOKKEEPER)
        undone = unit_of_work(
            reverse_entry, given.id, reason="บันทึกซ้ำ", entry_on=DAY, actor=BOOKKEEPER
        )
        row = db.session.get_one(JournalEntry, undone.id)
        assert (row.kind, row.reverses_entry_id, row.memo) == (
            EntryKind.REVERSAL,
            given.id,
            "บันทึกซ้ำ",
        )
        assert (balance(chart.BANK_MAIN), available()) == (0, 0)

    def test_an_entry_is_reversed_once(self):
        given = unit_of_work(post_entry, gift(1_000), actor=BOOKKEEPER)
        undo = {"reason": "ผิด", "entry_on": DAY, "actor": BOOKKEEPER}
        unit_of_work(reverse_entry, given.id, **undo)
        with pytest.raises(AlreadyReversedError):
            unit_of_work(reverse_entry, given.id, **undo)
        assert count(JournalEntry) == 2


def test_a_key_is_never_cut_short():
    """Text that a driver in C would end at its zero byte is kept whole or refused."""
    try:
        unit_of_work(post_entry, gift(idempotency_key="key\0one"), actor=BOOKKEEPER)
    except (DBAPIError, psycopg.DataError):
        assert is_postgresql()
    assert not unit_of_work(post_entry, gift(idempotency_key="key"), actor=BOOKKEEPER).replayed


class TestPeriods:
    """Closed months stay as they are."""

    def test_a_closed_month_takes_no_entry(self):
        close_month(DAY)
        with pytest.raises(PeriodClosedError):
            unit_of_work(post_entry, gift(), actor=BOOKKEEPER)
        assert count(JournalEntry) == 0
        unit_of_work(post_entry, gift(entry_on=date(2026, 12, 1)), actor=BOOKKEEPER)
        assert count(JournalEntry) == 1

    def test_a_day_outside_the_calendar_takes_no_entry(self):
        with pytest.raises(PeriodClosedError):
            unit_of_work(post_entry, gift(entry_on=date(1999, 1, 1)), actor=BOOKKEEPER)


ENTRY_COLUMNS = """
    posted_at, memo, source_type, source_ref, maker, checker, receipt, private, content_hash,
    posting_count, canonical, leaf_hash
"""


def copy_of_entry(kind="kind", total="total_satang"):
    """SQL that forges an entry with the next id out of the one in the books."""
    return (
        "INSERT INTO journal_entries"
        f" (id, idempotency_key, entry_on, kind, total_satang, {ENTRY_COLUMNS})"
        f" SELECT id + 1, 'forged', entry_on, {kind}, {total}, {ENTRY_COLUMNS} FROM journal_entries"
    )


def copy_of_posting(
    ahead=0, position=1, amount=5, debit="debit_account_code", credit="credit_account_code"
):
    """SQL that forges a posting out of the one in the books, for the entry ``ahead`` of its own."""
    return (
        f"INSERT INTO postings SELECT entry_id + {ahead}, {position}, posting_count, entry_on,"
        f" fund_code, {debit}, {credit}, {amount} FROM postings"
    )


def forge(*postings, **values):
    """Write postings (satang, debit, credit, fund) and their entry, made of the one in the books
    with other ``values``, as SQL; by itself the entry would be sealed.
    """
    total = sum(satang for satang, *_ in postings)
    values = {"posting_count": len(postings), "total_satang": total, **values}
    values = {"id": "id + 1", "idempotency_key": "'forged'", **values}
    columns = JournalEntry.__table__.columns.keys()
    chosen = ", ".join(str(values.get(name, name)) for name in columns)
    for position, (satang, debit, credit, fund) in enumerate(postings, start=1):
        db.session.execute(
            text(
                f"INSERT INTO postings SELECT id + 1, {position}, {len(postings)}, entry_on,"
                f" '{fund}', '{debit}', '{credit}', {satang} FROM journal_entries"
            )
        )
    db.session.execute(
        text(
            f"INSERT INTO journal_entries ({', '.join(columns)})"
            f" SELECT {chosen} FROM journal_entries"
        )
    )


GIFT = (5, "1121", "4110", "GEN")


class TestRawSql:
    """What the tables themselves refuse."""

    @pytest.mark.parametrize(
        ("rule", "values"),
        [
            ("kind_known", {"kind": "'theft'"}),
            ("posting_count_in_range", {"posting_count": 0}),
            ("posting_count_in_range", {"posting_count": 1001}),
            ("total_positive", {"total_satang": 0}),
            ("maker_named", {"maker": "''"}),
            ("leaf_hash_sha256", {"leaf_hash": None}),
            ("two_people", {"kind": "'assistance_paid'"}),
            ("two_people", {"kind": "'assistance_approved'", "checker": "maker"}),
            ("reversal_names_entry", {"kind": "'reversal'"}),
            ("reversal_names_entry", {"reverses_entry_id": "id"}),
            (
                "reversal_has_reason",
                {"kind": "'reversal'", "reverses_entry_id": "id", "memo": "''"},
            ),
            (
                "reverses_earlier",
                {"kind": "'reversal'", "reverses_entry_id": "id + 1", "memo": "'x'"},
            ),
        ],
    )
    def test_an_entry_keeps_to_each_rule(self, rule, values):
        if "leaf_hash" in values:
            values = {"leaf_hash": "'\\x00'::bytea" if is_postgresql() else "x'00'"}
        with pytest.raises(DBAPIError, match=f"ck_journal_entries_{rule}"):
            unit_of_work(forge, GIFT, **values)

    @pytest.mark.parametrize(
        ("words", "posting"),
        [
            ("ck_postings_amount_positive", (0, *GIFT[1:])),
            ("ck_postings_amount_positive", (-1, *GIFT[1:])),
            ("ck_postings_two_accounts", (5, "4110", "4110", "GEN")),
            ("account that is not there|FOREIGN KEY", (5, "5999", "4110", "GEN")),
            ("account that is not there|FOREIGN KEY", (5, "1121", "4999", "GEN")),
            ("does not hold the postings|FOREIGN KEY", (5, "5210", "4110", "NONE")),
        ],
    )
    def test_each_posting_of_an_entry_keeps_to_the_rules(self, words, posting):
        with pytest.raises(DBAPIError, match=words):
            unit_of_work(forge, GIFT, posting)

    @pytest.mark.parametrize(
        "change",
        [
            "DELETE FROM accounts WHERE code = '4110'",
            "UPDATE accounts SET code = '4998' WHERE code = '4110'",
            "DELETE FROM funds",
            "UPDATE funds SET code = 'OTHER'",
        ],
    )
    def test_what_postings_name_stays(self, change):
        with pytest.raises(DBAPIError, match=r"stays|foreign key|FOREIGN KEY"):
            run_sql(change)

    @pytest.fixture(autouse=True)
    def one_entry(self, fund):
        return unit_of_work(post_entry, gift(1_000), actor=BOOKKEEPER)

    @pytest.mark.parametrize("table", ["journal_entries", "postings"])
    @pytest.mark.parametrize(
        "statement",
        ["UPDATE {0} SET entry_on = entry_on", "DELETE FROM {0}", "TRUNCATE {0} CASCADE"],
    )
    def test_entries_and_postings_never_change(self, table, statement):
        if statement.startswith("TRUNCATE") and not is_postgresql():
            statement = "DELETE FROM {0} WHERE 1 = 1"  # SQLite's way to truncate
        with pytest.raises(DBAPIError, match="append-only"):
            run_sql(statement.format(table))

    @pytest.mark.parametrize("table", ["fund_balances", "monthly_balances"])
    @pytest.mark.parametrize(
        "statement",
        ["DELETE FROM {0}", "TRUNCATE {0} CASCADE", "UPDATE fund_balances SET fund_code = 'OTHER'"],
    )
    def test_what_holds_entries_to_what_there_is_stays(self, table, statement):
        if statement.startswith("TRUNCATE") and not is_postgresql():
            statement = "DELETE FROM {0} WHERE 1 = 1"  # SQLite's way to truncate
        with pytest.raises(DBAPIError, match="keeps its rows"):
            run_sql(statement.format(table))

    @pytest.mark.parametrize(
        "forged",
        [
            copy_of_posting(position=2),  # a further posting
            copy_of_posting(),  # the place is taken
            copy_of_posting(ahead=1),  # no such entry
            copy_of_posting(ahead=1, amount=0),
            copy_of_posting(ahead=1, amount=-5),
            copy_of_posting(ahead=1, debit="'1110'", credit="'1110'"),
        ],
    )
    def test_no_posting_joins_or_stands_alone(self, forged):
        with pytest.raises(DBAPIError):
            run_sql(forged)
        assert count(Posting) == 1

    def test_no_entry_without_its_postings(self):
        with pytest.raises(DBAPIError, match="postings it states"):
            run_sql(copy_of_entry())

    def test_spending_takes_two_people(self):
        with pytest.raises(DBAPIError, match="two_people"):
            run_sql(copy_of_entry(kind="'assistance_paid'"))

    def test_an_entry_in_a_closed_month_is_refused(self):
        close_month(DAY)
        with pytest.raises(DBAPIError, match="period is not open"):
            run_sql(copy_of_entry())

    def test_whoever_closes_a_month_waits_for_postings(self, app):
        if not is_postgresql():
            return  # SQLite has one writer at a time

        def close():
            with app.app_context():
                run_sql(
                    "SET LOCAL lock_timeout = '100ms'; UPDATE periods SET status = 'closed',"
                    " closed_at = '2026-12-01', closed_by = 'first'"
                    f" WHERE starts_on = '{DAY.replace(day=1)}'"
                )

        def post_meanwhile():
            post_entry(gift(), actor=BOOKKEEPER)
            with ThreadPoolExecutor(1) as pool, pytest.raises(DBAPIError, match="lock timeout"):
                pool.submit(close).result()

        unit_of_work(post_meanwhile)
        close()
        with pytest.raises(PeriodClosedError):
            unit_of_work(post_entry, gift(), actor=BOOKKEEPER)

    def test_an_old_look_at_a_month_does_not_open_it(self, app):
        if not is_postgresql():
            return  # SQLite refuses to write from an old look

        def close():
            with app.app_context():
                close_month(DAY)

        def post_from_an_old_look():
            begin_to_write(db.session().held_connection)
            db.session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            count(JournalEntry)
            with ThreadPoolExecutor(1) as pool:
                pool.submit(close).result()
            db.session.execute(text(copy_of_posting(ahead=1, amount=1_000)))
            db.session.execute(text(copy_of_entry()))

        db.session.rollback()
        with pytest.raises(DBAPIError, match="could not serialize"):
            post_from_an_old_look()
        db.session.remove()
        assert count(JournalEntry) == 1

    def test_a_balance_below_zero_is_refused(self):
        with pytest.raises(DBAPIError, match="not_overspent"):
            run_sql("UPDATE fund_balances SET available_satang = -1")

    def test_overspending_by_hand_is_refused(self):
        def work():
            posting = copy_of_posting(ahead=1, debit="'5110'", credit="'2110'", amount=1_001)
            db.session.execute(text(posting))
            db.session.execute(text(copy_of_entry(kind="'transfer'", total="1001")))

        with pytest.raises(DBAPIError, match="not_overspent"):
            unit_of_work(work)
        assert available() == 1_000

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE accounts SET type = 'asset' WHERE code = '4110'",
            "UPDATE accounts SET code = '1999' WHERE code = '5150'",
            "INSERT INTO accounts VALUES ('4999', 'expense', 'ก', 'a', 'a')",
            "INSERT INTO accounts VALUES ('6000', 'asset', 'ก', 'a', 'a')",
        ],
    )
    def test_the_type_of_an_account_follows_from_its_code(self, statement):
        with pytest.raises(DBAPIError, match=r"does not follow|stays, under its code"):
            run_sql(statement)
