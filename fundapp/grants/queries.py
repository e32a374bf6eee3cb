"""Reads of grants. Amounts are satang."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select

from fundapp.budgets.queries import Spending, find_spending
from fundapp.db import count_rows, db
from fundapp.disbursements.entry_drafts import EXPENSE_ACCOUNTS
from fundapp.documents.models import Document
from fundapp.errors import NotFoundError
from fundapp.giving.models import Donor
from fundapp.giving.policy import ORGANISATIONS
from fundapp.giving.queries.donors import is_merged
from fundapp.grants.models import (
    GrantCondition,
    GrantInstalment,
    GrantLine,
    GrantReport,
    GrantStatus,
    ReceivedGrant,
    ReportSending,
    ReportStatus,
)
from fundapp.grants.policy import SHOWN_DAYS_AHEAD, days_of, line_of
from fundapp.ledger.models import Account
from fundapp.ledger.queries import list_accounts
from fundapp.paging import Page, int_key, page_of
from fundapp.thai.calendar import fiscal_year_be

_PAGE_SIZE = 50
_MOST_DONORS = 500
#: The accounts of help.
HELP = frozenset(EXPENSE_ACCOUNTS.values())
#: Those to which help is or was charged.
CHARGED = (GrantStatus.RUNNING, GrantStatus.COMPLETED, GrantStatus.ENDED)


@dataclass(frozen=True, slots=True)
class LineRow:
    """A budget line with what was charged to it."""

    line: GrantLine
    account: Account
    from_on: date
    to_on: date
    spending: Spending

    @property
    def left_satang(self) -> int:
        """What is left; below zero where more was charged."""
        return self.line.amount_satang - self.spending.charged_satang


@dataclass(frozen=True, slots=True)
class InstalmentRow:
    """An instalment with what arrived of it."""

    instalment: GrantInstalment
    reference: str
    arrived_satang: int


@dataclass(frozen=True, slots=True)
class GrantFile:
    """A grant with what its page shows. ``outside_satang`` is the help of the fund in the
    days of the grant that was charged to none of its lines.
    """

    grant: ReceivedGrant
    agreement: Document | None
    lines: Sequence[LineRow]
    instalments: Sequence[InstalmentRow]
    outside_satang: int
    #: The papers of conditions and reports, by the id of the document.
    papers: dict[int, Document]

    @property
    def lines_satang(self) -> int:
        """What the budget lines come to."""
        return sum(row.line.amount_satang for row in self.lines)

    @property
    def instalments_satang(self) -> int:
        """What the instalments come to."""
        return sum(row.instalment.amount_satang for row in self.instalments)

    @property
    def arrived_satang(self) -> int:
        """What arrived of them."""
        return sum(row.arrived_satang for row in self.instalments)

    @property
    def charged_satang(self) -> int:
        """What was charged to the lines, paid or not."""
        return sum(row.spending.charged_satang for row in self.lines)

    @property
    def adds_up(self) -> bool:
        """Whether lines and instalments are the total."""
        return self.lines_satang == self.instalments_satang == self.grant.total_satang


def get_grant(public_id: str) -> ReceivedGrant:
    """The grant; NotFoundError."""
    grant = db.session.scalar(select(ReceivedGrant).where(ReceivedGrant.public_id == public_id))
    if grant is None:
        raise NotFoundError
    return grant


def get_grant_file(public_id: str) -> GrantFile:
    """The grant with its parts and what was charged; NotFoundError."""
    grant = get_grant(public_id)
    accounts = {account.code: account for account in list_accounts()}
    spent = find_line_spending(grant, grant.starts_on, grant.last_on)
    charged = find_spending(grant.starts_on, grant.last_on, grant.fund_code)
    in_days = sum(each.charged_satang for (_, code), each in charged.items() if code in HELP)
    of_help = [line.id for line in grant.lines if line.account_code in HELP]
    in_lines = sum(spent[line_id].charged_satang for line_id in of_help)
    counts = grant.status in CHARGED
    return GrantFile(
        grant=grant,
        agreement=db.session.get(Document, grant.document_id) if grant.document_id else None,
        lines=[
            LineRow(
                line,
                accounts[line.account_code],
                *days_of(line, grant),
                spent[line.id] if counts else Spending(),
            )
            for line in grant.lines
        ],
        instalments=[_instalment(each) for each in grant.instalments],
        outside_satang=in_days - in_lines if counts else 0,
        papers=_papers(grant),
    )


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report with what was spent in its days: on each line now, and as it was sent last."""

    report: GrantReport
    rows: Sequence[LineRow]
    sendings: Sequence[ReportSending]
    papers: dict[int, Document]

    @property
    def sent_figures(self) -> dict[int, int]:
        """What the newest sending says, in satang, by the id of the line."""
        if not self.sendings:
            return {}
        return {each.line_id: each.spent_satang for each in self.sendings[-1].figures}

    @property
    def spent_satang(self) -> int:
        """What was spent on all lines, as the books have it now."""
        return sum(row.spending.spent_satang for row in self.rows)

    @property
    def sent_satang(self) -> int:
        """What the newest sending says of all lines."""
        return sum(self.sent_figures.values())


def get_condition(public_id: str) -> GrantCondition:
    """The condition; NotFoundError."""
    condition = db.session.scalar(
        select(GrantCondition).where(GrantCondition.public_id == public_id)
    )
    if condition is None:
        raise NotFoundError
    return condition


def get_report_file(public_id: str) -> ReportFile:
    """The report with its figures; NotFoundError."""
    report = db.session.scalar(select(GrantReport).where(GrantReport.public_id == public_id))
    if report is None:
        raise NotFoundError
    grant = report.grant
    accounts = {account.code: account for account in list_accounts()}
    spent = find_line_spending(grant, report.from_on, report.to_on)
    rows = [
        LineRow(line, accounts[line.account_code], *days_of(line, grant), spent[line.id])
        for line in grant.lines
    ]
    papers = {
        sending.document_id: paper
        for sending in report.sent
        if (paper := find_paper(sending.document_id)) is not None
    }
    return ReportFile(report, rows, report.sent, papers)


def find_paper(document_id: int | None) -> Document | None:
    """The stored paper of that row id."""
    return None if document_id is None else db.session.get(Document, document_id)


def takes_reports(grant: ReceivedGrant) -> bool:
    """Whether conditions are met and reports sent now."""
    return grant.status is GrantStatus.RUNNING


def find_line_spending(grant: ReceivedGrant, from_on: date, to_on: date) -> dict[int, Spending]:
    """What was charged to each line of the grant in these days, by the id of the line."""
    spending: dict[int, Spending] = {}
    by_days: dict[tuple[date, date], dict[tuple[str, str], Spending]] = {}
    for line in grant.lines:
        first, last = days_of(line, grant)
        days = max(first, from_on), min(last, to_on)
        if days[0] > days[1]:
            spending[line.id] = Spending()
            continue
        if days not in by_days:
            by_days[days] = find_spending(*days, grant.fund_code)
        key = (grant.fund_code, line.account_code)
        spending[line.id] = by_days[days].get(key, Spending())
    return spending


def _instalment(instalment: GrantInstalment) -> InstalmentRow:
    pledge = instalment.pledge
    if pledge is None:
        return InstalmentRow(instalment, "", 0)
    arrived = sum(each.received_satang for each in pledge.instalments)
    return InstalmentRow(instalment, pledge.instalments[0].reference, arrived)


def _papers(grant: ReceivedGrant) -> dict[int, Document]:
    ids = [condition.document_id for condition in grant.conditions if condition.document_id]
    ids += [sending.document_id for report in grant.reports for sending in report.sent]
    found = db.session.scalars(select(Document).where(Document.id.in_(ids))) if ids else ()
    return {document.id: document for document in found}


def list_grants(status: GrantStatus | None = None, after: str | None = None) -> Page[ReceivedGrant]:
    """Grants, the newest first, by key; of one state if named."""
    statement = select(ReceivedGrant).order_by(ReceivedGrant.id.desc()).limit(_PAGE_SIZE + 1)
    if status is not None:
        statement = statement.where(ReceivedGrant.status == status)
    key = int_key(after)
    if key is not None:
        statement = statement.where(ReceivedGrant.id < key)
    return page_of(list(db.session.scalars(statement)), _PAGE_SIZE, lambda row: row.id)


def list_grantors() -> list[Donor]:
    """The bodies among the donors, by name."""
    statement = (
        select(Donor)
        .where(Donor.kind.in_(ORGANISATIONS), ~is_merged())
        .order_by(Donor.name, Donor.id)
        .limit(_MOST_DONORS)
    )
    return list(db.session.scalars(statement))


def find_running_grant(fund_code: str, day: date) -> ReceivedGrant | None:
    """The grant of the fund to which help of this day is charged; there is one at most."""
    statement = select(ReceivedGrant).where(
        ReceivedGrant.fund_code == fund_code,
        ReceivedGrant.status == GrantStatus.RUNNING,
        ReceivedGrant.starts_on <= day,
        ReceivedGrant.ends_on >= day,
    )
    return db.session.scalars(statement).first()


def find_charged_line(fund_code: str, account_code: str, day: date) -> LineRow | None:
    """The line that help of this kind and day is charged to, with what was charged so far; None
    where there is none.
    """
    grant = find_running_grant(fund_code, day)
    if grant is None:
        return None
    line = line_of(grant.lines, account_code, fiscal_year_be(day))
    if line is None:
        return None
    account = next(each for each in list_accounts() if each.code == account_code)
    spent = find_line_spending(grant, grant.starts_on, grant.last_on)
    return LineRow(line, account, *days_of(line, grant), spent[line.id])


def find_other_grant(grant: ReceivedGrant, ends_on: date | None = None) -> ReceivedGrant | None:
    """Another grant of the fund that counts on some of these days, or would if this one ended on
    ``ends_on``.
    """
    statement = select(ReceivedGrant).where(
        ReceivedGrant.id != grant.id,
        ReceivedGrant.fund_code == grant.fund_code,
        ReceivedGrant.status.in_(CHARGED),
        ReceivedGrant.starts_on <= (ends_on or grant.ends_on),
    )
    others = db.session.scalars(statement.order_by(ReceivedGrant.starts_on))
    return next((other for other in others if other.last_on >= grant.starts_on), None)


def count_due_conditions(today: date) -> int:
    """How many conditions of running grants are open and due within `SHOWN_DAYS_AHEAD`."""
    return count_rows(select(GrantCondition.id).join(ReceivedGrant).where(_due_conditions(today)))


def count_due_reports(today: date) -> int:
    """How many reports of running grants are not sent, or returned, and due by then."""
    return count_rows(select(GrantReport.id).join(ReceivedGrant).where(_due_reports(today)))


def list_due_conditions(today: date) -> list[GrantCondition]:
    """Those conditions, the earliest first."""
    statement = (
        select(GrantCondition)
        .join(ReceivedGrant, ReceivedGrant.id == GrantCondition.grant_id)
        .where(_due_conditions(today))
        .order_by(GrantCondition.due_on, GrantCondition.id)
        .limit(_MOST_DONORS)
    )
    return list(db.session.scalars(statement))


def list_due_reports(today: date) -> list[GrantReport]:
    """Those reports, the earliest first."""
    statement = (
        select(GrantReport)
        .join(ReceivedGrant, ReceivedGrant.id == GrantReport.grant_id)
        .where(_due_reports(today))
        .order_by(GrantReport.due_on, GrantReport.id)
        .limit(_MOST_DONORS)
    )
    return list(db.session.scalars(statement))


def _due_conditions(today: date) -> ColumnElement[bool]:
    return (
        (ReceivedGrant.status == GrantStatus.RUNNING)
        & GrantCondition.met_on.is_(None)
        & (GrantCondition.due_on <= today + timedelta(days=SHOWN_DAYS_AHEAD))
    )


def _due_reports(today: date) -> ColumnElement[bool]:
    return (
        (ReceivedGrant.status == GrantStatus.RUNNING)
        & or_(GrantReport.status == ReportStatus.DUE, GrantReport.status == ReportStatus.RETURNED)
        & (GrantReport.due_on <= today + timedelta(days=SHOWN_DAYS_AHEAD))
    )
