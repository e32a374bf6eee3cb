"""What several operations on grants do alike."""

from collections.abc import Iterator, Mapping

from fundapp.access.actors import Actor
from fundapp.errors import RuleError
from fundapp.grants.errors import (
    AgreementMissingError,
    AnotherGrantError,
    GrantStateError,
    NotAddingUpError,
    OutsideGrantError,
)
from fundapp.grants.models import GrantStatus, ReceivedGrant
from fundapp.grants.policy import is_within, touches
from fundapp.grants.queries import find_other_grant
from fundapp.grants.workflow import GrantAction, next_grant_status
from fundapp.ledger.errors import FundClosedError
from fundapp.money import format_baht
from fundapp.trail.operations import record_event

#: What the trail and stored papers call a grant.
SUBJECT_TYPE = "grant"


def move_on(grant: ReceivedGrant, action: GrantAction, *, stays: bool = False) -> GrantStatus:
    """The state that the action leads to, into which the grant is put unless it ``stays`` for the
    caller to put; GrantStateError.
    """
    status = next_grant_status(grant.status, action)
    if not stays:
        grant.status = status
    return status


def require_running(grant: ReceivedGrant, *, is_open: bool = True) -> None:
    """GrantStateError unless the grant runs, and what is asked of it is open."""
    if grant.status is not GrantStatus.RUNNING or not is_open:
        raise GrantStateError


def find_obstacles(grant: ReceivedGrant) -> Iterator[RuleError]:
    """What stands against starting a draft."""
    if grant.fund.is_closed:
        yield FundClosedError()
    if grant.document_id is None:
        yield AgreementMissingError()
    lines = sum(line.amount_satang for line in grant.lines)
    instalments = sum(each.amount_satang for each in grant.instalments)
    if not lines == instalments == grant.total_satang:
        amounts = {"lines": lines, "instalments": instalments, "total": grant.total_satang}
        params = {name: format_baht(satang) for name, satang in amounts.items()}
        yield NotAddingUpError(params=params)
    days = {"first": grant.starts_on, "last": grant.ends_on}
    lines_fit = all(touches(line.fiscal_year, grant) for line in grant.lines)
    if not (lines_fit and all(is_within(each, grant) for each in grant.reports)):
        yield OutsideGrantError(params=days)
    other = find_other_grant(grant)
    if other is not None:
        yield AnotherGrantError(params={"number": other.number})


def check_start(grant: ReceivedGrant) -> None:
    """Raise what stands against starting a grant: GrantStateError, FundClosedError,
    AgreementMissingError, NotAddingUpError, OutsideGrantError, AnotherGrantError.
    """
    next_grant_status(grant.status, GrantAction.START)
    for obstacle in find_obstacles(grant):
        raise obstacle


def record_grant(
    verb: str,
    grant: ReceivedGrant,
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
