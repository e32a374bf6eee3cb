"""Reading advances."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from fundapp.advances.models import Advance, AdvanceClearing
from fundapp.db import count_rows, db
from fundapp.errors import NotFoundError
from fundapp.identity.models import User
from fundapp.ledger.errors import FundHoldsMoneyError
from fundapp.ledger.models import Fund, Restriction
from fundapp.ledger.queries import list_open_funds
from fundapp.markers import N_
from fundapp.money import format_baht
from fundapp.paging import MOST_COUNTED, Page, int_key, page_of

_PAGE_SIZE = 50
_NOT_CLEARED = N_("Somebody holds an advance of %(amount)s baht of this fund. Clear it first.")


def get_advance(public_id: str) -> Advance:
    """The advance with its holder and clearing; NotFoundError."""
    statement = _advances().where(Advance.public_id == public_id)
    advance = db.session.scalar(statement)
    if advance is None:
        raise NotFoundError
    return advance


def advances_of(public_ids: Iterable[str]) -> dict[str, Advance]:
    """Advances by public id, each with its holder, for what they are called."""
    statement = select(Advance).where(Advance.public_id.in_(set(public_ids)))
    advances = db.session.scalars(statement.options(joinedload(Advance.holder).lazyload("*")))
    return {advance.public_id: advance for advance in advances}


def list_open_advances(*, overdue_on: date | None = None) -> Sequence[Advance]:
    """Those that are not cleared, the first due first; with ``overdue_on`` those that should have
    been by then.
    """
    conditions = [_is_open()]
    if overdue_on is not None:
        conditions.append(Advance.due_on < overdue_on)
    statement = _advances().where(*conditions).order_by(Advance.due_on, Advance.id)
    return db.session.scalars(statement.limit(MOST_COUNTED)).all()


def list_own_advances(holder_id: int) -> Sequence[Advance]:
    """What this person holds and has not cleared, the first due first."""
    statement = select(Advance).options(joinedload(Advance.fund))
    statement = statement.where(Advance.holder_id == holder_id, _is_open())
    return db.session.scalars(statement.order_by(Advance.due_on, Advance.id)).all()


def list_cleared_advances(after: str | None = None) -> Page[Advance]:
    """Those that are cleared, the newest first, by key."""
    statement = (
        select(Advance)
        .join(Advance.clearing)
        .options(
            contains_eager(Advance.clearing).joinedload(AdvanceClearing.document),
            joinedload(Advance.holder).selectinload(User.roles),
            joinedload(Advance.fund),
        )
        .order_by(Advance.id.desc())
        .limit(_PAGE_SIZE + 1)
    )
    key = int_key(after)
    if key is not None:
        statement = statement.where(Advance.id < key)
    rows = list(db.session.scalars(statement).unique())
    return page_of(rows, _PAGE_SIZE, lambda row: row.id)


def count_overdue_advances(today: date) -> int:
    """How many should have been cleared before today."""
    return count_rows(select(Advance.id).where(_is_open(), Advance.due_on < today))


def holds_overdue(holder_id: int, today: date) -> bool:
    """Whether somebody holds one that should have been cleared."""
    statement = select(Advance.id).where(
        Advance.holder_id == holder_id, _is_open(), Advance.due_on < today
    )
    return db.session.scalar(statement.limit(1)) is not None


def list_advance_funds() -> list[Fund]:
    """The funds of which advances are given."""
    return [f for f in list_open_funds() if f.restriction is Restriction.UNRESTRICTED]


def find_advances_of_fund(fund_code: str) -> FundHoldsMoneyError | None:
    """What is left to clear before the fund is closed."""
    statement = select(Advance.amount_satang).where(Advance.fund_code == fund_code, _is_open())
    satang = db.session.scalar(statement.limit(1))
    if satang is None:
        return None
    return FundHoldsMoneyError(_NOT_CLEARED, params={"amount": format_baht(satang)})


def _advances() -> Select[Advance]:
    return select(Advance).options(
        joinedload(Advance.holder).selectinload(User.roles),
        joinedload(Advance.fund),
        selectinload(Advance.clearing).joinedload(AdvanceClearing.document),
    )


def _is_open() -> ColumnElement[bool]:
    return (
        ~select(AdvanceClearing.advance_id).where(AdvanceClearing.advance_id == Advance.id).exists()
    )
