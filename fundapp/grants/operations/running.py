"""Starting a grant, what becomes of its conditions and reports, and its end."""

from datetime import date

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.documents.intake import Accepted
from fundapp.documents.models import Document
from fundapp.documents.operations import store_document
from fundapp.giving.drafts import PledgeTerms
from fundapp.giving.models import Method, PledgeStatus
from fundapp.giving.operations import cancel_pledge, make_pledge
from fundapp.giving.queries import get_pledge
from fundapp.grants.errors import (
    GrantDayError,
    GrantDaysLeftError,
    GrantOpenError,
    PaperMissingError,
)
from fundapp.grants.locking import lock_condition, lock_grant, lock_report
from fundapp.grants.models import (
    GrantCondition,
    GrantReport,
    GrantStatus,
    ReceivedGrant,
    ReportFigure,
    ReportReturnReason,
    ReportSending,
    ReportStatus,
)
from fundapp.grants.policy import may_keep_grants, may_start_grant
from fundapp.grants.queries import find_line_spending
from fundapp.grants.steps import (
    SUBJECT_TYPE,
    check_start,
    move_on,
    record_grant,
    require_running,
)
from fundapp.grants.workflow import GrantAction, ReportAction, next_report_status
from fundapp.proposals.models import Proposal


def start_grant(public_id: str, proposal: Proposal, *, actor: Actor) -> ReceivedGrant:
    """Let a grant run: from now on it stays as agreed, help is charged to its budget lines, and
    each instalment is a pledge of the grantor, on which its money arrives.

    Raises ForbiddenError, NotFoundError, what `check_start` raises, and what making the pledges
    raises where the fund takes no gifts.
    """
    require(may_start_grant(actor))
    grant = lock_grant(public_id)
    status = move_on(grant, GrantAction.START, stays=True)
    check_start(grant)
    for instalment in grant.instalments:
        terms = PledgeTerms(
            instalment.amount_satang,
            grant.fund_code,
            instalment.due_on,
            method=Method.TRANSFER,
            name=grant.donor.name,
            donor_id=grant.donor_id,
            locale=grant.donor.locale,
        )
        instalment.pledge_id = get_pledge(make_pledge(terms, actor=actor)).id
    db.session.flush()
    grant.proposal_id, grant.status = proposal.id, status
    record_grant("start", grant, actor)
    db.session.flush()
    return grant


def meet_condition(
    public_id: str, *, met_on: date, paper: Accepted | None, actor: Actor
) -> GrantCondition:
    """Note that a condition is met, with its evidence.

    Raises ForbiddenError, NotFoundError, GrantStateError, GrantDayError, PaperMissingError.
    """
    require(may_keep_grants(actor))
    condition = lock_condition(public_id)
    require_running(condition.grant, is_open=condition.met_on is None)
    _require_day(met_on, condition.grant, "met_on")
    document = _store(condition.grant, paper, actor)
    condition.met_on, condition.met_by = met_on, actor.ref
    condition.document_id = document.id
    record_grant("meet", condition.grant, actor, what="condition")
    db.session.flush()
    return condition


def send_report(
    public_id: str, *, sent_on: date, paper: Accepted | None, actor: Actor
) -> GrantReport:
    """Note that a report was sent, and keep what was spent on each budget line in its days, as the
    books have it now.

    Raises ForbiddenError, NotFoundError, GrantStateError, GrantDayError, PaperMissingError.
    """
    require(may_keep_grants(actor))
    report = lock_report(public_id)
    grant = report.grant
    require_running(grant)
    status = next_report_status(report.status, ReportAction.SEND)
    _require_day(sent_on, grant, "sent_on")
    document = _store(grant, paper, actor)
    number = report.sendings + 1
    spent = find_line_spending(grant, report.from_on, report.to_on)
    db.session.add(
        ReportSending(
            report_id=report.id,
            number=number,
            sent_on=sent_on,
            document_id=document.id,
            sent_by=actor.ref,
            recorded_at=clock.now(),
            figures=[
                ReportFigure(line_id=line_id, spent_satang=spending.spent_satang)
                for line_id, spending in spent.items()
            ],
        )
    )
    report.status, report.sendings, report.return_reason = status, number, None
    record_grant("send", grant, actor, what="report")
    db.session.flush()
    return report


def accept_report(public_id: str, *, actor: Actor) -> GrantReport:
    """Note that the grantor accepted a report. Raises ForbiddenError, NotFoundError,
    GrantStateError.
    """
    return _answer(public_id, ReportAction.ACCEPT, None, actor)


def return_report(public_id: str, *, reason: ReportReturnReason, actor: Actor) -> GrantReport:
    """Note that the grantor returned a report, and why: it is to be sent again.

    Raises ForbiddenError, NotFoundError, GrantStateError.
    """
    return _answer(public_id, ReportAction.RETURN, reason, actor)


def complete_grant(public_id: str, *, actor: Actor) -> ReceivedGrant:
    """Note that a grant is completed: its days are over, every condition is met, every report
    accepted.

    Raises ForbiddenError, NotFoundError, GrantStateError, GrantDaysLeftError, GrantOpenError.
    """
    require(may_keep_grants(actor))
    grant = lock_grant(public_id)
    move_on(grant, GrantAction.COMPLETE, stays=True)
    # Until then a line that refuses has to refuse.
    if clock.today() <= grant.ends_on:
        raise GrantDaysLeftError(params={"last": grant.ends_on})
    conditions = sum(each.met_on is None for each in grant.conditions)
    reports = sum(each.status is not ReportStatus.ACCEPTED for each in grant.reports)
    if conditions or reports:
        raise GrantOpenError(params={"conditions": conditions, "reports": reports})
    grant.status = GrantStatus.COMPLETED
    record_grant("complete", grant, actor)
    db.session.flush()
    return grant


def end_grant(public_id: str, *, ended_on: date, actor: Actor) -> ReceivedGrant:
    """End a grant before its last day: what was not paid of its instalments is asked for no more,
    and help of later days is charged to it no more.

    Raises ForbiddenError, NotFoundError, GrantStateError, GrantDayError.
    """
    require(may_keep_grants(actor))
    grant = lock_grant(public_id)
    status = move_on(grant, GrantAction.END, stays=True)
    if not grant.starts_on <= ended_on <= min(clock.today(), grant.ends_on):
        raise GrantDayError(field="ended_on")
    grant.status, grant.ended_on = status, ended_on
    record_grant("end", grant, actor)
    db.session.flush()
    for instalment in grant.instalments:
        pledge = instalment.pledge
        if pledge is not None and pledge.status in (PledgeStatus.ACTIVE, PledgeStatus.PAUSED):
            cancel_pledge(pledge.token, actor=actor)
    return grant


def _answer(
    public_id: str, action: ReportAction, reason: ReportReturnReason | None, actor: Actor
) -> GrantReport:
    require(may_keep_grants(actor))
    report = lock_report(public_id)
    require_running(report.grant)
    report.status = next_report_status(report.status, action)
    report.return_reason = reason
    record_grant(str(action), report.grant, actor, what="report", note=str(reason or ""))
    db.session.flush()
    return report


def _require_day(day: date, grant: ReceivedGrant, field: str) -> None:
    if not grant.signed_on <= day <= clock.today():
        raise GrantDayError(field=field)


def _store(grant: ReceivedGrant, paper: Accepted | None, actor: Actor) -> Document:
    if paper is None:
        raise PaperMissingError(field="paper")
    stored = store_document(
        paper, subject_type=SUBJECT_TYPE, subject_ref=grant.public_id, actor=actor
    )
    return stored.document
