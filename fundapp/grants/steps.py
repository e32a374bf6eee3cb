"""What several operations on grants do alike."""

from collections.abc import Iterator, Mapping
from datetime import date

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.errors import RuleError
from fundapp.grants.drafts import AmendmentDraft
from fundapp.grants.errors import (
    AgreementMissingError,
    AmendmentDayError,
    AmendmentEmptyError,
    AmendmentSumError,
    AnotherGrantError,
    GrantDayError,
    GrantStateError,
    LineChargedError,
    NotAddingUpError,
    OutsideGrantError,
    SameLineError,
)
from fundapp.grants.models import GrantStatus, ReceivedGrant
from fundapp.grants.policy import is_within, touches
from fundapp.grants.queries import find_line_spending, find_other_grant
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


def check_amendment(grant: ReceivedGrant, draft: AmendmentDraft) -> None:
    """Raise what stands against an amendment: GrantStateError, GrantDayError, AmendmentEmptyError,
    AmendmentDayError, OutsideGrantError, AnotherGrantError, AmendmentSumError, LineChargedError.
    """
    next_grant_status(grant.status, GrantAction.AMEND)
    today = clock.today()
    if not grant.signed_on <= draft.signed_on <= today:
        raise GrantDayError(field="signed_on")
    _check_last_day(grant, draft.ends_on)
    now = {(each.account_code, each.fiscal_year): each.amount_satang for each in grant.lines}
    then = {(each.account_code, each.fiscal_year): each.satang for each in draft.lines}
    if now == then and draft.ends_on == grant.ends_on:
        raise AmendmentEmptyError
    days = {"first": grant.starts_on, "last": draft.ends_on}
    if len(then) < len(draft.lines) or not then.keys() >= now.keys():
        raise SameLineError(field="account")
    if not all(touches(year, grant, draft.ends_on) for _account, year in then):
        raise OutsideGrantError(field="ends_on", params=days)
    total = sum(then.values())
    if total != grant.total_satang:
        amounts = {"lines": format_baht(total), "total": format_baht(grant.total_satang)}
        raise AmendmentSumError(params=amounts)
    spent = find_line_spending(grant, grant.starts_on, grant.last_on)
    for line in grant.lines:
        key, charged = (line.account_code, line.fiscal_year), spent[line.id].charged_satang
        # A line that only warns may have been charged with more than it has: it is not lowered.
        if then[key] < charged and then[key] < line.amount_satang:
            field = f"amount_{line.account_code}_{line.fiscal_year}"
            raise LineChargedError(field=field, params={"charged": format_baht(charged)})


def _check_last_day(grant: ReceivedGrant, ends_on: date) -> None:
    if ends_on == grant.ends_on:
        return
    first = max((grant.starts_on, *(report.to_on for report in grant.reports)))
    if ends_on < max(first, clock.today()):
        raise AmendmentDayError(field="ends_on", params={"first": first})
    other = find_other_grant(grant, ends_on)
    if other is not None:
        raise AnotherGrantError(field="ends_on", params={"number": other.number})


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
