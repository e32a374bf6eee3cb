"""Instalments that money of some amount on some day may pay: for a page of bank lines at once."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    CompoundSelect,
    Select,
    column,
    select,
    text,
    true,
    union_all,
    values,
)
from sqlalchemy.orm import aliased, contains_eager, lazyload, selectinload

from fundapp.db import BigInt, Day, db, is_postgresql
from fundapp.giving.models import Instalment, Pledge, PledgeStatus

#: An amount in satang, and a day.
Money = tuple[int, date]
#: How many of them, and how many instalments, one statement asks for.
_CHUNK = 200
_MOST_PART_PAID = 400


def list_matching_instalments(
    moneys: Collection[Money], limit: int = 10
) -> dict[Money, list[Instalment]]:
    """Of each amount and day the open instalments of active pledges that still take exactly this
    amount, the due date nearest to the day first.

    For a page of lines it is one statement: one for each line took most of the page's time.
    """
    wanted = sorted(set(moneys))
    ids: dict[Money, set[int]] = defaultdict(set)
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        for satang, day, row_id in db.session.execute(_nearest_ids(chunk, limit)):
            ids[satang, day].add(row_id)
    for satang, row_ids in _part_paid({satang for satang, _day in wanted}).items():
        for money in wanted:
            if money[0] == satang:
                ids[money] |= row_ids
    rows = _load(sorted({row_id for several in ids.values() for row_id in several}))
    return {
        money: _in_order([rows[row_id] for row_id in ids[money]], money[1])[:limit]
        for money in wanted
    }


def _in_order(rows: Sequence[Instalment], day: date) -> list[Instalment]:
    return sorted(rows, key=lambda row: (abs((row.due_on - day).days), row.due_on, row.id))


def _nearest_ids(wanted: Sequence[Money], limit: int) -> CompoundSelect[Any]:
    """(amount, day, instalment id): of each the nearest unpaid ones before and after."""
    moneys = (
        values(column("satang", BigInt), column("day", Day), name="given").data(wanted).cte("money")
    )
    return union_all(
        *(_joined(moneys, _nearest(moneys, is_later, limit)) for is_later in (False, True))
    )


def _nearest(moneys: CTE, is_later: bool, limit: int) -> Select[int]:
    row = aliased(Instalment, name="near")
    when = row.due_on > moneys.c.day if is_later else row.due_on <= moneys.c.day
    # In the order of the index, so that it is read from the day on and no further.
    order = (row.due_on, row.id) if is_later else (row.due_on.desc(), row.id.desc())
    return (
        select(row.id)
        .join(Pledge, Pledge.id == row.pledge_id)
        .where(
            # Exactly the condition of the partial index, so that it is used.
            text("near.paid_satang = 0"),
            row.amount_satang == moneys.c.satang,
            when,
            Pledge.status == PledgeStatus.ACTIVE,
        )
        .order_by(*order)
        .limit(limit)
        .correlate(moneys)
    )


def _part_paid(amounts: Collection[int]) -> dict[int, set[int]]:
    """The ids of the part paid ones that still take exactly each of the amounts, at most the newest
    `_MOST_PART_PAID`: there are few part paid instalments, and they are looked through once.
    """
    left = Instalment.amount_satang - Instalment.paid_satang
    query = (
        select(left, Instalment.id)
        .join(Instalment.pledge)
        .where(
            text(
                "instalments.paid_satang > 0"
                " AND instalments.paid_satang < instalments.amount_satang"
            ),
            left.in_(amounts),
            Pledge.status == PledgeStatus.ACTIVE,
        )
        .order_by(Instalment.due_on.desc(), Instalment.id)
        .limit(_MOST_PART_PAID)
    )
    found: dict[int, set[int]] = defaultdict(set)
    for satang, row_id in db.session.execute(query):
        found[satang].add(row_id)
    return found


def _joined(moneys: CTE, nearest: Select[int]) -> Select[Any]:
    """Each of the moneys with its nearest, in the words of the database."""
    if is_postgresql():
        found = nearest.lateral()
        return select(moneys.c.satang, moneys.c.day, found.c.id).join(found, true())
    return select(moneys.c.satang, moneys.c.day, Instalment.id).join(
        Instalment, Instalment.id.in_(nearest)
    )


def _load(ids: Sequence[int]) -> dict[int, Instalment]:
    return {row.id: row for row in _rows(ids)}


def _rows(ids: Sequence[int]) -> Iterator[Instalment]:
    for start in range(0, len(ids), _CHUNK):
        yield from db.session.scalars(
            select(Instalment)
            .join(Instalment.pledge)
            .where(Instalment.id.in_(ids[start : start + _CHUNK]))
            .options(
                contains_eager(Instalment.pledge).options(
                    lazyload(Pledge.instalments), selectinload(Pledge.details)
                )
            )
        )
