"""Checks of words about people: what permanent rows carry in their place, and what is kept."""

from collections.abc import Iterator

from fundapp.audit.checks.base import Check, Violation, rows
from fundapp.markers import N_
from fundapp.remarks.encryption import digest_in
from fundapp.remarks.reader import find_faults

#: Events whose note is a reason: they carry a code and a digest, never words.
_REASONED = (
    "disbursements:request:return",
    "disbursements:request:reject",
    "disbursements:request:cancel",
    "giving:payment:reverse",
    "banking:line:hold",
    "banking:line:ignore",
    "banking:line:unmatch",
)


def kept_words() -> Iterator[Violation]:
    """Every remark can be decrypted and says what its digest says."""
    for number, problem in find_faults():
        yield Violation(number, problem)


def permanent_rows() -> Iterator[Violation]:
    """Decisions and the trail carry a code and the digest of a remark, and no words."""
    known = {bytes(digest) for (digest,) in rows("SELECT digest FROM remarks")}
    for approval_id, digest in rows(
        "SELECT id, reason_digest FROM approvals WHERE reason_digest IS NOT NULL"
    ):
        if bytes(digest) not in known:
            yield Violation(f"approvals.{approval_id}", "has a reason of which there is no remark")
    actions = ", ".join(f"'{action}'" for action in _REASONED)
    sql = f"SELECT id, note FROM audit_events WHERE action IN ({actions})"  # noqa: S608
    for event_id, note in rows(sql):
        if digest_in(note) not in known:
            yield Violation(f"audit_events.{event_id}", "has a reason that is no remark")


def corrections() -> Iterator[Violation]:
    """What a file said before a correction is kept on the child of an event of the trail."""
    sql = "SELECT digest, subject_ref FROM remarks WHERE kind = 'child_facts'"
    kept = {bytes(digest): ref for digest, ref in rows(sql)}
    for event_id, note, ref in rows(
        "SELECT id, note, subject_ref FROM audit_events"
        " WHERE action = 'children:child:change' AND note <> ''"
    ):
        digest = digest_in(note)
        if digest is None or kept.pop(digest, None) != ref:
            yield Violation(f"audit_events.{event_id}", "has no words on its child")
    for ref in kept.values():
        yield Violation(ref, "has words on a correction that the trail does not know")


CHECKS = (
    Check("remarks.digests", N_("Every reason and note says what its digest says."), kept_words),
    Check(
        "remarks.permanent-rows",
        N_("What is kept for ever carries a code and a digest of each reason, and no words."),
        permanent_rows,
    ),
    Check(
        "children.corrections",
        N_("What a child's file said before a correction is kept for that child, or was erased."),
        corrections,
    ),
)
