"""Every published figure as a file, from the same rows as the page."""

import json
from collections.abc import Iterator, Sequence
from datetime import date

from fundapp import clock
from fundapp.csv_safety import Cell, csv_lines
from fundapp.transparency.models import PublishedFigure
from fundapp.transparency.queries import Published
from fundapp.web.downloads import BYTE_ORDER_MARK

HEADER = ("month", "kind", "fund", "district", "value", "rose_in")


def figures_json(months: Sequence[Published]) -> str:
    """Each month with its digest and its figures; amounts in satang, null where withheld."""
    return json.dumps({"months": [_month(published) for published in months]}, indent=1) + "\n"


def figures_csv(months: Sequence[Published]) -> str:
    """A row for each figure; amounts in satang, empty where withheld."""
    return BYTE_ORDER_MARK + "".join(csv_lines(HEADER, _rows(months)))


def _month(published: Published) -> dict[str, object]:
    return {
        "month": _text(published.month),
        "recorded_until": published.last_day.isoformat(),
        "published_at": clock.iso(published.publication.published_at),
        "sha256": published.publication.figures_sha256.hex(),
        "figures": [_figure(figure) for figure in published.figures],
    }


def _figure(figure: PublishedFigure) -> dict[str, Cell]:
    return {
        "kind": str(figure.kind),
        "fund": figure.fund_code,
        "district": figure.district_code,
        "value": figure.value,
        "rose_in": _text(figure.rose_in),
    }


def _rows(months: Sequence[Published]) -> Iterator[Sequence[Cell]]:
    for published in months:
        for figure in published.figures:
            yield (_text(published.month), *_figure(figure).values())


def _text(month: date | None) -> str | None:
    return f"{month:%Y-%m}" if month else None
