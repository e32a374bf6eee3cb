"""Checks of the books: postings, reversals, balances, closed months, two people."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from fundapp.audit.checks.base import Check, Violation, entry_violations, rows, violations
from fundapp.clock import local_day
from fundapp.db import db, is_postgresql
from fundapp.ledger import chart
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import NOMINAL_TYPES, EntryKind, JournalEntry, Period, Posting
from fundapp.ledger.personal_data import find_personal_data
from fundapp.markers import N_


def entries_hold_postings() -> Iterator[Violation]:
    """Each entry has exactly the postings it states, and each posting has its entry."""
    yield from entry_violations(
        """
        SELECT e.id, e.posting_count, e.total_satang, coalesce(p.n, 0), coalesce(p.total, 0)
        FROM journal_entries e
        LEFT JOIN (
            SELECT entry_id, count(*) AS n, sum(amount_satang) AS total
            FROM postings GROUP BY entry_id
        ) p ON p.entry_id = e.id
        WHERE p.n IS NULL OR p.n <> e.posting_count OR p.total <> e.total_satang
        """,
        "states {1} postings of {2} satang in all, and has {3} of {4}",
    )
    yield from entry_violations(
        """
        SELECT DISTINCT p.entry_id FROM postings p LEFT JOIN journal_entries e ON e.id = p.entry_id
        WHERE e.id IS NULL OR e.entry_on <> p.entry_on OR e.posting_count <> p.posting_count
            OR p.position NOT BETWEEN 1 AND e.posting_count
            OR p.amount_satang <= 0 OR p.debit_account_code = p.credit_account_code
        """,
        "has a posting that does not belong to it",
    )


def reversals_mirror() -> Iterator[Violation]:
    """A reversal has the postings of its entry with the sides swapped, and names an earlier one. A
    gift that is to be given back is owed to its giver, instead of leaving the account it is in.
    """
    pairs: Any = db.session.execute(
        select(JournalEntry.id, JournalEntry.reverses_entry_id, JournalEntry.kind).where(
            JournalEntry.reverses_entry_id.is_not(None)
        )
    ).all()
    for entry_id, reversed_id, kind in pairs:
        is_owed = kind is EntryKind.GIFT_REFUNDED
        swapped = sorted(
            (f, c, chart.REFUNDS_PAYABLE if is_owed else d, a)
            for f, d, c, a in _postings(reversed_id)
        )
        if sorted(_postings(entry_id)) != swapped or reversed_id >= entry_id:
            problem = f"does not mirror {entry_number(reversed_id)}"
            yield Violation(entry_number(entry_id), problem)


def _postings(entry_id: int) -> list[tuple[str, str, str, int]]:
    statement = select(
        Posting.fund_code,
        Posting.debit_account_code,
        Posting.credit_account_code,
        Posting.amount_satang,
    ).where(Posting.entry_id == entry_id)
    return [(f, d, c, a) for f, d, c, a in db.session.execute(statement)]


def month_balances() -> Iterator[Violation]:
    """The kept balances of every fund, account and month equal the sum of the postings."""
    month = (
        "CAST(date_trunc('month', entry_on) AS date)"
        if is_postgresql()
        else "strftime('%Y-%m-01', entry_on)"
    )
    postings = f"""
        SELECT fund_code, debit_account_code AS account_code, {month} AS month_on,
            amount_satang AS debit, 0 AS credit FROM postings
        UNION ALL
        SELECT fund_code, credit_account_code, {month}, 0, amount_satang FROM postings
    """  # noqa: S608 - the month's expression is one of the two above
    differences = rows(
        f"""
        SELECT fund_code, account_code, month_on, sum(debit) AS debit, sum(credit) AS credit
        FROM (
            {postings}
            UNION ALL
            SELECT fund_code, account_code, month_on, -debit_satang, -credit_satang
            FROM account_months
        ) AS both_sides
        GROUP BY fund_code, account_code, month_on HAVING sum(debit) <> 0 OR sum(credit) <> 0
        """  # noqa: S608
    )
    for fund, account, month_on, debit, credit in differences:
        problem = f"differs by {int(debit)} satang of debits and {int(credit)} of credits"
        yield Violation(f"{fund} {account} {month_on}", problem)


def fund_balances() -> Iterator[Violation]:
    """The available money kept for a fund, less its shortage, equals its net assets."""
    nominal = ", ".join(f"'{kind}'" for kind in NOMINAL_TYPES)
    yield from violations(
        f"""
        SELECT f.code, coalesce(b.available, 0), coalesce(p.net, 0)
        FROM funds f
        LEFT JOIN (
            SELECT fund_code, sum(available_satang) AS available FROM (
                SELECT fund_code, available_satang - shortage_satang AS available_satang
                FROM fund_balances
                UNION ALL SELECT fund_code, available_satang FROM balance_deltas
            ) AS kept GROUP BY fund_code
        ) b ON b.fund_code = f.code
        LEFT JOIN (
            SELECT p.fund_code, sum(
                CASE WHEN c.type IN ({nominal}) THEN p.amount_satang ELSE 0 END
                - CASE WHEN d.type IN ({nominal}) THEN p.amount_satang ELSE 0 END
            ) AS net
            FROM postings p
            JOIN accounts d ON d.code = p.debit_account_code
            JOIN accounts c ON c.code = p.credit_account_code
            GROUP BY p.fund_code
        ) p ON p.fund_code = f.code
        WHERE b.available IS NULL OR b.available <> coalesce(p.net, 0)
            OR NOT EXISTS (SELECT 1 FROM fund_balances k WHERE k.fund_code = f.code)
        """,  # noqa: S608 - the types of accounts are ours
        "is said to have {1} satang available, shortage taken off; its net assets are {2}",
    )


def closed_periods() -> Iterator[Violation]:
    """Nothing was posted into a month after it was closed, or into a month that does not exist; and
    no month was closed before it was over.
    """
    for period in db.session.scalars(select(Period).where(Period.closed_at.is_not(None))):
        if period.closed_at is not None and local_day(period.closed_at) <= period.ends_on:
            yield Violation(period.starts_on.isoformat(), "was closed before it was over")
    yield from violations(
        """
        SELECT p.starts_on, p.status FROM periods p
        LEFT JOIN (
            SELECT subject_ref,
                sum(CASE action WHEN 'ledger:period:close' THEN 1 ELSE -1 END) AS closed
            FROM audit_events WHERE action IN ('ledger:period:close', 'ledger:period:reopen')
            GROUP BY subject_ref
        ) e ON e.subject_ref = CAST(p.starts_on AS text)
        WHERE (p.status = 'closed') <> (coalesce(e.closed, 0) = 1)
        """,
        "is {1}, and the trail says otherwise",
    )
    yield from entry_violations(
        """
        SELECT e.id, p.starts_on FROM periods p
        JOIN journal_entries e ON e.entry_on BETWEEN p.starts_on AND p.ends_on
        WHERE p.status = 'closed' AND e.posted_at > p.closed_at
        """,
        "was posted into the month of {1} after it was closed",
    )
    yield from violations(
        """
        SELECT d.entry_on FROM (SELECT DISTINCT entry_on FROM journal_entries) d
        WHERE NOT EXISTS (
            SELECT 1 FROM periods p WHERE d.entry_on BETWEEN p.starts_on AND p.ends_on
        )
        """,
        "has entries, but the books know no such month",
    )


def two_people() -> Iterator[Violation]:
    """Help for children is made by one person and checked by another."""
    yield from entry_violations(
        """
        SELECT id, maker, checker FROM journal_entries
        WHERE kind IN ('assistance_approved', 'assistance_paid')
            AND (maker = '' OR checker = '' OR maker = checker)
        """,
        "was made and checked by the same person, or by nobody",
    )


def public_texts() -> Iterator[Violation]:
    """Memos and reasons, each wording once, hold no number and no address of a person."""
    for table, column in (
        ("journal_entries", "memo"),
        ("receipts", "void_reason"),
    ):
        sql = f"SELECT {column}, min(id) FROM {table} GROUP BY {column}"  # noqa: S608
        for text, row_id in rows(sql):
            if find_personal_data(text) is not None:
                yield Violation(f"{table}.{row_id}", "holds a number or an address of a person")


def fund_accounts() -> Iterator[Violation]:
    """No fund has money in an asset account that it does not name."""
    yield from violations(
        """
        SELECT s.fund_code, s.account_code, sum(s.satang) FROM (
            SELECT fund_code, debit_account_code AS account_code, amount_satang AS satang
            FROM postings
            UNION ALL
            SELECT fund_code, credit_account_code, -amount_satang FROM postings
        ) s
        WHERE s.account_code LIKE '1%' AND NOT EXISTS (
            SELECT 1 FROM fund_accounts n
            WHERE n.fund_code = s.fund_code AND n.account_code = s.account_code
        )
        GROUP BY s.fund_code, s.account_code HAVING sum(s.satang) <> 0
        """,
        "has {2} satang in account {1}, which is none of its accounts",
    )


CHECKS = (
    Check(
        "ledger.postings",
        N_("Every entry holds exactly the postings it states."),
        entries_hold_postings,
    ),
    Check(
        "ledger.reversals",
        N_("Every reversal mirrors the entry it undoes."),
        reversals_mirror,
    ),
    Check(
        "ledger.month-balances",
        N_("The kept balances of every month equal its postings."),
        month_balances,
    ),
    Check(
        "ledger.fund-balances",
        N_("Each fund's available money, less its shortage, equals its net assets."),
        fund_balances,
    ),
    Check(
        "ledger.fund-accounts",
        N_("Each fund's money lies in the accounts that it names."),
        fund_accounts,
    ),
    Check(
        "ledger.closed-months",
        N_("No month was closed before it was over, and nothing was posted into it afterwards."),
        closed_periods,
    ),
    Check(
        "ledger.two-people",
        N_("Help for children was booked by one person and checked by another."),
        two_people,
    ),
    Check(
        "ledger.public-texts",
        N_("No memo and no reason that stays holds a number or an e-mail address of a person."),
        public_texts,
    ),
)
