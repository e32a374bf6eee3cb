"""Freezing and closing funds, and opening them again."""

from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.ledger.errors import FundStatusError
from fundapp.ledger.locking import lock_fund_row
from fundapp.ledger.models import Fund, FundStatus
from fundapp.ledger.obstacles import require_closable
from fundapp.ledger.policy import may_freeze_fund, may_open_fund
from fundapp.trail.operations import record_event


def freeze_fund(code: str, *, actor: Actor) -> Fund:
    """Stop an open fund at once: it takes no pledge, gift or request, and approves, pays and moves
    nothing, until two people open it again. Payments of earlier pledges are still booked.

    Raises ForbiddenError, NotFoundError, FundStatusError.
    """
    require(may_freeze_fund(actor))
    return _change(code, "freeze", FundStatus.FROZEN, actor)


def close_fund(code: str, *, actor: Actor) -> Fund:
    """Close a fund: from now on it takes no pledge, no payment and no request.

    Raises ForbiddenError, NotFoundError, FundStatusError, and what stands against it:
    FundHoldsMoneyError, and the errors of other packages' obstacles.
    """
    require(may_open_fund(actor))
    return _change(code, "close", FundStatus.CLOSED, actor)


def reopen_fund(code: str, *, actor: Actor) -> Fund:
    """Let a frozen or closed fund take part again.

    Raises ForbiddenError, NotFoundError, FundStatusError.
    """
    require(may_open_fund(actor))
    return _change(code, "reopen", FundStatus.OPEN, actor)


def _change(code: str, verb: str, status: FundStatus, actor: Actor) -> Fund:
    fund = lock_fund_row(code)
    if fund.status is status or (status is FundStatus.FROZEN and fund.is_closed):
        raise FundStatusError(params={"status": fund.status})
    if status is FundStatus.CLOSED:
        require_closable(fund)
    before, fund.status = fund.status, status
    record_event(
        f"ledger:fund:{verb}",
        actor=actor,
        subject_type="fund",
        subject_ref=fund.code,
        changes={"status": (before, status)},
    )
    db.session.flush()
    return fund
