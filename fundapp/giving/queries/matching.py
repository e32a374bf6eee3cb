"""Open instalments that money may pay, by its amount and day or by its giver: for a page of bank
lines at once, as rows with what is compared and shown of them. Objects of the models took most of
the page's time.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import chain
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    CompoundSelect,
    Row,
    Select,
    and_,
    bindparam,
    cast,
    column,
    func,
    null,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy.orm import aliased, joinedload

from fundapp.db import BigInt, Day, GivenRows, db, is_postgresql
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
_Key = TypeVar("_Key", int, Money)
#: How many instalments that are paid in part are offered.
_MOST_PART_PAID = 400
#: An amount, a day, and between which days an instalment is due.
_MONEYS = GivenRows("money", satang=BigInt, day=Day(), first=Day(), last=Day())


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


def list_offered_instalments(
    moneys: Collection[Money], donor_ids: Collection[int], within: timedelta
) -> tuple[dict[Money, list[DueInstalment]], dict[int, list[DueInstalment]]]:
    """What `list_matching_instalments` gives for these amounts and days, and what
    `list_next_instalments` gives for these donors, with the rows of both loaded at once.
    """
    of_money, of_donor = _matching_ids(moneys, within=within), _next_ids(donor_ids)
    rows = _load({row_id for ids in (of_money, of_donor) for row_id in chain(*ids.values())})
    return _rows_of(of_money, rows), _rows_of(of_donor, rows)


def list_matching_instalments(
    moneys: Collection[Money], limit: int = 10, within: timedelta | None = None
) -> dict[Money, list[DueInstalment]]:
    """Of each amount and day the open instalments of active pledges that still take exactly this
    amount, the due date nearest to the day first, and no further from it than ``within``.

    For a page of lines it is one statement: one for each line took most of the page's time.
    """
    ids = _matching_ids(moneys, limit, within)
    return _rows_of(ids, _load(set(chain(*ids.values()))))


def list_next_instalments(
    donor_ids: Collection[int], each: int = 20
) -> dict[int, list[DueInstalment]]:
    """The oldest open instalment of each of the newest active pledges of each of these donors, at
    most ``each`` of one, the newest pledge first; by the id of the donor.
    """
    ids = _next_ids(donor_ids, each)
    return _rows_of(ids, _load(set(chain(*ids.values()))))


def _rows_of(
    ids: Mapping[_Key, Sequence[int]], rows: Mapping[int, DueInstalment]
) -> dict[_Key, list[DueInstalment]]:
    return {key: [rows[row_id] for row_id in several] for key, several in ids.items()}


def _matching_ids(
    moneys: Collection[Money], limit: int = 10, within: timedelta | None = None
) -> dict[Money, list[int]]:
    """As `list_matching_instalments`: their ids."""
    wanted = sorted(set(moneys))
    if not wanted:
        return {}
    found: dict[Money, set[tuple[date, int]]] = {money: set() for money in wanted}
    part_paid: dict[int, set[tuple[date, int]]] = defaultdict(set)
    nearest = _nearest_ids(limit, on_postgresql=is_postgresql())
    asked = _MONEYS.values((satang, day, *_bounds(day, within)) for satang, day in wanted)
    for satang, day, due_on, row_id in db.session.execute(nearest, asked):
        of_money = part_paid[satang] if day is None else found[satang, day]
        of_money.add((due_on, row_id))
    return {
        money: _nearest_of(near | part_paid.get(money[0], set()), money[1], within)[:limit]
        for money, near in found.items()
    }


def _next_ids(donor_ids: Collection[int], each: int = 20) -> dict[int, list[int]]:
    """As `list_next_instalments`: their ids."""
    next_of: dict[int, list[int]] = {donor_id: [] for donor_id in donor_ids}
    if next_of:
        asked = {"donor_ids": sorted(next_of), "each": each}
        for donor_id, row_id in db.session.execute(_next_of_donors(), asked):
            next_of[donor_id].append(row_id)
    return next_of


@cache
def _next_of_donors() -> Select[int, int]:
    """(donor id, instalment id) of the newest ``each`` pledges of each of the ``donor_ids``."""
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
    is_theirs = Pledge.donor_id.in_(bindparam("donor_ids", expanding=True))
    numbered = (
        select(Pledge.donor_id, nth.label("nth"), oldest.label("oldest_id"))
        .where(is_theirs, Pledge.status == PledgeStatus.ACTIVE)
        .subquery()
        .c
    )
    newest = select(numbered.donor_id, numbered.oldest_id).where(
        numbered.nth <= bindparam("each", type_=BigInteger), numbered.oldest_id.is_not(None)
    )
    return newest.order_by(numbered.donor_id, numbered.nth)


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
    before and after, and those that are paid in part, without a day. Put together once: that took
    longer than the statement itself.
    """
    moneys = _MONEYS.table()
    before_and_after = (
        _joined(moneys, _nearest(moneys, is_later, limit), on_postgresql)
        for is_later in (False, True)
    )
    return union_all(*before_and_after, _part_paid(moneys))


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


def _part_paid(moneys: CTE) -> Select[Any]:
    """Those that are paid in part and still take exactly one of the amounts, at most the newest
    `_MOST_PART_PAID`: there are few, and they are looked through once.
    """
    left = (Instalment.amount_satang - Instalment.paid_satang).label("satang")
    newest = (
        select(left, Instalment.due_on, Instalment.id)
        .join(Instalment.pledge)
        .where(
            # Exactly the condition of the partial index, so that it is used.
            text(
                "instalments.paid_satang > 0"
                " AND instalments.paid_satang < instalments.amount_satang"
            ),
            left.in_(select(moneys.c.satang)),
            Pledge.status == PledgeStatus.ACTIVE,
        )
        .order_by(Instalment.due_on.desc(), Instalment.id)
        .limit(_MOST_PART_PAID)
        .subquery("part_paid")
        .c
    )
    no_day = cast(null(), Day()).label("day")
    return select(newest.satang, no_day, newest.due_on, newest.id)


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
    if not ids:
        return {}
    statement = _due_rows(on_postgresql=is_postgresql())
    found = db.session.execute(statement, {"ids": sorted(ids)}).all()
    pledge_ids = sorted({row.pledge_id for row in found})
    funds = _funds_of(found)
    said = db.session.scalars(_details(), {"ids": pledge_ids})
    details = {row.id: row for row in said}
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


@cache
def _due_rows(*, on_postgresql: bool) -> Select[Any]:
    """What `_load` reads of the instalments with these ``ids``."""
    open_satang = Instalment.amount_satang - Instalment.paid_satang
    of_instalment = (Instalment.id, Instalment.pledge_id, Instalment.number, Instalment.reference)
    of_pledge = (Pledge.donor_name, Pledge.status, Pledge.fund_code, Pledge.is_split)
    rows = (
        select(*of_instalment, Instalment.due_on, open_satang.label("open_satang"), *of_pledge)
        .add_columns(Donor.public_id, Donor.name)
        .join(Pledge, Pledge.id == Instalment.pledge_id)
        .join(Donor, Donor.id == Pledge.donor_id)
    )
    if not on_postgresql:
        return rows.where(Instalment.id.in_(bindparam("ids", expanding=True)))
    # One by one, along the keys: it would rather read all pledges that there are.
    ids = bindparam("ids", type_=ARRAY(BigInteger))
    wanted = func.unnest(ids).table_valued(column("id", BigInteger)).render_derived("wanted")
    found = rows.where(Instalment.id == wanted.c.id).correlate(wanted).limit(1).lateral("found")
    return select(*found.c).select_from(wanted).join(found, true())


@cache
def _details() -> Select[PledgeDetails]:
    """What was said with the pledges with these ``ids``, where anything was."""
    return select(PledgeDetails).where(PledgeDetails.id.in_(bindparam("ids", expanding=True)))


@cache
def _with_accounts() -> Select[Fund]:
    """The funds with these ``codes``, in one statement with their accounts."""
    wanted = Fund.code.in_(bindparam("codes", expanding=True))
    return select(Fund).where(wanted).options(joinedload(Fund.accounts))


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
    rows_of_funds = db.session.scalars(_with_accounts(), {"codes": sorted(wanted)}).unique()
    funds = {fund.code: fund for fund in rows_of_funds}
    return {pledge_id: [funds[code] for code in several] for pledge_id, several in codes.items()}
