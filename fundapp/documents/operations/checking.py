"""Noting what opening stored files has shown."""

import logging
from collections.abc import Iterable

from sqlalchemy import update

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.db import db
from fundapp.documents.faults import Finding
from fundapp.documents.models import Document
from fundapp.documents.policy import may_check

_log = logging.getLogger(__name__)


def note_findings(findings: Iterable[tuple[Document, Finding]], *, actor: Actor) -> None:
    """Note that these files were opened, and which version is intact. Each fault is logged with the
    document's public id. Raises ForbiddenError.

    It writes no event: the row records it.
    """
    require(may_check(actor))
    now = clock.now()
    for document, finding in findings:
        if finding.fault is not None:
            _log.warning("document %s: %s", document.public_id, finding.fault)
        db.session.execute(
            update(Document)
            .where(Document.id == document.id)
            .values(checked_at=now, intact_version=finding.intact_version)
        )
