"""A check of what was published about children: it is as it was, and no step of it is small."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from fundapp.audit.checks.base import Check, Violation
from fundapp.markers import N_
from fundapp.transparency.digest import publication_digest
from fundapp.transparency.models import FigureKind
from fundapp.transparency.queries import Published, list_help_lines, list_published
from fundapp.transparency.rises import (
    NO_DISTRICT,
    Cell,
    Figure,
    Figures,
    HelpLine,
    K,
    is_batch,
    waiting_lines,
)

_Rows = dict[tuple[FigureKind, str, str], Figure]


def published_figures() -> Iterator[Violation]:
    """The rows of each month have its digest, and what each figure rose by is in the books: paid
    for more than ten children, none of whom had more than half.
    """
    months = list_published()
    lines = list_help_lines(months[-1].month) if months else []
    digest, before = b"", _Rows()
    for published in months:
        figures, stated = published.figures, published.publication.figures_sha256
        if publication_digest(published.month, figures, digest) != stated:
            yield Violation(f"{published.month:%Y-%m}", "is not as it was published")
        rows = {
            (figure.kind, figure.fund_code, figure.district_code): Figure(
                figure.value, figure.rose_in
            )
            for figure in figures
        }
        recorded = [line for line in lines if line.month <= published.month]
        yield from _steps_of_help(published, before, rows, recorded)
        yield from _steps_of_children(published, before, rows, recorded)
        digest, before = stated, rows


def _steps_of_help(
    published: Published, before: _Rows, rows: _Rows, lines: list[HelpLine]
) -> Iterator[Violation]:
    earlier: Figures = defaultdict(Figure, _cells(before))
    batches: dict[Cell, list[HelpLine]] = defaultdict(list)
    now = _cells(rows)
    for (fund, district), waiting in waiting_lines(earlier, lines).items():
        own = now.get((fund, district), Figure())
        cell = (fund, district) if own.rose_in == published.month else (fund, NO_DISTRICT)
        batches[cell] += waiting
    for cell, figure in now.items():
        batch = batches[cell] if figure.rose_in == published.month else []
        rose_by = (figure.value or 0) - (earlier[cell].value or 0)
        if rose_by != sum(line.satang for line in batch):
            yield Violation(_name(published, cell), "did not rise by what was recorded")
        elif batch and not is_batch(batch):
            yield Violation(_name(published, cell), "rose by the help of few children, or of one")


def _steps_of_children(
    published: Published, before: _Rows, rows: _Rows, lines: list[HelpLine]
) -> Iterator[Violation]:
    helped: dict[str, set[int]] = defaultdict(set)
    for line in lines:
        helped[line.district_code].add(line.child_id)
    for row, figure in rows.items():
        kind, _fund, district = row
        if kind is not FigureKind.CHILDREN_HELPED:
            continue
        rose_by = (figure.value or 0) - (before.get(row, Figure()).value or 0)
        has_risen = figure.rose_in == published.month
        if (rose_by != 0) != has_risen or 0 < rose_by <= K:
            yield Violation(_name(published, (kind, district)), "rose by a small number")
        elif has_risen and figure.value != len(helped[district]):
            yield Violation(_name(published, (kind, district)), "is not what was recorded")


def _cells(rows: Mapping[tuple[FigureKind, str, str], Figure]) -> dict[Cell, Figure]:
    return {
        (fund, district): figure
        for (kind, fund, district), figure in rows.items()
        if kind is FigureKind.HELP_PAID
    }


def _name(published: Published, cell: tuple[str, str]) -> str:
    month: date = published.month
    return f"{month:%Y-%m} {' '.join(part for part in cell if part)}"


CHECKS = (
    Check(
        "transparency.published",
        N_("Published figures are as they were published, and no step of them is small."),
        published_figures,
    ),
)
