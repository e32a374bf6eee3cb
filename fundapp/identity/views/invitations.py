"""Accepting an invitation: choosing a password with a link, or with a code on paper."""

from flask import Response as FlaskResponse
from flask import make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fundapp import clock
from fundapp.access.actors import VISITOR
from fundapp.access.marks import public
from fundapp.identity import operations, queries, sessions
from fundapp.identity.credentials import read_code
from fundapp.identity.errors import InvitationOverError
from fundapp.identity.forms import InvitationCodeForm, InvitationForm
from fundapp.identity.models import User
from fundapp.identity.views.blueprint import blueprint
from fundapp.web.forms import Answer, submit


@blueprint.get("/invitations")
@public
def invitation_code() -> str:
    """The form for the code of a sheet of paper."""
    return _code_page(InvitationCodeForm())


@blueprint.post("/invitations")
@public
def find_invitation() -> Answer:
    """To the invitation with the code that was typed."""
    form = InvitationCodeForm()
    if not form.validate_on_submit():
        return _code_page(form), 422
    found = queries.find_invitation(form.code.data)
    if found is None or not found.is_open(clock.now()):
        form.refuse(InvitationOverError(field="code"))
        return _code_page(form), 422
    return redirect(url_for("identity.invitation", code=read_code(form.code.data)), 303)


@blueprint.get("/invitations/<code>")
@public
def invitation(code: str) -> FlaskResponse:
    """Who is invited, and the form for a password."""
    return _without_referrer(_page(code, InvitationForm()))


@blueprint.post("/invitations/<code>")
@public
def accept_invitation(code: str) -> Answer:
    """Choose the password, and go on to the second factor."""
    form = InvitationForm()
    return submit(
        form,
        lambda: operations.accept_invitation(
            code,
            password=form.password.value,
            second_code=form.second.data or "",
            actor=VISITOR,
        ),
        done=_begin,
        page=lambda: _page(code, form),
    )


def _begin(user: User) -> Response:
    target = "identity.set_up" if user.is_staff else "today.index"
    return sessions.begin(user, redirect(url_for(target), 303))


def _page(code: str, form: InvitationForm) -> str:
    found = queries.get_invitation(code)
    return render_template(
        "identity/invitation.html",
        form=form,
        invitation=found,
        is_open=found.is_open(clock.now()),
        code=code,
    )


def _code_page(form: InvitationCodeForm) -> str:
    return render_template("identity/invitation_code.html", form=form)


def _without_referrer(page: str) -> FlaskResponse:
    """The address lets somebody in, so no page that is opened from here learns it."""
    response = make_response(page)
    response.headers["Referrer-Policy"] = "same-origin"
    return response
