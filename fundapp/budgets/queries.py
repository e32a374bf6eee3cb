"""Budgets against what was spent, and transfers between funds. Amounts are satang.

What a fund *spent* on a kind of expense in some days is what its expense account was charged with,
less what is *committed*: help that is approved and waits to be paid. Both are charged on the day of
the approval. A request that is cancelled takes its charge back on that day.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select, union_all
from sqlalchemy.orm import Load

from fundapp.budgets.models import BudgetLine, FundTransfer, TransferRule
from fundapp.db import after_day, db
from fundapp.disbursements.entry_drafts import EXPENSE_ACCOUNTS
from fundapp.disbursements.models import DisbursementRequest, RequestStatus
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import Account, AccountType, EntryKind, Fund, JournalEntry, Posting
from fundapp.ledger.queries import is_of_kinds, list_accounts, list_funds, movements_between
from fundapp.paging import Page, day_key_text, int_key, page_of
from fundapp.thai.calendar import fiscal_year_bounds

_EXPENSES = "5"
_PAGE_SIZE = 50
#: Of a request a list shows its number and state: none of its parts is loaded.
_ROW_ALONE = Load(DisbursementRequest).lazyload("*")


class ChargePart(StrEnum):
    """A part of what was charged."""

    COMMITTED = "committed"
    SPENT = "spent"


@dataclass(frozen=True, slots=True)
class Spending:
    """What an account was charged with, and what of it waits to be paid."""

    charged_satang: int = 0
    committed_satang: int = 0

    @property
    def spent_satang(self) -> int:
        """What is paid, or was the bank's."""
        return self.charged_satang - self.committed_satang


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A kind of expense of a fund in a fiscal year."""

    account: Account
    budget_satang: int
    spending: Spending

    @property
    def left_satang(self) -> int:
        """What may still be spent; below zero where more was."""
        return self.budget_satang - self.spending.charged_satang


@dataclass(frozen=True, slots=True)
class FundBudget:
    """A fund in a fiscal year: every expense that has a budget or was charged."""

    fund: Fund
    rows: Sequence[BudgetRow]

    @property
    def budget_satang(self) -> int:
        """All that may be spent."""
        return sum(row.budget_satang for row in self.rows)

    @property
    def committed_satang(self) -> int:
        """All that is approved and not paid."""
        return sum(row.spending.committed_satang for row in self.rows)

    @property
    def spent_satang(self) -> int:
        """All that was spent."""
        return sum(row.spending.spent_satang for row in self.rows)

    @property
    def left_satang(self) -> int:
        """All that is left."""
        return sum(row.left_satang for row in self.rows)


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """An entry that charged an expense, or took a charge back (below zero), and its request."""

    entry: JournalEntry
    satang: int
    request: DisbursementRequest | None

    @property
    def number(self) -> str:
        """The public number of the entry."""
        return entry_number(self.entry.id)


@dataclass(frozen=True, slots=True)
class Charges:
    """Which charges are listed: of a fund's expense account, in some days, of one part or all."""

    fund_code: str
    account_code: str
    from_on: date
    to_on: date
    part: ChargePart | None = None


def list_expense_accounts() -> list[Account]:
    """The accounts that can have a budget, by code."""
    return [account for account in list_accounts() if account.type is AccountType.EXPENSE]


def get_budget(fund_code: str, fiscal_year: int) -> dict[str, int]:
    """What the fund may spend in the year, by account; accounts without an amount are left out."""
    statement = select(BudgetLine).where(
        BudgetLine.fund_code == fund_code,
        BudgetLine.fiscal_year == fiscal_year,
        BudgetLine.amount_satang > 0,
    )
    lines = db.session.scalars(statement.order_by(BudgetLine.account_code))
    return {line.account_code: line.amount_satang for line in lines}


def find_spending(
    from_on: date, to_on: date, fund_code: str | None = None
) -> dict[tuple[str, str], Spending]:
    """What was charged in the days, by fund and expense account; of one fund if named."""
    charged: dict[tuple[str, str], int] = defaultdict(int)
    for key, moved in movements_between(from_on, to_on, fund_code).items():
        if key[1].startswith(_EXPENSES):
            charged[key] = moved.balance_satang
    committed = _find_committed(from_on, to_on, fund_code)
    return {
        key: Spending(charged[key], committed.get(key, 0))
        for key in sorted(charged.keys() | committed.keys())
        if charged[key] or committed.get(key)
    }


def _find_committed(
    from_on: date, to_on: date, fund_code: str | None
) -> dict[tuple[str, str], int]:
    """What is approved and not paid, of approvals in the days."""
    statement = (
        select(
            DisbursementRequest.fund_code,
            DisbursementRequest.need,
            func.sum(DisbursementRequest.total_satang),
        )
        .join(JournalEntry, JournalEntry.id == DisbursementRequest.approval_entry_id)
        .where(
            DisbursementRequest.status == RequestStatus.APPROVED,
            JournalEntry.entry_on.between(from_on, to_on),
        )
        .group_by(DisbursementRequest.fund_code, DisbursementRequest.need)
    )
    if fund_code is not None:
        statement = statement.where(DisbursementRequest.fund_code == fund_code)
    return {
        (fund, EXPENSE_ACCOUNTS[need]): int(satang)
        for fund, need, satang in db.session.execute(statement)
    }


def list_budgets(fiscal_year: int, fund_code: str | None = None) -> list[FundBudget]:
    """Every fund in the year with its expenses, in the funds' order; one fund if named."""
    spending = find_spending(*fiscal_year_bounds(fiscal_year), fund_code)
    lines = select(BudgetLine).where(BudgetLine.fiscal_year == fiscal_year)
    amounts = {
        (line.fund_code, line.account_code): line.amount_satang
        for line in db.session.scalars(lines)
    }
    accounts = list_expense_accounts()
    return [
        FundBudget(
            fund,
            [
                BudgetRow(account, amounts.get(key, 0), spending.get(key, Spending()))
                for account in accounts
                if amounts.get(key := (fund.code, account.code)) or key in spending
            ],
        )
        for fund in list_funds()
        if fund_code in (None, fund.code)
    ]


def list_charges(charges: Charges, *, after: str | None = None) -> Page[ChargeRow]:
    """The entries behind a figure, the newest first, by key."""
    if charges.part is ChargePart.COMMITTED:
        rows = _committed_charges(charges, after)
    else:
        rows = _posted_charges(charges, after)
    return page_of(rows, _PAGE_SIZE, lambda row: day_key_text(row.entry.entry_on, row.entry.id))


def _committed_charges(charges: Charges, after: str | None) -> list[ChargeRow]:
    """Approvals of requests that wait to be paid: there are few, whatever the journal holds."""
    needs = [need for need, code in EXPENSE_ACCOUNTS.items() if code == charges.account_code]
    statement = (
        select(JournalEntry, DisbursementRequest)
        .join(DisbursementRequest, DisbursementRequest.approval_entry_id == JournalEntry.id)
        .where(
            DisbursementRequest.fund_code == charges.fund_code,
            DisbursementRequest.status == RequestStatus.APPROVED,
            DisbursementRequest.need.in_(needs),
            JournalEntry.entry_on.between(charges.from_on, charges.to_on),
            *after_day(after, JournalEntry.entry_on, JournalEntry.id, newest_first=True),
        )
        .order_by(JournalEntry.entry_on.desc(), JournalEntry.id.desc())
        .options(_ROW_ALONE)
        .limit(_PAGE_SIZE + 1)
    )
    return [
        ChargeRow(entry, request.total_satang, request)
        for entry, request in db.session.execute(statement)
    ]


def _posted_charges(charges: Charges, after: str | None) -> list[ChargeRow]:
    """What was posted to the account; without what waits, where that part is asked for."""
    # Each side by its own index, which is in the order of the page.
    sides = [
        select(Posting.entry_id, Posting.entry_on, amount.label("satang"))
        .where(
            side == charges.account_code,
            Posting.fund_code == charges.fund_code,
            Posting.entry_on.between(charges.from_on, charges.to_on),
            Posting.entry_id.not_in(select(JournalEntry.id).where(is_of_kinds(EntryKind.YEAR_END))),
            *([] if charges.part is None else [~_waits()]),
            *after_day(after, Posting.entry_on, Posting.entry_id, newest_first=True),
        )
        .order_by(Posting.entry_on.desc(), Posting.entry_id.desc())
        .limit(_PAGE_SIZE + 1)
        .subquery()
        for side, amount in (
            (Posting.debit_account_code, Posting.amount_satang),
            (Posting.credit_account_code, -Posting.amount_satang),
        )
    ]
    both = union_all(*(select(side.c.entry_id, side.c.satang) for side in sides)).subquery().c
    statement = (
        select(JournalEntry, both.satang, DisbursementRequest)
        .join(JournalEntry, JournalEntry.id == both.entry_id)
        .outerjoin(DisbursementRequest, DisbursementRequest.approval_entry_id == JournalEntry.id)
        .order_by(JournalEntry.entry_on.desc(), JournalEntry.id.desc())
        .options(_ROW_ALONE)
        .limit(_PAGE_SIZE + 1)
    )
    rows = db.session.execute(statement)
    return [ChargeRow(entry, int(satang), request) for entry, satang, request in rows]


def _waits() -> ColumnElement[bool]:
    """That the posting is of a request that waits to be paid."""
    return (
        select(DisbursementRequest.id)
        .where(
            DisbursementRequest.approval_entry_id == Posting.entry_id,
            DisbursementRequest.status == RequestStatus.APPROVED,
        )
        .exists()
    )


def get_transfer_rule(fund_code: str) -> TransferRule:
    """Whether the fund gives and takes; a fund without a rule does neither."""
    rule = db.session.get(TransferRule, fund_code)
    return rule or TransferRule(fund_code=fund_code, gives=False, takes=False)


def list_transfer_rules() -> dict[str, TransferRule]:
    """The rules that there are, by fund."""
    return {rule.fund_code: rule for rule in db.session.scalars(select(TransferRule))}


def list_fund_transfers(after: str | None = None) -> Page[FundTransfer]:
    """The transfers between funds, the newest first, by key."""
    statement = select(FundTransfer).order_by(FundTransfer.id.desc()).limit(_PAGE_SIZE + 1)
    key = int_key(after)
    if key is not None:
        statement = statement.where(FundTransfer.id < key)
    return page_of(list(db.session.scalars(statement)), _PAGE_SIZE, lambda row: row.id)
