"""Imported statements, importing one, and matching its certain lines."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.banking import queries
from fundapp.banking.forms import StatementForm
from fundapp.banking.operations import CertainResult, ImportResult, import_statement, match_certain
from fundapp.banking.parsed import StatementRejected
from fundapp.banking.views.blueprint import beside, blueprint, page, status_asked
from fundapp.banking.words import say
from fundapp.db import unit_of_work
from fundapp.errors import DomainError
from fundapp.identity.views.fields import show_on_form
from fundapp.web.locale import translated


@blueprint.get("/statements")
@requires(Permission.STATEMENT_READ)
def statements() -> str:
    """Statements, the one imported last first."""
    rows = queries.list_statements(after=request.args.get("after"))
    return page("statements", rows=rows, accounts=queries.list_bank_accounts())


@blueprint.get("/statements/new")
@requires(Permission.STATEMENT_IMPORT)
def new_statement() -> str:
    """The form to import one."""
    accounts = queries.list_bank_accounts()
    return page("new_statement", form=StatementForm(accounts), accounts=accounts)


@blueprint.post("/statements/new")
@requires(Permission.STATEMENT_IMPORT)
def upload_statement() -> Response | tuple[str, int]:
    """Check a file, or import it."""
    accounts = queries.list_bank_accounts()
    form = StatementForm(accounts)
    if not form.validate_on_submit():
        return page("new_statement", form=form, accounts=accounts), 422
    try:
        result = _import(form)
    except StatementRejected as refused:
        errors = refused.errors
        return page("new_statement", form=form, accounts=accounts, errors=errors), 422
    except DomainError as error:
        show_on_form(form, error)
        return page("new_statement", form=form, accounts=accounts), 422
    if _is_dry_run() or result.statement is None:
        return page("new_statement", form=form, accounts=accounts, result=result), 200
    return _imported(result, result.statement.public_id)


@blueprint.get("/statements/<public_id>")
@requires(Permission.STATEMENT_READ)
def statement(public_id: str) -> str:
    """The lines of a statement, each with what it may belong to."""
    found = queries.get_statement(public_id)
    status = status_asked()
    after = request.args.get("after")
    rows = queries.list_statement_lines(found.id, status=status, after=after)
    counts = queries.status_counts([found.id]).get(found.id, {})
    certain = len(queries.list_certain_ids(found.id))
    shown = {"statement": found, "rows": rows, "status": status, "counts": counts}
    return page("statement", certain=certain, **shown, **beside(list(rows.rows)))


@blueprint.post("/statements/<public_id>/match-certain")
@requires(Permission.STATEMENT_MATCH)
def match_certain_lines(public_id: str) -> Response:
    """Match every line whose text names exactly one thing."""
    steps = [unit_of_work(match_certain, public_id, actor=current_actor())]
    while steps[-1].next_row is not None:
        row = steps[-1].next_row
        steps.append(unit_of_work(match_certain, public_id, actor=current_actor(), after_row=row))
    _tell(steps)
    return redirect(url_for("banking.statement", public_id=public_id), 303)


def _is_dry_run() -> bool:
    return request.form.get("dry_run", "").lower() not in ("", "0", "false", "no", "off")


def _import(form: StatementForm) -> ImportResult:
    data, file_name = form.read()
    return unit_of_work(
        import_statement,
        data,
        file_name=file_name,
        account_code=form.account.data or "",
        profile_name=form.profile.data or "",
        actor=current_actor(),
        dry_run=_is_dry_run(),
    )


def _imported(result: ImportResult, public_id: str) -> Response:
    """Say what came in, and go to the statement."""
    if result.is_known_file:
        flash(_("This file was imported before. Nothing has been changed."), "info")
    else:
        new = ngettext("%(num)s new line", "%(num)s new lines", result.new_lines)
        known = ngettext("%(num)s known line", "%(num)s known lines", result.known_lines)
        flash(_("The statement is imported: %(new)s, %(known)s.", new=new, known=known), "success")
    for warning in result.warnings:
        flash(say(warning), "warning")
    return redirect(url_for("banking.statement", public_id=public_id), 303)


def _tell(steps: list[CertainResult]) -> None:
    matched = sum(step.matched for step in steps)
    text = ngettext("%(num)s line is matched.", "%(num)s lines are matched.", matched)
    flash(text, "success" if matched else "info")
    for one in [refused for step in steps for refused in step.refused][:10]:
        sentence = translated(one.error)
        flash(_("Row %(row)s: %(sentence)s", row=one.row_number, sentence=sentence), "warning")
