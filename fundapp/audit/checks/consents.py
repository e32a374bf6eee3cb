"""Checks of consents: each is as the trail says, and nothing is shown that none of them allows."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.access.permissions import Permission
from fundapp.audit.checks.base import Check, Violation, rows, violations
from fundapp.children.models import Child, Consent, ConsentKind
from fundapp.children.policy import may_show_identity
from fundapp.db import db
from fundapp.disbursements.models import DisbursementRequest, RequestStatus
from fundapp.disbursements.policy import consents_needed
from fundapp.disbursements.queries.visibility import shown_parts
from fundapp.identity.models import User, UserStatus
from fundapp.markers import N_

_IS_PAID = (RequestStatus.PAID, RequestStatus.PROBLEM)


@dataclass(frozen=True, slots=True)
class _Recorded:
    """What the trail, which nobody changes, says of consents by their ids."""

    signed: dict[int, tuple[str, str]]
    withdrawn: frozenset[int]

    def counts(self, consent: Consent, child: Child) -> bool:
        """Whether the consent counts today, by what the trail says of it."""
        day = clock.today()
        return (
            self.signed.get(consent.id) == (child.public_id, str(consent.kind))
            and consent.id not in self.withdrawn
            and consent.signed_on <= day
            and (consent.expires_on is None or consent.expires_on >= day)
        )

    def kinds(self, child: Child) -> frozenset[ConsentKind]:
        """To what somebody consents for the child today."""
        return frozenset(one.kind for one in child.consents if self.counts(one, child))


def _recorded() -> _Recorded:
    signed: dict[int, tuple[str, str]] = {}
    withdrawn = set()
    found = rows(
        "SELECT action, subject_ref, note FROM audit_events WHERE subject_type = 'child'"
        " AND action IN ('children:consent:record', 'children:consent:withdraw')"
    )
    for action, child_ref, note in found:
        kind, _, consent_id = note.partition(" ")
        if not consent_id.isdigit():
            continue
        if action == "children:consent:record":
            signed[int(consent_id)] = (child_ref, kind)
        else:
            withdrawn.add(int(consent_id))
    return _Recorded(signed, frozenset(withdrawn))


def open_files_have_consent() -> Iterator[Violation]:
    """An open file has a consent to keep it; a file without one is closed."""
    yield from violations(
        """
        SELECT c.code FROM children c
        WHERE c.status = 'active' AND NOT EXISTS (
            SELECT 1 FROM consents k WHERE k.child_id = c.id AND k.kind = 'keep_file'
        )
        """,
        "is an open file to which nobody has ever consented",
    )


def consents_as_recorded() -> Iterator[Violation]:
    """A consent is recorded in the trail, and withdrawn exactly when the trail says so."""
    recorded = _recorded()
    for consent_id, child_ref, code, kind, withdrawn_on in rows(
        "SELECT k.id, c.public_id, c.code, k.kind, k.withdrawn_on FROM consents k"
        " JOIN children c ON c.id = k.child_id"
    ):
        if recorded.signed.get(consent_id) != (child_ref, kind):
            yield Violation(code, "has a consent that the trail does not know")
        elif (withdrawn_on is not None) != (consent_id in recorded.withdrawn):
            yield Violation(code, "has a consent whose withdrawal is not as the trail says")


def nothing_shown_without_consent() -> Iterator[Violation]:
    """What no consent allows is hidden, on the file and on every request, from everybody but those
    who finish a payment. It asks the functions that decide what the pages show.
    """
    recorded, day = _recorded(), clock.today()
    for child in db.session.scalars(select(Child)):
        if ConsentKind.KEEP_FILE not in recorded.kinds(child) and may_show_identity(child, day):
            yield Violation(child.code, "shows a file that no consent allows")
    active = select(User).where(User.status == UserStatus.ACTIVE)
    actors = [user.as_actor() for user in db.session.scalars(active)]
    for request in db.session.scalars(select(DisbursementRequest)):
        needed = consents_needed(request.need, request.fund)
        if all(needed <= recorded.kinds(line.child) for line in request.lines):
            continue
        if any(_sees_too_much(actor, request) for actor in actors):
            yield Violation(request.number, "shows what no consent allows")


def _sees_too_much(actor: Actor, request: DisbursementRequest) -> bool:
    parts = shown_parts(actor, request, clock.today())
    may_pay = request.status is RequestStatus.APPROVED and actor.can(Permission.DISBURSEMENT_PAY)
    may_prove = request.status in _IS_PAID and actor.can(Permission.DISBURSEMENT_PROVE)
    return (
        parts.reason
        or (parts.payee and not (may_pay or may_prove))
        or (parts.receipt and not may_prove)
    )


def consents() -> Iterator[Violation]:
    """Everything about consents, one statement after the other."""
    yield from open_files_have_consent()
    yield from consents_as_recorded()
    yield from nothing_shown_without_consent()


CHECKS = (
    Check(
        "children.consent",
        N_("Every open file of a child rests on a consent, and nothing is shown without one."),
        consents,
    ),
)
