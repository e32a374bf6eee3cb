"""Signing in and out."""

import hashlib

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from fundapp.identity import sessions
from fundapp.identity.access import public
from fundapp.identity.credentials import normalised_email
from fundapp.identity.forms import SignInForm
from fundapp.identity.views import blueprint
from fundapp.web.limits import limiter, setting

REFUSED = 422
WORKSPACE = "/today"


def sign_in_limit() -> str:
    """How often, by the settings."""
    return setting("LIMIT_SIGN_IN")


def account_key() -> str:
    """Counts by the account that is tried, known or not; hashed, so that no address is kept."""
    email = normalised_email(request.form.get("email", ""))
    return "account:" + hashlib.sha256(email.encode("utf-8", "replace")).hexdigest()


def visitor_key() -> str:
    """Counts by the visitor's address on the net."""
    return "visitor:" + get_remote_address()


def was_refused(response: Response) -> bool:
    """Many people share an office's address: there only refused tries count."""
    return response.status_code == REFUSED


@blueprint.get("/sign-in")
@public
def sign_in() -> AnyResponse | str:
    """The door."""
    target = local_path(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target)
    return render_template("identity/sign_in.html", form=SignInForm(data={"next": target}))


@blueprint.post("/sign-in")
@public
@limiter.limit(sign_in_limit, key_func=account_key)
@limiter.limit(sign_in_limit, key_func=visitor_key, deduct_when=was_refused)
def submit_sign_in() -> AnyResponse | tuple[str, int]:
    """Let the person in, or say that address or password is wrong without saying which."""
    form = SignInForm()
    if form.validate_on_submit():
        user = sessions.authenticate(form.email.data or "", form.password.data or "")
        if user is not None:
            return sessions.begin(user, redirect(local_path(form.next.data), 303))
        form.form_errors.append(_("The e-mail address or the password is not right."))
    return render_template("identity/sign_in.html", form=form), REFUSED


@blueprint.post("/sign-out")
@public
def sign_out() -> AnyResponse:
    """End the session on this device."""
    response = sessions.end(redirect(url_for("identity.sign_in"), 303))
    flash(_("You have signed out."), "success")
    return response


def local_path(target: str | None) -> str:
    """``target`` if it is a path of this site, else the workspace: nobody is sent elsewhere."""
    if not target or not target.isprintable() or "\\" in target:
        return WORKSPACE
    return target if target[0] == "/" and target[1:2] != "/" else WORKSPACE
