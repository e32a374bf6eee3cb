"""Loads a demo of some size, from the empty database to the practice files."""

from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import TypeVar

from flask import current_app
from sqlalchemy import select, update

from demo.dates import noon
from demo.events import MonthClosed
from demo.folder import save_sign_ins, statements_folder
from demo.older_books import (
    BATCH,
    FUND_CODES,
    INSTALMENTS,
    OlderBooks,
    older_entries,
    older_pledges,
    plan_older_books,
)
from demo.people import SignIn, make_passwords
from demo.plan import DemoPlan, make_plan
from demo.practice_files import make_practice_files, write_practice_files
from demo.replay import replay
from demo.sizes import Size
from fundapp import clock
from fundapp.access.actors import COMMAND_LINE, WORKER
from fundapp.audit.operations import order_checks
from fundapp.db import db, is_postgresql, unit_of_work
from fundapp.disbursements.help_sums.operations import fold_help
from fundapp.giving.campaigns.sums.operations import fold_campaigns
from fundapp.giving.operations import import_older_gifts
from fundapp.ledger.closing import find_stopping
from fundapp.ledger.folding.batches import fold_all
from fundapp.ledger.folding.operations import fold_days
from fundapp.ledger.log.batches import seal_everything
from fundapp.ledger.operations import close_period, fold_balances, post_entries
from fundapp.ledger.queries import get_period
from fundapp.mail.bounces import Bounce
from fundapp.mail.encryption import message_token
from fundapp.mail.models import MailMessage, MessageKind
from fundapp.mail.operations import note_bounce
from fundapp.places.queries import list_subdistricts

T = TypeVar("T")

#: How many messages of the demo came back.
_COME_BACK = 2


@dataclass(frozen=True, slots=True)
class Load:
    """What will be loaded: the plan, the older books, and the months closed after both."""

    plan: DemoPlan
    older_books: OlderBooks
    closings: list[MonthClosed]


def plan_load(size: Size) -> Load:
    """What a demo of this size holds when it is loaded today."""
    subdistricts: dict[str, list[str]] = {}
    for subdistrict in list_subdistricts():
        subdistricts.setdefault(subdistrict.district_code, []).append(subdistrict.code)
    plan = make_plan(clock.today(), size, subdistricts)
    older_books = plan_older_books(plan.span, size)
    if not older_books.entries:
        return Load(plan, older_books, [])
    # Older books are imported before months are closed.
    closings = [event for event in plan.events if isinstance(event, MonthClosed)]
    others = [event for event in plan.events if not isinstance(event, MonthClosed)]
    plan = replace(plan, events=others, older_satang=older_books.banked)
    return Load(plan, older_books, closings)


def load_events(load: Load, progress: Callable[[int], None]) -> None:
    """Carry out the plan in one unit of work and seal its entries, then write the sign-ins and the
    practice files; the worker's first round runs the checks.
    """
    files, sign_ins = unit_of_work(_replay, load.plan, make_passwords(), progress)
    seal_everything(actor=COMMAND_LINE)
    _fold_sums()
    unit_of_work(order_checks, actor=WORKER)
    save_sign_ins(sign_ins)
    write_practice_files(files, statements_folder())


def load_older_books(load: Load, progress: Callable[[int], None]) -> None:
    """Import the older books in batches, each a unit of work; then close the months.

    ``progress`` is called with the number of entries of each batch, from several threads.
    """
    books = load.older_books
    with clock.at(noon(books.span.statements_from - timedelta(days=1))):
        if is_postgresql():
            _side_by_side(
                lambda: _import_gifts_and_post(books, FUND_CODES[:2], progress),
                lambda: _post(books, FUND_CODES[2:], progress),
            )
        else:
            _keep_more_in_memory()
            _import_gifts_and_post(books, FUND_CODES, progress)
        unit_of_work(fold_balances, actor=COMMAND_LINE)
    seal_everything(actor=COMMAND_LINE)
    _fold_sums()
    unit_of_work(_close_months, load.closings)


def _import_gifts_and_post(
    books: OlderBooks, fund_codes: Collection[str], progress: Callable[[int], None]
) -> None:
    for pledges in _batches(iter(older_pledges(books.span, books.payments)), BATCH // INSTALMENTS):
        progress(unit_of_work(import_older_gifts, pledges, actor=COMMAND_LINE))
    _post(books, fund_codes, progress)


def _post(books: OlderBooks, fund_codes: Collection[str], progress: Callable[[int], None]) -> None:
    drafts = older_entries(books.span, books.plain_entries, fund_codes)
    for batch in _batches(drafts, BATCH):
        progress(len(unit_of_work(post_entries, batch, actor=COMMAND_LINE)))


def _side_by_side(*works: Callable[[], None]) -> None:
    """Carry out works at the same time, each with a connection and at the instant of its own. What
    takes money out of a fund holds the fund's row, so no two may do that to the same fund.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def carry_out(work: Callable[[], None]) -> None:
        with app.app_context():
            work()

    with ThreadPoolExecutor(len(works)) as pool:
        running = [pool.submit(copy_context().run, carry_out, work) for work in works]
    for each in running:
        each.result()


def _keep_more_in_memory() -> None:
    """Let SQLite keep pages in memory and copy its log back seldom: a page that many entries change
    is then written once. It holds for the connection of this command; nothing is less durable.
    """
    for pragma in ("cache_size = -262144", "wal_autocheckpoint = 65536"):  # each 256 MB at most
        db.session.connection().exec_driver_sql(f"PRAGMA {pragma}")
    db.session.rollback()


def _replay(
    plan: DemoPlan, passwords: Mapping[str, str], progress: Callable[[int], None]
) -> tuple[dict[str, bytes], list[SignIn]]:
    state, sign_ins = replay(plan, passwords, progress)
    files = make_practice_files(state)
    _deliver_messages()
    _let_some_come_back()
    return files, sign_ins


def _deliver_messages() -> None:
    """Note the messages of the past as delivered when they were written, as a worker would have."""
    waiting = update(MailMessage).where(MailMessage.sent_at.is_(None))
    db.session.execute(waiting.values(sent_at=MailMessage.queued_at, attempts=1))


def _let_some_come_back() -> None:
    """Two donors have addresses that take nothing, as any fund with many has."""
    thanks = (
        select(MailMessage.id)
        .where(MailMessage.kind == MessageKind.RECEIPT)
        .order_by(MailMessage.id.desc())
        .limit(_COME_BACK)
    )
    for message_id in db.session.scalars(thanks).all():
        note_bounce(Bounce(message_token(message_id), "5.1.1"), actor=COMMAND_LINE)


def _close_months(closings: list[MonthClosed]) -> None:
    for closing in closings:
        if not find_stopping(get_period(closing.month_on.isoformat())):
            close_period(closing.month_on, actor=COMMAND_LINE)


def _batches(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(items, size)):
        yield batch


def _fold_sums() -> None:
    for fold in (fold_days, fold_help, fold_campaigns):
        fold_all(fold, is_alone=True, actor=COMMAND_LINE)
