"""Checks of the committee."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, violations
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
    """No request was approved in a version on which the committee resolved otherwise last."""
    yield from violations(
        """
        SELECT r.number, d.number || '/' || d.fiscal_year FROM committee_resolutions d
        JOIN committee_items i ON i.id = d.item_id
        JOIN disbursement_requests r ON r.id = i.request_id
        JOIN approvals a ON a.request_id = r.id AND a.version = i.request_version
        WHERE a.decision = 'approve' AND d.outcome <> 'approve' AND NOT EXISTS (
            SELECT 1 FROM committee_items j JOIN committee_resolutions e ON e.item_id = j.id
            WHERE j.request_id = r.id AND j.id > i.id
        )
        """,
        "was approved although resolution {1} says otherwise",
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
)
