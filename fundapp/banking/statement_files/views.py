"""The list of imported statements, and the page that imports one."""

from collections.abc import Sequence

from flask import flash, make_response, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.banking.filters import sentence_text
from fundapp.banking.queries.accounts import list_bank_accounts
from fundapp.banking.statement_files.contradictions import CHANGED_DAY
from fundapp.banking.statement_files.forms import StatementForm
from fundapp.banking.statement_files.operations import (
    ImportResult,
    import_file,
    undo_import,
)
from fundapp.banking.statement_files.parsed import StatementError, StatementRejected
from fundapp.banking.statement_files.queries import get_statement, list_statements
from fundapp.banking.statement_files.queries.imports import NOT_OVER
from fundapp.banking.views.blueprint import blueprint, page
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit


@blueprint.get("/statements")
@requires(Permission.STATEMENT_READ)
def statements() -> str:
    """Statements, the one imported last first."""
    rows = list_statements(after=request.args.get("after"))
    return page("statements", rows=rows, accounts=list_bank_accounts())


@blueprint.get("/statements/new")
@requires(Permission.STATEMENT_IMPORT)
def new_statement() -> str:
    """The form that imports a file."""
    return _form_page(StatementForm(list_bank_accounts()))


@blueprint.post("/statements/new")
@requires(Permission.STATEMENT_IMPORT)
def upload_statement() -> Answer:
    """Check a file, or import it; what is wrong with the file is shown as a table."""
    form = StatementForm(list_bank_accounts())
    try:
        return submit(
            form,
            lambda: _import(form),
            before=lambda: form.statements,
            done=lambda results: _after_import(form, results),
            page=lambda: _form_page(form),
        )
    except StatementRejected as rejected:
        return _form_page(form, errors=rejected.errors), 422


@blueprint.get("/statements/<public_id>/undo")
@requires(Permission.STATEMENT_IMPORT)
def confirm_undo(public_id: str) -> str:
    """What taking an import back means, and the button that does it."""
    return _undo_page(public_id, ButtonForm())


@blueprint.post("/statements/<public_id>/undo")
@requires(Permission.STATEMENT_IMPORT)
def undo_statement(public_id: str) -> Answer:
    """Take an import back of which nothing is matched."""
    form = ButtonForm()
    url = url_for("banking.statement", public_id=public_id)
    return submit(
        form,
        lambda: undo_import(public_id, actor=current_actor()),
        done=lambda _statement: redirect_with(_("The import is taken back."), url),
        page=lambda: _undo_page(public_id, form),
    )


def _undo_page(public_id: str, form: ButtonForm) -> str:
    return page("undo_statement", statement=get_statement(public_id), form=form)


def _import(form: StatementForm) -> list[ImportResult]:
    return import_file(
        form.statements,
        account_code=form.account.data,
        actor=current_actor(),
        dry_run=form.dry_run.data,
        take_over=form.take_over.data,
    )


def _form_page(
    form: StatementForm,
    *,
    errors: tuple[StatementError, ...] = (),
    results: Sequence[ImportResult] = (),
) -> str:
    return page(
        "new_statement",
        form=form,
        accounts=list_bank_accounts(),
        errors=errors,
        may_take_over=any(error.code == CHANGED_DAY for error in errors),
        results=results,
    )


def _after_import(form: StatementForm, results: Sequence[ImportResult]) -> Response:
    """The result of a dry run, or the statement with a message; of several the list of them."""
    if form.dry_run.data:
        return make_response(_form_page(form, results=results))
    responses = [_told(result) for result in results if result.statement]
    if len(responses) == 1:
        return responses[0]
    return redirect(url_for("banking.statements"), 303)


def _told(result: ImportResult) -> Response:
    """The way to a statement, with a message of what it brought."""
    if result.statement is None:
        raise AssertionError("an import that is not a dry run returns a statement")
    url = url_for("banking.statement", public_id=result.statement.public_id)
    if result.is_known_file:
        message = _("This file was imported before. Nothing has been changed.")
        return redirect_with(message, url, "info")
    new = ngettext("%(num)s new line", "%(num)s new lines", result.new_lines)
    known = ngettext("%(num)s known line", "%(num)s known lines", result.known_lines)
    completed = ngettext(
        "%(num)s completed line", "%(num)s completed lines", result.completed_lines
    )
    message = _(
        "The statement is imported: %(new)s, %(completed)s, %(known)s.",
        new=new, completed=completed, known=known,
    )  # fmt: skip
    response = redirect_with(message, url)
    for warning in result.warnings:
        if warning.text == NOT_OVER:
            continue  # the page of the statement says so for as long as it is true
        flash(sentence_text(warning), "warning")
    return response
