"""One's own account: second factors, the devices on which one is signed in, one's password."""

from collections.abc import Callable

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.current import current_actor
from fundapp.access.marks import fresh_factor, requires
from fundapp.access.permissions import Permission
from fundapp.identity import operations, queries, sessions
from fundapp.identity.devices import device_name
from fundapp.identity.forms import PasswordForm
from fundapp.identity.views.blueprint import blueprint
from fundapp.web.forms import Answer, ButtonForm, redirect_with, submit
from fundapp.web.limits import take_try


@blueprint.get("/sessions")
@requires(Permission.WORKSPACE_OPEN)
def own_sessions() -> str:
    """Where one is signed in."""
    return _sessions_page(ButtonForm())


@blueprint.post("/sessions/<int:session_id>/revoke")
@requires(Permission.WORKSPACE_OPEN)
def revoke_session(session_id: int) -> Answer:
    """End one of one's own sessions."""
    actor = current_actor()
    return _submit_button(
        lambda: operations.revoke_session(session_id, actor=actor), _("The session has been ended.")
    )


@blueprint.post("/sessions/revoke-others")
@requires(Permission.WORKSPACE_OPEN)
def revoke_other_sessions() -> Answer:
    """End all of one's sessions but this one."""
    actor, keep = current_actor(), sessions.open_session_id()
    return _submit_button(
        lambda: operations.revoke_other_sessions(keep=keep, actor=actor),
        _("You are signed in on this device only."),
    )


@blueprint.get("/password")
@requires(Permission.WORKSPACE_OPEN)
def own_password() -> str:
    """The form for a new password."""
    return _password_page(PasswordForm())


@blueprint.post("/password")
@requires(Permission.WORKSPACE_OPEN)
@fresh_factor
def change_password() -> Answer:
    """Change one's own password; every other device is signed out, this one gets a new token."""
    form, actor, session_id = PasswordForm(), current_actor(), sessions.own_session().id
    return submit(
        form,
        lambda: operations.change_password(
            current=form.current.value,
            new=form.password.value,
            session_id=session_id,
            actor=actor,
        ),
        done=_go_on,
        page=lambda: _password_page(form),
        before=lambda: take_try("LIMIT_SIGN_IN", sessions.signed_in_user().public_id),
    )


def _submit_button(work: Callable[[], object], message: str) -> Answer:
    """Carry out a button of the page of sessions, and return to it."""
    form = ButtonForm()
    return submit(
        form,
        work,
        done=lambda _result: redirect_with(
            message, url_for("identity.own_sessions", _anchor="sessions")
        ),
        page=lambda: _sessions_page(form),
    )


def _sessions_page(form: ButtonForm) -> str:
    user = sessions.signed_in_user()
    return render_template(
        "identity/sessions.html",
        form=form,
        factors=queries.find_factors(user.id) if user.is_staff else None,
        sessions=queries.list_open_sessions(user),
        device_name=device_name,
        present_id=sessions.open_session_id(),
    )


def _password_page(form: PasswordForm) -> str:
    return render_template("identity/password.html", form=form)


def _go_on(token: str) -> Response:
    sessions.renew(token)
    return redirect_with(
        _("Your password has been changed. Every other device has been signed out."),
        url_for("identity.own_sessions"),
    )
