"""Reading bank accounts and imported statements."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import func, select

from fundapp.banking.errors import UnknownBankAccountError
from fundapp.banking.models import BankAccount, LineStatus, Statement, StatementLine
from fundapp.db import db
from fundapp.errors import NotFoundError
from fundapp.giving.payment_instructions import PayableAccount
from fundapp.paging import Page, int_key, page_of
from fundapp.thai.banks import banks

_LARGEST_ID = 2**63 - 1

Counts = dict[LineStatus, int]


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement in the list, with the number of its lines in each state."""

    statement: Statement
    counts: Counts = field(default_factory=dict)

    @property
    def lines(self) -> int:
        """How many lines came with this file; those known before are with the earlier one."""
        return sum(self.counts.values())


def list_bank_accounts() -> list[BankAccount]:
    """The fund's accounts at banks, by code."""
    return list(db.session.scalars(select(BankAccount).order_by(BankAccount.code)))


def list_accounts_to_pay_to() -> list[PayableAccount]:
    """The fund's accounts as a donor needs them to transfer to."""
    return [
        PayableAccount(
            bank=banks().get(account.bank_code),
            bank_code=account.bank_code,
            name=account.name,
            number=account.account_number,
            account_code=account.account_code,
        )
        for account in list_bank_accounts()
    ]


def get_bank_account(code: str) -> BankAccount:
    """The account; UnknownBankAccountError."""
    account = db.session.get(BankAccount, code)
    if account is None:
        raise UnknownBankAccountError(field="account")
    return account


def get_statement(public_id: str) -> Statement:
    """The statement; NotFoundError."""
    statement = db.session.scalar(select(Statement).where(Statement.public_id == public_id))
    if statement is None:
        raise NotFoundError
    return statement


def list_statements(*, after: str | None = None, limit: int = 50) -> Page[StatementRow]:
    """Statements, the one imported last first."""
    statement = select(Statement).order_by(Statement.id.desc()).limit(limit + 1)
    key = int_key(after)
    if key is not None:
        statement = statement.where(Statement.id < min(key, _LARGEST_ID))
    found = list(db.session.scalars(statement))
    counts = status_counts(one.id for one in found)
    rows = [StatementRow(one, counts.get(one.id, {})) for one in found]
    return page_of(rows, limit, lambda row: row.statement.id)


def status_counts(statement_ids: Iterable[int]) -> dict[int, Counts]:
    """How many lines of each statement are in each state."""
    statement = (
        select(StatementLine.statement_id, StatementLine.status, func.count())
        .where(StatementLine.statement_id.in_(list(statement_ids)))
        .group_by(StatementLine.statement_id, StatementLine.status)
    )
    counts: dict[int, Counts] = {}
    for statement_id, status, number in db.session.execute(statement):
        counts.setdefault(statement_id, {})[status] = number
    return counts
