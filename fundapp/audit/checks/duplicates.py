"""Checks of files that may be of a child who has one already."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, violations
from fundapp.markers import N_


def waiting_files() -> Iterator[Violation]:
    """A file waits exactly while nobody has decided, and no help is asked for it meanwhile."""
    yield from violations(
        """
        SELECT c.code FROM children c LEFT JOIN duplicate_findings f ON f.child_id = c.id
        WHERE c.status = 'waiting' AND (f.id IS NULL OR f.decision IS NOT NULL)
        """,
        "waits, though there is nothing to decide",
    )
    yield from violations(
        """
        SELECT c.code FROM children c JOIN duplicate_findings f ON f.child_id = c.id
        WHERE c.status = 'active' AND coalesce(f.decision, '') <> 'another_child' AND NOT EXISTS (
            SELECT 1 FROM child_merges m WHERE m.child_id = c.id AND m.undone_at IS NOT NULL
        )
        """,
        "is open, though nobody decided that it is of another child",
    )
    yield from violations(
        """
        SELECT c.code FROM children c
        LEFT JOIN child_merges m ON m.child_id = c.id AND m.undone_at IS NULL
        WHERE (coalesce(c.close_reason, '') = 'same_child') <> (m.id IS NOT NULL)
        """,
        "is closed as the second file of a child, and nobody decided so, or the other way round",
    )
    yield from violations(
        """
        SELECT DISTINCT c.code, r.number FROM request_lines l
        JOIN children c ON c.id = l.child_id JOIN disbursement_requests r ON r.id = l.request_id
        WHERE c.status = 'waiting'
        """,
        "waits, and help is asked for it in {1}",
    )


def decisions() -> Iterator[Violation]:
    """A decision is another person's than the registrar's, and the trail has it."""
    yield from violations(
        """
        SELECT c.code FROM duplicate_findings f JOIN children c ON c.id = f.child_id
        WHERE f.found_by_id <> c.registered_by_id OR f.decided_by_id = c.registered_by_id
        """,
        "was decided on by whoever registered it",
    )
    yield from violations(
        """
        SELECT c.code FROM duplicate_findings f JOIN children c ON c.id = f.child_id
        LEFT JOIN users u ON u.id = f.decided_by_id
        WHERE f.decision IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM audit_events e
            WHERE e.action = 'children:duplicate:decide' AND e.subject_type = 'child'
                AND e.subject_ref = c.public_id AND e.actor = u.public_id
                AND e.note LIKE f.decision || ' %'
        )
        """,
        "was decided on, and the trail says otherwise",
    )


def merges() -> Iterator[Violation]:
    """A merge is another person's than the registrar's, and the trail has it and what undid it."""
    yield from violations(
        """
        SELECT c.code FROM child_merges m JOIN children c ON c.id = m.child_id
        WHERE m.merged_by_id = c.registered_by_id
        """,
        "was merged by whoever registered it",
    )
    yield from violations(
        """
        SELECT c.code FROM child_merges m JOIN children c ON c.id = m.child_id
        JOIN users u ON u.id = m.merged_by_id LEFT JOIN users b ON b.id = m.undone_by_id
        WHERE NOT EXISTS (
            SELECT 1 FROM audit_events e WHERE e.subject_type = 'child'
                AND e.subject_ref = c.public_id AND e.actor = u.public_id
                AND e.action IN ('children:duplicate:merge', 'children:duplicate:decide')
        ) OR m.undone_at IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM audit_events e WHERE e.subject_type = 'child'
                AND e.subject_ref = c.public_id AND e.actor = b.public_id
                AND e.action = 'children:duplicate:undo'
        )
        """,
        "was merged or came back, and the trail says otherwise",
    )


def duplicates() -> Iterator[Violation]:
    """Everything about possible duplicates, one statement after the other."""
    yield from waiting_files()
    yield from decisions()
    yield from merges()


def undecided_pairs() -> Iterator[Violation]:
    """Of two open files with the same names and birth date somebody decided that they are of two
    children; two that were registered at the same moment did not meet.
    """
    yield from violations(
        """
        SELECT c.code, o.code FROM children c
        JOIN children o ON o.person_lookup = c.person_lookup AND o.id < c.id
        WHERE c.status = 'active' AND o.status = 'active' AND NOT EXISTS (
            SELECT 1 FROM duplicate_findings f WHERE f.child_id = c.id
        )
        """,
        "has the same names and birth date as {1}, and no supervisor was asked",
    )


CHECKS = (
    Check(
        "children.duplicates",
        N_("A file that may be of a child who has one already waits until another person decides."),
        duplicates,
    ),
    Check(
        "children.twice",
        N_("No two open files have the same names and birth date without a decision."),
        undecided_pairs,
        is_warning=True,
    ),
)
