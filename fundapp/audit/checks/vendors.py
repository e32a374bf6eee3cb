"""Checks of the register of vendors, and of help that is paid to them."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.markers import N_


def vendors_agreed() -> Iterator[Violation]:
    """What counts of a vendor is what one person proposed and another confirmed last."""
    yield from violations(
        """
        SELECT n.public_id FROM vendors n
        JOIN vendor_versions v ON v.id = n.version_id
        LEFT JOIN proposals p ON p.id = n.proposal_id AND p.kind = 'vendor'
            AND p.subject = n.public_id AND p.status = 'confirmed'
            AND p.proposed_by_id = v.written_by_id AND p.decided_by_id <> v.written_by_id
            AND p.after_json = '{"version": "' || v.public_id || '"}'
        WHERE p.id IS NULL OR v.vendor_ref <> n.public_id OR v.tax_lookup <> n.tax_lookup
            OR EXISTS (
                SELECT 1 FROM proposals o
                WHERE o.kind = 'vendor' AND o.subject = n.public_id AND o.status = 'confirmed'
                    AND o.id > p.id
            )
        """,
        "is not as two people agreed on it last",
    )


def vendors_paid() -> Iterator[Violation]:
    """Help that was approved for a vendor names one that two people agreed on, of its district."""
    yield from violations(
        """
        SELECT d.number FROM disbursement_requests d
        LEFT JOIN request_vendors r ON r.request_id = d.id
        LEFT JOIN vendor_versions v ON v.id = r.version_id AND v.ended IS NULL
            AND (v.districts = '' OR v.districts LIKE '% ' || d.district_code || ' %')
        WHERE d.payee_kind = 'vendor' AND d.approval_entry_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM proposals p
            WHERE p.kind = 'vendor' AND p.subject = v.vendor_ref AND p.status = 'confirmed'
                AND p.after_json = '{"version": "' || v.public_id || '"}'
        )
        """,
        "pays a vendor of another district, or one on whom no two people agreed",
    )


CHECKS = (
    Check(
        "disbursements.vendors",
        N_("Every vendor is as two people agreed."),
        vendors_agreed,
    ),
    Check(
        "disbursements.vendors-paid",
        N_("Help is paid to vendors of the register that supply the district."),
        vendors_paid,
    ),
)
