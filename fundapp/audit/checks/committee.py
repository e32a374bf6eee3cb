"""Checks of the committee."""

from collections.abc import Iterator
from itertools import zip_longest

from sqlalchemy import func, select

from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.clock import day_bounds
from fundapp.committee.models import (
    CommitteeItem,
    CommitteeResolution,
    CommitteeRule,
    Outcome,
    ResolutionCitation,
)
from fundapp.db import db
from fundapp.disbursements.models import Approval, Decision, DisbursementRequest, Payout
from fundapp.markers import N_


def resolved() -> Iterator[Violation]:
    """Every resolution states the votes that were cast, with a quorum, by nobody who declared an
    interest or asked for the help; numbers have no gap.
    """
    yield from violations(
        """
        SELECT d.number || '/' || d.fiscal_year FROM committee_resolutions d
        JOIN committee_items i ON i.id = d.item_id
        JOIN committee_meetings m ON m.id = i.meeting_id
        JOIN committee_orders o ON o.id = m.order_id
        JOIN disbursement_requests r ON r.id = i.request_id
        LEFT JOIN (
            SELECT item_id, sum(CASE ballot WHEN 'for' THEN 1 ELSE 0 END) AS favour,
                sum(CASE ballot WHEN 'against' THEN 1 ELSE 0 END) AS against, count(*) AS cast_count
            FROM committee_votes GROUP BY item_id
        ) v ON v.item_id = d.item_id
        LEFT JOIN (
            SELECT meeting_id, count(*) AS present FROM committee_attendances GROUP BY meeting_id
        ) a ON a.meeting_id = m.id
        WHERE d.for_count <> coalesce(v.favour, 0) OR d.against_count <> coalesce(v.against, 0)
            OR d.for_count + d.against_count + d.abstain_count <> coalesce(v.cast_count, 0)
            OR (m.kind = 'in_room' AND coalesce(a.present, 0) < o.quorum)
            OR (d.outcome <> 'postpone' AND coalesce(v.cast_count, 0) < o.quorum)
            OR (d.outcome = 'approve' AND d.for_count < d.against_count)
            OR (d.outcome = 'reject' AND d.for_count > d.against_count)
            OR EXISTS (
                SELECT 1 FROM committee_votes w WHERE w.item_id = d.item_id AND (
                    w.user_id = r.requested_by_id OR EXISTS (
                        SELECT 1 FROM committee_recusals c
                        WHERE c.item_id = w.item_id AND c.user_id = w.user_id
                    )
                )
            )
        """,
        "does not state the votes that were cast, or counts one that may not be",
    )
    yield from violations(
        """
        SELECT fiscal_year, count(*), max(number) FROM committee_resolutions
        GROUP BY fiscal_year HAVING count(*) <> max(number)
        """,
        "has {1} resolutions and numbers up to {2}",
    )


def followed() -> Iterator[Violation]:
    """No request was approved with the facts that the committee refused last."""
    yield from violations(
        """
        SELECT r.number, d.number || '/' || d.fiscal_year FROM committee_resolutions d
        JOIN committee_items i ON i.id = d.item_id
        JOIN disbursement_requests r ON r.id = i.request_id
        JOIN approvals a ON a.request_id = r.id AND a.facts_sha256 = i.facts_sha256
        WHERE a.decision = 'approve' AND d.outcome = 'reject' AND a.decided_at >= d.recorded_at
            AND NOT EXISTS (
                SELECT 1 FROM committee_items j JOIN committee_resolutions e ON e.item_id = j.id
                WHERE j.request_id = r.id AND j.id > i.id AND e.outcome <> 'postpone'
            )
        """,
        "was approved although resolution {1} says otherwise",
    )


def required() -> Iterator[Violation]:
    """Every approval from the amount of the rule of its day cites a resolution on its facts, and so
    does the payment. An approval that was reversed counts too.
    """
    rules = db.session.scalars(select(CommitteeRule).order_by(CommitteeRule.starts_on)).all()
    for rule, later in zip_longest(rules, rules[1:]):
        is_of_rule = Approval.decided_at >= day_bounds(rule.starts_on, rule.starts_on)[0]
        if later is not None:
            is_of_rule &= Approval.decided_at < day_bounds(later.starts_on, later.starts_on)[0]
        cited = (
            select(ResolutionCitation.approval_id)
            .join(CommitteeResolution, CommitteeResolution.item_id == ResolutionCitation.item_id)
            .join(CommitteeItem, CommitteeItem.id == ResolutionCitation.item_id)
            .where(
                ResolutionCitation.approval_id == Approval.id,
                CommitteeResolution.outcome == Outcome.APPROVE,
                CommitteeItem.request_id == Approval.request_id,
                CommitteeItem.facts_sha256 == Approval.facts_sha256,
            )
        )
        statement = (
            select(DisbursementRequest.number, Payout.voucher)
            .join(Approval, Approval.request_id == DisbursementRequest.id)
            .outerjoin(Payout, Payout.approval_id == Approval.id)
            .where(
                is_of_rule,
                Approval.decision == Decision.APPROVE,
                Approval.facts_sha256 == DisbursementRequest.facts_sha256,
                func.coalesce(Payout.amount_satang, DisbursementRequest.total_satang)
                >= rule.from_satang,
                ~cited.exists(),
            )
        )
        for number, voucher in db.session.execute(statement):
            words = "was paid" if voucher else "was approved"
            yield Violation(voucher or number, f"{words} without a resolution of the committee")


def interests() -> Iterator[Violation]:
    """Nobody decided on a request, or let its payment go on, after declaring an interest in it."""
    yield from violations(
        """
        SELECT r.number FROM request_interests n JOIN disbursement_requests r ON r.id = n.request_id
        WHERE EXISTS (
            SELECT 1 FROM approvals a WHERE a.request_id = r.id AND a.approver_id = n.user_id
                AND a.decided_at > n.declared_at
        ) OR EXISTS (
            SELECT 1 FROM payment_releases p WHERE p.request_id = r.id
                AND p.released_by_id = n.user_id AND p.released_at > n.declared_at
        )
        """,
        "was decided on by somebody who had declared an interest in it",
    )


CHECKS = (
    Check(
        "committee.resolved",
        N_(
            "Every resolution of the committee states the votes that were cast, with a quorum and "
            "without those who declared an interest, and no number is missing."
        ),
        resolved,
    ),
    Check(
        "committee.followed",
        N_("No request was approved against the last resolution of the committee on it."),
        followed,
        is_warning=True,
    ),
    Check(
        "committee.required",
        N_(
            "Every payment from the amount of the rule that held at its approval cites a "
            "resolution of the committee that approves what was paid."
        ),
        required,
    ),
    Check(
        "committee.interests",
        N_("Nobody decided on a request after declaring an interest in it."),
        interests,
    ),
)
