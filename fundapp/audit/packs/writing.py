"""Writing a pack: each part into the archive, with its hash; then the index and the first page."""

import hashlib
import html
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from flask_babel import force_locale, gettext

from fundapp import clock
from fundapp.audit.packs.parts import PARTS, PackDays, PackPart
from fundapp.csv_safety import csv_lines
from fundapp.db import db
from fundapp.ledger.models import PeriodReopening
from fundapp.ledger.queries import list_reopenings
from fundapp.web.filters import day, label, moment, month
from fundapp.web.locale import fund_name

#: The first page, which says which closed months were opened again, and the index.
FIRST_PAGE, INDEX = "first-page.html", "index.csv"
#: Two languages on one page, Thai first: whoever gets a pack may read only one of them.
_LANGUAGES = ("th", "en")
_HEAD = (
    '<!doctype html><html lang="th"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>{title}</title></head><body>\n'
)

#: Told how many parts are done, and of how many.
Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class WrittenPart:
    """A file as it stands in the archive."""

    path: str
    size: int
    sha256: str


def write_pack(
    output: IO[bytes], days: PackDays, report: Report = lambda _done, _all: None
) -> None:
    """Write the archive of the period, as the books are when it begins. The same books give the
    same files, but for the first page and the papers of statements, which say when they were made.
    """
    db.session.rollback()
    written = []
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, part in enumerate(PARTS):
            report(number, len(PARTS))
            written.append(_write(archive, part, days))
        reopenings = list_reopenings(days.from_on, days.to_on)
        page = PackPart(FIRST_PAGE, lambda _days: iter([_first_page(days, reopenings, written)]))
        written.insert(0, _write(archive, page, days))
        rows = [(each.path, each.size, each.sha256) for each in written]
        lines = csv_lines(("file", "bytes", "sha256"), rows)
        _write(archive, PackPart(INDEX, lambda _days: iter(lines)), days)
    report(len(PARTS), len(PARTS))


def _write(archive: zipfile.ZipFile, part: PackPart, days: PackDays) -> WrittenPart:
    digest, size = hashlib.sha256(), 0
    info = zipfile.ZipInfo(part.path, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(info, "w", force_zip64=True) as file:
        for piece in part.pieces(days):
            data = piece.encode("utf-8") if isinstance(piece, str) else piece
            digest.update(data)
            size += len(data)
            file.write(data)
    return WrittenPart(part.path, size, digest.hexdigest())


def _first_page(
    days: PackDays, reopenings: Iterable[PeriodReopening], written: Iterable[WrittenPart]
) -> str:
    now, parts = clock.now(), list(written)
    pieces = []
    for language in _LANGUAGES:
        with force_locale(language):
            pieces.append(_in_one_language(days, list(reopenings), parts, now))
    with force_locale(_LANGUAGES[0]):
        title = html.escape(gettext("Audit pack"))
    return _HEAD.format(title=title) + "<hr>\n".join(pieces) + "</body></html>\n"


def _in_one_language(
    days: PackDays, reopenings: list[PeriodReopening], written: list[WrittenPart], now: datetime
) -> str:
    period = f"{day(days.from_on)} – {day(days.to_on)}"
    lines = [
        f"<h1>{html.escape(gettext('Audit pack'))}</h1>",
        _paragraph(fund_name()),
        _paragraph(gettext("Period: %(days)s", days=period)),
        _paragraph(gettext("Made on %(when)s.", when=moment(now))),
        f"<h2>{html.escape(gettext('Closed months that were opened again'))}</h2>",
    ]
    lines += [_paragraph(_reopened(row)) for row in reopenings] or [
        _paragraph(gettext("None in this period."))
    ]
    lines.append(f"<h2>{html.escape(gettext('Files, with their SHA-256'))}</h2><ul>")
    lines += [
        f"<li>{html.escape(part.path)}<br><code>{part.sha256}</code></li>" for part in written
    ]
    lines.append("</ul>")
    return "\n".join(lines) + "\n"


def _reopened(row: PeriodReopening) -> str:
    return gettext(
        "%(month)s: closed on %(closed)s, opened again on %(reopened)s. Why: %(why)s. Proposed by "
        "%(one)s, confirmed by %(other)s.",
        month=month(row.starts_on),
        closed=moment(row.closed_at),
        reopened=moment(row.reopened_at),
        why=label(row.reason),
        one=row.proposal.proposer.name,
        other=row.proposal.decider.name,
    )


def _paragraph(text: str) -> str:
    return f"<p>{html.escape(str(text))}</p>"
