"""Loads a demo of some size, from the empty database to the practice files."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import TypeVar

from sqlalchemy import update

from demo.dates import noon
from demo.events import MonthClosed
from demo.folder import save_sign_ins, statements_folder
from demo.older_books import (
    BATCH,
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
from fundapp.access.actors import COMMAND_LINE
from fundapp.db import db, unit_of_work
from fundapp.giving.operations import import_older_gifts
from fundapp.ledger.operations import close_period, fold_balances, post_entries
from fundapp.mail.models import MailMessage
from fundapp.places.queries import list_subdistricts

T = TypeVar("T")


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


def load_events(load: Load, progress: Callable[[], None]) -> None:
    """Carry out the plan in one unit of work, then write the sign-ins and the practice files."""
    files, sign_ins = unit_of_work(_replay, load.plan, make_passwords(), progress)
    save_sign_ins(sign_ins)
    write_practice_files(files, statements_folder())


def load_older_books(load: Load, progress: Callable[[int], None]) -> None:
    """Import the older books in batches, each a unit of work; then close the months.

    ``progress`` is called with the number of entries of each batch.
    """
    books = load.older_books
    with clock.at(noon(books.span.statements_from - timedelta(days=1))):
        for pledges in _batches(older_pledges(books.span, books.payments), BATCH // INSTALMENTS):
            progress(unit_of_work(import_older_gifts, pledges, actor=COMMAND_LINE))
        for drafts in _batches(older_entries(books.span, books.plain_entries), BATCH):
            progress(len(unit_of_work(post_entries, drafts, actor=COMMAND_LINE)))
        unit_of_work(fold_balances, actor=COMMAND_LINE)
    unit_of_work(_close_months, load.closings)


def _replay(
    plan: DemoPlan, passwords: Mapping[str, str], progress: Callable[[], None]
) -> tuple[dict[str, bytes], list[SignIn]]:
    state, sign_ins = replay(plan, passwords, progress)
    files = make_practice_files(state)
    _deliver_messages()
    return files, sign_ins


def _deliver_messages() -> None:
    """Note the messages of the past as delivered when they were written, as a worker would have."""
    waiting = update(MailMessage).where(MailMessage.sent_at.is_(None))
    db.session.execute(waiting.values(sent_at=MailMessage.queued_at, attempts=1))


def _close_months(closings: list[MonthClosed]) -> None:
    for closing in closings:
        close_period(closing.month_on, actor=COMMAND_LINE)


def _batches(items: Iterator[T], size: int) -> Iterator[list[T]]:
    while batch := list(islice(items, size)):
        yield batch
