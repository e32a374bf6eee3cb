"""Checks of the bank's side: statements that add up, and matches of equal amounts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from sqlalchemy import select

from fundapp.audit.checks.base import Check, Violation, rows, violations
from fundapp.banking.models import BankAccount
from fundapp.banking.verification import find_wrong_words
from fundapp.crypto import find_wrong_keys
from fundapp.db import db
from fundapp.markers import N_
from fundapp.thai.promptpay import PayloadError, read_biller_id, read_promptpay_id


def matches_equal() -> Iterator[Violation]:
    """What a line, or a part of it, is matched with has the same amount and direction; of payouts
    of the card processor: `card_payments`.
    """
    yield from violations(
        """
        SELECT l.public_id, l.deposit_satang, l.withdrawal_satang,
            coalesce(p.amount_satang, o.amount_satang, e.total_satang), m.amount_satang
        FROM matches m
        JOIN statement_lines l ON l.id = m.line_id
        LEFT JOIN payments p ON p.id = m.payment_id
        LEFT JOIN payouts o ON o.id = m.payout_id
        LEFT JOIN journal_entries e ON e.id = m.journal_entry_id AND e.kind <> 'card_payout'
        WHERE m.undone_at IS NULL AND (
            (m.payment_id IS NOT NULL
                AND (l.deposit_satang = 0 OR m.amount_satang <> p.amount_satang))
            OR (m.payout_id IS NOT NULL
                AND (l.withdrawal_satang = 0 OR m.amount_satang <> o.amount_satang))
            OR (m.journal_entry_id IS NOT NULL AND m.amount_satang <> e.total_satang)
        )
        """,
        "moved {1} satang in and {2} out; {4} of it is matched with {3}",
    )


def lines_matched() -> Iterator[Violation]:
    """A line is noted as matched exactly when its matches that count add up to it."""
    yield from violations(
        """
        SELECT l.public_id, l.status, l.matched_satang, coalesce(m.total, 0),
            l.deposit_satang + l.withdrawal_satang
        FROM statement_lines l
        LEFT JOIN (
            SELECT line_id, sum(amount_satang) AS total FROM matches
            WHERE undone_at IS NULL GROUP BY line_id
        ) m ON m.line_id = l.id
        WHERE l.matched_satang <> coalesce(m.total, 0)
            OR coalesce(m.total, 0) > l.deposit_satang + l.withdrawal_satang
            OR (l.status = 'matched')
                <> (coalesce(m.total, 0) = l.deposit_satang + l.withdrawal_satang)
            OR (l.status = 'ignored' AND coalesce(m.total, 0) > 0)
        """,
        "is {1} with {2} of {4} satang matched; its matches say {3}",
    )


def matched_once() -> Iterator[Violation]:
    """A payment or payout belongs to one line, an entry to one line of each account."""
    yield from violations(
        """
        SELECT coalesce(p.public_id, o.voucher, e.idempotency_key), count(*) FROM matches m
        LEFT JOIN payments p ON p.id = m.payment_id
        LEFT JOIN payouts o ON o.id = m.payout_id
        LEFT JOIN journal_entries e ON e.id = m.journal_entry_id
        WHERE m.undone_at IS NULL
        GROUP BY m.payment_id, m.payout_id, m.journal_entry_id, p.public_id, o.voucher,
            e.idempotency_key,
            CASE WHEN m.journal_entry_id IS NOT NULL THEN m.bank_account_code END
        HAVING count(*) > 1
        """,
        "is matched {1} times",
    )


def matched_payments_count() -> Iterator[Violation]:
    """No line is matched with a payment that was recorded wrongly. One that the bank took back did
    come by its line.
    """
    yield from violations(
        """
        SELECT l.public_id, p.public_id FROM matches m
        JOIN statement_lines l ON l.id = m.line_id
        JOIN payments p ON p.id = m.payment_id
        WHERE m.undone_at IS NULL AND p.status = 'reversed'
        """,
        "is matched with payment {1}, which was reversed",
    )


def lines_lead_on() -> Iterator[Violation]:
    """An account's lines lead from its first opening balance to its last closing balance.

    Line by line within a day, day by day across files; where no file covers a day together with
    the one before, the lines begin anew with the opening balance of the file that begins there.
    """
    yield from violations(
        """
        SELECT public_id, before_satang, balance_satang FROM (
            SELECT public_id, balance_satang, deposit_satang - withdrawal_satang AS moved_satang,
                lag(balance_satang) OVER (
                    PARTITION BY bank_account_code, booked_on ORDER BY day_position, id
                ) AS before_satang
            FROM statement_lines WHERE status <> 'withdrawn'
        ) AS line
        WHERE before_satang + moved_satang <> balance_satang
        """,
        "the balance goes from {1} to {2} satang, which is not its amount",
    )
    for account_code, spans in _spans().items():
        for span in spans:
            for day, problem in span.faults():
                yield Violation(f"{account_code} {day}", problem)


def spans_meet() -> Iterator[Violation]:
    """Where files do not overlap, each begins with the balance with which the one before ends."""
    for account_code, spans in _spans().items():
        for before, after in pairwise(spans):
            missing = after.opening_satang - before.closing_satang
            if missing:
                problem = f"movements of {missing} satang are missing since {before.to_on}"
                yield Violation(f"{account_code} {after.from_on}", problem)


def lines_counted() -> Iterator[Violation]:
    """The equal lines of a day are counted from one."""
    yield from violations(
        """
        SELECT min(public_id), bank_account_code, booked_on, deposit_satang - withdrawal_satang,
            count(*)
        FROM statement_lines
        GROUP BY bank_account_code, booked_on, deposit_satang, withdrawal_satang
        HAVING min(ordinal) <> 1 OR max(ordinal) <> count(*)
            OR count(DISTINCT ordinal) <> count(*)
        """,
        "{4} lines of {3} satang on {2} in {1} are not counted one by one",
    )


def lines_stated() -> Iterator[Violation]:
    """What counts of a line is what a file says that was imported and not taken back."""
    yield from violations(
        """
        SELECT l.public_id FROM statement_lines l
        LEFT JOIN (
            SELECT r.*, s.undone_at FROM stated_lines r JOIN statements s ON s.id = r.statement_id
        ) AS said ON said.line_id = l.id AND said.undone_at IS NULL
        WHERE l.status <> 'withdrawn'
        GROUP BY l.id
        HAVING count(said.line_id) = 0
            OR max(CASE WHEN said.booked_time = l.booked_time THEN 1 ELSE 0 END) = 0
            OR (l.erased_at IS NULL AND (
                max(CASE WHEN said.description_digest = l.description_digest THEN 1 ELSE 0 END) = 0
                OR max(CASE WHEN said.detail_digest = l.detail_digest THEN 1 ELSE 0 END) = 0
                OR max(CASE WHEN said.channel_digest = l.channel_digest THEN 1 ELSE 0 END) = 0
            ))
            OR max(CASE WHEN said.balance_satang = l.balance_satang THEN 1 ELSE 0 END) = 0
            OR max(CASE WHEN said.statement_id = l.statement_id
                AND said.row_number = l.row_number THEN 1 ELSE 0 END) = 0
        """,
        "is not what a file says that was imported",
    )
    yield from violations(
        """
        SELECT s.public_id, r.row_number FROM stated_lines r
        JOIN statements s ON s.id = r.statement_id JOIN statement_lines l ON l.id = r.line_id
        WHERE l.bank_account_code <> s.bank_account_code
            OR l.booked_on NOT BETWEEN s.from_on AND s.to_on
        """,
        "states in row {1} a line of other days or of another account",
    )


def words_said() -> Iterator[Violation]:
    """The bank's words on every line are those of its digests, and gone where they were erased."""
    if not find_wrong_keys():
        for where, problem in find_wrong_words():
            yield Violation(where, problem)
    yield from violations(
        """
        SELECT l.public_id FROM statement_lines l JOIN stated_lines r ON r.line_id = l.id
        WHERE (l.erased_at IS NULL) <> (r.words_encrypted IS NOT NULL) GROUP BY l.public_id
        """,
        "is erased, and a file still has its words, or the reverse",
    )


def statements_add_up() -> Iterator[Violation]:
    """The rows of every file lead from its opening to its closing balance."""
    yield from violations(
        """
        SELECT s.public_id, s.opening_satang, s.closing_satang FROM statements s
        LEFT JOIN stated_lines r ON r.statement_id = s.id
        LEFT JOIN statement_lines l ON l.id = r.line_id
        GROUP BY s.id, s.public_id, s.opening_satang, s.closing_satang
        HAVING s.opening_satang + coalesce(sum(l.deposit_satang - l.withdrawal_satang), 0)
            <> s.closing_satang
        """,
        "its rows do not lead from {1} to {2} satang",
    )


@dataclass
class _Span:
    """Days of an account that files cover, each together with the one before."""

    from_on: str
    to_on: str
    opening_satang: int
    #: Closing balances of the files that end with it.
    ends: set[int]
    #: Day, balance before its first line and after its last.
    days: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def closing_satang(self) -> int:
        """The balance after the last line."""
        return self.days[-1][2] if self.days else self.opening_satang

    def faults(self) -> Iterator[tuple[str, str]]:
        """The days on which the lines do not lead on."""
        balance = self.opening_satang
        for day, opening, closing in self.days:
            if opening != balance:
                yield day, f"begins with {opening} satang; the lines before lead to {balance}"
            balance = closing
        if balance not in self.ends:
            yield self.to_on, f"the lines lead to {balance} satang, which no file closes with"


def _spans() -> dict[str, list[_Span]]:
    """The spans of each account, with the lines that count."""
    spans: dict[str, list[_Span]] = {}
    for row in rows(
        """
        SELECT bank_account_code, from_on, to_on, opening_satang, closing_satang FROM statements
        WHERE undone_at IS NULL ORDER BY bank_account_code, from_on, to_on DESC, id DESC
        """
    ):
        code, from_on, to_on, opening, closing = row
        of_account = spans.setdefault(code, [])
        if not of_account or str(from_on) > of_account[-1].to_on:
            of_account.append(_Span(str(from_on), str(to_on), opening, set()))
        last = of_account[-1]
        if str(to_on) > last.to_on:
            last.to_on, last.ends = str(to_on), set()
        if str(to_on) == last.to_on:
            last.ends.add(closing)
    for code, day, opening, closing in rows(_DAYS):
        for span in spans.get(code, []):
            if span.from_on <= str(day) <= span.to_on:
                span.days.append((str(day), opening, closing))
    return spans


_DAYS = """
SELECT bank_account_code, booked_on, max(opening_satang), max(closing_satang) FROM (
    SELECT bank_account_code, booked_on,
        first_value(balance_satang - deposit_satang + withdrawal_satang) OVER (
            PARTITION BY bank_account_code, booked_on ORDER BY day_position, id
        ) AS opening_satang,
        first_value(balance_satang) OVER (
            PARTITION BY bank_account_code, booked_on ORDER BY day_position DESC, id DESC
        ) AS closing_satang
    FROM statement_lines WHERE status <> 'withdrawn'
) AS line
GROUP BY bank_account_code, booked_on ORDER BY bank_account_code, booked_on
"""


def matches_in_account() -> Iterator[Violation]:
    """What a line is matched with moves the account of the line, the same way."""
    yield from violations(
        """
        SELECT l.public_id, b.account_code, m.bank_account_code
        FROM matches m
        JOIN statement_lines l ON l.id = m.line_id
        JOIN bank_accounts b ON b.code = l.bank_account_code
        LEFT JOIN payments p ON p.id = m.payment_id
        LEFT JOIN payouts o ON o.id = m.payout_id
        WHERE m.undone_at IS NULL AND (
            m.bank_account_code <> l.bank_account_code
            OR NOT EXISTS (
                SELECT 1 FROM postings x
                WHERE x.entry_id = coalesce(
                        m.journal_entry_id, p.journal_entry_id, o.journal_entry_id
                    )
                    AND b.account_code = CASE WHEN l.deposit_satang > 0
                        THEN x.debit_account_code ELSE x.credit_account_code END
            )
        )
        """,
        "is of account {1} in the books, and its match (of {2}) does not move that account",
    )


def promptpay_ids() -> Iterator[Violation]:
    """What donors are told to pay to is a PromptPay id or a biller id."""
    ids = db.session.execute(
        select(BankAccount.code, BankAccount.promptpay_biller_id, BankAccount.promptpay_id)
    )
    for code, biller, target in ids:
        for read, text in ((read_biller_id, biller), (read_promptpay_id, target)):
            if text and not _reads_as_stored(read, text):
                yield Violation(code, f"has {text}, which is no id of PromptPay")


def _reads_as_stored(read: Callable[[str], str], text: str) -> bool:
    try:
        return read(text) == text
    except PayloadError:
        return False


def numbers_once() -> Iterator[Violation]:
    """No two accounts have the same number at the same bank."""
    first: dict[tuple[str, str], str] = {}
    for account in db.session.scalars(select(BankAccount).order_by(BankAccount.code)):
        key = (account.bank_code, account.account_digits)
        other = first.setdefault(key, account.code)
        if other != account.code:
            yield Violation(account.code, f"is the account {other} once more")


CHECKS = (
    Check(
        "banking.numbers",
        N_("No account at a bank stands in the list twice."),
        numbers_once,
    ),
    Check(
        "banking.matches",
        N_("Every bank line is matched with something of the same amount."),
        matches_equal,
    ),
    Check(
        "banking.accounts",
        N_("Every bank line is matched with something that moves its own account."),
        matches_in_account,
    ),
    Check(
        "banking.promptpay",
        N_("Every PromptPay id that donors pay to can be one."),
        promptpay_ids,
    ),
    Check(
        "banking.lines",
        N_("A bank line is noted as matched exactly when it is."),
        lines_matched,
    ),
    Check(
        "banking.balances",
        N_("The lines of every bank account lead from its first to its last balance, day by day."),
        lines_lead_on,
    ),
    Check(
        "banking.missing",
        N_("No movement is missing between one bank statement and the next."),
        spans_meet,
        is_warning=True,
    ),
    Check(
        "banking.identity",
        N_("Every movement at the bank is kept once: equal ones of a day are counted."),
        lines_counted,
    ),
    Check(
        "banking.stated",
        N_("Every bank line says what a file says that was imported."),
        lines_stated,
    ),
    Check(
        "banking.words",
        N_("The bank's words on every line are those of its digests, and gone where erased."),
        words_said,
    ),
    Check(
        "banking.matched-once",
        N_("A payment or a payout belongs to one bank line, an entry to one of each account."),
        matched_once,
    ),
    Check(
        "banking.matched-payments",
        N_("No bank line is matched with a payment that was reversed."),
        matched_payments_count,
    ),
    Check(
        "banking.statements",
        N_("The rows of every bank statement lead from its opening to its closing balance."),
        statements_add_up,
    ),
)
