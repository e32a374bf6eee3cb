"""Checks of who is responsible for a child."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.markers import N_


def responsible() -> Iterator[Violation]:
    """A file that is not closed has one present row, of its district; a closed one has none."""
    yield from violations(
        """
        SELECT c.code FROM children c
        LEFT JOIN child_managers m ON m.child_id = c.id AND m.until_at IS NULL
        WHERE (c.status <> 'closed') <> (m.id IS NOT NULL) OR m.district_code <> c.district_code
        """,
        "has no present row of a case manager, or one of another district, or is closed with one",
    )
    yield from violations(
        """
        SELECT c.code FROM child_managers m JOIN children c ON c.id = m.child_id
        LEFT JOIN child_handovers h ON h.id = m.handover_id
        WHERE m.handover_id IS NOT NULL
            AND (h.id IS NULL OR h.child_id <> m.child_id OR h.to_id <> m.manager_id
                OR h.is_taken IS NOT TRUE)
        """,
        "came to a case manager by a hand-over that this person did not take",
    )
    yield from violations(
        """
        SELECT c.code FROM child_handovers h JOIN children c ON c.id = h.child_id
        WHERE h.is_taken AND NOT EXISTS (SELECT 1 FROM child_managers m WHERE m.handover_id = h.id)
        """,
        "was taken over, and nobody became responsible by it",
    )


CHECKS = [
    Check(
        "children.managers",
        N_("Of each file it is known who is responsible, in its district, and by which hand-over"),
        responsible,
    ),
]
