"""What was promised for some days, held against what arrived of it."""

from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import case, func, select

from fundapp import clock
from fundapp.db import db
from fundapp.giving.models import Instalment, Pledge, PledgeStatus


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
    is paused or cancelled what is still open is neither overdue nor to come.
    """
    still_open = Instalment.amount_satang - Instalment.paid_satang
    is_past = Instalment.due_on < clock.today()
    query = (
        select(
            Pledge.fund_code,
            Pledge.status,
            func.sum(Instalment.amount_satang),
            func.sum(Instalment.paid_satang),
            func.sum(Instalment.let_go_satang),
            func.sum(case((is_past, still_open), else_=0)),
        )
        .join(Pledge, Pledge.id == Instalment.pledge_id)
        .where(Instalment.due_on.between(from_on, to_on))
        .group_by(Pledge.fund_code, Pledge.status)
    )
    by_fund: dict[str, Promised] = {}
    for fund_code, status, *sums in db.session.execute(query):
        part = _part(status, *map(int, sums))
        by_fund[fund_code] = by_fund.get(fund_code, Promised()) + part
    return by_fund


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
