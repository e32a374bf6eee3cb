"""The pages that take donors, past gifts and pledges over from a spreadsheet."""

from collections.abc import Iterator

from flask import Response, render_template, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.csv_safety import Cell
from fundapp.giving import queries
from fundapp.giving.imports import operations
from fundapp.giving.imports.columns import GROUPS, ColumnMapping, propose
from fundapp.giving.imports.forms import CommitForm, MappingForm, UploadForm
from fundapp.giving.imports.plan import Plan, make_plan
from fundapp.giving.imports.reader import open_sheet
from fundapp.giving.models import DonorImport
from fundapp.giving.views.blueprint import blueprint
from fundapp.identity.queries import names_of
from fundapp.ledger.queries import list_accounts, list_funds, list_open_funds
from fundapp.spreadsheets.rows import RowProblem
from fundapp.web.downloads import csv_download, xlsx_download
from fundapp.web.forms import Answer, redirect_with, submit
from fundapp.web.locale import localized

#: How many wrong rows, and rows of the file, a page shows.
MOST_PROBLEMS, MOST_SAMPLES = 50, 3


@blueprint.get("/donors/import")
@requires(Permission.DONOR_IMPORT)
def donor_imports() -> str:
    """The form that uploads a spreadsheet, and the newest uploads."""
    return _upload_page(_upload_form(formdata=None))


@blueprint.post("/donors/import")
@requires(Permission.DONOR_IMPORT)
def upload_donors() -> Answer:
    """Read a spreadsheet and keep it for a day."""
    form, actor = _upload_form(), current_actor()
    return submit(
        form,
        lambda: operations.keep_upload(
            form.content, form.sheet, profile_name=form.profile.data, actor=actor
        ),
        before=form.read,
        done=lambda row: redirect_with(
            _("The file is read. Nothing is taken over yet."), _next(row)
        ),
        page=lambda: _upload_page(form),
    )


@blueprint.get("/donors/import/<public_id>/columns")
@requires(Permission.DONOR_IMPORT)
def import_columns(public_id: str) -> str:
    """What each column of the file holds."""
    return _columns_page(queries.get_import(public_id), fill=True)


@blueprint.post("/donors/import/<public_id>/columns")
@requires(Permission.DONOR_IMPORT)
def map_import_columns(public_id: str) -> Answer:
    """Keep what the columns hold, and look at what the file would bring."""
    form, actor = _mapping_form(queries.get_import(public_id)), current_actor()
    return submit(
        form,
        lambda: operations.map_columns(
            public_id,
            form.mapping,
            mode=form.mode.value,
            profile_name=form.profile_name.data,
            actor=actor,
        ),
        done=lambda _row: redirect_with(
            _("The columns are kept."), url_for("giving.donor_import", public_id=public_id), "info"
        ),
        page=lambda: _columns_page(queries.get_import(public_id), form),
    )


@blueprint.get("/donors/import/<public_id>")
@requires(Permission.DONOR_IMPORT)
def donor_import(public_id: str) -> str:
    """What a file would bring, row by row; or what it has brought."""
    return _preview_page(public_id, CommitForm(formdata=None))


@blueprint.post("/donors/import/<public_id>")
@requires(Permission.DONOR_IMPORT)
def commit_donor_import(public_id: str) -> Answer:
    """Take the file over as the preview showed it."""
    form, actor = CommitForm(), current_actor()
    return submit(
        form,
        lambda: operations.commit_import(
            public_id,
            version=form.version.data or "",
            books_gifts=form.books_gifts.data,
            actor=actor,
        ),
        done=lambda _plan: redirect_with(
            _("The file is taken over."), url_for("giving.donor_import", public_id=public_id)
        ),
        page=lambda: _preview_page(public_id, form),
        stale=lambda error: (_preview_page(public_id, _refused(form, error)), 409),
    )


@blueprint.get("/donors/import/<public_id>/rows.csv")
@requires(Permission.DONOR_IMPORT)
@fresh_factor
def import_rows_csv(public_id: str) -> Response:
    """The rows of the file, with what is wrong beside each."""
    header, rows = _rows_with_reasons(public_id)
    return csv_download("donors-to-correct", header, rows)


@blueprint.get("/donors/import/<public_id>/rows.xlsx")
@requires(Permission.DONOR_IMPORT)
@fresh_factor
def import_rows_xlsx(public_id: str) -> Response:
    """The same as a spreadsheet."""
    header, rows = _rows_with_reasons(public_id)
    return xlsx_download("donors-to-correct", header, rows)


def _upload_form(**kwargs: None) -> UploadForm:
    return UploadForm([profile.name for profile in queries.list_profiles()], **kwargs)


def _upload_page(form: UploadForm) -> str:
    rows = queries.list_imports()
    names = names_of(row.uploaded_by for row in rows)
    return render_template("giving/donor_imports.html", form=form, rows=rows, names=names)


def _next(row: DonorImport) -> str:
    """Where one goes on with an upload: to its columns, unless a profile knows them."""
    endpoint = "giving.donor_import" if row.mapping else "giving.import_columns"
    return url_for(endpoint, public_id=row.public_id)


def _mapping_form(row: DonorImport, *, fill: bool = False) -> MappingForm:
    sheet = open_sheet(row)
    known = ColumnMapping.parse(row.mapping) if row.mapping else propose(sheet.headings)
    return MappingForm(sheet, list_open_funds(), known if fill else ColumnMapping(), row.mode)


def _columns_page(row: DonorImport, form: MappingForm | None = None, *, fill: bool = False) -> str:
    sheet = open_sheet(row)
    return render_template(
        "giving/import_columns.html",
        form=form or _mapping_form(row, fill=fill),
        row=row,
        groups=[(_(label), columns) for label, columns in GROUPS],
        sheet=sheet,
        samples=sheet.rows[:MOST_SAMPLES],
    )


def _preview_page(public_id: str, form: CommitForm) -> str:
    row = queries.get_import(public_id)
    plan = None
    if row.committed_at is None:
        plan, form.version.data = _plan_of(row)
    return render_template(
        "giving/donor_import.html",
        form=form,
        row=row,
        plan=plan,
        counts=plan.counts if plan else row.counts,
        problems=plan.problems[:MOST_PROBLEMS] if plan else [],
        sentence=_sentence,
        funds={fund.code: localized(fund) for fund in list_funds()},
        accounts={account.code: localized(account) for account in list_accounts()},
        names=names_of([row.committed_by] if row.committed_by else []),
    )


def _plan_of(row: DonorImport) -> tuple[Plan, str]:
    """What the file would bring, and the version that the button carries."""
    mapping = ColumnMapping.parse(row.mapping)
    plan = make_plan(open_sheet(row), mapping, row.mode)
    return plan, plan.version(row.file_sha256, mapping)


def _refused(form: CommitForm, error: Exception) -> CommitForm:
    form.form_errors.append(_(str(error)))
    return form


def _rows_with_reasons(public_id: str) -> tuple[list[str], Iterator[list[Cell]]]:
    row = queries.get_import(public_id)
    sheet, (plan, _version) = open_sheet(row), _plan_of(row)
    reasons: dict[int, list[str]] = {}
    for problem in plan.problems:
        reasons.setdefault(problem.row, []).append(_sentence(problem))
    header = [_("What is wrong"), *sheet.headings]
    rows: Iterator[list[Cell]] = (
        [" ".join(reasons.get(each.number, [])), *(cell.text for cell in each.cells)]
        for each in sheet.rows
    )
    return header, rows


def _sentence(problem: RowProblem) -> str:
    """What is wrong, in the reader's language, with the column that it is in."""
    text = _(problem.sentence, **problem.params) if problem.params else _(problem.sentence)
    return text if problem.column is None else f"{_(problem.column.label)}: {text}"
