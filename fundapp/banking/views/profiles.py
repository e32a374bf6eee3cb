"""The styles of statement files: the list, and the form with a preview of a sample file."""

from flask import request, url_for
from flask_babel import gettext as _

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.banking.operations.profiles import PROFILE, propose_profile
from fundapp.banking.policy import may_propose_banking
from fundapp.banking.statement_files.forms import ProfileForm
from fundapp.banking.statement_files.parsed import StatementRejected
from fundapp.banking.statement_files.parsing import parse_statement
from fundapp.banking.statement_files.profiles import check_profile
from fundapp.banking.statement_files.queries import get_profile_row, list_profiles
from fundapp.banking.views.blueprint import blueprint, page
from fundapp.errors import NotFoundError
from fundapp.proposals.queries import find_open_proposal
from fundapp.web.forms import Answer, redirect_with, submit

#: How many lines of a sample are shown from its beginning, and from its end.
_SHOWN_LINES = 5


@blueprint.get("/profiles")
@requires(Permission.STATEMENT_READ)
def profiles() -> str:
    """The styles of statement files."""
    return page("profiles", rows=list_profiles(), may_save=may_propose_banking(current_actor()))


@blueprint.get("/profiles/new")
@requires(Permission.HOUSE_PROPOSE)
def new_profile() -> str:
    """The form of a new style, empty or with what another style has (``from``)."""
    like = request.args.get("from", "")
    known = {row.code: row for row in list_profiles()}
    form = ProfileForm.of(known[like]) if like in known else ProfileForm()
    form.code.data, form.version.data = "", ""
    return _form_page(form, None)


@blueprint.post("/profiles/new")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def add_profile() -> Answer:
    """Enter a style, or show how it reads a sample."""
    return _save(ProfileForm(), None)


@blueprint.get("/profiles/<code>/edit")
@requires(Permission.HOUSE_PROPOSE)
def edit_profile(code: str) -> str:
    """The form of a style."""
    known = {row.code: row for row in list_profiles()}
    if code not in known:
        raise NotFoundError
    return _form_page(ProfileForm.of(known[code]), code)


@blueprint.post("/profiles/<code>/edit")
@requires(Permission.HOUSE_PROPOSE)
@fresh_factor
def change_profile(code: str) -> Answer:
    """Change a style, or show how it reads a sample."""
    if code not in {row.code for row in list_profiles()}:
        raise NotFoundError
    form = ProfileForm()
    form.code.data = code
    return _save(form, code)


def _save(form: ProfileForm, code: str | None) -> Answer:
    """Carry the form out; ``code`` is None for a new style."""
    if form.preview.data:
        return _preview(form, code)
    return submit(
        form,
        lambda: propose_profile(
            form.profile(code),
            version=None if code is None else form.version_number,
            actor=current_actor(),
        ),
        done=lambda proposal: redirect_with(
            _("Proposed. Files are read like this when an administrator confirms it."),
            url_for("proposals.show", public_id=proposal.public_id),
        ),
        page=lambda: _form_page(form, code),
    )


def _preview(form: ProfileForm, code: str | None) -> Answer:
    """The form with what the sample says in this style; nothing is written."""
    try:
        return submit(
            form,
            lambda: check_profile(form.profile(code)),
            done=lambda _none: _page_with_sample(form, code),
            page=lambda: _form_page(form, code),
        )
    except StatementRejected as rejected:
        return _form_page(form, code, errors=rejected.errors), 422


def _page_with_sample(form: ProfileForm, code: str | None) -> Answer:
    parsed = parse_statement(form.file.content() or b"", form.profile(code))
    first, rest = parsed.lines[:_SHOWN_LINES], parsed.lines[_SHOWN_LINES:]
    preview = {"parsed": parsed, "first": first, "last": rest[-_SHOWN_LINES:]}
    return _form_page(form, code, preview=preview), 200


def _form_page(
    form: ProfileForm, code: str | None, *, errors: object = (), preview: object = None
) -> str:
    row = None if code is None else get_profile_row(code)
    waiting = find_open_proposal(PROFILE, code) if code else None
    return page("profile_form", form=form, row=row, errors=errors, preview=preview, waiting=waiting)
