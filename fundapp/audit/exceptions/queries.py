"""What the rules look at: bounded, whatever the books hold."""

import base64
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select
from sqlalchemy.orm import aliased

from fundapp.audit.exceptions.models import Dismissal
from fundapp.audit.exceptions.rules import (
    RULES,
    ExceptionRule,
    Found,
    SeenEntry,
    SeenFund,
    SeenHelp,
    SeenReceipt,
    Source,
)
from fundapp.clock import local_day
from fundapp.db import db
from fundapp.disbursements.entry_drafts import EXPENSE_ACCOUNTS
from fundapp.disbursements.models import (
    DisbursementRequest,
    PayeeDigest,
    Payout,
    ProofOfReceipt,
    StaffAccount,
)
from fundapp.disbursements.queries import is_payment_of_request
from fundapp.documents.models import Document
from fundapp.errors import NotFoundError
from fundapp.giving.models import Payment, Receipt
from fundapp.identity.models import User
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import Account, EntryKind, Fund, FundBalance, JournalEntry, Posting
from fundapp.ledger.queries import is_of_kinds
from fundapp.thai.calendar import fiscal_year_be

#: Entries, requests or receipts that a page reads at most; it says so when there are more.
MOST_LINES = 2_000
_COLUMNS = (
    JournalEntry.id,
    JournalEntry.kind,
    JournalEntry.entry_on,
    JournalEntry.posted_at,
    JournalEntry.total_satang,
    JournalEntry.maker,
    JournalEntry.checker,
)
_KINDS = tuple(kind for kind in EntryKind if kind is not EntryKind.DONATION)

#: The rows of a source, and whether there are more than are read.
Rows = tuple[Sequence[Any], bool]


@dataclass(frozen=True, slots=True)
class SeenDays:
    """The days that a rule looks at, and the limit in satang that some rules ask about."""

    from_on: date
    to_on: date
    limit_satang: int


def get_rule(name: str) -> ExceptionRule:
    """The rule of this name; NotFoundError."""
    rule = next((each for each in RULES if each.name == name), None)
    if rule is None:
        raise NotFoundError
    return rule


def find_exceptions(rule: ExceptionRule, among: SeenDays) -> tuple[list[Found], bool]:
    """What the rule finds, and whether there was more to look through."""
    rows, is_more = read_source(rule.source, among.from_on, among.to_on)
    return list(rule.find(rows, among.limit_satang)), is_more


def read_source(source: Source, from_on: date, to_on: date) -> Rows:
    """What rules of this source look at in these days."""
    return _READERS[source](from_on, to_on)


def read_lines(from_on: date, to_on: date) -> tuple[list[SeenEntry], bool]:
    """The newest entries of these days that are no gifts, oldest first, and whether there are more
    than are read. Each kind is read from the index of entries by kind.
    """
    rows: list[Any] = []
    for kind in _KINDS:
        statement = (
            select(*_COLUMNS)
            .where(_of_days(kind, from_on, to_on))
            .order_by(JournalEntry.entry_on.desc(), JournalEntry.id.desc())
            .limit(MOST_LINES + 1)
        )
        rows += db.session.execute(statement).all()
    rows.sort(key=lambda row: (row.entry_on, row.id))
    shown = rows[-MOST_LINES:]
    lines = [
        SeenEntry(
            entry_number(row.id),
            row.kind,
            row.entry_on,
            local_day(row.posted_at),
            row.total_satang,
            row.maker,
            row.checker,
        )
        for row in shown
    ]
    return lines, len(rows) > MOST_LINES


def read_help(from_on: date, to_on: date) -> tuple[list[SeenHelp], bool]:
    """The newest requests that were approved in these days, oldest first, with who filed their
    first proof of receipt, the reference of their payment and the hashes of their papers.
    """
    statement = (
        _help_statement(Payout.bank_reference)
        .outerjoin(Payout, is_payment_of_request())
        .where(_of_days(EntryKind.ASSISTANCE_APPROVED, from_on, to_on))
    )
    rows = db.session.execute(statement).all()
    proofs = _proofs_of([row.id for row in rows[:MOST_LINES]])
    seen = [
        SeenHelp(
            entry_number(row.entry_id),
            row.entry_on,
            row.total_satang,
            row.maker,
            prover=proofs[row.id][0][0] if row.id in proofs else "",
            reference=row.bank_reference or "",
            papers=tuple(paper for _who, paper in proofs.get(row.id, ()) if paper),
        )
        for row in rows[:MOST_LINES][::-1]
    ]
    return seen, len(rows) > MOST_LINES


def read_accounts(from_on: date, to_on: date) -> tuple[list[SeenHelp], bool]:
    """The requests that were ever approved for an account of these days that is another payee's
    too, or is noted for somebody who works for the fund.
    """
    other = aliased(PayeeDigest)

    def has_other(is_other: ColumnElement[bool]) -> ColumnElement[bool]:
        same = other.account_lookup == PayeeDigest.account_lookup
        return exists().where(same, is_other)

    shares = or_(
        has_other(other.payee_lookup > PayeeDigest.payee_lookup),
        has_other(other.payee_lookup < PayeeDigest.payee_lookup),
        exists().where(StaffAccount.account_lookup == PayeeDigest.account_lookup),
    )
    days = _of_days(EntryKind.ASSISTANCE_APPROVED, from_on, to_on)
    of_days = (
        _help_statement(PayeeDigest.account_lookup, shares.label("shares"))
        .join(PayeeDigest, PayeeDigest.request_id == DisbursementRequest.id)
        .where(days)
    )
    rows = db.session.execute(of_days).all()
    accounts = {row.account_lookup for row in rows[:MOST_LINES] if row.shares}
    if not accounts:
        return [], len(rows) > MOST_LINES
    named = (
        _help_statement(PayeeDigest.account_lookup, PayeeDigest.payee_lookup)
        .join(PayeeDigest, PayeeDigest.request_id == DisbursementRequest.id)
        .where(PayeeDigest.account_lookup.in_(accounts))
    )
    staff = _staff_of(accounts)
    found = db.session.execute(named).all()
    seen = [_with_account(row, staff.get(row.account_lookup, ())) for row in found[:MOST_LINES]]
    return seen[::-1], max(len(rows), len(found)) > MOST_LINES


def read_funds(_from_on: date, to_on: date) -> tuple[list[SeenFund], bool]:
    """Every fund with what it can spend now, and the newest entry that approved help of it."""
    accounts = list(EXPENSE_ACCOUNTS.values())
    newest = (
        select(Posting.entry_id)
        .where(
            Posting.debit_account_code == Account.code,
            Posting.fund_code == Fund.code,
            Posting.entry_on <= to_on,
        )
        .order_by(Posting.entry_on.desc(), Posting.entry_id.desc())
        .limit(1)
        .correlate(Account, Fund)
        .scalar_subquery()
    )
    pairs = select(Fund.code, newest.label("entry_id")).select_from(Fund)
    ids = pairs.join(Account, Account.code.in_(accounts))
    spent: dict[str, list[int]] = defaultdict(list)
    for code, entry_id in db.session.execute(ids):
        spent[code] += [entry_id] if entry_id is not None else []
    days = _days_of([each for of_fund in spent.values() for each in of_fund])
    held = select(FundBalance.fund_code, FundBalance.available_satang)
    seen = []
    for code, satang in db.session.execute(held.order_by(FundBalance.fund_code)):
        last = max(((days[each], each) for each in spent.get(code, ())), default=None)
        number = entry_number(last[1]) if last else ""
        seen.append(SeenFund(code, satang, to_on, number, last[0] if last else None))
    return seen, False


def read_receipts(_from_on: date, to_on: date) -> tuple[list[SeenReceipt], bool]:
    """The newest receipts of the fiscal year of the last day, by number."""
    statement = (
        select(
            Receipt.fiscal_year,
            Receipt.number,
            Receipt.issued_on,
            Receipt.amount_satang,
            Payment.journal_entry_id,
        )
        .join(Payment, Payment.id == Receipt.payment_id)
        .where(Receipt.fiscal_year == fiscal_year_be(to_on))
        .order_by(Receipt.number.desc())
        .limit(MOST_LINES + 1)
    )
    rows = db.session.execute(statement).all()
    seen = [
        SeenReceipt(
            f"{row.fiscal_year}-{row.number:06d}",
            row.number,
            row.issued_on,
            row.amount_satang,
            entry_number(row.journal_entry_id),
        )
        for row in rows[:MOST_LINES][::-1]
    ]
    return seen, False


_READERS: dict[Source, Callable[[date, date], Rows]] = {
    Source.ENTRIES: read_lines,
    Source.HELP: read_help,
    Source.ACCOUNTS: read_accounts,
    Source.FUNDS: read_funds,
    Source.RECEIPTS: read_receipts,
}


def count_people_without_account(user_ids: Iterable[int]) -> int:
    """Of how many of these people no account is noted."""
    noted = set(db.session.scalars(select(StaffAccount.user_id).distinct()))
    return len(set(user_ids) - noted)


def find_dismissals(rule: str, keys: Iterable[str]) -> dict[str, Dismissal]:
    """Those of these exceptions that were looked at, by key."""
    statement = select(Dismissal).where(Dismissal.rule == rule, Dismissal.key.in_(list(keys)))
    return {row.key: row for row in db.session.scalars(statement)}


def _of_days(kind: EntryKind, from_on: date, to_on: date) -> ColumnElement[bool]:
    return and_(is_of_kinds(kind), JournalEntry.entry_on >= from_on, JournalEntry.entry_on <= to_on)


def _help_statement(*columns: Any) -> Any:
    """Approved requests with their entries, newest first, one more than is read."""
    return (
        select(
            DisbursementRequest.id,
            JournalEntry.id.label("entry_id"),
            JournalEntry.entry_on,
            JournalEntry.total_satang,
            JournalEntry.maker,
            *columns,
        )
        .join(JournalEntry, JournalEntry.id == DisbursementRequest.approval_entry_id)
        .order_by(JournalEntry.entry_on.desc(), JournalEntry.id.desc())
        .limit(MOST_LINES + 1)
    )


def _proofs_of(request_ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Who filed each proof of receipt of these requests, with the hash of its paper."""
    statement = (
        select(ProofOfReceipt.request_id, User.public_id, Document.original_sha256)
        .join(User, User.id == ProofOfReceipt.filed_by_id)
        .outerjoin(Document, Document.id == ProofOfReceipt.document_id)
        .where(ProofOfReceipt.request_id.in_(request_ids))
        .order_by(ProofOfReceipt.id)
    )
    proofs: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for request_id, who, sha256 in db.session.execute(statement):
        proofs[request_id].append((who, bytes(sha256).hex() if sha256 else ""))
    return proofs


def _staff_of(accounts: Iterable[bytes]) -> dict[bytes, tuple[str, ...]]:
    """Public ids of those who work for the fund, by account."""
    statement = (
        select(StaffAccount.account_lookup, User.public_id)
        .join(User, User.id == StaffAccount.user_id)
        .where(StaffAccount.account_lookup.in_(list(accounts)))
    )
    staff: dict[bytes, tuple[str, ...]] = defaultdict(tuple)
    for account, public_id in db.session.execute(statement):
        staff[account] += (public_id,)
    return staff


def _with_account(row: Row[Any], staff: tuple[str, ...]) -> SeenHelp:
    return SeenHelp(
        entry_number(row.entry_id),
        row.entry_on,
        row.total_satang,
        row.maker,
        payee=base64.b32encode(row.payee_lookup[:5]).decode(),
        account=row.account_lookup[:8].hex(),
        shares=True,
        staff=staff,
    )


def _days_of(entry_ids: Iterable[int]) -> dict[int, date]:
    statement = select(JournalEntry.id, JournalEntry.entry_on)
    rows = db.session.execute(statement.where(JournalEntry.id.in_(list(entry_ids))))
    return {row.id: row.entry_on for row in rows}
