"""Publishing the figures of months that are over, and mailing checkpoints to their holders."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.disbursements.entry_drafts import EXPENSE_ACCOUNTS
from fundapp.ledger.log.queries import last_checkpoint, published_note
from fundapp.ledger.models import Account, AccountType, EntryKind, JournalEntry, Posting
from fundapp.ledger.queries import list_funds
from fundapp.mail.operations import queue_messages
from fundapp.places.queries import list_districts
from fundapp.trail.operations import record_event
from fundapp.transparency.digest import publication_digest
from fundapp.transparency.emails import checkpoint_mailed
from fundapp.transparency.errors import MonthNotOverError
from fundapp.transparency.locking import lock_mailings, lock_publications
from fundapp.transparency.models import (
    CheckpointHolder,
    CheckpointMailing,
    FigureKind,
    Publication,
    PublishedCallbacks,
    PublishedFigure,
)
from fundapp.transparency.policy import may_mail_checkpoints, may_publish, may_set_holders
from fundapp.transparency.queries.callbacks import (
    children_by_payment,
    list_settled_draws,
    reached_of,
)
from fundapp.transparency.queries.holders import list_holders
from fundapp.transparency.queries.publications import (
    end_of,
    find_published,
    last_month_over,
    last_published_month,
    list_help_lines,
    months_to_publish,
)
from fundapp.transparency.rises import (
    NO_DISTRICT,
    Figure,
    HelpLine,
    K,
    next_counts,
    next_fees,
    next_help,
)
from fundapp.transparency.steps import read_holders

#: In place of a fund: what is counted over all funds.
_ALL_FUNDS = ""
_Rows = dict[tuple[FigureKind, str, str], Figure]


def publish_months(*, until: date | None = None, actor: Actor) -> list[date]:
    """Publish each month up to that of ``until`` that is not published yet, once and for all.

    Without ``until``: every month that is over. Returns the first days of the months published now.
    Raises ForbiddenError and MonthNotOverError.
    """
    require(may_publish(actor))
    newest = last_month_over()
    last = until.replace(day=1) if until else newest
    if last > newest:
        raise MonthNotOverError(field="month", params={"month": f"{last:%Y-%m}"})
    lock_publications()
    months = months_to_publish(last)
    lines = list_help_lines(last) if months else []
    for month in months:
        _publish(month, [line for line in lines if line.month <= month], actor)
    return months


def publish_callbacks(*, actor: Actor) -> bool:
    """Publish what calls about drawn payments gave in all months whose calls are done, as one
    figure, once more than `K` payees were reached for more than `K` children; until then they wait
    for further months. Whether it did. Raises ForbiddenError.

    Amounts of single months are not told, so that nobody computes what one payee said.
    """
    require(may_publish(actor))
    lock_publications()
    draws = list_settled_draws()
    reached = reached_of(draws)
    children = set().union(*children_by_payment(list(reached)).values())
    if min(len(reached), len(children)) <= K:
        return False
    month = draws[-1].month_on
    db.session.add(
        PublishedCallbacks(
            month_on=month,
            drawn_count=sum(draw.drawn_count for draw in draws),
            reached_count=len(reached),
            confirmed_count=sum(reached.values()),
            published_at=clock.now(),
        )
    )
    record_event(
        "transparency:callbacks:publish",
        actor=actor,
        subject_type="publication",
        subject_ref=f"{month:%Y-%m}",
    )
    db.session.flush()
    return True


def _publish(month: date, lines: Sequence[HelpLine], actor: Actor) -> None:
    earlier = find_published(last_published_month())
    known = {
        (figure.kind, figure.fund_code, figure.district_code): Figure(figure.value, figure.rose_in)
        for figure in (earlier.figures if earlier else ())
    }
    rows = _next_figures(known, lines, month)
    figures = [
        PublishedFigure(
            month_on=month,
            kind=kind,
            fund_code=fund_code,
            district_code=district_code,
            value=figure.value,
            rose_in=figure.rose_in,
        )
        for (kind, fund_code, district_code), figure in rows.items()
    ]
    db.session.add_all(figures)
    db.session.flush()  # the publication, which comes last, lets no figure join it
    digest = earlier.publication.figures_sha256 if earlier else b""
    db.session.add(
        Publication(
            month_on=month,
            published_at=clock.now(),
            published_by=actor.ref,
            figure_count=len(figures),
            figures_sha256=publication_digest(month, figures, digest),
        )
    )
    record_event(
        "transparency:publication:publish",
        actor=actor,
        subject_type="publication",
        subject_ref=f"{month:%Y-%m}",
    )
    db.session.flush()


def _next_figures(known: _Rows, lines: Sequence[HelpLine], month: date) -> _Rows:
    """Every figure of the month; ``known`` are those of the month before."""
    funds = [fund.code for fund in list_funds()]
    districts = [district.code for district in list_districts()]
    cells = [(fund, district) for fund in funds for district in (*districts, NO_DISTRICT)]
    kind = FigureKind.HELP_PAID
    help_paid = next_help(
        {cell: known.get((kind, *cell), Figure()) for cell in cells}, lines, month, districts
    )
    kind = FigureKind.CHILDREN_HELPED
    counts = next_counts(
        {code: known.get((kind, _ALL_FUNDS, code), Figure()) for code in districts}, lines, month
    )
    kind = FigureKind.BANK_FEES
    before = {code: known.get((kind, code, NO_DISTRICT), Figure()) for code in funds}
    fees = next_fees(before, _fee_totals(month), help_paid, month)
    return {
        **{(FigureKind.HELP_PAID, *cell): figure for cell, figure in help_paid.items()},
        **{(FigureKind.BANK_FEES, code, NO_DISTRICT): figure for code, figure in fees.items()},
        **{
            (FigureKind.CHILDREN_HELPED, _ALL_FUNDS, code): figure
            for code, figure in counts.items()
        },
    }


def _fee_totals(month: date) -> dict[str, int]:
    """Expenses other than help, by fund, as recorded by the end of the month (satang)."""
    debited = _sums(month, Posting.debit_account_code)
    credited = _sums(month, Posting.credit_account_code)
    return {
        fund: debited.get(fund, 0) - credited.get(fund, 0) for fund in debited.keys() | credited
    }


def _sums(month: date, account_code: InstrumentedAttribute[str]) -> dict[str, int]:
    statement = (
        select(Posting.fund_code, func.sum(Posting.amount_satang))
        .join(JournalEntry, JournalEntry.id == Posting.entry_id)
        .join(Account, Account.code == account_code)
        .where(
            Account.type == AccountType.EXPENSE,
            JournalEntry.kind != EntryKind.YEAR_END,
            account_code.not_in(list(EXPENSE_ACCOUNTS.values())),
            JournalEntry.posted_at < end_of(month),
        )
        .group_by(Posting.fund_code)
    )
    return {fund: int(satang) for fund, satang in db.session.execute(statement)}


def set_checkpoint_holders(addresses: Sequence[str], *, actor: Actor) -> list[str]:
    """Let checkpoints be mailed to these addresses, and to no others; gives them as stored. Raises
    ForbiddenError, HolderAddressError and TooManyHoldersError.
    """
    require(may_set_holders(actor))
    wanted = read_holders(addresses)
    lock_mailings()
    before = list_holders()
    for row in db.session.scalars(select(CheckpointHolder)):
        if row.address not in wanted:
            db.session.delete(row)
    now = clock.now()
    db.session.add_all(
        CheckpointHolder(address=each, added_at=now) for each in wanted if each not in before
    )
    record_event(
        "transparency:holders:set",
        actor=actor,
        subject_type="checkpoint_holders",
        subject_ref="holders",
        changes={"addresses": (", ".join(before), ", ".join(wanted))},
    )
    db.session.flush()
    return wanted


def mail_checkpoint(occasion: str, *, actor: Actor) -> int:
    """Put the newest checkpoint into the outbox for each holder, once for the occasion; gives to
    how many. Raises ForbiddenError.
    """
    require(may_mail_checkpoints(actor))
    lock_mailings()
    checkpoint, holders = last_checkpoint(), list_holders()
    known = db.session.get(CheckpointMailing, occasion)
    if checkpoint is None or not holders or known is not None:
        return 0
    note = published_note(checkpoint)
    copies = queue_messages(
        [checkpoint_mailed(checkpoint, note, address) for address in holders], actor=actor
    )
    if copies:
        db.session.add(
            CheckpointMailing(
                occasion=occasion, number=checkpoint.number, size=checkpoint.size, copies=copies,
                mailed_at=clock.now(),
            )
        )  # fmt: skip
        db.session.flush()
    return copies
