"""Checks of what auditors draw, see and compare."""

import json
from collections.abc import Iterator

from sqlalchemy import select

from fundapp.audit.checks.base import Check, Violation, rows, violations
from fundapp.audit.reading import NOTHING, JournalReading, ReadingCheck
from fundapp.audit.samples.models import Sample, SampleStatus
from fundapp.audit.samples.queries import is_same_draw
from fundapp.db import db
from fundapp.disbursements.verification import find_wrong_digests
from fundapp.ledger.models import JournalEntry
from fundapp.markers import N_


def samples_drawn(reading: JournalReading) -> Iterator[Violation]:
    """The frozen population and the number of a sample draw the rows that are stored.

    A run that begins after a proved entry leaves out what was drawn before that entry was posted:
    it was drawn again when the entry was proved, from entries that have not changed since.
    """
    drawn = select(Sample).where(Sample.status != SampleStatus.FROZEN).order_by(Sample.id)
    if reading.start != NOTHING:
        proved = select(JournalEntry.posted_at).where(JournalEntry.id == reading.start.entry_id)
        drawn = drawn.where(Sample.drawn_at >= proved.scalar_subquery())
    for sample in db.session.scalars(drawn):
        if not is_same_draw(sample):
            yield Violation(sample.number, "holds other entries than its number draws")


def accesses_end() -> Iterator[Violation]:
    """An auditor has the last day that two people gave, and none where they gave none."""
    given = """
        SELECT u.public_id, p.after_json, e.ends_on, p.status = 'confirmed' AND p.kind = 'roles'
            AND p.subject = u.public_id AND p.proposed_by_id <> p.decided_by_id,
            e.proposal_id = r.proposal_id
        FROM user_roles r JOIN users u ON u.id = r.user_id
        LEFT JOIN proposals p ON p.id = r.proposal_id
        LEFT JOIN role_endings e ON e.user_id = r.user_id AND e.role = r.role
        WHERE r.role = 'auditor'
    """
    for ref, after, ends_on, is_agreed, is_same in rows(given):
        until = json.loads(after).get("until") if after else None
        held = str(ends_on) if ends_on is not None else None
        if held != until or (held is not None and not (is_agreed and is_same)):
            yield Violation(ref, "has another last day as an auditor than two people gave")


def openings_reasoned() -> Iterator[Violation]:
    """Whoever opened the names of a request was not one of its people, and said why."""
    yield from violations(
        """
        SELECT q.number FROM request_openings o
        JOIN disbursement_requests q ON q.id = o.request_id
        JOIN users u ON u.id = o.opened_by_id
        LEFT JOIN remarks m ON m.digest = o.reason_digest AND m.subject_ref = q.public_id
            AND m.written_by = u.public_id
        WHERE m.id IS NULL
        """,
        "was opened for an audit without a reason of whoever opened it",
    )


def payees_noted() -> Iterator[Violation]:
    """The hashes of a request's payee are those of the name and account that are stored."""
    for number in find_wrong_digests():
        yield Violation(number, "has hashes of another payee or account")


CHECKS = (
    ReadingCheck(
        "audit.samples",
        N_("Every sample holds the entries that its number draws."),
        samples_drawn,
    ),
    Check(
        "audit.access",
        N_("An auditor's access ends on the day that two people gave."),
        accesses_end,
    ),
    Check(
        "audit.openings",
        N_("Names were opened for an audit with a reason only."),
        openings_reasoned,
    ),
    Check(
        "disbursements.payees",
        N_("Equal payees and accounts are noticed by what is stored."),
        payees_noted,
    ),
)
