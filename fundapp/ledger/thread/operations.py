"""Making the cache of the thread anew, where somebody changed it by hand."""

from fundapp.access.actors import Actor, require
from fundapp.ledger.locking import lock_fund
from fundapp.ledger.policy import may_rebuild_threads
from fundapp.ledger.queries import list_funds
from fundapp.ledger.thread.steps import rebuild_thread
from fundapp.trail.operations import record_event


def rebuild_threads(*, actor: Actor) -> int:
    """Follow the journal of every fund anew, and give their number; nobody spends meanwhile.

    Raises ForbiddenError.
    """
    require(may_rebuild_threads(actor))
    funds = sorted(fund.code for fund in list_funds())
    for code in funds:
        lock_fund(code)
        rebuild_thread(code)
        record_event("ledger:thread:rebuild", actor=actor, subject_type="fund", subject_ref=code)
    return len(funds)
