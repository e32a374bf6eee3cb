"""What an entry is connected with: its people, trail, decisions, bank lines and what auditors wrote
of it; stored runs of the checks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.orm import joinedload, lazyload

from fundapp.audit.checks.seals import has_its_leaf_hash, says_what_was_sealed
from fundapp.audit.findings.models import AuditFinding, FindingEvidence
from fundapp.audit.letters.models import AuditLetter
from fundapp.audit.models import CheckOrder, CheckRun, CheckRunProof, CheckState, StoredResult
from fundapp.audit.reading import values_of
from fundapp.audit.run_proofs import are_proved, is_proved
from fundapp.audit.samples.models import Sample, SampleItem
from fundapp.banking.models import Match, StatementLine
from fundapp.budgets.models import FundTransfer
from fundapp.db import db
from fundapp.disbursements.models import Approval, DisbursementRequest, Payout, ProofOfReceipt
from fundapp.documents.models import Document
from fundapp.documents.queries import list_documents
from fundapp.giving.models import Payment, ProcessorMovement, Receipt
from fundapp.ledger.models import Account, Fund, JournalEntry
from fundapp.ledger.queries import (
    EntryDetail,
    JournalRow,
    get_entry,
    list_accounts,
    list_entries_of_source,
    list_funds,
)
from fundapp.trail.models import AuditEvent
from fundapp.trail.queries import list_events

#: A newest run that ended earlier needs attention: the checks run every night.
OLDEST_RUN = timedelta(hours=36)
_MOST_RUNS = 10

#: What carries the number by which people know the source of an entry.
Source = DisbursementRequest | Receipt | StatementLine


@dataclass(frozen=True, slots=True)
class Dossier:
    """An entry with everything connected with it."""

    detail: EntryDetail
    source: Source | None
    siblings: Sequence[JournalRow]
    approvals: Sequence[Approval]
    bank_lines: Sequence[StatementLine]
    proofs: Sequence[ProofOfReceipt]
    papers: Sequence[Document]
    items: Sequence[SampleItem]
    findings: Sequence[AuditFinding]
    letters: Sequence[AuditLetter]
    events: Sequence[AuditEvent]
    hash_is_right: bool
    row_is_right: bool


def open_dossier(number: str) -> Dossier:
    """The dossier of an entry by its public number; NotFoundError."""
    detail = get_entry(number)
    entry = detail.row.entry
    events = list_events(entry.source_type, entry.source_ref)
    siblings = list_entries_of_source(entry.source_type, entry.source_ref)
    items = _items(entry.id)
    values, parts = values_of(detail.row)
    return Dossier(
        detail=detail,
        source=_source(entry.source_type, entry.source_ref),
        siblings=[row for row in siblings if row.entry.id != entry.id],
        approvals=_approvals(entry),
        bank_lines=_bank_lines(entry.id),
        proofs=_proofs(entry),
        papers=list_documents(entry.source_type, [entry.source_ref]),
        items=items,
        findings=_findings(entry.id, items),
        letters=_letters(items),
        events=events,
        hash_is_right=has_its_leaf_hash(values, parts),
        row_is_right=says_what_was_sealed(values, parts),
    )


def accounts_by_code() -> dict[str, Account]:
    """The chart of accounts, to name codes with."""
    return {account.code: account for account in list_accounts()}


def funds_by_code() -> dict[str, Fund]:
    """The funds, to name codes with."""
    return {fund.code: fund for fund in list_funds()}


def _source(source_type: str, source_ref: str) -> Source | None:
    # The ledger knows a kind and an id only; a payment is known by the number of its receipt.
    statement: Select[Any]
    if source_type == "payment":
        statement = select(Receipt).join(Payment).where(Payment.public_id == source_ref)
        statement = statement.order_by(Receipt.id.desc()).limit(1)
    elif source_type == "disbursement_request":
        statement = select(DisbursementRequest).where(DisbursementRequest.public_id == source_ref)
    elif source_type == "statement_line":
        statement = select(StatementLine).where(StatementLine.public_id == source_ref)
        statement = statement.options(joinedload(StatementLine.statement))
    else:
        return None
    # The number alone is shown: not the donor, nor the children, that would be loaded with it.
    source: Source | None = db.session.scalar(statement.options(lazyload("*")))
    return source


def _approvals(entry: JournalEntry) -> list[Approval]:
    statement = (
        select(Approval)
        .join(DisbursementRequest, DisbursementRequest.id == Approval.request_id)
        .where(DisbursementRequest.public_id == entry.source_ref)
        .order_by(Approval.id)
    )
    return list(db.session.scalars(statement))


def _proofs(entry: JournalEntry) -> list[ProofOfReceipt]:
    """What was said of the money of a request; neither by whom nor in which words."""
    statement = (
        select(ProofOfReceipt)
        .join(DisbursementRequest, DisbursementRequest.id == ProofOfReceipt.request_id)
        .where(DisbursementRequest.public_id == entry.source_ref)
        .order_by(ProofOfReceipt.id)
    )
    return list(db.session.scalars(statement))


def _bank_lines(entry_id: int) -> list[StatementLine]:
    payments = select(Payment.id).where(Payment.journal_entry_id == entry_id)
    payouts = select(Payout.id).where(Payout.journal_entry_id == entry_id)
    statement = (
        select(StatementLine)
        .join(Match, Match.line_id == StatementLine.id)
        .where(
            Match.undone_at.is_(None),
            or_(
                Match.journal_entry_id == entry_id,
                Match.payment_id.in_(payments),
                Match.payout_id.in_(payouts),
            ),
        )
        .order_by(StatementLine.booked_on, StatementLine.id)
    )
    return list(db.session.scalars(statement))


def key_before_transfer(public_id: str) -> str | None:
    """After which key the list of transfers between funds begins with this one."""
    found = db.session.scalar(select(FundTransfer.id).where(FundTransfer.public_id == public_id))
    return None if found is None else str(found + 1)


def payout_of_movement(movement_id: str) -> str | None:
    """The payout of the card processor that a movement became part of."""
    return db.session.scalar(
        select(ProcessorMovement.payout_id).where(ProcessorMovement.movement_id == movement_id)
    )


def _items(entry_id: int) -> list[SampleItem]:
    """The items of samples that are this entry; each sample is asked by its index."""
    statement = (
        select(SampleItem)
        .join(Sample, Sample.id == SampleItem.sample_id)
        .where(SampleItem.entry_id == entry_id)
        .order_by(SampleItem.sample_id)
    )
    return list(db.session.scalars(statement))


def _findings(entry_id: int, items: Sequence[SampleItem]) -> list[AuditFinding]:
    """The findings whose evidence is this entry, or an item of a sample that is."""
    drawn = [(item.sample_id, item.position) for item in items]
    place = tuple_(FindingEvidence.sample_id, FindingEvidence.position)
    evidence = select(FindingEvidence.finding_id).where(
        or_(FindingEvidence.entry_id == entry_id, place.in_(drawn))
    )
    statement = select(AuditFinding).where(AuditFinding.id.in_(evidence))
    return list(db.session.scalars(statement.order_by(AuditFinding.id)))


def _letters(items: Sequence[SampleItem]) -> list[AuditLetter]:
    """The letters that ask about items."""
    drawn = [(item.sample_id, item.position) for item in items]
    place = tuple_(AuditLetter.sample_id, AuditLetter.position)
    statement = select(AuditLetter).where(place.in_(drawn))
    return list(db.session.scalars(statement.order_by(AuditLetter.id))) if drawn else []


class RunsState(StrEnum):
    """What the newest runs that this program stored say: there is none; something is red in the
    newest run, or in the newest that read everything; the newest is old; or all is well.
    """

    NEVER = "never"
    RED = "red"
    OLD = "old"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run, how many of its checks failed and need attention, and whether this program stored it
    so; without that nobody may rely on it.
    """

    run: CheckRun
    red: int
    yellow: int
    is_proved: bool


def runs_state(now: datetime) -> RunsState:
    """What the newest stored runs say."""
    newest, full = _newest_proved(), _newest_proved(CheckRun.is_full)
    if newest is None:
        return RunsState.NEVER
    if newest.red or (full is not None and full.red):
        return RunsState.RED
    return RunsState.OLD if newest.run.ended_at < now - OLDEST_RUN else RunsState.FINE


def find_run(run_id: int | None) -> CheckRun | None:
    """The run of this id, or the newest; None where there is none."""
    statement = select(CheckRun).order_by(CheckRun.id.desc()).limit(1)
    if run_id is not None:
        statement = statement.where(CheckRun.id == run_id)
    return db.session.scalar(statement)


def newest_run() -> CheckRun | None:
    """The newest run that this program stored."""
    row = _newest_proved()
    return None if row is None else row.run


def is_run_proved(run: CheckRun, results: Sequence[StoredResult]) -> bool:
    """Whether this program stored the run with all these results."""
    proof = db.session.get(CheckRunProof, run.id)
    return proof is not None and is_proved(run, proof) and are_proved(results, proof)


def list_results(run_id: int) -> Sequence[StoredResult]:
    """The results of a run: red ones, yellow ones, green ones, each in the order of the checks."""
    statement = (
        select(StoredResult).where(StoredResult.run_id == run_id).order_by(StoredResult.position)
    )
    states = list(CheckState)[::-1]
    return sorted(db.session.scalars(statement), key=lambda result: states.index(result.state))


def list_runs(*conditions: Any) -> list[RunRow]:
    """The newest ten runs, the newest first."""
    newest = (
        select(CheckRun, CheckRunProof)
        .outerjoin(CheckRunProof, CheckRunProof.run_id == CheckRun.id)
        .where(*conditions)
        .order_by(CheckRun.id.desc())
        .limit(_MOST_RUNS)
    )
    return [_run_row(run, proof) for run, proof in db.session.execute(newest)]


def _run_row(run: CheckRun, proof: CheckRunProof | None) -> RunRow:
    if proof is None:
        return RunRow(run, 0, 0, is_proved=False)
    return RunRow(run, proof.red_count, proof.yellow_count, is_proved(run, proof))


def newest_order() -> CheckOrder | None:
    """What the worker was asked for last."""
    return db.session.scalar(select(CheckOrder).order_by(CheckOrder.id.desc()).limit(1))


def _newest_proved(*conditions: Any) -> RunRow | None:
    return next((row for row in list_runs(*conditions) if row.is_proved), None)
