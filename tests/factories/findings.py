"""Findings for tests, written by the operation of the page."""

from datetime import timedelta
from typing import Any

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.audit.findings import operations
from fundapp.audit.findings.drafts import FindingDraft
from fundapp.audit.findings.models import AuditFinding, Severity
from fundapp.db import unit_of_work
from fundapp.identity.models import User
from fundapp.ids import new_public_id
from tests.factories.actors import AUDITOR


def make_finding(
    owner: User, reference: str, actor: Actor = AUDITOR, **overrides: Any
) -> AuditFinding:
    """A serious finding about an entry or an item, to be answered within thirty days."""
    values: dict[str, Any] = {
        "severity": Severity.HIGH,
        "title": "Receipts without a second signature",
        "criteria": "Two people sign",
        "condition": "One person signed",
        "cause": "The second was absent",
        "effect": "Nobody checked the amount",
        "owner": owner.public_id,
        "due_on": clock.today() + timedelta(days=30),
        "reference": reference,
    }
    draft = FindingDraft(**{**values, **overrides})
    return unit_of_work(operations.write_finding, draft, key=new_public_id(), actor=actor)
