"""Opening stored files to see whether they are intact, outside of any unit of work: a slow store
holds no lock.
"""

import threading

from fundapp import clock
from fundapp.access.actors import Actor
from fundapp.db import unit_of_work
from fundapp.documents.faults import Fault, Finding, open_file
from fundapp.documents.models import Document
from fundapp.documents.operations import note_findings
from fundapp.documents.queries import list_documents_after, list_due_documents

#: Files that one batch opens.
BATCH = 50


def check_due_documents(*, actor: Actor, stop: threading.Event | None = None) -> int:
    """Open the files that are due, at most `BATCH` and at most one that the store does not give,
    until ``stop`` is set, and note what is found; returns how many.

    Raises ForbiddenError.
    """
    findings: list[tuple[Document, Finding]] = []
    for document in unit_of_work(list_due_documents, clock.now(), BATCH):
        if stop is not None and stop.is_set():
            break
        finding = open_file(document)
        findings.append((document, finding))
        if finding.fault is Fault.UNREADABLE:
            # The store may not answer at all, and each try waits for it; the next round goes on.
            break
    if findings:
        unit_of_work(note_findings, findings, actor=actor)
    return len(findings)


def check_every_document(*, actor: Actor) -> int:
    """Open every file, batch after batch, and note what is found; returns how many.

    Raises ForbiddenError.
    """
    count, after = 0, 0
    while documents := unit_of_work(list_documents_after, after, BATCH):
        findings = [(document, open_file(document)) for document in documents]
        unit_of_work(note_findings, findings, actor=actor)
        count, after = count + len(documents), documents[-1].id
    return count
