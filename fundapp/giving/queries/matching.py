"""Open instalments that money may pay, by its amount and day or by its giver: for a page of bank
lines at once, as rows with what is compared and shown of them. Objects of the models took most of
the page's time.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    CompoundSelect,
    Date,
    Row,
    Select,
    Text,
    and_,
    bindparam,
    column,
    func,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.orm import aliased, selectinload
from sqlalchemy.types import TypeEngine

from fundapp.db import BigInt, Day, db, is_postgresql
from fundapp.giving.models import (
    Donor,
    Instalment,
    Pledge,
    PledgeDetails,
    PledgeShare,
    PledgeStatus,
)
from fundapp.ledger.models import Fund

#: An amount in satang, and a day.
Money = tuple[int, date]
#: How many of them, and how many instalments, one statement asks for.
_CHUNK = 200
_MOST_PART_PAID = 400


@dataclass(frozen=True, slots=True)
class DueDonor:
    """Whose pledge it is."""

    public_id: str
    name: str


@dataclass(frozen=True, slots=True)
class DuePledge:
    """A pledge as it is compared with money that came; as `Pledge`, of what bears the same name."""

    donor: DueDonor
    donor_name: str
    status: PledgeStatus
    funds: Sequence[Fund]
    details: PledgeDetails | None
    let_go_limit_satang: int

    account_codes: frozenset[str]

    def keeps_in(self, account_code: str) -> bool:
        """Whether each of its funds may keep money in this asset account."""
        return account_code in self.account_codes


@dataclass(frozen=True, slots=True)
class DueInstalment:
    """An instalment that still takes ``open_satang``; as `Instalment`, of what bears the same
    name.
    """

    pledge_id: int
    number: int
    reference: str
    due_on: date
    open_satang: int
    pledge: DuePledge


def list_matching_instalments(
    moneys: Collection[Money], limit: int = 10, within: timedelta | None = None
) -> dict[Money, list[DueInstalment]]:
    """Of each amount and day the open instalments of active pledges that still take exactly this
    amount, the due date nearest to the day first, and no further from it than ``within``.

    For a page of lines it is one statement: one for each line took most of the page's time.
    """
    wanted = sorted(set(moneys))
    found: dict[Money, set[tuple[date, int]]] = defaultdict(set)
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        nearest = _nearest_ids(limit, on_postgresql=is_postgresql())
        rows_near = db.session.execute(nearest, _values_of(chunk, within))
        for satang, day, due_on, row_id in rows_near:
            found[satang, day].add((due_on, row_id))
    for satang, several in _part_paid({satang for satang, _day in wanted}).items():
        for money in wanted:
            if money[0] == satang:
                found[money] |= several
    ids = {money: _nearest_of(found[money], money[1], within)[:limit] for money in wanted}
    rows = _load({row_id for several in ids.values() for row_id in several})
    return {money: [rows[row_id] for row_id in several] for money, several in ids.items()}


def list_next_instalments(
    donor_ids: Collection[int], each: int = 20
) -> dict[int, list[DueInstalment]]:
    """The oldest open instalment of each of the newest active pledges of each of these donors, at
    most ``each`` of one, the newest pledge first; by the id of the donor.
    """
    next_of: dict[int, list[DueInstalment]] = {donor_id: [] for donor_id in donor_ids}
    if not next_of:
        return next_of
    newest_first = (Pledge.created_at.desc(), Pledge.id)
    nth = func.row_number().over(partition_by=Pledge.donor_id, order_by=newest_first)
    oldest = (
        select(Instalment.id)
        .where(Instalment.pledge_id == Pledge.id, Instalment.paid_satang < Instalment.amount_satang)
        .order_by(Instalment.due_on, Instalment.number)
        .limit(1)
        .correlate(Pledge)
        .scalar_subquery()
    )
    numbered = (
        select(Pledge.donor_id, nth.label("nth"), oldest.label("oldest_id"))
        .where(Pledge.donor_id.in_(next_of), Pledge.status == PledgeStatus.ACTIVE)
        .subquery()
        .c
    )
    newest = select(numbered.donor_id, numbered.oldest_id).where(
        numbered.nth <= each, numbered.oldest_id.is_not(None)
    )
    found = db.session.execute(newest.order_by(numbered.donor_id, numbered.nth)).all()
    rows = _load({row_id for _donor_id, row_id in found})
    for donor_id, row_id in found:
        next_of[donor_id].append(rows[row_id])
    return next_of


def _nearest_of(
    rows: Collection[tuple[date, int]], day: date, within: timedelta | None
) -> list[int]:
    """The ids of those that are due about a day, the nearest first."""
    near = [(abs(due_on - day), due_on, row_id) for due_on, row_id in rows]
    return [
        row_id for distance, _due_on, row_id in sorted(near) if within is None or distance <= within
    ]


@cache
def _nearest_ids(limit: int, *, on_postgresql: bool) -> CompoundSelect[Any]:
    """(amount, day, due date, instalment id): of each of the ``moneys`` the nearest unpaid ones
    before and after. Put together once: that took longer than the statement itself.
    """
    moneys = _moneys(on_postgresql)
    return union_all(
        *(
            _joined(moneys, _nearest(moneys, is_later, limit), on_postgresql)
            for is_later in (False, True)
        )
    )


def _moneys(on_postgresql: bool) -> CTE:
    """The rows (amount, day, first and last due date) of `_values_of` as a table."""
    names = ("satang", "day", "first", "last")
    if on_postgresql:
        kinds: list[TypeEngine[Any]] = [BigInteger(), Date(), Date(), Date()]
        named = list(zip(names, kinds, strict=True))
        arrays = [bindparam(name, type_=ARRAY(kind)) for name, kind in named]
        columns: list[Any] = [column(name, kind) for name, kind in named]
        table = func.unnest(*arrays).table_valued(*columns).render_derived()
        return select(*table.c).cte("money")
    row = func.json_each(bindparam("moneys", type_=Text)).table_valued("value").c.value
    fields: list[TypeEngine[Any]] = [BigInt, Day(), Day(), Day()]
    return select(
        *(
            func.json_extract(row, f"$[{place}]", type_=kind).label(name)
            for place, (name, kind) in enumerate(zip(names, fields, strict=True))
        )
    ).cte("money")


def _values_of(wanted: Sequence[Money], within: timedelta | None) -> dict[str, Any]:
    """What `_nearest_ids` is asked with: one value, or one for each column, for any number."""
    rows = [(satang, day, *_bounds(day, within)) for satang, day in wanted]
    if is_postgresql():
        columns = zip(*rows, strict=True)
        names = ("satang", "day", "first", "last")
        return {name: list(column) for name, column in zip(names, columns, strict=True)}
    texts = [[satang, *(day.isoformat() for day in days)] for satang, *days in rows]
    return {"moneys": json.dumps(texts)}


def _bounds(day: date, within: timedelta | None) -> tuple[date, date]:
    return (date.min, date.max) if within is None else (day - within, day + within)


def _nearest(moneys: CTE, is_later: bool, limit: int) -> Select[int, date]:
    row = aliased(Instalment, name="near")
    # With both ends, so that PostgreSQL sorts no more than these few days.
    if is_later:
        when = and_(row.due_on > moneys.c.day, row.due_on <= moneys.c.last)
    else:
        when = row.due_on.between(moneys.c.first, moneys.c.day)
    # In the order of the index, so that it is read from the day on and no further.
    order = (row.due_on, row.id) if is_later else (row.due_on.desc(), row.id.desc())
    return (
        select(row.id, row.due_on)
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


def _part_paid(amounts: Collection[int]) -> dict[int, set[tuple[date, int]]]:
    """Due dates and ids of the part paid ones that still take exactly each of the amounts, at most
    the newest `_MOST_PART_PAID`: there are few part paid instalments, and they are looked through
    once.
    """
    left = Instalment.amount_satang - Instalment.paid_satang
    query = (
        select(left, Instalment.due_on, Instalment.id)
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
    found: dict[int, set[tuple[date, int]]] = defaultdict(set)
    for satang, due_on, row_id in db.session.execute(query):
        found[satang].add((due_on, row_id))
    return found


def _joined(moneys: CTE, nearest: Select[int, date], on_postgresql: bool) -> Select[Any]:
    """Each of the moneys with its nearest, in the words of the database."""
    if on_postgresql:
        found = nearest.lateral()
        of_each = select(moneys.c.satang, moneys.c.day, found.c.due_on, found.c.id)
        return of_each.join(found, true())
    ids = select(nearest.subquery("nearest").c.id)
    of_each = select(moneys.c.satang, moneys.c.day, Instalment.due_on, Instalment.id)
    return of_each.join(Instalment, Instalment.id.in_(ids))


def _load(ids: Collection[int]) -> dict[int, DueInstalment]:
    """The rows of these instalments, by id."""
    found = list(_rows(sorted(ids)))
    pledge_ids = sorted({row.pledge_id for row in found})
    funds = _funds_of(found)
    details = {row.id: row for row in _details(pledge_ids)}
    accounts = {
        fund.code: frozenset(account.account_code for account in fund.accounts)
        for several in funds.values()
        for fund in several
    }
    pledges: dict[int, DuePledge] = {}
    rows = {}
    for row in found:
        pledge = pledges.get(row.pledge_id)
        if pledge is None:
            given_to = funds[row.pledge_id]
            pledge = pledges[row.pledge_id] = DuePledge(
                DueDonor(row.public_id, row.name),
                row.donor_name,
                row.status,
                given_to,
                details.get(row.pledge_id),
                min(fund.let_go_limit_satang for fund in given_to),
                frozenset.intersection(*(accounts[fund.code] for fund in given_to)),
            )
        rows[row.id] = DueInstalment(
            row.pledge_id, row.number, row.reference, row.due_on, row.open_satang, pledge
        )
    return rows


def _rows(ids: Sequence[int]) -> Iterator[Row[Any]]:
    open_satang = Instalment.amount_satang - Instalment.paid_satang
    of_instalment = (Instalment.id, Instalment.pledge_id, Instalment.number, Instalment.reference)
    of_pledge = (Pledge.donor_name, Pledge.status, Pledge.fund_code, Pledge.is_split)
    statement = (
        select(*of_instalment, Instalment.due_on, open_satang.label("open_satang"), *of_pledge)
        .add_columns(Donor.public_id, Donor.name)
        .join(Pledge, Pledge.id == Instalment.pledge_id)
        .join(Donor, Donor.id == Pledge.donor_id)
    )
    for start in range(0, len(ids), _CHUNK):
        yield from db.session.execute(
            statement.where(Instalment.id.in_(ids[start : start + _CHUNK]))
        )


def _details(pledge_ids: Sequence[int]) -> Iterator[PledgeDetails]:
    """What was said with these pledges, where anything was."""
    for start in range(0, len(pledge_ids), _CHUNK):
        chunk = pledge_ids[start : start + _CHUNK]
        yield from db.session.scalars(select(PledgeDetails).where(PledgeDetails.id.in_(chunk)))


def _funds_of(rows: Sequence[Row[Any]]) -> dict[int, list[Fund]]:
    """The funds of each pledge, as the donor named them, with their accounts."""
    codes = {row.pledge_id: [row.fund_code] for row in rows}
    shared: dict[int, list[str]] = {row.pledge_id: [] for row in rows if row.is_split}
    if shared:
        shares = (
            select(PledgeShare.pledge_id, PledgeShare.fund_code)
            .where(PledgeShare.pledge_id.in_(shared))
            .order_by(PledgeShare.pledge_id, PledgeShare.number)
        )
        for pledge_id, code in db.session.execute(shares):
            shared[pledge_id].append(code)
        codes |= shared
    wanted = {code for several in codes.values() for code in several}
    if not wanted:
        return {}
    with_accounts = select(Fund).where(Fund.code.in_(wanted)).options(selectinload(Fund.accounts))
    funds = {fund.code: fund for fund in db.session.scalars(with_accounts)}
    return {pledge_id: [funds[code] for code in several] for pledge_id, several in codes.items()}
