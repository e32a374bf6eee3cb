"""Writing findings, answering, retesting, reopening and releasing them."""

from datetime import date

from sqlalchemy import select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.audit.findings.drafts import FindingDraft
from fundapp.audit.findings.errors import (
    EvidenceError,
    FindingDueError,
    FindingOwnerError,
    FindingStateError,
    NotOwnerError,
    OwnerRetestsError,
)
from fundapp.audit.findings.models import AuditFinding, FindingEvidence, FindingStatus, FindingStep
from fundapp.audit.findings.policy import OWNERS, may_answer, may_keep_findings
from fundapp.audit.findings.queries import find_finding_of_key, get_finding
from fundapp.audit.findings.workflow import FindingAction, next_finding_status
from fundapp.audit.samples.models import NUMBER_PREFIX as SAMPLE_PREFIX
from fundapp.audit.samples.models import SampleItem
from fundapp.children.name_guard import public_words
from fundapp.db import db, lock
from fundapp.documents.intake import Accepted
from fundapp.documents.operations import store_document
from fundapp.errors import FormUsedError
from fundapp.identity.queries import list_people
from fundapp.ids import from_readable, new_id
from fundapp.ledger.drafts import entry_id_of
from fundapp.ledger.models import JournalEntry
from fundapp.paging import int_key
from fundapp.remarks.models import RemarkKind
from fundapp.remarks.reader import WordsReader
from fundapp.remarks.steps import write_remark
from fundapp.trail.operations import record_event

#: What the trail, remarks and papers call a finding.
SUBJECT_TYPE = "audit_finding"


def write_finding(
    draft: FindingDraft, paper: Accepted | None = None, *, key: str, actor: Actor
) -> AuditFinding:
    """Write a finding with its first evidence; ``key`` makes it happen once. Raises
    ForbiddenError, FormUsedError, FindingOwnerError, FindingDueError, EvidenceError,
    PersonalDataError and ChildNamedError.
    """
    require(may_keep_findings(actor))
    title = public_words(draft.title, field="title")
    known = find_finding_of_key(key)
    if known is not None:
        if not _says(known, title, draft, actor):
            raise FormUsedError
        return known
    if draft.owner == actor.ref or draft.owner not in {
        person.public_id for person in list_people(*OWNERS)
    }:
        raise FindingOwnerError(field="owner")
    finding = AuditFinding(
        id=new_id(),
        severity=draft.severity,
        title=title,
        owner=draft.owner,
        due_on=_due(draft.due_on),
        status=FindingStatus.OPEN,
        made_by=actor.ref,
        made_at=clock.now(),
        idempotency_key=key,
    )
    finding.criteria_digest = _digest(finding, draft.criteria, actor)
    finding.condition_digest = _digest(finding, draft.condition, actor)
    finding.cause_digest = _digest(finding, draft.cause, actor)
    finding.effect_digest = _digest(finding, draft.effect, actor)
    db.session.add(finding)
    db.session.flush()
    _add(finding, draft.reference, paper, actor)
    _record("write", finding, actor)
    return finding


def _says(finding: AuditFinding, title: str, draft: FindingDraft, actor: Actor) -> bool:
    """Whether a finding is the one of this draft; its evidence may have become more."""
    digests = (
        finding.criteria_digest,
        finding.condition_digest,
        finding.cause_digest,
        finding.effect_digest,
    )
    words = WordsReader(actor).by_digest(digests)
    written = (finding.severity, finding.title, finding.owner, *(words[d].words for d in digests))
    texts = (draft.criteria, draft.condition, draft.cause, draft.effect)
    return written == (draft.severity, title, draft.owner, *texts)


def add_evidence(
    number: str, reference: str, paper: Accepted | None = None, *, actor: Actor
) -> AuditFinding:
    """Add an entry or an item of a sample, or a paper, or both; what is there already, as when a
    form is sent twice, is not added again. Raises ForbiddenError, NotFoundError, FindingStateError
    and EvidenceError.
    """
    require(may_keep_findings(actor))
    finding = _lock(number)
    next_finding_status(finding.status, FindingAction.ADD_EVIDENCE)
    if _add(finding, reference, paper, actor):
        _record("evidence", finding, actor)
    return finding


def answer_finding(number: str, words: str, *, actor: Actor) -> AuditFinding:
    """Write the owner's response: what is done about it. Raises ForbiddenError, NotFoundError,
    FindingStateError and NotOwnerError.
    """
    require(may_answer(actor))
    finding = _lock(number)
    if finding.owner != actor.ref:
        raise NotOwnerError(field="words")
    return _step(finding, FindingAction.ANSWER, words, None, actor)


def retest_finding(
    number: str, words: str, *, passed: bool, due_on: date | None = None, actor: Actor
) -> AuditFinding:
    """Close a finding that was put right, or reopen it until ``due_on``. Raises ForbiddenError,
    NotFoundError, FindingStateError, OwnerRetestsError and FindingDueError.
    """
    require(may_keep_findings(actor))
    finding = _lock(number)
    if finding.owner == actor.ref:
        raise OwnerRetestsError(field="words")
    action = FindingAction.CONFIRM if passed else FindingAction.FAIL
    return _step(finding, action, words, due_on, actor)


def reopen_finding(number: str, words: str, *, due_on: date | None, actor: Actor) -> AuditFinding:
    """Reopen a closed finding until ``due_on``. Raises ForbiddenError, NotFoundError,
    FindingStateError and FindingDueError.
    """
    require(may_keep_findings(actor))
    return _step(_lock(number), FindingAction.REOPEN, words, due_on, actor)


def release_finding(number: str, summary: str, *, actor: Actor) -> AuditFinding:
    """Publish a summary, once. Raises ForbiddenError, NotFoundError, FindingStateError,
    PersonalDataError and ChildNamedError.
    """
    require(may_keep_findings(actor))
    finding = _lock(number)
    if finding.released_at is not None:
        raise FindingStateError
    finding.summary = public_words(summary, field="summary")
    finding.released_at, finding.released_by = clock.now(), actor.ref
    db.session.flush()
    _record("release", finding, actor)
    return finding


def _step(
    finding: AuditFinding, action: FindingAction, words: str, due_on: date | None, actor: Actor
) -> AuditFinding:
    status = next_finding_status(finding.status, action)
    is_reopened = status is FindingStatus.REOPENED
    due = _due(due_on) if is_reopened else None
    db.session.add(
        FindingStep(
            finding_id=finding.id,
            number=len(finding.steps) + 1,
            status=status,
            due_on=due,
            words_digest=_digest(finding, words, actor),
            done_by=actor.ref,
            done_at=clock.now(),
        )
    )
    db.session.flush()
    finding.status = status
    finding.due_on = due or finding.due_on
    db.session.flush()
    db.session.expire(finding, ["steps"])
    _record(str(action), finding, actor)
    return finding


def _add(finding: AuditFinding, reference: str, paper: Accepted | None, actor: Actor) -> int:
    """How many were added."""
    if not reference and paper is None:
        raise EvidenceError(field="reference")
    found: list[dict[str, int]] = []
    if reference and not _has(finding, referred := _referred(reference)):
        found.append(referred)
    papers = {row.document.original_sha256 for row in finding.evidence if row.document}
    if paper is not None and paper.original_sha256 not in papers:
        stored = store_document(
            paper, subject_type=SUBJECT_TYPE, subject_ref=finding.number, actor=actor
        )
        found.append({"document_id": stored.document.id})
    for number, values in enumerate(found, start=len(finding.evidence) + 1):
        db.session.add(
            FindingEvidence(
                finding_id=finding.id,
                number=number,
                added_by=actor.ref,
                added_at=clock.now(),
                **values,
            )
        )
    db.session.flush()
    db.session.expire(finding, ["evidence"])
    return len(found)


def _has(finding: AuditFinding, referred: dict[str, int]) -> bool:
    return any(
        all(getattr(row, name) == value for name, value in referred.items())
        for row in finding.evidence
    )


def _referred(reference: str) -> dict[str, int]:
    """The entry or item that people name by ``JE…`` or ``SA…/3``; EvidenceError."""
    sample, slash, position = reference.partition("/")
    if slash:
        key = (from_readable(sample, SAMPLE_PREFIX) or 0, int_key(position.strip()) or 0)
        if db.session.get(SampleItem, key) is not None:
            return {"sample_id": key[0], "position": key[1]}
    else:
        entry_id = entry_id_of(reference)
        if entry_id is not None and db.session.get(JournalEntry, entry_id) is not None:
            return {"entry_id": entry_id}
    raise EvidenceError(field="reference")


def _due(day: date | None) -> date:
    if day is None or day < clock.today():
        raise FindingDueError(field="due_on")
    return day


def _digest(finding: AuditFinding, words: str, actor: Actor) -> bytes:
    remark = write_remark(
        words,
        kind=RemarkKind.AUDIT,
        subject_type=SUBJECT_TYPE,
        subject_ref=finding.number,
        actor=actor,
    )
    return remark.digest


def _lock(number: str) -> AuditFinding:
    finding = lock(select(AuditFinding).where(AuditFinding.id == get_finding(number).id))
    if finding is None:
        raise RuntimeError("a finding was deleted")
    return finding


def _record(verb: str, finding: AuditFinding, actor: Actor) -> None:
    record_event(
        f"audit:finding:{verb}",
        actor=actor,
        subject_type=SUBJECT_TYPE,
        subject_ref=finding.number,
    )
