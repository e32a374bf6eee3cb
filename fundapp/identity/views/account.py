"""One's own account: the devices on which one is signed in, and one's password."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from fundapp.access.current import current_actor
from fundapp.access.marks import requires
from fundapp.access.permissions import Permission
from fundapp.db import db, unit_of_work
from fundapp.errors import DomainError, NotFoundError
from fundapp.identity import operations, queries, sessions
from fundapp.identity.devices import device_name
from fundapp.identity.forms import PasswordForm
from fundapp.identity.models import User
from fundapp.identity.views import blueprint
from fundapp.identity.views.fields import show_on_form
from fundapp.web.limits import limiter, setting


@blueprint.get("/sessions")
@requires(Permission.WORKSPACE_OPEN)
def own_sessions() -> str:
    """Where one is signed in."""
    user = sessions.signed_in_user()
    return render_template(
        "identity/sessions.html",
        sessions=queries.list_open_sessions(user),
        device_name=device_name,
        present_id=sessions.open_session_id(),
    )


@blueprint.post("/sessions/<int:session_id>/revoke")
@requires(Permission.WORKSPACE_OPEN)
def revoke_session(session_id: int) -> Response:
    """End one of one's own sessions."""
    if session_id >= 2**63:
        raise NotFoundError
    unit_of_work(operations.revoke_session, session_id, actor=current_actor())
    flash(_("The session has been ended."), "success")
    return redirect(url_for("identity.own_sessions"), 303)


@blueprint.post("/sessions/revoke-others")
@requires(Permission.WORKSPACE_OPEN)
def revoke_other_sessions() -> Response:
    """End all of one's sessions but this one."""
    unit_of_work(
        operations.revoke_other_sessions,
        keep=sessions.open_session_id(),
        actor=current_actor(),
    )
    flash(_("You are signed in on this device only."), "success")
    return redirect(url_for("identity.own_sessions"), 303)


@blueprint.get("/password")
@requires(Permission.WORKSPACE_OPEN)
def own_password() -> str:
    """The form for a new password."""
    return render_template("identity/password.html", form=PasswordForm())


@blueprint.post("/password")
@requires(Permission.WORKSPACE_OPEN)
@limiter.limit(
    lambda: setting("LIMIT_SIGN_IN"), key_func=lambda: sessions.signed_in_user().public_id
)
def change_password() -> Response | tuple[str, int]:
    """Change one's own password; every other device is signed out, this one gets a new session."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            user = unit_of_work(
                operations.change_password,
                current=form.current.data or "",
                new=form.password.data or "",
                actor=current_actor(),
            )
        except DomainError as error:
            show_on_form(form, error)
        else:
            return _signed_in_anew(user)
    return render_template("identity/password.html", form=form), 422


def _signed_in_anew(user: User) -> Response:
    response = redirect(url_for("identity.own_sessions"), 303)
    sessions.begin(db.session.get_one(User, user.id), response)
    flash(_("Your password has been changed. Every other device has been signed out."), "success")
    return response
