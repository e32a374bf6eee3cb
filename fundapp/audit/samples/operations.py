"""Freezing a population, drawing from it, working papers, and closing a sample."""

import secrets

from sqlalchemy import func, select

from fundapp import clock
from fundapp.access.actors import Actor, require
from fundapp.audit.samples.drafts import PaperDraft, SampleDraft, Scope
from fundapp.audit.samples.drawing import strata_of
from fundapp.audit.samples.errors import (
    ErrorAmountError,
    NoPopulationError,
    NoRoomError,
    PapersMissingError,
    PopulationChangedError,
    PopulationTooLargeError,
    SampleDaysError,
    SampleTooLargeError,
    SeedMissingError,
)
from fundapp.audit.samples.models import (
    PaperResult,
    Sample,
    SampleItem,
    SamplePaper,
    SampleStatus,
    SampleStratum,
    SeedSource,
)
from fundapp.audit.samples.policy import may_keep_samples
from fundapp.audit.samples.queries import (
    Population,
    draw_from,
    find_sample_of_key,
    frozen_population,
    get_item,
    get_sample,
    last_entry_id,
    open_sample,
    read_population,
)
from fundapp.audit.samples.sizes import EXPANSION, size_for
from fundapp.audit.samples.workflow import SampleAction, next_sample_status
from fundapp.db import db, lock
from fundapp.errors import FormUsedError
from fundapp.money import format_baht
from fundapp.remarks.models import RemarkKind
from fundapp.remarks.steps import write_remark
from fundapp.trail.operations import record_event

#: What the trail and remarks call a sample.
SUBJECT_TYPE = "audit_sample"
#: Entries of a population; so many are read in a few seconds.
MOST_ENTRIES = 200_000
#: Entries of a sample, each of which somebody checks.
MOST_ITEMS = 500


def freeze_sample(draft: SampleDraft, *, key: str, actor: Actor) -> Sample:
    """Freeze the population of a sample and set its size; ``key`` makes it happen once.

    Raises ForbiddenError, FormUsedError, SampleDaysError, NoPopulationError,
    PopulationTooLargeError, NoRoomError and SampleTooLargeError.
    """
    require(may_keep_samples(actor))
    known = find_sample_of_key(key)
    if known is not None:
        if _draft_of(known) != draft:
            raise FormUsedError
        return known
    scope = draft.scope
    if scope.to_on < scope.from_on:
        raise SampleDaysError(field="to_on")
    last_id = last_entry_id()
    population = read_population(scope, last_id, MOST_ENTRIES)
    if population is None:
        raise PopulationTooLargeError(field="to_on", params={"most": f"{MOST_ENTRIES:,}"})
    if not population.members:
        raise NoPopulationError(field="to_on")
    sample = Sample(
        from_on=scope.from_on,
        to_on=scope.to_on,
        kind=scope.kind,
        fund_code=scope.fund_code,
        last_entry_id=last_id,
        population_count=len(population.members),
        population_satang=population.total_satang,
        population_sha256=population.sha256,
        method=draft.method,
        confidence=draft.confidence,
        materiality_satang=draft.materiality_satang,
        expected_satang=draft.expected_satang,
        size=_size(draft, population),
        status=SampleStatus.FROZEN,
        frozen_at=clock.now(),
        frozen_by=actor.ref,
        idempotency_key=key,
    )
    db.session.add(sample)
    db.session.flush()
    _record("freeze", sample, actor)
    return sample


def _draft_of(sample: Sample) -> SampleDraft:
    """What its form said."""
    return SampleDraft(
        Scope(sample.from_on, sample.to_on, sample.kind, sample.fund_code),
        sample.method,
        sample.confidence,
        sample.materiality_satang,
        sample.expected_satang,
    )


def draw_sample(number: str, source: SeedSource, seed: str = "", *, actor: Actor) -> Sample:
    """Draw the entries with a seed that is typed, or made here. Raises ForbiddenError,
    NotFoundError, SampleStateError, SeedMissingError, PopulationChangedError, SampleTooLargeError.
    """
    require(may_keep_samples(actor))
    sample = _lock(number)
    status = next_sample_status(sample.status, SampleAction.DRAW)
    if source is SeedSource.SYSTEM:
        seed = secrets.token_hex(16)
    if not seed:
        raise SeedMissingError(field="seed")
    population = frozen_population(sample)
    if population is None:
        raise PopulationChangedError
    drawn = draw_from(sample, population, seed)
    _require_few(len(drawn))
    _write_strata(sample, population)
    db.session.add_all(
        SampleItem(
            sample_id=sample.id,
            position=position,
            entry_id=member.entry_id,
            amount_satang=member.amount_satang,
            stratum=row.stratum,
            hits=row.hits,
        )
        for position, (member, row) in enumerate(drawn, start=1)
    )
    db.session.flush()
    sample.status, sample.seed, sample.seed_source = status, seed, source
    sample.drawn_at, sample.drawn_by = clock.now(), actor.ref
    db.session.flush()
    db.session.expire(sample, ["items", "strata"])
    _record("draw", sample, actor)
    return sample


def write_paper(number: str, position: int, draft: PaperDraft, *, actor: Actor) -> SamplePaper:
    """Write the working paper of an item; one that it has already stays and counts no more.
    Raises ForbiddenError, NotFoundError, SampleStateError and ErrorAmountError.
    """
    require(may_keep_samples(actor))
    sample = _lock(number)
    next_sample_status(sample.status, SampleAction.CHECK)
    _sample, item = get_item(number, position)
    last = db.session.scalar(
        select(func.max(SamplePaper.number)).where(
            SamplePaper.sample_id == sample.id, SamplePaper.position == position
        )
    )
    remark = None
    if draft.note:
        remark = write_remark(
            draft.note,
            kind=RemarkKind.AUDIT,
            subject_type=SUBJECT_TYPE,
            subject_ref=number,
            actor=actor,
        )
    paper = SamplePaper(
        sample_id=sample.id,
        position=position,
        number=(last or 0) + 1,
        result=draft.result,
        error_satang=_error(draft, item),
        note_digest=remark.digest if remark else None,
        written_by=actor.ref,
        written_at=clock.now(),
    )
    db.session.add(paper)
    db.session.flush()
    _record("check", sample, actor)
    return paper


def close_sample(number: str, *, actor: Actor) -> Sample:
    """Close a sample whose every item has its working paper; then nothing of it changes. Raises
    ForbiddenError, NotFoundError, SampleStateError and PapersMissingError.
    """
    require(may_keep_samples(actor))
    sample = _lock(number)
    status = next_sample_status(sample.status, SampleAction.CLOSE)
    missing = open_sample(number).open_count
    if missing:
        raise PapersMissingError(params={"count": missing})
    sample.status, sample.closed_at, sample.closed_by = status, clock.now(), actor.ref
    db.session.flush()
    _record("close", sample, actor)
    return sample


def _size(draft: SampleDraft, population: Population) -> int:
    size = size_for(
        population.total_satang,
        len(population.members),
        draft.confidence,
        draft.materiality_satang,
        draft.expected_satang,
    )
    if size is None:
        factor = f"{EXPANSION[draft.confidence] / 100:.1f}"
        raise NoRoomError(field="materiality", params={"factor": factor})
    strata = strata_of(draft.method, population.amounts, draft.materiality_satang)
    _require_few(max(size, len(strata.get(0, ()))))
    return size


def _require_few(size: int) -> None:
    if size > MOST_ITEMS:
        raise SampleTooLargeError(
            field="materiality", params={"size": f"{size:,}", "most": MOST_ITEMS}
        )


def _write_strata(sample: Sample, population: Population) -> None:
    amounts = population.amounts
    strata = strata_of(sample.method, amounts, sample.materiality_satang)
    db.session.add_all(
        SampleStratum(
            sample_id=sample.id,
            number=number,
            entry_count=len(rows),
            amount_satang=sum(amounts[index] for index in rows),
        )
        for number, rows in strata.items()
    )
    db.session.flush()


def _error(draft: PaperDraft, item: SampleItem) -> int:
    if draft.result is PaperResult.IN_ORDER:
        return 0
    if draft.result is PaperResult.NOT_FOUND:
        return item.amount_satang
    if not 0 < draft.error_satang <= item.amount_satang:
        raise ErrorAmountError(field="error", params={"amount": format_baht(item.amount_satang)})
    return draft.error_satang


def _lock(number: str) -> Sample:
    sample = lock(select(Sample).where(Sample.id == get_sample(number).id))
    if sample is None:
        raise RuntimeError("a sample was deleted")
    return sample


def _record(verb: str, sample: Sample, actor: Actor) -> None:
    record_event(
        f"audit:sample:{verb}", actor=actor, subject_type=SUBJECT_TYPE, subject_ref=sample.number
    )
