"""The pages that take existing lists of children over from a spreadsheet."""

from collections.abc import Iterator

from flask import Response, render_template, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.children.imports import operations, queries
from fundapp.children.imports.columns import COLUMN_GROUPS, ChildMapping, propose_columns
from fundapp.children.imports.forms import ChildMappingForm, ChildUploadForm
from fundapp.children.imports.models import ChildImport
from fundapp.children.imports.plan import ChildrenPlan, plan_children
from fundapp.children.imports.reader import open_list
from fundapp.children.queries import list_own_districts
from fundapp.children.views.blueprint import blueprint
from fundapp.csv_safety import Cell
from fundapp.spreadsheets.rows import RowProblem
from fundapp.web.downloads import csv_download, xlsx_download
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit

#: How many wrong rows, and rows of the file, a page shows.
MOST_PROBLEMS, MOST_SAMPLES = 50, 3


@blueprint.get("/children/import")
@requires(Permission.CHILD_IMPORT)
def child_imports() -> str:
    """The form that uploads a list, and the viewer's newest uploads."""
    return _upload_page(_upload_form(formdata=None))


@blueprint.post("/children/import")
@requires(Permission.CHILD_IMPORT)
def upload_children() -> Answer:
    """Read a list and keep it for a day."""
    form, actor = _upload_form(), current_actor()
    return submit(
        form,
        lambda: operations.keep_list(
            form.content, form.sheet, profile_name=form.profile.data, actor=actor
        ),
        before=form.read,
        done=lambda row: redirect_with(
            _("The file is read. Nothing is taken over yet."), _next(row)
        ),
        page=lambda: _upload_page(form),
    )


@blueprint.get("/children/import/<public_id>/columns")
@requires(Permission.CHILD_IMPORT)
def list_columns(public_id: str) -> str:
    """What each column of the list holds."""
    row = _import(public_id)
    return _columns_page(row, _mapping_form(row, fill=True))


@blueprint.post("/children/import/<public_id>/columns")
@requires(Permission.CHILD_IMPORT)
def map_list_columns(public_id: str) -> Answer:
    """Keep what the columns hold, and look at what the list would bring."""
    row, actor = _import(public_id), current_actor()
    form = _mapping_form(row)
    return submit(
        form,
        lambda: operations.map_list(
            public_id, form.mapping, profile_name=form.profile_name.data, actor=actor
        ),
        done=lambda _row: redirect_with(
            _("The columns are kept."),
            url_for("children.child_import", public_id=public_id),
            "info",
        ),
        page=lambda: _columns_page(_import(public_id), form),
    )


@blueprint.get("/children/import/<public_id>")
@requires(Permission.CHILD_IMPORT)
def child_import(public_id: str) -> str:
    """What a list would bring, row by row; or what it has brought."""
    return _preview_page(public_id, ButtonForm(formdata=None))


@blueprint.post("/children/import/<public_id>")
@requires(Permission.CHILD_IMPORT)
def commit_child_import(public_id: str) -> Answer:
    """Take the list over as the preview showed it."""
    form, actor = ButtonForm(), current_actor()
    return submit(
        form,
        lambda: operations.commit_list(public_id, version=form.version.data or "", actor=actor),
        done=lambda _plan: redirect_with(
            _("The file is taken over."), url_for("children.child_import", public_id=public_id)
        ),
        page=lambda: _preview_page(public_id, form),
        stale=lambda error: (_preview_page(public_id, _refused(form, error)), 409),
    )


@blueprint.get("/children/import/<public_id>/rows.csv")
@requires(Permission.CHILD_IMPORT)
@fresh_factor
def list_rows_csv(public_id: str) -> Response:
    """The rows of the list, with what is wrong beside each."""
    header, rows = _rows_with_reasons(public_id)
    return csv_download("children-to-correct", header, rows)


@blueprint.get("/children/import/<public_id>/rows.xlsx")
@requires(Permission.CHILD_IMPORT)
@fresh_factor
def list_rows_xlsx(public_id: str) -> Response:
    """The same as a spreadsheet."""
    header, rows = _rows_with_reasons(public_id)
    return xlsx_download("children-to-correct", header, rows)


def _import(public_id: str) -> ChildImport:
    return queries.get_child_import(public_id, viewer=current_actor())


def _upload_form(**kwargs: None) -> ChildUploadForm:
    return ChildUploadForm([profile.name for profile in queries.list_child_profiles()], **kwargs)


def _upload_page(form: ChildUploadForm) -> str:
    rows = queries.list_child_imports(current_actor())
    return render_template("children/imports.html", form=form, rows=rows)


def _next(row: ChildImport) -> str:
    """Where one goes on with an upload: to its columns, unless a profile knows them."""
    endpoint = "children.child_import" if row.mapping else "children.list_columns"
    return url_for(endpoint, public_id=row.public_id)


def _mapping_form(row: ChildImport, *, fill: bool = False) -> ChildMappingForm:
    sheet = open_list(row)
    known = ChildMapping.parse(row.mapping) if row.mapping else propose_columns(sheet.headings)
    districts = list_own_districts(current_actor(), Permission.CHILD_REGISTER)
    return ChildMappingForm(sheet, districts, known if fill else ChildMapping())


def _columns_page(row: ChildImport, form: ChildMappingForm) -> str:
    sheet = open_list(row)
    return render_template(
        "children/import_columns.html",
        form=form,
        groups=[(_(label), columns) for label, columns in COLUMN_GROUPS],
        sheet=sheet,
        samples=sheet.rows[:MOST_SAMPLES],
    )


def _preview_page(public_id: str, form: ButtonForm) -> str:
    row = _import(public_id)
    plan = None
    if row.committed_at is None:
        plan, form.version.data = _plan_of(row)
    return render_template(
        "children/import.html",
        form=form,
        row=row,
        plan=plan,
        counts=plan.counts if plan else row.counts,
        problems=plan.problems[:MOST_PROBLEMS] if plan else [],
        sentence=_sentence,
    )


def _plan_of(row: ChildImport) -> tuple[ChildrenPlan, str]:
    """What the list would bring, and the version that the button carries."""
    mapping = ChildMapping.parse(row.mapping)
    plan = plan_children(open_list(row), mapping, actor=current_actor())
    return plan, plan.version(row.file_sha256, mapping)


def _refused(form: ButtonForm, error: Exception) -> ButtonForm:
    form.form_errors.append(_(str(error)))
    return form


def _rows_with_reasons(public_id: str) -> tuple[list[str], Iterator[list[Cell]]]:
    row = _import(public_id)
    sheet, (plan, _version) = open_list(row), _plan_of(row)
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
