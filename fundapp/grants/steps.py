"""What several operations on grants do alike."""

from collections.abc import Mapping

from fundapp.access.actors import Actor
from fundapp.grants.errors import (
    AgreementMissingError,
    AnotherGrantError,
    GrantStateError,
    NotAddingUpError,
    OutsideGrantError,
)
from fundapp.grants.models import Grant, GrantStatus
from fundapp.grants.policy import touches
from fundapp.grants.queries import find_other_grant
from fundapp.grants.workflow import GrantAction, next_grant_status
from fundapp.ledger.steps import require_not_closed
from fundapp.money import format_baht
from fundapp.trail.operations import record_event

#: What the trail and stored papers call a grant.
SUBJECT_TYPE = "grant"


def move_on(grant: Grant, action: GrantAction, *, stays: bool = False) -> GrantStatus:
    """The state that the action leads to, into which the grant is put unless it ``stays`` for the
    caller to put; GrantStateError.
    """
    status = next_grant_status(grant.status, action)
    if not stays:
        grant.status = status
    return status


def require_running(grant: Grant, *, is_open: bool = True) -> None:
    """GrantStateError unless the grant runs, and what is asked of it is open."""
    if grant.status is not GrantStatus.RUNNING or not is_open:
        raise GrantStateError


def check_start(grant: Grant) -> None:
    """Raise what stands against starting a grant: GrantStateError, FundClosedError,
    AgreementMissingError, NotAddingUpError, OutsideGrantError, AnotherGrantError.
    """
    next_grant_status(grant.status, GrantAction.START)
    require_not_closed(grant.fund_code)
    if grant.document_id is None:
        raise AgreementMissingError
    lines = sum(line.amount_satang for line in grant.lines)
    instalments = sum(each.amount_satang for each in grant.instalments)
    if not lines == instalments == grant.total_satang:
        amounts = {"lines": lines, "instalments": instalments, "total": grant.total_satang}
        params = {name: format_baht(satang) for name, satang in amounts.items()}
        raise NotAddingUpError(params=params)
    days = {"first": grant.starts_on, "last": grant.ends_on}
    if not all(touches(line.fiscal_year, grant) for line in grant.lines):
        raise OutsideGrantError(params=days)
    other = find_other_grant(grant)
    if other is not None:
        raise AnotherGrantError(params={"number": other.number})


def record_grant(
    verb: str,
    grant: Grant,
    actor: Actor,
    *,
    what: str = "grant",
    note: str = "",
    changes: Mapping[str, tuple[object, object]] | None = None,
) -> None:
    """Write the trail; ``what`` of the grant was it done with."""
    record_event(
        f"grants:{what}:{verb}",
        actor=actor,
        subject_type=SUBJECT_TYPE,
        subject_ref=grant.public_id,
        note=note,
        changes=changes,
    )
