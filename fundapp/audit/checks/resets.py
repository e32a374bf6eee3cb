"""Checks of resets and invitations on paper: nobody who printed a sheet is two people.

What somebody did with the right sheets is looked at for a quarter; a row that no operation writes
is a violation for ever.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import or_, select, true
from sqlalchemy.orm import aliased

from fundapp import clock
from fundapp.access.permissions import Process
from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.db import db
from fundapp.disbursements.models import Approval, Decision, DisbursementRequest, Payout
from fundapp.identity.models import User
from fundapp.markers import N_
from fundapp.proposals.models import Proposal, ProposalStatus
from fundapp.proposals.resets import INVITED_AGAIN, RESET_COUNTS, RESETS, SECOND_SHEET
from fundapp.trail.models import AuditEvent

#: How long a reset stays in view.
LOOKED_AT = timedelta(days=92)
_COMMAND = Process.COMMAND_LINE.value
#: Number of the thing, when it was done, and the public ids of two people who did it.
Act = tuple[str, datetime, str, str]
#: When somebody reset a sign-in or printed a sheet of it, and who.
Hand = tuple[datetime, str]


def sheets_of_two() -> Iterator[Violation]:
    """An invitation on paper was used with two sheets, printed by two people; or a command printed
    it.
    """
    yield from violations(
        """
        SELECT u.public_id FROM invitations i JOIN users u ON u.id = i.user_id
        WHERE i.delivery = 'paper' AND i.used_at IS NOT NULL AND i.made_by <> :command
            AND i.second_sha256 IS NULL
        """,
        "chose a password with one sheet of paper",
        command=_COMMAND,
    )
    yield from violations(
        """
        SELECT u.public_id FROM invitations i JOIN users u ON u.id = i.user_id
        WHERE i.second_sha256 IS NOT NULL AND (
            i.second_by = i.made_by OR i.second_by = u.public_id OR NOT EXISTS (
                SELECT 1 FROM audit_events e WHERE e.subject_type = 'user'
                AND e.subject_ref = u.public_id AND e.actor = i.second_by AND e.action = :action
            )
        )
        """,
        "has a second sheet that no second administrator printed",
        action=SECOND_SHEET,
    )
    yield from violations(
        """
        SELECT u.public_id FROM invitations i JOIN users u ON u.id = i.user_id
        WHERE NOT EXISTS (
            SELECT 1 FROM audit_events e WHERE e.subject_type = 'user'
            AND e.subject_ref = u.public_id AND e.actor = i.made_by AND e.note = i.delivery
            AND (
                e.action = 'identity:user:' || i.purpose
                OR i.purpose = 'reset' AND e.action = :again
            )
        )
        """,
        "has an invitation that the trail does not know",
        again=INVITED_AGAIN,
    )


def printed_by_command() -> Iterator[Violation]:
    """The command line resets nobody's sign-in on paper; where it had to, somebody asks why."""
    statement = (
        select(User, AuditEvent.at)
        .join(User, User.public_id == AuditEvent.subject_ref)
        .where(
            AuditEvent.action.in_(RESETS),
            AuditEvent.actor == _COMMAND,
            AuditEvent.at > clock.now() - LOOKED_AT,
        )
        .order_by(AuditEvent.id)
    )
    for user, at in db.session.execute(statement):
        yield Violation(
            user.public_id,
            N_("was reset on the server on %(day)s"),
            {"day": clock.local_day(at)},
            person=user.display_name,
        )


def helped_by_one() -> Iterator[Violation]:
    """No administrator reset two of those who asked, approved and paid, on paper."""
    hands = _hands(on_paper=True)
    for number, at, one, other in _acts_of_help():
        if _makers(hands[one], at) & _makers(hands[other], at) - {_COMMAND}:
            yield Violation(number, "is the work of two people whom one administrator had reset")


def helped_by_command() -> Iterator[Violation]:
    """The same of the command line."""
    hands = _hands(on_paper=True)
    for number, at, one, other in _acts_of_help():
        if _COMMAND in _makers(hands[one], at) & _makers(hands[other], at):
            yield Violation(number, "is the work of two people who had been reset on the server")


def confirmed_by_one() -> Iterator[Violation]:
    """No proposal was confirmed between people who may be one because of a reset."""
    anyhow, on_paper = _hands(on_paper=False), _hands(on_paper=True)
    for ref, at, one, other in _confirmations():
        by_one, by_other = _makers(anyhow[one], at), _makers(anyhow[other], at)
        together = _makers(on_paper[one], at) & _makers(on_paper[other], at)
        printed = _makers(on_paper[one], at) | _makers(on_paper[other], at)
        if other in by_one or one in by_other or together or _COMMAND in printed:
            yield Violation(ref, "was confirmed by somebody whom a reset makes no second person")


def _hands(*, on_paper: bool) -> defaultdict[str, list[Hand]]:
    """Of each person who was reset, who did it and when; the second sheet is one of paper."""
    first = AuditEvent.action.in_(RESETS) & (AuditEvent.note == "paper" if on_paper else true())
    second = (AuditEvent.action == SECOND_SHEET) & (AuditEvent.note == "reset")
    found: defaultdict[str, list[Hand]] = defaultdict(list)
    statement = select(AuditEvent.subject_ref, AuditEvent.at, AuditEvent.actor).where(
        AuditEvent.at > clock.now() - LOOKED_AT - RESET_COUNTS, or_(first, second)
    )
    for ref, at, actor in db.session.execute(statement):
        found[ref].append((at, actor))
    return found


def _makers(hands: list[Hand], moment: datetime) -> set[str]:
    """Who did it in the days before ``moment`` for which a reset counts."""
    return {who for at, who in hands if moment - RESET_COUNTS < at <= moment}


def _acts_of_help() -> list[Act]:
    """Every approval and payout of a quarter, with each two of the people who had a part in it."""
    asker, approver, payer = aliased(User), aliased(User), aliased(User)
    number = DisbursementRequest.number
    since = clock.now() - LOOKED_AT
    approvals = (
        select(number, Approval.decided_at, asker.public_id, approver.public_id)
        .join(DisbursementRequest, DisbursementRequest.id == Approval.request_id)
        .join(asker, asker.id == DisbursementRequest.requested_by_id)
        .join(approver, approver.id == Approval.approver_id)
        .where(Approval.decision == Decision.APPROVE, Approval.decided_at > since)
    )
    earlier = aliased(User)
    payouts = (
        select(Payout.voucher, Payout.recorded_at, earlier.public_id, payer.public_id)
        .join(earlier, earlier.id.in_((Payout.requested_by_id, Payout.approver_id)))
        .join(payer, payer.id == Payout.payer_id)
        .where(Payout.recorded_at > since)
    )
    found = (row for each in (approvals, payouts) for row in db.session.execute(each))
    return [(number, at, one, other) for number, at, one, other in found]


def _confirmations() -> list[Act]:
    """Every proposal that was confirmed in a quarter, with its two people."""
    proposer, decider = aliased(User), aliased(User)
    statement = (
        select(Proposal.public_id, Proposal.decided_at, proposer.public_id, decider.public_id)
        .join(proposer, proposer.id == Proposal.proposed_by_id)
        .join(decider, decider.id == Proposal.decided_by_id)
        .where(
            Proposal.status == ProposalStatus.CONFIRMED,
            Proposal.decided_at > clock.now() - LOOKED_AT,
        )
    )
    found = db.session.execute(statement)
    return [(ref, at, one, other) for ref, at, one, other in found if at is not None]


CHECKS = (
    Check(
        "identity.two-sheets",
        N_("On paper two administrators let somebody in, each with one sheet."),
        sheets_of_two,
    ),
    Check(
        "identity.command-resets",
        N_("Nobody's sign-in was reset on the server within three months."),
        printed_by_command,
        is_warning=True,
    ),
    Check(
        "disbursements.reset-together",
        N_("No administrator had reset two of the people who asked, approved and paid."),
        helped_by_one,
    ),
    Check(
        "disbursements.command-resets",
        N_("No two of the people who asked, approved and paid had been reset on the server."),
        helped_by_command,
        is_warning=True,
    ),
    Check(
        "proposals.reset-between",
        N_("Nobody confirmed what somebody proposed who may be the same person after a reset."),
        confirmed_by_one,
    ),
)
