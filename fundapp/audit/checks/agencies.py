"""Checks of partner agencies and what their people read."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.markers import N_


def referred() -> Iterator[Violation]:
    """Who signs in for an agency read, since then, only of children who were referred to it."""
    yield from violations(
        """
        SELECT u.public_id, min(r.at) FROM child_reads r
        JOIN users u ON u.public_id = r.reader
        JOIN agency_accesses a ON a.user_id = u.id
        JOIN proposals p ON p.id = a.proposal_id AND p.decided_at <= r.at
        LEFT JOIN children c ON c.public_id = r.child_ref
        WHERE r.purpose <> 'referral' OR NOT EXISTS (
            SELECT 1 FROM referrals f
            WHERE f.child_id = c.id AND f.agency_id = a.agency_id AND f.sent_at <= r.at
        )
        GROUP BY u.public_id
        """,
        "read of a child who was not referred to the agency, first at {1}",
    )


def answered() -> Iterator[Violation]:
    """Every answer to a referral is of a person whom two people let sign in for its agency."""
    yield from violations(
        """
        SELECT CAST(f.id AS TEXT) FROM referrals f
        WHERE f.accepted_by_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM agency_accesses a JOIN proposals p ON p.id = a.proposal_id
            WHERE a.user_id = f.accepted_by_id AND p.status = 'confirmed'
                AND p.kind = 'agency-access'
        )
        """,
        "was accepted by somebody whom nobody let sign in for an agency",
    )


CHECKS = (
    Check(
        "agencies.referred",
        N_("People of partner agencies read only of children who were referred to theirs."),
        referred,
    ),
    Check(
        "agencies.answered",
        N_("Referrals are answered only by people whom two people let sign in for an agency."),
        answered,
    ),
)
