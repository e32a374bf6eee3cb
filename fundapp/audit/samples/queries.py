"""Populations as they are frozen, and samples with what was found in them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, cast, func, select, type_coerce

from fundapp.audit.samples.drafts import Scope
from fundapp.audit.samples.drawing import Drawn, draw, strata_of
from fundapp.audit.samples.models import (
    NUMBER_PREFIX,
    PaperResult,
    Sample,
    SampleItem,
    SamplePaper,
)
from fundapp.audit.samples.sizes import Checked, Projection, project
from fundapp.db import BigInt, db
from fundapp.errors import NotFoundError
from fundapp.ids import from_readable
from fundapp.ledger.drafts import entry_number
from fundapp.ledger.models import JournalEntry, Posting
from fundapp.paging import Page, int_key, page_of
from fundapp.seeded_numbers import Stream

_PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Member:
    """An entry of a population, with its amount there."""

    entry_id: int
    amount_satang: int
    leaf_hash: bytes

    @property
    def line(self) -> str:
        """The entry as the population's hash covers it: number, satang and leaf hash."""
        return f"{entry_number(self.entry_id)} {self.amount_satang} {self.leaf_hash.hex()}\n"


@dataclass(frozen=True, slots=True)
class Population:
    """Entries by day and number, what they come to, and SHA-256 of their lines."""

    members: list[Member]
    total_satang: int
    sha256: bytes

    @property
    def amounts(self) -> list[int]:
        """The amounts in their order."""
        return [member.amount_satang for member in self.members]


@dataclass(frozen=True, slots=True)
class CheckedItem:
    """An item with the working paper that counts, if it has one."""

    item: SampleItem
    paper: SamplePaper | None


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A sample with its items, and what they come to."""

    sample: Sample
    items: list[CheckedItem]
    projection: Projection

    @property
    def open_count(self) -> int:
        """How many items have no working paper."""
        return sum(1 for row in self.items if row.paper is None)

    @property
    def exceptions(self) -> int:
        """How many items are not in order."""
        return sum(
            1
            for row in self.items
            if row.paper is not None and row.paper.result is not PaperResult.IN_ORDER
        )

    @property
    def is_borne(self) -> bool:
        """Whether the sample supports the books: the upper limit is no more than the materiality,
        or the projected error no more than what was expected.
        """
        if self.projection.upper is not None:
            return self.projection.upper <= self.sample.materiality_satang
        return self.projection.projected <= self.sample.expected_satang


def last_entry_id() -> int:
    """The newest entry of the books, or 0."""
    return db.session.scalar(select(func.max(JournalEntry.id))) or 0


def read_population(scope: Scope, last_id: int, most: int) -> Population | None:
    """The entries up to ``last_id``; None when there are more than ``most``."""
    rows = db.session.execute(_members(scope, last_id).limit(most + 1)).all()
    if len(rows) > most:
        return None
    members = [Member(entry_id, satang, leaf) for entry_id, satang, leaf in rows]
    digest = hashlib.sha256()
    for member in members:
        digest.update(member.line.encode())
    return Population(members, sum(each.amount_satang for each in members), digest.digest())


def scope_of(sample: Sample) -> Scope:
    """Which entries a sample is of."""
    return Scope(sample.from_on, sample.to_on, sample.kind, sample.fund_code)


def frozen_population(sample: Sample) -> Population | None:
    """The population read again; None when it is not the frozen one."""
    found = read_population(scope_of(sample), sample.last_entry_id, sample.population_count)
    return found if found is not None and found.sha256 == sample.population_sha256 else None


def draw_from(sample: Sample, population: Population, seed: str) -> list[tuple[Member, Drawn]]:
    """The rows that the seed draws."""
    amounts = population.amounts
    drawn = draw(
        sample.method,
        amounts,
        size=sample.size,
        strata=strata_of(sample.method, amounts, sample.materiality_satang),
        stream=Stream(seed, population.sha256),
    )
    return [(population.members[each.index], each) for each in drawn]


def is_same_draw(sample: Sample) -> bool:
    """Whether the books and the seed give the rows of a drawn sample again."""
    population = frozen_population(sample)
    if population is None or sample.seed is None:
        return False
    again = [
        (member.entry_id, member.amount_satang, drawn.stratum, drawn.hits)
        for member, drawn in draw_from(sample, population, sample.seed)
    ]
    return again == [
        (item.entry_id, item.amount_satang, item.stratum, item.hits) for item in sample.items
    ]


def list_samples(after: str | None) -> Page[Sample]:
    """Samples, the newest first."""
    statement = select(Sample).order_by(Sample.id.desc()).limit(_PAGE_SIZE + 1)
    key = int_key(after)
    if key is not None:
        statement = statement.where(Sample.id < key)
    return page_of(db.session.scalars(statement).all(), _PAGE_SIZE, lambda sample: sample.id)


def get_sample(number: str) -> Sample:
    """The sample with this number; NotFoundError."""
    sample = db.session.get(Sample, from_readable(number, NUMBER_PREFIX) or 0)
    if sample is None:
        raise NotFoundError
    return sample


def find_sample_of_key(key: str) -> Sample | None:
    """The sample that the form with this id froze."""
    return db.session.scalar(select(Sample).where(Sample.idempotency_key == key))


def open_sample(number: str) -> SampleFile:
    """The sample with the working papers that count; NotFoundError."""
    sample = get_sample(number)
    papers = _newest_papers(sample)
    items = [CheckedItem(item, papers.get(item.position)) for item in sample.items]
    checked = [
        Checked(row.item.amount_satang, row.paper.error_satang, row.item.stratum)
        for row in items
        if row.paper is not None
    ]
    projection = project(
        sample.method,
        checked,
        strata={stratum.number: stratum.amount_satang for stratum in sample.strata},
        size=sample.size,
        confidence=sample.confidence,
    )
    return SampleFile(sample, items, projection)


def get_item(number: str, position: int) -> tuple[Sample, SampleItem]:
    """An item of a sample; NotFoundError."""
    sample = get_sample(number)
    item = db.session.get(SampleItem, (sample.id, position))
    if item is None:
        raise NotFoundError
    return sample, item


def list_papers(item: SampleItem) -> list[SamplePaper]:
    """The working papers of an item, the newest first."""
    statement = (
        select(SamplePaper)
        .where(SamplePaper.sample_id == item.sample_id, SamplePaper.position == item.position)
        .order_by(SamplePaper.number.desc())
    )
    return list(db.session.scalars(statement))


def population_lines(sample: Sample) -> Iterator[tuple[str, int, str]]:
    """Number, satang and leaf hash of each entry of the population."""
    statement = _members(scope_of(sample), sample.last_entry_id)
    for entry_id, satang, leaf_hash in db.session.execute(statement):
        yield entry_number(entry_id), satang, leaf_hash.hex()


def _newest_papers(sample: Sample) -> dict[int, SamplePaper]:
    statement = (
        select(SamplePaper)
        .where(SamplePaper.sample_id == sample.id)
        .order_by(SamplePaper.position, SamplePaper.number)
    )
    return {paper.position: paper for paper in db.session.scalars(statement)}


def _members(scope: Scope, last_id: int) -> Select[Any]:
    conditions = [
        JournalEntry.entry_on >= scope.from_on,
        JournalEntry.entry_on <= scope.to_on,
        JournalEntry.id <= last_id,
    ]
    if scope.kind is not None:
        conditions.append(JournalEntry.kind == scope.kind)
    amount: ColumnElement[Any] = type_coerce(JournalEntry.total_satang, BigInt)
    if scope.fund_code is not None:
        amount = (
            select(cast(func.sum(Posting.amount_satang), BigInt))
            .where(and_(Posting.entry_id == JournalEntry.id, Posting.fund_code == scope.fund_code))
            .scalar_subquery()
        )
        conditions.append(amount.is_not(None))
    statement = select(JournalEntry.id, amount, JournalEntry.leaf_hash)
    return statement.where(*conditions).order_by(JournalEntry.entry_on, JournalEntry.id)
