"""Payments without a line that officers recorded, beside the lines that they may be of."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, select, true
from sqlalchemy.orm import lazyload

from fundapp.banking.matching.candidates import RECORDED_DAYS, Candidate, recorded_payment
from fundapp.banking.models import Match, StatementLine
from fundapp.db import BigInt, Day, GivenRows, db, is_postgresql
from fundapp.giving.models import Instalment, Method, Payment, PaymentStatus
from fundapp.ledger.models import Posting

#: How many values or rows one query asks for.
_CHUNK = 400
#: Methods whose single payments are not on a bank statement.
_NOT_ON_STATEMENTS = (Method.CASH, Method.CARD)

#: An amount, and the first and the last day on which it is looked for.
_SPANS = GivenRows("span", satang=BigInt, first=Day(), last=Day())
#: Whether a payment has a line.
_HAS_LINE = select(Match.id).where(Match.payment_id == Payment.id, Match.undone_at.is_(None))
#: Instalments whose references are in the text of a line, by the id of the line.
NamedInstalments = dict[int, list[Instalment]]


def known_payments(named: NamedInstalments) -> dict[int, list[Payment]]:
    """Payments that count and have no line, by the id of their pledge: of the pledges named."""
    ids = sorted({row.pledge_id for instalments in named.values() for row in instalments})
    by_pledge: dict[int, list[Payment]] = {}
    for start in range(0, len(ids), _CHUNK):
        query = select(Payment).where(
            Payment.pledge_id.in_(ids[start : start + _CHUNK]),
            Payment.status != PaymentStatus.REVERSED,
            ~_HAS_LINE.exists(),
        )
        for payment in db.session.scalars(query):
            by_pledge.setdefault(payment.pledge_id or 0, []).append(payment)
    return by_pledge


def recorded_payments(
    lines: Sequence[StatementLine], named: NamedInstalments
) -> dict[int, list[Candidate]]:
    """Payments, without a line, that officers recorded into the line's account."""
    if not lines:
        return {}
    tolerance = timedelta(days=RECORDED_DAYS)
    # Each amount about its own days: lines of one page may be of many months.
    spans = [
        (satang, first - tolerance, last + tolerance)
        for satang, first, last in _spans(lines, 2 * tolerance)
    ]
    statement = _unmatched_payments(on_postgresql=is_postgresql())
    rows = db.session.execute(statement, _SPANS.values(spans)).all()
    fitting = {
        line.id: [
            row.id
            for row in rows
            if row.amount_satang == line.open_satang
            and row.account_code == line.statement.bank_account.account_code
            and abs(row.received_on - line.booked_on) <= tolerance
        ]
        for line in (lines if rows else ())
    }
    payments = _load_payments({row_id for ids in fitting.values() for row_id in ids})
    return {
        line.id: [
            recorded_payment(line, payments[row_id], _paid_by(payments[row_id], named.get(line.id)))
            for row_id in fitting.get(line.id, ())
        ]
        for line in lines
    }


@cache
def _unmatched_payments(*, on_postgresql: bool) -> Select[Any]:
    """Payments of these amounts and days without a line, each with the account that it came into:
    put together once.
    """
    # Sought for each payment: PostgreSQL would rather read all matches and postings there are.
    line_id = select(Match.id).where(Match.payment_id == Payment.id, Match.undone_at.is_(None))
    account_code = select(Posting.debit_account_code).where(
        Posting.entry_id == Payment.journal_entry_id, Posting.position == 1
    )
    spans = _SPANS.table()
    found = (
        select(
            Payment.id,
            Payment.amount_satang,
            Payment.received_on,
            account_code.scalar_subquery().label("account_code"),
        )
        .where(
            Payment.amount_satang == spans.c.satang,
            Payment.received_on.between(spans.c.first, spans.c.last),
            # What the bank took back afterwards did come first.
            Payment.status != PaymentStatus.REVERSED,
            Payment.method.not_in(_NOT_ON_STATEMENTS),
            line_id.limit(1).scalar_subquery().is_(None),
        )
        .order_by(Payment.received_on, Payment.id)
        .limit(_CHUNK)
    )
    if not on_postgresql:
        return found
    of_each = found.correlate(spans).lateral("found")
    in_order = select(*of_each.c).join_from(spans, of_each, true())
    return in_order.order_by(of_each.c.received_on, of_each.c.id).limit(_CHUNK)


def _load_payments(ids: Collection[int]) -> dict[int, Payment]:
    """The payments with these ids, by id, without their parts."""
    if not ids:
        return {}
    statement = select(Payment).where(Payment.id.in_(ids)).options(lazyload(Payment.designations))
    return {payment.id: payment for payment in db.session.scalars(statement)}


def _spans(lines: Sequence[StatementLine], longest_gap: timedelta) -> list[tuple[int, date, date]]:
    """The days on which each amount is looked for: the first and the last of those that are no
    further apart than the gap.
    """
    spans: list[tuple[int, date, date]] = []
    for satang, day in sorted({(line.open_satang, line.booked_on) for line in lines}):
        if spans and spans[-1][0] == satang and day - spans[-1][2] <= longest_gap:
            spans[-1] = (satang, spans[-1][1], day)
        else:
            spans.append((satang, day, day))
    return spans


def _paid_by(payment: Payment, named: Sequence[Instalment] | None) -> Instalment | None:
    """The instalment that the text names, when it is the only one and the payment paid it."""
    if named is None or len(named) != 1:
        return None
    paid = {allocation.instalment_id for allocation in payment.allocations}
    return named[0] if named[0].id in paid else None
