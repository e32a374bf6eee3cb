"""Checks that nobody took more than there was, of a fund or of an account; only the bank can.

Each follows the entries in the order of their ids. A balance may go below zero by a bank fact; what
people decide may not take it lower until what comes in has raised it again.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, groupby
from typing import Any, NamedTuple

from sqlalchemy import case, func, literal, select, union_all

from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.db import db
from fundapp.ledger.models import (
    BANK_FACTS,
    NOMINAL_TYPES,
    Account,
    AccountType,
    JournalEntry,
    Posting,
)
from fundapp.markers import N_

#: An entry is dated when it is made and written when the fund is free: it may have waited.
WAITING = timedelta(seconds=60)


class _Step(NamedTuple):
    """What an entry did to a balance, in satang, and whether it is a bank fact."""

    ref: str
    at: datetime
    effect: int
    by_bank: bool


def funds_never_negative() -> Iterator[Violation]:
    """No fund was below zero, but for its shortage, for longer than `WAITING`; what their clock
    said tells only how long.
    """
    for ref, steps in groupby(_steps_of_funds(), key=lambda step: step.ref):
        yield from _below_zero(ref, steps)


def accounts_never_negative() -> Iterator[Violation]:
    """The same for each fund in each asset account."""
    for ref, steps in groupby(_steps_of_accounts(), key=lambda step: step.ref):
        yield from _below_zero(ref, steps)


def shortages_kept() -> Iterator[Violation]:
    """What is kept of shortages is what the journal says."""
    yield from violations(
        """
        SELECT f.fund_code, f.shortage_satang, coalesce(c.total, 0), coalesce(l.shortage_satang, 0)
        FROM fund_balances f
        LEFT JOIN (
            SELECT fund_code, sum(change_satang) AS total, count(*) AS n
            FROM shortage_changes GROUP BY fund_code
        ) c ON c.fund_code = f.fund_code
        LEFT JOIN shortage_changes l ON l.fund_code = f.fund_code AND l.number = c.n
        WHERE f.shortage_satang <> coalesce(c.total, 0)
            OR f.shortage_satang <> coalesce(l.shortage_satang, 0)
        """,
        "is said to lack {1} satang; what made and covered it comes to {2}, the last step to {3}",
    )
    facts = ", ".join(f"'{kind}'" for kind in BANK_FACTS)
    yield from violations(
        f"""
        SELECT c.fund_code, c.number, c.change_satang FROM shortage_changes c
        LEFT JOIN journal_entries e ON e.id = c.entry_id
        LEFT JOIN ({_EFFECTS}) AS x ON x.entry_id = c.entry_id AND x.fund_code = c.fund_code
        LEFT JOIN shortage_changes b ON b.fund_code = c.fund_code AND b.number = c.number - 1
        WHERE e.id IS NULL OR x.effect IS NULL
            OR (c.change_satang > 0 AND (e.kind NOT IN ({facts}) OR -x.effect < c.change_satang))
            OR (c.change_satang < 0 AND x.effect < -c.change_satang)
            OR c.shortage_satang <> coalesce(b.shortage_satang, 0) + c.change_satang
        """,  # noqa: S608 - the kinds and the sub-select are ours
        "step {1} of its shortage is {2} satang, which its entry or the step before does not say",
    )


#: What each entry did to the available money of each of its funds; codes from "3" are net assets,
#: income and expenses.
_EFFECTS = """
    SELECT entry_id, fund_code, sum(
        CASE WHEN credit_account_code >= '3' THEN amount_satang ELSE 0 END
        - CASE WHEN debit_account_code >= '3' THEN amount_satang ELSE 0 END
    ) AS effect
    FROM postings WHERE entry_id IN (SELECT entry_id FROM shortage_changes)
    GROUP BY entry_id, fund_code
"""


def _steps_of_funds() -> Iterator[_Step]:
    nominal = list(db.session.scalars(select(Account.code).where(Account.type.in_(NOMINAL_TYPES))))
    in_ = case((Posting.credit_account_code.in_(nominal), Posting.amount_satang), else_=0)
    out = case((Posting.debit_account_code.in_(nominal), Posting.amount_satang), else_=0)
    return _steps(
        select(Posting.entry_id, Posting.fund_code.label("ref"), (in_ - out).label("effect"))
    )


def _steps_of_accounts() -> Iterator[_Step]:
    asset = select(Account.code).where(Account.type == AccountType.ASSET)
    sides = [
        select(
            Posting.entry_id,
            (Posting.fund_code + literal(" ") + side).label("ref"),
            (Posting.amount_satang * sign).label("effect"),
        ).where(side.in_(asset))
        for side, sign in ((Posting.debit_account_code, 1), (Posting.credit_account_code, -1))
    ]
    return _steps(union_all(*sides))


def _steps(effects: Any) -> Iterator[_Step]:
    """The effects by balance and entry, in the order of the entries, of those balances that were
    below zero after some entry: of the others there is nothing to find.
    """
    moved = effects.subquery()
    below = list(db.session.scalars(_below_zero_once(moved)))
    if not below:
        return
    statement = (
        select(
            moved.c.ref,
            JournalEntry.posted_at,
            func.sum(moved.c.effect),
            JournalEntry.kind.in_(BANK_FACTS),
        )
        .join(JournalEntry, JournalEntry.id == moved.c.entry_id)
        .where(moved.c.ref.in_(below))
        .group_by(moved.c.ref, JournalEntry.id)
        .order_by(moved.c.ref, JournalEntry.id)
    )
    for ref, at, effect, by_bank in db.session.execute(statement):
        yield _Step(ref, at, int(effect), bool(by_bank))


def _below_zero_once(moved: Any) -> Any:
    """The balances that were below zero after some entry, found by the database alone."""
    steps = (
        select(moved.c.ref, moved.c.entry_id, func.sum(moved.c.effect).label("effect"))
        .where(moved.c.entry_id.in_(select(JournalEntry.id)))
        .group_by(moved.c.ref, moved.c.entry_id)
        .subquery()
    )
    running = func.sum(steps.c.effect).over(partition_by=steps.c.ref, order_by=steps.c.entry_id)
    balances = select(steps.c.ref, running.label("balance")).subquery()
    return select(balances.c.ref).where(balances.c.balance < 0).distinct()


def _below_zero(ref: str, steps: Iterable[_Step]) -> Iterator[Violation]:
    """``floor`` is how far below zero the bank alone has taken the balance.

    Entries that waited for each other may have been written in another order than their ids say: of
    what people took within `WAITING` after the bank, as much may have come before it.
    """
    balance, floor, since = 0, 0, None
    recent: deque[_Step] = deque()
    for step in chain(steps, (_Step(ref, datetime.max.replace(tzinfo=UTC), 0, False),)):
        if since is not None and step.at - since > WAITING:
            yield Violation(ref, f"had {balance} satang from {since.isoformat()} on")
            return
        balance += step.effect
        if step.by_bank:
            recent.append(step)
            floor = min(floor, balance)
        while recent and step.at - recent[0].at > WAITING:
            recent.popleft()
        if step.effect > 0:
            floor = min(0, floor + step.effect)
        elif balance < floor <= balance - sum(fact.effect for fact in recent):
            floor = balance
        since = (since or step.at) if balance < floor else None


CHECKS = (
    Check(
        "ledger.never-negative",
        N_("No fund was below zero at any time, but by what the bank took back."),
        funds_never_negative,
    ),
    Check(
        "ledger.accounts-never-negative",
        N_("No account was below zero in any fund, but by what the bank took."),
        accounts_never_negative,
    ),
    Check(
        "ledger.shortages",
        N_("What each fund lacks is what the bank took back, less what covered it."),
        shortages_kept,
    ),
)
