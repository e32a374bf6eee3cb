"""What was promised for some days, held against what arrived of it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import case, func, select

from fundapp import clock
from fundapp.db import db
from fundapp.giving.models import Instalment, Pledge, PledgeShare, PledgeStatus
from fundapp.money import split_by_weights

#: Of how many pledges one statement asks the shares.
_MOST_PLEDGES = 1_000


@dataclass(frozen=True, slots=True)
class Promised:
    """The instalments that fall due in some days, in satang.

    promised = arrived + let go + overdue + to come + on hold + no longer due.
    """

    promised_satang: int = 0
    arrived_satang: int = 0
    let_go_satang: int = 0
    overdue_satang: int = 0
    to_come_satang: int = 0
    on_hold_satang: int = 0
    stopped_satang: int = 0

    def __add__(self, other: "Promised") -> "Promised":
        """The sum of both."""
        names = [each.name for each in fields(self)]
        return Promised(*(getattr(self, name) + getattr(other, name) for name in names))


def sum_promised(from_on: date, to_on: date) -> dict[str, Promised]:
    """What falls due from ``from_on`` to ``to_on``, both inside, by the code of the fund.

    What came is counted for the days for which it was promised, whenever it came. Of a pledge that
    is paused or cancelled what is still open is neither overdue nor to come. What is promised to
    several funds is counted by its shares.
    """
    due = _due_by_pledge(from_on, to_on)
    shared_id = case((Pledge.is_split, Pledge.id))
    query = (
        select(
            Pledge.fund_code,
            shared_id,
            Pledge.status,
            func.sum(due.c.amount),
            func.sum(due.c.paid),
            func.sum(due.c.let_go),
            func.sum(due.c.past),
        )
        .join(Pledge, Pledge.id == due.c.pledge_id)
        .group_by(Pledge.fund_code, shared_id, Pledge.status)
    )
    rows = db.session.execute(query).all()
    shares = _shares_of([row[1] for row in rows if row[1]])
    by_fund: dict[str, Promised] = {}
    for fund_code, pledge_id, status, *sums in rows:
        part = _part(status, *map(int, sums))
        for code, own in _shared(part, shares.get(pledge_id, [(fund_code, 1)])):
            by_fund[code] = by_fund.get(code, Promised()) + own
    return by_fund


def _due_by_pledge(from_on: date, to_on: date) -> Any:
    """What falls due of each pledge, from an index alone. A year holds many times more instalments
    than pledges, and the pledge tells the fund: so the pledges are looked up afterwards.
    """
    still_open = Instalment.amount_satang - Instalment.paid_satang
    is_past = Instalment.due_on < clock.today()
    return (
        select(
            Instalment.pledge_id,
            func.sum(Instalment.amount_satang).label("amount"),
            func.sum(Instalment.paid_satang).label("paid"),
            func.sum(Instalment.let_go_satang).label("let_go"),
            func.sum(case((is_past, still_open), else_=0)).label("past"),
        )
        .where(Instalment.due_on.between(from_on, to_on))
        .group_by(Instalment.pledge_id)
        .subquery()
    )


def _shares_of(pledge_ids: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
    """The shares of these pledges to several funds."""
    shares: dict[int, list[tuple[str, int]]] = {}
    for first in range(0, len(pledge_ids), _MOST_PLEDGES):
        statement = (
            select(PledgeShare.pledge_id, PledgeShare.fund_code, PledgeShare.share)
            .where(PledgeShare.pledge_id.in_(pledge_ids[first : first + _MOST_PLEDGES]))
            .order_by(PledgeShare.pledge_id, PledgeShare.number)
        )
        for pledge_id, code, share in db.session.execute(statement):
            shares.setdefault(pledge_id, []).append((code, share))
    return shares


def _shared(part: Promised, shares: Sequence[tuple[str, int]]) -> list[tuple[str, Promised]]:
    """The sums of one pledge by the funds of its shares, each exact to the satang."""
    weights = [share for _code, share in shares]
    names = [each.name for each in fields(part) if each.name != "promised_satang"]
    split = {name: split_by_weights(getattr(part, name), weights) for name in names}
    return [
        (code, Promised(sum(values), *values))
        for (code, _share), *values in zip(shares, *split.values(), strict=True)
    ]


def _part(status: PledgeStatus, amount: int, paid: int, let_go: int, past: int) -> Promised:
    """The sums of the pledges in one state."""
    left = amount - paid
    is_paused, is_cancelled = status is PledgeStatus.PAUSED, status is PledgeStatus.CANCELLED
    is_due = not (is_paused or is_cancelled)
    return Promised(
        promised_satang=amount,
        arrived_satang=paid - let_go,
        let_go_satang=let_go,
        overdue_satang=past if is_due else 0,
        to_come_satang=left - past if is_due else 0,
        on_hold_satang=left if is_paused else 0,
        stopped_satang=left if is_cancelled else 0,
    )
