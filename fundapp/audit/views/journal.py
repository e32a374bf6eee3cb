"""The journal, its entries, and the whole of it as a file."""

from collections.abc import Iterator, Sequence

from flask import Response, abort, render_template, request

from fundapp import clock
from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, fresh_factor_for_file, requires
from fundapp.access.permissions import Permission
from fundapp.audit import queries
from fundapp.audit.forms import JournalFilter
from fundapp.audit.naming import name_events
from fundapp.audit.views.blueprint import blueprint, read_filter, refused
from fundapp.csv_safety import Cell, baht_cell
from fundapp.identity import sessions
from fundapp.identity.actor_names import name_actors
from fundapp.ledger import exports
from fundapp.ledger.queries import JournalRow, PageKey, journal_page, list_funds
from fundapp.web.downloads import csv_download, text_download, wants_csv
from fundapp.web.limits import take_try

PAGE_SIZE = 50
#: A list as a file has as many rows as a person can ask a spreadsheet for; the export has all.
MOST_CSV_ENTRIES = 20_000
_MEDIA_TYPES = {"csv": "text/csv", "jsonl": "application/jsonl"}
_HEADER = (
    "entry",
    "day",
    "kind",
    "memo",
    "fund",
    "debit_account",
    "credit_account",
    "amount_baht",
    "source_type",
    "source_ref",
)

Page = str | tuple[str, int] | Response


@blueprint.get("/journal")
@requires(Permission.JOURNAL_READ)
@fresh_factor_for_file
def journal() -> Page:
    """Entries with their postings, page by page."""
    form = read_filter(JournalFilter(request.args, list_funds()))
    if not form.validate():
        return refused("audit/journal.html", form)
    if wants_csv():
        rows = _entries(form, MOST_CSV_ENTRIES)
        return csv_download("journal", _HEADER, list(_cells(rows)))
    rows = _entries(form, PAGE_SIZE + 1)
    return render_template(
        "audit/journal.html",
        form=form,
        rows=rows[:PAGE_SIZE],
        next_key=str(rows[PAGE_SIZE - 1].key) if len(rows) > PAGE_SIZE else None,
        accounts=queries.accounts_by_code(),
        funds=queries.funds_by_code(),
    )


@blueprint.get("/entries/<number>")
@requires(Permission.JOURNAL_READ)
def entry(number: str) -> str:
    """One entry with everything behind it."""
    dossier = queries.open_dossier(number)
    made = dossier.detail.row.entry
    return render_template(
        "audit/entry.html",
        dossier=dossier,
        events=name_events(dossier.events, viewer=current_actor()),
        names=name_actors([made.maker, made.checker, *(event.actor for event in dossier.events)]),
        accounts=queries.accounts_by_code(),
        funds=queries.funds_by_code(),
    )


@blueprint.get("/exports")
@requires(Permission.JOURNAL_READ)
def export_list() -> str:
    """The formats in which the whole journal can be taken away."""
    return render_template("audit/export_list.html")


@blueprint.get("/exports/<format_name>")
@requires(Permission.JOURNAL_READ)
@fresh_factor
def export(format_name: str) -> Response:
    """The whole journal as it is now, as a file."""
    if format_name not in exports.FORMATS:
        abort(404)
    take_try("LIMIT_EXPORT", sessions.signed_in_user().public_id)
    ending = {"hledger": "journal"}.get(format_name, format_name)
    name = f"ledger-{clock.today().isoformat()}.{ending}"
    media_type = _MEDIA_TYPES.get(format_name, "text/plain")
    return text_download(name, media_type, exports.export_lines(format_name))


def _entries(form: JournalFilter, limit: int) -> Sequence[JournalRow]:
    return journal_page(
        from_on=form.first_day,
        to_on=form.last_day,
        kind=form.entry_kind,
        fund_code=form.fund_code,
        after=PageKey.parse(request.args.get("after")),
        newest_first=form.newest_first,
        limit=limit,
    )


def _cells(rows: Sequence[JournalRow]) -> Iterator[Sequence[Cell]]:
    for row in rows:
        for posting in row.postings:
            yield (
                row.number,
                row.entry.entry_on.isoformat(),
                str(row.entry.kind),
                row.entry.memo,
                posting.fund_code,
                posting.debit_account_code,
                posting.credit_account_code,
                baht_cell(posting.amount_satang),
                row.entry.source_type,
                row.entry.source_ref,
            )
