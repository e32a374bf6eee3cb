"""What the rules look at: bounded, whatever the books hold."""

import base64
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
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
from fundapp.db import Day, db
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
from fundapp.ledger.models import Account, EntryKind, Fund, FundBalance, JournalEntry, Posting
from fundapp.ledger.queries import is_of_kinds
from fundapp.thai.calendar import fiscal_year_be

#: Entries, requests or receipts that a page reads at most; it says so when there are more.
MOST_LINES = 2_000
#: Columns of tables, as rows of mapped classes take longer to make.
_ENTRY = JournalEntry.__table__.c
_COLUMNS = (
    _ENTRY.id,
    _ENTRY.kind,
    _ENTRY.entry_on,
    _ENTRY.posted_at,
    _ENTRY.total_satang,
    _ENTRY.maker,
    _ENTRY.checker,
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
    rows = db.session.execute(_LINES, {"from_on": from_on, "to_on": to_on}).all()
    return list(map(SeenEntry._make, rows[:MOST_LINES][::-1])), len(rows) > MOST_LINES


def read_help(from_on: date, to_on: date) -> tuple[list[SeenHelp], bool]:
    """The newest requests that were approved in these days, oldest first, with who filed their
    first proof of receipt, the reference of their payment and the hashes of their papers.
    """
    approval = _newest(EntryKind.ASSISTANCE_APPROVED, from_on, to_on).subquery()
    statement = (
        select(
            approval.c.id,
            approval.c.entry_on,
            approval.c.total_satang,
            approval.c.maker,
            Payout.bank_reference,
            User.public_id,
            Document.original_sha256,
        )
        .select_from(approval)
        .join(DisbursementRequest, DisbursementRequest.approval_entry_id == approval.c.id)
        .outerjoin(Payout, is_payment_of_request())
        .outerjoin(ProofOfReceipt, ProofOfReceipt.request_id == DisbursementRequest.id)
        .outerjoin(User, User.id == ProofOfReceipt.filed_by_id)
        .outerjoin(Document, Document.id == ProofOfReceipt.document_id)
        .order_by(approval.c.entry_on.desc(), approval.c.id.desc(), ProofOfReceipt.id)
    )
    seen: dict[int, SeenHelp] = {}
    for entry_id, day, satang, asker, reference, prover, sha256 in db.session.execute(statement):
        papers = (bytes(sha256).hex(),) if sha256 else ()
        if before := seen.get(entry_id):
            seen[entry_id] = before._replace(papers=before.papers + papers)
        else:
            seen[entry_id] = SeenHelp(
                entry_id, day, satang, asker, prover or "", reference=reference or "", papers=papers
            )
    return list(seen.values())[:MOST_LINES][::-1], len(seen) > MOST_LINES


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
    approval = _newest(EntryKind.ASSISTANCE_APPROVED, from_on, to_on).subquery()
    of_days = (
        select(PayeeDigest.account_lookup)
        .select_from(approval)
        .join(DisbursementRequest, DisbursementRequest.approval_entry_id == approval.c.id)
        .join(PayeeDigest, PayeeDigest.request_id == DisbursementRequest.id)
        .where(shares)
    )
    accounts = {account for account in db.session.scalars(of_days) if account is not None}
    count = db.session.scalar(select(func.count()).select_from(approval)) or 0
    if not accounts:
        return [], count > MOST_LINES
    named = (
        _help_statement(PayeeDigest.account_lookup, PayeeDigest.payee_lookup)
        .join(PayeeDigest, PayeeDigest.request_id == DisbursementRequest.id)
        .where(PayeeDigest.account_lookup.in_(accounts))
    )
    staff = _staff_of(accounts)
    found = db.session.execute(named).all()
    seen = [_with_account(row, staff.get(row.account_lookup, ())) for row in found[:MOST_LINES]]
    return seen[::-1], max(count, len(found)) > MOST_LINES


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
        day, entry_id = last or (None, None)
        seen.append(SeenFund(code, satang, to_on, entry_id, day))
    return seen, False


def read_receipts(_from_on: date, to_on: date) -> tuple[list[SeenReceipt], bool]:
    """The newest receipts of the fiscal year of the last day, by number; none where their numbers
    run from the lowest to the highest, as they should: then no rule has anything to find.
    """
    newest = (
        select(Receipt.number)
        .where(Receipt.fiscal_year == fiscal_year_be(to_on))
        .order_by(Receipt.number.desc())
        .limit(MOST_LINES)
    )
    number = newest.subquery().c.number
    counts = select(func.count(), func.count(number.distinct()), func.max(number), func.min(number))
    count, different, highest, lowest = db.session.execute(counts).one()
    if not count or count == different == highest - lowest + 1:
        return [], False
    statement = newest.join(Payment, Payment.id == Receipt.payment_id).with_only_columns(
        Receipt.fiscal_year,
        Receipt.number,
        Receipt.issued_on,
        Receipt.amount_satang,
        Payment.journal_entry_id,
    )
    rows = db.session.execute(statement).all()
    seen = [
        SeenReceipt(
            f"{row.fiscal_year}-{row.number:06d}",
            row.number,
            row.issued_on,
            row.amount_satang,
            row.journal_entry_id,
        )
        for row in rows[::-1]
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


def _newest(kind: EntryKind, from_on: Any, to_on: Any) -> Select[Any]:
    """The newest entries of a kind, one more than is read, from the index of entries by kind."""
    return (
        select(*_COLUMNS)
        .where(
            is_of_kinds(kind, entry=_ENTRY), _ENTRY.entry_on >= from_on, _ENTRY.entry_on <= to_on
        )
        .order_by(_ENTRY.entry_on.desc(), _ENTRY.id.desc())
        .limit(literal_column(str(MOST_LINES + 1)))
    )


def _newest_lines() -> Select[Any]:
    """The newest entries of all kinds but gifts, one more than is read."""
    from_on, to_on = bindparam("from_on", type_=Day), bindparam("to_on", type_=Day)
    of_kinds = [_newest(kind, from_on, to_on).subquery() for kind in _KINDS]
    lines = union_all(*map(select, of_kinds)).subquery()
    return (
        select(lines)
        .order_by(lines.c.entry_on.desc(), lines.c.id.desc())
        .limit(literal_column(str(MOST_LINES + 1)))
    )


#: Made once: so many parts take longer to put together than to read.
_LINES = _newest_lines()


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
        row.entry_id,
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
